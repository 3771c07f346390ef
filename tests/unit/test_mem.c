#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

static void test_growing(void **state)
{
	struct {
		char **v;
		size_t n, cap;
	} list = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		GROW(list.v, list.n, list.cap);
		list.v[list.n++] = xasprintf("item %d", i);
	}
	assert_string_equal(list.v[99], "item 99");
	for (size_t i = 0; i < list.n; i++)
		free_ptr(&list.v[i]);
	free(list.v);
	assert_null(xstrdup(NULL));
	assert_null(xstrndup(NULL, 1));
}

static void test_nothing_is_something(void **state)
{
	void *p[] = { xmalloc(0), xcalloc(0, 8), xcalloc(8, 0), xrealloc(NULL, 0) };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(p); i++) {
		assert_non_null(p[i]);
		free(p[i]);
	}
}

static void put_back(void)
{
	static const char said[] = "[terminal is back]";

	if (write(STDERR_FILENO, said, sizeof(said) - 1) < 0)
		_exit(2);
}

static void put_back_and_die(void)
{
	put_back();
	die("again");	/* must not come back here */
}

/* What a child process says on its way out, which must be by SIGABRT. */
static void expect_last_words(void (*hook)(void), const char *want)
{
	struct str said = { 0 };
	struct rlimit none = { 0 };
	int ends[2], status;
	char part[256];
	pid_t child;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		setrlimit(RLIMIT_CORE, &none);
		signal(SIGABRT, SIG_DFL);	/* cmocka catches it */
		dup2(ends[1], STDERR_FILENO);
		die_hook_set(hook);
		die("no %s", "way");
	}
	close(ends[1]);
	while ((n = read(ends[0], part, sizeof(part))) > 0)
		str_add_bytes(&said, part, (size_t)n);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_string_equal(str_text(&said), want);
	str_release(&said);
}

static void test_die(void **state)
{
	(void)state;
	expect_last_words(NULL, "sspr-wizard: no way\n");
	expect_last_words(put_back, "[terminal is back]sspr-wizard: no way\n");
	expect_last_words(put_back_and_die, "[terminal is back]sspr-wizard: again\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_nothing_is_something),
		cmocka_unit_test(test_die),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
