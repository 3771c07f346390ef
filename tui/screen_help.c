/* The keys of the screen below, made from the bindings: they cannot drift. */
#include "graph/base/str.h"
#include "tui/model.h"

#define WIDTH 70

static const struct screen_ops *below(const struct app *a)
{
	for (size_t i = a->depth; i-- > 0;)
		if (a->stack[i] != &screen_help)
			return a->stack[i];
	return a->stack[0];
}

/* Where one types, the keys beside it are few, and all are told: which of them
 * makes sense changes with every letter. */
static bool can_below(const struct app *a, enum key_context from, enum action act)
{
	const struct screen_ops *s = below(a);

	if (from != CTX_ALL && s->typing && s->typing(a))
		return true;
	if ((act == ACT_HISTORY || act == ACT_REQUESTS || act == ACT_HEALTH ||
	     act == ACT_DIAGNOSE || act == ACT_MONITOR || act == ACT_READINESS ||
	     act == ACT_REPORT) && !a->opened)
		return false;
	return !s->can || s->can(a, act);
}

/* How many bindings from this one on are its action's, for keys in a row: 1 to 7. */
static unsigned in_a_row(const struct binding *b)
{
	unsigned n = 1;

	while (b + n < bindings + nbindings && b[n].ctx == b->ctx && b[n].act == b->act &&
	       b[n].key == b->key + n)
		n++;
	return n;
}

/* All keys of an action in this context: "a, F2", "1 to 7". */
static void keys_of(const struct app *a, enum key_context ctx, enum key_context from,
		    enum action act, struct str *out)
{
	for (unsigned i = 0; i < nbindings; i++) {
		const struct binding *b = &bindings[i];
		unsigned row = in_a_row(b);

		if (b->act != act || b->ctx != from || keys_lookup(ctx, b->key) != act ||
		    screen_takes(a, below(a), b->key))
			continue;
		if (out->len)
			str_add(out, ", ");
		key_text(b->key, a->ascii, out);
		if (row < 3)
			continue;
		str_add(out, " to ");
		key_text(b[row - 1].key, a->ascii, out);
		i += row - 1;
	}
}

static void put_context(const struct app *a, enum key_context ctx, enum key_context from,
			struct sheet *s)
{
	for (unsigned act = ACT_NONE + 1; act < ACT_COUNT; act++) {
		CLEANUP(str_release) struct str keys = { 0 };

		keys_of(a, ctx, from, (enum action)act, &keys);
		if (!keys.len || !can_below(a, from, (enum action)act))
			continue;
		sheet_row(s, (const struct sheet_cell[]){
			{ 1, 16, ROLE_BAR_KEY, str_text(&keys) },
			{ 18, s->page.w - 18, ROLE_TEXT, action_help((enum action)act) },
		}, 2);
	}
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	enum key_context ctx = below(a)->context(a);

	sheet_init(s, columns, a->ascii);
	sheet_linef(s, 0, ROLE_TITLE, "%s", below(a)->title);
	put_context(a, ctx, ctx, s);
	sheet_blank(s);
	sheet_line(s, 0, ROLE_TITLE, "Everywhere");
	put_context(a, ctx, CTX_ALL, s);
	sheet_blank(s);
	sheet_text(s, 0, ROLE_DIM, "What makes no sense at the moment is left out. The mouse "
		   "works too: click a row or a button, turn the wheel.");
}

static int inner_width(const struct app *a)
{
	return (WIDTH < a->w - 4 ? WIDTH : a->w - 4) - 4;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct sheet s;

	fill(a, inner_width(a), &s);
	r = overlay_box(g, r, WIDTH, s.y + 2, "Help");
	sheet_show(&s, g, r, a->help_scroll);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_HELP;
}

static bool can(const struct app *a, enum action act)
{
	(void)a;
	return act != ACT_HELP && act != ACT_OPEN && act != ACT_PALETTE;
}

static bool action(struct app *a, enum action act)
{
	struct sheet s;
	bool done;

	fill(a, inner_width(a), &s);
	done = scroll_by(&a->help_scroll, s.y, app_body(a).h - 2, act);
	sheet_release(&s);
	return done;
}

const struct screen_ops screen_help = {
	.name = "help",
	.title = "Help",
	.overlay = true,
	.context = context,
	.view = view,
	.action = action,
	.can = can,
};
