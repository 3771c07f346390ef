#ifndef TESTS_UNIT_JUDGED_STEP_H
#define TESTS_UNIT_JUDGED_STEP_H

#include "tests/unit/healthy_facts.h"
#include "steps/step.h"

/* The healthy tenant, its wanted values, and one step judged from them. */
struct judged {
	struct facts f;
	struct wanted w;
	struct step_view v;
};

static inline void judged_open(struct judged *j)
{
	memset(j, 0, sizeof(*j));
	healthy_facts(&j->f);
	wanted_runbook(&j->w);
}

static inline void judged_run(struct judged *j, const char *step)
{
	step_judge(step_find(step), &j->f, &j->w, &j->v);
}

static inline void judged_close(struct judged *j)
{
	step_view_release(&j->v);
	facts_release(&j->f);
}

static inline const struct setting *judged_setting(const struct judged *j, const char *key)
{
	for (size_t i = 0; i < j->v.nsettings; i++)
		if (str_same(j->v.settings[i].key, key))
			return &j->v.settings[i];
	fail_msg("there is no setting %s", key);
	return NULL;
}

static inline void assert_setting(const struct judged *j, const char *key, const char *current,
				  bool matches)
{
	const struct setting *s = judged_setting(j, key);

	assert_string_equal(s->current, current);
	assert_int_equal(s->matches, matches);
}

static inline const struct change *judged_change(const struct judged *j, const char *id)
{
	for (size_t i = 0; i < j->v.plan.n; i++)
		if (str_same(j->v.plan.v[i].id, id))
			return &j->v.plan.v[i];
	return NULL;
}

static inline void assert_json_text(const struct json *j, const char *text)
{
	struct str out = { 0 };

	json_print(j, &out);
	assert_string_equal(str_text(&out), text);
	str_release(&out);
}

static inline bool judged_says(const struct judged *j, const char *part, bool warning)
{
	for (size_t i = 0; i < j->v.nnotes; i++)
		if (strstr(j->v.notes[i].text, part) && j->v.notes[i].warning == warning)
			return true;
	return false;
}

#endif
