#ifndef CHECKS_REASONS_H
#define CHECKS_REASONS_H

/*
 * What the service writes as the reason of an event, in plain words (facts
 * graph.md 8.4). Its texts are free and change: they are matched by a part, and
 * never decide alone.
 */
enum runbook_case {
	CASE_NONE, CASE_WRITEBACK, CASE_NOT_ALLOWED, CASE_NOT_REGISTERED, CASE_ADMIN,
};

struct reason {
	const char *part;		/* of the service's text, any case */
	const char *plain;		/* a sentence */
	const char *remedy;		/* what to do; "" when nothing is wrong */
	enum runbook_case runbook;	/* the troubleshooting case it belongs to */
};

/* The reason of a text, or NULL when we do not know it. NULL is allowed. */
const struct reason *reason_find(const char *text);
/* The heading of the runbook's troubleshooting section; NULL for CASE_NONE. */
const char *runbook_case_title(enum runbook_case c);

#endif
