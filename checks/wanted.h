#ifndef CHECKS_WANTED_H
#define CHECKS_WANTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checks/facts.h"

/*
 * struct wanted - the baseline as values: what the operator wants the tenant to
 * be. Built by steps/ from the runbook, the profile and the options; checks
 * read it. Text is borrowed from whoever built it.
 */
struct wanted {
	const char *baseline;		/* "runbook" */
	const char *benchmark;		/* judged too (benchmark.h), or NULL */
	enum tri beta;			/* Microsoft's beta interface: NO nothing is asked of it,
					   YES all that is useful, UNKNOWN what a benchmark
					   needs and cannot be told without it */
	const struct acceptance *accepted;	/* deviations (acceptance.h) */
	size_t naccepted;
	const char *group_name;		/* SSPR-Enabled-Users */
	const char *group_id;		/* the operator's pick among duplicates, or NULL */
	const char *const *entries;	/* people wanted, as given: UPN, mail or id */
	const unsigned *entry_lines;	/* their lines in the file, or NULL */
	size_t nentries;
	bool members_given;		/* --members or the picker was used */
	enum scope scope;		/* SCOPE_SELECTED */
	bool method[METHOD_COUNT];	/* Authenticator, SMS, Email on */
	int methods_required;		/* 1 */
	bool writeback;			/* wanted when the tenant is hybrid */
	bool admins_may_reset;
	bool notify_users, notify_admins;
	/* What the runbook names no value for is left as it is, unless a profile
	 * wants one: UNKNOWN, -1 and NULL. */
	enum tri registration_required;	/* people must register when they sign in */
	int reconfirm_days;		/* 0 to RECONFIRM_DAYS_MAX, 0 = never */
	enum tri unlock;		/* unlocking without a reset, in a hybrid tenant */
	const char *helpdesk;		/* an address or https URL, or HELPDESK_NONE */
	int sync_warn_hours, sync_fail_hours;	/* 3, 24 */
	int64_t changes_since_ms;	/* read who changed the directory since; 0 = not */
	int64_t audit_since_ms;		/* read the audit log from here; 0 = 30 days */
	int registered_percent;		/* of the people, registered; 80 */
	int ready_percent;		/* go / no-go of the pilot (readiness.h); 80 */
	bool production;		/* judged as finished, not as a pilot */
};

#define RECONFIRM_DAYS_MAX 730
/* Characters of a displayName (Graph v1.0, "Create group"; facts graph.md 3.1). */
#define GROUP_NAME_MAX 256
#define HELPDESK_NONE "none"	/* the link is not customised */

/* Whether a group can have this name: not blank, and GROUP_NAME_MAX characters at
 * most. Else -1 and why, before anything is read or written. */
int group_name_check(const char *name, struct err *err);

/* Whether a text can be where people in need of help are sent: a mail address or an
 * https URL, or HELPDESK_NONE. */
bool helpdesk_is_fit(const char *text);

/* The runbook's own values. */
void wanted_runbook(struct wanted *w);

#endif
