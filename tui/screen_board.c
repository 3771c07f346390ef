/* The wizard's home: the runbook on the left, the chosen item on the right. */
#include <stdio.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "tui/model.h"

#define LIST_W 28
#define WORD_X 19

/* --- Layout --------------------------------------------------------------------- */

struct places {
	struct rect list, detail, plan, buttons;	/* w 0: not shown */
};

static struct places layout(const struct app *a, struct rect r)
{
	struct places p = { .list = { 0 } };

	if (r.w >= ONE_PANE_COLUMNS || !a->board.in_step)
		p.list = rect_cut_left(&r, r.w >= ONE_PANE_COLUMNS ? LIST_W : r.w);
	if (r.w >= WIDE_COLUMNS - LIST_W && board_step(a))
		p.plan = rect_cut_right(&r, r.w * 2 / 5);
	if (r.w && board_chosen(a)->kind != ITEM_SCREEN)
		p.buttons = rect_cut_bottom(&r, 1);
	p.detail = r;
	return p;
}

/* --- The list ------------------------------------------------------------------- */

static int row_of(int item)
{
	int row = item;

	for (int i = 0; i <= item; i++)
		row += board_items[i].heading != NULL;
	return row;
}

static int rows_of_list(void)
{
	return row_of(nboard_items - 1) + 1;
}

/* The first row in sight; a heading right above the choice is kept in sight. */
static int list_first(const struct app *a, int page)
{
	struct list l = { .selected = row_of(a->board.list.selected), .top = a->board.list.top };
	int top = list_top(&l, rows_of_list(), page);

	if (board_chosen(a)->heading && top == l.selected)
		top--;
	return top;
}

static void draw_item(const struct app *a, struct grid *g, struct rect r, int y, int i)
{
	const struct board_item *item = &board_items[i];
	bool here = i == a->board.list.selected;
	struct rect row = { r.x, r.y + y, r.w - 1, 1 };
	struct look look = { .glyph = GLYPH_COUNT };
	enum role name = here ? ROLE_TITLE : ROLE_TEXT;

	if (item->kind != ITEM_SCREEN) {
		look = board_look(a, item);
		grid_put(g, row, 2, 0, look.role, glyph(look.glyph, a->ascii));
		grid_put(g, row, WORD_X, 0, look.role, look.word);
		if (!here && (look.role == ROLE_GOOD || look.role == ROLE_DIM))
			name = ROLE_DIM;
	}
	if (item->kind == ITEM_STEP)
		grid_putf(g, row, 4, 0, name, "%u %s", item->number,
			  step_short_title(item->number));
	else
		grid_put(g, row, 4, 0, name, item->label);
	if (here) {
		if (!a->board.in_step)
			grid_role(g, row, ROLE_SELECTED);
		grid_put(g, row, 0, 0, a->board.in_step ? ROLE_ACCENT : ROLE_SELECTED,
			 glyph(GLYPH_HERE, a->ascii));
	}
	grid_hit(g, row, HIT_ROW + (unsigned)i);
}

static void draw_list(const struct app *a, struct rect r, struct grid *g)
{
	int top = list_first(a, r.h), row = -top;

	for (int i = 0; i < nboard_items; i++, row++) {
		if (board_items[i].heading) {
			if (row >= 0 && row < r.h)
				grid_put(g, r, 1, row, ROLE_DIM, board_items[i].heading);
			row++;
		}
		if (row >= 0 && row < r.h)
			draw_item(a, g, r, row, i);
	}
	scroll_mark(g, (struct rect){ r.x, r.y, r.w - 1, r.h }, top, rows_of_list());
	if (a->w >= ONE_PANE_COLUMNS)
		grid_vline(g, r, r.w - 1, ROLE_BORDER);
}

/* --- What can be done now --------------------------------------------------------- */

static bool is_about_group(const struct app *a)
{
	const struct board_item *item = board_chosen(a);

	return item->number == 1 || item == &board_items[board_item_find("prereq.group")];
}

/* The rows whose matter is a part of the way of a password. */
static bool is_about_writeback(const struct app *a)
{
	static const char *const ids[] = { "writeback", "prereq.writeback", "prereq.connect",
					   "prereq.ports" };

	for (size_t i = 0; i < COUNT_OF(ids); i++)
		if (str_same(board_chosen(a)->id, ids[i]))
			return a->session.path.n > 0;
	return false;
}

/* Choosing people is done here, not in the admin centre: no guide for that. */
static bool has_guide(const struct step_view *v)
{
	for (size_t i = 0; i < v->plan.n; i++) {
		const struct change *c = &v->plan.v[i];

		if ((c->means == MEANS_GUIDED || c->means == MEANS_SERVER) &&
		    !str_same(c->id, "group.choose-members"))
			return true;
	}
	return false;
}

static bool can(const struct app *a, enum action act)
{
	const struct step_view *v = board_step(a);
	bool idle = a->opened && a->session.state == SESSION_IDLE;

	switch (act) {
	case ACT_APPLY:
		return v && idle && !app_read_only(a) && v->state == STEP_CHANGES &&
		       plan_automatic(&v->plan) > 0;
	case ACT_GUIDE:
		return v && has_guide(v);
	case ACT_MEMBERS:
		return is_about_group(a) && idle;
	case ACT_PATH:
		return is_about_writeback(a);
	case ACT_LIVE:
		return v && str_same(v->ops->id, "writeback");
	case ACT_PROBE:
		return str_same(board_chosen(a)->id, "prereq.ports") && !session_probing(&a->session) &&
		       a->session.path.n > 0;
	case ACT_EVIDENCE:
		return board_chosen(a)->kind == ITEM_CHECK || v;
	case ACT_READ:
		return idle;
	case ACT_NEXT_STEP:
	case ACT_PREVIOUS_STEP:
		return board_chosen(a)->kind != ITEM_SCREEN;
	default:
		return true;
	}
}

/* --- The right pane ------------------------------------------------------------- */

static void put_summary(const struct app *a, struct sheet *s)
{
	const struct findings *f = &a->session.findings;
	size_t count[VERDICT_FAIL + 1] = { 0 };

	for (size_t i = 0; i < f->n; i++)
		count[f->v[i].verdict]++;
	sheet_line(s, 1, ROLE_TITLE, "Findings");
	sheet_text(s, 1, ROLE_TEXT, "What the checks, the steps and the benchmark found, the worst first.");
	sheet_blank(s);
	for (int v = VERDICT_FAIL; v >= VERDICT_PASS; v--) {
		struct look look = look_of_verdict((enum verdict)v);

		if (!count[v])
			continue;
		sheet_put(s, 1, look.role, glyph(look.glyph, a->ascii));
		sheet_linef(s, 3, ROLE_TEXT, "%3zu  %s", count[v], look.word);
	}
	sheet_blank(s);
	sheet_line(s, 1, ROLE_DIM, f->n ? "Enter opens the list." : "Nothing is read yet.");
}

static void put_screen(const struct board_item *item, struct sheet *s)
{
	static const struct {
		enum action act;
		const char *text;
	} about[] = {
		{ ACT_HISTORY, "What was changed, by whom, how it ended; and the way back." },
		{ ACT_DIAGNOSE, "Why one person can or cannot reset: each thing that it depends "
		  "on, and what to tell them." },
		{ ACT_MONITOR, "What happened: resets, failures in plain words, blocked people, "
		  "registrations a day." },
		{ ACT_READINESS, "Who of the pilot is ready and what is missing of whom, go or "
		  "no-go, and what to write to them." },
		{ ACT_REPORT, "The assessment as files, to read, print and send." },
	};

	sheet_line(s, 1, ROLE_TITLE, item->label);
	for (size_t i = 0; i < COUNT_OF(about); i++)
		if (about[i].act == item->act)
			sheet_text(s, 1, ROLE_TEXT, about[i].text);
	sheet_blank(s);
	sheet_line(s, 1, ROLE_DIM, "Enter opens it.");
}

static void put_unread_step(const struct app *a, const struct board_item *item,
			    struct sheet *s)
{
	const struct step_ops *ops = steps[item->number - 1];

	sheet_linef(s, 1, ROLE_TITLE, "%u of %d  %s", ops->number, STEPS_COUNT, ops->title);
	sheet_text(s, 1, ROLE_TEXT, ops->why);
	sheet_blank(s);
	sheet_text(s, 1, ROLE_DIM, a->session.state == SESSION_IDLE ?
		   "Not read yet: r reads it." :
		   "Being read. What is known shows up here; you can go on meanwhile.");
}

static void fill(const struct app *a, const struct places *p, struct sheet *s)
{
	const struct board_item *item = board_chosen(a);
	const struct step_view *v = board_step(a);

	sheet_init(s, p->detail.w - 1, a->ascii);
	if (item->kind == ITEM_CHECK)
		detail_finding(a, item->id, true, s);
	else if (v && !board_pending(a, item))
		detail_step(a, v, p->plan.w == 0, s);
	else if (item->kind == ITEM_STEP)
		put_unread_step(a, item, s);
	else if (item->act == ACT_HEALTH)
		put_summary(a, s);
	else
		put_screen(item, s);
}

/* "Apply 2 changes", or "Apply with step 1" when that has to come first. */
static void apply_label(const struct app *a, const struct step_view *v, char *out, size_t size)
{
	size_t automatic = plan_automatic(&v->plan);
	struct apply_ids ids = apply_ids(a, v);

	if (ids.n == 2)
		snprintf(out, size, "Apply with step %u", step_find(ids.v[0])->number);
	else if (ids.n > 2)
		snprintf(out, size, "Apply with %zu steps before", ids.n - 1);
	else
		snprintf(out, size, "Apply %zu %s", automatic,
			 automatic == 1 ? "change" : "changes");
}

static int step_buttons(const struct app *a, struct button *out, int max)
{
	const struct step_view *v = board_step(a);
	int n = 0;

	if (n < max && can(a, ACT_APPLY)) {
		out[n] = (struct button){ .act = ACT_APPLY, .primary = true };
		apply_label(a, v, out[n].label, sizeof(out->label));
		n++;
	}
	if (n < max && can(a, ACT_GUIDE))
		out[n] = (struct button){ ACT_GUIDE, "Guide me", n == 0 }, n++;
	if (n < max && can(a, ACT_MEMBERS))
		out[n] = groups_undecided(a) ?
			 (struct button){ ACT_MEMBERS, "Choose the group", true } :
			 (struct button){ ACT_MEMBERS, "People", n == 0 }, n++;
	if (n < max && can(a, ACT_PATH))
		out[n] = (struct button){ ACT_PATH, "The path", n == 0 }, n++;
	if (n < max && can(a, ACT_LIVE))
		out[n] = (struct button){ ACT_LIVE, "Live test", n == 0 }, n++;
	if (n < max)
		out[n] = (struct button){ ACT_NEXT_STEP, "Next", n == 0 }, n++;
	return n;
}

/* The buttons of the chosen item, the next action first. */
static int buttons(const struct app *a, struct button *out, int max)
{
	const struct board_item *item = board_chosen(a);
	static const struct button check[] = {
		{ ACT_PROBE, "Probe from here", false },
		{ ACT_EVIDENCE, "Evidence", false },
		{ ACT_READ, "Read again", false },
		{ ACT_NEXT_STEP, "Next", true },
	};
	int n = 0;

	if (item->kind == ITEM_STEP)
		return step_buttons(a, out, max);
	if (item->kind == ITEM_CHECK)
		for (size_t i = 0; i < COUNT_OF(check) && n < max; i++)
			if (can(a, check[i].act))
				out[n++] = check[i];
	return n;
}

static void draw_detail(const struct app *a, const struct places *p, struct grid *g)
{
	struct button b[6];
	int n = buttons(a, b, 6), focus = a->board.in_step ? a->board.button : -1;
	struct rect row = p->buttons;
	struct sheet s;

	fill(a, p, &s);
	sheet_show(&s, g, p->detail, a->board.scroll);
	/* Right under a short text, else at the bottom. */
	if (s.y + 1 < p->detail.h)
		row.y = p->detail.y + s.y + 1;
	sheet_release(&s);
	if (focus >= n)
		focus = n - 1;
	if (row.h)
		buttons_view(g, row, 1, 0, b, n, focus, HIT_BUTTON);
}

static void draw_plan(const struct app *a, struct rect r, struct grid *g)
{
	struct sheet s;

	grid_vline(g, r, 0, ROLE_BORDER);
	rect_cut_left(&r, 1);
	sheet_init(&s, r.w - 1, a->ascii);
	detail_plan(a, board_step(a), &s);
	sheet_show(&s, g, r, 0);
	sheet_release(&s);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct places p = layout(a, r);

	if (p.list.w)
		draw_list(a, p.list, g);
	if (p.plan.w)
		draw_plan(a, p.plan, g);
	if (p.detail.w)
		draw_detail(a, &p, g);
}

/* --- Actions -------------------------------------------------------------------- */

static enum key_context context(const struct app *a)
{
	return a->board.in_step ? CTX_STEP : CTX_BOARD;
}

static const char *label(const struct app *a, enum action act)
{
	if (act == ACT_BACK && a->opened && a->session.state == SESSION_READING &&
	    !a->board.in_step)
		return "Stop";
	if (act == ACT_MEMBERS && groups_undecided(a))
		return "Choose the group";
	return NULL;
}

static void choose(struct app *a, int i)
{
	struct rect body = app_body(a);

	a->board.list.selected = i;
	list_clamp(&a->board.list, nboard_items);
	a->board.list.top = list_first(a, body.h);
	a->board.scroll = 0;
	a->board.button = 0;
}

static void next(struct app *a, int by)
{
	int i = a->board.list.selected + by;

	while (i > 0 && i < nboard_items && board_items[i].kind == ITEM_SCREEN)
		i += by;
	if (i >= 0 && i < nboard_items)
		choose(a, i);
	else if (by > 0)
		choose(a, board_item_find("findings"));
}

static void open_item(struct app *a)
{
	const struct board_item *item = board_chosen(a);

	if (item->kind == ITEM_SCREEN)
		app_do(a, item->act);
	else
		a->board.in_step = true;
}

static bool scroll_detail(struct app *a, enum action act)
{
	struct places p = layout(a, app_body(a));
	struct sheet s;
	bool done;

	if (!p.detail.w)
		return false;
	fill(a, &p, &s);
	done = scroll_by(&a->board.scroll, s.y, p.detail.h, act);
	sheet_release(&s);
	return done;
}

static void move_button(struct app *a, int by)
{
	struct button b[6];
	int n = buttons(a, b, 6);

	a->board.button += by;
	if (a->board.button >= n)
		a->board.button = n - 1;
	if (a->board.button < 0) {
		a->board.button = 0;
		a->board.in_step = false;
	}
}

static void press(struct app *a, int i)
{
	struct button b[6];
	int n = buttons(a, b, 6);

	if (n > 0)
		app_do(a, b[i < n ? i : n - 1].act);
}

static bool do_in_step(struct app *a, enum action act)
{
	switch (act) {
	case ACT_LEFT:
	case ACT_PREVIOUS_FIELD:
		move_button(a, -1);
		return true;
	case ACT_RIGHT:
	case ACT_NEXT_FIELD:
		move_button(a, 1);
		return true;
	case ACT_OPEN:
		press(a, a->board.button);
		return true;
	case ACT_BACK:
		a->board.in_step = false;
		return true;
	default:
		return scroll_detail(a, act);
	}
}

static bool do_in_list(struct app *a, enum action act)
{
	struct list l = a->board.list;

	switch (act) {
	case ACT_RIGHT:
	case ACT_NEXT_FIELD:
	case ACT_OPEN:
		if (act == ACT_OPEN || board_chosen(a)->kind != ITEM_SCREEN)
			open_item(a);
		return true;
	case ACT_PAGE_UP:
	case ACT_PAGE_DOWN:
		if (app_body(a).w >= ONE_PANE_COLUMNS)
			return scroll_detail(a, act);
		break;
	default:
		break;
	}
	if (!list_move(&l, nboard_items, app_body(a).h, act))
		return false;
	choose(a, l.selected);
	return true;
}

static bool action(struct app *a, enum action act)
{
	const struct board_item *item = board_chosen(a);
	const struct step_view *v = board_step(a);

	switch (act) {
	case ACT_APPLY:
		confirm_apply(a, v);
		return true;
	case ACT_GUIDE:
		guide_open(a, v);
		return true;
	case ACT_MEMBERS:
		if (groups_undecided(a))
			app_push(a, &screen_groups);
		else
			picker_open(a);
		return true;
	case ACT_EVIDENCE:
		if (item->kind == ITEM_CHECK)
			evidence_of_finding(a, item->id);
		else
			evidence_of_step(a, item->number);
		return true;
	case ACT_READ:
		app_read(a, AREAS_ALL);
		return true;
	case ACT_NEXT_STEP:
		next(a, 1);
		return true;
	case ACT_PREVIOUS_STEP:
		next(a, -1);
		return true;
	case ACT_STEP:
		board_select(a, steps[a->key - '1']->id);
		return true;
	default:
		return a->board.in_step ? do_in_step(a, act) : do_in_list(a, act);
	}
}

static void click(struct app *a, unsigned hit)
{
	if (hit >= HIT_BUTTON) {
		a->board.in_step = true;
		a->board.button = (int)(hit - HIT_BUTTON);
		press(a, a->board.button);
		return;
	}
	if ((int)(hit - HIT_ROW) == a->board.list.selected && !a->board.in_step)
		open_item(a);
	a->board.in_step = a->board.in_step && a->w < ONE_PANE_COLUMNS;
	choose(a, (int)(hit - HIT_ROW));
}

const struct screen_ops screen_board = {
	.name = "board",
	.title = "Runbook",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.click = click,
};
