/* Who has registered (facts graph.md 7.1); only registered methods count. */
#include "checks/judge.h"

#include "checks/gates.h"
#include "graph/base/clock.h"

#define DAY_MS (24 * 60 * 60 * 1000LL)
/* The report lags by hours, two days at the worst (facts graph.md 7.1). */
#define STALE_DAYS 2
#define REGISTER_AT "https://aka.ms/mysecurityinfo"

/* Whoever the rollout is for: the group's members, or the people wanted while
 * there is no group. */
static const struct people *pilot(const struct facts *f)
{
	if (facts_read(f, AREA_MEMBERS))
		return &f->members.people;
	return f->source[AREA_MEMBERS].state == SOURCE_ABSENT && f->wanted_people.people.n
	       ? &f->wanted_people.people : NULL;
}

/* Ready: capable, or registered and only waiting to be enabled. */
static bool is_ready(const struct person *p)
{
	return p->sspr_capable == TRI_YES ||
	       (p->sspr_registered == TRI_YES && p->sspr_enabled != TRI_YES);
}

struct coverage {
	size_t people, ready, no_row;
	struct names missing;
	int64_t oldest_ms;
};

static void cover(const struct people *people, struct coverage *c)
{
	for (size_t i = 0; i < people->n; i++) {
		const struct person *p = &people->v[i];

		if (!person_counts(p) || p->admin == TRI_YES)
			continue;
		c->people++;
		c->no_row += !p->row_ms;
		if (p->row_ms && (!c->oldest_ms || p->row_ms < c->oldest_ms))
			c->oldest_ms = p->row_ms;
		if (is_ready(p))
			c->ready++;
		else
			names_add(&c->missing, person_label(p));
	}
}

static const char *report_age(const struct facts *f, int64_t oldest_ms, struct arena *arena)
{
	char span[TIME_TEXT];

	if (!oldest_ms)
		return "of unknown age";
	return arena_printf(arena, "up to %s old", time_span(f->now_ms - oldest_ms, span));
}

static void set_coverage(const struct facts *f, const struct wanted *w, struct findings *out,
			 struct finding *one, struct coverage *c)
{
	const char *age = report_age(f, c->oldest_ms, &out->arena);
	const char *missing = names_text(&c->missing, &out->arena);
	bool enough = c->ready * 100 >= c->people * (size_t)w->registered_percent;

	area_evidence(f, out, one, AREA_REGISTRATION, "rows %s", age);
	if (c->missing.n)
		area_evidence(f, out, one, AREA_REGISTRATION, "not registered: %s", missing);
	if (c->no_row)
		area_evidence(f, out, one, AREA_REGISTRATION, "without a row: %s; new accounts "
			      "take hours, disabled ones never get one",
			      count_people(c->no_row, &out->arena));
	if (!c->people) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply yet: there is nobody in the pilot.");
		return;
	}
	finding_set(out, one, enough ? VERDICT_PASS : c->ready ? VERDICT_WARN : VERDICT_FAIL,
		    CONFIDENCE_PROVED,
		    "%zu of %zu pilot people are registered (%zu %%, wanted %d %%); the report "
		    "is %s.", c->ready, c->people, c->ready * 100 / c->people,
		    w->registered_percent, age);
	if (c->missing.n)
		finding_remedy(out, one, "Send them to " REGISTER_AT " before they are enabled: "
			       "only methods they registered count.");
}

/* Production: everybody of the directory who is no administrator. */
static void judge_everybody(const struct facts *f, const struct wanted *w, struct findings *out,
			    struct finding *one)
{
	const struct registration *r = &f->registration;
	size_t percent = r->members_total ? r->registered_total * 100 / r->members_total : 0;
	bool enough = percent >= (size_t)w->registered_percent;

	if (!r->members_total) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the report has no row of a person.");
		return;
	}
	finding_set(out, one, enough ? VERDICT_PASS : percent ? VERDICT_WARN : VERDICT_FAIL,
		    CONFIDENCE_PROVED, "%zu of %zu people of the tenant are registered (%zu %%, "
		    "wanted %d %% of everybody, as for production).", r->registered_total,
		    r->members_total, percent, w->registered_percent);
	if (!enough)
		finding_remedy(out, one, "Send the others to " REGISTER_AT " before the scope is "
			       "widened: only methods they registered count.");
}

static void judge_prereq(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "prereq.registration", "registration",
					   "Registration");
	const struct people *people = pilot(f);
	struct coverage c = { .people = 0 };

	one->link = LINK_REGISTRATION;
	if (!need_area(f, out, one, AREA_REGISTRATION))
		return;
	area_evidence(f, out, one, AREA_REGISTRATION, "tenant: %zu of %zu people registered",
		      f->registration.registered_total, f->registration.members_total);
	if (w->production) {
		judge_everybody(f, w, out, one);
		return;
	}
	if (!people) {
		need_members(f, w, out, one);
		return;
	}
	cover(people, &c);
	set_coverage(f, w, out, one, &c);
}

static void judge_stale(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.stale-report", "registration",
					   "Age of the registration report");
	const struct registration *r = &f->registration;
	char span[TIME_TEXT];

	one->link = LINK_REGISTRATION;
	if (!need_area(f, out, one, AREA_REGISTRATION))
		return;
	area_evidence(f, out, one, AREA_REGISTRATION, "%zu rows, newest %s, oldest %s", r->rows,
		      r->newest_row_ms ? "given" : "not given",
		      r->oldest_row_ms ? "given" : "not given");
	if (!r->rows || !r->newest_row_ms) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the report has no row with a time.");
		return;
	}
	time_span(f->now_ms - r->newest_row_ms, span);
	one->evidence[0].value = arena_printf(&out->arena, "%zu rows, the newest %s old",
					      r->rows, span);
	if (f->now_ms - r->newest_row_ms > STALE_DAYS * DAY_MS) {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "The newest row of the report is %s old: what it says may be over.",
			    span);
		finding_remedy(out, one, "Wait for the report, and judge single people by "
			       "their methods until then.");
		return;
	}
	finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
		    "The report is alive: its newest row is %s old.", span);
}

void judge_registration(const struct facts *f, const struct wanted *w, struct findings *out)
{
	judge_prereq(f, w, out);
	judge_stale(f, out);
}

static bool is_phone_only(const struct person *p)
{
	return person_gates(p) == GATE_PHONE;
}

/* Members whose way to reset ends on a date: a warning before, a failure after. */
static void judge_ending(const struct facts *f, struct findings *out, struct finding *one,
			 bool (*is)(const struct person *p), const char *what,
			 const char *date, const char *remedy)
{
	struct names names = { .n = 0 };
	const char *text;
	bool over = dated_over(date, f->cloud, f->now_ms);

	for (size_t i = 0; i < f->members.people.n; i++) {
		const struct person *p = &f->members.people.v[i];

		if (person_counts(p) && is(p))
			names_add(&names, person_label(p));
	}
	text = names_text(&names, &out->arena);
	finding_evidence(out, one, dated_find(date)->source, 0, "as of %s",
			 dated_find(date)->as_of);
	if (!names.n) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "No member %s.", what);
		return;
	}
	area_evidence(f, out, one, AREA_REGISTRATION, "%s", text);
	finding_set(out, one, over ? VERDICT_FAIL : VERDICT_WARN, CONFIDENCE_PROVED,
		    "%s in the group %s. %s", count_people(names.n, &out->arena), what,
		    dated_text(date, f->cloud, f->now_ms, &out->arena));
	finding_remedy(out, one, "%s", remedy);
}

void judge_registered(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "health.sms-only", "registration",
					   "Phone as the only method");

	one->link = LINK_REGISTRATION;
	if (need_members(f, w, out, one) && need_area(f, out, one, AREA_REGISTRATION))
		judge_ending(f, out, one, is_phone_only, "registered a phone and nothing else",
			     "sms-voice-retirement",
			     "Ask them to add Microsoft Authenticator or an e-mail address at "
			     REGISTER_AT ".");
	one = findings_add(out, "health.questions", "registration", "Security questions");
	one->link = LINK_REGISTRATION;
	if (need_members(f, w, out, one) && need_area(f, out, one, AREA_REGISTRATION))
		judge_ending(f, out, one, person_has_questions, "registered security questions",
			     "security-questions",
			     "Ask them to register Microsoft Authenticator or an e-mail address "
			     "at " REGISTER_AT ".");
}
