/* Choosing people: no key may lose the choice, and none may change it unseen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "tui/dump.h"

#define ANN "grace.achebe@contoso.com"

static void key(struct app *a, uint32_t k)
{
	app_update(a, &(struct input){ .kind = INPUT_KEY, .key = k });
}

static void paste(struct app *a, const char *text)
{
	app_update(a, &(struct input){ .kind = INPUT_PASTE, .paste = text });
}

static void open_picker(struct app *a, const struct options *o)
{
	struct err err = ERR_INIT;

	clock_set_virtual(DUMP_NOW_MS);
	app_init(a, o, loop_new(&err), false);
	app_update(a, &(struct input){ .kind = INPUT_SIZE, .w = 80, .h = 24 });
	key(a, K_ENTER);
	app_settle(a);
	board_select(a, "group");
	key(a, 'p');
	assert_ptr_equal(app_top(a), &screen_picker);
}

static void end(struct app *a)
{
	struct loop *l = a->loop;

	app_settle(a);
	app_release(a);
	loop_free(l);
}

static const struct options demo = { .command = COMMAND_WIZARD, .demo = "contoso" };

static void test_enter_after_a_paste_removes_nobody(void **state)
{
	struct app a;

	(void)state;
	open_picker(&a, &demo);
	paste(&a, ANN "\nnobody@contoso.com\n");
	assert_int_equal(a.picker.nchosen, 2);
	key(&a, K_ENTER);
	assert_int_equal(a.picker.nchosen, 2);
	key(&a, K_TAB);
	key(&a, K_ENTER);
	assert_int_equal(a.picker.nchosen, 2);
	key(&a, K_DELETE);
	assert_int_equal(a.picker.nchosen, 1);
	assert_string_equal(a.picker.chosen[0], "nobody@contoso.com");
	end(&a);
}

static void test_escape_keeps_the_choice(void **state)
{
	struct app a;

	(void)state;
	open_picker(&a, &demo);
	paste(&a, ANN "\n");
	key(&a, K_ESC);
	assert_ptr_equal(app_top(&a), &screen_board);
	assert_int_equal(a.session.wanted.nentries, 1);
	assert_string_equal(a.session.wanted.entries[0], ANN);
	app_settle(&a);
	/* And leaving asks, as the choice is nowhere else. */
	key(&a, 'q');
	assert_false(a.quit);
	assert_ptr_equal(app_top(&a), &screen_confirm);
	key(&a, K_ENTER);
	assert_false(a.quit);
	key(&a, 'q');
	key(&a, 'y');
	assert_true(a.quit);
	end(&a);
}

static void test_escape_takes_what_was_searched(void **state)
{
	struct app a;

	(void)state;
	open_picker(&a, &demo);
	for (const char *s = "gr"; *s; s++)
		key(&a, (uint32_t)*s);
	for (int i = 0; i < 1000 && a.picker.search.searching; i++)
		loop_run_once(a.loop, 50);
	key(&a, K_ENTER);
	assert_int_equal(a.picker.nchosen, 1);
	key(&a, K_ESC);
	assert_int_equal(a.session.wanted.nentries, 1);
	assert_non_null(strstr(a.message, "1 person"));
	end(&a);
}

static void test_a_paste_tells_new_from_known(void **state)
{
	struct str s = { 0 };
	struct app a;

	(void)state;
	open_picker(&a, &demo);
	paste(&a, ANN "\nnobody@contoso.com\n");
	assert_string_equal(a.message, "2 new, 0 already chosen");
	app_settle(&a);
	paste(&a, ANN "; ravi.menon@contoso.com");
	assert_string_equal(a.message, "1 new, 1 already chosen");
	app_settle(&a);
	app_draw(&a);
	grid_dump(&a.grid, &s);
	assert_non_null(strstr(str_text(&s), "not found"));
	str_release(&s);
	end(&a);
}

static void test_leaving_without_a_choice_asks_nothing(void **state)
{
	struct app a;

	(void)state;
	open_picker(&a, &demo);
	key(&a, K_ESC);
	key(&a, 'q');
	assert_true(a.quit);
	end(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enter_after_a_paste_removes_nobody),
		cmocka_unit_test(test_escape_keeps_the_choice),
		cmocka_unit_test(test_escape_takes_what_was_searched),
		cmocka_unit_test(test_a_paste_tells_new_from_known),
		cmocka_unit_test(test_leaving_without_a_choice_asks_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
