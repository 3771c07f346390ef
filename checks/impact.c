#include "checks/impact.h"

#include "checks/check.h"
#include "checks/gates.h"
#include "checks/judge.h"

static void name(struct impact *i, const struct person *p, struct arena *arena)
{
	ARENA_GROW(arena, i->v, i->n, i->cap);
	i->v[i->n++] = p;
}

/* Whom the scope is about. */
static bool follows_scope(const struct person *p)
{
	return p->admin != TRI_YES && person_counts(p);
}

static bool reports_read(const struct facts *f)
{
	return facts_read(f, AREA_REGISTRATION) && f->registration.members_total;
}

/* Those of the group whose isSsprEnabled is `now`; somebody without a row is
 * not enabled yet. */
static void name_members(const struct facts *f, bool now, struct impact *i, struct arena *arena)
{
	for (size_t k = 0; k < f->members.people.n; k++) {
		const struct person *p = &f->members.people.v[k];

		if (follows_scope(p) && (p->sspr_enabled == TRI_YES) == now)
			name(i, p, arena);
	}
}

void impact_gain(const struct facts *f, enum scope to, struct impact *ret, struct arena *arena)
{
	const struct registration *r = &f->registration;

	*ret = (struct impact){
		.known = to == SCOPE_NONE || (reports_read(f) && facts_read(f, AREA_MEMBERS)),
	};
	if (!ret->known || to == SCOPE_NONE || to == SCOPE_UNKNOWN)
		return;
	name_members(f, false, ret, arena);
	if (to == SCOPE_ALL)
		ret->others = r->not_enabled_outside;
}

void impact_lose(const struct facts *f, enum scope to, struct impact *ret, struct arena *arena)
{
	*ret = (struct impact){ .known = to == SCOPE_ALL || reports_read(f) };
	if (!ret->known || to == SCOPE_ALL || to == SCOPE_UNKNOWN)
		return;
	if (to == SCOPE_NONE)
		name_members(f, true, ret, arena);
	ret->others = f->registration.enabled_outside;
}

/* Each method is counted by itself, as the report lists them. */
static size_t usable_methods(const struct person *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nmethods; i++)
		n += method_gate(p->methods[i]) != 0;
	return n;
}

/* Somebody who can reset today, by the report. */
static bool resets_now(const struct person *p)
{
	return follows_scope(p) && p->row_ms && p->sspr_registered == TRI_YES;
}

void impact_locked_by_number(const struct facts *f, int required, struct impact *ret,
			     struct arena *arena)
{
	size_t single = 0;

	*ret = (struct impact){ .known = reports_read(f) && facts_read(f, AREA_MEMBERS) };
	if (!ret->known)
		return;
	for (size_t k = 0; k < f->members.people.n; k++) {
		const struct person *p = &f->members.people.v[k];

		if (!resets_now(p) || usable_methods(p) >= (size_t)required)
			continue;
		name(ret, p, arena);
		single += usable_methods(p) == 1 && person_gates(p) != GATE_APP;
	}
	if (required > 1 && f->registration.one_method_registered > single)
		ret->others = f->registration.one_method_registered - single;
}

static bool method_on(const struct facts *f, enum method_id id)
{
	return f->methods.method[id].present && f->methods.method[id].enabled;
}

/* Whether a method of the report is gone with that one off (facts graph.md 5.4
 * and 7.1). */
static bool goes_with(const struct facts *f, const char *registered, enum method_id off)
{
	if (str_same_nocase(registered, "email"))
		return off == METHOD_EMAIL;
	if (str_same_nocase(registered, "microsoftAuthenticatorPush"))
		return off == METHOD_AUTHENTICATOR;
	if (str_same_nocase(registered, "softwareOneTimePasscode"))
		return off == METHOD_SOFTWARE_OATH ||
		       (off == METHOD_AUTHENTICATOR && !method_on(f, METHOD_SOFTWARE_OATH));
	if (str_same_nocase(registered, "hardwareOneTimePasscode"))
		return off == METHOD_HARDWARE_OATH;
	if (str_same_nocase(registered, "officePhone"))
		return off == METHOD_VOICE;	/* no SMS to a desk */
	if (method_gate(registered) != GATE_PHONE)
		return false;
	return (off == METHOD_SMS && !method_on(f, METHOD_VOICE)) ||
	       (off == METHOD_VOICE && !method_on(f, METHOD_SMS));
}

void impact_locked_by_method(const struct facts *f, enum method_id off, int required,
			     struct impact *ret, struct arena *arena)
{
	*ret = (struct impact){
		.known = reports_read(f) && facts_read(f, AREA_MEMBERS) &&
			 facts_read(f, AREA_METHODS),
	};
	if (!ret->known)
		return;
	for (size_t k = 0; k < f->members.people.n; k++) {
		const struct person *p = &f->members.people.v[k];
		size_t have = usable_methods(p), left = have;

		for (size_t i = 0; i < p->nmethods; i++)
			left -= goes_with(f, p->methods[i], off);
		if (resets_now(p) && left < have && left < (size_t)required)
			name(ret, p, arena);
	}
}

void impact_admins(const struct facts *f, struct impact *ret, struct arena *arena)
{
	*ret = (struct impact){ .known = facts_read(f, AREA_MEMBERS) && reports_read(f) };
	for (size_t k = 0; ret->known && k < f->members.people.n; k++)
		if (f->members.people.v[k].admin == TRI_YES)
			name(ret, &f->members.people.v[k], arena);
}

void impact_unwritten(const struct facts *f, struct impact *ret, struct arena *arena)
{
	enum confidence confidence;
	int64_t time_ms;
	const char *how, *value;

	*ret = (struct impact){
		.known = facts_read(f, AREA_MEMBERS) && facts_hybrid(f) != TRI_UNKNOWN,
	};
	if (!ret->known || facts_hybrid(f) == TRI_NO)
		return;
	value = setting_judge(f, "writeback.tenant", &confidence, &how, &time_ms, arena);
	if (str_same(value, "on") && confidence == CONFIDENCE_PROVED)
		return;
	for (size_t k = 0; k < f->members.people.n; k++)
		if (f->members.people.v[k].synced == TRI_YES &&
		    person_counts(&f->members.people.v[k]))
			name(ret, &f->members.people.v[k], arena);
}

size_t impact_total(const struct impact *i)
{
	return i->n + i->others;
}

const char *impact_text(const struct impact *i, struct arena *arena)
{
	struct names names = { .n = 0 };

	if (!i->known)
		return "cannot tell who";
	if (!impact_total(i))
		return "nobody";
	for (size_t k = 0; k < i->n; k++)
		names_add(&names, person_label(i->v[k]));
	if (!i->others)
		return names_text(&names, arena);
	if (!i->n)
		return arena_printf(arena, "%s outside the group",
				    count_people(i->others, arena));
	return arena_printf(arena, "%s; and %s outside the group", names_text(&names, arena),
			    count_people(i->others, arena));
}
