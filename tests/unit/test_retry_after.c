#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/base/mem.h"
#include "graph/retry.h"

#define NOW INT64_C(1795600800000)	/* Wed, 25 Nov 2026 10:00:00 GMT */

static void test_header(void **state)
{
	static const struct {
		const char *value;
		int64_t want;
	} rows[] = {
		{ NULL, -1 },
		{ "", -1 },
		{ "7", 7000 },
		{ "0", 0 },
		{ "  12 ", 12000 },
		{ "2.128", 3000 },	/* facts graph.md 10.2: rounded up */
		{ "1.5", 2000 },
		{ "2.0", 2000 },
		{ ".5", 1000 },
		{ "3.", 3000 },
		{ ".", -1 },
		{ "1,5", -1 },
		{ "-3", -1 },
		{ "0x10", -1 },
		{ "1e3", -1 },
		{ "soon", -1 },
		{ "7 seconds", -1 },
		{ "nan", -1 },
		/* Never read as "now": a wait longer than our patience ends the call. */
		{ "99999999999999999999999999", INT64_C(1000000000000) },
		{ "Wed, 25 Nov 2026 10:00:30 GMT", 30000 },
		{ "Wed, 25 Nov 2026 09:59:30 GMT", 0 },
		{ "Thu, 26 Nov 2026 10:00:00 GMT", 86400000 },
		{ "Wed, 25 Foo 2026 10:00:30 GMT", -1 },
		{ "Wed, 99 Nov 2026 10:00:30 GMT", -1 },
		{ "Wed, 25 Nov", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (retry_after_ms(rows[i].value, NOW) != rows[i].want)
			fail_msg("\"%s\": %lld", rows[i].value ? rows[i].value : "(absent)",
				 (long long)retry_after_ms(rows[i].value, NOW));
}

/* A date means what it means to the service, whose clock may differ from ours. */
static void test_answer(void **state)
{
	static const struct {
		const char *date, *after;
		int64_t want;
	} rows[] = {
		{ NULL, NULL, -1 },
		{ "Wed, 25 Nov 2026 09:48:00 GMT", NULL, -1 },
		{ NULL, "Wed, 25 Nov 2026 10:00:30 GMT", 30000 },
		{ "Wed, 25 Nov 2026 09:48:00 GMT", "Wed, 25 Nov 2026 09:48:30 GMT", 30000 },
		{ "Wed, 25 Nov 2026 10:12:00 GMT", "Wed, 25 Nov 2026 10:12:30 GMT", 30000 },
		{ "Wed, 25 Nov 2026 10:12:00 GMT", "Wed, 25 Nov 2026 10:11:30 GMT", 0 },
		{ "Wed, 25 Nov 2026 10:12:00 GMT", "7", 7000 },
		{ "today", "Wed, 25 Nov 2026 10:00:30 GMT", 30000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct headers h = { 0 };

		if (rows[i].date)
			headers_add(&h, "date", rows[i].date);
		if (rows[i].after)
			headers_add(&h, "retry-after", rows[i].after);
		if (retry_asked_ms(&h, NOW) != rows[i].want)
			fail_msg("row %zu: %lld", i, (long long)retry_asked_ms(&h, NOW));
		headers_release(&h);
	}
}

static void test_backoff(void **state)
{
	static const int64_t want[] = { 3000, 6000, 12000, 24000, 48000, 60000, 60000 };

	(void)state;
	for (unsigned n = 1; n <= COUNT_OF(want); n++) {
		assert_int_equal(retry_backoff_ms(n, 0), want[n - 1]);
		assert_int_equal(retry_backoff_ms(n, 4294967295u), want[n - 1] + 4294967295u % 1000);
		assert_true(retry_backoff_ms(n, 999) < want[n - 1] + 1000);
	}
	assert_true(retry_backoff_ms(4000000000u, 0) == 60000);
}

static void test_statuses(void **state)
{
	static const struct {
		int status;
		bool read, write, write_when_asked;
	} rows[] = {
		{ 400, false, false, false }, { 401, false, false, false },
		{ 403, false, false, false }, { 404, false, false, false },
		{ 409, false, false, false }, { 412, false, false, false },
		{ 429, true, true, true },    { 500, true, false, false },
		{ 501, false, false, false }, { 502, true, false, false },
		{ 503, true, false, true },   { 504, true, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(retry_status(rows[i].status, false, false), rows[i].read);
		assert_int_equal(retry_status(rows[i].status, true, false), rows[i].write);
		assert_int_equal(retry_status(rows[i].status, true, true), rows[i].write_when_asked);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_backoff),
		cmocka_unit_test(test_statuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
