/* The engine takes a run back, and settles an undo whose answer was lost. */
#include "tests/unit/engine_stage.h"

static void undo(struct stage *s, const struct line *script, enum engine_state end)
{
	struct err err = ERR_INIT;

	s->script = script;
	s->next = 0;
	if (engine_undo(s->engine, NULL, "me", &err) < 0)
		fail_msg("%s", err.msg);
	run(s);
	if (engine_state(s->engine) != end)
		fail_msg("ended with: %s", engine_error(s->engine)->msg);
}

static const struct line all_well[] = {
	GUARD, CREATE,
	{ "PATCH", GROUP, NULL, 204, NULL },
	{ "GET", SMS, NULL, 200, OFF },
	{ "PATCH", SMS, NULL, 204, NULL },
	{ NULL, NULL, NULL, 0, NULL },
};

static void stage_applied(struct stage *s)
{
	stage_open(s, all_well);
	plan_group(s);
	plan_member(s, two, 2);
	plan_sms(s);
	apply(s, NULL, ENGINE_DONE);
}

#define REMOVED(id) { "DELETE", GROUP "/members/" id "/$ref", NULL, 204, NULL }
#define IS_OURS { "GET", GROUP "?$select=id,createdDateTime", NULL, 200, GROUP_ANSWER }
#define NO_MEMBERS { "GET", GROUP "/members?", NULL, 200, "{\"value\":[]}" }
#define NO_POLICY { "GET", POLICY, NULL, 200, "{\"authenticationMethodConfigurations\":[]}" }
#define NO_ACCESS { "GET", "/v1.0/identity/conditionalAccess/policies", NULL, 200, "{\"value\":[]}" }
#define RESTORED \
	{ "GET", SMS, NULL, 200, ON }, \
	{ "PATCH", SMS, "{\"@odata.type\":\"t\",\"state\":\"disabled\",\"includeTargets\":[]}", 204, NULL }

static void test_undo(void **state)
{
	static const struct line script[] = {
		RESTORED, REMOVED("u1"),
		{ "DELETE", GROUP "/members/u2/$ref", NULL, 404, "{}" },	/* is out already */
		IS_OURS, NO_MEMBERS, NO_POLICY, NO_ACCESS,
		{ "DELETE", GROUP, NULL, 204, NULL },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct err err = ERR_INIT;
	struct stage s;

	(void)state;
	stage_applied(&s);
	undo(&s, script, ENGINE_DONE);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(record(&s, i)->undone, OUTCOME_DONE);
	assert_int_equal(engine_undo(s.engine, NULL, "me", &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	stage_close(&s);
}

static void test_undo_leaves_what_others_changed(void **state)
{
	static const struct line script[] = {
		{ "GET", SMS, NULL, 200, "{\"state\":\"enabled\",\"includeTargets\":[]}" },
		REMOVED("u1"), REMOVED("u2"), IS_OURS,
		{ "GET", GROUP "/members?", NULL, 200, "{\"value\":[{\"id\":\"u3\"}]}" },
		{ NULL, NULL, NULL, 0, NULL },
	};
	static const struct line once_more[] = {
		{ "GET", SMS, NULL, 200, "{\"state\":\"enabled\",\"includeTargets\":[]}" },
		IS_OURS,
		{ "GET", GROUP "/members?", NULL, 200, "{\"value\":[{\"id\":\"u3\"}]}" },
		{ NULL, NULL, NULL, 0, NULL },
	};
	const struct progress *p;
	const struct run *runs;
	struct stage s;

	(void)state;
	stage_applied(&s);
	undo(&s, script, ENGINE_FAILED);
	assert_int_equal(engine_error(s.engine)->kind, ERR_CONFLICT);
	/* What was left as it is is on record, with the reason. */
	assert_int_equal(record(&s, 2)->undone, OUTCOME_FAILED);
	assert_non_null(strstr(record(&s, 2)->error, "somebody changed it since"));
	assert_int_equal(record(&s, 1)->undone, OUTCOME_DONE);
	assert_int_equal(record(&s, 0)->undone, OUTCOME_FAILED);
	assert_int_equal(journal_unsettled(s.journal), 0);
	assert_int_equal(journal_runs(s.journal, &runs), 2);
	assert_int_equal(engine_progress(s.engine, &p), 3);
	assert_false(p[0].sent);	/* checked, and left as it is */
	assert_true(p[1].sent);
	assert_non_null(strstr(p[0].err.todo, "left as it is"));
	/* Once more: only what is left, and no run without a request. */
	undo(&s, once_more, ENGINE_FAILED);
	assert_int_equal(journal_runs(s.journal, &runs), 2);
	assert_int_equal(engine_progress(s.engine, &p), 2);
	assert_int_equal(p[0].sequence, record(&s, 2)->sequence);
	assert_int_equal(p[1].sequence, record(&s, 0)->sequence);
	stage_close(&s);
}

static void test_undo_of_another_group(void **state)
{
	static const struct line script[] = {
		RESTORED, REMOVED("u1"), REMOVED("u2"),
		{ "GET", GROUP, NULL, 200, "{\"id\":\"" G "\",\"createdDateTime\":\"2020-01-01T00:00:00Z\"}" },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_applied(&s);
	undo(&s, script, ENGINE_FAILED);
	assert_non_null(strstr(engine_error(s.engine)->msg, "not the group that was created"));
	stage_close(&s);
}

static void test_undo_of_a_group_that_is_referred_to(void **state)
{
	static const struct line script[] = {
		RESTORED, REMOVED("u1"), REMOVED("u2"), IS_OURS, NO_MEMBERS, NO_POLICY,
		{ "GET", "/v1.0/identity/conditionalAccess/policies", NULL, 200,
		  "{\"value\":[{\"conditions\":{\"users\":{\"includeGroups\":[\"" G "\"]}}}]}" },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_applied(&s);
	undo(&s, script, ENGINE_FAILED);
	assert_non_null(strstr(engine_error(s.engine)->msg, "Conditional Access"));
	stage_close(&s);
}

static void test_undo_lost(void **state)
{
	static const struct line script[] = {
		{ "GET", SMS, NULL, 200, ON },
		{ "PATCH", SMS, NULL, LOST, NULL },
		{ "GET", SMS, NULL, 200, OFF },
		{ "DELETE", GROUP "/members/u1/$ref", NULL, LOST, NULL },
		{ "GET", GROUP "/members?", NULL, 200, "{\"value\":[{\"id\":\"u2\"}]}" },
		REMOVED("u2"), IS_OURS, NO_MEMBERS, NO_POLICY, NO_ACCESS,
		{ "DELETE", GROUP, NULL, LOST, NULL },
		{ "GET", GROUP "?$select=id", NULL, 404, "{}" },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_applied(&s);
	undo(&s, script, ENGINE_DONE);
	assert_int_equal(journal_unsettled(s.journal), 0);
	stage_close(&s);
}

/* Settling an undo has patience by the age of the undo, not of the change. */
static void test_an_undo_is_settled_by_its_own_age(void **state)
{
	static const struct line undoing[] = {
		{ "GET", SMS, NULL, 200, ON },
		{ "PATCH", SMS, NULL, LOST, NULL },
		{ "GET", SMS, NULL, 403, "{}" },
		{ NULL, NULL, NULL, 0, NULL },
	};
	static const struct line settling[] = {
		{ "GET", SMS, NULL, 200, ON },	/* not to be seen yet */
		{ "GET", SMS, NULL, 200, OFF },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct err err = ERR_INIT;
	struct stage s;

	(void)state;
	stage_applied(&s);
	clock_advance(3600 * 1000);
	undo(&s, undoing, ENGINE_FAILED);
	assert_int_equal(record(&s, 2)->undone, OUTCOME_UNKNOWN);
	s.script = settling;
	s.next = 0;
	assert_int_equal(engine_settle(s.engine, &err), 0);
	run(&s);
	assert_int_equal(record(&s, 2)->undone, OUTCOME_DONE);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_undo_leaves_what_others_changed),
		cmocka_unit_test(test_undo_of_another_group),
		cmocka_unit_test(test_undo_of_a_group_that_is_referred_to),
		cmocka_unit_test(test_undo_lost),
		cmocka_unit_test(test_an_undo_is_settled_by_its_own_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
