/* What several areas tell together. Pure, and right to call at any time. */
#include <string.h>

#include "checks/read.h"
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
		p->mfa_capable = row->mfa_capable;
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

/* How many members the policy names in "key"; all of them by "All". */
static size_t members_named(const struct facts *f, const struct json *users, const char *key)
{
	const struct json *ids = json_get(users, key);
	size_t n = 0;

	if (json_array_has(ids, "All"))
		return f->members.people.n ? f->members.people.n : 1;
	for (const struct json *j = json_first(ids); j; j = json_next(j))
		n += people_find(&f->members.people, json_text(j)) != NULL;
	return n;
}

static bool names_group(const struct facts *f, const struct json *users, const char *key)
{
	const struct group *g = f->groups.chosen;

	return g && json_array_has(json_get(users, key), g->id);
}

/*
 * Whether pilot members are in the scope of a policy, as far as it names them:
 * everybody, the group, or one of them. Excluding wins. Other groups were not
 * read: with those alone it is not known; nor with roles, if members have any.
 */
static void see_scope(const struct facts *f, struct access_policy *p, bool admins)
{
	struct err ignored = ERR_INIT;
	struct json *users = json_parse(p->users_json, strlen(p->users_json), &ignored);
	size_t included = members_named(f, users, "includeUsers");
	size_t excluded = members_named(f, users, "excludeUsers");

	if (names_group(f, users, "includeGroups"))
		included += f->members.people.n ? f->members.people.n : 1;
	p->hits_group = included > excluded && !names_group(f, users, "excludeGroups");
	p->hits_unknown = !included && (json_count(json_get(users, "includeGroups")) ||
					(admins && json_count(json_get(users, "includeRoles"))));
	json_free(users);
}

static bool has_admins(const struct people *people)
{
	for (size_t i = 0; i < people->n; i++)
		if (people->v[i].admin == TRI_YES)
			return true;
	return false;
}

void facts_attach(struct facts *f)
{
	bool admins;

	if (facts_read(f, AREA_REGISTRATION)) {
		attach_rows(&f->registration.kept, &f->members.people);
		attach_rows(&f->registration.kept, &f->wanted_people.people);
		count_group(&f->registration, &f->members.people);
	}
	admins = has_admins(&f->members.people);
	for (size_t i = 0; i < f->access.n; i++)
		if (f->access.v[i].users_json)
			see_scope(f, &f->access.v[i], admins);
	for (size_t i = 0; i < f->access.nall; i++)
		if (f->access.all[i].users_json)
			see_scope(f, &f->access.all[i], admins);
}
