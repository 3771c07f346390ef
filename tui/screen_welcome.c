/* Which tenant, and what for. Nothing is read before it is answered. */
#include <stdlib.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"
#include "tui/model.h"

static const struct {
	enum purpose purpose;
	const char *label, *what;
} purposes[] = {
	{ PURPOSE_ROLL_OUT, "Roll out", "Go through the runbook, step by step" },
	{ PURPOSE_ASSESS, "Assess", "Only read, and write a report" },
	{ PURPOSE_HEALTH, "Health", "See what needs attention first" },
};
#define NPURPOSES ((int)COUNT_OF(purposes))

static const struct {
	const char *name, *what;
} scenarios[] = {
	{ "contoso", "hybrid, nothing rolled out yet" },
	{ "cloud-only", "no local directory" },
	{ "rolled-out", "everything done and healthy" },
	{ "troubled", "rolled out, and much went wrong" },
	{ "hostile-names", "names that try to break screens" },
	{ "large", "thousands of people" },
};
#define NSCENARIOS ((int)COUNT_OF(scenarios))

/* A tenant is named on the command line, by a profile or by the environment. */
static bool has_tenant(const struct app *a)
{
	const char *env = getenv("AZURE_TENANT_ID");

	return a->options->tenant || a->options->profile || (env && *env);
}

static bool is_demo(const struct app *a)
{
	return a->options->demo || !has_tenant(a);
}

static int nrows(const struct app *a)
{
	return NPURPOSES + (is_demo(a) ? NSCENARIOS : 0);
}

static const char *scenario(const struct app *a)
{
	return a->chosen.demo ? a->chosen.demo : scenarios[0].name;
}

static void put_row(const struct app *a, struct sheet *s, int i, const char *mark,
		    const char *label, const char *what)
{
	bool here = a->welcome.list.selected == i;
	struct rect row = { 1, s->y, s->page.w - 2, 1 };

	sheet_put(s, 2, ROLE_ACCENT, here ? glyph(GLYPH_HERE, a->ascii) : " ");
	sheet_put(s, 4, ROLE_TEXT, mark);
	sheet_put(s, 4 + utf8_width(mark), here ? ROLE_TITLE : ROLE_TEXT, label);
	sheet_put(s, 22, ROLE_DIM, what);
	if (here) {
		grid_role(&s->page, row, ROLE_SELECTED);
		s->focus_y = s->y;
	}
	grid_hit(&s->page, row, HIT_ROW + (unsigned)i);
	sheet_next(s);
}

static void put_scenarios(const struct app *a, struct sheet *s)
{
	sheet_blank(s);
	sheet_text(s, 2, ROLE_TITLE, "The demo tenant");
	sheet_text(s, 2, ROLE_DIM, a->options->demo ?
		   "Simulated in this program: nothing leaves this machine." :
		   "No tenant is named, so this is a simulated one: nothing leaves this machine. "
		   "For yours: sspr-wizard --tenant ID --client-id ID");
	for (int i = 0; i < NSCENARIOS; i++)
		put_row(a, s, NPURPOSES + i,
			str_same(scenarios[i].name, scenario(a)) ? "(*) " : "( ) ",
			scenarios[i].name, scenarios[i].what);
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct err *err = &a->welcome.err;

	sheet_init(s, columns, a->ascii);
	sheet_text(s, 2, ROLE_TITLE, "Self-service password reset for Microsoft Entra ID");
	sheet_text(s, 2, ROLE_DIM, "Nothing is written without a plan shown and a yes.");
	sheet_blank(s);
	sheet_text(s, 2, ROLE_TITLE, "What would you like to do?");
	for (int i = 0; i < NPURPOSES; i++)
		put_row(a, s, i, "", purposes[i].label, purposes[i].what);
	if (err->kind != ERR_NONE) {
		sheet_blank(s);
		sheet_item(s, 2, ROLE_BAD, glyph(GLYPH_BAD, a->ascii), ROLE_TEXT, err->msg);
		sheet_text(s, 4, ROLE_TEXT, err->todo);
	}
	if (is_demo(a))
		put_scenarios(a, s);
	else if (a->options->tenant) {
		sheet_blank(s);
		sheet_put(s, 2, ROLE_DIM, "Tenant");
		sheet_text(s, 10, ROLE_TEXT, a->options->tenant);
	}
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct sheet s;

	if (r.h > 20)
		rect_cut_top(&r, (r.h - 20) / 4);
	if (r.w > 90)
		rect_cut_left(&r, (r.w - 90) / 4);
	fill(a, r.w < 90 ? r.w - 1 : 90, &s);
	r.w = s.page.w;
	sheet_show(&s, g, r, 0);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_WELCOME;
}

static bool can(const struct app *a, enum action act)
{
	(void)a;
	return act != ACT_BACK && act != ACT_PALETTE;
}

void welcome_choose_demo(struct app *a)
{
	if (is_demo(a) && !a->chosen.demo)
		a->chosen.demo = scenario(a);
}

static void open_board(struct app *a, enum purpose purpose)
{
	a->purpose = purpose;
	a->welcome.err = (struct err)ERR_INIT;
	welcome_choose_demo(a);
	if (!app_open_tenant(a, &a->welcome.err)) {
		if (a->welcome.err.kind == ERR_AUTH)
			app_say(a, ROLE_TEXT, "r shows how to make an app registration");
		return;
	}
	a->board.in_step = false;
	app_push(a, &screen_board);
	/* An assessment ends in a report, and the findings are a key away. */
	if (purpose != PURPOSE_ROLL_OUT)
		app_do(a, purpose == PURPOSE_ASSESS ? ACT_REPORT : ACT_HEALTH);
}

static bool action(struct app *a, enum action act)
{
	int i = a->welcome.list.selected;

	if (act == ACT_OPEN) {
		if (i < NPURPOSES)
			open_board(a, purposes[i].purpose);
		else
			a->chosen.demo = scenarios[i - NPURPOSES].name;
		return true;
	}
	if (act == ACT_NEXT_FIELD || act == ACT_PREVIOUS_FIELD) {
		a->welcome.list.selected = i < NPURPOSES && is_demo(a) ? NPURPOSES : 0;
		return true;
	}
	return list_move(&a->welcome.list, nrows(a), nrows(a), act);
}

static const char *label(const struct app *a, enum action act)
{
	if (act == ACT_OPEN)
		return a->welcome.list.selected < NPURPOSES ? "Start" : "Choose";
	return NULL;
}

static void click(struct app *a, unsigned hit)
{
	a->welcome.list.selected = (int)(hit - HIT_ROW);
	action(a, ACT_OPEN);
}

const struct screen_ops screen_welcome = {
	.name = "welcome",
	.title = "Welcome",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.click = click,
};
