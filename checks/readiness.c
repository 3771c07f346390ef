/* Who of the pilot is ready: each person's gaps, then the count of all. */
#include "checks/readiness.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "checks/diagnose.h"
#include "checks/gates.h"
#include "checks/judge.h"
#include "graph/base/clock.h"

#define DAY_MS (24 * 60 * 60 * 1000LL)

/* --- One person --------------------------------------------------------------------- */

/* Guests and disabled accounts cannot reset here, whatever else is done. */
static unsigned account_gaps(const struct person *p)
{
	if (p->type == USER_GUEST)
		return GAP_BIT(GAP_GUEST);
	if (p->enabled == TRI_NO)
		return GAP_BIT(GAP_DISABLED);
	return p->enabled == TRI_UNKNOWN ? GAP_BIT(GAP_ACCOUNT_UNREAD) : 0;
}

/* Administrators have a policy of their own: gates, and a switch (facts graph.md 6). */
static unsigned admin_gaps(const struct facts *f, const struct person *p)
{
	unsigned gaps = 0;

	if (f->authorization.admins_may_reset == TRI_NO)
		gaps |= GAP_BIT(GAP_ADMINS_OFF);
	if (gates_count(person_gates(p)) < admin_gates_needed(f))
		gaps |= GAP_BIT(GAP_ADMIN_GATES);
	return gaps;
}

/* Being enabled is what a "go" leads to: whoever is registered and not enabled yet
 * lacks nothing. Enabled, registered and still not capable is whoever registered what
 * the policy does not allow (facts graph.md 7.1). */
static unsigned method_gaps(const struct facts *f, const struct person *p)
{
	if (!facts_read(f, AREA_REGISTRATION))
		return GAP_BIT(GAP_REPORT_UNREAD);
	if (!p->row_ms || p->sspr_registered == TRI_UNKNOWN)
		return GAP_BIT(GAP_NO_ROW);
	if (p->admin == TRI_YES)
		return admin_gaps(f, p);
	if (p->sspr_registered == TRI_NO)
		return GAP_BIT(person_gates(p) || person_has_questions(p) ? GAP_TOO_FEW
									   : GAP_UNREGISTERED);
	return p->sspr_enabled == TRI_YES && p->sspr_capable == TRI_NO ? GAP_BIT(GAP_NOT_ALLOWED)
								       : 0;
}

/* Writing back needs P1 or P2; a cloud-only reset does with less (facts graph.md 1.1). */
static unsigned licence_gaps(const struct person *p)
{
	enum tri enough = p->licensed != TRI_NO || p->synced == TRI_YES ? p->licensed
									: p->basic_licensed;

	return enough == TRI_YES ? 0 :
	       GAP_BIT(enough == TRI_NO ? GAP_LICENCE : GAP_LICENCE_UNKNOWN);
}

static unsigned writeback_gaps(const struct readiness *r, const struct person *p)
{
	/* Where the account is not shown, that is the gap. */
	if (p->synced != TRI_YES)
		return 0;
	if (!r->writeback)
		return GAP_BIT(GAP_WRITEBACK_UNPROVED);
	return str_same(r->writeback, "off") ? GAP_BIT(GAP_WRITEBACK_OFF) : 0;
}

static void judge_person(const struct facts *f, const struct readiness *r,
			 const struct person *p, struct ready_person *one)
{
	unsigned account = account_gaps(p);
	bool left_out = account & (GAP_BIT(GAP_GUEST) | GAP_BIT(GAP_DISABLED));

	one->gaps = account;
	if (!left_out)
		one->gaps |= method_gaps(f, p) | licence_gaps(p) | writeback_gaps(r, p);
	if (!left_out && one->blocked_until_ms)
		one->gaps |= GAP_BIT(GAP_BLOCKED);
	for (unsigned g = GAP_COUNT; g-- > GAP_GUEST; )
		if (one->gaps & GAP_BIT(g))
			one->gap = (enum gap)g;
	one->ready = left_out ? READY_LEFT_OUT : one->gap == GAP_NONE ? READY_YES :
		     one->gap >= GAP_NO_ROW ? READY_UNKNOWN : READY_NO;
}

static const char *ways_text(const struct person *p, struct arena *arena)
{
	static const struct {
		unsigned gate;
		const char *name;
	} ways[] = {
		{ GATE_APP, "app" }, { GATE_PHONE, "phone" }, { GATE_EMAIL, "e-mail" },
	};
	CLEANUP(str_release) struct str text = { 0 };
	unsigned gates = person_gates(p);

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (gates & ways[i].gate)
			str_addf(&text, "%s%s", text.len ? ", " : "", ways[i].name);
	if (person_has_questions(p))
		str_addf(&text, "%squestions", text.len ? ", " : "");
	return arena_strdup(arena, str_text(&text));
}

static void copy_person(const struct person *p, struct ready_person *one, struct arena *arena)
{
	const char **methods = arena_alloc(arena, (p->nmethods + 1) * sizeof(*methods));
	const char *address = p->mail && *p->mail ? p->mail : p->upn;

	for (size_t i = 0; i < p->nmethods; i++)
		methods[i] = arena_strdup(arena, p->methods[i]);
	one->id = arena_strdup(arena, p->id ? p->id : "");
	one->upn = arena_strdup(arena, p->upn ? p->upn : "");
	one->name = arena_strdup(arena, p->display_name && *p->display_name ? p->display_name
									    : person_label(p));
	one->address = arena_strdup(arena, address ? address : "");
	one->methods = methods;
	one->nmethods = p->nmethods;
	one->ways = ways_text(p, arena);
	one->gates = gates_count(person_gates(p));
	one->guest = p->type == USER_GUEST;
	one->nested = !p->direct;
	one->enabled = p->enabled;
	one->licensed = p->licensed;
	one->registered = p->row_ms ? p->sspr_registered : TRI_UNKNOWN;
	one->reset_enabled = p->row_ms ? p->sspr_enabled : TRI_UNKNOWN;
	one->capable = p->row_ms ? p->sspr_capable : TRI_UNKNOWN;
	one->admin = p->admin;
	one->synced = p->synced;
	one->row_ms = p->row_ms;
}

/* --- The audit log ------------------------------------------------------------------ */

static int by_upn(const void *a, const void *b)
{
	const struct person *const *x = a, *const *y = b;

	return strcasecmp((*x)->upn, (*y)->upn);
}

static int upn_of(const void *key, const void *member)
{
	const struct person *const *p = member;

	return strcasecmp(key, (*p)->upn);
}

static void note_event(const struct facts *f, const struct event *e, struct ready_person *one)
{
	bool well = str_same_nocase(e->result, "success");

	if (e->kind == EVENT_RESET && well && e->time_ms > one->reset_ms)
		one->reset_ms = e->time_ms;
	if (e->kind == EVENT_RESET && !well && e->time_ms > one->failed_ms)
		one->failed_ms = e->time_ms;
	if (event_blocks(e) && e->time_ms + DAY_MS > f->now_ms &&
	    e->time_ms + DAY_MS > one->blocked_until_ms)
		one->blocked_until_ms = e->time_ms + DAY_MS;
}

/* Each event once, to whom it is about: by id, else by sign-in name. */
static void fold_log(const struct facts *f, const struct people *people,
		     struct ready_person *rows, struct arena *arena)
{
	const struct person **named = arena_alloc(arena, (people->n + 1) * sizeof(*named));
	size_t n = 0;

	for (size_t i = 0; i < people->n; i++)
		if (people->v[i].upn)
			named[n++] = &people->v[i];
	if (n > 1)
		qsort(named, n, sizeof(*named), by_upn);
	for (size_t i = 0; i < f->audit.n; i++) {
		const struct event *e = &f->audit.v[i];
		const struct person *p = people_find(people, e->user_id);
		const struct person **found = NULL;

		if (!p && e->upn && n)
			found = bsearch(e->upn, named, n, sizeof(*named), upn_of);
		if (found)
			p = *found;
		if (p)
			note_event(f, e, &rows[p - people->v]);
	}
}

/* --- All of them -------------------------------------------------------------------- */

/* Whoever the rollout is for; NULL with the reason in r->why when nobody can tell. */
static const struct people *pilot(const struct facts *f, const struct wanted *w,
				  struct readiness *r, struct arena *arena)
{
	r->of = arena_printf(arena, "the group %s", w->group_name);
	if (facts_read(f, AREA_MEMBERS)) {
		r->known = true;
		return &f->members.people;
	}
	if (f->source[AREA_MEMBERS].state != SOURCE_ABSENT) {
		r->decision = DECISION_UNKNOWN;
		r->why = arena_printf(arena, "Cannot tell: %s.",
				      facts_why_unknown(f, AREA_MEMBERS, arena));
		return NULL;
	}
	if (f->wanted_people.people.n) {
		r->known = true;
		r->of = "the people named for the group";
		return &f->wanted_people.people;
	}
	r->decision = DECISION_NO_GO;
	r->why = arena_printf(arena, "No-go: there is no group %s yet. Step 1 creates it and adds "
			      "the people.", w->group_name);
	return NULL;
}

static void judge_writeback_of(const struct facts *f, struct readiness *r, struct arena *arena)
{
	const char *how, *value;
	int64_t time_ms;

	value = setting_judge(f, "writeback.tenant", &r->writeback_confidence, &how, &time_ms,
			      arena);
	r->writeback = arena_strdup(arena, value);
	r->writeback_how = arena_strdup(arena, how);
}

static void judge_trap(const struct facts *f, struct readiness *r, struct arena *arena)
{
	const struct access_policy *p = trap_in_force(f, &r->trap);

	r->pass = pass_usable(f);
	if (!p)
		return;
	r->trap_policy = arena_strdup(arena, p->name ? p->name : "without a name");
	r->trap_effect = trap_effect(p, r->trap);
	r->trap_way_out = trap_way_out(r->trap, r->pass);
}

static void count(struct readiness *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct ready_person *p = &r->v[i];

		r->by_gap[p->gap]++;
		r->with_gap[GAP_NONE] += p->gap == GAP_NONE;
		for (unsigned g = GAP_GUEST; g < GAP_COUNT; g++)
			r->with_gap[g] += (p->gaps & GAP_BIT(g)) != 0;
		r->ready += p->ready == READY_YES;
		r->lacking += p->ready == READY_NO;
		r->unknown += p->ready == READY_UNKNOWN;
		r->left_out += p->ready == READY_LEFT_OUT;
		if (p->ready == READY_LEFT_OUT)
			continue;
		r->synced += p->synced == TRI_YES;
		if (p->row_ms && (!r->oldest_row_ms || p->row_ms < r->oldest_row_ms))
			r->oldest_row_ms = p->row_ms;
		if (p->row_ms > r->newest_row_ms)
			r->newest_row_ms = p->row_ms;
	}
	r->counted = r->n - r->left_out;
	r->percent = r->counted ? (int)(r->ready * 100 / r->counted) : -1;
}

/* Those of whom it is not known decide nothing, unless they could turn it. */
static void decide(struct readiness *r, struct arena *arena)
{
	size_t needed = (r->counted * (size_t)r->threshold + 99) / 100;
	const char *share = arena_printf(arena, "%zu of %s ready (%d %%, wanted %d %%)", r->ready,
		arena_printf(arena, r->counted == 1 ? "1 person is" : "%zu people are",
			     r->counted), r->percent, r->threshold);

	if (!r->n) {
		r->decision = DECISION_NO_GO;
		r->why = arena_printf(arena, "No-go: nobody is in %s.", r->of);
	} else if (!r->counted) {
		r->decision = DECISION_NO_GO;
		r->why = arena_printf(arena, "No-go: everybody in %s is a guest or disabled.",
				      r->of);
	} else if (r->ready >= needed) {
		r->decision = DECISION_GO;
		r->why = arena_printf(arena, "Go: %s.", share);
	} else if (r->ready + r->unknown >= needed) {
		r->decision = DECISION_UNKNOWN;
		r->why = arena_printf(arena, "Cannot tell: %s, and of %s it is not known.", share,
				      count_people(r->unknown, arena));
	} else {
		r->decision = DECISION_NO_GO;
		r->why = arena_printf(arena, "No-go: %s. %zu more are needed.", share,
				      needed - r->ready);
	}
}

static int by_gap(const void *a, const void *b)
{
	const struct ready_person *x = a, *y = b;
	int order;

	if (x->ready != y->ready)
		return x->ready < y->ready ? -1 : 1;
	if (x->gap != y->gap)
		return x->gap < y->gap ? -1 : 1;
	order = strcasecmp(x->name, y->name);
	return order ? order : strcmp(x->id, y->id);
}

/* "2 h", "3 h to 2 days". */
static const char *ages_text(const struct facts *f, const struct readiness *r,
			     struct arena *arena)
{
	char oldest[TIME_TEXT], newest[TIME_TEXT];

	time_span(f->now_ms - r->newest_row_ms, newest);
	time_span(f->now_ms - r->oldest_row_ms, oldest);
	return str_same(oldest, newest) ? arena_strdup(arena, oldest)
					: arena_printf(arena, "%s to %s", newest, oldest);
}

static void tell_sources(const struct facts *f, struct readiness *r, struct arena *arena)
{
	char date[TIME_TEXT];
	const char *report, *log;

	r->sources = "";
	if (!r->known)
		return;
	if (!facts_read(f, AREA_REGISTRATION))
		report = arena_printf(arena, "The registration report was not read: %s.",
				      facts_why_unknown(f, AREA_REGISTRATION, arena));
	else if (!r->newest_row_ms)
		report = "Microsoft's registration report has no row of these people.";
	else
		report = arena_printf(arena, "Microsoft's registration report: its rows of these "
				      "people are %s old.", ages_text(f, r, arena));
	if (!r->log_read)
		log = arena_printf(arena, "Last resets and blocks are not known: %s.",
				   facts_why_unknown(f, AREA_AUDIT, arena));
	else
		log = arena_printf(arena, "Last resets and blocks: the audit log since %s%s.",
				   time_format_date(r->log_since_ms, date),
				   r->log_whole ? "" : ", its newest events");
	r->sources = arena_printf(arena, "%s %s", report, log);
}

void readiness_judge(const struct facts *f, const struct wanted *w, struct readiness *ret,
		     struct arena *arena)
{
	const struct people *people;

	*ret = (struct readiness){
		.threshold = w->ready_percent, .percent = -1, .trap = TRAP_NONE,
		.report_read = facts_read(f, AREA_REGISTRATION),
		.log_read = facts_read(f, AREA_AUDIT), .log_whole = !f->audit.truncated,
		.log_since_ms = f->audit.since_ms, .reset_page = reset_page(f),
		.help_desk = w->helpdesk && !str_same(w->helpdesk, HELPDESK_NONE)
			     ? arena_strdup(arena, w->helpdesk) : NULL,
	};
	judge_writeback_of(f, ret, arena);
	judge_trap(f, ret, arena);
	people = pilot(f, w, ret, arena);
	if (people) {
		ret->n = people->n;
		ret->v = arena_alloc(arena, (people->n + 1) * sizeof(*ret->v));
		if (ret->log_read)
			fold_log(f, people, ret->v, arena);
		for (size_t i = 0; i < people->n; i++) {
			copy_person(&people->v[i], &ret->v[i], arena);
			judge_person(f, ret, &people->v[i], &ret->v[i]);
		}
		if (ret->n > 1)
			qsort(ret->v, ret->n, sizeof(*ret->v), by_gap);
		count(ret);
		decide(ret, arena);
	}
	tell_sources(f, ret, arena);
}
