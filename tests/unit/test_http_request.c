#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/http.h"
#include "graph/loop.h"

/*
 * A server on the loopback address that lives in the same loop as the client:
 * it takes one request a connection or more, and sends the bytes it was given.
 */
#define CONNECTIONS_MAX 8

struct server {
	struct loop *loop;
	int listener;
	unsigned port;
	struct {
		int fd;
		struct str in;
	} connection[CONNECTIONS_MAX];
	unsigned connections;		/* accepted, ever */
	unsigned requests;
	char seen[4096];		/* the last request */
	const char *answer;		/* NULL = no answer */
	size_t answer_len;
	bool hang_up;			/* closes instead of, or after, answering */
	bool deaf;			/* answers whatever comes */
};

struct bench {
	struct server s;
	struct transport *http;
	struct exchange x;
	unsigned done;
};

static void drop_connection(struct server *s, unsigned i)
{
	loop_unwatch(s->loop, s->connection[i].fd);
	close(s->connection[i].fd);
	str_release(&s->connection[i].in);
	s->connection[i].fd = -1;
}

static bool is_whole(const char *text)
{
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = str_find_nocase(text, "\r\nContent-Length:");

	return end && (!length || strlen(end + 4) >= (size_t)strtoul(length + 17, NULL, 10));
}

static void on_request(void *ctx, int fd)
{
	struct server *s = ctx;
	unsigned i = 0;
	char bytes[4096];
	ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

	while (s->connection[i].fd != fd)
		i++;
	if (n <= 0) {
		drop_connection(s, i);
		return;
	}
	str_add_bytes(&s->connection[i].in, bytes, (size_t)n);
	if (!s->deaf && !is_whole(str_text(&s->connection[i].in)))
		return;
	s->requests += is_whole(str_text(&s->connection[i].in));
	snprintf(s->seen, sizeof(s->seen), "%s", str_text(&s->connection[i].in));
	str_clear(&s->connection[i].in);
	for (size_t at = 0; s->answer && at < s->answer_len; at += (size_t)n) {
		n = send(fd, s->answer + at, s->answer_len - at, MSG_NOSIGNAL);
		if (n <= 0)
			break;
	}
	if (s->hang_up)
		drop_connection(s, i);
}

static void on_connection(void *ctx, int listener)
{
	struct server *s = ctx;
	unsigned i = s->connections++;

	assert_true(i < CONNECTIONS_MAX);
	s->connection[i].fd = accept(listener, NULL, NULL);
	assert_true(s->connection[i].fd >= 0);
	loop_watch(s->loop, s->connection[i].fd, on_request, s);
}

static void on_done(struct exchange *x, void *ctx)
{
	(void)x;
	((struct bench *)ctx)->done++;
}

static void set_up(struct bench *b)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	struct http_options options = { .user_agent = NULL };
	struct err err = ERR_INIT;
	socklen_t len = sizeof(at);

	memset(b, 0, sizeof(*b));
	unsetenv("CURL_CA_BUNDLE");
	unsetenv("SSL_CERT_FILE");
	signal(SIGPIPE, SIG_IGN);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	b->s.loop = loop_new(&err);
	assert_non_null(b->s.loop);
	b->s.listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(b->s.listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(b->s.listener, CONNECTIONS_MAX), 0);
	assert_int_equal(getsockname(b->s.listener, (struct sockaddr *)&at, &len), 0);
	b->s.port = ntohs(at.sin_port);
	for (unsigned i = 0; i < CONNECTIONS_MAX; i++)
		b->s.connection[i].fd = -1;
	loop_watch(b->s.loop, b->s.listener, on_connection, &b->s);
	b->http = http_transport_new(b->s.loop, &options, &err);
	assert_non_null(b->http);
}

static void tear_down(struct bench *b)
{
	exchange_release(&b->x);
	b->http->ops->free(b->http);
	for (unsigned i = 0; i < CONNECTIONS_MAX; i++)
		if (b->s.connection[i].fd >= 0)
			drop_connection(&b->s, i);
	loop_unwatch(b->s.loop, b->s.listener);
	close(b->s.listener);
	loop_free(b->s.loop);
}

static void answers(struct bench *b, const char *text)
{
	b->s.answer = text;
	b->s.answer_len = text ? strlen(text) : 0;
}

/* Submits b->x after the fields that the caller set; url is taken over. */
static void submit_url(struct bench *b, const char *method, char *url)
{
	b->x.method = method;
	free(b->x.url);
	b->x.url = url;
	b->x.done = on_done;
	b->x.ctx = b;
	b->done = 0;
	b->http->ops->submit(b->http, &b->x);
	assert_int_equal(b->done, 0);	/* from the loop only */
}

static void submit(struct bench *b, const char *method, const char *scheme)
{
	submit_url(b, method, xasprintf("%s://127.0.0.1:%u/v1.0/x?y=1", scheme, b->s.port));
}

static void finish(struct bench *b)
{
	while (!b->done)
		assert_true(loop_run_once(b->s.loop, 1000));
	assert_int_equal(b->done, 1);
}

static void forget(struct bench *b)
{
	exchange_release(&b->x);
	memset(&b->x, 0, sizeof(b->x));
}

#define WELL "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"

static void test_exchange(void **state)
{
	struct bench b;

	(void)state;
	set_up(&b);
	answers(&b, "HTTP/1.1 201 Created\r\nContent-Length: 7\r\nretry-after: \t 5 \r\n"
		    "X-Empty:\r\n\r\n{\"a\":1}");
	headers_add(&b.x.headers, "Authorization", "Bearer t");
	headers_add(&b.x.headers, "Content-Type", "application/json");
	str_add(&b.x.body, "{\"b\":2}");
	submit(&b, "PATCH", "http");
	finish(&b);
	assert_int_equal(b.x.result, TRANSPORT_ANSWERED);
	assert_int_equal(b.x.status, 201);
	assert_string_equal(str_text(&b.x.answer_body), "{\"a\":1}");
	assert_string_equal(headers_get(&b.x.answer_headers, "Retry-After"), "5");
	assert_string_equal(headers_get(&b.x.answer_headers, "x-empty"), "");
	assert_true(str_starts(b.s.seen, "PATCH /v1.0/x?y=1 HTTP/1.1\r\n"));
	assert_non_null(strstr(b.s.seen, "\r\nAuthorization: Bearer t\r\n"));
	assert_non_null(strstr(b.s.seen, "\r\nUser-Agent: sspr-wizard/"));
	assert_non_null(strstr(b.s.seen, "\r\nAccept-Encoding: gzip\r\n"));
	assert_null(strstr(b.s.seen, "\r\nExpect:"));
	assert_true(str_ends(b.s.seen, "\r\n\r\n{\"b\":2}"));
	tear_down(&b);
}

/* Connections: reads share one, a write and a fresh read get their own. */
static void test_connections(void **state)
{
	struct bench b;

	(void)state;
	set_up(&b);
	answers(&b, WELL);
	for (int i = 0; i < 2; i++) {
		submit(&b, "GET", "http");
		finish(&b);
		forget(&b);
	}
	assert_int_equal(b.s.connections, 1);
	b.x.flags = TRANSPORT_FRESH;
	submit(&b, "GET", "http");
	finish(&b);
	assert_int_equal(b.s.connections, 2);
	forget(&b);
	submit(&b, "POST", "http");
	finish(&b);
	assert_int_equal(b.s.connections, 3);
	assert_int_equal(b.s.requests, 4);
	tear_down(&b);
}

/* A proxy in the environment is not for this computer itself. */
static void test_no_proxy_on_loopback(void **state)
{
	struct bench b;

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	set_up(&b);
	answers(&b, WELL);
	submit(&b, "GET", "http");
	finish(&b);
	assert_int_equal(b.x.status, 200);
	tear_down(&b);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
}

static void expect_failure(struct bench *b, enum transport_result result, enum err_kind kind,
			   const char *says)
{
	if (b->x.result != result || b->x.err.kind != kind || !strstr(b->x.err.msg, says))
		fail_msg("result %d, %s: %s", b->x.result, err_kind_name(b->x.err.kind),
			 b->x.err.msg);
	assert_true(*b->x.err.todo);
}

/* What curl would take from a person's home is not ours to send, and no session is
 * kept (facts 8.8). */
static void test_nothing_from_home(void **state)
{
	char dir[] = "/tmp/sspr-wizard-home-XXXXXX", *path, *home = xstrdup(getenv("HOME"));
	struct bench b;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = xasprintf("%s/.netrc", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("default login somebody password known\n", f);
	fclose(f);
	setenv("HOME", dir, 1);
	set_up(&b);
	answers(&b, "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
		    "Set-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
	for (int i = 0; i < 2; i++) {
		submit(&b, "GET", "http");
		finish(&b);
		assert_int_equal(b.x.status, 401);
		assert_null(strstr(b.s.seen, "Authorization:"));
		assert_null(strstr(b.s.seen, "Cookie:"));
		forget(&b);
	}
	assert_int_equal(b.s.requests, 2);
	tear_down(&b);
	if (home)
		setenv("HOME", home, 1);
	unlink(path);
	rmdir(dir);
	free(path);
	free(home);
}

/* Facts sign-in-and-transport.md 8.4. The server is the proxy; 0.0.0.0 is this
 * computer too, but not by a name that is spared the proxy. */
#define REFUSES "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
#define WANTS(ways) "HTTP/1.1 407 Who are you\r\n" ways "Content-Length: 0\r\n\r\n"
#define BASIC "Proxy-Authenticate: Basic realm=\"x\"\r\n"
#define NEGOTIATE "Proxy-Authenticate: Negotiate\r\n"
#define HERE "http://127.0.0.1:"	/* and the port */
#define DIRECT "no connection to 0.0.0.0"
#define NO "the proxy refuses the way to 0.0.0.0 (403)"
#define WHO "the proxy wants a user name and password (407)"

static const struct proxy_row {
	const char *set[4];		/* variables and values */
	const char *answer;
	unsigned requests;		/* to the proxy */
	const char *password;		/* what it is shown last, NULL for none */
	const char *says;
	bool hopeless;
} proxy_rows[] = {
	{ { "https_proxy", HERE }, REFUSES, 1, NULL, NO, true },
	{ { "HTTPS_PROXY", HERE }, REFUSES, 1, NULL, NO, true },
	{ { "all_proxy", HERE }, REFUSES, 1, NULL, NO, true },
	{ { "ALL_PROXY", HERE }, REFUSES, 1, NULL, NO, true },
	{ { "https_proxy", HERE, "all_proxy", "http://127.0.0.1:1" }, REFUSES, 1, NULL, NO, true },
	{ { "http_proxy", HERE }, REFUSES, 0, NULL, DIRECT, false },
	{ { "HTTP_PROXY", HERE }, REFUSES, 0, NULL, DIRECT, false },
	{ { "https_proxy", HERE, "no_proxy", "example.com,0.0.0.0" }, REFUSES, 0, NULL, DIRECT,
	  false },
	{ { "https_proxy", HERE, "NO_PROXY", "*" }, REFUSES, 0, NULL, DIRECT, false },
	{ { "https_proxy", HERE }, "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", 1, NULL,
	  "the proxy refuses the way to 0.0.0.0 (502)", false },
	{ { "https_proxy", "http://u:p@127.0.0.1:" }, WANTS(BASIC), 2, "Basic dTpw", WHO, true },
	{ { "ALL_PROXY", "http://u:p@127.0.0.1:" }, WANTS(BASIC), 2, "Basic dTpw", WHO, true },
	/* A ticket that one does not have must not be in the password's way. */
	{ { "https_proxy", "http://u:p@127.0.0.1:" }, WANTS(NEGOTIATE BASIC), 2, "Basic dTpw", WHO,
	  true },
	{ { "https_proxy", HERE }, WANTS(BASIC), 1, NULL, WHO, true },
	{ { "https_proxy", "http://:@127.0.0.1:" }, WANTS(BASIC), 1, NULL, WHO, true },
};

static void set_variables(const struct proxy_row *row, unsigned port)
{
	for (size_t i = 0; i < COUNT_OF(row->set) && row->set[i]; i += 2) {
		const char *value = row->set[i + 1];
		char *whole = str_ends(value, ":") ? xasprintf("%s%u", value, port)
						   : xstrdup(value);

		setenv(row->set[i], whole, 1);
		free(whole);
	}
}

static void test_proxy(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(proxy_rows); i++) {
		const struct proxy_row *row = &proxy_rows[i];
		const char *shown;
		struct bench b;

		set_up(&b);
		set_variables(row, b.s.port);
		answers(&b, row->answer);
		headers_add(&b.x.headers, "Authorization", "Bearer t");
		submit_url(&b, "GET", xstrdup("https://0.0.0.0:1/v1.0/x"));
		finish(&b);
		if (b.x.result != TRANSPORT_NOT_SENT || !str_starts(b.x.err.msg, row->says) ||
		    b.s.requests != row->requests || b.x.hopeless != row->hopeless)
			fail_msg("row %zu: %u requests, %s", i, b.s.requests, b.x.err.msg);
		/* The name alone, neither path nor token. */
		assert_true(!row->requests || str_starts(b.s.seen, "CONNECT 0.0.0.0:1 HTTP/1.1\r\n"));
		assert_null(strstr(b.s.seen, "Bearer"));
		shown = strstr(b.s.seen, "Proxy-Authorization: ");
		if (!row->password != !shown ||
		    (shown && !str_starts(shown + strlen("Proxy-Authorization: "), row->password)))
			fail_msg("row %zu: %s", i, b.s.seen);
		for (size_t k = 0; k < COUNT_OF(row->set) && row->set[k]; k += 2)
			unsetenv(row->set[k]);
		tear_down(&b);
	}
}

/* The cap is exact, with the length said beforehand and without. */
static void test_cap(void **state)
{
	struct bench b;

	(void)state;
	set_up(&b);
	answers(&b, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789X");
	b.x.max_bytes = 10;
	submit(&b, "GET", "http");
	finish(&b);
	expect_failure(&b, TRANSPORT_LOST, ERR_LIMIT, "longer than");
	forget(&b);
	answers(&b, "HTTP/1.1 200 OK\r\n\r\n0123456789X");
	b.s.hang_up = true;
	b.x.max_bytes = 10;
	submit(&b, "GET", "http");
	finish(&b);
	expect_failure(&b, TRANSPORT_LOST, ERR_LIMIT, "longer than");
	forget(&b);
	b.x.max_bytes = 11;
	submit(&b, "GET", "http");
	finish(&b);
	assert_int_equal(b.x.result, TRANSPORT_ANSWERED);
	assert_int_equal(b.x.answer_body.len, 11);
	tear_down(&b);
}

static void test_gzip(void **state)
{
	/* "{}" and its checksum. */
	static const char packed[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
		"Content-Length: 22\r\n\r\n"
		"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0C\xbf\xa6\xa3\x02\0\0\0";
	struct bench b;

	(void)state;
	set_up(&b);
	b.s.answer = packed;
	b.s.answer_len = sizeof(packed) - 1;
	submit(&b, "GET", "http");
	finish(&b);
	assert_int_equal(b.x.result, TRANSPORT_ANSWERED);
	assert_string_equal(str_text(&b.x.answer_body), "{}");
	tear_down(&b);
}

static void test_no_tls(void **state)
{
	struct bench b;

	(void)state;
	set_up(&b);
	/* A server that does not speak TLS gets no request. */
	answers(&b, WELL);
	b.s.deaf = b.s.hang_up = true;
	submit(&b, "GET", "https");
	finish(&b);
	assert_int_equal(b.x.result, TRANSPORT_NOT_SENT);
	assert_int_equal(b.x.err.kind, ERR_NET);
	assert_int_equal(b.s.requests, 0);
	tear_down(&b);
}

/* Everything may end while an exchange is under way. */
static void test_end_in_flight(void **state)
{
	struct bench b;

	(void)state;
	set_up(&b);
	submit(&b, "GET", "http");
	while (!b.s.requests)
		assert_true(loop_run_once(b.s.loop, 1000));
	tear_down(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exchange),
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_no_proxy_on_loopback),
		cmocka_unit_test(test_nothing_from_home),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_cap),
		cmocka_unit_test(test_gzip),
		cmocka_unit_test(test_no_tls),
		cmocka_unit_test(test_end_in_flight),
	};

	static const char *const proxies[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
					       "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY" };

	for (size_t i = 0; i < COUNT_OF(proxies); i++)
		unsetenv(proxies[i]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
