#include "tui/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/utf8.h"

static const struct cell blank = { .cp = ' ', .width = 1, .role = ROLE_TEXT };

static void clear_rows(struct grid *g, int from)
{
	size_t end = (size_t)g->w * (size_t)g->h;

	for (size_t i = (size_t)from * (size_t)g->w; i < end; i++)
		g->cells[i] = blank;
}

static void make_room(struct grid *g)
{
	size_t need = (size_t)g->w * (size_t)g->h;

	if (need <= g->cap)
		return;
	g->cap = need;
	g->cells = xrealloc(g->cells, need * sizeof(*g->cells));
}

void grid_resize(struct grid *g, int w, int h)
{
	g->w = w > 0 ? w : 0;
	g->h = h > 0 ? h : 0;
	g->cursor_x = g->cursor_y = -1;
	make_room(g);
	clear_rows(g, 0);
}

void grid_add_rows(struct grid *g, int rows)
{
	int old = g->h;

	g->h += rows;
	make_room(g);
	clear_rows(g, old);
}

void grid_release(struct grid *g)
{
	free(g->cells);
	memset(g, 0, sizeof(*g));
}

/* The part of r that is on the screen. */
static struct rect visible(const struct grid *g, struct rect r)
{
	if (r.x < 0) {
		r.w += r.x;
		r.x = 0;
	}
	if (r.y < 0) {
		r.h += r.y;
		r.y = 0;
	}
	if (r.w > g->w - r.x)
		r.w = g->w - r.x;
	if (r.h > g->h - r.y)
		r.h = g->h - r.y;
	if (r.w < 0)
		r.w = 0;
	if (r.h < 0)
		r.h = 0;
	return r;
}

static struct cell *cell_at(const struct grid *g, int x, int y)
{
	return &g->cells[(size_t)y * (size_t)g->w + (size_t)x];
}

/* Before a cell is written over: the other half of a wide character that is cut
 * in two becomes a blank. */
static void break_wide(struct grid *g, int x, int y)
{
	struct cell *c = cell_at(g, x, y);

	if (c->width == 2 && x + 1 < g->w) {
		c[1].cp = ' ';
		c[1].width = 1;
	} else if (c->width == 0 && x > 0) {
		c[-1].cp = ' ';
		c[-1].mark[0] = c[-1].mark[1] = 0;
		c[-1].width = 1;
	}
}

static void set_cell(struct grid *g, int x, int y, uint32_t cp, int width, enum role role)
{
	struct cell *c = cell_at(g, x, y);

	break_wide(g, x, y);
	if (width == 2)
		break_wide(g, x + 1, y);
	c->cp = cp;
	c->mark[0] = c->mark[1] = 0;
	c->width = (uint8_t)width;
	c->role = (uint8_t)role;
	if (width == 2)
		c[1] = (struct cell){ .cp = ' ', .width = 0, .role = (uint8_t)role,
				      .hit = c[1].hit };
}

static void add_mark(struct cell *c, uint32_t cp)
{
	if (!c->mark[0])
		c->mark[0] = cp;
	else if (!c->mark[1])
		c->mark[1] = cp;
}

void grid_fill(struct grid *g, struct rect r, enum role role)
{
	r = visible(g, r);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++) {
			set_cell(g, x, y, ' ', 1, role);
			cell_at(g, x, y)->hit = 0;
		}
}

static int put_bytes(struct grid *g, struct rect r, int x, int y, enum role role,
		     const char *text, size_t len)
{
	struct rect v = visible(g, r);
	int at = r.x + x, end = v.x + v.w, used = 0, row = r.y + y, n;
	struct cell *base = NULL;
	uint32_t cp;

	if (y < 0 || row < v.y || row >= v.y + v.h)
		return 0;
	for (const char *s = text; s < text + len && (n = utf8_decode(s, &cp)) > 0; s += n) {
		int width = utf8_char_width(cp);

		if (cp < ' ')
			cp = ' ';
		if (width == 0) {
			if (base)
				add_mark(base, cp);
			continue;
		}
		if (at + width > end)
			break;
		if (at >= v.x) {
			set_cell(g, at, row, cp, width, role);
			base = cell_at(g, at, row);
		}
		at += width;
		used += width;
	}
	return used;
}

int grid_put(struct grid *g, struct rect r, int x, int y, enum role role, const char *text)
{
	return put_bytes(g, r, x, y, role, text, strlen(text));
}

int grid_putf(struct grid *g, struct rect r, int x, int y, enum role role,
	      const char *fmt, ...)
{
	char buf[1024];
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	/* A text that was cut may end inside a character. */
	len = strlen(buf);
	while (len == sizeof(buf) - 1 && len > 0 && ((unsigned char)buf[len - 1] & 0x80))
		buf[--len] = '\0';
	return grid_put(g, r, x, y, role, buf);
}

int grid_put_cut(struct grid *g, struct rect r, int x, int y, int columns,
		 enum role role, const char *text)
{
	CLEANUP(str_release) struct str cut = { 0 };

	utf8_cut(&cut, text, columns, true, g->ascii);
	return grid_put(g, r, x, y, role, str_text(&cut));
}

int grid_put_wrapped(struct grid *g, struct rect r, int x, int y, int rows,
		     enum role role, const char *text)
{
	int used = 0, columns = r.w - x;

	while (used < rows && *text && columns > 0) {
		size_t next, len = utf8_wrap(text, columns, &next);

		if (next == 0)
			break;
		put_bytes(g, r, x, y + used, role, text, len);
		text += next;
		used++;
	}
	return used;
}

int grid_wrapped_rows(int columns, const char *text)
{
	int rows = 0;

	while (*text && columns > 0) {
		size_t next;

		utf8_wrap(text, columns, &next);
		if (next == 0)
			break;
		text += next;
		rows++;
	}
	return rows;
}

void grid_hit(struct grid *g, struct rect r, unsigned hit)
{
	r = visible(g, r);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++)
			cell_at(g, x, y)->hit = (uint16_t)hit;
}

void grid_role(struct grid *g, struct rect r, enum role role)
{
	r = visible(g, r);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++)
			cell_at(g, x, y)->role = (uint8_t)role;
}

void grid_copy(struct grid *g, struct rect r, const struct grid *src, int from)
{
	struct rect v = visible(g, r);
	int columns = v.w < src->w ? v.w : src->w;

	if (v.x != r.x || v.y != r.y || columns <= 0)
		return;
	for (int y = 0; y < v.h && from + y < src->h; y++) {
		if (from + y < 0)
			continue;
		break_wide(g, v.x, v.y + y);
		if (columns > 1)
			break_wide(g, v.x + columns - 1, v.y + y);
		memcpy(cell_at(g, v.x, v.y + y), cell_at(src, 0, from + y),
		       (size_t)columns * sizeof(struct cell));
	}
}

static const char *line(const struct grid *g, const char *drawn, const char *ascii)
{
	return g->ascii ? ascii : drawn;
}

void grid_hline(struct grid *g, struct rect r, int y, enum role role)
{
	for (int x = 0; x < r.w; x++)
		grid_put(g, r, x, y, role, line(g, "─", "-"));
}

void grid_vline(struct grid *g, struct rect r, int x, enum role role)
{
	for (int y = 0; y < r.h; y++)
		grid_put(g, r, x, y, role, line(g, "│", "|"));
}

void grid_box(struct grid *g, struct rect r, enum role role, const char *title)
{
	if (r.w < 2 || r.h < 2)
		return;
	grid_fill(g, r, ROLE_TEXT);
	grid_hline(g, r, 0, role);
	grid_hline(g, r, r.h - 1, role);
	grid_vline(g, r, 0, role);
	grid_vline(g, r, r.w - 1, role);
	grid_put(g, r, 0, 0, role, line(g, "┌", "+"));
	grid_put(g, r, r.w - 1, 0, role, line(g, "┐", "+"));
	grid_put(g, r, 0, r.h - 1, role, line(g, "└", "+"));
	grid_put(g, r, r.w - 1, r.h - 1, role, line(g, "┘", "+"));
	if (title && *title && r.w > 6) {
		CLEANUP(str_release) struct str cut = { 0 };

		str_add_char(&cut, ' ');
		utf8_cut(&cut, title, r.w - 6, false, g->ascii);
		str_add_char(&cut, ' ');
		grid_put(g, r, 2, 0, ROLE_TITLE, str_text(&cut));
	}
}

static void add_cp(struct str *out, uint32_t cp)
{
	char bytes[4];

	if (cp)
		str_add_bytes(out, bytes, (size_t)utf8_encode(cp, bytes));
}

void grid_dump(const struct grid *g, struct str *out)
{
	for (int y = 0; y < g->h; y++) {
		size_t inked = out->len;

		for (int x = 0; x < g->w; x++) {
			const struct cell *c = cell_at(g, x, y);

			if (!c->width)
				continue;
			add_cp(out, c->cp);
			add_cp(out, c->mark[0]);
			add_cp(out, c->mark[1]);
			if (c->cp != ' ')
				inked = out->len;
		}
		str_truncate(out, inked);
		str_add_char(out, '\n');
	}
}

void grid_dump_roles(const struct grid *g, struct str *out)
{
	for (int y = 0; y < g->h; y++) {
		for (int x = 0; x < g->w; x++)
			str_add_char(out, role_letter(cell_at(g, x, y)->role));
		str_add_char(out, '\n');
	}
}
