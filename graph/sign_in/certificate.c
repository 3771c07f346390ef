#include "graph/sign_in/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/guid.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"
#include "graph/sign_in/client_secret.h"
#include "graph/sign_in/environment.h"
#include "graph/sign_in/token_cache.h"

#define FILE_MAX ((size_t)256 << 10)
#define ASSERTION_S 600		/* five to ten minutes are recommended */
#define RSA_BITS_MIN 2048
#define TRIES_MAX 3		/* of a password */
#define PATIENCE_MS 300000	/* until one is typed */

struct certificate {
	struct token_cache cache;	/* first */
	char *file;
	const struct sign_in_front *front;
	EVP_PKEY *key;			/* NULL until a person gave the password */
	char *thumbprint;		/* base64url of the SHA-256 of the certificate */
	char *known_as;			/* the same and the SHA-1, as people compare them */
	struct json *chain;		/* all certificates of the file, or NULL */
	unsigned tries;			/* passwords that did not open it */
	bool shown;			/* the person is being asked */
	struct loop_timer timer;	/* the end of patience */
};

/* What a file is read with, and what came out. */
struct reading {
	const char *file;
	const struct secret *password;	/* empty: none is known */
	bool wanted;			/* the file has one */
	EVP_PKEY *key;
	X509 *certificate;
	struct json *chain;
};

static int give_password(char *buf, int size, int writing, void *ctx)
{
	struct reading *in = ctx;

	(void)writing;
	in->wanted = true;
	if (secret_empty(in->password) || in->password->len > (size_t)size)
		return -1;
	memcpy(buf, secret_text(in->password), in->password->len);
	return (int)in->password->len;
}

/* In the form of a JWT's x5c: base64 of the DER. */
static void add_to_chain(struct reading *in, X509 *certificate)
{
	unsigned char *der = NULL;
	int n = i2d_X509(certificate, &der);
	struct str text = { 0 };

	if (n > 0)
		base64_encode(&text, der, (size_t)n);
	json_append_string(in->chain, str_text(&text));
	str_release(&text);
	OPENSSL_free(der);
}

/* A private key, and the certificate of several (a chain) that is the key's;
 * that one is the first of the chain. */
static void read_pem(struct reading *in, const struct str *data)
{
	BIO *bio = BIO_new_mem_buf(data->buf, (int)data->len);
	X509 *one;

	in->key = PEM_read_bio_PrivateKey(bio, NULL, give_password, in);
	BIO_free(bio);
	bio = BIO_new_mem_buf(data->buf, (int)data->len);
	while (in->key && (one = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		if (!in->certificate && X509_check_private_key(one, in->key) == 1) {
			in->certificate = one;
			continue;
		}
		add_to_chain(in, one);
		X509_free(one);
	}
	BIO_free(bio);
}

static void read_pkcs12(struct reading *in, const struct str *data)
{
	BIO *bio = BIO_new_mem_buf(data->buf, (int)data->len);
	PKCS12 *p12 = d2i_PKCS12_bio(bio, NULL);
	STACK_OF(X509) *others = NULL;
	const char *password = "";

	BIO_free(bio);
	if (!p12)
		return;
	/* Without a password it is protected by the empty one, or by none. */
	if (PKCS12_verify_mac(p12, NULL, 0) != 1 && PKCS12_verify_mac(p12, "", 0) != 1) {
		in->wanted = true;
		password = secret_text(in->password);
	}
	PKCS12_parse(p12, password, &in->key, &in->certificate, &others);
	for (int i = 0; i < sk_X509_num(others); i++)
		add_to_chain(in, sk_X509_value(others, i));
	sk_X509_pop_free(others, X509_free);
	PKCS12_free(p12);
}

static int check_file(const char *file, struct err *err)
{
	struct stat st;

	if (stat(file, &st) == 0 && (st.st_mode & S_IRWXO)) {
		err_set(err, ERR_INVALID, 0, "%s: everybody on this machine can read or change the "
			"private key", file);
		return err_todo(err, "chmod o= %s", file);
	}
	return 0;
}

static int check_read(const struct reading *in, struct err *err)
{
	time_t now = (time_t)(clock_now_ms() / 1000);

	if (!in->key) {
		if (in->wanted)
			err_set(err, ERR_INVALID, 0, "%s: the password does not open it, or there "
				"is none", in->file);
		else
			err_set(err, ERR_INVALID, 0, "%s: no private key in PEM or PKCS#12 form",
				in->file);
		return err_todo(err, "Set AZURE_CLIENT_CERTIFICATE_PASSWORD, or name a file with "
				     "certificate and private key.");
	}
	if (!in->certificate || X509_check_private_key(in->certificate, in->key) != 1) {
		err_set(err, ERR_INVALID, 0, "%s: no certificate that belongs to the private key",
			in->file);
		return err_todo(err, "Put both into the file: cat cert.pem key.pem.");
	}
	if (EVP_PKEY_base_id(in->key) != EVP_PKEY_RSA || EVP_PKEY_bits(in->key) < RSA_BITS_MIN) {
		err_set(err, ERR_INVALID, 0, "%s: the key must be RSA with 2048 bits or more",
			in->file);
		return err_todo(err, "Make a new one: openssl req -x509 -newkey rsa:2048 ...");
	}
	if (X509_cmp_time(X509_get0_notAfter(in->certificate), &now) <= 0) {
		err_set(err, ERR_INVALID, 0, "%s: the certificate has expired", in->file);
		return err_todo(err, "Make a new one and upload it under Certificates & secrets.");
	}
	return 0;
}

static void reading_release(struct reading *in)
{
	EVP_PKEY_free(in->key);
	X509_free(in->certificate);
	json_free(in->chain);
	ERR_clear_error();
}

static int read_file(struct reading *in, struct err *err)
{
	struct str data = { 0 };

	if (check_file(in->file, err) < 0 || file_read(in->file, FILE_MAX, &data, err) < 0)
		return -1;
	in->chain = json_new_array();
	if (strstr(str_text(&data), "-----BEGIN "))
		read_pem(in, &data);
	else if (data.len)
		read_pkcs12(in, &data);
	if (data.buf)
		secret_wipe(data.buf, data.cap);
	str_release(&data);
	return check_read(in, err);
}

static void add_part(struct str *out, struct json *take)
{
	struct str text = { 0 };

	json_print(take, &text);
	json_free(take);
	if (out->len)
		str_add_char(out, '.');
	base64url_encode(out, text.buf, text.len);
	str_release(&text);
}

/* PS256 of what is in out so far, added as the last part. */
static void sign(struct certificate *s, struct str *out)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *rsa = NULL;	/* belongs to md */
	size_t n = (size_t)EVP_PKEY_size(s->key);
	unsigned char *signature = xmalloc(n);

	if (!md || EVP_DigestSignInit(md, &rsa, EVP_sha256(), NULL, s->key) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(rsa, RSA_PKCS1_PSS_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(rsa, RSA_PSS_SALTLEN_DIGEST) != 1 ||
	    EVP_PKEY_CTX_set_rsa_mgf1_md(rsa, EVP_sha256()) != 1 ||
	    EVP_DigestSign(md, signature, &n, (const unsigned char *)out->buf, out->len) != 1)
		n = 0;	/* the service will refuse it and say so */
	str_add_char(out, '.');
	base64url_encode(out, signature, n);
	EVP_MD_CTX_free(md);
	free(signature);
}

static void prove(struct token_cache *c, struct str *form)
{
	struct certificate *s = (struct certificate *)c;
	struct json *header = json_new_object(), *claims = json_new_object();
	double now = (double)(clock_now_ms() / 1000);
	struct str assertion = { 0 };
	char id[GUID_TEXT];

	guid_make(id);
	json_add_string(header, "alg", "PS256");
	json_add_string(header, "typ", "JWT");
	json_add_string(header, "x5t#S256", s->thumbprint);
	if (s->chain)
		json_add(header, "x5c", json_clone(s->chain));
	json_add_string(claims, "aud", c->url);
	json_add_string(claims, "iss", c->client_id);
	json_add_string(claims, "sub", c->client_id);
	json_add_string(claims, "jti", id);
	json_add_number(claims, "nbf", now);
	json_add_number(claims, "iat", now);
	json_add_number(claims, "exp", now + ASSERTION_S);
	add_part(&assertion, header);
	add_part(&assertion, claims);
	sign(s, &assertion);
	assertion_add(form, str_text(&assertion));
	secret_wipe(assertion.buf, assertion.len);
	str_release(&assertion);
}

static char *thumbprint_of(X509 *certificate)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct str text = { 0 };
	unsigned n = 0;

	if (X509_digest(certificate, EVP_sha256(), digest, &n) != 1)
		die("OpenSSL cannot compute SHA-256");
	base64url_encode(&text, digest, n);
	return str_detach(&text);
}

static void add_hex(struct str *out, const char *name, X509 *certificate, const EVP_MD *md)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (X509_digest(certificate, md, digest, &n) != 1)
		return;
	str_addf(out, "%s%s ", out->len ? ", " : "", name);
	for (unsigned i = 0; i < n; i++)
		str_addf(out, "%02X", digest[i]);
}

/* The admin centre shows the SHA-1, other programs the SHA-256. */
static char *known_as(X509 *certificate)
{
	struct str text = { 0 };

	add_hex(&text, "SHA-1", certificate, EVP_sha1());
	add_hex(&text, "SHA-256", certificate, EVP_sha256());
	return str_detach(&text);
}

/* Which certificate it is that the application does not have. */
static void explain(const struct token_cache *c, struct err *err)
{
	const struct certificate *s = (const struct certificate *)c;

	if (str_same(err->graph_code, "AADSTS700027") || str_same(err->graph_code, "AADSTS50012"))
		err_todo(err, "Upload this certificate under Certificates & secrets: %s.",
			 s->known_as);
}

/* Keeps what was read: key, thumbprint and, where it is wanted, the chain. */
static void take(struct certificate *s, struct reading *in)
{
	s->key = in->key;
	in->key = NULL;
	s->thumbprint = thumbprint_of(in->certificate);
	s->known_as = known_as(in->certificate);
	if (sign_in_variable_on("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN")) {
		struct json *others = in->chain;

		in->chain = json_new_array();
		add_to_chain(in, in->certificate);
		for (const struct json *j = json_first(others); j; j = json_next(j))
			json_append_string(in->chain, json_text(j));
		json_free(others);
		s->chain = in->chain;
		in->chain = NULL;
	}
}

static void end(struct certificate *s)
{
	if (s->timer.running)
		loop_timer_stop(s->cache.loop, &s->timer);
	if (s->shown)
		s->front->prompt(s->front->ctx, NULL);
	s->shown = false;
}

static void give_up(struct certificate *s, const struct err *err)
{
	struct err why = *err;

	end(s);
	s->tries = 0;
	token_cache_fail(&s->cache, &why);
}

static void too_late(void *ctx)
{
	struct certificate *s = ctx;
	struct err err = ERR_INIT;

	err_set(&err, ERR_AUTH, 0, "sign-in failed: no password of the certificate came in time");
	err_todo(&err, "Try again, or set AZURE_CLIENT_CERTIFICATE_PASSWORD.");
	give_up(s, &err);
}

static void ask(struct certificate *s)
{
	struct sign_in_prompt p = {
		.kind = SIGN_IN_PASSWORD, .url = s->file, .code = "",
		.expires_ms = clock_now_ms() + PATIENCE_MS,
		.message = s->tries ? "That password does not open it. The password of the "
				      "certificate's file:"
				    : "The certificate's file has a password:",
	};

	s->shown = true;
	loop_timer_start(s->cache.loop, &s->timer, PATIENCE_MS, too_late, s);
	s->front->prompt(s->front->ctx, &p);
}

static void begin(struct token_cache *c)
{
	struct certificate *s = (struct certificate *)c;

	if (s->key)
		application_begin(c);
	else
		ask(s);
}

static void stop(struct token_cache *c)
{
	end((struct certificate *)c);
}

static void answer(struct token_source *source, struct secret *take_password)
{
	struct certificate *s = (struct certificate *)source;
	struct reading in = { .file = s->file, .password = take_password };
	struct err err = ERR_INIT;

	if (!s->shown) {
		secret_release(take_password);
		return;
	}
	if (read_file(&in, &err) == 0) {
		take(s, &in);
		end(s);
		application_begin(&s->cache);
	} else if (in.wanted && !in.key && ++s->tries < TRIES_MAX) {
		ask(s);
	} else {
		give_up(s, &err);
	}
	reading_release(&in);
	secret_release(take_password);
}

static void source_free(struct token_source *source)
{
	struct certificate *s = (struct certificate *)source;

	if (!s)
		return;
	token_cache_release(&s->cache);
	EVP_PKEY_free(s->key);
	json_free(s->chain);
	free(s->thumbprint);
	free(s->known_as);
	free(s->file);
	free(s);
}

struct token_source *certificate_new(struct loop *l, struct transport *t, const struct cloud *c,
				     const char *tenant, const char *client_id, const char *file,
				     const struct sign_in_front *front, struct err *err)
{
	static const struct token_ops ops = {
		.name = "certificate", .application = true,
		.get = token_cache_get, .free = source_free,
		.meet = token_cache_meet, .cancel = token_cache_cancel, .answer = answer,
	};
	static const struct token_way way = { .begin = begin, .stop = stop, .prove = prove,
					      .explain = explain };
	struct reading in = { .file = file,
			      .password = sign_in_secret(SIGN_IN_CERTIFICATE_PASSWORD) };
	struct certificate *s;
	bool locked;

	if (application_check(tenant, client_id, err) < 0)
		return NULL;
	if (!file) {
		err_set(err, ERR_INVALID, 0, "no certificate is named");
		err_todo(err, "Set AZURE_CLIENT_CERTIFICATE_PATH to a PEM or PKCS#12 file.");
		return NULL;
	}
	locked = read_file(&in, err) < 0;
	if (locked && (in.key || !in.wanted || !secret_empty(in.password) || !front ||
		       !front->prompt)) {
		reading_release(&in);
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	application_init(&s->cache, &ops, &way, l, t, c, tenant, client_id);
	s->file = xstrdup(file);
	s->front = front;
	if (!locked)
		take(s, &in);
	reading_release(&in);
	return &s->cache.base;
}
