/* Forty people of every kind, each with what keeps them from a reset. */
#include "checks/diagnose.h"
#include "checks/report.h"
#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

/* Changes one thing of a healthy tenant or of Ann, who is in the group. */
#define ANN (f->members.people.v[0])
#define EVENT(kind, result, reason, age) add_event(f, kind, result, reason, age, "c9")

static const struct row {
	const char *who;
	enum tri can;
	const char *cause;	/* id of the first finding in the way; NULL for none */
	enum runbook_case runbook;
	const char *told;	/* part of what the person is told */
	/* The person. */
	bool guest, disabled, synced, federated, admin, outside, nested, no_row;
	int methods;		/* 0 = two; -1 none, 1 one */
	enum tri licensed;
	/* The tenant. */
	bool nobody, all, writeback_off, writeback_failing, admins_off, blocks;
	const char *failed;	/* reason of the last event */
	bool blocked;
	int blocked_hours;
} rows[] = {
	{ "member in the group", TRI_YES, NULL, CASE_NONE, "aka.ms/sspr", .guest = false },
	{ "synced member", TRI_YES, NULL, CASE_NONE, "yourself", .synced = true },
	{ "member of a nested group", TRI_YES, NULL, CASE_NONE, "yourself", .nested = true },
	{ "synced, nested", TRI_YES, NULL, CASE_NONE, "yourself", .nested = true,
	  .synced = true },
	{ "federated member", TRI_YES, NULL, CASE_NONE, "yourself", .federated = true,
	  .synced = true },
	{ "guest", TRI_NO, "diagnose.account", CASE_NONE, "own organisation", .guest = true },
	{ "guest without methods", TRI_NO, "diagnose.account", CASE_NONE, "own organisation",
	  .guest = true, .methods = -1 },
	{ "guest outside the group", TRI_NO, "diagnose.account", CASE_NONE, "own organisation",
	  .guest = true, .outside = true },
	{ "disabled", TRI_NO, "diagnose.account", CASE_NONE, "disabled", .disabled = true },
	{ "disabled and synced", TRI_NO, "diagnose.account", CASE_NONE, "disabled",
	  .disabled = true, .synced = true },
	{ "disabled, so not in the report", TRI_NO, "diagnose.account", CASE_NONE, "disabled",
	  .disabled = true, .no_row = true },
	{ "outside the group", TRI_NO, "diagnose.group", CASE_NOT_ALLOWED, "switched on",
	  .outside = true },
	{ "outside, synced", TRI_NO, "diagnose.group", CASE_NOT_ALLOWED, "switched on",
	  .outside = true, .synced = true },
	{ "outside, unregistered", TRI_NO, "diagnose.group", CASE_NOT_ALLOWED,
	  "mysecurityinfo", .outside = true, .methods = -1 },
	{ "outside, scope All", TRI_YES, NULL, CASE_NONE, "yourself", .outside = true,
	  .all = true },
	{ "scope None", TRI_NO, "diagnose.group", CASE_NOT_ALLOWED, "switched on",
	  .nobody = true },
	{ "scope None, synced", TRI_NO, "diagnose.group", CASE_NOT_ALLOWED, "switched on",
	  .nobody = true, .synced = true },
	{ "no method", TRI_NO, "diagnose.registered", CASE_NOT_REGISTERED, "mysecurityinfo",
	  .methods = -1 },
	{ "too few methods", TRI_NO, "diagnose.registered", CASE_NOT_REGISTERED,
	  "mysecurityinfo", .methods = 1 },
	{ "no method, nested", TRI_NO, "diagnose.registered", CASE_NOT_REGISTERED,
	  "mysecurityinfo", .methods = -1, .nested = true },
	{ "no method, and a policy in the way", TRI_NO, "diagnose.registered",
	  CASE_NOT_REGISTERED, "from our network", .methods = -1, .blocks = true },
	{ "registered, so the policy does not matter", TRI_YES, NULL, CASE_NONE, "yourself",
	  .blocks = true },
	{ "not yet in the report", TRI_UNKNOWN, NULL, CASE_NONE, "still looking",
	  .no_row = true },
	{ "not yet in the report, synced", TRI_UNKNOWN, NULL, CASE_NONE, "still looking",
	  .no_row = true, .synced = true },
	{ "unlicensed", TRI_YES, "diagnose.licence", CASE_NONE, "yourself",
	  .licensed = TRI_NO },
	{ "unlicensed and synced", TRI_YES, "diagnose.licence", CASE_NONE, "yourself",
	  .licensed = TRI_NO, .synced = true },
	{ "unlicensed and outside", TRI_NO, "diagnose.group", CASE_NOT_ALLOWED, "switched on",
	  .licensed = TRI_NO, .outside = true },
	{ "administrator", TRI_YES, NULL, CASE_NONE, "yourself", .admin = true },
	{ "administrator outside the group", TRI_YES, NULL, CASE_NONE, "yourself",
	  .admin = true, .outside = true },
	{ "administrator, scope None", TRI_YES, NULL, CASE_NONE, "yourself", .admin = true,
	  .nobody = true },
	{ "administrator with one gate", TRI_NO, "diagnose.admin", CASE_ADMIN,
	  "As an administrator", .admin = true, .methods = 1 },
	{ "administrator without gates", TRI_NO, "diagnose.admin", CASE_ADMIN,
	  "As an administrator", .admin = true, .methods = -1 },
	{ "administrators may not", TRI_NO, "diagnose.admin", CASE_ADMIN,
	  "As an administrator", .admin = true, .admins_off = true },
	{ "administrator, synced, writeback off", TRI_NO, "diagnose.writeback", CASE_WRITEBACK,
	  "our own directory", .admin = true, .synced = true, .writeback_off = true },
	{ "synced, writeback off", TRI_NO, "diagnose.writeback", CASE_WRITEBACK,
	  "our own directory", .synced = true, .writeback_off = true },
	{ "synced, writeback failing", TRI_YES, "diagnose.writeback", CASE_WRITEBACK,
	  "yourself", .synced = true, .writeback_failing = true },
	{ "cloud-only, writeback off", TRI_YES, NULL, CASE_NONE, "yourself",
	  .writeback_off = true },
	{ "blocked two hours ago", TRI_NO, "diagnose.events", CASE_NONE, "too many tries",
	  .blocked = true, .blocked_hours = 2 },
	{ "blocked two days ago", TRI_YES, NULL, CASE_NONE, "yourself", .blocked = true,
	  .blocked_hours = 48 },
	{ "the server did not answer last time", TRI_YES, "diagnose.events", CASE_WRITEBACK,
	  "yourself", .synced = true,
	  .failed = "We could not reach your on-premises password reset service." },
};

static void make_person(struct facts *f, const struct row *r)
{
	struct person *p = &ANN;

	p->synced = r->synced ? TRI_YES : TRI_NO;
	p->type = r->guest ? USER_GUEST : USER_MEMBER;
	p->enabled = r->disabled ? TRI_NO : TRI_YES;
	p->direct = !r->nested;
	p->admin = r->admin ? TRI_YES : TRI_NO;
	p->licensed = r->licensed ? r->licensed : TRI_YES;
	if (r->methods) {
		p->nmethods = r->methods < 0 ? 0 : 1;
		p->sspr_registered = p->sspr_capable = TRI_NO;
	}
	if (r->no_row) {
		p->row_ms = 0;
		p->sspr_registered = p->sspr_enabled = p->admin = TRI_UNKNOWN;
		p->nmethods = 0;
	}
	if (r->outside || r->nobody)
		p->sspr_enabled = r->all ? TRI_YES : TRI_NO;
	if (!r->outside)
		return;
	*add_person(f, &f->wanted_people.people, "u9", "ann@contoso.com", false) = *p;
	f->wanted_people.people.v[0].id = "u9";
	ANN.upn = "else@contoso.com";
}

static void make_tenant(struct facts *f, const struct row *r)
{
	if (r->nobody) {
		f->registration.enabled_total = f->registration.enabled_in_group = 0;
		f->registration.not_enabled_in_group = 4;
		f->registration.count_enabled = 0;
	}
	if (r->all) {
		f->registration.enabled_total = f->registration.count_enabled = 100;
		f->registration.enabled_outside = 96;
		f->registration.not_enabled_outside = 0;
	}
	f->organization.federated = r->federated;
	if (r->writeback_off)
		f->audit.writeback_off_ms = NOW_MS - HOUR_MS;
	if (r->writeback_failing) {
		f->audit.last_writeback_failure_ms = NOW_MS - HOUR_MS;
		f->audit.last_writeback_failure = "We could not reach the service";
	}
	if (r->admins_off)
		f->authorization.admins_may_reset = TRI_NO;
	if (r->blocks) {
		ARENA_GROW(&f->arena, f->access.v, f->access.n, f->access.cap);
		f->access.v[f->access.n++] = (struct access_policy){
			.name = "Office only", .state = "enabled", .block = true,
			.outside_trusted = true, .hits_group = true,
		};
	}
	if (r->blocked)
		EVENT(EVENT_BLOCKED, "success", "blocked for 24 hours",
		      r->blocked_hours * HOUR_MS);
	if (r->failed)
		EVENT(EVENT_RESET, "failure", r->failed, HOUR_MS);
}

static const struct finding *first_cause(const struct findings *out)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].verdict == VERDICT_FAIL || out->v[i].verdict == VERDICT_WARN)
			return &out->v[i];
	return NULL;
}

static void check_row(const struct row *r)
{
	struct findings out = { .v = NULL };
	const struct finding *cause;
	const struct person *p;
	const char *message;
	struct wanted w;
	struct facts f;
	enum tri can;

	healthy_facts(&f);
	wanted_runbook(&w);
	make_tenant(&f, r);
	make_person(&f, r);
	p = diagnose_find(&f, "ann@contoso.com");
	assert_non_null(p);
	can = diagnose_person(&f, &w, p, &out);
	cause = first_cause(&out);
	message = diagnose_message(&f, p, can, &out, &out.arena);
	if (can != r->can)
		fail_msg("%s: can %d, cause %s", r->who, can, cause ? cause->id : "none");
	if (!r->cause != !cause || (cause && strcmp(cause->id, r->cause)))
		fail_msg("%s: cause %s", r->who, cause ? cause->id : "none");
	if (cause && diagnose_case(cause) != r->runbook)
		fail_msg("%s: case %d", r->who, diagnose_case(cause));
	if (cause && !*cause->remedy)
		fail_msg("%s: %s has no remedy", r->who, cause->id);
	if (!strstr(message, r->told))
		fail_msg("%s is told: %s", r->who, message);
	findings_clear(&out);
	facts_release(&f);
}

static void test_forty_people(void **state)
{
	(void)state;
	assert_int_equal(COUNT_OF(rows), 40);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check_row(&rows[i]);
}

static void test_reasons(void **state)
{
	(void)state;
	assert_null(reason_find(NULL));
	assert_null(reason_find("something new"));
	assert_int_equal(reason_find("We COULD NOT REACH your on-premises password reset "
				     "service.")->runbook, CASE_WRITEBACK);
	assert_int_equal(reason_find("Password reset is not enabled for this user")->runbook,
			 CASE_NOT_ALLOWED);
	assert_int_equal(reason_find("User's account has insufficient authentication methods "
				     "defined.")->runbook, CASE_NOT_REGISTERED);
	assert_null(runbook_case_title(CASE_NONE));
	assert_string_equal(runbook_case_title(CASE_ADMIN), "Administrator Reset Fails");
}

/* The document has what other programs rely on. */
static void test_json(void **state)
{
	struct findings out = { .v = NULL };
	struct wanted w;
	struct facts f;
	struct json *doc;
	enum tri can;

	(void)state;
	healthy_facts(&f);
	wanted_runbook(&w);
	make_person(&f, &rows[18]);
	can = diagnose_person(&f, &w, &f.members.people.v[0], &out);
	doc = report_diagnose_json(&f, &f.members.people.v[0], can, &out);
	assert_string_equal(json_string(doc, "schema"), "sspr-wizard/diagnose/1");
	assert_string_equal(json_string(doc, "user"), "ann@contoso.com");
	assert_true(json_is(json_get(doc, "canReset"), JSON_BOOL));
	assert_false(json_bool(doc, "canReset", true));
	assert_int_equal(json_count(json_get(doc, "causes")), 1);
	assert_string_equal(json_text(json_at(doc, "causes[0].id")), "diagnose.registered");
	assert_string_equal(json_text(json_at(doc, "causes[0].runbookCase")),
			    "User Not Registered for Authentication");
	assert_int_equal(json_count(json_get(doc, "facts")), out.n);
	json_free(doc);
	findings_clear(&out);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forty_people),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
