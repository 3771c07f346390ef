#ifndef TUI_LINEAR_H
#define TUI_LINEAR_H

#include "tui/options.h"

/* The wizard as numbered questions, without an alternate screen: for screen
 * readers and dumb terminals. Runs until the person leaves or standard input
 * ends; returns the exit status of DESIGN 6. */
int linear_run(const struct options *o);

#endif
