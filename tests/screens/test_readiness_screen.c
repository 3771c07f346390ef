/* The readiness screen, driven by keys over the demo tenant. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "tui/dump.h"

struct world {
	struct app a;
	struct str screen;
	char dir[64];
};

static void key(struct world *w, uint32_t k)
{
	app_update(&w->a, &(struct input){ .kind = INPUT_KEY, .key = k });
}

static void text(struct world *w, const char *s)
{
	for (; *s; s++)
		key(w, (uint32_t)*s);
}

static bool shows(struct world *w, const char *what)
{
	str_clear(&w->screen);
	app_draw(&w->a);
	grid_dump(&w->a.grid, &w->screen);
	return strstr(str_text(&w->screen), what) != NULL;
}

static void see(struct world *w, const char *what)
{
	if (!shows(w, what))
		fail_msg("\"%s\" is not on:\n%s", what, str_text(&w->screen));
}

static void open_readiness(struct world *w, const char *scenario)
{
	static struct options o = { .command = COMMAND_WIZARD };
	struct err err = ERR_INIT;

	memset(w, 0, sizeof(*w));
	strcpy(w->dir, "/tmp/test_readiness-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	o.demo = scenario;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&w->a, &o, loop_new(&err), false);
	app_update(&w->a, &(struct input){ .kind = INPUT_SIZE, .w = 100, .h = 30 });
	assert_true(app_go_to(&w->a, "readiness"));
}

static void close_readiness(struct world *w)
{
	str_release(&w->screen);
	app_release(&w->a);
	loop_free(w->a.loop);
	assert_int_equal(rmdir(w->dir), 0);
}

static void read_whole(const char *path, struct str *out)
{
	struct err err = ERR_INIT;
	struct stat st;

	str_clear(out);
	assert_int_equal(file_read(path, 1 << 20, out, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(unlink(path), 0);
}

static void save_as(struct world *w, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", w->dir, name);
	key(w, 'w');
	assert_ptr_equal(app_top(&w->a), &screen_save);
	key(w, K_CTRL('u'));
	text(w, path);
	key(w, K_ENTER);
	see(w, "Written:");
}

static void test_filters(void **state)
{
	struct world w;

	(void)state;
	open_readiness(&w, "troubled");
	see(&w, "No-go: 0 of 18 people are ready");
	see(&w, "policy Block registration outside the office");
	assert_int_equal(w.a.readiness.nshown, 20);
	key(&w, 't');
	see(&w, "1 of 20, guest");
	key(&w, 't');
	key(&w, 't');
	see(&w, "4 of 20, not registered");
	key(&w, '/');
	text(&w, "sean");
	assert_int_equal(w.a.readiness.nshown, 1);
	key(&w, K_ENTER);
	see(&w, "Also: blocked for 24 hours, writeback off.");
	key(&w, K_BACKSPACE);
	assert_int_equal(w.a.readiness.nshown, 20);
	/* Through every gap and back to everybody. */
	for (int i = 0; i < GAP_COUNT && (key(&w, 't'), w.a.readiness.only != GAP_COUNT); i++)
		assert_true(w.a.readiness.nshown > 0);
	assert_int_equal(w.a.readiness.only, GAP_COUNT);
	close_readiness(&w);
}

static void test_diagnosis(void **state)
{
	struct world w;

	(void)state;
	open_readiness(&w, "troubled");
	key(&w, K_DOWN);
	key(&w, K_ENTER);
	app_settle(&w.a);
	assert_ptr_equal(app_top(&w.a), &screen_diagnose);
	see(&w, "bongani.dube@contoso.com");
	app_settle(&w.a);
	key(&w, K_ESC);
	assert_ptr_equal(app_top(&w.a), &screen_readiness);
	app_settle(&w.a);
	/* What was chosen stays, and it is still the pilot that is judged. */
	assert_int_equal(w.a.readiness.r.n, 20);
	assert_int_equal(w.a.readiness.list.list.selected, 1);
	close_readiness(&w);
}

static void test_files_and_copies(void **state)
{
	struct str file = { 0 };
	struct world w;
	char path[128];

	(void)state;
	open_readiness(&w, "troubled");
	key(&w, 't');
	save_as(&w, "guests.csv", path, sizeof(path));
	read_whole(path, &file);
	assert_non_null(strstr(str_text(&file), "name,address,gap,ask,whom"));
	assert_non_null(strstr(str_text(&file), "Nora Berg"));
	assert_null(strstr(str_text(&file), "Amara Osei"));
	key(&w, 'i');
	see(&w, "Please register, so that");
	see(&w, "at your workplace");
	key(&w, 'c');
	assert_int_equal(strncmp(w.a.copy, "Please register, so that", 24), 0);
	key(&w, 'i');
	assert_non_null(strstr(w.a.copy, "aiden.walsh@contoso.com; bongani.dube@contoso.com"));
	key(&w, K_TAB);
	see(&w, "One step is missing");
	save_as(&w, "texts.txt", path, sizeof(path));
	read_whole(path, &file);
	assert_non_null(strstr(str_text(&file), "Subject: Password writeback is needed"));
	key(&w, K_ESC);
	assert_ptr_equal(app_top(&w.a), &screen_readiness);
	str_release(&file);
	close_readiness(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_diagnosis),
		cmocka_unit_test(test_files_and_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
