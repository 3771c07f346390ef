#ifndef GRAPH_SIGN_IN_CLIENT_SECRET_H
#define GRAPH_SIGN_IN_CLIENT_SECRET_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/token.h"
#include "graph/sign_in/token_cache.h"
#include "graph/transport.h"

/*
 * Signs in as an application with a client secret (OAuth 2.0 client
 * credentials; facts sign-in-and-transport.md 3.1). Nothing is sent before the
 * first get. The token is renewed five minutes before it ends; getters that
 * come while a request runs wait for its answer.
 *
 * loop, transport and cloud are borrowed and must outlive the source. tenant
 * is an id or a domain; the secret is taken over (take_secret is empty after).
 * Fails with ERR_INVALID for a tenant or client id that cannot be one, and
 * then leaves the secret alone.
 */
struct token_source *client_secret_new(struct loop *l, struct transport *t,
				       const struct cloud *c, const char *tenant,
				       const char *client_id, struct secret *take_secret,
				       struct err *err);

/* For the ways in which an application signs in: whether tenant and client id
 * can be ones, and the cache that asks for all of its permissions (.default;
 * single ones cannot be asked for). */
int application_check(const char *tenant, const char *client_id, struct err *err);
void application_init(struct token_cache *c, const struct token_ops *ops,
		      const struct token_way *way, struct loop *l, struct transport *t,
		      const struct cloud *cloud, const char *tenant, const char *client_id);
/* Adds what proves the application by a signed token: a certificate's, or that of
 * an identity provider it trusts. */
void assertion_add(struct str *form, const char *assertion);
/* The way's begin: asks for a token by client credentials. */
void application_begin(struct token_cache *c);

#endif
