#include "checks/usage.h"

#include <stdlib.h>
#include <string.h>

#include "checks/judge.h"
#include "checks/reasons.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"

#define DAY_MS (24 * 60 * 60 * 1000LL)

static bool succeeded(const struct event *e)
{
	return str_same_nocase(e->result, "success");
}

static bool failed(const struct event *e)
{
	return str_same_nocase(e->result, "failure");
}

static bool is_attempt(const struct event *e)
{
	return e->kind == EVENT_FLOW || e->kind == EVENT_RESET;
}

/* Events without a correlation id are an attempt each. */
static const char *attempt_of(const struct event *e)
{
	return e->correlation_id ? e->correlation_id : e->activity;
}

static void count_add(struct usage_counts *c, const char *text, struct arena *arena)
{
	const struct reason *r;

	for (size_t i = 0; i < c->n; i++) {
		if (str_same(c->v[i].text, text)) {
			c->v[i].n++;
			return;
		}
	}
	r = reason_find(text);
	ARENA_GROW(arena, c->v, c->n, c->cap);
	c->v[c->n++] = (struct usage_count){
		.text = text, .plain = r ? r->plain : text, .remedy = r ? r->remedy : "",
		.n = 1,
	};
}

static int compare_counts(const void *a, const void *b)
{
	const struct usage_count *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->text, y->text);
}

static void sort_counts(struct usage_counts *c)
{
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), compare_counts);
}

/* By attempt, then by time: the first event of an attempt gives its day. */
static int compare_attempts(const void *a, const void *b)
{
	const struct event *const *x = a, *const *y = b;
	int c = strcmp(attempt_of(*x), attempt_of(*y));

	if (c)
		return c;
	return (*x)->time_ms < (*y)->time_ms ? -1 : (*x)->time_ms > (*y)->time_ms;
}

static struct usage_day *day_of(struct usage *u, int64_t time_ms)
{
	int64_t i = (time_ms - u->days[0].day_ms) / DAY_MS;

	return time_ms >= u->since_ms && (size_t)i < u->ndays ? &u->days[i] : NULL;
}

static const char *way_of(const struct event *e)
{
	static const char start[] = "User completed the ";

	return e->kind == EVENT_FLOW && e->reason && !strncmp(e->reason, start, strlen(start))
	       ? e->reason + strlen(start) : NULL;
}

static void count_event(struct usage *u, struct usage_day *d, const struct event *e,
			struct arena *arena)
{
	const char *way = way_of(e);

	d->resets += e->kind == EVENT_RESET && succeeded(e);
	d->refused += e->kind == EVENT_RESET && failed(e);
	d->changes += e->kind == EVENT_CHANGE && succeeded(e);
	d->unlocks += e->kind == EVENT_UNLOCK && succeeded(e);
	d->registered += e->kind == EVENT_REGISTERED && succeeded(e);
	d->blocked += e->kind == EVENT_BLOCKED;
	u->written_back += e->kind == EVENT_RESET && succeeded(e) && e->agent;
	if (way)
		count_add(&u->ways, way, arena);
	if (e->kind == EVENT_BLOCKED)
		count_add(&u->blocked, e->upn ? e->upn : e->user_id ? e->user_id : "?", arena);
}

/* One attempt: its events are v[0] to v[n - 1], oldest first. The newest
 * failure is why it ended; a success at the end forgives those before. */
static void count_attempt(struct usage *u, const struct event *const *v, size_t n,
			  struct arena *arena)
{
	struct usage_day *d = day_of(u, v[0]->time_ms);
	const struct event *why = NULL;
	bool well = false;

	for (size_t i = 0; i < n; i++) {
		well |= v[i]->kind == EVENT_RESET && succeeded(v[i]);
		if (failed(v[i]))
			why = v[i];
	}
	u->attempts++;
	u->succeeded += well;
	if (d) {
		d->attempts++;
		d->well += well;
	}
	if (!well && why)
		count_add(&u->failures, why->reason && *why->reason ? why->reason
			  : "no reason was given", arena);
}

/* all: the events of the person and the period. */
static void count_attempts(const struct event *all, size_t nall, struct usage *u,
			   struct arena *arena)
{
	const struct event **v = xcalloc(nall + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < nall; i++)
		if (is_attempt(&all[i]))
			v[n++] = &all[i];
	qsort(v, n, sizeof(*v), compare_attempts);
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && !strcmp(attempt_of(v[k]), attempt_of(v[i])); )
			k++;
		count_attempt(u, v + i, k - i, arena);
	}
	free(v);
}

static void add_day(struct usage_day *sum, const struct usage_day *d)
{
	sum->attempts += d->attempts;
	sum->resets += d->resets;
	sum->refused += d->refused;
	sum->changes += d->changes;
	sum->unlocks += d->unlocks;
	sum->blocked += d->blocked;
	sum->registered += d->registered;
	sum->well += d->well;
	sum->listed += d->listed;
}

/* The days from the first that is looked at to today. */
static void make_days(const struct facts *f, struct usage *u, struct arena *arena)
{
	int64_t today = f->now_ms / DAY_MS, first = today - USAGE_DAYS_MAX + 1;

	if (u->filter.days > 0 && u->filter.days < USAGE_DAYS_MAX)
		first = today - u->filter.days + 1;
	u->since_ms = first * DAY_MS;
	if (u->filter.since_ms > u->since_ms) {
		u->since_ms = u->filter.since_ms < f->now_ms ? u->filter.since_ms : f->now_ms;
		first = u->since_ms / DAY_MS;
	}
	u->ndays = (size_t)(today - first + 1);
	u->days = arena_alloc(arena, u->ndays * sizeof(*u->days));
	for (size_t i = 0; i < u->ndays; i++)
		u->days[i].day_ms = (first + (int64_t)i) * DAY_MS;
}

static struct event copy_event(const struct event *e, struct arena *arena)
{
	struct event ret = *e;
	const char **const texts[] = {
		&ret.activity, &ret.result, &ret.reason, &ret.correlation_id, &ret.user_id,
		&ret.upn, &ret.actor, &ret.agent, &ret.id, &ret.group_id,
		&ret.group_name,
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = arena_strdup(arena, *texts[i]);
	return ret;
}

/* Events of the person and the period, copied; newest first. */
static struct event *copy_events(const struct facts *f, const struct usage *u, size_t *ret_n,
				 struct arena *arena)
{
	const struct audit *a = &f->audit;
	struct event *v = arena_alloc(arena, (a->n + 1) * sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].time_ms >= u->since_ms && event_of_user(&a->v[i], u->filter.user))
			v[n++] = copy_event(&a->v[i], arena);
	*ret_n = n;
	return v;
}

void usage_count_events(const struct facts *f, const struct event_filter *filter,
			struct usage *ret, struct arena *arena)
{
	const struct audit *a = &f->audit;
	struct event *v;
	size_t n;

	memset(ret, 0, sizeof(*ret));
	ret->filter = *filter;
	ret->filter.user = arena_strdup(arena, filter->user);
	make_days(f, ret, arena);
	v = copy_events(f, ret, &n, arena);
	for (size_t i = 0; i < n; i++) {
		struct usage_day *d = day_of(ret, v[i].time_ms);

		if (!d)
			continue;
		count_event(ret, d, &v[i], arena);
		d->listed += event_fits(&v[i], filter);
	}
	count_attempts(v, n, ret, arena);
	for (size_t i = 0; i < ret->ndays; i++)
		add_day(&ret->total, &ret->days[i]);
	ret->events = v;
	for (size_t i = 0; i < n; i++)
		if (event_fits(&v[i], filter))
			v[ret->nevents++] = v[i];
	/* The events kept are the newest: they are all of the window when the
	 * oldest of them lies before it. */
	ret->complete = (!a->truncated && a->total == a->n) ||
			(a->n && a->v[a->n - 1].time_ms < ret->since_ms);
	sort_counts(&ret->failures);
	sort_counts(&ret->ways);
	sort_counts(&ret->blocked);
}

const char *usage_rate_text(const struct usage *u, struct arena *arena)
{
	if (!u->attempts)
		return "nobody tried";
	return arena_printf(arena, "%zu of %zu attempts (%zu %%)", u->succeeded, u->attempts,
			    u->succeeded * 100 / u->attempts);
}

static bool has_premium(const struct facts *f)
{
	for (size_t i = 0; i < f->licences.n; i++)
		if (f->licences.v[i].p1 || f->licences.v[i].p2)
			return true;
	return false;
}

const char *usage_limits(const struct facts *f, const struct usage *u, struct arena *arena)
{
	const char *text = "";

	if (!f->audit.total)
		return "The audit log has no event of password reset: nothing happened, or "
		       "nothing is gathered yet. Open Password reset, Audit logs in the admin "
		       "centre once: gathering begins with the first visit.";
	if (!u->complete)
		text = arena_printf(arena, "The log holds more events than were read: only the "
				    "newest %zu are counted. ", f->audit.n);
	if (facts_read(f, AREA_LICENCES) && !has_premium(f) && u->ndays > 7)
		text = arena_printf(arena, "%sWithout P1 or P2 Microsoft keeps 7 days. ", text);
	return text;
}

const char *usage_sources(const struct facts *f, struct arena *arena)
{
	char when[TIME_TEXT];

	return arena_printf(arena, "Counted from the audit log of Graph v1.0, read %s. Events come "
			    "some minutes late; numbers of registration come from a report that is "
			    "up to hours old. Microsoft keeps events 30 days with P1 or P2, else "
			    "7.", time_format(f->source[AREA_AUDIT].observed_ms, when));
}

const char *usage_microsoft(const struct facts *f, const struct usage *u, struct arena *arena)
{
	struct reset_day all = { 0 };
	size_t days = 0;

	if (!facts_read(f, AREA_RESETS) || (u->filter.user && *u->filter.user))
		return "";
	for (size_t i = 0; i < f->reset_days.n; i++) {
		const struct reset_day *d = &f->reset_days.v[i];

		if (d->day_ms < u->since_ms / DAY_MS * DAY_MS || d->day_ms > f->now_ms)
			continue;
		days++;
		all.by_people += d->by_people;
		all.by_admins += d->by_admins;
		all.changes += d->changes;
	}
	return arena_printf(arena, "%zu resets by people, %zu by administrators, %zu changes, told "
			    "of %zu of %zu days (beta)", all.by_people, all.by_admins, all.changes,
			    days, u->ndays);
}
