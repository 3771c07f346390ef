/* What goes by the admin centre's own API wants a typed word for its yes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "tui/dump.h"

static void key(struct app *a, uint32_t k)
{
	app_update(a, &(struct input){ .kind = INPUT_KEY, .key = k });
}

static void type(struct app *a, const char *text)
{
	for (; *text; text++)
		key(a, (uint32_t)*text);
}

/* To the question whether step 7 is to be applied. */
static void to_question(struct app *a, bool portal)
{
	static struct options o;	/* borrowed by the model */
	struct err err = ERR_INIT;

	o = (struct options){ .command = COMMAND_WIZARD, .demo = "contoso",
			      .portal_api = portal };
	clock_set_virtual(DUMP_NOW_MS);
	app_init(a, &o, loop_new(&err), false);
	app_update(a, &(struct input){ .kind = INPUT_SIZE, .w = 100, .h = 40 });
	assert_true(app_go_to(a, "board"));
	board_select(a, "notifications");
	key(a, K_ENTER);
	key(a, 'a');
	app_draw(a);
}

static void leave(struct app *a)
{
	app_release(a);
	loop_free(a->loop);
	clock_set_real();
}

static void test_word(void **state)
{
	struct app a;

	(void)state;
	to_question(&a, true);
	assert_ptr_equal(app_top(&a), &screen_confirm);
	/* A letter is a letter here, and a wrong word is no yes. */
	type(&a, "y");
	assert_ptr_equal(app_top(&a), &screen_confirm);
	key(&a, K_ENTER);
	assert_ptr_equal(app_top(&a), &screen_confirm);
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_TAB });
	key(&a, K_ENTER);
	assert_ptr_equal(app_top(&a), &screen_confirm);
	app_settle(&a);
	assert_int_equal(tenant_write_count(a.session.demo), 0);
	key(&a, K_BACKSPACE);
	type(&a, "portal");
	app_draw(&a);
	key(&a, K_ENTER);
	app_settle(&a);
	/* The two messages, and what step 7 needs: the group and the scope. */
	assert_int_equal(tenant_write_count(a.session.demo), 4);
	assert_int_equal(a.session.err.kind, ERR_NONE);
	leave(&a);
}

static void test_escape(void **state)
{
	struct app a;

	(void)state;
	to_question(&a, true);
	type(&a, "port");
	key(&a, K_ESC);
	assert_ptr_not_equal(app_top(&a), &screen_confirm);
	app_settle(&a);
	assert_int_equal(tenant_write_count(a.session.demo), 0);
	leave(&a);
}

/* Enter alone says No, as everywhere. */
static void test_enter(void **state)
{
	struct app a;

	(void)state;
	to_question(&a, true);
	key(&a, K_ENTER);
	assert_ptr_not_equal(app_top(&a), &screen_confirm);
	app_settle(&a);
	assert_int_equal(tenant_write_count(a.session.demo), 0);
	leave(&a);
}

/* Without the API there is nothing to apply in this step. */
static void test_without(void **state)
{
	struct app a;

	(void)state;
	to_question(&a, false);
	assert_ptr_not_equal(app_top(&a), &screen_confirm);
	leave(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_enter),
		cmocka_unit_test(test_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
