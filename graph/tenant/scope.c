#include "graph/tenant/internal.h"

#include <string.h>

#include "graph/base/str.h"

static const struct json *scopes(const struct tenant *t)
{
	return t->granted ? t->granted : json_get(t->state, "scopes");
}

bool has_scope(const struct tenant *t, const char *scope)
{
	const struct json *list = scopes(t);
	const char *read = strstr(scope, ".Read.");
	struct str wider = { 0 };
	bool found = json_array_has(list, scope);

	/* X.ReadWrite.All includes X.Read.All. */
	if (!found && read) {
		str_add_bytes(&wider, scope, (size_t)(read - scope));
		str_addf(&wider, ".ReadWrite.%s", read + strlen(".Read."));
		found = json_array_has(list, str_text(&wider));
		str_release(&wider);
	}
	return found;
}

void tenant_consent(struct tenant *t, const char *scope)
{
	struct json *list = json_get_mutable(t->state, "scopes");

	if (!json_array_has(list, scope))
		json_append(list, json_new_string(scope));
}

static bool deny(struct tenant_response *r)
{
	answer_error(r, 403, "Authorization_RequestDenied",
		     "Insufficient privileges to complete the operation.");
	return false;
}

bool require_scope(struct tenant *t, struct tenant_response *r, const char *const *any_of)
{
	for (; *any_of; any_of++)
		if (has_scope(t, *any_of))
			return true;
	return deny(r);
}

/* The state names roles by their display name, or as Graph's objects. */
static bool has_role(const struct tenant *t, const char *role)
{
	const struct json *list = json_get(t->state, "roles"), *j;

	for (j = json_first(list); j; j = json_next(j))
		if (str_same(json_text(j), role) || str_same(json_string(j, "displayName"), role))
			return true;
	return false;
}

bool require_role(struct tenant *t, struct tenant_response *r, const char *const *any_of)
{
	if (t->app_only || has_role(t, "Global Administrator"))
		return true;
	for (; *any_of; any_of++)
		if (has_role(t, *any_of))
			return true;
	return deny(r);
}
