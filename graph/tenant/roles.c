#include "graph/tenant/internal.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

static const char *const read_roles[] = { "RoleManagement.Read.Directory",
					  "Directory.Read.All", NULL };

/* Appends the groups and roles whose "_members" has the id. */
static void add_containers(struct tenant *t, const char *id, struct json *out)
{
	static const char *const lists[] = { "groups", "directoryRoles" };
	const struct json *j;

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (j = json_first(state_list(t, lists[i])); j; j = json_next(j))
			if (json_array_has(json_get(j, "_members"), id) &&
			    !json_array_has(out, json_string(j, "id")))
				json_append_string(out, json_string(j, "id"));
}

void answer_member_of(struct tenant *t, const struct tenant_call *c, const char *id, size_t at,
		      struct tenant_response *r)
{
	bool deep = str_same_nocase(c->segments[at], "transitiveMemberOf"), count;
	struct json *ids = json_new_array();
	const char *cast;

	if (cast_split(c, at + 1, &cast, &count, r)) {
		add_containers(t, id, ids);
		/* The list grows while it is walked: each new group may be nested. */
		for (const struct json *j = json_first(ids); deep && j; j = json_next(j))
			add_containers(t, json_text(j), ids);
		answer_ids(t, c, ids, cast, count, r);
	}
	json_free(ids);
}

static struct json *role_of(struct tenant *t, const char *segment)
{
	char *template = call_key(segment, "directoryRoles", "roleTemplateId");
	struct json *j = NULL;

	if (template)
		for (j = json_first_mutable(state_list(t, "directoryRoles")); j;
		     j = json_next_mutable(j))
			if (str_same_nocase(json_string(j, "roleTemplateId"), template))
				break;
	free(template);
	return j;
}

/* /directoryRoles, /directoryRoles/{id}, /directoryRoles(roleTemplateId='x')
 * and the members of each. A role that was never used does not exist here. */
static bool handle_directory_roles(struct tenant *t, const struct tenant_call *c,
				   struct tenant_response *r)
{
	bool keyed = str_starts(c->segments[1], "directoryRoles(");
	size_t at = keyed ? 2 : 3;
	const struct json *role;
	const char *cast;
	bool count;

	if (!keyed && !str_same_nocase(c->segments[1], "directoryRoles"))
		return false;
	if (!call_is_method(c, "GET")) {
		answer_no_method(r);
		return true;
	}
	if (!require_scope(t, r, read_roles))
		return true;
	if (c->nsegments < at) {
		answer_collection(t, c, state_list(t, "directoryRoles"), "directoryRole",
				  "directoryRoles", r);
		return true;
	}
	role = keyed ? role_of(t, c->segments[1]) :
	       state_find(t, "directoryRoles", c->segments[2]);
	if (!role)
		answer_missing(r, c->segments[at - 1]);
	else if (c->nsegments == at)
		answer_object(t, c, role, "directoryRole", "directoryRoles/$entity", r);
	else if (!str_same_nocase(c->segments[at], "members"))
		answer_no_segment(r, c->segments[at]);
	else if (cast_split(c, at + 1, &cast, &count, r))
		answer_ids(t, c, json_get(role, "_members"), cast, count, r);
	return true;
}

/* The same roles in the newer interface, made from directoryRoles: the
 * definition's id is the template's. */
static struct json *role_assignments(struct tenant *t)
{
	struct json *out = json_new_array(), *one;
	const struct json *role, *m;

	for (role = json_first(state_list(t, "directoryRoles")); role; role = json_next(role))
		for (m = json_first(json_get(role, "_members")); m; m = json_next(m)) {
			const char *template = json_string_or(role, "roleTemplateId", "");
			char *id = xasprintf("%.8s-%s", template, json_text(m));

			one = json_append(out, json_new_object());
			json_add_string(one, "id", id);
			json_add_string(one, "principalId", json_text(m));
			json_add_string(one, "directoryScopeId", "/");
			json_add_string(one, "roleDefinitionId", template);
			free(id);
		}
	return out;
}

static struct json *role_definitions(struct tenant *t)
{
	struct json *out = json_new_array(), *one;
	const struct json *role;

	for (role = json_first(state_list(t, "directoryRoles")); role; role = json_next(role)) {
		one = json_append(out, json_new_object());
		json_add_string(one, "id", json_string(role, "roleTemplateId"));
		json_add_string(one, "templateId", json_string(role, "roleTemplateId"));
		json_add_string(one, "displayName", json_string(role, "displayName"));
		json_add_string(one, "description", json_string(role, "description"));
		json_add_bool(one, "isBuiltIn", true);
		json_add_bool(one, "isEnabled", true);
		json_append_string(json_add_array(one, "resourceScopes"), "/");
		json_add_array(one, "rolePermissions");
		json_add_string(one, "version", "1");
	}
	return out;
}

static bool handle_role_management(struct tenant *t, const struct tenant_call *c,
				   struct tenant_response *r)
{
	bool assignments = CALL_IS(c, "roleManagement", "directory", "roleAssignments");
	bool definitions = CALL_IS(c, "roleManagement", "directory", "roleDefinitions");
	bool eligible = CALL_IS(c, "roleManagement", "directory",
				"roleEligibilityScheduleInstances");
	struct json *list;

	if (!assignments && !definitions && !eligible)
		return false;
	if (!call_is_method(c, "GET")) {
		answer_no_method(r);
		return true;
	}
	if (!require_scope(t, r, read_roles))
		return true;
	/* Nobody is eligible only: the tenant has no Privileged Identity Management. */
	list = assignments ? role_assignments(t) : definitions ? role_definitions(t) :
	       json_new_array();
	answer_collection(t, c, list, assignments ? "unifiedRoleAssignment" :
			  definitions ? "unifiedRoleDefinition" :
			  "unifiedRoleEligibilityScheduleInstance",
			  assignments ? "roleManagement/directory/roleAssignments" :
			  definitions ? "roleManagement/directory/roleDefinitions" :
			  "roleManagement/directory/roleEligibilityScheduleInstances", r);
	json_free(list);
	return true;
}

bool handle_roles(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	return handle_directory_roles(t, c, r) || handle_role_management(t, c, r);
}
