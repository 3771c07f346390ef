#include "checks/pass.h"

#include "graph/base/str.h"

enum whom { WHOM_OTHERS, WHOM_PILOT, WHOM_EVERYBODY };

static enum whom whom_of(const struct facts *f, const struct target *v, size_t n)
{
	enum whom whom = WHOM_OTHERS;

	for (size_t i = 0; i < n; i++) {
		if (str_same_nocase(v[i].id, "all_users"))
			return WHOM_EVERYBODY;
		if (f->groups.chosen && str_same_nocase(v[i].id, f->groups.chosen->id))
			whom = WHOM_PILOT;
	}
	return whom;
}

enum tri pass_usable(const struct facts *f)
{
	const struct method *m = &f->methods.method[METHOD_TAP];

	if (!facts_read(f, AREA_METHODS))
		return TRI_UNKNOWN;
	if (!m->present || !m->enabled || whom_of(f, m->exclude, m->nexclude) != WHOM_OTHERS)
		return TRI_NO;
	if (whom_of(f, m->include, m->ninclude) != WHOM_OTHERS)
		return TRI_YES;
	/* For other groups: whether the pilot is in them was not read. */
	return m->ninclude ? TRI_UNKNOWN : TRI_NO;
}

const char *pass_whom(const struct facts *f)
{
	const struct method *m = &f->methods.method[METHOD_TAP];

	if (!m->present || !m->enabled)
		return "off";
	switch (pass_usable(f)) {
	case TRI_YES:
		return whom_of(f, m->include, m->ninclude) == WHOM_EVERYBODY
		       ? "on, for everybody" : "on, for the pilot group";
	case TRI_NO:
		return "on, not for the pilot group";
	case TRI_UNKNOWN:
		break;
	}
	return "on, for other groups";
}

const char *pass_settings(const struct facts *f, struct arena *arena)
{
	const struct pass_policy *p = &f->methods.pass;
	CLEANUP(str_release) struct str text = { 0 };

	if (p->lifetime)
		str_addf(&text, "%d minutes", p->lifetime);
	if (p->lifetime && p->minimum && p->maximum)
		str_addf(&text, " (%d to %d may be chosen)", p->minimum, p->maximum);
	if (p->once != TRI_UNKNOWN)
		str_addf(&text, "%s%s", text.len ? ", " : "", p->once == TRI_YES ? "one use"
			 : "one use or several");
	if (p->length)
		str_addf(&text, "%s%d characters", text.len ? ", " : "", p->length);
	return arena_strdup(arena, str_text(&text));
}

const char *pass_summary(const struct facts *f, const char *needs, struct arena *arena)
{
	switch (pass_usable(f)) {
	case TRI_YES:
		return "Whoever has no method can be given a Temporary Access Pass to register with.";
	case TRI_UNKNOWN:
		return "Cannot tell whether the pilot may use a Temporary Access Pass: it is on for "
		       "other groups.";
	case TRI_NO:
		break;
	}
	if (needs)
		return arena_printf(arena, "The pilot may not use a Temporary Access Pass, and the "
				    "policy %s wants MFA to register: whoever has no method cannot "
				    "begin.", needs);
	return "The pilot may not use a Temporary Access Pass: whoever lost every method cannot be "
	       "let in to register again.";
}

const char *pass_remedy(const struct facts *f)
{
	switch (pass_usable(f)) {
	case TRI_YES:
		break;
	case TRI_NO:
		return "Turn it on for the pilot group under " PASS_PLACE ": one-time use, an hour. "
		       "It takes the Authentication Policy Administrator.";
	case TRI_UNKNOWN:
		return "Add the pilot group under " PASS_PLACE ", or see whether it is in one of "
		       "the groups there.";
	}
	return "";
}

const char *pass_handling(const struct facts *f)
{
	if (f->methods.pass.once == TRI_NO)
		return "An Authentication Administrator gives it on the person's page, under "
		       "Authentication methods; to an administrator, a Privileged one. It signs in "
		       "at https://aka.ms/mysecurityinfo while it is valid, resets no password, and "
		       "the old password stays.";
	return "An Authentication Administrator gives it on the person's page, under "
	       "Authentication methods; to an administrator, a Privileged one. For one use, it "
	       "signs in once at https://aka.ms/mysecurityinfo: a passkey or phone sign-in is "
	       "registered within 10 minutes of that. It resets no password, and the old password "
	       "stays.";
}
