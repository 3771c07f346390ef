#ifndef TUI_HEADLESS_H
#define TUI_HEADLESS_H

#include "tui/options.h"

/* The commands without a screen. Returns the exit status of DESIGN 6. */
int headless_run(const struct options *o);

#endif
