#include "graph/sign_in/portal_sign_in.h"

#include <stdio.h>
#include <stdlib.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/portal.h"
#include "graph/sign_in/azure_cli.h"
#include "graph/sign_in/browser.h"
#include "graph/sign_in/choice.h"
#include "graph/sign_in/device.h"
#include "graph/sign_in/token_cache.h"

/* The resource by its id: a token for its address is not taken (EvotecIT,
 * O365Essentials, commits of 7 August 2025). */
#define SCOPES PORTAL_AUDIENCE "/.default openid profile offline_access"

/* One that waits for a token. */
struct waiter {
	struct portal_sign_in *of;
	void (*done)(void *ctx, const struct secret *token, const struct err *err);
	void *ctx;
	bool renew;
	struct waiter *next;
};

struct portal_sign_in {
	struct token_source base;	/* first */
	struct loop *loop;
	struct transport *transport;
	const struct cloud *cloud;
	struct sign_in_options options;
	struct token_source *graph_tokens;
	const struct sign_in_front *front;
	struct token_source *inner;	/* NULL before the first get */
	struct waiter *waiters;
	struct err refused;		/* declined by the person, or ERR_NONE */
};

static void waiter_free(struct waiter *w)
{
	for (struct waiter **at = &w->of->waiters; *at; at = &(*at)->next) {
		if (*at == w) {
			*at = w->next;
			break;
		}
	}
	free(w);
}

static void tell(struct waiter *w, const struct secret *token, const struct err *err)
{
	void (*done)(void *ctx, const struct secret *token, const struct err *err) = w->done;
	void *ctx = w->ctx;

	waiter_free(w);
	done(ctx, token, err);
}

static bool is_person(const char *way)
{
	return str_same(way, "browser") || str_same(way, "device");
}

/* The way that Graph was signed in to, if it is one for a person; else the best
 * one that there is. NULL and *err when nothing can work. */
static const char *way_of(const struct portal_sign_in *s, struct err *err)
{
	const char *of_graph = s->graph_tokens->ops->name;
	bool person = s->front && s->front->prompt;
	struct sign_in_environment e;
	struct sign_in_choice choice;

	if ((is_person(of_graph) && person) || str_same(of_graph, "azure-cli"))
		return of_graph;
	if (!person)
		return "azure-cli";
	sign_in_environment_read(&e);
	/* An application is not let in: what names one does not count. */
	e.secret = false;
	e.certificate = e.credentials = e.identity_endpoint = NULL;
	return sign_in_choose(NULL, &e, true, &choice, err) < 0 ? NULL : choice.name;
}

static void open_inner(struct portal_sign_in *s, struct err *err)
{
	const char *way = way_of(s, err), *tenant = s->options.tenant;

	/* To the very tenant that Graph's token is for. */
	if (*s->graph_tokens->tenant)
		tenant = s->graph_tokens->tenant;
	if (str_same(way, "azure-cli"))
		s->inner = azure_cli_new(s->loop, s->cloud, tenant, err);
	else if (way && !tenant)
		tenant = "organizations";
	if (str_same(way, "browser"))
		s->inner = browser_new(s->loop, s->transport, s->cloud, tenant, PORTAL_CLIENT,
				       s->front, err);
	else if (str_same(way, "device"))
		s->inner = device_new(s->loop, s->transport, s->cloud, tenant, PORTAL_CLIENT,
				      s->front, err);
	if (!s->inner)
		return;
	token_cache_set_scopes(s->inner, is_person(way) ? SCOPES : PORTAL_AUDIENCE);
	/* The page then offers the same account. */
	if (is_person(way) && is_person(s->graph_tokens->ops->name))
		snprintf(s->inner->account, sizeof(s->inner->account), "%s",
			 s->graph_tokens->account);
}

/* Refusals of the Azure CLI's application itself, whose usual advice is about an
 * application of one's own. */
static void explain(struct err *err)
{
	static const char *const codes[] = { "AADSTS65001", "AADSTS65002", "AADSTS700016",
					     "AADSTS7000112", "AADSTS500014", "AADSTS50105" };

	err_wrap(err, "the admin centre's own API");
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (str_same(err->graph_code, codes[i]))
			err_todo(err, "This tenant does not let Microsoft's application \"Azure "
				 "CLI\" in there: work without --portal-api.");
	if (!*err->todo)
		err_todo(err, "Work without --portal-api: the wizard guides you through the "
			 "admin centre.");
}

static void inner_done(void *ctx, const struct secret *token, const struct err *err)
{
	struct waiter *w = ctx;
	struct portal_sign_in *s = w->of;
	const char *tenant = s->graph_tokens->tenant;
	struct err why = *err;

	if (why.kind == ERR_NONE && *tenant && *s->inner->tenant &&
	    !str_same_nocase(tenant, s->inner->tenant)) {
		err_set(&why, ERR_AUTH, 0, "the second sign-in is for another tenant");
		err_todo(&why, "Sign in again with an account of this tenant.");
	}
	if (why.kind != ERR_NONE && s->refused.kind != ERR_NONE)
		why = s->refused;
	else if (why.kind != ERR_NONE)
		explain(&why);
	snprintf(s->base.account, sizeof(s->base.account), "%s", s->inner->account);
	snprintf(s->base.tenant, sizeof(s->base.tenant), "%s", s->inner->tenant);
	tell(w, token, &why);
}

static void graph_done(void *ctx, const struct secret *token, const struct err *err)
{
	struct waiter *w = ctx;
	struct portal_sign_in *s = w->of;
	struct err why = *err;

	if (why.kind == ERR_NONE && s->refused.kind != ERR_NONE)
		why = s->refused;
	if (why.kind == ERR_NONE && !s->inner)
		open_inner(s, &why);
	if (why.kind == ERR_NONE) {
		s->inner->ops->get(s->inner, w->renew, inner_done, w);
		return;
	}
	if (err->kind == ERR_NONE && s->refused.kind == ERR_NONE)
		explain(&why);
	tell(w, token, &why);
}

static void get(struct token_source *source, bool renew,
		void (*done)(void *ctx, const struct secret *token, const struct err *err),
		void *ctx)
{
	struct portal_sign_in *s = (struct portal_sign_in *)source;
	struct waiter *w = xcalloc(1, sizeof(*w));

	*w = (struct waiter){ .of = s, .done = done, .ctx = ctx, .renew = renew,
			      .next = s->waiters };
	s->waiters = w;
	s->graph_tokens->ops->get(s->graph_tokens, false, graph_done, w);
}

static void cancel(struct token_source *source)
{
	struct portal_sign_in *s = (struct portal_sign_in *)source;

	if (s->inner && s->inner->ops->cancel)
		s->inner->ops->cancel(s->inner);
}

void portal_sign_in_decline(struct token_source *source)
{
	struct portal_sign_in *s = (struct portal_sign_in *)source;

	err_set(&s->refused, ERR_AUTH, 0, "the second sign-in was declined");
	err_todo(&s->refused, "Sign in again to be asked once more; without it the wizard guides "
		 "you through the admin centre.");
	cancel(source);
}

static void close_inner(struct portal_sign_in *s)
{
	if (s->inner)
		s->inner->ops->free(s->inner);
	s->inner = NULL;
}

/* The next sign-in may be to another tenant. */
static void forget(struct token_source *source)
{
	struct portal_sign_in *s = (struct portal_sign_in *)source;

	cancel(source);
	close_inner(s);
	s->refused = (struct err)ERR_INIT;
	s->base.account[0] = s->base.tenant[0] = '\0';
}

static void source_free(struct token_source *source)
{
	struct portal_sign_in *s = (struct portal_sign_in *)source;

	close_inner(s);
	while (s->waiters)
		waiter_free(s->waiters);
	free(s);
}

struct token_source *portal_sign_in_new(struct loop *l, struct transport *t,
					const struct cloud *c, const struct sign_in_options *o,
					struct token_source *graph_tokens,
					const struct sign_in_front *front)
{
	static const struct token_ops ops = {
		.name = "portal", .get = get, .free = source_free, .cancel = cancel,
		.forget = forget,
	};
	struct portal_sign_in *s = xcalloc(1, sizeof(*s));

	*s = (struct portal_sign_in){
		.base.ops = &ops, .loop = l, .transport = t, .cloud = c, .options = *o,
		.graph_tokens = graph_tokens, .front = front,
	};
	return &s->base;
}
