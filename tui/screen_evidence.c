/* How we know: the sources of a finding or of a step's settings, with ages. */
#include <stdio.h>

#include "graph/base/str.h"
#include "tui/model.h"

#define WIDTH 92

void evidence_of_finding(struct app *a, const char *id)
{
	a->evidence = (struct shown_evidence){ .step = 0 };
	snprintf(a->evidence.finding, sizeof(a->evidence.finding), "%s", id);
	app_push(a, &screen_evidence);
}

void evidence_of_step(struct app *a, unsigned number)
{
	a->evidence = (struct shown_evidence){ .step = number };
	app_push(a, &screen_evidence);
}

static const char *source_word(enum source_state state)
{
	static const char *const words[] = {
		[SOURCE_UNREAD] = "not read",
		[SOURCE_READ] = "read",
		[SOURCE_FORBIDDEN] = "not allowed",
		[SOURCE_ABSENT] = "this tenant has none",
		[SOURCE_FAILED] = "failed",
		[SOURCE_SKIPPED] = "left out",
	};

	return words[state];
}

static void put_source(const struct app *a, enum area area, struct sheet *s)
{
	const struct source *src = &a->session.facts.source[area];
	CLEANUP(str_release) struct str text = { 0 };
	bool well = src->state == SOURCE_READ || src->state == SOURCE_ABSENT ||
		    src->state == SOURCE_SKIPPED;

	str_addf(&text, "%s: %s", area_name(area), source_word(src->state));
	if (src->observed_ms && src->state != SOURCE_ABSENT) {
		str_add(&text, " ");
		ago_text(a->now_ms, src->observed_ms, &text);
	}
	sheet_item(s, 1, well ? ROLE_DIM : ROLE_WARN,
		   glyph(well ? GLYPH_DOT : GLYPH_UNKNOWN, a->ascii), ROLE_TEXT, str_text(&text));
	if (src->request)
		sheet_text(s, 3, ROLE_DIM, src->request);
	if (src->err.kind == ERR_NONE)
		return;
	sheet_text(s, 3, ROLE_TEXT, src->err.msg);
	sheet_text(s, 3, ROLE_TEXT, src->err.todo);
	if (*src->err.request_id) {
		str_clear(&text);
		str_addf(&text, "Request id %s", src->err.request_id);
		sheet_text(s, 3, ROLE_DIM, str_text(&text));
	}
}

static void put_step(const struct app *a, const struct step_view *v, struct sheet *s)
{
	sheet_linef(s, 1, ROLE_TITLE, "%u of %d  %s", v->ops->number, STEPS_COUNT,
		    v->ops->title);
	for (size_t i = 0; i < v->nsettings; i++) {
		const struct setting *set = &v->settings[i];
		CLEANUP(str_release) struct str text = { 0 };

		str_addf(&text, "%s: %s (%s)", set->name,
			 str_same(set->current, "?") ? "not known" : set->current,
			 confidence_name(set->confidence));
		sheet_item(s, 1, ROLE_DIM, glyph(GLYPH_DOT, a->ascii), ROLE_TEXT,
			   str_text(&text));
		if (*set->how)
			sheet_text(s, 3, ROLE_DIM, set->how);
	}
	sheet_blank(s);
	sheet_line(s, 1, ROLE_TITLE, "Where it comes from");
	for (unsigned i = 0; i < AREA_COUNT; i++)
		if (v->ops->areas & AREA_BIT(i))
			put_source(a, (enum area)i, s);
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct step_view *v = a->evidence.step ?
				    &a->session.views[a->evidence.step - 1] : NULL;

	sheet_init(s, columns, a->ascii);
	if (v && v->ops)
		put_step(a, v, s);
	else if (!v)
		detail_finding(a, a->evidence.finding, true, s);
}

static int inner_width(const struct app *a)
{
	return (WIDTH < a->w - 4 ? WIDTH : a->w - 4) - 4;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct sheet s;

	fill(a, inner_width(a), &s);
	r = overlay_box(g, r, WIDTH, s.y + 2, "How we know");
	sheet_show(&s, g, r, a->evidence.scroll);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_EVIDENCE;
}

static const char *link_of(const struct app *a)
{
	const struct finding *f = findings_find(&a->session.findings, a->evidence.finding);

	return f && *f->link ? f->link : NULL;
}

static bool can(const struct app *a, enum action act)
{
	return act == ACT_COPY ? link_of(a) != NULL : act != ACT_OPEN;
}

static bool action(struct app *a, enum action act)
{
	struct sheet s;
	bool done;

	if (act == ACT_COPY) {
		app_copy(a, link_of(a), "the link");
		return true;
	}
	fill(a, inner_width(a), &s);
	done = scroll_by(&a->evidence.scroll, s.y, app_body(a).h - 2, act);
	sheet_release(&s);
	return done;
}

const struct screen_ops screen_evidence = {
	.name = "evidence",
	.title = "Evidence",
	.overlay = true,
	.context = context,
	.view = view,
	.action = action,
	.can = can,
};
