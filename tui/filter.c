#include "tui/filter.h"

#include "graph/base/str.h"

bool filter_type(struct filtered *f, uint32_t key)
{
	if (!f->typing)
		return false;
	switch (key) {
	case K_ESC:
		edit_clear(&f->filter);
		f->typing = false;
		return true;
	case K_ENTER:
		f->typing = false;
		return true;
	default:
		if (!edit_key(&f->filter, key))
			return false;
		f->list.selected = 0;
		return true;
	}
}

bool filter_has(const struct filtered *f, const char *one, const char *two,
		const char *three)
{
	const char *needle = str_text(&f->filter.text);

	return !*needle || str_find_nocase(one, needle) || str_find_nocase(two, needle) ||
	       str_find_nocase(three, needle);
}

void filter_head(const struct app *a, const struct filtered *f, struct rect r,
		 struct grid *g, const char *title, size_t shown, size_t all)
{
	int x = 1 + grid_put(g, r, 1, 0, ROLE_TITLE, title) + 2;

	(void)a;
	if (shown == all)
		x += grid_putf(g, r, x, 0, ROLE_DIM, "%zu", all);
	else
		x += grid_putf(g, r, x, 0, ROLE_DIM, "%zu of %zu", shown, all);
	if (!f->typing && !f->filter.text.len)
		return;
	x += 2;
	x += grid_put(g, r, x, 0, ROLE_DIM, "/ ");
	edit_view(&f->filter, g, r, x, 0, 30, f->typing, "type to filter");
}
