/* What the screens ask and say around a change: it must be true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "tui/dump.h"

static void key(struct app *a, uint32_t k)
{
	app_update(a, &(struct input){ .kind = INPUT_KEY, .key = k });
}

static void open_step(struct app *a, const char *id)
{
	static const struct options demo = { .command = COMMAND_WIZARD, .demo = "contoso" };
	struct err err = ERR_INIT;

	clock_set_virtual(DUMP_NOW_MS);
	app_init(a, &demo, loop_new(&err), false);
	app_update(a, &(struct input){ .kind = INPUT_SIZE, .w = 80, .h = 24 });
	key(a, K_ENTER);
	app_settle(a);
	board_select(a, id);
}

static void end(struct app *a)
{
	struct loop *l = a->loop;

	app_settle(a);
	app_release(a);
	loop_free(l);
}

/* The screen has, or lacks, a text. */
static bool shows(struct app *a, const char *text)
{
	struct str s = { 0 };
	bool found;

	app_draw(a);
	grid_dump(&a->grid, &s);
	found = strstr(str_text(&s), text) != NULL;
	str_release(&s);
	return found;
}

static void test_a_step_takes_what_it_needs_with_it(void **state)
{
	struct app a;

	(void)state;
	open_step(&a, "methods");
	assert_true(shows(&a, "Apply with step 1"));
	key(&a, 'a');
	assert_non_null(strstr(a.confirm.title, "of steps 1 and 3"));
	assert_true(shows(&a, "(made by this plan)"));
	key(&a, 'y');
	app_settle(&a);
	assert_true(shows(&a, "everything is as wanted"));
	assert_int_equal(a.session.views[2].plan.v ? plan_automatic(&a.session.views[2].plan) : 0,
			 0);
	end(&a);
}

static void test_a_word_is_no_proof(void **state)
{
	char first[64];
	struct app a;

	(void)state;
	open_step(&a, "notifications");
	key(&a, 'g');
	assert_ptr_equal(app_top(&a), &screen_guide);
	memcpy(first, a.guide.change_id, sizeof(first));
	key(&a, 'd');
	assert_true(shows(&a, "Tenant  Contoso"));
	key(&a, 'y');
	app_settle(&a);
	assert_non_null(strstr(a.message, "proof is still looked for"));
	assert_string_not_equal(a.guide.change_id, first);
	/* The last of them has none after it. */
	for (int i = 0; i < 8; i++) {
		key(&a, 'd');
		key(&a, 'y');
	}
	assert_true(shows(&a, "Recorded; proof is still looked for."));
	assert_false(shows(&a, "✓"));
	end(&a);
}

static void apply_step(struct app *a, const char *id)
{
	board_select(a, id);
	key(a, 'a');
	key(a, 'y');
	app_settle(a);
	key(a, K_ENTER);
}

static void test_what_refers_to_a_group_is_taken_back_first(void **state)
{
	struct app a;

	(void)state;
	open_step(&a, "group");
	apply_step(&a, "group");
	apply_step(&a, "methods");
	key(&a, 'h');
	key(&a, K_DOWN);
	key(&a, 'u');
	key(&a, 'y');
	for (int i = 0; i < 100 && !shows(&a, "checking"); i++)
		loop_run_once(a.loop, 50);
	assert_true(shows(&a, "checking"));
	app_settle(&a);
	assert_true(shows(&a, "left as it is"));
	assert_true(shows(&a, "Take back the newer run of"));
	assert_false(shows(&a, "refused"));
	end(&a);
}

static void test_stopped_while_reading_back(void **state)
{
	struct app a;

	(void)state;
	open_step(&a, "group");
	key(&a, 'a');
	key(&a, 'y');
	while (a.session.state != SESSION_VERIFYING && loop_run_once(a.loop, -1))
		;
	key(&a, K_ESC);
	assert_false(shows(&a, "Stops after"));
	assert_true(shows(&a, "Reading back ends with this look"));
	key(&a, K_ESC);
	assert_false(shows(&a, "Reading back ends"));
	app_settle(&a);
	assert_true(shows(&a, "Applied; not read back to the end. r reads again."));
	assert_false(shows(&a, "Stops after"));
	key(&a, 'r');
	assert_ptr_equal(app_top(&a), &screen_board);
	assert_int_equal(a.session.state, SESSION_READING);
	end(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_step_takes_what_it_needs_with_it),
		cmocka_unit_test(test_a_word_is_no_proof),
		cmocka_unit_test(test_what_refers_to_a_group_is_taken_back_first),
		cmocka_unit_test(test_stopped_while_reading_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
