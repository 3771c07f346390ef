#ifndef GRAPH_SIGN_IN_PORTAL_SIGN_IN_H
#define GRAPH_SIGN_IN_PORTAL_SIGN_IN_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/prompt.h"
#include "graph/sign_in/sign_in.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * The client id of the Azure CLI: one of Microsoft's own applications that the
 * admin centre's own API takes tokens of; an application that a customer
 * registered is not (nodoc, ibiza-iam openapi.yml; ROADtools,
 * firstpartyscopes.json of January 2026). It allows http://localhost.
 */
#define PORTAL_CLIENT "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

/*
 * The token for the admin centre's own API (graph/portal.h), which takes only a
 * person's and one of its own audience. Nothing happens before the first get. Then
 * it waits for Graph's sign-in (graph_tokens), so that two prompts never stand
 * side by side, and signs in to that sign-in's tenant in its way: browser, device
 * or the Azure CLI. Where Graph's is an application's: by a person who is there,
 * else by the Azure CLI. A token of another tenant than Graph's is refused.
 *
 * Borrows everything, o's texts too; graph_tokens must outlive it.
 */
struct token_source *portal_sign_in_new(struct loop *l, struct transport *t,
					const struct cloud *c, const struct sign_in_options *o,
					struct token_source *graph_tokens,
					const struct sign_in_front *front);

/* The person does not want to: ends its prompt, and until forget every get fails
 * with that, so that nobody is asked again and again. */
void portal_sign_in_decline(struct token_source *source);

#endif
