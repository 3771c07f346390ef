/* The readiness screen, drawn: decision, counts, people, the chosen one in full. */
#include "tui/readiness_screen.h"

#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"
#include "tui/filter.h"

#define MARGIN 1
#define GAP_X 3
#define GAP_W 22
#define DETAIL_ROWS 6		/* with the line above */
#define DETAIL_FROM 18		/* rows of the body that leave room for it */
#define BAR_MOST 60
#define COLUMNS_FROM 76		/* a body so wide has columns beside the name */

struct look readiness_look(enum ready ready)
{
	switch (ready) {
	case READY_NO:
		return look_of_verdict(VERDICT_FAIL);
	case READY_UNKNOWN:
		return look_of_verdict(VERDICT_UNKNOWN);
	case READY_LEFT_OUT:
		return look_of_verdict(VERDICT_NOT_APPLICABLE);
	case READY_YES:
		break;
	}
	return look_of_verdict(VERDICT_PASS);
}

static struct look decision_look(enum decision d)
{
	return look_of_verdict(d == DECISION_GO ? VERDICT_PASS :
			       d == DECISION_NO_GO ? VERDICT_FAIL : VERDICT_UNKNOWN);
}

/* --- The head ------------------------------------------------------------------------ */

static void put_title(const struct app *a, struct rect row, struct grid *g)
{
	const struct readiness_screen *s = &a->readiness;
	int x = MARGIN + grid_put(g, row, MARGIN, 0, ROLE_TITLE, "Readiness") + 2;

	if (!s->known)
		return;
	if (s->nshown == s->r.n && s->only == GAP_COUNT && !s->list.typing) {
		grid_put_cut(g, row, x, 0, row.w - x - 1, ROLE_DIM, s->r.of);
		return;
	}
	x += grid_putf(g, row, x, 0, ROLE_TEXT, "%zu of %zu", s->nshown, s->r.n);
	if (s->only != GAP_COUNT)
		x += grid_putf(g, row, x, 0, ROLE_ACCENT, ", %s", gap_words(s->only)->title);
	if (!s->list.typing && !s->list.filter.text.len)
		return;
	x += 2 + grid_put(g, row, x + 1, 0, ROLE_DIM, "/ ");
	edit_view(&s->list.filter, g, row, x + 1, 0, row.w - x - 3 < 26 ? row.w - x - 3 : 26,
		  s->list.typing, "name or address");
}

/* The ready of all who are counted, with a mark where enough begins. */
static void put_bar(const struct app *a, struct rect row, struct grid *g)
{
	const struct readiness *r = &a->readiness.r;
	CLEANUP(str_release) struct str counts = { 0 };
	int wide = row.w - 2 * MARGIN - 2, x = MARGIN;
	int full, mark;

	str_addf(&counts, "  %zu ready, %zu gap, %zu not known, %zu left out", r->ready,
		 r->lacking, r->unknown, r->left_out);
	wide -= utf8_width(str_text(&counts));
	wide = wide > BAR_MOST ? BAR_MOST : wide;
	full = r->counted ? (int)(r->ready * (size_t)wide / r->counted) : 0;
	mark = wide * r->threshold / 100;
	for (int i = 0; i < wide; i++) {
		if (i == mark)
			x += grid_put(g, row, x, 0, ROLE_ACCENT, a->ascii ? "|" : "┃");
		else if (i < full)
			x += grid_put(g, row, x, 0, ROLE_GOOD, a->ascii ? "#" : "█");
		else
			x += grid_put(g, row, x, 0, ROLE_DIM, a->ascii ? "." : "░");
	}
	grid_put(g, row, wide > 0 ? x : MARGIN - 2, 0, ROLE_TEXT, str_text(&counts));
}

static void put_decision(const struct app *a, struct rect *r, struct grid *g)
{
	const struct readiness *of = &a->readiness.r;
	struct look look = decision_look(of->decision);
	int rows = grid_wrapped_rows(r->w - 4, of->why);

	rows = rows > 2 ? 2 : rows;
	grid_put(g, *r, MARGIN, 0, look.role, glyph(look.glyph, a->ascii));
	grid_put_wrapped(g, (struct rect){ r->x + 3, r->y, r->w - 4, rows }, 0, 0, rows, ROLE_TITLE,
			 of->why);
	rect_cut_top(r, rows);
}

/* What stands in everybody's way. */
static void put_trap(const struct app *a, struct rect *r, struct grid *g)
{
	const struct readiness *of = &a->readiness.r;
	CLEANUP(str_release) struct str text = { 0 };
	bool registers = of->with_gap[GAP_UNREGISTERED] || of->with_gap[GAP_TOO_FEW] ||
			 of->with_gap[GAP_ADMIN_GATES];

	if (!of->trap_policy || !registers)
		return;
	str_addf(&text, "To register: the policy %s %s.", of->trap_policy, of->trap_effect);
	grid_put(g, *r, MARGIN, 0, ROLE_WARN, glyph(GLYPH_WARN, a->ascii));
	grid_put_cut(g, *r, 3, 0, r->w - 4, ROLE_WARN, str_text(&text));
	rect_cut_top(r, 1);
}

/* --- The people ------------------------------------------------------------------------ */

/* A column that is there from a width of the body on. */
struct column {
	const char *title;
	int w, from;
	void (*put)(const struct app *a, const struct ready_person *p, struct str *out);
};

static void tri_text(enum tri t, struct str *out)
{
	str_add(out, t == TRI_YES ? "yes" : t == TRI_NO ? "no" : "?");
}

static void put_name(const struct app *a, const struct ready_person *p, struct str *out)
{
	(void)a;
	str_add(out, p->name);
}

static void put_ways(const struct app *a, const struct ready_person *p, struct str *out)
{
	(void)a;
	str_add(out, *p->ways ? p->ways : p->row_ms ? "none" : "?");
}

static void put_address(const struct app *a, const struct ready_person *p, struct str *out)
{
	(void)a;
	str_add(out, p->address);
}

static void put_synced(const struct app *a, const struct ready_person *p, struct str *out)
{
	(void)a;
	tri_text(p->synced, out);
}

static void put_licensed(const struct app *a, const struct ready_person *p, struct str *out)
{
	(void)a;
	tri_text(p->licensed, out);
}

static void put_enabled(const struct app *a, const struct ready_person *p, struct str *out)
{
	(void)a;
	tri_text(p->enabled, out);
}

static void put_capable(const struct app *a, const struct ready_person *p, struct str *out)
{
	(void)a;
	tri_text(p->capable, out);
}

static void put_registered(const struct app *a, const struct ready_person *p, struct str *out)
{
	(void)a;
	tri_text(p->registered, out);
}

static void put_admin(const struct app *a, const struct ready_person *p, struct str *out)
{
	(void)a;
	tri_text(p->admin, out);
}

static void put_reset(const struct app *a, const struct ready_person *p, struct str *out)
{
	char when[TIME_TEXT];

	if (p->reset_ms)
		str_add(out, time_format_date(p->reset_ms, when));
	else
		str_add(out, a->readiness.r.log_read ? "-" : "?");
}

static const struct column columns[] = {
	{ "Name", 24, 0, put_name },
	{ "Methods", 14, COLUMNS_FROM, put_ways },
	{ "Synced", 7, COLUMNS_FROM, put_synced },
	{ "Last reset", 12, 92, put_reset },
	{ "Licensed", 9, 124, put_licensed },
	{ "Account", 8, 124, put_enabled },
	{ "Registered", 11, 124, put_registered },
	{ "Capable", 8, 124, put_capable },
	{ "Admin", 6, 140, put_admin },
	{ "Address", 40, 180, put_address },
};

/* A name takes what is left when it stands alone. */
static int column_width(const struct column *c, int w)
{
	if (c->from == 0 && w < COLUMNS_FROM)
		return w - GAP_X - GAP_W - 3;
	return c->w;
}

static void put_headings(struct rect row, struct grid *g)
{
	int x = GAP_X + GAP_W + 1;

	grid_put(g, row, GAP_X, 0, ROLE_DIM, "Gap");
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		int w = column_width(&columns[i], row.w);

		if (row.w < columns[i].from)
			continue;
		grid_put_cut(g, row, x, 0, w, ROLE_DIM, columns[i].title);
		x += w + 1;
	}
}

static void put_person(const struct app *a, const struct ready_person *p, struct rect row,
		       bool here, struct grid *g)
{
	struct look look = readiness_look(p->ready);
	int x = GAP_X + GAP_W + 1;

	grid_put(g, row, MARGIN, 0, look.role, glyph(look.glyph, a->ascii));
	grid_put_cut(g, row, GAP_X, 0, GAP_W, look.role, gap_words(p->gap)->title);
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		int w = column_width(&columns[i], row.w);
		CLEANUP(str_release) struct str text = { 0 };

		if (row.w < columns[i].from)
			continue;
		columns[i].put(a, p, &text);
		grid_put_cut(g, row, x, 0, w, i ? ROLE_DIM : ROLE_TEXT, str_text(&text));
		x += w + 1;
	}
	if (here)
		grid_role(g, (struct rect){ row.x, row.y, row.w - 1, 1 }, ROLE_SELECTED);
}

/* --- The chosen person ------------------------------------------------------------------ */

static void add_word(struct str *out, bool when, const char *word)
{
	if (when)
		str_addf(out, "%s%s", out->len ? ", " : "", word);
}

/* All that is known, as words: what is a column on a wide screen too. */
static void facts_text(const struct app *a, const struct ready_person *p, struct str *out)
{
	char span[TIME_TEXT], when[TIME_TEXT];

	add_word(out, p->guest, "guest");
	add_word(out, p->admin == TRI_YES, "administrator");
	add_word(out, p->synced == TRI_YES, "synchronised");
	add_word(out, p->synced == TRI_NO, "cloud-only");
	add_word(out, p->nested, "through a nested group");
	add_word(out, p->enabled == TRI_NO, "account disabled");
	add_word(out, p->licensed == TRI_YES, "licensed");
	add_word(out, p->licensed == TRI_NO, "no P1 or P2");
	add_word(out, p->row_ms && p->registered == TRI_YES, "registered");
	add_word(out, p->row_ms && p->registered == TRI_NO, "not registered");
	add_word(out, p->capable == TRI_YES, "able to reset now");
	add_word(out, p->row_ms && p->reset_enabled == TRI_NO, "not enabled yet");
	if (p->row_ms)
		str_addf(out, " (row %s old)",
			 time_span(a->session.facts.now_ms - p->row_ms, span));
	if (p->reset_ms)
		str_addf(out, "; last reset on %s", time_format_date(p->reset_ms, when));
	if (p->failed_ms > p->reset_ms)
		str_addf(out, "; a try failed on %s", time_format_date(p->failed_ms, when));
}

static void put_detail(const struct app *a, const struct ready_person *p, struct rect r,
		       struct grid *g)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct arena arena = { 0 };
	const char *also = readiness_also(p, &arena);
	struct rect in = rect_inset(r, 1, 0);
	int y = 1;

	grid_hline(g, r, 0, ROLE_BORDER);
	grid_put(g, in, 0, y, ROLE_TITLE, p->name);
	grid_put_cut(g, in, utf8_width(p->name) + 1, y, in.w - utf8_width(p->name) - 1, ROLE_DIM,
		     p->address);
	y++;
	facts_text(a, p, &text);
	y += grid_put_wrapped(g, in, 0, y, 2, ROLE_DIM, str_text(&text));
	str_clear(&text);
	/* The remedy may be long, and is what may be cut. */
	if (*also)
		str_addf(&text, "Also: %s. ", also);
	str_add(&text, p->gap ? readiness_remedy(&a->readiness.r, p, &arena)
			      : "Nothing is missing.");
	grid_put_wrapped(g, in, 0, y, r.h - y, p->gap ? ROLE_TEXT : ROLE_DIM, str_text(&text));
	arena_clear(&arena);
}

/* --- The whole ------------------------------------------------------------------------- */

static int detail_rows(int h)
{
	return h >= DETAIL_FROM ? DETAIL_ROWS : 0;
}

/* Takes the head off r. */
static void put_head(const struct app *a, struct rect *r, struct grid *g)
{
	int h = r->h;

	put_title(a, rect_cut_top(r, 1), g);
	if (!a->readiness.known)
		return;
	put_decision(a, r, g);
	if (!a->readiness.r.n)
		return;
	put_bar(a, rect_cut_top(r, 1), g);
	put_trap(a, r, g);
	if (h >= DETAIL_FROM)
		rect_cut_top(r, 1);
	put_headings(rect_cut_top(r, 1), g);
}

int readiness_page(const struct app *a)
{
	struct rect r = app_body(a);
	struct grid g = { .w = 0 };	/* nothing is drawn into it */
	int h = r.h;

	put_head(a, &r, &g);
	return r.h - detail_rows(h);
}

static const char *unknown_text(const struct app *a)
{
	return a->session.state == SESSION_IDLE ? "Not read yet: r reads it." : "Being read.";
}

void readiness_view(const struct app *a, struct rect r, struct grid *g)
{
	const struct readiness_screen *s = &a->readiness;
	const struct ready_person *p = readiness_chosen(a);
	struct list l = s->list.list;
	int n = (int)s->nshown, h = r.h, top;

	grid_fill(g, r, ROLE_TEXT);
	put_head(a, &r, g);
	if (!s->known || !n) {
		grid_put_wrapped(g, rect_inset(r, 1, 0), 0, 1, r.h - 1, ROLE_DIM,
				 !s->known ? unknown_text(a) : !s->r.n ? s->r.sources :
				 "Nobody fits. Backspace shows everybody again.");
		return;
	}
	if (detail_rows(h) && p)
		put_detail(a, p, rect_cut_bottom(&r, detail_rows(h)), g);
	list_clamp(&l, n);
	top = list_top(&l, n, r.h);
	for (int i = top; i < n && i < top + r.h; i++) {
		struct rect row = { r.x, r.y + i - top, r.w, 1 };

		put_person(a, &s->r.v[s->shown[i]], row, i == l.selected, g);
		/* By the place in sight: a cell's number is small, a pilot may be large. */
		grid_hit(g, row, HIT_ROW + (unsigned)(i - top));
	}
	scroll_mark(g, r, top, n);
}
