#ifndef TUI_FOOTER_H
#define TUI_FOOTER_H

#include "tui/model.h"

/* The keys that do something now, by rank, as many as fit in r's row; "Help"
 * always stays. */
void footer_view(const struct app *a, struct rect r, struct grid *g);

#endif
