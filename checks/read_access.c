/* Reader of what stands in the way of registration: Conditional Access, and
 * security defaults (facts graph.md 9). */
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/str.h"

#define POLICIES_PATH "/v1.0/identity/conditionalAccess/policies" \
	"?$select=id,displayName,state,conditions,grantControls"
#define DEFAULTS_PATH "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy" \
	"?$select=id,isEnabled"
#define REGISTRATION_ACTION "urn:user:registersecurityinfo"

/* The built-in strength "Phishing-resistant MFA" has this id in every tenant. */
#define PHISHING_RESISTANT "00000000-0000-0000-0000-000000000004"

static void take_controls(struct access_policy *p, const struct json *grant)
{
	const struct json *controls = json_get(grant, "builtInControls");
	const struct json *strength = json_get(grant, "authenticationStrength");

	p->needs_all = str_same_nocase(json_string(grant, "operator"), "AND");
	p->strength = json_is(strength, JSON_OBJECT);
	p->phishing_resistant = str_same_nocase(json_string(strength, "id"), PHISHING_RESISTANT);
	p->mfa = p->strength || json_array_has(controls, "mfa");
	p->block = json_array_has(controls, "block");
	p->managed_device = json_array_has(controls, "compliantDevice") ||
			    json_array_has(controls, "domainJoinedDevice");
	p->other_control = json_array_has(controls, "approvedApplication") ||
			   json_array_has(controls, "compliantApplication") ||
			   json_array_has(controls, "passwordChange") ||
			   json_array_has(controls, "riskRemediation") ||
			   json_count(json_get(grant, "termsOfUse")) ||
			   json_count(json_get(grant, "customAuthenticationFactors"));
}

/* "all" and the browser are how people register; the others are old clients. */
static bool only_old_clients(const struct json *types)
{
	return json_count(types) && !json_array_has(types, "all") &&
	       !json_array_has(types, "browser") &&
	       !json_array_has(types, "mobileAppsAndDesktopClients");
}

static void take_conditions(struct access_policy *p, const struct json *c)
{
	const struct json *apps = json_get(c, "applications");
	const struct json *places = json_get(c, "locations");
	const struct json *platforms = json_at(c, "platforms.includePlatforms");
	const struct json *include = json_get(places, "includeLocations");
	const char *flows = json_string(json_get(c, "authenticationFlows"), "transferMethods");

	p->registration = json_array_has(json_get(apps, "includeUserActions"),
					 REGISTRATION_ACTION);
	p->all_apps = json_array_has(json_get(apps, "includeApplications"), "All");
	p->apps_left_out = json_count(json_get(apps, "excludeApplications")) > 0;
	p->device_code = flows && str_find_nocase(flows, "deviceCodeFlow");
	p->by_risk = json_count(json_get(c, "userRiskLevels")) ||
		     json_count(json_get(c, "signInRiskLevels")) ||
		     json_count(json_get(c, "insiderRiskLevels"));
	p->old_clients = only_old_clients(json_get(c, "clientAppTypes"));
	p->narrowed = (json_count(platforms) && !json_array_has(platforms, "all")) ||
		      json_is(json_at(c, "devices.deviceFilter"), JSON_OBJECT);
	p->outside_trusted = json_count(json_get(places, "excludeLocations")) > 0;
	p->some_places = json_count(include) && !json_array_has(include, "All");
}

static void take_policy(struct access_policy *p, struct arena *a, const struct json *j)
{
	struct str users = { 0 };

	memset(p, 0, sizeof(*p));
	p->id = text_of(a, j, "id");
	p->name = arena_strdup(a, json_string_or(j, "displayName", "(no name)"));
	p->state = arena_strdup(a, json_string_or(j, "state", ""));
	take_controls(p, json_get(j, "grantControls"));
	take_conditions(p, json_get(j, "conditions"));
	json_print(json_at(j, "conditions.users"), &users);
	p->users_json = arena_strdup(a, str_text(&users));
	str_release(&users);
}

enum read_rc read_access(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *policies = io_get(io, POLICIES_PATH, 0);
	const struct reply *defaults = io_get(io, DEFAULTS_PATH, 0);
	struct arena *a = &f->area_arena[AREA_ACCESS];
	struct access *out = &f->access;

	(void)w;
	if (!policies || !defaults)
		return READ_AGAIN;
	if (reply_well(defaults))
		out->security_defaults = tri_of(defaults->json, "isEnabled");
	if (!source_note(f, AREA_ACCESS, POLICIES_PATH, policies))
		return READ_DONE;
	for (const struct json *j = json_first(json_get(policies->json, "value")); j;
	     j = json_next(j)) {
		ARENA_GROW(a, out->all, out->nall, out->all_cap);
		take_policy(&out->all[out->nall], a, j);
		if (out->all[out->nall++].registration) {
			ARENA_GROW(a, out->v, out->n, out->cap);
			out->v[out->n++] = out->all[out->nall - 1];
		}
	}
	return READ_DONE;
}
