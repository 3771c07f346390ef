#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/json.h"
#include "graph/base/mem.h"

#define FFFD "\xEF\xBF\xBD"

static struct json *must_parse(const char *text)
{
	struct err e = ERR_INIT;
	struct json *j = json_parse(text, strlen(text), &e);

	if (!j)
		fail_msg("%s: %s", text, e.msg);
	return j;
}

/* Frees j. */
static void expect_text(struct json *j, const char *want)
{
	struct str out = { 0 };

	json_print(j, &out);
	assert_string_equal(str_text(&out), want);
	str_release(&out);
	json_free(j);
}

static void test_accepted(void **state)
{
	static const struct {
		const char *in, *out;
	} table[] = {
		{ "null", "null" }, { " true ", "true" }, { "\t[ ]\r\n", "[]" }, { "{ }", "{}" },
		{ "0", "0" }, { "-0", "0" }, { "-0.0e0", "0" }, { "1e3", "1000" }, { "1E-2", "0.01" },
		{ "0.1", "0.1" }, { "1.5e+300", "1.5e+300" }, { "123456789012", "123456789012" },
		{ "9007199254740992", "9007199254740992" },
		{ "-9007199254740991", "-9007199254740991" },
		{ "0.30000000000000004", "0.30000000000000004" }, { "5e-324", "4.94065645841247e-324" },
		{ "\"\"", "\"\"" }, { "\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "\"/" FFFD FFFD "   \\\"\\\\\"" },
		{ "\"\\u00e9\\uD83D\\uDE00\\u6F22\"", "\"\u00e9\U0001F600\u6f22\"" },
		{ "{\"a\":[1,{\"b\":null}],\"c\":false}", "{\"a\":[1,{\"b\":null}],\"c\":false}" },
		{ "\xEF\xBB\xBF{\"a\":1}", "{\"a\":1}" },
		{ "{\"\":1}", "{\"\":1}" },
		/* The gate: strings and keys. */
		{ "\"a\\u001b[2J\"", "\"a" FFFD "[2J\"" },
		{ "\"nimda\\u202eadmin\"", "\"nimdaadmin\"" },
		{ "\"\xFF\xC3\"", "\"" FFFD FFFD "\"" },
		{ "{\"k\xFF\\u0007\":\"v\xED\xA0\x80\"}",
		  "{\"k" FFFD FFFD "\":\"v" FFFD FFFD FFFD "\"}" },
		{ "\"line\\nline\"", "\"line line\"" },
		/* What cJSON would cut or refuse. */
		{ "\"a\\u0000b\"", "\"a" FFFD "b\"" },
		{ "{\"a\\u0000b\":1,\"a\":2}", "{\"a" FFFD "b\":1,\"a\":2}" },
		{ "\"\\ud800\"", "\"" FFFD "\"" },
		{ "\"\\ud800\\ud800\\udc00\"", "\"" FFFD "\U00010000\"" },
		{ "\"\\udc00x\"", "\"" FFFD "x\"" },
		{ "\"\\ud83d\\n\"", "\"" FFFD " \"" },
		{ "\"\\ud83d\\u0041\"", "\"" FFFD "A\"" },
		{ "\"\\\\u0000\"", "\"\\\\u0000\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(table); i++)
		expect_text(must_parse(table[i].in), table[i].out);
}

static void test_refused(void **state)
{
	static const struct {
		const char *in, *why;
	} table[] = {
		{ "", "the text ends too early at line 1, column 1" },
		{ "  ", "the text ends too early at line 1, column 3" },
		{ "{\n \"a\": 01}", "expected a comma or } at line 2, column 8" },
		{ "nul", "expected a value at line 1, column 1" },
		{ "nullx", "something follows the value at line 1, column 5" },
		{ "{} {}", "something follows the value at line 1, column 4" },
		{ "[1,]", "expected a value at line 1, column 4" },
		{ "[1 2]", "expected a comma or ] at line 1, column 4" },
		{ "[1", "expected a comma or ] at line 1, column 3" },
		{ "{\"a\":1,}", "expected a member name in quotes at line 1, column 8" },
		{ "{a:1}", "expected a member name in quotes at line 1, column 2" },
		{ "{\"a\" 1}", "expected a colon at line 1, column 6" },
		{ "{\"a\":}", "expected a value at line 1, column 6" },
		{ "{\"a\":1]", "expected a comma or } at line 1, column 7" },
		{ "\"abc", "a string without an end at line 1, column 1" },
		{ "\"abc\\\"", "a string without an end at line 1, column 1" },
		{ "\"a\nb\"", "a control character inside a string at line 1, column 3" },
		{ "\"\u00e9\u6f22\x1B\"", "a control character inside a string at line 1, column 4" },
		{ "\"\\x41\"", "an unknown escape at line 1, column 2" },
		{ "\"\\", "an unknown escape at line 1, column 2" },
		{ "\"\\u12g4\"", "\\u without four hexadecimal digits at line 1, column 2" },
		{ "\"\\u12\"", "\\u without four hexadecimal digits at line 1, column 2" },
		{ "+1", "expected a value at line 1, column 1" },
		{ ".5", "expected a value at line 1, column 1" },
		{ "1.", "expected a digit at line 1, column 3" },
		{ "-", "expected a digit at line 1, column 2" },
		{ "1e", "expected a digit at line 1, column 3" },
		{ "00", "something follows the value at line 1, column 2" },
		{ "0x1", "something follows the value at line 1, column 2" },
		{ "NaN", "expected a value at line 1, column 1" },
		{ "'a'", "expected a value at line 1, column 1" },
		{ "[1]//", "something follows the value at line 1, column 4" },
		{ "1e999", "a number is out of range" },
		{ "[1111111111111111111111111111111111111111111111111111111111111111]",
		  "a number of more than 63 characters at line 1, column 2" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct err e = ERR_INIT;

		if (json_parse(table[i].in, strlen(table[i].in), &e))
			fail_msg("accepted %s", table[i].in);
		assert_int_equal(e.kind, ERR_PARSE);
		assert_true(str_starts(e.msg, "not JSON: "));
		assert_string_equal(e.msg + 10, table[i].why);
	}
}

/* Bytes after a NUL are bytes too, and a cut text is not read beyond. */
static void test_length_is_obeyed(void **state)
{
	static const char text[] = "{\"a\":[true,\"x\\u0000\",1.5e2]}";
	struct err e = ERR_INIT;
	struct json *j;

	(void)state;
	assert_null(json_parse("1\0", 2, &e));
	assert_null(json_parse("\"a\0b\"", 5, &e));
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		char *cut = xmalloc(n);	/* exact, so that a sanitizer sees more */

		memcpy(cut, text, n);
		assert_null(json_parse(cut, n, &e));
		free(cut);
	}
	j = json_parse("12345", 3, &e);
	assert_true(fabs(json_value(j, 0) - 123) < 0.5);
	json_free(j);
}

static void test_depth(void **state)
{
	struct err e = ERR_INIT;
	struct str s = { 0 };
	struct json *j;

	(void)state;
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		str_add(&s, "[");
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		str_add(&s, "]");
	j = json_parse(s.buf, s.len, &e);
	assert_non_null(j);
	json_free(j);
	str_clear(&s);
	for (int i = 0; i < 100000; i++)
		str_add(&s, "{\"a\":[");
	assert_null(json_parse(s.buf, s.len, &e));
	assert_string_equal(e.msg, "not JSON: nested too deeply at line 1, column 193");
	str_release(&s);
}

static void test_raw_keeps_hostile_text(void **state)
{
	static const char text[] = "{\"k\\u001b\":\"\\u202e\xFF\\u0000\"}";
	struct err e = ERR_INIT;
	struct json *j = json_parse_raw(text, sizeof(text) - 1, &e);

	(void)state;
	assert_string_equal(json_string(j, "k\x1B"), "\u202e\xFF" FFFD);
	json_free(j);
	assert_null(json_parse_raw("[1,", 3, &e));
}

static void test_getters(void **state)
{
	struct json *j = must_parse("{\"ss\":1,\"s\":\"x\",\"n\":2.5,\"i\":-7,\"b\":true,\"f\":false,"
				    "\"z\":null,\"a\":[\"p\",1,\"q\"],\"o\":{},\"big\":1e300}");
	const struct json *a = json_get(j, "a");

	(void)state;
	assert_string_equal(json_string(j, "s"), "x");
	assert_null(json_string(j, "S"));
	assert_null(json_string(j, "n"));
	assert_string_equal(json_string_or(j, "none", "d"), "d");
	assert_string_equal(json_text(json_get_nocase(j, "S")), "x");
	assert_null(json_get_nocase(a, "S"));
	assert_true(fabs(json_number(j, "n", 0) - 2.5) < 1e-9);
	assert_true(fabs(json_number(j, "s", 9) - 9) < 1e-9);
	assert_int_equal(json_int(j, "i", 0), -7);
	assert_int_equal(json_int(j, "n", 0), 2);
	assert_int_equal(json_int(j, "s", 5), 5);
	assert_int_equal(json_int(j, "big", 0), INT64_MAX);
	assert_true(json_bool(j, "b", false));
	assert_false(json_bool(j, "f", true));
	assert_true(json_bool(j, "i", true));
	assert_true(json_has(j, "z"));
	assert_false(json_has(j, "y"));
	assert_true(json_is(json_get(j, "z"), JSON_NULL));
	assert_false(json_is(NULL, JSON_NULL));
	assert_int_equal(json_type(NULL), JSON_NULL);
	assert_int_equal(json_type(json_get(j, "o")), JSON_OBJECT);
	assert_int_equal(json_count(j), 10);
	assert_int_equal(json_count(a), 3);
	assert_int_equal(json_count(NULL), 0);
	assert_true(json_array_has(a, "q"));
	assert_false(json_array_has(a, "r"));
	assert_false(json_array_has(j, "x"));
	assert_string_equal(json_key(json_first(j)), "ss");
	assert_null(json_key(json_first(a)));
	assert_null(json_next(json_next(json_next(json_first(a)))));
	assert_null(json_get(NULL, "x"));
	assert_null(json_get(a, "x"));
	assert_null(json_get_mutable(NULL, "x"));
	assert_false(json_truth(NULL));
	assert_null(json_first_mutable(NULL));
	json_free(j);
	json_free(NULL);
}

static void test_at(void **state)
{
	struct json *j = must_parse("{\"a\":{\"b\":[[1,2],{\"c\":\"deep\"}],\"bb\":3},\"x.y\":1}");
	static const char *const nowhere[] = {
		"b", "a.c", "a.b[2]", "a.b[-1]", "a.b[", "a.b[0", "a.b[]", "a.b[x]", "a..b", ".a",
		"a.", "[0]", "a[0]", "a.b[1][0]", "x.y", "a.b[99999999999999999999999]", "a.b.c",
		"a.b[0]x[9]",
	};

	(void)state;
	assert_ptr_equal(json_at(j, ""), j);
	assert_string_equal(json_text(json_at(j, "a.b[1].c")), "deep");
	assert_true(fabs(json_value(json_at(j, "a.b[0][1]"), 0) - 2) < 0.1);
	assert_true(fabs(json_value(json_at(j, "a.bb"), 0) - 3) < 0.1);
	assert_null(json_at(NULL, "a"));
	for (size_t i = 0; i < COUNT_OF(nowhere); i++)
		if (json_at(j, nowhere[i]))
			fail_msg("found %s", nowhere[i]);
	json_free(j);
}

static void test_building(void **state)
{
	struct json *j = json_new_object(), *a, *last;

	(void)state;
	json_add_string(j, "s", "q\"\\\n\x1B\x7F");
	json_add_string(j, "none", NULL);
	json_add_number(j, "n", 3);
	json_add_bool(j, "b", true);
	json_add_null(j, "z");
	a = json_add_array(j, "a");
	json_append_string(a, "p");
	json_append(a, json_new_number(0.5));
	last = json_append(a, json_new_bool(false));
	assert_ptr_equal(last, json_next(json_next(json_first(a))));
	json_add_object(json_add_object(j, "o"), "p");
	/* On nothing, or on another type, nothing happens and nothing leaks. */
	assert_null(json_add(NULL, "k", json_new_null()));
	assert_null(json_add(a, "k", json_new_null()));
	assert_null(json_append(j, json_new_string("x")));
	assert_null(json_add(j, "k", NULL));
	json_add_string(NULL, "k", "v");
	json_set_string(NULL, "k", "v");
	json_remove(NULL, "k");
	json_remove(j, "k");
	expect_text(j, "{\"s\":\"q\\\"\\\\\\n\\u001b\\u007f\",\"none\":null,\"n\":3,\"b\":true,"
		       "\"z\":null,\"a\":[\"p\",0.5,false],\"o\":{\"p\":{}}}");
}

static void test_set_and_remove(void **state)
{
	struct json *j = must_parse("{\"a\":1,\"b\":2,\"c\":3}"), *list;

	(void)state;
	json_set_string(j, "b", "two");		/* keeps its place */
	json_set_bool(j, "A", true);		/* another key */
	json_set_number(j, "a", 10);		/* the first */
	json_set(j, "A", json_new_array());	/* the last */
	json_add_null(j, "d");			/* and the list's end is right */
	json_set(j, "d", json_get_mutable(j, "d"));
	json_remove(j, "d");
	json_add_null(j, "e");
	json_remove(j, "a");
	json_remove(j, "a");
	json_append_string(json_get_mutable(j, "A"), "x");
	list = json_get_mutable(j, "A");
	json_append_string(list, "y");
	json_append_string(list, "z");
	json_remove_child(list, json_first_mutable(list));
	json_remove_child(list, json_next_mutable(json_first_mutable(list)));
	json_append_string(list, "w");
	json_remove_child(list, NULL);
	expect_text(j, "{\"b\":\"two\",\"c\":3,\"A\":[\"y\",\"w\"],\"e\":null}");
	j = must_parse("{\"only\":1}");
	json_set_number(j, "only", 2);
	json_add_number(j, "next", 3);
	expect_text(j, "{\"only\":2,\"next\":3}");
}

static void test_clone(void **state)
{
	struct json *j = must_parse("{\"a\":[1,{\"b\":\"c\"}],\"d\":null}");
	struct json *copy = json_clone(j);

	(void)state;
	assert_true(json_equal(j, copy));
	json_append_string(json_get_mutable(copy, "a"), "more");
	assert_false(json_equal(j, copy));
	json_free(j);
	expect_text(copy, "{\"a\":[1,{\"b\":\"c\"},\"more\"],\"d\":null}");
	assert_null(json_clone(NULL));
}

static void test_equal(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} table[] = {
		{ "{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1.0}", true },
		{ "[1,2]", "[2,1]", false },
		{ "[1,2]", "[1,2,3]", false },
		{ "{\"a\":1}", "{\"A\":1}", false },
		{ "{\"a\":1}", "{\"a\":1,\"b\":1}", false },
		{ "{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":1}", false },
		{ "{\"a\":1,\"b\":1}", "{\"a\":1,\"a\":1}", false },
		{ "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}", true },
		{ "null", "false", false },
		{ "true", "false", false },
		{ "\"a\"", "\"a\"", true },
		{ "\"1\"", "1", false },
		{ "{}", "[]", false },
		{ "0.1", "0.1000000001", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct json *a = must_parse(table[i].a), *b = must_parse(table[i].b);

		assert_int_equal(json_equal(a, b), table[i].equal);
		assert_int_equal(json_equal(b, a), table[i].equal);
		json_free(a);
		json_free(b);
	}
	assert_true(json_equal(NULL, NULL));
}

/* Every double that JSON can hold reads back as itself. */
static void test_numbers_without_loss(void **state)
{
	static const double table[] = {
		0, 1, -1, 0.1, 1.0 / 3, 2147483648.0, -2147483649.0, 9007199254740991.0,
		9007199254740992.0, 99999999999999984.0, 1e17, 1e21, 1.7976931348623157e308,
		DBL_MIN, DBL_EPSILON, 123456.789, -2.5e-10,
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		struct json *j = json_new_number(table[i]), *back;
		struct str out = { 0 };

		json_print(j, &out);
		back = must_parse(str_text(&out));
		assert_true(json_value(back, 7) == table[i]);
		json_free(j);
		json_free(back);
		str_release(&out);
	}
	expect_text(json_new_number(9007199254740991.0), "9007199254740991");
	expect_text(json_new_number(NAN), "null");
}

static void test_pretty(void **state)
{
	struct json *j = must_parse("{\"a\":[1,{}],\"b\":{\"c\":[]},\"d\":\"x\"}");
	struct str out = { 0 };

	(void)state;
	json_print_pretty(j, &out);
	assert_string_equal(str_text(&out),
			    "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": []\n  },\n"
			    "  \"d\": \"x\"\n}");
	str_release(&out);
	json_free(j);
}

/* Appending stays cheap: half a million items would take minutes if each
 * append walked the list. */
static void test_long_array(void **state)
{
	struct json *a = json_new_array();

	(void)state;
	for (int i = 0; i < 500000; i++)
		json_append(a, json_new_number(i));
	assert_int_equal(json_count(a), 500000);
	json_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_length_is_obeyed),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_raw_keeps_hostile_text),
		cmocka_unit_test(test_getters),
		cmocka_unit_test(test_at),
		cmocka_unit_test(test_building),
		cmocka_unit_test(test_set_and_remove),
		cmocka_unit_test(test_clone),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_numbers_without_loss),
		cmocka_unit_test(test_pretty),
		cmocka_unit_test(test_long_array),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
