/* Whom the transport trusts: a server and a proxy on loopback that speak TLS, and
 * what of the options and the environment makes their certificate good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "graph/base/mem.h"
#include "graph/http.h"

static char dir[] = "/tmp/sspr-wizard-tls-XXXXXX";

/* A certificate that vouches for itself, with its key, for 127.0.0.1; name is its
 * own and, where san is NULL, the only one. */
static void make_identity(const char *file, const char *name, const char *san, SSL_CTX *use)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *x = X509_new();
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
				   (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	if (san) {
		X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);

		X509_add_ext(x, e, -1);
		X509_EXTENSION_free(e);
	}
	X509_sign(x, key, EVP_sha256());
	PEM_write_X509(f, x);
	fclose(f);
	if (use) {
		SSL_CTX_use_certificate(use, x);
		SSL_CTX_use_PrivateKey(use, key);
	}
	X509_free(x);
	EVP_PKEY_free(key);
}

/* One service after another, each to one visitor: says text to whatever comes. */
struct service {
	pid_t pid;
	unsigned port;
	SSL_CTX *tls;
};

static void serve(int listener, SSL_CTX *tls, const char *text)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		SSL *ssl = SSL_new(tls);
		char bytes[4096];

		SSL_set_fd(ssl, fd);
		if (SSL_accept(ssl) == 1 && SSL_read(ssl, bytes, sizeof(bytes)) > 0) {
			SSL_write(ssl, text, (int)strlen(text));
			SSL_shutdown(ssl);
		}
		SSL_free(ssl);
		close(fd);
	}
}

static void start(struct service *s, const char *file, const char *name, const char *san,
		  const char *text)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	s->tls = SSL_CTX_new(TLS_server_method());
	make_identity(file, name, san, s->tls);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(listener, 4), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	s->port = ntohs(at.sin_port);
	s->pid = fork();
	if (s->pid == 0)
		serve(listener, s->tls, text);
	close(listener);
	assert_true(s->pid > 0);
}

static void end(struct service *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	SSL_CTX_free(s->tls);
}

static void on_done(struct exchange *x, void *ctx)
{
	(void)x;
	*(bool *)ctx = true;
}

/* One GET from start to end; url is taken over. */
static struct exchange fetch(const char *ca_file, char *url)
{
	struct http_options options = { .ca_file = ca_file };
	struct exchange x = { .method = "GET", .url = url, .done = on_done };
	struct err err = ERR_INIT;
	struct loop *loop = loop_new(&err);
	struct transport *t = http_transport_new(loop, &options, &err);
	bool done = false;

	if (!t)
		fail_msg("%s", err.msg);
	x.ctx = &done;
	t->ops->submit(t, &x);
	loop_run_until(loop, &done);
	t->ops->free(t);
	loop_free(loop);
	return x;
}

#define OWN "%"		/* the certificate of whom is asked */
#define OTHER "other"	/* one that has nothing to do with it */
#define UNTRUSTED "comes from an authority that is not trusted here"

/* Facts sign-in-and-transport.md 8.3: these are ours to read, libcurl does not. */
static const struct {
	const char *option, *bundle, *file;	/* --ca-file, CURL_CA_BUNDLE, SSL_CERT_FILE */
	bool trusted;
} rows[] = {
	{ NULL, NULL, NULL, false },
	{ OWN, NULL, NULL, true },
	{ NULL, OWN, NULL, true },
	{ NULL, NULL, OWN, true },
	{ NULL, "", OWN, true },
	{ NULL, OTHER, OWN, false },	/* curl's own variable wins */
	{ NULL, OWN, OTHER, true },
	{ OWN, OTHER, NULL, true },	/* the option comes on top */
	{ OTHER, OWN, NULL, true },
	{ OTHER, NULL, NULL, false },
};

static const char *file_of(const char *word, const char *own, const char *other)
{
	return str_same(word, OWN) ? own : str_same(word, OTHER) ? other : word;
}

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* As a server, and as a proxy, which is asked for a name that it refuses. */
static void trusts(bool proxy)
{
	char *own = xasprintf("%s/own.pem", dir), *other = xasprintf("%s/other.pem", dir);
	const char *text = proxy ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
				 : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
	struct service s;

	make_identity(other, "other", "IP:127.0.0.1", NULL);
	start(&s, own, "ours", "IP:127.0.0.1", text);
	if (proxy) {
		char *address = xasprintf("https://127.0.0.1:%u", s.port);

		setenv("https_proxy", address, 1);
		free(address);
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct exchange x;
		const char *says = proxy ? "the proxy refuses the way to 0.0.0.0 (403)" : "";

		set("CURL_CA_BUNDLE", file_of(rows[i].bundle, own, other));
		set("SSL_CERT_FILE", file_of(rows[i].file, own, other));
		x = fetch(file_of(rows[i].option, own, other),
			  proxy ? xstrdup("https://0.0.0.0:1/")
				: xasprintf("https://127.0.0.1:%u/", s.port));
		if (!rows[i].trusted)
			says = proxy ? "the certificate of the proxy " UNTRUSTED
				     : "the certificate of 127.0.0.1 " UNTRUSTED;
		if (!str_same(x.err.msg, says) || x.hopeless != (proxy || !rows[i].trusted))
			fail_msg("row %zu: %s", i, x.err.msg);
		assert_int_equal(x.status, rows[i].trusted && !proxy ? 200 : 0);
		exchange_release(&x);
	}
	set("CURL_CA_BUNDLE", NULL);
	set("SSL_CERT_FILE", NULL);
	set("https_proxy", NULL);
	end(&s);
	unlink(own);
	unlink(other);
	free(own);
	free(other);
}

static void a_server_is_trusted(void **state)
{
	(void)state;
	trusts(false);
}

static void a_proxy_is_trusted(void **state)
{
	(void)state;
	trusts(true);
}

/* Whoever answers wrote it: it must not steer the terminal. */
static void a_name_in_a_certificate_is_made_clean(void **state)
{
	char *own = xasprintf("%s/own.pem", dir);
	struct service s;
	struct exchange x;

	(void)state;
	start(&s, own, "evil\x1b]0;name\x07\n", NULL, "");
	x = fetch(own, xasprintf("https://127.0.0.1:%u/", s.port));
	assert_int_equal(x.result, TRANSPORT_NOT_SENT);
	assert_true(str_starts(x.err.msg, "the certificate shown for 127.0.0.1 is not accepted"));
	for (const char *p = x.err.msg; *p; p++)
		assert_true((unsigned char)*p >= ' ' && *p != 127);
	exchange_release(&x);
	end(&s);
	unlink(own);
	free(own);
}

static int make_place(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_place(void **state)
{
	(void)state;
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_is_trusted),
		cmocka_unit_test(a_proxy_is_trusted),
		cmocka_unit_test(a_name_in_a_certificate_is_made_clean),
	};
	static const char *const others[] = { "CURL_CA_BUNDLE", "SSL_CERT_FILE", "https_proxy",
					      "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
					      "NO_PROXY" };

	for (size_t i = 0; i < COUNT_OF(others); i++)
		unsetenv(others[i]);
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_place, remove_place);
}
