/* Runs and their changes, newest first; and the way back. */
#include "graph/base/str.h"
#include "tui/model.h"

static size_t runs(const struct app *a, const struct run **ret)
{
	*ret = NULL;
	return a->session.journal ? journal_runs(a->session.journal, ret) : 0;
}

const struct run *history_run(const struct app *a)
{
	const struct run *v;
	int n = (int)runs(a, &v);
	int i = n - 1 - a->history.selected;

	return i >= 0 && i < n ? &v[i] : NULL;
}

static void put_record(const struct app *a, const struct record *r, struct sheet *s)
{
	struct look look = look_of_outcome(r->outcome, false);
	CLEANUP(str_release) struct str text = { 0 };

	if (r->undone == OUTCOME_DONE)
		look = (struct look){ GLYPH_NA, ROLE_DIM, "taken back" };
	sheet_put(s, 4, look.role, glyph(look.glyph, a->ascii));
	sheet_put(s, 6, look.role, look.word);
	sheet_row(s, (const struct sheet_cell[]){
		{ 18, s->page.w - 18, ROLE_TEXT, r->title } }, 1);
	if (!r->error)
		return;
	str_addf(&text, "%s%s%s", r->error, r->request_id ? "; request id " : "",
		 r->request_id ? r->request_id : "");
	sheet_text(s, 18, ROLE_DIM, str_text(&text));
}

/* What a run did, in numbers. A run that takes back has no changes of its own:
 * they are marked at the run that they belong to. */
static void add_sums(struct str *out, const struct run *run)
{
	if (!run->changes && str_same(run->command, "undo")) {
		str_add(out, "marked below, at the run it took back");
		return;
	}
	add_count(out, run->changes, "change", "changes");
	if (run->failed)
		str_addf(out, ", %zu failed", run->failed);
	if (run->unknown)
		str_addf(out, ", %zu unknown", run->unknown);
	if (run->undone)
		str_addf(out, ", %zu taken back", run->undone);
}

static void put_run(const struct app *a, const struct run *run, int i, struct sheet *s)
{
	bool here = i == a->history.selected;
	struct rect row = { 0, s->y, s->page.w, 1 };
	CLEANUP(str_release) struct str text = { 0 };
	const struct record *r;
	size_t n = journal_records(a->session.journal, &r);

	when_text(a->now_ms, run->started_ms, &text);
	str_addf(&text, "  %s  %s  ", run->command ? run->command : "",
		 run->account ? run->account : "");
	add_sums(&text, run);
	sheet_put(s, 0, ROLE_ACCENT, here ? glyph(GLYPH_HERE, a->ascii) : " ");
	sheet_put(s, 2, here ? ROLE_TITLE : ROLE_TEXT, str_text(&text));
	if (here) {
		grid_role(&s->page, row, ROLE_SELECTED);
		s->focus_y = s->y;
	}
	grid_hit(&s->page, row, HIT_ROW + (unsigned)i);
	sheet_next(s);
	for (size_t k = 0; k < n; k++)
		if (str_same(r[k].run, run->id))
			put_record(a, &r[k], s);
	sheet_blank(s);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	const struct run *v;
	size_t n = runs(a, &v);
	struct sheet s;

	grid_fill(g, r, ROLE_TEXT);
	grid_put(g, r, 1, 0, ROLE_TITLE, "History");
	grid_put(g, r, 10, 0, ROLE_DIM, "newest first; u takes a run back");
	rect_cut_top(&r, 2);
	sheet_init(&s, r.w - 2, a->ascii);
	if (!n)
		sheet_text(&s, 1, ROLE_DIM, a->session.journal ?
			   "Nothing was changed with this program yet. Every change will stand "
			   "here, with its outcome and the way back." :
			   "The journal opens when the tenant's name is known.");
	for (size_t i = 0; v && i < n; i++)
		put_run(a, &v[n - 1 - i], (int)i, &s);
	r.x += 1;
	r.w -= 1;
	sheet_show(&s, g, r, a->history.top);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_HISTORY;
}

static bool can(const struct app *a, enum action act)
{
	const struct run *run = history_run(a);

	if (act == ACT_UNDO)
		return run && run->done > run->undone && !app_read_only(a) &&
		       a->session.state == SESSION_IDLE;
	return act != ACT_OPEN && act != ACT_HISTORY;
}

static bool action(struct app *a, enum action act)
{
	const struct run *v, *run = history_run(a);
	int n = (int)runs(a, &v);
	struct list l = a->history;

	if (act == ACT_UNDO) {
		if (run)
			confirm_undo(a, run->id);
		return true;
	}
	if (!list_move(&l, n, app_body(a).h / 3, act))
		return false;
	a->history.selected = l.selected;
	return true;
}

static void click(struct app *a, unsigned hit)
{
	a->history.selected = (int)(hit - HIT_ROW);
}

const struct screen_ops screen_history = {
	.name = "history",
	.title = "History",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.click = click,
};
