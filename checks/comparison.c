#include "checks/comparison.h"

#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

const char *difference_name(enum difference d)
{
	static const char *const names[] = {
		[DIFFERENCE_NEW] = "new", [DIFFERENCE_FIXED] = "fixed",
		[DIFFERENCE_CHANGED] = "changed",
	};

	return names[d];
}

/* A verdict follows from the settings before it, which have said who. */
const char *compared_who(const struct comparison *c, size_t i)
{
	const struct compared *one = &c->v[i];

	if (*one->who)
		return one->who;
	return i && str_same(one->id, c->v[i - 1].id) ? "see the line before"
						      : "the log does not say";
}

/* The settings that findings speak of, as the audit log keeps them. */
static const struct {
	const char *id;		/* the finding's, or its start */
	const char *part;	/* of the setting's name; "" = any */
	size_t offset;		/* in struct audit */
	const char *title;
} settings[] = {
#define VALUE(member) offsetof(struct audit, member)
	{ "step.enablement", "group", VALUE(scope_group), "the group" },
	{ "step.enablement", "", VALUE(scope), "the scope" },
	{ "cis.5.2.4.1", "", VALUE(scope), "the scope" },
	{ "asd.scope", "", VALUE(scope), "the scope" },
	{ "step.methods", "required", VALUE(methods_required), "the number of methods" },
	{ "cis.5.2.4.2", "", VALUE(methods_required), "the number of methods" },
	{ "asd.methods-required", "", VALUE(methods_required), "the number of methods" },
	{ "step.writeback", "", VALUE(writeback), "writeback" },
	{ "prereq.writeback", "", VALUE(writeback), "writeback" },
	{ "step.registration", "required", VALUE(registration_required), "registration" },
	{ "cis.5.2.4.3", "", VALUE(registration_required), "registration" },
	{ "asd.registration", "", VALUE(registration_required), "registration" },
	{ "step.notifications", "admin", VALUE(notify_admins), "messages to administrators" },
	{ "step.notifications", "", VALUE(notify_users), "messages to users" },
	{ "cis.5.2.4.4", "", VALUE(notify_users), "messages to users" },
	{ "cis.5.2.4.5", "", VALUE(notify_admins), "messages to administrators" },
	{ "asd.notify-users", "", VALUE(notify_users), "messages to users" },
	{ "asd.notify-admins", "", VALUE(notify_admins), "messages to administrators" },
#undef VALUE
};

/* The newest event that turned writeback on or off since then. */
static const struct event *writeback_event(const struct audit *a, int64_t since_ms)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].time_ms > since_ms && (a->v[i].kind == EVENT_WRITEBACK_ON ||
						   a->v[i].kind == EVENT_WRITEBACK_OFF))
			return &a->v[i];
	return NULL;
}

/* Changes that other services log: which findings they are behind. */
static const struct {
	const char *id;		/* the finding's, or its start */
	const char *activity;	/* part of its name */
	bool of_group;		/* only when it is about our group */
	const char *part;	/* of the setting's name; NULL = any */
} causes[] = {
	{ "step.admin", "authorization policy", false, NULL },
	{ "health.admin-gates", "authorization policy", false, NULL },
	{ "step.methods", "Methods Policy", false, NULL },
	{ "step.registration", "Methods Policy", false, "Migration" },
	{ "health.methods-too-few", "Methods Policy", false, NULL },
	{ "health.excluded-group", "Methods Policy", false, NULL },
	{ "health.sms-sign-in", "Methods Policy", false, NULL },
	{ "health.migration", "Methods Policy", false, NULL },
	{ "cis.5.2.3", "Methods Policy", false, NULL },
	{ "scuba.", "Methods Policy", false, NULL },
	{ "step.group", "group", true, NULL },
	{ "prereq.group", "group", true, NULL },
	{ "health.nested", "group", true, NULL },
	{ "health.guest-members", "group", true, NULL },
	{ "health.disabled-members", "group", true, NULL },
	{ "health.admin-members", "group", true, NULL },
};

/* A group that is gone is known by its name, in this event or in another of it. */
static bool of_our_group(const struct facts *f, const struct event *e)
{
	const struct audit *a = &f->audit;

	if (!e->group_id)
		return false;
	if (f->groups.chosen)
		return str_same_nocase(e->group_id, f->groups.chosen->id);
	for (size_t i = 0; f->groups.name && i < a->nchanges; i++)
		if (str_same_nocase(a->changes[i].group_id, e->group_id) &&
		    str_same_nocase(a->changes[i].group_name, f->groups.name))
			return true;
	return false;
}

static bool behind(const struct facts *f, const char *id, const char *setting,
		   const struct event *e)
{
	for (size_t i = 0; i < COUNT_OF(causes); i++)
		if (str_starts(id, causes[i].id) &&
		    str_find_nocase(e->activity, causes[i].activity) &&
		    (!causes[i].part || str_find_nocase(setting, causes[i].part)) &&
		    (!causes[i].of_group || of_our_group(f, e)))
			return true;
	return false;
}

/* The newest of them, and how many there are. */
static const char *who_changed(const struct facts *f, const char *id, const char *setting,
			       int64_t since_ms, struct arena *arena)
{
	const struct event *newest = NULL;
	char when[TIME_TEXT];
	size_t n = 0;

	for (size_t i = 0; i < f->audit.nchanges; i++) {
		const struct event *e = &f->audit.changes[i];

		if (e->time_ms <= since_ms || !behind(f, id, setting, e))
			continue;
		n++;
		if (!newest || e->time_ms > newest->time_ms)
			newest = e;
	}
	if (!newest)
		return "";
	return arena_printf(arena, "%s by %s at %s%s", newest->activity,
			    newest->actor ? newest->actor : "an unnamed actor",
			    time_format(newest->time_ms, when),
			    n > 1 ? arena_printf(arena, ", and %zu more", n - 1) : "");
}

static const char *who_did(const struct facts *f, const char *id, const char *setting,
			   int64_t since_ms, struct arena *arena)
{
	const struct event *e;
	char when[TIME_TEXT];

	for (size_t i = 0; i < COUNT_OF(settings); i++) {
		const struct policy_value *v = (const void *)((const char *)&f->audit +
							      settings[i].offset);

		if (!str_same(settings[i].id, id) || v->time_ms <= since_ms ||
		    !(*settings[i].part == '\0' || !*setting ||
		      str_find_nocase(setting, settings[i].part)))
			continue;
		return arena_printf(arena, "%s set from %s to %s by %s at %s",
				    settings[i].title,
				    v->old_value && *v->old_value ? v->old_value : "nothing",
				    v->new_value && *v->new_value ? v->new_value : "nothing",
				    v->actor ? v->actor : "an unnamed actor",
				    time_format(v->time_ms, when));
	}
	e = str_same(id, "step.writeback") || str_same(id, "prereq.writeback")
		? writeback_event(&f->audit, since_ms) : NULL;
	if (!e)
		return who_changed(f, id, setting, since_ms, arena);
	return arena_printf(arena, "%s by %s at %s", e->activity,
			    e->actor ? e->actor : "an unnamed actor",
			    time_format(e->time_ms, when));
}

static void add(struct comparison *c, enum difference what, const struct finding *now,
		const char *before, const char *after, const char *who, struct arena *arena)
{
	ARENA_GROW(arena, c->v, c->n, c->cap);
	c->v[c->n++] = (struct compared){
		.what = what, .id = now->id, .title = now->title, .before = before,
		.after = after, .who = who,
	};
}

static bool is_bad(const char *verdict)
{
	return str_same(verdict, "fail") || str_same(verdict, "warn");
}

static bool is_well(const char *verdict)
{
	return str_same(verdict, "pass") || str_same(verdict, "not-applicable") ||
	       str_same(verdict, "accepted");
}

static enum difference difference_of(const char *before, const char *after)
{
	if (is_bad(after) && !is_bad(before))
		return DIFFERENCE_NEW;
	return is_bad(before) && is_well(after) ? DIFFERENCE_FIXED : DIFFERENCE_CHANGED;
}

#define NOW ": now "

/* "Scope: now Selected, wanted Selected. How we know..." -> "Scope" and "Selected";
 * false when the evidence is not of a setting. */
static bool setting_of(const char *evidence, const char **ret_name, const char **ret_value,
		       struct arena *arena)
{
	const char *now = evidence ? strstr(evidence, NOW) : NULL;
	const char *end = now ? strstr(now, ", wanted ") : NULL;

	if (!end)
		return false;
	*ret_name = arena_strndup(arena, evidence, (size_t)(now - evidence));
	now += strlen(NOW);
	*ret_value = arena_strndup(arena, now, (size_t)(end - now));
	return true;
}

static const char *earlier_value(const struct json *finding, const char *setting,
				 struct arena *arena)
{
	const char *name, *value;

	for (const struct json *e = json_first(json_get(finding, "evidence")); e;
	     e = json_next(e))
		if (setting_of(json_string(e, "value"), &name, &value, arena) &&
		    str_same(name, setting))
			return value;
	return NULL;
}

/* Settings of a step whose value is another one. Returns how many. */
static size_t compare_settings(const struct facts *f, const struct finding *now,
			       const struct json *before, struct comparison *c,
			       struct arena *arena)
{
	size_t n = 0;

	if (!str_starts(now->id, "step."))
		return 0;
	for (size_t i = 0; i < now->nevidence; i++) {
		const char *name, *value, *old;

		if (!setting_of(now->evidence[i].value, &name, &value, arena))
			continue;
		old = earlier_value(before, name, arena);
		if (!old || str_same(value, old))
			continue;
		add(c, DIFFERENCE_CHANGED, now, arena_printf(arena, "%s: %s", name, old),
		    arena_printf(arena, "%s: %s", name, value),
		    who_did(f, now->id, name, c->since_ms, arena), arena);
		n++;
	}
	return n;
}

static void compare_one(const struct facts *f, const struct finding *now,
			const struct json *before, struct comparison *c, bool group_came_or_went,
			struct arena *arena)
{
	const char *verdict = verdict_name(now->verdict);
	const char *old = json_string_or(before, "verdict", "unknown");
	const char *summary = json_string_or(before, "summary", "");
	size_t changed = before ? compare_settings(f, now, before, c, arena) : 0;
	const char *who;

	if (!before && !is_bad(verdict))
		return;
	if (before && str_same(verdict, old))
		return;
	/* What was never in question and is well now is no news. */
	if (before && is_well(old) && is_well(verdict))
		return;
	/* The settings have said who did it. */
	who = changed ? "" : who_did(f, now->id, "", c->since_ms, arena);
	/* What is only judged where there is a group changes with the group. */
	if (!changed && !*who && group_came_or_went &&
	    (now->verdict == VERDICT_NOT_APPLICABLE || str_same(old, "not-applicable")))
		who = who_changed(f, "step.group", "", c->since_ms, arena);
	add(c, before ? difference_of(old, verdict) : DIFFERENCE_NEW, now,
	    before ? arena_printf(arena, "%s: %s", old, summary) : "not looked at",
	    arena_printf(arena, "%s: %s", verdict, now->summary),
	    who, arena);
}

static const struct json *find(const struct json *findings, const char *id)
{
	for (const struct json *j = json_first(findings); j; j = json_next(j))
		if (str_same(json_string(j, "id"), id))
			return j;
	return NULL;
}

/* There is a group now and was none, or the other way round. */
static bool group_changed(const struct facts *f, const struct json *findings)
{
	const char *old = json_string_or(find(findings, "prereq.group"), "verdict", "unknown");

	return f->groups.chosen ? str_same(old, "fail") : str_same(old, "pass") ||
							  str_same(old, "warn");
}

int comparison_make(const struct facts *f, const struct findings *now,
		    const struct json *earlier, struct comparison *ret, struct arena *arena,
		    struct err *err)
{
	const char *schema = json_string(earlier, "schema");
	const char *tenant = json_text(json_at(earlier, "tenant.id"));
	const struct json *before;

	memset(ret, 0, sizeof(*ret));
	if (!str_same(schema, "sspr-wizard/report/1") && !str_same(schema, "sspr-wizard/check/1")) {
		err_set(err, ERR_INVALID, 0, "it is no earlier report: its schema is %s",
			schema ? schema : "not given");
		return err_todo(err, "Use a file of: sspr-wizard report --format json -o FILE");
	}
	if (!str_same_nocase(tenant, f->organization.id))
		return err_set(err, ERR_INVALID, 0, "it is a report of another tenant (%s)",
			       tenant ? tenant : "no id");
	if (time_parse(json_string(earlier, "observedAt"), &ret->since_ms) < 0)
		return err_set(err, ERR_PARSE, 0, "it does not say when it was made");
	before = json_get(earlier, "findings");
	for (size_t i = 0; i < now->n; i++)
		compare_one(f, &now->v[i], find(before, now->v[i].id), ret,
			    group_changed(f, before), arena);
	return 0;
}
