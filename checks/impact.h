#ifndef CHECKS_IMPACT_H
#define CHECKS_IMPACT_H

#include "checks/facts.h"
#include "checks/wanted.h"

/*
 * Who a change would touch, computed from the facts before the yes. The report
 * keeps the rows of the group's people and of administrators; of everybody else
 * it only tells numbers, so a list names some and counts the others.
 */
struct impact {
	bool known;			/* the facts that it needs were read */
	const struct person **v;	/* borrowed persons, in the arena */
	size_t n, cap;
	size_t others;			/* touched too, but known by number only */
};

/* Who can reset after the scope is set to `to` and could not before; the
 * opposite. Administrators have a policy of their own and guests never reset
 * here: both are left out (facts graph.md 6.2). */
void impact_gain(const struct facts *f, enum scope to, struct impact *ret, struct arena *arena);
void impact_lose(const struct facts *f, enum scope to, struct impact *ret, struct arena *arena);
/* Who can reset now and has fewer methods registered than `required`. */
void impact_locked_by_number(const struct facts *f, int required, struct impact *ret,
			     struct arena *arena);
/* Who can reset now and would have too few methods left with this one off:
 * `required` is the number that a reset takes. A phone serves SMS and voice; it
 * is lost with the last of the two. */
void impact_locked_by_method(const struct facts *f, enum method_id off, int required,
			     struct impact *ret, struct arena *arena);
/* Administrators among the group's people. */
void impact_admins(const struct facts *f, struct impact *ret, struct arena *arena);
/* Synced people of the group while writeback is not proved: whoever of them
 * tries to reset is sent to the help desk (facts graph.md S11). */
void impact_unwritten(const struct facts *f, struct impact *ret, struct arena *arena);

size_t impact_total(const struct impact *i);
/* "ann@contoso.com, bob@contoso.com and 3 more"; "nobody"; for what is not known
 * "cannot tell who". Never NULL. */
const char *impact_text(const struct impact *i, struct arena *arena);

#endif
