#include "steps/plan_json.h"

#include "graph/base/utf8.h"

/* A name or a value longer than this does not widen the table for all others. */
#define NAME_WIDEST 44
#define VALUE_WIDEST 22

static const char *state_sign(enum step_state s, bool ascii)
{
	switch (s) {
	case STEP_DONE:
		return ascii ? "+" : "✓";
	case STEP_CHANGES:
		return ascii ? "*" : "∆";
	case STEP_GUIDED:
		return ascii ? ">" : "☞";
	case STEP_BLOCKED:
		return ascii ? "x" : "✗";
	case STEP_UNKNOWN:
		return "?";
	case STEP_NOT_APPLICABLE:
		break;
	}
	return ascii ? "-" : "·";
}

static void put_wrapped(struct str *out, int indent, const char *first, const char *text,
			int columns)
{
	int lead = utf8_width(first), room = columns - indent - lead;
	size_t next;

	for (bool at_first = true; *text; at_first = false) {
		size_t n = utf8_wrap(text, room > 20 ? room : 20, &next);

		str_addf(out, "%*s", indent, "");
		if (at_first)
			str_add(out, first);
		else
			str_addf(out, "%*s", lead, "");
		str_add_bytes(out, text, n);
		str_add_char(out, '\n');
		text += next;
	}
}

static int widest(int a, const char *text, int limit)
{
	int w = utf8_width(text);

	return w > limit || w < a ? a : w;
}

static void pad(struct str *out, const char *text, int columns)
{
	int w = utf8_width(text);

	str_addf(out, "%s%*s", text, w < columns ? columns - w : 0, "");
}

/* A table of name, current and wanted; nothing is cut, what is too long for a
 * line goes on below it. */
static void put_settings(struct str *out, const struct step_view *v, int columns, bool ascii)
{
	int names = 0, values = 0;

	for (size_t i = 0; i < v->nsettings; i++) {
		names = widest(names, v->settings[i].name, NAME_WIDEST);
		values = widest(values, v->settings[i].current, VALUE_WIDEST);
	}
	for (size_t i = 0; i < v->nsettings; i++) {
		const struct setting *one = &v->settings[i];
		CLEANUP(str_release) struct str line = { 0 }, rest = { 0 };

		pad(&line, one->name, names);
		str_add(&line, "  ");
		pad(&rest, one->current, values);
		str_addf(&rest, " %s %s", one->matches ? (ascii ? "=" : "✓") : (ascii ? ">" : "→"),
			 one->wanted);
		if (one->confidence != CONFIDENCE_PROVED && one->confidence != CONFIDENCE_NONE)
			str_addf(&rest, "  [%s]", confidence_name(one->confidence));
		str_addf(out, "     %s", str_text(&line));
		if (5 + utf8_width(str_text(&line)) + utf8_width(str_text(&rest)) > columns)
			str_addf(out, "\n       ");
		str_addf(out, "%s\n", str_text(&rest));
	}
}

static void put_change(struct str *out, const struct change *c, int columns, bool ascii)
{
	bool automatic = c->means == MEANS_GRAPH || c->means == MEANS_PORTAL;

	put_wrapped(out, 5, automatic ? "+ " : ascii ? "> " : "☞ ", c->title, columns);
	if (c->detail && *c->detail)
		put_wrapped(out, 7, "", c->detail, columns);
	if (automatic) {
		str_addf(out, "       %s: %s %s\n", means_name(c->means), c->method, c->url);
		put_wrapped(out, 7, "undo: ", c->undo, columns);
		return;
	}
	if (c->place && *c->place)
		put_wrapped(out, 7, "in ", c->place, columns);
	if (c->link && *c->link)
		str_addf(out, "       %s\n", c->link);
	for (size_t i = 0; i < c->ninstructions; i++)
		put_wrapped(out, 7, "- ", c->instructions[i], columns);
}

static void put_step(struct str *out, const struct step_view *v, int columns, bool ascii)
{
	str_addf(out, "\n%s %u  %s: %s\n", state_sign(v->state, ascii), v->ops->number,
		 v->ops->title, step_state_name(v->state));
	if (v->reason && *v->reason)
		put_wrapped(out, 5, "", v->reason, columns);
	put_settings(out, v, columns, ascii);
	for (size_t i = 0; i < v->nnotes; i++)
		put_wrapped(out, 5, v->notes[i].warning ? "! " : "  ", v->notes[i].text, columns);
	for (size_t i = 0; i < v->plan.n; i++)
		put_change(out, &v->plan.v[i], columns, ascii);
}

static void put_tenant(struct str *out, const struct session *s)
{
	const struct organization *org = &s->facts.organization;

	str_add(out, org->display_name ? org->display_name : "The tenant");
	if (org->default_domain)
		str_addf(out, " (%s)", org->default_domain);
}

void plan_text(const struct session *s, int columns, bool ascii, struct str *out)
{
	size_t automatic = 0, guided = 0;

	for (size_t i = 0; i < STEPS_COUNT; i++) {
		automatic += plan_automatic(&s->views[i].plan);
		guided += plan_guided(&s->views[i].plan);
	}
	str_add(out, "Plan for ");
	put_tenant(out, s);
	if (automatic + guided)
		str_addf(out, ": %zu %s, %zu to do by hand.\n", automatic,
			 automatic == 1 ? "change" : "changes", guided);
	else
		str_add(out, ": nothing to change.\n");
	for (size_t i = 0; i < STEPS_COUNT; i++)
		if (s->views[i].ops)
			put_step(out, &s->views[i], columns, ascii);
}

size_t plan_left_text(const struct session *s, int columns, bool ascii, struct str *out)
{
	size_t left = 0;

	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct plan *p = &s->views[i].plan;

		for (size_t k = 0; k < p->n; k++) {
			if (p->v[k].means == MEANS_GRAPH || p->v[k].means == MEANS_PORTAL)
				continue;
			if (!left++)
				str_add(out, "Left for you to do:\n");
			put_change(out, &p->v[k], columns, ascii);
		}
	}
	return left;
}
