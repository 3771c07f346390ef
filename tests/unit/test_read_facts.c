/* What the readers make of answers, value by value: the simulated tenant with
 * one thing in its state changed. */
#include "checks/check.h"
#include "checks/read_area.h"
#include "tests/unit/tenant_io.h"

#define P1 "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
#define P2 "eec0eb4f-6444-4f95-aba0-50c24d67f998"

static void open_as(struct reading *r, const char *scenario)
{
	char *scopes = wizard_scopes();

	reading_open(r, scenario, 0, scopes);
	free(scopes);
}

static struct json *user(struct reading *r, const char *upn)
{
	for (struct json *j = json_first_mutable(json_get_mutable(r->tenant->state, "users")); j;
	     j = json_next_mutable(j))
		if (str_same(json_string(j, "userPrincipalName"), upn))
			return j;
	fail_msg("no user %s", upn);
	return NULL;
}

static const struct person *member(const struct reading *r, const char *upn)
{
	for (size_t i = 0; i < r->facts.members.people.n; i++)
		if (str_same(r->facts.members.people.v[i].upn, upn))
			return &r->facts.members.people.v[i];
	fail_msg("no member %s", upn);
	return NULL;
}

static void set_plans(struct reading *r, const char *id, const char *status)
{
	struct json *plans = json_new_array();
	struct json *one = json_append(plans, json_new_object());

	json_add_string(one, "servicePlanId", id);
	json_add_string(one, "service", "AADPremiumService");
	json_add_string(one, "capabilityStatus", status);
	json_set(user(r, "amara.osei@contoso.com"), "assignedPlans", plans);
}

static void test_plans(void **state)
{
	static const struct {
		const char *id, *status;
		enum tri licensed, warning, basic;
	} cases[] = {
		{ P1, "Enabled", TRI_YES, TRI_NO, TRI_YES },
		{ P2, "Enabled", TRI_YES, TRI_NO, TRI_YES },
		{ P1, "Warning", TRI_YES, TRI_YES, TRI_YES },
		{ P1, "Deleted", TRI_NO, TRI_NO, TRI_NO },
		{ "de377cbc-0019-4ec2-b77c-3f223947e102", "Enabled", TRI_NO, TRI_NO, TRI_YES },
		{ "00000000-0000-0000-0000-00000000abcd", "Enabled", TRI_NO, TRI_NO,
		  TRI_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reading r;
		const struct person *p;

		open_as(&r, "troubled");
		set_plans(&r, cases[i].id, cases[i].status);
		reading_run(&r, AREA_BIT(AREA_MEMBERS));
		p = member(&r, "amara.osei@contoso.com");
		assert_int_equal(p->licensed, cases[i].licensed);
		assert_int_equal(p->licence_warning, cases[i].warning);
		assert_int_equal(p->basic_licensed, cases[i].basic);
		reading_close(&r);
	}
}

static void test_members(void **state)
{
	struct reading r;

	(void)state;
	open_as(&r, "troubled");
	reading_run(&r, AREA_BIT(AREA_MEMBERS));
	assert_int_equal(r.facts.members.people.n, 20);
	assert_int_equal(r.facts.members.nnested, 1);
	assert_string_equal(r.facts.members.nested[0], "Europe-Sales");
	assert_true(member(&r, "amara.osei@contoso.com")->direct);
	assert_int_equal(member(&r, "amara.osei@contoso.com")->type, USER_MEMBER);
	assert_int_equal(member(&r, "amara.osei@contoso.com")->synced, TRI_YES);
	assert_int_equal(member(&r, "lena.hoffmann@contoso.com")->enabled, TRI_NO);
	assert_true(member(&r, "ravi.menon@contoso.com")->sync_error);
	assert_false(member(&r, "amara.osei@contoso.com")->sync_error);
	reading_close(&r);
}

/* Between two groups that could both be meant nothing is guessed. */
static void test_choice(void **state)
{
	struct reading r;
	struct json *group;
	const char *twin = NULL;

	(void)state;
	open_as(&r, "troubled");
	for (group = json_first_mutable(json_get_mutable(r.tenant->state, "groups")); group;
	     group = json_next_mutable(group)) {
		if (!str_same(json_string(group, "displayName"), "SSPR-Enabled-Users") ||
		    !json_bool(group, "onPremisesSyncEnabled", false))
			continue;
		json_set(group, "onPremisesSyncEnabled", json_new_null());
		twin = json_string(group, "id");
	}
	assert_non_null(twin);
	reading_run(&r, AREA_BIT(AREA_MEMBERS));
	assert_int_equal(r.facts.groups.n, 2);
	assert_null(r.facts.groups.chosen);
	assert_int_equal(r.facts.source[AREA_MEMBERS].state, SOURCE_SKIPPED);

	tenant_io_release(&r.io);
	facts_forget(&r.facts, AREA_BIT(AREA_GROUP));
	r.wanted.group_id = twin;
	reading_run(&r, AREA_BIT(AREA_MEMBERS));
	assert_string_equal(r.facts.groups.chosen->id, twin);
	assert_int_equal(r.facts.source[AREA_MEMBERS].state, SOURCE_READ);
	assert_int_equal(r.facts.members.people.n, 2);
	reading_close(&r);
}

static void test_registration(void **state)
{
	const struct registration *g;
	struct reading r;
	size_t counted = 0;

	(void)state;
	open_as(&r, "troubled");
	reading_run(&r, AREA_BIT(AREA_ADMINS));
	g = &r.facts.registration;
	assert_int_equal(r.facts.admins.people.n, 4);
	assert_int_equal(r.facts.admins.sync_accounts, 1);
	/* Members of the directory who are no administrators, and nobody else. */
	assert_int_equal(g->members_total, g->count_total);
	assert_int_equal(g->enabled_total, g->count_enabled);
	assert_int_equal(g->registered_total, g->count_registered);
	for (size_t i = 0; i < r.facts.members.people.n; i++) {
		const struct person *p = &r.facts.members.people.v[i];

		counted += p->row_ms && p->type == USER_MEMBER && p->admin != TRI_YES;
	}
	assert_int_equal(g->enabled_in_group + g->not_enabled_in_group, counted);
	assert_int_equal(g->enabled_in_group + g->enabled_outside, g->enabled_total);
	assert_int_equal(g->question_only, 1);
	assert_int_equal(member(&r, "tomas.adler@contoso.com")->admin, TRI_YES);
	assert_int_equal(person_gates(member(&r, "petra.novotna@contoso.com")), GATE_PHONE);
	assert_true(g->kept.n < g->rows);
	reading_close(&r);
}

static void test_licences(void **state)
{
	struct reading r;
	size_t rooms = 0;

	(void)state;
	open_as(&r, "troubled");
	reading_run(&r, AREA_BIT(AREA_LICENCES));
	for (size_t i = 0; i < r.facts.licences.n; i++) {
		const struct sku *s = &r.facts.licences.v[i];
		bool room = str_starts(s->part_number, "Microsoft_Teams_Rooms");

		assert_int_equal(s->people, !room);
		rooms += room && s->p1;
	}
	assert_int_equal(rooms, 1);
	reading_close(&r);
}

static void test_sync(void **state)
{
	const struct fault no_jobs = { .kind = FAULT_STATUS, .method = "GET", .status = 403,
				       .path = "/v1.0/servicePrincipals/", .times = 9 };
	struct reading r;

	(void)state;
	open_as(&r, "troubled");
	reading_run(&r, AREA_BIT(AREA_SYNC));
	assert_int_equal(r.facts.sync.nidentities, 2);
	assert_string_equal(r.facts.sync.identities[0].server, "OLDSYNC");
	assert_false(r.facts.sync.identities[0].application);
	assert_string_equal(r.facts.sync.identities[1].server, "ENTRA-SYNC01");
	assert_true(r.facts.sync.identities[1].application);
	assert_true(r.facts.sync.njobs > 0);
	assert_true(r.facts.sync.jobs_read);
	reading_close(&r);

	/* One part forbidden: the rest is read, and the part is known missing. */
	open_as(&r, "troubled");
	tenant_fault(r.tenant, &no_jobs);
	reading_run(&r, AREA_BIT(AREA_SYNC));
	assert_int_equal(r.facts.source[AREA_SYNC].state, SOURCE_READ);
	assert_int_equal(r.facts.source[AREA_SYNC].err.kind, ERR_FORBIDDEN);
	assert_int_equal(r.facts.sync.nidentities, 2);
	assert_int_equal(r.facts.sync.njobs, 0);
	assert_false(r.facts.sync.jobs_read);
	reading_close(&r);
}

/* Whom the password reset service lets write back. */
static void test_writeback_roles(void **state)
{
	const struct fault forbidden = { .kind = FAULT_STATUS, .method = "GET", .status = 403,
					 .path = "/v1.0/servicePrincipals(appId", .times = 9 };
	struct reading r;

	(void)state;
	open_as(&r, "rolled-out");
	reading_run(&r, AREA_BIT(AREA_SYNC));
	assert_int_equal(r.facts.sync.nidentities, 1);
	assert_true(r.facts.sync.identities[0].writeback_roles);
	assert_true(r.facts.sync.identities[0].writeback_roles_ms > 0);
	reading_close(&r);

	open_as(&r, "contoso");
	reading_run(&r, AREA_BIT(AREA_SYNC));
	assert_int_equal(r.facts.sync.nidentities, 1);
	assert_false(r.facts.sync.identities[0].writeback_roles);
	reading_close(&r);

	/* Not allowed to see it: the rest is read, and nothing is said to be missing. */
	open_as(&r, "rolled-out");
	tenant_fault(r.tenant, &forbidden);
	reading_run(&r, AREA_BIT(AREA_SYNC));
	assert_int_equal(r.facts.source[AREA_SYNC].state, SOURCE_READ);
	assert_int_equal(r.facts.sync.nidentities, 1);
	assert_false(r.facts.sync.identities[0].writeback_roles);
	reading_close(&r);
}

static void test_server_names(void **state)
{
	static const struct { const char *name, *server; } rows[] = {
		{ "Sync_CONNECT01_0a1b2c3d4e5f@contoso.onmicrosoft.com", "CONNECT01" },
		{ "sync_connect01_0A1B@contoso.com", "connect01" },
		{ "Sync_MY_SERVER_0a1b2c@contoso.onmicrosoft.com", "MY_SERVER" },
		{ "Sync_MY_SERVER@contoso.onmicrosoft.com", "MY_SERVER" },
		{ "Sync_AAD-02@contoso.onmicrosoft.com", "AAD-02" },
		{ "ConnectSyncProvisioning_ENTRA-SYNC01_e72762af8e46", "ENTRA-SYNC01" },
		{ "ConnectSyncProvisioning_ENTRA-SYNC01", "ENTRA-SYNC01" },
		{ "Sync_@contoso.com", NULL }, { "Sync_", NULL }, { "", NULL }, { NULL, NULL },
		{ "On-Premises Directory Synchronization Service Account", NULL },
		{ "ann_lee@contoso.com", NULL }, { "Resync_X_1a@contoso.com", NULL },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *got = sync_server_of(&arena, rows[i].name);

		if (!got != !rows[i].server || (got && strcmp(got, rows[i].server) != 0))
			fail_msg("%s: %s", rows[i].name ? rows[i].name : "NULL", got ? got : "NULL");
	}
	arena_clear(&arena);
}

static void test_access(void **state)
{
	struct reading r;
	struct json *users;

	(void)state;
	open_as(&r, "troubled");
	reading_run(&r, AREA_BIT(AREA_ACCESS) | AREA_BIT(AREA_MEMBERS));
	assert_int_equal(r.facts.access.n, 1);
	assert_true(r.facts.access.v[0].block);
	assert_true(r.facts.access.v[0].outside_trusted);
	assert_true(r.facts.access.v[0].hits_group);
	assert_int_equal(r.facts.access.security_defaults, TRI_NO);

	/* Excluding the group takes it out. */
	users = json_get_mutable(json_get_mutable(json_first_mutable(json_get_mutable(
		r.tenant->state, "conditionalAccessPolicies")), "conditions"), "users");
	json_set(users, "excludeGroups", json_new_array());
	json_append_string(json_get_mutable(users, "excludeGroups"),
			   r.facts.groups.chosen->id);
	tenant_io_release(&r.io);
	facts_forget(&r.facts, AREAS_ALL);
	reading_run(&r, AREA_BIT(AREA_ACCESS) | AREA_BIT(AREA_MEMBERS));
	assert_false(r.facts.access.v[0].hits_group);
	reading_close(&r);
}

static void test_policies(void **state)
{
	const struct method *m;
	struct reading r;

	(void)state;
	open_as(&r, "troubled");
	json_set_bool(json_get_mutable(r.tenant->state, "authorizationPolicy"),
		      "allowedToUseSSPR", false);
	reading_run(&r, AREA_BIT(AREA_METHODS) | AREA_BIT(AREA_GROUP) |
			AREA_BIT(AREA_AUTHORIZATION));
	m = r.facts.methods.method;
	assert_int_equal(r.facts.methods.migration, MIGRATION_PRE);
	assert_true(m[METHOD_AUTHENTICATOR].enabled);
	assert_int_equal(m[METHOD_AUTHENTICATOR].nexclude, 1);
	assert_string_equal(m[METHOD_AUTHENTICATOR].exclude[0].id, r.facts.groups.chosen->id);
	assert_string_equal(m[METHOD_AUTHENTICATOR].include[0].id, "all_users");
	assert_false(m[METHOD_EMAIL].enabled);
	assert_int_equal(r.facts.methods.pass.lifetime, 60);
	assert_int_equal(r.facts.methods.pass.minimum, 10);
	assert_int_equal(r.facts.methods.pass.maximum, 120);
	assert_int_equal(r.facts.methods.pass.length, 8);
	assert_int_equal(r.facts.methods.pass.once, TRI_YES);
	assert_non_null(strstr(m[METHOD_SMS].include[0].json, "isUsableForSignIn"));
	assert_true(r.facts.methods.bytes > 20 * 1024);
	assert_int_equal(r.facts.authorization.admins_may_reset, TRI_NO);
	reading_close(&r);
}

static void test_sign_in_page(void **state)
{
	struct reading r;

	(void)state;
	open_as(&r, "troubled");
	reading_run(&r, AREA_BIT(AREA_BRANDING) | AREA_BIT(AREA_SCORE));
	assert_true(r.facts.branding.present);
	assert_int_equal(r.facts.branding.hide_reset_link, TRI_YES);
	assert_non_null(r.facts.branding.custom_reset_url);
	assert_true(r.facts.score.total > 0);
	assert_true(r.facts.organization.federated);
	assert_string_equal(r.facts.organization.federated_domains[0], "plants.contoso.com");
	assert_string_equal(r.facts.organization.default_domain, "contoso.com");
	assert_true(r.facts.organization.custom_domain);

	/* A tenant without branding answers 404: the page is Microsoft's. */
	json_set(r.tenant->state, "branding", json_new_null());
	tenant_io_release(&r.io);
	facts_forget(&r.facts, AREAS_ALL);
	reading_run(&r, AREA_BIT(AREA_BRANDING));
	assert_int_equal(r.facts.source[AREA_BRANDING].state, SOURCE_READ);
	assert_false(r.facts.branding.present);
	assert_int_equal(r.facts.branding.hide_reset_link, TRI_NO);
	reading_close(&r);
}

static void read_recommended(struct reading *r)
{
	tenant_io_release(&r->io);
	facts_forget(&r->facts, AREAS_ALL);
	reading_run(r, AREA_BIT(AREA_RECOMMENDATION));
}

/* Nothing is sent to beta before a person allows it; then by id, and 404 is no failure. */
static void test_recommendation(void **state)
{
	const struct recommendation *one;
	struct json *recommendation;
	struct reading r;

	(void)state;
	open_as(&r, "contoso");
	one = &r.facts.recommendation;
	reading_run(&r, AREA_BIT(AREA_RECOMMENDATION));
	assert_int_equal(r.facts.source[AREA_RECOMMENDATION].state, SOURCE_SKIPPED);
	assert_string_equal(r.facts.source[AREA_RECOMMENDATION].request, "");
	assert_non_null(strstr(r.facts.source[AREA_RECOMMENDATION].err.msg, "--beta"));

	r.wanted.beta = TRI_YES;
	read_recommended(&r);
	assert_int_equal(r.facts.source[AREA_RECOMMENDATION].state, SOURCE_READ);
	assert_true(str_starts(r.facts.source[AREA_RECOMMENDATION].request,
			       "GET /beta/directory/recommendations/"));
	assert_string_equal(one->status, "active");
	assert_true(one->score >= 0 && one->score < one->max_score);
	assert_true(one->checked_ms < r.facts.now_ms);

	recommendation = json_get_mutable(r.tenant->state, "recommendation");
	json_set_string(recommendation, "id", "another");
	read_recommended(&r);
	assert_int_equal(r.facts.source[AREA_RECOMMENDATION].state, SOURCE_ABSENT);
	assert_null(one->status);
	reading_close(&r);

	reading_open(&r, "contoso", 0, "Organization.Read.All");
	r.wanted.beta = TRI_YES;
	reading_run(&r, AREA_BIT(AREA_RECOMMENDATION));
	assert_int_equal(r.facts.source[AREA_RECOMMENDATION].state, SOURCE_FORBIDDEN);
	reading_close(&r);
}

/* A row a day, which agrees with the log that it is made from. */
static void test_reset_days(void **state)
{
	const struct reset_days *d;
	size_t resets = 0;
	struct reading r;

	(void)state;
	open_as(&r, "rolled-out");
	d = &r.facts.reset_days;
	reading_run(&r, AREA_BIT(AREA_RESETS));
	assert_int_equal(r.facts.source[AREA_RESETS].state, SOURCE_SKIPPED);
	r.wanted.beta = TRI_YES;
	tenant_io_release(&r.io);
	facts_forget(&r.facts, AREAS_ALL);
	reading_run(&r, AREA_BIT(AREA_RESETS) | AREA_BIT(AREA_AUDIT));
	assert_int_equal(r.facts.source[AREA_RESETS].state, SOURCE_READ);
	assert_true(d->n > 1);
	for (size_t i = 0; i < d->n; i++) {
		assert_true(d->v[i].day_ms > 0 && d->v[i].day_ms <= r.facts.now_ms);
		resets += d->v[i].by_people;
	}
	assert_int_equal(resets, r.facts.audit.resets);
	reading_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_registration),
		cmocka_unit_test(test_licences),
		cmocka_unit_test(test_sync),
		cmocka_unit_test(test_writeback_roles),
		cmocka_unit_test(test_server_names),
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_sign_in_page),
		cmocka_unit_test(test_recommendation),
		cmocka_unit_test(test_reset_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
