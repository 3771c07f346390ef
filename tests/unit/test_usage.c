#include "checks/report_monitor.h"
#include "checks/usage.h"
#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

/* A log of three attempts: one well, one that failed first and then went well
 * under the same correlation, one that only failed. Newest first, as read. */
static void fill(struct facts *f)
{
	healthy_facts(f);
	f->audit.n = f->audit.total = 0;
	add_event(f, EVENT_BLOCKED, "success", "blocked for 24 hours", HOUR_MS, "c9");
	add_event(f, EVENT_RESET, "failure", "We could not reach your on-premises password "
		  "reset service. Check", 2 * HOUR_MS, "c3");
	add_event(f, EVENT_FLOW, "failure", "We could not reach your on-premises password "
		  "reset service. Check", 3 * HOUR_MS, "c3");
	add_event(f, EVENT_RESET, "success", "Successfully completed reset.", DAY_MS, "c2")
		->agent = "Microsoft Entra Connect";
	add_event(f, EVENT_FLOW, "failure", "FuzzyPolicyViolationInvalidPassword",
		  DAY_MS + HOUR_MS, "c2");
	add_event(f, EVENT_RESET, "success", "Successfully completed reset.", 2 * DAY_MS, "c1");
	add_event(f, EVENT_FLOW, "success", "User completed the email verification option",
		  2 * DAY_MS, "c1");
	add_event(f, EVENT_REGISTERED, "success", "", 3 * DAY_MS, "c8");
	add_event(f, EVENT_RESET, "success", "Successfully completed reset.", 20 * DAY_MS, "c0");
}

static void test_counts(void **state)
{
	struct arena arena = { 0 };
	struct facts f;
	struct usage u;

	(void)state;
	fill(&f);
	usage_count_events(&f, &(struct event_filter){ .days = 7 }, &u, &arena);
	assert_true(u.complete);
	assert_int_equal(u.ndays, 7);
	assert_int_equal(u.attempts, 3);
	assert_int_equal(u.succeeded, 2);
	assert_int_equal(u.total.resets, 2);
	assert_int_equal(u.total.refused, 1);
	assert_int_equal(u.total.registered, 1);
	assert_int_equal(u.total.blocked, 1);
	assert_int_equal(u.written_back, 1);
	assert_int_equal(u.days[6].attempts, 1);
	assert_int_equal(u.days[5].attempts, 1);
	assert_int_equal(u.days[4].attempts, 1);
	/* Two events of one failed attempt are one failure; the attempt that went
	 * well in the end has none. */
	assert_int_equal(u.failures.n, 1);
	assert_int_equal(u.failures.v[0].n, 1);
	assert_string_equal(u.failures.v[0].plain,
			    "The server that writes passwords back did not answer.");
	assert_string_equal(u.ways.v[0].text, "email verification option");
	assert_string_equal(u.blocked.v[0].text, "ann@contoso.com");
	assert_string_equal(usage_rate_text(&u, &arena), "2 of 3 attempts (66 %)");
	assert_string_equal(usage_limits(&f, &u, &arena), "");

	usage_count_events(&f, &(struct event_filter){ .days = 30 }, &u, &arena);
	assert_int_equal(u.attempts, 4);
	arena_clear(&arena);
	facts_release(&f);
}

static void test_limits(void **state)
{
	struct arena arena = { 0 };
	struct facts f;
	struct usage u;

	(void)state;
	fill(&f);
	f.audit.total = 5000;
	usage_count_events(&f, &(struct event_filter){ .days = 30 }, &u, &arena);
	assert_false(u.complete);
	assert_non_null(strstr(usage_limits(&f, &u, &arena), "newest 9"));
	f.licences.v[0].p1 = false;
	assert_non_null(strstr(usage_limits(&f, &u, &arena), "7 days"));
	f.audit.n = f.audit.total = 0;
	usage_count_events(&f, &(struct event_filter){ .days = 30 }, &u, &arena);
	assert_string_equal(usage_rate_text(&u, &arena), "nobody tried");
	assert_non_null(strstr(usage_limits(&f, &u, &arena), "nothing is gathered"));
	arena_clear(&arena);
	facts_release(&f);
}

static void test_charts(void **state)
{
	static const size_t v[] = { 0, 1, 4, 8 };
	CLEANUP(str_release) struct str out = { 0 };

	(void)state;
	chart_columns(&out, v, COUNT_OF(v), true);
	assert_string_equal(str_text(&out), " _:#");
	str_clear(&out);
	chart_columns(&out, v, COUNT_OF(v), false);
	assert_string_equal(str_text(&out), " ▁▄█");
	str_clear(&out);
	chart_columns(&out, v, 1, true);
	assert_string_equal(str_text(&out), " ");
	str_clear(&out);
	chart_bar(&out, 1, 100, 10, true);
	str_add_char(&out, '|');
	chart_bar(&out, 0, 0, 10, true);
	chart_bar(&out, 5, 5, 3, true);
	assert_string_equal(str_text(&out), "#|###");
}

/* Person and period narrow the numbers; result and kind only the list. */
static void test_filters(void **state)
{
	struct event_filter filter = { .days = 7, .result = RESULT_FAILURE };
	struct arena arena = { 0 };
	struct facts f;
	struct usage u;

	(void)state;
	fill(&f);
	f.audit.v[0].upn = "joann@contoso.com";
	usage_count_events(&f, &filter, &u, &arena);
	assert_int_equal(u.attempts, 3);
	assert_int_equal(u.nevents, 3);
	assert_int_equal(u.total.listed, 3);
	assert_int_equal(u.days[6].listed, 2);
	assert_string_equal(filter_text(&filter, &arena), "only failures");
	filter.kinds = EVENT_BIT(EVENT_FLOW);
	usage_count_events(&f, &filter, &u, &arena);
	assert_int_equal(u.nevents, 2);
	assert_int_equal(u.attempts, 3);

	/* A whole name is not a part of a longer one; a part is. */
	filter = (struct event_filter){ .user = "ANN@contoso.com" };
	usage_count_events(&f, &filter, &u, &arena);
	assert_int_equal(u.nevents, 8);
	assert_int_equal(u.blocked.n, 0);
	filter.user = "ann";
	usage_count_events(&f, &filter, &u, &arena);
	assert_int_equal(u.nevents, 9);
	assert_string_equal(filter_text(&filter, &arena), "only ann");
	filter.user = "nobody";
	usage_count_events(&f, &filter, &u, &arena);
	assert_int_equal(u.attempts + u.nevents + u.blocked.n, 0);

	/* From the middle of a day: that day is there, its morning is not counted. */
	filter = (struct event_filter){ .since_ms = NOW_MS - DAY_MS };
	usage_count_events(&f, &filter, &u, &arena);
	assert_int_equal(u.ndays, 2);
	assert_int_equal(u.nevents, 4);
	assert_int_equal(u.since_ms, NOW_MS - DAY_MS);
	filter.since_ms = NOW_MS - 400 * DAY_MS;
	usage_count_events(&f, &filter, &u, &arena);
	assert_int_equal(u.ndays, USAGE_DAYS_MAX);
	filter.since_ms = NOW_MS + DAY_MS;
	usage_count_events(&f, &filter, &u, &arena);
	assert_int_equal(u.ndays, 1);
	assert_int_equal(u.nevents, 0);
	arena_clear(&arena);
	facts_release(&f);
}

static void test_texts_outlive_the_facts(void **state)
{
	struct event_filter filter = { .days = 7 };
	struct arena arena = { 0 };
	char reason[] = "Successfully completed reset.";
	struct facts f;
	struct usage u;

	(void)state;
	fill(&f);
	f.audit.v[3].reason = reason;
	usage_count_events(&f, &filter, &u, &arena);
	reason[0] = 'X';
	facts_release(&f);
	assert_string_equal(u.events[3].reason, "Successfully completed reset.");
	arena_clear(&arena);
}

static void test_filter_words(void **state)
{
	int64_t ms = 7;

	(void)state;
	for (int i = 0; i <= EVENT_OTHER; i++)
		assert_int_equal(event_kind_by_name(event_kind_name((enum event_kind)i)), i);
	assert_int_equal(event_kind_by_name("resets"), -1);
	assert_int_equal(event_kind_by_name(NULL), -1);
	assert_int_equal(event_result_by_name("failure"), RESULT_FAILURE);
	assert_int_equal(event_result_by_name(NULL), RESULT_ANY);
	assert_int_equal(since_parse("2026-11-03", &ms), 0);
	assert_int_equal(ms % DAY_MS, 0);
	assert_int_equal(since_parse("2026-11-03T01:00:00Z", &ms), 0);
	assert_int_equal(ms % DAY_MS, HOUR_MS);
	assert_int_equal(since_parse("yesterday", &ms), -1);
	assert_int_equal(since_parse("2026-13-03", &ms), -1);
	assert_int_equal(since_parse(NULL, &ms), -1);
	assert_int_equal(ms % DAY_MS, HOUR_MS);
}

/* Days outside the window and a day to come are left out; of one person it knows
 * nothing, and without beta nothing at all. */
static void test_microsoft(void **state)
{
	struct reset_day days[] = {
		{ NOW_MS / DAY_MS * DAY_MS, 3, 1, 2 },
		{ NOW_MS / DAY_MS * DAY_MS - 6 * DAY_MS, 1, 0, 4 },
		{ NOW_MS / DAY_MS * DAY_MS - 7 * DAY_MS, 100, 100, 100 },
		{ NOW_MS + DAY_MS, 100, 100, 100 },
		{ 0, 100, 100, 100 },
	};
	struct arena arena = { 0 };
	struct facts f;
	struct usage u;

	(void)state;
	fill(&f);
	f.reset_days = (struct reset_days){ .v = days, .n = COUNT_OF(days) };
	usage_count_events(&f, &(struct event_filter){ .days = 7 }, &u, &arena);
	assert_string_equal(usage_microsoft(&f, &u, &arena),
			    "4 resets by people, 1 by administrators, 6 changes, told of 2 of 7 "
			    "days (beta)");
	usage_count_events(&f, &(struct event_filter){ .days = 7, .user = "ann" }, &u, &arena);
	assert_string_equal(usage_microsoft(&f, &u, &arena), "");
	f.source[AREA_RESETS].state = SOURCE_SKIPPED;
	usage_count_events(&f, &(struct event_filter){ .days = 7 }, &u, &arena);
	assert_string_equal(usage_microsoft(&f, &u, &arena), "");
	f.reset_days = (struct reset_days){ .n = 0 };
	arena_clear(&arena);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_microsoft),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_charts),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_texts_outlive_the_facts),
		cmocka_unit_test(test_filter_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
