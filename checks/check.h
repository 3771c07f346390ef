#ifndef CHECKS_CHECK_H
#define CHECKS_CHECK_H

#include "checks/facts.h"
#include "checks/finding.h"
#include "checks/wanted.h"

/* A check: pure, facts -> findings. One entry may add several findings. */
struct check_ops {
	const char *id;		/* of its first finding: "prereq.licence" */
	unsigned areas;		/* AREA_BIT()s that it judges */
	void (*judge)(const struct facts *f, const struct wanted *w, struct findings *out);
};

extern const struct check_ops *const checks[];	/* NULL-terminated, runbook order */

/* Runs all checks whose id starts with prefix ("" = all). */
void checks_run(const struct facts *f, const struct wanted *w, const char *prefix,
		struct findings *out);
/* The areas these checks need. */
unsigned checks_areas(const char *prefix);

/* Scope by triangulation; how gets one sentence of "how we know". */
enum scope scope_judge(const struct facts *f, const struct wanted *w,
		       enum confidence *ret_confidence, const char **ret_how,
		       struct arena *arena);
const char *scope_name(enum scope s);	/* "None", "Selected", "All", "cannot tell" */
/* Methods required, writeback, notifications: value as text ("1", "on", NULL =
 * cannot tell) from audit events, report rows and attestations. */
const char *setting_judge(const struct facts *f, const char *setting,
			  enum confidence *ret_confidence, const char **ret_how,
			  int64_t *ret_time_ms, struct arena *arena);
/* The distinct SSPR gates of a person: app, phone, email. */
unsigned person_gates(const struct person *p);
#define GATE_APP 1u
#define GATE_PHONE 2u
#define GATE_EMAIL 4u

/* Dated facts about Microsoft's service (dates.c), with source and "as of". */
struct dated {
	const char *id;		/* "sms-voice-retirement" */
	int64_t date_ms;
	const char *what;	/* a sentence with %s where the date goes */
	const char *source;	/* document and section */
	const char *as_of;	/* "2026-08" */
};
const struct dated *dated_find(const char *id);
/* "SMS from Microsoft ends on 1 Feb 2027, in 68 days." computed from now. */
const char *dated_text(const char *id, int64_t now_ms, struct arena *arena);

#endif
