/* Esc while the service asks to wait (429, Retry-After): it ends the wait at
 * once, and what waited is not sent when its time comes. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screens/pressed.h"

#define HUNDRED_SECONDS 100000

/* The board, where nothing is throttled but what the test wants. */
static void board(struct pressed *w)
{
	press_begin(w, "contoso");
	press(w, K_ENTER);
	tenant_set_throttling(w->a.session.demo, false);
	app_settle(&w->a);
}

static void throttle(struct pressed *w, const char *method, const char *path, unsigned nth)
{
	tenant_fault(w->a.session.demo, &(struct fault){ .kind = FAULT_THROTTLE, .method = method,
							 .path = path, .nth = nth,
							 .retry_after = "60" });
}

/* Lets everything happen that this much time brings. */
static void pass(struct pressed *w, int64_t ms)
{
	int64_t end = clock_mono_ms() + ms;

	while (clock_mono_ms() < end)
		if (!loop_run_once(w->a.loop, (int)(end - clock_mono_ms())))
			clock_advance(end - clock_mono_ms());
	app_update(&w->a, &(struct input){ .kind = INPUT_NEWS });
}

static void until_countdown(struct pressed *w)
{
	while (!graph_waiting_until_ms(w->a.session.graph))
		assert_true(loop_run_once(w->a.loop, -1));
	app_update(&w->a, &(struct input){ .kind = INPUT_NEWS });
	press_see(w, "he service asks us to wait 60 s");
	/* It counts. */
	pass(w, 20000);
	press_see(w, "he service asks us to wait 40 s");
}

static void test_while_reading(void **state)
{
	struct pressed w;
	size_t requests;
	int64_t before;

	(void)state;
	board(&w);
	throttle(&w, "GET", "/v1.0/organization", 0);
	press(&w, 'r');
	until_countdown(&w);
	requests = tenant_request_count(w.a.session.demo);
	before = clock_mono_ms();
	press(&w, K_ESC);
	press_see(&w, "Stopped reading; r reads again");
	assert_int_equal(w.a.session.state, SESSION_IDLE);
	assert_int_equal(clock_mono_ms(), before);
	pass(&w, HUNDRED_SECONDS);
	assert_int_equal(tenant_request_count(w.a.session.demo), requests);
	assert_int_equal(graph_in_flight(w.a.session.graph), 0);
	press_end(&w);
}

/* A write that the service refused for now was not carried out: nobody who
 * stopped it wants it sent a minute later. */
static void test_while_writing(void **state)
{
	struct pressed w;
	const struct progress *p;
	int64_t before;

	(void)state;
	board(&w);
	board_select(&w.a, "group");
	press(&w, K_ENTER);
	throttle(&w, "POST", "/v1.0/groups", 1);
	press(&w, 'a');
	press(&w, 'y');
	until_countdown(&w);
	before = clock_mono_ms();
	press(&w, K_ESC);
	while (w.a.session.state == SESSION_APPLYING)
		assert_true(loop_run_once(w.a.loop, -1));
	assert_int_equal(clock_mono_ms(), before);
	assert_int_equal(engine_state(w.a.session.engine), ENGINE_STOPPED);
	assert_true(engine_progress(w.a.session.engine, &p) > 0);
	assert_int_equal(p[0].outcome, OUTCOME_STOPPED);
	assert_int_equal(journal_unsettled(w.a.session.journal), 0);
	pass(&w, HUNDRED_SECONDS);
	assert_int_equal(tenant_write_count(w.a.session.demo), 0);
	press_end(&w);
}

/* The same for what takes back: the group stays, and can be taken back later. */
static void test_while_taking_back(void **state)
{
	struct err err = ERR_INIT;
	const struct record *r;
	struct pressed w;
	size_t writes;

	(void)state;
	board(&w);
	board_select(&w.a, "group");
	press(&w, K_ENTER);
	press(&w, 'a');
	press(&w, 'y');
	app_settle(&w.a);
	writes = tenant_write_count(w.a.session.demo);
	throttle(&w, "DELETE", NULL, 1);
	press(&w, K_ENTER);
	press(&w, 'h');
	press(&w, 'u');
	press(&w, 'y');
	until_countdown(&w);
	press(&w, K_ESC);
	while (w.a.session.state == SESSION_UNDOING)
		assert_true(loop_run_once(w.a.loop, -1));
	assert_int_equal(engine_state(w.a.session.engine), ENGINE_STOPPED);
	pass(&w, HUNDRED_SECONDS);
	assert_int_equal(tenant_write_count(w.a.session.demo), writes);
	assert_int_equal(journal_unsettled(w.a.session.journal), 0);
	assert_true(journal_records(w.a.session.journal, &r) > 0);
	assert_int_not_equal(r[0].undone, OUTCOME_DONE);
	assert_int_equal(session_undo(&w.a.session, NULL, &err), 0);
	app_settle(&w.a);
	assert_int_equal(engine_state(w.a.session.engine), ENGINE_DONE);
	press_end(&w);
}

/* A network that stalls is said to; an answer ends that. */
static void test_silence(void **state)
{
	struct pressed w;

	(void)state;
	board(&w);
	tenant_fault(w.a.session.demo, &(struct fault){ .kind = FAULT_SLOW, .method = "GET",
							.path = "/v1.0/organization", .nth = 1,
							.delay_ms = 20000 });
	press(&w, 'r');
	pass(&w, 3000);
	assert_false(press_shows(&w, "no answer"));
	pass(&w, 9000);
	press_see(&w, "no answer for 12 s");
	app_settle(&w.a);
	assert_false(press_shows(&w, "no answer"));
	press_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_while_reading),
		cmocka_unit_test(test_while_writing),
		cmocka_unit_test(test_while_taking_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
