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

static void put_setting(const struct app *a, const struct step_view *v,
			const struct setting *set, int name_w, int now_w, struct sheet *s)
{
	CLEANUP(str_release) struct str now = { 0 };
	struct look look = look_of_setting(v, set);
	int now_x = MARGIN + name_w + 1, mark_x = now_x + now_w + 1;
	const char *doubt = doubt_word(set->confidence);

	str_add(&now, str_same(set->current, "?") ? "? not known" : set->current);
	if (*doubt)
		str_addf(&now, " (%s)", doubt);
	sheet_row(s, (const struct sheet_cell[]){
		{ MARGIN, name_w, ROLE_TEXT, set->name },
		{ now_x, now_w, set->matches ? ROLE_DIM : ROLE_TEXT, str_text(&now) },
		{ mark_x, 1, look.role, glyph(look.glyph, a->ascii) },
		{ mark_x + 2, s->page.w - mark_x - 2, set->matches ? ROLE_DIM : ROLE_TEXT,
		  set->wanted },
	}, 4);
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

/* Names get what they need up to a third; the two values share the rest, so
 * that the words of "Wanted" (the group's name) stay whole. */
static void put_settings(const struct app *a, const struct step_view *v, struct sheet *s)
{
	int room = s->page.w - MARGIN, name_w = 7, word = 0, rest, now_w;

	if (!v->nsettings)
		return;
	for (size_t i = 0; i < v->nsettings; i++) {
		int columns = utf8_width(v->settings[i].name);
		int longest = longest_word(v->settings[i].wanted);

		name_w = columns > name_w ? columns : name_w;
		word = longest > word ? longest : word;
	}
	name_w = between(7, name_w, room * 36 / 100);
	rest = room - name_w - 4;
	now_w = rest - between(rest / 2, word, rest * 2 / 3);
	now_w = now_w > 36 ? 36 : now_w;
	sheet_blank(s);
	sheet_put(s, MARGIN, ROLE_DIM, "Setting");
	sheet_put(s, MARGIN + name_w + 1, ROLE_DIM, "Now");
	sheet_put(s, MARGIN + name_w + now_w + 4, ROLE_DIM, "Wanted");
	sheet_next(s);
	for (size_t i = 0; i < v->nsettings; i++)
		put_setting(a, v, &v->settings[i], name_w, now_w, s);
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
		str_add(&text, v->state == STEP_DONE ? "Nothing to do: all is as wanted" :
			"No change is planned");
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
	int x;

	sheet_put(s, MARGIN, ROLE_ACCENT, (char[]){ (char)('0' + v->ops->number), '\0' });
	x = MARGIN + 3 + sheet_put(s, MARGIN + 3, ROLE_TITLE, v->ops->title) + 2;
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
	put_notes(a, v, s);
	if (with_plan)
		put_plan(a, v, s);
	detail_age(a, v->ops->areas, s);
}
