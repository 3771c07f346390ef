#include "graph/sign_in/azure_cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"
#include "graph/sign_in/child.h"
#include "graph/sign_in/token_cache.h"

#define PATIENCE_MS 60000	/* it is slow to start, slower behind a proxy */
#define LIFE_UNKNOWN_S 300	/* of a token whose end it does not say */

struct azure_cli {
	struct token_cache cache;	/* first */
	char *path, *tenant;		/* tenant may be NULL */
	struct child child;
};

/* What az itself said, clean and on one line; never where it may quote a token. */
static void add_reason(struct err *err, const struct str *errors)
{
	struct str text = { 0 };
	const char *start = str_text(errors);

	if (str_find_nocase(start, "accessToken"))
		return;
	start = str_starts(start, "ERROR: ") ? start + strlen("ERROR: ") : start;
	utf8_clean(&text, start, strcspn(start, "\n"), 0);
	if (text.len)
		err_set(err, ERR_AUTH, 0, "the Azure CLI gave no token: %.200s", str_text(&text));
	str_release(&text);
}

static void explain(const struct azure_cli *s, int status, const struct str *errors,
		    struct err *err)
{
	const char *text = str_text(errors);

	if (status < 0) {
		err_set(err, ERR_AUTH, 0, "the Azure CLI was ended, or did not answer "
			"within %d s", PATIENCE_MS / 1000);
		err_todo(err, "Run az account get-access-token and see what it waits for.");
		return;
	}
	if (strstr(text, "az login")) {
		err_set(err, ERR_AUTH, 0, "nobody is signed in to the Azure CLI");
		err_todo(err, "Run az login%s%s first.", s->tenant ? " --tenant " : "",
			 s->tenant ? s->tenant : "");
		return;
	}
	err_set(err, ERR_AUTH, 0, "the Azure CLI gave no token");
	add_reason(err, errors);
	err_todo(err, "Run az account get-access-token --resource-type ms-graph to see more.");
}

/* The shape of the token endpoint, out of az's own (facts 3.6): expires_on is
 * in seconds since 1970; expiresOn is local time without a zone, and not used. */
static struct json *as_answer(struct azure_cli *s, const struct str *out)
{
	struct err none = ERR_INIT;
	struct json *said = json_parse(str_text(out), out->len, &none), *answer;
	double on = json_number(said, "expires_on", 0), life = LIFE_UNKNOWN_S;

	if (json_string(said, "expires_on"))
		on = strtod(json_string(said, "expires_on"), NULL);
	if (on > 0)
		life = on - (double)clock_now_ms() / 1000;
	answer = json_new_object();
	json_add_string(answer, "access_token", json_string_or(said, "accessToken", ""));
	json_add_number(answer, "expires_in", life);
	/* It names the tenant beside the token. */
	snprintf(s->cache.base.tenant, sizeof(s->cache.base.tenant), "%s",
		 json_string_or(said, "tenant", ""));
	json_free(said);
	return answer;
}

static void ended(void *ctx, int status, const struct str *out, const struct str *errors)
{
	struct azure_cli *s = ctx;
	struct json *answer = status == 0 ? as_answer(s, out) : NULL;
	struct err err = ERR_INIT;

	if (!answer || !token_cache_take(&s->cache, answer)) {
		explain(s, status, errors, &err);
		token_cache_fail(&s->cache, &err);
	}
	json_free(answer);
}

static void begin(struct token_cache *c)
{
	struct azure_cli *s = (struct azure_cli *)c;
	const char *argv[] = { "az", "account", "get-access-token", "--output", "json",
			       "--resource", c->scopes, NULL, NULL, NULL };
	struct err err = ERR_INIT;

	if (s->tenant) {
		argv[7] = "--tenant";
		argv[8] = s->tenant;
	}
	if (child_start(&s->child, c->loop, &(struct child_order){
			.path = s->path, .argv = argv, .timeout_ms = PATIENCE_MS,
			.done = ended, .ctx = s }))
		return;
	err_set(&err, ERR_IO, 0, "the Azure CLI cannot be started");
	token_cache_fail_later(c, &err);
}

static void stop(struct token_cache *c)
{
	child_stop(&((struct azure_cli *)c)->child);
}

static void source_free(struct token_source *source)
{
	struct azure_cli *s = (struct azure_cli *)source;

	if (!s)
		return;
	token_cache_release(&s->cache);
	free(s->path);
	free(s->tenant);
	free(s);
}

struct token_source *azure_cli_new(struct loop *l, const struct cloud *c, const char *tenant,
				   struct err *err)
{
	static const struct token_ops ops = {
		.name = "azure-cli", .get = token_cache_get, .free = source_free,
		.cancel = token_cache_cancel,
	};
	static const struct token_way way = { .begin = begin, .stop = stop };
	char *path = child_find("az");
	struct azure_cli *s;

	if (!path) {
		err_set(err, ERR_AUTH, 0, "the Azure CLI (az) is not in PATH");
		err_todo(err, "Install it and run az login, or sign in another way (--auth).");
		return NULL;
	}
	if (tenant && !sign_in_is_name(tenant)) {
		free(path);
		err_set(err, ERR_INVALID, 0, "\"%s\" is no tenant", tenant);
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	token_cache_init(&s->cache, &ops, &way, l, NULL, "", "", c->graph);
	snprintf(s->cache.base.account, sizeof(s->cache.base.account), "the Azure CLI's account");
	s->path = path;
	s->tenant = xstrdup(tenant);
	return &s->cache.base;
}
