#ifndef TUI_EDIT_H
#define TUI_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/base/str.h"
#include "tui/grid.h"

/*
 * struct edit - one line of text being typed. Clean UTF-8; the cursor stands
 * between characters. Zero-initialised is valid and empty.
 */
#define EDIT_MAX 1024	/* bytes */

struct edit {
	struct str text;
	size_t cursor;	/* byte offset, at a character boundary */
};

/* Takes a key: characters, Left, Right, Home, End, Backspace, Delete, Ctrl-U
 * (empty it), Ctrl-W (a word back). False when it is not for an editor. */
bool edit_key(struct edit *e, uint32_t key);
/* Inserts clean text; newlines become blanks. */
void edit_insert(struct edit *e, const char *text);
void edit_set(struct edit *e, const char *text);
void edit_clear(struct edit *e);
void edit_release(struct edit *e);
/* Draws into row y of r from column x on, over `columns`; puts the terminal's
 * cursor there when focused. Scrolls sideways to keep the cursor in sight;
 * `hint` is shown dim while it is empty. */
void edit_view(const struct edit *e, struct grid *g, struct rect r, int x, int y,
	       int columns, bool focused, const char *hint);

#endif
