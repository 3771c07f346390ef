/* The right pane of a step: why, settings, notes, plan. */
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"
#include "tui/model.h"

#define MARGIN 1

static const struct change *guided_for(const struct step_view *v, const char *key)
{
	for (size_t i = 0; i < v->plan.n; i++)
		if (v->plan.v[i].attests && str_same(v->plan.v[i].attests, key))
			return &v->plan.v[i];
	return NULL;
}

static struct look look_of_setting(const struct step_view *v, const struct setting *s)
{
	if (s->matches)
		return (struct look){ GLYPH_OK, ROLE_GOOD, "" };
	if (guided_for(v, s->key))
		return (struct look){ GLYPH_GUIDE, ROLE_GUIDE, "" };
	if (s->confidence == CONFIDENCE_NONE)
		return (struct look){ GLYPH_UNKNOWN, ROLE_WARN, "" };
	if (v->state == STEP_CHANGES)
		return (struct look){ GLYPH_CHANGE, ROLE_ACCENT, "" };
	return (struct look){ GLYPH_WARN, ROLE_WARN, "" };
}

static void now_text(const struct setting *set, struct str *out)
{
	const char *doubt = doubt_word(set->confidence);

	str_add(out, str_same(set->current, "?") ? "? not known" : set->current);
	if (*doubt)
		str_addf(out, " (%s)", doubt);
}

/* Where the parts of a setting stand: in one row, or stacked with the name on
 * a line of its own. */
struct columns {
	bool stacked;
	int name_w, now_x, now_w, mark_x;
};

static void put_setting(const struct app *a, const struct step_view *v,
			const struct setting *set, const struct columns *c, struct sheet *s)
{
	CLEANUP(str_release) struct str now = { 0 };
	struct look look = look_of_setting(v, set);
	enum role role = set->matches ? ROLE_DIM : ROLE_TEXT;
	struct sheet_cell cells[] = {
		{ MARGIN, c->name_w, ROLE_TEXT, c->stacked ? "" : set->name },
		{ c->now_x, c->now_w, role, NULL },
		{ c->mark_x, 1, look.role, glyph(look.glyph, a->ascii) },
		{ c->mark_x + 2, s->page.w - c->mark_x - 2, role, set->wanted },
	};

	now_text(set, &now);
	cells[1].text = str_text(&now);
	if (c->stacked)
		sheet_text(s, MARGIN, ROLE_TEXT, set->name);
	sheet_row(s, cells, COUNT_OF(cells));
}

/* The columns of the longest word, which must not be broken. */
static int longest_word(const char *text)
{
	int longest = 0;

	while (*text) {
		size_t len = strcspn(text, " ");
		int columns = 0;

		for (size_t i = 0; i < len;) {
			uint32_t cp;

			i += (size_t)utf8_decode(text + i, &cp);
			columns += utf8_char_width(cp);
		}
		longest = columns > longest ? columns : longest;
		text += len + (text[len] == ' ');
	}
	return longest;
}

static int between(int low, int v, int high)
{
	return v < low ? low : v > high ? high : v;
}

static int larger(int x, int y)
{
	return x > y ? x : y;
}

/* Names get what they need up to a third; the two values share the rest, so
 * that their words (the group's name) stay whole. Where that is too narrow, the
 * names go onto lines of their own. */
static struct columns columns_of(const struct step_view *v, int width)
{
	int room = width - MARGIN, name = 7, name_word = 0, now_word = 0, word = 0, rest;
	struct columns c = { .stacked = false };

	for (size_t i = 0; i < v->nsettings; i++) {
		CLEANUP(str_release) struct str now = { 0 };

		now_text(&v->settings[i], &now);
		name = larger(name, utf8_width(v->settings[i].name));
		name_word = larger(name_word, longest_word(v->settings[i].name));
		now_word = larger(now_word, longest_word(str_text(&now)));
		word = larger(word, longest_word(v->settings[i].wanted));
	}
	c.name_w = between(7, name, room * 36 / 100);
	rest = room - c.name_w - 4;
	c.now_w = rest - between(rest / 2, word, rest * 2 / 3);
	c.stacked = name_word > c.name_w || now_word > c.now_w || word > rest - c.now_w;
	c.now_x = MARGIN + c.name_w + 1;
	if (c.stacked) {
		c.now_x = MARGIN + 2;
		rest = room - 2 - 3;
		c.now_w = rest - between(rest / 2, word, larger(rest / 2, rest - now_word));
	}
	c.now_w = c.now_w > 36 ? 36 : c.now_w;
	c.mark_x = c.now_x + c.now_w + 1;
	return c;
}

static void put_settings(const struct app *a, const struct step_view *v, struct sheet *s)
{
	struct columns c;

	if (!v->nsettings)
		return;
	c = columns_of(v, s->page.w);
	sheet_blank(s);
	if (!c.stacked)
		sheet_put(s, MARGIN, ROLE_DIM, "Setting");
	sheet_put(s, c.now_x, ROLE_DIM, "Now");
	sheet_put(s, c.mark_x + 2, ROLE_DIM, "Wanted");
	sheet_next(s);
	for (size_t i = 0; i < v->nsettings; i++)
		put_setting(a, v, &v->settings[i], &c, s);
}

static void put_notes(const struct app *a, const struct step_view *v, struct sheet *s)
{
	if (v->nnotes)
		sheet_blank(s);
	for (size_t i = 0; i < v->nnotes; i++) {
		const struct note *n = &v->notes[i];

		sheet_item(s, MARGIN, n->warning ? ROLE_WARN : ROLE_DIM,
			   glyph(n->warning ? GLYPH_WARN : GLYPH_DOT, a->ascii),
			   n->warning ? ROLE_TEXT : ROLE_DIM, n->text);
	}
}

static bool is_automatic(const struct change *c)
{
	return c->means == MEANS_GRAPH || c->means == MEANS_PORTAL;
}

static void plan_heading(const struct app *a, const struct step_view *v, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };
	size_t automatic = plan_automatic(&v->plan), guided = plan_guided(&v->plan);

	if (automatic)
		add_count(&text, automatic, "change to apply", "changes to apply");
	if (automatic && guided)
		str_add(&text, ", ");
	if (guided)
		str_addf(&text, "%zu to do by hand", guided);
	if (!text.len)
		str_add(&text, v->state != STEP_DONE ? "No change is planned" :
			step_confidence(v) == CONFIDENCE_ATTESTED ?
			"Nothing to do, in part by what a person said" :
			"Nothing to do: all is as wanted");
	sheet_line(s, MARGIN, ROLE_TITLE, str_text(&text));
	if (automatic && app_read_only(a))
		sheet_text(s, MARGIN, ROLE_DIM, "Read-only: this is shown, not applied.");
}

static void put_change_title(const struct app *a, const struct change *c, struct sheet *s)
{
	sheet_item(s, MARGIN + 1, is_automatic(c) ? ROLE_ACCENT : ROLE_GUIDE,
		   glyph(is_automatic(c) ? GLYPH_CHANGE : GLYPH_GUIDE, a->ascii),
		   ROLE_TEXT, c->title);
}

void detail_plan(const struct app *a, const struct step_view *v, struct sheet *s)
{
	plan_heading(a, v, s);
	for (size_t i = 0; i < v->plan.n; i++) {
		const struct change *c = &v->plan.v[i];
		CLEANUP(str_release) struct str line = { 0 };

		sheet_blank(s);
		put_change_title(a, c, s);
		if (c->detail && *c->detail)
			sheet_text(s, MARGIN + 3, ROLE_TEXT, c->detail);
		if (is_automatic(c)) {
			str_addf(&line, "%s %s", c->method, c->url);
			sheet_text(s, MARGIN + 3, ROLE_DIM, str_text(&line));
			str_clear(&line);
			str_addf(&line, "To take it back: %s", c->undo);
		} else if (c->place) {
			str_addf(&line, "Where: %s", c->place);
		}
		sheet_text(s, MARGIN + 3, ROLE_DIM, str_text(&line));
	}
}

static void put_plan(const struct app *a, const struct step_view *v, struct sheet *s)
{
	sheet_blank(s);
	plan_heading(a, v, s);
	for (size_t i = 0; i < v->plan.n; i++)
		put_change_title(a, &v->plan.v[i], s);
}

void detail_age(const struct app *a, unsigned areas, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };
	const struct facts *f = &a->session.facts;
	int64_t oldest_ms = 0;

	for (unsigned i = 0; i < AREA_COUNT; i++) {
		const struct source *src = &f->source[i];

		if (!(areas & AREA_BIT(i)))
			continue;
		if (src->state == SOURCE_READ && (!oldest_ms || src->observed_ms < oldest_ms))
			oldest_ms = src->observed_ms;
	}
	sheet_blank(s);
	if (oldest_ms) {
		str_add(&text, "Read ");
		ago_text(a->now_ms, oldest_ms, &text);
		sheet_line(s, MARGIN, ROLE_DIM, str_text(&text));
	}
	for (unsigned i = 0; i < AREA_COUNT; i++) {
		const struct source *src = &f->source[i];

		if (!(areas & AREA_BIT(i)) || (src->state != SOURCE_FORBIDDEN &&
					       src->state != SOURCE_FAILED))
			continue;
		str_clear(&text);
		str_addf(&text, "Could not read %s: %s", area_name((enum area)i),
			 src->err.msg);
		sheet_item(s, MARGIN, ROLE_WARN, glyph(GLYPH_UNKNOWN, a->ascii), ROLE_TEXT,
			   str_text(&text));
	}
}

void detail_step(const struct app *a, const struct step_view *v, bool with_plan,
		 struct sheet *s)
{
	struct look look = board_look(a, board_chosen(a));
	CLEANUP(str_release) struct str place = { 0 };
	int x;

	str_addf(&place, "%u of %d", v->ops->number, STEPS_COUNT);
	x = MARGIN + sheet_put(s, MARGIN, ROLE_ACCENT, str_text(&place)) + 2;
	x += sheet_put(s, x, ROLE_TITLE, v->ops->title) + 2;
	x += sheet_put(s, x, look.role, glyph(look.glyph, a->ascii)) + 1;
	sheet_put(s, x, look.role, look.word);
	sheet_next(s);
	sheet_text(s, MARGIN, ROLE_TEXT, v->ops->why);
	if (v->reason && *v->reason) {
		sheet_blank(s);
		sheet_item(s, MARGIN, look.role, glyph(look.glyph, a->ascii), ROLE_TEXT,
			   v->reason);
	}
	put_settings(a, v, s);
	if (str_same(v->ops->id, "writeback"))
		path_strip(a, s);
	put_notes(a, v, s);
	if (with_plan)
		put_plan(a, v, s);
	detail_age(a, v->ops->areas, s);
}
