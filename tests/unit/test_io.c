#include "graph/io.h"
#include "tests/unit/fake_transport.h"

/* What a reader sees, replayed on every reply. */
struct probe {
	struct fake *fake;
	struct io *io;
	unsigned replays;
	unsigned pages, items;		/* folded */
	unsigned stop_after;		/* pages, 0 = all */
	const struct reply *reply;
};

static bool fold(void *acc, const struct json *value)
{
	struct probe *p = acc;

	p->pages++;
	p->items += (unsigned)json_count(value);
	return p->pages != p->stop_after;
}

static void begin(struct probe *p, const struct fake_answer *script, size_t n)
{
	memset(p, 0, sizeof(*p));
	p->fake = fake_new(script, n);
	p->io = io_new(p->fake->graph);
}

static void end(struct probe *p)
{
	io_free(p->io);
	fake_free(p->fake);
}

static void replay_two(void *ctx)
{
	struct probe *p = ctx;
	const struct reply *a = io_get(p->io, "/v1.0/a", 0);
	const struct reply *b = io_get(p->io, "/v1.0/b", 0);
	const struct reply *c;

	p->replays++;
	if (!a || !b)
		return;
	c = io_get(p->io, "/v1.0/c", 0);
	if (!c)
		return;
	assert_string_equal(json_string(a->json, "n"), "a");
	assert_string_equal(json_string(b->json, "n"), "b");
	p->reply = c;
}

/* The law: each read starts once, in parallel, however often the reader is
 * replayed and in whatever order the answers come. */
static void test_replay(void **state)
{
	static const struct fake_answer script[] = {
		{ .status = 200, .body = "{\"n\":\"a\"}", .delay_ms = 50 },
		{ .status = 200, .body = "{\"n\":\"b\"}", .delay_ms = 10 },
		{ .status = 200, .body = "{\"n\":\"c\"}", .delay_ms = 10 },
	};
	struct probe p;

	(void)state;
	begin(&p, script, COUNT_OF(script));
	io_on_reply(p.io, replay_two, &p);
	replay_two(&p);
	assert_int_equal(io_pending(p.io), 2);
	replay_two(&p);
	assert_int_equal(io_pending(p.io), 2);
	fake_run(p.fake);
	assert_int_equal(p.fake->n, 3);
	assert_int_equal(p.fake->request[1].at_ms, 0);
	assert_int_equal(p.fake->request[2].at_ms, 50);
	assert_int_equal(p.replays, 5);
	assert_non_null(p.reply);
	assert_int_equal(p.reply->observed_ms, FAKE_START_MS + 60);
	assert_ptr_equal(io_get(p.io, "/v1.0/c", 0), p.reply);
	assert_int_equal(io_pending(p.io), 0);
	end(&p);
}

static void test_what_makes_a_read(void **state)
{
	static const struct fake_answer script[] = {
		{ .status = 200, .body = "{\"n\":\"get\"}" },
		{ .status = 200, .body = "{\"n\":\"eventual\"}" },
		{ .status = 200, .body = "{\"value\":[1,2]}" },
		{ .status = 200, .body = "{\"value\":[1,2]}" },
		{ .status = 200, .body = "{\"n\":\"post a\"}" },
		{ .status = 200, .body = "{\"n\":\"post b\"}" },
	};
	struct json *a = json_new_object(), *b = json_new_object();
	struct probe p, other = { 0 };

	(void)state;
	json_add_string(a, "x", "a");
	json_add_string(b, "x", "b");
	begin(&p, script, COUNT_OF(script));
	for (int turn = 0; turn < 2; turn++) {
		const struct reply *r[] = {
			io_get(p.io, "/v1.0/x", 0), io_get(p.io, "/v1.0/x", CALL_EVENTUAL),
			io_scan(p.io, "/v1.0/x", 0, fold, &p),
			io_scan(p.io, "/v1.0/x", 0, fold, &other),
			io_post(p.io, "/v1.0/$batch", a), io_post(p.io, "/v1.0/$batch", b),
		};

		if (turn == 0) {
			fake_run(p.fake);
			continue;
		}
		assert_string_equal(json_string(r[0]->json, "n"), "get");
		assert_string_equal(json_string(r[1]->json, "n"), "eventual");
		assert_null(r[2]->json);
		assert_string_equal(json_string(r[4]->json, "n"), "post a");
		assert_string_equal(json_string(r[5]->json, "n"), "post b");
	}
	assert_int_equal(p.items, 2);
	assert_int_equal(other.items, 2);
	assert_string_equal(p.fake->request[5].body, "{\"x\":\"b\"}");
	json_free(a);
	json_free(b);
	end(&p);
}

#define LINK(n) "\"@odata.nextLink\":\"https://graph.microsoft.com/v1.0/users?$skiptoken=" n "\""
#define PAGE(link) { .status = 200, .body = "{\"value\":[1,2,3]," link "}" }
#define LAST_PAGE { .status = 200, .body = "{\"value\":[1]}" }

static const struct reply *scan(struct probe *p)
{
	const char *path = "/v1.0/users?$top=3";

	if (!io_scan(p->io, path, CALL_EVENTUAL, fold, p))
		fake_run(p->fake);
	return io_scan(p->io, path, CALL_EVENTUAL, fold, p);
}

static void test_scan(void **state)
{
	static const struct fake_answer script[] = {
		PAGE(LINK("1")), { .status = 200, .body = "{\"value\":[]," LINK("2") "}" },
		{ .status = 503 }, LAST_PAGE,
	};
	const struct reply *r;
	struct probe p;

	(void)state;
	begin(&p, script, COUNT_OF(script));
	r = scan(&p);
	assert_non_null(r);
	assert_int_equal(r->err.kind, ERR_NONE);
	assert_null(r->json);
	/* An empty page is not the end, a retried page is folded once. */
	assert_int_equal(p.pages, 3);
	assert_int_equal(p.items, 4);
	for (size_t i = 0; i < p.fake->n; i++)
		assert_string_equal(p.fake->request[i].eventual, "eventual");
	assert_string_equal(p.fake->request[1].url,
			    "https://graph.microsoft.com/v1.0/users?$skiptoken=1");
	end(&p);
}

static void test_scan_stops_early(void **state)
{
	static const struct fake_answer script[] = { PAGE(LINK("1")), PAGE(LINK("2")) };
	struct probe p;

	(void)state;
	begin(&p, script, COUNT_OF(script));
	p.stop_after = 2;
	assert_int_equal(scan(&p)->err.kind, ERR_NONE);
	assert_int_equal(p.items, 6);
	end(&p);
}

/* How a scan ends that cannot be read to its end. */
static void test_bad_pages(void **state)
{
	static const struct {
		struct fake_answer script[10];
		size_t requests;
		enum err_kind kind;
	} rows[] = {
		/* A page that points to itself. */
		{ { PAGE(LINK("1")), PAGE(LINK("1")) }, 2, ERR_LIMIT },
		/* 1 2 1 2 ... */
		{ { PAGE(LINK("1")), PAGE(LINK("2")), PAGE(LINK("1")), PAGE(LINK("2")) }, 4,
		  ERR_LIMIT },
		/* 1 2 3 4 2 3 4 2 ... */
		{ { PAGE(LINK("1")), PAGE(LINK("2")), PAGE(LINK("3")), PAGE(LINK("4")),
		    PAGE(LINK("2")), PAGE(LINK("3")), PAGE(LINK("4")) }, 7, ERR_LIMIT },
		{ { PAGE("\"@odata.nextLink\":\"https://evil.test/v1.0/users\"") }, 1, ERR_INVALID },
		{ { PAGE("\"@odata.nextLink\":\"https://graph.microsoft.com@evil.test/v1.0/x\"") }, 1,
		  ERR_INVALID },
		{ { PAGE("\"@odata.nextLink\":7") }, 1, ERR_PARSE },
		{ { { .status = 200, .body = "{\"other\":[]}" } }, 1, ERR_PARSE },
		{ { { .status = 200, .body = "{\"value\":{}}" } }, 1, ERR_PARSE },
		{ { PAGE(LINK("1")), { .status = 403, .body = "{}" } }, 2, ERR_FORBIDDEN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct reply *r;
		struct probe p;

		begin(&p, rows[i].script, rows[i].requests);
		r = scan(&p);
		assert_non_null(r);
		if (r->err.kind != rows[i].kind || p.fake->n != rows[i].requests)
			fail_msg("%zu: %s after %zu requests", i, r->err.msg, p.fake->n);
		assert_true(*r->err.todo);
		end(&p);
	}
}

/* Each page has a link to one more that nobody saw before. */
static void submit_endless(struct transport *t, struct exchange *x)
{
	static char body[160];
	static struct fake_answer answer = { .status = 200, .body = body };
	struct fake *fake = (struct fake *)t;

	snprintf(body, sizeof(body), "{\"value\":[1]," LINK("%zu") "}", ++fake->script_len);
	fake->flight[0] = (struct fake_flight){ .fake = fake, .x = x, .answer = &answer };
	loop_timer_start(fake->loop, &fake->flight[0].timer, 0, fake_deliver, &fake->flight[0]);
}

static void test_pages_have_an_end(void **state)
{
	static const struct transport_ops ops = { .name = "endless", .submit = submit_endless };
	const struct reply *r;
	struct probe p;

	(void)state;
	begin(&p, NULL, 0);
	p.fake->transport.ops = &ops;
	r = scan(&p);
	assert_int_equal(r->err.kind, ERR_LIMIT);
	assert_int_equal(p.pages, GRAPH_PAGES_MAX);
	assert_int_equal(p.fake->script_len, GRAPH_PAGES_MAX);
	assert_non_null(strstr(r->err.todo, "page 20000"));
	end(&p);
}

static void test_errors_are_replies(void **state)
{
	static const struct fake_answer script[] = {
		{ .status = 404, .body = "{\"error\":{\"code\":\"Request_ResourceNotFound\","
					 "\"message\":\"No such group.\"}}" },
	};
	const struct reply *r;
	struct probe p;

	(void)state;
	begin(&p, script, COUNT_OF(script));
	assert_null(io_get(p.io, "/v1.0/groups/1", 0));
	fake_run(p.fake);
	r = io_get(p.io, "/v1.0/groups/1", 0);
	assert_int_equal(r->status, 404);
	assert_int_equal(r->err.kind, ERR_NOT_FOUND);
	assert_string_equal(r->err.graph_code, "Request_ResourceNotFound");
	end(&p);
}

/* After io_clear() nothing old comes in, and the same read starts afresh. */
static void test_clear(void **state)
{
	static const struct fake_answer script[] = {
		{ .status = 200, .body = "{\"n\":\"old\"}", .delay_ms = 100 },
		{ .status = 200, .body = "{\"value\":[1]}", .delay_ms = 100 },
		{ .status = 200, .body = "{\"n\":\"new\"}" },
	};
	struct probe p;

	(void)state;
	begin(&p, script, COUNT_OF(script));
	io_get(p.io, "/v1.0/a", 0);
	io_scan(p.io, "/v1.0/b", 0, fold, &p);
	while (p.fake->n < 2)
		loop_run_once(p.fake->loop, -1);
	io_clear(p.io);
	assert_int_equal(io_pending(p.io), 0);
	assert_null(io_get(p.io, "/v1.0/a", 0));
	fake_run(p.fake);
	assert_int_equal(p.pages, 0);
	assert_string_equal(json_string(io_get(p.io, "/v1.0/a", 0)->json, "n"), "new");
	end(&p);
}

static void test_free_in_flight(void **state)
{
	static const struct fake_answer script[] = {
		{ .status = 200, .body = "{}", .delay_ms = 100 },
	};
	struct probe p;

	(void)state;
	begin(&p, script, COUNT_OF(script));
	io_get(p.io, "/v1.0/a", 0);
	while (!p.fake->n)
		loop_run_once(p.fake->loop, -1);
	end(&p);
}

static bool clear_in_fold(void *acc, const struct json *value)
{
	struct probe *p = acc;

	fold(acc, value);
	io_clear(p->io);
	return true;
}

static void test_clear_in_fold(void **state)
{
	static const struct fake_answer script[] = { PAGE(LINK("1")) };
	struct probe p;

	(void)state;
	begin(&p, script, COUNT_OF(script));
	io_scan(p.io, "/v1.0/users", 0, clear_in_fold, &p);
	fake_run(p.fake);
	assert_int_equal(p.pages, 1);
	assert_int_equal(io_pending(p.io), 0);
	end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_what_makes_a_read),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_scan_stops_early),
		cmocka_unit_test(test_bad_pages),
		cmocka_unit_test(test_pages_have_an_end),
		cmocka_unit_test(test_errors_are_replies),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_free_in_flight),
		cmocka_unit_test(test_clear_in_fold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
