#include "graph/tenant/scenario_parts.h"

#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/tenant/internal.h"
#include "graph/tenant/scenario_parts.h"

/* The gallery template that Cloud Sync's service principals come from (facts
 * graph.md 2.5). */
#define CLOUD_SYNC_TEMPLATE "1a4721b3-e57f-4451-ae87-ef078703ec94"

static const char *add_service(struct scenario *s, const char *name, const char *template_id)
{
	char id[GUID_TEXT], app[GUID_TEXT];
	uint32_t number = ++s->services;
	struct json *sp = json_append(json_get_mutable(s->state, "servicePrincipals"), part(
		"{'id':'%s','appId':'%s','deletedDateTime':null,'accountEnabled':true,"
		"'appDisplayName':'%s','displayName':'%s','servicePrincipalType':'Application',"
		"'appOwnerOrganizationId':'%s','appRoleAssignmentRequired':false,"
		"'signInAudience':'AzureADMyOrg','tags':[],'servicePrincipalNames':['%s']}",
		scenario_id(s, ID_SERVICE, number, id), scenario_id(s, ID_APP, number, app), name,
		name, json_string(s->state, "tenantId"), app));

	json_add_string(sp, "applicationTemplateId", template_id);
	return json_string(sp, "id");
}

static void stamp_synced(struct json *list, const char *when)
{
	for (struct json *j = json_first_mutable(list); j; j = json_next_mutable(j))
		if (json_bool(j, "onPremisesSyncEnabled", false))
			json_set_string(j, "onPremisesLastSyncDateTime", when);
}

void scenario_hybrid(struct scenario *s, int64_t sync_age_ms, const char *server)
{
	struct json *org = json_get_mutable(s->state, "organization");
	struct json *on_premises = json_get_mutable(s->state, "onPremisesSspr");
	char when[TIME_TEXT];

	json_set_bool(org, "onPremisesSyncEnabled", true);
	json_set_string(org, "onPremisesLastSyncDateTime",
			time_format(s->now_ms - sync_age_ms, when));
	stamp_synced(json_get_mutable(s->state, "users"), when);
	stamp_synced(json_get_mutable(s->state, "groups"), when);
	json_set_string(on_premises, "objectId", "default");
	json_set_bool(on_premises, "accountUnlockSupported", true);
	if (server) {
		char *name = xasprintf("ConnectSyncProvisioning_%s_e72762af8e46", server);

		add_service(s, name, NULL);
		free_ptr(&name);
	}
}

void scenario_writeback_roles(struct scenario *s, int64_t age_ms)
{
	/* Refresh, register, offboard (Microsoft Learn: "Authenticate to Microsoft
	 * Entra ID by using application identity"). */
	static const char *const roles[] = {
		"fc7e8088-95b5-453e-8bef-b17ecfec5ba3", "e006e431-a65b-4f3e-8808-77d29d4c5f1a",
		"69201c67-737b-4a20-8f16-e0c8c64e0b0e",
	};
	/* The reset service is the first, the application that syncs the next. */
	const struct json *service = json_first(json_get(s->state, "servicePrincipals"));
	const struct json *sp = json_next(service);
	char when[TIME_TEXT];

	for (size_t i = 0; i < COUNT_OF(roles); i++)
		json_append(json_get_mutable(s->state, "resetServiceRoles"), part(
			"{'id':'role-%zu','deletedDateTime':null,'appRoleId':'%s',"
			"'createdDateTime':'%s','principalDisplayName':'%s','principalId':'%s',"
			"'principalType':'ServicePrincipal','resourceDisplayName':"
			"'Microsoft password reset service','resourceId':'%s'}", i, roles[i],
			time_format(s->now_ms - age_ms, when), json_string(sp, "displayName"),
			json_string(sp, "id"), json_string(service, "id")));
}

void scenario_cloud_sync(struct scenario *s, const char *code)
{
	const char *service = add_service(s, "ad.contoso.com", CLOUD_SYNC_TEMPLATE);
	bool well = str_same(code, "Active");
	char began[TIME_TEXT], ended[TIME_TEXT], next[TIME_TEXT];
	struct json *job, *list;

	time_format(s->now_ms - (well ? 3 * MINUTE_MS : 3 * DAY_MS), began);
	time_format(s->now_ms - (well ? 2 * MINUTE_MS : 3 * DAY_MS - MINUTE_MS), ended);
	time_format(s->now_ms + 4 * HOUR_MS, next);
	job = part("{'id':'AD2AADProvisioning.fc96887f36da47508c935c28a0c0b6da',"
		   "'templateId':'AD2AADProvisioning','synchronizationJobSettings':[],"
		   "'schedule':{'expiration':null,'interval':'PT2M','state':'Active'},"
		   "'status':{'code':'%s','countSuccessiveCompleteFailures':%d,"
		   "'escrowsPruned':false,'progress':[],'synchronizedEntryCountByType':[],"
		   "'troubleshootingUrl':null,'steadyStateFirstAchievedTime':'%s',"
		   "'steadyStateLastAchievedTime':'%s','quarantine':null,"
		   "'lastSuccessfulExecution':{'activityIdentifier':null,'countEntitled':24,"
		   "'state':'Succeeded','timeBegan':'%s','timeEnded':'%s'},"
		   "'lastExecution':{'activityIdentifier':null,'countEntitled':24,"
		   "'state':'%s','timeBegan':'%s','timeEnded':'%s'}}}",
		   code, well ? 0 : 9, began, ended, began, ended,
		   well ? "Succeeded" : "Failed", began, ended);
	if (!well)
		json_set(json_get_mutable(job, "status"), "quarantine", part(
			"{'currentBegan':'%s','nextAttempt':'%s','reason':"
			"'EncounteredQuarantineException','seriesBegan':'%s','seriesCount':9,"
			"'error':{'code':'HybridIdentityServiceNoAgentsAssigned','message':"
			"'No active agent is assigned to the domain.','tenantActionable':true}}",
			ended, next, ended));
	list = json_add_array(json_get_mutable(s->state, "synchronizationJobs"), service);
	json_append(list, job);
}

static struct json *one_target(const char *method, const char *id)
{
	struct json *t = json_new_object();

	json_add_string(t, "targetType", "group");
	json_add_string(t, "id", id);
	json_add_bool(t, "isRegistrationRequired", false);
	if (str_same(method, "MicrosoftAuthenticator"))
		json_add_string(t, "authenticationMode", "any");
	if (str_same(method, "Sms"))
		json_add_bool(t, "isUsableForSignIn", false);
	if (str_same(method, "Fido2"))
		json_add_array(t, "allowedPasskeyProfiles");
	return t;
}

struct json *scenario_method(struct scenario *s, const char *id, bool enabled,
			     const char *targets)
{
	struct json *policy = json_get_mutable(s->state, "authenticationMethodsPolicy");
	struct json *m = json_first_mutable(
		json_get_mutable(policy, "authenticationMethodConfigurations"));
	struct json *ids = json_new_array(), *list;

	while (m && !str_same(json_string(m, "id"), id))
		m = json_next_mutable(m);
	if (!m)
		die("the scenario has no method \"%s\"", id);
	json_set_string(m, "state", enabled ? "enabled" : "disabled");
	list = json_new_array();
	if (str_same(targets, "all_users"))
		json_append_string(ids, targets);
	else
		scenario_ids_add(s, ids, targets);
	for (const struct json *j = json_first(ids); j; j = json_next(j))
		json_append(list, one_target(id, json_text(j)));
	json_set(m, "includeTargets", list);
	json_free(ids);
	return m;
}

void scenario_migration(struct scenario *s, const char *policy_migration_state)
{
	json_set_string(json_get_mutable(s->state, "authenticationMethodsPolicy"),
			"policyMigrationState", policy_migration_state);
}

struct json *scenario_access(struct scenario *s, const char *name, const char *state,
			     const char *grant, bool outside_trusted)
{
	char id[GUID_TEXT], made[TIME_TEXT];
	struct json *p = part(
		"{'id':'%s','templateId':null,'createdDateTime':'%s','modifiedDateTime':null,"
		"'state':'%s','sessionControls':null,'conditions':{'userRiskLevels':[],"
		"'signInRiskLevels':[],'clientAppTypes':['all'],"
		"'servicePrincipalRiskLevels':[],'platforms':null,'locations':null,"
		"'devices':null,'clientApplications':null,'authenticationFlows':null,"
		"'insiderRiskLevels':null,'applications':{'includeApplications':[],"
		"'excludeApplications':[],'includeUserActions':"
		"['urn:user:registersecurityinfo'],"
		"'includeAuthenticationContextClassReferences':[],'applicationFilter':null},"
		"'users':{'includeUsers':['All'],'excludeUsers':[],'includeGroups':[],"
		"'excludeGroups':[],'includeRoles':[],'excludeRoles':[],"
		"'includeGuestsOrExternalUsers':null,'excludeGuestsOrExternalUsers':null}},"
		"'grantControls':{'operator':'OR','builtInControls':['%s'],"
		"'customAuthenticationFactors':[],'termsOfUse':[],"
		"'authenticationStrength':null}}",
		scenario_id(s, ID_ACCESS, ++s->policies, id),
		time_format(s->now_ms - 150 * DAY_MS, made), state, grant);

	json_add_string(p, "displayName", name);
	if (outside_trusted)
		json_set(json_get_mutable(p, "conditions"), "locations", part_text(
			"{'includeLocations':['All'],'excludeLocations':['AllTrusted']}"));
	return json_append(json_get_mutable(s->state, "conditionalAccessPolicies"), p);
}

struct json *scenario_access_apps(struct scenario *s, const char *name, const char *state,
				  const char *grant, bool outside_trusted)
{
	struct json *p = scenario_access(s, name, state, grant, outside_trusted);

	json_set(json_get_mutable(p, "conditions"), "applications", part_text(
		"{'includeApplications':['All'],'excludeApplications':[],'includeUserActions':[],"
		"'includeAuthenticationContextClassReferences':[],'applicationFilter':null}"));
	return p;
}

void scenario_password_rules(struct scenario *s, const char *mode, int threshold,
			     const char *words)
{
	char id[GUID_TEXT];

	json_append(json_get_mutable(s->state, "groupSettings"), part(
		"{'id':'%s','displayName':'Password Rule Settings',"
		"'templateId':'5cf42378-d67d-4f36-ba46-e8b86229381d','values':["
		"{'name':'BannedPasswordCheckOnPremisesMode','value':'%s'},"
		"{'name':'EnableBannedPasswordCheckOnPremises','value':'True'},"
		"{'name':'EnableBannedPasswordCheck','value':'%s'},"
		"{'name':'LockoutDurationInSeconds','value':'60'},"
		"{'name':'LockoutThreshold','value':'%d'},"
		"{'name':'BannedPasswordList','value':'%s'}]}",
		scenario_id(s, ID_ACCESS, 900, id), mode, *words ? "True" : "False", threshold,
		words));
}

void scenario_sspr(struct scenario *s, const char *field, struct json *take)
{
	json_set(json_get_mutable(s->state, "sspr"), field, take);
}

void scenario_scope(struct scenario *s, int scope, const char *group)
{
	struct json *ids = json_new_array();

	if (group)
		json_append_string(ids, scenario_group_id(s, group));
	scenario_sspr(s, "enablementType", json_new_number(scope));
	scenario_sspr(s, "passwordResetEnabledGroupIds", ids);
	scenario_sspr(s, "passwordResetEnabledGroupName", json_new_string(group ? group : ""));
}

void scenario_writeback(struct scenario *s, bool on)
{
	struct json *on_premises = json_get_mutable(s->state, "onPremisesSspr");

	json_set_bool(on_premises, "enablementForTenant", on);
	json_set_bool(on_premises, "passwordWritebackSupported", on);
	json_set_bool(on_premises, "accountUnlockEnabled", on);
}
