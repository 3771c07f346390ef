#include "tests/unit/healthy_facts.h"

#include "graph/base/clock.h"
#include "graph/base/mem.h"

static int64_t at(const char *iso)
{
	int64_t ms = 0;

	assert_int_equal(time_parse(iso, &ms), 0);
	return ms;
}

static void test_table(void **state)
{
	static const struct {
		const char *id, *date;
	} cases[] = {
		{ "sms-voice-retirement", "2027-02-01T00:00:00Z" },
		{ "security-questions", "2027-03-01T00:00:00Z" },
		{ "registered-only", "2026-09-07T00:00:00Z" },
		{ "passkey-campaign", "2026-09-01T00:00:00Z" },
		{ "legacy-policies-end", "2025-09-30T00:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct dated *d = dated_find(cases[i].id);

		assert_non_null(d);
		assert_int_equal(d->date_ms, at(cases[i].date));
		assert_non_null(strstr(d->what, "%s"));
		assert_non_null(strstr(d->what_past, "%s"));
		assert_non_null(d->source);
		assert_non_null(d->as_of);
	}
	assert_null(dated_find("no such"));
}

static void test_text(void **state)
{
	static const struct {
		const char *cloud, *id, *now, *text;
	} cases[] = {
		{ "global", "sms-voice-retirement", "2026-11-25T10:00:00Z",
		  "SMS and voice calls from Microsoft, also for password reset, end on "
		  "1 Feb 2027, in 68 days." },
		{ "global", "sms-voice-retirement", "2027-01-31T23:59:00Z",
		  "SMS and voice calls from Microsoft, also for password reset, end on "
		  "1 Feb 2027, tomorrow." },
		{ "global", "sms-voice-retirement", "2027-02-01T00:00:00Z",
		  "SMS and voice calls from Microsoft, also for password reset, end on "
		  "1 Feb 2027, today." },
		{ "global", "sms-voice-retirement", "2027-02-02T00:00:00Z",
		  "SMS and voice calls from Microsoft, also for password reset, ended on "
		  "1 Feb 2027, yesterday." },
		{ "global", "sms-voice-retirement", "2027-02-11T08:00:00Z",
		  "SMS and voice calls from Microsoft, also for password reset, ended on "
		  "1 Feb 2027, 10 days ago." },
		{ "global", "security-questions", "2026-11-25T10:00:00Z",
		  "Security questions leave password reset in Mar 2027, in about 96 days." },
		{ "global", "registered-only", "2026-11-25T10:00:00Z",
		  "Only methods that people registered themselves count since 7 Sep 2026, "
		  "79 days ago." },
		{ "global", "no such", "2026-11-25T10:00:00Z", "" },
		{ "usgov", "security-questions", "2026-11-25T10:00:00Z",
		  "Security questions leave password reset in Mar 2027, in about 96 days." },
		{ "dod", "sms-voice-retirement", "2027-02-02T00:00:00Z",
		  "SMS and voice calls from Microsoft, also for password reset, ended on "
		  "1 Feb 2027, yesterday. That is the global cloud; this one follows later, on "
		  "no date that is known." },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(dated_text(cases[i].id, cases[i].cloud, at(cases[i].now), &arena),
				    cases[i].text);
	assert_true(dated_over("sms-voice-retirement", "global", at("2027-02-02T00:00:00Z")));
	assert_false(dated_over("sms-voice-retirement", "global", at("2027-01-31T00:00:00Z")));
	assert_false(dated_over("sms-voice-retirement", "china", at("2027-02-02T00:00:00Z")));
	assert_true(dated_over("registered-only", "usgov", at("2027-02-02T00:00:00Z")));
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
