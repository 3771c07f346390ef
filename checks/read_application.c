/* Reader of the wizard's own app registration: the application, its service
 * principal, and what an administrator consented to for everybody. */
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/str.h"
#include "graph/sign_in/registration.h"

#define GRAPH_PATH "/v1.0/servicePrincipals(appId='" GRAPH_APP_ID "')" \
	"?$select=id,appId,displayName,oauth2PermissionScopes"
#define APPLICATIONS_PATH "/v1.0/applications?$filter=displayName%20eq%20'" \
	REGISTRATION_NAME "'&$select=id,appId,displayName,createdDateTime,signInAudience," \
	"isFallbackPublicClient,publicClient,requiredResourceAccess"

static void take_graph(struct application_facts *app, struct arena *a, const struct json *sp)
{
	app->graph_id = text_of(a, sp, "id");
	for (const struct json *j = json_first(json_get(sp, "oauth2PermissionScopes")); j;
	     j = json_next(j)) {
		if (!json_string(j, "value") || !json_bool(j, "isEnabled", true))
			continue;
		ARENA_GROW(a, app->scopes, app->nscopes, app->scopes_cap);
		app->scopes[app->nscopes++] = (struct scope_id){
			.name = text_of(a, j, "value"), .id = text_of(a, j, "id"),
		};
	}
}

static const char *name_of(const struct application_facts *app, const char *id)
{
	for (size_t i = 0; i < app->nscopes; i++)
		if (str_same_nocase(app->scopes[i].id, id))
			return app->scopes[i].name;
	return NULL;
}

static const char *declared(const struct application_facts *app, struct arena *a,
			    const struct json *list)
{
	const char *out = "";

	for (const struct json *j = json_first(list); j; j = json_next(j)) {
		if (!str_same_nocase(json_string(j, "resourceAppId"), GRAPH_APP_ID))
			continue;
		for (const struct json *k = json_first(json_get(j, "resourceAccess")); k;
		     k = json_next(k)) {
			const char *name = name_of(app, json_string_or(k, "id", ""));

			if (name && str_same(json_string(k, "type"), "Scope"))
				out = arena_printf(a, "%s%s%s", out, *out ? " " : "", name);
		}
	}
	return out;
}

static void take_application(struct application_facts *app, struct arena *a,
			     const struct json *j)
{
	const struct json *redirects = json_at(j, "publicClient.redirectUris");

	app->id = text_of(a, j, "id");
	app->app_id = text_of(a, j, "appId");
	app->created = text_of(a, j, "createdDateTime");
	app->single_tenant = str_same(json_string(j, "signInAudience"), "AzureADMyOrg");
	app->public_client = json_bool(j, "isFallbackPublicClient", false);
	app->redirect = json_array_has(redirects, REGISTRATION_REDIRECT);
	app->declared = declared(app, a, json_get(j, "requiredResourceAccess"));
}

/* The grant of Graph's for everybody, among those of the principal. */
static void take_grants(struct application_facts *app, struct arena *a, const struct json *list)
{
	for (const struct json *j = json_first(list); j; j = json_next(j))
		if (str_same(json_string(j, "consentType"), "AllPrincipals") &&
		    str_same_nocase(json_string(j, "resourceId"), app->graph_id))
			app->granted = text_of(a, j, "scope");
}

/* The principal of the application and its grants. */
static enum read_rc read_principal(struct facts *f, struct io *io)
{
	struct application_facts *app = &f->application_of;
	struct arena *a = &f->area_arena[AREA_APPLICATION];
	const char *path = arena_printf(a, "/v1.0/servicePrincipals(appId='%s')?$select=id,appId",
					app->app_id);
	const struct reply *r = io_get(io, path, 0);

	if (!r)
		return READ_AGAIN;
	if (r->err.kind == ERR_NOT_FOUND)
		return READ_DONE;
	if (!source_note(f, AREA_APPLICATION, path, r))
		return READ_DONE;
	f->source[AREA_APPLICATION].state = SOURCE_UNREAD;
	app->principal_id = text_of(a, r->json, "id");
	path = arena_printf(a, "/v1.0/oauth2PermissionGrants?$filter=clientId%%20eq%%20'%s'",
			    app->principal_id);
	r = io_get(io, path, 0);
	if (!r)
		return READ_AGAIN;
	if (source_note(f, AREA_APPLICATION, path, r))
		take_grants(app, a, json_get(r->json, "value"));
	return READ_DONE;
}

enum read_rc read_application(struct facts *f, const struct wanted *w, struct io *io)
{
	struct application_facts *app = &f->application_of;
	struct arena *a = &f->area_arena[AREA_APPLICATION];
	struct source *source = &f->source[AREA_APPLICATION];
	const struct reply *graph, *apps;

	(void)w;
	if (!f->registering) {
		source_set(f, AREA_APPLICATION, SOURCE_SKIPPED, "no app registration is made");
		return READ_DONE;
	}
	graph = io_get(io, GRAPH_PATH, 0);
	apps = io_get(io, APPLICATIONS_PATH, 0);
	if (!graph || !apps)
		return READ_AGAIN;
	if (!source_note(f, AREA_APPLICATION, GRAPH_PATH, graph) ||
	    !source_note(f, AREA_APPLICATION, APPLICATIONS_PATH, apps))
		return READ_DONE;
	if (!app->graph_id) {
		take_graph(app, a, graph->json);
		app->found = json_count(json_get(apps->json, "value"));
		if (app->found == 1)
			take_application(app, a, json_first(json_get(apps->json, "value")));
	}
	if (app->found != 1)
		return READ_DONE;
	source->state = SOURCE_UNREAD;
	if (read_principal(f, io) == READ_AGAIN)
		return READ_AGAIN;
	if (source->state == SOURCE_UNREAD)
		source->state = SOURCE_READ;
	return READ_DONE;
}
