/* Which tenant, and what for. Nothing is read before it is answered. */
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

static int nrows(const struct app *a)
{
	return NPURPOSES + (int)a->welcome.tenants.n;
}

static void choose(struct app *a, size_t place)
{
	a->welcome.tenant = place;
	tenants_choose(&a->welcome.tenants.v[place], a->options, &a->chosen);
}

/* What a person chose stays chosen; a demo that nobody chose gives way. */
void welcome_look(struct app *a)
{
	struct tenants *t = &a->welcome.tenants;
	struct tenant_choice before = t->n ? t->v[a->welcome.tenant]
					   : (struct tenant_choice){ .kind = TENANT_DEMO };

	tenants_look(t, a->options);
	choose(a, tenants_first(t));
	for (size_t i = 0; before.kind != TENANT_DEMO && i < t->n; i++)
		if (t->v[i].kind == before.kind && str_same(t->v[i].name, before.name))
			choose(a, i);
}

static void put_row(const struct app *a, struct sheet *s, int i, const char *mark,
		    const char *label, const char *what)
{
	bool here = a->welcome.list.selected == i;
	struct rect row = { 1, s->y, s->page.w - 2, 1 };
	int x = 4 + utf8_width(mark), end = x + utf8_width(label);

	sheet_put(s, 2, ROLE_ACCENT, here ? glyph(GLYPH_HERE, a->ascii) : " ");
	sheet_put(s, 4, ROLE_TEXT, mark);
	sheet_put(s, x, here ? ROLE_TITLE : ROLE_TEXT, label);
	sheet_put(s, end < 22 ? 22 : end + 2, ROLE_DIM, what);
	if (here) {
		grid_role(&s->page, row, ROLE_SELECTED);
		s->focus_y = s->y;
	}
	grid_hit(&s->page, row, HIT_ROW + (unsigned)i);
	sheet_next(s);
}

/* "open now", with the name that the tenant itself has. */
static const char *about_tenant(const struct app *a, const struct tenant_choice *one,
				struct str *text)
{
	const struct organization *o = &a->session.facts.organization;
	struct options as;

	tenants_choose(one, a->options, &as);
	if (!a->opened || !tenants_same(&as, &a->opened_as))
		return one->what;
	str_add(text, "open now");
	if (facts_read(&a->session.facts, AREA_ORGANIZATION) && o->display_name)
		str_addf(text, ": %s", o->display_name);
	return str_text(text);
}

static void put_tenant(const struct app *a, struct sheet *s, size_t i)
{
	const struct tenant_choice *one = &a->welcome.tenants.v[i];
	CLEANUP(str_release) struct str text = { 0 };

	put_row(a, s, NPURPOSES + (int)i, i == a->welcome.tenant ? "(*) " : "( ) ", one->name,
		about_tenant(a, one, &text));
	if (one->problem && i == a->welcome.tenant)
		sheet_text(s, 8, ROLE_WARN, one->problem);
}

static void put_tenants(const struct app *a, struct sheet *s)
{
	const struct tenants *t = &a->welcome.tenants;

	if (t->nreal) {
		sheet_blank(s);
		sheet_text(s, 2, ROLE_TITLE, "Which tenant?");
	}
	for (size_t i = 0; i < t->nreal; i++)
		put_tenant(a, s, i);
	sheet_blank(s);
	sheet_text(s, 2, ROLE_TITLE, "The demo tenant");
	sheet_text(s, 2, ROLE_DIM, t->nreal || a->options->demo ?
		   "Simulated in this program: nothing leaves this machine." :
		   "No tenant is named, so this is a simulated one: nothing leaves this machine. "
		   "For yours: sspr-wizard --tenant ID --client-id ID");
	for (size_t i = t->nreal; i < t->n; i++)
		put_tenant(a, s, i);
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
	put_tenants(a, s);
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

static void open_board(struct app *a, enum purpose purpose)
{
	a->purpose = purpose;
	a->welcome.err = (struct err)ERR_INIT;
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
			choose(a, (size_t)(i - NPURPOSES));
		return true;
	}
	if (act == ACT_NEXT_FIELD || act == ACT_PREVIOUS_FIELD) {
		a->welcome.list.selected = i < NPURPOSES ? NPURPOSES : 0;
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
