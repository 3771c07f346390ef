#include "graph/tenant/groups.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"

static bool bad(struct tenant_response *r, const char *message)
{
	answer_error(r, 400, "Request_BadRequest", message);
	return false;
}

static bool bad_value(struct tenant_response *r, const char *property)
{
	answer_errorf(r, 400, "Request_BadRequest",
		      "Invalid value specified for property '%s' of resource 'Group'.", property);
	return false;
}

static size_t characters(const char *text)
{
	size_t n = 0;
	uint32_t cp;

	for (int len; (len = utf8_decode(text, &cp)) > 0; text += len)
		n++;
	return n;
}

static bool nickname_fits(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] > 126 || (unsigned char)s[i] < 33 ||
		    strchr("@()\\[]\";:.<>,", s[i]))
			return false;
	return n > 0 && n <= 64;
}

static const char writable[][32] = {
	"displayName", "description", "mailEnabled", "mailNickname", "securityEnabled",
	"groupTypes", "isAssignableToRole", "visibility", "membershipRule",
	"membershipRuleProcessingState", "owners@odata.bind", "members@odata.bind",
	"@odata.type",
};

/* The body with its properties as Graph spells them, which takes them in any
 * case: the CLI for Microsoft 365 sends "mailNickName". The caller frees. */
static struct json *spelt(const struct json *body)
{
	struct json *out = json_new_object();

	for (const struct json *p = json_first(body); p; p = json_next(p)) {
		const char *name = json_key(p);

		for (size_t i = 0; i < COUNT_OF(writable); i++)
			if (str_same_nocase(writable[i], name))
				name = writable[i];
		json_add(out, name, json_clone(p));
	}
	return out;
}

/* Names and lengths of the writable properties (facts graph.md 3.2). */
static bool check_property(const struct json *p, struct tenant_response *r)
{
	const char *name = json_key(p), *text = json_text(p);
	bool known = false;

	for (size_t i = 0; i < sizeof(writable) / sizeof(writable[0]); i++)
		known = known || str_same(writable[i], name);
	if (!known) {
		answer_errorf(r, 400, "Request_BadRequest", odata_property_known("group", name) ?
			      "Property '%s' is read-only and cannot be set." :
			      "Invalid property '%s'.", name);
		return false;
	}
	if (str_same(name, "displayName") &&
	    (!text || !*text || characters(text) > 256))
		return bad_value(r, name);
	if (str_same(name, "mailNickname") && (!text || !nickname_fits(text)))
		return bad_value(r, name);
	if (str_same(name, "description") && json_type(p) != JSON_NULL &&
	    (!text || !*text || characters(text) > 1024))
		return bad_value(r, name);
	if ((str_ends(name, "Enabled") || str_same(name, "isAssignableToRole")) &&
	    !json_is(p, JSON_BOOL))
		return bad(r, "Unable to read JSON request payload. Please ensure Content-Type "
			      "header is set and payload is of valid JSON format.");
	return true;
}

static bool check_required(const struct json *body, struct tenant_response *r)
{
	static const char required[][16] = { "displayName", "mailEnabled", "mailNickname",
					     "securityEnabled" };

	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		if (json_type(json_get(body, required[i])) != JSON_NULL)
			continue;
		answer_errorf(r, 400, "Request_BadRequest",
			      "A value is required for property '%s' of resource 'Group'.",
			      required[i]);
		return false;
	}
	return true;
}

static bool check_kind(struct tenant *t, const struct json *body, struct tenant_response *r)
{
	const struct json *types = json_get(body, "groupTypes");
	bool unified = json_array_has(types, "Unified");

	for (const struct json *j = json_first(types); j; j = json_next(j))
		if (!str_same(json_text(j), "Unified") &&
		    !str_same(json_text(j), "DynamicMembership"))
			return bad_value(r, "groupTypes");
	if (unified != json_bool(body, "mailEnabled", false) ||
	    (!unified && !json_bool(body, "securityEnabled", false)))
		return bad(r, "The service does not currently support writes of mail-enabled "
			      "groups. Please ensure that the mail-enablement property is unset "
			      "and the security-enablement property is set.");
	if (json_array_has(types, "DynamicMembership") && !json_string(body, "membershipRule"))
		return bad_value(r, "membershipRule");
	if (!json_bool(body, "isAssignableToRole", false))
		return true;
	return require_scope(t, r, SCOPES("RoleManagement.ReadWrite.Directory")) &&
	       require_role(t, r, SCOPES("Privileged Role Administrator"));
}

static void add_nulls(struct json *group)
{
	static const char names[][32] = {
		"deletedDateTime", "classification", "expirationDateTime", "mail",
		"membershipRule", "membershipRuleProcessingState", "onPremisesDomainName",
		"onPremisesLastSyncDateTime", "onPremisesNetBiosName",
		"onPremisesSamAccountName", "onPremisesSecurityIdentifier",
		"onPremisesSyncEnabled", "preferredDataLocation", "preferredLanguage", "theme",
		"uniqueName", "visibility", "isManagementRestricted", "description",
	};
	static const char lists[][32] = {
		"groupTypes", "proxyAddresses", "onPremisesProvisioningErrors",
		"resourceBehaviorOptions", "resourceProvisioningOptions",
		"serviceProvisioningErrors", "assignedLabels", "assignedLicenses",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!json_has(group, names[i]))
			json_add_null(group, names[i]);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (!json_has(group, lists[i]))
			json_add_array(group, lists[i]);
	json_add_array(group, "_members");
	json_add_array(group, "_owners");
}

static struct json *group_from(struct tenant *t, const struct json *body)
{
	struct json *group = json_new_object();
	char id[37], now[TIME_TEXT], sid[64];

	tenant_guid(t, id);
	time_format(clock_now_ms(), now);
	snprintf(sid, sizeof(sid), "S-1-12-1-%u-%u-%u-%u", tenant_random(t, UINT32_MAX),
		 tenant_random(t, UINT32_MAX), tenant_random(t, UINT32_MAX),
		 tenant_random(t, UINT32_MAX));
	json_add_string(group, "id", id);
	json_add_string(group, "createdDateTime", now);
	json_add_string(group, "renewedDateTime", now);
	json_add_string(group, "securityIdentifier", sid);
	for (const struct json *p = json_first(body); p; p = json_next(p))
		if (!strchr(json_key(p), '@'))
			json_add(group, json_key(p), json_clone(p));
	if (!json_has(group, "isAssignableToRole"))
		json_add_bool(group, "isAssignableToRole", false);
	add_nulls(group);
	return group;
}

static void group_event(struct tenant *t, const char *activity, const struct json *group)
{
	audit_add(t, audit_event(t, "Core Directory", "GroupManagement", activity, "Group",
				 json_string(group, "id"), json_string(group, "displayName")));
}

static void create_from(struct tenant *t, const struct tenant_call *c, const struct json *body,
			struct tenant_response *r)
{
	const struct json *owners = json_get(body, "owners@odata.bind");
	const struct json *members = json_get(body, "members@odata.bind"), *p;
	struct json *group, *own;
	struct str location = { 0 };

	for (p = json_first(body); p; p = json_next(p))
		if (!check_property(p, r))
			return;
	if (!check_required(body, r) || !check_kind(t, body, r))
		return;
	if (json_count(owners) + json_count(members) > GROUP_BINDS_MAX) {
		bad(r, "A maximum of 20 relationships can be added in one request.");
		return;
	}
	if (!binds_check(t, c, owners, NULL, r) || !binds_check(t, c, members, NULL, r))
		return;
	group = json_append(state_list(t, "groups"), group_from(t, body));
	index_reset(t);
	group_event(t, "Add group", group);
	own = json_get_mutable(group, "_owners");
	if (!t->app_only && !json_count(owners))
		json_append_string(own, json_string(tenant_admin(t), "id"));
	binds_add(t, c, group, owners, "_owners");
	binds_add(t, c, group, members, "_members");
	replication_created(t, json_string(group, "id"));
	str_addf(&location, "%s/%s/groups/%s", c->base, c->segments[0], json_string(group, "id"));
	headers_add(&r->headers, "Location", str_text(&location));
	str_release(&location);
	answer_object(t, c, group, "group", "groups/$entity", r);
	r->status = 201;
}

static void create(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	struct json *body;

	if (!require_scope(t, r, SCOPES("Group.ReadWrite.All", "Group.Create",
					"Directory.ReadWrite.All")) ||
	    !require_role(t, r, group_roles))
		return;
	if (!c->body) {
		answer_error(r, 400, "BadRequest", "Empty Payload. JSON content expected.");
		return;
	}
	body = spelt(c->body);
	create_from(t, c, body, r);
	json_free(body);
}

static void patch(struct tenant *t, const struct tenant_call *c, struct json *group,
		  struct tenant_response *r)
{
	const struct json *members = json_get(c->body, "members@odata.bind"), *p;
	bool others = false;

	if (!c->body) {
		answer_error(r, 400, "BadRequest", "Empty Payload. JSON content expected.");
		return;
	}
	for (p = json_first(c->body); p; p = json_next(p)) {
		if (!check_property(p, r))
			return;
		others = others || !strchr(json_key(p), '@');
	}
	if (json_has(c->body, "isAssignableToRole") &&
	    json_bool(c->body, "isAssignableToRole", false) !=
	    json_bool(group, "isAssignableToRole", false)) {
		bad(r, "The property 'isAssignableToRole' cannot be changed after the group "
		       "was created.");
		return;
	}
	if (others && !require_scope(t, r, SCOPES("Group.ReadWrite.All",
						  "Directory.ReadWrite.All")))
		return;
	if (!group_may_write(t, c, group, members != NULL, r))
		return;
	if (json_count(members) > GROUP_BINDS_MAX) {
		bad(r, "A maximum of 20 relationships can be added in one request.");
		return;
	}
	if (!binds_check(t, c, members, group, r))
		return;
	for (p = json_first(c->body); p; p = json_next(p))
		if (!strchr(json_key(p), '@'))
			json_set(group, json_key(p), json_clone(p));
	if (others)
		group_event(t, "Update group", group);
	binds_add(t, c, group, members, "_members");
	answer_empty(r, 204);
}

static void delete_group(struct tenant *t, const struct tenant_call *c, struct json *group,
			 struct tenant_response *r)
{
	if (!require_scope(t, r, SCOPES("Group.ReadWrite.All", "Directory.ReadWrite.All")) ||
	    !group_may_write(t, c, group, false, r))
		return;
	object_delete(t, "groups", group);
	answer_empty(r, 204);
}

/* Advanced queries do not know a group yet that was made just now. */
struct known_groups {
	struct tenant *t;
	struct odata_walk walk;
	struct odata_source all;
	bool eventual;
};

static bool known_group_at(void *ctx, size_t i, struct odata_item *ret)
{
	struct known_groups *known = ctx;

	if (!known->all.at(known->all.ctx, i, ret))
		return false;
	return !known->eventual ||
	       !replication_is_new(known->t, json_string(ret->object, "id"));
}

static void list(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	struct known_groups known = { .t = t, .eventual = c->eventual };
	struct odata_source s = { .at = known_group_at, .ctx = &known };

	known.all = odata_over(&known.walk, state_list(t, "groups"));
	s.n = known.all.n;
	if (!require_scope(t, r, SCOPES("Group.ReadBasic.All", "Group.Read.All",
					"GroupMember.Read.All", "Directory.Read.All")))
		return;
	if (c->nsegments == 3)
		answer_count(t, c, &s, "group", r);
	else
		answer_source(t, c, &s, "group", false, "groups", r);
}

static void one(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	struct json *group = state_find(t, "groups", c->segments[2]);

	if (!is_guid(c->segments[2]))
		answer_errorf(r, 400, "Request_BadRequest", "Invalid object identifier '%s'.",
			      c->segments[2]);
	else if (!group)
		answer_missing(r, c->segments[2]);
	else if (call_is_method(c, "PATCH"))
		patch(t, c, group, r);
	else if (call_is_method(c, "DELETE"))
		delete_group(t, c, group, r);
	else if (!call_is_method(c, "GET"))
		answer_no_method(r);
	else if (require_scope(t, r, SCOPES("Group.ReadBasic.All", "Group.Read.All",
					    "GroupMember.Read.All", "Directory.Read.All")))
		answer_object(t, c, group, "group", "groups/$entity", r);
}

bool handle_groups(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	if (!str_same_nocase(c->segments[1], "groups") || c->nsegments > 3)
		return false;
	if (c->nsegments == 3 && !str_same(c->segments[2], "$count"))
		one(t, c, r);
	else if (call_is_method(c, "GET"))
		list(t, c, r);
	else if (call_is_method(c, "POST") && c->nsegments == 2)
		create(t, c, r);
	else
		answer_no_method(r);
	return true;
}
