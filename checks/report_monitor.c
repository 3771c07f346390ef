#include "checks/report_monitor.h"

#include "checks/judge.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"

#define EVENTS_SHOWN 10
#define COUNTS_SHOWN 8
#define BAR_COLUMNS 20

/* The series of the chart: a row each. */
static const struct {
	const char *title;
	size_t offset;
} series[] = {
	{ "attempts", offsetof(struct usage_day, attempts) },
	{ "resets", offsetof(struct usage_day, resets) },
	{ "refused", offsetof(struct usage_day, refused) },
	{ "blocked", offsetof(struct usage_day, blocked) },
	{ "registered", offsetof(struct usage_day, registered) },
	{ "listed", offsetof(struct usage_day, listed) },	/* last: with a filter only */
};

static size_t value_at(const struct usage_day *d, size_t offset)
{
	return *(const size_t *)(const void *)((const char *)d + offset);
}

static void put_chart(const struct usage *u, bool ascii, struct str *out)
{
	char from[TIME_TEXT], to[TIME_TEXT];

	for (size_t k = 0; k < COUNT_OF(series) - !filter_chooses(&u->filter); k++) {
		size_t v[USAGE_DAYS_MAX], max = 0;

		for (size_t i = 0; i < u->ndays; i++) {
			v[i] = value_at(&u->days[i], series[k].offset);
			if (v[i] > max)
				max = v[i];
		}
		str_addf(out, "  %-11s|", series[k].title);
		chart_columns(out, v, u->ndays, ascii);
		str_addf(out, "| %zu in all", value_at(&u->total, series[k].offset));
		if (max)
			str_addf(out, ", %zu on the highest day", max);
		str_add_char(out, '\n');
	}
	str_addf(out, "  %-11s from %s to %s, a column a day\n", "",
		 time_format_date(u->days[0].day_ms, from),
		 time_format_date(u->days[u->ndays - 1].day_ms, to));
}

/* Behind an arrow, wrapped below its first word. */
static void put_remedy(const char *text, int columns, bool ascii, struct str *out)
{
	size_t next;

	for (bool first = true; *text; first = false) {
		size_t n = utf8_wrap(text, columns > 31 ? columns - 11 : 20, &next);

		str_add(out, "        ");
		str_add(out, !first ? ascii ? "   " : "  " : ascii ? "-> " : "→ ");
		str_add_bytes(out, text, n);
		str_add_char(out, '\n');
		text += next;
	}
}

static void put_counts(const struct usage_counts *c, bool remedies, int columns, bool ascii,
		       struct str *out)
{
	for (size_t i = 0; i < c->n && i < COUNTS_SHOWN; i++) {
		str_addf(out, "  %4zu  ", c->v[i].n);
		if (remedies) {
			str_add(out, c->v[i].plain);
		} else {
			utf8_cut(out, c->v[i].plain, columns - BAR_COLUMNS - 10, true, ascii);
			str_add_char(out, ' ');
			chart_bar(out, c->v[i].n, c->v[0].n, BAR_COLUMNS, ascii);
		}
		str_add_char(out, '\n');
		if (remedies)
			put_remedy(c->v[i].remedy, columns, ascii, out);
	}
	if (c->n > COUNTS_SHOWN)
		str_addf(out, "        and %zu more\n", c->n - COUNTS_SHOWN);
}

void report_event_text(const struct event *e, struct str *out)
{
	char when[TIME_TEXT];

	str_addf(out, "%s  %s  %s: %s", time_format(e->time_ms, when),
		 e->upn ? e->upn : e->user_id ? e->user_id : "-", e->activity, e->result);
	if (e->reason && *e->reason)
		str_addf(out, ". %s", e->reason);
	if (e->agent)
		str_addf(out, " (written back by %s)", e->agent);
	str_add_char(out, '\n');
}

static void put_audit(const struct usage *u, int columns, bool ascii, struct str *out)
{
	CLEANUP(str_release) struct str line = { 0 };

	str_add(out, "\nAudit log, newest first");
	if (u->nevents > EVENTS_SHOWN)
		str_addf(out, ": %d of %zu events", EVENTS_SHOWN, u->nevents);
	str_add_char(out, '\n');
	for (size_t i = 0; i < u->nevents && i < EVENTS_SHOWN; i++) {
		str_clear(&line);
		report_event_text(&u->events[i], &line);
		str_truncate(&line, line.len - 1);
		str_add(out, "  ");
		utf8_cut(out, str_text(&line), columns - 2, false, ascii);
		str_add_char(out, '\n');
	}
	if (!u->nevents)
		str_add(out, "  none\n");
	str_addf(out, "  Written back: %zu of %zu resets.\n", u->written_back, u->total.resets);
}

/* Resets leave no sign-in of their own (facts graph.md 8.5). */
static void put_sign_ins(const struct usage *u, int columns, bool ascii, struct str *out)
{
	str_add(out, "\nChallenges that were passed, by method\n");
	if (!u->ways.n)
		str_add(out, "  none\n");
	put_counts(&u->ways, false, columns, ascii, out);
}

static void put_usage(const struct facts *f, const struct usage *u, int columns, bool ascii,
		      struct str *out)
{
	struct arena arena = { 0 };

	const char *microsoft = usage_microsoft(f, u, &arena);

	str_addf(out, "\nUsage\n  Success: %s.\n", usage_rate_text(u, &arena));
	if (*microsoft)
		str_addf(out, "  Microsoft counts: %s.\n", microsoft);
	if (facts_read(f, AREA_REGISTRATION))
		str_addf(out, "  Registered: %zu of %zu people; %zu may reset now.\n",
			 f->registration.registered_total, f->registration.members_total,
			 f->registration.capable_total);
	else
		str_addf(out, "  Registered: cannot tell, %s.\n",
			 facts_why_unknown(f, AREA_REGISTRATION, &arena));
	if (u->failures.n)
		str_add(out, "\nWhy attempts failed\n");
	put_counts(&u->failures, true, columns, ascii, out);
	if (u->blocked.n)
		str_add(out, "\nPeople blocked for 24 hours\n");
	put_counts(&u->blocked, false, columns, ascii, out);
	arena_clear(&arena);
}

static void put_wrapped(const char *text, int columns, struct str *out)
{
	size_t next;

	for (; *text; text += next) {
		str_add_bytes(out, text, utf8_wrap(text, columns, &next));
		str_add_char(out, '\n');
	}
}

void report_monitor_text(const struct facts *f, const struct usage *u, unsigned views,
			 int columns, bool ascii, struct str *out)
{
	struct arena arena = { 0 };
	const char *limits = usage_limits(f, u, &arena), *only = filter_text(&u->filter, &arena);

	str_addf(out, "%s, the last %zu %s%s%s\n\n",
		 f->organization.display_name ? f->organization.display_name : "The tenant",
		 u->ndays, u->ndays == 1 ? "day" : "days", *only ? ", " : "", only);
	put_chart(u, ascii, out);
	if (views & MONITOR_AUDIT)
		put_audit(u, columns, ascii, out);
	if (views & MONITOR_SIGN_INS)
		put_sign_ins(u, columns, ascii, out);
	if (views & MONITOR_USAGE)
		put_usage(f, u, columns, ascii, out);
	str_add_char(out, '\n');
	put_wrapped(usage_sources(f, &arena), columns, out);
	if (*limits)
		put_wrapped(limits, columns, out);
	arena_clear(&arena);
}
