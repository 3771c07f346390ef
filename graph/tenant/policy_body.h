#ifndef GRAPH_TENANT_POLICY_BODY_H
#define GRAPH_TENANT_POLICY_BODY_H

#include <stdbool.h>

#include "graph/base/json.h"
#include "graph/base/str.h"
#include "graph/tenant/internal.h"

/* What a PATCH of a policy may say: checked property by property, as Graph
 * does, before anything is changed (facts graph.md 5.2). */
struct body_field {
	const char *name;
	enum json_type type;
	bool nullable;
	const char *const *values;	/* the enum's members, or NULL */
};

/* Whether every property of body is in the table (ends with name NULL) and has
 * its type. False with Graph's words in *why. type: "smsAuthentication..." */
bool body_check(const struct json *body, const struct body_field *fields, const char *type,
		struct str *why);

/* One configuration of a method against the one it would change. */
bool body_check_method(struct tenant *t, const struct json *body, const struct json *current,
		       bool beta, struct str *why);
/* The registration campaign inside registrationEnforcement. */
bool body_check_campaign(struct tenant *t, const struct json *enforcement, bool beta,
			 struct str *why);
/* Every property of body replaces the one of target; annotations are left out. */
void body_apply(struct json *target, const struct json *body);

#endif
