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

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/json.h"
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

static void open_monitor(struct world *w, const char *scenario)
{
	static struct options o = { .command = COMMAND_WIZARD };
	struct err err = ERR_INIT;

	memset(w, 0, sizeof(*w));
	strcpy(w->dir, "/tmp/test_monitor-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	o.demo = scenario;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&w->a, &o, loop_new(&err), false);
	app_update(&w->a, &(struct input){ .kind = INPUT_SIZE, .w = 100, .h = 30 });
	assert_true(app_go_to(&w->a, "monitor"));
}

static void close_monitor(struct world *w)
{
	str_release(&w->screen);
	app_release(&w->a);
	loop_free(w->a.loop);
	assert_int_equal(rmdir(w->dir), 0);
}

static void test_filters(void **state)
{
	struct world w;
	size_t all;

	(void)state;
	open_monitor(&w, "troubled");
	all = w.a.monitor.usage.nevents;
	assert_true(all > 10);
	see(&w, "30 days, all events");
	key(&w, 'o');
	see(&w, "only failures");
	assert_true(w.a.monitor.usage.nevents < all);
	key(&w, 't');
	see(&w, "only failures, reset");
	for (size_t i = 0; i < w.a.monitor.usage.nevents; i++)
		assert_int_equal(w.a.monitor.usage.events[i].kind, EVENT_RESET);
	key(&w, '/');
	text(&w, "grace");
	see(&w, "grace.achebe@contoso.com");
	assert_false(shows(&w, "joel.lindqvist"));
	/* Letters are text while a name is typed, and keys afterwards. */
	key(&w, K_ENTER);
	key(&w, 'p');
	see(&w, "7 days");
	key(&w, K_BACKSPACE);
	see(&w, "30 days, all events");
	assert_int_equal(w.a.monitor.usage.nevents, all);
	key(&w, '/');
	text(&w, "nobody");
	see(&w, "No event fits");
	key(&w, K_ESC);
	assert_int_equal(w.a.monitor.usage.nevents, all);
	assert_ptr_equal(app_top(&w.a), &screen_monitor);
	close_monitor(&w);
}

static void test_views(void **state)
{
	struct world w;

	(void)state;
	open_monitor(&w, "troubled");
	key(&w, K_TAB);
	see(&w, "[Sign-ins]");
	see(&w, "Challenges that were passed");
	key(&w, K_RIGHT);
	see(&w, "1 of 12 attempts (8 %)");
	see(&w, "1 of 1 resets");
	see(&w, "The person has not registered enough methods.");
	key(&w, K_END);
	see(&w, "with P1 or P2");
	key(&w, K_RIGHT);
	see(&w, "[Audit]");
	close_monitor(&w);
}

/* A log with no event is no proof that nothing happened, and says so. */
static void test_empty_log(void **state)
{
	struct world w;

	(void)state;
	open_monitor(&w, "cloud-only");
	w.a.session.facts.audit.n = w.a.session.facts.audit.total = 0;
	key(&w, K_BACKSPACE);
	key(&w, 'o');
	see(&w, "gathering begins with the first visit");
	close_monitor(&w);
}

/* The log is read by itself; what is new has a mark, and the chosen event stays
 * the chosen one. */
static void test_follow(void **state)
{
	struct world w;
	const char *chosen;
	size_t before;

	(void)state;
	open_monitor(&w, "troubled");
	before = w.a.monitor.usage.nevents;
	key(&w, K_DOWN);
	key(&w, K_DOWN);
	chosen = xstrdup(w.a.monitor.usage.events[2].id);
	key(&w, 'f');
	see(&w, "following, the simulator resets");
	for (int i = 0; i < 3000 && w.a.monitor.usage.nevents <= before; i++)
		loop_run_once(w.a.loop, 1000);
	assert_true(w.a.monitor.usage.nevents > before);
	see(&w, "User submitted their user ID");
	see(&w, "*  ");
	assert_string_equal(w.a.monitor.usage.events[w.a.monitor.list.list.selected].id, chosen);
	key(&w, K_ESC);
	assert_false(w.a.session.following);
	assert_ptr_equal(app_top(&w.a), &screen_board);
	app_settle(&w.a);
	free((char *)chosen);
	close_monitor(&w);
}

static void test_diagnose_from_an_event(void **state)
{
	struct world w;

	(void)state;
	open_monitor(&w, "troubled");
	key(&w, K_ENTER);
	app_settle(&w.a);
	assert_ptr_equal(app_top(&w.a), &screen_diagnose);
	see(&w, "sean.obrien@contoso.com");
	see(&w, "cannot reset the password now");
	app_settle(&w.a);
	key(&w, K_ESC);
	key(&w, K_ESC);
	assert_ptr_equal(app_top(&w.a), &screen_monitor);
	app_settle(&w.a);
	close_monitor(&w);
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

static void save_as(struct world *w, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", w->dir, name);
	key(w, 'w');
	assert_ptr_equal(app_top(&w->a), &screen_save);
	key(w, K_CTRL('u'));
	text(w, path);
	key(w, K_ENTER);
}

static void test_export(void **state)
{
	struct str file = { 0 };
	struct err err = ERR_INIT;
	struct json *doc;
	struct world w;
	char path[128];

	(void)state;
	open_monitor(&w, "troubled");
	key(&w, 't');
	save_as(&w, "events.csv", path, sizeof(path));
	see(&w, "Written:");
	assert_ptr_equal(app_top(&w.a), &screen_monitor);
	/* What is there is not replaced by one key. */
	save_as(&w, "events.csv", path, sizeof(path));
	see(&w, "There is a file of that name");
	key(&w, K_ENTER);
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
	see(&w, "neither .csv nor .json");
	assert_int_not_equal(access(path, F_OK), 0);
	key(&w, K_ESC);
	save_as(&w, "no/such/place.csv", path, sizeof(path));
	assert_ptr_equal(app_top(&w.a), &screen_save);
	see(&w, "place.csv");
	str_release(&file);
	close_monitor(&w);
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
