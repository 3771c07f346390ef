#ifndef CHECKS_LIVE_TEST_H
#define CHECKS_LIVE_TEST_H

#include "checks/facts.h"
#include "checks/reasons.h"

/*
 * The live test: one person's reset, followed through the audit log by the
 * correlation id that all events of an attempt share (facts graph.md 7.5, 8).
 * It is pure, so it works while the person resets and long afterwards. A newer
 * attempt may take minutes to reach the log.
 */
enum live_stage {
	LIVE_INITIATED,		/* the person gave the user name */
	LIVE_CHALLENGED,	/* a verification was started */
	LIVE_VERIFIED,		/* a verification was completed */
	LIVE_PASSWORD,		/* a new password was submitted */
	LIVE_WRITTEN_BACK,	/* it reached the directory on premises */
	LIVE_DONE,
	LIVE_STAGES,
};
const char *live_stage_title(enum live_stage s);	/* "New password" */

enum live_state {
	LIVE_NOTHING,		/* no event of this person in the time asked for */
	LIVE_RUNNING,
	LIVE_SUCCEEDED,
	LIVE_FAILED,
	LIVE_CANCELLED,		/* by the person: nothing is broken */
};
const char *live_state_name(enum live_state s);		/* "nothing", "running", ... */

/* Texts belong to the facts or the arena; none is NULL but where it says so. */
struct live_test {
	enum live_state state;
	int64_t stage_ms[LIVE_STAGES];	/* 0 = not seen */
	const char *correlation_id;	/* NULL = the attempt has none */
	const char *upn;		/* NULL = not given */
	const char *way;	/* "mobile SMS": the last verification, "" if none */
	unsigned verifications;		/* how many were completed */
	const char *agent;		/* that wrote back; NULL: none was named */
	bool unlocked;			/* the account was unlocked, the password kept */
	const char *reason;		/* the service's own words for a failure, or "" */
	const struct reason *why;	/* what it means; NULL: well, or unheard of */
	int64_t started_ms, last_ms;	/* first and newest event */
	size_t events;
	bool final;		/* the reset's own event is in: it says how it ended */
};

/*
 * Follows the newest attempt of a person, by sign-in name or object id, that has
 * an event at or after since_ms; 0 asks for the last there is. *ret is filled
 * in any case.
 */
void live_test_follow(const struct audit *a, const char *user, int64_t since_ms,
		      struct live_test *ret, struct arena *arena);
/* What happened, in a sentence or two; for a failure its cause and remedy. */
const char *live_test_summary(const struct live_test *t, struct arena *arena);

#endif
