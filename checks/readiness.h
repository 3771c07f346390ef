#ifndef CHECKS_READINESS_H
#define CHECKS_READINESS_H

#include "checks/facts.h"
#include "checks/finding.h"
#include "checks/traps.h"
#include "checks/wanted.h"

/*
 * Who of the pilot is ready for password reset, what is missing of whom, and
 * whether that is enough to begin: facts -> rows. Pure; no person costs a request.
 * All of its text is a copy in the arena given, so that it outlives a new look at
 * the tenant.
 */
#define READINESS_AREAS (AREA_BIT(AREA_ORGANIZATION) | AREA_BIT(AREA_GROUP) |		\
			 AREA_BIT(AREA_MEMBERS) | AREA_BIT(AREA_PEOPLE) |		\
			 AREA_BIT(AREA_METHODS) | AREA_BIT(AREA_AUTHORIZATION) |	\
			 AREA_BIT(AREA_REGISTRATION) | AREA_BIT(AREA_AUDIT) |		\
			 AREA_BIT(AREA_ACCESS) | AREA_BIT(AREA_PORTAL))

/*
 * What is missing, in the order in which it matters: an earlier one makes a later
 * one idle. Those who are not to reset at all come first, then what keeps a person
 * from a reset, then what only the licence terms ask for, then what cannot be told.
 */
enum gap {
	GAP_NONE,		/* ready */
	GAP_GUEST,		/* resets where the guest comes from */
	GAP_DISABLED,
	GAP_ADMINS_OFF,		/* administrators may not reset in this tenant */
	GAP_ADMIN_GATES,	/* an administrator with too few gates */
	GAP_UNREGISTERED,	/* nothing that a reset can use */
	GAP_TOO_FEW,		/* something, and not enough */
	GAP_NOT_ALLOWED,	/* enough, and the policy does not let it be used */
	GAP_BLOCKED,		/* tried too often, for 24 hours */
	GAP_WRITEBACK_OFF,	/* synchronised, and writeback is off */
	GAP_LICENCE,
	GAP_NO_ROW,		/* not in the registration report yet */
	GAP_REPORT_UNREAD,
	GAP_ACCOUNT_UNREAD,	/* neither enabled nor disabled was shown */
	GAP_LICENCE_UNKNOWN,
	GAP_WRITEBACK_UNPROVED,	/* synchronised, and nothing tells of writeback */
	GAP_COUNT,
};
#define GAP_BIT(g) (1u << (g))

/* The words of a gap: texts are constant and never NULL. */
struct gap_words {
	const char *id;		/* "too-few": stable, for other programs */
	const char *title;	/* "too few methods": at most 22 columns */
	const char *remedy;	/* one sentence for the operator; "" when ready */
	const char *whom;	/* who can close it: "the person", "who runs the server" */
	const char *ask;	/* what they are asked, one sentence; "" when nothing */
};
const struct gap_words *gap_words(enum gap g);
/* The gap of an id; GAP_COUNT when there is none. */
enum gap gap_by_id(const char *id);

enum ready {
	READY_NO,		/* something is missing */
	READY_UNKNOWN,		/* what decides could not be read: not a failure */
	READY_LEFT_OUT,		/* guests and disabled accounts: not counted */
	READY_YES,
};
const char *ready_name(enum ready r);	/* "gap", "unknown", "left-out", "ready" */

struct ready_person {
	const char *id, *name, *upn, *address;	/* mail, else the sign-in name */
	const char *const *methods;		/* as the report names them */
	size_t nmethods;
	const char *ways;	/* "app, phone": what of it a reset can use, "" = nothing */
	unsigned gates;		/* how many of app, phone, e-mail */
	enum ready ready;
	enum gap gap;		/* the one that matters first */
	unsigned gaps;		/* GAP_BIT()s, all of them */
	bool guest, nested;	/* nested: a member through another group */
	enum tri enabled, licensed, registered, reset_enabled, capable, admin, synced;
	int64_t row_ms;			/* of the report's row; 0 = none */
	int64_t reset_ms, failed_ms;	/* the newest in the log; 0 = none there */
	int64_t blocked_until_ms;	/* 0 = not blocked */
};

enum decision { DECISION_GO, DECISION_NO_GO, DECISION_UNKNOWN };
const char *decision_name(enum decision d);	/* "go", "no-go", "cannot-tell" */

struct readiness {
	struct ready_person *v;		/* gaps first, ready last; by gap, then name */
	size_t n;
	enum decision decision;
	const char *why;		/* one sentence */
	int threshold;			/* percent that are to be ready */
	int percent;			/* of those counted, rounded down; -1 = nobody */
	size_t counted, ready, lacking, unknown, left_out;
	size_t by_gap[GAP_COUNT];	/* people by the gap that matters first */
	size_t with_gap[GAP_COUNT];	/* people who have it at all; GAP_NONE: ready */
	const char *of;			/* "the group SSPR-Enabled-Users" */
	bool known;			/* there was somebody's list to judge */
	const char *writeback;		/* "on", "off", NULL = cannot tell */
	enum confidence writeback_confidence;
	const char *writeback_how;	/* a sentence */
	size_t synced;			/* of those counted */
	int64_t oldest_row_ms, newest_row_ms;	/* of these people; 0 = no row */
	bool report_read;		/* who has registered */
	bool log_read, log_whole;
	int64_t log_since_ms;
	/* What stands in the way of registering, for everybody of the pilot. */
	enum trap trap;
	const char *trap_policy, *trap_effect, *trap_way_out;	/* NULL: nothing does */
	enum tri pass;			/* the pilot may use a Temporary Access Pass */
	const char *reset_page, *help_desk;	/* help_desk: NULL = not told */
	const char *sources;		/* where this comes from and how old it is */
};

/* Judges everybody in the group, or those wanted in it while there is none. */
void readiness_judge(const struct facts *f, const struct wanted *w, struct readiness *ret,
		     struct arena *arena);
/* All the gaps of a person but the first: "no licence, writeback off"; "". */
const char *readiness_also(const struct ready_person *p, struct arena *arena);
/* What the operator does about a person, with the time of a block or the policy in
 * the way; one or two sentences. */
const char *readiness_remedy(const struct readiness *r, const struct ready_person *p,
			     struct arena *arena);

#endif
