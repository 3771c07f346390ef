#ifndef TUI_LINEAR_H
#define TUI_LINEAR_H

#include "tui/headless_command.h"

/* The wizard as numbered questions, without an alternate screen: for screen
 * readers and dumb terminals. Runs until the person leaves or standard input
 * ends. Questions and texts go to standard output, line by line; nothing is
 * ever drawn over. Returns the exit status of what is left to do. */
int linear_run(struct headless *h);

#endif
