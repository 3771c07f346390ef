/* Reader of the authentication methods policy (facts graph.md 5.1). */
#include <stdio.h>
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/str.h"

#define METHODS_PATH "/v1.0/policies/authenticationMethodsPolicy"
#define NAMES_MAX 8	/* of groups that are asked for by name */

static const char *json_copy(struct arena *a, const struct json *j)
{
	struct str text = { 0 };
	const char *ret;

	json_print(j, &text);
	ret = arena_strdup(a, str_text(&text));
	str_release(&text);
	return ret;
}

/* A group that a method is for, by its name; NULL: the path cannot be made of that id. */
static const char *group_path(const char *id, char path[96])
{
	if (!id || strlen(id) != 36 || id[strspn(id, "0123456789abcdefABCDEF-")])
		return NULL;
	snprintf(path, 96, "/v1.0/groups/%s?$select=id,displayName", id);
	return path;
}

/* A method that is off was prepared for somebody, who is left out when it is enabled
 * for the group: for them the plan wants names. */
static bool wants_names(const struct json *configuration)
{
	return !str_same_nocase(json_string(configuration, "state"), "enabled") &&
	       method_by_graph_id(json_string(configuration, "id")) <= METHOD_EMAIL;
}

/* Asks for the names; false while one is awaited. A group that is gone has none. */
static bool names_read(const struct json *policy, struct io *io)
{
	bool all = true;
	size_t asked = 0;
	char path[96];

	for (const struct json *j =
		     json_first(json_get(policy, "authenticationMethodConfigurations"));
	     j; j = json_next(j))
		for (const struct json *t = json_first(json_get(j, "includeTargets"));
		     t && wants_names(j) && asked < NAMES_MAX; t = json_next(t))
			if (group_path(json_string(t, "id"), path)) {
				all &= io_get(io, path, 0) != NULL;
				asked++;
			}
	return all;
}

static void take_names(struct arena *a, struct method *m, size_t *asked, struct io *io)
{
	char path[96];

	for (size_t i = 0; i < m->ninclude && *asked < NAMES_MAX; i++) {
		const struct reply *r;

		if (!group_path(m->include[i].id, path))
			continue;
		(*asked)++;
		r = io_get(io, path, 0);
		if (r && reply_well(r))
			m->include[i].name = text_of(a, r->json, "displayName");
	}
}

static struct target *take_targets(struct arena *a, const struct json *list, size_t *ret_n)
{
	struct target *v = arena_alloc(a, (json_count(list) + 1) * sizeof(*v));
	size_t n = 0;

	for (const struct json *j = json_first(list); j; j = json_next(j)) {
		v[n].id = arena_strdup(a, json_string_or(j, "id", ""));
		v[n].name = NULL;
		v[n].type = arena_strdup(a, json_string_or(j, "targetType", ""));
		v[n].json = json_copy(a, j);
		n++;
	}
	*ret_n = n;
	return v;
}

static void take_method(struct method *m, struct arena *a, const struct json *j)
{
	m->present = true;
	m->enabled = str_same_nocase(json_string(j, "state"), "enabled");
	m->oath = json_bool(j, "isSoftwareOathEnabled", false);
	m->external_email = str_same_nocase(json_string(j, "allowExternalIdToUseEmailOtp"),
					    "enabled");
	m->include = take_targets(a, json_get(j, "includeTargets"), &m->ninclude);
	m->exclude = take_targets(a, json_get(j, "excludeTargets"), &m->nexclude);
	m->config_json = json_copy(a, j);
}

/* A number of the policy that was given and can be one; else 0. */
static int given(const struct json *j, const char *key)
{
	int64_t n = json_int(j, key, 0);

	return n > 0 && n <= 1000000 ? (int)n : 0;
}

static void take_pass(struct pass_policy *p, const struct json *j)
{
	p->lifetime = given(j, "defaultLifetimeInMinutes");
	p->minimum = given(j, "minimumLifetimeInMinutes");
	p->maximum = given(j, "maximumLifetimeInMinutes");
	p->length = given(j, "defaultLength");
	p->once = tri_of(j, "isUsableOnce");
}

/* Compared without case: documents spell it differently (facts graph.md 5.5). */
static enum migration migration_of(const struct json *policy)
{
	const char *state = json_string(policy, "policyMigrationState");

	if (str_same_nocase(state, "preMigration"))
		return MIGRATION_PRE;
	if (str_same_nocase(state, "migrationInProgress"))
		return MIGRATION_IN_PROGRESS;
	if (str_same_nocase(state, "migrationComplete"))
		return MIGRATION_COMPLETE;
	return state ? MIGRATION_UNKNOWN : MIGRATION_NULL;
}

enum read_rc read_methods(struct facts *f, const struct wanted *w, struct io *io)
{
	struct arena *a = &f->area_arena[AREA_METHODS];
	struct methods_policy *m = &f->methods;
	const struct json *campaign;
	const struct reply *r;
	struct str text = { 0 };
	size_t asked = 0;

	(void)w;
	if (!f->has_methods_policy) {
		source_set(f, AREA_METHODS, SOURCE_ABSENT,
			   "the cloud %s has no authentication methods policy", f->cloud);
		return READ_DONE;
	}
	r = io_get(io, METHODS_PATH, 0);
	if (!r)
		return READ_AGAIN;
	if (reply_well(r) && !names_read(r->json, io))
		return READ_AGAIN;
	if (!source_note(f, AREA_METHODS, METHODS_PATH, r))
		return READ_DONE;
	for (const struct json *j =
		     json_first(json_get(r->json, "authenticationMethodConfigurations"));
	     j; j = json_next(j)) {
		enum method_id id = method_by_graph_id(json_string(j, "id"));

		if (id == METHOD_OTHER)
			continue;
		take_method(&m->method[id], a, j);
		if (id == METHOD_TAP)
			take_pass(&m->pass, j);
		if (wants_names(j))
			take_names(a, &m->method[id], &asked, io);
	}
	m->migration = migration_of(r->json);
	m->modified_ms = time_of(r->json, "lastModifiedDateTime");
	campaign = json_at(r->json,
			   "registrationEnforcement.authenticationMethodsRegistrationCampaign");
	m->campaign_state = text_of(a, campaign, "state");
	m->campaign_json = campaign ? json_copy(a, campaign) : NULL;
	json_print(r->json, &text);
	m->bytes = text.len;
	str_release(&text);
	return READ_DONE;
}
