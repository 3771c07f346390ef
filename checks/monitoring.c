/* The runbook's monitoring from the audit log: what happened, with which
 * methods, with what success (facts graph.md 7.5 and 8). */
#include "checks/judge.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"

/* Of the attempts, how many per cent may fail before it is worth a warning. */
#define FAILURE_PERCENT 20
#define REASONS_SHOWN 5

static bool is_failure(const struct event *e)
{
	return (e->kind == EVENT_RESET || e->kind == EVENT_FLOW) &&
	       str_same_nocase(e->result, "failure");
}

bool event_blocks(const struct event *e)
{
	return e->kind == EVENT_BLOCKED ||
	       (e->reason && str_find_nocase(e->reason, "blocked for 24 hours"));
}

/* Distinct texts of some events, counted; sorted by count. */
struct tally {
	const char *text;
	size_t n;
};
struct tallies {
	struct tally *v;
	size_t n, cap;
};

/* Whether the text is a new one. */
static bool tally_add(struct tallies *t, const char *text)
{
	for (size_t i = 0; i < t->n; i++) {
		if (str_same(t->v[i].text, text)) {
			t->v[i].n++;
			return false;
		}
	}
	GROW(t->v, t->n, t->cap);
	t->v[t->n++] = (struct tally){ text, 1 };
	return true;
}

static int compare_tallies(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->text, y->text);
}

static void tally_evidence(const struct facts *f, struct findings *out, struct finding *one,
			   struct tallies *t)
{
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), compare_tallies);
	for (size_t i = 0; i < t->n && i < REASONS_SHOWN; i++)
		area_evidence(f, out, one, AREA_AUDIT, "%s: %s",
			      count_text(t->v[i].n, "time", &out->arena), t->v[i].text);
	free(t->v);
	t->v = NULL;
}

/* Which events the counts are of: all that were kept. */
static const char *window_text(const struct facts *f, struct arena *arena)
{
	return f->audit.truncated || f->audit.total > f->audit.n
	       ? arena_printf(arena, "of the newest %zu events", f->audit.n) : "of 30 days";
}

static void judge_blocked(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.blocked-people", "monitoring",
					   "Blocked people");
	struct tallies people = { .n = 0 };

	one->link = LINK_ACTIVITY;
	if (!need_area(f, out, one, AREA_AUDIT))
		return;
	for (size_t i = 0; i < f->audit.n; i++) {
		const struct event *e = &f->audit.v[i];

		if (event_blocks(e))
			tally_add(&people, e->upn ? e->upn : e->user_id ? e->user_id : "?");
	}
	if (!people.n) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Nobody was blocked in the audit log %s.", window_text(f, &out->arena));
	} else {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "%s tried too often and %s blocked for 24 hours, in the audit log "
			    "%s.", count_people(people.n, &out->arena),
			    people.n == 1 ? "was" : "were", window_text(f, &out->arena));
		finding_remedy(out, one, "Ask them whether it was they: if not, somebody is "
			       "trying to take the account over.");
	}
	tally_evidence(f, out, one, &people);
}

static void judge_failures(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.reset-failures", "monitoring",
					   "Failed resets");
	struct tallies reasons = { .n = 0 }, attempts = { .n = 0 };
	size_t flows = f->audit.flows;

	one->link = LINK_ACTIVITY;
	if (!need_area(f, out, one, AREA_AUDIT))
		return;
	for (size_t i = 0; i < f->audit.n; i++) {
		const struct event *e = &f->audit.v[i];

		/* An attempt leaves several events; its newest failure is why. */
		if (is_failure(e) &&
		    tally_add(&attempts, e->correlation_id ? e->correlation_id : e->activity))
			tally_add(&reasons, e->reason && e->reason[0] ? e->reason
								      : "no reason given");
	}
	free(attempts.v);
	if (flows < attempts.n)
		flows = attempts.n;
	if (!attempts.n) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "No reset failed in the audit log %s.", window_text(f, &out->arena));
	} else {
		bool many = attempts.n * 100 >= flows * FAILURE_PERCENT;

		finding_set(out, one, many ? VERDICT_WARN : VERDICT_PASS, CONFIDENCE_PROVED,
			    "%zu of %zu attempts failed, in the audit log %s.", attempts.n,
			    flows, window_text(f, &out->arena));
		if (many)
			finding_remedy(out, one, "The reasons are in the evidence; `sspr-wizard "
				       "diagnose USER` explains a single person's.");
	}
	tally_evidence(f, out, one, &reasons);
}

/* Nothing in the log: perhaps nothing happened, perhaps nothing is gathered
 * (facts graph.md 8.1). */
static bool log_has_events(const struct facts *f, struct findings *out, struct finding *one)
{
	if (!need_area(f, out, one, AREA_AUDIT))
		return false;
	if (f->audit.total)
		return true;
	finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
		    "The audit log has no event of password reset in 30 days: nothing "
		    "happened, or nothing is gathered yet.");
	finding_remedy(out, one, "Open Password reset, Audit logs in the admin centre once: "
		       "gathering begins with the first visit.");
	return false;
}

static void judge_audit(const struct facts *f, struct findings *out)
{
	static const char *const kinds[] = {
		[EVENT_RESET] = "Reset password (self-service)",
		[EVENT_CHANGE] = "Change password (self-service)",
		[EVENT_UNLOCK] = "Unlock user account (self-service)",
		[EVENT_ADMIN_RESET] = "Reset password (by admin)",
		[EVENT_FLOW] = "Flow activity progress",
		[EVENT_BLOCKED] = "Blocked from self-service password reset",
		[EVENT_REGISTERED] = "Registered for password reset",
		[EVENT_POLICY] = "Policy changes",
		[EVENT_WRITEBACK_ON] = "Enable password writeback",
		[EVENT_WRITEBACK_OFF] = "Disable password writeback",
		[EVENT_OTHER] = "Other events",
	};
	struct finding *one = findings_add(out, "monitor.audit", "monitoring", "Audit log");
	size_t counts[COUNT_OF(kinds)] = { 0 };
	const struct audit *a = &f->audit;

	one->link = LINK_ACTIVITY;
	if (!log_has_events(f, out, one))
		return;
	for (size_t i = 0; i < a->n; i++)
		counts[a->v[i].kind]++;
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (counts[i])
			area_evidence(f, out, one, AREA_AUDIT, "%s: %zu", kinds[i], counts[i]);
	finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
		    "%s%s: %s, %zu refused, %zu written back.",
		    count_text(a->total, "event", &out->arena), a->truncated ? " or more" : "",
		    count_text(a->resets, "reset", &out->arena), a->reset_failures,
		    a->written_back);
}

/* Resets leave no sign-in; the flow's events tell which way people proved who
 * they are (facts graph.md 8.4 and 8.5). */
static void judge_ways(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "monitor.sign-ins", "monitoring",
					   "Challenges and methods");
	struct tallies ways = { .n = 0 };
	size_t n = 0;

	one->link = LINK_ACTIVITY;
	if (!log_has_events(f, out, one))
		return;
	for (size_t i = 0; i < f->audit.n; i++) {
		const struct event *e = &f->audit.v[i];

		if (e->kind != EVENT_FLOW || !e->reason ||
		    str_find_nocase(e->reason, "User completed the") != e->reason)
			continue;
		tally_add(&ways, e->reason);
		n++;
	}
	finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
		    "%s passed, by %s of method.", count_text(n, "challenge", &out->arena),
		    count_text(ways.n, "kind", &out->arena));
	tally_evidence(f, out, one, &ways);
}

static void judge_usage(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "monitor.usage", "monitoring", "Usage");
	const struct registration *r = &f->registration;
	const struct audit *a = &f->audit;
	size_t flows, resets = 0;

	one->link = LINK_ACTIVITY;
	if (!log_has_events(f, out, one))
		return;
	if (facts_read(f, AREA_REGISTRATION))
		area_evidence(f, out, one, AREA_REGISTRATION, "%zu of %zu people registered, "
			      "%zu capable", r->registered_total, r->members_total,
			      r->capable_total);
	for (size_t i = 0; i < a->n; i++)
		resets += a->v[i].kind == EVENT_RESET &&
			  str_same_nocase(a->v[i].result, "success");
	flows = a->flows > resets ? a->flows : resets;
	if (!flows) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Nobody tried to reset a password in 30 days.");
		return;
	}
	area_evidence(f, out, one, AREA_AUDIT, "%s, %s reset, in the audit log %s",
		      count_text(flows, "attempt", &out->arena),
		      count_text(resets, "password", &out->arena),
		      window_text(f, &out->arena));
	finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
		    "%zu of %zu attempts ended with a new password (%zu %%).", resets, flows,
		    resets * 100 / flows);
}

void judge_monitoring(const struct facts *f, const struct wanted *w, struct findings *out)
{
	(void)w;
	judge_blocked(f, out);
	judge_failures(f, out);
	judge_audit(f, out);
	judge_ways(f, out);
	judge_usage(f, out);
}
