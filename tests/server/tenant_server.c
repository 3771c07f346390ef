/*
 * Serves the simulated tenant over HTTPS on the loopback address, so that the
 * built program can be run against it through libcurl: one thread, one
 * select(), no request handled before the one before it. Ends on SIGTERM or
 * when its standard input is closed, and then saves the tenant's state.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/tenant/tenant.h"
#include "tests/server/trouble.h"

#define BODY_MAX (4u << 20)
#define PEM_MAX 65536
#define PACK_MIN 1000	/* bytes of an answer that are worth packing */

struct options {
	const char *scenario, *state, *record, *events, *cert, *key;
	const char *tls;	/* what GnuTLS may speak; NULL = its default */
	size_t users;
	unsigned port;
	int latency_ms;
	int speed;		/* how fast the tenant's time goes, 1 = as ours */
	int clock_ahead_s;	/* of the tenant's clock */
	int token_life_s;	/* 0 = as the tenant has it */
	bool unthrottled;
	bool reset;		/* a lost connection is reset, not closed */
	bool ipv6;
	struct fault faults[FAULTS_MAX];
	size_t nfaults;
	struct spoil spoil;
};

/* One request, from its first line until its answer is sent. */
struct request {
	char *uri;		/* as sent: escaped, with its query */
	struct headers headers;
	struct str body;
	struct tenant_response response;
	struct MHD_Connection *connection;
	const char *trouble;	/* that it met, "-" for none */
	int64_t due_ms;		/* when the answer is given, real monotonic time */
	bool handled, suspended;
	struct request *next;
};

struct server {
	struct tenant *tenant;
	struct MHD_Daemon *daemon;
	struct options options;
	struct request *requests;
	unsigned connections;	/* ever */
	FILE *events;
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
	const struct options *o = &s->options;

	if (o->speed > 1 || o->clock_ahead_s)
		clock_set_virtual(s->started_wall_ms + (int64_t)o->clock_ahead_s * 1000 +
				  (real_ms() - s->started_mono_ms) * o->speed);
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

/* Numbers the connections, so that a request can say which one it came by. */
static void connection_changes(void *ctx, struct MHD_Connection *connection, void **number,
			       enum MHD_ConnectionNotificationCode what)
{
	struct server *s = ctx;

	(void)connection;
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		*number = (void *)(uintptr_t)++s->connections;
}

/* One line a request: connection, method, URL, status, bytes sent, how packed,
 * the trouble that was made, and the milliseconds since the start. */
static void note_event(const struct server *s, const struct request *r, const char *method,
		       size_t bytes, bool packed)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	if (!s->events)
		return;
	fprintf(s->events, "%u %s %s %d %zu %s %s %lld\n",
		(unsigned)(uintptr_t)(info ? info->socket_context : NULL), method, r->uri,
		r->response.status, bytes, packed ? "gzip" : "plain", r->trouble,
		(long long)(real_ms() - s->started_mono_ms));
	fflush(s->events);
}

/* The connection ends without an answer; with --reset as a machine ends it that
 * knows nothing of it any more. */
static enum MHD_Result lose(const struct server *s, const struct request *r)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct linger hard = { .l_onoff = 1 };
	int null;

	if (!s->options.reset || !info || (null = open("/dev/null", O_RDWR)) < 0)
		return MHD_NO;
	/* Closed behind the back of the library, which would say goodbye first. */
	setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	dup2(null, info->connect_fd);
	close(null);
	return MHD_NO;
}

static void add_http_date(struct MHD_Response *to, const char *name, int64_t ms)
{
	time_t at = (time_t)(ms / 1000);
	struct tm tm;
	char text[64];

	/* This program never sets a locale, so that the names are English. */
	if (gmtime_r(&at, &tm) && strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm))
		MHD_add_response_header(to, name, text);
}

/* The clock of the tenant as it would go without --speed. */
static int64_t shown_time(const struct server *s)
{
	return s->started_wall_ms + real_ms() - s->started_mono_ms +
	       (int64_t)s->options.clock_ahead_s * 1000;
}

static void add_headers(const struct server *s, const struct headers *h, struct MHD_Response *to)
{
	for (size_t i = 0; i < h->n; i++) {
		const char *name = h->v[i].name, *value = h->v[i].value;

		if (str_same_nocase(name, "Date"))
			add_http_date(to, name, shown_time(s));
		else if (str_same_nocase(name, "Retry-After") && str_starts(value, "date:"))
			add_http_date(to, name, shown_time(s) + strtol(value + 5, NULL, 10) * 1000);
		else if (!str_same_nocase(name, "Content-Length"))
			MHD_add_response_header(to, name, value);
	}
}

static enum MHD_Result answer(const struct server *s, struct request *r, const char *method)
{
	struct tenant_response *from = &r->response;
	const char *accepted = headers_get(&r->headers, "Accept-Encoding");
	bool packed = from->body.len >= PACK_MIN && accepted && strstr(accepted, "gzip") &&
		      !str_same(r->trouble, "huge");
	struct str small = { .max = BODY_MAX };
	const struct str *body = packed ? &small : &from->body;
	struct MHD_Response *to;
	enum MHD_Result result;

	if (packed)
		pack(&from->body, &small);
	note_event(s, r, method, body->len, packed);
	if (from->status == 0)
		return lose(s, r);
	to = MHD_create_response_from_buffer(body->len, (void *)(uintptr_t)str_text(body),
					     MHD_RESPMEM_MUST_COPY);
	str_release(&small);
	add_headers(s, &from->headers, to);
	if (packed)
		MHD_add_response_header(to, "Content-Encoding", "gzip");
	result = MHD_queue_response(r->connection, (unsigned)from->status, to);
	MHD_destroy_response(to);
	return result;
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
	str_release(&url);
	r->trouble = r->response.fault ? fault_names[r->response.fault->kind] : "-";
	if (spoil_wanted(&s->options.spoil, method, r->uri)) {
		spoil(&s->options.spoil, r->uri, host ? host : "localhost", &r->response.body);
		r->trouble = s->options.spoil.kind;
	}
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
	return answer(s, r, method);
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
	struct sockaddr_in ipv4 = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)s->options.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct sockaddr_in6 ipv6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)s->options.port),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	void *address = s->options.ipv6 ? (void *)&ipv6 : (void *)&ipv4;

	if (file_read(s->options.cert, PEM_MAX, &cert, err) < 0 ||
	    file_read(s->options.key, PEM_MAX, &key, err) < 0)
		return -1;
	s->daemon = MHD_start_daemon(MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME |
				     (s->options.ipv6 ? MHD_USE_IPv6 : 0), 0, NULL, NULL,
				     on_request, s,
				     MHD_OPTION_SOCK_ADDR, (struct sockaddr *)address,
				     MHD_OPTION_HTTPS_MEM_CERT, str_text(&cert),
				     MHD_OPTION_HTTPS_MEM_KEY, str_text(&key),
				     MHD_OPTION_URI_LOG_CALLBACK, request_begins, s,
				     MHD_OPTION_NOTIFY_COMPLETED, request_ends, s,
				     MHD_OPTION_NOTIFY_CONNECTION, connection_changes, s,
				     MHD_OPTION_HTTPS_PRIORITIES,
				     s->options.tls ? s->options.tls : "NORMAL",
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
	if (o->token_life_s)
		tenant_set_token_life(s->tenant, o->token_life_s);
	if (o->events && !(s->events = fopen(o->events, "a")))
		return err_set(err, ERR_IO, errno, "cannot open %s", o->events);
	return o->record ? tenant_record_to(s->tenant, o->record, err) : 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: tenant_server --cert FILE --key FILE [--scenario NAME] [--users N]\n"
			"       [--state FILE] [--record FILE] [--port N] [--latency MS] [--speed N]\n"
			"       [--no-throttling] [--fault KIND[,NAME=VALUE...]]... [--reset]\n"
			"       [--events FILE] [--token-life S] [--clock-ahead S] [--ipv6]\n"
			"       [--tls PRIORITIES] [--spoil huge|bomb|deep|not-json|link\n"
			"       --spoil-path PATH [--spoil-method METHOD] [--spoil-link URL]]\n");
	return 2;
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
		{ "spoil-link", required_argument, NULL, 'L' },
		{ "spoil-method", required_argument, NULL, 'M' },
		{ "reset", no_argument, NULL, 'R' },
		{ "events", required_argument, NULL, 'e' },
		{ "token-life", required_argument, NULL, 't' },
		{ "clock-ahead", required_argument, NULL, 'a' },
		{ "ipv6", no_argument, NULL, '6' },
		{ "tls", required_argument, NULL, 'T' },
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
			if (o->nfaults == FAULTS_MAX || !take_fault(&o->faults[o->nfaults++], optarg))
				return false;
			break;
		case 'S': o->spoil.kind = optarg; break;
		case 'P': o->spoil.path = optarg; break;
		case 'L': o->spoil.link = optarg; break;
		case 'M': o->spoil.method = optarg; break;
		case 'R': o->reset = true; break;
		case 'e': o->events = optarg; break;
		case 't': o->token_life_s = (int)strtol(optarg, NULL, 10); break;
		case 'a': o->clock_ahead_s = (int)strtol(optarg, NULL, 10); break;
		case '6': o->ipv6 = true; break;
		case 'T': o->tls = optarg; break;
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
	if (s.events)
		fclose(s.events);
	if (err.kind != ERR_NONE) {
		fprintf(stderr, "tenant_server: %s\n", err.msg);
		status = 1;
	}
	return status;
}
