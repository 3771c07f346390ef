#include "steps/merge.h"

#include <string.h>

#include "graph/base/str.h"

/* Facts graph.md 5.3. */
static const char *const types[METHOD_COUNT] = {
	[METHOD_AUTHENTICATOR] =
		"#microsoft.graph.microsoftAuthenticatorAuthenticationMethodConfiguration",
	[METHOD_SMS] = "#microsoft.graph.smsAuthenticationMethodConfiguration",
	[METHOD_EMAIL] = "#microsoft.graph.emailAuthenticationMethodConfiguration",
};

/* Takes out annotations, and those of the members below. An annotation has an
 * @ after a name; "@odata.type" alone is part of the value. */
static void strip(struct json *j)
{
	struct json *child = json_first_mutable(j), *next;

	for (; child; child = next) {
		const char *key = json_is(j, JSON_OBJECT) ? json_key(child) : NULL;

		next = json_next_mutable(child);
		if (key && (strchr(key + (*key != '\0'), '@') || str_same(key, "@odata.context")))
			json_remove_child(j, child);
		else if (json_is(child, JSON_OBJECT) || json_is(child, JSON_ARRAY))
			strip(child);
	}
}

struct json *merge_plain(const struct json *j)
{
	struct json *copy = json_clone(j);

	strip(copy);
	return copy;
}

static struct json *parse(const char *text)
{
	struct err err = ERR_INIT;

	return text ? json_parse(text, strlen(text), &err) : NULL;
}

static struct json *targets_as_read(const struct target *v, size_t n)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < n; i++) {
		struct json *j = parse(v[i].json);

		if (!j)
			continue;
		strip(j);
		json_append(list, j);
	}
	return list;
}

static struct json *our_target(enum method_id id, const char *group_id)
{
	struct json *t = json_new_object();

	json_add_string(t, "targetType", "group");
	json_add_string(t, "id", group_id);
	json_add_bool(t, "isRegistrationRequired", false);
	if (id == METHOD_AUTHENTICATOR)
		json_add_string(t, "authenticationMode", "any");
	/* Its default is true: SMS as a way to sign in (facts graph.md 5.3). */
	if (id == METHOD_SMS)
		json_add_bool(t, "isUsableForSignIn", false);
	return t;
}

static struct json *new_body(enum method_id id, bool enabled)
{
	struct json *body = json_new_object();

	json_add_string(body, "@odata.type", types[id]);
	json_add_string(body, "state", enabled ? "enabled" : "disabled");
	return body;
}

struct json *merge_enable(enum method_id id, const struct method *m, const char *group_id)
{
	struct json *body = new_body(id, true), *list;

	if (id == METHOD_AUTHENTICATOR && !m->enabled)
		json_add_bool(body, "isSoftwareOathEnabled", true);
	list = m->enabled ? targets_as_read(m->include, m->ninclude) : json_new_array();
	json_append(list, our_target(id, group_id));
	json_add(body, "includeTargets", list);
	return body;
}

struct json *merge_restore(enum method_id id, const struct method *m)
{
	struct json *body = new_body(id, m->enabled);

	if (id == METHOD_AUTHENTICATOR && !m->enabled)
		json_add_bool(body, "isSoftwareOathEnabled", m->oath);
	json_add(body, "includeTargets", targets_as_read(m->include, m->ninclude));
	return body;
}

struct json *merge_guard(const struct method *m)
{
	struct json *guard = json_new_object();

	json_add_string(guard, "state", m->enabled ? "enabled" : "disabled");
	json_add(guard, "includeTargets", targets_as_read(m->include, m->ninclude));
	json_add(guard, "excludeTargets", targets_as_read(m->exclude, m->nexclude));
	return guard;
}

bool target_is_everybody(const struct target *t)
{
	return str_same_nocase(t->id, "all_users");
}
