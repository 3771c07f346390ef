/* What several areas tell together. Pure, and right to call at any time. */
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/str.h"

/* Copies what the report says of a person. */
static void attach_rows(const struct people *kept, struct people *people)
{
	for (size_t i = 0; i < people->n; i++) {
		struct person *p = &people->v[i];
		const struct person *row = people_find(kept, p->id);

		if (!row)
			continue;
		p->row_ms = row->row_ms;
		p->admin = row->admin;
		p->sspr_registered = row->sspr_registered;
		p->sspr_enabled = row->sspr_enabled;
		p->sspr_capable = row->sspr_capable;
		p->mfa_registered = row->mfa_registered;
		p->methods = row->methods;
		p->nmethods = row->nmethods;
	}
}

/* Splits the report's people into those of the group and the others. */
static void count_group(struct registration *r, const struct people *members)
{
	size_t not_enabled = r->members_total - r->enabled_total;

	r->enabled_in_group = r->not_enabled_in_group = 0;
	for (size_t i = 0; i < members->n; i++) {
		const struct person *p = &members->v[i];

		if (!p->row_ms || p->admin == TRI_YES || p->type == USER_GUEST)
			continue;
		if (p->sspr_enabled == TRI_YES)
			r->enabled_in_group++;
		else
			r->not_enabled_in_group++;
	}
	r->enabled_outside = r->enabled_total > r->enabled_in_group
			     ? r->enabled_total - r->enabled_in_group : 0;
	r->not_enabled_outside = not_enabled > r->not_enabled_in_group
				 ? not_enabled - r->not_enabled_in_group : 0;
}

static bool names_member(const struct json *ids, const struct people *members)
{
	for (const struct json *j = json_first(ids); j; j = json_next(j))
		if (people_find(members, json_text(j)))
			return true;
	return false;
}

/* Whether pilot members are in the scope of a policy, as far as it names them:
 * everybody, the group, or one of them. Excluding wins. */
static bool hits_group(const struct facts *f, const struct access_policy *p)
{
	const struct group *g = f->groups.chosen;
	struct err ignored = ERR_INIT;
	struct json *users = json_parse(p->users_json, strlen(p->users_json), &ignored);
	const struct json *include = json_get(users, "includeUsers");
	bool all = json_array_has(include, "All");
	bool ret = all || names_member(include, &f->members.people) ||
		   (g && json_array_has(json_get(users, "includeGroups"), g->id));

	if (g && json_array_has(json_get(users, "excludeGroups"), g->id))
		ret = false;
	json_free(users);
	return ret;
}

void facts_attach(struct facts *f)
{
	if (facts_read(f, AREA_REGISTRATION)) {
		attach_rows(&f->registration.kept, &f->members.people);
		attach_rows(&f->registration.kept, &f->wanted_people.people);
		count_group(&f->registration, &f->members.people);
	}
	for (size_t i = 0; i < f->access.n; i++)
		if (f->access.v[i].users_json)
			f->access.v[i].hits_group = hits_group(f, &f->access.v[i]);
}
