#include "tui/sheet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/utf8.h"
#include "tui/list.h"

#define GROW_ROWS 64

void sheet_init(struct sheet *s, int columns, bool ascii)
{
	memset(s, 0, sizeof(*s));
	grid_resize(&s->page, columns, GROW_ROWS);
	s->page.ascii = ascii;
	s->focus_y = -1;
}

void sheet_release(struct sheet *s)
{
	grid_release(&s->page);
}

/* Room for so many more rows; past the cap text is left out. */
static void need(struct sheet *s, int rows)
{
	while (s->y + rows > s->page.h && s->page.h < SHEET_ROWS_MAX)
		grid_add_rows(&s->page, GROW_ROWS);
}

static struct rect rest(const struct sheet *s)
{
	return (struct rect){ 0, s->y, s->page.w, s->page.h - s->y };
}

void sheet_next(struct sheet *s)
{
	need(s, 2);
	if (s->y < s->page.h)
		s->y++;
}

void sheet_blank(struct sheet *s)
{
	sheet_next(s);
}

int sheet_put(struct sheet *s, int x, enum role role, const char *text)
{
	CLEANUP(str_release) struct str cut = { 0 };

	need(s, 1);
	utf8_cut(&cut, text, s->page.w - x, false, s->page.ascii);
	return grid_put(&s->page, rest(s), x, 0, role, str_text(&cut));
}

void sheet_line(struct sheet *s, int x, enum role role, const char *text)
{
	sheet_put(s, x, role, text);
	sheet_next(s);
}

void sheet_linef(struct sheet *s, int x, enum role role, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	sheet_line(s, x, role, buf);
}

void sheet_text(struct sheet *s, int x, enum role role, const char *text)
{
	int rows = grid_wrapped_rows(s->page.w - x, text);

	need(s, rows + 1);
	s->y += grid_put_wrapped(&s->page, rest(s), x, 0, rows, role, text);
}

void sheet_item(struct sheet *s, int x, enum role mark_role, const char *mark,
		enum role role, const char *text)
{
	need(s, 1);
	grid_put(&s->page, rest(s), x, 0, mark_role, mark);
	sheet_text(s, x + utf8_width(mark) + 1, role, text);
}

void sheet_row(struct sheet *s, const struct sheet_cell *cells, int n)
{
	int rows = 1;

	for (int i = 0; i < n; i++) {
		int r = grid_wrapped_rows(cells[i].w, cells[i].text);

		rows = r > rows ? r : rows;
	}
	need(s, rows + 1);
	for (int i = 0; i < n; i++) {
		struct rect place = { cells[i].x, s->y, cells[i].w, s->page.h - s->y };

		grid_put_wrapped(&s->page, place, 0, 0, rows, cells[i].role, cells[i].text);
	}
	s->y += rows;
	if (s->y > s->page.h)
		s->y = s->page.h;
}

int sheet_scroll_max(const struct sheet *s, int rows)
{
	return s->y > rows ? s->y - rows : 0;
}

int sheet_show(const struct sheet *s, struct grid *g, struct rect r, int scroll)
{
	struct rect place = r;
	int max = sheet_scroll_max(s, r.h);

	if (s->focus_y >= 0 && s->focus_y < scroll)
		scroll = s->focus_y;
	if (s->focus_y >= 0 && s->focus_y >= scroll + r.h)
		scroll = s->focus_y - r.h + 1;
	if (scroll > max)
		scroll = max;
	if (scroll < 0)
		scroll = 0;
	if (place.h > s->y - scroll)
		place.h = s->y - scroll;
	grid_copy(g, place, &s->page, scroll);
	scroll_mark(g, r, scroll, s->y);
	return scroll;
}
