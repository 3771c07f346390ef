/* Why one person can or cannot reset: search, then each thing it depends on. */
#include <stdio.h>
#include <string.h>

#include "checks/diagnose.h"
#include "graph/base/str.h"
#include "tui/model.h"

void diagnose_close(struct app *a)
{
	struct diagnosis *d = &a->diagnosis;

	people_search_release(a, &d->search);
	findings_clear(&d->findings);
	arena_clear(&d->arena);
	memset(d, 0, sizeof(*d));
}

void diagnose_open(struct app *a)
{
	if (a->diagnosis.asked)
		return;
	diagnose_close(a);
	app_push(a, &screen_diagnose);
}

/* --- Asking ----------------------------------------------------------------------- */

/* The person stands in wanted.entries only while being read: what is wanted in
 * the group comes back before anything can be applied. */
static void ask(struct app *a)
{
	struct diagnosis *d = &a->diagnosis;
	struct wanted *w = &a->session.wanted;
	unsigned areas = AREA_BIT(AREA_PEOPLE);

	if (d->asked || a->session.state != SESSION_IDLE)
		return;
	for (unsigned i = 0; i < AREA_COUNT; i++)
		if ((DIAGNOSE_AREAS & AREA_BIT(i)) &&
		    a->session.facts.source[i].state == SOURCE_UNREAD)
			areas |= AREA_BIT(i);
	d->kept = *w;
	d->entry = d->upn;
	w->entries = &d->entry;
	w->entry_lines = NULL;
	w->nentries = 1;
	d->asked = true;
	d->known = false;
	d->scroll = 0;
	session_forget(&a->session, AREA_BIT(AREA_PEOPLE));
	session_read(&a->session, areas);
}

void diagnose_user(struct app *a, const char *upn)
{
	if (a->session.state != SESSION_IDLE || a->diagnosis.asked) {
		app_say(a, ROLE_WARN, "The tenant is still being read: try again in a moment");
		return;
	}
	diagnose_open(a);
	a->diagnosis.from_list = true;
	snprintf(a->diagnosis.upn, sizeof(a->diagnosis.upn), "%s", upn);
	ask(a);
}

static void judge(struct app *a)
{
	struct diagnosis *d = &a->diagnosis;
	const struct facts *f = &a->session.facts;
	const struct person *p = diagnose_find(f, d->upn);

	findings_clear(&d->findings);
	arena_clear(&d->arena);
	d->message = NULL;
	if (!p) {
		app_say(a, ROLE_WARN, "%s could not be read", d->upn);
		d->upn[0] = '\0';
		return;
	}
	d->name = arena_strdup(&d->arena, p->display_name ? p->display_name : d->upn);
	d->can = diagnose_person(f, &a->session.wanted, p, &d->findings);
	d->message = diagnose_message(f, p, d->can, &d->findings, &d->arena);
	d->known = true;
}

void diagnose_news(struct app *a)
{
	struct diagnosis *d = &a->diagnosis;
	struct wanted *w = &a->session.wanted;

	if (!d->asked || a->session.state != SESSION_IDLE)
		return;
	judge(a);
	d->asked = false;
	w->entries = d->kept.entries;
	w->entry_lines = d->kept.entry_lines;
	w->nentries = d->kept.nentries;
	session_forget(&a->session, AREA_BIT(AREA_PEOPLE));
	session_read(&a->session, AREA_BIT(AREA_PEOPLE));
}

/* --- View ------------------------------------------------------------------------- */

static void put_answer(const struct app *a, struct sheet *s)
{
	const struct diagnosis *d = &a->diagnosis;
	CLEANUP(str_release) struct str text = { 0 };
	struct look look = look_of_verdict(d->can == TRI_YES ? VERDICT_PASS :
					   d->can == TRI_NO ? VERDICT_FAIL : VERDICT_UNKNOWN);

	if (d->can == TRI_YES)
		str_addf(&text, "Yes: %s can reset the password now.", d->name);
	else if (d->can == TRI_NO)
		str_addf(&text, "No: %s cannot reset the password now.", d->name);
	else
		str_addf(&text, "Cannot tell whether %s can reset: something that decides could "
			 "not be read.", d->name);
	sheet_item(s, 1, look.role, glyph(look.glyph, a->ascii), ROLE_TITLE, str_text(&text));
}

static void put_finding(const struct app *a, const struct finding *f, struct sheet *s)
{
	struct look look = look_of_verdict(f->verdict);
	bool bad = f->verdict == VERDICT_FAIL || f->verdict == VERDICT_WARN;
	int x = 12 + sheet_put(s, 12, bad ? ROLE_TITLE : ROLE_TEXT, f->title) + 2;

	sheet_put(s, 1, look.role, glyph(look.glyph, a->ascii));
	sheet_put(s, 3, look.role, look.word);
	if (f->confidence != CONFIDENCE_NONE && f->confidence != CONFIDENCE_PROVED)
		sheet_put(s, x, ROLE_DIM, confidence_name(f->confidence));
	sheet_next(s);
	sheet_text(s, 12, bad ? ROLE_TEXT : ROLE_DIM, f->summary);
	if (bad && *f->remedy)
		sheet_item(s, 12, ROLE_ACCENT, glyph(GLYPH_ARROW, a->ascii), ROLE_TEXT,
			   f->remedy);
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	static const enum verdict order[] = { VERDICT_FAIL, VERDICT_WARN, VERDICT_UNKNOWN,
					      VERDICT_PASS, VERDICT_ACCEPTED,
					      VERDICT_NOT_APPLICABLE };
	const struct diagnosis *d = &a->diagnosis;

	sheet_init(s, columns, a->ascii);
	put_answer(a, s);
	sheet_blank(s);
	/* Causes first; within a verdict the order in which the service asks. */
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < d->findings.n; i++)
			if (d->findings.v[i].verdict == order[k])
				put_finding(a, &d->findings.v[i], s);
	if (!d->message)
		return;
	sheet_blank(s);
	sheet_line(s, 1, ROLE_TITLE, "To tell them (c copies it)");
	sheet_text(s, 1, ROLE_TEXT, d->message);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	const struct diagnosis *d = &a->diagnosis;
	struct sheet s;

	grid_fill(g, r, ROLE_TEXT);
	grid_put(g, r, 1, 0, ROLE_TITLE, "Diagnose a person");
	if (*d->upn)
		grid_put_cut(g, r, 20, 0, r.w - 21, ROLE_DIM, d->upn);
	rect_cut_top(&r, 1);
	if (d->known) {
		rect_cut_top(&r, 1);
		fill(a, r.w - 1, &s);
		sheet_show(&s, g, r, d->scroll);
		sheet_release(&s);
		return;
	}
	if (d->asked) {
		grid_put(g, r, 1, 1, ROLE_DIM, "Being read.");
		return;
	}
	grid_put(g, r, 1, 0, ROLE_TEXT, "Search:");
	edit_view(&d->search.query, g, r, 9, 0, r.w - 11, true, "name or address");
	rect_cut_top(&r, 2);
	people_search_view(a, &d->search, r, g, true, NULL, NULL);
}

/* --- Actions ---------------------------------------------------------------------- */

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_DIAGNOSE;
}

static bool can(const struct app *a, enum action act)
{
	const struct diagnosis *d = &a->diagnosis;

	switch (act) {
	case ACT_OPEN:
		return !d->known && !d->asked && people_search_chosen(&d->search);
	case ACT_COPY:
	case ACT_FIND:
	case ACT_LIVE:
		return d->known;
	case ACT_READ:
		return d->known && a->session.state == SESSION_IDLE;
	case ACT_PALETTE:
		return d->known;
	default:
		return act != ACT_DIAGNOSE;
	}
}

static const char *label(const struct app *a, enum action act)
{
	(void)a;
	if (act == ACT_OPEN)
		return "Diagnose";
	if (act == ACT_COPY)
		return "Copy message";
	return act == ACT_FIND ? "Somebody else" : NULL;
}

static void choose(struct app *a)
{
	struct diagnosis *d = &a->diagnosis;
	const struct found *one = people_search_chosen(&d->search);

	if (!one)
		return;
	if (a->session.state != SESSION_IDLE) {
		app_say(a, ROLE_WARN, "The tenant is still being read: try again in a moment");
		return;
	}
	snprintf(d->upn, sizeof(d->upn), "%s", one->upn);
	ask(a);
}

static bool action(struct app *a, enum action act)
{
	struct diagnosis *d = &a->diagnosis;
	int page = app_body(a).h - 2;
	struct sheet s;
	bool done;

	switch (act) {
	case ACT_OPEN:
		choose(a);
		return true;
	case ACT_COPY:
		app_copy(a, d->message, "the message");
		return true;
	case ACT_LIVE:
		live_open(a, d->upn);
		return true;
	case ACT_READ:
		ask(a);
		return true;
	case ACT_FIND:
		d->from_list = false;
		d->known = false;
		d->upn[0] = '\0';
		return true;
	case ACT_BACK:
		if (!d->known || d->from_list)
			return false;
		d->known = false;
		d->upn[0] = '\0';
		return true;
	default:
		break;
	}
	if (!d->known)
		return list_move(&d->search.list, (int)d->search.n, page, act);
	fill(a, a->w - 1, &s);
	done = scroll_by(&d->scroll, s.y, page, act);
	sheet_release(&s);
	return done;
}

static bool type(struct app *a, uint32_t key)
{
	struct diagnosis *d = &a->diagnosis;

	return !d->known && !d->asked && people_search_type(a, &d->search, key);
}

static bool typing(const struct app *a)
{
	return !a->diagnosis.known && !a->diagnosis.asked;
}

static void paste(struct app *a, const char *text)
{
	if (!a->diagnosis.known && !a->diagnosis.asked)
		people_search_insert(a, &a->diagnosis.search, text);
}

static void click(struct app *a, unsigned hit)
{
	a->diagnosis.search.list.selected = (int)(hit - HIT_ROW);
	choose(a);
}

const struct screen_ops screen_diagnose = {
	.name = "diagnose",
	.title = "Diagnose a person",
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
