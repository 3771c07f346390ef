#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/report_monitor.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

#define POLL_MS 15000		/* five requests in ten seconds are allowed */
#define LATE_MS (5 * 60 * 1000LL)	/* events may come in out of order */
#define DAY_MS (24 * 60 * 60 * 1000LL)

static unsigned views_of(const struct options *o)
{
	if (!o->nargs)
		return MONITOR_ALL;
	if (str_same(o->args[0], "audit"))
		return MONITOR_AUDIT;
	return str_same(o->args[0], "sign-ins") ? MONITOR_SIGN_INS : MONITOR_USAGE;
}

/* In --follow the view chooses too: challenges are events of the flow. */
static struct event_filter filter_of(const struct options *o)
{
	struct event_filter ret = {
		.user = o->user, .result = event_result_by_name(o->result),
		.days = (int)o->days,
	};

	if (o->kind)
		ret.kinds = EVENT_BIT(event_kind_by_name(o->kind));
	else if (o->follow && views_of(o) == MONITOR_SIGN_INS)
		ret.kinds = EVENT_BIT(EVENT_FLOW);
	since_parse(o->since, &ret.since_ms);
	return ret;
}

/* When the asking begins: no more than is looked at. */
static int64_t start_of(const struct event_filter *filter, int64_t now_ms)
{
	int64_t first = (now_ms / DAY_MS - (filter->days ? filter->days : USAGE_DAYS_MAX) + 1) *
			DAY_MS;

	return filter->since_ms > first ? filter->since_ms : first;
}

static int put(struct headless *h, const struct usage *u, unsigned views)
{
	CLEANUP(str_release) struct str text = { 0 };
	const struct facts *f = &h->session.facts;
	struct json *doc;
	int status;

	if (h->json) {
		doc = report_monitor_json(f, u, views);
		status = headless_put_json(h, doc);
		json_free(doc);
		return status;
	}
	if (str_same(h->o->format, "csv"))
		report_monitor_csv(u, views, &text);
	else
		report_monitor_text(f, u, views, h->columns, h->ascii, &text);
	return headless_put_text(h, &text);
}

/* Events that were shown: what the last look had. Their names are their id. */
struct shown {
	char **v;
	size_t n, cap;
};

static void shown_clear(struct shown *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	memset(s, 0, sizeof(*s));
}

static char *name_of(const struct event *e)
{
	return e->id ? xstrdup(e->id)
		     : xasprintf("%lld %s %s %s", (long long)e->time_ms, e->activity,
				 e->result, e->reason ? e->reason : "");
}

static bool was_shown(const struct shown *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_same(s->v[i], name))
			return true;
	return false;
}

/* Prints what is new, oldest first. Returns false when nobody reads it. */
static bool show_new(struct headless *h, const struct event_filter *filter,
		     struct shown *before)
{
	const struct audit *a = &h->session.facts.audit;
	struct shown now = { 0 };

	for (size_t i = a->n; i-- > 0; ) {
		CLEANUP(str_release) struct str line = { 0 };
		char *name = name_of(&a->v[i]);

		GROW(now.v, now.n, now.cap);
		now.v[now.n++] = name;
		if (was_shown(before, name) || !event_fits(&a->v[i], filter))
			continue;
		if (h->json) {
			struct json *doc = report_event_json(&a->v[i]);

			json_print(doc, &line);
			str_add_char(&line, '\n');
			json_free(doc);
		} else {
			report_event_text(&a->v[i], &line);
		}
		fputs(str_text(&line), stdout);
	}
	shown_clear(before);
	*before = now;
	return fflush(stdout) == 0;
}

static void on_time(void *ctx)
{
	*(bool *)ctx = true;
}

static void pause_for(struct headless *h, int64_t ms)
{
	struct loop_timer timer = { 0 };
	bool due = false;

	loop_timer_start(h->loop, &timer, ms, on_time, &due);
	while (!due && !h->stopped)
		loop_run_once(h->loop, -1);
	loop_timer_stop(h->loop, &timer);
}

/* Runs until a signal comes or nobody reads any more. A look that fails is told
 * and tried again: a network may come back. */
static int follow(struct headless *h, const struct event_filter *filter)
{
	struct facts *f = &h->session.facts;
	struct shown shown = { 0 };

	h->stop_is_well = true;
	headless_say("following the audit log, a look every %d s; Ctrl-C ends it.",
		     POLL_MS / 1000);
	while (!h->stopped) {
		if (facts_read(f, AREA_AUDIT)) {
			if (!show_new(h, filter, &shown))
				break;
			if (f->audit.n)
				h->session.wanted.audit_since_ms =
					f->audit.v[0].time_ms - LATE_MS;
		} else if (f->source[AREA_AUDIT].err.kind != ERR_NONE) {
			headless_fail(&f->source[AREA_AUDIT].err);
		}
		pause_for(h, POLL_MS);
		if (h->stopped)
			break;
		session_read(&h->session, AREA_BIT(AREA_AUDIT));
		headless_wait(h);
	}
	shown_clear(&shown);
	return EXIT_WELL;
}

/* Blocked people and a bad rate are worth a look. */
static int status_of(const struct headless *h, const struct usage *u)
{
	if (!facts_read(&h->session.facts, AREA_AUDIT) || !h->session.facts.audit.total)
		return EXIT_CANNOT;
	return u->blocked.n || u->succeeded * 10 < u->attempts * 8 ? EXIT_ATTENTION : EXIT_WELL;
}

int headless_monitor(struct headless *h)
{
	unsigned views = views_of(h->o), areas = AREA_BIT(AREA_AUDIT) | AREA_BIT(AREA_LICENCES);
	struct event_filter filter = filter_of(h->o);
	const struct facts *f = &h->session.facts;
	struct arena arena = { 0 };
	struct usage u;
	int status, failed;

	if (options_of_readiness(h->o))
		return headless_readiness(h);
	if (views & MONITOR_USAGE)
		areas |= AREA_BIT(AREA_REGISTRATION) | AREA_BIT(AREA_RESETS);
	if (h->o->follow && !filter.days && !filter.since_ms)
		h->session.wanted.audit_since_ms = clock_now_ms() - LATE_MS;
	/* Saved facts hold the whole log, whatever part is looked at. */
	else if (!h->o->from_facts && !h->o->save_facts)
		h->session.wanted.audit_since_ms = start_of(&filter, clock_now_ms());
	status = headless_read(h, h->o->follow ? AREA_BIT(AREA_AUDIT) : areas);
	if (h->o->follow && !status)
		return follow(h, &filter);
	if (status || h->stopped)
		return EXIT_CANNOT;
	if (!facts_read(f, AREA_AUDIT)) {
		headless_say("no monitoring: %s.", facts_why_unknown(f, AREA_AUDIT, &arena));
		arena_clear(&arena);
		return EXIT_CANNOT;
	}
	usage_count_events(f, &filter, &u, &arena);
	if (filter.since_ms && u.since_ms > filter.since_ms)
		headless_say("nothing is kept for more than %d days: counted from there.",
			     USAGE_DAYS_MAX);
	failed = put(h, &u, views);
	status = status_of(h, &u);
	arena_clear(&arena);
	return failed ? failed : status;
}
