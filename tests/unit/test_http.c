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
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graph/base/mem.h"
#include "graph/http.h"

/* A server on loopback, a process for each connection; it speaks plain http,
 * which the transport allows there. */
static unsigned port;
static pid_t server;
static volatile int *deaths;	/* requests for /die, shared with the children */

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		_exit(0);
}

static void say_piece(int fd, const char *bytes, size_t n)
{
	char head[32];

	snprintf(head, sizeof(head), "%zx\r\n", n);
	say(fd, head);
	if (write(fd, bytes, n) < 0)
		_exit(0);
	say(fd, "\r\n");
}

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"

/* Twenty megabytes of zeros in twenty kilobytes. */
static void say_bomb(int fd)
{
	FILE *f = popen("head -c 20000000 /dev/zero | gzip -c", "r");
	char bytes[4096];
	size_t n;

	say(fd, CHUNKED "Content-Encoding: gzip\r\n\r\n");
	while (f && (n = fread(bytes, 1, sizeof(bytes), f)) > 0)
		say_piece(fd, bytes, n);
	say(fd, "0\r\n\r\n");
	if (f)
		pclose(f);
}

static void answer(int fd, const char *request)
{
	static const char much[4096] = "x";

	if (strstr(request, " /die")) {
		++*deaths;
		_exit(0);
	}
	if (strstr(request, " /never"))
		pause();
	if (strstr(request, " /moved")) {
		say(fd, "HTTP/1.1 302 Found\r\nLocation: /hello\r\nContent-Length: 0\r\n\r\n");
	} else if (strstr(request, " /endless")) {
		say(fd, CHUNKED "\r\n");
		for (;;)
			say_piece(fd, much, sizeof(much));
	} else if (strstr(request, " /bomb")) {
		say_bomb(fd);
	} else if (strstr(request, " /headers")) {
		say(fd, "HTTP/1.1 200 OK\r\n");
		for (int i = 0; i < 2000; i++)
			say(fd, "X-Long: 01234567890123456789012345678901234567890123456789\r\n");
		say(fd, "Content-Length: 0\r\n\r\n");
	} else if (strstr(request, " /cut")) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
		_exit(0);
	} else {
		bool signed_in = strstr(request, "Authorization: Bearer abc\r\n") != NULL;

		say(fd, "HTTP/1.1 200 OK\r\nX-Twice:  a b \r\nx-twice: c\r\n"
			"Set-Cookie: a=b\r\nContent-Length: 5\r\n\r\n");
		say(fd, strstr(request, "Cookie:") ? "cooky" : signed_in ? "hello" : "who's");
	}
}

static void serve_connection(int fd)
{
	char request[4096];
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, request + n, sizeof(request) - 1 - n)) > 0) {
		n += (size_t)got;
		request[n] = '\0';
		if (!strstr(request, "\r\n\r\n"))
			continue;
		answer(fd, request);
		n = 0;
	}
	_exit(0);
}

static int start_server(void **state)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	deaths = mmap(NULL, sizeof(*deaths), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (listener < 0 || deaths == MAP_FAILED || bind(listener, (struct sockaddr *)&a, len) < 0 ||
	    listen(listener, 16) < 0 || getsockname(listener, (struct sockaddr *)&a, &len) < 0)
		return -1;
	port = ntohs(a.sin_port);
	server = fork();
	if (server == 0) {
		setpgid(0, 0);
		signal(SIGCHLD, SIG_IGN);
		for (;;) {
			int fd = accept(listener, NULL, NULL);

			if (fd >= 0 && fork() == 0) {
				close(listener);
				serve_connection(fd);
			}
			close(fd);
		}
	}
	setpgid(server, server);
	close(listener);
	return server < 0 ? -1 : 0;
}

static int stop_server(void **state)
{
	(void)state;
	kill(-server, SIGKILL);
	waitpid(server, NULL, 0);
	return 0;
}

static struct loop *loop;
static struct transport *transport;

static void open_transport(void)
{
	struct http_options options = { 0 };
	struct err err = ERR_INIT;

	loop = loop_new(&err);
	transport = http_transport_new(loop, &options, &err);
	assert_non_null(transport);
}

static void close_transport(void)
{
	transport->ops->free(transport);
	loop_free(loop);
}

static void set_true(struct exchange *x, void *ctx)
{
	(void)x;
	*(bool *)ctx = true;
}

/* One exchange with path (or a whole URL), from start to end. */
static struct exchange fetch(const char *method, const char *path, size_t max, int timeout_ms)
{
	struct exchange x = { .method = method, .max_bytes = max, .timeout_ms = timeout_ms };
	bool done = false;

	x.url = *path == '/' ? xasprintf("http://127.0.0.1:%u%s", port, path) : xstrdup(path);
	x.done = set_true;
	x.ctx = &done;
	headers_add(&x.headers, "Authorization", "Bearer abc");
	transport->ops->submit(transport, &x);
	assert_false(done);
	loop_run_until(loop, &done);
	assert_true(done);
	return x;
}

static const struct {
	const char *path;
	size_t max;
	int timeout_ms;
	enum transport_result result;
	int status;
	enum err_kind kind;
	const char *says;	/* part of the message */
} cases[] = {
	{ "/hello", 0, 0, TRANSPORT_ANSWERED, 200, ERR_NONE, "" },
	{ "/moved", 0, 0, TRANSPORT_ANSWERED, 302, ERR_NONE, "" },
	{ "/endless", 100000, 0, TRANSPORT_LOST, 0, ERR_LIMIT, "longer" },
	{ "/bomb", 1 << 20, 0, TRANSPORT_LOST, 0, ERR_LIMIT, "longer" },
	{ "/headers", 0, 0, TRANSPORT_LOST, 0, ERR_LIMIT, "longer" },
	{ "/cut", 0, 0, TRANSPORT_LOST, 0, ERR_NET, "broke" },
	{ "/die", 0, 0, TRANSPORT_LOST, 0, ERR_NET, "broke" },
	{ "/never", 0, 300, TRANSPORT_LOST, 0, ERR_NET, "in time" },
	{ "http://127.0.0.1:1/", 0, 0, TRANSPORT_NOT_SENT, 0, ERR_NET, "no connection" },
	{ "http://192.0.2.1/", 0, 300, TRANSPORT_NOT_SENT, 0, ERR_INVALID, "https" },
	{ "http://localhost.example/", 0, 300, TRANSPORT_NOT_SENT, 0, ERR_INVALID, "https" },
	{ "http://169.254.169.254:80@127.0.0.1:1/", 0, 300, TRANSPORT_NOT_SENT, 0, ERR_INVALID,
	  "https" },
	{ "file:///etc/passwd", 0, 300, TRANSPORT_NOT_SENT, 0, ERR_INVALID, "https" },
	{ "https://nobody.invalid/", 0, 5000, TRANSPORT_NOT_SENT, 0, ERR_NET, "cannot be found" },
};

static void every_end_is_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct exchange x;

		open_transport();
		x = fetch("GET", cases[i].path, cases[i].max, cases[i].timeout_ms);
		if (x.result != cases[i].result || x.err.kind != cases[i].kind ||
		    (x.result == TRANSPORT_ANSWERED && x.status != cases[i].status) ||
		    !strstr(x.err.msg, cases[i].says))
			fail_msg("%s: result %d, status %d, %s: %s", cases[i].path, (int)x.result,
				 x.status, err_kind_name(x.err.kind), x.err.msg);
		if (x.err.kind != ERR_NONE)
			assert_true(*x.err.todo);
		if (cases[i].max)
			assert_true(x.answer_body.len <= cases[i].max);
		exchange_release(&x);
		close_transport();
	}
}

static void an_answer_comes_whole(void **state)
{
	struct exchange x;

	(void)state;
	open_transport();
	x = fetch("GET", "/hello", 0, 0);
	assert_string_equal(str_text(&x.answer_body), "hello");
	assert_string_equal(headers_get(&x.answer_headers, "X-TWICE"), "a b");
	exchange_release(&x);
	/* The cookie that came is not sent back. */
	x = fetch("GET", "/hello", 0, 0);
	assert_string_equal(str_text(&x.answer_body), "hello");
	exchange_release(&x);
	close_transport();
}

/* libcurl sends again by itself when a reused connection dies; a write must
 * not go out twice. */
static void a_write_goes_out_once(void **state)
{
	struct exchange x;
	int before;

	(void)state;
	open_transport();
	x = fetch("GET", "/hello", 0, 0);
	exchange_release(&x);
	before = *deaths;
	x = fetch("POST", "/die", 0, 0);
	assert_int_equal(x.result, TRANSPORT_LOST);
	assert_int_equal(*deaths - before, 1);
	exchange_release(&x);
	close_transport();
}

static void cancel_ends_from_the_loop(void **state)
{
	struct exchange x = { .method = "GET", .done = set_true };
	bool done = false;

	(void)state;
	open_transport();
	x.url = xasprintf("http://127.0.0.1:%u/never", port);
	x.ctx = &done;
	transport->ops->submit(transport, &x);
	loop_run_once(loop, 20);
	transport->ops->cancel(transport, &x);
	assert_false(done);
	loop_run_until(loop, &done);
	assert_int_equal(x.result, TRANSPORT_CANCELLED);
	exchange_release(&x);
	close_transport();
}

static void a_line_break_in_a_header_is_refused(void **state)
{
	struct exchange x = { .method = "GET", .done = set_true };
	bool done = false;

	(void)state;
	open_transport();
	x.url = xasprintf("http://127.0.0.1:%u/hello", port);
	x.ctx = &done;
	headers_add(&x.headers, "Authorization", "Bearer abc\r\nX-Evil: 1");
	transport->ops->submit(transport, &x);
	loop_run_until(loop, &done);
	assert_int_equal(x.result, TRANSPORT_NOT_SENT);
	exchange_release(&x);
	close_transport();
}

static void a_ca_file_must_hold_certificates(void **state)
{
	static const struct {
		const char *text;	/* NULL: there is no file */
		enum err_kind kind;
		const char *says;
	} rows[] = {
		{ NULL, ERR_IO, "the file of trusted authorities" },
		{ "", ERR_INVALID, "holds no certificate" },
		{ "Not PEM at all.\n", ERR_INVALID, "holds no certificate" },
		{ "-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n", ERR_INVALID,
		  "holds no certificate" },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", ERR_INVALID,
		  "a certificate in it does not read" },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n", ERR_INVALID,
		  "a certificate in it does not read" },
	};
	static const char *const variables[] = { NULL, "CURL_CA_BUNDLE", "SSL_CERT_FILE" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows) * COUNT_OF(variables); i++) {
		char path[] = "/tmp/ca-XXXXXX";
		const char *variable = variables[i / COUNT_OF(rows)];
		const char *text = rows[i % COUNT_OF(rows)].text;
		struct http_options options = { .ca_file = variable ? NULL : path };
		struct err err = ERR_INIT;
		int fd = mkstemp(path);

		assert_true(fd >= 0);
		if (text)
			assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
		else
			unlink(path);
		close(fd);
		if (variable)
			setenv(variable, path, 1);
		loop = loop_new(&err);
		assert_null(http_transport_new(loop, &options, &err));
		if (err.kind != rows[i % COUNT_OF(rows)].kind ||
		    !strstr(err.msg, rows[i % COUNT_OF(rows)].says) || !strstr(err.msg, path))
			fail_msg("%zu: %s", i, err.msg);
		if (variable)
			unsetenv(variable);
		loop_free(loop);
		unlink(path);
	}
}

static void tls_keys_are_never_written(void **state)
{
	(void)state;
	setenv("SSLKEYLOGFILE", "/dev/null", 1);
	open_transport();
	assert_null(getenv("SSLKEYLOGFILE"));
	close_transport();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_end_is_told_apart),
		cmocka_unit_test(an_answer_comes_whole),
		cmocka_unit_test(a_write_goes_out_once),
		cmocka_unit_test(cancel_ends_from_the_loop),
		cmocka_unit_test(a_line_break_in_a_header_is_refused),
		cmocka_unit_test(a_ca_file_must_hold_certificates),
		cmocka_unit_test(tls_keys_are_never_written),
	};

	unsetenv("CURL_CA_BUNDLE");
	unsetenv("SSL_CERT_FILE");
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
