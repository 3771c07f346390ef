/* The monitor's three views, drawn from what was counted. */
#include "tui/monitor.h"

#include <string.h>

#include "checks/reasons.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"

#define MARGIN 1
#define CHART_ROWS 6
#define AXIS_W 5
#define BAR_W 24
#define COUNTS_SHOWN 10
#define DETAIL_ROWS 4
#define COLUMNS_MAX 110

static const char *const tabs[] = { "Audit", "Sign-ins", "Usage" };

/* --- The head ------------------------------------------------------------------- */

static void put_tabs(const struct app *a, struct rect r, struct grid *g)
{
	int x = MARGIN;

	for (int i = 0; i < (int)COUNT_OF(tabs); i++) {
		bool here = (int)a->monitor.view == i;
		int w = utf8_width(tabs[i]) + 2;
		struct rect tab = { r.x + x, r.y, w, 1 };

		grid_putf(g, r, x, 0, here ? ROLE_BUTTON_FOCUS : ROLE_BUTTON, here ? "[%s]" : " %s ",
			  tabs[i]);
		grid_hit(g, tab, HIT_BUTTON + (unsigned)i);
		x += w + 1;
	}
}

static void put_what(const struct app *a, struct rect r, struct grid *g)
{
	const struct monitor *m = &a->monitor;
	CLEANUP(str_release) struct str text = { 0 };
	struct arena arena = { 0 };
	const char *only = filter_text(&m->filter, &arena);
	int x = MARGIN;

	if (m->list.typing || m->list.filter.text.len) {
		x += grid_put(g, r, x, 0, ROLE_DIM, "Person ");
		edit_view(&m->list.filter, g, r, x, 0, 26, m->list.typing, "name or id");
		x += 28;
	}
	add_count(&text, (size_t)(m->filter.days ? m->filter.days : USAGE_DAYS_MAX), "day", "days");
	str_addf(&text, ", %s", *only ? only : "all events");
	if (a->session.following)
		str_addf(&text, " %s following%s", glyph(GLYPH_DOT, a->ascii),
			 a->session.demo ? ", the simulator resets" : "");
	grid_put_cut(g, r, x, 0, r.w - x - 1, a->session.following ? ROLE_ACCENT : ROLE_DIM,
		     str_text(&text));
	arena_clear(&arena);
}

void monitor_head(const struct app *a, struct rect *r, struct grid *g)
{
	struct rect first = rect_cut_top(r, 1);

	put_tabs(a, first, g);
	if (a->monitor.known && *a->monitor.read_at) {
		int w = utf8_width(a->monitor.read_at);

		if (first.w > w + 36)
			grid_put(g, first, first.w - w - 1, 0, ROLE_DIM, a->monitor.read_at);
	}
	put_what(a, rect_cut_top(r, 1), g);
	if (r->h > 11)
		rect_cut_top(r, 1);
}

/* --- Charts --------------------------------------------------------------------- */

struct bars {
	const struct usage *u;
	int rows, width;	/* of a day, with its gap */
	size_t max;
};

static void put_cells(struct sheet *s, int x, int n, enum role role, const char *cell)
{
	while (n-- > 0)
		x += sheet_put(s, x, role, cell);
}

/* Rounded up: what happened once is seen. */
static int height_of(const struct bars *b, size_t n)
{
	return (int)((n * (size_t)b->rows + b->max - 1) / b->max);
}

static void put_bar_row(const struct app *a, const struct bars *b, int row, struct sheet *s)
{
	int wide = b->width > 1 ? b->width - 1 : 1;

	for (size_t i = 0; i < b->u->ndays; i++) {
		const struct usage_day *d = &b->u->days[i];
		int x = MARGIN + AXIS_W + 1 + (int)i * b->width;

		if (row <= height_of(b, d->well))
			put_cells(s, x, wide, ROLE_GOOD, a->ascii ? "#" : "█");
		else if (row <= height_of(b, d->attempts))
			put_cells(s, x, wide, ROLE_WARN, a->ascii ? ":" : "░");
	}
}

static void put_dates(const struct bars *b, int columns, struct sheet *s)
{
	char from[TIME_TEXT], to[TIME_TEXT];
	const struct usage *u = b->u;
	int x = MARGIN + AXIS_W + 1, end = x + (int)u->ndays * b->width;

	time_format_date(u->days[0].day_ms, from);
	time_format_date(u->days[u->ndays - 1].day_ms, to);
	sheet_put(s, x, ROLE_DIM, from);
	if (end > columns)
		end = columns;
	if (u->ndays > 1 && end - (int)strlen(to) > x + (int)strlen(from))
		sheet_put(s, end - (int)strlen(to), ROLE_DIM, to);
	sheet_next(s);
}

/* Attempts a day; those that ended well at the foot of the bar. */
static void put_bars(const struct app *a, int columns, struct sheet *s)
{
	const struct usage *u = &a->monitor.usage;
	struct bars b = { .u = u, .rows = CHART_ROWS, .max = 1 };

	for (size_t i = 0; i < u->ndays; i++)
		if (u->days[i].attempts > b.max)
			b.max = u->days[i].attempts;
	if (b.max < (size_t)b.rows)
		b.rows = (int)b.max;
	b.width = (columns - MARGIN - AXIS_W - 2) / (int)u->ndays;
	b.width = b.width < 1 ? 1 : b.width > 6 ? 6 : b.width;
	sheet_put(s, MARGIN, ROLE_TITLE, "Attempts a day");
	sheet_put(s, MARGIN + 17, ROLE_GOOD, a->ascii ? "#" : "█");
	sheet_put(s, MARGIN + 19, ROLE_DIM, "ended well");
	sheet_put(s, MARGIN + 31, ROLE_WARN, a->ascii ? ":" : "░");
	sheet_put(s, MARGIN + 33, ROLE_DIM, "did not");
	sheet_next(s);
	for (int row = b.rows; row > 0; row--) {
		CLEANUP(str_release) struct str axis = { 0 };

		if (row == b.rows)
			str_addf(&axis, "%*zu", AXIS_W - 1, b.max);
		else
			str_addf(&axis, "%*s", AXIS_W - 1, "");
		str_add(&axis, a->ascii ? " |" : " │");
		sheet_put(s, MARGIN, ROLE_DIM, str_text(&axis));
		put_bar_row(a, &b, row, s);
		sheet_next(s);
	}
	put_dates(&b, columns, s);
}

/* One series as a row of columns, with its sum. */
static void put_series(const struct app *a, const char *title, size_t offset, struct sheet *s)
{
	const struct usage *u = &a->monitor.usage;
	CLEANUP(str_release) struct str columns = { 0 };
	size_t v[USAGE_DAYS_MAX], sum = 0;

	for (size_t i = 0; i < u->ndays; i++) {
		v[i] = *(const size_t *)(const void *)((const char *)&u->days[i] + offset);
		sum += v[i];
	}
	chart_columns(&columns, v, u->ndays, a->ascii);
	sheet_put(s, MARGIN, ROLE_TEXT, title);
	sheet_put(s, MARGIN + 17, ROLE_ACCENT, str_text(&columns));
	str_clear(&columns);
	str_addf(&columns, "%zu", sum);
	sheet_put(s, MARGIN + 19 + (int)u->ndays, sum ? ROLE_TEXT : ROLE_DIM, str_text(&columns));
	sheet_next(s);
}

/* --- Usage and sign-ins ----------------------------------------------------------- */

static void put_counts(const struct app *a, const struct usage_counts *c, int columns,
		       struct sheet *s)
{
	for (size_t i = 0; i < c->n && i < COUNTS_SHOWN; i++) {
		CLEANUP(str_release) struct str bar = { 0 }, n = { 0 };
		bool room = columns > 70;

		str_addf(&n, "%4zu", c->v[i].n);
		chart_bar(&bar, c->v[i].n, c->v[0].n, BAR_W - 2, a->ascii);
		sheet_put(s, MARGIN, ROLE_TITLE, str_text(&n));
		if (room)
			sheet_put(s, columns - BAR_W, ROLE_ACCENT, str_text(&bar));
		sheet_row(s, (const struct sheet_cell[]){
			{ MARGIN + 6, columns - MARGIN - 7 - (room ? BAR_W : 0), ROLE_TEXT,
			  c->v[i].plain } }, 1);
		if (*c->v[i].remedy)
			sheet_item(s, MARGIN + 6, ROLE_ACCENT, glyph(GLYPH_ARROW, a->ascii),
				   ROLE_DIM, c->v[i].remedy);
	}
	if (c->n > COUNTS_SHOWN)
		sheet_linef(s, MARGIN + 6, ROLE_DIM, "and %zu more", c->n - COUNTS_SHOWN);
}

static void put_fact(struct sheet *s, const char *title, const char *text)
{
	sheet_put(s, MARGIN, ROLE_TEXT, title);
	sheet_text(s, MARGIN + 17, ROLE_TITLE, text);
}

static void put_numbers(const struct app *a, struct sheet *s, struct arena *arena)
{
	const struct registration *r = &a->session.facts.registration;
	const struct usage *u = &a->monitor.usage;
	const char *microsoft = usage_microsoft(&a->session.facts, u, arena);

	put_fact(s, "Success", usage_rate_text(u, arena));
	put_fact(s, "Written back", arena_printf(arena, "%zu of %zu resets", u->written_back,
						 u->total.resets));
	if (*microsoft)
		put_fact(s, "Microsoft counts", microsoft);
	if (facts_read(&a->session.facts, AREA_REGISTRATION))
		put_fact(s, "Registered", arena_printf(arena, "%zu of %zu people; %zu may reset now",
			 r->registered_total, r->members_total, r->capable_total));
}

static void fill_usage(const struct app *a, int columns, struct sheet *s, struct arena *arena)
{
	const struct usage *u = &a->monitor.usage;

	put_bars(a, columns, s);
	sheet_blank(s);
	put_numbers(a, s, arena);
	put_series(a, "Registrations", offsetof(struct usage_day, registered), s);
	put_series(a, "Changes", offsetof(struct usage_day, changes), s);
	put_series(a, "Unlocks", offsetof(struct usage_day, unlocks), s);
	put_series(a, "Blocked", offsetof(struct usage_day, blocked), s);
	sheet_blank(s);
	sheet_line(s, MARGIN, ROLE_TITLE, "Why attempts failed");
	if (!u->failures.n)
		sheet_line(s, MARGIN, ROLE_DIM, "None failed.");
	put_counts(a, &u->failures, columns, s);
	sheet_blank(s);
	sheet_line(s, MARGIN, ROLE_TITLE, "People blocked for 24 hours");
	if (!u->blocked.n)
		sheet_line(s, MARGIN, ROLE_DIM, "Nobody was.");
	put_counts(a, &u->blocked, columns, s);
}

/* Resets leave no sign-in of their own (facts graph.md 8.5). */
static void fill_sign_ins(const struct app *a, int columns, struct sheet *s)
{
	const struct usage *u = &a->monitor.usage;

	sheet_line(s, MARGIN, ROLE_TITLE, "Challenges that were passed, by method");
	if (!u->ways.n)
		sheet_line(s, MARGIN, ROLE_DIM, "None in this time.");
	put_counts(a, &u->ways, columns, s);
	sheet_blank(s);
	sheet_text(s, MARGIN, ROLE_DIM, "A reset writes no sign-in log: how people proved who they "
		   "are stands in the audit log, as steps of an attempt.");
}

void monitor_fill(const struct app *a, int columns, struct sheet *s)
{
	struct arena arena = { 0 };
	const char *limits = usage_limits(&a->session.facts, &a->monitor.usage, &arena);

	/* Numbers too far from their names are hard to follow. */
	if (columns > COLUMNS_MAX)
		columns = COLUMNS_MAX;
	sheet_init(s, columns, a->ascii);
	if (a->monitor.view == MONITOR_VIEW_USAGE)
		fill_usage(a, columns, s, &arena);
	else
		fill_sign_ins(a, columns, s);
	sheet_blank(s);
	if (*limits && a->session.state == SESSION_IDLE)
		sheet_text(s, MARGIN, ROLE_WARN, limits);
	sheet_text(s, MARGIN, ROLE_DIM, a->monitor.sources);
	arena_clear(&arena);
}

/* --- The audit view --------------------------------------------------------------- */

void monitor_event_text(const struct event *e, struct str *out)
{
	const struct reason *r = reason_find(e->reason);
	bool success = str_same_nocase(e->result, "success");

	/* A step of an attempt is what its reason says. */
	if (e->kind == EVENT_OTHER || e->kind == EVENT_POLICY)
		str_add(out, e->activity);
	else if (e->kind == EVENT_RESET && !success)
		str_add(out, "Refused");
	else if (e->kind != EVENT_FLOW)
		str_add(out, event_kind_title(e->kind));
	else if (success)
		str_add(out, e->reason ? e->reason : event_kind_title(e->kind));
	if (!success)
		str_addf(out, "%s%s", out->len ? ": " : "", r ? r->plain :
			 e->reason && *e->reason ? e->reason : e->result);
}

static void draw_event(const struct app *a, const struct event *e, struct rect row, bool here,
		       struct grid *g)
{
	CLEANUP(str_release) struct str what = { 0 };
	bool success = str_same_nocase(e->result, "success"), odd = e->kind == EVENT_BLOCKED;
	struct look look = look_of_verdict(!success ? VERDICT_FAIL : odd ? VERDICT_WARN
								  : VERDICT_PASS);
	bool fresh = a->monitor.fresh_ms && e->time_ms > a->monitor.fresh_ms;
	int person = row.w > 110 ? 36 : row.w > 70 ? 24 : 14, x = 18;
	char when[TIME_TEXT];

	time_format(e->time_ms, when);
	grid_put(g, row, 1, 0, look.role, glyph(look.glyph, a->ascii));
	/* "11-25 10:03" of "2026-11-25T10:03:00Z". */
	grid_putf(g, row, 3, 0, fresh ? ROLE_ACCENT : ROLE_DIM, "%.5s %.5s%s", when + 5, when + 11,
		  fresh ? "*" : "");
	grid_put_cut(g, row, x, 0, person, ROLE_TEXT, e->upn ? e->upn : e->user_id ? e->user_id :
		     "-");
	x += person + 1;
	monitor_event_text(e, &what);
	grid_put_cut(g, row, x, 0, row.w - x - 2, success ? ROLE_DIM : ROLE_TEXT,
		     str_text(&what));
	if (here)
		grid_role(g, (struct rect){ row.x, row.y, row.w - 1, 1 }, ROLE_SELECTED);
}

static void draw_chosen(const struct event *e, struct rect r, struct grid *g)
{
	CLEANUP(str_release) struct str text = { 0 };
	const struct reason *reason = reason_find(e->reason);

	grid_hline(g, r, 0, ROLE_BORDER);
	report_event_text(e, &text);
	str_truncate(&text, text.len - 1);
	if (reason && *reason->remedy && !str_same_nocase(e->result, "success"))
		str_addf(&text, "%s %s", str_ends(str_text(&text), ".") ? "" : ".", reason->remedy);
	grid_put_wrapped(g, rect_inset(r, 1, 0), 0, 1, r.h - 1, ROLE_TEXT, str_text(&text));
}

static int detail_rows(int h)
{
	return h >= 14 ? DETAIL_ROWS + 1 : h >= 9 ? 3 : 0;
}

int monitor_page(const struct app *a)
{
	int h = app_body(a).h - 2;

	if (h > 11)
		h--;
	return h - 1 - detail_rows(h);
}

static void put_spark(const struct app *a, struct rect r, struct grid *g)
{
	const struct usage *u = &a->monitor.usage;
	CLEANUP(str_release) struct str columns = { 0 };
	size_t v[USAGE_DAYS_MAX];
	int x = MARGIN;

	for (size_t i = 0; i < u->ndays; i++)
		v[i] = u->days[i].listed;
	chart_columns(&columns, v, u->ndays, a->ascii);
	x += grid_put(g, r, x, 0, ROLE_DIM, "A day ") ;
	x += grid_put(g, r, x, 0, ROLE_DIM, a->ascii ? "|" : "▕");
	x += grid_put(g, r, x, 0, ROLE_ACCENT, str_text(&columns));
	x += grid_put(g, r, x, 0, ROLE_DIM, a->ascii ? "| " : "▏ ");
	str_clear(&columns);
	add_count(&columns, u->nevents, "event", "events");
	if (!u->complete)
		str_add(&columns, " of the newest that were read");
	grid_put_cut(g, r, x, 0, r.w - x - 1, ROLE_TEXT, str_text(&columns));
}

void monitor_audit(const struct app *a, struct rect r, struct grid *g)
{
	const struct monitor *m = &a->monitor;
	int n = (int)m->usage.nevents, details = detail_rows(r.h), top;
	struct list l = m->list.list;

	put_spark(a, rect_cut_top(&r, 1), g);
	if (!n) {
		struct arena arena = { 0 };
		const char *limits = usage_limits(&a->session.facts, &m->usage, &arena);

		grid_put_wrapped(g, rect_inset(r, 1, 0), 0, 1, r.h - 1, ROLE_DIM, *limits ? limits :
				 "No event fits. Backspace looks at everything again.");
		arena_clear(&arena);
		return;
	}
	list_clamp(&l, n);
	if (details)
		draw_chosen(&m->usage.events[l.selected], rect_cut_bottom(&r, details), g);
	top = list_top(&l, n, r.h);
	for (int i = top; i < n && i < top + r.h; i++) {
		struct rect row = { r.x, r.y + i - top, r.w, 1 };

		draw_event(a, &m->usage.events[i], row, i == l.selected, g);
		grid_hit(g, row, HIT_ROW + (unsigned)i);
	}
	scroll_mark(g, r, top, n);
}
