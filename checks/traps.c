#include "checks/traps.h"

#include "graph/base/str.h"

bool access_enforced(const struct access_policy *p)
{
	return str_same_nocase(p->state, "enabled");
}

bool access_reports(const struct access_policy *p)
{
	return str_same_nocase(p->state, "enabledForReportingButNotEnforced");
}

/* The controls for which such a person has an answer: MFA at the sign-in leads to
 * the registration, terms of use can be accepted. */
static enum trap of_controls(const struct access_policy *p)
{
	enum trap method = TRAP_NONE;

	if (p->mfa && p->registration)
		method = TRAP_METHOD;
	if (p->strength)
		method = p->phishing_resistant || !p->registration ? TRAP_STRONG_METHOD
								   : TRAP_METHOD;
	if (p->needs_all)
		return p->managed_device ? TRAP_DEVICE : method;
	if (p->other_control)
		return TRAP_NONE;
	if (p->mfa)
		return method;
	return p->managed_device ? TRAP_DEVICE : TRAP_NONE;
}

enum trap access_trap(const struct access_policy *p)
{
	if (!p->registration && !p->all_apps)
		return TRAP_NONE;
	/* Not how a person registers, or not this person. */
	if (p->old_clients || p->device_code || p->by_risk)
		return TRAP_NONE;
	if (p->block)
		return p->outside_trusted ? TRAP_PLACE : TRAP_BLOCKED;
	return of_controls(p);
}

static const char *at_registration(const struct access_policy *p, enum trap t)
{
	switch (t) {
	case TRAP_BLOCKED:
		return "blocks registration everywhere";
	case TRAP_PLACE:
		return "blocks registration outside trusted locations";
	case TRAP_DEVICE:
		return p->mfa ? "allows registration only with MFA and from managed devices"
			      : "allows registration from managed devices only";
	case TRAP_STRONG_METHOD:
		return "wants phishing-resistant MFA to register, which new people do not have";
	case TRAP_METHOD:
		return p->managed_device ? "wants MFA or a managed device to register"
					 : "wants MFA to register, which new people do not have yet";
	case TRAP_NONE:
		break;
	}
	return "does not keep anybody from registering";
}

static const char *at_sign_in(const struct access_policy *p, enum trap t)
{
	switch (t) {
	case TRAP_BLOCKED:
		return "blocks the sign-in to everything, the registration page too";
	case TRAP_PLACE:
		return "blocks the sign-in outside trusted locations, before anybody can register";
	case TRAP_DEVICE:
		return p->mfa ? "wants MFA and a managed device at every sign-in, also on the way "
				"to the registration"
			      : "wants a managed device at every sign-in, also on the way to the "
				"registration";
	case TRAP_STRONG_METHOD:
		return "wants an authentication strength at every sign-in that somebody without a "
		       "method cannot reach";
	case TRAP_METHOD:
	case TRAP_NONE:
		break;
	}
	return "does not keep anybody from the registration";
}

const char *trap_effect(const struct access_policy *p, enum trap t)
{
	return p->registration ? at_registration(p, t) : at_sign_in(p, t);
}

const char *trap_scope(const struct access_policy *p)
{
	if (!access_enforced(p))
		return access_reports(p) ? "; it only reports, nobody is kept out yet"
					 : "; it is off";
	if (p->hits_unknown)
		return "; it is for groups or roles whose people were not read";
	if (!p->hits_group)
		return "; not for the pilot";
	if (p->some_places)
		return "; in some places only";
	return p->narrowed ? "; on some devices only" : "";
}

const char *trap_sentence(const struct access_policy *p, enum trap t, struct arena *arena)
{
	return arena_printf(arena, "The policy %s %s%s.", p->name ? p->name : "without a name",
			    trap_effect(p, t), trap_scope(p));
}

const char *trap_way_out(enum trap t, enum tri pass)
{
	switch (t) {
	case TRAP_BLOCKED:
		return "Exclude the pilot group from the policy while it registers.";
	case TRAP_PLACE:
		return "Let the pilot register in the office, or name the place where they are as "
		       "a trusted location; else exclude the group.";
	case TRAP_DEVICE:
		return "Let the pilot register from a managed device of the house, or exclude the "
		       "group from the policy while it registers.";
	case TRAP_STRONG_METHOD:
		return "Exclude the pilot group until it has registered: a Temporary Access Pass "
		       "does not meet every strength.";
	case TRAP_METHOD:
		if (pass == TRI_NO)
			return "Turn the Temporary Access Pass on for the pilot, which now may not "
			       "use it, and give one to whoever has no method; or let them "
			       "register from a trusted place.";
		return "Give new people a Temporary Access Pass, or let them register from a "
		       "trusted place.";
	case TRAP_NONE:
		break;
	}
	return "";
}

const struct access_policy *trap_in_force(const struct facts *f, enum trap *ret_trap)
{
	const struct access_policy *worst = NULL;

	*ret_trap = TRAP_NONE;
	if (!facts_read(f, AREA_ACCESS))
		return NULL;
	for (size_t i = 0; i < f->access.nall; i++) {
		const struct access_policy *p = &f->access.all[i];
		enum trap t = access_trap(p);

		if (access_enforced(p) && p->hits_group && t > *ret_trap) {
			*ret_trap = t;
			worst = p;
		}
	}
	return worst;
}

const struct access_policy *trap_wants_pass(const struct facts *f)
{
	if (!facts_read(f, AREA_ACCESS))
		return NULL;
	for (size_t i = 0; i < f->access.nall; i++) {
		const struct access_policy *p = &f->access.all[i];

		if (access_enforced(p) && p->hits_group && access_trap(p) == TRAP_METHOD)
			return p;
	}
	return NULL;
}
