#ifndef STEPS_FINDINGS_H
#define STEPS_FINDINGS_H

#include "checks/finding.h"
#include "checks/wanted.h"
#include "graph/base/str.h"
#include "steps/step.h"

/*
 * All that is known of a tenant as findings, in the runbook's order: the checks
 * before one starts, the steps ("step.methods"), health, monitoring, the
 * benchmark if there is one; then what was accepted is marked. views holds
 * STEPS_COUNT views, judged from the same facts; one without ops is left out.
 * Clears *out first.
 */
void findings_of_tenant(const struct facts *f, const struct wanted *w,
			const struct step_view *views, struct findings *out);
/* What a step has to be done, in words: "2 changes to make, 1 task for you";
 * appends nothing when there is nothing. */
void step_work_text(const struct step_view *v, struct str *out);

#endif
