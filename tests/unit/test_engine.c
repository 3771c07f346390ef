/*
 * The engine against a script: each request must be the next one of the
 * script, and gets its answer.
 */
#include "steps/engine.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/cloud.h"

#define TENANT "aaaaaaaa-0000-0000-0000-000000000001"
#define G "bbbbbbbb-0000-0000-0000-000000000001"
#define GROUP "/v1.0/groups/" G
#define SMS "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Sms"
#define POLICY "/v1.0/policies/authenticationMethodsPolicy"
#define CREATED "2026-11-25T10:00:00Z"
#define BODY_OF(id) "{\"members@odata.bind\":[\"https://graph.microsoft.com/v1.0/" \
		    "directoryObjects/" id "\"]}"

#define LOST 0		/* no answer */

/* What is asked (the path by its beginning, the body as a whole or NULL for
 * any), and what is answered. */
struct line {
	const char *method, *path, *body;
	int status;
	const char *answer;
};

struct stage {
	struct transport transport;
	struct token_source tokens;
	struct secret token;
	char dir[64];
	struct loop *loop;
	struct cloud cloud;
	struct graph *graph;
	struct journal *journal;
	struct engine *engine;
	struct plan plan;
	const struct line *script;
	size_t next;
	struct exchange *x;
	struct loop_timer timer;
};

static void deliver(void *ctx)
{
	struct stage *s = ctx;
	const struct line *line = &s->script[s->next++];
	struct exchange *x = s->x;

	s->x = NULL;
	x->result = line->status > 0 ? TRANSPORT_ANSWERED
		    : TRANSPORT_LOST;
	x->status = line->status > 0 ? line->status : 0;
	if (line->status <= 0)
		err_set(&x->err, ERR_NET, 56, "the connection broke");
	else if (line->answer)
		str_add(&x->answer_body, line->answer);
	x->done(x, x->ctx);
}

static void submit(struct transport *t, struct exchange *x)
{
	struct stage *s = (struct stage *)t;
	const struct line *line = &s->script[s->next];
	const char *path = x->url + strlen("https://graph.microsoft.com");

	assert_null(s->x);
	if (!line->method)
		fail_msg("not in the script: %s %s", x->method, path);
	if (strcmp(line->method, x->method) != 0 || !str_starts(path, line->path))
		fail_msg("request %zu is %s %s, not %s %s", s->next, x->method, path,
			 line->method, line->path);
	if (line->body)
		assert_string_equal(str_text(&x->body), line->body);
	s->x = x;
	loop_timer_start(s->loop, &s->timer, 10, deliver, s);
}

static void cancel(struct transport *t, struct exchange *x)
{
	(void)t;
	(void)x;
}

static void get_token(struct token_source *t, bool renew,
		      void (*done)(void *ctx, const struct secret *token, const struct err *err),
		      void *ctx)
{
	struct stage *s = (struct stage *)((char *)t - offsetof(struct stage, tokens));
	struct err none = ERR_INIT;

	(void)renew;
	done(ctx, &s->token, &none);
}

static const struct transport_ops transport_ops = { .name = "script", .submit = submit, .cancel = cancel };
static const struct token_ops token_ops = { .name = "script", .get = get_token };

static void stage_open(struct stage *s, const struct line *script)
{
	struct err err = ERR_INIT;

	memset(s, 0, sizeof(*s));
	clock_set_virtual(1795600800000LL);
	snprintf(s->dir, sizeof(s->dir), "/tmp/sspr-engine-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	s->transport.ops = &transport_ops;
	s->tokens.ops = &token_ops;
	secret_set(&s->token, "t", 1);
	s->script = script;
	s->loop = loop_new(&err);
	assert_int_equal(cloud_by_name("global", &s->cloud, &err), 0);
	s->graph = graph_new(s->loop, &s->transport, &s->cloud, &s->tokens, NULL);
	s->journal = journal_open(s->dir, TENANT, false, &err);
	assert_non_null(s->journal);
	s->engine = engine_new(s->loop, s->graph, s->journal);
	plan_init(&s->plan);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(path);
}

static void stage_close(struct stage *s)
{
	engine_free(s->engine);
	graph_free(s->graph);
	journal_close(s->journal);
	plan_release(&s->plan);
	cloud_release(&s->cloud);
	secret_release(&s->token);
	loop_free(s->loop);
	nftw(s->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	clock_set_real();
}

static struct json *parse(const char *text)
{
	struct err err = ERR_INIT;

	return json_parse(text, strlen(text), &err);
}

static void plan_group(struct stage *s)
{
	struct change *c = plan_add(&s->plan, "group", "group.create", MEANS_GRAPH);

	c->title = "Create";
	c->method = "POST";
	c->url = "/v1.0/groups";
	c->body = parse("{\"displayName\":\"P\",\"description\":\"ours\"}");
	c->undo_method = "DELETE";
	c->undo_url = "/v1.0/groups/{group}";
	c->guard_url = "/v1.0/groups?$filter=x";
	c->guard_expect = parse("{\"value\":[]}");
	c->yields = "group";
}

static void plan_member(struct stage *s, const char *const *ids, size_t n)
{
	struct change *c = plan_add(&s->plan, "group", "group.members", MEANS_GRAPH);
	struct json *list;

	c->title = "Add";
	c->method = "PATCH";
	c->url = "/v1.0/groups/{group}";
	c->body = json_new_object();
	list = json_add_array(c->body, "members@odata.bind");
	for (size_t i = 0; i < n; i++)
		json_append_string(list, arena_printf(&s->plan.arena,
						      "{graph}/v1.0/directoryObjects/%s", ids[i]));
	c->undo_method = "DELETE";
	c->undo_url = "/v1.0/groups/{group}/members/{member}/$ref";
	c->member_ids = ids;
	c->nmembers = n;
}

static void plan_sms(struct stage *s)
{
	struct change *c = plan_add(&s->plan, "methods", "methods.sms", MEANS_GRAPH);

	c->title = "SMS";
	c->method = "PATCH";
	c->url = SMS;
	c->body = parse("{\"@odata.type\":\"t\",\"state\":\"enabled\","
			"\"includeTargets\":[{\"id\":\"{group}\"}]}");
	c->undo_method = "PATCH";
	c->undo_url = SMS;
	c->undo_body = parse("{\"@odata.type\":\"t\",\"state\":\"disabled\","
			     "\"includeTargets\":[]}");
	c->guard_url = SMS;
	c->guard_expect = parse("{\"state\":\"disabled\",\"includeTargets\":[]}");
}

static void run(struct stage *s)
{
	while (engine_state(s->engine) == ENGINE_APPLYING ||
	       engine_state(s->engine) == ENGINE_UNDOING)
		assert_true(loop_run_once(s->loop, -1));
	assert_null(s->script[s->next].method);	/* nothing is left of the script */
}

static void apply(struct stage *s, const char *group, enum engine_state end)
{
	struct err err = ERR_INIT;

	assert_int_equal(engine_apply(s->engine, &s->plan, group, "apply", "me", &err), 0);
	run(s);
	if (engine_state(s->engine) != end)
		fail_msg("ended with: %s", engine_error(s->engine)->msg);
}

static const struct record *record(struct stage *s, size_t i)
{
	const struct record *r;

	assert_true(journal_records(s->journal, &r) > i);
	return &r[i];
}

static enum outcome outcome(struct stage *s, size_t i)
{
	const struct progress *p;

	assert_true(engine_progress(s->engine, &p) > i);
	return p[i].outcome;
}

#define GROUP_ANSWER "{\"id\":\"" G "\",\"createdDateTime\":\"" CREATED "\",\"description\":\"ours\"}"
#define NOT_YET "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"The source resource " \
	"object or one of the objects being referenced do not exist.\"}}"
#define THERE "{\"error\":{\"code\":\"Request_BadRequest\",\"message\":\"One or more added object " \
	"references already exist for the following modified properties: 'members'.\"}}"
#define OFF "{\"state\":\"disabled\",\"includeTargets\":[],\"includeTargets@odata.context\":\"c\"}"
#define ON "{\"state\":\"enabled\",\"includeTargets\":[{\"id\":\"" G "\",\"x\":1}]}"
#define GUARD { "GET", "/v1.0/groups?$filter=x", NULL, 200, "{\"value\":[]}" }
#define CREATE { "POST", "/v1.0/groups", NULL, 201, GROUP_ANSWER }
static const char *const one[] = { "u1" };
static const char *const two[] = { "u1", "u2" };

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

	(void)state;
	stage_open(&s, script);
	plan_sms(&s);
	assert_int_equal(engine_apply(s.engine, &s.plan, G, "apply", "me", &err), 0);
	while (s.next < 3)
		loop_run_once(s.loop, -1);
	engine_stop(s.engine);
	run(&s);
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
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_undo_leaves_what_others_changed),
		cmocka_unit_test(test_undo_of_another_group),
		cmocka_unit_test(test_undo_of_a_group_that_is_referred_to),
		cmocka_unit_test(test_undo_lost),
		cmocka_unit_test(test_an_undo_is_settled_by_its_own_age),
		cmocka_unit_test(test_stop_while_settling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
