#ifndef CHECKS_CHECK_H
#define CHECKS_CHECK_H

#include "checks/facts.h"
#include "checks/finding.h"
#include "checks/wanted.h"
#include "graph/base/arena.h"

/* A check: pure, facts -> findings. One entry may add several findings. */
struct check_ops {
	const char *id;		/* of its first finding: "prereq.licence" */
	unsigned areas;		/* AREA_BIT()s that it judges */
	void (*judge)(const struct facts *f, const struct wanted *w, struct findings *out);
	const char *const *ids;	/* of all its findings, NULL-terminated */
};

extern const struct check_ops *const checks[];	/* NULL-terminated, runbook order */

/* Adds the findings whose id starts with prefix ("" = all). */
void checks_run(const struct facts *f, const struct wanted *w, const char *prefix,
		struct findings *out);
/* Points the links into the admin centre, from finding number `from` on, to that of
 * the facts' cloud; to none in a cloud whose admin centre is not known. The checks,
 * the diagnosis and the benchmarks have done so. */
void findings_of_cloud(const struct facts *f, struct findings *out, size_t from);
/* The areas that these findings are judged from. */
unsigned checks_areas(const char *prefix);

/* Scope by triangulation; how gets one sentence of "how we know". */
enum scope scope_judge(const struct facts *f, const struct wanted *w,
		       enum confidence *ret_confidence, const char **ret_how,
		       struct arena *arena);
/* Whether the scope Selected names our group: from the audit event's group id,
 * else from who is enabled. UNKNOWN when the scope is not Selected. */
enum tri scope_is_our_group(const struct facts *f, const struct wanted *w);
const char *scope_name(enum scope s);	/* "None", "Selected", "All", "cannot tell" */
/*
 * A setting of the admin centre that has no API: "scope", "methods.required",
 * "writeback.tenant", "notifications.users", "notifications.admins",
 * "registration.required"; any other is known by people's words only. Value as
 * text ("Selected", "1", "on", "off"; NULL = cannot tell) from audit events,
 * report rows and attestations; the newest wins unless they contradict.
 * *ret_how is a sentence and never NULL, *ret_time_ms when the value was true
 * (0 = no time).
 */
const char *setting_judge(const struct facts *f, const char *setting,
			  enum confidence *ret_confidence, const char **ret_how,
			  int64_t *ret_time_ms, struct arena *arena);
/* The server's own switch of writeback, "on", "off" or NULL, in the same way: what
 * was read on the server, the audit log's traces, and else people's words. */
const char *writeback_server_judge(const struct facts *f, enum confidence *ret_confidence,
				   const char **ret_how, int64_t *ret_time_ms,
				   struct arena *arena);
/* Where the value that setting_judge() gave with this confidence was found: the
 * request of the audit log or of the report, or the journal. Never NULL. */
const char *setting_request(const struct facts *f, const char *setting, enum confidence c);
/* A person's word about a setting counts for so long; then it is asked again. */
#define ATTESTATION_LIFE_MS (90LL * 24 * 60 * 60 * 1000)
bool attestation_stands(const struct attestation *a, int64_t now_ms);

/* A change that the audit log shows, in the words of setting_judge(). */
struct setting_change {
	const char *old_value;	/* NULL = not given, or not understood */
	const char *new_value;	/* NULL = not understood */
	const char *actor;	/* NULL = not given */
	int64_t time_ms;
};
/* The newest change of a setting later than since_ms; false when there is none. */
bool setting_changed(const struct facts *f, const char *setting, int64_t since_ms,
		     struct setting_change *ret);
/* What the registration report tells of a setting, by rows that are all later
 * than since_ms: a row proves nothing of a change after it (facts portal-api.md
 * 5.1). NULL when it tells nothing; *ret_how is then not touched. */
const char *setting_reported(const struct facts *f, const char *setting, int64_t since_ms,
			     const char **ret_how, struct arena *arena);
/* "answers", "does not answer, refused", "answers, certificate by O=Proxy". */
const char *port_answer_text(const struct port_probe *p, struct arena *arena);
/* The machines that have an identity to synchronise with, each once: "SRV1, SRV2".
 * With more than one nothing in the cloud tells which of them is active. */
const char *sync_servers_text(const struct facts *f, size_t *ret_n, struct arena *arena);
/* The distinct SSPR gates of a person: app, phone, email. */
unsigned person_gates(const struct person *p);
#define GATE_APP 1u
#define GATE_PHONE 2u
#define GATE_EMAIL 4u

/* Dated facts about Microsoft's service (dates.c), with source and "as of". */
struct dated {
	const char *id;		/* "sms-voice-retirement" */
	int64_t date_ms;
	bool month;		/* only the month is known; date_ms is its first day */
	const char *what;	/* a sentence with %s where the date goes */
	const char *what_past;	/* the same once it has happened */
	const char *source;	/* document and section */
	const char *as_of;	/* "2026-08" */
	bool global_only;	/* other clouds follow later, on no known date */
};
const struct dated *dated_find(const char *id);
/* Whether it has happened in that cloud. */
bool dated_over(const char *id, const char *cloud, int64_t now_ms);
/* "SMS from Microsoft ends on 1 Feb 2027, in 68 days." computed from now, with a
 * word about a cloud that follows later. */
const char *dated_text(const char *id, const char *cloud, int64_t now_ms, struct arena *arena);

#endif
