/* A person does it in the admin centre or on a server; the wizard says exactly
 * what, and watches for proof. */
#include <stdio.h>
#include <stdlib.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "tui/model.h"

#define READ_EVERY_MS 20000	/* while the screen is open */

static const struct step_view *step_view_of(const struct app *a)
{
	const struct step_view *v = &a->session.views[a->guide.step - 1];

	return v->ops ? v : NULL;
}

static bool is_guided(const struct change *c)
{
	return c->means == MEANS_GUIDED || c->means == MEANS_SERVER;
}

const struct change *guide_change(const struct app *a)
{
	const struct step_view *v = step_view_of(a);

	for (size_t i = 0; v && i < v->plan.n; i++)
		if (str_same(v->plan.v[i].id, a->guide.change_id))
			return &v->plan.v[i];
	return NULL;
}

/* Some changes no source shows: then the step's areas are read now and then. */
static void start_watch(struct app *a, const struct change *c)
{
	struct err ignored = ERR_INIT;

	session_watch_stop(&a->session);
	if (watch_can(c))
		session_watch_start(&a->session, c, &ignored);
}

/* The guided change `by` places after the one shown, or the first. */
static bool choose(struct app *a, int by)
{
	const struct step_view *v = step_view_of(a);
	const struct change *guided[64];
	int n = 0, at = -1;

	for (size_t i = 0; v && i < v->plan.n && n < 64; i++) {
		if (!is_guided(&v->plan.v[i]))
			continue;
		if (str_same(v->plan.v[i].id, a->guide.change_id))
			at = n;
		guided[n++] = &v->plan.v[i];
	}
	/* When the one shown is done, the next is the first that is left. */
	at = at < 0 ? 0 : at + by;
	if (at < 0 || at >= n)
		return false;
	snprintf(a->guide.change_id, sizeof(a->guide.change_id), "%s", guided[at]->id);
	snprintf(a->guide.setting, sizeof(a->guide.setting), "%s",
		 guided[at]->attests ? guided[at]->attests : "");
	a->guide.scroll = 0;
	start_watch(a, guided[at]);
	return true;
}

void guide_open(struct app *a, const struct step_view *v)
{
	a->guide.step = v->ops->number;
	a->guide.change_id[0] = '\0';
	a->guide.since_ms = a->now_ms;
	a->guide.next_read_ms = a->now_ms + READ_EVERY_MS;
	if (choose(a, 0))
		app_push(a, &screen_guide);
}

void guide_next(struct app *a, const char *but_id)
{
	const struct step_view *v = step_view_of(a);

	for (size_t i = 0; v && i < v->plan.n; i++) {
		const struct change *c = &v->plan.v[i];

		if (!is_guided(c) || str_same(c->id, but_id))
			continue;
		snprintf(a->guide.change_id, sizeof(a->guide.change_id), "%s", c->id);
		choose(a, 0);
		return;
	}
}

static bool is_open(const struct app *a)
{
	for (int i = 0; i < (int)a->depth; i++)
		if (a->stack[i] == &screen_guide)
			return true;
	return false;
}

/* Called when time or the session moved on: looks for proof now and then. */
void guide_watch(struct app *a)
{
	const struct step_view *v;

	if (a->session.watch && !is_open(a))
		session_watch_stop(&a->session);
	if (a->session.watch || app_top(a) != &screen_guide || !a->opened ||
	    a->session.state != SESSION_IDLE ||
	    a->now_ms < a->guide.next_read_ms)
		return;
	a->guide.next_read_ms = a->now_ms + READ_EVERY_MS;
	v = step_view_of(a);
	session_read(&a->session, (v ? v->ops->areas : 0) | AREA_BIT(AREA_AUDIT));
}

/* --- View ----------------------------------------------------------------------- */

static void put_place(const struct app *a, const struct change *c, struct sheet *s)
{
	if (c->place) {
		sheet_put(s, 1, ROLE_DIM, c->means == MEANS_SERVER ? "Where" : "Open");
		sheet_text(s, 8, ROLE_TITLE, c->place);
	}
	if (c->link && *c->link) {
		sheet_put(s, 1, ROLE_DIM, "Link");
		sheet_text(s, 8, ROLE_LINK, c->link);
	}
	for (size_t i = 0; i < c->ninstructions; i++) {
		if (i == 0)
			sheet_blank(s);
		sheet_item(s, 1, ROLE_ACCENT, glyph(GLYPH_HERE, a->ascii), ROLE_TEXT,
			   c->instructions[i]);
	}
}

static const struct setting *watched(const struct step_view *v, const struct change *c)
{
	for (size_t i = 0; v && c->attests && i < v->nsettings; i++)
		if (str_same(v->settings[i].key, c->attests))
			return &v->settings[i];
	return NULL;
}

/* What each source has said since the watch began. */
static void put_lines(const struct app *a, const struct watch *w, struct sheet *s)
{
	bool proved = w->verdict == WATCH_PROVED, waiting = w->verdict == WATCH_WAITING;

	for (size_t i = 0; i < WATCH_SOURCES; i++)
		if (w->lines[i].len)
			sheet_item(s, 1, ROLE_ACCENT, glyph(waiting ? GLYPH_BUSY : GLYPH_HERE,
							    a->ascii),
				   ROLE_TEXT, str_text(&w->lines[i]));
	if (!waiting)
		sheet_item(s, 1, proved ? ROLE_GOOD : ROLE_BAD,
			   glyph(proved ? GLYPH_OK : GLYPH_BAD, a->ascii), ROLE_TITLE,
			   proved ? "Proved: it is set as wanted."
				  : "Something else was set. Look at the page again.");
	else if (w->ask_word)
		sheet_text(s, 1, ROLE_TEXT, str_text(&w->summary));
}

static void put_watch(const struct app *a, const struct change *c, struct sheet *s)
{
	const struct step_view *v = step_view_of(a);
	const struct setting *set = watched(v, c);
	CLEANUP(str_release) struct str text = { 0 };
	char span[TIME_TEXT];

	sheet_blank(s);
	str_add(&text, "Watching for proof since ");
	when_text(a->now_ms, a->guide.since_ms, &text);
	str_addf(&text, ", %s", time_span(a->now_ms - a->guide.since_ms, span));
	sheet_line(s, 1, ROLE_TITLE, str_text(&text));
	if (set) {
		str_clear(&text);
		str_addf(&text, "%s: now %s, wanted %s", set->name,
			 str_same(set->current, "?") ? "not known" : set->current, set->wanted);
		sheet_item(s, 1, ROLE_ACCENT, glyph(GLYPH_BUSY, a->ascii), ROLE_TEXT,
			   str_text(&text));
		if (*set->how)
			sheet_text(s, 3, ROLE_DIM, set->how);
	}
	if (a->session.watch) {
		put_lines(a, a->session.watch, s);
		return;
	}
	sheet_text(s, 1, ROLE_DIM, "The audit log tells within minutes, the registration report "
		   "within hours. The wizard reads both again every 20 s while you are here; "
		   "you can also leave and come back.");
}

/* The change has left the plan: because it is proved, or by a person's word,
 * which is no proof and must not look like one. */
static void put_done(const struct app *a, const struct step_view *v, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };
	bool attested = false;

	sheet_blank(s);
	for (size_t i = 0; i < v->nsettings; i++) {
		const struct setting *set = &v->settings[i];

		if (!*a->guide.setting || !str_same(set->key, a->guide.setting))
			continue;
		attested = set->confidence == CONFIDENCE_ATTESTED;
		str_addf(&text, "%s: %s (%s). ", set->name, set->current,
			 confidence_name(set->confidence));
	}
	str_add(&text, attested ? "Recorded; proof is still looked for." :
		"Nothing more is to be done here.");
	sheet_item(s, 1, attested ? ROLE_GUIDE : ROLE_GOOD,
		   glyph(attested ? GLYPH_GUIDE : GLYPH_OK, a->ascii), ROLE_TEXT,
		   str_text(&text));
	if (plan_guided(&v->plan))
		sheet_text(s, 3, ROLE_DIM, "n goes on with what is left of this step.");
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct step_view *v = step_view_of(a);
	const struct change *c = guide_change(a);
	struct affected all;

	sheet_init(s, columns, a->ascii);
	if (!v)
		return;
	sheet_linef(s, 1, ROLE_TITLE, "%u of %d  %s", v->ops->number, STEPS_COUNT,
		    v->ops->title);
	if (!c) {
		put_done(a, v, s);
		return;
	}
	sheet_text(s, 1, ROLE_TEXT, c->title);
	if (c->detail && *c->detail)
		sheet_text(s, 1, ROLE_DIM, c->detail);
	affected_collect(a, &all);
	affected_put(a, &all, c->id, 1, s);
	affected_release(&all);
	sheet_blank(s);
	put_place(a, c, s);
	put_watch(a, c, s);
}

/* The page is a real tenant's; who plays with the demo must not end up in one. */
static const char *why_no_browser(const struct app *a)
{
	if (a->session.options.demo)
		return "The demo opens no browser: the page would be that of a real tenant";
	return a->no_browser;
}

static void browse(struct app *a, const struct change *c)
{
	if (why_no_browser(a)) {
		app_say(a, ROLE_WARN, "%s", why_no_browser(a));
		return;
	}
	free(a->browse);
	a->browse = xstrdup(c->link);
}

static int buttons(const struct app *a, struct button *b)
{
	const struct change *c = guide_change(a);
	int n = 0;

	if (c && c->link && *c->link)
		b[n++] = (struct button){ ACT_COPY, "Copy link", true };
	if (c && link_is_ours(c->link) && !why_no_browser(a))
		b[n++] = (struct button){ ACT_BROWSE, "Open page", false };
	if (c && c->attests)
		b[n++] = (struct button){ ACT_ATTEST, "Record that I did it", false };
	b[n++] = (struct button){ ACT_BACK, "Back", !c };
	return n;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct button b[4];
	struct rect foot;
	struct sheet s;

	grid_fill(g, r, ROLE_TEXT);
	foot = rect_cut_bottom(&r, 1);
	fill(a, r.w - 1, &s);
	sheet_show(&s, g, r, a->guide.scroll);
	sheet_release(&s);
	buttons_view(g, foot, 1, 0, b, buttons(a, b), -1, HIT_BUTTON);
}

/* --- Actions -------------------------------------------------------------------- */

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_GUIDE;
}

/* Not offered where it cannot work; the key says why. */
static const char *label(const struct app *a, enum action act)
{
	return act == ACT_BROWSE && why_no_browser(a) ? "" : NULL;
}

static bool can(const struct app *a, enum action act)
{
	const struct change *c = guide_change(a);
	const struct step_view *v = step_view_of(a);

	switch (act) {
	case ACT_COPY:
		return c && c->link && *c->link;
	case ACT_AFFECTED:
		return c && affected_any(a);
	case ACT_BROWSE:
		return c && link_is_ours(c->link);
	case ACT_COPY_ID:
		return a->session.facts.groups.chosen != NULL;
	case ACT_ATTEST:
		return c && c->attests && a->session.journal && !app_read_only(a);
	case ACT_READ:
		return a->session.state == SESSION_IDLE;
	case ACT_NEXT_STEP:
	case ACT_PREVIOUS_STEP:
		return v && plan_guided(&v->plan) > (c != NULL);
	case ACT_OPEN:
		return false;
	default:
		return true;
	}
}

static bool action(struct app *a, enum action act)
{
	const struct change *c = guide_change(a);
	const struct step_view *v = step_view_of(a);
	struct sheet s;
	bool done;

	switch (act) {
	case ACT_COPY:
		app_copy(a, c ? c->link : NULL, "the link");
		return true;
	case ACT_AFFECTED:
		affected_save(a);
		return true;
	case ACT_BROWSE:
		if (c)
			browse(a, c);
		return true;
	case ACT_COPY_ID:
		app_copy(a, a->session.facts.groups.chosen->id, "the group's id");
		return true;
	case ACT_ATTEST:
		confirm_attest(a);
		return true;
	case ACT_READ:
		app_read(a, (v ? v->ops->areas : 0) | AREA_BIT(AREA_AUDIT));
		return true;
	case ACT_NEXT_STEP:
		choose(a, 1);
		return true;
	case ACT_PREVIOUS_STEP:
		choose(a, -1);
		return true;
	default:
		fill(a, a->w - 1, &s);
		done = scroll_by(&a->guide.scroll, s.y, app_body(a).h - 1, act);
		sheet_release(&s);
		return done;
	}
}

static void click(struct app *a, unsigned hit)
{
	struct button b[4];
	int n = buttons(a, b);

	if (hit >= HIT_BUTTON && (int)(hit - HIT_BUTTON) < n)
		app_do(a, b[hit - HIT_BUTTON].act);
}

const struct screen_ops screen_guide = {
	.name = "guide",
	.title = "Guide",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.click = click,
};
