#include "graph/sign_in/browser.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"
#include "graph/sign_in/device.h"
#include "graph/sign_in/open_page.h"
#include "graph/sign_in/redirect.h"
#include "graph/sign_in/scopes.h"
#include "graph/sign_in/token_cache.h"

#define PATIENCE_MS 900000
#define RANDOM_BYTES 32	/* 43 characters, the least that PKCE allows */

struct browser {
	struct token_cache cache;	/* first */
	char *authorize_url;
	const struct sign_in_front *front;
	struct redirect *redirect;
	struct secret verifier;
	char *nonce;			/* comes back in the id token */
	struct loop_timer timer;	/* the end of patience */
	struct err failure;
	bool shown;
};

static struct browser *of(struct token_cache *c)
{
	return (struct browser *)c;
}

/* Appends n random bytes as base64url. Without randomness there is no safe
 * sign-in at all. */
static void add_random(struct str *out)
{
	unsigned char bytes[RANDOM_BYTES];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		die("the system gives no random numbers");
	base64url_encode(out, bytes, sizeof(bytes));
	secret_wipe(bytes, sizeof(bytes));
}

/* BASE64URL(SHA256(verifier)): RFC 7636 4.2. */
static void add_challenge(struct str *out, const char *verifier)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (EVP_Digest(verifier, strlen(verifier), digest, &n, EVP_sha256(), NULL) != 1)
		die("OpenSSL cannot compute SHA-256");
	base64url_encode(out, digest, n);
}

static void end(struct browser *b)
{
	if (b->timer.running)
		loop_timer_stop(b->cache.loop, &b->timer);
	redirect_close(b->redirect);
	b->redirect = NULL;
	if (b->shown)
		b->front->prompt(b->front->ctx, NULL);
	b->shown = false;
}

static void give_up(struct browser *b)
{
	struct err err = b->failure;

	end(b);
	secret_release(&b->verifier);
	token_cache_fail(&b->cache, &err);
}

static void too_late(void *ctx)
{
	struct browser *b = ctx;

	b->failure = (struct err)ERR_INIT;
	err_set(&b->failure, ERR_AUTH, 0, "sign-in failed: it was not completed in the browser in "
		"time");
	err_todo(&b->failure, "Start again, or use --auth device.");
	give_up(b);
}

/* Must be the very address that /authorize got. */
static void add_redirect(struct browser *b, struct str *form)
{
	char *address = xasprintf("http://localhost:%u", redirect_port(b->redirect));

	sign_in_form_add(form, "redirect_uri", address);
	free(address);
}

/* The page said no: the same words as the token endpoint's. The texts came from
 * whoever sent the form, so they pass the gate on the way (json). */
static void refused(struct browser *b, const struct redirect_answer *a)
{
	struct json *answer = json_new_object(), *clean;
	struct str text = { 0 };
	struct err none = ERR_INIT;

	json_add_string(answer, "error", a->error);
	if (a->error_description)
		json_add_string(answer, "error_description", a->error_description);
	json_print(answer, &text);
	clean = json_parse(str_text(&text), text.len, &none);
	b->failure = (struct err)ERR_INIT;
	token_cache_explain(&b->cache, &b->failure, 0, clean);
	if (str_same(a->error, "access_denied") && !*b->failure.graph_code) {
		err_set(&b->failure, ERR_AUTH, 0, "sign-in failed: it was declined in the browser");
		err_todo(&b->failure, "Start again if that was not meant.");
	}
	json_free(answer);
	json_free(clean);
	str_release(&text);
	give_up(b);
}

static void answered(void *ctx, const struct redirect_answer *a)
{
	struct browser *b = ctx;
	struct str form = { 0 };

	if (!a->code) {
		refused(b, a);
		return;
	}
	sign_in_form_add(&form, "grant_type", "authorization_code");
	sign_in_form_add(&form, "code", a->code);
	sign_in_form_add(&form, "code_verifier", secret_text(&b->verifier));
	sign_in_form_add(&form, "scope", b->cache.scopes);
	add_redirect(b, &form);
	end(b);
	secret_release(&b->verifier);
	token_cache_ask(&b->cache, &form);
}

/* The code was for this sign-in: PKCE binds it to us, this to what it asked for. */
static bool accept(const struct token_cache *c, const struct json *answer, struct err *err)
{
	struct json *id = token_cache_id(answer);
	bool good = !json_has(answer, "id_token") ||
		    str_same(json_string(id, "nonce"), ((const struct browser *)c)->nonce);

	json_free(id);
	if (good)
		return true;
	err_set(err, ERR_AUTH, 200, "sign-in failed: what came belongs to another sign-in");
	err_todo(err, "Start again. If it stays, something between here and Microsoft may be "
		 "changing answers.");
	return false;
}

static char *page_of(struct browser *b, const char *state)
{
	struct str url = { 0 }, query = { 0 }, challenge = { 0 };

	add_challenge(&challenge, secret_text(&b->verifier));
	sign_in_form_add(&query, "client_id", b->cache.client_id);
	sign_in_form_add(&query, "response_type", "code");
	sign_in_form_add(&query, "response_mode", "form_post");
	add_redirect(b, &query);
	sign_in_form_add(&query, "scope", b->cache.scopes);
	sign_in_form_add(&query, "state", state);
	sign_in_form_add(&query, "nonce", b->nonce);
	sign_in_form_add(&query, "code_challenge", str_text(&challenge));
	sign_in_form_add(&query, "code_challenge_method", "S256");
	if (b->cache.another)
		sign_in_form_add(&query, "prompt", "select_account");
	else if (*b->cache.base.account)
		sign_in_form_add(&query, "login_hint", b->cache.base.account);
	if (b->cache.claims)
		sign_in_form_add(&query, "claims", b->cache.claims);
	str_addf(&url, "%s?%s", b->authorize_url, str_text(&query));
	str_release(&query);
	str_release(&challenge);
	return str_detach(&url);
}

static void show(struct browser *b, const char *url, bool opened)
{
	char *why = token_cache_why(&b->cache);
	struct sign_in_prompt p = {
		.kind = SIGN_IN_BROWSER,
		.url = url,
		.code = "",
		.expires_ms = clock_now_ms() + PATIENCE_MS,
		.message = opened ? "Sign in in the browser. If none opened, open this address on "
				    "this machine."
				  : "No browser could be started: open this address on this "
				    "machine.",
		.why = why,
	};

	b->shown = true;
	b->front->prompt(b->front->ctx, &p);
	free(why);
}

static void begin(struct token_cache *c)
{
	struct browser *b = of(c);
	struct str state = { 0 }, verifier = { 0 }, nonce = { 0 };
	char *url;

	add_random(&state);
	add_random(&verifier);
	add_random(&nonce);
	free(b->nonce);
	b->nonce = str_detach(&nonce);
	secret_set(&b->verifier, verifier.buf, verifier.len);
	secret_wipe(verifier.buf, verifier.len);
	str_release(&verifier);
	b->failure = (struct err)ERR_INIT;
	b->redirect = redirect_open(c->loop, str_text(&state), answered, b, &b->failure);
	if (b->redirect) {
		url = page_of(b, str_text(&state));
		loop_timer_start(c->loop, &b->timer, PATIENCE_MS, too_late, b);
		show(b, url, page_open(url));
		free(url);
	} else {
		secret_release(&b->verifier);
		token_cache_fail_later(c, &b->failure);
	}
	str_release(&state);
}

static void stop(struct token_cache *c)
{
	end(of(c));
	secret_release(&of(c)->verifier);
}

static void source_free(struct token_source *source)
{
	struct browser *b = (struct browser *)source;

	if (!b)
		return;
	token_cache_release(&b->cache);
	secret_release(&b->verifier);
	free(b->authorize_url);
	free(b->nonce);
	free(b);
}

struct token_source *browser_new(struct loop *l, struct transport *t, const struct cloud *c,
				 const char *tenant, const char *client_id,
				 const struct sign_in_front *front, struct err *err)
{
	static const struct token_ops ops = {
		.name = "browser", .get = token_cache_get, .free = source_free,
		.need = token_cache_need, .meet = token_cache_meet,
		.cancel = token_cache_cancel, .forget = token_cache_forget,
		.keep = token_cache_keep, .kept = token_cache_kept,
	};
	static const struct token_way way = { .begin = begin, .stop = stop, .accept = accept };
	struct browser *b;
	char *url, *scopes;

	if (person_check(tenant, client_id, front, err) < 0)
		return NULL;
	b = xcalloc(1, sizeof(*b));
	url = xasprintf("%s/%s/oauth2/v2.0/token", c->login, tenant);
	scopes = scopes_to_read(c);
	token_cache_init(&b->cache, &ops, &way, l, t, url, client_id, scopes);
	free(url);
	free(scopes);
	b->authorize_url = xasprintf("%s/%s/oauth2/v2.0/authorize", c->login, tenant);
	b->front = front;
	return &b->cache.base;
}
