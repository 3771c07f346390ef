#include "graph/sign_in/token_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/sign_in/challenge.h"
#include "graph/sign_in/scopes.h"
#include "graph/sign_in/sign_in_error.h"

#define RENEW_EARLY_MS 300000
/* A token this young is not renewed when it is refused: requests that were
 * refused together share one renewal. */
#define YOUNG_MS 10000
/* From one vain renewal to the next, while the token still lasts. */
#define AGAIN_MS 30000
/* Requests that queue behind a sign-in that failed get its error, and no
 * person is asked once more for each of them. */
#define FAILED_MS 2000
#define ID_TOKEN_MAX 65536
#define CLOCKS_APART_MS 60000	/* worth a word */

void token_cache_init(struct token_cache *c, const struct token_ops *ops,
		      const struct token_way *way, struct loop *l, struct transport *t,
		      const char *url, const char *client_id, const char *scopes)
{
	c->base.ops = ops;
	c->way = way;
	c->loop = c->request.loop = l;
	c->transport = c->request.transport = t;
	c->url = xstrdup(url);
	c->client_id = xstrdup(client_id);
	c->scopes = xstrdup(scopes);
}

void token_cache_set_scopes(struct token_source *s, const char *scopes)
{
	struct token_cache *c = (struct token_cache *)s;

	free(c->scopes);
	c->scopes = xstrdup(scopes);
}

static void answer_getters(struct token_cache *c, const struct err *err)
{
	struct token_getter *v = c->getters;
	size_t n = c->ngetters;

	c->getters = NULL;
	c->ngetters = c->cap = 0;
	for (size_t i = 0; i < n; i++)
		v[i].done(v[i].ctx, &c->token, err);
	free(v);
}

static void answer_now(void *ctx)
{
	struct token_cache *c = ctx;
	struct err failed = c->failed;

	answer_getters(c, &failed);
}

static bool busy(const struct token_cache *c)
{
	return c->began || keyring_loads(&c->keyring) || c->timer.running || sign_in_request_runs(&c->request);
}

/* A clock that was set back makes got_ms lie ahead: ask anew. */
static bool good(const struct token_cache *c, int64_t now)
{
	return !secret_empty(&c->token) && now < c->renew_ms && now >= c->got_ms;
}

static void wish_ends(struct token_cache *c, bool granted)
{
	if (!c->scopes_before)
		return;
	if (granted) {
		free(c->scopes_before);
	} else {
		free(c->scopes);
		c->scopes = c->scopes_before;
	}
	c->scopes_before = NULL;
}

/* It came over TLS from the token endpoint, so its signature says nothing new
 * (facts sign-in-and-transport.md 2.3). */
struct json *token_cache_id(const struct json *answer)
{
	const char *id_token = json_string(answer, "id_token");
	const char *body = id_token ? strchr(id_token, '.') : NULL;
	const char *end = body ? strchr(body + 1, '.') : NULL;
	struct err err = ERR_INIT;
	struct str text = { .max = ID_TOKEN_MAX };
	struct json *claims = NULL;

	if (end && base64url_decode(&text, body + 1, (size_t)(end - body - 1)) == 0)
		claims = json_parse(str_text(&text), text.len, &err);
	str_release(&text);
	return claims;
}

/* Who signed in, for the screen and the journal only. */
static void take_account(struct token_cache *c, const struct json *answer)
{
	struct json *claims = token_cache_id(answer);
	const char *name = json_string(claims, "preferred_username");

	if (name)
		snprintf(c->base.account, sizeof(c->base.account), "%s", name);
	if (json_string(claims, "tid"))
		snprintf(c->base.tenant, sizeof(c->base.tenant), "%s", json_string(claims, "tid"));
	json_free(claims);
}

static void set_text(char **to, char *take)
{
	free(*to);
	*to = take;
}

static void take_secret(struct secret *to, const struct json *answer, const char *key)
{
	const char *text = json_string(answer, key);

	if (text && *text)
		secret_set(to, text, strlen(text));
}

bool token_cache_take(struct token_cache *c, struct json *answer)
{
	const char *token = json_string(answer, "access_token");
	struct err none = ERR_INIT;
	const char *granted = json_string(answer, "scope");
	double seconds = json_number(answer, "expires_in", 3599);
	int64_t life;

	if (!token || !*token)
		return false;
	/* Managed identities and the Azure CLI write numbers as text, and some of
	 * them only when it ends. */
	if (json_string(answer, "expires_in"))
		seconds = strtod(json_string(answer, "expires_in"), NULL);
	else if (json_string(answer, "expires_on") && !json_has(answer, "expires_in"))
		seconds = strtod(json_string(answer, "expires_on"), NULL) -
			  (double)clock_now_ms() / 1000;
	take_secret(&c->token, answer, "access_token");
	take_secret(&c->refresh, answer, "refresh_token");
	if (json_string(answer, "refresh_token"))
		keyring_store(&c->keyring, &c->refresh);
	take_account(c, answer);
	if (granted)
		snprintf(c->base.granted, sizeof(c->base.granted), "%s", granted);
	life = seconds > 0 && seconds < 1e6 ? (int64_t)(seconds * 1000) : 0;
	c->got_ms = clock_now_ms();
	c->end_ms = c->got_ms + life;
	c->refused = false;
	c->renew_ms = c->end_ms - (life > 2 * RENEW_EARLY_MS ? RENEW_EARLY_MS : life / 2);
	c->began = c->another = false;
	c->failed = none;
	set_text(&c->claims, NULL);
	set_text(&c->met, c->challenge);
	c->challenge = NULL;
	wish_ends(c, true);
	answer_getters(c, &none);
	return true;
}

static void begin(struct token_cache *c)
{
	c->began = true;
	c->way->begin(c);
}

/* The granular names may be unknown to an older cloud (facts graph.md 10.10):
 * once, the classic ones are tried. */
static bool narrow(struct token_cache *c, const char *code)
{
	char *plain;

	if (c->narrowed || (!str_same(code, "AADSTS70011") && !str_same(code, "AADSTS650053")))
		return false;
	c->narrowed = true;
	plain = scopes_classic(c->scopes);
	if (str_same(plain, c->scopes)) {
		free(plain);
		return false;
	}
	free(c->scopes);
	c->scopes = plain;
	return true;
}

/* Renewed early, so that a network that is away for a moment does no harm: the
 * token is good until its end. */
static bool lasts_a_while(struct token_cache *c, const struct err *err)
{
	int64_t now = clock_now_ms();

	if (err->kind != ERR_NET || c->refused || c->scopes_before || c->challenge || secret_empty(&c->token) ||
	    now < c->got_ms || now >= c->end_ms - AGAIN_MS)
		return false;
	c->renew_ms = now + AGAIN_MS;
	return true;
}

/* Nobody is asked again for what was refused, unless the network was at fault. */
static void challenge_failed(struct token_cache *c, const struct err *err)
{
	if (err->kind == ERR_NET)
		free(c->challenge);
	else
		set_text(&c->base.unmet, c->challenge);
	c->challenge = NULL;
	set_text(&c->claims, NULL);
}

void token_cache_fail(struct token_cache *c, const struct err *err)
{
	struct err none = ERR_INIT;

	c->began = false;
	if (lasts_a_while(c, err)) {
		answer_getters(c, &none);
		return;
	}
	if (narrow(c, err->graph_code)) {
		begin(c);
		return;
	}
	/* A wish or a proof that was refused says nothing against the token we
	 * have. */
	if (!c->scopes_before && !c->challenge) {
		c->failed = *err;
		c->failed_mono_ms = clock_mono_ms();
	}
	if (c->challenge)
		challenge_failed(c, err);
	wish_ends(c, false);
	answer_getters(c, err);
}

static void tell_late(void *ctx)
{
	struct token_cache *c = ctx;
	struct err err = c->late_err;

	token_cache_fail(c, &err);
}

void token_cache_fail_later(struct token_cache *c, const struct err *err)
{
	c->late_err = *err;
	loop_timer_start(c->loop, &c->late, 0, tell_late, c);
}

void token_cache_explain(struct token_cache *c, struct err *err, int status,
			 const struct json *answer)
{
	int64_t ahead = c->request.clock_ahead_ms;
	char span[TIME_TEXT];

	sign_in_error(err, status, answer);
	if (c->way->explain)
		c->way->explain(c, err);
	sign_in_error_consent(err, c->url, c->client_id);
	if (status == 429 || status >= 500)
		sign_in_request_come_back(&c->request, err);
	if ((ahead < CLOCKS_APART_MS && ahead > -CLOCKS_APART_MS) ||
	    (!str_same(err->graph_code, "AADSTS700024") && !str_same(err->graph_code, "AADSTS50013") &&
	     !str_same(err->graph_code, "AADSTS500133")))
		return;
	err_todo(err, "This computer's clock is %s %s the service's: set it right, then try again.",
		 time_span(ahead, span), ahead > 0 ? "ahead of" : "behind");
}

static void asked(void *ctx, int status, struct json *answer, const struct err *err)
{
	struct token_cache *c = ctx;
	struct err why = *err;

	if (status == 200 && c->way->accept && !c->way->accept(c, answer, &why)) {
		token_cache_fail(c, &why);
		return;
	}
	if (status == 200 && token_cache_take(c, answer))
		return;
	if (status)
		token_cache_explain(c, &why, status, answer);
	token_cache_fail(c, &why);
}

static void add_client(struct token_cache *c, struct str *form)
{
	sign_in_form_add(form, "client_id", c->client_id);
	if (c->claims)
		sign_in_form_add(form, "claims", c->claims);
	if (c->way->prove)
		c->way->prove(c, form);
}

void token_cache_ask(struct token_cache *c, struct str *form)
{
	add_client(c, form);
	sign_in_request_start(&c->request, c->url, NULL, form, asked, c);
}

/* Refusals that a new sign-in may cure. The service says by `error`, not by a
 * number, what to do (facts sign-in-and-transport.md 0). */
static bool interaction_helps(const struct json *answer)
{
	static const char *const errors[] = { "invalid_grant", "interaction_required",
					      "consent_required", "login_required",
					      /* A refresh token has no more than it was
					       * given (RFC 6749, 6). */
					      "invalid_scope" };
	const char *error = json_string(answer, "error");

	if (str_same(json_string(answer, "suberror"), "message_only"))
		return false;
	for (size_t i = 0; i < COUNT_OF(errors); i++)
		if (str_same(error, errors[i]))
			return true;
	return false;
}

static void refreshed(void *ctx, int status, struct json *answer, const struct err *err)
{
	struct token_cache *c = ctx;
	struct err why = *err;
	const char *claims = json_string(answer, "claims");

	if (status == 200 && token_cache_take(c, answer))
		return;
	if (status)
		token_cache_explain(c, &why, status, answer);
	if (status && interaction_helps(answer)) {
		/* A wish for more leaves the token we have alone. */
		if (!c->scopes_before && !c->challenge) {
			secret_release(&c->refresh);
			keyring_forget(&c->keyring);
		}
		if (claims || !c->challenge)
			set_text(&c->claims, xstrdup(claims));
		begin(c);
		return;
	}
	token_cache_fail(c, &why);
}

static void start(struct token_cache *c);

static void loaded(void *ctx)
{
	start(ctx);
}

static void start(struct token_cache *c)
{
	struct str form = { 0 };

	if (secret_empty(&c->refresh) && keyring_load(&c->keyring, &c->refresh, loaded, c))
		return;
	if (secret_empty(&c->refresh)) {
		begin(c);
		return;
	}
	sign_in_form_add(&form, "grant_type", "refresh_token");
	sign_in_form_add(&form, "refresh_token", secret_text(&c->refresh));
	sign_in_form_add(&form, "scope", c->scopes);
	add_client(c, &form);
	sign_in_request_start(&c->request, c->url, NULL, &form, refreshed, c);
}

static void add_getter(struct token_cache *c,
		       void (*done)(void *ctx, const struct secret *token, const struct err *err),
		       void *ctx)
{
	GROW(c->getters, c->ngetters, c->cap);
	c->getters[c->ngetters++] = (struct token_getter){ done, ctx };
}

void token_cache_get(struct token_source *s, bool renew,
		     void (*done)(void *ctx, const struct secret *token, const struct err *err),
		     void *ctx)
{
	struct token_cache *c = (struct token_cache *)s;
	int64_t now = clock_now_ms();
	bool just_failed = !good(c, now) && c->failed.kind != ERR_NONE &&
			   clock_mono_ms() - c->failed_mono_ms < FAILED_MS;

	add_getter(c, done, ctx);
	/* A timer that runs answers soon. */
	if (busy(c))
		return;
	if (!just_failed)
		c->failed.kind = ERR_NONE;
	if (renew && now - c->got_ms >= YOUNG_MS)
		c->refused = true;
	if (just_failed || (good(c, now) && (!renew || now - c->got_ms < YOUNG_MS)))
		loop_timer_start(c->loop, &c->timer, 0, answer_now, c);
	else
		start(c);
}

static bool has_all(const char *scopes, const char *const *names)
{
	for (; *names; names++)
		if (!scopes_have(scopes, *names))
			return false;
	return true;
}

/* "https://graph.microsoft.com" of the first scope that names its resource. */
static char *resource_of(const char *scopes)
{
	const char *start = strstr(scopes, "https://"), *end;

	if (!start)
		start = strstr(scopes, "http://");
	if (!start)
		return xstrdup("https://graph.microsoft.com");
	end = start + strcspn(start, " ");
	while (end > start && *end != '/')
		end--;
	return xstrndup(start, (size_t)(end - start));
}

/* The wish of a getter that has to wait until a sign-in that runs has ended: for
 * scopes, or with claims. */
struct wish {
	struct token_cache *cache;
	char **names, *claims;
	size_t n;
	struct token_getter getter;
};

static void wish_free(struct wish *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->names[i]);
	free(w->names);
	free(w->claims);
	free(w);
}

static void wish_later(void *ctx, const struct secret *token, const struct err *err)
{
	struct wish *w = ctx;

	if (err->kind == ERR_NONE && w->claims)
		token_cache_meet(&w->cache->base, w->claims, w->getter.done, w->getter.ctx);
	else if (err->kind == ERR_NONE)
		token_cache_need(&w->cache->base, (const char *const *)w->names, w->getter.done,
				 w->getter.ctx);
	else
		w->getter.done(w->getter.ctx, token, err);
	wish_free(w);
}

void token_cache_need(struct token_source *s, const char *const *scopes,
		      void (*done)(void *ctx, const struct secret *token, const struct err *err),
		      void *ctx)
{
	struct token_cache *c = (struct token_cache *)s;
	char *resource;

	if (busy(c)) {
		struct wish *w = xcalloc(1, sizeof(*w));

		while (scopes[w->n])
			w->n++;
		w->names = xcalloc(w->n + 1, sizeof(*w->names));
		for (size_t i = 0; i < w->n; i++)
			w->names[i] = xstrdup(scopes[i]);
		w->cache = c;
		w->getter = (struct token_getter){ done, ctx };
		add_getter(c, wish_later, w);
		return;
	}
	if (good(c, clock_now_ms()) && has_all(c->base.granted, scopes)) {
		token_cache_get(s, false, done, ctx);
		return;
	}
	add_getter(c, done, ctx);
	resource = resource_of(c->scopes);
	c->scopes_before = c->scopes;
	c->scopes = scopes_with(c->scopes_before, scopes, resource);
	free(resource);
	start(c);
}

void token_cache_meet(struct token_source *s, const char *claims,
		      void (*done)(void *ctx, const struct secret *token, const struct err *err),
		      void *ctx)
{
	struct token_cache *c = (struct token_cache *)s;

	/* Requests that were refused together share one sign-in, and a token
	 * that meets the claims already is not made anew. */
	if (str_same(c->challenge, claims)) {
		add_getter(c, done, ctx);
		return;
	}
	if (busy(c)) {
		struct wish *w = xcalloc(1, sizeof(*w));

		w->cache = c;
		w->claims = xstrdup(claims);
		w->getter = (struct token_getter){ done, ctx };
		add_getter(c, wish_later, w);
		return;
	}
	if (good(c, clock_now_ms()) && str_same(c->met, claims)) {
		token_cache_get(s, false, done, ctx);
		return;
	}
	add_getter(c, done, ctx);
	c->challenge = xstrdup(claims);
	set_text(&c->claims, xstrdup(claims));
	start(c);
}

char *token_cache_why(const struct token_cache *c)
{
	struct str text = { 0 };

	if (!c->challenge)
		return NULL;
	str_add(&text, "You are asked again because ");
	challenge_explain(&text, c->challenge);
	str_add_char(&text, '.');
	return str_detach(&text);
}

static void stop(struct token_cache *c)
{
	if (c->timer.running)
		loop_timer_stop(c->loop, &c->timer);
	if (c->late.running)
		loop_timer_stop(c->loop, &c->late);
	if (c->began && c->way->stop)
		c->way->stop(c);
	c->began = false;
	keyring_stop(&c->keyring);
	sign_in_request_stop(&c->request);
}

void token_cache_cancel(struct token_source *s)
{
	struct token_cache *c = (struct token_cache *)s;
	struct err err = ERR_INIT;

	if (!busy(c))
		return;
	stop(c);
	err_set(&err, ERR_CANCELLED, 0, "the sign-in was cancelled");
	token_cache_fail(c, &err);
}

void token_cache_forget(struct token_source *s)
{
	struct token_cache *c = (struct token_cache *)s;

	token_cache_cancel(s);
	secret_release(&c->token);
	secret_release(&c->refresh);
	keyring_forget(&c->keyring);
	c->failed.kind = ERR_NONE;
	c->another = true;
	set_text(&c->met, NULL);
	set_text(&c->base.unmet, NULL);
	c->base.account[0] = c->base.granted[0] = c->base.tenant[0] = '\0';
}

void token_cache_release(struct token_cache *c)
{
	stop(c);
	for (size_t i = 0; i < c->ngetters; i++)
		if (c->getters[i].done == wish_later)
			wish_free(c->getters[i].ctx);
	secret_release(&c->token);
	secret_release(&c->refresh);
	keyring_close(&c->keyring);
	free(c->getters);
	free(c->url);
	free(c->client_id);
	free(c->scopes);
	free(c->scopes_before);
	free(c->claims);
	free(c->challenge);
	free(c->met);
	free(c->base.unmet);
}
