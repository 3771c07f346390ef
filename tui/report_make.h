#ifndef TUI_REPORT_MAKE_H
#define TUI_REPORT_MAKE_H

#include "checks/assessment.h"
#include "steps/profile.h"
#include "steps/session.h"

/*
 * What both front ends do for a report: everything that was found, counted and
 * compared, as an assessment, and that in a format. Its members point into each
 * other, so a report stays where it is.
 */
struct report_wish {
	const char *title;		/* NULL: the profile's, or the usual one */
	bool redact;			/* the names of people go */
	const struct json *earlier;	/* an earlier report, or NULL */
};

struct report {
	struct assessment a;
	struct findings findings;	/* its arena has the text of the rest */
	struct usage usage;
	struct comparison since;
	struct readiness readiness;
	const char *reasons[AREA_COUNT];	/* without names; unused otherwise */
};

struct report_format {
	const char *name;		/* "html", as --format has it */
	const char *title, *ending;	/* "HTML", ".html" */
	const char *use;		/* what it is good for, a few words */
	void (*write)(const struct assessment *a, struct str *out);
};
extern const struct report_format report_formats[];	/* html first */
extern const size_t nreport_formats;

/* Fails when the earlier report is none, or of another tenant. Either way
 * report_release() is due. Borrows the session, the profile and the wish's texts. */
int report_make(const struct session *s, const struct profile *p, const struct report_wish *w,
		struct report *ret, struct err *err);
void report_release(struct report *r);

/* Reads an earlier report in JSON and lets the session ask, with its next look at the
 * audit log, who changed what since then. The caller's; NULL with the error set. */
struct json *report_earlier(struct session *s, const char *path, struct err *err);

#endif
