#include "graph/sign_in/redirect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/secret.h"
#include "graph/base/str.h"
#include "graph/url.h"

/* Caps and patience of facts sign-in-and-transport.md 2.3. */
#define HEAD_MAX ((size_t)8 << 10)
#define BODY_MAX ((size_t)64 << 10)
#define VISITORS 8
#define VISIT_MS 10000

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0	/* then SIGPIPE is ignored, as main does */
#endif

/* One connection: whoever it is, a browser or a port scanner. */
struct visitor {
	struct redirect *of;
	int fd;			/* -1: free place */
	struct str in;
	struct loop_timer timer;
};

struct redirect {
	struct loop *loop;
	int fd;
	unsigned port;
	char *state;
	void (*done)(void *ctx, const struct redirect_answer *a);
	void *ctx;
	struct visitor visitors[VISITORS];
};

struct request {
	const char *method, *path, *body;
	size_t method_len, path_len, body_len;
	const char *head, *head_end;
};

struct form {
	char *state, *code, *error, *description;
	unsigned states;
};

static void leave(struct visitor *v)
{
	if (v->fd < 0)
		return;
	if (v->timer.running)
		loop_timer_stop(v->of->loop, &v->timer);
	loop_unwatch(v->of->loop, v->fd);
	close(v->fd);
	v->fd = -1;
	if (v->in.buf)
		secret_wipe(v->in.buf, v->in.cap);
	str_release(&v->in);
}

static void answer(struct visitor *v, const char *status, const char *title, const char *text)
{
	struct str page = { 0 }, out = { 0 };
	ssize_t sent;

	str_addf(&page, "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
		 "<title>%s</title><h1>%s</h1><p>%s</p></html>\n", title, title, text);
	str_addf(&out, "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n"
		 "Content-Length: %zu\r\nContent-Security-Policy: default-src 'none'\r\n"
		 "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
		 "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n%s", status,
		 page.len, str_text(&page));
	/* Less than any socket's buffer: it goes out whole, or nobody listens. */
	sent = send(v->fd, out.buf, out.len, MSG_NOSIGNAL);
	(void)sent;
	shutdown(v->fd, SHUT_WR);
	str_release(&page);
	str_release(&out);
}

static void refuse(struct visitor *v, const char *status)
{
	answer(v, status, "Nothing here", "This address only waits for a sign-in.");
	leave(v);
}

/* The value of a header inside the head; NULL when it is not there. */
static const char *header(const struct request *r, const char *name, size_t *ret_len)
{
	size_t n = strlen(name);

	for (const char *line = r->head; line < r->head_end;) {
		const char *end = strstr(line, "\r\n"), *value;

		if (!end || end > r->head_end)
			end = r->head_end;
		if ((size_t)(end - line) > n && line[n] == ':') {
			char *key = xstrndup(line, n);
			bool found = str_same_nocase(key, name);

			free(key);
			value = line + n + 1 + strspn(line + n + 1, " \t");
			if (found && value <= end) {
				*ret_len = (size_t)(end - value);
				return value;
			}
		}
		line = end + 2;
	}
	return NULL;
}

static bool header_is(const struct request *r, const char *name, const char *value)
{
	size_t n;
	const char *found = header(r, name, &n);

	return found && n == strlen(value) && memcmp(found, value, n) == 0;
}

/* 1: whole; 0: more has to come; -1: no request that we take. */
static int parse(const struct str *in, struct request *r)
{
	const char *text = str_text(in), *end = strstr(text, "\r\n\r\n");
	const char *line_end = strstr(text, "\r\n"), *space, *length;
	size_t n, len = 0;

	if (strlen(text) != in->len)
		return -1;
	if (!end)
		return in->len > HEAD_MAX ? -1 : 0;
	if ((size_t)(end - text) > HEAD_MAX || !(space = memchr(text, ' ', (size_t)(line_end - text))))
		return -1;
	*r = (struct request){ .method = text, .method_len = (size_t)(space - text),
			       .path = space + 1, .head = line_end + 2, .head_end = end,
			       .body = end + 4 };
	space = memchr(r->path, ' ', (size_t)(line_end - r->path));
	if (!space || strncmp(space, " HTTP/1.", 8) != 0)
		return -1;
	r->path_len = (size_t)(space - r->path);
	length = header(r, "Content-Length", &n);
	for (size_t i = 0; length && i < n; i++) {
		if (length[i] < '0' || length[i] > '9' || len > BODY_MAX)
			return -1;
		len = len * 10 + (size_t)(length[i] - '0');
	}
	if (len > BODY_MAX)
		return -1;
	r->body_len = len;
	return in->len - (size_t)(r->body - text) >= len;
}

static void take_pair(struct form *f, const char *name, char *value)
{
	char **to = str_same(name, "code") ? &f->code : str_same(name, "error") ? &f->error :
		    str_same(name, "error_description") ? &f->description :
		    str_same(name, "state") ? &f->state : NULL;

	if (to == &f->state)
		f->states++;
	if (to && !*to) {
		*to = value;
		return;
	}
	secret_wipe(value, strlen(value));
	free(value);
}

static void take_form(const struct request *r, struct form *f)
{
	const char *p = r->body, *end = p + r->body_len;

	while (p < end) {
		const char *amp = memchr(p, '&', (size_t)(end - p)), *stop = amp ? amp : end;
		const char *eq = memchr(p, '=', (size_t)(stop - p));
		char *name = eq ? url_decode(p, (size_t)(eq - p), true) : NULL;
		char *value = eq ? url_decode(eq + 1, (size_t)(stop - eq - 1), true) : NULL;

		if (name && value)
			take_pair(f, name, value);
		else
			free(value);
		free(name);
		p = stop + 1;
	}
}

static void form_release(struct form *f)
{
	if (f->code)
		secret_wipe(f->code, strlen(f->code));
	free(f->code);
	free(f->state);
	free(f->error);
	free(f->description);
}

/* Exactly one state, and the one that was sent. */
static bool is_ours(const struct redirect *r, const struct form *f)
{
	size_t n = strlen(r->state);

	return f->states == 1 && strlen(f->state) == n &&
	       CRYPTO_memcmp(f->state, r->state, n) == 0 && (f->code || f->error);
}

static void settle(struct visitor *v, const struct request *req)
{
	struct redirect *r = v->of;
	struct form f = { .states = 0 };
	struct redirect_answer a;

	take_form(req, &f);
	if (!is_ours(r, &f)) {
		refuse(v, "400 Bad Request");
		form_release(&f);
		return;
	}
	a = (struct redirect_answer){ f.error ? NULL : f.code, f.error, f.description };
	if (f.error)
		answer(v, "200 OK", "Not signed in", "The terminal says why. You can close this "
		       "window.");
	else
		answer(v, "200 OK", "Signed in", "Go on in the terminal. You can close this "
		       "window.");
	leave(v);
	r->done(r->ctx, &a);	/* may have closed the redirect */
	form_release(&f);
}

static bool is_form(const struct request *r)
{
	static const char type[] = "application/x-www-form-urlencoded";
	size_t n;
	const char *found = header(r, "Content-Type", &n);

	return found && n >= sizeof(type) - 1 && strncmp(found, type, sizeof(type) - 1) == 0;
}

/* A name that points to us is still not us: DNS rebinding. */
static bool is_our_host(const struct redirect *r, const struct request *req)
{
	char name[32], number[32];

	snprintf(name, sizeof(name), "localhost:%u", r->port);
	snprintf(number, sizeof(number), "127.0.0.1:%u", r->port);
	return header_is(req, "Host", name) || header_is(req, "Host", number);
}

static void handle(struct visitor *v, const struct request *r)
{
	bool post = r->method_len == 4 && memcmp(r->method, "POST", 4) == 0;
	bool get = r->method_len == 3 && memcmp(r->method, "GET", 3) == 0;

	if (!is_our_host(v->of, r))
		refuse(v, "400 Bad Request");
	else if (!post && !get)
		refuse(v, "405 Method Not Allowed");
	else if (get || r->path_len != 1 || *r->path != '/')
		refuse(v, "404 Not Found");
	else if (!is_form(r))
		refuse(v, "415 Unsupported Media Type");
	else
		settle(v, r);
}

static void on_bytes(void *ctx, int fd)
{
	struct visitor *v = ctx;
	struct request r;
	char bytes[4096];
	ssize_t n = read(fd, bytes, sizeof(bytes));
	int whole;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		leave(v);
		return;
	}
	str_add_bytes(&v->in, bytes, (size_t)n);
	secret_wipe(bytes, (size_t)n);
	whole = v->in.overflow ? -1 : parse(&v->in, &r);
	if (whole < 0)
		refuse(v, "400 Bad Request");
	else if (whole)
		handle(v, &r);
}

static void too_slow(void *ctx)
{
	leave(ctx);
}

static void on_visit(void *ctx, int listener)
{
	struct redirect *r = ctx;
	int fd = accept(listener, NULL, NULL);
	struct visitor *v = NULL;

	if (fd < 0)
		return;
	for (size_t i = 0; i < VISITORS && !v; i++)
		if (r->visitors[i].fd < 0)
			v = &r->visitors[i];
	if (!v || file_nonblocking(fd) < 0) {
		close(fd);
		return;
	}
	v->fd = fd;
	v->in.max = HEAD_MAX + BODY_MAX;
	loop_watch(r->loop, fd, on_bytes, v);
	loop_timer_start(r->loop, &v->timer, VISIT_MS, too_slow, v);
}

static int listen_on_loopback(struct redirect *r)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);

	r->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (r->fd < 0 || file_nonblocking(r->fd) < 0 ||
	    bind(r->fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(r->fd, VISITORS) < 0 ||
	    getsockname(r->fd, (struct sockaddr *)&at, &n) < 0)
		return -1;
	r->port = ntohs(at.sin_port);
	return 0;
}

struct redirect *redirect_open(struct loop *l, const char *state,
			       void (*done)(void *ctx, const struct redirect_answer *a),
			       void *ctx, struct err *err)
{
	struct redirect *r = xcalloc(1, sizeof(*r));

	r->loop = l;
	r->done = done;
	r->ctx = ctx;
	for (size_t i = 0; i < VISITORS; i++) {
		r->visitors[i].of = r;
		r->visitors[i].fd = -1;
	}
	if (listen_on_loopback(r) < 0) {
		err_set(err, ERR_IO, errno, "cannot wait for the browser on 127.0.0.1: %s",
			strerror(errno));
		err_todo(err, "Sign in with --auth device.");
		if (r->fd >= 0)
			close(r->fd);
		free(r);
		return NULL;
	}
	r->state = xstrdup(state);
	loop_watch(l, r->fd, on_visit, r);
	return r;
}

unsigned redirect_port(const struct redirect *r)
{
	return r->port;
}

void redirect_close(struct redirect *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < VISITORS; i++)
		leave(&r->visitors[i]);
	loop_unwatch(r->loop, r->fd);
	close(r->fd);
	free(r->state);
	free(r);
}
