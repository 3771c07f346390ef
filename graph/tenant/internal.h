#ifndef GRAPH_TENANT_INTERNAL_H
#define GRAPH_TENANT_INTERNAL_H

#include <stdbool.h>

#include "graph/tenant/tenant.h"

/*
 * Inside the simulated tenant. The state is one JSON object, so that the
 * state file, the comparison in tests and the answers are the same thing:
 *
 *	{ "format": "sspr-wizard/tenant/1", "scenario", "users_total",
 *	  "tenantId",
 *	  "me",				id of the signed-in user
 *	  "organization": {...}, "domains": [...], "subscribedSkus": [...],
 *	  "users": [...], "groups": [...], "servicePrincipals": [...],
 *	  "synchronizationJobs": { "<servicePrincipal id>": [...] },
 *	  "directoryRoles": [...], "directorySynchronization": {...},
 *	  "authenticationMethodsPolicy": {...}, "authorizationPolicy": {...},
 *	  "securityDefaults": {...}, "conditionalAccessPolicies": [...],
 *	  "branding": {...} | null, "secureScores": [...],
 *	  "sspr": {...},		the portal's PasswordResetPolicy
 *	  "onPremisesSspr": {...},	the portal's OnPremisesPasswordResetPolicy
 *	  "registration": [...],	rows of userRegistrationDetails
 *	  "troubles": [...],
 *	  "scopes": [...],		delegated scopes of the demo's token
 *	  "roles": [...],		names of the directory roles of the demo's admin
 *	  "log": { "directoryAudits": [...], "signIns": [...], "deletedItems": [...],
 *		   "pending": [...],
 *		   "policyLag": [...],	what a GET still shows after a PATCH
 *		   "report": {...} } }	age and fingerprint of "registration"
 *
 * Objects are Graph's own, with every property that Graph would give on
 * $select. Members whose name starts with "_" are ours and never leave:
 * a group's "_members" (ids), "_owners"; a role's "_members"; a user's
 * "_methods", "_alias", "_staleRow". "users_total" of `large` is the size of its
 * crowd. "registration" lags behind the rest (reports.c) and
 * "lastModifiedDateTime" of a policy never goes back. "log" is what happened, the rest is how the tenant is set: undo
 * must restore the rest. The people of `large` beyond the fixed ones are
 * computed from their number (crowd.h), never stored.
 */
struct tenant {
	struct json *state;
	size_t crowd;			/* computed people, see crowd.h */
	struct fault *faults;
	size_t nfaults, faults_cap;
	unsigned *fault_seen;
	size_t requests, writes;
	void *record;			/* FILE *, or NULL */
	int64_t throttle_window[2][64];	/* times of the last report requests */
	uint64_t random;		/* seeded generator */
	bool throttling;
	struct err last_fault;
};

/* One request, taken apart. */
struct tenant_call {
	const char *method;
	char *path;			/* decoded, from "/v1.0" on, no query */
	char *segments[16];		/* "v1.0", "groups", "<id>", ... */
	size_t nsegments;
	struct tenant_query {
		char *name, *value;	/* decoded; "$filter", ... */
	} query[16];
	size_t nquery;
	bool eventual;			/* ConsistencyLevel: eventual */
	const struct json *body;	/* NULL for none */
	const char *base;		/* "https://graph.microsoft.com" as asked */
	bool in_batch;
};

/* The value of a query option, or NULL. */
const char *tenant_query(const struct tenant_call *c, const char *name);

/* Answers. Each fills the response and returns. */
void answer_json(struct tenant_response *r, int status, struct json *take);
void answer_empty(struct tenant_response *r, int status);
void answer_error(struct tenant_response *r, int status, const char *code, const char *message);

/* OData (odata.c): answers a collection with $select, $filter, $orderby,
 * $top, $count, $search and paging applied, refusing what Graph refuses.
 * items: borrowed array; type: the Graph type for the property list, "user". */
struct odata_type;
void answer_collection(struct tenant *t, const struct tenant_call *c,
		       const struct json *items, const char *type,
		       const char *context, struct tenant_response *r);
/* One object with $select applied and "_" members left out. */
void answer_object(struct tenant *t, const struct tenant_call *c, const struct json *object,
		   const char *type, const char *context, struct tenant_response *r);
/* Whether a property is one of the type's (refuses unknown ones). */
bool odata_property_known(const char *type, const char *property);

/* Handlers by area; each returns false when the path is not its own. */
bool handle_directory(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
bool handle_groups(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
bool handle_policies(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
bool handle_reports(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
bool handle_audit(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
bool handle_sync(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
bool handle_login(struct tenant *t, const struct tenant_request *req, struct tenant_response *r);

/* Refuses (403, Graph's words) and returns false unless the token holds one of
 * these scopes, a NULL-terminated list. */
bool require_scope(struct tenant *t, struct tenant_response *r, const char *const *any_of);
#define SCOPES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* State. Borrowed; NULL when there is none. */
struct json *state_list(struct tenant *t, const char *name);
struct json *state_find(struct tenant *t, const char *list, const char *id);
/* Adds one directoryAudit event (object taken; id, time and correlation are
 * filled in when missing). */
void audit_add(struct tenant *t, struct json *take);
/* The usual event: service, category, activity, target and who (the admin). */
struct json *audit_event(struct tenant *t, const char *service, const char *category,
			 const char *activity, const char *target_type,
			 const char *target_id, const char *target_name);
/* Recomputes the report rows whose lag has passed; called before each answer. */
void registration_refresh(struct tenant *t);
/* Whether a user is in a group, nested groups followed. */
bool group_has(struct tenant *t, const char *group_id, const char *user_id);

/* Scenarios (scenario_*.c) build a whole state. */
struct json *scenario_build(const char *name, struct err *err);

/* Stable pseudo-random ids and numbers from the seed and a label. */
void tenant_guid(struct tenant *t, char out[37]);
uint32_t tenant_random(struct tenant *t, uint32_t below);

#endif
