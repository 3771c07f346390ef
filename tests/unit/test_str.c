#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

static void test_empty(void **state)
{
	struct str s = { 0 };
	char *text;

	(void)state;
	assert_string_equal(str_text(&s), "");
	str_truncate(&s, 0);
	str_clear(&s);
	assert_int_equal(str_add(&s, NULL), 0);
	text = str_detach(&s);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(str_add(&s, ""), 0);
	assert_non_null(s.buf);
	str_release(&s);
	assert_null(s.buf);
}

static void test_building(void **state)
{
	struct str s = { 0 };
	char *text;

	(void)state;
	str_add(&s, "a");
	str_add_char(&s, 'b');
	str_add_bytes(&s, "c\0d", 3);
	assert_int_equal(s.len, 5);
	assert_memory_equal(s.buf, "abc\0d", 6);
	str_truncate(&s, 2);
	str_truncate(&s, 50);
	assert_int_equal(str_addf(&s, "-%05d-%s", 42, "xyz"), 0);
	assert_string_equal(str_text(&s), "ab-00042-xyz");
	for (int i = 0; i < 1000; i++)
		str_addf(&s, "%d", i % 10);
	assert_int_equal(s.len, 1012);
	assert_int_equal(strlen(s.buf), 1012);
	text = str_detach(&s);
	assert_true(str_starts(text, "ab-00042-xyz0123"));
	assert_null(s.buf);
	assert_int_equal(s.len, 0);
	free(text);
}

/* What does not fit is left out whole, and said. */
static void test_bound(void **state)
{
	struct str s = { .max = 5 };

	(void)state;
	assert_int_equal(str_add(&s, "abc"), 0);
	assert_int_equal(str_add(&s, "def"), -1);
	assert_true(s.overflow);
	assert_string_equal(str_text(&s), "abc");
	assert_int_equal(str_addf(&s, "%d", 123), -1);
	assert_string_equal(str_text(&s), "abc");
	assert_int_equal(str_add(&s, "de"), 0);
	assert_int_equal(str_add_char(&s, 'x'), -1);
	assert_string_equal(str_text(&s), "abcde");
	str_clear(&s);
	assert_false(s.overflow);
	assert_int_equal(str_add(&s, "12345"), 0);
	str_release(&s);
	assert_int_equal(s.max, 5);
	assert_int_equal(str_add_bytes(&s, "x", SIZE_MAX), -1);
	str_release(&s);
}

static void test_compare(void **state)
{
	(void)state;
	assert_true(str_starts("contoso", "con"));
	assert_true(str_starts("x", ""));
	assert_false(str_starts("co", "con"));
	assert_false(str_starts(NULL, "con"));
	assert_true(str_ends("a.json", ".json"));
	assert_false(str_ends("json", ".json"));
	assert_false(str_ends(NULL, ""));
	assert_true(str_same("a", "a"));
	assert_false(str_same("a", "A"));
	assert_false(str_same(NULL, NULL));
	assert_true(str_same_nocase("Group.Read", "gROUP.rEAD"));
	assert_false(str_same_nocase("a", "ab"));
	assert_false(str_same_nocase("ab", "a"));
	assert_false(str_same_nocase(NULL, NULL));
	assert_false(str_same_nocase("[", "{"));
	assert_false(str_same_nocase("\u00c9", "\u00e9"));
}

static void test_find(void **state)
{
	const char *s = "Self-Service Password Reset";

	(void)state;
	assert_ptr_equal(str_find_nocase(s, "PASS"), s + 13);
	assert_ptr_equal(str_find_nocase(s, ""), s);
	assert_ptr_equal(str_find_nocase(s, "reset"), s + 22);
	assert_null(str_find_nocase(s, "resets"));
	assert_null(str_find_nocase(NULL, "x"));
	assert_null(str_find_nocase("x", NULL));
	assert_string_equal(str_find_nocase("aab", "AB"), "ab");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_building),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
