/*
 * A stage for the engine: a script of requests and answers instead of a
 * service. Each request must be the next one of the script, and gets its
 * answer. The including test file brings the main().
 */
#ifndef TESTS_UNIT_ENGINE_STAGE_H
#define TESTS_UNIT_ENGINE_STAGE_H

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

static inline void deliver(void *ctx)
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

static inline void submit(struct transport *t, struct exchange *x)
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

static inline void cancel(struct transport *t, struct exchange *x)
{
	(void)t;
	(void)x;
}

static inline void get_token(struct token_source *t, bool renew,
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

static inline void stage_open(struct stage *s, const struct line *script)
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

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(path);
}

static inline void stage_close(struct stage *s)
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

static inline struct json *parse(const char *text)
{
	struct err err = ERR_INIT;

	return json_parse(text, strlen(text), &err);
}

static inline void plan_group(struct stage *s)
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

static inline void plan_member(struct stage *s, const char *const *ids, size_t n)
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

static inline void plan_sms(struct stage *s)
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

static inline void run(struct stage *s)
{
	while (engine_state(s->engine) == ENGINE_APPLYING ||
	       engine_state(s->engine) == ENGINE_UNDOING)
		assert_true(loop_run_once(s->loop, -1));
	assert_null(s->script[s->next].method);	/* nothing is left of the script */
}

static inline void apply(struct stage *s, const char *group, enum engine_state end)
{
	struct err err = ERR_INIT;

	assert_int_equal(engine_apply(s->engine, &s->plan, group, "apply", "me", &err), 0);
	run(s);
	if (engine_state(s->engine) != end)
		fail_msg("ended with: %s", engine_error(s->engine)->msg);
}

static inline const struct record *record(struct stage *s, size_t i)
{
	const struct record *r;

	assert_true(journal_records(s->journal, &r) > i);
	return &r[i];
}

static inline enum outcome outcome(struct stage *s, size_t i)
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

#endif
