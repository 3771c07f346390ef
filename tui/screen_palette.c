/* Go to a screen or a row of the runbook by name. */
#include "graph/base/mem.h"
#include "tui/filter.h"

#define WIDTH 56
#define ROWS_MAX 16

static const struct {
	const char *label;
	enum action act;
} commands[] = {
	{ "Findings", ACT_HEALTH },
	{ "Diagnose a person", ACT_DIAGNOSE },
	{ "The way of a password", ACT_PATH },
	{ "Import from the server", ACT_IMPORT },
	{ "Live test", ACT_LIVE },
	{ "Monitor", ACT_MONITOR },
	{ "Readiness of the pilot", ACT_READINESS },
	{ "Probe from here", ACT_PROBE },
	{ "Report", ACT_REPORT },
	{ "History", ACT_HISTORY },
	{ "Requests", ACT_REQUESTS },
	{ "Read the tenant again", ACT_READ },
	{ "Permissions", ACT_PERMISSIONS },
	{ "App registration", ACT_REGISTER },
	{ "Sign in as another person", ACT_SIGN_IN },
	{ "Another tenant", ACT_TENANTS },
	{ "Help", ACT_HELP },
	{ "Draw the screen anew", ACT_REDRAW },
	{ "Quit", ACT_QUIT },
};
#define NCOMMANDS ((int)COUNT_OF(commands))

struct entry_text {
	const char *label, *kind;
};

/* Rows: the runbook's, then the commands. */
static struct entry_text text_of(int i)
{
	if (i >= nboard_items)
		return (struct entry_text){ commands[i - nboard_items].label, "" };
	switch (board_items[i].kind) {
	case ITEM_STEP:
		return (struct entry_text){ step_find(board_items[i].id)->title, "step" };
	case ITEM_CHECK:
		return (struct entry_text){ board_items[i].label, "before you start" };
	case ITEM_SCREEN:
		break;
	}
	return (struct entry_text){ NULL, NULL };
}

static bool shown(const struct app *a, int i)
{
	struct entry_text t = text_of(i);

	return t.label && filter_has(&a->palette, t.label, t.kind, t.label);
}

static int count(const struct app *a)
{
	int n = 0;

	for (int i = 0; i < nboard_items + NCOMMANDS; i++)
		n += shown(a, i);
	return n;
}

static int chosen(const struct app *a)
{
	int n = 0;

	for (int i = 0; i < nboard_items + NCOMMANDS; i++)
		if (shown(a, i) && n++ == a->palette.list.selected)
			return i;
	return -1;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	int n = count(a), row = 0, top;

	r = overlay_box(g, r, WIDTH, ROWS_MAX + 4, "Go to");
	edit_view(&a->palette.filter, g, r, 0, 0, r.w, true, "type a name");
	rect_cut_top(&r, 2);
	if (!n)
		grid_put(g, r, 0, 0, ROLE_DIM, "Nothing has that name.");
	top = list_top(&a->palette.list, n, r.h);
	for (int i = 0; i < nboard_items + NCOMMANDS; i++) {
		struct rect line = { r.x, r.y + row - top, r.w - 1, 1 };
		struct entry_text t = text_of(i);

		if (!shown(a, i))
			continue;
		if (row >= top && row < top + r.h) {
			grid_put(g, line, 1, 0, ROLE_TEXT, t.label);
			grid_put(g, line, 34, 0, ROLE_DIM, t.kind);
			if (row == a->palette.list.selected)
				grid_role(g, line, ROLE_SELECTED);
			grid_hit(g, line, HIT_ROW + (unsigned)row);
		}
		row++;
	}
	scroll_mark(g, r, top, n);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_PALETTE;
}

static bool can(const struct app *a, enum action act)
{
	(void)a;
	return act != ACT_PALETTE && act != ACT_HELP;
}

/* Screens over the board are left: one goes to a row from anywhere. */
static void to_board(struct app *a)
{
	while (a->depth > 1 && app_top(a) != &screen_board)
		app_pop(a);
}

/* To the row where the answers come in. */
static void probe_here(struct app *a)
{
	to_board(a);
	board_select(a, "prereq.ports");
	app_probe(a);
}

static void go(struct app *a, int i)
{
	app_pop(a);
	if (i < 0)
		return;
	if (i >= nboard_items) {
		if (commands[i - nboard_items].act == ACT_READ)
			to_board(a);
		/* Of any row, not only those that it is about. */
		if (commands[i - nboard_items].act == ACT_PATH && a->opened)
			path_open(a);
		else if (commands[i - nboard_items].act == ACT_IMPORT && a->opened)
			import_open(a);
		else if (commands[i - nboard_items].act == ACT_LIVE && a->opened)
			live_open(a, NULL);
		else if (commands[i - nboard_items].act == ACT_PROBE && a->opened)
			probe_here(a);
		else
			app_do(a, commands[i - nboard_items].act);
		return;
	}
	to_board(a);
	if (app_top(a) == &screen_board) {
		board_select(a, board_items[i].id);
		a->board.in_step = a->w < ONE_PANE_COLUMNS;
	}
}

static bool action(struct app *a, enum action act)
{
	if (act == ACT_OPEN) {
		go(a, chosen(a));
		return true;
	}
	return list_move(&a->palette.list, count(a), ROWS_MAX, act);
}

static bool type(struct app *a, uint32_t key)
{
	if (key == K_HOME || key == K_END || !edit_key(&a->palette.filter, key))
		return false;
	a->palette.list = (struct list){ 0 };
	return true;
}

static bool typing(const struct app *a)
{
	(void)a;
	return true;
}

static void paste(struct app *a, const char *text)
{
	edit_insert(&a->palette.filter, text);
}

static void click(struct app *a, unsigned hit)
{
	a->palette.list.selected = (int)(hit - HIT_ROW);
	go(a, chosen(a));
}

const struct screen_ops screen_palette = {
	.name = "palette",
	.title = "Go to",
	.overlay = true,
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.type = type,
	.typing = typing,
	.paste = paste,
	.click = click,
};
