#ifndef CHECKS_USAGE_H
#define CHECKS_USAGE_H

#include "checks/event_filter.h"
#include "checks/facts.h"

/*
 * What the audit log tells of the use of password reset, counted: the runbook's
 * three kinds of monitoring. From v1.0 events alone (facts graph.md 7.5, 8).
 * All of its text is a copy in the arena given, so that it outlives a new look
 * at the tenant.
 */
struct usage_day {
	int64_t day_ms;			/* its start, UTC */
	size_t attempts, resets, refused, changes, unlocks, blocked, registered;
	size_t well;			/* of its attempts, those that ended well */
	size_t listed;			/* events that fit the filter */
};

/* A text and how often; in plain words where we know them (reasons.h). */
struct usage_count {
	const char *text, *plain, *remedy;
	size_t n;
};
struct usage_counts {
	struct usage_count *v;		/* most frequent first */
	size_t n, cap;
};

struct usage {
	int64_t since_ms;		/* events from here on are counted */
	struct event_filter filter;	/* as asked; its user in the arena */
	const struct event *events;	/* those that fit the filter, newest first */
	size_t nevents;
	bool complete;			/* no event of the window was left out */
	struct usage_day *days;		/* oldest first, one for each day */
	size_t ndays;
	struct usage_day total;
	/* One attempt is one correlation id; it succeeded when a new password
	 * was set. No attempt has no success rate. */
	size_t attempts, succeeded;
	size_t written_back;		/* of the resets, those an agent wrote back */
	struct usage_counts failures;	/* attempts by reason */
	struct usage_counts ways;	/* challenges that were passed */
	struct usage_counts blocked;	/* people, and how often */
};

#define USAGE_DAYS_MAX 30	/* what Microsoft keeps with P1 or P2 */

/* Counts the events of the filter's person and period, and keeps those that fit
 * all of it. */
void usage_count_events(const struct facts *f, const struct event_filter *filter,
			struct usage *ret, struct arena *arena);
/* "2 of 5 attempts (40 %)", or that nobody tried. */
const char *usage_rate_text(const struct usage *u, struct arena *arena);
/* Microsoft's own counts of the same days, where beta is read and nobody is picked out;
 * else "". They also count resets that the log no longer has. */
const char *usage_microsoft(const struct facts *f, const struct usage *u, struct arena *arena);
/* What limits the numbers: retention, events left out, gathering that has not
 * begun. "" when nothing does. */
const char *usage_limits(const struct facts *f, const struct usage *u, struct arena *arena);
/* Where the numbers come from and how late they are, for people. */
const char *usage_sources(const struct facts *f, struct arena *arena);

#endif
