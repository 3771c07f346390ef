/* Claims challenges: read from the header, met in one round, explained when they
 * cannot be. */
#include "tests/unit/fake_transport.h"

#include "graph/base/base64.h"
#include "graph/sign_in/challenge.h"
#include "graph/sign_in/client_secret.h"
#include "graph/sign_in/device.h"
#include "tests/unit/scripted.h"

#define STEP_UP "{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}"
#define STEP_UP_64 "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19"
#define REVOKED "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1604106651\"}}}"
#define REVOKED_64 "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNjA0MTA2NjUxIn19fQ=="
#define BEARER "Bearer realm=\"\", authorization_uri=\"https://login.evil.example/common\", "
#define WANTS(claims) BEARER "error=\"insufficient_claims\", claims=\"" claims "\""

static void headers_are_read_by_their_grammar(void **unused)
{
	static const struct {
		const char *header, *claims;
	} cases[] = {
		{ WANTS(REVOKED_64), REVOKED },
		{ WANTS(STEP_UP_64), STEP_UP },
		/* Any order and case, no quotes, spaces at the signs. */
		{ "bearer CLAIMS=" STEP_UP_64 " , Error = insufficient_claims,realm=x", STEP_UP },
		/* Commas, signs and quotes in a quoted text are text. */
		{ "Bearer realm=\"a, error=\\\"insufficient_claims\\\", b\", claims=\"" STEP_UP_64
		  "\"", NULL },
		{ "Bearer realm=\"a,b=\\\"c\", error=\"insufficient_claims\", claims=\"" STEP_UP_64
		  "\"", STEP_UP },
		/* Two challenges in one header do not mix. */
		{ "Negotiate YIIB==, " WANTS(STEP_UP_64), STEP_UP },
		{ "Bearer error=\"insufficient_claims\", Digest claims=\"" STEP_UP_64 "\"", NULL },
		{ "PoP error=\"insufficient_claims\", claims=\"" STEP_UP_64 "\"", NULL },
		/* Not ours, or nothing that reads. */
		{ BEARER "error=\"invalid_token\", claims=\"" STEP_UP_64 "\"", NULL },
		{ BEARER "error=\"insufficient_claims\"", NULL },
		{ WANTS("%%%"), NULL },
		{ WANTS("W10="), NULL },
		{ WANTS("bm90IGpzb24="), NULL },
		{ "Bearer error=\"insufficient_claims\", claims=\"" STEP_UP_64, STEP_UP },
		{ "=\"=,\"\"", NULL },
		{ "", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct headers h = { 0 };
		char *claims;

		headers_add(&h, "WWW-Authenticate", "Negotiate");
		headers_add(&h, "www-authenticate", cases[i].header);
		claims = challenge_claims(&h);
		if (cases[i].claims && !str_same(claims, cases[i].claims))
			fail_msg("%s: %s", cases[i].header, claims ? claims : "none");
		if (!cases[i].claims && claims)
			fail_msg("%s: %s", cases[i].header, claims);
		free(claims);
		headers_release(&h);
	}
}

static void too_much_is_not_read(void **unused)
{
	struct headers h = { 0 };
	struct str text = { 0 }, json = { 0 };

	(void)unused;
	/* Claims of more than 8 KiB; then a header of more than 16. */
	str_add(&json, "{\"a\":\"");
	for (int i = 0; i < 8 << 10; i++)
		str_add_char(&json, 'x');
	str_add(&json, "\"}");
	str_add(&text, "Bearer error=\"insufficient_claims\", claims=\"");
	base64_encode(&text, json.buf, json.len);
	str_add(&text, "\"");
	headers_add(&h, "WWW-Authenticate", str_text(&text));
	assert_null(challenge_claims(&h));
	headers_release(&h);
	str_clear(&text);
	for (int i = 0; i < 16 << 10; i++)
		str_add_char(&text, ' ');
	str_add(&text, WANTS(STEP_UP_64));
	headers_add(&h, "WWW-Authenticate", str_text(&text));
	assert_null(challenge_claims(&h));
	headers_release(&h);
	str_release(&text);
	str_release(&json);
}

static void each_way_is_told_what_to_do(void **unused)
{
	static const struct {
		const char *claims, *way, *says, *todo;
	} cases[] = {
		{ STEP_UP, "browser", "GET /x: Conditional Access wants a stronger sign-in here "
		  "(authentication context c1) (403 insufficient_claims)",
		  "Sign in again and complete what is asked; the Conditional Access tab of the "
		  "sign-in log says which policy it is." },
		{ REVOKED, "managed-identity", "GET /x: the session was ended early: it was "
		  "revoked, or the password or the place changed (403 insufficient_claims)",
		  "A managed identity cannot prove more: leave it out of the policy, or sign in "
		  "another way (--auth)." },
		{ STEP_UP, "azure-cli", NULL, "Run az login --claims-challenge " STEP_UP_64
		  " --scope https://graph.microsoft.us/.default, then try again." },
		{ "{\"a\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		  "xxxxxxxxxxxxxxxxxxxxxxxxx\"}", "azure-cli",
		  "GET /x: a policy wants a further proof (403 insufficient_claims)",
		  "Run az logout and az login, or use --auth browser." },
		{ STEP_UP, "secret", NULL, "An application cannot meet it alone: the Conditional "
		  "Access tab of the sign-in log (service principals) says which policy it is." },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err err = ERR_INIT;

		challenge_error(&err, "GET /x", 403, cases[i].claims, cases[i].way,
				"https://graph.microsoft.us");
		assert_int_equal(err.kind, ERR_AUTH);
		if (cases[i].says)
			assert_string_equal(err.msg, cases[i].says);
		assert_string_equal(err.todo, cases[i].todo);
	}
}

/* The client of Graph: what it does with a challenge. */
struct called {
	unsigned n;
	struct err err;
};

static void take_call(struct graph_call *c, void *ctx)
{
	struct called *o = ctx;

	o->n++;
	o->err = c->err;
	graph_call_free(c);
}

static char *asked_claims;
static unsigned meets;

static void fake_meet(struct token_source *s, const char *claims,
		      void (*done)(void *, const struct secret *, const struct err *), void *ctx)
{
	meets++;
	free(asked_claims);
	asked_claims = xstrdup(claims);
	fake_get_token(s, true, done, ctx);
}

#define CHALLENGED(n, claims) { .status = (n), .header = "WWW-Authenticate", \
	.value = WANTS(claims), .body = "{\"error\":{\"code\":\"x\",\"message\":\"y\"}}" }
#define WELL { .status = 200, .body = "{}" }

static void one_round_and_no_second(void **unused)
{
	static const struct {
		struct fake_answer script[3];
		const char *method;
		bool meets, fails;
		unsigned sent, met;
		const char *says;
	} cases[] = {
		{ { CHALLENGED(401, REVOKED_64), WELL }, "GET", true, false, 2, 1, "" },
		{ { CHALLENGED(403, STEP_UP_64), WELL }, "GET", true, false, 2, 1, "" },
		/* Nothing of the write was done: it may be sent again. */
		{ { CHALLENGED(403, STEP_UP_64), WELL }, "PATCH", true, false, 2, 1, "" },
		{ { CHALLENGED(403, STEP_UP_64), CHALLENGED(403, STEP_UP_64) }, "GET", true, false,
		  2, 1, "GET /v1.0/me: Conditional Access wants a stronger sign-in here "
		  "(authentication context c1) (403 insufficient_claims)" },
		{ { CHALLENGED(401, REVOKED_64), CHALLENGED(401, STEP_UP_64) }, "GET", true, false,
		  2, 1, "GET /v1.0/me: Conditional Access wants a stronger sign-in here "
		  "(authentication context c1) (401 insufficient_claims)" },
		/* A source that cannot: told at once, and no renewal in vain. */
		{ { CHALLENGED(401, STEP_UP_64) }, "GET", false, false, 1, 0,
		  "GET /v1.0/me: Conditional Access wants a stronger sign-in here "
		  "(authentication context c1) (401 insufficient_claims)" },
		/* The sign-in for it fails. */
		{ { CHALLENGED(401, STEP_UP_64) }, "GET", true, true, 1, 1,
		  "more proof was wanted: sign-in failed" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fake *f = fake_new(cases[i].script, cases[i].sent);
		struct token_ops ops = *f->tokens.ops;
		struct called o = { 0 };

		meets = 0;
		if (cases[i].meets)
			ops.meet = fake_meet;
		f->tokens.ops = &ops;
		graph_call_start(f->graph, graph_call_new(cases[i].method, "/v1.0/me",
							  json_new_object(), 0), take_call, &o);
		while (!f->n)
			loop_run_once(f->loop, -1);
		f->token_fails = cases[i].fails;
		fake_run(f);
		assert_int_equal(o.n, 1);
		assert_int_equal(f->n, cases[i].sent);
		assert_int_equal(meets, cases[i].met);
		assert_int_equal(f->renewals, cases[i].met);
		assert_string_equal(o.err.msg, cases[i].says);
		if (cases[i].sent == 2)
			assert_string_equal(f->request[1].authorization, "Bearer token-1");
		if (*cases[i].says && !cases[i].fails)
			assert_string_equal(o.err.request_id, "req-1");
		fake_free(f);
	}
	free(asked_claims);
	asked_claims = NULL;
}

static void what_was_in_vain_is_not_asked_again(void **unused)
{
	static const struct fake_answer script[] = { CHALLENGED(403, STEP_UP_64),
						     CHALLENGED(403, REVOKED_64), WELL };
	struct fake *f = fake_new(script, COUNT_OF(script));
	struct token_ops ops = *f->tokens.ops;
	struct called o = { 0 };

	(void)unused;
	meets = 0;
	ops.meet = fake_meet;
	f->tokens.ops = &ops;
	f->tokens.unmet = xstrdup(STEP_UP);
	for (unsigned i = 0; i < 2; i++) {
		graph_call_start(f->graph, graph_call_new("GET", "/v1.0/me", NULL, 0), take_call,
				 &o);
		fake_run(f);
		assert_int_equal(o.err.kind, i ? ERR_NONE : ERR_AUTH);
		assert_int_equal(meets, i);
	}
	free(f->tokens.unmet);
	free(asked_claims);
	fake_free(f);
}

/* The ways of signing in: how they meet one. */
#define CODE "{\"device_code\":\"dev1\",\"user_code\":\"HYY9EL39T\",\"verification_uri\":" \
	"\"https://microsoft.com/devicelogin\",\"expires_in\":900,\"interval\":5}"
#define TOKENS(name) "{\"access_token\":\"" name "\",\"expires_in\":3600,\"refresh_token\":" \
	"\"r-" name "\",\"scope\":\"User.Read\"}"
#define REFUSED(error, n) "{\"error\":\"" error "\",\"error_codes\":[" #n "]}"
#define SENT "claims=%7B%22access_token%22%3A%7B%22acrs%22%3A%7B%22essential%22%3Atrue%2C" \
	"%22value%22%3A%22c1%22%7D%7D%7D"

struct person {
	struct sign_in_front front;
	unsigned shown;
	char why[160];
};

static void prompt(void *ctx, const struct sign_in_prompt *p)
{
	struct person *f = ctx;

	if (!p)
		return;
	f->shown++;
	snprintf(f->why, sizeof(f->why), "%s", p->why ? p->why : "");
}

static struct token_source *by_device(struct scripted *s, struct person *f,
				      const struct script_answer *answers, size_t n)
{
	struct err err = ERR_INIT;
	struct token_source *source;

	scripted_open(s, answers, n);
	*f = (struct person){ .front = { .prompt = prompt, .ctx = f } };
	source = device_new(s->loop, &s->transport, &s->cloud, "organizations", "an-id", &f->front,
			    &err);
	assert_non_null(source);
	assert_string_equal(get_token(s, source, false).token, "one");
	return source;
}

static struct got meet(struct scripted *s, struct token_source *source, const char *claims)
{
	struct got g = { .done = false };

	source->ops->meet(source, claims, got_it, &g);
	assert_false(g.done);
	loop_run_until(s->loop, &g.done);
	assert_true(g.done);
	return g;
}

static void silently_where_that_is_enough(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 200, TOKENS("one"), NULL }, { 200, TOKENS("two"), NULL },
		{ 200, TOKENS("three"), NULL },
	};
	struct scripted s;
	struct person f;
	struct token_source *source = by_device(&s, &f, answers, COUNT_OF(answers));
	struct got a = { .done = false }, b = { .done = false }, plain = { .done = false };

	(void)unused;
	/* Two requests that were refused together share one. */
	source->ops->meet(source, STEP_UP, got_it, &a);
	source->ops->meet(source, STEP_UP, got_it, &b);
	source->ops->get(source, false, got_it, &plain);
	loop_run_until(s.loop, &b.done);
	assert_string_equal(a.token, "two");
	assert_string_equal(b.token, "two");
	assert_string_equal(plain.token, "two");
	assert_int_equal(s.n, 3);
	assert_non_null(strstr(s.bodies[2], "grant_type=refresh_token&"));
	assert_non_null(strstr(s.bodies[2], "&" SENT));
	/* One that comes late finds the token that meets it. */
	assert_string_equal(meet(&s, source, STEP_UP).token, "two");
	assert_int_equal(s.n, 3);
	/* A renewal forgets the claims. */
	clock_advance(3301000);
	assert_string_equal(get_token(&s, source, false).token, "three");
	assert_null(strstr(s.bodies[3], "claims="));
	assert_int_equal(f.shown, 1);
	source->ops->free(source);
	scripted_close(&s);
}

static void a_person_is_asked_and_told_why(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 200, TOKENS("one"), NULL },
		{ 400, REFUSED("interaction_required", 50076), NULL }, { 200, CODE, NULL },
		{ 200, TOKENS("two"), NULL },
	};
	struct scripted s;
	struct person f;
	struct token_source *source = by_device(&s, &f, answers, COUNT_OF(answers));

	(void)unused;
	assert_string_equal(f.why, "");
	assert_string_equal(meet(&s, source, STEP_UP).token, "two");
	assert_int_equal(f.shown, 2);
	assert_string_equal(f.why, "You are asked again because Conditional Access wants a "
			    "stronger sign-in here (authentication context c1).");
	assert_non_null(strstr(s.bodies[3], SENT));
	assert_non_null(strstr(s.bodies[4], SENT));
	source->ops->free(source);
	scripted_close(&s);
}

static void a_no_is_remembered_until_one_signs_in_again(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 200, TOKENS("one"), NULL },
		{ 400, REFUSED("interaction_required", 50076), NULL }, { 200, CODE, NULL },
		{ 400, REFUSED("authorization_declined", 0), NULL },
		{ 0, NULL, NULL }, { 0, NULL, NULL }, { 0, NULL, NULL },
	};
	struct scripted s;
	struct person f;
	struct token_source *source = by_device(&s, &f, answers, COUNT_OF(answers));
	struct got g = meet(&s, source, STEP_UP);

	(void)unused;
	assert_string_equal(g.err.msg, "sign-in failed: it was declined in the browser");
	assert_string_equal(source->unmet, STEP_UP);
	/* What needs no more proof goes on with the token there is. */
	assert_string_equal(get_token(&s, source, false).token, "one");
	/* The network's fault is no refusal. */
	g = meet(&s, source, REVOKED);
	assert_int_equal(g.err.kind, ERR_NET);
	assert_string_equal(source->unmet, STEP_UP);
	source->ops->forget(source);
	assert_null(source->unmet);
	source->ops->free(source);
	scripted_close(&s);
}

static void an_application_asks_with_the_claims(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"one\",\"expires_in\":3600}", NULL },
		{ 200, "{\"access_token\":\"two\",\"expires_in\":3600}", NULL },
		{ 400, REFUSED("invalid_grant", 53003), NULL },
	};
	struct scripted s;
	struct secret secret = { 0 };
	struct err err = ERR_INIT;
	struct token_source *source;

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	secret_set(&secret, "s", 1);
	source = client_secret_new(s.loop, &s.transport, &s.cloud, "contoso.example", "an-id",
				   &secret, &err);
	assert_string_equal(get_token(&s, source, false).token, "one");
	assert_string_equal(meet(&s, source, STEP_UP).token, "two");
	assert_non_null(strstr(s.bodies[1], "&" SENT));
	assert_string_equal(meet(&s, source, REVOKED).err.graph_code, "AADSTS53003");
	assert_string_equal(source->unmet, REVOKED);
	source->ops->free(source);
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_are_read_by_their_grammar),
		cmocka_unit_test(too_much_is_not_read),
		cmocka_unit_test(each_way_is_told_what_to_do),
		cmocka_unit_test(one_round_and_no_second),
		cmocka_unit_test(what_was_in_vain_is_not_asked_again),
		cmocka_unit_test(silently_where_that_is_enough),
		cmocka_unit_test(a_person_is_asked_and_told_why),
		cmocka_unit_test(a_no_is_remembered_until_one_signs_in_again),
		cmocka_unit_test(an_application_asks_with_the_claims),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
