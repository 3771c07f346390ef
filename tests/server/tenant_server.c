/*
 * Serves the simulated tenant over HTTPS on the loopback address, so that the
 * built program can be run against it through libcurl: one thread, one
 * select(), no request handled before the one before it. Ends on SIGTERM or
 * when its standard input is closed, and then saves the tenant's state.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/tenant/tenant.h"

#define BODY_MAX (4u << 20)
#define PEM_MAX 65536
#define FAULTS_MAX 8
#define HUGE_BODY (50u << 20)

struct options {
	const char *scenario, *state, *record, *cert, *key;
	size_t users;
	unsigned port;
	int latency_ms;
	int speed;		/* how fast the tenant's time goes, 1 = as ours */
	bool unthrottled;
	struct fault faults[FAULTS_MAX];
	size_t nfaults;
	/* What the simulated tenant would never answer: see spoil(). */
	const char *spoil, *spoil_path;
};

/* One request, from its first line until its answer is sent. */
struct request {
	char *uri;		/* as sent: escaped, with its query */
	struct headers headers;
	struct str body;
	struct tenant_response response;
	struct MHD_Connection *connection;
	int64_t due_ms;		/* when the answer is given, real monotonic time */
	bool handled, suspended;
	struct request *next;
};

struct server {
	struct tenant *tenant;
	struct MHD_Daemon *daemon;
	struct options options;
	struct request *requests;
	int64_t started_mono_ms, started_wall_ms;
};

static int stop_pipe[2];

static void on_signal(int signo)
{
	int saved = errno;

	if (write(stop_pipe[1], "x", 1) < 0)
		errno = saved;
	errno = saved;
	(void)signo;
}

/* Real time in milliseconds; the program's own clock may run faster here. */
static int64_t real_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* With --speed the lag of the directory passes in less of a tester's time. */
static void set_clock(const struct server *s)
{
	if (s->options.speed > 1)
		clock_set_virtual(s->started_wall_ms +
				  (real_ms() - s->started_mono_ms) * s->options.speed);
}

static void *request_begins(void *ctx, const char *uri, struct MHD_Connection *connection)
{
	struct server *s = ctx;
	struct request *r = xcalloc(1, sizeof(*r));

	r->uri = xstrdup(uri);
	r->connection = connection;
	r->next = s->requests;
	s->requests = r;
	return r;
}

static void request_ends(void *ctx, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode how)
{
	struct server *s = ctx;
	struct request *r = *state;

	(void)connection;
	(void)how;
	*state = NULL;
	for (struct request **at = &s->requests; r && *at; at = &(*at)->next) {
		if (*at == r) {
			*at = r->next;
			break;
		}
	}
	if (!r)
		return;
	free(r->uri);
	headers_release(&r->headers);
	str_release(&r->body);
	tenant_response_release(&r->response);
	free(r);
}

static enum MHD_Result take_header(void *ctx, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	(void)kind;
	headers_add(ctx, name, value ? value : "");
	return MHD_YES;
}

static enum MHD_Result answer(struct request *r)
{
	struct tenant_response *from = &r->response;
	struct MHD_Response *to;
	enum MHD_Result result;

	if (from->status == 0)
		return MHD_NO;	/* the connection is lost */
	to = MHD_create_response_from_buffer(from->body.len, (void *)(uintptr_t)str_text(&from->body),
					     MHD_RESPMEM_MUST_COPY);
	for (size_t i = 0; i < from->headers.n; i++)
		if (!str_same_nocase(from->headers.v[i].name, "Content-Length"))
			MHD_add_response_header(to, from->headers.v[i].name, from->headers.v[i].value);
	result = MHD_queue_response(r->connection, (unsigned)from->status, to);
	MHD_destroy_response(to);
	return result;
}

/* Changes an answer of the tenant to one that no honest service gives. */
static void spoil(const struct options *o, const struct request *r, struct str *body)
{
	const char *link = NULL;

	if (!o->spoil || !o->spoil_path || !str_starts(r->uri, o->spoil_path))
		return;
	if (str_same(o->spoil, "huge")) {
		char *spaces = xcalloc(1, HUGE_BODY);

		memset(spaces, ' ', HUGE_BODY);
		str_clear(body);
		body->max = HUGE_BODY + 1;
		str_add_bytes(body, spaces, HUGE_BODY);
		free(spaces);
	} else if (str_same(o->spoil, "foreign-link")) {
		link = "https://localhost.example/v1.0/users";
	} else if (str_same(o->spoil, "looping-link")) {
		link = r->uri;
	}
	if (link && body->len && body->buf[body->len - 1] == '}') {
		const char *host = headers_get(&r->headers, "Host");

		str_truncate(body, body->len - 1);
		str_addf(body, ",\"@odata.nextLink\":\"%s%s%s\"}", *link == '/' ? "https://" : "",
			 *link == '/' && host ? host : "", link);
	}
}

static void handle(struct server *s, struct request *r, const char *method)
{
	const char *host;
	struct str url = { 0 };

	MHD_get_connection_values(r->connection, MHD_HEADER_KIND, take_header, &r->headers);
	host = headers_get(&r->headers, "Host");
	str_addf(&url, "https://%s%s", host ? host : "localhost", r->uri);
	set_clock(s);
	tenant_handle(s->tenant,
		      &(struct tenant_request){ .method = method, .url = str_text(&url),
						.headers = &r->headers,
						.body = r->body.len ? str_text(&r->body) : NULL,
						.body_len = r->body.len },
		      &r->response);
	spoil(&s->options, r, &r->response.body);
	str_release(&url);
	r->handled = true;
	r->due_ms = real_ms() + s->options.latency_ms + r->response.delay_ms;
}

/* libmicrohttpd calls this for the header, for each piece of the body, at its
 * end, and again after a suspended connection goes on. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *path,
				  const char *method, const char *version, const char *piece,
				  size_t *size, void **state)
{
	struct server *s = ctx;
	struct request *r = *state;

	(void)path;
	(void)version;
	if (!r->body.max) {
		r->body.max = BODY_MAX;
		return MHD_YES;
	}
	if (*size) {
		bool fits = str_add_bytes(&r->body, piece, *size) == 0;

		*size = 0;
		return fits ? MHD_YES : MHD_NO;
	}
	if (!r->handled)
		handle(s, r, method);
	if (r->due_ms > real_ms()) {
		r->suspended = true;
		MHD_suspend_connection(connection);
		return MHD_YES;
	}
	return answer(r);
}

/* Lets go on what is due; returns the time until the next, or -1. */
static int64_t resume_due(struct server *s)
{
	int64_t now = real_ms(), wait = -1;

	for (struct request *r = s->requests; r; r = r->next) {
		if (!r->suspended)
			continue;
		if (r->due_ms <= now) {
			r->suspended = false;
			MHD_resume_connection(r->connection);
			wait = 0;
		} else if (wait < 0 || r->due_ms - now < wait) {
			wait = r->due_ms - now;
		}
	}
	return wait;
}

static int highest(int a, int b)
{
	return a > b ? a : b;
}

/* Serves until somebody says stop. */
static void serve(struct server *s)
{
	for (;;) {
		fd_set rd, wr, ex;
		MHD_UNSIGNED_LONG_LONG ms;
		int64_t wait = resume_due(s);
		int max = -1;
		struct timeval tv;
		char bytes[64];

		FD_ZERO(&rd);
		FD_ZERO(&wr);
		FD_ZERO(&ex);
		MHD_get_fdset(s->daemon, &rd, &wr, &ex, &max);
		FD_SET(STDIN_FILENO, &rd);
		FD_SET(stop_pipe[0], &rd);
		max = highest(max, highest(STDIN_FILENO, stop_pipe[0]));
		if (MHD_get_timeout(s->daemon, &ms) == MHD_YES && (wait < 0 || (int64_t)ms < wait))
			wait = (int64_t)ms;
		tv = (struct timeval){ .tv_sec = wait / 1000, .tv_usec = (wait % 1000) * 1000 };
		if (select(max + 1, &rd, &wr, &ex, wait < 0 ? NULL : &tv) < 0) {
			if (errno != EINTR)
				return;
			continue;
		}
		if (FD_ISSET(stop_pipe[0], &rd))
			return;
		if (FD_ISSET(STDIN_FILENO, &rd) && read(STDIN_FILENO, bytes, sizeof(bytes)) <= 0)
			return;
		MHD_run_from_select(s->daemon, &rd, &wr, &ex);
	}
}

static int start(struct server *s, struct err *err)
{
	CLEANUP(str_release) struct str cert = { 0 }, key = { 0 };
	const union MHD_DaemonInfo *info;
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)s->options.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	if (file_read(s->options.cert, PEM_MAX, &cert, err) < 0 ||
	    file_read(s->options.key, PEM_MAX, &key, err) < 0)
		return -1;
	s->daemon = MHD_start_daemon(MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
				     on_request, s,
				     MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
				     MHD_OPTION_HTTPS_MEM_CERT, str_text(&cert),
				     MHD_OPTION_HTTPS_MEM_KEY, str_text(&key),
				     MHD_OPTION_URI_LOG_CALLBACK, request_begins, s,
				     MHD_OPTION_NOTIFY_COMPLETED, request_ends, s,
				     MHD_OPTION_END);
	if (!s->daemon)
		return err_set(err, ERR_IO, errno, "cannot serve on port %u", s->options.port);
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	printf("port %u\ntenant %s\n", info->port, tenant_id(s->tenant));
	fflush(stdout);
	return 0;
}

static int open_tenant(struct server *s, struct err *err)
{
	const struct options *o = &s->options;

	s->tenant = o->state ? tenant_open(o->state, o->scenario, o->users, err)
			     : tenant_new(o->scenario, o->users, err);
	if (!s->tenant)
		return -1;
	tenant_set_throttling(s->tenant, !o->unthrottled);
	for (size_t i = 0; i < o->nfaults; i++)
		tenant_fault(s->tenant, &o->faults[i]);
	return o->record ? tenant_record_to(s->tenant, o->record, err) : 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: tenant_server --cert FILE --key FILE [--scenario NAME] [--users N]\n"
			"       [--state FILE] [--record FILE] [--port N] [--latency MS] [--speed N]\n"
			"       [--no-throttling] [--fault KIND[,NAME=VALUE...]]...\n"
			"       [--spoil huge|foreign-link|looping-link --spoil-path PATH]\n");
	return 2;
}

/*
 * A fault as text: its kind, then any of method, path, nth, times, status,
 * retry (the header Retry-After) and delay (milliseconds), as in
 * "status,path=/v1.0/organization,status=503,times=2". Cuts the text up.
 */
static bool take_fault(struct options *o, char *text)
{
	static const char *const kinds[] = {
		[FAULT_STATUS] = "status", [FAULT_THROTTLE] = "throttle",
		[FAULT_LOST_BEFORE] = "lost-before", [FAULT_LOST_AFTER] = "lost-after",
		[FAULT_HTML] = "html", [FAULT_TRUNCATED] = "truncated", [FAULT_SLOW] = "slow",
	};
	struct fault *f = &o->faults[o->nfaults];
	char *rest = NULL, *word = strtok_r(text, ",", &rest);
	size_t kind = 0;

	while (kind < COUNT_OF(kinds) && word && !str_same(kinds[kind], word))
		kind++;
	if (!word || kind == COUNT_OF(kinds) || o->nfaults == FAULTS_MAX)
		return false;
	f->kind = (enum fault_kind)kind;
	while ((word = strtok_r(NULL, ",", &rest))) {
		char *value = strchr(word, '=');

		if (!value)
			return false;
		*value++ = '\0';
		if (str_same(word, "method"))
			f->method = value;
		else if (str_same(word, "path"))
			f->path = value;
		else if (str_same(word, "retry"))
			f->retry_after = value;
		else if (str_same(word, "nth"))
			f->nth = (unsigned)strtoul(value, NULL, 10);
		else if (str_same(word, "times"))
			f->times = (unsigned)strtoul(value, NULL, 10);
		else if (str_same(word, "status"))
			f->status = (int)strtol(value, NULL, 10);
		else if (str_same(word, "delay"))
			f->delay_ms = (int)strtol(value, NULL, 10);
		else
			return false;
	}
	o->nfaults++;
	return true;
}

static bool take_options(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {
		{ "scenario", required_argument, NULL, 's' },
		{ "users", required_argument, NULL, 'u' },
		{ "state", required_argument, NULL, 'f' },
		{ "record", required_argument, NULL, 'r' },
		{ "port", required_argument, NULL, 'p' },
		{ "latency", required_argument, NULL, 'l' },
		{ "speed", required_argument, NULL, 'x' },
		{ "no-throttling", no_argument, NULL, 'n' },
		{ "fault", required_argument, NULL, 'F' },
		{ "spoil", required_argument, NULL, 'S' },
		{ "spoil-path", required_argument, NULL, 'P' },
		{ "cert", required_argument, NULL, 'c' },
		{ "key", required_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 's': o->scenario = optarg; break;
		case 'u': o->users = strtoul(optarg, NULL, 10); break;
		case 'f': o->state = optarg; break;
		case 'r': o->record = optarg; break;
		case 'p': o->port = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'l': o->latency_ms = (int)strtol(optarg, NULL, 10); break;
		case 'x': o->speed = (int)strtol(optarg, NULL, 10); break;
		case 'n': o->unthrottled = true; break;
		case 'F':
			if (!take_fault(o, optarg))
				return false;
			break;
		case 'S': o->spoil = optarg; break;
		case 'P': o->spoil_path = optarg; break;
		case 'c': o->cert = optarg; break;
		case 'k': o->key = optarg; break;
		default: return false;
		}
	}
	return optind == argc && o->cert && o->key && o->port < 65536;
}

int main(int argc, char **argv)
{
	struct server s = { .options = { .scenario = "contoso", .speed = 1 } };
	struct sigaction act = { .sa_handler = on_signal };
	struct err err = ERR_INIT;
	int status = 0;

	if (!take_options(&s.options, argc, argv))
		return usage();
	if (pipe(stop_pipe) < 0)
		return 1;
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
	s.started_mono_ms = real_ms();
	s.started_wall_ms = clock_now_ms();
	set_clock(&s);
	if (open_tenant(&s, &err) == 0 && start(&s, &err) == 0) {
		serve(&s);
		/* A connection that waits would keep the daemon from ending. */
		for (struct request *r = s.requests; r; r = r->next)
			r->due_ms = 0;
		resume_due(&s);
		MHD_stop_daemon(s.daemon);
		set_clock(&s);
		if (s.options.state)
			tenant_save(s.tenant, s.options.state, &err);
	}
	tenant_free(s.tenant);
	if (err.kind != ERR_NONE) {
		fprintf(stderr, "tenant_server: %s\n", err.msg);
		status = 1;
	}
	return status;
}
