#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/loop.h"
#include "tests/unit/asked.h"

struct bench {
	struct asked a;
	struct loop *loop;
	struct transport *transport;
	struct exchange x;
	int done;
};

static void open_bench(struct bench *b, int latency_ms)
{
	struct err err = ERR_INIT;

	memset(b, 0, sizeof(*b));
	b->a = ask_open("contoso", 0);
	b->loop = loop_new(&err);
	assert_non_null(b->loop);
	b->transport = tenant_transport_new(b->loop, b->a.t, latency_ms);
}

static void close_bench(struct bench *b)
{
	exchange_release(&b->x);
	b->transport->ops->free(b->transport);
	loop_free(b->loop);
	ask_close(&b->a);
}

static void on_done(struct exchange *x, void *ctx)
{
	struct bench *b = ctx;

	assert_ptr_equal(x, &b->x);
	b->done++;
}

static void send(struct bench *b, const char *url)
{
	struct str bearer = { 0 };

	exchange_release(&b->x);
	memset(&b->x, 0, sizeof(b->x));
	str_addf(&bearer, "Bearer %s", b->a.token);
	b->x.method = "GET";
	b->x.url = xstrdup(url);
	headers_add(&b->x.headers, "Authorization", str_text(&bearer));
	b->x.done = on_done;
	b->x.ctx = b;
	b->done = 0;
	b->transport->ops->submit(b->transport, &b->x);
	assert_int_equal(b->done, 0);	/* from the loop only */
	str_release(&bearer);
}

static void run(struct bench *b)
{
	for (int i = 0; i < 100 && !b->done; i++)
		if (!loop_run_once(b->loop, -1))
			break;
	assert_int_equal(b->done, 1);
}

#define ORGANIZATION "https://graph.microsoft.com/v1.0/organization"

static void answers_after_its_latency(void **unused)
{
	struct bench b;
	int64_t before;

	(void)unused;
	open_bench(&b, 100);
	for (int i = 0; i < 20; i++) {
		before = clock_now_ms();
		send(&b, ORGANIZATION);
		run(&b);
		assert_int_equal(b.x.result, TRANSPORT_ANSWERED);
		assert_int_equal(b.x.status, 200);
		assert_in_range(clock_now_ms() - before, 50, 151);
		assert_non_null(headers_get(&b.x.answer_headers, "request-id"));
		assert_true(str_starts(str_text(&b.x.answer_body), "{"));
	}
	close_bench(&b);
}

static void faults_become_results(void **unused)
{
	static const struct {
		struct fault fault;
		size_t max_bytes;
		enum transport_result result;
		enum err_kind kind;
		size_t requests;	/* that were handled */
	} cases[] = {
		{ { .kind = FAULT_LOST_BEFORE }, 0, TRANSPORT_LOST, ERR_NET, 1 },
		{ { .kind = FAULT_LOST_AFTER }, 0, TRANSPORT_LOST, ERR_NET, 1 },
		{ { .kind = FAULT_SLOW, .delay_ms = 200000 }, 0, TRANSPORT_LOST, ERR_NET, 1 },
		{ { .kind = FAULT_SLOW, .delay_ms = 50000 }, 0, TRANSPORT_ANSWERED, ERR_NONE, 1 },
		{ { .kind = FAULT_HTML }, 0, TRANSPORT_ANSWERED, ERR_NONE, 1 },
		{ { .kind = FAULT_STATUS, .status = 503 }, 10, TRANSPORT_LOST, ERR_LIMIT, 1 },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench b;

		open_bench(&b, 0);
		tenant_fault(b.a.t, &cases[i].fault);
		send(&b, ORGANIZATION);
		b.x.max_bytes = cases[i].max_bytes;
		run(&b);
		assert_int_equal(b.x.result, cases[i].result);
		assert_int_equal(b.x.err.kind, cases[i].kind);
		assert_int_equal(tenant_request_count(b.a.t), cases[i].requests);
		close_bench(&b);
	}
}

static void cancelling_answers_once(void **unused)
{
	struct bench b;

	(void)unused;
	open_bench(&b, 1000);
	send(&b, ORGANIZATION);
	b.transport->ops->cancel(b.transport, &b.x);
	b.transport->ops->cancel(b.transport, &b.x);
	assert_int_equal(b.done, 0);
	run(&b);
	assert_int_equal(b.x.result, TRANSPORT_CANCELLED);
	assert_int_equal(tenant_request_count(b.a.t), 0);
	assert_false(loop_run_once(b.loop, 0));
	/* What is still under way when the transport goes is dropped. */
	send(&b, ORGANIZATION);
	close_bench(&b);
	assert_int_equal(b.done, 0);
}

struct got {
	char *text;
	int n;
};

static void on_token(void *ctx, const struct secret *token, const struct err *err)
{
	struct got *got = ctx;

	assert_int_equal(err->kind, ERR_NONE);
	free(got->text);
	got->text = xstrdup(secret_text(token));
	got->n++;
}

static void the_token_is_kept_and_renewed(void **unused)
{
	struct bench b;
	struct token_source *tokens;
	struct got got = { 0 };
	char *first;

	(void)unused;
	open_bench(&b, 0);
	tokens = tenant_token_new(b.loop, b.a.t);
	assert_non_null(strchr(tokens->account, '@'));
	tokens->ops->get(tokens, false, on_token, &got);
	tokens->ops->get(tokens, false, on_token, &got);
	assert_int_equal(got.n, 0);
	while (loop_run_once(b.loop, 0))
		;
	assert_int_equal(got.n, 2);
	first = xstrdup(got.text);
	clock_advance(3500 * 1000);
	tokens->ops->get(tokens, false, on_token, &got);
	while (loop_run_once(b.loop, 0))
		;
	assert_string_not_equal(got.text, first);
	free(b.a.token);
	b.a.token = got.text;
	assert_int_equal(ask(&b.a, 0, "/v1.0/me"), 200);
	free(first);
	tokens->ops->free(tokens);
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_after_its_latency), cmocka_unit_test(faults_become_results),
		cmocka_unit_test(cancelling_answers_once),
		cmocka_unit_test(the_token_is_kept_and_renewed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
