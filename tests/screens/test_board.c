/* The board by keys: a step by its number. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/screens/pressed.h"

static void test_a_step_by_its_number(void **unused)
{
	struct pressed w;

	(void)unused;
	press_begin(&w, "contoso");
	press(&w, K_ENTER);
	app_settle(&w.a);
	for (uint32_t key = '1'; key <= '7'; key++) {
		press(&w, key);
		assert_ptr_equal(board_step(&w.a)->ops, steps[key - '1']);
		/* From within a step as well. */
		press(&w, K_TAB);
		press(&w, '1' + '7' - key);
		assert_ptr_equal(board_step(&w.a)->ops, steps['7' - key]);
		assert_true(w.a.board.in_step);
		press(&w, K_TAB);
	}
	press(&w, '8');
	assert_ptr_equal(board_step(&w.a)->ops, steps[0]);
	press(&w, '?');
	press_see(&w, "1 to 7           To the step of that number");
	press_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_step_by_its_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
