/* Who may reset: None, Selected or All, triangulated from what can be read
 * (facts portal-api.md 5.6), because no API tells it. */
#include "checks/settings.h"

#include <string.h>

#include "checks/check.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

const char *scope_name(enum scope s)
{
	static const char *const names[] = {
		[SCOPE_UNKNOWN] = "cannot tell",
		[SCOPE_NONE] = "None",
		[SCOPE_SELECTED] = "Selected",
		[SCOPE_ALL] = "All",
	};

	return (size_t)s < COUNT_OF(names) ? names[s] : names[SCOPE_UNKNOWN];
}

enum scope scope_of_text(const char *text)
{
	static const struct {
		const char *text;
		enum scope scope;
	} words[] = {
		/* enablementType is a number on the wire (portal-api.md 1.2). */
		{ "0", SCOPE_NONE }, { "None", SCOPE_NONE }, { "Off", SCOPE_NONE },
		{ "1", SCOPE_SELECTED }, { "Selected", SCOPE_SELECTED },
		{ "2", SCOPE_ALL }, { "All", SCOPE_ALL },
	};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_same_nocase(text, words[i].text))
			return words[i].scope;
	return SCOPE_UNKNOWN;
}

/* "Selected" for a known scope, NULL for an unknown one. */
static const char *value_of(enum scope s)
{
	return s == SCOPE_UNKNOWN ? NULL : scope_name(s);
}

/*
 * What the report's rows of people who are no administrators say. Two pictures
 * have two readings and say nothing: everybody is in the group and enabled
 * (Selected or All), and nobody is enabled while the group has nobody in it
 * (None, or Selected with an empty group).
 */
static void hear_rows(const struct facts *f, struct voices *all, struct arena *arena)
{
	const struct registration *r = &f->registration;
	bool members = facts_read(f, AREA_MEMBERS);
	size_t in_group = r->enabled_in_group + r->not_enabled_in_group;
	const char *text = NULL;
	enum scope s = SCOPE_UNKNOWN;

	if (!r->members_total)
		return;
	if (!r->enabled_total) {
		if (members && !in_group)
			return;
		s = SCOPE_NONE;
		text = arena_printf(arena, "the report enables none of %zu people",
				    r->members_total);
	} else if (r->enabled_total == r->members_total) {
		if (members && in_group == r->members_total)
			return;
		s = SCOPE_ALL;
		text = arena_printf(arena, "the report enables all %zu people, %zu of them "
				    "outside the group", r->members_total, r->enabled_outside);
	} else {
		s = SCOPE_SELECTED;
		text = members
		       ? arena_printf(arena, "the report enables %zu of %zu people in the "
				      "group and %zu outside it", r->enabled_in_group,
				      in_group, r->enabled_outside)
		       : arena_printf(arena, "the report enables %zu of %zu people",
				      r->enabled_total, r->members_total);
	}
	voice_add(all, VOICE_REPORT, value_of(s), r->oldest_row_ms, text);
}

/*
 * Whether a bare count has two readings beside the group: it holds everybody, or
 * nobody (Selected looks like All or None), or it holds more people than are
 * counted, so that these may be administrators alone.
 */
static bool group_blurs(const struct facts *f, size_t enabled, size_t total)
{
	size_t n = f->members.people.n;

	if (!facts_read(f, AREA_MEMBERS))
		return false;
	return enabled >= total ? n >= total : enabled ? n > enabled : n == 0;
}

/* The same from usersRegisteredByFeature, when there are no rows to count, or
 * as a second opinion where the picture has one reading. */
static void hear_counts(const struct facts *f, struct voices *all, bool rows_spoke,
			struct arena *arena)
{
	const struct registration *r = &f->registration;
	enum scope s = SCOPE_SELECTED;

	if (!r->have_counts || !r->count_total)
		return;
	if (!r->count_enabled)
		s = SCOPE_NONE;
	else if (r->count_enabled >= r->count_total)
		s = SCOPE_ALL;
	/* Alone it cannot tell an empty group from None, nor a group of
	 * everybody from All: only the rows can. */
	if (r->members_total && s != SCOPE_SELECTED && !rows_spoke)
		return;
	if (!r->members_total && group_blurs(f, r->count_enabled, r->count_total))
		return;
	voice_add(all, VOICE_REPORT, value_of(s), r->oldest_row_ms,
		  arena_printf(arena, "the feature counts enable %zu of %zu people",
			       r->count_enabled, r->count_total));
}

/* Secure Score counts everybody and is a day old: it only speaks where the
 * report is silent (facts portal-api.md 5.4). */
static void hear_score(const struct facts *f, struct voices *all, struct arena *arena)
{
	const struct score *score = &f->score;
	enum scope s = SCOPE_SELECTED;

	if (!facts_read(f, AREA_SCORE) || score->total <= 0 || score->count < 0)
		return;
	if (f->registration.members_total || f->registration.have_counts)
		return;
	if (group_blurs(f, (size_t)score->count, (size_t)score->total))
		return;
	if (score->count == 0)
		s = SCOPE_NONE;
	else if (score->count >= score->total)
		s = SCOPE_ALL;
	voice_add(all, VOICE_REPORT, value_of(s), score->synced_ms,
		  arena_printf(arena, "Secure Score counts %d of %d people, administrators "
			       "among them", score->count, score->total));
}

/* Everybody whom the recommendation counts, administrators too; 0 = not known. */
static size_t everybody(const struct facts *f)
{
	if (facts_read(f, AREA_SCORE) && f->score.total > 0)
		return (size_t)f->score.total;
	if (!facts_read(f, AREA_REGISTRATION) || !facts_read(f, AREA_ADMINS))
		return 0;
	return f->registration.members_total + f->admins.people.n;
}

/*
 * The scope that the recommendation tells of. Its prose is not parsed. What a person
 * dismissed or called done says nothing; and a part of the people has one reading only
 * where one knows how many that is.
 */
static enum scope recommended_scope(const struct facts *f)
{
	const struct recommendation *one = &f->recommendation;
	bool done = str_same_nocase(one->status, "completedBySystem");
	size_t total = everybody(f), enabled = total;

	if (!done && (!str_same_nocase(one->status, "active") || one->score < 0 ||
		      one->max_score <= 0 || one->score >= one->max_score))
		return SCOPE_UNKNOWN;
	if (!done)
		enabled = (size_t)((double)total * one->score / one->max_score + 0.5);
	if (!done && one->score == 0)
		return group_blurs(f, 0, 1) ? SCOPE_UNKNOWN : SCOPE_NONE;
	if (!total || group_blurs(f, enabled, total))
		return SCOPE_UNKNOWN;
	return done ? SCOPE_ALL : SCOPE_SELECTED;
}

/* A day old: a report that is newer and says otherwise has seen a later change. */
static void hear_recommendation(const struct facts *f, struct voices *all, struct arena *arena)
{
	const struct recommendation *one = &f->recommendation;
	const char *value = value_of(recommended_scope(f));

	if (!value || !one->checked_ms)
		return;
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].kind == VOICE_REPORT && all->v[i].time_ms > one->checked_ms &&
		    !str_same(all->v[i].value, value))
			return;
	voice_add(all, VOICE_REPORT, value, one->checked_ms,
		  str_same_nocase(one->status, "active")
		  ? arena_printf(arena, "Entra's recommendation scores %.10g of %.10g for people "
				 "who may reset", one->score, one->max_score)
		  : "Entra's recommendation is completed: everybody may reset");
}

void hear_scope_report(const struct facts *f, struct voices *all, struct arena *arena)
{
	size_t before = all->n;

	if (!facts_read(f, AREA_REGISTRATION))
		return;
	hear_rows(f, all, arena);
	hear_counts(f, all, all->n > before, arena);
}

const char *scope_value(const struct facts *f, enum confidence *ret_confidence,
			const char **ret_how, int64_t *ret_time_ms, struct arena *arena)
{
	struct voices all = { .n = 0 };
	const char *value;

	if (facts_read(f, AREA_AUDIT))
		hear_event(&all, &f->audit.scope,
			   value_of(scope_of_text(f->audit.scope.new_value)), arena);
	hear_scope_report(f, &all, arena);
	hear_score(f, &all, arena);
	if (facts_read(f, AREA_RECOMMENDATION))
		hear_recommendation(f, &all, arena);
	hear_word(f, "scope", &all, arena);
	value = voices_judge(&all, f->now_ms, ret_confidence, ret_how, ret_time_ms, arena);
	if (value || *ret_confidence != CONFIDENCE_NONE)
		return value;
	if (f->registration.have_counts || (facts_read(f, AREA_SCORE) && f->score.total > 0))
		*ret_how = "Only counts can be read, and beside this group they have two readings.";
	if (f->registration.members_total)
		*ret_how = f->registration.enabled_total
			   ? "Everybody is in the group and enabled: Selected and All look "
			     "the same."
			   : "Nobody is enabled and the group has nobody in the report: None "
			     "and Selected look the same.";
	return value;
}

enum scope scope_judge(const struct facts *f, const struct wanted *w,
		       enum confidence *ret_confidence, const char **ret_how,
		       struct arena *arena)
{
	int64_t time_ms;

	(void)w;
	return scope_of_text(setting_judge(f, "scope", ret_confidence, ret_how, &time_ms,
					   arena));
}

enum tri scope_is_our_group(const struct facts *f, const struct wanted *w)
{
	const struct registration *r = &f->registration;
	const struct policy_value *group = &f->audit.scope_group;
	struct arena scratch = { 0 };
	enum confidence confidence;
	const char *how;
	enum scope s = scope_judge(f, w, &confidence, &how, &scratch);

	arena_clear(&scratch);
	if (s != SCOPE_SELECTED || !f->groups.chosen)
		return TRI_UNKNOWN;
	if (facts_read(f, AREA_PORTAL) && f->portal.group_id)
		return str_same_nocase(f->portal.group_id, f->groups.chosen->id) ? TRI_YES
										 : TRI_NO;
	if (facts_read(f, AREA_AUDIT) && group->time_ms && group->new_value &&
	    group->new_value[0])
		return str_find_nocase(group->new_value, f->groups.chosen->id) ? TRI_YES
									       : TRI_NO;
	if (!facts_read(f, AREA_REGISTRATION) || !facts_read(f, AREA_MEMBERS))
		return TRI_UNKNOWN;
	if (r->enabled_in_group && !r->enabled_outside)
		return TRI_YES;
	if (r->enabled_outside && !r->enabled_in_group && r->not_enabled_in_group)
		return TRI_NO;
	return TRI_UNKNOWN;
}
