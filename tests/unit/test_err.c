#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "graph/base/err.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"

static void test_set(void **state)
{
	struct err e = { .todo = "old", .request_id = "old", .outcome_unknown = true };

	(void)state;
	assert_int_equal(err_set(&e, ERR_HTTP, 418, "tenant %s: %d", "contoso", 7), -1);
	assert_int_equal(e.kind, ERR_HTTP);
	assert_int_equal(e.code, 418);
	assert_string_equal(e.msg, "tenant contoso: 7");
	/* Nothing of an earlier failure stays. */
	assert_string_equal(e.todo, "");
	assert_string_equal(e.request_id, "");
	assert_false(e.outcome_unknown);
}

static void test_arguments_of_its_own(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	err_set(&e, ERR_IO, 2, "inner");
	err_set(&e, ERR_PARSE, 0, "outer (%s)", e.msg);
	assert_string_equal(e.msg, "outer (inner)");
	err_wrap(&e, "seen %s", e.msg);
	assert_string_equal(e.msg, "seen outer (inner): outer (inner)");
	err_todo(&e, "read %s", e.msg);
	err_todo(&e, "%s!", e.todo);
	assert_string_equal(e.todo, "read seen outer (inner): outer (inner)!");
}

static void test_wrap_keeps_the_rest(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	err_set(&e, ERR_FORBIDDEN, 403, "no consent");
	err_todo(&e, "Ask for it");
	strcpy(e.request_id, "abc");
	assert_int_equal(err_wrap(&e, "reading %s", "/users"), -1);
	assert_string_equal(e.msg, "reading /users: no consent");
	assert_string_equal(e.todo, "Ask for it");
	assert_string_equal(e.request_id, "abc");
	assert_int_equal(e.kind, ERR_FORBIDDEN);
	assert_int_equal(e.code, 403);
}

/* Every cut, at every place inside characters of 1 to 4 bytes, is valid UTF-8. */
static void test_cut_at_a_character(void **state)
{
	static const char *const chars[] = { "a", "\u00e9", "\u6f22", "\U0001F600" };

	(void)state;
	for (size_t c = 0; c < COUNT_OF(chars); c++) {
		for (size_t shift = 0; shift < 4; shift++) {
			struct str text = { 0 };
			struct err e = ERR_INIT;

			str_add_bytes(&text, "xyz", shift < 3 ? shift : 3);
			while (text.len < 2 * sizeof(e.msg))
				str_add(&text, chars[c]);
			err_set(&e, ERR_IO, 0, "%s", text.buf);
			assert_true(utf8_is_clean(e.msg, strlen(e.msg), 0));
			assert_true(strlen(e.msg) + strlen(chars[c]) >= sizeof(e.msg));
			err_todo(&e, "%s", text.buf);
			assert_true(utf8_is_clean(e.todo, strlen(e.todo), 0));
			err_wrap(&e, "%s", "q");
			assert_true(utf8_is_clean(e.msg, strlen(e.msg), 0));
			assert_true(str_starts(e.msg, "q: "));
			str_release(&text);
		}
	}
}

static void test_kind_names(void **state)
{
	(void)state;
	assert_string_equal(err_kind_name(ERR_NONE), "none");
	assert_string_equal(err_kind_name(ERR_NOT_FOUND), "not-found");
	assert_string_equal(err_kind_name(ERR_CANCELLED), "cancelled");
	assert_string_equal(err_kind_name((enum err_kind)99), "unknown");
	for (int kind = ERR_NONE; kind <= ERR_CANCELLED; kind++)
		assert_string_not_equal(err_kind_name((enum err_kind)kind), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_arguments_of_its_own),
		cmocka_unit_test(test_wrap_keeps_the_rest),
		cmocka_unit_test(test_cut_at_a_character),
		cmocka_unit_test(test_kind_names),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
