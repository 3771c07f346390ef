#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/grid.h"

static const char *dump(const struct grid *g, struct str *out)
{
	str_clear(out);
	grid_dump(g, out);
	return str_text(out);
}

static void test_text_is_clipped_to_its_rect(void **state)
{
	struct grid g = { 0 };
	struct str s = { 0 };
	struct rect r = { 2, 1, 4, 1 };

	(void)state;
	grid_resize(&g, 8, 3);
	assert_int_equal(grid_put(&g, r, 0, 0, ROLE_TEXT, "abcdef"), 4);
	grid_put(&g, r, 0, 1, ROLE_TEXT, "below");
	grid_put(&g, r, 0, -1, ROLE_TEXT, "above");
	grid_put(&g, r, -2, 0, ROLE_TEXT, "xyz");
	assert_string_equal(dump(&g, &s), "\n  zbcd\n\n");
	str_release(&s);
	grid_release(&g);
}

static void test_a_wide_character_is_never_halved(void **state)
{
	struct grid g = { 0 };
	struct str s = { 0 };
	struct rect r = { 0, 0, 5, 1 };

	(void)state;
	grid_resize(&g, 5, 1);
	assert_int_equal(grid_put(&g, r, 0, 0, ROLE_TEXT, "日本語"), 4);
	assert_string_equal(dump(&g, &s), "日本\n");
	/* Writing over one half blanks the other. */
	grid_put(&g, r, 1, 0, ROLE_TEXT, "x");
	assert_string_equal(dump(&g, &s), " x本\n");
	grid_put(&g, r, 2, 0, ROLE_TEXT, "y");
	assert_string_equal(dump(&g, &s), " xy\n");
	str_release(&s);
	grid_release(&g);
}

static void test_marks_stay_on_their_base(void **state)
{
	struct grid g = { 0 };
	struct str s = { 0 };
	struct rect r = { 0, 0, 3, 1 };

	(void)state;
	grid_resize(&g, 3, 1);
	assert_int_equal(grid_put(&g, r, 0, 0, ROLE_TEXT, "e\u0301a"), 2);
	assert_string_equal(dump(&g, &s), "e\u0301a\n");
	str_release(&s);
	grid_release(&g);
}

static void test_cut_and_wrap(void **state)
{
	struct grid g = { 0 };
	struct str s = { 0 };
	struct rect r = { 0, 0, 10, 4 };

	(void)state;
	grid_resize(&g, 10, 4);
	assert_int_equal(grid_put_cut(&g, r, 0, 0, 6, ROLE_TEXT, "long text"), 6);
	assert_int_equal(grid_put_wrapped(&g, r, 2, 1, 3, ROLE_TEXT, "one two three"), 2);
	assert_string_equal(dump(&g, &s), "long …\n  one two\n  three\n\n");
	assert_int_equal(grid_wrapped_rows(8, "one two three"), 2);
	g.ascii = true;
	grid_put_cut(&g, r, 0, 0, 6, ROLE_TEXT, "long text");
	assert_string_equal(dump(&g, &s), "long ~\n  one two\n  three\n\n");
	str_release(&s);
	grid_release(&g);
}

static void test_box_roles_and_copy(void **state)
{
	struct grid g = { 0 }, page = { 0 };
	struct str s = { 0 };

	(void)state;
	grid_resize(&g, 12, 3);
	grid_box(&g, (struct rect){ 0, 0, 12, 3 }, ROLE_BORDER, "Box");
	grid_resize(&page, 4, 2);
	grid_put(&page, (struct rect){ 0, 0, 4, 2 }, 0, 1, ROLE_GOOD, "row");
	grid_copy(&g, (struct rect){ 1, 1, 4, 1 }, &page, 1);
	assert_string_equal(dump(&g, &s), "┌─ Box ────┐\n│row       │\n└──────────┘\n");
	str_clear(&s);
	grid_dump_roles(&g, &s);
	assert_string_equal(str_text(&s), "llTTTTTlllll\nlggg.......l\nllllllllllll\n");
	str_release(&s);
	grid_release(&page);
	grid_release(&g);
}

static void test_rects_are_cut_within_bounds(void **state)
{
	struct rect r = { 0, 0, 10, 4 };
	struct rect top = rect_cut_top(&r, 1), right = rect_cut_right(&r, 3);
	struct rect rest = rect_cut_bottom(&r, 9);

	(void)state;
	assert_int_equal(top.h, 1);
	assert_int_equal(right.x, 7);
	assert_int_equal(right.h, 3);
	assert_int_equal(rest.h, 3);
	assert_int_equal(r.h, 0);
	rest = rect_center((struct rect){ 0, 0, 10, 4 }, 40, 2);
	assert_int_equal(rest.w, 10);
	assert_int_equal(rest.y, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_clipped_to_its_rect),
		cmocka_unit_test(test_a_wide_character_is_never_halved),
		cmocka_unit_test(test_marks_stay_on_their_base),
		cmocka_unit_test(test_cut_and_wrap),
		cmocka_unit_test(test_box_roles_and_copy),
		cmocka_unit_test(test_rects_are_cut_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
