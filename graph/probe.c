/* libcurl is used here beside http.c because a probe does what the transport must
 * never do: it looks at a certificate that is not trusted, to name its issuer. */
#include "graph/probe.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/arena.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"
#include "graph/http.h"

#define TIMEOUT_MS 8000
#define SIMULATED_MS 250	/* between two simulated answers */
#define ISSUER_MAX 300

struct probe {
	struct probes *of;
	struct probe_target target;
	struct probe_result result;
	struct loop_timer timer;	/* of a simulated answer */
	CURL *easy;			/* NULL when it is not running */
	bool distrusted;		/* the second look, at a certificate not trusted */
	int64_t started_ms;
	char detail[CURL_ERROR_SIZE];
};

struct probes {
	struct loop *loop;
	struct probes_options options;
	struct arena arena;
	struct probe v[PROBES_MAX];
	size_t n, running;
};

static void start(struct probe *p);

static const char *clean(struct probe *p, const char *text)
{
	CLEANUP(str_release) struct str out = { 0 };

	utf8_clean(&out, text, strlen(text), 0);
	return arena_strdup(&p->of->arena, str_text(&out));
}

/* What comes after "Issuer:" of the host's own certificate; OpenSSL writes spaces
 * around the equals signs, others do not: they are taken out. */
static const char *issuer_of(struct probe *p)
{
	struct curl_certinfo *chain = NULL;
	char text[ISSUER_MAX];
	size_t n = 0;

	if (curl_easy_getinfo(p->easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain ||
	    chain->num_of_certs < 1)
		return NULL;
	for (const struct curl_slist *line = chain->certinfo[0]; line; line = line->next) {
		if (!str_starts(line->data, "Issuer:"))
			continue;
		for (const char *c = line->data + 7; *c && n < sizeof(text) - 1; c++) {
			if (*c == ' ' && (c[1] == '=' || (n && text[n - 1] == '=')))
				continue;
			text[n++] = *c;
		}
		text[n] = '\0';
		return clean(p, text);
	}
	return NULL;
}

static const char *why_not(struct probe *p, CURLcode code, long proxy_status)
{
	struct arena *a = &p->of->arena;
	long os = 0;

	curl_easy_getinfo(p->easy, CURLINFO_OS_ERRNO, &os);
	if (proxy_status == 407)
		return "the proxy wants a user name and password (407)";
	if (proxy_status && proxy_status / 100 != 2)
		return arena_printf(a, "the proxy refuses it (%ld)", proxy_status);
	switch (code) {
	case CURLE_COULDNT_RESOLVE_PROXY:
		return "the name of the proxy cannot be found";
	case CURLE_COULDNT_RESOLVE_HOST:
		return "the name cannot be found";
	case CURLE_OPERATION_TIMEDOUT:
		return "nothing came in time";
	case CURLE_COULDNT_CONNECT:
		return os == ECONNREFUSED ? "refused" : os == EHOSTUNREACH || os == ENETUNREACH
		       ? "no way to it" : clean(p, *p->detail ? p->detail : "no connection");
	default:
		return clean(p, *p->detail ? p->detail : curl_easy_strerror(code));
	}
}

static void drop(struct probe *p)
{
	if (!p->easy)
		return;
	loop_transfer_remove(p->of->loop, p->easy);
	curl_easy_cleanup(p->easy);
	p->easy = NULL;
}

/* May free p with all the others. */
static void ended(struct probe *p)
{
	struct probes *all = p->of;

	p->result.done = true;
	p->result.ended_ms = clock_now_ms();
	if (!all->options.simulate)
		p->result.took_ms = (int)(clock_mono_ms() - p->started_ms);
	all->running--;
	if (all->options.changed)
		all->options.changed(all->options.ctx);
}

static void transfer_done(void *ctx, int curl_code)
{
	struct probe *p = ctx;
	CURLcode code = (CURLcode)curl_code;
	long status = 0, proxy_status = 0, port = 0;

	curl_easy_getinfo(p->easy, CURLINFO_PRIMARY_PORT, &port);
	curl_easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(p->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
	if (code == CURLE_PEER_FAILED_VERIFICATION && !p->distrusted) {
		p->distrusted = true;
		drop(p);
		start(p);
		return;
	}
	p->result.by_proxy = proxy_status != 0 || code == CURLE_COULDNT_RESOLVE_PROXY ||
			     (port && port != p->target.port);
	/* A body that does not end in time is an answer all the same. */
	p->result.answered = code == CURLE_OK || (p->target.kind == PROBE_HTTP && status);
	if (p->target.kind == PROBE_HTTP && p->result.answered)
		p->result.status = (int)status;
	p->result.issuer = issuer_of(p);
	p->result.trusted = p->result.issuer && !p->distrusted;
	if (!p->result.answered)
		p->result.problem = why_not(p, code, proxy_status);
	drop(p);
	ended(p);
}

static size_t throw_away(char *data, size_t size, size_t n, void *ctx)
{
	(void)data;
	(void)ctx;
	return size * n;
}

static char *url_of(const struct probe_target *t)
{
	bool address = strchr(t->host, ':') != NULL;
	bool tls = t->kind == PROBE_TLS || (t->kind == PROBE_HTTP && t->port != 80);

	return xasprintf("%s://%s%s%s:%d%s", tls ? "https" : "http", address ? "[" : "", t->host,
			 address ? "]" : "", t->port, t->path ? t->path : "/");
}

static void start(struct probe *p)
{
	long timeout = p->of->options.timeout_ms ? p->of->options.timeout_ms : TIMEOUT_MS;
	CLEANUP(free_ptr) char *url = url_of(&p->target);

	p->easy = curl_easy_init();
	if (!p->easy)
		die("libcurl cannot start a probe");
	curl_easy_setopt(p->easy, CURLOPT_URL, url);
	curl_easy_setopt(p->easy, CURLOPT_PROTOCOLS_STR, "https,http");
	curl_easy_setopt(p->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(p->easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(p->easy, CURLOPT_TIMEOUT_MS, timeout);
	curl_easy_setopt(p->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(p->easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(p->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	http_proxy_sign_in(p->easy);
	curl_easy_setopt(p->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(p->easy, CURLOPT_ERRORBUFFER, p->detail);
	curl_easy_setopt(p->easy, CURLOPT_WRITEFUNCTION, throw_away);
	curl_easy_setopt(p->easy, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(p->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (p->target.inside)
		curl_easy_setopt(p->easy, CURLOPT_PROXY, "");
	if (p->target.kind != PROBE_HTTP)
		curl_easy_setopt(p->easy, CURLOPT_CONNECT_ONLY, 1L);
	if (p->distrusted) {
		curl_easy_setopt(p->easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(p->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	loop_transfer_add(p->of->loop, p->easy, transfer_done, p);
}

static void answer_simulated(void *ctx)
{
	struct probe *p = ctx;

	p->of->options.simulate(&p->target, &p->result, p->of->options.simulate_ctx);
	ended(p);
}

struct probes *probes_start(struct loop *l, const struct probe_target *targets, size_t n,
			    const struct probes_options *options)
{
	struct probes *all = xcalloc(1, sizeof(*all));

	all->loop = l;
	all->options = *options;
	all->n = all->running = n < PROBES_MAX ? n : PROBES_MAX;
	for (size_t i = 0; i < all->n; i++) {
		struct probe *p = &all->v[i];

		p->of = all;
		p->target = targets[i];
		p->target.host = arena_strdup(&all->arena, targets[i].host);
		p->target.path = arena_strdup(&all->arena, targets[i].path);
		p->started_ms = clock_mono_ms();
		if (options->simulate)
			loop_timer_start(l, &p->timer, SIMULATED_MS * (int64_t)(i + 1),
					 answer_simulated, p);
		else
			start(p);
	}
	return all;
}

size_t probes_count(const struct probes *p)
{
	return p->n;
}

size_t probes_running(const struct probes *p)
{
	return p->running;
}

const struct probe_target *probes_target(const struct probes *p, size_t i)
{
	return &p->v[i].target;
}

const struct probe_result *probes_result(const struct probes *p, size_t i)
{
	return &p->v[i].result;
}

void probes_free(struct probes *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++) {
		loop_timer_stop(p->loop, &p->v[i].timer);
		drop(&p->v[i]);
	}
	arena_clear(&p->arena);
	free(p);
}
