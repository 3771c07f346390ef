#include "graph/http.h"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/secret.h"
#include "graph/base/utf8.h"
#include "graph/trust.h"
#include "graph/url.h"

/* Source of the limits: facts sign-in-and-transport.md 8.5 and 8.6. */
#define BODY_MAX (16u << 20)
#define HEADERS_MAX (64u << 10)
#define CONNECT_TIMEOUT_MS 10000L
#define TIMEOUT_MS 100000L
#define SLOW_BYTES_A_SECOND 50L
#define SLOW_SECONDS 30L
#define CONNECTION_LIFE_S 600L

struct http {
	struct transport base;
	struct loop *loop;
	char *user_agent;
	struct str trusted;	/* PEM, empty = what libcurl trusts by itself */
	struct request *requests;
};

/* One exchange on its way: exchange.transport_data points to it. */
struct request {
	struct http *http;
	struct exchange *x;
	struct request *next;
	struct loop_timer timer;	/* ends what is cancelled or never sent */
	CURL *easy;			/* NULL when it is not sent */
	struct curl_slist *headers;
	size_t header_bytes;
	bool too_long;			/* one of our caps was reached */
	char detail[CURL_ERROR_SIZE];
};

static void release_request(struct request *r)
{
	for (struct request **at = &r->http->requests; *at; at = &(*at)->next) {
		if (*at == r) {
			*at = r->next;
			break;
		}
	}
	loop_timer_stop(r->http->loop, &r->timer);
	/* libcurl's copy of the headers holds the bearer token. */
	for (struct curl_slist *h = r->headers; h; h = h->next)
		secret_wipe(h->data, strlen(h->data));
	curl_slist_free_all(r->headers);
	curl_easy_cleanup(r->easy);
	r->x->transport_data = NULL;
	free(r);
}

static void finish(void *ctx)
{
	struct request *r = ctx;
	struct exchange *x = r->x;

	release_request(r);
	x->done(x, x->ctx);
}

/* Ends a request from the loop, not from the call that started it. */
static void finish_later(struct request *r, enum transport_result result)
{
	r->x->result = result;
	loop_timer_start(r->http->loop, &r->timer, 0, finish, r);
}

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
	struct request *r = ctx;
	size_t max = r->x->max_bytes ? r->x->max_bytes : BODY_MAX;

	n *= size;
	/* What comes here is unpacked already, so that this also stops a small
	 * answer that unpacks to gigabytes. */
	if (n > max - r->x->answer_body.len ||
	    str_add_bytes(&r->x->answer_body, p, n) < 0) {
		r->too_long = true;
		return 0;
	}
	return n;
}

static size_t take_header(char *p, size_t size, size_t n, void *ctx)
{
	struct request *r = ctx;
	const char *colon, *value, *end;
	char *name, *text;

	n *= size;
	r->header_bytes += n;
	if (r->header_bytes > HEADERS_MAX) {
		r->too_long = true;
		return 0;
	}
	/* A status line begins the headers anew: 100 Continue came before. */
	if (n >= 5 && !strncmp(p, "HTTP/", 5)) {
		headers_release(&r->x->answer_headers);
		return n;
	}
	colon = memchr(p, ':', n);
	if (!colon || colon == p)
		return n;
	value = colon + 1;
	end = p + n;
	while (value < end && (*value == ' ' || *value == '\t'))
		value++;
	while (end > value && strchr("\r\n \t", end[-1]))
		end--;
	name = xstrndup(p, (size_t)(colon - p));
	text = xstrndup(value, (size_t)(end - value));
	headers_add(&r->x->answer_headers, name, text);
	free(name);
	free(text);
	return n;
}

/* The host of a URL for a message; the caller frees. */
static char *host_of(const char *url)
{
	CURLU *u = curl_url();
	char *host = NULL, *copy;

	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK)
		curl_url_get(u, CURLUPART_HOST, &host, 0);
	copy = xstrdup(host ? host : "the service");
	curl_free(host);
	curl_url_cleanup(u);
	return copy;
}

/* libcurl's words may quote a certificate, which is whoever's who answered. */
static void clean_detail(struct request *r)
{
	CLEANUP(str_release) struct str clean = { 0 };

	utf8_clean(&clean, r->detail, strlen(r->detail), 0);
	snprintf(r->detail, sizeof(r->detail), "%s", str_text(&clean));
}

/* A certificate that is not accepted: why, and what helps. */
static void certificate_error(struct request *r, const char *host)
{
	struct err *err = &r->x->err;
	long verdict = 0, of_proxy = 0;

	curl_easy_getinfo(r->easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
	curl_easy_getinfo(r->easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &of_proxy);
	if (of_proxy) {
		verdict = of_proxy;
		host = "the proxy";
	}
	switch (verdict) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		err_set(err, ERR_NET, CURLE_PEER_FAILED_VERIFICATION,
			"the certificate of %s is not valid today", host);
		err_todo(err, "Check the date of this computer's clock first.");
		break;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		err_set(err, ERR_NET, CURLE_PEER_FAILED_VERIFICATION,
			"the certificate of %s comes from an authority that is not trusted here", host);
		err_todo(err, "If a proxy of your company inspects traffic, name its CA file with "
			 "--ca-file. If not, do not go on: somebody may be listening.");
		break;
	default:
		err_set(err, ERR_NET, CURLE_PEER_FAILED_VERIFICATION,
			"the certificate shown for %s is not accepted: %s", host, r->detail);
		err_todo(err, "Check the name in --cloud-file and the proxy; something else than "
			 "%s may be answering.", host);
		break;
	}
}

/* Whether the address of the host, or of the proxy, was found. */
static bool looked_up(struct request *r)
{
	curl_off_t at = 0;

	curl_easy_getinfo(r->easy, CURLINFO_NAMELOOKUP_TIME_T, &at);
	return at > 0;
}

/* No answer: what happened, in words. */
static void describe(struct request *r, CURLcode code, long proxy_status)
{
	struct err *err = &r->x->err;
	char *host = host_of(r->x->url);

	clean_detail(r);
	if (r->too_long) {
		err_set(err, ERR_LIMIT, code, "the answer of %s is longer than this program takes",
			host);
		err_todo(err, "Try again; if it stays, something else than Microsoft answers.");
	} else if (proxy_status == 407) {
		err_set(err, ERR_NET, code, "the proxy wants a user name and password (407)");
		err_todo(err, "Put them into https_proxy (http://user:password@proxy:port), or get "
			 "a Kerberos ticket with kinit.");
	} else if (proxy_status && proxy_status / 100 != 2) {
		err_set(err, ERR_NET, code, "the proxy refuses the way to %s (%ld)", host,
			proxy_status);
		err_todo(err, "Ask who runs the proxy to allow %s on port 443.", host);
	} else if (code == CURLE_COULDNT_RESOLVE_PROXY) {
		err_set(err, ERR_NET, code, "the name of the proxy cannot be found");
		err_todo(err, "Check https_proxy and all_proxy in the environment.");
	} else if (code == CURLE_COULDNT_RESOLVE_HOST) {
		err_set(err, ERR_NET, code, "the name %s cannot be found", host);
		err_todo(err, "Check the network and DNS; behind a proxy, set https_proxy.");
	} else if (code == CURLE_COULDNT_CONNECT) {
		err_set(err, ERR_NET, code, "no connection to %s: %s", host, r->detail);
		err_todo(err, "Check the firewall; behind a proxy, set https_proxy.");
	} else if (code == CURLE_OPERATION_TIMEDOUT && !looked_up(r)) {
		err_set(err, ERR_NET, code, "nobody answered in time where the name %s leads", host);
		err_todo(err, "Check the network and the DNS server; behind a proxy, set https_proxy.");
	} else if (code == CURLE_OPERATION_TIMEDOUT) {
		err_set(err, ERR_NET, code, "%s did not answer in time", host);
		err_todo(err, "Try again; if it stays, check the network and the proxy.");
	} else if (code == CURLE_PEER_FAILED_VERIFICATION) {
		certificate_error(r, host);
	} else if (code == CURLE_SSL_CONNECT_ERROR) {
		err_set(err, ERR_NET, code, "no secure connection to %s: %s", host, r->detail);
		err_todo(err, "TLS 1.2 or later is needed all the way; check the proxy.");
	} else {
		err_set(err, ERR_NET, code, "the connection to %s broke: %s", host,
			*r->detail ? r->detail : curl_easy_strerror(code));
		err_todo(err, "Try again; if it stays, check the network and the proxy.");
	}
	free(host);
}

/* Whether the server cannot have seen the request. */
static bool never_sent(struct request *r, CURLcode code, long proxy_status)
{
	curl_off_t ready = 0;

	switch (code) {
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_PROXY:
		return true;
	default:
		/* Zero until the connection is ready to carry the request. */
		curl_easy_getinfo(r->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
		return ready == 0 || (proxy_status && proxy_status / 100 != 2);
	}
}

/* The two sides have no version or cipher of TLS in common (OpenSSL's words, in
 * libcurl's message); a connection that broke in the handshake says other things. */
static bool tls_disagrees(const struct request *r)
{
	static const char *const words[] = { "protocol version", "unsupported protocol",
					     "no protocols available", "wrong version number",
					     "handshake failure", "no shared cipher" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strstr(r->detail, words[i]))
			return true;
	return false;
}

static void transfer_done(void *ctx, int curl_code)
{
	struct request *r = ctx;
	CURLcode code = (CURLcode)curl_code;
	long status = 0, proxy_status = 0;

	curl_easy_getinfo(r->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
	if (code == CURLE_OK) {
		curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
		r->x->result = TRANSPORT_ANSWERED;
		r->x->status = (int)status;
	} else {
		r->x->result = never_sent(r, code, proxy_status) ? TRANSPORT_NOT_SENT
								 : TRANSPORT_LOST;
		describe(r, code, proxy_status);
		/* A certificate or a proxy that refuses now does so in ten seconds:
		 * the person should hear of it at once. */
		r->x->hopeless = code == CURLE_PEER_FAILED_VERIFICATION ||
				 code == CURLE_SSL_CACERT_BADFILE ||
				 (code == CURLE_SSL_CONNECT_ERROR && tls_disagrees(r)) ||
				 proxy_status == 403 || proxy_status == 407;
	}
	finish(r);
}

/* Whether the address of the proxy that libcurl takes for https holds a password. */
static bool proxy_has_password(void)
{
	/* In libcurl's order: the first that is set counts. */
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy",
					     "ALL_PROXY" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *proxy = getenv(names[i]), *at = proxy ? strchr(proxy, '@') : NULL;

		if (proxy && *proxy)
			return at && at > proxy && at[-1] != ':';
	}
	return false;
}

void http_proxy_sign_in(void *easy)
{
	bool kerberos = curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_SPNEGO;

	if (proxy_has_password()) {
		curl_easy_setopt(easy, CURLOPT_PROXYAUTH,
				 CURLAUTH_BASIC | CURLAUTH_DIGEST | CURLAUTH_NTLM);
	} else if (kerberos) {
		curl_easy_setopt(easy, CURLOPT_PROXYAUTH, CURLAUTH_NEGOTIATE | CURLAUTH_DIGEST);
		curl_easy_setopt(easy, CURLOPT_PROXYUSERPWD, ":");
	}
}

/* A proxy that is spoken to over TLS is held to the same as a server. */
static void set_proxy(struct request *r, struct curl_blob *trusted)
{
	curl_easy_setopt(r->easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(r->easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(r->easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
	if (trusted->len)
		curl_easy_setopt(r->easy, CURLOPT_PROXY_CAINFO_BLOB, trusted);
	http_proxy_sign_in(r->easy);
}

static void set_security(struct request *r, bool loopback)
{
	struct str *pem = &r->http->trusted;
	struct curl_blob trusted = { .data = pem->buf, .len = pem->len,
				     .flags = CURL_BLOB_NOCOPY };

	curl_easy_setopt(r->easy, CURLOPT_PROTOCOLS_STR, loopback ? "https,http" : "https");
	curl_easy_setopt(r->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(r->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(r->easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(r->easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(r->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(r->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (loopback)
		curl_easy_setopt(r->easy, CURLOPT_PROXY, "");
	else
		set_proxy(r, &trusted);
	if (trusted.len)
		curl_easy_setopt(r->easy, CURLOPT_CAINFO_BLOB, &trusted);
}

static void set_limits(struct request *r)
{
	long timeout = r->x->timeout_ms > 0 ? r->x->timeout_ms : TIMEOUT_MS;
	bool read = str_same(r->x->method, "GET") || (r->x->flags & TRANSPORT_READ);

	curl_easy_setopt(r->easy, CURLOPT_NOSIGNAL, 1L);
	/* Without it a resolver thread that hangs would hold up the screen. */
	curl_easy_setopt(r->easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(r->easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(r->easy, CURLOPT_TIMEOUT_MS, timeout);
	curl_easy_setopt(r->easy, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES_A_SECOND);
	curl_easy_setopt(r->easy, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
	curl_easy_setopt(r->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(r->easy, CURLOPT_MAXLIFETIME_CONN, CONNECTION_LIFE_S);
	/* libcurl sends a request once more by itself when a connection that it
	 * reused dies before the answer. A write must never be sent twice, so a
	 * write always gets a new connection, where libcurl does not do that. */
	if (!read || (r->x->flags & TRANSPORT_FRESH))
		curl_easy_setopt(r->easy, CURLOPT_FRESH_CONNECT, 1L);
	else
		curl_easy_setopt(r->easy, CURLOPT_PIPEWAIT, 1L);
}

static void add_header(struct request *r, const char *line)
{
	struct curl_slist *more = curl_slist_append(r->headers, line);

	if (!more)
		die("out of memory");
	r->headers = more;
}

static void set_request(struct request *r)
{
	struct exchange *x = r->x;

	curl_easy_setopt(r->easy, CURLOPT_URL, x->url);
	curl_easy_setopt(r->easy, CURLOPT_USERAGENT, r->http->user_agent);
	curl_easy_setopt(r->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(r->easy, CURLOPT_ERRORBUFFER, r->detail);
	curl_easy_setopt(r->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(r->easy, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(r->easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(r->easy, CURLOPT_HEADERDATA, r);
	for (size_t i = 0; i < x->headers.n; i++) {
		struct str line = { 0 };

		str_addf(&line, "%s: %s", x->headers.v[i].name, x->headers.v[i].value);
		add_header(r, str_text(&line));
		secret_wipe(line.buf, line.len);
		str_release(&line);
	}
	if (x->body.len || str_same(x->method, "POST")) {
		/* No waiting for 100 Continue, no content type that we did not set. */
		add_header(r, "Expect:");
		if (!headers_get(&x->headers, "Content-Type"))
			add_header(r, "Content-Type:");
		curl_easy_setopt(r->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.len);
		curl_easy_setopt(r->easy, CURLOPT_POSTFIELDS, str_text(&x->body));
	}
	curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->headers);
	curl_easy_setopt(r->easy, CURLOPT_CUSTOMREQUEST, x->method);
}

/* A line break in a header would smuggle in another one. */
static bool headers_well_formed(const struct headers *h)
{
	for (size_t i = 0; i < h->n; i++) {
		const unsigned char *p = (const unsigned char *)h->v[i].value;

		for (; *p; p++)
			if (*p < ' ' || *p == 127)
				return false;
	}
	return true;
}

static void submit(struct transport *t, struct exchange *x)
{
	struct http *http = (struct http *)t;
	struct request *r = xcalloc(1, sizeof(*r));
	/* Or the identity service of a machine on Azure: plain http, answered by the
	 * host itself, never behind a proxy (facts sign-in-and-transport.md 3.4). */
	bool loopback = url_is_loopback(x->url) || url_is_link_local(x->url);

	r->http = http;
	r->x = x;
	r->next = http->requests;
	http->requests = r;
	x->transport_data = r;
	if (!str_starts(x->url, "https://") && !(loopback && str_starts(x->url, "http://"))) {
		err_set(&x->err, ERR_INVALID, CURLE_UNSUPPORTED_PROTOCOL,
			"only https is spoken; http is for this computer itself");
		err_todo(&x->err, "Use an https address.");
		finish_later(r, TRANSPORT_NOT_SENT);
		return;
	}
	if (!headers_well_formed(&x->headers)) {
		err_set(&x->err, ERR_INVALID, 0, "a header of the request holds control characters");
		err_todo(&x->err, "Sign in again; the token that came may be damaged.");
		finish_later(r, TRANSPORT_NOT_SENT);
		return;
	}
	r->easy = curl_easy_init();
	if (!r->easy)
		die("libcurl cannot start a request");
	set_security(r, loopback);
	set_limits(r);
	set_request(r);
	loop_transfer_add(http->loop, r->easy, transfer_done, r);
}

static void cancel(struct transport *t, struct exchange *x)
{
	struct http *http = (struct http *)t;
	struct request *r = x->transport_data;

	if (!r)
		return;
	if (r->easy)
		loop_transfer_remove(http->loop, r->easy);
	err_set(&x->err, ERR_CANCELLED, 0, "stopped");
	finish_later(r, TRANSPORT_CANCELLED);
}

static void http_free(struct transport *t)
{
	struct http *http = (struct http *)t;

	while (http->requests) {
		if (http->requests->easy)
			loop_transfer_remove(http->loop, http->requests->easy);
		release_request(http->requests);
	}
	str_release(&http->trusted);
	free(http->user_agent);
	free(http);
	curl_global_cleanup();
}

static const struct transport_ops http_ops = {
	.name = "http",
	.submit = submit,
	.cancel = cancel,
	.free = http_free,
};

struct transport *http_transport_new(struct loop *l, const struct http_options *options,
				     struct err *err)
{
	struct http *http = xcalloc(1, sizeof(*http));

	/* TLS keys are written to no file, whatever the environment says. */
	unsetenv("SSLKEYLOGFILE");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	http->base.ops = &http_ops;
	http->loop = l;
	http->user_agent = xstrdup(options->user_agent ? options->user_agent
						       : "sspr-wizard/" VERSION);
	if (trust_load(&http->trusted, options->ca_file,
		       curl_version_info(CURLVERSION_NOW)->cainfo, err) < 0) {
		http_free(&http->base);
		return NULL;
	}
	return &http->base;
}
