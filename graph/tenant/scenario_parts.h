#ifndef GRAPH_TENANT_SCENARIO_PARTS_H
#define GRAPH_TENANT_SCENARIO_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/json.h"
#include "graph/tenant/people.h"

/*
 * Parts that a scenario is put together from. A scenario is a description,
 * so a part that does not fit (an unknown alias, text that is no JSON) is a
 * mistake in the program and ends it.
 */
#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS	  (60 * MINUTE_MS)
#define DAY_MS	  (24 * HOUR_MS)
#define WANTED_GROUP "SSPR-Enabled-Users"

struct scenario {
	struct json *state;
	int64_t now_ms;			/* dates are made relative to this */
	uint32_t salt;			/* keeps the ids of two scenarios apart */
	const char *domain;		/* of everybody's UPN */
	uint32_t users, groups, roles, services, policies, events;
};

/* A cloud-only tenant with default policies and nobody in it. */
void scenario_begin(struct scenario *s, const char *name, uint32_t salt,
		    const char *display_name, const char *domain, const char *initial_domain);
/* Works out what follows from the rest - seats used, report rows of that
 * age, secure score, order of the logs - and gives the state away. */
struct json *scenario_finish(struct scenario *s, int64_t report_age_ms);

/* JSON with ' for ": a text as it stands, or with %s and the like filled in. */
struct json *part_text(const char *text);
struct json *part(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* People. aliases: "amara.osei joel.lind", separated by spaces; "@Name" is a
 * group. Ids are borrowed from the state. */
struct json *scenario_person(struct scenario *s, const struct person_spec *p);
void scenario_people(struct scenario *s, const struct person_spec *p, size_t n);
struct json *scenario_user(struct scenario *s, const char *alias);
const char *scenario_user_id(struct scenario *s, const char *alias);
/* A fresh id of that kind. */
const char *scenario_id(struct scenario *s, enum id_kind kind, uint32_t number,
			char out[GUID_TEXT]);
/* Appends the ids that a list of aliases names. */
void scenario_ids_add(struct scenario *s, struct json *list, const char *aliases);

#define GROUP_DYNAMIC	  1u
#define GROUP_ON_PREMISES 2u
#define GROUP_MAIL	  4u	/* mail-enabled security group */
#define GROUP_UNIFIED	  8u	/* Microsoft 365 group */
struct json *scenario_group(struct scenario *s, const char *name, const char *description,
			    unsigned flags, const char *members);
const char *scenario_group_id(struct scenario *s, const char *name);
void scenario_role(struct scenario *s, const char *name, const char *template_id,
		   const char *members);
/* The signed-in administrator holds what the runbook needs, and no more: facts
 * graph.md 10.10. */
void scenario_least_roles(struct scenario *s, const char *alias);
void scenario_role_member(struct scenario *s, const char *role, const char *alias);

/* A subscription of that many seats; the used ones are counted at the end. */
struct json *scenario_seats(struct scenario *s, enum licence l, int seats);

/* Makes the tenant hybrid: last sync that long ago, Connect on that server
 * with its own application, or NULL for none. */
void scenario_hybrid(struct scenario *s, int64_t sync_age_ms, const char *server);
/* Gives the application of Entra Connect, made by scenario_hybrid(), the roles of
 * password writeback, as its wizard does. */
void scenario_writeback_roles(struct scenario *s, int64_t age_ms);
/* A Cloud Sync job: code "Active" or "Quarantine". */
void scenario_cloud_sync(struct scenario *s, const char *code);

/* Policies. targets: group names with "@", or "all_users". */
struct json *scenario_method(struct scenario *s, const char *id, bool enabled,
			     const char *targets);
void scenario_migration(struct scenario *s, const char *policy_migration_state);
/* A Conditional Access policy on registering security info; grant: "mfa",
 * "block", "compliantDevice". */
struct json *scenario_access(struct scenario *s, const char *name, const char *state,
			     const char *grant, bool outside_trusted);
/* The same for the sign-in to all resources. */
struct json *scenario_access_apps(struct scenario *s, const char *name, const char *state,
				  const char *grant, bool outside_trusted);
/* The tenant's own password rules; without them it has Microsoft's. mode: of
 * the check on premises, "Audit" or "Enforce"; words: banned, "a\\tb". */
void scenario_password_rules(struct scenario *s, const char *mode, int threshold,
			     const char *words);
/* Who may reset: 0 none, 1 selected (that group), 2 all. */
void scenario_scope(struct scenario *s, int scope, const char *group);
/* A field of the portal's password reset policy. */
void scenario_sspr(struct scenario *s, const char *field, struct json *take);
void scenario_writeback(struct scenario *s, bool on);

void scenario_trouble(struct scenario *s, const char *id, const char *finding,
		      const char *what);

/* What happened (scenario_events.c). Times are ages. */
void scenario_reset(struct scenario *s, const char *alias, int64_t age_ms, const char *way,
		    bool written_back);
void scenario_reset_failed(struct scenario *s, const char *alias, int64_t age_ms,
			   const char *reason);
void scenario_blocked(struct scenario *s, const char *alias, int64_t age_ms,
		      const char *reason);
void scenario_registered(struct scenario *s, const char *alias, int64_t age_ms,
			 const char *method);
/* old_value and new_value: JSON text as the log keeps it. */
void scenario_policy_change(struct scenario *s, const char *actor, int64_t age_ms,
			    const char *field, const char *old_value, const char *new_value);
void scenario_writeback_event(struct scenario *s, const char *actor, int64_t age_ms, bool on);
void scenario_sign_in(struct scenario *s, const char *alias, int64_t age_ms, int error_code,
		      const char *failure);

/* The scenarios. Each fills an empty *s and returns the state. */
struct json *scenario_contoso(void);
struct json *scenario_cloud_only(void);
struct json *scenario_rolled_out(void);
struct json *scenario_troubled(void);
struct json *scenario_hostile_names(void);
struct json *scenario_large(void);
/* The people and groups of contoso, before anything was decided; hostile-names
 * and large build on it. */
void scenario_contoso_base(struct scenario *s, const char *name, uint32_t salt);
/* Its access policy and its logs: some people register, some try in vain. */
void scenario_contoso_life(struct scenario *s);
/* Gives somebody other methods. */
void scenario_has(struct scenario *s, const char *alias, unsigned methods);

#endif
