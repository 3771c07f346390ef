#include "graph/tenant/groups.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

const char *const group_roles[] = {
	"Groups Administrator", "User Administrator", "Directory Writers",
	"Identity Governance Administrator", "Intune Administrator", NULL,
};

static bool bad(struct tenant_response *r, const char *message)
{
	answer_error(r, 400, "Request_BadRequest", message);
	return false;
}

bool group_may_write(struct tenant *t, const struct tenant_call *c, const struct json *group,
		     bool members, struct tenant_response *r)
{
	const struct json *types = json_get(group, "groupTypes");
	const char *me = json_string(tenant_admin(t), "id");

	(void)c;
	if (members && !require_scope(t, r, SCOPES("GroupMember.ReadWrite.All",
						   "Group.ReadWrite.All",
						   "Directory.ReadWrite.All")))
		return false;
	if (!json_array_has(json_get(group, "_owners"), me) && !require_role(t, r, group_roles))
		return false;
	if (json_bool(group, "isManagementRestricted", false)) {
		answer_error(r, 403, "Authorization_RequestDenied",
			     "Insufficient privileges to complete the operation. The target "
			     "object is a member of a restricted management administrative unit "
			     "and can only be modified by administrators of that unit.");
		return false;
	}
	if (json_bool(group, "isAssignableToRole", false) &&
	    !(require_scope(t, r, SCOPES("RoleManagement.ReadWrite.Directory")) &&
	      require_role(t, r, SCOPES("Privileged Role Administrator"))))
		return false;
	if (json_bool(group, "onPremisesSyncEnabled", false))
		return bad(r, "Unable to update the specified properties for on-premises mastered "
			      "Directory Sync objects or objects currently undergoing migration.");
	if (json_bool(group, "mailEnabled", false) && !json_array_has(types, "Unified"))
		return bad(r, "Cannot Update a mail-enabled security groups and or distribution "
			      "list.");
	if (members && json_array_has(types, "DynamicMembership"))
		return bad(r, "The membership of a dynamic group cannot be updated.");
	if (members && replication_is_new(t, json_string_or(group, "id", "")))
		return bad(r, "The source resource object or one of the objects being referenced "
			      "do not exist.");
	return true;
}

/* The object id of "https://HOST/VERSION/directoryObjects/{id}", or NULL. The
 * host must be the one that was asked. */
static const char *bind_id(const struct tenant_call *c, const char *url)
{
	static const char kinds[][24] = { "directoryObjects", "users", "groups", "devices",
					  "servicePrincipals" };
	size_t n = strlen(c->base);

	if (!url || strncmp(url, c->base, n) != 0)
		return NULL;
	url += n;
	if (!str_starts(url, "/v1.0/") && !str_starts(url, "/beta/"))
		return NULL;
	url += 6;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		n = strlen(kinds[i]);
		if (!strncmp(url, kinds[i], n) && url[n] == '/' && is_guid(url + n + 1))
			return url + n + 1;
	}
	return NULL;
}

static bool can_be_member(struct tenant *t, const char *id, const struct json *group,
			  struct tenant_response *r)
{
	struct odata_item item;
	bool ok;

	if (!object_find(t, id, &item)) {
		answer_missing(r, id);
		return false;
	}
	ok = !str_same(item.type, "directoryRole");
	json_free(item.made);
	if (!ok)
		return bad(r, "The type of the reference is not valid for this relationship.");
	if (group && str_same_nocase(id, json_string(group, "id")))
		return bad(r, "A group cannot be a member of itself.");
	if (group && json_array_has(json_get(group, "_members"), id))
		return bad(r, "One or more added object references already exist for the "
			      "following modified properties: 'members'.");
	return true;
}

bool binds_check(struct tenant *t, const struct tenant_call *c, const struct json *binds,
		 const struct json *group, struct tenant_response *r)
{
	const struct json *j, *k;

	if (binds && !json_is(binds, JSON_ARRAY))
		return bad(r, "Invalid URL format specified in payload.");
	for (j = json_first(binds); j; j = json_next(j)) {
		const char *id = bind_id(c, json_text(j));

		if (!id)
			return bad(r, "Invalid URL format specified in payload.");
		if (!can_be_member(t, id, group, r))
			return false;
		for (k = json_first(binds); k != j; k = json_next(k))
			if (str_same_nocase(bind_id(c, json_text(k)), id))
				return bad(r, "One or more added object references already exist "
					      "for the following modified properties: 'members'.");
	}
	return true;
}

/* One event: the person first, then the group. */
static void member_event(struct tenant *t, const char *activity, const struct json *group,
			 const char *id)
{
	struct odata_item item;
	const char *name = NULL, *type = "Other";
	struct json *event, *second;

	if (object_find(t, id, &item)) {
		name = json_string(item.object, str_same(item.type, "user") ? "userPrincipalName"
									    : "displayName");
		type = str_same(item.type, "user") ? "User" :
		       str_same(item.type, "group") ? "Group" :
		       str_same(item.type, "device") ? "Device" : "ServicePrincipal";
	}
	event = audit_event(t, "Core Directory", "GroupManagement", activity, type, id, name);
	second = audit_event(t, "Core Directory", "GroupManagement", activity, "Group",
			     json_string(group, "id"), json_string(group, "displayName"));
	json_append(json_get_mutable(event, "targetResources"),
		    json_clone(json_first(json_get(second, "targetResources"))));
	json_free(second);
	json_free(item.made);
	audit_add(t, event);
}

void binds_add(struct tenant *t, const struct tenant_call *c, struct json *group,
	       const struct json *binds, const char *relation)
{
	bool members = str_same(relation, "_members");
	struct json *list = json_get_mutable(group, relation);
	struct odata_item item;

	if (!list)
		list = json_add_array(group, relation);
	for (const struct json *j = json_first(binds); j; j = json_next(j)) {
		const char *asked = bind_id(c, json_text(j)), *id;

		/* The id as the directory writes it. */
		id = object_find(t, asked, &item) ? json_string(item.object, "id") : asked;
		json_append_string(list, id);
		member_event(t, members ? "Add member to group" : "Add owner to group", group, id);
		if (members)
			replication_member(t, json_string(group, "id"), id, true);
		json_free(item.made);
	}
}

static void add_one(struct tenant *t, const struct tenant_call *c, struct json *group,
		    struct tenant_response *r)
{
	bool members = str_same_nocase(c->segments[3], "members");
	const char *url = json_string(c->body, "@odata.id");
	struct json *binds;

	if (!group_may_write(t, c, group, true, r))
		return;
	if (!c->body) {
		answer_error(r, 400, "BadRequest", "Empty Payload. JSON content expected.");
		return;
	}
	if (!url) {
		bad(r, "Invalid URL format specified in payload.");
		return;
	}
	binds = json_new_array();
	json_append_string(binds, url);
	if (binds_check(t, c, binds, members ? group : NULL, r)) {
		binds_add(t, c, group, binds, members ? "_members" : "_owners");
		answer_empty(r, 204);
	}
	json_free(binds);
}

static void remove_one(struct tenant *t, const struct tenant_call *c, struct json *group,
		       struct tenant_response *r)
{
	bool members = str_same_nocase(c->segments[3], "members");
	struct json *list = json_get_mutable(group, members ? "_members" : "_owners"), *j;
	char *id;

	if (!group_may_write(t, c, group, true, r))
		return;
	for (j = json_first_mutable(list); j; j = json_next_mutable(j))
		if (str_same_nocase(json_text(j), c->segments[4]))
			break;
	if (!j) {
		answer_missing(r, c->segments[4]);
		return;
	}
	id = xstrdup(json_text(j));
	json_remove_child(list, j);
	member_event(t, members ? "Remove member from group" : "Remove owner from group", group, id);
	if (members)
		replication_member(t, json_string(group, "id"), id, false);
	free(id);
	answer_empty(r, 204);
}

/* DELETE members/{id} without /$ref names the object itself: Graph deletes
 * the person (facts graph.md 3.4). The tenant does so too, with no further
 * scope asked, so that a client that forgets it is found out. */
static void delete_member_itself(struct tenant *t, const struct tenant_call *c,
				 const struct json *group, struct tenant_response *r)
{
	const char *type = NULL;
	struct json *object = index_find(t, c->segments[4], &type);

	if (!group_may_write(t, c, group, true, r))
		return;
	if (!object || !json_array_has(json_get(group, "_members"), json_string(object, "id"))) {
		answer_missing(r, c->segments[4]);
		return;
	}
	object_delete(t, str_same(type, "user") ? "users" : str_same(type, "group") ? "groups" :
		      str_same(type, "device") ? "devices" : "servicePrincipals", object);
	answer_empty(r, 204);
}

/* Ids that were seen: open addressing over borrowed texts. */
struct id_set {
	const char **v;
	size_t n, size;
};

static bool id_set_add(struct id_set *s, const char *id)
{
	size_t i = 5381;

	if (2 * s->n >= s->size) {
		struct id_set bigger = { .size = s->size ? 2 * s->size : 256 };

		bigger.v = xcalloc(bigger.size, sizeof(*bigger.v));
		for (size_t k = 0; k < s->size; k++)
			if (s->v[k])
				id_set_add(&bigger, s->v[k]);
		free(s->v);
		*s = bigger;
	}
	for (const char *p = id; *p; p++)
		i = i * 33 + (unsigned char)*p;
	for (i &= s->size - 1; s->v[i]; i = (i + 1) & (s->size - 1))
		if (str_same(s->v[i], id))
			return false;
	s->v[i] = id;
	s->n++;
	return true;
}

/* Appends a group's members to out, nested ones too, each once. */
static void collect(struct tenant *t, const struct json *group, bool eventual, bool deep,
		    struct json *out, struct json *keep, struct id_set *seen)
{
	const struct json *members = json_get(group, "_members"), *j;

	if (eventual)
		members = json_append(keep, replication_members(t, group));
	for (j = json_first(members); j; j = json_next(j)) {
		const char *id = json_text(j);
		const struct json *nested;

		if (!id || !id_set_add(seen, id))
			continue;
		json_append_string(out, id);
		nested = deep ? state_find(t, "groups", id) : NULL;
		if (nested)
			collect(t, nested, eventual, deep, out, keep, seen);
	}
}

struct member_source {
	struct tenant *t;
	struct odata_walk walk;
	struct odata_source ids;
	const char *type;	/* the cast; NULL = any */
};

static bool member_at(void *ctx, size_t i, struct odata_item *ret)
{
	struct member_source *m = ctx;
	struct odata_item id = { 0 };

	if (!m->ids.at(m->ids.ctx, i, &id))
		return false;
	/* A deleted object is a member no longer. */
	return object_find(m->t, json_text(id.object), ret) &&
	       (!m->type || str_same(m->type, ret->type));
}

void answer_ids(struct tenant *t, const struct tenant_call *c, const struct json *ids,
		const char *cast, bool count, struct tenant_response *r)
{
	struct member_source m = { .t = t };
	struct odata_source s = { .at = member_at, .ctx = &m };
	static const char *const contexts[][2] = {
		{ "user", "users" }, { "group", "groups" }, { "device", "devices" },
		{ "servicePrincipal", "servicePrincipals" },
		{ "directoryRole", "directoryRoles" },
	};
	const char *context = "directoryObjects";

	m.ids = odata_over(&m.walk, ids);
	s.n = m.ids.n;
	for (size_t i = 0; cast && i < COUNT_OF(contexts); i++) {
		if (!str_same(cast + strlen("microsoft.graph."), contexts[i][0]))
			continue;
		m.type = contexts[i][0];
		context = contexts[i][1];
	}
	if (cast && !m.type)
		answer_no_segment(r, cast);
	else if (count)
		answer_count(t, c, &s, m.type ? m.type : "directoryObject", r);
	else
		answer_source(t, c, &s, m.type ? m.type : "directoryObject", m.type != NULL,
			      context, r);
}

bool cast_split(const struct tenant_call *c, size_t from, const char **ret_cast,
		bool *ret_count, struct tenant_response *r)
{
	*ret_cast = NULL;
	*ret_count = false;
	for (size_t i = from; i < c->nsegments; i++) {
		if (!*ret_cast && !*ret_count && str_starts(c->segments[i], "microsoft.graph.")) {
			*ret_cast = c->segments[i];
		} else if (!*ret_count && str_same(c->segments[i], "$count")) {
			*ret_count = true;
		} else {
			answer_no_segment(r, c->segments[i]);
			return false;
		}
	}
	return true;
}

static void answer_references(const struct tenant_call *c, const struct json *ids,
			      struct tenant_response *r)
{
	struct json *out = json_new_object(), *value = json_add_array(out, "value"), *one;
	char *url;

	for (const struct json *j = json_first(ids); j; j = json_next(j)) {
		url = xasprintf("%s/%s/directoryObjects/%s", c->base, c->segments[0],
				json_text(j));
		one = json_append(value, json_new_object());
		json_add_string(one, "@odata.id", url);
		free(url);
	}
	answer_json(r, 200, out);
}

static void read_members(struct tenant *t, const struct tenant_call *c, const struct json *group,
			 struct tenant_response *r)
{
	bool deep = str_same_nocase(c->segments[3], "transitiveMembers");
	bool owners = str_same_nocase(c->segments[3], "owners"), count;
	struct json *ids = json_new_array(), *keep = json_new_array();
	struct id_set seen = { 0 };
	const char *cast;

	if (!require_scope(t, r, SCOPES("GroupMember.ReadBasic.All", "GroupMember.Read.All",
					"Group.Read.All", "Directory.Read.All")))
		goto out;
	if (owners) {
		json_free(ids);
		ids = json_clone(json_get(group, "_owners"));
	} else {
		collect(t, group, c->eventual, deep, ids, keep, &seen);
	}
	if (c->nsegments == 5 && str_same(c->segments[4], "$ref"))
		answer_references(c, ids, r);
	else if (cast_split(c, 4, &cast, &count, r))
		answer_ids(t, c, ids, cast, count, r);
out:
	free(seen.v);
	json_free(keep);
	json_free(ids);
}

bool handle_members(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	struct json *group;
	const char *relation = c->nsegments > 3 ? c->segments[3] : "";
	bool direct = str_same_nocase(relation, "members") || str_same_nocase(relation, "owners");

	if (c->nsegments < 4 || !str_same_nocase(c->segments[1], "groups"))
		return false;
	group = state_find(t, "groups", c->segments[2]);
	if (!is_guid(c->segments[2]))
		answer_errorf(r, 400, "Request_BadRequest", "Invalid object identifier '%s'.",
			      c->segments[2]);
	else if (!group)
		answer_missing(r, c->segments[2]);
	else if (str_same_nocase(relation, "memberOf") ||
		 str_same_nocase(relation, "transitiveMemberOf"))
		answer_member_of(t, c, c->segments[2], 3, r);
	else if (!direct && !str_same_nocase(relation, "transitiveMembers"))
		answer_no_segment(r, relation);
	else if (call_is_method(c, "GET"))
		read_members(t, c, group, r);
	else if (direct && call_is_method(c, "POST") && c->nsegments == 5 &&
		 str_same(c->segments[4], "$ref"))
		add_one(t, c, group, r);
	else if (direct && call_is_method(c, "DELETE") && c->nsegments == 6 &&
		 str_same(c->segments[5], "$ref"))
		remove_one(t, c, group, r);
	else if (direct && call_is_method(c, "DELETE") && c->nsegments == 5)
		delete_member_itself(t, c, group, r);
	else
		answer_no_method(r);
	return true;
}
