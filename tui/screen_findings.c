/* What is known of the tenant, the worst first: checks, steps, the benchmark. */
#include "graph/base/utf8.h"
#include "tui/filter.h"

static const struct findings *all(const struct app *a)
{
	return &a->session.findings;
}

/* The worst verdicts first, in the order of the checks within one. */
static const enum verdict order[] = { VERDICT_FAIL, VERDICT_WARN, VERDICT_UNKNOWN,
				      VERDICT_PASS, VERDICT_ACCEPTED, VERDICT_NOT_APPLICABLE };

static bool shown(const struct app *a, const struct finding *f)
{
	return filter_has(&a->findings, f->title, f->summary, f->id) ||
	       filter_has(&a->findings, look_of_verdict(f->verdict).word, f->area, f->area);
}

/* Calls for each shown one; returns how many, and the chosen in *ret. */
static int walk(const struct app *a, int chosen, const struct finding **ret)
{
	int n = 0;

	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < all(a)->n; i++) {
			const struct finding *f = &all(a)->v[i];

			if (f->verdict != order[k] || !shown(a, f))
				continue;
			if (n++ == chosen && ret)
				*ret = f;
		}
	return n;
}

static void draw_row(const struct app *a, const struct finding *f, struct rect row, bool here,
		     struct grid *g)
{
	struct look look = look_of_verdict(f->verdict);
	int x = 12, title_w = row.w > 100 ? 34 : 24;
	struct str title = { 0 };

	/* A step and its check have the same name. */
	str_addf(&title, "%s%s", str_starts(f->id, "step.") ? "Step: " : "", f->title);
	grid_put(g, row, 1, 0, look.role, glyph(look.glyph, a->ascii));
	grid_put(g, row, 3, 0, look.role, look.word);
	grid_put_cut(g, row, x, 0, title_w, ROLE_TEXT, str_text(&title));
	str_release(&title);
	x += title_w + 1;
	if (row.w > x + 2)
		grid_put_cut(g, row, x, 0, row.w - x - 2, ROLE_DIM, f->summary);
	if (here)
		grid_role(g, (struct rect){ row.x, row.y, row.w - 1, 1 }, ROLE_SELECTED);
}

/* The chosen one's summary whole: in the list it is cut. */
static void draw_chosen(const struct finding *f, struct rect r, struct grid *g)
{
	grid_hline(g, r, 0, ROLE_BORDER);
	grid_put_wrapped(g, rect_inset(r, 1, 0), 0, 1, r.h - 1, ROLE_TEXT, f->summary);
}

/* Never a share without what it is of. */
static void draw_score(const struct app *a, struct rect r, struct grid *g)
{
	struct arena arena = { 0 };

	if (all(a)->n)
		grid_put_cut(g, r, 1, 0, r.w - 2, ROLE_DIM,
			     findings_score_text(all(a), "", &arena));
	arena_clear(&arena);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	int n = walk(a, -1, NULL), top;
	struct list l = a->findings.list;
	const struct finding *chosen = NULL;

	grid_fill(g, r, ROLE_TEXT);
	filter_head(a, &a->findings, rect_cut_top(&r, 1), g, "Findings", (size_t)n, all(a)->n);
	draw_score(a, rect_cut_top(&r, 1), g);
	if (!n) {
		grid_put_wrapped(g, r, 1, 0, r.h, ROLE_DIM, all(a)->n ?
				 "None has that text." : a->session.state == SESSION_IDLE ?
				 "Nothing was read yet: r reads the tenant." :
				 "The tenant is being read. Findings come when all is read.");
		return;
	}
	list_clamp(&l, n);
	walk(a, l.selected, &chosen);
	if (chosen && r.h >= 12)
		draw_chosen(chosen, rect_cut_bottom(&r, 3), g);
	top = list_top(&l, n, r.h);
	for (int i = top; i < n && i < top + r.h; i++) {
		struct rect row = { r.x, r.y + i - top, r.w, 1 };
		const struct finding *f = NULL;

		walk(a, i, &f);
		if (f)
			draw_row(a, f, row, i == l.selected, g);
		grid_hit(g, row, HIT_ROW + (unsigned)i);
	}
	scroll_mark(g, r, top, n);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_FINDINGS;
}

static bool can(const struct app *a, enum action act)
{
	int n = walk(a, -1, NULL);

	if (act == ACT_OPEN || act == ACT_EVIDENCE)
		return n > 0;
	if (act == ACT_READ)
		return a->session.state == SESSION_IDLE;
	return act != ACT_HEALTH;
}

static bool action(struct app *a, enum action act)
{
	const struct finding *f = NULL;
	int n;

	switch (act) {
	case ACT_OPEN:
	case ACT_EVIDENCE:
		walk(a, a->findings.list.selected, &f);
		if (f)
			evidence_of_finding(a, f->id);
		return true;
	case ACT_READ:
		app_read(a, AREAS_ALL);
		return true;
	case ACT_FIND:
		a->findings.typing = true;
		return true;
	case ACT_BACK:
		if (!a->findings.filter.text.len)
			return false;
		edit_clear(&a->findings.filter);
		return true;
	default:
		n = walk(a, -1, NULL);
		list_clamp(&a->findings.list, n);
		return list_move(&a->findings.list, n, app_body(a).h - 2, act);
	}
}

static bool type(struct app *a, uint32_t key)
{
	return filter_type(&a->findings, key);
}

static bool typing(const struct app *a)
{
	return a->findings.typing;
}

static void paste(struct app *a, const char *text)
{
	if (a->findings.typing)
		edit_insert(&a->findings.filter, text);
}

static void click(struct app *a, unsigned hit)
{
	if (a->findings.list.selected == (int)(hit - HIT_ROW))
		action(a, ACT_OPEN);
	a->findings.list.selected = (int)(hit - HIT_ROW);
}

const struct screen_ops screen_findings = {
	.name = "findings",
	.title = "Findings",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.type = type,
	.typing = typing,
	.paste = paste,
	.click = click,
};
