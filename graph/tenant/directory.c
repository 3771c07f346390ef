#include "graph/tenant/internal.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"

static const char *const read_users[] = { "User.Read.All", "User.ReadBasic.All",
					  "Directory.Read.All", NULL };

const struct json *tenant_admin(struct tenant *t)
{
	return state_find(t, "users", json_string_or(t->state, "me", ""));
}

/* All users: the stored ones, then the computed ones. */
struct all_users {
	struct tenant *t;
	struct odata_walk walk;
	struct odata_source stored;
};

static bool all_users_at(void *ctx, size_t i, struct odata_item *ret)
{
	struct all_users *all = ctx;

	if (i < all->stored.n)
		return all->stored.at(all->stored.ctx, i, ret);
	return crowd_at(all->t, i - all->stored.n, ret);
}

static struct odata_source users_source(struct all_users *all, struct tenant *t)
{
	all->t = t;
	all->stored = odata_over(&all->walk, state_list(t, "users"));
	return (struct odata_source){ .n = all->stored.n + t->crowd, .at = all_users_at,
				      .ctx = all, .exact = true };
}

static void answer_organization(struct tenant *t, const struct tenant_call *c,
				struct tenant_response *r)
{
	const struct json *organization = json_get(t->state, "organization");
	struct json *list;

	if (!require_scope(t, r, SCOPES("User.Read", "Organization.Read.All", "User.Read.All",
					"Directory.Read.All")))
		return;
	if (c->nsegments == 3) {
		if (str_same_nocase(c->segments[2], json_string(organization, "id")))
			answer_object(t, c, organization, "organization",
				      "organization/$entity", r);
		else
			answer_missing(r, c->segments[2]);
		return;
	}
	list = json_new_array();
	json_append(list, json_clone(organization));
	answer_collection(t, c, list, "organization", "organization", r);
	json_free(list);
}

static void answer_branding(struct tenant *t, const struct tenant_call *c,
			    struct tenant_response *r)
{
	const struct json *branding = json_get(t->state, "branding");

	if (!str_same_nocase(c->segments[2], tenant_id(t)))
		answer_missing(r, c->segments[2]);
	else if (!json_is(branding, JSON_OBJECT))
		answer_missing(r, "branding");
	else if (require_scope(t, r, SCOPES("OrganizationalBranding.Read.All", "User.Read",
					    "Organization.Read.All")))
		answer_object(t, c, branding, "organizationalBranding",
			      "organization/$entity/branding", r);
}

/* A list of the state and one object of it by id; false for other paths. */
static bool answer_list(struct tenant *t, const struct tenant_call *c, const char *list,
			const char *type, struct tenant_response *r)
{
	const struct json *one;
	struct str context = { 0 };

	str_addf(&context, "%s%s", c->segments[1], c->nsegments == 3 ? "/$entity" : "");
	if (c->nsegments == 2) {
		answer_collection(t, c, state_list(t, list), type, str_text(&context), r);
	} else if (c->nsegments == 3) {
		one = state_find(t, list, c->segments[2]);
		if (one)
			answer_object(t, c, one, type, str_text(&context), r);
		else
			answer_missing(r, c->segments[2]);
	}
	str_release(&context);
	return c->nsegments <= 3;
}

/* What a user holds, from the tenant's subscriptions. */
static void answer_licence_details(struct tenant *t, const struct tenant_call *c,
				   const struct json *user, struct tenant_response *r)
{
	struct json *list = json_new_array(), *details;
	const struct json *l, *sku;

	for (l = json_first(json_get(user, "assignedLicenses")); l; l = json_next(l)) {
		for (sku = json_first(state_list(t, "subscribedSkus")); sku; sku = json_next(sku))
			if (str_same(json_string(sku, "skuId"), json_string(l, "skuId")))
				break;
		if (!sku)
			continue;
		details = json_append(list, json_new_object());
		json_add_string(details, "id", json_string(sku, "id"));
		json_add_string(details, "skuId", json_string(sku, "skuId"));
		json_add_string(details, "skuPartNumber", json_string(sku, "skuPartNumber"));
		json_add(details, "servicePlans", json_clone(json_get(sku, "servicePlans")));
	}
	answer_collection(t, c, list, "licenseDetails", "users/licenseDetails", r);
	json_free(list);
}

static void answer_authentication_methods(struct tenant *t, const struct tenant_call *c,
					  const struct json *user, struct tenant_response *r)
{
	struct json *list, *method;

	if (!require_scope(t, r, SCOPES("UserAuthenticationMethod.Read.All")))
		return;
	list = json_new_array();
	method = json_append(list, json_new_object());
	json_add_string(method, "@odata.type", "#microsoft.graph.passwordAuthenticationMethod");
	json_add_string(method, "id", "28c10230-6103-485e-b985-444c60001490");
	json_add_null(method, "password");
	json_add(method, "createdDateTime", json_clone(json_get(user, "createdDateTime")));
	answer_collection(t, c, list, "authenticationMethod",
			  "users/authentication/methods", r);
	json_free(list);
}

static void answer_user(struct tenant *t, const struct tenant_call *c, const struct json *user,
			struct tenant_response *r)
{
	const char *rest = c->nsegments > 3 ? c->segments[3] : NULL;
	bool me = str_same_nocase(c->segments[1], "me");

	if (me)
		rest = c->nsegments > 2 ? c->segments[2] : NULL;
	if (!rest)
		answer_object(t, c, user, "user", "users/$entity", r);
	else if (str_same_nocase(rest, "licenseDetails"))
		answer_licence_details(t, c, user, r);
	else if (str_same_nocase(rest, "memberOf") || str_same_nocase(rest, "transitiveMemberOf"))
		answer_member_of(t, c, json_string(user, "id"), me ? 2 : 3, r);
	else if (str_same_nocase(rest, "authentication"))
		answer_authentication_methods(t, c, user, r);
	else
		answer_no_segment(r, rest);
}

static void answer_users(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	struct all_users all;
	struct odata_source s = users_source(&all, t);
	struct odata_item item;

	if (!require_scope(t, r, read_users))
		return;
	if (c->nsegments == 2) {
		answer_source(t, c, &s, "user", false, "users", r);
	} else if (str_same(c->segments[2], "$count")) {
		answer_count(t, c, &s, "user", r);
	} else if (user_find(t, c->segments[2], &item)) {
		answer_user(t, c, item.object, r);
		json_free(item.made);
	} else {
		answer_missing(r, c->segments[2]);
	}
}

static void answer_me(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	if (t->app_only)
		answer_error(r, 400, "BadRequest",
			     "/me request is only valid with delegated authentication flow.");
	else if (!tenant_admin(t))
		answer_missing(r, json_string_or(t->state, "me", ""));
	else if (require_scope(t, r, SCOPES("User.Read", "User.Read.All", "Directory.Read.All")))
		answer_user(t, c, tenant_admin(t), r);
}

static void delete_user(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	struct json *user = state_find(t, "users", c->segments[2]);

	if (!require_scope(t, r, SCOPES("User.ReadWrite.All", "User.DeleteRestore.All")) ||
	    !require_role(t, r, SCOPES("User Administrator")))
		return;
	if (!user) {
		answer_missing(r, c->segments[2]);
		return;
	}
	object_delete(t, "users", user);
	answer_empty(r, 204);
}

void object_delete(struct tenant *t, const char *list, struct json *object)
{
	bool user = str_same(list, "users");
	struct json *copy = json_clone(object);
	char now[TIME_TEXT];

	json_set_string(copy, "deletedDateTime", time_format_graph(clock_now_ms(), now));
	json_add_string(copy, "_list", list);
	audit_add(t, audit_event(t, "Core Directory", user ? "UserManagement" : "GroupManagement",
				 user ? "Delete user" : "Delete group", user ? "User" : "Group",
				 json_string(object, "id"), json_string(object, "displayName")));
	json_append(state_list(t, "deletedItems"), copy);
	json_remove_child(state_list(t, list), object);
	index_reset(t);
}

static void restore(struct tenant *t, const struct tenant_call *c, struct json *item,
		    struct tenant_response *r)
{
	const char *list = json_string_or(item, "_list", "groups");
	bool user = str_same(list, "users");
	struct json *back;

	if (!require_scope(t, r, SCOPES(user ? "User.DeleteRestore.All" : "Group.ReadWrite.All",
					user ? "User.ReadWrite.All" : "Directory.ReadWrite.All")))
		return;
	back = json_clone(item);
	json_remove(back, "_list");
	json_set(back, "deletedDateTime", json_new_null());
	json_append(state_list(t, list), back);
	json_remove_child(state_list(t, "deletedItems"), item);
	index_reset(t);
	audit_add(t, audit_event(t, "Core Directory", user ? "UserManagement" : "GroupManagement",
				 user ? "Restore user" : "Restore Group", user ? "User" : "Group",
				 json_string(back, "id"), json_string(back, "displayName")));
	answer_deleted(t, c, back, user ? "user" : "group", r);
}

/* A directoryObject says which kind it is. */
void answer_deleted(struct tenant *t, const struct tenant_call *c, const struct json *object,
		    const char *type, struct tenant_response *r)
{
	struct json *copy = json_clone(object);
	struct str word = { 0 };

	str_addf(&word, "#microsoft.graph.%s", type);
	json_add_string(copy, "@odata.type", str_text(&word));
	str_release(&word);
	answer_object(t, c, copy, type, "directoryObjects/$entity", r);
	json_free(copy);
}

/* /directory/deletedItems/microsoft.graph.group, or user. */
static void list_deleted(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	const char *type = c->segments[3] + strlen("microsoft.graph.");
	struct json *out = json_new_array();

	for (const struct json *j = json_first(state_list(t, "deletedItems")); j; j = json_next(j))
		if (str_starts(json_string_or(j, "_list", ""), type))
			json_append(out, json_clone(j));
	answer_collection(t, c, out, type, str_same(type, "user") ? "users" : "groups", r);
	json_free(out);
}

static bool handle_deleted(struct tenant *t, const struct tenant_call *c,
			   struct tenant_response *r)
{
	struct json *item;
	bool plain = CALL_IS(c, "directory", "deletedItems", ANY_SEGMENT);
	bool restoring = CALL_IS(c, "directory", "deletedItems", ANY_SEGMENT, "restore") ||
			 CALL_IS(c, "directory", "deletedItems", ANY_SEGMENT,
				 "microsoft.graph.restore");

	if (!plain && !restoring)
		return false;
	if (plain && call_is_method(c, "GET") &&
	    (str_same(c->segments[3], "microsoft.graph.group") ||
	     str_same(c->segments[3], "microsoft.graph.user"))) {
		list_deleted(t, c, r);
		return true;
	}
	item = state_find(t, "deletedItems", c->segments[3]);
	if (!item)
		answer_missing(r, c->segments[3]);
	else if (restoring && call_is_method(c, "POST"))
		restore(t, c, item, r);
	else if (plain && call_is_method(c, "GET"))
		answer_deleted(t, c, item, str_same(json_string(item, "_list"), "users") ?
			       "user" : "group", r);
	else
		answer_no_method(r);
	return true;
}

/* The areas that are only read, and the scopes that read them. */
static const struct area {
	const char *segment, *list, *type;
	const char *const *scopes;
} areas[] = {
	{ "domains", "domains", "domain", SCOPES("Domain.Read.All", "Directory.Read.All") },
	{ "subscribedSkus", "subscribedSkus", "subscribedSku",
	  SCOPES("LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All") },
	{ "servicePrincipals", "servicePrincipals", "servicePrincipal",
	  SCOPES("Application.Read.All", "Directory.Read.All") },
	{ "groupSettings", "groupSettings", "groupSetting",
	  SCOPES("GroupSettings.Read.All", "Directory.Read.All", "Group.Read.All") },
};

static bool handle_areas(struct tenant *t, const struct tenant_call *c,
			 struct tenant_response *r)
{
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
		if (!str_same_nocase(c->segments[1], areas[i].segment) || c->nsegments > 3)
			continue;
		if (!call_is_method(c, "GET"))
			answer_no_method(r);
		else if (require_scope(t, r, areas[i].scopes))
			answer_list(t, c, areas[i].list, areas[i].type, r);
		return true;
	}
	return false;
}

/* /servicePrincipals(appId='x') */
static bool handle_principal_by_app(struct tenant *t, const struct tenant_call *c,
				    struct tenant_response *r)
{
	char *app = call_key(c->segments[1], "servicePrincipals", "appId");
	const struct json *j;

	if (!app || c->nsegments > 2) {
		free(app);
		return false;
	}
	for (j = json_first(state_list(t, "servicePrincipals")); j; j = json_next(j))
		if (str_same_nocase(json_string(j, "appId"), app))
			break;
	if (!call_is_method(c, "GET"))
		answer_no_method(r);
	else if (!j)
		answer_missing(r, app);
	else if (require_scope(t, r, SCOPES("Application.Read.All", "Directory.Read.All")))
		answer_object(t, c, j, "servicePrincipal", "servicePrincipals/$entity", r);
	free(app);
	return true;
}

static bool handle_users(struct tenant *t, const struct tenant_call *c,
			 struct tenant_response *r)
{
	bool users = str_same_nocase(c->segments[1], "users");

	if (!users && !str_same_nocase(c->segments[1], "me"))
		return false;
	if (users && call_is_method(c, "DELETE") && c->nsegments == 3)
		delete_user(t, c, r);
	else if (!call_is_method(c, "GET"))
		answer_no_method(r);
	else if (users)
		answer_users(t, c, r);
	else
		answer_me(t, c, r);
	return true;
}

bool handle_directory(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	bool get = call_is_method(c, "GET");

	if (CALL_IS(c, "organization") || CALL_IS(c, "organization", ANY_SEGMENT)) {
		if (get)
			answer_organization(t, c, r);
		else
			answer_no_method(r);
		return true;
	}
	if (CALL_IS(c, "organization", ANY_SEGMENT, "branding") && get) {
		answer_branding(t, c, r);
		return true;
	}
	return handle_users(t, c, r) || handle_areas(t, c, r) || handle_deleted(t, c, r) ||
	       handle_principal_by_app(t, c, r);
}
