#ifndef CHECKS_FACTS_H
#define CHECKS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checks/server_facts.h"
#include "graph/base/arena.h"
#include "graph/base/err.h"

/*
 * struct facts - all that was read of one tenant. Filled area by area by the
 * readers (read.h), then only read: checks, settings and plans are pure
 * functions of it. Text is clean and belongs to the arena; a NULL string is
 * "not given".
 */
enum tri { TRI_UNKNOWN, TRI_NO, TRI_YES };

enum area {
	AREA_ORGANIZATION,	/* organization, domains */
	AREA_LICENCES,		/* subscribedSkus */
	AREA_GROUP,		/* groups of the wanted name */
	AREA_MEMBERS,		/* people in that group, nested ones included */
	AREA_PEOPLE,		/* the people wanted in the group, resolved */
	AREA_METHODS,		/* authentication methods policy */
	AREA_AUTHORIZATION,	/* authorizationPolicy */
	AREA_REGISTRATION,	/* userRegistrationDetails, counts by feature */
	AREA_SYNC,		/* sync identities, Cloud Sync jobs */
	AREA_SYNC_ERRORS,	/* provisioning errors */
	AREA_AUDIT,		/* Self-service Password Management events */
	AREA_ADMINS,		/* administrators and their gates */
	AREA_ACCESS,		/* Conditional Access, security defaults */
	AREA_BRANDING,		/* sign-in page */
	AREA_SCORE,		/* Secure Score control */
	AREA_PORTS,		/* endpoint probes */
	AREA_PORTAL,		/* the admin centre's own API, where it is allowed */
	AREA_PERMISSIONS,	/* directory roles of whoever is signed in */
	AREA_APPLICATION,	/* the wizard's own app registration, while it is made */
	/* Only where a benchmark is judged (wanted.benchmark). */
	AREA_PASSWORDS,		/* groupSettings: lockout, banned words */
	AREA_DOMAINS,		/* how long the passwords of each domain last */
	AREA_ROLES,		/* who holds the strongest roles */
	AREA_BETA,		/* what of the methods policy only beta tells */
	/* Only where a person allows beta (wanted.beta). */
	AREA_RECOMMENDATION,	/* Entra's own recommendation on password reset */
	AREA_RESETS,		/* Microsoft's own counts of resets */
	AREA_COUNT,
};
#define AREA_BIT(a) (1u << (a))
#define AREAS_ALL (AREA_BIT(AREA_COUNT) - 1)
const char *area_name(enum area a);

enum source_state {
	SOURCE_UNREAD,
	SOURCE_READ,
	SOURCE_FORBIDDEN,	/* a scope, role or licence is missing */
	SOURCE_ABSENT,		/* this cloud or tenant has no such thing */
	SOURCE_FAILED,
	SOURCE_SKIPPED,		/* not asked for (demo has no network, ...) */
};

/* How an area was read: the reason behind every "unknown". */
struct source {
	enum source_state state;
	int64_t observed_ms;
	const char *request;	/* "GET /v1.0/subscribedSkus" */
	struct err err;		/* when FORBIDDEN or FAILED */
};

struct organization {
	const char *id, *display_name, *default_domain, *tenant_type;
	const char *initial_domain;	/* NAME.onmicrosoft.com; NULL = not given */
	enum tri sync_enabled;	/* UNKNOWN also when it never was (null) */
	bool ever_synced;	/* true or false was given, not null */
	int64_t last_sync_ms;	/* 0 = none */
	bool custom_domain;	/* a domain outside onmicrosoft.com */
	bool federated;		/* any federated domain */
	const char *const *federated_domains;
	size_t nfederated;
};

struct sku {
	const char *part_number, *sku_id, *status;
	bool p1, p2, smb;	/* plans it carries, by service plan id */
	bool people;		/* not a room or device licence */
	int enabled, warning, suspended, consumed;
};

struct licences {
	struct sku *v;
	size_t n, cap;
};

struct group {
	const char *id, *display_name, *description, *membership_rule;
	bool security, mail_enabled, dynamic, unified, on_premises;
	bool role_assignable, management_restricted;
	int64_t created_ms;
};

struct groups {
	const char *name;	/* the wanted one; NULL = not asked for */
	struct group *v;	/* every group of that name */
	size_t n, cap;
	const struct group *chosen;	/* the one usable, or the operator's pick;
					   NULL when none or not decided */
};

/* A plain assigned security group, the only kind whose members can be written
 * and that carries no rights of its own (facts graph.md 3.1). */
bool group_usable(const struct group *g);

enum user_type { USER_MEMBER, USER_GUEST, USER_OTHER };

struct person {
	const char *id, *display_name, *upn, *mail;
	enum user_type type;
	enum tri enabled;	/* account enabled */
	enum tri synced;	/* onPremisesSyncEnabled */
	enum tri licensed;	/* P1 or P2 plan Enabled; UNKNOWN if not given */
	enum tri licence_warning;	/* the plan is in Warning */
	enum tri basic_licensed;	/* any plan good for cloud-only reset */
	bool direct;		/* a direct member of the group */
	bool sync_error;	/* has onPremisesProvisioningErrors */
	enum tri admin;		/* holds a role of the two-gate table */

	/* From the registration report; row_ms 0 = not in the report. */
	int64_t row_ms;
	enum tri sspr_registered, sspr_enabled, sspr_capable, mfa_registered, mfa_capable;
	const char *const *methods;	/* methodsRegistered, as given */
	size_t nmethods;
};

struct people {
	struct person *v;
	size_t n, cap;
	uint32_t *slots;	/* hash of the ids: place + 1, 0 = free; may be NULL */
	size_t nslots;		/* a power of two */
};

/* Entries of --members or the picker that are not simply a person. */
enum entry_state {
	ENTRY_FOUND, ENTRY_UNKNOWN, ENTRY_DUPLICATE, ENTRY_AMBIGUOUS,
};
struct entry {
	const char *text;		/* as given */
	unsigned line;			/* 0 = typed */
	enum entry_state state;
	const struct person *person;	/* when FOUND or DUPLICATE */
	const char *id;			/* of that person, while reading */
};

struct members {
	struct people people;		/* users, nested ones included */
	const char *const *nested;	/* display names of nested groups */
	size_t nnested;
	size_t others;			/* devices, service principals, contacts */
};

struct wanted_people {
	struct entry *v;
	size_t n, cap;
	struct people people;		/* the distinct ones found */
	struct people answers;		/* as the answers gave them, while reading */
	unsigned round;			/* which lookup is on, while reading */
};

enum method_id {
	METHOD_AUTHENTICATOR, METHOD_SMS, METHOD_EMAIL, METHOD_VOICE,
	METHOD_SOFTWARE_OATH, METHOD_HARDWARE_OATH, METHOD_FIDO2, METHOD_TAP,
	METHOD_OTHER, METHOD_COUNT = METHOD_OTHER,
};
const char *method_title(enum method_id m);	/* "Microsoft Authenticator" */
const char *method_graph_id(enum method_id m);	/* "MicrosoftAuthenticator" */
/* The method of a Graph id, any case; METHOD_OTHER when it is not one of ours. */
enum method_id method_by_graph_id(const char *id);

struct target {
	const char *id;			/* group id, user id or "all_users" */
	const char *type;		/* "group", "user", unknown kept */
	const char *name;		/* of a group, where it was asked for; NULL */
	const char *json;		/* the whole target as Graph gave it */
};

struct method {
	bool present;			/* the policy has this method */
	bool enabled;
	bool oath;			/* Authenticator: isSoftwareOathEnabled */
	bool external_email;		/* Email: allowExternalIdToUseEmailOtp on */
	struct target *include, *exclude;
	size_t ninclude, nexclude;
	const char *config_json;	/* the whole configuration, as read */
};

enum migration { MIGRATION_UNKNOWN, MIGRATION_PRE, MIGRATION_IN_PROGRESS,
		 MIGRATION_COMPLETE, MIGRATION_NULL };

/* How a Temporary Access Pass is in this tenant; 0 = not given. */
struct pass_policy {
	int lifetime, minimum, maximum;	/* minutes; lifetime: unless one is chosen */
	int length;			/* characters */
	enum tri once;			/* each pass is for one use */
};

struct methods_policy {
	struct method method[METHOD_COUNT];
	enum migration migration;
	int64_t modified_ms;
	const char *campaign_state;	/* NULL if none */
	const char *campaign_json;
	struct pass_policy pass;
	size_t bytes;			/* size of the policy: 20 KB is its limit */
};

struct authorization {
	enum tri admins_may_reset;	/* allowedToUseSSPR */
};

/* Who may reset, triangulated (DESIGN 5, portal-api.md 5.6). */
enum scope { SCOPE_UNKNOWN, SCOPE_NONE, SCOPE_SELECTED, SCOPE_ALL };

#define MFA_GAPS_KEPT 6
struct registration {
	size_t rows;			/* all rows read */
	int64_t oldest_row_ms, newest_row_ms;
	/* Non-admin members (people of the directory, not guests). */
	size_t members_total;		/* rows of non-admin members */
	size_t enabled_total;		/* of them isSsprEnabled */
	size_t enabled_in_group, enabled_outside;
	size_t not_enabled_in_group, not_enabled_outside;
	size_t capable_total, registered_total;
	size_t question_only;		/* security question registered and little else */
	size_t question_people;		/* security question registered */
	size_t phone_only;		/* SMS or voice are their only methods */
	/* Members of the directory, administrators too, not guests. */
	size_t mfa_members, mfa_capable, strong_members;
	const char *mfa_gaps[MFA_GAPS_KEPT];	/* the first who are not MFA capable */
	size_t nmfa_gaps;		/* all of them */
	/* Rows that tell how many methods are required (facts 7.1). */
	size_t one_method_registered;	/* one method, yet registered: 1 required */
	size_t one_method_not;		/* one method, not registered: 2 required */
	/* The rows worth keeping: members, people wanted, administrators. */
	struct people kept;
	/* usersRegisteredByFeature(member,user) */
	bool have_counts;
	size_t count_total, count_enabled, count_registered, count_capable;
};

struct sync_identity {
	const char *id;
	const char *name;		/* account or service principal name */
	const char *server;		/* machine, taken from the name; NULL */
	bool application;		/* app-based authentication */
	bool writeback_roles;		/* the password reset service lets it write back */
	int64_t writeback_roles_ms;	/* since then; 0 = not given */
	int64_t created_ms;
};
struct sync_job {
	const char *template_id, *status, *last_state, *quarantine_reason;
	int64_t last_success_ms;
};
struct sync_facts {
	struct sync_identity *identities;
	size_t nidentities, identities_cap;
	struct sync_job *jobs;
	size_t njobs, jobs_cap;
	/* Which of its reads were answered; the source is READ when one was. */
	bool accounts_read, applications_read, jobs_read;
	enum tri password_hash_sync;	/* features.passwordSyncEnabled */
	enum tri soft_match_blocked, hard_match_blocked;	/* features too */
};

struct sync_error {
	const char *name, *category, *property, *value;
	int64_t occurred_ms;
	bool group;
};
struct sync_errors {
	struct sync_error *v;		/* SYNC_ERROR_KEEP at most */
	size_t n, cap;
	size_t total;			/* objects with an error */
};
#define SYNC_ERROR_KEEP 500

/* Audit events of the service, folded: newest evidence of each kind. */
enum event_kind {
	EVENT_RESET, EVENT_CHANGE, EVENT_UNLOCK, EVENT_ADMIN_RESET, EVENT_FLOW,
	EVENT_BLOCKED, EVENT_REGISTERED, EVENT_POLICY, EVENT_WRITEBACK_ON,
	EVENT_WRITEBACK_OFF, EVENT_OTHER,
};
struct event {
	enum event_kind kind;
	int64_t time_ms;
	const char *activity, *result, *reason, *correlation_id;
	const char *user_id, *upn, *actor;
	const char *agent;		/* OnPremisesAgent detail, NULL */
	const char *id;			/* of the event; NULL = not given */
	const char *group_id;		/* of a group it is about; NULL = none */
	const char *group_name;		/* its name then; NULL = not given */
};
/* The last known value of a portal setting, by its policy-change event. */
struct policy_value {
	const char *old_value, *new_value, *actor;	/* NULL = never seen */
	int64_t time_ms;
};
struct audit {
	struct event *v;		/* newest first, EVENT_KEEP at most */
	size_t n, cap;
	/* Changes of policies and groups by anybody, when they were asked for
	 * (wanted.changes_since_ms); newest first for each activity. */
	struct event *changes;
	size_t nchanges, changes_cap;
	size_t total;			/* events in the window */
	bool truncated;			/* there were more pages than we read */
	size_t pages;
	int64_t since_ms;		/* start of the window that was asked */
	size_t resets, reset_failures, written_back;
	size_t flows;			/* distinct attempts among the events kept */
	size_t blocked;			/* people blocked for 24 hours */
	int64_t last_written_back_ms, writeback_on_ms, writeback_off_ms;
	int64_t last_writeback_failure_ms;
	const char *last_writeback_failure;
	struct policy_value scope, methods_required, notify_users, notify_admins,
			    registration_required, reconfirm_days, writeback, unlock, scope_group,
			    helpdesk_on, helpdesk;
};
#define EVENT_KEEP 2000

struct admins {
	struct people people;		/* report rows with isAdmin, not guests */
	size_t sync_accounts;		/* left out: directory sync accounts */
};

struct access_policy {
	const char *id, *name, *state;	/* enabled, disabled, report-only */
	bool block, mfa, managed_device;
	bool strength;			/* mfa is an authentication strength */
	bool phishing_resistant;	/* the built-in strength of that name */
	bool other_control;		/* a control that is none of these */
	bool needs_all;			/* grant operator AND: each control is needed */
	bool registration;		/* on the action "register security information" */
	bool all_apps;			/* on all resources */
	bool apps_left_out;		/* some of them are excluded */
	bool device_code;		/* on sign-in with a device code */
	bool by_risk;			/* on risky users or sign-ins only */
	bool old_clients;		/* on clients of legacy authentication only */
	bool narrowed;			/* by platform or device filter */
	bool outside_trusted;		/* bites off the trusted locations only */
	bool some_places;		/* in the places that it names only */
	bool hits_group;		/* pilot members are in its scope */
	bool hits_unknown;		/* it names groups or roles that were not read */
	const char *users_json;		/* conditions.users as read */
};
struct access {
	struct access_policy *v;	/* those on the registration action */
	size_t n, cap;
	struct access_policy *all;	/* every policy, those too */
	size_t nall, all_cap;
	enum tri security_defaults;
};

struct branding {
	bool present;
	enum tri hide_reset_link;	/* the "forgot password" link is hidden */
	const char *hidden;		/* "hideForgotMyPassword, hideResetItNow"; NULL */
	const char *custom_reset_url;
};

/* Password Rule Settings of groupSettings. A tenant that never changed one has
 * none: Microsoft's defaults hold (lockout 10 tries, 60 s; words not checked). */
struct password_rules {
	bool present;
	enum tri custom_list;		/* EnableBannedPasswordCheck */
	size_t words;			/* in the list */
	enum tri on_premises;		/* EnableBannedPasswordCheckOnPremises */
	const char *mode;		/* "Enforce", "Audit"; NULL = not given */
	int threshold, duration;	/* tries, seconds; -1 = not given */
};

struct domain {
	const char *name;
	bool root, verified, federated;
	int64_t validity_days;		/* 2147483647 = never expire; -1 = not set */
};
#define PASSWORDS_NEVER_EXPIRE 2147483647
struct domains {
	struct domain *v;
	size_t n, cap;
};

/* Active holders of the strongest roles; one person once. Whoever is only
 * eligible (Privileged Identity Management) is not among them. */
struct role_holder {
	const char *id, *upn, *name;
	bool global;			/* Global Administrator */
	bool group, application;	/* not a person */
	enum tri synced;
};
struct roles {
	struct role_holder *v;
	size_t n, cap;
	size_t read;			/* roles whose members were read */
};

/* Beta settings of the methods policy, as states ("enabled", "default"); NULL =
 * not given. */
struct beta_settings {
	const char *system_preferred;	/* systemCredentialPreferences.state */
	bool system_preferred_all;	/* for all_users */
	const char *report_suspicious;	/* reportSuspiciousActivitySettings.state */
	bool report_suspicious_all;
	const char *companion_apps;	/* companionAppAllowedState.state */
};

struct score_control {
	const char *name, *text;	/* text: implementationStatus, or NULL */
	int percent;			/* -1 = not given */
};
struct score {
	int count, total;		/* of SelfServicePasswordReset; -1 = not given */
	int64_t synced_ms;
	struct score_control *controls;	/* every control of the newest score */
	size_t ncontrols, controls_cap;
};

/*
 * Entra's recommendation "Enable self-service password reset", made anew each day
 * (facts portal-api.md 5.5). All empty where Entra shows none.
 */
struct recommendation {
	const char *status;	/* active, completedBySystem, completedByUser, dismissed,
				   postponed; NULL = not shown */
	double score, max_score;	/* the part of all people who may reset; -1 = not given */
	int64_t checked_ms;
};

/* userPasswordResetsAndChangesSummary: a day each (facts graph.md 7.3). */
struct reset_day {
	int64_t day_ms;			/* aggregatedDateTime */
	size_t by_people, by_admins, changes;
};
struct reset_days {
	struct reset_day *v;		/* RESET_DAYS_MAX at most, in any order */
	size_t n, cap;
};
#define RESET_DAYS_MAX 400

struct port_probe {
	const char *host, *purpose, *issuer;
	int port;
	bool pending;			/* no answer yet; the rest is empty */
	bool answered, inspected;	/* TLS issuer is not a public one */
	bool by_proxy;
	const char *where;		/* "here", "server NAME" */
	const char *problem;		/* NULL when well */
	int64_t time_ms;		/* 0 = that of the area */
	int took_ms;
};
struct ports {
	struct port_probe *v;
	size_t n, cap;
};

/* What the admin centre's own API tells (facts portal-api.md 1.2, 1.3). Values are
 * in the words of setting_judge(); NULL = not told. */
struct portal_facts {
	const char *policy_json, *on_premises_json;	/* whole, as read */
	const char *scope, *group_id, *methods_required, *notify_users, *notify_admins,
		   *registration_required, *reconfirm_days, *writeback, *unlock, *helpdesk;
};

/* Directory roles of whoever is signed in, through groups too. */
struct held_role {
	const char *name, *template_id;
};
struct held_roles {
	struct held_role *v;
	size_t n, cap;
};

/* The app registration that the wizard signs in with, as it stands, and the ids of
 * Microsoft Graph's delegated permissions in this tenant. */
struct scope_id {
	const char *name, *id;
};
struct application_facts {
	const char *graph_id;		/* object id of Graph's service principal */
	struct scope_id *scopes;
	size_t nscopes, scopes_cap;
	size_t found;			/* applications of the name */
	const char *id, *app_id, *created;	/* of the only one; else NULL */
	bool single_tenant, public_client, redirect;
	const char *declared;		/* names of the declared scopes, separated by blanks */
	const char *principal_id;	/* NULL: it has none */
	const char *granted;		/* consented for everybody; NULL: nothing */
};

/* What a person said (journal), newest per setting. */
struct attestation {
	const char *setting;		/* "enablement.scope" */
	const char *value, *who;
	int64_t time_ms;
};
struct attestations {
	struct attestation *v;
	size_t n, cap;
};

/*
 * Whoever owns the facts sets now_ms, cloud, has_methods_policy, has_audit,
 * has_portal, application, read_only, beta, granted and the attestations. Text of one
 * area lives in the arena of that area, so that forgetting it gives its memory back;
 * `arena` is for the rest.
 */
struct facts {
	struct arena arena;
	struct arena area_arena[AREA_COUNT];
	unsigned started;		/* areas whose first request is out */
	int64_t now_ms;			/* "now" for every judgement */
	struct source source[AREA_COUNT];
	const char *cloud;		/* cloud name */
	bool has_methods_policy, has_audit;	/* what this cloud offers */
	bool has_portal;		/* the admin centre's own API may be asked */
	bool application;		/* no person is signed in */
	bool read_only;			/* nothing will be written */
	bool beta;			/* Microsoft's beta interface may be read at will */
	bool registering;		/* AREA_APPLICATION is asked for, and nothing else */
	const char *granted;		/* scopes of the token, borrowed; NULL or "" = not
					   told */

	struct organization organization;
	struct licences licences;
	struct groups groups;
	struct members members;
	struct wanted_people wanted_people;
	struct methods_policy methods;
	struct authorization authorization;
	struct registration registration;
	struct sync_facts sync;
	struct sync_errors sync_errors;
	struct audit audit;
	struct admins admins;
	struct access access;
	struct branding branding;
	struct score score;
	struct ports ports;
	struct portal_facts portal;
	struct password_rules passwords;
	struct domains domains;
	struct roles roles;
	struct held_roles held;
	struct application_facts application_of;
	struct beta_settings beta_settings;
	struct recommendation recommendation;
	struct reset_days reset_days;
	struct attestations attestations;
	/* What servers told (checks/servers.h); it stays when areas go. */
	struct server_facts server;	/* the active one's, as far as documents tell */
	struct server_facts *peers;	/* other servers', the newest first */
	size_t npeers, peers_cap;
};

void facts_init(struct facts *f);
void facts_release(struct facts *f);
/*
 * Forgets the areas of the mask, those that were made from them, and those
 * that are read by half: they become UNREAD and their memory is freed. The
 * caller clears the io first (io_clear()), because its replies are remembered.
 * Cloud, now and attestations stay; so do ports that were put in.
 */
void facts_forget(struct facts *f, unsigned areas);
/*
 * Reading areas again beside what is known of them: facts_begin() makes *fresh, in
 * which these areas are unread and the others are *known's own, borrowed; so *known
 * must stay. What was read then takes the place of the old with facts_take(), or is
 * given up with facts_drop(). After either call facts_attach() on *known, because
 * reading *fresh may have written into lists that both have.
 */
void facts_begin(struct facts *fresh, const struct facts *known, unsigned areas);
void facts_take(struct facts *known, struct facts *fresh, unsigned areas);
void facts_drop(struct facts *fresh);
/* The areas of the mask, and those whose facts hold pointers into them or were
 * selected by them: facts_forget() forgets these too. */
unsigned areas_made_from(unsigned areas);
unsigned areas_answered(const struct facts *f);	/* whatever the answer is */
bool facts_read(const struct facts *f, enum area a);	/* state is SOURCE_READ */
/* A hybrid tenant: synced now, or was. Cloud-only: never. */
enum tri facts_hybrid(const struct facts *f);
/* "we may not read it (403 ...)", for summaries of unknown. Never NULL. */
const char *facts_why_unknown(const struct facts *f, enum area a, struct arena *a_out);
/* The person of that object id, or NULL. Fast once people_index() was called,
 * and right without it. */
const struct person *people_find(const struct people *p, const char *id);
/* Builds the hash of the ids; call it when the last person is in. */
void people_index(struct people *p, struct arena *a);

#endif
