#include "graph/tenant/internal.h"

#include <stdlib.h>

#include "graph/base/str.h"

static bool only_get(const struct tenant_call *c, struct tenant_response *r)
{
	if (str_same(c->method, "GET"))
		return true;
	answer_error(r, 405, "Request_BadRequest",
		     "Specified HTTP method is not allowed for the request target.");
	return false;
}

/* Facts graph.md 2.2: delegated only, and a Global Administrator even to read. */
static void directory_synchronization(struct tenant *t, const struct tenant_call *c,
				      struct tenant_response *r)
{
	const struct json *one = json_get(t->state, "directorySynchronization");
	struct json *list;

	if (!only_get(c, r) ||
	    !require_scope(t, r, SCOPES("OnPremDirectorySynchronization.Read.All",
					"OnPremDirectorySynchronization.ReadWrite.All")))
		return;
	if (!json_array_has(json_get(t->state, "roles"), "Global Administrator")) {
		answer_error(r, 403, "Authorization_RequestDenied",
			     "Insufficient privileges to complete the operation.");
		return;
	}
	if (c->nsegments == 3) {
		list = json_new_array();
		json_append(list, json_clone(one));
		answer_collection(t, c, list, "onPremisesDirectorySynchronization",
				  "directory/onPremisesSynchronization", r);
		json_free(list);
	} else if (str_same_nocase(c->segments[3], json_string(one, "id"))) {
		answer_object(t, c, one, "onPremisesDirectorySynchronization",
			      "directory/onPremisesSynchronization/$entity", r);
	} else {
		answer_error(r, 404, "Request_ResourceNotFound", "The resource was not found.");
	}
}

static void synchronization_jobs(struct tenant *t, const struct tenant_call *c,
				 struct tenant_response *r)
{
	const struct json *jobs = json_get(t->state, "synchronizationJobs"), *list;
	struct json *none;

	if (!only_get(c, r) ||
	    !require_scope(t, r, SCOPES("Synchronization.Read.All",
					"Synchronization.ReadWrite.All")))
		return;
	if (!state_find(t, "servicePrincipals", c->segments[2])) {
		answer_error(r, 404, "Request_ResourceNotFound",
			     "The service principal was not found.");
		return;
	}
	list = json_get_nocase(jobs, c->segments[2]);
	none = json_new_array();
	answer_collection(t, c, list ? list : none, "synchronizationJob",
			  "servicePrincipals/synchronization/jobs", r);
	json_free(none);
}

/* /servicePrincipals/{id}/appRoleAssignedTo: of the password reset service those that
 * the scenario gave, of any other one none. */
static void handle_roles_of_service(struct tenant *t, const struct tenant_call *c,
				    struct tenant_response *r)
{
	const struct json *sp = state_find(t, "servicePrincipals", c->segments[2]);
	struct json *none;

	if (!only_get(c, r) ||
	    !require_scope(t, r, SCOPES("Application.Read.All", "Directory.Read.All")))
		return;
	if (!sp) {
		answer_error(r, 404, "Request_ResourceNotFound",
			     "The service principal was not found.");
		return;
	}
	none = json_new_array();
	answer_collection(t, c, str_same(json_string(sp, "appId"), RESET_SERVICE_APP)
			  ? state_list(t, "resetServiceRoles") : none,
			  "appRoleAssignment", "appRoleAssignments", r);
	json_free(none);
}

bool handle_sync(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	if (c->nsegments >= 3 && c->nsegments <= 4 && str_same(c->segments[1], "directory") &&
	    str_same(c->segments[2], "onPremisesSynchronization")) {
		directory_synchronization(t, c, r);
		return true;
	}
	if (c->nsegments == 5 && str_same(c->segments[1], "servicePrincipals") &&
	    str_same(c->segments[3], "synchronization") && str_same(c->segments[4], "jobs")) {
		synchronization_jobs(t, c, r);
		return true;
	}
	if (c->nsegments == 4 && str_same(c->segments[1], "servicePrincipals") &&
	    str_same_nocase(c->segments[3], "appRoleAssignedTo")) {
		handle_roles_of_service(t, c, r);
		return true;
	}
	return false;
}
