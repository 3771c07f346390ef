#ifndef TUI_DEMO_CLOCK_H
#define TUI_DEMO_CLOCK_H

#include "tui/setup.h"

/*
 * The time of a demo without a terminal. It is virtual, so that nothing waits:
 * it starts now, or at SSPR_WIZARD_NOW, and runs ahead of the wall clock while
 * the simulated tenant lags. With --demo-state the next command must not start
 * before this one ended, else what was written would not be there yet; so the
 * last time is kept in FILE.journal/clock.
 */

/* Makes the clock virtual. Fails when SSPR_WIZARD_NOW is not a time. */
int demo_clock_start(const struct options *o, const struct setup *s, struct err *err);
/* Keeps the time for the next command; silent when it cannot, because the next
 * command then only sees the tenant a few seconds younger. */
void demo_clock_keep(const struct options *o, const struct setup *s);

#endif
