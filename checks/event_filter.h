#ifndef CHECKS_EVENT_FILTER_H
#define CHECKS_EVENT_FILTER_H

#include "checks/facts.h"

/*
 * Which events of the audit log are looked at. Zero is every event. Person and
 * period narrow all that is counted; result and kinds only choose the events
 * that are listed, because a success rate of failures alone would say nothing.
 */
enum event_result {
	RESULT_ANY,
	RESULT_SUCCESS,
	RESULT_FAILURE,		/* whatever did not succeed, a timeout too */
};

struct event_filter {
	const char *user;	/* NULL or "": everybody */
	enum event_result result;
	unsigned kinds;		/* EVENT_BIT()s; 0 = every kind */
	int64_t since_ms;	/* 0 = from the start of the first day */
	int days;		/* to look back, 1 to USAGE_DAYS_MAX; 0 = the most */
};
#define EVENT_BIT(kind) (1u << (kind))

/* Is about that person: with an @ the whole sign-in name, else a part of it or
 * the object id, in any case. */
bool event_of_user(const struct event *e, const char *user);
/* Is listed: person, result and kind; not the period. */
bool event_fits(const struct event *e, const struct event_filter *filter);
/* Only some of the events are listed. */
bool filter_chooses(const struct event_filter *filter);
/* "only ann@contoso.com, failures, kind reset"; "" when nothing is left out.
 * Text of the arena. */
const char *filter_text(const struct event_filter *filter, struct arena *arena);

/* "reset", "policy", ...: a stable word for other programs; and back, -1 when
 * there is no such kind. */
const char *event_kind_name(enum event_kind kind);
int event_kind_by_name(const char *name);
/* The same for people: "Password reset", "Policy changed". */
const char *event_kind_title(enum event_kind kind);
/* RESULT_* of "success" or "failure"; RESULT_ANY for anything else. */
enum event_result event_result_by_name(const char *name);
/* "2026-11-03", its start in UTC, or a time as time_parse() takes it. 0, or -1 with
 * *ret_ms untouched. */
int since_parse(const char *text, int64_t *ret_ms);

#endif
