#include "steps/parts.h"

/* The runbook's order (runbook.md, "Implementation steps"). */
const struct step_ops *const steps[] = {
	&step_group,
	&step_enablement,
	&step_methods,
	&step_writeback,
	&step_admin,
	&step_registration,
	&step_notifications,
	NULL,
};

_Static_assert(sizeof(steps) / sizeof(steps[0]) == STEPS_COUNT + 1, "STEPS_COUNT is wrong");
