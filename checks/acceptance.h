#ifndef CHECKS_ACCEPTANCE_H
#define CHECKS_ACCEPTANCE_H

#include <stdint.h>

#include "checks/finding.h"

/* A deviation that somebody decided to live with, for a time. */
struct acceptance {
	const char *id;			/* of the finding */
	const char *reason, *owner;
	int64_t until_ms;		/* the end of its last day, UTC */
};

/* "reason; owner; 2027-01-31" of the profile; the texts point into `text`,
 * which is cut up. Fails with ERR_INVALID. */
int acceptance_parse(char *text, struct acceptance *ret, struct err *err);
/* A warning or failure that is accepted today becomes ACCEPTED and says by
 * whom; one whose time is over counts again and says that too. */
void findings_accept(struct findings *f, const struct acceptance *v, size_t n, int64_t now_ms);

#endif
