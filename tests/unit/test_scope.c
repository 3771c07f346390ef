#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

static void add_word(struct facts *f, const char *setting, const char *value, int64_t age_ms)
{
	ARENA_GROW(&f->arena, f->attestations.v, f->attestations.n, f->attestations.cap);
	f->attestations.v[f->attestations.n++] = (struct attestation){
		.setting = setting, .value = value, .who = "ann@contoso.com",
		.time_ms = NOW_MS - age_ms };
}

static void scope_event(struct facts *f, const char *value, int64_t age_ms)
{
	f->audit.scope = (struct policy_value){
		.old_value = "0", .new_value = value, .actor = "root@contoso.com",
		.time_ms = NOW_MS - age_ms };
}

/* Counts of the report, all rows 5 hours old at most. */
static void report(struct facts *f, size_t total, size_t enabled, size_t in_group,
		   size_t enabled_in_group)
{
	struct registration *r = &f->registration;

	r->members_total = total;
	r->enabled_total = enabled;
	r->enabled_in_group = enabled_in_group;
	r->not_enabled_in_group = in_group - enabled_in_group;
	r->enabled_outside = enabled - enabled_in_group;
	r->not_enabled_outside = total - enabled - r->not_enabled_in_group;
	r->have_counts = true;
	r->count_total = total;
	r->count_enabled = enabled;
}

static void no_report(struct facts *f)
{
	memset(&f->registration, 0, sizeof(f->registration));
	lose_area(f, AREA_REGISTRATION, SOURCE_FORBIDDEN, "403");
}

static void none(struct facts *f)
{
	report(f, 100, 0, 4, 0);
}

static void none_empty_group(struct facts *f)
{
	report(f, 100, 0, 0, 0);
}

static void none_no_group(struct facts *f)
{
	report(f, 100, 0, 0, 0);
	f->groups.chosen = NULL;
	lose_area(f, AREA_MEMBERS, SOURCE_ABSENT, "no group");
}

static void everybody(struct facts *f)
{
	report(f, 100, 100, 4, 4);
}

static void everybody_in_group(struct facts *f)
{
	report(f, 4, 4, 4, 4);
}

static void other_group(struct facts *f)
{
	report(f, 100, 7, 4, 0);
}

static void larger_group(struct facts *f)
{
	report(f, 100, 10, 4, 4);
}

static void members_hidden(struct facts *f)
{
	lose_area(f, AREA_MEMBERS, SOURCE_FORBIDDEN, "403");
}

static void counts_disagree(struct facts *f)
{
	f->registration.count_enabled = 0;
}

static void only_counts(struct facts *f)
{
	report(f, 100, 30, 4, 4);
	f->registration.members_total = f->registration.enabled_total = 0;
}

static void only_score(struct facts *f)
{
	no_report(f);
	f->score = (struct score){ .count = 100, .total = 100, .synced_ms = NOW_MS - DAY_MS };
}

static void score_ratio(struct facts *f)
{
	no_report(f);
	f->score = (struct score){ .count = 4, .total = 100, .synced_ms = NOW_MS - DAY_MS };
}

static void score_none(struct facts *f)
{
	no_report(f);
	f->score = (struct score){ .count = 0, .total = 100, .synced_ms = NOW_MS - DAY_MS };
}

/* People in the group, of whom the report's rows tell nothing. */
static void group_of(struct facts *f, size_t n)
{
	ARENA_GROW(&f->arena, f->members.people.v, f->members.people.n, f->members.people.cap);
	f->members.people.n = n;
}

static void score_group_of_all(struct facts *f)
{
	only_score(f);
	group_of(f, 100);
}

static void score_empty_group(struct facts *f)
{
	score_none(f);
	group_of(f, 0);
}

static void score_fewer_than_group(struct facts *f)
{
	score_ratio(f);
	group_of(f, 5);
}

static void counts_group_of_all(struct facts *f)
{
	only_counts(f);
	f->registration.count_enabled = 100;
	group_of(f, 100);
}

static void counts_none_empty_group(struct facts *f)
{
	only_counts(f);
	f->registration.count_enabled = 0;
	group_of(f, 0);
}

static void counts_none(struct facts *f)
{
	only_counts(f);
	f->registration.count_enabled = 0;
}

static void three_agree(struct facts *f)
{
	scope_event(f, "1", 2 * DAY_MS);
	add_word(f, "scope", "Selected", DAY_MS);
}

static void nothing(struct facts *f)
{
	no_report(f);
}

static void event_only(struct facts *f)
{
	no_report(f);
	scope_event(f, "1", DAY_MS);
}

/* Of a day ago at most; the administrators and others make 101 people. */
static void recommend(struct facts *f, const char *status, double score, int64_t age_ms)
{
	f->recommendation = (struct recommendation){
		.status = status, .score = score, .max_score = 101,
		.checked_ms = NOW_MS - age_ms };
}

/* No report, and a score that tells only how many people there are. */
static void only_recommendation(struct facts *f, const char *status, double score)
{
	no_report(f);
	f->score = (struct score){ .count = -1, .total = 101 };
	recommend(f, status, score, DAY_MS);
}

static void recommended_done(struct facts *f)
{
	only_recommendation(f, "completedBySystem", 101);
}

static void recommended_done_group_of_all(struct facts *f)
{
	recommended_done(f);
	group_of(f, 101);
}

static void recommended_done_of_unknown(struct facts *f)
{
	recommended_done(f);
	f->score.total = -1;
}

static void recommended_none(struct facts *f)
{
	only_recommendation(f, "active", 0);
}

static void recommended_none_empty_group(struct facts *f)
{
	recommended_none(f);
	group_of(f, 0);
}

static void recommended_none_members_hidden(struct facts *f)
{
	recommended_none(f);
	members_hidden(f);
}

static void recommended_some(struct facts *f)
{
	only_recommendation(f, "active", 30);
}

static void recommended_some_of_many(struct facts *f)
{
	recommended_some(f);
	f->score.total = 25000;
	f->recommendation.score = 12345;
	f->recommendation.max_score = 25000;
}

static void recommended_some_of_unknown(struct facts *f)
{
	recommended_some(f);
	f->score.total = -1;
}

static void recommended_some_larger_group(struct facts *f)
{
	recommended_some(f);
	group_of(f, 31);
}

static void recommended_dismissed(struct facts *f)
{
	only_recommendation(f, "dismissed", 0);
}

static void recommended_by_user(struct facts *f)
{
	only_recommendation(f, "completedByUser", 101);
}

static void recommended_without_score(struct facts *f)
{
	only_recommendation(f, "active", -1);
}

static void recommended_without_time(struct facts *f)
{
	recommended_done(f);
	f->recommendation.checked_ms = 0;
}

static void recommendation_agrees(struct facts *f)
{
	everybody(f);
	recommend(f, "completedBySystem", 101, HOUR_MS);
}

/* It is of yesterday, and the rows of today say otherwise. */
static void recommendation_is_late(struct facts *f)
{
	everybody(f);
	recommend(f, "active", 0, DAY_MS);
}

static void recommendation_is_newer(struct facts *f)
{
	everybody(f);
	recommend(f, "active", 0, HOUR_MS);
}

static void recommendation_before_event(struct facts *f)
{
	event_only(f);
	recommend(f, "active", 0, 2 * DAY_MS);
}

static void recommendation_not_read(struct facts *f)
{
	recommended_done(f);
	lose_area(f, AREA_RECOMMENDATION, SOURCE_FORBIDDEN, "403");
}

static void event_word_form(struct facts *f)
{
	no_report(f);
	scope_event(f, "All", DAY_MS);
}

static void event_agrees(struct facts *f)
{
	scope_event(f, "Selected", 2 * DAY_MS);
}

static void event_newer_than_report(struct facts *f)
{
	none(f);
	scope_event(f, "1", HOUR_MS);
}

static void report_newer_than_event(struct facts *f)
{
	none(f);
	scope_event(f, "1", 2 * DAY_MS);
}

static void event_strange(struct facts *f)
{
	scope_event(f, "7", HOUR_MS);
}

static void word_only(struct facts *f)
{
	no_report(f);
	add_word(f, "enablement.scope", "Selected", DAY_MS);
}

static void word_newest(struct facts *f)
{
	no_report(f);
	add_word(f, "scope", "All", 3 * DAY_MS);
	add_word(f, "scope", "Selected", DAY_MS);
}

static void word_newer_than_report(struct facts *f)
{
	none(f);
	add_word(f, "scope", "Selected", HOUR_MS);
}

static void report_newer_than_word(struct facts *f)
{
	none(f);
	add_word(f, "scope", "Selected", 2 * DAY_MS);
}

static void word_before_event(struct facts *f)
{
	no_report(f);
	add_word(f, "scope", "All", 3 * DAY_MS);
	scope_event(f, "1", DAY_MS);
}

static void word_against_event(struct facts *f)
{
	no_report(f);
	scope_event(f, "1", 3 * DAY_MS);
	add_word(f, "scope", "All", DAY_MS);
}

static void word_just_said(struct facts *f)
{
	no_report(f);
	scope_event(f, "0", 3 * DAY_MS);
	add_word(f, "scope", "Selected", HOUR_MS / 2);
}

static void word_with_event(struct facts *f)
{
	no_report(f);
	scope_event(f, "1", 3 * DAY_MS);
	add_word(f, "scope", "Selected", HOUR_MS / 2);
}

static const struct {
	const char *what;
	void (*change)(struct facts *f);
	enum scope scope;
	enum confidence confidence;
	const char *how;
} cases[] = {
	{ "the group", NULL, SCOPE_SELECTED, CONFIDENCE_LIKELY, "4 of 4 people in the group" },
	{ "nobody", none, SCOPE_NONE, CONFIDENCE_LIKELY, "none of 100" },
	{ "nobody, empty group", none_empty_group, SCOPE_UNKNOWN, CONFIDENCE_NONE,
	  "look the same" },
	{ "nobody, no group", none_no_group, SCOPE_NONE, CONFIDENCE_LIKELY, NULL },
	{ "everybody", everybody, SCOPE_ALL, CONFIDENCE_LIKELY, "96 of them outside" },
	{ "everybody is in the group", everybody_in_group, SCOPE_UNKNOWN, CONFIDENCE_NONE,
	  "look the same" },
	{ "another group", other_group, SCOPE_SELECTED, CONFIDENCE_LIKELY, "0 of 4" },
	{ "a larger group", larger_group, SCOPE_SELECTED, CONFIDENCE_LIKELY, "6 outside" },
	{ "members hidden", members_hidden, SCOPE_SELECTED, CONFIDENCE_LIKELY, "4 of 100" },
	{ "counts disagree", counts_disagree, SCOPE_UNKNOWN, CONFIDENCE_CONTRADICTED,
	  "disagree" },
	{ "only counts", only_counts, SCOPE_SELECTED, CONFIDENCE_LIKELY, "30 of 100" },
	{ "only the score: all", only_score, SCOPE_ALL, CONFIDENCE_LIKELY, "Secure Score" },
	{ "only the score: some", score_ratio, SCOPE_SELECTED, CONFIDENCE_LIKELY, NULL },
	{ "only the score: none", score_none, SCOPE_NONE, CONFIDENCE_LIKELY, NULL },
	{ "the score, a group of everybody", score_group_of_all, SCOPE_UNKNOWN, CONFIDENCE_NONE,
	  "two readings" },
	{ "the score, an empty group", score_empty_group, SCOPE_UNKNOWN, CONFIDENCE_NONE, NULL },
	{ "the score, maybe administrators alone", score_fewer_than_group, SCOPE_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "counts, a group of everybody", counts_group_of_all, SCOPE_UNKNOWN, CONFIDENCE_NONE,
	  NULL },
	{ "counts, an empty group", counts_none_empty_group, SCOPE_UNKNOWN, CONFIDENCE_NONE,
	  NULL },
	{ "counts: none", counts_none, SCOPE_NONE, CONFIDENCE_LIKELY, "0 of 100" },
	{ "event, rows, counts and a word", three_agree, SCOPE_SELECTED, CONFIDENCE_PROVED,
	  "outside it (as of 25 Nov 2026)" },
	{ "the same, the counts", three_agree, SCOPE_SELECTED, CONFIDENCE_PROVED,
	  "the feature counts enable 4 of 100 people (as of 25 Nov 2026)" },
	{ "the same, the word", three_agree, SCOPE_SELECTED, CONFIDENCE_PROVED,
	  "ann@contoso.com said so on 24 Nov 2026" },
	{ "recommendation: all", recommended_done, SCOPE_ALL, CONFIDENCE_LIKELY,
	  "Entra's recommendation is completed" },
	{ "recommendation, a group of everybody", recommended_done_group_of_all, SCOPE_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "recommendation: all of how many", recommended_done_of_unknown, SCOPE_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "recommendation: none", recommended_none, SCOPE_NONE, CONFIDENCE_LIKELY,
	  "scores 0 of 101" },
	{ "recommendation, an empty group", recommended_none_empty_group, SCOPE_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "recommendation, members hidden", recommended_none_members_hidden, SCOPE_NONE,
	  CONFIDENCE_LIKELY, NULL },
	{ "recommendation: some", recommended_some, SCOPE_SELECTED, CONFIDENCE_LIKELY,
	  "scores 30 of 101" },
	{ "recommendation: some of many", recommended_some_of_many, SCOPE_SELECTED,
	  CONFIDENCE_LIKELY, "scores 12345 of 25000" },
	{ "recommendation: some of how many", recommended_some_of_unknown, SCOPE_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "recommendation, maybe administrators alone", recommended_some_larger_group,
	  SCOPE_UNKNOWN, CONFIDENCE_NONE, NULL },
	{ "recommendation: dismissed", recommended_dismissed, SCOPE_UNKNOWN, CONFIDENCE_NONE,
	  NULL },
	{ "recommendation: called done", recommended_by_user, SCOPE_UNKNOWN, CONFIDENCE_NONE,
	  NULL },
	{ "recommendation without a score", recommended_without_score, SCOPE_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "recommendation without a time", recommended_without_time, SCOPE_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "recommendation and rows agree", recommendation_agrees, SCOPE_ALL, CONFIDENCE_LIKELY,
	  "recommendation is completed" },
	{ "recommendation of yesterday", recommendation_is_late, SCOPE_ALL, CONFIDENCE_LIKELY,
	  "the report enables all" },
	{ "recommendation newer and against", recommendation_is_newer, SCOPE_UNKNOWN,
	  CONFIDENCE_CONTRADICTED, "disagree" },
	{ "recommendation before the event", recommendation_before_event, SCOPE_SELECTED,
	  CONFIDENCE_PROVED, NULL },
	{ "recommendation not to be read", recommendation_not_read, SCOPE_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "nothing", nothing, SCOPE_UNKNOWN, CONFIDENCE_NONE, "Nothing" },
	{ "an event", event_only, SCOPE_SELECTED, CONFIDENCE_PROVED, "root@contoso.com" },
	{ "an event in words", event_word_form, SCOPE_ALL, CONFIDENCE_PROVED, NULL },
	{ "event and report agree", event_agrees, SCOPE_SELECTED, CONFIDENCE_PROVED,
	  "the report" },
	{ "report older than the event", event_newer_than_report, SCOPE_SELECTED,
	  CONFIDENCE_PROVED, NULL },
	{ "report newer and against", report_newer_than_event, SCOPE_UNKNOWN,
	  CONFIDENCE_CONTRADICTED, "disagree" },
	{ "an event we cannot read", event_strange, SCOPE_SELECTED, CONFIDENCE_LIKELY, NULL },
	{ "a word", word_only, SCOPE_SELECTED, CONFIDENCE_ATTESTED, "ann@contoso.com said so" },
	{ "the newest word", word_newest, SCOPE_SELECTED, CONFIDENCE_ATTESTED, NULL },
	{ "word newer than the report", word_newer_than_report, SCOPE_SELECTED,
	  CONFIDENCE_ATTESTED, NULL },
	{ "report newer than the word", report_newer_than_word, SCOPE_UNKNOWN,
	  CONFIDENCE_CONTRADICTED, NULL },
	{ "word before the event", word_before_event, SCOPE_SELECTED, CONFIDENCE_PROVED,
	  NULL },
	{ "word against the event", word_against_event, SCOPE_UNKNOWN,
	  CONFIDENCE_CONTRADICTED, NULL },
	{ "word just said", word_just_said, SCOPE_SELECTED, CONFIDENCE_ATTESTED, NULL },
	{ "word with the event", word_with_event, SCOPE_SELECTED, CONFIDENCE_PROVED, NULL },
};

static void test_scope(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena arena = { 0 };
		enum confidence confidence;
		struct wanted w;
		struct facts f;
		const char *how = NULL;
		enum scope s;

		healthy_facts(&f);
		wanted_runbook(&w);
		if (cases[i].change)
			cases[i].change(&f);
		s = scope_judge(&f, &w, &confidence, &how, &arena);
		if (s != cases[i].scope || confidence != cases[i].confidence)
			fail_msg("%s: %s (%s): %s", cases[i].what, scope_name(s),
				 confidence_name(confidence), how);
		if (cases[i].how && !strstr(how, cases[i].how))
			fail_msg("%s does not say '%s': %s", cases[i].what, cases[i].how, how);
		assert_true(str_ends(how, "."));
		arena_clear(&arena);
		facts_release(&f);
	}
}

static void counts_only_all(struct facts *f)
{
	report(f, 100, 100, 4, 4);
	f->registration.members_total = f->registration.enabled_total = 0;
}

/* Rows of every age: some are older than the event, so they prove nothing. */
static void mixed_rows(struct facts *f)
{
	none(f);
	f->registration.oldest_row_ms = NOW_MS - 9 * DAY_MS;
}

/*
 * An event two days old for each value, against each picture of a report whose
 * rows are all newer (fresh) or not (stale). P: proved as the event says;
 * X: contradicted. In the order None, Selected, All.
 */
static const struct {
	const char *what;
	void (*change)(struct facts *f);
	const char *fresh, *stale;
} pictures[] = {
	{ "nobody enabled", none, "PXX", "PPP" },
	{ "the group enabled", NULL, "XPX", "PPP" },
	{ "everybody enabled", everybody, "XXP", "PPP" },
	{ "another group enabled", other_group, "XPX", "PPP" },
	{ "nobody enabled, empty group", none_empty_group, "PPP", "PPP" },
	{ "everybody is in the group", everybody_in_group, "PPP", "PPP" },
	{ "no group at all", none_no_group, "PXX", "PPP" },
	{ "only counts, some", only_counts, "XPX", "PPP" },
	{ "only counts, all", counts_only_all, "XXP", "PPP" },
	{ "no report", no_report, "PPP", "PPP" },
	{ "rows of every age", mixed_rows, "PPP", "PPP" },
};

static void test_event_and_report(void **state)
{
	static const enum scope scopes[] = { SCOPE_NONE, SCOPE_SELECTED, SCOPE_ALL };
	static const char *const values[] = { "0", "1", "2" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pictures) * COUNT_OF(scopes) * 2; i++) {
		size_t p = i / 6, e = i % 3;
		bool fresh = i % 6 < 3;
		bool proved = (fresh ? pictures[p].fresh : pictures[p].stale)[e] == 'P';
		struct arena arena = { 0 };
		enum confidence confidence;
		const char *how = "";
		struct wanted w;
		struct facts f;
		enum scope s;

		healthy_facts(&f);
		wanted_runbook(&w);
		if (pictures[p].change)
			pictures[p].change(&f);
		if (!fresh)
			f.registration.oldest_row_ms -= 3 * DAY_MS;
		scope_event(&f, values[e], 2 * DAY_MS);
		s = scope_judge(&f, &w, &confidence, &how, &arena);
		if (s != (proved ? scopes[e] : SCOPE_UNKNOWN) ||
		    confidence != (proved ? CONFIDENCE_PROVED : CONFIDENCE_CONTRADICTED))
			fail_msg("%s, %s, set to %s: %s (%s): %s", pictures[p].what,
				 fresh ? "fresh" : "stale", values[e], scope_name(s),
				 confidence_name(confidence), how);
		arena_clear(&arena);
		facts_release(&f);
	}
}

static void test_our_group(void **state)
{
	static const struct {
		void (*change)(struct facts *f);
		enum tri ours;
	} groups[] = {
		{ NULL, TRI_YES }, { other_group, TRI_NO }, { larger_group, TRI_UNKNOWN },
		{ everybody, TRI_UNKNOWN }, { none, TRI_UNKNOWN },
		{ none_no_group, TRI_UNKNOWN },
	};
	struct wanted w;

	(void)state;
	wanted_runbook(&w);
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		struct facts f;

		healthy_facts(&f);
		if (groups[i].change)
			groups[i].change(&f);
		assert_int_equal(scope_is_our_group(&f, &w), groups[i].ours);
		/* The id in the event decides over the picture. */
		scope_event(&f, "1", HOUR_MS / 4);
		f.audit.scope_group = (struct policy_value){
			.new_value = "99999999-0000-0000-0000-000000000009",
			.time_ms = NOW_MS - HOUR_MS / 4 };
		assert_int_equal(scope_is_our_group(&f, &w),
				 f.groups.chosen ? TRI_NO : TRI_UNKNOWN);
		f.audit.scope_group.new_value = GROUP_ID;
		assert_int_equal(scope_is_our_group(&f, &w),
				 f.groups.chosen ? TRI_YES : TRI_UNKNOWN);
		facts_release(&f);
	}
}

static const char *judged(struct facts *f, const char *setting, enum confidence *confidence,
			  int64_t *time_ms)
{
	const char *how = NULL, *value;

	value = setting_judge(f, setting, confidence, &how, time_ms, &f->arena);
	assert_non_null(how);
	return value ? value : "?";
}

static void test_settings(void **state)
{
	enum confidence c;
	struct facts f;
	int64_t t;

	(void)state;
	healthy_facts(&f);
	assert_string_equal(judged(&f, "scope", &c, &t), "Selected");
	assert_string_equal(judged(&f, "methods.required", &c, &t), "?");
	assert_int_equal(c, CONFIDENCE_NONE);
	assert_string_equal(judged(&f, "notifications.users", &c, &t), "?");
	assert_string_equal(judged(&f, "no such setting", &c, &t), "?");

	/* Report rows tell how many methods are required. */
	f.registration.one_method_registered = 9;
	assert_string_equal(judged(&f, "methods.required", &c, &t), "1");
	assert_int_equal(c, CONFIDENCE_LIKELY);
	f.registration.one_method_not = 9;
	assert_string_equal(judged(&f, "methods.required", &c, &t), "?");
	f.registration.one_method_registered = 0;
	assert_string_equal(judged(&f, "methods.required", &c, &t), "2");

	/* The event is newer than the report. */
	f.audit.methods_required = (struct policy_value){ .new_value = "1",
							  .time_ms = NOW_MS - HOUR_MS };
	assert_string_equal(judged(&f, "methods.required", &c, &t), "1");
	assert_int_equal(c, CONFIDENCE_PROVED);
	assert_int_equal(t, NOW_MS - HOUR_MS);

	f.audit.notify_users = (struct policy_value){ .new_value = "True",
						      .time_ms = NOW_MS - HOUR_MS };
	assert_string_equal(judged(&f, "notifications.users", &c, &t), "on");
	f.audit.notify_admins = (struct policy_value){ .new_value = "false",
						       .time_ms = NOW_MS - HOUR_MS };
	assert_string_equal(judged(&f, "notifications.admins", &c, &t), "off");
	add_word(&f, "registration.required", "on", DAY_MS);
	assert_string_equal(judged(&f, "registration.required", &c, &t), "on");
	assert_int_equal(c, CONFIDENCE_ATTESTED);

	/* A word ages: after 90 days it says no more than where to look. */
	f.attestations.v[f.attestations.n - 1].time_ms = NOW_MS - 90 * DAY_MS;
	assert_string_equal(judged(&f, "registration.required", &c, &t), "on");
	f.attestations.v[f.attestations.n - 1].time_ms -= 1;
	assert_string_equal(judged(&f, "registration.required", &c, &t), "?");
	assert_int_equal(c, CONFIDENCE_NONE);
	assert_string_equal(judged(&f, "writeback.tenant", &c, &t), "on");
	f.audit.writeback = (struct policy_value){ .new_value = "false",
						   .time_ms = NOW_MS - HOUR_MS };
	assert_string_equal(judged(&f, "writeback.tenant", &c, &t), "off");
	facts_release(&f);
}

static void test_gates(void **state)
{
	static const char *const all[] = { "mobilePhone", "officePhone", "EMAIL",
					   "hardwareOneTimePasscode", "fido2SecurityKey" };
	static const char *const none_of[] = { "securityQuestion", "windowsHelloForBusiness",
					       "passKeySynced" };
	struct person p = { .methods = all, .nmethods = COUNT_OF(all) };

	(void)state;
	assert_int_equal(person_gates(&p), GATE_APP | GATE_PHONE | GATE_EMAIL);
	p.nmethods = 2;
	assert_int_equal(person_gates(&p), GATE_PHONE);
	p.methods = none_of;
	p.nmethods = COUNT_OF(none_of);
	assert_int_equal(person_gates(&p), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_event_and_report),
		cmocka_unit_test(test_our_group),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_gates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
