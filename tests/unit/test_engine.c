/* The engine applies a plan, settles lost answers and stops when told. */
#include "tests/unit/engine_stage.h"

static void test_all_goes_well(void **state)
{
	static const struct line script[] = {
		GUARD, CREATE,
		{ "PATCH", GROUP, BODY_OF("u1"), 204, NULL },
		{ "GET", SMS, NULL, 200, OFF },
		{ "PATCH", SMS, "{\"@odata.type\":\"t\",\"state\":\"enabled\","
		  "\"includeTargets\":[{\"id\":\"" G "\"}]}", 204, NULL },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_group(&s);
	plan_member(&s, one, 1);
	plan_sms(&s);
	plan_add(&s.plan, "x", "guided", MEANS_GUIDED);
	apply(&s, NULL, ENGINE_DONE);
	assert_string_equal(engine_group_id(s.engine), G);
	assert_string_equal(record(&s, 0)->result_id, G);
	assert_string_equal(record(&s, 0)->result_created, CREATED);
	assert_string_equal(record(&s, 1)->members[0], "u1");
	assert_string_equal(record(&s, 1)->undo_url, GROUP "/members/{member}/$ref");
	assert_int_equal(outcome(&s, 2), OUTCOME_DONE);
	assert_int_equal(journal_unsettled(s.journal), 0);
	stage_close(&s);
}

static void test_guard(void **state)
{
	static const struct line script[] = {
		{ "GET", SMS, NULL, 200, "{\"state\":\"disabled\",\"includeTargets\":[{}]}" },
		{ NULL, NULL, NULL, 0, NULL },
	};
	const struct record *r;
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_sms(&s);
	plan_member(&s, one, 1);
	apply(&s, G, ENGINE_FAILED);
	assert_int_equal(engine_error(s.engine)->kind, ERR_CONFLICT);
	assert_int_equal(journal_records(s.journal, &r), 0);
	assert_int_equal(outcome(&s, 0), OUTCOME_FAILED);
	assert_int_equal(outcome(&s, 1), OUTCOME_STOPPED);
	stage_close(&s);
}

static void test_another_group_of_that_name(void **state)
{
	static const struct line script[] = {
		{ "GET", "/v1.0/groups?", NULL, 200, "{\"value\":[{\"id\":\"x\"}]}" },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_group(&s);
	apply(&s, NULL, ENGINE_FAILED);
	assert_int_equal(engine_error(s.engine)->kind, ERR_CONFLICT);
	stage_close(&s);
}

static void test_already_members(void **state)
{
	static const struct line script[] = {
		{ "PATCH", GROUP, NULL, 400, THERE },
		{ "GET", GROUP "/members?", NULL, 200, "{\"value\":[{\"id\":\"u7\"}],"
		  "\"@odata.nextLink\":\"https://graph.microsoft.com" GROUP "/members?$skiptoken=2\"}" },
		{ "GET", GROUP "/members?$skiptoken=2", NULL, 200, "{\"value\":[{\"id\":\"u1\"}]}" },
		{ "PATCH", GROUP, BODY_OF("u2"), 204, NULL },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_member(&s, two, 2);
	apply(&s, G, ENGINE_DONE);
	assert_int_equal(record(&s, 0)->outcome, OUTCOME_FAILED);
	assert_int_equal(record(&s, 1)->outcome, OUTCOME_DONE);
	assert_int_equal(record(&s, 1)->nmembers, 1);
	assert_string_equal(record(&s, 1)->members[0], "u2");
	stage_close(&s);
}

static void test_all_are_members_already(void **state)
{
	static const struct line script[] = {
		{ "PATCH", GROUP, NULL, 400, THERE },
		{ "GET", GROUP "/members?", NULL, 200, "{\"value\":[{\"id\":\"u1\"}]}" },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_member(&s, one, 1);
	apply(&s, G, ENGINE_DONE);
	assert_int_equal(outcome(&s, 0), OUTCOME_DONE);
	assert_int_equal(record(&s, 0)->nmembers, 0);	/* nobody of ours to take out */
	stage_close(&s);
}

static void test_a_new_group_lags(void **state)
{
	static const struct line script[] = {
		GUARD, CREATE,
		{ "PATCH", GROUP, NULL, 400, NOT_YET },
		{ "PATCH", GROUP, NULL, 404, "{}" },
		{ "PATCH", GROUP, BODY_OF("u1"), 204, NULL },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;
	int64_t before;

	(void)state;
	stage_open(&s, script);
	plan_group(&s);
	plan_member(&s, one, 1);
	before = clock_mono_ms();
	apply(&s, NULL, ENGINE_DONE);
	assert_true(clock_mono_ms() - before >= 3000);
	assert_int_equal(record(&s, 1)->outcome, OUTCOME_DONE);
	stage_close(&s);
}

/* The same refusal for a group that was there is what it says. */
static void test_an_old_group_does_not_lag(void **state)
{
	static const struct line script[] = {
		{ "PATCH", GROUP, NULL, 400, NOT_YET },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_member(&s, one, 1);
	apply(&s, G, ENGINE_FAILED);
	assert_int_equal(record(&s, 0)->outcome, OUTCOME_FAILED);
	stage_close(&s);
}

static void test_lost_after(void **state)
{
	static const struct line script[] = {
		GUARD,
		{ "POST", "/v1.0/groups", NULL, LOST, NULL },
		{ "GET", "/v1.0/groups?$filter=displayName%20eq%20%27P%27", NULL, 200,
		  "{\"value\":[]}" },	/* not in the index yet */
		{ "GET", "/v1.0/groups?", NULL, 200, "{\"value\":[" GROUP_ANSWER "]}" },
		{ "PATCH", GROUP, NULL, LOST, NULL },
		{ "GET", GROUP "/members", NULL, 200, "{\"value\":[{\"id\":\"u1\"},{\"id\":\"u2\"}]}" },
		{ "GET", SMS, NULL, 200, OFF },
		{ "PATCH", SMS, NULL, 502, "<html>" },
		{ "GET", SMS, NULL, 200, ON },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_group(&s);
	plan_member(&s, two, 2);
	plan_sms(&s);
	apply(&s, NULL, ENGINE_DONE);
	assert_string_equal(record(&s, 0)->result_id, G);
	assert_string_equal(record(&s, 0)->result_created, CREATED);
	assert_int_equal(record(&s, 1)->nmembers, 2);
	assert_int_equal(record(&s, 2)->outcome, OUTCOME_DONE);
	stage_close(&s);
}

static void test_lost_before(void **state)
{
	/* Looks after 0, 1, 3, 7, 15, 23, 31, 39, 47 and 55 seconds, and no more. */
	static const struct line script[] = {
		{ "GET", SMS, NULL, 200, OFF },
		{ "PATCH", SMS, NULL, LOST, NULL },
		{ "GET", SMS, NULL, 200, OFF }, { "GET", SMS, NULL, 200, OFF },
		{ "GET", SMS, NULL, 200, OFF }, { "GET", SMS, NULL, 200, OFF },
		{ "GET", SMS, NULL, 200, OFF }, { "GET", SMS, NULL, 200, OFF },
		{ "GET", SMS, NULL, 200, OFF }, { "GET", SMS, NULL, 200, OFF },
		{ "GET", SMS, NULL, 200, OFF }, { "GET", SMS, NULL, 200, OFF },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_sms(&s);
	apply(&s, G, ENGINE_FAILED);
	assert_int_equal(record(&s, 0)->outcome, OUTCOME_FAILED);
	assert_int_equal(journal_unsettled(s.journal), 0);
	stage_close(&s);
}

static void test_lost_and_unreadable_then_settled(void **state)
{
	static const struct line script[] = {
		{ "GET", SMS, NULL, 200, OFF },
		{ "PATCH", SMS, NULL, LOST, NULL },
		{ "GET", SMS, NULL, 403, "{}" },
		{ "GET", SMS, NULL, 200, ON },	/* of the settling */
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct err err = ERR_INIT;
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_sms(&s);
	assert_int_equal(engine_apply(s.engine, &s.plan, G, "apply", "me", &err), 0);
	while (engine_state(s.engine) == ENGINE_APPLYING)
		loop_run_once(s.loop, -1);
	assert_int_equal(outcome(&s, 0), OUTCOME_UNKNOWN);
	assert_int_equal(journal_unsettled(s.journal), 1);
	assert_int_equal(engine_settle(s.engine, &err), 0);
	run(&s);
	assert_int_equal(engine_state(s.engine), ENGINE_DONE);
	assert_int_equal(record(&s, 0)->outcome, OUTCOME_DONE);
	assert_int_equal(journal_unsettled(s.journal), 0);
	stage_close(&s);
}

static void test_stop(void **state)
{
	static const struct line script[] = {
		GUARD, CREATE, { NULL, NULL, NULL, 0, NULL },
	};
	struct err err = ERR_INIT;
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_group(&s);
	plan_member(&s, one, 1);
	assert_int_equal(engine_apply(s.engine, &s.plan, NULL, "apply", "me", &err), 0);
	while (s.next < 1 || !s.x)	/* the POST is on its way */
		loop_run_once(s.loop, -1);
	engine_stop(s.engine);
	run(&s);
	assert_int_equal(engine_state(s.engine), ENGINE_STOPPED);
	assert_int_equal(outcome(&s, 0), OUTCOME_DONE);
	assert_int_equal(outcome(&s, 1), OUTCOME_STOPPED);
	stage_close(&s);
}

/* Nobody waits any longer for a group that is not known everywhere: that is no
 * refusal, and it does not take until the next try to notice. */
static void test_stop_while_a_new_group_lags(void **state)
{
	static const struct line script[] = {
		GUARD, CREATE,
		{ "PATCH", GROUP, NULL, 400, NOT_YET },
		{ "PATCH", GROUP, NULL, 400, NOT_YET },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct err err = ERR_INIT;
	struct stage s;
	int64_t before;

	(void)state;
	stage_open(&s, script);
	plan_group(&s);
	plan_member(&s, one, 1);
	assert_int_equal(engine_apply(s.engine, &s.plan, NULL, "apply", "me", &err), 0);
	while (s.next < 4)
		loop_run_once(s.loop, -1);
	before = clock_mono_ms();
	engine_stop(s.engine);
	run(&s);
	assert_true(clock_mono_ms() - before < 100);
	assert_int_equal(engine_state(s.engine), ENGINE_STOPPED);
	assert_int_equal(outcome(&s, 1), OUTCOME_STOPPED);
	assert_int_equal(record(&s, 1)->outcome, OUTCOME_STOPPED);
	assert_int_equal(journal_unsettled(s.journal), 0);
	stage_close(&s);
}

static void test_nothing_without_a_group(void **state)
{
	static const struct line script[] = { { NULL, NULL, NULL, 0, NULL } };
	struct stage s;

	(void)state;
	stage_open(&s, script);
	plan_sms(&s);
	apply(&s, NULL, ENGINE_FAILED);
	assert_non_null(strstr(engine_error(s.engine)->msg, "the group is not there yet"));
	stage_close(&s);
}

/* A stop while a lost write is looked for decides nothing. */
static void test_stop_while_settling(void **state)
{
	static const struct line script[] = {
		{ "GET", SMS, NULL, 200, OFF },
		{ "PATCH", SMS, NULL, LOST, NULL },
		{ "GET", SMS, NULL, 200, OFF },
		{ "GET", SMS, NULL, 200, OFF },
		{ NULL, NULL, NULL, 0, NULL },
	};
	struct err err = ERR_INIT;
	struct stage s;
	int64_t left_ms;

	(void)state;
	stage_open(&s, script);
	plan_sms(&s);
	assert_int_equal(engine_apply(s.engine, &s.plan, G, "apply", "me", &err), 0);
	assert_null(engine_waits(s.engine, &left_ms));
	while (s.next < 3)
		loop_run_once(s.loop, -1);
	/* Meanwhile it says what it looks for, and how long yet. */
	assert_non_null(strstr(engine_waits(s.engine, &left_ms), "whether the setting was changed"));
	assert_in_range(left_ms, 55000, 60000);
	engine_stop(s.engine);
	run(&s);
	assert_null(engine_waits(s.engine, &left_ms));
	assert_int_equal(outcome(&s, 0), OUTCOME_UNKNOWN);
	assert_int_equal(journal_unsettled(s.journal), 1);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_goes_well),
		cmocka_unit_test(test_guard),
		cmocka_unit_test(test_another_group_of_that_name),
		cmocka_unit_test(test_already_members),
		cmocka_unit_test(test_all_are_members_already),
		cmocka_unit_test(test_a_new_group_lags),
		cmocka_unit_test(test_an_old_group_does_not_lag),
		cmocka_unit_test(test_lost_after),
		cmocka_unit_test(test_lost_before),
		cmocka_unit_test(test_lost_and_unreadable_then_settled),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_stop_while_a_new_group_lags),
		cmocka_unit_test(test_nothing_without_a_group),
		cmocka_unit_test(test_stop_while_settling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
