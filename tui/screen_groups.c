/* Several groups have the wanted name: the person says which one is meant. */
#include <stdio.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "tui/model.h"

#define WIDTH 78
#define ROWS 3		/* of one group */

bool groups_undecided(const struct app *a)
{
	const struct groups *g = &a->session.facts.groups;

	return a->opened && g->n > 1 && !g->chosen;
}

static const char *kind_of(const struct group *g)
{
	if (g->dynamic)
		return "dynamic";
	if (g->unified)
		return "Microsoft 365";
	if (g->on_premises)
		return "from the local directory";
	return g->security ? "security, assigned" : "not a security group";
}

static void put_group(const struct app *a, const struct group *one, int i, struct sheet *s)
{
	bool here = i == a->groups.selected;
	struct rect row = { 0, s->y, s->page.w, 1 };
	char date[TIME_TEXT];

	sheet_put(s, 0, ROLE_ACCENT, here ? glyph(GLYPH_HERE, a->ascii) : " ");
	sheet_put(s, 2, ROLE_TEXT, one->id ? one->id : "");
	if (here) {
		grid_role(&s->page, row, ROLE_SELECTED);
		s->focus_y = s->y + 1;
	}
	grid_hit(&s->page, row, HIT_ROW + (unsigned)i);
	sheet_next(s);
	sheet_linef(s, 2, ROLE_DIM, "%s, made %s%s%.80s", kind_of(one),
		    one->created_ms ? time_format_date(one->created_ms, date) : "some day",
		    one->description && *one->description ? ": " : "",
		    one->description ? one->description : "");
	sheet_blank(s);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	const struct groups *all = &a->session.facts.groups;
	struct sheet s;
	int w = WIDTH < r.w - 4 ? WIDTH : r.w - 4;

	sheet_init(&s, w - 4, a->ascii);
	sheet_text(&s, 0, ROLE_TEXT, "Names of groups are not unique. Which one is the group of "
		   "the rollout? Nothing is changed by choosing.");
	sheet_blank(&s);
	for (size_t i = 0; i < all->n; i++)
		put_group(a, &all->v[i], (int)i, &s);
	r = overlay_box(g, r, WIDTH, s.y + 2, "Which group?");
	sheet_show(&s, g, r, 0);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_GROUPS;
}

static bool can(const struct app *a, enum action act)
{
	if (act == ACT_OPEN)
		return a->session.state == SESSION_IDLE && a->session.facts.groups.n > 0;
	return act != ACT_PALETTE;
}

static const char *label(const struct app *a, enum action act)
{
	(void)a;
	return act == ACT_OPEN ? "Use this one" : NULL;
}

/* What depends on the group is read again for the chosen one. */
static void use(struct app *a)
{
	const struct groups *g = &a->session.facts.groups;
	size_t i = (size_t)a->groups.selected;

	if (i >= g->n || !g->v[i].id)
		return;
	snprintf(a->group_id, sizeof(a->group_id), "%s", g->v[i].id);
	a->session.wanted.group_id = a->group_id;
	app_pop(a);
	session_forget(&a->session, AREAS_ALL);
	app_read(a, AREAS_ALL);
}

static bool action(struct app *a, enum action act)
{
	if (act == ACT_OPEN) {
		use(a);
		return true;
	}
	return list_move(&a->groups, (int)a->session.facts.groups.n, app_body(a).h / ROWS, act);
}

static void click(struct app *a, unsigned hit)
{
	a->groups.selected = (int)(hit - HIT_ROW);
}

const struct screen_ops screen_groups = {
	.name = "groups",
	.title = "Which group?",
	.overlay = true,
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.click = click,
};
