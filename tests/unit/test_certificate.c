#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graph/base/base64.h"
#include "graph/base/json.h"
#include "graph/sign_in/certificate.h"
#include "graph/sign_in/environment.h"
#include "graph/tenant/tenant.h"
#include "tests/unit/scripted.h"

#define CLIENT "0f8fad5b-d9cb-469f-a165-70867728950e"

enum form { PEM_PLAIN, PEM_LOCKED, P12_LOCKED, P12_OPEN, KEY_ONLY, CERT_OF_ANOTHER, NOTHING };

static EVP_PKEY *key, *small, *other;
static char path[64];

static X509 *make_certificate(EVP_PKEY *of, long days)
{
	X509 *x = X509_new();
	time_t now = SCRIPT_NOW / 1000;

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_time_adj(X509_getm_notBefore(x), -400 * 86400L, &now);
	X509_time_adj(X509_getm_notAfter(x), days * 86400L, &now);
	X509_set_pubkey(x, of);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
				   (const unsigned char *)"t", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_sign(x, of, EVP_sha256());
	return x;
}

static void write_file(enum form form, EVP_PKEY *of, long days, mode_t mode)
{
	static const unsigned char pass[] = "open sesame";
	X509 *x = make_certificate(form == CERT_OF_ANOTHER ? other : of, days);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	if (form == PEM_PLAIN || form == CERT_OF_ANOTHER || form == KEY_ONLY)
		PEM_write_PrivateKey(f, of, NULL, NULL, 0, NULL, NULL);
	if (form == PEM_LOCKED)
		PEM_write_PrivateKey(f, of, EVP_aes_256_cbc(), pass, 11, NULL, NULL);
	if (form == PEM_PLAIN || form == CERT_OF_ANOTHER || form == PEM_LOCKED)
		PEM_write_X509(f, x);
	if (form == P12_LOCKED || form == P12_OPEN) {
		PKCS12 *p = PKCS12_create(form == P12_LOCKED ? (const char *)pass : "", "t", of, x,
					  NULL, 0, 0, 0, 0, 0);

		i2d_PKCS12_fp(f, p);
		PKCS12_free(p);
	}
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
	X509_free(x);
}

/* Somebody who is asked by a prompt. */
static struct asked {
	unsigned n, over;
	char message[80];
} asked;

static void prompt(void *ctx, const struct sign_in_prompt *p)
{
	(void)ctx;
	if (!p) {
		asked.over++;
		return;
	}
	assert_int_equal(p->kind, SIGN_IN_PASSWORD);
	assert_string_equal(p->url, path);
	assert_int_equal(p->expires_ms - clock_now_ms(), 300000);
	asked.n++;
	snprintf(asked.message, sizeof(asked.message), "%s", p->message);
}

static const struct sign_in_front person = { .prompt = prompt };

static struct token_source *open_source(struct scripted *s, const struct sign_in_front *front,
					struct err *err)
{
	asked = (struct asked){ 0 };
	return certificate_new(s->loop, &s->transport, &s->cloud, "contoso.example", CLIENT, path,
			       front, err);
}

static struct json *part(const char *text, size_t n)
{
	struct str out = { 0 };
	struct err err = ERR_INIT;
	struct json *j;

	assert_int_equal(base64url_decode(&out, text, n), 0);
	j = json_parse(str_text(&out), out.len, &err);
	assert_non_null(j);
	str_release(&out);
	return j;
}

/* As the service does: PS256 by the certificate's public key. */
static bool signature_holds(const char *signed_text, size_t n, const char *signature)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *rsa = NULL;
	struct str raw = { 0 };
	bool holds;

	base64url_decode(&raw, signature, strcspn(signature, "&"));
	EVP_DigestVerifyInit(md, &rsa, EVP_sha256(), NULL, key);
	EVP_PKEY_CTX_set_rsa_padding(rsa, RSA_PKCS1_PSS_PADDING);
	EVP_PKEY_CTX_set_rsa_pss_saltlen(rsa, RSA_PSS_SALTLEN_DIGEST);
	holds = EVP_DigestVerify(md, (const unsigned char *)raw.buf, raw.len,
				 (const unsigned char *)signed_text, n) == 1;
	EVP_MD_CTX_free(md);
	str_release(&raw);
	return holds;
}

static void the_assertion_is_what_entra_wants(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"one\",\"expires_in\":3600}", NULL },
		{ 200, "{\"access_token\":\"two\",\"expires_in\":3600}", NULL },
	};
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;
	const char *at, *second, *third;
	struct json *header, *claims, *again;

	(void)unused;
	write_file(PEM_PLAIN, key, 100, 0600);
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s, NULL, &err);
	assert_non_null(source);
	assert_string_equal(get_token(&s, source, false).token, "one");
	assert_non_null(strstr(s.bodies[0], "grant_type=client_credentials&"));
	assert_non_null(strstr(s.bodies[0], "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
			       "client-assertion-type%3Ajwt-bearer&"));
	at = strstr(s.bodies[0], "client_assertion=") + 17;
	second = strchr(at, '.') + 1;
	third = strchr(second, '.') + 1;
	header = part(at, (size_t)(second - at - 1));
	claims = part(second, (size_t)(third - second - 1));
	assert_string_equal(json_string(header, "alg"), "PS256");
	assert_int_equal(strlen(json_string(header, "x5t#S256")), 43);
	assert_string_equal(json_string(claims, "aud"), "https://login.microsoftonline.com/"
			    "contoso.example/oauth2/v2.0/token");
	assert_string_equal(json_string(claims, "iss"), CLIENT);
	assert_string_equal(json_string(claims, "sub"), CLIENT);
	assert_int_equal(json_int(claims, "exp", 0) - json_int(claims, "nbf", 0), 600);
	assert_int_equal(json_int(claims, "iat", 0), SCRIPT_NOW / 1000);
	assert_false(json_has(header, "x5c"));
	assert_true(signature_holds(at, (size_t)(third - at - 1), third));
	assert_false(signature_holds(at + 1, (size_t)(third - at - 2), third));
	/* A fresh jti for each request. */
	clock_advance(3400000);
	assert_string_equal(get_token(&s, source, false).token, "two");
	second = strchr(strstr(s.bodies[1], "client_assertion=") + 17, '.') + 1;
	again = part(second, strcspn(second, "."));
	assert_string_not_equal(json_string(again, "jti"), json_string(claims, "jti"));
	json_free(header);
	json_free(claims);
	json_free(again);
	source->ops->free(source);
	scripted_close(&s);
}

/* The admin centre lists certificates by their thumbprint. */
static void an_unknown_certificate_is_named(void **unused)
{
	static const struct script_answer answers[] = {
		{ 401, "{\"error\":\"invalid_client\",\"error_codes\":[700027]}", NULL },
		{ 401, "{\"error\":\"invalid_client\",\"error_codes\":[7000215]}", NULL },
	};
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct str todo = { 0 };
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;
	struct got g;
	unsigned n = 0;
	FILE *f;
	X509 *x;

	(void)unused;
	write_file(PEM_PLAIN, key, 100, 0600);
	f = fopen(path, "r");
	x = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	str_add(&todo, "Upload this certificate under Certificates & secrets: SHA-1 ");
	X509_digest(x, EVP_sha1(), digest, &n);
	for (unsigned i = 0; i < n; i++)
		str_addf(&todo, "%02X", digest[i]);
	str_add(&todo, ", SHA-256 ");
	X509_digest(x, EVP_sha256(), digest, &n);
	for (unsigned i = 0; i < n; i++)
		str_addf(&todo, "%02X", digest[i]);
	str_add(&todo, ".");
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s, NULL, &err);
	g = get_token(&s, source, false);
	assert_string_equal(g.err.graph_code, "AADSTS700027");
	assert_string_equal(g.err.todo, str_text(&todo));
	clock_advance(3000);
	g = get_token(&s, source, false);
	assert_null(strstr(g.err.todo, "SHA-1"));
	source->ops->free(source);
	scripted_close(&s);
	X509_free(x);
	str_release(&todo);
}

static void files_are_read_or_refused_with_a_reason(void **unused)
{
	const struct {
		enum form form;
		EVP_PKEY *key;
		long days;
		mode_t mode;
		const char *password, *says;	/* says NULL: it opens */
	} cases[] = {
		{ PEM_PLAIN, key, 100, 0640, NULL, NULL },
		{ PEM_LOCKED, key, 100, 0600, "open sesame", NULL },
		{ P12_LOCKED, key, 100, 0600, "open sesame", NULL },
		{ P12_OPEN, key, 100, 0600, "unused", NULL },
		{ PEM_LOCKED, key, 100, 0600, "wrong", "the password does not open it" },
		{ P12_LOCKED, key, 100, 0600, "wrong", "the password does not open it" },
		{ PEM_LOCKED, key, 100, 0600, NULL, "the password does not open it" },
		{ P12_LOCKED, key, 100, 0600, NULL, "the password does not open it" },
		{ PEM_PLAIN, key, 100, 0644, NULL, "everybody on this machine can read" },
		{ PEM_PLAIN, key, -1, 0600, NULL, "the certificate has expired" },
		{ PEM_PLAIN, small, 100, 0600, NULL, "RSA with 2048 bits or more" },
		{ KEY_ONLY, key, 100, 0600, NULL, "no certificate that belongs" },
		{ CERT_OF_ANOTHER, key, 100, 0600, NULL, "no certificate that belongs" },
		{ NOTHING, key, 100, 0600, NULL, "no private key in PEM or PKCS#12" },
	};
	struct scripted s;

	(void)unused;
	scripted_open(&s, NULL, 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err err = ERR_INIT;
		struct token_source *source;

		sign_in_secrets_forget();
		if (cases[i].password)
			setenv("AZURE_CLIENT_CERTIFICATE_PASSWORD", cases[i].password, 1);
		write_file(cases[i].form, cases[i].key, cases[i].days, cases[i].mode);
		source = open_source(&s, NULL, &err);
		if ((source == NULL) != (cases[i].says != NULL))
			fail_msg("case %zu: %s", i, err.msg);
		if (cases[i].says && !strstr(err.msg, cases[i].says))
			fail_msg("case %zu: %s", i, err.msg);
		if (source)
			source->ops->free(source);
	}
	sign_in_secrets_forget();
	scripted_close(&s);
}

static void say(struct token_source *source, const char *text)
{
	struct secret password = { 0 };

	secret_set(&password, text, strlen(text));
	source->ops->answer(source, &password);
	assert_true(secret_empty(&password));
}

static void a_person_is_asked_for_the_password(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"one\",\"expires_in\":3600}", NULL },
		{ 200, "{\"access_token\":\"two\",\"expires_in\":3600}", NULL },
	};
	static const enum form forms[] = { PEM_LOCKED, P12_LOCKED };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		struct got g = { .done = false };
		struct scripted s;
		struct err err = ERR_INIT;
		struct token_source *source;

		write_file(forms[i], key, 100, 0600);
		scripted_open(&s, answers, COUNT_OF(answers));
		source = open_source(&s, &person, &err);
		assert_non_null(source);
		/* Nobody is asked before a token is wanted. */
		assert_int_equal(asked.n, 0);
		source->ops->get(source, false, got_it, &g);
		assert_string_equal(asked.message, "The certificate's file has a password:");
		say(source, "wrong");
		assert_int_equal(asked.n, 2);
		assert_memory_equal(asked.message, "That password does not open it.", 31);
		say(source, "open sesame");
		loop_run_until(s.loop, &g.done);
		assert_string_equal(g.token, "one");
		assert_int_equal(asked.over, 1);
		/* Once is enough for the program's life. */
		clock_advance(3301000);
		assert_string_equal(get_token(&s, source, false).token, "two");
		assert_int_equal(asked.n, 2);
		source->ops->free(source);
		scripted_close(&s);
	}
}

static void asking_ends(void **unused)
{
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;
	struct got g = { .done = false }, late, cancelled = { .done = false };

	(void)unused;
	write_file(PEM_LOCKED, key, 100, 0600);
	scripted_open(&s, NULL, 0);
	source = open_source(&s, &person, &err);
	/* After three that do not open it. */
	source->ops->get(source, false, got_it, &g);
	for (int i = 0; i < 3; i++)
		say(source, "wrong");
	assert_true(g.done);
	assert_non_null(strstr(g.err.msg, "the password does not open it"));
	assert_int_equal(asked.over, 1);
	say(source, "open sesame");	/* nobody asked */
	/* After five minutes. */
	clock_advance(3000);
	late = get_token(&s, source, false);
	assert_string_equal(late.err.msg, "sign-in failed: no password of the certificate came in "
			    "time");
	assert_int_equal(asked.over, 2);
	/* And by Esc. */
	clock_advance(3000);
	source->ops->get(source, false, got_it, &cancelled);
	source->ops->cancel(source);
	assert_int_equal(cancelled.err.kind, ERR_CANCELLED);
	assert_int_equal(asked.over, 3);
	source->ops->free(source);
	scripted_close(&s);
}

static void the_chain_is_sent_when_it_is_wanted(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"one\",\"expires_in\":3600}", NULL },
	};
	X509 *issuer = make_certificate(other, 100);
	unsigned char *der = NULL;
	int n = i2d_X509(issuer, &der);
	struct str text = { 0 };
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;
	struct json *header;
	const char *at;
	FILE *f;

	(void)unused;
	write_file(PEM_PLAIN, key, 100, 0600);
	f = fopen(path, "a");
	PEM_write_X509(f, issuer);
	fclose(f);
	setenv("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "True", 1);
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s, NULL, &err);
	assert_string_equal(get_token(&s, source, false).token, "one");
	at = strstr(s.bodies[0], "client_assertion=") + 17;
	header = part(at, strcspn(at, "."));
	assert_int_equal(json_count(json_get(header, "x5c")), 2);
	base64_encode(&text, der, (size_t)n);
	assert_string_equal(json_text(json_next(json_first(json_get(header, "x5c")))),
			    str_text(&text));
	unsetenv("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN");
	json_free(header);
	OPENSSL_free(der);
	X509_free(issuer);
	str_release(&text);
	source->ops->free(source);
	scripted_close(&s);
}

static void signs_in_to_the_simulated_tenant(void **unused)
{
	struct scripted s;
	struct err err = ERR_INIT;
	struct tenant *tenant;
	struct transport *t;
	struct token_source *source;
	struct got g;

	(void)unused;
	write_file(PEM_PLAIN, key, 100, 0600);
	scripted_open(&s, NULL, 0);
	tenant = tenant_new("contoso", 0, &err);
	t = tenant_transport_new(s.loop, tenant, 0);
	source = certificate_new(s.loop, t, &s.cloud, tenant_id(tenant), CLIENT, path, NULL, &err);
	assert_non_null(source);
	g = get_token(&s, source, false);
	assert_int_equal(g.err.kind, ERR_NONE);
	source->ops->free(source);
	t->ops->free(t);
	tenant_free(tenant);
	scripted_close(&s);
}

static int set_up(void **state)
{
	(void)state;
	unsetenv("AZURE_CLIENT_CERTIFICATE_PASSWORD");
	key = EVP_RSA_gen(2048);
	other = EVP_RSA_gen(2048);
	small = EVP_RSA_gen(1024);
	snprintf(path, sizeof(path), "/tmp/certificate-test-%ld.pem", (long)getpid());
	return key && other && small ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	EVP_PKEY_free(small);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_assertion_is_what_entra_wants),
		cmocka_unit_test(an_unknown_certificate_is_named),
		cmocka_unit_test(files_are_read_or_refused_with_a_reason),
		cmocka_unit_test(a_person_is_asked_for_the_password),
		cmocka_unit_test(asking_ends),
		cmocka_unit_test(the_chain_is_sent_when_it_is_wanted),
		cmocka_unit_test(signs_in_to_the_simulated_tenant),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
