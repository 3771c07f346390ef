#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/request_log.h"

static void test_excerpts(void **state)
{
	static const struct {
		const char *body, *want;
	} rows[] = {
		{ "{\"displayName\":\"A\"}", "{\"displayName\":\"A\"}" },
		{ "{\"password\": \"x\\\"y\",\"b\":\"c\"}", "{\"password\": \"***\",\"b\":\"c\"}" },
		{ "{\"a\":{\"access_token\":\"eyJ0", "{\"a\":{\"access_token\":\"***\"" },
		{ "[\"password\",\"x\"]", "[\"password\",\"x\"]" },
		{ "{\"passwordPolicies\":\"None\"}", "{\"passwordPolicies\":\"None\"}" },
		{ "plain \x1b[31m text", "plain \xef\xbf\xbd[31m text" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *got = request_log_excerpt(rows[i].body, strlen(rows[i].body));

		assert_string_equal(got, rows[i].want);
		free(got);
	}
	assert_null(request_log_excerpt("", 0));
}

static void test_a_long_body_is_cut(void **state)
{
	char *body = malloc(5000), *got;

	(void)state;
	memset(body, 'x', 5000);
	got = request_log_excerpt(body, 5000);
	assert_int_equal(strlen(got), REQUEST_EXCERPT_MAX);
	free(got);
	/* Cut inside of a secret, nothing of it is left. */
	memcpy(body, "{\"password\":\"", 13);
	got = request_log_excerpt(body, 5000);
	assert_string_equal(got, "{\"password\":\"***\"");
	free(got);
	free(body);
}

static void test_the_ring_lets_go(void **state)
{
	struct request_log *log = request_log_new();

	(void)state;
	for (int i = 0; i < REQUEST_LOG_MAX + 3; i++)
		request_log_add(log)->sent = request_log_excerpt("body", 4);
	assert_int_equal(log->n, REQUEST_LOG_MAX);
	assert_string_equal(request_log_at(log, 0)->sent, "body");
	request_log_free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_excerpts),
		cmocka_unit_test(test_a_long_body_is_cut),
		cmocka_unit_test(test_the_ring_lets_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
