/* Readers of the group of the wanted name, and of the people in it. */
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/str.h"
#include "graph/url.h"

#define GROUP_SELECT "id,displayName,description,groupTypes,securityEnabled,mailEnabled," \
	"isAssignableToRole,isManagementRestricted,membershipRule,onPremisesSyncEnabled," \
	"createdDateTime"

static void take_group(struct group *g, struct arena *a, const struct json *j)
{
	const struct json *types = json_get(j, "groupTypes");

	memset(g, 0, sizeof(*g));
	g->id = text_of(a, j, "id");
	g->display_name = text_of(a, j, "displayName");
	g->description = text_of(a, j, "description");
	g->membership_rule = text_of(a, j, "membershipRule");
	g->security = json_bool(j, "securityEnabled", false);
	g->mail_enabled = json_bool(j, "mailEnabled", false);
	g->dynamic = json_array_has(types, "DynamicMembership");
	g->unified = json_array_has(types, "Unified");
	g->on_premises = json_bool(j, "onPremisesSyncEnabled", false);
	g->role_assignable = json_bool(j, "isAssignableToRole", false);
	g->management_restricted = json_bool(j, "isManagementRestricted", false);
	g->created_ms = time_of(j, "createdDateTime");
}

/* The operator's pick, or the only usable one: names are not unique, and a
 * guess between two would be a rollout to the wrong people (facts graph.md 3.1). */
static void choose_group(struct groups *g, const char *picked)
{
	size_t usable = 0;

	g->chosen = NULL;
	for (size_t i = 0; i < g->n; i++) {
		if (picked && str_same_nocase(g->v[i].id, picked)) {
			g->chosen = &g->v[i];
			return;
		}
		if (group_usable(&g->v[i])) {
			usable++;
			g->chosen = &g->v[i];
		}
	}
	if (usable != 1)
		g->chosen = NULL;
}

enum read_rc read_group(struct facts *f, const struct wanted *w, struct io *io)
{
	struct arena *a = &f->area_arena[AREA_GROUP];
	struct groups *g = &f->groups;
	struct str path = { 0 };
	const struct reply *r;

	str_add(&path, "/v1.0/groups?$filter=displayName%20eq%20");
	url_odata_string(&path, w->group_name);
	str_add(&path, "&$select=" GROUP_SELECT);
	r = io_get(io, str_text(&path), 0);
	if (r)
		g->name = arena_strdup(a, w->group_name);
	if (r && source_note(f, AREA_GROUP, str_text(&path), r)) {
		for (const struct json *j = json_first(json_get(r->json, "value")); j;
		     j = json_next(j)) {
			ARENA_GROW(a, g->v, g->n, g->cap);
			take_group(&g->v[g->n++], a, j);
		}
		choose_group(g, w->group_id);
	}
	str_release(&path);
	return r ? READ_DONE : READ_AGAIN;
}

static bool fold_member(void *acc, const struct json *value)
{
	struct facts *f = acc;
	struct arena *a = &f->area_arena[AREA_MEMBERS];
	struct people *p = &f->members.people;

	for (const struct json *j = json_first(value); j; j = json_next(j)) {
		ARENA_GROW(a, p->v, p->n, p->cap);
		person_from_user(&p->v[p->n++], a, j);
	}
	return true;
}

/* The direct members: who of the people is one, which groups are nested, and
 * what is no person at all. */
static bool fold_direct(void *acc, const struct json *value)
{
	struct facts *f = acc;
	struct members *m = &f->members;
	struct arena *a = &f->area_arena[AREA_MEMBERS];

	for (const struct json *j = json_first(value); j; j = json_next(j)) {
		const char *type = json_string_or(j, "@odata.type", "");
		const struct person *p = people_find(&m->people, json_string(j, "id"));

		if (p) {
			m->people.v[p - m->people.v].direct = true;
		} else if (str_same_nocase(type, "#microsoft.graph.group")) {
			const char **names = arena_alloc(a, (m->nnested + 1) * sizeof(*names));

			if (m->nnested)
				memcpy(names, m->nested, m->nnested * sizeof(*names));
			names[m->nnested++] = arena_strdup(a, json_string_or(j, "displayName",
									     "(no name)"));
			m->nested = names;
		} else if (!str_same_nocase(type, "#microsoft.graph.user")) {
			m->others++;
		}
	}
	return true;
}

/* Why there are no members to read; true when there is a group to ask. */
static bool members_readable(struct facts *f, const struct wanted *w)
{
	if (!facts_read(f, AREA_GROUP)) {
		f->source[AREA_MEMBERS] = f->source[AREA_GROUP];
		return false;
	}
	if (!f->groups.n)
		source_set(f, AREA_MEMBERS, SOURCE_ABSENT, "there is no group %s yet",
			   w->group_name);
	else if (!f->groups.chosen)
		source_set(f, AREA_MEMBERS, SOURCE_SKIPPED,
			   f->groups.n > 1
			   ? "several groups are named %s and none is chosen"
			   : "the group %s cannot be used", w->group_name);
	return f->groups.chosen != NULL;
}

enum read_rc read_members(struct facts *f, const struct wanted *w, struct io *io)
{
	struct arena *a = &f->area_arena[AREA_MEMBERS];
	struct str path = { 0 };
	const struct reply *all, *direct = NULL;
	size_t base;

	if (!members_readable(f, w))
		return READ_DONE;
	str_add(&path, "/v1.0/groups/");
	url_encode(&path, f->groups.chosen->id);
	base = path.len;
	/* The cast needs both $count and ConsistencyLevel (facts graph.md 3.3). */
	str_add(&path, "/transitiveMembers/microsoft.graph.user?$count=true&$top=999"
		       "&$select=" PERSON_SELECT);
	all = io_scan(io, str_text(&path), CALL_EVENTUAL, fold_member, f);
	if (all && !reply_well(all)) {
		source_note(f, AREA_MEMBERS, str_text(&path), all);
		goto out;
	}
	if (!all)
		goto out;
	if (!f->members.people.slots)
		people_index(&f->members.people, a);
	str_truncate(&path, base);
	str_add(&path, "/members?$select=id,displayName&$top=999");
	direct = io_scan(io, str_text(&path), 0, fold_direct, f);
	if (direct)
		source_note(f, AREA_MEMBERS, str_text(&path), direct);
out:
	str_release(&path);
	return f->source[AREA_MEMBERS].state == SOURCE_UNREAD ? READ_AGAIN : READ_DONE;
}
