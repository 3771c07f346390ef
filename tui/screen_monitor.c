/* What happened: the audit log as events, challenges and numbers; filtered,
 * followed and written to a file. */
#include "tui/monitor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "tui/filter.h"

/* --- What is known ------------------------------------------------------------------ */

void monitor_close(struct app *a)
{
	struct monitor *m = &a->monitor;

	edit_release(&m->list.filter);
	arena_clear(&m->arena);
	memset(m, 0, sizeof(*m));
}

/* Counts again; the chosen event stays chosen, wherever it is now. */
static void count(struct app *a)
{
	struct monitor *m = &a->monitor;
	const struct facts *f = &a->session.facts;
	struct event_filter filter = m->filter;
	size_t i = (size_t)m->list.list.selected;
	CLEANUP(free_ptr) char *chosen = m->known && i && i < m->usage.nevents
					 ? xstrdup(m->usage.events[i].id) : NULL;
	CLEANUP(str_release) struct str ago = { 0 };

	if (!facts_read(f, AREA_AUDIT))
		return;
	arena_clear(&m->arena);
	filter.user = str_text(&m->list.filter.text);
	usage_count_events(f, &filter, &m->usage, &m->arena);
	m->seen_ms = f->source[AREA_AUDIT].observed_ms;
	m->sources = usage_sources(f, &m->arena);
	str_add(&ago, "read ");
	when_text(a->now_ms, m->seen_ms, &ago);
	m->read_at = arena_strdup(&m->arena, str_text(&ago));
	m->known = true;
	for (size_t k = 0; chosen && k < m->usage.nevents; k++)
		if (str_same(m->usage.events[k].id, chosen))
			m->list.list.selected = (int)k;
	list_clamp(&m->list.list, (int)m->usage.nevents);
}

void monitor_open(struct app *a)
{
	a->monitor.scroll = 0;
	app_push(a, &screen_monitor);
	if (!a->monitor.known)
		count(a);
}

void monitor_news(struct app *a)
{
	const struct facts *f = &a->session.facts;
	bool open = false;

	for (size_t i = 0; i < a->depth; i++)
		open |= a->stack[i] == &screen_monitor;
	if (!open && a->opened)
		session_follow_stop(&a->session);
	if (open && facts_read(f, AREA_AUDIT) &&
	    f->source[AREA_AUDIT].observed_ms != a->monitor.seen_ms)
		count(a);
}

/* --- View --------------------------------------------------------------------------- */

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct arena arena = { 0 };
	struct sheet s;

	grid_fill(g, r, ROLE_TEXT);
	monitor_head(a, &r, g);
	if (!a->monitor.known) {
		grid_put_wrapped(g, rect_inset(r, 1, 0), 0, 1, r.h - 1, ROLE_DIM,
				 a->session.state == SESSION_READING ? "Being read." :
				 a->session.facts.source[AREA_AUDIT].state == SOURCE_UNREAD ?
				 "Not read yet: r reads it." :
				 facts_why_unknown(&a->session.facts, AREA_AUDIT, &arena));
		arena_clear(&arena);
		return;
	}
	if (a->monitor.view == MONITOR_VIEW_AUDIT) {
		monitor_audit(a, r, g);
		return;
	}
	monitor_fill(a, r.w - 1, &s);
	r.w = s.page.w < r.w ? s.page.w + 1 : r.w;
	sheet_show(&s, g, r, a->monitor.scroll);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_MONITOR;
}

/* --- Actions ------------------------------------------------------------------------ */

static const struct event *chosen(const struct app *a)
{
	const struct monitor *m = &a->monitor;
	size_t i = (size_t)m->list.list.selected;

	return m->known && m->view == MONITOR_VIEW_AUDIT && i < m->usage.nevents
	       ? &m->usage.events[i] : NULL;
}

static bool filtered(const struct monitor *m)
{
	return m->list.filter.text.len || m->filter.days || filter_chooses(&m->filter);
}

static bool can(const struct app *a, enum action act)
{
	const struct event *e = chosen(a);

	switch (act) {
	case ACT_OPEN:
	case ACT_DIAGNOSE:
		return act == ACT_DIAGNOSE || (e && e->upn);
	case ACT_READ:
		return a->session.state == SESSION_IDLE;
	case ACT_REMOVE:
		return filtered(&a->monitor);
	case ACT_EXPORT:
		return a->monitor.known;
	default:
		return act != ACT_MONITOR;
	}
}

static const char *label(const struct app *a, enum action act)
{
	switch (act) {
	case ACT_OPEN:
		return "Diagnose";
	case ACT_NEXT_FIELD:
		return "View";
	case ACT_FIND:
		return "Person";
	case ACT_REMOVE:
		return "All";
	case ACT_FOLLOW:
		return a->session.following ? "Stop following" : NULL;
	default:
		return NULL;
	}
}

static void turn_view(struct app *a, int by)
{
	struct monitor *m = &a->monitor;

	m->view = (enum monitor_view)(((int)m->view + by + MONITOR_VIEWS) % MONITOR_VIEWS);
	m->scroll = 0;
}

static void change_filter(struct app *a, enum action act)
{
	static const int periods[] = { 0, 7, 1 };
	struct event_filter *f = &a->monitor.filter;
	size_t i = 0;

	switch (act) {
	case ACT_PERIOD:
		while (i < COUNT_OF(periods) && periods[i] != f->days)
			i++;
		f->days = periods[(i + 1) % COUNT_OF(periods)];
		break;
	case ACT_RESULT:
		f->result = f->result == RESULT_ANY ? RESULT_FAILURE :
			    f->result == RESULT_FAILURE ? RESULT_SUCCESS : RESULT_ANY;
		break;
	case ACT_KIND:
		f->kinds = !f->kinds ? EVENT_BIT(EVENT_RESET) :
			   f->kinds == EVENT_BIT(EVENT_OTHER) ? 0 : f->kinds << 1;
		break;
	default:
		*f = (struct event_filter){ 0 };
		edit_clear(&a->monitor.list.filter);
		break;
	}
	a->monitor.list.list = (struct list){ 0 };
	count(a);
}

static void turn_following(struct app *a)
{
	const struct usage *u = &a->monitor.usage;

	if (a->session.following) {
		session_follow_stop(&a->session);
		a->monitor.fresh_ms = 0;
		return;
	}
	a->monitor.fresh_ms = a->monitor.known && u->nevents ? u->events[0].time_ms : 1;
	session_follow_start(&a->session);
	app_say(a, ROLE_TEXT, "Following: new events appear by themselves, marked with *");
}

static int write_file(struct app *a, const char *path, struct err *err)
{
	static const unsigned views[] = { MONITOR_AUDIT, MONITOR_SIGN_INS, MONITOR_USAGE };
	const struct monitor *m = &a->monitor;
	CLEANUP(str_release) struct str text = { 0 };
	struct json *doc;

	if (str_ends(path, ".json")) {
		doc = report_monitor_json(&a->session.facts, &m->usage, views[m->view]);
		json_print_pretty(doc, &text);
		str_add_char(&text, '\n');
		json_free(doc);
	} else if (str_ends(path, ".csv")) {
		report_monitor_csv(&m->usage, views[m->view], &text);
	} else {
		err_set(err, ERR_INVALID, 0, "the name says neither .csv nor .json");
		return err_todo(err, "Its end chooses the format.");
	}
	if (file_write(path, str_text(&text), text.len, err) < 0)
		return -1;
	app_say(a, ROLE_GOOD, "Written: %s, for your eyes only (mode 0600)", path);
	return 0;
}

static void export_it(struct app *a)
{
	static const char *const names[] = { "audit", "sign-ins", "usage" };
	char name[200], when[TIME_TEXT];

	snprintf(name, sizeof(name), "%.120s-%s-%.10s.csv",
		 a->session.facts.organization.default_domain
		 ? a->session.facts.organization.default_domain : "sspr",
		 names[a->monitor.view], time_format(a->now_ms, when));
	save_open(a, "Write what is shown", name, "The end of the name chooses the format: .csv or "
		  ".json. It holds names of people; only you can read it.", write_file);
}

static bool move(struct app *a, enum action act)
{
	struct monitor *m = &a->monitor;
	struct rect r = app_body(a);
	struct sheet s;
	bool done;

	if (!m->known)
		return false;
	if (m->view == MONITOR_VIEW_AUDIT)
		return list_move(&m->list.list, (int)m->usage.nevents, monitor_page(a), act);
	monitor_fill(a, r.w - 1, &s);
	done = scroll_by(&m->scroll, s.y, r.h > 13 ? r.h - 3 : r.h - 2, act);
	sheet_release(&s);
	return done;
}

static bool action(struct app *a, enum action act)
{
	const struct event *e = chosen(a);

	switch (act) {
	case ACT_LEFT:
	case ACT_PREVIOUS_FIELD:
		turn_view(a, -1);
		return true;
	case ACT_RIGHT:
	case ACT_NEXT_FIELD:
		turn_view(a, 1);
		return true;
	case ACT_PERIOD:
	case ACT_RESULT:
	case ACT_KIND:
	case ACT_REMOVE:
		change_filter(a, act);
		return true;
	case ACT_FIND:
		a->monitor.list.typing = true;
		return true;
	case ACT_FOLLOW:
		turn_following(a);
		return true;
	case ACT_EXPORT:
		export_it(a);
		return true;
	case ACT_READ:
		app_read(a, AREA_BIT(AREA_AUDIT) | AREA_BIT(AREA_REGISTRATION) |
			    AREA_BIT(AREA_RESETS));
		return true;
	case ACT_OPEN:
	case ACT_DIAGNOSE:
		if (!e || !e->upn)
			return false;
		diagnose_user(a, e->upn);
		return true;
	case ACT_BACK:
		session_follow_stop(&a->session);
		return false;
	default:
		return move(a, act);
	}
}

static bool type(struct app *a, uint32_t key)
{
	if (!filter_type(&a->monitor.list, key))
		return false;
	count(a);
	return true;
}

static bool typing(const struct app *a)
{
	return a->monitor.list.typing;
}

static void paste(struct app *a, const char *text)
{
	if (!a->monitor.list.typing)
		return;
	edit_insert(&a->monitor.list.filter, text);
	count(a);
}

static void click(struct app *a, unsigned hit)
{
	if (hit >= HIT_BUTTON) {
		a->monitor.view = (enum monitor_view)(hit - HIT_BUTTON);
		a->monitor.scroll = 0;
		return;
	}
	a->monitor.list.list.selected = (int)(hit - HIT_ROW);
}

const struct screen_ops screen_monitor = {
	.name = "monitor",
	.title = "Monitor",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.type = type,
	.typing = typing,
	.paste = paste,
	.click = click,
};
