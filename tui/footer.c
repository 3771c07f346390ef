#include "tui/footer.h"

#include <stdlib.h>

#include "graph/base/utf8.h"

#define ITEMS_MAX 48

struct item {
	struct str key;
	const char *label;
	uint8_t rank;
	enum action act;
	int columns;
};

struct items {
	struct item v[ITEMS_MAX];
	int n;
};

static const char *label_of(const struct app *a, enum action act)
{
	const struct screen_ops *s = app_top(a);
	const char *own = s->label ? s->label(a, act) : NULL;

	return own ? own : action_label(act);
}

/* Whether this binding is what its key does on this screen. */
static bool is_live(enum key_context ctx, const struct binding *b)
{
	return (b->ctx == ctx || b->ctx == CTX_ALL) && keys_lookup(ctx, b->key) == b->act;
}

static void collect(const struct app *a, struct items *items)
{
	enum key_context ctx = app_top(a)->context(a);

	for (unsigned i = 0; i < nbindings && items->n < ITEMS_MAX; i++) {
		const struct binding *b = &bindings[i];
		struct item *item = &items->v[items->n];
		bool known = false;

		if (!b->rank || !is_live(ctx, b) || !app_can(a, b->act) ||
		    screen_takes(a, app_top(a), b->key))
			continue;
		for (int k = 0; k < items->n; k++)
			known |= items->v[k].act == b->act;
		/* "Down" shares the word "Move" with "up". */
		if (known || b->act == ACT_DOWN)
			continue;
		*item = (struct item){ .rank = b->rank, .act = b->act,
				       .label = label_of(a, b->act) };
		if (!*item->label)
			continue;
		key_text(b->key, a->ascii, &item->key);
		if (b->act == ACT_UP) {
			str_add(&item->key, a->ascii ? "/" : "");
			key_text(K_DOWN, a->ascii, &item->key);
		}
		item->columns = utf8_width(str_text(&item->key)) + 1 + utf8_width(item->label);
		items->n++;
	}
}

static int by_rank(const void *x, const void *y)
{
	const struct item *a = x, *b = y;

	return (int)a->rank - (int)b->rank;
}

void footer_view(const struct app *a, struct rect r, struct grid *g)
{
	struct items items = { .n = 0 };
	int x = 1, left;

	collect(a, &items);
	qsort(items.v, (size_t)items.n, sizeof(items.v[0]), by_rank);
	left = r.w - 2;
	for (int i = 0; i < items.n; i++)
		if (items.v[i].act == ACT_HELP)
			left -= items.v[i].columns + 2;
	for (int i = 0; i < items.n; i++) {
		const struct item *item = &items.v[i];

		if (item->act != ACT_HELP && item->columns > left)
			continue;
		if (item->act != ACT_HELP)
			left -= item->columns + 2;
		x += grid_put(g, r, x, 0, ROLE_BAR_KEY, str_text(&item->key)) + 1;
		x += grid_put(g, r, x, 0, ROLE_BAR, item->label) + 2;
	}
	for (int i = 0; i < items.n; i++)
		str_release(&items.v[i].key);
}
