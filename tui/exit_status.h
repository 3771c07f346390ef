#ifndef TUI_EXIT_STATUS_H
#define TUI_EXIT_STATUS_H

#include "checks/finding.h"
#include "checks/readiness.h"
#include "steps/engine.h"
#include "steps/step.h"

/* The exit statuses of DESIGN 6, computed here and nowhere else. Pure. */

/* The worst finding: fail 2, warn 1, unknown 3, else 0. */
int exit_of_findings(const struct findings *f);
/* What is left of the plans: anything to do is 1, else unknown is 3, else 0. */
int exit_of_views(const struct step_view *views, size_t n);
/* How the changes ended: a failed one 2, an unknown or stopped one 3, else 0. */
int exit_of_progress(const struct progress *p, size_t n);
/* Go 0, no-go 1, no-go with nobody ready 2, cannot tell 3. */
int exit_of_readiness(const struct readiness *r);
/* Why an operation did not run: wrong input is 64, all else 3. */
int exit_of_error(const struct err *err);
/* What two parts of one command say together. */
int exit_worse(int a, int b);

#endif
