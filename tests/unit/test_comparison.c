#include "checks/comparison.h"
#include "checks/report.h"
#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

static struct finding *add(struct findings *all, const char *id, enum verdict v,
			   const char *summary)
{
	struct finding *one = findings_add(all, id, "x", id);

	finding_set(all, one, v, CONFIDENCE_PROVED, "%s", summary);
	return one;
}

static void setting(struct findings *all, struct finding *one, const char *name,
		    const char *value)
{
	finding_evidence(all, one, "GET /v1.0/test", NOW_MS,
			 "%s: now %s, wanted on. How we know: so.", name, value);
}

/* The same tenant a day before. */
static struct json *earlier(struct facts *f)
{
	struct findings all = { .v = NULL };
	struct finding *one;
	struct json *doc;

	f->now_ms -= DAY_MS;
	add(&all, "health.a", VERDICT_FAIL, "3 of 4 are bad.");
	add(&all, "health.b", VERDICT_PASS, "Well.");
	add(&all, "health.c", VERDICT_WARN, "Seen 12 hours ago.");
	add(&all, "health.d", VERDICT_NOT_APPLICABLE, "Does not apply.");
	add(&all, "health.e", VERDICT_WARN, "So so.");
	one = add(&all, "step.enablement", VERDICT_WARN, "1 task for you.");
	setting(&all, one, "Scope", "None");
	setting(&all, one, "Group", "nothing");
	one = add(&all, "step.writeback", VERDICT_PASS, "Everything is as wanted.");
	setting(&all, one, "Tenant switch", "on");
	doc = report_check_json(f, &all);
	f->now_ms += DAY_MS;
	findings_clear(&all);
	return doc;
}

static void today(struct findings *all)
{
	struct finding *one;

	add(all, "health.a", VERDICT_PASS, "None is bad.");
	add(all, "health.b", VERDICT_WARN, "1 is bad.");
	add(all, "health.c", VERDICT_WARN, "Seen 36 hours ago.");
	add(all, "health.d", VERDICT_PASS, "Well.");
	add(all, "health.e", VERDICT_FAIL, "Very bad.");
	add(all, "health.f", VERDICT_PASS, "A new check that is well.");
	one = add(all, "step.enablement", VERDICT_PASS, "Everything is as wanted.");
	setting(all, one, "Scope", "Selected");
	setting(all, one, "Group", "nothing");
	one = add(all, "step.writeback", VERDICT_WARN, "1 task for you.");
	setting(all, one, "Tenant switch", "off");
}

static const struct {
	enum difference what;
	const char *id, *before, *after, *who;
} wanted[] = {
	{ DIFFERENCE_FIXED, "health.a", "fail: 3 of 4 are bad.", "pass: None is bad.", "" },
	{ DIFFERENCE_NEW, "health.b", "pass: Well.", "warn: 1 is bad.", "" },
	{ DIFFERENCE_CHANGED, "health.e", "warn: So so.", "fail: Very bad.", "" },
	{ DIFFERENCE_CHANGED, "step.enablement", "Scope: None", "Scope: Selected",
	  "the scope set from None to Selected by root@contoso.com at 2026-11-25T09:00:00Z" },
	{ DIFFERENCE_FIXED, "step.enablement", "warn: 1 task for you.",
	  "pass: Everything is as wanted.", "" },
	{ DIFFERENCE_CHANGED, "step.writeback", "Tenant switch: on", "Tenant switch: off",
	  "activity by ann@contoso.com at 2026-11-25T08:00:00Z" },
	{ DIFFERENCE_NEW, "step.writeback", "pass: Everything is as wanted.",
	  "warn: 1 task for you.", "" },
};

static void test_differences(void **state)
{
	struct findings all = { .v = NULL };
	struct arena arena = { 0 };
	struct err err = ERR_INIT;
	struct comparison c;
	struct json *doc;
	struct facts f;

	(void)state;
	healthy_facts(&f);
	doc = earlier(&f);
	today(&all);
	f.audit.scope = (struct policy_value){ "None", "Selected", "root@contoso.com",
					       NOW_MS - HOUR_MS };
	add_event(&f, EVENT_WRITEBACK_OFF, "success", "", 2 * HOUR_MS, "c7");
	assert_int_equal(comparison_make(&f, &all, doc, &c, &arena, &err), 0);
	assert_true(c.since_ms == NOW_MS - DAY_MS);
	for (size_t i = 0; i < c.n && i < COUNT_OF(wanted); i++) {
		assert_string_equal(c.v[i].id, wanted[i].id);
		assert_int_equal(c.v[i].what, wanted[i].what);
		assert_string_equal(c.v[i].before, wanted[i].before);
		assert_string_equal(c.v[i].after, wanted[i].after);
		assert_string_equal(c.v[i].who, wanted[i].who);
	}
	assert_int_equal(c.n, COUNT_OF(wanted));

	/* What was set before the earlier report is no change since. */
	f.audit.scope.time_ms = NOW_MS - 2 * DAY_MS;
	assert_int_equal(comparison_make(&f, &all, doc, &c, &arena, &err), 0);
	assert_string_equal(c.v[3].who, "");
	json_free(doc);
	arena_clear(&arena);
	findings_clear(&all);
	facts_release(&f);
}

/* Changes that other services log, and only those of our group. */
static void test_who_changed(void **state)
{
	static struct event changes[] = {
		{ .activity = "Add member to group", .actor = "ann@contoso.com",
		  .time_ms = NOW_MS - HOUR_MS, .group_id = GROUP_ID },
		{ .activity = "Add member to group", .actor = "bob@contoso.com",
		  .time_ms = NOW_MS - 2 * HOUR_MS, .group_id = GROUP_ID },
		{ .activity = "Add member to group", .actor = "eve@contoso.com",
		  .time_ms = NOW_MS, .group_id = "another" },
		{ .activity = "Update authorization policy", .time_ms = NOW_MS - 2 * DAY_MS },
	};
	struct findings all = { .v = NULL };
	struct arena arena = { 0 };
	struct err err = ERR_INIT;
	struct comparison c;
	struct json *doc;
	struct facts f;

	(void)state;
	healthy_facts(&f);
	doc = earlier(&f);
	f.audit.changes = changes;
	f.audit.nchanges = COUNT_OF(changes);
	add(&all, "prereq.group", VERDICT_FAIL, "Nobody is in it.");
	add(&all, "step.admin", VERDICT_WARN, "Off.");
	assert_int_equal(comparison_make(&f, &all, doc, &c, &arena, &err), 0);
	assert_int_equal(c.n, 2);
	assert_string_equal(c.v[0].who, "Add member to group by ann@contoso.com at "
			    "2026-11-25T09:00:00Z, and 1 more");
	assert_string_equal(c.v[1].who, "");
	json_free(doc);
	arena_clear(&arena);
	findings_clear(&all);
	facts_release(&f);
}

/* A group that was deleted is known by its name; what was only judged because of
 * it goes with it, and a number of people counted otherwise is nobody's change. */
static void test_group_gone(void **state)
{
	static struct event changes[] = {
		{ .activity = "Delete group", .actor = "ann@contoso.com",
		  .time_ms = NOW_MS - HOUR_MS, .group_id = "gone", .group_name = "Pilot" },
		{ .activity = "Delete group", .actor = "eve@contoso.com",
		  .time_ms = NOW_MS, .group_id = "another", .group_name = "Another" },
		{ .activity = "Authentication Methods Policy Update", .actor = "bob@contoso.com",
		  .time_ms = NOW_MS - HOUR_MS },
	};
	struct findings all = { .v = NULL };
	struct arena arena = { 0 };
	struct err err = ERR_INIT;
	struct comparison c;
	struct finding *one;
	struct json *doc;
	struct facts f;

	(void)state;
	healthy_facts(&f);
	add(&all, "prereq.group", VERDICT_PASS, "It is there.");
	add(&all, "prereq.registration", VERDICT_WARN, "2 of 6.");
	one = add(&all, "step.registration", VERDICT_WARN, "Tasks.");
	setting(&all, one, "People registered", "2 of 6 in the group");
	setting(&all, one, "Migration", "complete");
	f.now_ms -= DAY_MS;
	doc = report_check_json(&f, &all);
	f.now_ms += DAY_MS;
	findings_clear(&all);
	add(&all, "prereq.group", VERDICT_FAIL, "There is none.");
	add(&all, "prereq.registration", VERDICT_NOT_APPLICABLE, "There is no group.");
	one = add(&all, "step.registration", VERDICT_WARN, "Tasks.");
	setting(&all, one, "People registered", "9 of 29");
	setting(&all, one, "Migration", "begun");
	f.groups.chosen = NULL;
	f.groups.name = "Pilot";
	f.audit.changes = changes;
	f.audit.nchanges = COUNT_OF(changes);
	assert_int_equal(comparison_make(&f, &all, doc, &c, &arena, &err), 0);
	assert_int_equal(c.n, 4);
	assert_string_equal(c.v[0].who, "Delete group by ann@contoso.com at 2026-11-25T09:00:00Z");
	assert_string_equal(c.v[1].who, c.v[0].who);
	assert_string_equal(c.v[2].who, "");
	assert_string_equal(c.v[3].who, "Authentication Methods Policy Update by bob@contoso.com "
			    "at 2026-11-25T09:00:00Z");
	json_free(doc);
	arena_clear(&arena);
	findings_clear(&all);
	facts_release(&f);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "{}", "schema is not given" },
		{ "[]", "schema is not given" },
		{ "{\"schema\":\"sspr-wizard/plan/1\"}", "schema is sspr-wizard/plan/1" },
		{ "{\"schema\":\"sspr-wizard/check/1\",\"tenant\":{\"id\":\"other\"}}",
		  "another tenant (other)" },
		{ "{\"schema\":\"sspr-wizard/check/1\",\"tenant\":{\"id\":\"tenant\"}}",
		  "when it was made" },
	};
	struct findings all = { .v = NULL };
	struct arena arena = { 0 };
	struct facts f;

	(void)state;
	healthy_facts(&f);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = ERR_INIT;
		struct comparison c;
		struct json *doc = json_parse(rows[i].text, strlen(rows[i].text), &err);

		assert_non_null(doc);
		assert_int_equal(comparison_make(&f, &all, doc, &c, &arena, &err), -1);
		assert_non_null(strstr(err.msg, rows[i].why));
		json_free(doc);
	}
	arena_clear(&arena);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_differences),
		cmocka_unit_test(test_who_changed),
		cmocka_unit_test(test_group_gone),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
