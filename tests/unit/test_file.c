#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"

/* The tests run inside a directory of their own. */
static int enter(void **state)
{
	char *dir = xstrdup("/tmp/sspr-file-test-XXXXXX");

	*state = dir;
	return mkdtemp(dir) && !chdir(dir) ? 0 : -1;
}

static int leave(void **state)
{
	CLEANUP(free_ptr) char *dir = *state;
	int r = chdir("/");

	(void)r;
	return rmdir(dir);	/* every test removes what it made */
}

static void expect(const char *path, const char *text)
{
	struct str s = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(file_read(path, 1 << 20, &s, &e), 0);
	assert_string_equal(str_text(&s), text);
	str_release(&s);
}

/* How many files the test's directory holds. */
static int count_entries(void)
{
	DIR *dir = opendir(".");
	struct dirent *entry;
	int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += !str_same(entry->d_name, ".") && !str_same(entry->d_name, "..");
	closedir(dir);
	return n;
}

static void test_write_and_read(void **state)
{
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(file_write("a", "one", 3, &e), 0);
	expect("a", "one");
	assert_int_equal(chmod("a", 0644), 0);
	assert_int_equal(file_write("a", "", 0, &e), 0);
	expect("a", "");
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(unlink("a"), 0);
	assert_int_equal(e.kind, ERR_NONE);
}

static void test_read_limits(void **state)
{
	struct str s = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(file_write("a", "12345", 5, &e), 0);
	assert_int_equal(file_read("a", 5, &s, &e), 0);
	assert_int_equal(file_read("a", 4, &s, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_string_equal(e.msg, "a is larger than 4 bytes");
	str_release(&s);
	s.max = 3;
	assert_int_equal(file_read("a", 100, &s, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	str_release(&s);
	assert_int_equal(unlink("a"), 0);
	assert_int_equal(file_read("a", 100, &s, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(e.msg, "cannot open a: No such file or directory");
	assert_int_equal(file_read(".", 100, &s, &e), -1);
	assert_string_equal(e.msg, "cannot read .: Is a directory");
	assert_int_equal(file_read("a\x1B[2J\n", 100, &s, &e), -1);
	assert_string_equal(e.msg, "cannot open a\xEF\xBF\xBD[2J : No such file or directory");
	str_release(&s);
}

static void test_write_fails_whole(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(file_write("no/such/file", "x", 1, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(e.msg, "cannot create no/such/file: No such file or directory");
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(file_write("d", "x", 1, &e), -1);
	assert_string_equal(e.msg, "cannot replace d: Is a directory");
	assert_int_equal(rmdir("d"), 0);
	assert_int_equal(count_entries(), 0);	/* no temporary file stays behind */
}

/* A device or a pipe is written, never replaced. */
static void test_write_special(void **state)
{
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(file_write("/dev/null", "x", 1, &e), 0);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void test_make_dir(void **state)
{
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(file_make_dir("x//y/z/", &e), 0);
	assert_int_equal(file_make_dir("x/y/z", &e), 0);
	assert_int_equal(stat("x/y", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(file_make_dir("/", &e), 0);
	assert_int_equal(file_make_dir(".", &e), 0);
	assert_int_equal(file_write("x/f", "", 0, &e), 0);
	assert_int_equal(file_make_dir("x/f", &e), -1);
	assert_string_equal(e.msg, "cannot make the directory x/f: Not a directory");
	assert_int_equal(file_make_dir("x/f/g", &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(file_make_dir("", &e), -1);
	assert_int_equal(unlink("x/f") | rmdir("x/y/z") | rmdir("x/y") | rmdir("x"), 0);
}

static void test_append(void **state)
{
	struct err e = ERR_INIT;
	int fd = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(file_append_durable(fd, "one\n", 4, &e), 0);
	assert_int_equal(file_append_durable(fd, "two\n", 4, &e), 0);
	assert_int_equal(file_append_durable(fd, "", 0, &e), 0);
	close(fd);
	expect("log", "one\ntwo\n");
	assert_int_equal(file_append_durable(fd, "x", 1, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_string_equal(e.msg, "cannot append: Bad file descriptor");
	assert_int_equal(unlink("log"), 0);
}

/* More than a pipe takes at once: every byte arrives. */
static void test_append_in_pieces(void **state)
{
	size_t size = 1 << 20, total = 0;
	char *data = xcalloc(size, 1);
	struct err e = ERR_INIT;
	int ends[2], status;
	pid_t child;
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		close(ends[0]);
		_exit(file_append_durable(ends[1], data, size, &e) ? 1 : 0);
	}
	close(ends[1]);
	while ((n = read(ends[0], data, size)) > 0)
		total += (size_t)n;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(total, size);
	free(data);
}

static void test_lock(void **state)
{
	struct err e = ERR_INIT;
	char want[64];
	int first = -1, second = -1;

	(void)state;
	snprintf(want, sizeof(want), "process %ld holds lock", (long)getpid());
	assert_int_equal(file_lock("lock", &first, &e), 0);
	assert_int_equal(file_lock("lock", &second, &e), -1);
	assert_int_equal(second, -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_string_equal(e.msg, want);
	close(first);
	assert_int_equal(file_lock("lock", &second, &e), 0);
	close(second);
	assert_int_equal(unlink("lock"), 0);
	/* Never through a link that somebody else laid. */
	assert_int_equal(symlink("elsewhere", "lock"), 0);
	assert_int_equal(file_lock("lock", &first, &e), -1);
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(access("elsewhere", F_OK), -1);
	assert_int_equal(unlink("lock"), 0);
}

static void test_xdg(void **state)
{
	static const struct {
		const char *xdg, *home, *state, *config;	/* NULL: fails */
	} table[] = {
		{ NULL, "/home/a", "/home/a/.local/state/sspr-wizard",
		  "/home/a/.config/sspr-wizard" },
		{ "/x", "/home/a", "/x/sspr-wizard", "/x/sspr-wizard" },
		{ "/x", NULL, "/x/sspr-wizard", "/x/sspr-wizard" },
		{ "relative", "/h", "/h/.local/state/sspr-wizard", "/h/.config/sspr-wizard" },
		{ "", "/h", "/h/.local/state/sspr-wizard", "/h/.config/sspr-wizard" },
		{ NULL, NULL, NULL, NULL },
		{ "relative", "relative", NULL, NULL },
	};
	struct err e = ERR_INIT;
	struct str s = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		unsetenv("XDG_STATE_HOME");
		unsetenv("XDG_CONFIG_HOME");
		unsetenv("HOME");
		if (table[i].xdg) {
			setenv("XDG_STATE_HOME", table[i].xdg, 1);
			setenv("XDG_CONFIG_HOME", table[i].xdg, 1);
		}
		if (table[i].home)
			setenv("HOME", table[i].home, 1);
		str_clear(&s);
		assert_int_equal(file_state_dir(&s, &e), table[i].state ? 0 : -1);
		assert_string_equal(str_text(&s), table[i].state ? table[i].state : "");
		str_clear(&s);
		assert_int_equal(file_config_dir(&s, &e), table[i].config ? 0 : -1);
		assert_string_equal(str_text(&s), table[i].config ? table[i].config : "");
	}
	assert_int_equal(e.kind, ERR_INVALID);
	assert_string_equal(e.msg, "neither XDG_CONFIG_HOME nor HOME names a directory");
	assert_string_equal(e.todo, "Set HOME, or set XDG_CONFIG_HOME to an absolute path");
	str_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_and_read),
		cmocka_unit_test(test_read_limits),
		cmocka_unit_test(test_write_fails_whole),
		cmocka_unit_test(test_write_special),
		cmocka_unit_test(test_make_dir),
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_append_in_pieces),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_xdg),
	};

	return cmocka_run_group_tests_name("file", tests, enter, leave);
}
