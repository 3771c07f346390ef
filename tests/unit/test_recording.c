/* What is recorded is answered again, reads alone and without a token. */
#include "graph/recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/mem.h"

/* A transport that answers at once with the number of the request. */
struct counter {
	struct transport transport;	/* first */
	int n;
};

static void count_submit(struct transport *t, struct exchange *x)
{
	struct counter *c = (struct counter *)t;

	x->result = TRANSPORT_ANSWERED;
	x->status = 200;
	str_addf(&x->answer_body, "{\"n\":%d}", ++c->n);
	x->done(x, x->ctx);
}

static const struct transport_ops count_ops = { .name = "counter", .submit = count_submit };

static void note_done(struct exchange *x, void *ctx)
{
	(void)x;
	*(bool *)ctx = true;
}

static void ask(struct transport *t, struct loop *l, const char *method, const char *url,
		const char *body, struct exchange *x)
{
	bool done = false;

	memset(x, 0, sizeof(*x));
	x->method = method;
	x->url = xstrdup(url);
	str_add(&x->body, body);
	headers_add(&x->headers, "Authorization", "Bearer very-secret");
	x->done = note_done;
	x->ctx = &done;
	t->ops->submit(t, x);
	if (l)
		loop_run_until(l, &done);
	assert_true(done);
}

#define HOST "https://graph.microsoft.com"

static void record(struct recording *r)
{
	struct counter counter = { .transport.ops = &count_ops };
	struct transport *t = recorder_new(&counter.transport, r);
	static const struct {
		const char *method, *url, *body;
	} asked[] = {
		{ "GET", HOST "/v1.0/a", "" },
		{ "GET", HOST "/v1.0/b?x=1", "" },
		{ "POST", HOST "/v1.0/$batch", "{\"requests\":[]}" },
		{ "POST", HOST "/v1.0/groups", "{}" },
		{ "PATCH", HOST "/v1.0/a", "{}" },
		{ "GET", HOST "/v1.0/a", "" },
	};

	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct exchange x;

		ask(t, NULL, asked[i].method, asked[i].url, asked[i].body, &x);
		assert_true(x.done == note_done);
		exchange_release(&x);
	}
	t->ops->free(t);
}

static void test_there_and_back(void **state)
{
	static const struct {
		const char *method, *url, *body, *answer;
	} again[] = {
		{ "GET", HOST "/v1.0/a", "", "{\"n\":6}" },
		{ "GET", "https://elsewhere.example/v1.0/b?x=1", "", "{\"n\":2}" },
		{ "POST", HOST "/v1.0/$batch", "{\"requests\":[]}", "{\"n\":3}" },
		{ "POST", HOST "/v1.0/groups", "{}", NULL },
		{ "PATCH", HOST "/v1.0/a", "{}", NULL },
		{ "GET", HOST "/v1.0/c", "", NULL },
	};
	struct recording r = { .saved_ms = 1795600800000 }, back;
	CLEANUP(str_release) struct str text = { 0 };
	struct err err = ERR_INIT;
	struct transport *t;
	struct json *doc;
	struct loop *l;

	(void)state;
	record(&r);
	r.cloud = xstrdup("usgov");
	doc = recording_json(&r);
	json_print(doc, &text);
	assert_null(strstr(str_text(&text), "very-secret"));
	assert_int_equal(json_count(json_get(doc, "answers")), 3);
	assert_int_equal(recording_read(doc, &back, &err), 0);
	json_free(doc);
	recording_release(&r);
	assert_true(back.saved_ms == 1795600800000);
	assert_string_equal(back.cloud, "usgov");

	l = loop_new(&err);
	assert_non_null(l);
	t = replay_new(l, &back);
	for (size_t i = 0; i < COUNT_OF(again); i++) {
		struct exchange x;

		ask(t, l, again[i].method, again[i].url, again[i].body, &x);
		if (again[i].answer) {
			assert_int_equal(x.result, TRANSPORT_ANSWERED);
			assert_int_equal(x.status, 200);
			assert_string_equal(str_text(&x.answer_body), again[i].answer);
		} else {
			assert_int_equal(x.result, TRANSPORT_NOT_SENT);
			assert_true(x.hopeless);
		}
		exchange_release(&x);
	}
	t->ops->free(t);
	loop_free(l);
	recording_release(&back);
}

static void test_refused(void **state)
{
	static const char *const bad[] = {
		"{}", "[]", "{\"schema\":\"sspr-wizard/check/1\"}",
		"{\"schema\":\"sspr-wizard/facts/1\"}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err err = ERR_INIT;
		struct recording r;
		struct json *doc = json_parse(bad[i], strlen(bad[i]), &err);

		assert_int_equal(recording_read(doc, &r, &err), -1);
		recording_release(&r);
		json_free(doc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
