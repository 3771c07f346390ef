/* Monitoring for other programs: JSON and CSV. */
#include "checks/report_monitor.h"

#include "checks/report.h"
#include "graph/base/clock.h"
#include "graph/base/csv.h"
#include "graph/base/utf8.h"

static void add_time(struct json *obj, const char *key, int64_t ms)
{
	char text[TIME_TEXT];

	json_add_string(obj, key, time_format(ms, text));
}

static void add_counts(struct json *obj, const char *key, const struct usage_counts *c,
		       const char *name)
{
	struct json *list = json_add_array(obj, key);

	for (size_t i = 0; i < c->n; i++) {
		struct json *one = json_append(list, json_new_object());

		json_add_number(one, "count", (double)c->v[i].n);
		json_add_string(one, name, c->v[i].text);
		if (!str_same(name, "reason"))
			continue;
		json_add_string(one, "meaning", c->v[i].plain);
		json_add_string(one, "remedy", c->v[i].remedy);
	}
}

struct json *report_event_json(const struct event *e)
{
	struct json *obj = json_new_object();

	add_time(obj, "time", e->time_ms);
	json_add_string(obj, "kind", event_kind_name(e->kind));
	json_add_string(obj, "activity", e->activity);
	json_add_string(obj, "result", e->result);
	json_add_string(obj, "reason", e->reason);
	json_add_string(obj, "user", e->upn ? e->upn : e->user_id);
	json_add_string(obj, "actor", e->actor);
	json_add_string(obj, "agent", e->agent);
	json_add_string(obj, "correlationId", e->correlation_id);
	return obj;
}

static void add_days(struct json *doc, const struct usage *u)
{
	struct json *list = json_add_array(doc, "days");

	for (size_t i = 0; i < u->ndays; i++) {
		const struct usage_day *d = &u->days[i];
		struct json *one = json_append(list, json_new_object());

		add_time(one, "day", d->day_ms);
		json_add_number(one, "attempts", (double)d->attempts);
		json_add_number(one, "succeeded", (double)d->well);
		json_add_number(one, "resets", (double)d->resets);
		json_add_number(one, "refused", (double)d->refused);
		json_add_number(one, "changes", (double)d->changes);
		json_add_number(one, "unlocks", (double)d->unlocks);
		json_add_number(one, "blocked", (double)d->blocked);
		json_add_number(one, "registered", (double)d->registered);
		json_add_number(one, "listed", (double)d->listed);
	}
}

static void add_usage(struct json *doc, const struct facts *f, const struct usage *u)
{
	struct json *reg;

	json_add_number(doc, "attempts", (double)u->attempts);
	json_add_number(doc, "succeeded", (double)u->succeeded);
	if (u->attempts)
		json_add_number(doc, "successPercent",
				(double)(u->succeeded * 100 / u->attempts));
	else
		json_add_null(doc, "successPercent");
	json_add_number(doc, "resets", (double)u->total.resets);
	json_add_number(doc, "writtenBack", (double)u->written_back);
	add_counts(doc, "failures", &u->failures, "reason");
	add_counts(doc, "blocked", &u->blocked, "user");
	if (!facts_read(f, AREA_REGISTRATION)) {
		json_add_null(doc, "registration");
		return;
	}
	reg = json_add_object(doc, "registration");
	json_add_number(reg, "people", (double)f->registration.members_total);
	json_add_number(reg, "registered", (double)f->registration.registered_total);
	json_add_number(reg, "enabled", (double)f->registration.enabled_total);
	json_add_number(reg, "capable", (double)f->registration.capable_total);
}

/* What was asked for; null stands for "all". */
static void add_filter(struct json *doc, const struct event_filter *filter)
{
	struct json *obj = json_add_object(doc, "filter"), *kinds;

	if (filter->user && *filter->user)
		json_add_string(obj, "user", filter->user);
	else
		json_add_null(obj, "user");
	if (filter->result == RESULT_ANY)
		json_add_null(obj, "result");
	else
		json_add_string(obj, "result", filter->result == RESULT_SUCCESS ? "success"
									       : "failure");
	kinds = json_add_array(obj, "kinds");
	for (int i = 0; i <= EVENT_OTHER; i++)
		if (filter->kinds & EVENT_BIT(i))
			json_append_string(kinds, event_kind_name((enum event_kind)i));
}

struct json *report_monitor_json(const struct facts *f, const struct usage *u, unsigned views)
{
	struct json *doc = json_new_object(), *list;
	struct arena arena = { 0 };

	json_add_string(doc, "schema", "sspr-wizard/monitor/1");
	json_add(doc, "tenant", report_tenant(f));
	add_time(doc, "observedAt", f->now_ms);
	add_time(doc, "since", u->since_ms);
	add_filter(doc, &u->filter);
	json_add_bool(doc, "complete", u->complete);
	json_add_string(doc, "limits", usage_limits(f, u, &arena));
	add_days(doc, u);
	if (views & MONITOR_USAGE)
		add_usage(doc, f, u);
	if (views & MONITOR_SIGN_INS)
		add_counts(doc, "challenges", &u->ways, "method");
	if (views & MONITOR_AUDIT) {
		list = json_add_array(doc, "events");
		for (size_t i = 0; i < u->nevents; i++)
			json_append(list, report_event_json(&u->events[i]));
	}
	arena_clear(&arena);
	return doc;
}

static void put_events(const struct usage *u, struct str *out)
{
	char when[TIME_TEXT];

	str_add(out, "time,kind,activity,result,reason,user,actor,agent,correlationId\n");
	for (size_t i = 0; i < u->nevents; i++) {
		const struct event *e = &u->events[i];

		csv_text(out, time_format(e->time_ms, when));
		csv_text(out, event_kind_name(e->kind));
		csv_text(out, e->activity);
		csv_text(out, e->result);
		csv_text(out, e->reason);
		csv_text(out, e->upn ? e->upn : e->user_id);
		csv_text(out, e->actor);
		csv_text(out, e->agent);
		csv_text(out, e->correlation_id);
		csv_end(out);
	}
}

void report_monitor_csv(const struct usage *u, unsigned views, struct str *out)
{
	char when[TIME_TEXT];

	if (views == MONITOR_AUDIT) {
		put_events(u, out);
		return;
	}
	if (views == MONITOR_SIGN_INS) {
		str_add(out, "method,challenges\n");
		for (size_t i = 0; i < u->ways.n; i++) {
			csv_text(out, u->ways.v[i].text);
			csv_number(out, (double)u->ways.v[i].n);
			csv_end(out);
		}
		return;
	}
	str_add(out, "day,attempts,resets,refused,changes,unlocks,blocked,registered,listed\n");
	for (size_t i = 0; i < u->ndays; i++) {
		const struct usage_day *d = &u->days[i];

		str_addf(out, "%.10s,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%zu\n",
			 time_format(d->day_ms, when), d->attempts, d->resets, d->refused,
			 d->changes, d->unlocks, d->blocked, d->registered, d->listed);
	}
}
