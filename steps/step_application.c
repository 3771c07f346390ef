/*
 * The app registration that the wizard signs in with. Not a step of the runbook: it
 * is made once for a tenant, by a sign-in of its own (session_options.registering).
 * Source: Microsoft Graph documentation, "Create application", "Create
 * servicePrincipal", "Create oAuth2PermissionGrant".
 */
#include <string.h>

#include "checks/permissions.h"
#include "graph/sign_in/registration.h"
#include "graph/sign_in/scopes.h"
#include "steps/parts.h"
#include "steps/registration.h"

#define APPLICATIONS "/v1.0/applications"
#define PRINCIPALS "/v1.0/servicePrincipals"
#define GRANTS "/v1.0/oauth2PermissionGrants"

/* Of the sign-in itself; without them a person is asked although an administrator
 * consented for everybody. */
static const char *const of_sign_in[] = { "openid", "profile", "offline_access", NULL };

const char *application_scope_id(const struct facts *f, const char *name)
{
	const struct application_facts *app = &f->application_of;

	for (size_t i = 0; i < app->nscopes; i++)
		if (str_same(app->scopes[i].name, name))
			return app->scopes[i].id;
	return NULL;
}

static void add_access(const struct facts *f, const char *const *names, struct json *list)
{
	for (; *names; names++) {
		const char *id = application_scope_id(f, *names);
		struct json *one;

		/* An older cloud does not have the newest names. */
		if (!id)
			continue;
		one = json_append(list, json_new_object());
		json_add_string(one, "id", id);
		json_add_string(one, "type", "Scope");
	}
}

struct json *application_body(const struct facts *f)
{
	struct json *body = json_new_object(), *access;

	json_add_string(body, "displayName", REGISTRATION_NAME);
	json_add_string(body, "signInAudience", "AzureADMyOrg");
	json_add_bool(body, "isFallbackPublicClient", true);
	json_append_string(json_add_array(json_add_object(body, "publicClient"), "redirectUris"),
			   REGISTRATION_REDIRECT);
	access = json_append(json_add_array(body, "requiredResourceAccess"), json_new_object());
	json_add_string(access, "resourceAppId", GRAPH_APP_ID);
	access = json_add_array(access, "resourceAccess");
	add_access(f, scopes_read_names(), access);
	if (!f->read_only)
		add_access(f, permissions_write_scopes(), access);
	return body;
}

static void plan_application(const struct facts *f, struct step_view *v)
{
	struct change *c = plan_add(&v->plan, v->ops->id, "application.create", MEANS_GRAPH);

	c->title = "Create the app registration " REGISTRATION_NAME;
	c->detail = f->read_only ? "Of this tenant alone, without a secret. It may ask for "
				   "permissions to read; declaring them grants nothing." :
				   "Of this tenant alone, without a secret. It may ask for "
				   "permissions to read, and to write at the step that needs "
				   "one; declaring them grants nothing.";
	c->method = "POST";
	c->url = APPLICATIONS;
	c->body = application_body(f);
	c->yields = "application";
	c->guard_url = APPLICATIONS "?$filter=displayName%20eq%20'" REGISTRATION_NAME
		       "'&$select=id";
	c->guard_expect = json_new_object();
	json_add_array(c->guard_expect, "value");
	c->undo_method = "DELETE";
	c->undo_url = APPLICATIONS "/{id}";
	c->undo = "delete it, while nobody has changed it";
}

static void plan_principal(const struct facts *f, struct step_view *v)
{
	struct change *c = plan_add(&v->plan, v->ops->id, "application.principal", MEANS_GRAPH);

	c->title = "Let the tenant know it: a service principal";
	c->detail = "It holds what is consented to, and shows under Enterprise applications.";
	c->method = "POST";
	c->url = PRINCIPALS;
	c->body = json_new_object();
	json_add_string(c->body, "appId", f->application_of.app_id ?
			f->application_of.app_id : "{appId}");
	c->undo_method = "DELETE";
	c->undo_url = PRINCIPALS "/{id}";
	c->undo = "delete it";
}

/* Everything that reading asks for, and nothing that writes. */
static const char *consent_scopes(const struct facts *f, struct arena *a)
{
	const char *const *lists[] = { of_sign_in, scopes_read_names() };
	const char *out = "";

	for (size_t k = 0; k < 2; k++)
		for (const char *const *name = lists[k]; *name; name++)
			if (application_scope_id(f, *name))
				out = arena_printf(a, "%s%s%s", out, *out ? " " : "", *name);
	return out;
}

static bool consented(const struct facts *f, const char *scopes)
{
	const char *granted = f->application_of.granted;

	for (const char *const *name = scopes_read_names(); granted && *name; name++)
		if (scopes_have(scopes, *name) && !scopes_have(granted, *name))
			return false;
	return granted != NULL;
}

static void plan_consent(const struct facts *f, const char *scopes, struct step_view *v)
{
	struct change *c = plan_add(&v->plan, v->ops->id, "application.consent", MEANS_GRAPH);

	c->title = "Consent for everybody to the permissions to read";
	c->detail = "Whoever signs in with this app may then read with it what their own roles "
		    "let them read. Nothing that writes is consented to.";
	c->method = "POST";
	c->url = GRANTS;
	c->body = json_new_object();
	json_add_string(c->body, "clientId", f->application_of.principal_id);
	json_add_string(c->body, "consentType", "AllPrincipals");
	json_add_string(c->body, "resourceId", f->application_of.graph_id);
	json_add_string(c->body, "scope", scopes);
	c->undo_method = "DELETE";
	c->undo_url = GRANTS "/{id}";
	c->undo = "take the consent back, while it is as it was given";
}

static void set(struct step_view *v, const char *key, const char *name, const char *current,
		const char *wanted, bool matches)
{
	setting_fill(v, step_setting(v, key, name), current, wanted, matches,
		     CONFIDENCE_PROVED, "");
}

static size_t count_words(const char *words)
{
	size_t n = 0;

	for (; words && *words; n++) {
		words += strcspn(words, " ");
		words += strspn(words, " ");
	}
	return n;
}

static void judge_settings(const struct facts *f, struct step_view *v)
{
	const struct application_facts *app = &f->application_of;
	bool one = app->id != NULL;

	set(v, "application.name", "App registration", one ? REGISTRATION_NAME : "none",
	    REGISTRATION_NAME, one);
	set(v, "application.audience", "Who may sign in", !one ? "-" : app->single_tenant ?
	    "this tenant alone" : "other tenants too", "this tenant alone",
	    one && app->single_tenant);
	set(v, "application.redirect", "Redirect address", !one ? "-" : app->redirect ?
	    REGISTRATION_REDIRECT : "another", REGISTRATION_REDIRECT, one && app->redirect);
	set(v, "application.public", "Public client flows", !one ? "-" : app->public_client ?
	    "on" : "off", "on", one && app->public_client);
	set(v, "application.declared", "Permissions declared",
	    arena_printf(&v->arena, "%zu", count_words(app->declared)), "for reading",
	    one && count_words(app->declared) > 0);
	set(v, "application.principal", "Service principal", app->principal_id ? "there" : "none",
	    "there", app->principal_id != NULL);
}

static void judge(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	const struct application_facts *app = &f->application_of;

	(void)w;
	judge_settings(f, v);
	if (app->found > 1) {
		step_decide(v, STEP_BLOCKED, "%zu app registrations have the name "
			    REGISTRATION_NAME ": use the client id of the right one, or delete "
			    "the others", app->found);
		return;
	}
	if (app->id && (!app->single_tenant || !app->redirect || !app->public_client)) {
		step_decide(v, STEP_BLOCKED, "the app registration " REGISTRATION_NAME " is there "
			    "and is not as it should be; the wizard changes none that it did "
			    "not make: change it in the admin centre");
		return;
	}
	if (!app->id)
		plan_application(f, v);
	if (!app->principal_id)
		plan_principal(f, v);
}

static void judge_consent(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	const struct application_facts *app = &f->application_of;
	const char *scopes = consent_scopes(f, &v->plan.arena);
	bool consent = consented(f, scopes);

	(void)w;
	set(v, "consent.everybody", "Consent for everybody", consent ? "to read" :
	    app->granted ? "to a part" : "none", "to read", consent);
	if (consent)
		return;
	if (!app->principal_id)
		step_decide(v, STEP_BLOCKED, "the app registration is not there yet");
	else if (app->granted)
		step_decide(v, STEP_BLOCKED, "a part was consented to already: an administrator "
			    "adds the rest by the consent link");
	else
		plan_consent(f, scopes, v);
}

const struct step_ops step_application = {
	.id = "application",
	.version = 1,
	.number = 1,
	.title = "App registration",
	.why = "The wizard signs in with an app registration of your own tenant.",
	.requires = (const char *const[]){ NULL },
	.areas = AREA_BIT(AREA_ORGANIZATION) | AREA_BIT(AREA_APPLICATION),
	.write_scopes = STRINGS("Application.ReadWrite.All"),
	.judge = judge,
};

const struct step_ops step_consent = {
	.id = "consent",
	.version = 1,
	.number = 2,
	.title = "Consent",
	.why = "An administrator may consent for everybody, so that nobody is asked at the "
	       "sign-in. It can wait: the first administrator who signs in can do it, too.",
	.requires = STRINGS("application"),
	.areas = AREA_BIT(AREA_ORGANIZATION) | AREA_BIT(AREA_APPLICATION),
	.write_scopes = STRINGS("DelegatedPermissionGrant.ReadWrite.All"),
	.judge = judge_consent,
};

const struct step_ops *const steps_registration[] = { &step_application, &step_consent, NULL };
