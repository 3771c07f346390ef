/*
 * Settings without an official API, changed by the admin centre's own one: a
 * whole rollout on the demo tenant, and what must never happen.
 */
#include "graph/portal.h"
#include "tests/laws/world.h"

static void start(struct program *p, struct world *w, bool portal)
{
	struct session_options o = {
		.demo = w->scenario, .demo_state = w->state, .cloud = &w->cloud,
		.state_dir = w->journal, .command = "apply", .demo_latency_ms = 20,
		.portal_api = portal,
	};
	struct err err = ERR_INIT;

	memset(p, 0, sizeof(*p));
	p->world = w;
	p->loop = loop_new(&err);
	assert_int_equal(session_open(&p->session, p->loop, &o, &w->wanted, &err), 0);
}

static const struct json *policy(const struct program *p)
{
	return json_get(tenant_state(p->session.demo), "sspr");
}

static size_t portal_changes(const struct program *p)
{
	size_t n = 0;

	for (size_t i = 0; i < STEPS_COUNT; i++)
		for (size_t k = 0; k < p->session.views[i].plan.n; k++)
			n += p->session.views[i].plan.v[k].means == MEANS_PORTAL;
	return n;
}

static const struct change *find(const struct program *p, const char *id)
{
	for (size_t i = 0; i < STEPS_COUNT; i++)
		for (size_t k = 0; k < p->session.views[i].plan.n; k++)
			if (str_same(p->session.views[i].plan.v[k].id, id))
				return &p->session.views[i].plan.v[k];
	return NULL;
}

static void add_unknown(struct program *p)
{
	json_set_string((struct json *)policy(p), "newMember", "kept");
}

static void test_rollout(void **state)
{
	struct json *before, *after, *on_premises;
	const struct change *scope;
	struct world world;
	struct program p;
	const struct json *now;

	(void)state;
	world_open(&world, "contoso");
	start(&p, &world, true);
	add_unknown(&p);
	before = json_clone(policy(&p));
	on_premises = json_clone(json_get(tenant_state(p.session.demo), "onPremisesSspr"));
	program_read(&p);
	/* Scope, number, writeback and both notifications. */
	assert_int_equal(portal_changes(&p), 5);
	scope = find(&p, "enablement.scope");
	assert_non_null(strstr(scope->title, "not supported by Microsoft"));
	assert_non_null(strstr(scope->detail, "enablementType: 0 -> 1"));
	if (!program_apply(&p))
		fail_msg("apply: %s", p.session.err.msg);
	assert_int_equal(program_changes(&p), 0);
	assert_null(find(&p, "enablement.scope"));
	now = policy(&p);
	assert_int_equal(json_int(now, "enablementType", 0), 1);
	assert_string_equal(json_text(json_first(json_get(now, "passwordResetEnabledGroupIds"))),
			    p.session.facts.groups.chosen->id);
	assert_int_equal(json_int(now, "numberOfAuthenticationMethodsRequired", 0), 1);
	assert_true(json_bool(now, "notifyUsersOnPasswordReset", false));
	assert_true(json_bool(now, "notifyOnAdminPasswordReset", false));
	/* Everything else is as it was, also what nobody knows. */
	assert_string_equal(json_string(now, "newMember"), "kept");
	after = json_clone(now);
	for (const struct json *j = json_first(before); j; j = json_next(j)) {
		static const char *const changed[] = {
			"enablementType", "passwordResetEnabledGroupIds",
			"passwordResetEnabledGroupName", "numberOfAuthenticationMethodsRequired",
			"notifyUsersOnPasswordReset", "notifyOnAdminPasswordReset",
		};
		bool ours = false;

		for (size_t i = 0; i < COUNT_OF(changed); i++)
			ours |= str_same(json_key(j), changed[i]);
		if (!ours && !json_equal(j, json_get(after, json_key(j))))
			fail_msg("%s was changed", json_key(j));
	}
	json_free(after);

	/* Somebody changes another member: undo takes back ours and leaves theirs. */
	json_set((struct json *)policy(&p), "registrationReconfirmIntevalInDays",
		 json_new_number(90));
	if (!program_undo(&p))
		fail_msg("undo: %s", p.session.err.msg);
	json_set(before, "registrationReconfirmIntevalInDays", json_new_number(90));
	assert_same_tenant(before, policy(&p), "policy after undo");
	assert_same_tenant(on_premises, json_get(tenant_state(p.session.demo), "onPremisesSspr"),
			   "on-premises policy after undo");
	json_free(before);
	json_free(on_premises);
	program_end(&p);
	world_close(&world);
}

/* What the runbook names no value for, wanted by a profile; and whatever is wanted,
 * the legacy methods and the security questions are never in a change. */
static void test_wanted_by_a_profile(void **state)
{
	static const char *const never[] = {
		"emailOption", "mobilePhone", "officePhone", "mobileApp", "uestion",
	};
	static const char *const kept[] = {
		"emailOptionEnabled", "mobilePhoneOptionEnabled", "officePhoneOptionEnabled",
		"securityQuestionsOptionEnabled", "mobileAppNotificationEnabled",
		"mobileAppCodeEnabled", "numberOfQuestionsToRegister", "numberOfQuestionsToReset",
		"securityQuestions",
	};
	struct json *before, *on_premises;
	struct world world;
	struct program p;
	const struct json *now;

	(void)state;
	world_open(&world, "contoso");
	world.wanted.registration_required = TRI_NO;
	world.wanted.reconfirm_days = 90;
	world.wanted.unlock = TRI_YES;
	world.wanted.helpdesk = "https://help.contoso.com";
	start(&p, &world, true);
	/* Legacy settings that a careless writer would lose. */
	json_set((struct json *)policy(&p), "securityQuestionsOptionEnabled", json_new_bool(true));
	json_append_string(json_get_mutable((struct json *)policy(&p), "securityQuestions"), "q");
	before = json_clone(policy(&p));
	on_premises = json_clone(json_get(tenant_state(p.session.demo), "onPremisesSspr"));
	program_read(&p);
	assert_int_equal(portal_changes(&p), 9);
	for (size_t i = 0; i < STEPS_COUNT; i++)
		for (size_t k = 0; k < p.session.views[i].plan.n; k++) {
			const struct change *c = &p.session.views[i].plan.v[k];

			for (const struct json *j = json_first(c->body); c->means == MEANS_PORTAL && j;
			     j = json_next(j))
				for (size_t n = 0; n < COUNT_OF(never); n++)
					if (strstr(json_key(j), never[n]))
						fail_msg("%s sets %s", c->id, json_key(j));
		}
	if (!program_apply(&p))
		fail_msg("apply: %s", p.session.err.msg);
	now = policy(&p);
	assert_false(json_bool(now, "registrationRequiredOnSignIn", true));
	assert_int_equal(json_int(now, "registrationReconfirmIntevalInDays", 0), 90);
	assert_true(json_bool(now, "customizeHelpdeskLink", false));
	assert_string_equal(json_string(now, "customHelpdeskEmailOrUrl"),
			    "https://help.contoso.com");
	assert_true(json_bool(json_get(tenant_state(p.session.demo), "onPremisesSspr"),
			      "accountUnlockEnabled", false));
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		if (!json_equal(json_get(before, kept[i]), json_get(now, kept[i])))
			fail_msg("%s was touched", kept[i]);
	if (!program_undo(&p))
		fail_msg("undo: %s", p.session.err.msg);
	assert_same_tenant(before, policy(&p), "policy after undo");
	assert_same_tenant(on_premises, json_get(tenant_state(p.session.demo), "onPremisesSspr"),
			   "on-premises policy after undo");
	json_free(before);
	json_free(on_premises);
	program_end(&p);
	world_close(&world);
}

/* Somebody changed the scope since: it stays, and so does the group it names. */
static void test_scope_stays(void **state)
{
	struct world world;
	struct program p;

	(void)state;
	world_open(&world, "contoso");
	start(&p, &world, true);
	program_read(&p);
	assert_true(program_apply(&p));
	json_set_string((struct json *)policy(&p), "passwordResetEnabledGroupName", "Renamed");
	assert_false(program_undo(&p));
	assert_int_equal(p.session.err.kind, ERR_CONFLICT);
	assert_non_null(p.session.facts.groups.chosen);
	assert_int_equal(json_int(policy(&p), "enablementType", 0), 1);
	program_end(&p);
	world_close(&world);
}

/* Somebody sets the same member between reading and writing. */
static void test_concurrent(void **state)
{
	struct err err = ERR_INIT;
	struct json *before;
	struct plan plan;
	struct world world;
	struct program p;

	(void)state;
	world_open(&world, "contoso");
	start(&p, &world, true);
	program_read(&p);
	plan_init(&plan);
	plan_add_copy(&plan, find(&p, "notifications.users"));
	json_set((struct json *)policy(&p), "notifyUsersOnPasswordReset", json_new_bool(true));
	before = json_clone(policy(&p));
	assert_int_equal(session_apply(&p.session, &plan, &err), 0);
	program_wait(&p);
	assert_int_equal(p.session.err.kind, ERR_CONFLICT);
	assert_int_equal(tenant_write_count(p.session.demo), 0);
	assert_same_tenant(before, policy(&p), "policy");
	json_free(before);
	plan_release(&plan);
	program_end(&p);
	world_close(&world);
}

/* A policy that comes without a member is not written. */
static void test_partial(void **state)
{
	struct err err = ERR_INIT;
	struct plan plan;
	struct world world;
	struct program p;

	(void)state;
	world_open(&world, "contoso");
	start(&p, &world, true);
	program_read(&p);
	plan_init(&plan);
	plan_add_copy(&plan, find(&p, "notifications.users"));
	json_remove((struct json *)policy(&p), "securityQuestions");
	assert_int_equal(session_apply(&p.session, &plan, &err), 0);
	program_wait(&p);
	assert_int_equal(p.session.err.kind, ERR_CONFLICT);
	assert_int_equal(tenant_write_count(p.session.demo), 0);
	plan_release(&plan);
	program_end(&p);
	world_close(&world);
}

/* The answer is lost: reading tells what happened, nothing is sent twice. */
static void test_lost(void **state)
{
	struct fault lost = { .kind = FAULT_LOST_AFTER, .method = "PUT", .path = PORTAL_POLICY,
			      .nth = 1, .times = 1 };
	struct err err = ERR_INIT;
	struct plan plan;
	struct world world;
	struct program p;

	(void)state;
	world_open(&world, "contoso");
	start(&p, &world, true);
	program_read(&p);
	plan_init(&plan);
	plan_add_copy(&plan, find(&p, "notifications.users"));
	tenant_fault(p.session.demo, &lost);
	assert_int_equal(session_apply(&p.session, &plan, &err), 0);
	program_wait(&p);
	if (p.session.err.kind != ERR_NONE)
		fail_msg("%s", p.session.err.msg);
	assert_int_equal(tenant_write_count(p.session.demo), 1);
	assert_true(json_bool(policy(&p), "notifyUsersOnPasswordReset", false));
	plan_release(&plan);
	program_end(&p);
	world_close(&world);
}

/* Without the switch no request leaves for that host. */
static void test_never_without(void **state)
{
	struct world world;
	struct program p;

	(void)state;
	world_open(&world, "contoso");
	start(&p, &world, false);
	program_read(&p);
	assert_int_equal(portal_changes(&p), 0);
	assert_true(program_apply(&p));
	assert_true(program_undo(&p));
	assert_int_equal(tenant_portal_count(p.session.demo), 0);
	assert_true(p.session.log->total > 0);
	for (size_t i = 0; i < p.session.log->n; i++) {
		const char *path = request_log_at(p.session.log, i)->path;

		assert_true(str_starts(path, "/v1.0/") || str_starts(path, "/beta/"));
	}
	program_end(&p);
	world_close(&world);
}

/* The API refuses: the change is a person's again, and the step says why. */
static void test_refused(void **state)
{
	struct fault refused = { .kind = FAULT_STATUS, .method = "GET", .path = PORTAL_PATH,
				 .status = 403, .times = 1000 };
	const struct step_view *v;
	struct world world;
	struct program p;
	size_t told = 0;

	(void)state;
	world_open(&world, "contoso");
	start(&p, &world, true);
	tenant_fault(p.session.demo, &refused);
	program_read(&p);
	assert_int_equal(portal_changes(&p), 0);
	assert_int_equal(find(&p, "notifications.users")->means, MEANS_GUIDED);
	v = &p.session.views[6];
	for (size_t i = 0; i < v->nnotes; i++)
		told += strstr(v->notes[i].text, "a person makes this change") != NULL;
	assert_int_equal(told, 1);
	program_end(&p);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rollout),
		cmocka_unit_test(test_wanted_by_a_profile),
		cmocka_unit_test(test_scope_stays),
		cmocka_unit_test(test_concurrent),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_never_without),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
