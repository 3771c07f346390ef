#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graph/base/base64.h"
#include "graph/sign_in/browser.h"
#include "graph/tenant/tenant.h"
#include "graph/url.h"
#include "tests/unit/scripted.h"

#define CLIENT "0f8fad5b-d9cb-469f-a165-70867728950e"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

struct front {
	struct sign_in_front front;
	unsigned shown, over;
	char url[4096], message[128];
	unsigned port;
	char state[64];
};

/* A value of a query, decoded; the caller frees. */
static char *query_value(const char *url, const char *name)
{
	char *key = xasprintf("%s=", name), *value = NULL;

	for (const char *p = strchr(url, '?'); p && !value; p = strchr(p + 1, '&'))
		if (strncmp(p + 1, key, strlen(key)) == 0)
			value = url_decode(p + 1 + strlen(key),
					   strcspn(p + 1 + strlen(key), "&"), true);
	free(key);
	return value;
}

static void prompt(void *ctx, const struct sign_in_prompt *p)
{
	struct front *f = ctx;
	char *uri, *state;

	if (!p) {
		f->over++;
		return;
	}
	f->shown++;
	assert_int_equal(p->kind, SIGN_IN_BROWSER);
	snprintf(f->url, sizeof(f->url), "%s", p->url);
	snprintf(f->message, sizeof(f->message), "%s", p->message);
	uri = query_value(p->url, "redirect_uri");
	state = query_value(p->url, "state");
	assert_int_equal(sscanf(uri, "http://localhost:%u", &f->port), 1);
	snprintf(f->state, sizeof(f->state), "%s", state);
	free(uri);
	free(state);
}

/* PATH has nothing that opens a browser. */
static struct token_source *open_source(struct scripted *s, struct front *f, struct transport *t,
					const char *tenant)
{
	struct err err = ERR_INIT;
	struct token_source *source;

	clock_set_real();	/* sockets take real time */
	setenv("PATH", "/nowhere", 1);
	*f = (struct front){ .front = { .prompt = prompt, .ctx = f } };
	source = browser_new(s->loop, t, &s->cloud, tenant, CLIENT, &f->front, &err);
	assert_non_null(source);
	return source;
}

static struct got start(struct scripted *s, struct front *f, struct token_source *source,
			struct got *g)
{
	*g = (struct got){ .done = false };
	source->ops->get(source, false, got_it, g);
	assert_int_equal(f->shown, 1);
	assert_false(g->done);
	(void)s;
	return *g;
}

static int visit(unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

/* Sends a request in two pieces and returns the status; text gets the answer. */
static int say(struct scripted *s, unsigned port, const char *request, char text[4096])
{
	int fd = visit(port), status = 0;
	size_t n = strlen(request), half = n / 2;
	ssize_t got, len = 0;

	assert_int_equal(write(fd, request, half), half);
	loop_run_once(s->loop, 20);
	loop_run_once(s->loop, 20);
	assert_int_equal(write(fd, request + half, n - half), n - half);
	for (int i = 0; i < 20 && len == 0; i++) {
		loop_run_once(s->loop, 20);
		while ((got = recv(fd, text + len, (size_t)(4095 - len), MSG_DONTWAIT)) > 0)
			len += got;
	}
	text[len] = '\0';
	close(fd);
	sscanf(text, "HTTP/1.1 %d", &status);
	return status;
}

static char *post(unsigned port, const char *head, const char *body)
{
	return xasprintf("POST / HTTP/1.1\r\nHost: localhost:%u\r\n%sContent-Length: %zu\r\n\r\n%s",
			 port, head, strlen(body), body);
}

static void signs_in_to_the_simulated_tenant(void **unused)
{
	struct scripted s;
	struct front f;
	struct err err = ERR_INIT;
	struct tenant *tenant;
	struct transport *t;
	struct token_source *source;
	struct got g;
	struct tenant_response page = { 0 };
	struct headers none = { 0 };
	char *code, *body, *request, text[4096], *challenge;
	const char *at;

	(void)unused;
	scripted_open(&s, NULL, 0);
	tenant = tenant_new("contoso", 0, &err);
	t = tenant_transport_new(s.loop, tenant, 0);
	source = open_source(&s, &f, t, tenant_id(tenant));
	start(&s, &f, source, &g);
	assert_int_equal(strlen(f.state), 43);
	challenge = query_value(f.url, "code_challenge");
	assert_int_equal(strlen(challenge), 43);
	free(challenge);
	assert_null(strstr(f.url, "ReadWrite"));
	assert_non_null(strstr(f.url, "&response_type=code&response_mode=form_post&"));
	assert_non_null(strstr(f.url, "&code_challenge_method=S256"));
	assert_non_null(strstr(f.url, "offline_access"));
	/* No capability is declared that would bring challenges everywhere. */
	assert_null(strstr(f.url, "claims="));
	assert_string_equal(f.message, "No browser could be started: open this address on this "
			    "machine.");
	/* What a browser does: opens the page and sends its form. */
	tenant_handle(tenant, &(struct tenant_request){ .method = "GET", .url = f.url,
							.headers = &none }, &page);
	assert_int_equal(page.status, 200);
	at = strstr(str_text(&page.body), "name=\"code\" value=\"") + 19;
	code = xstrndup(at, strcspn(at, "\""));
	body = xasprintf("code=%s&state=%s&session_state=x", code, f.state);
	request = post(f.port, FORM, body);
	assert_int_equal(say(&s, f.port, request, text), 200);
	assert_non_null(strstr(text, "Signed in"));
	assert_non_null(strstr(text, "Content-Security-Policy: default-src 'none'\r\n"));
	assert_null(strstr(text, code));
	loop_run_until(s.loop, &g.done);
	assert_int_equal(g.err.kind, ERR_NONE);
	assert_true(strlen(g.token) > 20);
	assert_non_null(strstr(source->account, "@"));
	assert_int_equal(f.over, 1);
	free(code);
	free(body);
	free(request);
	tenant_response_release(&page);
	source->ops->free(source);
	t->ops->free(t);
	tenant_free(tenant);
	scripted_close(&s);
}

static void others_do_not_disturb(void **unused)
{
	static const struct {
		const char *request;	/* %1$u the port, %2$s the state */
		int status;
	} cases[] = {
		{ "GET /favicon.ico HTTP/1.1\r\nHost: localhost:%1$u\r\n\r\n%2$.0s", 404 },
		{ "GET /?code=x&state=%2$s HTTP/1.1\r\nHost: localhost:%1$u\r\n\r\n", 404 },
		{ "OPTIONS / HTTP/1.1\r\nHost: localhost:%1$u\r\n\r\n%2$.0s", 405 },
		{ "POST /other HTTP/1.1\r\nHost: localhost:%1$u\r\n" FORM
		  "Content-Length: 56\r\n\r\ncode=x&state=%2$s", 404 },
		{ "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n%1$.0u%2$.0s", 400 },
		{ "PUT / HTTP/1.1\r\nHost: localhost:%1$u\r\n\r\n%2$.0s", 405 },
		{ "GET / HTTP/1.1\r\nHost: evil.example:%1$u\r\n\r\n%2$.0s", 400 },
		{ "GET / HTTP/1.1\r\n\r\n%1$.0u%2$.0s", 400 },
		{ "POST / HTTP/1.1\r\nHost: localhost:%1$u\r\nContent-Type: text/plain\r\n"
		  "Content-Length: 8\r\n\r\ncode=x&s%2$.0s", 415 },
		{ "POST / HTTP/1.1\r\nHost: 127.0.0.1:%1$u\r\n" FORM
		  "Content-Length: 14\r\n\r\ncode=x&state=y%2$.0s", 400 },
		{ "POST / HTTP/1.1\r\nHost: localhost:%1$u\r\n" FORM
		  "Content-Length: 63\r\n\r\ncode=x&state=%2$s&state=", 400 },
		{ "POST / HTTP/1.1\r\nHost: localhost:%1$u\r\n" FORM
		  "Content-Length: 49\r\n\r\nstate=%2$s", 400 },
		{ "POST / HTTP/1.1\r\nHost: localhost:%1$u\r\n" FORM
		  "Content-Length: 99999999\r\n\r\nstate=%2$s", 400 },
		{ "nonsense\r\n\r\n%1$.0u%2$.0s", 400 },
	};
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"one\",\"expires_in\":3600}", NULL },
	};
	struct scripted s;
	struct front f;
	struct token_source *source;
	struct got g;
	char text[4096], *request, *body, *verifier;

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s, &f, &s.transport, "organizations");
	start(&s, &f, source, &g);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str made = { 0 };
		const char *p = cases[i].request;

		/* Our own %1$u and %2$s, for the formats are data here. */
		for (; *p; p++) {
			if (str_starts(p, "%1$u") || str_starts(p, "%2$s")) {
				if (p[1] == '1')
					str_addf(&made, "%u", f.port);
				else
					str_add(&made, f.state);
				p += 3;
			} else if (*p == '%' && str_starts(p + 2, "$.0")) {
				p += 5;
			} else {
				str_add_char(&made, *p);
			}
		}
		if (say(&s, f.port, str_text(&made), text) != cases[i].status)
			fail_msg("%s: %s", str_text(&made), text);
		assert_null(strstr(text, f.state));
		str_release(&made);
		assert_false(g.done);
	}
	assert_int_equal(s.n, 0);
	body = xasprintf("state=%s&code=a%%2Fb", f.state);
	request = post(f.port, FORM, body);
	assert_int_equal(say(&s, f.port, request, text), 200);
	loop_run_until(s.loop, &g.done);
	assert_string_equal(g.token, "one");
	assert_non_null(strstr(s.bodies[0], "grant_type=authorization_code&code=a%2Fb&"
			       "code_verifier="));
	verifier = strstr(s.bodies[0], "code_verifier=") + 14;
	assert_int_equal(strcspn(verifier, "&"), 43);
	free(body);
	free(request);
	source->ops->free(source);
	scripted_close(&s);
}

/* An id token with another nonce than the page was asked with is of another sign-in
 * (facts 2.3). */
static void an_answer_of_another_sign_in_is_refused(void **unused)
{
	static const struct {
		const char *id;		/* %s is the nonce; NULL: there is no id token */
		const char *says;
	} cases[] = {
		{ "{\"nonce\":\"%s\",\"preferred_username\":\"ada@contoso.example\"}", "" },
		{ NULL, "" },
		{ "{\"nonce\":\"other\"}", "sign-in failed: what came belongs to another sign-in" },
		{ "{}", "sign-in failed: what came belongs to another sign-in" },
		{ "no JSON", "sign-in failed: what came belongs to another sign-in" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct script_answer answer = { .status = 200 };
		struct str claims = { 0 }, made = { 0 };
		const char *at = cases[i].id ? strstr(cases[i].id, "%s") : NULL;
		char text[4096], *request, *body, *nonce;
		struct scripted s;
		struct front f;
		struct token_source *source;
		struct got g;

		scripted_open(&s, &answer, 1);
		source = open_source(&s, &f, &s.transport, "organizations");
		start(&s, &f, source, &g);
		nonce = query_value(f.url, "nonce");
		assert_int_equal(strlen(nonce), 43);
		if (at)
			str_addf(&claims, "%.*s%s%s", (int)(at - cases[i].id), cases[i].id, nonce,
				 at + 2);
		else if (cases[i].id)
			str_add(&claims, cases[i].id);
		str_add(&made, "{\"access_token\":\"one\",\"expires_in\":3600");
		if (cases[i].id) {
			str_add(&made, ",\"id_token\":\"e30.");
			base64url_encode(&made, claims.buf, claims.len);
			str_add(&made, ".c2ln\"");
		}
		str_add(&made, "}");
		answer.body = str_text(&made);
		body = xasprintf("state=%s&code=x", f.state);
		request = post(f.port, FORM, body);
		assert_int_equal(say(&s, f.port, request, text), 200);
		loop_run_until(s.loop, &g.done);
		assert_string_equal(g.err.msg, cases[i].says);
		assert_string_equal(g.token, *cases[i].says ? "" : "one");
		assert_string_equal(source->account, at ? "ada@contoso.example" : "");
		free(body);
		free(request);
		free(nonce);
		str_release(&claims);
		str_release(&made);
		source->ops->free(source);
		scripted_close(&s);
	}
}

/* Runs the loop until the other side has closed the connection. */
static bool is_closed(struct scripted *s, int fd)
{
	char byte;

	for (int i = 0; i < 20; i++) {
		if (recv(fd, &byte, 1, MSG_DONTWAIT) == 0)
			return true;
		loop_run_once(s->loop, -1);
	}
	return false;
}

/* Whoever connects and says nothing has ten seconds, and there is room for eight;
 * a head has 8 KiB (facts 2.3). The sign-in goes on all the same. */
static void others_cannot_hold_it_up(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"one\",\"expires_in\":3600}", NULL },
	};
	struct str head = { 0 };
	struct scripted s;
	struct front f;
	struct token_source *source;
	struct got g;
	char text[4096], *request, *body;
	int fd[8], late;
	int64_t began;

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s, &f, &s.transport, "organizations");
	clock_set_virtual(SCRIPT_NOW);
	start(&s, &f, source, &g);
	for (size_t i = 0; i < COUNT_OF(fd); i++) {
		fd[i] = visit(f.port);
		loop_run_once(s.loop, 0);
	}
	began = clock_mono_ms();
	late = visit(f.port);
	assert_true(is_closed(&s, late));
	assert_int_equal(clock_mono_ms(), began);
	close(late);
	for (size_t i = 0; i < COUNT_OF(fd); i++) {
		assert_true(is_closed(&s, fd[i]));
		close(fd[i]);
	}
	assert_int_equal(clock_mono_ms() - began, 10000);
	str_addf(&head, "GET / HTTP/1.1\r\nHost: localhost:%u\r\nCookie: ", f.port);
	while (head.len <= 8 << 10)
		str_add(&head, "0123456789abcdef");
	assert_int_equal(say(&s, f.port, str_text(&head), text), 400);
	assert_false(g.done);
	body = xasprintf("state=%s&code=x", f.state);
	request = post(f.port, FORM, body);
	assert_int_equal(say(&s, f.port, request, text), 200);
	loop_run_until(s.loop, &g.done);
	assert_string_equal(g.token, "one");
	free(body);
	free(request);
	str_release(&head);
	source->ops->free(source);
	scripted_close(&s);
}

static void patience_ends(void **unused)
{
	struct scripted s;
	struct front f;
	struct token_source *source;
	struct got g;

	(void)unused;
	scripted_open(&s, NULL, 0);
	source = open_source(&s, &f, &s.transport, "organizations");
	clock_set_virtual(SCRIPT_NOW);
	start(&s, &f, source, &g);
	loop_run_until(s.loop, &g.done);
	assert_string_equal(g.err.msg,
			    "sign-in failed: it was not completed in the browser in time");
	assert_int_equal(clock_now_ms() - SCRIPT_NOW, 900000);
	assert_int_equal(f.over, 1);
	source->ops->free(source);
	scripted_close(&s);
}

static void a_refusal_is_told(void **unused)
{
	static const struct {
		const char *form, *says;
	} cases[] = {
		{ "error=access_denied&error_description=AADSTS65004%3A+User+declined",
		  "sign-in failed: consent was declined (AADSTS65004)" },
		{ "error=access_denied", "sign-in failed: it was declined in the browser" },
		{ "error=x%1b%5b31m&error_description=%3Cscript%3E%1b%5b2J",
		  "sign-in failed: <script>\xef\xbf\xbd[2J" },
	};
	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scripted s;
		struct front f;
		struct token_source *source;
		struct got g;
		char text[4096], *request, *body;

		scripted_open(&s, NULL, 0);
		source = open_source(&s, &f, &s.transport, "organizations");
		start(&s, &f, source, &g);
		body = xasprintf("%s&state=%s", cases[i].form, f.state);
		request = post(f.port, FORM, body);
		assert_int_equal(say(&s, f.port, request, text), 200);
		assert_non_null(strstr(text, "Not signed in"));
		assert_null(strstr(text, "script"));
		loop_run_until(s.loop, &g.done);
		assert_string_equal(g.err.msg, cases[i].says);
		assert_int_equal(f.over, 1);
		free(body);
		free(request);
		source->ops->free(source);
		scripted_close(&s);
	}
}

static void can_be_cancelled(void **unused)
{
	struct scripted s;
	struct front f;
	struct token_source *source;
	struct got g;
	int fd;

	(void)unused;
	scripted_open(&s, NULL, 0);
	source = open_source(&s, &f, &s.transport, "organizations");
	start(&s, &f, source, &g);
	fd = visit(f.port);
	loop_run_once(s.loop, 20);
	source->ops->cancel(source);
	assert_int_equal(g.err.kind, ERR_CANCELLED);
	assert_int_equal(f.over, 1);
	assert_false(loop_run_once(s.loop, 0));
	close(fd);
	source->ops->free(source);
	scripted_close(&s);
}

/* The program that opens the page gets its address as one word, no secret of
 * our environment and no terminal. */
static void a_browser_is_started(void **unused)
{
	char dir[] = "/tmp/browser-test-XXXXXX", *program, *seen, *path, line[4096];
	struct scripted s;
	struct front f;
	struct token_source *source;
	struct got g;
	FILE *file;
	size_t n = 0;

	(void)unused;
	assert_non_null(mkdtemp(dir));
	program = xasprintf("%s/xdg-open", dir);
	seen = xasprintf("%s/seen", dir);
	file = fopen(program, "w");
	fprintf(file, "#!/bin/sh\nif [ -t 0 ] || [ -t 1 ]; then t=tty; fi\n"
		"printf '%%s|%%s|%%s|%%s' \"$#\" \"$1\" \"$AZURE_CLIENT_SECRET\" \"$t\" >%s.new\n"
		"/bin/mv %s.new %s\n", seen, seen, seen);
	fclose(file);
	assert_int_equal(chmod(program, 0755), 0);
	setenv("AZURE_CLIENT_SECRET", "quiet", 1);
	scripted_open(&s, NULL, 0);
	source = open_source(&s, &f, &s.transport, "organizations");
	path = xasprintf("%s:/bin:/usr/bin", dir);
	setenv("PATH", path, 1);
	start(&s, &f, source, &g);
	assert_true(str_starts(f.message, "Sign in in the browser."));
	for (int i = 0; i < 100 && access(seen, R_OK) < 0; i++)
		usleep(50000);
	file = fopen(seen, "r");
	assert_non_null(file);
	n = fread(line, 1, sizeof(line) - 1, file);
	line[n] = '\0';
	fclose(file);
	assert_true(str_starts(line, "1|https://login.microsoftonline.com/organizations/oauth2/"));
	assert_true(str_ends(line, "||"));
	assert_non_null(strstr(line, f.url));
	unsetenv("AZURE_CLIENT_SECRET");
	unlink(program);
	unlink(seen);
	rmdir(dir);
	free(program);
	free(seen);
	free(path);
	source->ops->free(source);
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_in_to_the_simulated_tenant),
		cmocka_unit_test(others_do_not_disturb),
		cmocka_unit_test(an_answer_of_another_sign_in_is_refused),
		cmocka_unit_test(others_cannot_hold_it_up),
		cmocka_unit_test(patience_ends),
		cmocka_unit_test(a_refusal_is_told),
		cmocka_unit_test(can_be_cancelled),
		cmocka_unit_test(a_browser_is_started),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
