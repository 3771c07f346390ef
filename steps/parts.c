#include "steps/parts.h"

#include <stdarg.h>
#include <stdio.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/cloud.h"

#define NAMES_SHOWN 5

/* Why members of such a group cannot or must not be written (facts graph.md 3.1,
 * 3.4); NULL when nothing is wrong with it. */
static const char *fault_of(const struct group *g)
{
	if (g->on_premises)
		return "it comes from the on-premises directory, where its members are kept";
	if (g->dynamic)
		return "its membership is dynamic: a rule decides who is in it";
	if (g->unified)
		return "it is a Microsoft 365 group, not a security group";
	if (g->mail_enabled)
		return "it is mail-enabled, and Graph refuses to change its members";
	if (!g->security)
		return "it is not a security group";
	if (g->role_assignable)
		return "it is role-assignable: being in it may carry administrators' rights";
	if (g->management_restricted)
		return "it is in a restricted management administrative unit";
	return NULL;
}

enum group_use group_use(const struct facts *f, const struct wanted *w,
			 const char **ret_why, struct arena *arena)
{
	const struct groups *g = &f->groups;
	const char *fault;

	*ret_why = "";
	if (!g->n)
		return GROUP_MISSING;
	if (!g->chosen && g->n > 1) {
		*ret_why = arena_printf(arena, "%zu groups are named %s: choose the one to use, "
					"or another name", g->n, w->group_name);
		return GROUP_UNDECIDED;
	}
	fault = fault_of(g->chosen ? g->chosen : &g->v[0]);
	if (!fault)
		return GROUP_READY;
	*ret_why = arena_printf(arena, "the group %s cannot be used: %s. Choose another name "
				"(--group NAME), or rename that group", w->group_name, fault);
	return GROUP_UNUSABLE;
}

const char *group_ref(const struct facts *f)
{
	return f->groups.chosen ? f->groups.chosen->id : "{group}";
}

struct change *guided_add(struct step_view *v, const struct facts *f, enum means m,
			  const char *id, const char *place, const char *link,
			  const char *title_fmt, ...)
{
	struct change *c = plan_add(&v->plan, v->ops->id, id, m);
	struct arena *a = &v->plan.arena;
	struct cloud cloud = { 0 };
	struct err err = ERR_INIT;
	char title[256];
	va_list ap;

	va_start(ap, title_fmt);
	vsnprintf(title, sizeof(title), title_fmt, ap);
	va_end(ap);
	c->title = arena_strdup(a, title);
	c->place = arena_strdup(a, place);
	c->undo = "set it back in the same place";
	/* The admin centre of a cloud that has no name of ours is not known. */
	if (link && cloud_by_name(f->cloud, &cloud, &err) == 0) {
		c->link = arena_printf(a, "%s/%s", cloud.admin_centre, link);
		cloud_release(&cloud);
	}
	return c;
}

void guided_attest(struct step_view *v, struct change *c, const char *setting,
		   const char *value)
{
	c->attests = arena_strdup(&v->plan.arena, setting);
	c->attest_value = arena_strdup(&v->plan.arena, value);
}

bool setting_from_evidence(struct step_view *v, const struct facts *f, struct setting *s,
			   const char *judged, const char *wanted)
{
	enum confidence confidence = CONFIDENCE_NONE;
	const char *how = "", *value;
	int64_t time_ms = 0;
	bool matches;

	value = setting_judge(f, judged, &confidence, &how, &time_ms, &v->arena);
	matches = value && confidence != CONFIDENCE_CONTRADICTED && str_same(value, wanted);
	setting_fill(v, s, value, wanted, matches, confidence, how);
	return matches;
}

bool setting_if_wanted(struct step_view *v, const struct facts *f, const char *key,
		       const char *name, const char *wanted)
{
	enum confidence confidence = CONFIDENCE_NONE;
	const char *how = "", *value;
	int64_t time_ms = 0;

	if (wanted)
		return setting_from_evidence(v, f, step_setting(v, key, name), key, wanted);
	value = setting_judge(f, key, &confidence, &how, &time_ms, &v->arena);
	if (value && confidence != CONFIDENCE_CONTRADICTED)
		setting_fill(v, step_setting(v, key, name), value, "left as it is", true,
			     confidence, how);
	return true;
}

struct change *portal_guided(struct step_view *v, const struct facts *f, const char *key,
			     const char *place, const char *link, const char *title,
			     const char *value)
{
	struct change *c = guided_add(v, f, MEANS_GUIDED, key, place, link, "%s", title);

	guided_attest(v, c, key, value);
	return c;
}

/* What the settings are read from; the first whose key the setting's starts with. */
static const struct {
	const char *key;
	enum area area;		/* AREA_COUNT: Microsoft's documents say it */
} sources[] = {
	{ "group.membership", AREA_GROUP },
	{ "group.members", AREA_MEMBERS },
	{ "group.", AREA_GROUP },
	{ "enablement.", AREA_AUDIT },
	{ "methods.required", AREA_AUDIT },
	{ "methods.", AREA_METHODS },
	{ "writeback.", AREA_AUDIT },
	{ "admin.allowed", AREA_AUTHORIZATION },
	{ "admin.", AREA_COUNT },
	{ "registration.migration", AREA_METHODS },
	{ "registration.pass", AREA_METHODS },
	{ "registration.required", AREA_AUDIT },
	{ "registration.days", AREA_AUDIT },
	{ "registration.", AREA_REGISTRATION },
	{ "notifications.", AREA_AUDIT },
};

const char *setting_source(const struct facts *f, const struct setting *s)
{
	enum area area = AREA_AUDIT;
	size_t i = 0;

	if (str_same(s->key, "registration.invited") && s->confidence == CONFIDENCE_NONE)
		return "the journal";
	while (i < COUNT_OF(sources) && !str_starts(s->key, sources[i].key))
		i++;
	if (i < COUNT_OF(sources))
		area = sources[i].area;
	if (area == AREA_COUNT)
		return "Microsoft Entra documentation, concept-sspr-policy";
	if (area == AREA_AUDIT || s->confidence == CONFIDENCE_ATTESTED)
		return setting_request(f, s->key, s->confidence);
	/* There is nobody to read in a group that is not there. */
	if (area == AREA_MEMBERS && !facts_read(f, AREA_MEMBERS))
		area = AREA_GROUP;
	return f->source[area].request ? f->source[area].request : area_name(area);
}

const struct attestation *word_about(const struct facts *f, const char *setting)
{
	const struct attestation *newest = NULL;

	for (size_t i = 0; i < f->attestations.n; i++) {
		const struct attestation *one = &f->attestations.v[i];

		if (str_same(one->setting, setting) &&
		    (!newest || one->time_ms > newest->time_ms))
			newest = one;
	}
	return newest && attestation_stands(newest, f->now_ms) ? newest : NULL;
}

const char *step_person_text(const struct person *p)
{
	if (p->upn && *p->upn)
		return p->upn;
	if (p->display_name && *p->display_name)
		return p->display_name;
	return p->id ? p->id : "?";
}

const char *step_people_text(struct arena *arena, const struct person *const *v, size_t n)
{
	CLEANUP(str_release) struct str text = { 0 };

	for (size_t i = 0; i < n && i < NAMES_SHOWN; i++)
		str_addf(&text, "%s%s", i ? ", " : "", step_person_text(v[i]));
	if (n > NAMES_SHOWN)
		str_addf(&text, " and %zu more", n - NAMES_SHOWN);
	return arena_strdup(arena, str_text(&text));
}

const char *members_text(struct arena *arena, const struct facts *f, const struct wanted *w)
{
	size_t n = f->members.people.n;

	if (!n)
		return arena_printf(arena, "the people in %s (nobody yet)", w->group_name);
	if (n == 1)
		return arena_printf(arena, "the one person in %s", w->group_name);
	return arena_printf(arena, "the %zu people in %s", n, w->group_name);
}
