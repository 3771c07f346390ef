#include "tui/list.h"

void list_clamp(struct list *l, int n)
{
	if (l->selected >= n)
		l->selected = n - 1;
	if (l->selected < 0)
		l->selected = 0;
}

bool list_move(struct list *l, int n, int page, enum action act)
{
	int step = page > 1 ? page - 1 : 1;

	switch (act) {
	case ACT_UP:
		l->selected--;
		break;
	case ACT_DOWN:
		l->selected++;
		break;
	case ACT_PAGE_UP:
		l->selected -= step;
		break;
	case ACT_PAGE_DOWN:
		l->selected += step;
		break;
	case ACT_FIRST:
		l->selected = 0;
		break;
	case ACT_LAST:
		l->selected = n - 1;
		break;
	default:
		return false;
	}
	list_clamp(l, n);
	l->top = list_top(l, n, page);
	return true;
}

int list_top(const struct list *l, int n, int page)
{
	int top = l->top;

	if (page <= 0)
		return 0;
	if (l->selected < top)
		top = l->selected;
	if (l->selected >= top + page)
		top = l->selected - page + 1;
	if (top > n - page)
		top = n - page;
	return top > 0 ? top : 0;
}

void scroll_mark(struct grid *g, struct rect r, int top, int n)
{
	if (n <= r.h || r.h < 2 || r.w < 1)
		return;
	if (top > 0)
		grid_put(g, r, r.w - 1, 0, ROLE_DIM, glyph(GLYPH_UP, g->ascii));
	if (top + r.h < n)
		grid_put(g, r, r.w - 1, r.h - 1, ROLE_DIM, glyph(GLYPH_DOWN, g->ascii));
}
