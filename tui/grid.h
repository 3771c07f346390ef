#ifndef TUI_GRID_H
#define TUI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/base/str.h"
#include "tui/theme.h"

/*
 * struct grid - a screen as data: cells of one character, its combining marks
 * and a colour role. Views write cells; only term.c shows them. Everything is
 * clipped, so a view cannot write outside.
 */
struct cell {
	uint32_t cp;
	uint32_t mark[2];	/* combining marks, 0 = none */
	uint8_t width;		/* 1 or 2; 0 for the right half of a wide one */
	uint8_t role;		/* enum role */
	uint16_t hit;		/* what a click here means (model.h); 0 = nothing */
};

struct grid {
	int w, h;
	size_t cap;
	struct cell *cells;
	bool ascii;		/* glyphs in ASCII */
	int cursor_x, cursor_y;	/* -1 = hidden */
};

struct rect { int x, y, w, h; };

void grid_resize(struct grid *g, int w, int h);	/* and clear */
/* Adds empty rows at the bottom; what is there stays. */
void grid_add_rows(struct grid *g, int rows);
void grid_release(struct grid *g);
void grid_fill(struct grid *g, struct rect r, enum role role);
/* Writes clean text inside r's row y (relative), from column x on; returns the
 * columns used. Cut at r's edge without an ellipsis. */
int grid_put(struct grid *g, struct rect r, int x, int y, enum role role, const char *text);
int grid_putf(struct grid *g, struct rect r, int x, int y, enum role role,
	      const char *fmt, ...) PRINTF_LIKE(6, 7);
/* Cut with an ellipsis to `columns`, padded to them. */
int grid_put_cut(struct grid *g, struct rect r, int x, int y, int columns,
		 enum role role, const char *text);
/* Word-wrapped from row y on, at most `rows`; returns the rows used. */
int grid_put_wrapped(struct grid *g, struct rect r, int x, int y, int rows,
		     enum role role, const char *text);
/* The rows that grid_put_wrapped() would use in so many columns. */
int grid_wrapped_rows(int columns, const char *text);
/* Marks the cells of r: a click there means `hit`. */
void grid_hit(struct grid *g, struct rect r, unsigned hit);
/* Gives the cells of r another role; their text stays. */
void grid_role(struct grid *g, struct rect r, enum role role);
/* Copies rows [from, from + r.h) of another grid of r's width into r. */
void grid_copy(struct grid *g, struct rect r, const struct grid *src, int from);
void grid_box(struct grid *g, struct rect r, enum role role, const char *title);
void grid_hline(struct grid *g, struct rect r, int y, enum role role);
void grid_vline(struct grid *g, struct rect r, int x, enum role role);

/* Text of the screen, rows without trailing blanks; and the plane of roles,
 * one letter a cell (theme.h). */
void grid_dump(const struct grid *g, struct str *out);
void grid_dump_roles(const struct grid *g, struct str *out);

struct rect rect_cut_top(struct rect *r, int rows);
struct rect rect_cut_bottom(struct rect *r, int rows);
struct rect rect_cut_left(struct rect *r, int columns);
struct rect rect_cut_right(struct rect *r, int columns);
struct rect rect_inset(struct rect r, int dx, int dy);
struct rect rect_center(struct rect in, int w, int h);

#endif
