/*
 * Applications, service principals and consents: what a lost answer created, and
 * whether what was created is still ours alone to delete. An application has a time of
 * creation; a principal is told by its application, of which there is one in a tenant;
 * a consent by whom it is for and what it says.
 */
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/url.h"
#include "steps/compare.h"
#include "steps/engine_internal.h"

#define APPLICATIONS "/v1.0/applications"
#define PRINCIPALS "/v1.0/servicePrincipals"
#define GRANTS "/v1.0/oauth2PermissionGrants"
#define CLOCKS_APART_MS (10 * 60 * 1000)	/* between us and the service */

bool engine_is_object(const char *url)
{
	return str_starts(url, APPLICATIONS) || str_starts(url, PRINCIPALS) ||
	       str_starts(url, GRANTS);
}

static bool same(const struct json *a, const struct json *b, const char *key)
{
	return str_same_nocase(json_string_or(a, key, ""), json_string_or(b, key, ""));
}

static bool is_ours(const struct write *w, const struct json *j)
{
	const char *created = json_string(j, "createdDateTime");
	int64_t ms;

	if (str_starts(w->url, APPLICATIONS))
		return same(j, w->body, "displayName") && created &&
		       time_parse(created, &ms) == 0 &&
		       ms >= w->intent_ms - CLOCKS_APART_MS;
	if (str_starts(w->url, PRINCIPALS))
		return same(j, w->body, "appId");
	return same(j, w->body, "clientId") && same(j, w->body, "resourceId") &&
	       same(j, w->body, "consentType") && same(j, w->body, "scope");
}

static void list_in(struct engine *e, struct graph_call *c)
{
	const struct json *ours = NULL;
	struct err err = ERR_INIT;

	/* One principal is no list, and its absence a 404. */
	if (c->status == 404) {
		e->found(e, NULL, NULL);
		return;
	}
	if (c->err.kind != ERR_NONE) {
		e->found(e, NULL, &c->err);
		return;
	}
	if (!json_has(c->json, "value") && is_ours(&e->write, c->json))
		ours = c->json;
	for (const struct json *j = json_first(json_get(c->json, "value")); j; j = json_next(j)) {
		if (!is_ours(&e->write, j))
			continue;
		if (ours) {
			err_set(&err, ERR_CONFLICT, 0, "two of them could be the one that was "
				"created");
			e->found(e, NULL, &err);
			return;
		}
		ours = j;
	}
	e->found(e, ours, NULL);
}

void engine_find_object(struct engine *e, void (*found)(struct engine *e,
							const struct json *object,
							const struct err *err))
{
	const struct json *body = e->write.body;
	CLEANUP(str_release) struct str path = { 0 };

	e->found = found;
	if (str_starts(e->write.url, APPLICATIONS)) {
		str_add(&path, APPLICATIONS "?$filter=displayName%20eq%20");
		url_odata_string(&path, json_string_or(body, "displayName", ""));
		str_add(&path, "&$select=id,appId,displayName,createdDateTime");
	} else if (str_starts(e->write.url, PRINCIPALS)) {
		str_addf(&path, PRINCIPALS "(appId='%s')?$select=id,appId",
			 json_string_or(body, "appId", ""));
	} else {
		str_add(&path, GRANTS "?$filter=clientId%20eq%20");
		url_odata_string(&path, json_string_or(body, "clientId", ""));
	}
	engine_request(e, "GET", str_text(&path), NULL, list_in);
}

const char *engine_object_path(struct engine *e)
{
	const char *url = e->write.url;

	if (str_starts(url, APPLICATIONS))
		return arena_printf(&e->arena, "%s?$select=id,appId,displayName,createdDateTime,"
				    "signInAudience,isFallbackPublicClient,publicClient,"
				    "requiredResourceAccess,passwordCredentials,keyCredentials",
				    url);
	if (str_starts(url, PRINCIPALS))
		return arena_printf(&e->arena, "%s?$select=id,appId", url);
	return url;
}

const char *engine_object_changed(struct engine *e, const struct json *object)
{
	const struct record *r = &e->record;

	if (str_starts(e->write.url, PRINCIPALS))
		return same(object, r->body, "appId") ? NULL
						      : "it is not the one that was created";
	if (str_starts(e->write.url, APPLICATIONS)) {
		if (!r->result_created ||
		    !str_same(json_string(object, "createdDateTime"), r->result_created))
			return "it is not the one that was created";
		if (json_count(json_get(object, "passwordCredentials")) ||
		    json_count(json_get(object, "keyCredentials")))
			return "somebody gave it a secret or a certificate since";
	}
	return json_holds(object, r->body, NULL) ? NULL : "somebody changed it since";
}
