/* The other settings of the admin centre that have no API: what audit events,
 * report rows, written-back resets and people's words tell of them. */
#include "checks/settings.h"

#include <string.h>

#include "checks/check.h"
#include "checks/wanted.h"
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

bool attestation_stands(const struct attestation *a, int64_t now_ms)
{
	return now_ms - a->time_ms <= ATTESTATION_LIFE_MS;
}

static const struct attestation *newest_word(const struct facts *f, const char *setting)
{
	const struct attestation *newest = NULL;

	for (size_t i = 0; i < f->attestations.n; i++) {
		const struct attestation *one = &f->attestations.v[i];

		if (same_setting(one->setting, setting) &&
		    (!newest || one->time_ms > newest->time_ms))
			newest = one;
	}
	return newest && newest->value ? newest : NULL;
}

void hear_word(const struct facts *f, const char *setting, struct voices *all,
	       struct arena *arena)
{
	const struct attestation *newest = newest_word(f, setting);
	const char *value;
	char date[TIME_TEXT];

	if (!newest || !attestation_stands(newest, f->now_ms))
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

static const char *days_text(const char *value)
{
	size_t n = value ? strspn(value, "0123456789") : 0;

	return n && n <= 3 && !value[n] ? value : NULL;
}

/* An empty one is the value that it has while the link is not customised. */
static const char *helpdesk_text(const char *value)
{
	return value && *value ? value : NULL;
}

/* Switched off, the address that stays behind means nothing. */
static void hear_helpdesk(const struct facts *f, struct voices *all, struct arena *arena)
{
	const struct policy_value *on = &f->audit.helpdesk_on;

	if (facts_read(f, AREA_AUDIT) && str_same(switch_text(on->new_value), "off"))
		hear_event(all, on, HELPDESK_NONE, arena);
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
	{ "registration.days", offsetof(struct audit, reconfirm_days), days_text, NULL },
	{ "notifications.helpdesk", offsetof(struct audit, helpdesk), helpdesk_text,
	  hear_helpdesk },
	{ "writeback.unlock", offsetof(struct audit, unlock), switch_text, NULL },
};

static const struct setting_source *source_of(const char *setting)
{
	for (size_t i = 0; i < COUNT_OF(sources); i++)
		if (str_same(sources[i].setting, setting))
			return &sources[i];
	return NULL;
}

static const struct policy_value *event_of(const struct facts *f, const struct setting_source *s)
{
	return (const struct policy_value *)((const char *)&f->audit + s->offset);
}

/* An old word is not forgotten: it says what has to be looked at again. */
static const char *faded_word(const struct facts *f, const char *setting, struct arena *arena)
{
	const struct attestation *word = newest_word(f, setting);
	char date[TIME_TEXT];

	if (!word || attestation_stands(word, f->now_ms))
		return NULL;
	return arena_printf(arena, "%s said on %s that it is %s. That is more than 90 days ago: "
			    "look again.", word->who ? word->who : "Somebody",
			    time_format_date(word->time_ms, date), word->value);
}

/* What was read directly needs no other source. */
static const char *read_directly(const struct facts *f, const char *setting)
{
	const struct portal_facts *p = &f->portal;
	const struct {
		const char *setting, *value;
	} read[] = {
		{ "scope", p->scope }, { "methods.required", p->methods_required },
		{ "writeback.tenant", p->writeback }, { "notifications.users", p->notify_users },
		{ "notifications.admins", p->notify_admins },
		{ "registration.required", p->registration_required },
		{ "registration.days", p->reconfirm_days },
		{ "notifications.helpdesk", p->helpdesk }, { "writeback.unlock", p->unlock },
	};

	for (size_t i = 0; facts_read(f, AREA_PORTAL) && i < COUNT_OF(read); i++)
		if (str_same(read[i].setting, setting))
			return read[i].value;
	return NULL;
}

const char *setting_judge(const struct facts *f, const char *setting,
			  enum confidence *ret_confidence, const char **ret_how,
			  int64_t *ret_time_ms, struct arena *arena)
{
	const struct setting_source *s = source_of(setting);
	struct voices all = { .n = 0 };
	const char *value = read_directly(f, setting), *faded;

	if (value) {
		*ret_confidence = CONFIDENCE_PROVED;
		*ret_time_ms = f->source[AREA_PORTAL].observed_ms;
		*ret_how = "How we know: the admin centre's own API says so; Microsoft does not "
			   "support it.";
		return value;
	}
	faded = faded_word(f, setting, arena);
	if (str_same(setting, "scope")) {
		value = scope_value(f, ret_confidence, ret_how, ret_time_ms, arena);
	} else {
		if (s && facts_read(f, AREA_AUDIT))
			hear_event(&all, event_of(f, s), s->text(event_of(f, s)->new_value),
				   arena);
		if (s && s->hear)
			s->hear(f, &all, arena);
		hear_word(f, setting, &all, arena);
		value = voices_judge(&all, f->now_ms, ret_confidence, ret_how, ret_time_ms,
				     arena);
	}
	if (!value && faded && *ret_confidence == CONFIDENCE_NONE)
		*ret_how = faded;
	return value;
}

static const char *scope_text(const char *value)
{
	enum scope s = scope_of_text(value);

	return s == SCOPE_UNKNOWN ? NULL : scope_name(s);
}

/* The two events of writeback that say nothing but on and off. */
static void take_writeback(const struct facts *f, int64_t since_ms, struct setting_change *ret)
{
	const struct audit *a = &f->audit;
	bool on = a->writeback_on_ms > a->writeback_off_ms;
	int64_t ms = on ? a->writeback_on_ms : a->writeback_off_ms;

	if (ms > since_ms && ms > ret->time_ms)
		*ret = (struct setting_change){ .new_value = on ? "on" : "off", .time_ms = ms };
}

static void take_helpdesk(const struct facts *f, int64_t since_ms, struct setting_change *ret)
{
	const struct policy_value *on = &f->audit.helpdesk_on;

	if (on->time_ms > since_ms && on->time_ms >= ret->time_ms &&
	    str_same(switch_text(on->new_value), "off"))
		*ret = (struct setting_change){ .new_value = HELPDESK_NONE, .actor = on->actor,
						.time_ms = on->time_ms };
}

bool setting_changed(const struct facts *f, const char *setting, int64_t since_ms,
		     struct setting_change *ret)
{
	const struct setting_source *s = source_of(setting);
	const struct policy_value *v = s ? event_of(f, s) : &f->audit.scope;
	const char *(*text)(const char *value) = s ? s->text : scope_text;

	*ret = (struct setting_change){ .time_ms = 0 };
	if (!facts_read(f, AREA_AUDIT) || (!s && !str_same(setting, "scope")))
		return false;
	if (v->time_ms > since_ms)
		*ret = (struct setting_change){
			.old_value = text(v->old_value), .new_value = text(v->new_value),
			.actor = v->actor, .time_ms = v->time_ms,
		};
	if (str_same(setting, "writeback.tenant"))
		take_writeback(f, since_ms, ret);
	if (str_same(setting, "notifications.helpdesk"))
		take_helpdesk(f, since_ms, ret);
	return ret->time_ms != 0;
}

const char *setting_reported(const struct facts *f, const char *setting, int64_t since_ms,
			     const char **ret_how, struct arena *arena)
{
	struct voices all = { .n = 0 };
	enum confidence confidence;
	const char *value, *how;
	int64_t time_ms;

	if (!facts_read(f, AREA_REGISTRATION) || f->registration.oldest_row_ms <= since_ms)
		return NULL;
	if (str_same(setting, "scope"))
		hear_scope_report(f, &all, arena);
	else if (str_same(setting, "methods.required"))
		hear_methods_rows(f, &all, arena);
	value = voices_judge(&all, f->now_ms, &confidence, &how, &time_ms, arena);
	if (value)
		*ret_how = how;
	return value;
}

const char *setting_request(const struct facts *f, const char *setting, enum confidence c)
{
	enum area a = AREA_AUDIT;

	if (c == CONFIDENCE_ATTESTED)
		return "the journal";
	if (c == CONFIDENCE_PROVED && read_directly(f, same_setting(setting, "scope") ? "scope"
						   : setting))
		return f->source[AREA_PORTAL].request;
	/* Without an event the report is what tells a little, but of writeback. */
	if (c == CONFIDENCE_LIKELY && facts_read(f, AREA_REGISTRATION) &&
	    !str_starts(setting, "writeback."))
		a = AREA_REGISTRATION;
	return f->source[a].request ? f->source[a].request : area_name(a);
}
