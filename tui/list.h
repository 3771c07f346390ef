#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>

#include "tui/grid.h"
#include "tui/keys.h"

/*
 * struct list - which row of many is chosen, and which rows are in sight. The
 * rows themselves belong to whoever draws them.
 */
struct list {
	int selected;
	int top;	/* the first row in sight, as last drawn */
};

/* Moves by an action (UP, DOWN, PAGE_*, FIRST, LAST) among n rows with `page`
 * in sight. False when the action is none of these. */
bool list_move(struct list *l, int n, int page, enum action act);
/* Keeps the selection among n rows. */
void list_clamp(struct list *l, int n);
/* The first row to draw so that the selection is in sight. Pure: for views. */
int list_top(const struct list *l, int n, int page);
/* A scroll mark at the right edge of r when n rows do not fit. */
void scroll_mark(struct grid *g, struct rect r, int top, int n);

#endif
