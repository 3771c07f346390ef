#ifndef CHECKS_REPORT_READY_H
#define CHECKS_REPORT_READY_H

#include "checks/assessment.h"

/*
 * The section "Who is ready" of a report, appended: go or no-go, how many have which
 * gap, and the people with a gap, as `monitor readiness` judges them. All text is
 * escaped.
 */
void report_ready_html(const struct readiness *r, struct arena *arena, struct str *out);
void report_ready_markdown(const struct readiness *r, struct arena *arena, struct str *out);

#endif
