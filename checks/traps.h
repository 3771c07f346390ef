#ifndef CHECKS_TRAPS_H
#define CHECKS_TRAPS_H

#include "checks/pass.h"

/*
 * What a Conditional Access policy does to somebody who is to register for the
 * first time: no method yet, a device of their own, outside the network
 * (Microsoft Learn: Conditional Access, "Control security information
 * registration"; facts graph.md 9). Order: the worst last.
 */
enum trap {
	TRAP_NONE,
	TRAP_METHOD,		/* wants MFA: a Temporary Access Pass gets through */
	TRAP_STRONG_METHOD,	/* wants a strength that a pass may not reach */
	TRAP_DEVICE,		/* wants a managed device */
	TRAP_PLACE,		/* blocks off the trusted places */
	TRAP_BLOCKED,		/* blocks everywhere */
};

/*
 * The trap that the policy is, as it stands, for whoever is in its scope; its
 * state is not looked at. MFA for all resources is none: whoever has no method
 * is led to the registration by it.
 */
enum trap access_trap(const struct access_policy *p);
/* What the trap does, to go after the policy's name: "blocks registration
 * everywhere". registration: the policy is on the registration, else on the
 * sign-in that comes before it. */
const char *trap_effect(const struct access_policy *p, enum trap t);
/* Who it is for and where, to go after that: "; it only reports, nobody is kept out
 * yet"; "" when it is in force for the whole pilot. */
const char *trap_scope(const struct access_policy *p);
/* "The policy NAME blocks registration everywhere; not for the pilot." */
const char *trap_sentence(const struct access_policy *p, enum trap t, struct arena *arena);
/* The way out, a sentence. pass: whether the pilot may use a pass. */
const char *trap_way_out(enum trap t, enum tri pass);
/* Whether the policy is in force, or only reports. */
bool access_enforced(const struct access_policy *p);
bool access_reports(const struct access_policy *p);
/* The policy in force that stands worst in the pilot's way, on the registration or
 * on the sign-in before it; NULL when none does, or none was read. */
const struct access_policy *trap_in_force(const struct facts *f, enum trap *ret_trap);

/* The policy in force that wants MFA of the pilot to register: whoever has no method
 * needs a Temporary Access Pass for it. NULL: none does, or none was read. */
const struct access_policy *trap_wants_pass(const struct facts *f);

#endif
