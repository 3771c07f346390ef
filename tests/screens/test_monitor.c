/* The monitor's screen, driven by keys over the demo tenant. */
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
#include "graph/base/json.h"
#include "graph/base/mem.h"
#include "tests/screens/pressed.h"

static void open_monitor(struct pressed *w, const char *scenario)
{
	press_begin(w, scenario);
	assert_true(app_go_to(&w->a, "monitor"));
}

static void test_filters(void **state)
{
	struct pressed w;
	size_t all;

	(void)state;
	open_monitor(&w, "troubled");
	all = w.a.monitor.usage.nevents;
	assert_true(all > 10);
	press_see(&w, "30 days, all events");
	press(&w, 'o');
	press_see(&w, "only failures");
	assert_true(w.a.monitor.usage.nevents < all);
	press(&w, 't');
	press_see(&w, "only failures, reset");
	for (size_t i = 0; i < w.a.monitor.usage.nevents; i++)
		assert_int_equal(w.a.monitor.usage.events[i].kind, EVENT_RESET);
	press(&w, '/');
	press_text(&w, "grace");
	press_see(&w, "grace.achebe@contoso.com");
	assert_false(press_shows(&w, "joel.lindqvist"));
	/* Letters are text while a name is typed, and keys afterwards. */
	press(&w, K_ENTER);
	press(&w, 'p');
	press_see(&w, "7 days");
	press(&w, K_BACKSPACE);
	press_see(&w, "30 days, all events");
	assert_int_equal(w.a.monitor.usage.nevents, all);
	press(&w, '/');
	press_text(&w, "nobody");
	press_see(&w, "No event fits");
	press(&w, K_ESC);
	assert_int_equal(w.a.monitor.usage.nevents, all);
	assert_ptr_equal(app_top(&w.a), &screen_monitor);
	press_end(&w);
}

static void test_views(void **state)
{
	struct pressed w;

	(void)state;
	open_monitor(&w, "troubled");
	press(&w, K_TAB);
	press_see(&w, "[Sign-ins]");
	press_see(&w, "Challenges that were passed");
	press(&w, K_RIGHT);
	press_see(&w, "1 of 12 attempts (8 %)");
	press_see(&w, "1 of 1 resets");
	press_see(&w, "The person has not registered enough methods.");
	press(&w, K_END);
	press_see(&w, "with P1 or P2");
	press(&w, K_RIGHT);
	press_see(&w, "[Audit]");
	press_end(&w);
}

/* A log with no event is no proof that nothing happened, and says so. */
static void test_empty_log(void **state)
{
	struct pressed w;

	(void)state;
	open_monitor(&w, "cloud-only");
	w.a.session.facts.audit.n = w.a.session.facts.audit.total = 0;
	press(&w, K_BACKSPACE);
	press(&w, 'o');
	press_see(&w, "gathering begins with the first visit");
	press_end(&w);
}

/* The log is read by itself; what is new has a mark, and the chosen event stays
 * the chosen one. */
static void test_follow(void **state)
{
	struct pressed w;
	const char *chosen;
	size_t before;

	(void)state;
	open_monitor(&w, "troubled");
	before = w.a.monitor.usage.nevents;
	press(&w, K_DOWN);
	press(&w, K_DOWN);
	chosen = xstrdup(w.a.monitor.usage.events[2].id);
	press(&w, 'f');
	press_see(&w, "following, the simulator resets");
	for (int i = 0; i < 3000 && w.a.monitor.usage.nevents <= before; i++)
		loop_run_once(w.a.loop, 1000);
	assert_true(w.a.monitor.usage.nevents > before);
	press_see(&w, "User submitted their user ID");
	press_see(&w, "*  ");
	assert_string_equal(w.a.monitor.usage.events[w.a.monitor.list.list.selected].id, chosen);
	press(&w, K_ESC);
	assert_false(w.a.session.following);
	assert_ptr_equal(app_top(&w.a), &screen_board);
	app_settle(&w.a);
	free((char *)chosen);
	press_end(&w);
}

static void test_diagnose_from_an_event(void **state)
{
	struct pressed w;

	(void)state;
	open_monitor(&w, "troubled");
	press(&w, K_ENTER);
	app_settle(&w.a);
	assert_ptr_equal(app_top(&w.a), &screen_diagnose);
	press_see(&w, "sean.obrien@contoso.com");
	press_see(&w, "cannot reset the password now");
	app_settle(&w.a);
	press(&w, K_ESC);
	assert_ptr_equal(app_top(&w.a), &screen_monitor);
	app_settle(&w.a);
	press_end(&w);
}

static void read_whole(const char *path, struct str *out)
{
	struct err err = ERR_INIT;
	struct stat st;

	assert_int_equal(file_read(path, 1 << 20, out, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(unlink(path), 0);
}

static void save_as(struct pressed *w, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", w->dir, name);
	press(w, 'w');
	assert_ptr_equal(app_top(&w->a), &screen_save);
	press(w, K_CTRL('u'));
	press_text(w, path);
	press(w, K_ENTER);
}

static void test_export(void **state)
{
	struct str file = { 0 };
	struct err err = ERR_INIT;
	struct json *doc;
	struct pressed w;
	char path[128];

	(void)state;
	open_monitor(&w, "troubled");
	press(&w, 't');
	save_as(&w, "events.csv", path, sizeof(path));
	press_see(&w, "Written:");
	assert_ptr_equal(app_top(&w.a), &screen_monitor);
	/* What is there is not replaced by one key. */
	save_as(&w, "events.csv", path, sizeof(path));
	press_see(&w, "There is a file of that name");
	press(&w, K_ENTER);
	assert_ptr_equal(app_top(&w.a), &screen_monitor);
	read_whole(path, &file);
	assert_non_null(strstr(str_text(&file), "time,kind,activity"));
	assert_non_null(strstr(str_text(&file), "\"reset\""));
	assert_null(strstr(str_text(&file), "\"flow\""));
	str_clear(&file);
	save_as(&w, "events.json", path, sizeof(path));
	read_whole(path, &file);
	doc = json_parse(str_text(&file), file.len, &err);
	assert_string_equal(json_string(doc, "schema"), "sspr-wizard/monitor/1");
	assert_int_equal(json_count(json_get(doc, "events")), w.a.monitor.usage.nevents);
	json_free(doc);
	save_as(&w, "events.doc", path, sizeof(path));
	press_see(&w, "neither .csv nor .json");
	assert_int_not_equal(access(path, F_OK), 0);
	press(&w, K_ESC);
	save_as(&w, "no/such/place.csv", path, sizeof(path));
	assert_ptr_equal(app_top(&w.a), &screen_save);
	press_see(&w, "place.csv");
	str_release(&file);
	press_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_empty_log),
		cmocka_unit_test(test_follow),
		cmocka_unit_test(test_diagnose_from_an_event),
		cmocka_unit_test(test_export),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
