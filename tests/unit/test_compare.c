#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "steps/compare.h"

static struct json *parse(const char *text)
{
	struct err err = ERR_INIT;
	struct json *j = json_parse(text, strlen(text), &err);

	if (!j)
		fail_msg("%s: %s", text, err.msg);
	return j;
}

static void test_holds(void **state)
{
	static const struct {
		const char *have, *want, *where;	/* where NULL: it holds */
	} rows[] = {
		{ "{\"a\":1,\"b\":2}", "{\"a\":1}", NULL },
		{ "{\"a\":1}", "{\"a\":2}", "a" },
		{ "{\"a\":1}", "{\"b\":1}", "b" },
		{ "{\"a\":1}", "{\"a\":1,\"@odata.type\":\"t\"}", NULL },
		{ "{\"v\":[{\"id\":\"x\",\"n\":1},{\"id\":\"y\"}]}",
		  "{\"v\":[{\"id\":\"y\"},{\"id\":\"x\"}]}", NULL },
		{ "{\"v\":[{\"id\":\"x\"},{\"id\":\"y\"}]}",
		  "{\"v\":[{\"id\":\"x\"},{\"id\":\"x\"}]}", "v" },
		{ "{\"v\":[{\"id\":\"x\"}]}", "{\"v\":[]}", "v" },
		{ "{\"v\":[\"x\",\"y\"]}", "{\"v\":[\"y\",\"x\"]}", "v" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json *have = parse(rows[i].have), *want = parse(rows[i].want);
		const char *where;

		assert_int_equal(json_holds(have, want, &where), !rows[i].where);
		if (rows[i].where)
			assert_string_equal(where, rows[i].where);
		json_free(have);
		json_free(want);
	}
}

static struct json *numbered(int n, bool backwards)
{
	struct json *doc = json_new_object(), *list = json_add_array(doc, "v");

	for (int i = 0; i < n; i++)
		json_add_number(json_append(list, json_new_object()), "id",
				backwards ? n - 1 - i : i);
	return doc;
}

/* However long the list is, its order does not count. */
static void test_long_lists(void **state)
{
	(void)state;
	for (int n = 1; n < 300; n += 21) {
		struct json *up = numbered(n, false), *down = numbered(n, true);

		assert_true(json_holds(up, down, NULL));
		json_free(up);
		json_free(down);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_long_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
