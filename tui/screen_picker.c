/* Who shall be in the group: search, paste, load a file. */
#include "graph/base/str.h"
#include "tui/picker.h"

struct places {
	struct rect head, found, chosen;
};

static struct places layout(struct rect r)
{
	struct places p;

	p.head = rect_cut_top(&r, 3);
	rect_cut_bottom(&r, 1);
	p.found = rect_cut_left(&r, r.w / 2);
	p.chosen = r;
	return p;
}

/* --- View ----------------------------------------------------------------------- */

static const char *problem_of(const struct app *a, const char *text)
{
	const struct wanted_people *w = &a->session.facts.wanted_people;

	for (size_t i = 0; i < w->n; i++) {
		const struct entry *e = &w->v[i];

		if (!str_same_nocase(e->text, text))
			continue;
		switch (e->state) {
		case ENTRY_UNKNOWN:
			return "not found";
		case ENTRY_DUPLICATE:
			return "twice";
		case ENTRY_AMBIGUOUS:
			return "several match";
		case ENTRY_FOUND:
			if (!e->person)
				return NULL;
			if (e->person->type == USER_GUEST)
				return "guest";
			if (e->person->enabled == TRI_NO)
				return "disabled";
			return e->person->admin == TRI_YES ? "admin" : NULL;
		}
	}
	return NULL;
}

static void draw_head(const struct app *a, struct rect r, struct grid *g)
{
	const struct picker *p = &a->picker;

	grid_put(g, r, 1, 0, ROLE_TITLE, "People for the group");
	grid_put(g, r, 23, 0, ROLE_DIM, a->session.wanted.group_name);
	if (p->focus == PICKER_FILE) {
		grid_put(g, r, 1, 1, ROLE_TEXT, "File:");
		edit_view(&p->file, g, r, 9, 1, r.w - 11, true, "path of a text or CSV file");
	} else {
		grid_put(g, r, 1, 1, ROLE_TEXT, "Search:");
		edit_view(&p->search.query, g, r, 9, 1, r.w - 11, p->focus == PICKER_SEARCH,
			  "name or address; or paste a list");
	}
	if (*p->problem)
		grid_put_cut(g, r, 1, 2, r.w - 2, ROLE_BAD, p->problem);
}

static void draw_found(const struct app *a, struct rect r, struct grid *g)
{
	const struct picker *p = &a->picker;
	struct rect head = rect_cut_top(&r, 1);

	grid_put(g, head, 1, 0, ROLE_DIM, "Found");
	if (p->search.searching)
		grid_put(g, head, 7, 0, ROLE_DIM, glyph(GLYPH_BUSY, a->ascii));
	people_search_view(a, &p->search, r, g, p->focus == PICKER_SEARCH, picker_has, p);
}

static void draw_chosen(const struct app *a, struct rect r, struct grid *g)
{
	const struct picker *p = &a->picker;
	int n = (int)p->nchosen, top;
	struct rect head;

	grid_vline(g, r, 0, ROLE_BORDER);
	rect_cut_left(&r, 1);
	head = rect_cut_top(&r, 1);
	grid_putf(g, head, 1, 0, ROLE_DIM, "Chosen: %d", n);
	if (!n)
		grid_put_wrapped(g, rect_inset(r, 1, 0), 0, 0, r.h, ROLE_DIM,
				 "Nobody yet. Who is in the group already stays in it.");
	top = list_top(&p->chosen_list, n, r.h);
	for (int i = top; i < n && i < top + r.h; i++) {
		struct rect row = { r.x, r.y + i - top, r.w - 1, 1 };
		const char *problem = problem_of(a, p->chosen[i]);
		int w = problem ? row.w - 16 : row.w - 1;

		grid_put_cut(g, row, 1, 0, w, ROLE_TEXT, p->chosen[i]);
		if (problem)
			grid_put(g, row, w + 2, 0, ROLE_WARN, problem);
		if (i == p->chosen_list.selected && p->focus == PICKER_CHOSEN)
			grid_role(g, row, ROLE_SELECTED);
		grid_hit(g, row, HIT_BUTTON + (unsigned)i % 5000u);
	}
	scroll_mark(g, r, top, n);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	const struct members *m = &a->session.facts.members;
	struct places p = layout(r);
	CLEANUP(str_release) struct str now = { 0 };

	grid_fill(g, r, ROLE_TEXT);
	draw_head(a, p.head, g);
	draw_found(a, p.found, g);
	draw_chosen(a, p.chosen, g);
	str_add(&now, "In the group now: ");
	add_count(&now, m->people.n, "person", "people");
	for (size_t i = 0; i < m->nnested; i++)
		str_addf(&now, "%s%s", i ? ", " : ", also through ", m->nested[i]);
	grid_put_cut(g, r, 1, r.h - 1, r.w - 2, ROLE_DIM, str_text(&now));
}

/* --- Actions -------------------------------------------------------------------- */

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_PICKER;
}

static bool can(const struct app *a, enum action act)
{
	const struct picker *p = &a->picker;

	switch (act) {
	case ACT_ACCEPT:
		return p->changed ? a->session.state == SESSION_IDLE : p->nchosen > 0;
	case ACT_TOGGLE:
		return p->focus == PICKER_FILE || (p->focus == PICKER_SEARCH && p->search.n);
	case ACT_REMOVE:
		return p->focus == PICKER_CHOSEN && p->nchosen;
	case ACT_PALETTE:
	case ACT_OPEN:
		return false;
	default:
		return true;
	}
}

static const char *label(const struct app *a, enum action act)
{
	if (act != ACT_TOGGLE)
		return NULL;
	return a->picker.focus == PICKER_FILE ? "Load" : "Choose";
}

static void toggle(struct app *a)
{
	struct picker *p = &a->picker;

	if (p->focus == PICKER_FILE)
		picker_load(a);
	else if (people_search_chosen(&p->search))
		picker_toggle(p, people_search_chosen(&p->search)->upn);
}

static bool move(struct app *a, enum action act)
{
	struct picker *p = &a->picker;
	int page = layout(app_body(a)).found.h - 1;

	if (p->focus == PICKER_CHOSEN)
		return list_move(&p->chosen_list, (int)p->nchosen, page, act);
	return list_move(&p->search.list, (int)p->search.n, page, act);
}

static bool action(struct app *a, enum action act)
{
	struct picker *p = &a->picker;

	switch (act) {
	case ACT_TOGGLE:
		toggle(a);
		return true;
	case ACT_ACCEPT:
		picker_accept(a);
		return true;
	case ACT_LOAD:
		p->focus = PICKER_FILE;
		return true;
	case ACT_NEXT_FIELD:
	case ACT_PREVIOUS_FIELD:
		p->focus = p->focus == PICKER_SEARCH ? PICKER_CHOSEN : PICKER_SEARCH;
		return true;
	case ACT_REMOVE:
		picker_remove(p, (size_t)p->chosen_list.selected);
		return true;
	case ACT_BACK:
		if (p->focus == PICKER_FILE)
			p->focus = PICKER_SEARCH;
		else
			picker_leave(a);
		return true;
	default:
		return move(a, act);
	}
}

static bool type(struct app *a, uint32_t key)
{
	struct picker *p = &a->picker;

	if (p->focus == PICKER_FILE)
		return edit_key(&p->file, key);
	if (p->focus == PICKER_CHOSEN)
		return false;
	return people_search_type(a, &p->search, key);
}

static bool typing(const struct app *a)
{
	return a->picker.focus != PICKER_CHOSEN;
}

static void click(struct app *a, unsigned hit)
{
	struct picker *p = &a->picker;

	if (hit >= HIT_BUTTON) {
		p->focus = PICKER_CHOSEN;
		p->chosen_list.selected = (int)(hit - HIT_BUTTON);
		return;
	}
	p->focus = PICKER_SEARCH;
	p->search.list.selected = (int)(hit - HIT_ROW);
	toggle(a);
}

const struct screen_ops screen_picker = {
	.name = "picker",
	.title = "People",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.type = type,
	.typing = typing,
	.paste = picker_paste,
	.click = click,
};
