#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/base/csv.h"
#include "graph/base/mem.h"

static const struct {
	const char *text, *cell;
} cells[] = {
	{ "plain", "\"plain\"" },
	{ NULL, "\"\"" },
	{ "", "\"\"" },
	{ "a,b", "\"a,b\"" },
	{ "say \"hi\"", "\"say \"\"hi\"\"\"" },
	{ "two\nlines\tand a tab", "\"two lines and a tab\"" },
	{ "=1+1", "\"'=1+1\"" },
	{ "+1", "\"'+1\"" },
	{ "-1", "\"'-1\"" },
	{ "@SUM(A1)", "\"'@SUM(A1)\"" },
	{ "  =1+1", "\"'  =1+1\"" },
	{ "\t=1+1", "\"' =1+1\"" },
	{ "|calc", "\"'|calc\"" },
	{ "\xef\xbc\x9d" "1", "\"'\xef\xbc\x9d" "1\"" },
	{ "1-1", "\"1-1\"" },
};

static void test_cells(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cells); i++) {
		CLEANUP(str_release) struct str out = { 0 };

		csv_text(&out, cells[i].text);
		assert_string_equal(str_text(&out), cells[i].cell);
	}
}

static void test_records(void **state)
{
	CLEANUP(str_release) struct str out = { 0 };

	(void)state;
	csv_text(&out, "a");
	csv_number(&out, -3);
	csv_end(&out);
	csv_number(&out, 2);
	csv_text(&out, "b");
	csv_end(&out);
	assert_string_equal(str_text(&out), "\"a\",-3\n2,\"b\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
