#include "graph/sign_in/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/sign_in/scopes.h"
#include "graph/sign_in/token_cache.h"

/* What RFC 8628 3.2 and facts 1.1 say when the answer does not. */
#define INTERVAL_S 5
#define INTERVAL_MAX_S 60
#define LIFE_S 900
#define LIFE_MAX_S 3600
#define SLOW_DOWN_S 5
#define GRANT "urn:ietf:params:oauth:grant-type:device_code"

struct device {
	struct token_cache cache;	/* first */
	char *code_url;
	const struct sign_in_front *front;
	struct secret device_code;
	int interval_s;
	int64_t until_mono_ms;
	struct loop_timer timer;	/* the next poll */
	bool shown;
};

static struct device *of(struct token_cache *c)
{
	return (struct device *)c;
}

static void prompt_ends(struct device *d)
{
	if (d->shown)
		d->front->prompt(d->front->ctx, NULL);
	d->shown = false;
}

static void end(struct device *d)
{
	secret_release(&d->device_code);
	d->cache.base.trouble[0] = '\0';
	prompt_ends(d);
}

static void give_up(struct device *d, const struct err *err)
{
	end(d);
	token_cache_fail(&d->cache, err);
}

static void poll_later(struct device *d);

static void expired(struct device *d)
{
	struct err err = ERR_INIT;

	err_set(&err, ERR_AUTH, 0, "sign-in failed: the code was not entered in time");
	err_todo(&err, "Start again for a new code.");
	give_up(d, &err);
}

/* Whether to go on asking; slow_down is not in Entra's own list, but in the
 * standard (facts 1.3). */
static bool goes_on(struct device *d, int status, const struct json *answer)
{
	const char *error = json_string(answer, "error");

	if (str_same(error, "slow_down"))
		d->interval_s += SLOW_DOWN_S;
	/* No answer, or a busy service: what was asked for still holds. */
	return status == 0 || status == 429 || status >= 500 || str_same(error, "slow_down") ||
	       str_same(error, "authorization_pending");
}

static void polled(void *ctx, int status, struct json *answer, const struct err *err)
{
	struct device *d = ctx;
	const char *error = json_string(answer, "error");
	struct err why = *err;

	/* It is asked on: a network comes back. But the person is told. */
	snprintf(d->cache.base.trouble, sizeof(d->cache.base.trouble), "%s",
		 status ? "" : err->msg);
	if (status == 200 && json_string(answer, "access_token")) {
		end(d);
		token_cache_take(&d->cache, answer);
		return;
	}
	if (goes_on(d, status, answer)) {
		poll_later(d);
		return;
	}
	if (str_same(error, "expired_token")) {
		expired(d);
		return;
	}
	token_cache_explain(&d->cache, &why, status, answer);
	if (str_same(error, "authorization_declined") || str_same(error, "access_denied")) {
		err_set(&why, ERR_AUTH, status, "sign-in failed: it was declined in the browser");
		err_todo(&why, "Start again if that was not meant.");
	}
	give_up(d, &why);
}

static void poll_now(void *ctx)
{
	struct device *d = ctx;
	struct str form = { 0 };

	if (clock_mono_ms() >= d->until_mono_ms) {
		expired(d);
		return;
	}
	sign_in_form_add(&form, "grant_type", GRANT);
	sign_in_form_add(&form, "client_id", d->cache.client_id);
	sign_in_form_add(&form, "device_code", secret_text(&d->device_code));
	if (d->cache.claims)
		sign_in_form_add(&form, "claims", d->cache.claims);
	sign_in_request_start(&d->cache.request, d->cache.url, NULL, &form, polled, d);
}

/* Not before a busy service wants to be asked again. */
static void poll_later(struct device *d)
{
	int64_t wait = (int64_t)d->interval_s * 1000, left = d->until_mono_ms - clock_mono_ms();

	if (d->cache.request.asked_ms > wait)
		wait = d->cache.request.asked_ms;
	loop_timer_start(d->cache.loop, &d->timer, left < wait ? left > 0 ? left : 0 : wait,
			 poll_now, d);
}

static int bounded(double v, int fallback, int max)
{
	return v >= 1 && v <= max ? (int)v : v > max ? max : fallback;
}

/* An address that a person is sent to: https, without a user part, and ASCII, as
 * addresses are (facts 1.2): where a control character was, the JSON reader has put
 * another one. */
static bool fit_to_show(const char *url)
{
	size_t host = url && str_starts(url, "https://") ? strcspn(url + 8, "/?#") : 0;

	for (const char *p = url; host && *p; p++)
		if (*p <= ' ' || *p >= 127)
			return false;
	return host && !memchr(url + 8, '@', host);
}

static void show(struct device *d, const struct json *answer, int life_s)
{
	const char *url = json_string(answer, "verification_uri");
	char *why = token_cache_why(&d->cache);
	struct sign_in_prompt p = {
		.kind = SIGN_IN_CODE,
		.url = url,
		.code = json_string(answer, "user_code"),
		.expires_ms = clock_now_ms() + (int64_t)life_s * 1000,
		.message = "Open the address in a browser and enter the code.",
		.why = why,
	};

	d->shown = true;
	d->front->prompt(d->front->ctx, &p);
	free(why);
}

static void code_came(void *ctx, int status, struct json *answer, const struct err *err)
{
	struct device *d = ctx;
	const char *code = json_string(answer, "device_code");
	const char *user_code = json_string(answer, "user_code");
	struct err why = *err;
	int life_s;

	if (status && status != 200) {
		token_cache_explain(&d->cache, &why, status, answer);
	} else if (status && (!code || !*code || !user_code || !*user_code ||
			      !fit_to_show(json_string(answer, "verification_uri")))) {
		err_set(&why, ERR_PARSE, status, "sign-in failed: the service gave no code");
	}
	if (why.kind != ERR_NONE) {
		give_up(d, &why);
		return;
	}
	life_s = bounded(json_number(answer, "expires_in", 0), LIFE_S, LIFE_MAX_S);
	d->interval_s = bounded(json_number(answer, "interval", 0), INTERVAL_S, INTERVAL_MAX_S);
	d->until_mono_ms = clock_mono_ms() + (int64_t)life_s * 1000;
	secret_set(&d->device_code, code, strlen(code));
	show(d, answer, life_s);
	poll_later(d);
}

static void begin(struct token_cache *c)
{
	struct device *d = of(c);
	struct str form = { 0 };

	sign_in_form_add(&form, "client_id", c->client_id);
	sign_in_form_add(&form, "scope", c->scopes);
	/* Here and in the poll: the sources differ on which of the two counts. */
	if (c->claims)
		sign_in_form_add(&form, "claims", c->claims);
	sign_in_request_start(&c->request, d->code_url, NULL, &form, code_came, d);
}

static void stop(struct token_cache *c)
{
	struct device *d = of(c);

	if (d->timer.running)
		loop_timer_stop(c->loop, &d->timer);
	end(d);
}

static void source_free(struct token_source *source)
{
	struct device *d = (struct device *)source;

	if (!d)
		return;
	token_cache_release(&d->cache);
	secret_release(&d->device_code);
	free(d->code_url);
	free(d);
}

int person_check(const char *tenant, const char *client_id, const struct sign_in_front *front,
		 struct err *err)
{
	if (!sign_in_is_name(tenant)) {
		err_set(err, ERR_INVALID, 0, "\"%s\" is no tenant", tenant ? tenant : "");
		return err_todo(err, "Give the tenant's id or domain with --tenant.");
	}
	if (!sign_in_is_name(client_id)) {
		err_set(err, ERR_INVALID, 0, "the application (client) id is missing or is none");
		return err_todo(err, "Give it with --client-id, or set AZURE_CLIENT_ID.");
	}
	if (!front || !front->prompt) {
		err_set(err, ERR_AUTH, 0, "nobody is there to sign in");
		return err_todo(err, "Sign in as an application: --auth certificate or secret.");
	}
	return 0;
}

struct token_source *device_new(struct loop *l, struct transport *t, const struct cloud *c,
				const char *tenant, const char *client_id,
				const struct sign_in_front *front, struct err *err)
{
	static const struct token_ops ops = {
		.name = "device", .get = token_cache_get, .free = source_free,
		.need = token_cache_need, .meet = token_cache_meet,
		.cancel = token_cache_cancel, .forget = token_cache_forget,
		.keep = token_cache_keep, .kept = token_cache_kept,
	};
	static const struct token_way way = { .begin = begin, .stop = stop };
	struct device *d;
	char *url, *scopes;

	if (person_check(tenant, client_id, front, err) < 0)
		return NULL;
	d = xcalloc(1, sizeof(*d));
	url = xasprintf("%s/%s/oauth2/v2.0/token", c->login, tenant);
	scopes = scopes_to_read(c);
	token_cache_init(&d->cache, &ops, &way, l, t, url, client_id, scopes);
	free(url);
	free(scopes);
	d->code_url = xasprintf("%s/%s/oauth2/v2.0/devicecode", c->login, tenant);
	d->front = front;
	return &d->cache.base;
}
