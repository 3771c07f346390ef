#ifndef TUI_SHEET_H
#define TUI_SHEET_H

#include "graph/base/err.h"
#include "tui/grid.h"

/*
 * struct sheet - text that may be longer than its place: written from top to
 * bottom onto a page of a fixed width that grows, of which a view then shows
 * the rows in sight. Release it after use.
 */
#define SHEET_ROWS_MAX 5000

struct sheet {
	struct grid page;
	int y;		/* the next row */
	int focus_y;	/* a row that has to be in sight, -1 = none */
};

void sheet_init(struct sheet *s, int columns, bool ascii);
void sheet_release(struct sheet *s);
void sheet_blank(struct sheet *s);
/* One line from column x on, cut. Does not move on: sheet_next() does, so that
 * a line may be put together. */
int sheet_put(struct sheet *s, int x, enum role role, const char *text);
void sheet_next(struct sheet *s);
/* A whole line. */
void sheet_line(struct sheet *s, int x, enum role role, const char *text);
void sheet_linef(struct sheet *s, int x, enum role role, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* Wrapped text from column x on. */
void sheet_text(struct sheet *s, int x, enum role role, const char *text);
/* The same with a mark before its first line, at column x. */
void sheet_item(struct sheet *s, int x, enum role mark_role, const char *mark,
		enum role role, const char *text);
/* A row of a table: each cell wrapped in its column. */
struct sheet_cell { int x, w; enum role role; const char *text; };
void sheet_row(struct sheet *s, const struct sheet_cell *cells, int n);

/* Shows the rows from `scroll` on, with a mark when there is more; returns the
 * scroll that was possible. Rows' hits are kept. */
int sheet_show(const struct sheet *s, struct grid *g, struct rect r, int scroll);
/* The largest scroll that makes sense for so many rows in sight. */
int sheet_scroll_max(const struct sheet *s, int rows);

#endif
