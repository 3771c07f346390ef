#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/base/mem.h"
#include "graph/pace.h"

static void test_workloads(void **state)
{
	static const struct {
		const char *path;
		enum workload want;
	} rows[] = {
		{ "/v1.0/users", WORKLOAD_DIRECTORY },
		{ "/v1.0/policies/authenticationMethodsPolicy", WORKLOAD_DIRECTORY },
		{ "/v1.0/auditLogs/directoryAudits?$top=1", WORKLOAD_REPORTS },
		{ "/v1.0/reports/authenticationMethods/userRegistrationDetails", WORKLOAD_REPORTS },
		{ "https://graph.microsoft.com/v1.0/auditLogs/signIns?x", WORKLOAD_REPORTS },
		{ "/v1.0/identity/conditionalAccess/policies", WORKLOAD_ACCESS },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_int_equal(pace_workload(rows[i].path), rows[i].want);
}

/* Nothing is held back before the service has complained. */
static void test_free_at_first(void **state)
{
	struct pace p = { .sent = { 0 } };

	(void)state;
	for (int i = 0; i < 100; i++)
		for (int w = 0; w < WORKLOAD_COUNT; w++)
			assert_int_equal(pace_ask(&p, w, 1000), 0);
	assert_int_equal(pace_longest(&p, 1000), 0);
}

static void test_pause(void **state)
{
	struct pace p = { .sent = { 0 } };

	(void)state;
	pace_throttled(&p, WORKLOAD_DIRECTORY, 1000, 5000);
	pace_throttled(&p, WORKLOAD_DIRECTORY, 2000, 1000);	/* the longer one holds */
	assert_int_equal(pace_ask(&p, WORKLOAD_DIRECTORY, 2000), 4000);
	assert_int_equal(pace_ask(&p, WORKLOAD_REPORTS, 2000), 0);
	assert_int_equal(pace_longest(&p, 2000), 4000);
	assert_int_equal(pace_ask(&p, WORKLOAD_DIRECTORY, 6000), 0);
	assert_int_equal(pace_longest(&p, 6000), 0);
}

/* After the first 429 never more than five reports in any ten seconds, and one
 * request a second about Conditional Access (facts graph.md 10.1). */
static void test_limits(void **state)
{
	static const struct {
		enum workload w;
		unsigned requests;
		int64_t span_ms;
	} rows[] = {
		{ WORKLOAD_REPORTS, 5, 10000 },
		{ WORKLOAD_ACCESS, 1, 1000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pace p = { .sent = { 0 } };
		int64_t sent[40], now = 1000;
		unsigned n = 0;

		pace_throttled(&p, rows[i].w, now, 0);
		while (n < COUNT_OF(sent)) {
			int64_t wait = pace_ask(&p, rows[i].w, now);

			if (!wait)
				sent[n++] = now;
			assert_true(wait >= 0 && wait <= rows[i].span_ms);
			now += wait ? wait : 7;
		}
		for (unsigned k = rows[i].requests; k < n; k++)
			assert_true(sent[k] - sent[k - rows[i].requests] >= rows[i].span_ms);
		/* And no slower than allowed. */
		assert_true(sent[n - 1] - sent[0] <=
			    rows[i].span_ms * (n / rows[i].requests) + 7 * n);
	}
}

/* The directory has no limit that we could count to. */
static void test_directory_is_not_counted(void **state)
{
	struct pace p = { .sent = { 0 } };

	(void)state;
	pace_throttled(&p, WORKLOAD_DIRECTORY, 1000, 10);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(pace_ask(&p, WORKLOAD_DIRECTORY, 1010), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_workloads),
		cmocka_unit_test(test_free_at_first),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_directory_is_not_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
