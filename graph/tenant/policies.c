#include "graph/tenant/internal.h"

#include <string.h>

#include "graph/base/clock.h"
#include "graph/tenant/policy_body.h"

/* How long a GET still shows what was before a PATCH. */
#define LAG_MS 2000
/* Facts graph.md 5.2: a policy over this size is not saved. */
#define SIZE_MAX_BYTES (20 * 1024)

#define CONFIGURATIONS "authenticationMethodConfigurations"

static const char *const read_methods[] = {
	"Policy.Read.AuthenticationMethod", "Policy.Read.All",
	"Policy.ReadWrite.AuthenticationMethod", NULL,
};

static bool is_beta(const struct tenant_call *c)
{
	return str_same(c->segments[0], "beta");
}

static struct json *policy_list(struct tenant *t)
{
	struct json *log = json_get_mutable(t->state, "log");
	struct json *list = json_get_mutable(log, "policyLag");

	return list ? list : json_add_array(log, "policyLag");
}

/* Remembers what GET goes on showing for a while. */
static void lag_begin(struct tenant *t, const char *key, const struct json *before)
{
	struct json *entry = json_append(policy_list(t), json_new_object());

	json_add_string(entry, "key", key);
	json_add_number(entry, "until", (double)(clock_now_ms() + LAG_MS));
	json_add(entry, "old", json_clone(before));
}

/* The same for the policy without its methods, which lag one by one. Returns
 * what was remembered, borrowed. */
static const struct json *lag_begin_policy(struct tenant *t)
{
	struct json *before = json_clone(json_get(t->state, "authenticationMethodsPolicy"));
	struct json *entry = json_append(policy_list(t), json_new_object());

	json_remove(before, CONFIGURATIONS);
	json_add_string(entry, "key", "policy");
	json_add_number(entry, "until", (double)(clock_now_ms() + LAG_MS));
	return json_add(entry, "old", before);
}

/* What a GET shows: the oldest state that is not yet due, or the current. */
static const struct json *lag_shown(struct tenant *t, const char *key,
				    const struct json *current)
{
	struct json *list = policy_list(t), *e = json_first_mutable(list), *next;
	const struct json *shown = NULL;

	for (; e; e = next) {
		next = json_next_mutable(e);
		if (json_int(e, "until", 0) <= clock_now_ms())
			json_remove_child(list, e);
		else if (!shown && str_same(json_string(e, "key"), key))
			shown = json_get(e, "old");
	}
	return shown ? shown : current;
}

static bool has_role(struct tenant *t, struct tenant_response *r, const char *role)
{
	const struct json *roles = json_get(t->state, "roles");

	if (json_array_has(roles, role) || json_array_has(roles, "Global Administrator"))
		return true;
	answer_error(r, 403, "Authorization_RequestDenied",
		     "Insufficient privileges to complete the operation.");
	return false;
}

static void refuse(struct tenant_response *r, struct str *why)
{
	answer_error(r, 400, "Request_BadRequest", str_text(why));
	str_release(why);
}

static void refuse_method(struct tenant_response *r)
{
	answer_error(r, 405, "Request_BadRequest",
		     "Specified HTTP method is not allowed for the request target.");
}

static void stamp(struct json *policy)
{
	char when[TIME_TEXT];

	json_set_string(policy, "lastModifiedDateTime", time_format_graph(clock_now_ms(), when));
}

static void log_change(struct tenant *t, const char *service, const char *category,
		       const char *activity, const char *name, const struct json *before,
		       const struct json *after)
{
	struct json *e = audit_event(t, service, category, activity, "Policy", NULL, name);
	struct json *target = json_first_mutable(json_get_mutable(e, "targetResources"));
	struct json *list = json_get_mutable(target, "modifiedProperties"), *change;
	struct str old_text = { 0 }, new_text = { 0 };

	json_print(before, &old_text);
	json_print(after, &new_text);
	change = json_append(list ? list : json_add_array(target, "modifiedProperties"),
			     json_new_object());
	json_add_string(change, "displayName", name);
	json_add_string(change, "oldValue", str_text(&old_text));
	json_add_string(change, "newValue", str_text(&new_text));
	str_release(&old_text);
	str_release(&new_text);
	audit_add(t, e);
}

/* A configuration as it leaves, with the annotation that real ones carry. */
static struct json *shown_method(struct tenant *t, const struct tenant_call *c,
				 const struct json *m)
{
	struct json *out = json_clone(lag_shown(t, json_string_or(m, "id", ""), m));
	struct str context = { 0 };

	if (!is_beta(c) && json_has(out, "featureSettings"))
		json_remove(json_get_mutable(out, "featureSettings"), "companionAppAllowedState");

	str_addf(&context, "%s/%s/$metadata#policies/authenticationMethodsPolicy/"
		 CONFIGURATIONS "('%s')/%s/includeTargets", c->base, c->segments[0],
		 json_string_or(m, "id", ""),
		 json_string_or(m, "@odata.type", "#") + 1);
	json_add_string(out, "includeTargets@odata.context", str_text(&context));
	str_release(&context);
	return out;
}

static struct json *shown_methods(struct tenant *t, const struct tenant_call *c)
{
	const struct json *policy = json_get(t->state, "authenticationMethodsPolicy");
	struct json *list = json_new_array();

	for (const struct json *m = json_first(json_get(policy, CONFIGURATIONS)); m;
	     m = json_next(m))
		json_append(list, shown_method(t, c, m));
	return list;
}

static void get_methods_policy(struct tenant *t, const struct tenant_call *c,
			       struct tenant_response *r)
{
	const struct json *policy = json_get(t->state, "authenticationMethodsPolicy");
	struct json *out = json_clone(lag_shown(t, "policy", policy));

	/* The entry of the policy itself knows nothing of its methods. */
	json_remove(out, CONFIGURATIONS);
	json_add(out, CONFIGURATIONS, shown_methods(t, c));
	answer_object(t, c, out, "authenticationMethodsPolicy", "authenticationMethodsPolicy", r);
	json_free(out);
}

static bool policy_fits(struct tenant *t, struct str *why)
{
	struct str text = { 0 };
	bool fits;

	json_print(json_get(t->state, "authenticationMethodsPolicy"), &text);
	fits = text.len <= SIZE_MAX_BYTES;
	str_release(&text);
	if (!fits)
		str_add(why, "The policy exceeds the maximum size of 20 KB.");
	return fits;
}

static bool check_migration(const struct json *policy, const struct json *body, struct str *why)
{
	const char *now = json_string_or(policy, "policyMigrationState", "migrationComplete");
	const char *wanted = json_string(body, "policyMigrationState");

	/* Facts graph.md 5.5: whoever has left preMigration cannot go back. */
	if (wanted && str_same(wanted, "preMigration") && !str_same(now, "preMigration")) {
		str_add(why, "The policy migration state cannot go back to preMigration.");
		return false;
	}
	return true;
}

static void patch_methods_policy(struct tenant *t, const struct tenant_call *c,
				 struct tenant_response *r)
{
	static const char *const states[] = {
		"preMigration", "migrationInProgress", "migrationComplete", NULL,
	};
	static const struct body_field fields[] = {
		{ "@odata.type", JSON_STRING, false, NULL },
		{ "registrationEnforcement", JSON_OBJECT, false, NULL },
		{ "policyMigrationState", JSON_STRING, false, states },
		{ NULL, JSON_NULL, false, NULL },
	};
	struct json *policy = json_get_mutable(t->state, "authenticationMethodsPolicy");
	const struct json *enforcement = json_get(c->body, "registrationEnforcement");
	const struct json *before;
	struct json *after;
	struct str why = { 0 };

	if (!body_check(c->body, fields, "authenticationMethodsPolicy", &why) ||
	    (enforcement && !body_check_campaign(t, enforcement, is_beta(c), &why)) ||
	    !check_migration(policy, c->body, &why)) {
		refuse(r, &why);
		return;
	}
	before = lag_begin_policy(t);
	body_apply(policy, c->body);
	stamp(policy);
	log_change(t, "Authentication Methods", "ApplicationManagement",
		   "Authentication Methods Policy Update", "Authentication Methods Policy",
		   before, c->body);
	after = json_clone(policy);
	answer_object(t, c, after, "authenticationMethodsPolicy", "authenticationMethodsPolicy", r);
	json_free(after);
}

static struct json *find_method(struct tenant *t, const char *id)
{
	struct json *policy = json_get_mutable(t->state, "authenticationMethodsPolicy");
	struct json *m = json_first_mutable(json_get_mutable(policy, CONFIGURATIONS));

	while (m && !str_same_nocase(json_string(m, "id"), id))
		m = json_next_mutable(m);
	return m;
}

/* Members of a target that were left out get Graph's defaults. */
static void fill_targets(struct json *m)
{
	struct json *j = json_first_mutable(json_get_mutable(m, "includeTargets"));
	const char *id = json_string_or(m, "id", "");

	for (; j; j = json_next_mutable(j)) {
		if (!json_has(j, "isRegistrationRequired"))
			json_add_bool(j, "isRegistrationRequired", false);
		/* On unless said otherwise: the trap of facts graph.md 5.3. */
		if (str_same(id, "Sms") && !json_has(j, "isUsableForSignIn"))
			json_add_bool(j, "isUsableForSignIn", true);
		if (str_same(id, "MicrosoftAuthenticator") && !json_has(j, "authenticationMode"))
			json_add_string(j, "authenticationMode", "any");
	}
}

static void patch_method(struct tenant *t, const struct tenant_call *c, struct json *m,
			 struct tenant_response *r)
{
	struct json *policy = json_get_mutable(t->state, "authenticationMethodsPolicy");
	struct json *before = json_clone(m);
	struct str why = { 0 };

	if (!body_check_method(t, c->body, m, is_beta(c), &why)) {
		json_free(before);
		refuse(r, &why);
		return;
	}
	body_apply(m, c->body);
	fill_targets(m);
	if (!policy_fits(t, &why)) {
		body_apply(m, before);
		json_free(before);
		refuse(r, &why);
		return;
	}
	lag_begin(t, json_string_or(m, "id", ""), before);
	lag_begin_policy(t);
	stamp(policy);
	log_change(t, "Authentication Methods", "ApplicationManagement",
		   "Authentication Methods Policy Update", json_string_or(m, "id", ""), before, m);
	json_free(before);
	answer_empty(r, 204);
}

static void one_method(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	struct json *m = find_method(t, c->segments[4]);

	if (!m) {
		answer_error(r, 404, "resourceNotFound",
			     "The authentication method configuration was not found.");
	} else if (str_same(c->method, "PATCH")) {
		patch_method(t, c, m, r);
	} else if (str_same(c->method, "GET")) {
		struct json *out = shown_method(t, c, m);

		answer_object(t, c, out, "authenticationMethodConfiguration",
			      CONFIGURATIONS "/$entity", r);
		json_free(out);
	} else {
		refuse_method(r);
	}
}

static void handle_methods(struct tenant *t, const struct tenant_call *c,
			   struct tenant_response *r)
{
	bool patch = str_same(c->method, "PATCH");

	if (patch ? !require_scope(t, r, SCOPES("Policy.ReadWrite.AuthenticationMethod"))
		  : !require_scope(t, r, read_methods))
		return;
	if (patch && !has_role(t, r, "Authentication Policy Administrator"))
		return;
	if (c->nsegments == 5) {
		one_method(t, c, r);
	} else if (c->nsegments == 4 && str_same(c->method, "GET")) {
		struct json *list = shown_methods(t, c);

		answer_collection(t, c, list, "authenticationMethodConfiguration",
				  CONFIGURATIONS, r);
		json_free(list);
	} else if (c->nsegments == 3 && str_same(c->method, "GET")) {
		get_methods_policy(t, c, r);
	} else if (c->nsegments == 3 && patch) {
		patch_methods_policy(t, c, r);
	} else {
		refuse_method(r);
	}
}

static void patch_authorization(struct tenant *t, const struct tenant_call *c,
				struct tenant_response *r)
{
	static const char *const inviters[] = {
		"none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers",
		"everyone", NULL,
	};
	static const struct body_field fields[] = {
		{ "@odata.type", JSON_STRING, false, NULL },
		{ "displayName", JSON_STRING, false, NULL },
		{ "description", JSON_STRING, false, NULL },
		{ "allowedToUseSSPR", JSON_BOOL, false, NULL },
		{ "allowedToSignUpEmailBasedSubscriptions", JSON_BOOL, false, NULL },
		{ "allowEmailVerifiedUsersToJoinOrganization", JSON_BOOL, false, NULL },
		{ "allowInvitesFrom", JSON_STRING, false, inviters },
		{ "allowUserConsentForRiskyApps", JSON_BOOL, true, NULL },
		{ "blockMsolPowerShell", JSON_BOOL, true, NULL },
		{ "guestUserRoleId", JSON_STRING, true, NULL },
		{ "defaultUserRolePermissions", JSON_OBJECT, false, NULL },
		{ NULL, JSON_NULL, false, NULL },
	};
	struct json *policy = json_get_mutable(t->state, "authorizationPolicy"), *before;
	struct str why = { 0 };

	if (!body_check(c->body, fields, "authorizationPolicy", &why)) {
		refuse(r, &why);
		return;
	}
	before = json_clone(policy);
	lag_begin(t, "authorization", policy);
	body_apply(policy, c->body);
	log_change(t, "Core Directory", "AuthorizationPolicy", "Update authorization policy",
		   "Authorization Policy", before, policy);
	json_free(before);
	answer_empty(r, 204);
}

static void handle_authorization(struct tenant *t, const struct tenant_call *c,
				 struct tenant_response *r)
{
	if (str_same(c->method, "PATCH")) {
		if (require_scope(t, r, SCOPES("Policy.ReadWrite.Authorization")) &&
		    has_role(t, r, "Privileged Role Administrator"))
			patch_authorization(t, c, r);
	} else if (!str_same(c->method, "GET")) {
		refuse_method(r);
	} else if (require_scope(t, r, SCOPES("Policy.Read.All",
					      "Policy.ReadWrite.Authorization"))) {
		answer_object(t, c, lag_shown(t, "authorization",
					      json_get(t->state, "authorizationPolicy")),
			      "authorizationPolicy", "authorizationPolicy", r);
	}
}

static void handle_access(struct tenant *t, const struct tenant_call *c,
			  struct tenant_response *r)
{
	const struct json *one;

	if (!str_same(c->method, "GET")) {
		refuse_method(r);
		return;
	}
	if (!require_scope(t, r, SCOPES("Policy.Read.All", "Policy.Read.ConditionalAccess")))
		return;
	if (c->nsegments == 4) {
		answer_collection(t, c, json_get(t->state, "conditionalAccessPolicies"),
				  "conditionalAccessPolicy", "identity/conditionalAccess/policies",
				  r);
		return;
	}
	one = state_find(t, "conditionalAccessPolicies", c->segments[4]);
	if (one)
		answer_object(t, c, one, "conditionalAccessPolicy",
			      "identity/conditionalAccess/policies/$entity", r);
	else
		answer_error(r, 404, "ResourceNotFound", "The policy was not found.");
}

bool handle_policies(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	const char *area = c->nsegments > 1 ? c->segments[1] : "";
	const char *which = c->nsegments > 2 ? c->segments[2] : "";

	if (str_same(area, "identity") && str_same(which, "conditionalAccess") &&
	    (c->nsegments == 4 || c->nsegments == 5) && str_same(c->segments[3], "policies")) {
		handle_access(t, c, r);
		return true;
	}
	if (!str_same(area, "policies"))
		return false;
	if (str_same_nocase(which, "authenticationMethodsPolicy") &&
	    (c->nsegments == 3 ||
	     (c->nsegments <= 5 && str_same(c->segments[3], CONFIGURATIONS)))) {
		handle_methods(t, c, r);
		return true;
	}
	if (str_same(which, "authorizationPolicy") && c->nsegments == 3) {
		handle_authorization(t, c, r);
		return true;
	}
	if (str_same(which, "identitySecurityDefaultsEnforcementPolicy") && c->nsegments == 3) {
		if (!str_same(c->method, "GET"))
			refuse_method(r);
		else if (require_scope(t, r, SCOPES("Policy.Read.All")))
			answer_object(t, c, json_get(t->state, "securityDefaults"),
				      "identitySecurityDefaultsEnforcementPolicy",
				      "policies/identitySecurityDefaultsEnforcementPolicy", r);
		return true;
	}
	return false;
}
