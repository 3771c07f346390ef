#ifndef TUI_BUTTONS_H
#define TUI_BUTTONS_H

#include "tui/grid.h"
#include "tui/keys.h"

/* One button: what it does and what it says. */
struct button {
	enum action act;
	char label[48];
	bool primary;	/* the one next action: in the accent when not focused */
};

/* A row of buttons from column x on. A button that does not fit is left out
 * (its key still works); focus is an index or -1. A click on button i means
 * first_hit + i. */
void buttons_view(struct grid *g, struct rect r, int x, int y, const struct button *b,
		  int n, int focus, unsigned first_hit);

#endif
