#include "steps/step.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

#define TEXT_MAX 1024	/* of a note or a reason */

static const struct {
	const char *name, *word;
} state_names[] = {
	[STEP_DONE] = { "done", "done" },
	[STEP_CHANGES] = { "changes", "to apply" },
	[STEP_GUIDED] = { "guided", "to do by hand" },
	[STEP_BLOCKED] = { "blocked", "blocked" },
	[STEP_UNKNOWN] = { "unknown", "cannot tell" },
	[STEP_NOT_APPLICABLE] = { "not-applicable", "not needed" },
};

const char *step_state_name(enum step_state s)
{
	return (size_t)s < COUNT_OF(state_names) ? state_names[s].name : "?";
}

const char *step_state_word(enum step_state s)
{
	return (size_t)s < COUNT_OF(state_names) ? state_names[s].word : "?";
}

const struct step_ops *step_find(const char *id)
{
	for (size_t i = 0; steps[i]; i++)
		if (str_same(steps[i]->id, id))
			return steps[i];
	for (size_t i = 0; steps_registration[i]; i++)
		if (str_same(steps_registration[i]->id, id))
			return steps_registration[i];
	return NULL;
}

void step_view_release(struct step_view *v)
{
	plan_release(&v->plan);
	arena_clear(&v->arena);
	memset(v, 0, sizeof(*v));
}

struct setting *step_setting(struct step_view *v, const char *key, const char *name)
{
	struct setting *s;

	ARENA_GROW(&v->arena, v->settings, v->nsettings, v->settings_cap);
	s = &v->settings[v->nsettings++];
	*s = (struct setting){
		.key = arena_strdup(&v->arena, key),
		.name = arena_strdup(&v->arena, name),
		.current = "?",
		.wanted = "?",
		.how = "",
	};
	return s;
}

void setting_fill(struct step_view *v, struct setting *s, const char *current,
		  const char *wanted, bool matches, enum confidence c, const char *how)
{
	s->current = current ? arena_strdup(&v->arena, current) : "?";
	s->wanted = arena_strdup(&v->arena, wanted);
	s->matches = matches;
	s->confidence = c;
	s->how = how ? arena_strdup(&v->arena, how) : "";
}

void step_note(struct step_view *v, bool warning, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ARENA_GROW(&v->arena, v->notes, v->nnotes, v->notes_cap);
	v->notes[v->nnotes++] = (struct note){
		.warning = warning,
		.text = arena_strdup(&v->arena, text),
	};
}

void step_decide(struct step_view *v, enum step_state state, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	v->state = state;
	v->reason = arena_strdup(&v->arena, text);
}

/* The first area that must be readable and is not; AREA_COUNT when all are. An
 * absent or skipped source is an answer, and the step knows what it means. */
static enum area unreadable(const struct step_ops *ops, const struct facts *f)
{
	for (int i = 0; i < AREA_COUNT; i++) {
		enum source_state s = f->source[i].state;
		bool evidence = ops->evidence & AREA_BIT(i);

		if (!(ops->areas & AREA_BIT(i)))
			continue;
		if (s == SOURCE_UNREAD ||
		    (!evidence && (s == SOURCE_FORBIDDEN || s == SOURCE_FAILED)))
			return (enum area)i;
	}
	return AREA_COUNT;
}

/* What was judged from nothing must not be shown as if it were read. */
static void forget_judgement(struct step_view *v, const char *why)
{
	for (size_t i = 0; i < v->nsettings; i++) {
		struct setting *s = &v->settings[i];

		s->current = "?";
		s->matches = false;
		s->confidence = CONFIDENCE_NONE;
		s->how = why;
	}
	v->nnotes = 0;
	plan_release(&v->plan);
}

enum confidence step_confidence(const struct step_view *v)
{
	enum confidence weakest = CONFIDENCE_PROVED;

	if (v->state == STEP_UNKNOWN)
		return CONFIDENCE_NONE;
	for (size_t i = 0; i < v->nsettings; i++) {
		if (v->settings[i].confidence == CONFIDENCE_CONTRADICTED)
			return CONFIDENCE_CONTRADICTED;
		if (v->settings[i].confidence < weakest)
			weakest = v->settings[i].confidence;
	}
	return weakest;
}

void step_judge(const struct step_ops *ops, const struct facts *f,
		const struct wanted *w, struct step_view *v)
{
	enum area missing = unreadable(ops, f);

	step_view_release(v);
	v->ops = ops;
	ops->judge(f, w, v);
	if (missing != AREA_COUNT) {
		step_decide(v, STEP_UNKNOWN, "%s", facts_why_unknown(f, missing, &v->arena));
		forget_judgement(v, v->reason);
	} else if (!v->reason) {
		v->reason = "";
		if (plan_automatic(&v->plan))
			v->state = STEP_CHANGES;
		else if (v->plan.n)
			v->state = STEP_GUIDED;
		else
			v->state = STEP_DONE;
	}
}
