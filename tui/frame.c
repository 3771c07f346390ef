/* The frame around every screen: top bar, what runs, footer, overlays. */
#include "graph/base/clock.h"
#include "graph/base/utf8.h"
#include "tui/footer.h"
#include "tui/model.h"

#define SILENCE_MS 5000	/* longer than most answers take */

struct rect app_body(const struct app *a)
{
	struct rect r = { 0, 0, a->w, a->h };

	rect_cut_top(&r, 2);
	rect_cut_bottom(&r, 2);
	return r;
}

static const char *kind_of_tenant(const struct facts *f)
{
	/* The sign-in for the app registration may not read it. */
	if (f->registering)
		return NULL;
	switch (facts_hybrid(f)) {
	case TRI_YES:
		return "hybrid";
	case TRI_NO:
		return "cloud-only";
	case TRI_UNKNOWN:
		break;
	}
	return NULL;
}

/* "Contoso · contoso.com · hybrid", as far as it is known. */
static void tenant_text(const struct app *a, struct str *out)
{
	const struct facts *f = &a->session.facts;
	const struct organization *o = &f->organization;
	const char *dot = glyph(GLYPH_DOT, a->ascii);

	if (!a->opened)
		return;
	if (!facts_read(f, AREA_ORGANIZATION) || !o->display_name) {
		str_add(out, a->session.options.tenant ? a->session.options.tenant : "");
		return;
	}
	str_add(out, o->display_name);
	if (o->default_domain)
		str_addf(out, " %s %s", dot, o->default_domain);
	if (kind_of_tenant(f))
		str_addf(out, " %s %s", dot, kind_of_tenant(f));
}

static void draw_top(const struct app *a, struct rect r, struct grid *g)
{
	CLEANUP(str_release) struct str tenant = { 0 };
	bool demo = a->opened ? a->session.options.demo != NULL : a->chosen.demo != NULL;
	const char *account = a->opened && a->session.tokens ? a->session.tokens->account : "";
	int x, others, end = r.w - 1;

	tenant_text(a, &tenant);
	/* Who is signed in gives way to what is worked on. */
	others = 18 + (demo ? 8 : 0) + (app_read_only(a) ? 11 : 0);
	if (*account && utf8_width(str_text(&tenant)) + utf8_width(account) + others <= r.w) {
		end -= utf8_width(account);
		grid_put(g, r, end, 0, ROLE_BAR, account);
		end -= 2;
	}
	if (app_read_only(a)) {
		end -= 9;
		grid_put(g, r, end, 0, ROLE_ACCENT, "read-only");
		end -= 2;
	}
	if (demo) {
		end -= 6;
		grid_put(g, r, end, 0, ROLE_DEMO, " DEMO ");
		end -= 2;
	}
	x = 1 + grid_put(g, r, 1, 0, ROLE_TITLE, "sspr-wizard") + 2;
	if (end > x)
		grid_put_cut(g, r, x, 0, end - x, ROLE_TEXT, str_text(&tenant));
}

static unsigned areas_in(unsigned mask)
{
	unsigned n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

/* What runs, in words; "" when nothing does. */
static void running_text(const struct app *a, struct str *out)
{
	const struct session *s = &a->session;
	int64_t wait_ms, silent_ms;

	if (!a->opened || !s->graph)
		return;
	switch (s->state) {
	case SESSION_IDLE:
		return;
	case SESSION_READING:
		str_addf(out, "Reading the tenant %s %u to go",
			 glyph(GLYPH_DOT, a->ascii), areas_in(session_left(s)));
		break;
	case SESSION_APPLYING:
		str_add(out, "Applying");
		break;
	case SESSION_VERIFYING:
		str_add(out, "Reading back");
		break;
	case SESSION_UNDOING:
		str_add(out, "Taking back");
		break;
	}
	wait_ms = graph_waiting_until_ms(s->graph) - a->now_ms;
	silent_ms = graph_silent_ms(s->graph);
	if (wait_ms > 0)
		str_addf(out, " %s the service asks us to wait %d s",
			 glyph(GLYPH_DOT, a->ascii), (int)((wait_ms + 999) / 1000));
	else if (silent_ms >= SILENCE_MS)
		str_addf(out, " %s no answer for %d s", glyph(GLYPH_DOT, a->ascii),
			 (int)(silent_ms / 1000));
}

/* A tenant that cannot be read at all: nothing else on the screen says why. */
static const struct err *problem(const struct app *a)
{
	const struct source *src = &a->session.facts.source[AREA_ORGANIZATION];

	if (!a->opened || a->session.state != SESSION_IDLE ||
	    (src->state != SOURCE_FAILED && src->state != SOURCE_FORBIDDEN))
		return NULL;
	return src->err.kind != ERR_NONE ? &src->err : NULL;
}

static void draw_status(const struct app *a, struct rect r, struct grid *g)
{
	CLEANUP(str_release) struct str text = { 0 };
	enum role role = ROLE_ACCENT;

	grid_hline(g, r, 0, ROLE_BORDER);
	if (*a->message) {
		str_add(&text, a->message);
		role = a->message_role;
	} else if (problem(a)) {
		str_addf(&text, "%s. %s", problem(a)->msg, problem(a)->todo);
		role = ROLE_BAD;
	} else {
		running_text(a, &text);
	}
	if (!text.len)
		return;
	grid_put(g, r, 2, 0, role, " ");
	grid_put_cut(g, r, 3, 0, utf8_width(str_text(&text)) < r.w - 6 ?
		     utf8_width(str_text(&text)) + 1 : r.w - 6, role, str_text(&text));
}

static void draw_too_small(struct app *a)
{
	struct rect r = { 0, 0, a->w, a->h };

	grid_put_wrapped(&a->grid, r, 0, 0, r.h, ROLE_TEXT,
			 "This window is too small for the wizard: please make it at least "
			 "60 columns by 16 rows. Nothing is lost.");
}

void app_draw(struct app *a)
{
	struct rect r = { 0, 0, a->w, a->h }, top, status, foot;
	size_t first = a->depth - 1;

	grid_resize(&a->grid, a->w, a->h);
	a->grid.ascii = a->ascii;
	if (a->w < SCREEN_MIN_W || a->h < SCREEN_MIN_H) {
		draw_too_small(a);
		return;
	}
	top = rect_cut_top(&r, 1);
	grid_hline(&a->grid, rect_cut_top(&r, 1), 0, ROLE_BORDER);
	foot = rect_cut_bottom(&r, 1);
	status = rect_cut_bottom(&r, 1);
	draw_top(a, top, &a->grid);
	draw_status(a, status, &a->grid);
	footer_view(a, foot, &a->grid);
	while (first > 0 && a->stack[first]->overlay)
		first--;
	for (size_t i = first; i < a->depth; i++) {
		/* Only the uppermost screen has the cursor and the clicks. */
		a->grid.cursor_x = a->grid.cursor_y = -1;
		if (i > first)
			grid_hit(&a->grid, r, 0);
		a->stack[i]->view(a, r, &a->grid);
	}
}

struct rect overlay_box(struct grid *g, struct rect r, int w, int h, const char *title)
{
	struct rect box;

	if (h > r.h)
		h = r.h;
	box = rect_center(r, w < r.w - 4 ? w : r.w - 4, h);
	/* A blank column on both sides sets it off. */
	grid_fill(g, (struct rect){ box.x - 1, box.y, box.w + 2, box.h }, ROLE_TEXT);
	grid_box(g, box, ROLE_BORDER, title);
	return rect_inset(box, 2, 1);
}

bool scroll_by(int *scroll, int rows, int page, enum action act)
{
	struct list l = { .selected = *scroll };
	int most = rows > page ? rows - page : 0;

	if (!list_move(&l, most + 1, page, act))
		return false;
	*scroll = l.selected;
	return true;
}
