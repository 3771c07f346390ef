#ifndef CHECKS_ASSESSMENT_H
#define CHECKS_ASSESSMENT_H

#include "checks/comparison.h"
#include "checks/facts.h"
#include "checks/finding.h"
#include "checks/readiness.h"
#include "checks/usage.h"
#include "graph/base/json.h"
#include "graph/base/str.h"

/* What a report says; all of it is borrowed, and redacted before if it is to be. */
struct assessment {
	const struct facts *facts;
	const struct findings *findings;
	const struct usage *usage;	/* NULL when the audit log was not read */
	const char *title;		/* "Password reset assessment" */
	const char *logo;		/* data: address of a picture, or NULL */
	const char *baseline;		/* name of the wanted values */
	const struct comparison *since;	/* with an earlier report, or NULL */
	const struct readiness *readiness;	/* of the pilot, or NULL */
	const char *const *reasons;	/* why an area was not read; NULL: as the facts say */
};

/* When to do something about a finding. */
enum when { WHEN_NOW, WHEN_NEXT, WHEN_LATER, WHEN_NEVER };
enum when finding_when(const struct finding *one);
const char *when_name(enum when w);	/* "now", "next", "later", "" */

/* What the finding of an id means to the people who read a report. */
struct advice {
	const char *id;		/* the longest that the finding's id starts with */
	const char *why;	/* why it matters, a sentence */
	const char *effort;	/* "minutes", "an hour", "a day", "a project" */
	const char *affects;	/* "administrators", "the pilot", "everybody" */
};
const struct advice *advice_find(const char *id);	/* never NULL */

size_t findings_count(const struct findings *f, enum verdict v);
/* One or two sentences for the person who pays; text of the arena. */
const char *assessment_summary(const struct assessment *a, struct arena *arena);
/* The link as it may be shown: only addresses of Microsoft's own pages, else "". */
const char *safe_link(const char *link);

/* Each appends one document. */
void report_html(const struct assessment *a, struct str *out);
void report_markdown(const struct assessment *a, struct str *out);
void report_csv(const struct assessment *a, struct str *out);
void report_junit(const struct assessment *a, struct str *out);
void report_openmetrics(const struct assessment *a, struct str *out);
struct json *report_sarif(const struct assessment *a);
/* sspr-wizard/report/1: the members of sspr-wizard/check/1, and more. */
struct json *report_json(const struct assessment *a);

/* Text in HTML or XML, element or quoted attribute. NULL adds nothing. */
void html_text(struct str *out, const char *text);
/* Text in one line of Markdown: every sign that could mean something is escaped, also
 * those of the links that readers make by themselves; a newline becomes a blank, as it
 * would end the line (facts sign-in-and-transport.md 9.5). */
void markdown_text(struct str *out, const char *text);

#endif
