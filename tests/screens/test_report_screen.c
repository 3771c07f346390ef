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

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "tests/screens/pressed.h"

#define LAST_ROW 11	/* the button */

/* The row of a field from the end: the button is the last. */
static void fill_field(struct pressed *w, int up, const char *value)
{
	for (int i = 0; i < LAST_ROW; i++)
		press(w, K_DOWN);
	while (up-- > 0)
		press(w, K_UP);
	press(w, K_CTRL('u'));
	press_text(w, value);
}

static void type_base(struct pressed *w, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	fill_field(w, 1, path);
	press(w, K_DOWN);
	assert_int_equal(w->a.report.list.selected, LAST_ROW);
}

static void take(struct pressed *w, const char *name, struct str *out)
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
	struct pressed w;

	(void)state;
	press_begin(&w, "troubled");
	press(&w, K_DOWN);
	press(&w, K_ENTER);
	assert_ptr_equal(app_top(&w.a), &screen_report);
	assert_true(w.a.session.options.read_only);
	press_see(&w, "The tenant is being read");
	type_base(&w, "early");
	press(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 0);
	press_see(&w, "The report is written then");
	app_settle(&w.a);
	assert_int_equal(w.a.report.nwritten, 1);
	press_see(&w, "early.html");
	press_see(&w, "Open the HTML page in a browser");
	take(&w, "early.html", &file);
	assert_non_null(strstr(str_text(&file), "sean.obrien@contoso.com"));
	press(&w, K_F5);
	assert_int_equal(strncmp(w.a.copy, "file:///tmp/", 12), 0);
	str_release(&file);
	press_end(&w);
}

static void test_waiting_can_be_given_up(void **state)
{
	struct pressed w;

	(void)state;
	press_begin(&w, "contoso");
	press(&w, K_DOWN);
	press(&w, K_ENTER);
	type_base(&w, "never");
	press(&w, K_ENTER);
	press(&w, K_ESC);
	assert_ptr_equal(app_top(&w.a), &screen_report);
	app_settle(&w.a);
	assert_int_equal(w.a.report.nwritten, 0);
	press_end(&w);
}

static void test_formats_title_and_redaction(void **state)
{
	struct str file = { 0 };
	struct pressed w;

	(void)state;
	press_begin(&w, "troubled");
	assert_true(app_go_to(&w.a, "report"));
	/* No format chosen: it says so. */
	press(&w, K_HOME);
	press(&w, ' ');
	press(&w, K_F2);
	press_see(&w, "Choose a format first");
	press(&w, K_DOWN);
	press(&w, ' ');
	press(&w, K_DOWN);
	press(&w, K_DOWN);
	press(&w, ' ');
	for (int i = 0; i < 4; i++)
		press(&w, K_DOWN);
	press(&w, ' ');
	assert_true(w.a.report.redact);
	fill_field(&w, 3, "Our <assessment>");
	type_base(&w, "r");
	press(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 2);
	take(&w, "r.md", &file);
	assert_non_null(strstr(str_text(&file), "# Our \\<assessment\\>"));
	assert_null(strstr(str_text(&file), "sean"));
	take(&w, "r.csv", &file);
	assert_null(strstr(str_text(&file), "sean"));
	assert_non_null(strstr(str_text(&file), "person "));
	str_release(&file);
	press_end(&w);
}

/* Beside an earlier report; a file that is there is replaced on the second yes. */
static void test_compare_and_replace(void **state)
{
	struct str file = { 0 };
	struct pressed w;
	char path[128];

	(void)state;
	press_begin(&w, "troubled");
	assert_true(app_go_to(&w.a, "report"));
	press(&w, K_HOME);
	press(&w, K_DOWN);
	press(&w, K_DOWN);
	press(&w, ' ');
	type_base(&w, "one");
	press(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 2);
	press(&w, K_ENTER);
	press_see(&w, "Write again");
	assert_int_equal(w.a.report.nwritten, 0);
	press(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 2);
	snprintf(path, sizeof(path), "%s/one.json", w.dir);
	fill_field(&w, 2, path);
	type_base(&w, "two");
	press(&w, K_ENTER);
	app_settle(&w.a);
	app_settle(&w.a);
	assert_int_equal(w.a.report.nwritten, 2);
	assert_int_equal(w.a.session.wanted.changes_since_ms, 0);
	take(&w, "two.html", &file);
	assert_non_null(strstr(str_text(&file), "Nothing is different from the earlier report"));
	take(&w, "two.json", &file);
	snprintf(path, sizeof(path), "%s/nothing.json", w.dir);
	fill_field(&w, 2, path);
	press(&w, K_F2);
	press_see(&w, "nothing.json");
	assert_false(w.a.report.waiting);
	take(&w, "one.html", &file);
	take(&w, "one.json", &file);
	str_release(&file);
	press_end(&w);
}

static void test_no_place_to_write(void **state)
{
	struct pressed w;

	(void)state;
	press_begin(&w, "contoso");
	assert_true(app_go_to(&w.a, "report"));
	type_base(&w, "no/such/folder");
	press(&w, K_ENTER);
	assert_int_equal(w.a.report.nwritten, 0);
	press_see(&w, "folder.html");
	press_end(&w);
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
