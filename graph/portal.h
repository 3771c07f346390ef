#ifndef GRAPH_PORTAL_H
#define GRAPH_PORTAL_H

#include <stdbool.h>

#include "graph/base/err.h"
#include "graph/base/json.h"
#include "graph/cloud.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * The admin centre's own API, which Microsoft does not document or support (facts
 * portal-api.md 1). The client of Graph sends its requests too, but only after
 * graph_set_portal(): it asks another host, with a token of its own, sends
 * headers of its own and gets errors of another shape. What differs is here.
 */
#define PORTAL_PATH "/api/PasswordReset/"
#define PORTAL_POLICY PORTAL_PATH "PasswordResetPolicies"
#define PORTAL_ON_PREMISES PORTAL_PATH "OnPremisesPasswordResetPolicies"
/* The audience of its token (facts portal-api.md 1). */
#define PORTAL_AUDIENCE "74658136-14ec-4630-ad9b-26e160ff0fc6"

/* What its errors begin with. */
#define PORTAL_SAYS "the admin centre's own API: "

bool portal_is_path(const char *path);
/* What to GET for a resource: the policy names its group only when asked. */
const char *portal_read_path(const char *path);
/* The headers that it demands, on top of Graph's (facts portal-api.md 1.1). */
void portal_headers(struct headers *h, const char *request_id);
/* Fills err from an answer that is not 2xx: its own JSON, or HTML, or nothing
 * (facts portal-api.md 1.4). what: "GET /api/...". */
void portal_error(struct err *err, const char *what, int status, const struct json *json);

/*
 * What to send so that these members get these values and everything else stays:
 * the policy is written as a whole, so each member that was read goes back,
 * also those that nobody knows; the on-premises switch goes alone. NULL when what
 * was read is no such policy, or the result would make no sense: nothing
 * may be written on partial knowledge (facts portal-api.md 1.5).
 */
struct json *portal_body(const char *path, const struct json *read, const struct json *members,
			 struct err *err);
/* What the resource must then show. The caller frees. */
struct json *portal_expected(const char *path, const struct json *sent,
			     const struct json *members);

/* The admin centre's own API is asked only where that was allowed and there is
 * a token for it; else err says why not. */
bool portal_may(bool on, const struct cloud *c, const struct token_source *tokens,
		struct err *err);

#endif
