/* The laws of writing, for the app registration: nothing without a plan, twice is once,
 * undo restores, and a fault or a kill at every moment loses nothing. */
#include "tests/laws/world.h"

#include "graph/sign_in/scopes.h"
#include "steps/registration.h"

#define GRAPH_APP "00000003-0000-0000-c000-000000000000"

static void open_world(struct world *w)
{
	world_open(w, "contoso");
	w->registering = true;
}

/* Applies what there is until nothing is left: the consent comes after the rest. */
static bool finish(struct program *p)
{
	for (int i = 0; i < 4; i++) {
		program_read(p);
		if (!program_changes(p))
			return true;
		program_apply(p);
	}
	program_read(p);
	return !program_changes(p);
}

/* One application, its principal, its consent; each once. */
static void assert_registered(const struct program *p, const char *what)
{
	const struct json *state = tenant_state(p->session.demo);
	const struct json *app = json_first(json_get(state, "applications")), *sp, *grant;
	const char *principal = NULL;
	size_t principals = 0;

	if (json_count(json_get(state, "applications")) != 1 ||
	    json_count(json_get(state, "oauth2PermissionGrants")) != 1)
		fail_msg("%s: %zu applications, %zu consents", what,
			 json_count(json_get(state, "applications")),
			 json_count(json_get(state, "oauth2PermissionGrants")));
	for (sp = json_first(json_get(state, "servicePrincipals")); sp; sp = json_next(sp))
		if (str_same(json_string(sp, "appId"), json_string(app, "appId"))) {
			principal = json_string(sp, "id");
			principals++;
		}
	assert_int_equal(principals, 1);
	grant = json_first(json_get(state, "oauth2PermissionGrants"));
	assert_string_equal(json_string(grant, "clientId"), principal);
	assert_true(scopes_have(json_string(grant, "scope"), "AuditLog.Read.All"));
	assert_null(strstr(json_string(grant, "scope"), "Write"));
	assert_string_equal(p->session.facts.application_of.app_id, json_string(app, "appId"));
}

/* Takes back run after run; a run that is left in half is gone on with. */
static void undo_all(struct program *p)
{
	program_read(p);
	for (int i = 0; i < 6 && program_undo(p); i++)
		program_read(p);
}

static void test_made_once_and_taken_back(void **state)
{
	struct world w;
	struct program p;
	struct json *before, *after;
	size_t writes;

	(void)state;
	open_world(&w);
	program_start(&p, &w);
	program_read(&p);
	before = tenant_essence(p.session.demo);
	assert_int_equal(tenant_write_count(p.session.demo), 0);
	assert_int_equal(program_changes(&p), 2);
	assert_true(program_apply(&p));
	assert_int_equal(tenant_write_count(p.session.demo), 4);	/* two were too early */
	assert_int_equal(program_changes(&p), 1);	/* the consent wants a yes of its own */
	assert_int_equal(json_count(json_get(tenant_state(p.session.demo),
					     "oauth2PermissionGrants")), 0);
	assert_null(strstr(p.session.tokens->granted, "DelegatedPermissionGrant"));
	assert_true(program_apply(&p));
	assert_non_null(strstr(p.session.tokens->granted, "DelegatedPermissionGrant"));
	assert_registered(&p, "made");
	program_end(&p);

	program_start(&p, &w);
	program_read(&p);
	assert_int_equal(program_changes(&p), 0);
	writes = tenant_write_count(p.session.demo);
	assert_true(program_apply(&p));
	assert_int_equal(tenant_write_count(p.session.demo), writes);
	assert_true(program_undo(&p));
	program_read(&p);
	assert_true(program_undo(&p));
	after = tenant_essence(p.session.demo);
	assert_same_tenant(before, after, "taken back");
	json_free(before);
	json_free(after);
	program_end(&p);
	world_close(&w);
}

/* What is declared is what is asked for, by the ids of this tenant. */
static void test_what_is_declared(void **state)
{
	const char *const *name = scopes_read_names();
	struct world w;
	struct program p;
	struct json *body;
	const struct json *access;

	(void)state;
	open_world(&w);
	program_start(&p, &w);
	program_read(&p);
	body = application_body(&p.session.facts);
	access = json_first(json_get(body, "requiredResourceAccess"));
	assert_string_equal(json_string(access, "resourceAppId"), GRAPH_APP);
	access = json_first(json_get(access, "resourceAccess"));
	for (; *name; name++, access = json_next(access)) {
		assert_string_equal(json_string(access, "id"),
				    application_scope_id(&p.session.facts, *name));
		assert_string_equal(json_string(access, "type"), "Scope");
	}
	assert_non_null(access);	/* those to write follow */
	json_free(body);
	p.session.facts.read_only = true;
	body = application_body(&p.session.facts);
	assert_int_equal(json_count(json_get(json_first(json_get(body, "requiredResourceAccess")),
					     "resourceAccess")),
			 (size_t)(name - scopes_read_names()));
	json_free(body);
	program_end(&p);
	world_close(&w);
}

static size_t requests_of_making(void)
{
	struct world w;
	struct program p;
	size_t n;

	open_world(&w);
	program_start(&p, &w);
	program_read(&p);
	n = tenant_request_count(p.session.demo);
	assert_true(finish(&p));
	n = tenant_request_count(p.session.demo) - n;
	program_end(&p);
	world_close(&w);
	return n;
}

static void test_fault_at_every_request(void **state)
{
	static const struct fault faults[] = {
		{ .kind = FAULT_LOST_BEFORE }, { .kind = FAULT_LOST_AFTER },
		{ .kind = FAULT_STATUS, .status = 500 }, { .kind = FAULT_THROTTLE, .status = 429 },
		{ .kind = FAULT_TRUNCATED }, { .kind = FAULT_HTML },
	};
	size_t requests = requests_of_making();

	(void)state;
	for (size_t k = 0; k < COUNT_OF(faults); k++) {
		for (size_t n = 1; n <= requests; n++) {
			struct fault f = faults[k];
			struct world w;
			struct program p;
			struct json *before, *after;
			char what[64];

			snprintf(what, sizeof(what), "fault %zu at request %zu", k, n);
			open_world(&w);
			program_start(&p, &w);
			program_read(&p);
			before = tenant_essence(p.session.demo);
			f.nth = (unsigned)n;
			tenant_fault(p.session.demo, &f);
			program_apply(&p);
			program_apply(&p);
			program_end(&p);
			program_start(&p, &w);
			if (!finish(&p))
				fail_msg("%s: not finished: %s", what, p.session.err.msg);
			assert_registered(&p, what);
			undo_all(&p);
			after = tenant_essence(p.session.demo);
			assert_same_tenant(before, after, what);
			json_free(before);
			json_free(after);
			program_end(&p);
			world_close(&w);
		}
	}
}

/* Killed after n turns of the loop; false when it had ended before. */
static bool kill_after(struct world *w, size_t n)
{
	struct program p;
	struct plan plan;
	struct err err = ERR_INIT;
	bool working;

	program_start(&p, w);
	program_read(&p);
	plan_init(&plan);
	session_plan(&p.session, NULL, &plan);
	assert_int_equal(session_apply(&p.session, &plan, &err), 0);
	for (size_t i = 0; i < n; i++)
		loop_run_once(p.loop, -1);
	working = p.session.state == SESSION_APPLYING;
	program_kill(&p);
	plan_release(&plan);
	return working;
}

static void test_kill_at_every_moment(void **state)
{
	bool working = true;

	(void)state;
	for (size_t n = 0; working; n++) {
		struct world w;
		struct program p;
		struct json *before, *after;
		char what[64];

		snprintf(what, sizeof(what), "killed after %zu turns", n);
		open_world(&w);
		program_start(&p, &w);
		before = tenant_essence(p.session.demo);
		program_end(&p);
		working = kill_after(&w, n);
		program_start(&p, &w);
		if (!finish(&p))
			fail_msg("%s: not finished: %s", what, p.session.err.msg);
		assert_registered(&p, what);
		undo_all(&p);
		after = tenant_essence(p.session.demo);
		assert_same_tenant(before, after, what);
		json_free(before);
		json_free(after);
		program_end(&p);
		world_close(&w);
	}
}

/* What somebody else changed since is theirs. */
static void test_a_changed_one_stays(void **state)
{
	struct world w;
	struct program p;
	struct json *app;

	(void)state;
	open_world(&w);
	program_start(&p, &w);
	program_read(&p);
	assert_true(program_apply(&p));
	app = json_first_mutable(json_get_mutable((struct json *)tenant_state(p.session.demo),
						  "applications"));
	json_append(json_get_mutable(app, "passwordCredentials"), json_new_object());
	program_read(&p);
	assert_false(program_undo(&p));
	assert_non_null(strstr(p.session.err.msg, "a secret or a certificate"));
	assert_int_equal(json_count(json_get(tenant_state(p.session.demo), "applications")), 1);
	program_end(&p);
	world_close(&w);
}

/* Two of the name, or one that is another's: nothing is planned. */
static void test_another_of_the_name_is_left_alone(void **state)
{
	struct world w;
	struct program p;
	struct json *list, *app;

	(void)state;
	open_world(&w);
	program_start(&p, &w);
	list = json_get_mutable((struct json *)tenant_state(p.session.demo), "applications");
	app = json_append(list, json_new_object());
	json_add_string(app, "id", "9f2d3a10-0000-4000-8000-000000000001");
	json_add_string(app, "appId", "9f2d3a10-0000-4000-8000-000000000002");
	json_add_string(app, "displayName", "sspr-wizard");
	json_add_string(app, "signInAudience", "AzureADMultipleOrgs");
	program_read(&p);
	assert_int_equal(program_changes(&p), 0);
	assert_int_equal(p.session.views[0].state, STEP_BLOCKED);
	json_append(list, json_clone(app));
	program_read(&p);
	assert_int_equal(program_changes(&p), 0);
	assert_non_null(strstr(p.session.views[0].reason, "2 app registrations"));
	program_end(&p);
	world_close(&w);
}

/* The runbook's session takes it back no more than this one takes back a rollout. */
static void test_each_takes_back_its_own(void **state)
{
	struct err err = ERR_INIT;
	struct world w;
	struct program p;
	char run[64];

	(void)state;
	open_world(&w);
	program_start(&p, &w);
	program_read(&p);
	assert_true(program_apply(&p));
	snprintf(run, sizeof(run), "%s", session_registration_run(&p.session));
	program_end(&p);
	w.registering = false;
	program_start(&p, &w);
	program_read(&p);
	assert_int_equal(session_undo(&p.session, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_int_equal(session_undo(&p.session, run, &err), -1);
	assert_non_null(strstr(err.todo, "register undo"));
	assert_null(session_registration_run(&p.session));
	program_end(&p);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_once_and_taken_back),
		cmocka_unit_test(test_what_is_declared),
		cmocka_unit_test(test_fault_at_every_request),
		cmocka_unit_test(test_kill_at_every_moment),
		cmocka_unit_test(test_a_changed_one_stays),
		cmocka_unit_test(test_another_of_the_name_is_left_alone),
		cmocka_unit_test(test_each_takes_back_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
