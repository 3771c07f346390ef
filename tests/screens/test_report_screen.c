/* The report's screen, driven by keys over the demo tenant. */
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
#include "graph/base/mem.h"
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

static void begin(struct world *w, const char *scenario)
{
	static struct options o = { .command = COMMAND_WIZARD };
	struct err err = ERR_INIT;

	memset(w, 0, sizeof(*w));
	strcpy(w->dir, "/tmp/test_report-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	o.demo = scenario;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&w->a, &o, loop_new(&err), false);
	app_update(&w->a, &(struct input){ .kind = INPUT_SIZE, .w = 100, .h = 30 });
}

static void end(struct world *w)
{
	str_release(&w->screen);
	app_release(&w->a);
	loop_free(w->a.loop);
	assert_int_equal(rmdir(w->dir), 0);
}

#define LAST_ROW 11	/* the button */

/* The row of a field from the end: the button is the last. */
static void fill_field(struct world *w, int up, const char *value)
{
	for (int i = 0; i < LAST_ROW; i++)
		key(w, K_DOWN);
	while (up-- > 0)
		key(w, K_UP);
	key(w, K_CTRL('u'));
	text(w, value);
}

static void type_base(struct world *w, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	fill_field(w, 1, path);
	key(w, K_DOWN);
	assert_int_equal(w->a.report.list.selected, LAST_ROW);
}

static void take(struct world *w, const char *name, struct str *out)
{
	struct err err = ERR_INIT;
	struct stat st;
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	str_clear(out);
	assert_int_equal(file_read(path, 1 << 20, out, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(unlink(path), 0);
}

/* Assess at the welcome leads to the report; asked for at once, it is written when
 * all is read. */
static void test_assess_ends_in_a_report(void **state)
{
	struct str file = { 0 };
	struct world w;

	(void)state;
	begin(&w, "troubled");
	key(&w, K_DOWN);
	key(&w, K_ENTER);
	assert_ptr_equal(app_top(&w.a), &screen_report);
	assert_true(w.a.session.options.read_only);
	see(&w, "The tenant is being read");
	type_base(&w, "early");
	key(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 0);
	see(&w, "The report is written then");
	app_settle(&w.a);
	assert_int_equal(w.a.report.nwritten, 1);
	see(&w, "early.html");
	see(&w, "Open the HTML page in a browser");
	take(&w, "early.html", &file);
	assert_non_null(strstr(str_text(&file), "sean.obrien@contoso.com"));
	key(&w, K_F5);
	assert_int_equal(strncmp(w.a.copy, "file:///tmp/", 12), 0);
	str_release(&file);
	end(&w);
}

static void test_waiting_can_be_given_up(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "contoso");
	key(&w, K_DOWN);
	key(&w, K_ENTER);
	type_base(&w, "never");
	key(&w, K_ENTER);
	key(&w, K_ESC);
	assert_ptr_equal(app_top(&w.a), &screen_report);
	app_settle(&w.a);
	assert_int_equal(w.a.report.nwritten, 0);
	end(&w);
}

static void test_formats_title_and_redaction(void **state)
{
	struct str file = { 0 };
	struct world w;

	(void)state;
	begin(&w, "troubled");
	assert_true(app_go_to(&w.a, "report"));
	/* No format chosen: it says so. */
	key(&w, K_HOME);
	key(&w, ' ');
	key(&w, K_F2);
	see(&w, "Choose a format first");
	key(&w, K_DOWN);
	key(&w, ' ');
	key(&w, K_DOWN);
	key(&w, K_DOWN);
	key(&w, ' ');
	for (int i = 0; i < 4; i++)
		key(&w, K_DOWN);
	key(&w, ' ');
	assert_true(w.a.report.redact);
	fill_field(&w, 3, "Our <assessment>");
	type_base(&w, "r");
	key(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 2);
	take(&w, "r.md", &file);
	assert_non_null(strstr(str_text(&file), "# Our \\<assessment\\>"));
	assert_null(strstr(str_text(&file), "sean"));
	take(&w, "r.csv", &file);
	assert_null(strstr(str_text(&file), "sean"));
	assert_non_null(strstr(str_text(&file), "person "));
	str_release(&file);
	end(&w);
}

/* Beside an earlier report; a file that is there is replaced on the second yes. */
static void test_compare_and_replace(void **state)
{
	struct str file = { 0 };
	struct world w;
	char path[128];

	(void)state;
	begin(&w, "troubled");
	assert_true(app_go_to(&w.a, "report"));
	key(&w, K_HOME);
	key(&w, K_DOWN);
	key(&w, K_DOWN);
	key(&w, ' ');
	type_base(&w, "one");
	key(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 2);
	key(&w, K_ENTER);
	see(&w, "Write again");
	assert_int_equal(w.a.report.nwritten, 0);
	key(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 2);
	snprintf(path, sizeof(path), "%s/one.json", w.dir);
	fill_field(&w, 2, path);
	type_base(&w, "two");
	key(&w, K_ENTER);
	app_settle(&w.a);
	app_settle(&w.a);
	assert_int_equal(w.a.report.nwritten, 2);
	assert_int_equal(w.a.session.wanted.changes_since_ms, 0);
	take(&w, "two.html", &file);
	assert_non_null(strstr(str_text(&file), "Nothing is different from the earlier report"));
	take(&w, "two.json", &file);
	snprintf(path, sizeof(path), "%s/nothing.json", w.dir);
	fill_field(&w, 2, path);
	key(&w, K_F2);
	see(&w, "nothing.json");
	assert_false(w.a.report.waiting);
	take(&w, "one.html", &file);
	take(&w, "one.json", &file);
	str_release(&file);
	end(&w);
}

static void test_no_place_to_write(void **state)
{
	struct world w;

	(void)state;
	begin(&w, "contoso");
	assert_true(app_go_to(&w.a, "report"));
	type_base(&w, "no/such/folder");
	key(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 0);
	see(&w, "folder.html");
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_assess_ends_in_a_report),
		cmocka_unit_test(test_waiting_can_be_given_up),
		cmocka_unit_test(test_formats_title_and_redaction),
		cmocka_unit_test(test_compare_and_replace),
		cmocka_unit_test(test_no_place_to_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
