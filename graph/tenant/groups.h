#ifndef GRAPH_TENANT_GROUPS_H
#define GRAPH_TENANT_GROUPS_H

#include "graph/tenant/internal.h"

/* What groups.c and members.c share. */

/* Relationships in one request (facts graph.md 3.2, 3.4). */
#define GROUP_BINDS_MAX 20

/* Roles that may write groups (facts graph.md 3.4). */
extern const char *const group_roles[];

/* Refuses, in Graph's words, groups that this caller or this interface cannot
 * write; members: the write is one of membership. */
bool group_may_write(struct tenant *t, const struct tenant_call *c, const struct json *group,
		     bool members, struct tenant_response *r);
/* Whether every URL of a bind list names an object that can be added. group is
 * NULL while it is being created. binds may be NULL. */
bool binds_check(struct tenant *t, const struct tenant_call *c, const struct json *binds,
		 const struct json *group, struct tenant_response *r);
/* Adds checked binds to "_members" or "_owners", with the audit events. */
void binds_add(struct tenant *t, const struct tenant_call *c, struct json *group,
	       const struct json *binds, const char *relation);

#endif
