/*
 * The way of a new password as one picture: five nodes and the links between
 * them, each with its state; the chosen one with what it is known from. Side by
 * side where there is room, else one under the other.
 */
#include <string.h>

#include "checks/writeback_path.h"
#include "graph/base/str.h"
#include "tui/model.h"

#define SIDE_BY_SIDE 100	/* columns that the boxes need */
#define NODES (PATH_PARTS / 2 + 1)
#define BOX_H 5
#define LIST_W 27
#define NEXT_H 4

static const struct findings *parts(const struct app *a)
{
	return &a->session.path;
}

static bool is_link(int part)
{
	return part % 2 == 1;
}

/* Until a part was chosen, the one where something is to do, which changes while
 * the tenant is read. */
static int chosen(const struct app *a)
{
	const struct finding *next = writeback_path_next(parts(a));

	if (a->path.selected >= 0)
		return a->path.selected;
	return next ? (int)(next - parts(a)->v) : 0;
}

/* When what decided was true; 0 = nothing did. */
static int64_t decided_ms(const struct finding *f)
{
	return f->nevidence && f->confidence != CONFIDENCE_NONE ?
	       f->evidence[f->nevidence - 1].observed_ms : 0;
}

/* --- Side by side ------------------------------------------------------------------ */

/* Columns of a box and of a link, so that all nine fill the width. */
static void widths(int w, int *box, int *link)
{
	*box = (w - (NODES - 1) * 7) / NODES;
	*box = *box > 24 ? 24 : *box;
	*link = (w - NODES * *box) / (NODES - 1);
	*link = *link > 13 ? 13 : *link;
}

static void draw_node(const struct app *a, int part, struct rect box, struct grid *g)
{
	const struct finding *f = &parts(a)->v[part];
	struct look look = look_of_verdict(f->verdict);
	bool here = chosen(a) == part;
	struct rect in = rect_inset(box, 2, 1);
	CLEANUP(str_release) struct str ago = { 0 };

	grid_box(g, box, here ? ROLE_ACCENT : ROLE_BORDER, NULL);
	grid_putf(g, box, 2, 0, here ? ROLE_SELECTED : ROLE_TITLE, " %s ",
		  path_part_name((enum path_part)part));
	grid_put(g, in, 0, 0, look.role, glyph(look.glyph, a->ascii));
	grid_put(g, in, 2, 0, look.role, look.word);
	if (f->confidence != CONFIDENCE_NONE)
		grid_put(g, in, 0, 1, ROLE_DIM, confidence_name(f->confidence));
	if (decided_ms(f)) {
		ago_text(a->now_ms, decided_ms(f), &ago);
		grid_put(g, in, 0, 2, ROLE_DIM, str_text(&ago));
	}
	grid_hit(g, box, HIT_ROW + (unsigned)part);
}

static void draw_link(const struct app *a, int part, struct rect r, struct grid *g)
{
	const struct finding *f = &parts(a)->v[part];
	struct look look = look_of_verdict(f->verdict);
	bool here = chosen(a) == part;
	int word = (int)strlen(look.word);

	grid_hline(g, r, 2, here ? ROLE_ACCENT : ROLE_BORDER);
	grid_put(g, r, r.w - 1, 2, here ? ROLE_ACCENT : ROLE_BORDER, a->ascii ? ">" : "→");
	grid_put(g, r, r.w / 2, 2, look.role, glyph(look.glyph, a->ascii));
	grid_put(g, r, (r.w - word) / 2, 3, look.role, look.word);
	if (here)
		grid_role(g, (struct rect){ r.x + (r.w - word) / 2, r.y + 3, word, 1 },
			  ROLE_SELECTED);
	grid_hit(g, r, HIT_ROW + (unsigned)part);
}

static void draw_picture(const struct app *a, struct rect r, struct grid *g)
{
	int box, link, x;

	widths(r.w - 2, &box, &link);
	x = r.x + (r.w - NODES * box - (NODES - 1) * link) / 2;
	for (int part = 0; part < PATH_PARTS; part++) {
		int w = is_link(part) ? link : box;

		if (is_link(part))
			draw_link(a, part, (struct rect){ x, r.y, w, BOX_H }, g);
		else
			draw_node(a, part, (struct rect){ x, r.y, w, BOX_H }, g);
		x += w;
	}
}

/* --- One under the other -------------------------------------------------------------- */

static void draw_list(const struct app *a, struct rect r, struct grid *g)
{
	for (int part = 0; part < PATH_PARTS && part < r.h; part++) {
		const struct finding *f = &parts(a)->v[part];
		struct look look = look_of_verdict(f->verdict);
		struct rect row = { r.x, r.y + part, r.w - 1, 1 };
		int x = is_link(part) ? 5 : 2;

		if (is_link(part))
			grid_put(g, row, 2, 0, ROLE_BORDER, a->ascii ? "|" : "│");
		grid_put(g, row, x, 0, look.role, glyph(look.glyph, a->ascii));
		grid_put(g, row, x + 2, 0, is_link(part) ? ROLE_DIM : ROLE_TEXT,
			 path_part_name((enum path_part)part));
		grid_put(g, row, 18, 0, look.role, look.word);
		if (chosen(a) == part) {
			grid_role(g, row, ROLE_SELECTED);
			grid_put(g, row, 0, 0, ROLE_SELECTED, glyph(GLYPH_HERE, a->ascii));
		}
		grid_hit(g, row, HIT_ROW + (unsigned)part);
	}
	grid_vline(g, r, r.w - 1, ROLE_BORDER);
}

/* --- What is chosen, and what is next --------------------------------------------------- */

static void fill(const struct app *a, int columns, struct sheet *s)
{
	sheet_init(s, columns, a->ascii);
	detail_one(a, &parts(a)->v[chosen(a)], true, s);
}

static void draw_next(const struct app *a, struct rect r, struct grid *g)
{
	const struct finding *next = writeback_path_next(parts(a));
	CLEANUP(str_release) struct str text = { 0 };

	grid_hline(g, r, 0, ROLE_BORDER);
	if (next)
		str_addf(&text, "Next: %s", *next->remedy ? next->remedy : next->summary);
	else
		str_add(&text, "Nothing to do: a password comes all the way.");
	grid_put_wrapped(g, r, 1, 1, r.h - 1, ROLE_TITLE, str_text(&text));
}

struct places {
	struct rect picture, detail, next;
};

static struct places layout(struct rect r)
{
	struct places p;
	int next = r.h >= 18 ? NEXT_H : 3;

	p.next = rect_cut_bottom(&r, next);
	if (r.w >= SIDE_BY_SIDE) {
		rect_cut_top(&r, 1);
		p.picture = rect_cut_top(&r, BOX_H + 1);
	} else {
		p.picture = rect_cut_left(&r, LIST_W);
	}
	p.detail = r;
	return p;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct places p = layout(r);
	struct sheet s;

	grid_fill(g, r, ROLE_TEXT);
	if (!parts(a)->n) {
		grid_put(g, r, 1, 0, ROLE_TITLE, "The way of a password");
		grid_put_wrapped(g, rect_inset(r, 1, 0), 0, 2, r.h - 2, ROLE_TEXT,
				 facts_hybrid(&a->session.facts) == TRI_NO
				 ? "This tenant was never synchronised with an on-premises directory: "
				   "a new password has nowhere to be written back to."
				 : "Writeback is not wanted in this profile.");
		return;
	}
	if (r.w >= SIDE_BY_SIDE)
		draw_picture(a, p.picture, g);
	else
		draw_list(a, p.picture, g);
	fill(a, p.detail.w - 1, &s);
	sheet_show(&s, g, p.detail, a->path.scroll);
	sheet_release(&s);
	draw_next(a, p.next, g);
}

/* --- Actions ---------------------------------------------------------------------------- */

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_PATH;
}

static bool can(const struct app *a, enum action act)
{
	if (act == ACT_READ)
		return a->session.state == SESSION_IDLE;
	if (act == ACT_PROBE)
		return parts(a)->n && !session_probing(&a->session);
	if (act == ACT_PATH || act == ACT_OPEN)
		return false;
	return parts(a)->n || (act != ACT_UP && act != ACT_DOWN);
}

static void choose(struct app *a, int part)
{
	a->path.selected = part < 0 ? 0 : part >= PATH_PARTS ? PATH_PARTS - 1 : part;
	a->path.scroll = 0;
}

static bool action(struct app *a, enum action act)
{
	struct places p = layout(app_body(a));
	struct sheet s;
	bool done;

	if (!parts(a)->n)
		return false;
	switch (act) {
	case ACT_UP:
	case ACT_LEFT:
	case ACT_PREVIOUS_FIELD:
		choose(a, chosen(a) - 1);
		return true;
	case ACT_DOWN:
	case ACT_RIGHT:
	case ACT_NEXT_FIELD:
		choose(a, chosen(a) + 1);
		return true;
	case ACT_FIRST:
		choose(a, 0);
		return true;
	case ACT_LAST:
		choose(a, PATH_PARTS - 1);
		return true;
	case ACT_READ:
		app_read(a, AREAS_ALL);
		return true;
	default:
		fill(a, p.detail.w - 1, &s);
		done = scroll_by(&a->path.scroll, s.y, p.detail.h, act);
		sheet_release(&s);
		return done;
	}
}

static void click(struct app *a, unsigned hit)
{
	choose(a, (int)(hit - HIT_ROW));
}

void path_open(struct app *a)
{
	a->path = (struct shown_path){ .selected = -1 };
	app_push(a, &screen_path);
}

void path_strip(const struct app *a, struct sheet *s)
{
	const struct finding *next = writeback_path_next(parts(a));
	int x = 1;

	if (!parts(a)->n)
		return;
	sheet_blank(s);
	sheet_line(s, 1, ROLE_TITLE, "The way of a password");
	for (int part = 0; part < PATH_PARTS; part += 2) {
		enum verdict v = parts(a)->v[part].verdict;
		struct look look;

		/* A node is no better than the link that leads to it. */
		if (part && parts(a)->v[part - 1].verdict > v)
			v = parts(a)->v[part - 1].verdict;
		look = look_of_verdict(v);
		x += sheet_put(s, x, look.role, glyph(look.glyph, a->ascii));
		x += 1 + sheet_put(s, x + 1, look.role == ROLE_GOOD ? ROLE_DIM : ROLE_TEXT,
				   path_part_name((enum path_part)part));
		x += 1 + (s->page.w > 56);
	}
	sheet_next(s);
	if (next)
		sheet_text(s, 1, ROLE_TEXT, next->summary);
	sheet_text(s, 1, ROLE_DIM, "w shows it part by part.");
}

const struct screen_ops screen_path = {
	.name = "path",
	.title = "The way of a password",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.click = click,
};
