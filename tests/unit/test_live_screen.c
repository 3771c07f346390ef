/* The screen of the live test: what there was, what runs, and leaving it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "tui/dump.h"

static struct options options;

static void key(struct app *a, uint32_t k)
{
	app_update(a, &(struct input){ .kind = INPUT_KEY, .key = k });
}

static void enter(struct app *a, const char *scenario)
{
	struct err err = ERR_INIT;

	options = (struct options){ .command = COMMAND_WIZARD, .demo = scenario };
	clock_set_virtual(DUMP_NOW_MS);
	app_init(a, &options, loop_new(&err), false);
	app_update(a, &(struct input){ .kind = INPUT_SIZE, .w = 100, .h = 40 });
	assert_true(app_go_to(a, "board"));
}

static void leave(struct app *a)
{
	app_release(a);
	loop_free(a->loop);
	clock_set_real();
}

static void assert_shows(struct app *a, const char *text)
{
	struct str s = { 0 };

	app_draw(a);
	grid_dump(&a->grid, &s);
	if (!strstr(str_text(&s), text))
		fail_msg("no \"%s\" in:\n%s", text, str_text(&s));
	str_release(&s);
}

static void run_on(struct app *a)
{
	while (a->session.live && !live_over(a->session.live))
		assert_true(loop_run_once(a->loop, -1));
	app_settle(a);
}

/* What there was: by the log alone, nothing is started and nothing is sent. */
static void after_the_fact(void **state)
{
	const struct event *reset = NULL;
	size_t asked;
	struct app a;

	(void)state;
	enter(&a, "troubled");
	for (size_t i = 0; i < a.session.facts.audit.n && !reset; i++)
		if (a.session.facts.audit.v[i].kind == EVENT_RESET)
			reset = &a.session.facts.audit.v[i];
	assert_non_null(reset);
	asked = a.session.log->total;
	live_open(&a, reset->upn);
	assert_shows(&a, "The last reset: ");
	assert_shows(&a, "Enter follows the next one");
	assert_null(a.session.live);
	live_open(&a, "nobody@contoso.com");
	assert_shows(&a, "No reset of this person is in the audit log");
	app_settle(&a);
	assert_int_equal(a.session.log->total, asked);
	leave(&a);
}

static void it_goes_on_without_its_screen(void **state)
{
	struct app a;

	(void)state;
	enter(&a, "rolled-out");
	live_open(&a, "amara.osei@contoso.com");
	key(&a, K_ENTER);
	assert_non_null(a.session.live);
	assert_shows(&a, "simulator does it");
	key(&a, K_ESC);
	assert_ptr_equal(app_top(&a), &screen_board);
	assert_non_null(strstr(a.message, "goes on"));
	run_on(&a);
	assert_non_null(strstr(a.message, "Live test of amara.osei@contoso.com: Done"));
	/* Told once. */
	a.message[0] = '\0';
	app_update(&a, &(struct input){ .kind = INPUT_NEWS });
	assert_string_equal(a.message, "");
	live_open(&a, NULL);
	assert_shows(&a, "by Microsoft Entra Connect");
	assert_shows(&a, "Start again");
	/* Another person: the first is let go. */
	key(&a, '/');
	assert_null(a.session.live);
	assert_shows(&a, "Whose reset?");
	key(&a, K_ESC);
	assert_ptr_equal(app_top(&a), &screen_board);
	leave(&a);
}

static void a_failure_has_cause_and_remedy(void **state)
{
	struct app a;

	(void)state;
	enter(&a, "contoso");
	live_open(&a, "amara.osei@contoso.com");
	key(&a, K_ENTER);
	run_on(&a);
	assert_shows(&a, "failed");
	assert_shows(&a, "Step 4 turns writeback on.");
	assert_shows(&a, "The service says: User's password is managed on-premises.");
	assert_shows(&a, "Correlation id: ");
	leave(&a);
}

/* Nobody resets: after a while it says so. */
static void it_gives_up(void **state)
{
	struct app a;

	(void)state;
	enter(&a, "contoso");
	live_open(&a, "nobody@contoso.com");
	key(&a, K_ENTER);
	run_on(&a);
	assert_true(a.session.live->given_up);
	assert_shows(&a, "Nothing more came within 15 minutes");
	assert_shows(&a, "Start again");
	leave(&a);
}

static void from_the_diagnosis(void **state)
{
	struct app a;

	(void)state;
	enter(&a, "contoso");
	diagnose_user(&a, "grace.achebe@contoso.com");
	app_settle(&a);
	app_settle(&a);
	assert_ptr_equal(app_top(&a), &screen_diagnose);
	key(&a, 't');
	assert_ptr_equal(app_top(&a), &screen_live);
	assert_string_equal(a.live.upn, "grace.achebe@contoso.com");
	key(&a, K_ESC);
	assert_ptr_equal(app_top(&a), &screen_diagnose);
	leave(&a);
}

/* The audit log may not be read: that is said, and not taken for "no reset". */
static void a_log_that_may_not_be_read(void **state)
{
	struct app a;

	(void)state;
	enter(&a, "contoso");
	a.session.facts.source[AREA_AUDIT].state = SOURCE_FORBIDDEN;
	err_set(&a.session.facts.source[AREA_AUDIT].err, ERR_FORBIDDEN, 403, "refused");
	live_open(&a, "amara.osei@contoso.com");
	assert_shows(&a, "The last reset is not known: ");
	leave(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_the_fact),
		cmocka_unit_test(it_goes_on_without_its_screen),
		cmocka_unit_test(a_failure_has_cause_and_remedy),
		cmocka_unit_test(it_gives_up),
		cmocka_unit_test(from_the_diagnosis),
		cmocka_unit_test(a_log_that_may_not_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
