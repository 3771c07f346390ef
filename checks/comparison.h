#ifndef CHECKS_COMPARISON_H
#define CHECKS_COMPARISON_H

#include "checks/facts.h"
#include "checks/finding.h"
#include "graph/base/json.h"

/* How a finding differs from an earlier report of the same tenant. */
enum difference { DIFFERENCE_NEW, DIFFERENCE_FIXED, DIFFERENCE_CHANGED };
const char *difference_name(enum difference d);	/* "new", "fixed", "changed" */

struct compared {
	enum difference what;
	const char *id, *title;
	const char *before, *after;	/* verdict and summary, or a setting's value */
	const char *who;		/* "SET by ann@... at ..."; "" if the log is silent */
};
struct comparison {
	int64_t since_ms;		/* when the earlier report read the tenant */
	struct compared *v;
	size_t n, cap;
};
/* Who did v[i], as a report says it; never NULL. */
const char *compared_who(const struct comparison *c, size_t i);

/*
 * Compares with an earlier sspr-wizard/report/1 or check/1. A finding differs
 * when its verdict does, or the value of a step's setting; numbers that move by
 * themselves (ages, counts of events) are no difference. Who did it comes from
 * the policy events of the audit log since then. Text goes to the arena. Fails
 * when the document is of another kind or of another tenant.
 */
int comparison_make(const struct facts *f, const struct findings *now,
		    const struct json *earlier, struct comparison *ret, struct arena *arena,
		    struct err *err);

#endif
