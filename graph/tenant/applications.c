/*
 * App registrations of the simulated tenant: applications, their service
 * principals, and consent for everybody. Bodies are checked property by property.
 * Source: Microsoft Graph documentation, "Create application", "Create
 * servicePrincipal", "Create oAuth2PermissionGrant", and the resource types.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/digest.h"
#include "graph/base/guid.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/sign_in/scopes.h"
#include "graph/tenant/policy_body.h"

#define GRAPH_APP "00000003-0000-0000-c000-000000000000"
#define REPLICATION_MS 2000	/* until a new application can have a principal */

static const char *const app_scopes[] = { "Application.ReadWrite.All", NULL };
static const char *const grant_scopes[] = { "DelegatedPermissionGrant.ReadWrite.All",
					    "Directory.ReadWrite.All", NULL };
static const char *const app_roles[] = { "Application Administrator",
					 "Cloud Application Administrator", NULL };
static const char *const consent_roles[] = { "Privileged Role Administrator",
					     "Application Administrator",
					     "Cloud Application Administrator", NULL };

static void bad(struct tenant_response *r, const struct str *why)
{
	answer_error(r, 400, "Request_BadRequest", str_text(why));
}

static struct json *list_of(struct tenant *t, const char *name)
{
	struct json *list = json_get_mutable(t->state, name);

	return list ? list : json_add_array(t->state, name);
}

static struct json *find(struct json *list, const char *key, const char *value)
{
	struct json *j = json_first_mutable(list);

	while (j && !str_same_nocase(json_string(j, key), value))
		j = json_next_mutable(j);
	return j;
}

/* An id that is always the same for a name in this tenant, and no real one. */
static void made_id(const struct tenant *t, const char *name, char out[GUID_TEXT])
{
	uint64_t h[2] = { UINT64_C(14695981039346656037), UINT64_C(1099511628211) };

	for (const char *c = tenant_id(t); *c; c++)
		h[0] = (h[0] ^ (unsigned char)*c) * UINT64_C(1099511628211);
	for (const char *c = name; *c; c++)
		for (size_t i = 0; i < 2; i++)
			h[i] = (h[i] ^ (unsigned char)*c ^ (i << 4)) * UINT64_C(1099511628211);
	snprintf(out, GUID_TEXT, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(h[0] >> 32),
		 (unsigned)(h[0] >> 16 & 0xffff), (unsigned)(h[0] & 0xfff),
		 (unsigned)(h[1] >> 52), (unsigned long long)(h[1] & 0xffffffffffff));
}

/* The service principal of Microsoft Graph: in every tenant, never listed among
 * the state's own. Caller frees. */
static struct json *graph_principal(const struct tenant *t)
{
	static const char *const more[] = {
		"openid", "profile", "offline_access", "email", "Group.ReadWrite.All",
		"GroupMember.ReadWrite.All", "Policy.ReadWrite.AuthenticationMethod",
		"Policy.ReadWrite.Authorization", "Application.ReadWrite.All",
		"DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All", NULL
	};
	const char *const *lists[] = { scopes_read_names(), more };
	struct json *sp = json_new_object(), *scopes;
	char id[GUID_TEXT];

	made_id(t, "Microsoft Graph", id);
	json_add_string(sp, "id", id);
	json_add_string(sp, "appId", GRAPH_APP);
	json_add_string(sp, "displayName", "Microsoft Graph");
	json_add_string(sp, "servicePrincipalType", "Application");
	scopes = json_add_array(sp, "oauth2PermissionScopes");
	for (size_t k = 0; k < COUNT_OF(lists); k++)
		for (const char *const *name = lists[k]; *name; name++) {
			struct json *one = json_append(scopes, json_new_object());

			made_id(t, *name, id);
			json_add_string(one, "id", id);
			json_add_string(one, "value", *name);
			json_add_string(one, "type", k ? "Admin" : "User");
			json_add_bool(one, "isEnabled", true);
		}
	return sp;
}

/* --- Bodies ------------------------------------------------------------------- */

static bool is_loopback(const char *uri)
{
	return str_starts(uri, "http://localhost") || str_starts(uri, "http://127.0.0.1");
}

static bool check_redirects(const struct json *client, struct str *why)
{
	static const struct body_field fields[] = {
		{ .name = "redirectUris", .type = JSON_ARRAY }, { .name = NULL }
	};

	if (!body_check(client, fields, "publicClientApplication", why))
		return false;
	for (const struct json *j = json_first(json_get(client, "redirectUris")); j;
	     j = json_next(j)) {
		const char *uri = json_text(j);

		if (uri && (str_starts(uri, "https://") || is_loopback(uri)))
			continue;
		str_add(why, "Reply address must use https, or http on loopback.");
		return false;
	}
	return true;
}

static bool knows_scope(const struct json *principal, const char *id)
{
	for (const struct json *j = json_first(json_get(principal, "oauth2PermissionScopes")); j;
	     j = json_next(j))
		if (str_same_nocase(json_string(j, "id"), id))
			return true;
	return false;
}

static bool check_access(const struct json *one, const struct json *principal, struct str *why)
{
	static const char *const types[] = { "Scope", "Role", NULL };
	static const struct body_field fields[] = {
		{ .name = "id", .type = JSON_STRING },
		{ .name = "type", .type = JSON_STRING, .values = types }, { .name = NULL }
	};
	const char *id = json_string(one, "id");

	if (!json_is(one, JSON_OBJECT) || !body_check(one, fields, "resourceAccess", why)) {
		if (!why->len)
			str_add(why, "Invalid value specified for property 'resourceAccess'.");
		return false;
	}
	if (id && is_guid(id) && json_string(one, "type") && knows_scope(principal, id))
		return true;
	str_add(why, "Invalid value specified for property 'id' of resource 'ResourceAccess'.");
	return false;
}

static bool check_required(struct tenant *t, const struct json *list, struct str *why)
{
	static const struct body_field fields[] = {
		{ .name = "resourceAppId", .type = JSON_STRING },
		{ .name = "resourceAccess", .type = JSON_ARRAY }, { .name = NULL }
	};
	struct json *principal = graph_principal(t);
	bool well = true;

	for (const struct json *j = json_first(list); j && well; j = json_next(j)) {
		well = json_is(j, JSON_OBJECT) &&
		       body_check(j, fields, "requiredResourceAccess", why);
		if (well && !str_same(json_string(j, "resourceAppId"), GRAPH_APP)) {
			str_add(why, "Invalid value specified for property 'resourceAppId' of "
				     "resource 'RequiredResourceAccess'.");
			well = false;
		}
		for (const struct json *k = json_first(json_get(j, "resourceAccess")); k && well;
		     k = json_next(k))
			well = check_access(k, principal, why);
	}
	json_free(principal);
	return well;
}

static bool check_application(struct tenant *t, const struct json *body, struct str *why)
{
	static const char *const audiences[] = {
		"AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount",
		"PersonalMicrosoftAccount", NULL
	};
	static const struct body_field fields[] = {
		{ .name = "displayName", .type = JSON_STRING },
		{ .name = "description", .type = JSON_STRING, .nullable = true },
		{ .name = "notes", .type = JSON_STRING, .nullable = true },
		{ .name = "signInAudience", .type = JSON_STRING, .values = audiences },
		{ .name = "isFallbackPublicClient", .type = JSON_BOOL, .nullable = true },
		{ .name = "publicClient", .type = JSON_OBJECT, .nullable = true },
		{ .name = "requiredResourceAccess", .type = JSON_ARRAY },
		{ .name = NULL }
	};
	const char *name = json_string(body, "displayName");

	if (!body_check(body, fields, "application", why))
		return false;
	if (!name || !*name || strlen(name) > 256) {
		str_add(why, "Property displayName on the application is required or has an "
			     "invalid value.");
		return false;
	}
	return check_redirects(json_get(body, "publicClient"), why) &&
	       check_required(t, json_get(body, "requiredResourceAccess"), why);
}

/* --- Writing ------------------------------------------------------------------ */

static void event(struct tenant *t, const char *activity, const char *type,
		  const struct json *object)
{
	audit_add(t, audit_event(t, "Core Directory", "ApplicationManagement", activity, type,
				 json_string(object, "id"), json_string(object, "displayName")));
}

/* An ordinary member may create applications where the tenant lets them. */
static bool may_create(struct tenant *t, struct tenant_response *r)
{
	const struct json *allowed = json_at(t->state,
					     "authorizationPolicy.defaultUserRolePermissions");

	if (!require_scope(t, r, app_scopes))
		return false;
	return json_bool(allowed, "allowedToCreateApps", false) || require_role(t, r, app_roles);
}

static bool has_body(const struct tenant_call *c, struct tenant_response *r)
{
	if (!c->body)
		answer_error(r, 400, "BadRequest", "Empty Payload. JSON content expected.");
	return c->body != NULL;
}

static void create_application(struct tenant *t, const struct tenant_call *c,
			       struct tenant_response *r)
{
	CLEANUP(str_release) struct str why = { 0 };
	char id[GUID_TEXT], app_id[GUID_TEXT], now[TIME_TEXT];
	struct json *app;

	if (!may_create(t, r) || !has_body(c, r))
		return;
	if (!check_application(t, c->body, &why)) {
		bad(r, &why);
		return;
	}
	app = json_append(list_of(t, "applications"), json_new_object());
	tenant_guid(t, id);
	tenant_guid(t, app_id);
	json_add_string(app, "id", id);
	json_add_string(app, "appId", app_id);
	json_add_null(app, "deletedDateTime");
	json_add_string(app, "createdDateTime", time_format(clock_now_ms(), now));
	for (const struct json *p = json_first(c->body); p; p = json_next(p))
		json_add(app, json_key(p), json_clone(p));
	if (!json_has(app, "signInAudience"))
		json_add_string(app, "signInAudience", "AzureADandPersonalMicrosoftAccount");
	if (!json_has(app, "requiredResourceAccess"))
		json_add_array(app, "requiredResourceAccess");
	json_add_array(app, "keyCredentials");
	json_add_array(app, "passwordCredentials");
	event(t, "Add application", "Application", app);
	answer_object(t, c, app, "application", "applications/$entity", r);
	r->status = 201;
}

/* An application that was made a moment ago is not known everywhere yet. */
static bool is_new(const struct json *app)
{
	int64_t ms;

	return time_parse(json_string_or(app, "createdDateTime", ""), &ms) == 0 &&
	       clock_now_ms() - ms < REPLICATION_MS;
}

static void create_principal(struct tenant *t, const struct tenant_call *c,
			     struct tenant_response *r)
{
	static const struct body_field fields[] = {
		{ .name = "appId", .type = JSON_STRING }, { .name = NULL }
	};
	CLEANUP(str_release) struct str why = { 0 };
	const char *app_id = json_string_or(c->body, "appId", "");
	struct json *app = find(list_of(t, "applications"), "appId", app_id), *sp;
	char id[GUID_TEXT];

	if (!may_create(t, r) || !has_body(c, r))
		return;
	if (!body_check(c->body, fields, "servicePrincipal", &why)) {
		bad(r, &why);
	} else if (!app || is_new(app)) {
		answer_errorf(r, 400, "Request_BadRequest",
			      "The appId '%s' of the service principal does not reference a valid "
			      "application object.", app_id);
	} else if (find(list_of(t, "servicePrincipals"), "appId", app_id)) {
		answer_errorf(r, 409, "Request_MultipleObjectsWithSameKeyValue",
			      "The service principal cannot be created because the service "
			      "principal name %s is already in use.", app_id);
	} else {
		sp = json_append(list_of(t, "servicePrincipals"), json_new_object());
		tenant_guid(t, id);
		json_add_string(sp, "id", id);
		json_add_string(sp, "appId", app_id);
		json_add_bool(sp, "accountEnabled", true);
		json_add_string(sp, "displayName", json_string(app, "displayName"));
		json_add_string(sp, "appDisplayName", json_string(app, "displayName"));
		json_add_string(sp, "servicePrincipalType", "Application");
		json_add_string(sp, "appOwnerOrganizationId", tenant_id(t));
		json_add_bool(sp, "appRoleAssignmentRequired", false);
		index_reset(t);
		event(t, "Add service principal", "ServicePrincipal", sp);
		answer_object(t, c, sp, "servicePrincipal", "servicePrincipals/$entity", r);
		r->status = 201;
	}
}

static bool check_grant(struct tenant *t, const struct json *body, struct str *why)
{
	static const char *const types[] = { "AllPrincipals", "Principal", NULL };
	static const struct body_field fields[] = {
		{ .name = "clientId", .type = JSON_STRING },
		{ .name = "consentType", .type = JSON_STRING, .values = types },
		{ .name = "principalId", .type = JSON_STRING, .nullable = true },
		{ .name = "resourceId", .type = JSON_STRING },
		{ .name = "scope", .type = JSON_STRING }, { .name = NULL }
	};
	struct json *graph = graph_principal(t);
	const char *resource = json_string(body, "resourceId");
	bool known = resource && str_same_nocase(resource, json_string(graph, "id"));
	bool whom = str_same(json_string(body, "consentType"), "Principal") ==
		    (json_string(body, "principalId") != NULL);

	json_free(graph);
	if (!body_check(body, fields, "oAuth2PermissionGrant", why))
		return false;
	if (!json_string(body, "consentType") || !whom || !known ||
	    !find(list_of(t, "servicePrincipals"), "id", json_string(body, "clientId")))
		str_add(why, "One or more properties of the permission grant do not reference "
			     "valid objects, or do not exist.");
	return why->len == 0;
}

static void create_grant(struct tenant *t, const struct tenant_call *c,
			 struct tenant_response *r)
{
	CLEANUP(str_release) struct str why = { 0 };
	struct json *list = list_of(t, "oauth2PermissionGrants"), *grant;
	char id[GUID_TEXT];

	if (!require_scope(t, r, grant_scopes) || !require_role(t, r, consent_roles) ||
	    !has_body(c, r))
		return;
	if (!check_grant(t, c->body, &why)) {
		bad(r, &why);
		return;
	}
	for (const struct json *j = json_first(list); j; j = json_next(j))
		if (str_same(json_string(j, "clientId"), json_string(c->body, "clientId")) &&
		    str_same(json_string(j, "consentType"), json_string(c->body, "consentType")) &&
		    str_same(json_string(j, "resourceId"), json_string(c->body, "resourceId"))) {
			answer_error(r, 409, "Request_MultipleObjectsWithSameKeyValue",
				     "Permission entry already exists.");
			return;
		}
	grant = json_append(list, json_new_object());
	tenant_guid(t, id);
	json_add_string(grant, "id", id);
	for (const struct json *p = json_first(c->body); p; p = json_next(p))
		json_add(grant, json_key(p), json_clone(p));
	if (!json_has(grant, "principalId"))
		json_add_null(grant, "principalId");
	event(t, "Add delegated permission grant", "ServicePrincipal", grant);
	answer_object(t, c, grant, "oAuth2PermissionGrant", "oauth2PermissionGrants/$entity", r);
	r->status = 201;
}

static void remove_grants_of(struct tenant *t, const char *principal)
{
	struct json *list = list_of(t, "oauth2PermissionGrants"), *j, *next;

	for (j = json_first_mutable(list); j; j = next) {
		next = json_next_mutable(j);
		if (str_same(json_string(j, "clientId"), principal))
			json_remove_child(list, j);
	}
}

static void remove_principal(struct tenant *t, struct json *sp)
{
	remove_grants_of(t, json_string(sp, "id"));
	event(t, "Remove service principal", "ServicePrincipal", sp);
	json_remove_child(list_of(t, "servicePrincipals"), sp);
	index_reset(t);
}

/* With an application goes its service principal in the same tenant. */
static void remove_application(struct tenant *t, struct json *app)
{
	struct json *sp = find(list_of(t, "servicePrincipals"), "appId",
			       json_string(app, "appId"));

	if (sp)
		remove_principal(t, sp);
	event(t, "Delete application", "Application", app);
	json_remove_child(list_of(t, "applications"), app);
}

/* --- Paths -------------------------------------------------------------------- */

static const struct kind {
	const char *segment, *type;
	const char *const *reads, *const *writes, *const *roles;
	void (*create)(struct tenant *t, const struct tenant_call *c, struct tenant_response *r);
} kinds[] = {
	{ "applications", "application", SCOPES("Application.Read.All", "Directory.Read.All"),
	  app_scopes, app_roles, create_application },
	{ "servicePrincipals", "servicePrincipal",
	  SCOPES("Application.Read.All", "Directory.Read.All"), app_scopes, app_roles,
	  create_principal },
	{ "oauth2PermissionGrants", "oAuth2PermissionGrant",
	  SCOPES("DelegatedPermissionGrant.Read.All", "DelegatedPermissionGrant.ReadWrite.All",
		 "Application.Read.All", "Directory.Read.All"), grant_scopes, consent_roles,
	  create_grant },
};

static void delete_one(struct tenant *t, const struct kind *k, struct json *object,
		       struct tenant_response *r)
{
	if (!require_scope(t, r, k->writes) || !require_role(t, r, k->roles))
		return;
	if (str_same(k->type, "application"))
		remove_application(t, object);
	else if (str_same(k->type, "servicePrincipal"))
		remove_principal(t, object);
	else
		json_remove_child(list_of(t, k->segment), object);
	answer_empty(r, 204);
}

static void answer_one(struct tenant *t, const struct tenant_call *c, const struct kind *k,
		       struct tenant_response *r)
{
	struct json *object = find(list_of(t, k->segment), "id", c->segments[2]);
	CLEANUP(free_ptr) char *context = xasprintf("%s/$entity", k->segment);

	if (!object)
		answer_missing(r, c->segments[2]);
	else if (call_is_method(c, "DELETE"))
		delete_one(t, k, object, r);
	else if (!call_is_method(c, "GET"))
		answer_no_method(r);
	else if (require_scope(t, r, k->reads))
		answer_object(t, c, object, k->type, context, r);
}

/* Of Microsoft Graph itself: it is in no list of the state. */
static bool answer_graph(struct tenant *t, const struct tenant_call *c,
			 struct tenant_response *r)
{
	char *app = call_key(c->segments[1], "servicePrincipals", "appId");
	bool is = app && str_same_nocase(app, GRAPH_APP) && c->nsegments == 2;
	struct json *sp;

	free(app);
	if (!is)
		return false;
	sp = graph_principal(t);
	if (!call_is_method(c, "GET"))
		answer_no_method(r);
	else if (require_scope(t, r, kinds[1].reads))
		answer_object(t, c, sp, "servicePrincipal", "servicePrincipals/$entity", r);
	json_free(sp);
	return true;
}

bool handle_applications(struct tenant *t, const struct tenant_call *c,
			 struct tenant_response *r)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const struct kind *k = &kinds[i];
		bool own = !str_same(k->segment, "servicePrincipals");

		if (!str_same_nocase(c->segments[1], k->segment) || c->nsegments > 3)
			continue;
		/* Reading principals is the directory's. */
		if (call_is_method(c, "GET") && !own)
			return false;
		if (c->nsegments == 3)
			answer_one(t, c, k, r);
		else if (call_is_method(c, "POST"))
			k->create(t, c, r);
		else if (!call_is_method(c, "GET"))
			answer_no_method(r);
		else if (require_scope(t, r, k->reads))
			answer_collection(t, c, list_of(t, k->segment), k->type, k->segment, r);
		return true;
	}
	return answer_graph(t, c, r);
}
