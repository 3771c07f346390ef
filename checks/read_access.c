/* Reader of what stands in the way of registration: Conditional Access on the
 * user action, and security defaults (facts graph.md 9). */
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/str.h"

#define POLICIES_PATH "/v1.0/identity/conditionalAccess/policies" \
	"?$select=id,displayName,state,conditions,grantControls"
#define DEFAULTS_PATH "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy" \
	"?$select=id,isEnabled"
#define REGISTRATION_ACTION "urn:user:registersecurityinfo"

static void take_policy(struct access_policy *p, struct arena *a, const struct json *j)
{
	const struct json *controls = json_at(j, "grantControls.builtInControls");
	const struct json *excluded = json_at(j, "conditions.locations.excludeLocations");
	struct str users = { 0 };

	memset(p, 0, sizeof(*p));
	p->id = text_of(a, j, "id");
	p->name = arena_strdup(a, json_string_or(j, "displayName", "(no name)"));
	p->state = arena_strdup(a, json_string_or(j, "state", ""));
	p->block = json_array_has(controls, "block");
	p->mfa = json_array_has(controls, "mfa") ||
		 json_is(json_at(j, "grantControls.authenticationStrength"), JSON_OBJECT);
	p->managed_device = json_array_has(controls, "compliantDevice") ||
			    json_array_has(controls, "domainJoinedDevice");
	p->outside_trusted = json_count(excluded) > 0;
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
		if (!json_array_has(json_at(j, "conditions.applications.includeUserActions"),
				    REGISTRATION_ACTION))
			continue;
		ARENA_GROW(a, out->v, out->n, out->cap);
		take_policy(&out->v[out->n++], a, j);
	}
	return READ_DONE;
}
