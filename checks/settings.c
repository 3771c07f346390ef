/* The other settings of the admin centre that have no API: what audit events,
 * report rows, written-back resets and people's words tell of them. */
#include "checks/settings.h"

#include <string.h>

#include "checks/check.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

void hear_event(struct voices *all, const struct policy_value *v, const char *value,
		struct arena *arena)
{
	char date[TIME_TEXT];

	if (!v->time_ms || !value)
		return;
	voice_add(all, VOICE_EVENT, value, v->time_ms,
		  arena_printf(arena, "the audit log shows it set to %s by %s on %s", value,
			       v->actor ? v->actor : "an administrator",
			       time_format_date(v->time_ms, date)));
}

/* Attestations are kept under "scope" or under the step's "enablement.scope". */
static bool same_setting(const char *key, const char *setting)
{
	const char *dot;

	if (str_same(key, setting))
		return true;
	dot = key ? strrchr(key, '.') : NULL;
	return dot && str_same(setting, "scope") && str_same(dot + 1, "scope");
}

void hear_word(const struct facts *f, const char *setting, struct voices *all,
	       struct arena *arena)
{
	const struct attestation *newest = NULL;
	const char *value;
	char date[TIME_TEXT];

	for (size_t i = 0; i < f->attestations.n; i++) {
		const struct attestation *one = &f->attestations.v[i];

		if (same_setting(one->setting, setting) &&
		    (!newest || one->time_ms > newest->time_ms))
			newest = one;
	}
	if (!newest || !newest->value)
		return;
	value = newest->value;
	if (str_same(setting, "scope"))
		value = scope_name(scope_of_text(value));
	voice_add(all, VOICE_WORD, value, newest->time_ms,
		  arena_printf(arena, "%s said so on %s",
			       newest->who ? newest->who : "somebody",
			       time_format_date(newest->time_ms, date)));
}

/* Booleans of events come in several words. */
static const char *switch_text(const char *value)
{
	static const char *const on[] = { "true", "1", "yes", "on", "enabled" };
	static const char *const off[] = { "false", "0", "no", "off", "disabled" };

	for (size_t i = 0; i < COUNT_OF(on); i++)
		if (str_same_nocase(value, on[i]))
			return "on";
	for (size_t i = 0; i < COUNT_OF(off); i++)
		if (str_same_nocase(value, off[i]))
			return "off";
	return NULL;
}

static const char *number_text(const char *value)
{
	if (str_same_nocase(value, "1") || str_same_nocase(value, "one"))
		return "1";
	return str_same_nocase(value, "2") || str_same_nocase(value, "two") ? "2" : NULL;
}

/*
 * People with one method alone: registered, so one is required; or not, so two
 * are (facts graph.md 7.1: registered means the required number). A method
 * that is not allowed blurs single rows, so the clear majority speaks.
 */
static void hear_methods_rows(const struct facts *f, struct voices *all, struct arena *arena)
{
	const struct registration *r = &f->registration;
	size_t yes = r->one_method_registered, no = r->one_method_not;
	const char *value = NULL;

	if (!facts_read(f, AREA_REGISTRATION) || !(yes + no))
		return;
	if (yes > no * 4)
		value = "1";
	else if (no > yes * 4)
		value = "2";
	voice_add(all, VOICE_REPORT, value, r->oldest_row_ms,
		  arena_printf(arena, "of %zu people with one method only, the report calls "
			       "%zu registered", yes + no, yes));
}

static const char *on_date(const char *what, int64_t ms, struct arena *arena)
{
	char date[TIME_TEXT];

	return arena_printf(arena, "%s on %s", what, time_format_date(ms, date));
}

/* Writeback leaves three traces: its own two events, the tenant's switch, and
 * resets that reached the directory (facts graph.md 2.7). */
static void hear_writeback(const struct facts *f, struct voices *all, struct arena *arena)
{
	const struct audit *a = &f->audit;

	if (!facts_read(f, AREA_AUDIT))
		return;
	if (a->writeback_on_ms)
		voice_add(all, VOICE_EVENT, "on", a->writeback_on_ms,
			  on_date("the audit log shows it enabled", a->writeback_on_ms, arena));
	if (a->writeback_off_ms)
		voice_add(all, VOICE_EVENT, "off", a->writeback_off_ms,
			  on_date("the audit log shows it disabled", a->writeback_off_ms,
				  arena));
	if (a->last_written_back_ms)
		voice_add(all, VOICE_EVENT, "on", a->last_written_back_ms,
			  on_date("a reset was written back", a->last_written_back_ms, arena));
	/* The service says this itself when the switch is off (graph.md 8.4). */
	if (a->last_writeback_failure &&
	    str_find_nocase(a->last_writeback_failure, "enable Password Writeback"))
		voice_add(all, VOICE_EVENT, "off", a->last_writeback_failure_ms,
			  on_date("a reset was refused because writeback is off",
				  a->last_writeback_failure_ms, arena));
}

static const struct setting_source {
	const char *setting;
	size_t offset;		/* of its policy_value in struct audit */
	const char *(*text)(const char *value);
	void (*hear)(const struct facts *f, struct voices *all, struct arena *arena);
} sources[] = {
	{ "methods.required", offsetof(struct audit, methods_required), number_text,
	  hear_methods_rows },
	{ "writeback.tenant", offsetof(struct audit, writeback), switch_text, hear_writeback },
	{ "notifications.users", offsetof(struct audit, notify_users), switch_text, NULL },
	{ "notifications.admins", offsetof(struct audit, notify_admins), switch_text, NULL },
	{ "registration.required", offsetof(struct audit, registration_required), switch_text,
	  NULL },
};

const char *setting_judge(const struct facts *f, const char *setting,
			  enum confidence *ret_confidence, const char **ret_how,
			  int64_t *ret_time_ms, struct arena *arena)
{
	struct voices all = { .n = 0 };

	if (str_same(setting, "scope"))
		return scope_value(f, ret_confidence, ret_how, ret_time_ms, arena);
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		const struct setting_source *s = &sources[i];
		const struct policy_value *v;

		if (!str_same(s->setting, setting))
			continue;
		v = (const struct policy_value *)((const char *)&f->audit + s->offset);
		if (facts_read(f, AREA_AUDIT) && v->time_ms)
			hear_event(&all, v, s->text(v->new_value), arena);
		if (s->hear)
			s->hear(f, &all, arena);
	}
	hear_word(f, setting, &all, arena);
	return voices_judge(&all, f->now_ms, ret_confidence, ret_how, ret_time_ms, arena);
}
