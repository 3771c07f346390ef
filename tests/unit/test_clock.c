#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"

#define DAY INT64_C(86400000)

static void test_virtual(void **state)
{
	int64_t mono;

	(void)state;
	assert_false(clock_is_virtual());
	assert_true(clock_now_ms() > INT64_C(1700000000000));
	clock_set_virtual(5000);
	assert_true(clock_is_virtual());
	mono = clock_mono_ms();
	assert_true(mono > 0);
	assert_int_equal(clock_now_ms(), 5000);
	clock_advance(250);
	clock_advance(-10);	/* a clock does not go back */
	assert_int_equal(clock_now_ms(), 5250);
	assert_int_equal(clock_mono_ms() - mono, 250);
	clock_set_virtual(0);	/* a new date is no interval */
	assert_int_equal(clock_mono_ms() - mono, 250);
	clock_set_real();
	assert_false(clock_is_virtual());
	clock_advance(DAY);
	assert_true(clock_now_ms() / 1000 - (int64_t)time(NULL) <= 1);
}

static const struct {
	const char *text;
	int64_t ms;
} good[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "1969-12-31T23:59:59.999Z", -1 },
	{ "2026-11-25T10:11:12Z", INT64_C(1795601472000) },
	{ "2026-11-25T10:11:12.1Z", INT64_C(1795601472100) },
	{ "2026-11-25T10:11:12.1234567Z", INT64_C(1795601472123) },
	{ "2026-11-25T10:11:12.000999999999999999Z", INT64_C(1795601472000) },
	{ "2026-11-25T11:11:12+01:00", INT64_C(1795601472000) },
	{ "2026-11-25T04:41:12-05:30", INT64_C(1795601472000) },
	{ "2026-11-25T10:11:12-00:00", INT64_C(1795601472000) },
	{ "2024-02-29T00:00:00Z", INT64_C(1709164800000) },
	{ "2000-02-29T00:00:00Z", INT64_C(951782400000) },
	{ "2016-12-31T23:59:60Z", INT64_C(1483228800000) },
	{ "0001-01-01T00:00:00Z", INT64_C(-62135596800000) },
	{ "9999-12-31T23:59:59.9999999Z", INT64_C(253402300799999) },
	{ "0000-01-01T00:00:00Z", INT64_C(-62167219200000) },
};

static void test_parse(void **state)
{
	static const char *const bad[] = {
		"", " ", "Z", "2026-11-25", "2026-11-25T10:11Z", "2026-11-25T10:11:12",
		"2026-11-25T10:11:12.Z", "2026-11-25T10:11:12,5Z", "2026-11-25 10:11:12Z",
		"2026-11-25T10:11:12z", "2026-11-25T10:11:12ZZ", "2026-11-25T10:11:12Z ",
		" 2026-11-25T10:11:12Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-11-00T00:00:00Z", "2026-11-25T24:00:00Z", "2026-11-25T10:60:00Z",
		"2026-11-25T10:11:61Z", "2026-11-25T10:11:12+1:00", "2026-11-25T10:11:12+0100",
		"2026-11-25T10:11:12+24:00", "2026-11-25T10:11:12+01:60", "-026-11-25T10:11:12Z",
		"20261125T101112Z", "12026-11-25T10:11:12Z", "2026-11-25T10:11:12+",
		"2026-1\xEF\xBC\x91-25T10:11:12Z", "+026-11-25T10:11:12Z", "2026-11-25T-1:11:12Z",
	};
	int64_t ms = 77;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		if (time_parse(good[i].text, &ms) || ms != good[i].ms)
			fail_msg("%s: %lld", good[i].text, (long long)ms);
	}
	ms = 77;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		if (!time_parse(bad[i], &ms))
			fail_msg("accepted %s", bad[i]);
		assert_int_equal(ms, 77);
	}
	assert_int_equal(time_parse(NULL, &ms), -1);
}

static void test_format(void **state)
{
	char out[TIME_TEXT];

	(void)state;
	assert_string_equal(time_format(INT64_C(1795601472123), out), "2026-11-25T10:11:12Z");
	assert_string_equal(time_format_graph(INT64_C(1795601472123), out),
			    "2026-11-25T10:11:12.1230000Z");
	assert_string_equal(time_format_date(INT64_C(1795601472123), out), "25 Nov 2026");
	assert_string_equal(time_format_date(0, out), "1 Jan 1970");
	assert_string_equal(time_format(-1, out), "1969-12-31T23:59:59Z");
	assert_string_equal(time_format(INT64_MAX, out), "9999-12-31T23:59:59Z");
	assert_string_equal(time_format_graph(INT64_MIN, out), "0000-01-01T00:00:00.0000000Z");
}

/* Held against the system's own calendar, a day in each 37 over 9999 years. */
static void test_calendar(void **state)
{
	(void)state;
	for (int64_t day = -719528; day <= 2932896; day += 37) {
		time_t t = (time_t)(day * 86400 + 12345);
		char ours[TIME_TEXT], theirs[TIME_TEXT];
		struct tm tm;
		int64_t ms;

		assert_non_null(gmtime_r(&t, &tm));
		time_format((int64_t)t * 1000, ours);
		strftime(theirs, sizeof(theirs), "-%m-%dT%H:%M:%SZ", &tm);
		assert_string_equal(ours + 4, theirs);
		assert_int_equal(time_parse(ours, &ms), 0);
		assert_int_equal(ms, (int64_t)t * 1000);
	}
}

static void test_span(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} table[] = {
		{ 0, "0 s" }, { 999, "0 s" }, { 12000, "12 s" }, { -12000, "12 s" },
		{ 59999, "59 s" }, { 60000, "1 min" }, { 3 * 60000 + 59000, "3 min" },
		{ 3600000, "1 h" }, { 5 * 3600000 + 1, "5 h" }, { 2 * DAY - 1, "47 h" },
		{ 2 * DAY, "2 days" }, { 4 * DAY + 5, "4 days" },
	};
	char out[TIME_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(table); i++)
		assert_string_equal(time_span(table[i].ms, out), table[i].text);
	time_span(INT64_MIN, out);
	time_span(INT64_MAX, out);
}

static void test_days_until(void **state)
{
	int64_t noon = 20000 * DAY + DAY / 2;

	(void)state;
	assert_int_equal(time_days_until(noon, noon), 0);
	assert_int_equal(time_days_until(noon, 20001 * DAY), 1);
	assert_int_equal(time_days_until(noon, 20000 * DAY), 0);
	assert_int_equal(time_days_until(noon, 20000 * DAY - 1), -1);
	assert_int_equal(time_days_until(-1, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_virtual),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_days_until),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
