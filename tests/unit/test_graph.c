#include "tests/unit/fake_transport.h"

/* One call, followed to its end. */
struct outcome {
	int status;
	struct err err;
	char *text;
	char name[32];			/* member "name" of the answer */
	int64_t took_ms;
	unsigned calls;
};

static void take_outcome(struct graph_call *c, void *ctx)
{
	struct outcome *o = ctx;

	o->calls++;
	o->status = c->status;
	o->err = c->err;
	o->text = xstrdup(c->text);
	snprintf(o->name, sizeof(o->name), "%s", json_string_or(c->json, "name", ""));
	o->took_ms = c->answered_ms - FAKE_START_MS;
	graph_call_free(c);
}

static void keep_json(struct graph_call *c, void *ctx)
{
	*(struct json **)ctx = c->err.kind == ERR_NONE ? json_clone(c->json) : NULL;
	graph_call_free(c);
}

static struct graph_call *start(struct fake *f, const char *method, const char *path,
				unsigned flags, struct outcome *o)
{
	struct json *body = NULL;
	struct graph_call *c;

	if (str_same(method, "POST") || str_same(method, "PATCH")) {
		body = json_new_object();
		json_add_string(body, "a", "b");
	}
	memset(o, 0, sizeof(*o));
	c = graph_call_new(method, path, body, flags);
	graph_call_start(f->graph, c, take_outcome, o);
	assert_int_equal(o->calls, 0);	/* from the loop only */
	return c;
}

/* The waits have up to a second of jitter each. */
static void assert_waited(int64_t ms, int64_t least, int64_t jitter)
{
	if (ms < least || ms > least + jitter)
		fail_msg("waited %lld ms, not %lld", (long long)ms, (long long)least);
}

#define OK { .status = 200, .body = "{\"name\":\"well\"}" }
#define LOST { .result = TRANSPORT_LOST }
#define SILENT { .result = TRANSPORT_LOST, .delay_ms = 30000 }
#define NOT_SENT { .result = TRANSPORT_NOT_SENT }
#define HTML { .status = 502, .body = "<html>Bad gateway</html>" }
#define TRUNCATED { .status = 200, .body = "{\"name\":\"we" }
#define REFUSED { .status = 401, .body = "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}" }
#define BUSY { .status = 503, .header = "Retry-After", .value = "5" }
#define STATUS(n) { .status = (n), .body = "{}" }
#define THROTTLED(after) { .status = 429, .header = "Retry-After", .value = (after), \
			   .body = "{\"error\":{\"code\":\"TooManyRequests\"}}" }

/* What each fault does to a read and to a write: how many requests, how long,
 * and how it ends. */
static const struct fault_row {
	const char *name, *method;
	struct fake_answer script[7];
	unsigned requests;
	int64_t wait_ms, jitter_ms;
	enum err_kind kind;
	bool unknown;
} fault_rows[] = {
	{ "well", "GET", { OK }, 1, 0, 0, ERR_NONE, false },
	{ "fractional", "GET", { THROTTLED("2.128"), OK }, 2, 3000, 0, ERR_NONE, false },
	{ "date", "GET", { THROTTLED("Wed, 25 Nov 2026 10:00:09 GMT"), OK }, 2, 9000, 0,
	  ERR_NONE, false },
	{ "past date", "GET", { THROTTLED("Wed, 25 Nov 2020 10:00:09 GMT"), OK }, 2, 3000, 999,
	  ERR_NONE, false },
	{ "zero", "GET", { THROTTLED("0"), THROTTLED("0"), OK }, 3, 9000, 1998, ERR_NONE, false },
	{ "zero write", "POST", { THROTTLED("0"), OK }, 2, 3000, 999, ERR_NONE, false },
	{ "absent", "GET", { { .status = 429 }, OK }, 2, 3000, 999, ERR_NONE, false },
	{ "garbage", "GET", { THROTTLED("soon"), OK }, 2, 3000, 999, ERR_NONE, false },
	{ "patience", "GET", { THROTTLED("121") }, 1, 0, 0, ERR_THROTTLED, false },
	{ "throttled for ever", "GET",
	  { THROTTLED("1"), THROTTLED("1"), THROTTLED("1"), THROTTLED("1"), THROTTLED("1"),
	    THROTTLED("1") }, 6, 5000, 0, ERR_THROTTLED, false },
	{ "write throttled", "POST", { THROTTLED("4"), OK }, 2, 4000, 0, ERR_NONE, false },
	{ "busy", "GET", { BUSY, OK }, 2, 5000, 0, ERR_NONE, false },
	{ "busy write", "POST", { BUSY, OK }, 2, 5000, 0, ERR_NONE, false },
	{ "busy write, no wait named", "POST", { STATUS(503) }, 1, 0, 0, ERR_HTTP, true },
	{ "500 read", "GET", { STATUS(500), OK }, 2, 3000, 999, ERR_NONE, false },
	{ "500 write", "PATCH", { STATUS(500) }, 1, 0, 0, ERR_HTTP, true },
	{ "504 write", "DELETE", { STATUS(504) }, 1, 0, 0, ERR_HTTP, true },
	{ "HTML", "GET", { HTML, HTML, OK }, 3, 9000, 1998, ERR_NONE, false },
	{ "HTML for ever", "GET", { HTML, HTML, HTML, HTML }, 4, 21000, 2997, ERR_HTTP, false },
	{ "busy for ever, waits named", "GET",
	  { BUSY, BUSY, BUSY, BUSY, BUSY, BUSY }, 6, 25000, 0, ERR_HTTP, false },
	{ "HTML write", "POST", { HTML }, 1, 0, 0, ERR_HTTP, true },
	{ "lost read", "GET", { LOST, LOST, OK }, 3, 9000, 1998, ERR_NONE, false },
	{ "lost for ever", "GET", { LOST, LOST, LOST }, 3, 9000, 1998, ERR_NET, false },
	{ "lost write", "POST", { LOST }, 1, 0, 0, ERR_NET, true },
	{ "write not sent", "POST", { NOT_SENT, OK }, 2, 3000, 999, ERR_NONE, false },
	{ "write never sent", "POST", { NOT_SENT, NOT_SENT, NOT_SENT }, 3, 9000, 1998, ERR_NET,
	  false },
	{ "certificate refused", "GET", { { .result = TRANSPORT_NOT_SENT, .hopeless = true } }, 1, 0,
	  0, ERR_NET, false },
	{ "silent", "GET",
	  { SILENT, SILENT }, 2, 63000, 999, ERR_NET, false },
	{ "truncated", "GET", { TRUNCATED, OK }, 2, 3000, 999, ERR_NONE, false },
	{ "truncated for ever", "GET", { TRUNCATED, TRUNCATED, TRUNCATED }, 3, 9000, 1998,
	  ERR_PARSE, false },
	{ "truncated write", "POST", { TRUNCATED }, 1, 0, 0, ERR_PARSE, true },
	{ "empty read", "GET", { { .status = 200 }, OK }, 2, 3000, 999, ERR_NONE, false },
	{ "empty write", "PATCH", { { .status = 204 } }, 1, 0, 0, ERR_NONE, false },
	{ "renewed", "GET", { REFUSED, OK }, 2, 0, 0, ERR_NONE, false },
	{ "renewed write", "POST", { REFUSED, OK }, 2, 0, 0, ERR_NONE, false },
	{ "refused twice", "GET", { REFUSED, REFUSED }, 2, 0, 0, ERR_AUTH, false },
	{ "400", "POST", { STATUS(400) }, 1, 0, 0, ERR_HTTP, false },
	{ "403", "GET", { STATUS(403) }, 1, 0, 0, ERR_FORBIDDEN, false },
	{ "404", "GET", { STATUS(404) }, 1, 0, 0, ERR_NOT_FOUND, false },
	{ "409", "POST", { STATUS(409) }, 1, 0, 0, ERR_CONFLICT, false },
	{ "412", "PATCH", { STATUS(412) }, 1, 0, 0, ERR_CONFLICT, false },
	{ "redirect", "GET", { { .status = 302, .header = "Location",
				 .value = "https://evil.test/" } }, 1, 0, 0, ERR_HTTP, false },
};

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(fault_rows); i++) {
		const struct fault_row *row = &fault_rows[i];
		struct fake *f = fake_new(row->script, row->requests);
		struct outcome o;

		start(f, row->method, "/v1.0/groups", 0, &o);
		fake_run(f);
		if (o.calls != 1 || f->n != row->requests || o.err.kind != row->kind ||
		    o.err.outcome_unknown != row->unknown)
			fail_msg("%s: %zu requests, kind %s, unknown %d: %s", row->name, f->n,
				 err_kind_name(o.err.kind), o.err.outcome_unknown, o.err.msg);
		if (o.err.kind != ERR_NONE && (!*o.err.msg || !strchr(o.err.msg, ' ')))
			fail_msg("%s: no sentence", row->name);
		if (o.err.outcome_unknown && !*o.err.todo)
			fail_msg("%s: does not say what to do", row->name);
		assert_waited(o.took_ms, row->wait_ms, row->jitter_ms);
		assert_int_equal(graph_in_flight(f->graph), 0);
		assert_int_equal(f->log->n, row->requests);
		fake_free(f);
	}
}

static void start_batch(struct fake *f, struct graph_call **ret, struct json **keep)
{
	struct err err = ERR_INIT;
	static const char body[] =
		"{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/users/a\"},"
		"{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/users/b\"},"
		"{\"id\":\"c\",\"method\":\"GET\",\"url\":\"/users/c\"}]}";

	*ret = graph_call_new("POST", "/v1.0/$batch", json_parse(body, sizeof(body) - 1, &err), 0);
	graph_call_start(f->graph, *ret, keep_json, keep);
}

/* "1:200 2:404", by the order of the ids. */
static void assert_items(const struct json *answer, const char *wanted)
{
	static const char *const ids[] = { "1", "2", "c" };
	struct str text = { 0 };

	for (size_t i = 0; i < COUNT_OF(ids); i++)
		for (const struct json *j = json_first(json_get(answer, "responses")); j;
		     j = json_next(j))
			if (str_same_nocase(json_string(j, "id"), ids[i]))
				str_addf(&text, "%s%s:%d", text.len ? " " : "", ids[i],
					 (int)json_int(j, "status", 0));
	assert_string_equal(str_text(&text), wanted);
	str_release(&text);
}

#define ITEM(id, status, headers) "{\"id\":\"" id "\",\"status\":" status "," \
	"\"headers\":{" headers "},\"body\":{}}"
#define ITEMS(list) { .status = 200, .body = "{\"responses\":[" list "]}" }

/* Only what was refused for a while is asked again, after the longest wait that
 * an item asks for; an item that is missing is asked again too. */
static const struct batch_row {
	const char *name;
	struct fake_answer script[7];
	unsigned requests;
	int64_t wait_ms, jitter_ms;
	const char *second;		/* ids of the second request */
	const char *items;
} batch_rows[] = {
	{ "well", { ITEMS(ITEM("1", "200", "") "," ITEM("2", "404", "") "," ITEM("C", "403", "")) },
	  1, 0, 0, "", "1:200 2:404 c:403" },
	{ "one throttled", { ITEMS(ITEM("1", "200", "") "," ITEM("c", "200", "") ","
				   ITEM("2", "429", "\"Retry-After\":\"7\"")),
			     ITEMS(ITEM("2", "200", "")) }, 2, 7000, 0, "2", "1:200 2:200 c:200" },
	{ "two waits, other case, a number",
	  { ITEMS(ITEM("1", "503", "\"retry-after\":4") "," ITEM("c", "200", "") ","
		  ITEM("2", "429", "\"RETRY-AFTER\":\"2.128\"")),
	    ITEMS(ITEM("2", "200", "") "," ITEM("1", "200", "")) },
	  2, 4000, 0, "12", "1:200 2:200 c:200" },
	{ "no wait named", { ITEMS(ITEM("1", "500", "") "," ITEM("2", "200", "") ","
				   ITEM("c", "200", "")),
			     ITEMS(ITEM("1", "200", "")) }, 2, 3000, 999, "1", "1:200 2:200 c:200" },
	{ "one is missing", { ITEMS(ITEM("1", "200", "") "," ITEM("2", "200", "")),
			      ITEMS(ITEM("c", "200", "")) }, 2, 3000, 999, "c",
	  "1:200 2:200 c:200" },
	{ "too long a wait", { ITEMS(ITEM("1", "200", "") "," ITEM("2", "200", "") ","
				     ITEM("c", "429", "\"Retry-After\":\"600\"")) }, 1, 0, 0, "",
	  "1:200 2:200 c:429" },
	{ "the whole throttled", { THROTTLED("3"), ITEMS(ITEM("1", "200", "") ","
							 ITEM("2", "200", "") ","
							 ITEM("c", "200", "")) },
	  2, 3000, 0, "12c", "1:200 2:200 c:200" },
};

static void test_batch(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(batch_rows); i++) {
		const struct batch_row *row = &batch_rows[i];
		struct fake *f = fake_new(row->script, row->requests);
		struct json *answer = NULL, *sent;
		struct err err = ERR_INIT;
		struct graph_call *c;
		char ids[8] = "";

		start_batch(f, &c, &answer);
		fake_run(f);
		assert_non_null(answer);
		if (f->n != row->requests)
			fail_msg("%s: %zu requests", row->name, f->n);
		if (f->n > 1) {
			sent = json_parse(f->request[1].body, strlen(f->request[1].body), &err);
			for (const struct json *j = json_first(json_get(sent, "requests")); j;
			     j = json_next(j))
				strncat(ids, json_string(j, "id"), 1);
			json_free(sent);
			assert_waited(f->request[1].at_ms, row->wait_ms, row->jitter_ms);
		}
		assert_string_equal(ids, row->second);
		assert_items(answer, row->items);
		assert_true(f->request[0].flags & TRANSPORT_READ);
		json_free(answer);
		fake_free(f);
	}
}

/* When the tries of one read were in vain and nothing else was answered, those
 * that wait behind it end after one try each, until an answer comes. */
static void test_down(void **state)
{
	static const struct fake_answer script[] = { HTML, HTML, HTML, HTML, HTML, OK, HTML, OK };
	struct fake *f = fake_new(script, COUNT_OF(script));
	struct outcome a, b, c, d;

	(void)state;
	start(f, "GET", "/v1.0/a", 0, &a);
	fake_run(f);
	assert_int_equal(f->n, 4);
	start(f, "GET", "/v1.0/b", 0, &b);
	fake_run(f);
	assert_int_equal(f->n, 5);
	assert_int_equal(b.err.kind, ERR_HTTP);
	start(f, "GET", "/v1.0/c", 0, &c);
	fake_run(f);
	assert_int_equal(c.err.kind, ERR_NONE);
	start(f, "GET", "/v1.0/d", 0, &d);
	fake_run(f);
	assert_int_equal(d.err.kind, ERR_NONE);
	assert_int_equal(f->n, 8);
	fake_free(f);
}

static void test_request(void **state)
{
	static const struct fake_answer script[] = {
		OK, OK, { .status = 200, .body = "\xef\xbb\xbf" "42" },
	};
	struct fake *f = fake_new(script, COUNT_OF(script));
	struct outcome a, b, c;

	(void)state;
	start(f, "GET", "/v1.0/users?$top=1", CALL_EVENTUAL, &a);
	start(f, "POST", "/v1.0/groups", 0, &b);
	start(f, "GET", "/v1.0/users/$count", CALL_EVENTUAL | CALL_TEXT, &c);
	fake_run(f);
	assert_string_equal(f->request[0].url, "https://graph.microsoft.com/v1.0/users?$top=1");
	assert_string_equal(f->request[0].authorization, "Bearer token-0");
	assert_string_equal(f->request[0].eventual, "eventual");
	assert_string_equal(f->request[0].body, "");
	assert_null(f->request[1].eventual);
	assert_string_equal(f->request[1].body, "{\"a\":\"b\"}");
	/* A GUID of version 4, never the same twice. */
	assert_int_equal(strlen(f->request[0].id), 36);
	assert_int_equal(f->request[0].id[14], '4');
	assert_string_not_equal(f->request[0].id, f->request[1].id);
	assert_string_equal(a.name, "well");
	assert_string_equal(c.text, "42");
	assert_string_equal(request_log_at(f->log, 0)->path, "/v1.0/users?$top=1");
	assert_string_equal(request_log_at(f->log, 0)->request_id, "req-1");
	assert_int_equal(request_log_at(f->log, 0)->status, 200);
	free(c.text);
	fake_free(f);
}

static void test_renews_once(void **state)
{
	static const struct fake_answer script[] = { REFUSED, OK };
	struct fake *f = fake_new(script, COUNT_OF(script));
	struct outcome o;

	(void)state;
	start(f, "GET", "/v1.0/me", 0, &o);
	fake_run(f);
	assert_int_equal(f->renewals, 1);
	assert_string_equal(f->request[1].authorization, "Bearer token-1");
	assert_int_equal(o.err.kind, ERR_NONE);
	fake_free(f);
}

static void test_no_token(void **state)
{
	struct fake *f = fake_new(NULL, 0);
	struct outcome o;

	(void)state;
	f->token_fails = true;
	start(f, "GET", "/v1.0/me", 0, &o);
	fake_run(f);
	assert_int_equal(f->n, 0);
	assert_int_equal(o.err.kind, ERR_AUTH);
	assert_string_equal(o.err.msg, "sign-in failed");
	fake_free(f);
}

static void test_new_connection_after_503(void **state)
{
	static const struct fake_answer script[] = { BUSY, OK, THROTTLED("1"), OK };
	struct fake *f = fake_new(script, COUNT_OF(script));
	struct outcome o;

	(void)state;
	start(f, "GET", "/v1.0/me", 0, &o);
	fake_run(f);
	start(f, "GET", "/v1.0/me", 0, &o);
	fake_run(f);
	assert_int_equal(f->request[0].flags, TRANSPORT_READ);
	assert_int_equal(f->request[1].flags, TRANSPORT_READ | TRANSPORT_FRESH);
	assert_int_equal(f->request[3].flags, TRANSPORT_READ);
	fake_free(f);
}

static void test_queue(void **state)
{
	struct fake_answer script[20];
	struct outcome o[20];
	struct fake *f;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(script); i++)
		script[i] = (struct fake_answer){ .status = 200, .body = "{}", .delay_ms = 100 };
	f = fake_new(script, COUNT_OF(script));
	for (size_t i = 0; i < COUNT_OF(o); i++) {
		char path[30];

		snprintf(path, sizeof(path), "/v1.0/users/%zu", i);
		start(f, "GET", path, 0, &o[i]);
	}
	assert_int_equal(graph_in_flight(f->graph), 20);
	fake_run(f);
	assert_int_equal(f->most, GRAPH_IN_FLIGHT);
	for (size_t i = 0; i < COUNT_OF(o); i++) {
		char url[80];

		assert_int_equal(o[i].calls, 1);
		snprintf(url, sizeof(url), "https://graph.microsoft.com/v1.0/users/%zu", i);
		assert_string_equal(f->request[i].url, url);	/* in order */
	}
	assert_int_equal(o[19].took_ms, 400);
	fake_free(f);
}

/* A 429 holds up what would meet the same limit, and nothing else. */
static void test_pause(void **state)
{
	static const struct fake_answer script[] = { THROTTLED("10"), OK, OK, OK };
	struct fake *f = fake_new(script, COUNT_OF(script));
	struct outcome reports, later, users;

	(void)state;
	start(f, "GET", "/v1.0/auditLogs/signIns", 0, &reports);
	while (!graph_waiting_until_ms(f->graph))
		assert_true(loop_run_once(f->loop, -1));
	assert_int_equal(graph_waiting_until_ms(f->graph), FAKE_START_MS + 10000);
	start(f, "GET", "/v1.0/reports/x", 0, &later);
	start(f, "GET", "/v1.0/users", 0, &users);
	fake_run(f);
	assert_int_equal(users.took_ms, 0);
	assert_int_equal(later.took_ms, 10000);
	assert_int_equal(reports.took_ms, 10000);
	assert_int_equal(graph_waiting_until_ms(f->graph), 0);
	fake_free(f);
}

/* A short pause of one workload does not wake, or forget, a long one. */
static void test_two_pauses(void **state)
{
	static const struct fake_answer script[] = {
		THROTTLED("60"), THROTTLED("2"), OK, OK, OK,
	};
	struct fake *f = fake_new(script, COUNT_OF(script));
	struct outcome reports, users, later;

	(void)state;
	start(f, "GET", "/v1.0/reports/x", 0, &reports);
	start(f, "GET", "/v1.0/users", 0, &users);
	while (f->n < 2 || f->now)
		assert_true(loop_run_once(f->loop, -1));
	start(f, "GET", "/v1.0/reports/y", 0, &later);
	/* Not the retry but the end of the pause starts this one. */
	fake_run(f);
	assert_int_equal(users.took_ms, 2000);
	assert_int_equal(reports.took_ms, 60000);
	assert_int_equal(later.took_ms, 60000);
	fake_free(f);
}

/* The queue goes on by itself when the pause ends, also when the call that met
 * the limit is gone. */
static void test_pause_ends(void **state)
{
	static const struct fake_answer script[] = { THROTTLED("30"), OK };
	struct fake *f = fake_new(script, COUNT_OF(script));
	struct outcome first, later;
	struct graph_call *c;

	(void)state;
	c = start(f, "GET", "/v1.0/users/1", 0, &first);
	while (!graph_waiting_until_ms(f->graph))
		assert_true(loop_run_once(f->loop, -1));
	start(f, "GET", "/v1.0/users/2", 0, &later);
	graph_call_cancel(f->graph, c);
	fake_run(f);
	assert_int_equal(first.err.kind, ERR_CANCELLED);
	assert_int_equal(later.err.kind, ERR_NONE);
	assert_int_equal(later.took_ms, 30000);
	fake_free(f);
}

static void test_read_only(void **state)
{
	static const struct fake_answer script[] = { OK, OK };
	struct fake *f = fake_new(script, COUNT_OF(script));
	static const char *const writes[] = { "POST", "PATCH", "PUT", "DELETE" };
	struct outcome o;
	struct json *batch, *list, *one;

	(void)state;
	graph_set_read_only(f->graph, true);
	for (size_t i = 0; i < COUNT_OF(writes); i++) {
		start(f, writes[i], "/v1.0/groups", 0, &o);
		fake_run(f);
		assert_int_equal(o.err.kind, ERR_INVALID);
		assert_false(o.err.outcome_unknown);
	}
	assert_int_equal(f->n, 0);
	start(f, "GET", "/v1.0/groups", 0, &o);
	fake_run(f);
	assert_int_equal(o.err.kind, ERR_NONE);
	/* A batch of reads is a read; with one write in it, it is not. */
	for (int write = 0; write < 2; write++) {
		batch = json_new_object();
		list = json_add_array(batch, "requests");
		one = json_append(list, json_new_object());
		json_add_string(one, "method", "GET");
		one = json_append(list, json_new_object());
		json_add_string(one, "method", write ? "DELETE" : "GET");
		memset(&o, 0, sizeof(o));
		graph_call_start(f->graph, graph_call_new("POST", "/v1.0/$batch", batch, 0),
				 take_outcome, &o);
		fake_run(f);
		assert_int_equal(o.err.kind, write ? ERR_INVALID : ERR_NONE);
	}
	assert_int_equal(f->n, 2);
	fake_free(f);
}

static void test_foreign_host(void **state)
{
	struct fake *f = fake_new(NULL, 0);
	struct outcome o;

	(void)state;
	start(f, "GET", "https://graph.microsoft.com.evil.test/v1.0/users", 0, &o);
	fake_run(f);
	assert_int_equal(f->n, 0);
	assert_int_equal(f->ngetters, 0);
	assert_int_equal(o.err.kind, ERR_INVALID);
	fake_free(f);
}

/* Error bodies as they come: facts graph.md 10.4. */
static void test_error_bodies(void **state)
{
	static const struct {
		struct fake_answer answer;
		const char *code, *id, *says;
	} rows[] = {
		{ { .status = 403, .body = "{\"error\":{\"code\":\"Authorization_RequestDenied\","
		    "\"message\":\"Insufficient privileges.\"}}" },
		  "Authorization_RequestDenied", "req-1", "Insufficient privileges." },
		{ { .status = 400, .body = "{\"error\":{\"code\":\"\",\"message\":\"\",\"innerError\":"
		    "{\"code\":\"inner\",\"message\":\"It is inside.\"}}}" },
		  "inner", "req-1", "It is inside." },
		{ { .status = 404, .body = "{\"error\":{\"code\":\"X\",\"message\":\"a\\nb\","
		    "\"innererror\":{\"request-id\":\"other\"}}}" }, "X", "req-1", "a b" },
		{ { .status = 400, .body = "{\"error\":\"invalid_request\"}" }, "", "req-1", "400" },
		{ { .status = 403, .body = "<html>no</html>" }, "", "req-1",
		  "403 without a readable reason" },
		{ { .status = 302, .body = "<html>Log in to the hotel</html>" }, "", "req-1", "302" },
		{ { .status = 403, .header = "Request-Id", .value = "second" }, "", "req-1", "403" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fake *f = fake_new(&rows[i].answer, 1);
		struct outcome o;

		start(f, "GET", "/v1.0/users/secret?$filter=x", 0, &o);
		fake_run(f);
		assert_string_equal(o.err.graph_code, rows[i].code);
		assert_string_equal(o.err.request_id, rows[i].id);
		assert_int_equal(o.err.code, rows[i].answer.status);
		if (!strstr(o.err.msg, rows[i].says) ||
		    !str_starts(o.err.msg, "GET /v1.0/users/secret: "))
			fail_msg("%zu: %s", i, o.err.msg);
		assert_true(*o.err.todo);
		fake_free(f);
	}
}

/* Microsoft finds a lost request by the id that we gave it. */
static void test_id_of_a_lost_write(void **state)
{
	static const struct fake_answer script[] = { LOST };
	struct fake *f = fake_new(script, 1);
	struct outcome o;

	(void)state;
	start(f, "POST", "/v1.0/groups", 0, &o);
	fake_run(f);
	assert_string_equal(o.err.request_id, f->request[0].id);
	fake_free(f);
}

static void test_when_to_come_back(void **state)
{
	static const struct fake_answer script[] = { THROTTLED("3600") };
	struct fake *f = fake_new(script, 1);
	struct outcome o;

	(void)state;
	start(f, "GET", "/v1.0/users", 0, &o);
	fake_run(f);
	assert_int_equal(o.err.kind, ERR_THROTTLED);
	assert_int_equal(o.err.retry_after_ms, 3600000);
	assert_string_equal(o.err.todo,
			    "The service asks not to come back before 2026-11-25T11:00:00Z.");
	fake_free(f);
}

static void test_cancel(void **state)
{
	static const struct fake_answer script[] = {
		{ .status = 200, .body = "{}", .delay_ms = 1000 }, THROTTLED("60"),
		{ .status = 200, .body = "{\"name\":\"well\"}", .delay_ms = 1000 },
	};
	struct fake *f = fake_new(script, COUNT_OF(script));
	struct outcome o;
	struct graph_call *c;

	(void)state;
	/* Before it is sent. */
	c = start(f, "GET", "/v1.0/users", 0, &o);
	graph_call_cancel(f->graph, c);
	assert_int_equal(o.calls, 0);
	fake_run(f);
	assert_int_equal(o.calls, 1);
	assert_int_equal(o.err.kind, ERR_CANCELLED);
	assert_int_equal(f->n, 0);
	/* On the wire. */
	c = start(f, "GET", "/v1.0/users", 0, &o);
	while (!f->now)
		loop_run_once(f->loop, -1);
	graph_call_cancel(f->graph, c);
	graph_call_cancel(f->graph, c);
	fake_run(f);
	assert_int_equal(o.calls, 1);
	assert_int_equal(o.err.kind, ERR_CANCELLED);
	assert_int_equal(o.took_ms, 0);
	/* While it waits for its next try. */
	c = start(f, "GET", "/v1.0/users", 0, &o);
	while (!graph_waiting_until_ms(f->graph))
		loop_run_once(f->loop, -1);
	graph_call_cancel(f->graph, c);
	fake_run(f);
	assert_int_equal(o.err.kind, ERR_CANCELLED);
	assert_int_equal(o.took_ms, 0);
	clock_advance(60000);
	/* A write on the wire is never left: it ends with its answer. */
	c = start(f, "POST", "/v1.0/groups", 0, &o);
	while (!f->now)
		loop_run_once(f->loop, -1);
	graph_call_cancel(f->graph, c);
	fake_run(f);
	assert_int_equal(o.err.kind, ERR_NONE);
	assert_string_equal(o.name, "well");
	fake_free(f);
}

/* Ends the wait of a write, not the write that is on its way; and what a 503
 * left open stays open. */
static void test_stop_waiting(void **state)
{
	static const struct {
		struct fake_answer answer;
		bool unknown;
	} rows[] = { { THROTTLED("50"), false }, { BUSY, true } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fake *f = fake_new(&rows[i].answer, 1);
		struct graph_call *c;
		struct outcome o;

		c = start(f, "POST", "/v1.0/groups", 0, &o);
		while (!f->now)
			loop_run_once(f->loop, -1);
		graph_call_stop_waiting(f->graph, c);
		while (f->now)
			loop_run_once(f->loop, -1);
		assert_int_equal(o.calls, 0);
		graph_call_stop_waiting(f->graph, c);
		fake_run(f);
		assert_int_equal(o.calls, 1);
		assert_int_equal(o.err.kind, ERR_CANCELLED);
		assert_int_equal(o.err.outcome_unknown, rows[i].unknown);
		assert_int_equal(o.took_ms, 0);
		assert_int_equal(f->n, 1);
		fake_free(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_batch),
		cmocka_unit_test(test_down),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_renews_once),
		cmocka_unit_test(test_no_token),
		cmocka_unit_test(test_new_connection_after_503),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_two_pauses),
		cmocka_unit_test(test_pause_ends),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_foreign_host),
		cmocka_unit_test(test_error_bodies),
		cmocka_unit_test(test_id_of_a_lost_write),
		cmocka_unit_test(test_when_to_come_back),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_stop_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
