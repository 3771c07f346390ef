#ifndef TUI_APP_H
#define TUI_APP_H

#include "steps/session.h"
#include "tui/options.h"

/* The full-screen front end: runs until the person leaves; returns the exit
 * status. */
int app_run(const struct options *o);

#endif
