#ifndef GRAPH_TENANT_INTERNAL_H
#define GRAPH_TENANT_INTERNAL_H

#include <stdbool.h>

#include "graph/tenant/tenant.h"
#include "graph/url.h"

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
 *	  "applications": [...], "oauth2PermissionGrants": [...],
 *	  "directoryRoles": [...], "directorySynchronization": {...},
 *	  "authenticationMethodsPolicy": {...}, "authorizationPolicy": {...},
 *	  "securityDefaults": {...}, "conditionalAccessPolicies": [...],
 *	  "branding": {...} | null, "secureScores": [...],
 *	  "recommendation": {...},	the one on password reset
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
 * "lastModifiedDateTime" of a policy never goes back. "log" is what happened,
 * the rest is how the tenant is set: undo must restore the rest, those two
 * left out. The people of `large` beyond the fixed ones are
 * computed from their number (crowd.h), never stored.
 */
struct tenant {
	struct json *state;
	size_t crowd;			/* computed people, see crowd.h */
	struct fault *faults;
	size_t nfaults, faults_cap;
	unsigned *fault_seen;
	size_t requests, writes, portal_requests;
	void *record;			/* FILE *, or NULL */
	int64_t throttle_window[2][64];	/* times of the last report requests */
	uint64_t random;		/* seeded generator */
	bool throttling;
	int token_life_s;		/* of the tokens that are given out */
	struct err last_fault;
	char *kept;			/* its file, owned; NULL = none */
	int lock_fd;			/* of a kept one; -1 */

	struct json *granted;		/* the token's scopes; NULL = the state's */
	bool app_only;			/* the token is an application's */
	struct tenant_index *index;	/* ids to objects; NULL = build it anew */
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
	bool beta;			/* segments[0] is "beta" */
	bool has_body;			/* bytes came, readable or not */
	bool json_type;			/* Content-Type: application/json */
	char *raw_path, *raw_query;	/* as asked, still encoded */
	char *owned_base;
	struct json *owned_body;
};

/* The value of a query option, or NULL. */
const char *tenant_query(const struct tenant_call *c, const char *name);

/* Takes a request apart (request.c). False when Graph would refuse it: the
 * answer is filled then. Released with tenant_call_release() either way. */
bool tenant_call_init(struct tenant_call *c, const struct tenant_request *req,
		      struct tenant_response *r);
void tenant_call_release(struct tenant_call *c);
/* Whether the path is /VERSION/a/b/c..., where ANY_SEGMENT matches anything:
 * CALL_IS(c, "groups", ANY_SEGMENT, "members"). Case is ignored, as Graph does. */
bool call_is(const struct tenant_call *c, const char *const *segments);
#define CALL_IS(c, ...) call_is((c), (const char *const[]){ __VA_ARGS__, ANY_END })
extern const char ANY_SEGMENT[], ANY_END[];
/* The text between the quotes of "name(key='text')", or NULL; the caller
 * frees. */
char *call_key(const char *segment, const char *name, const char *key);
/* The path of a URL, with its query; the same text without a host. */
const char *url_path(const char *url);
/* "https://HOST" as asked, by the URL or else the Host header. free() it. */
char *url_base(const struct tenant_request *req);
bool call_is_method(const struct tenant_call *c, const char *method);
/* Handles a request that is taken apart, or one item of a batch: the caller
 * has checked token, throttle and faults. */
void tenant_dispatch(struct tenant *t, const struct tenant_call *c,
		     struct tenant_response *r);

/* Answers. Each fills the response and returns. */
void answer_json(struct tenant_response *r, int status, struct json *take);
void answer_empty(struct tenant_response *r, int status);
void answer_error(struct tenant_response *r, int status, const char *code, const char *message);
void answer_errorf(struct tenant_response *r, int status, const char *code, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
void answer_text(struct tenant_response *r, int status, const char *type, const char *text);
/* 404 Request_ResourceNotFound for an object that is not there. */
void answer_missing(struct tenant_response *r, const char *id);
/* 400 for a path segment that does not exist. */
void answer_no_segment(struct tenant_response *r, const char *segment);
/* 405. */
void answer_no_method(struct tenant_response *r);

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

/*
 * A sequence of objects that are found or made one at a time: a list of the
 * state, members by their ids, computed people.
 */
struct odata_item {
	const struct json *object;
	struct json *made;	/* freed after use; NULL when borrowed */
	const char *type;	/* "user", "group", ...; NULL = the collection's */
};
struct odata_source {
	size_t n;
	/* The i-th; false leaves it out. Mostly asked in order. */
	bool (*at)(void *ctx, size_t i, struct odata_item *ret);
	void *ctx;
	bool exact;		/* none is left out: n is the count */
};
/* As answer_collection(). cast: the path ends in a type cast, which needs the
 * advanced query parameters sooner (facts graph.md 3.3). */
void answer_source(struct tenant *t, const struct tenant_call *c, const struct odata_source *s,
		   const char *type, bool cast, const char *context,
		   struct tenant_response *r);
/* The answer of a path that ends in /$count. */
void answer_count(struct tenant *t, const struct tenant_call *c, const struct odata_source *s,
		  const char *type, struct tenant_response *r);
/* A source over the items of an array; *walk must outlive it. */
struct odata_walk {
	const struct json *list, *item;
	size_t i;
};
struct odata_source odata_over(struct odata_walk *walk, const struct json *list);

/* Handlers by area; each returns false when the path is not its own. */
bool handle_directory(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
bool handle_applications(struct tenant *t, const struct tenant_call *c,
			 struct tenant_response *r);
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

/* The admin centre's own API: any path under /api/ (portal_api.c). */
bool handle_portal(struct tenant *t, const struct tenant_request *req,
		   struct tenant_response *r);
/* The event of a policy change without its values; and a field replaced, its old
 * and new value noted in the event as JSON text. */
struct json *portal_change_event(struct tenant *t);
void portal_change(struct json *event, struct json *policy, const char *field,
		   struct json *take);

bool handle_batch(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
bool handle_members(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
bool handle_roles(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);

/* Whether the token holds a scope; a ReadWrite scope holds its Read scope. */
bool has_scope(const struct tenant *t, const char *scope);
/* The same as require_scope() for directory roles of the admin, by display name.
 * Global Administrator may do all; an application's token needs no role. */
bool require_role(struct tenant *t, struct tenant_response *r, const char *const *any_of);
/* Counts a request against the workload's limits (facts graph.md 10.1) and
 * answers 429 and false when it is over. */
bool throttle_pass(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
/* The fault that this request meets, or NULL. Counts the request. */
const struct fault *fault_for(struct tenant *t, const char *method, const char *path);
/* The answer of a fault that takes the place of the real one. */
void fault_answer(const struct fault *f, struct tenant_response *r);
/* Appends the exchange to the recording. */
void record_exchange(struct tenant *t, const struct tenant_request *req,
		     const struct tenant_response *r);

/* Whether a token is ours; else the 401 is answered. Sets granted, app_only. */
bool token_check(struct tenant *t, const char *authorization, struct tenant_response *r);
/* Makes a token; scopes is a space-separated list, NULL for all. free() it. */
char *token_make(struct tenant *t, bool app_only, const char *scopes);
/* The same for another audience than Graph; client is the id of the application
 * that asked, NULL = it does not matter. */
char *token_make_for(struct tenant *t, const char *audience, bool app_only,
		     const char *scopes, const char *client);
#define GRAPH_AUDIENCE "https://graph.microsoft.com"
#define TOKEN_LIFE_S 3599
/* Any claims as a token text (free() it), and back: token_open() returns NULL
 * for a text that token_seal() did not write, token_claims() does not look. */
char *token_seal(const struct json *claims);
struct json *token_open(const char *token);
struct json *token_claims(const char *token);
/* Words with blanks between as an array of strings. */
struct json *words_list(const char *words);

/* State. Borrowed; NULL when there is none. */
struct json *state_list(struct tenant *t, const char *name);
struct json *state_find(struct tenant *t, const char *list, const char *id);
/* Any directory object by its id, and what it is ("user", "group", ...). The
 * index is built anew after index_reset(), which whoever adds or removes an
 * object calls. */
struct json *index_find(struct tenant *t, const char *id, const char **ret_type);
void index_reset(struct tenant *t);
/* A user by id or user principal name, into *ret; false when there is none. */
bool user_find(struct tenant *t, const char *key, struct odata_item *ret);
/* The signed-in administrator, state's "me"; NULL when there is none. */
const struct json *tenant_admin(struct tenant *t);
/* A collection of directory objects by their ids. cast: "microsoft.graph.user"
 * or NULL; count: the path ends in $count. */
void answer_ids(struct tenant *t, const struct tenant_call *c, const struct json *ids,
		const char *cast, bool count, struct tenant_response *r);
/* Reads [cast][/$count] from that segment on; false for anything else. */
bool cast_split(const struct tenant_call *c, size_t from, const char **ret_cast,
		bool *ret_count, struct tenant_response *r);
/* Computed person number i; always true. */
bool crowd_at(struct tenant *t, size_t i, struct odata_item *ret);
/* Moves a user or group to deletedItems and logs it. */
void object_delete(struct tenant *t, const char *list, struct json *object);
/* An object with its "@odata.type". */
void answer_deleted(struct tenant *t, const struct tenant_call *c, const struct json *object,
		    const char *type, struct tenant_response *r);
/* An object's memberOf and transitiveMemberOf (roles.c); the relation is the
 * segment number `at`. */
void answer_member_of(struct tenant *t, const struct tenant_call *c, const char *id, size_t at,
		      struct tenant_response *r);
/* Any directory object, computed people included; release ret->made. */
bool object_find(struct tenant *t, const char *id, struct odata_item *ret);
/* Whether text has the form of an object id. */
bool is_guid(const char *text);

/* What is on its way: entries of log.pending with the member "what". Those
 * whose time has passed are dropped (replication.c). */
void replication_refresh(struct tenant *t);
void replication_created(struct tenant *t, const char *group);
bool replication_is_new(struct tenant *t, const char *group);
void replication_member(struct tenant *t, const char *group, const char *id, bool added);
/* A group's members as an advanced query sees them: ids, owned by the caller. */
struct json *replication_members(struct tenant *t, const struct json *group);
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

/* Microsoft password reset service, in the global cloud. */
#define RESET_SERVICE_APP "93625bc8-bfe2-437a-97e0-3d0060024faa"

/* Scenarios (scenario_*.c) build a whole state. */
struct json *scenario_build(const char *name, struct err *err);

/* Stable pseudo-random ids and numbers from the seed and a label. */
void tenant_guid(struct tenant *t, char out[37]);
uint32_t tenant_random(struct tenant *t, uint32_t below);

#endif
