/* What was sent and answered, the newest at the bottom. */
#include <stdio.h>

#include "graph/base/clock.h"
#include "tui/filter.h"

#define CHOSEN_ROWS 5	/* the chosen one, below the list */

static const struct request_entry *entry(const struct app *a, size_t i)
{
	return request_log_at(a->session.log, i);
}

static bool shown(const struct app *a, const struct request_entry *e)
{
	char status[8];

	snprintf(status, sizeof(status), "%d", e->status);
	return filter_has(&a->requests, e->path, e->method, status) ||
	       filter_has(&a->requests, e->note, e->request_id, e->note);
}

static size_t total(const struct app *a)
{
	return a->opened && a->session.log ? a->session.log->n : 0;
}

static int count(const struct app *a)
{
	int n = 0;

	for (size_t i = 0; i < total(a); i++)
		n += shown(a, entry(a, i));
	return n;
}

/* -1 follows the newest. */
static int selected(const struct app *a, int n)
{
	return a->requests.list.selected < 0 || a->requests.list.selected >= n ?
	       n - 1 : a->requests.list.selected;
}

/* The number of the n-th shown one since the log began, counted from 1. */
static size_t nth(const struct app *a, int n)
{
	for (size_t i = 0; i < total(a); i++)
		if (shown(a, entry(a, i)) && n-- == 0)
			return a->session.log->total - a->session.log->n + i + 1;
	return 0;
}

static void put_status(const struct request_entry *e, struct rect r, int y, struct grid *g)
{
	enum role role = e->status >= 400 ? ROLE_WARN : ROLE_DIM;

	if (e->took_ms < 0)
		grid_put(g, r, 10, y, ROLE_ACCENT, "sent");
	else if (!e->status)
		grid_put(g, r, 10, y, ROLE_BAD, "lost");
	else
		grid_putf(g, r, 10, y, role, "%4d", e->status);
	if (e->took_ms >= 0)
		grid_putf(g, r, 15, y, ROLE_DIM, "%5d ms", e->took_ms);
}

static void draw_row(const struct app *a, const struct request_entry *e, struct rect r, int y,
		     bool here, struct grid *g)
{
	char time[TIME_TEXT];
	int x = 24;

	grid_putf(g, r, 1, y, ROLE_DIM, "%.8s", time_format(e->sent_ms, time) + 11);
	put_status(e, r, y, g);
	x += grid_put_cut(g, r, x, y, 7, ROLE_TEXT, e->method);
	if (e->attempt > 1)
		x += grid_putf(g, r, x, y, ROLE_WARN, "try %d ", e->attempt);
	if (*e->note)
		x += grid_putf(g, r, x, y, ROLE_WARN, "%s ", e->note);
	if (r.w - x > 2)
		grid_put_cut(g, r, x, y, r.w - x - 2, ROLE_TEXT, e->path ? e->path : "");
	if (here)
		grid_role(g, (struct rect){ r.x, r.y + y, r.w - 1, 1 }, ROLE_SELECTED);
	(void)a;
}

/* The chosen one whole: its path is cut in the list. */
static void draw_chosen(const struct request_entry *e, struct rect r, struct grid *g)
{
	int y = 1;

	grid_hline(g, r, 0, ROLE_BORDER);
	y += grid_put_wrapped(g, rect_inset(r, 1, 0), 0, y, r.h - 3, ROLE_TEXT, e->path);
	if (y < r.h)
		grid_putf(g, r, 1, y++, ROLE_DIM, "request id %s   %zu bytes",
			  *e->request_id ? e->request_id : "(none)", e->bytes);
	if (y < r.h && *e->client_request_id)
		grid_putf(g, r, 1, y, ROLE_DIM, "client-request-id %s", e->client_request_id);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	int n = count(a), here = selected(a, n), row = 0, top;
	struct rect chosen;
	struct list l = { .selected = here };

	grid_fill(g, r, ROLE_TEXT);
	filter_head(a, &a->requests, rect_cut_top(&r, 1), g, "Requests", (size_t)n, total(a));
	if (!n) {
		grid_put(g, r, 1, 1, ROLE_DIM, total(a) ? "None has that text." :
			 "Nothing was sent yet.");
		return;
	}
	chosen = rect_cut_bottom(&r, CHOSEN_ROWS);
	l.top = n;
	top = list_top(&l, n, r.h);
	for (size_t i = 0; i < total(a); i++) {
		const struct request_entry *e = entry(a, i);

		if (!shown(a, e))
			continue;
		if (row >= top && row < top + r.h) {
			draw_row(a, e, r, row - top, row == here, g);
			grid_hit(g, (struct rect){ r.x, r.y + row - top, r.w, 1 },
				 HIT_ROW + (unsigned)row);
		}
		if (row++ == here)
			draw_chosen(e, chosen, g);
	}
	scroll_mark(g, r, top, n);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_REQUESTS;
}

static bool can(const struct app *a, enum action act)
{
	(void)a;
	return act != ACT_REQUESTS;
}

static bool action(struct app *a, enum action act)
{
	int n = count(a);
	struct list l = { .selected = selected(a, n) };

	if (act == ACT_OPEN) {
		a->request_scroll = 0;
		a->request_shown = nth(a, l.selected);
		if (a->request_shown)
			app_push(a, &screen_request);
		return true;
	}
	if (act == ACT_FIND) {
		a->requests.typing = true;
		return true;
	}
	if (act == ACT_BACK && a->requests.filter.text.len) {
		edit_clear(&a->requests.filter);
		return true;
	}
	if (!list_move(&l, n, app_body(a).h - CHOSEN_ROWS - 1, act))
		return false;
	a->requests.list.selected = l.selected == n - 1 ? -1 : l.selected;
	return true;
}

static bool type(struct app *a, uint32_t key)
{
	return filter_type(&a->requests, key);
}

static bool typing(const struct app *a)
{
	return a->requests.typing;
}

static void paste(struct app *a, const char *text)
{
	if (a->requests.typing)
		edit_insert(&a->requests.filter, text);
}

static void click(struct app *a, unsigned hit)
{
	a->requests.list.selected = (int)(hit - HIT_ROW);
}

const struct screen_ops screen_requests = {
	.name = "requests",
	.title = "Requests",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.type = type,
	.typing = typing,
	.paste = paste,
	.click = click,
};
