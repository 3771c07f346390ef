#include "tui/grid.h"

/* Layout is cutting pieces off rectangles; a piece is never larger than what
 * is left, so nothing can get out of the screen. */

static int at_most(int want, int have)
{
	if (have < 0)
		have = 0;
	return want < 0 ? 0 : want < have ? want : have;
}

struct rect rect_cut_top(struct rect *r, int rows)
{
	struct rect cut = *r;

	cut.h = at_most(rows, r->h);
	r->y += cut.h;
	r->h -= cut.h;
	return cut;
}

struct rect rect_cut_bottom(struct rect *r, int rows)
{
	struct rect cut = *r;

	cut.h = at_most(rows, r->h);
	r->h -= cut.h;
	cut.y = r->y + r->h;
	return cut;
}

struct rect rect_cut_left(struct rect *r, int columns)
{
	struct rect cut = *r;

	cut.w = at_most(columns, r->w);
	r->x += cut.w;
	r->w -= cut.w;
	return cut;
}

struct rect rect_cut_right(struct rect *r, int columns)
{
	struct rect cut = *r;

	cut.w = at_most(columns, r->w);
	r->w -= cut.w;
	cut.x = r->x + r->w;
	return cut;
}

struct rect rect_inset(struct rect r, int dx, int dy)
{
	rect_cut_left(&r, dx);
	rect_cut_right(&r, dx);
	rect_cut_top(&r, dy);
	rect_cut_bottom(&r, dy);
	return r;
}

struct rect rect_center(struct rect in, int w, int h)
{
	struct rect r = in;

	r.w = at_most(w, in.w);
	r.h = at_most(h, in.h);
	r.x += (in.w - r.w) / 2;
	r.y += (in.h - r.h) / 2;
	return r;
}
