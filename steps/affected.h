#ifndef STEPS_AFFECTED_H
#define STEPS_AFFECTED_H

#include "checks/impact.h"
#include "steps/journal.h"
#include "steps/plan.h"

/*
 * struct affected - whom a plan, or taking back a run, touches: for each change the
 * effects that it has on people, and on whom. Computed from the facts, to be shown
 * and written to a file before the yes. Zero is valid: nobody.
 */
struct effect {
	const char *change_id, *title;	/* title of the change */
	const char *what;		/* "Can reset then and cannot now" */
	bool warning;			/* somebody loses something, or is a risk */
	bool in_detail;			/* the change's own words name them already */
	struct impact people;
};

struct affected {
	struct arena arena;
	struct effect *v;
	size_t n, cap;
};

/* Adds the effects of one change. Persons are borrowed from the facts, texts from the
 * change; effects on nobody are left out, those that cannot be told are not. */
void affected_add(struct affected *a, const struct facts *f, const struct wanted *w,
		  const struct change *c);
/* The same for a change that is taken back. */
void affected_add_undo(struct affected *a, const struct facts *f, const struct wanted *w,
		       const struct record *r);
void affected_release(struct affected *a);
/* How many rows the list has: people, and numbers of people. */
size_t affected_rows(const struct affected *a);
/* All of them as CSV: change, effect, name, sign-in name, object id. Text that a
 * spreadsheet would run is made inert. */
void affected_csv(const struct affected *a, struct str *out);

#endif
