#include "steps/watch.h"

#include <stdlib.h>
#include <string.h>

#include "checks/check.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"

const char *watch_verdict_name(enum watch_verdict v)
{
	static const char *const names[] = {
		[WATCH_WAITING] = "waiting",
		[WATCH_PROVED] = "proved",
		[WATCH_CONTRADICTED] = "contradicted",
	};

	return (size_t)v < COUNT_OF(names) ? names[v] : names[WATCH_WAITING];
}

/* What the steps attest, and what setting_judge() calls it. */
static const struct {
	const char *attests, *setting;
	bool report;		/* the registration report shows it too */
} settings[] = {
	{ "enablement.scope", "scope", true },
	{ "methods.required", "methods.required", true },
	{ "writeback.tenant", "writeback.tenant", false },
	{ "notifications.users", "notifications.users", false },
	{ "notifications.admins", "notifications.admins", false },
	{ "registration.required", "registration.required", false },
	{ "registration.days", "registration.days", false },
	{ "notifications.helpdesk", "notifications.helpdesk", false },
	{ "writeback.unlock", "writeback.unlock", false },
};

static const char *setting_of(const char *attests)
{
	for (size_t i = 0; i < COUNT_OF(settings); i++)
		if (str_same(settings[i].attests, attests))
			return settings[i].setting;
	return NULL;
}

static bool is_reported(const char *setting)
{
	for (size_t i = 0; i < COUNT_OF(settings); i++)
		if (str_same(settings[i].setting, setting))
			return settings[i].report;
	return false;
}

bool watch_can(const struct change *c)
{
	return c->attests && c->attest_value && setting_of(c->attests);
}

struct watch *watch_new(const struct change *c, int64_t now_ms)
{
	struct watch *w = xcalloc(1, sizeof(*w));

	w->change_id = xstrdup(c->id);
	w->setting = xstrdup(setting_of(c->attests));
	w->title = xstrdup(c->title);
	w->wanted = xstrdup(c->attest_value);
	w->since_ms = now_ms;
	str_add(&w->summary, "Watching.");
	return w;
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < WATCH_SOURCES; i++)
		str_release(&w->lines[i]);
	str_release(&w->summary);
	free(w->change_id);
	free(w->setting);
	free(w->title);
	free(w->wanted);
	free(w);
}

static void decide(struct watch *w, enum watch_verdict v, const char *text)
{
	if (w->verdict == WATCH_PROVED)
		return;
	w->verdict = v;
	str_clear(&w->summary);
	str_add(&w->summary, text);
}

static struct str *line(struct watch *w, enum watch_source s)
{
	str_clear(&w->lines[s]);
	return &w->lines[s];
}

/* Whether the newest scope event names another group than ours. */
static bool is_another_group(const struct watch *w, const struct facts *f)
{
	const struct policy_value *group = &f->audit.scope_group;

	return str_same(w->setting, "scope") && str_same(w->wanted, "Selected") &&
	       f->groups.chosen && group->time_ms > w->since_ms && group->new_value &&
	       *group->new_value && !str_find_nocase(group->new_value, f->groups.chosen->id);
}

static void tell_change(struct str *s, const struct setting_change *c)
{
	char when[TIME_TEXT];

	str_addf(s, "Audit log: %s set it from %s to %s at %s",
		 c->actor ? c->actor : "an administrator",
		 c->old_value ? c->old_value : "a value that is not given",
		 c->new_value ? c->new_value : "a value that is not understood",
		 time_format(c->time_ms, when));
}

/* An event of the policy whose names are not known to us is news, no proof. */
static const struct event *unread_change(const struct watch *w, const struct facts *f)
{
	for (size_t i = 0; i < f->audit.n; i++)
		if (f->audit.v[i].kind == EVENT_POLICY && f->audit.v[i].time_ms > w->since_ms)
			return &f->audit.v[i];
	return NULL;
}

static void look_at_audit(struct watch *w, const struct facts *f)
{
	struct str *s = line(w, WATCH_AUDIT);
	struct arena scratch = { 0 };
	struct setting_change c;
	const struct event *e;
	char when[TIME_TEXT];

	if (!facts_read(f, AREA_AUDIT)) {
		str_addf(s, "Audit log: %s.", facts_why_unknown(f, AREA_AUDIT, &scratch));
	} else if (setting_changed(f, w->setting, w->since_ms, &c)) {
		bool right = str_same_nocase(c.new_value, w->wanted);

		tell_change(s, &c);
		if (right && is_another_group(w, f)) {
			str_add(s, ", but for another group");
			right = false;
		}
		str_add(s, ".");
		if (c.new_value)
			decide(w, right ? WATCH_PROVED : WATCH_CONTRADICTED, str_text(s));
	} else if ((e = unread_change(w, f))) {
		str_addf(s, "Audit log: the policy was changed at %s, but not this setting by a "
			 "name that is known.", time_format(e->time_ms, when));
	} else {
		str_addf(s, "Audit log: no change of it yet, read at %s.",
			 time_format(f->source[AREA_AUDIT].observed_ms, when));
	}
	arena_clear(&scratch);
}

static void look_at_report(struct watch *w, const struct facts *f)
{
	struct str *s = line(w, WATCH_REPORT);
	struct arena scratch = { 0 };
	const char *how = "", *value;
	char when[TIME_TEXT];

	if (!is_reported(w->setting))
		return;
	if (!facts_read(f, AREA_REGISTRATION)) {
		str_addf(s, "Registration report: %s.",
			 facts_why_unknown(f, AREA_REGISTRATION, &scratch));
	} else if (f->registration.oldest_row_ms <= w->since_ms) {
		/* A row proves nothing of what came after it. */
		str_addf(s, "Registration report: still with rows of %s, so it proves nothing "
			 "yet.", time_format(f->registration.oldest_row_ms, when));
	} else {
		value = setting_reported(f, w->setting, w->since_ms, &how, &scratch);
		if (!value)
			str_add(s, "Registration report: new, but it can be read either way.");
		else
			str_addf(s, "Registration report: %s. %s", value, how);
		if (str_same_nocase(value, w->wanted))
			decide(w, WATCH_PROVED, str_text(s));
	}
	arena_clear(&scratch);
}

void watch_look(struct watch *w, const struct facts *f)
{
	/* While an area is read again its last line stands. */
	if (f->source[AREA_AUDIT].state != SOURCE_UNREAD)
		look_at_audit(w, f);
	if (f->source[AREA_REGISTRATION].state != SOURCE_UNREAD)
		look_at_report(w, f);
	if (w->verdict != WATCH_WAITING || f->now_ms - w->since_ms < WATCH_PATIENCE_MS)
		return;
	w->ask_word = true;
	str_clear(&w->summary);
	str_add(&w->summary, "No proof yet. If you have saved it, record that you did; the watch "
		"goes on.");
}
