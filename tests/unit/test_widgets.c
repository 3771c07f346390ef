#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/buttons.h"
#include "tui/edit.h"
#include "tui/list.h"
#include "tui/sheet.h"

static void keys(struct edit *e, const uint32_t *k, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_true(edit_key(e, k[i]));
}

static void test_edit_moves_by_characters(void **state)
{
	static const uint32_t typed[] = { 'a', 0x65E5, 0xE9, K_LEFT, K_LEFT, 'x', K_END,
					  K_BACKSPACE, K_HOME, K_DELETE };
	struct edit e = { 0 };

	(void)state;
	keys(&e, typed, sizeof(typed) / sizeof(typed[0]));
	assert_string_equal(str_text(&e.text), "x日");
	assert_int_equal(e.cursor, 0);
	assert_false(edit_key(&e, K_UP));
	assert_false(edit_key(&e, K_ENTER));
	edit_release(&e);
}

static void test_edit_keeps_marks_with_their_base(void **state)
{
	static const uint32_t typed[] = { 'e', 0x301, 'b', K_BACKSPACE, K_BACKSPACE };
	struct edit e = { 0 };

	(void)state;
	keys(&e, typed, sizeof(typed) / sizeof(typed[0]));
	assert_string_equal(str_text(&e.text), "");
	edit_release(&e);
}

static void test_edit_takes_nothing_that_a_terminal_obeys(void **state)
{
	static const uint32_t typed[] = { 0x202E, 0x9B, 'a' };
	struct edit e = { 0 };

	(void)state;
	keys(&e, typed, sizeof(typed) / sizeof(typed[0]));
	assert_string_equal(str_text(&e.text), "a");
	edit_insert(&e, "b\nc");
	assert_string_equal(str_text(&e.text), "ab c");
	keys(&e, (const uint32_t[]){ K_CTRL('w') }, 1);
	assert_string_equal(str_text(&e.text), "ab ");
	edit_release(&e);
}

static void test_edit_shows_the_cursor(void **state)
{
	struct grid g = { 0 };
	struct str s = { 0 };
	struct edit e = { 0 };

	(void)state;
	grid_resize(&g, 6, 1);
	edit_set(&e, "abcdefgh");
	edit_view(&e, &g, (struct rect){ 0, 0, 6, 1 }, 0, 0, 6, true, NULL);
	grid_dump(&g, &s);
	assert_string_equal(str_text(&s), "defgh\n");
	assert_int_equal(g.cursor_x, 5);
	str_release(&s);
	edit_release(&e);
	grid_release(&g);
}

static void test_list_scrolls_to_its_choice(void **state)
{
	struct list l = { 0 };

	(void)state;
	assert_true(list_move(&l, 10, 4, ACT_LAST));
	assert_int_equal(l.selected, 9);
	assert_int_equal(l.top, 6);
	assert_true(list_move(&l, 10, 4, ACT_UP));
	assert_int_equal(l.top, 6);
	assert_true(list_move(&l, 10, 4, ACT_PAGE_UP));
	assert_int_equal(l.selected, 5);
	assert_int_equal(l.top, 5);
	assert_true(list_move(&l, 0, 4, ACT_DOWN));
	assert_int_equal(l.selected, 0);
	assert_false(list_move(&l, 10, 4, ACT_OPEN));
}

static void test_sheet_grows_and_scrolls(void **state)
{
	struct grid g = { 0 };
	struct str s = { 0 };
	struct sheet sheet;

	(void)state;
	sheet_init(&sheet, 10, false);
	for (int i = 0; i < 200; i++)
		sheet_linef(&sheet, 0, ROLE_TEXT, "row %d", i);
	sheet_item(&sheet, 0, ROLE_WARN, "!", ROLE_TEXT, "two words");
	assert_int_equal(sheet.y, 202);
	grid_resize(&g, 10, 2);
	assert_int_equal(sheet_show(&sheet, &g, (struct rect){ 0, 0, 10, 2 }, 999), 200);
	grid_dump(&g, &s);
	assert_string_equal(str_text(&s), "! two    ↑\n  words\n");
	str_release(&s);
	sheet_release(&sheet);
	grid_release(&g);
}

static void test_sheet_rows_wrap_their_cells(void **state)
{
	struct grid g = { 0 };
	struct str s = { 0 };
	struct sheet sheet;

	(void)state;
	sheet_init(&sheet, 16, false);
	sheet_row(&sheet, (const struct sheet_cell[]){ { 0, 6, ROLE_TEXT, "name of it" },
						       { 8, 8, ROLE_TEXT, "value" } }, 2);
	sheet_line(&sheet, 0, ROLE_TEXT, "next");
	grid_resize(&g, 16, 3);
	sheet_show(&sheet, &g, (struct rect){ 0, 0, 16, 3 }, 0);
	grid_dump(&g, &s);
	assert_string_equal(str_text(&s), "name    value\nof it\nnext\n");
	str_release(&s);
	sheet_release(&sheet);
	grid_release(&g);
}

static void test_buttons_that_do_not_fit_are_left_out(void **state)
{
	static const struct button b[] = { { ACT_APPLY, "Apply", true },
					   { ACT_GUIDE, "Guide me", false } };
	struct grid g = { 0 };
	struct str s = { 0 };

	(void)state;
	grid_resize(&g, 16, 1);
	buttons_view(&g, (struct rect){ 0, 0, 16, 1 }, 1, 0, b, 2, 0, 7);
	grid_dump(&g, &s);
	assert_string_equal(str_text(&s), " [ Apply ]\n");
	assert_int_equal(g.cells[1].hit, 7);
	assert_int_equal(g.cells[0].hit, 0);
	str_release(&s);
	grid_release(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edit_moves_by_characters),
		cmocka_unit_test(test_edit_keeps_marks_with_their_base),
		cmocka_unit_test(test_edit_takes_nothing_that_a_terminal_obeys),
		cmocka_unit_test(test_edit_shows_the_cursor),
		cmocka_unit_test(test_list_scrolls_to_its_choice),
		cmocka_unit_test(test_sheet_grows_and_scrolls),
		cmocka_unit_test(test_sheet_rows_wrap_their_cells),
		cmocka_unit_test(test_buttons_that_do_not_fit_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
