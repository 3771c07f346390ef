#include "graph/tenant/scenario_parts.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"

#define SSPR_SERVICE "Self-service Password Management"

static struct json *log_list(struct scenario *s, const char *name)
{
	return json_get_mutable(json_get_mutable(s->state, "log"), name);
}

/* One event; who NULL means the program "Microsoft password reset service". */
static struct json *add_event(struct scenario *s, const char *service, const char *category,
			      const char *activity, const struct json *who,
			      const struct json *target, int64_t age_ms,
			      const char *correlation)
{
	char id[GUID_TEXT], when[TIME_TEXT];
	uint32_t number = ++s->events;
	struct json *e = json_append(log_list(s, "directoryAudits"), part(
		"{'id':'SSPR_%s_%u','category':'%s','correlationId':'%s','result':'success',"
		"'resultReason':'','activityDisplayName':'%s','activityDateTime':'%s',"
		"'loggedByService':'%s','operationType':'Update','initiatedBy':{'app':null},"
		"'targetResources':[],'additionalDetails':[]}",
		scenario_id(s, ID_EVENT, number, id), number, category, correlation, activity,
		time_format_graph(s->now_ms - age_ms, when), service));
	struct json *user = json_add_object(json_get_mutable(e, "initiatedBy"), "user");
	struct json *t = json_append(json_get_mutable(e, "targetResources"), json_new_object());

	json_add_string(user, "id", json_string(who, "id"));
	json_add_string(user, "displayName", NULL);
	json_add_string(user, "userPrincipalName", json_string(who, "userPrincipalName"));
	json_add_string(user, "ipAddress", "203.0.113.7");
	json_add_string(t, "id", target ? json_string(target, "id")
					: json_string(s->state, "tenantId"));
	json_add_string(t, "displayName", target ? json_string(target, "displayName") : NULL);
	json_add_string(t, "type", target ? "User" : "Directory");
	json_add_string(t, "userPrincipalName",
			target ? json_string(target, "userPrincipalName") : NULL);
	json_add_null(t, "groupType");
	json_add_array(t, "modifiedProperties");
	return e;
}

static void set_result(struct json *e, bool well, const char *reason)
{
	json_set_string(e, "result", well ? "success" : "failure");
	json_set_string(e, "resultReason", reason);
}

static void add_detail(struct json *e, const char *key, const char *value)
{
	struct json *d = json_append(json_get_mutable(e, "additionalDetails"), json_new_object());

	json_add_string(d, "key", key);
	json_add_string(d, "value", value);
}

static void add_step(struct scenario *s, const struct json *user, int64_t age_ms,
		     const char *correlation, bool well, const char *reason)
{
	struct json *e = add_event(s, SSPR_SERVICE, "UserManagement",
				   "Self-service password reset flow activity progress", user,
				   user, age_ms, correlation);

	set_result(e, well, reason);
	add_detail(e, "OnPremisesAgent", "None");
}

static const char *new_correlation(struct scenario *s, char out[GUID_TEXT])
{
	return scenario_id(s, ID_CORRELATION, s->events + 1, out);
}

/* The texts of a successful chain, facts graph.md 8.4. */
void scenario_reset(struct scenario *s, const char *alias, int64_t age_ms, const char *way,
		    bool written_back)
{
	const struct json *user = scenario_user(s, alias);
	char correlation[GUID_TEXT], text[160];
	struct json *e;

	new_correlation(s, correlation);
	add_step(s, user, age_ms + 71000, correlation, true, "User submitted their user ID");
	add_step(s, user, age_ms + 64000, correlation, true,
		 "User was presented with verification options");
	snprintf(text, sizeof(text), "User started the %s verification option", way);
	add_step(s, user, age_ms + 52000, correlation, true, text);
	snprintf(text, sizeof(text), "User completed the %s verification option", way);
	add_step(s, user, age_ms + 31000, correlation, true, text);
	add_step(s, user, age_ms + 9000, correlation, true, "User submitted a new password");
	add_step(s, user, age_ms + 400, correlation, true, "User successfully reset password");
	e = add_event(s, SSPR_SERVICE, "UserManagement", "Reset password (self-service)", user,
		      user, age_ms, correlation);
	set_result(e, true, "Successfully completed reset.");
	add_detail(e, "OnPremisesAgent", written_back ? "Microsoft Entra Connect" : "None");
}

void scenario_reset_failed(struct scenario *s, const char *alias, int64_t age_ms,
			   const char *reason)
{
	const struct json *user = scenario_user(s, alias);
	char correlation[GUID_TEXT];
	struct json *e;

	new_correlation(s, correlation);
	add_step(s, user, age_ms + 20000, correlation, true, "User submitted their user ID");
	add_step(s, user, age_ms + 2000, correlation, false, reason);
	e = add_event(s, SSPR_SERVICE, "UserManagement", "Reset password (self-service)", user,
		      user, age_ms, correlation);
	set_result(e, false, reason);
	add_detail(e, "OnPremisesAgent", "None");
}

void scenario_blocked(struct scenario *s, const char *alias, int64_t age_ms, const char *reason)
{
	const struct json *user = scenario_user(s, alias);
	char correlation[GUID_TEXT];
	struct json *e = add_event(s, SSPR_SERVICE, "UserManagement",
				   "Blocked from self-service password reset", user, user,
				   age_ms, new_correlation(s, correlation));

	set_result(e, true, reason);
}

void scenario_registered(struct scenario *s, const char *alias, int64_t age_ms,
			 const char *method)
{
	const struct json *user = scenario_user(s, alias);
	char correlation[GUID_TEXT], text[160];
	struct json *e = add_event(s, "Authentication Methods", "UserManagement",
				   "User registered security info", user, user, age_ms,
				   new_correlation(s, correlation));

	snprintf(text, sizeof(text), "User registered %s", method);
	set_result(e, true, text);
}

void scenario_policy_change(struct scenario *s, const char *actor, int64_t age_ms,
			    const char *field, const char *old_value, const char *new_value)
{
	char correlation[GUID_TEXT];
	struct json *e = add_event(s, SSPR_SERVICE, "DirectoryManagement",
				   "Self-service password reset policy changes",
				   scenario_user(s, actor), NULL, age_ms,
				   new_correlation(s, correlation));
	struct json *target = json_first_mutable(json_get_mutable(e, "targetResources"));
	struct json *change = json_append(json_get_mutable(target, "modifiedProperties"),
					  json_new_object());

	json_set_string(target, "type", "Policy");
	json_add_string(change, "displayName", field);
	json_add_string(change, "oldValue", old_value);
	json_add_string(change, "newValue", new_value);
}

void scenario_writeback_event(struct scenario *s, const char *actor, int64_t age_ms, bool on)
{
	char correlation[GUID_TEXT];

	add_event(s, SSPR_SERVICE, "DirectoryManagement",
		  on ? "Enable password writeback for directory"
		     : "Disable password writeback for directory",
		  scenario_user(s, actor), NULL, age_ms, new_correlation(s, correlation));
}

void scenario_sign_in(struct scenario *s, const char *alias, int64_t age_ms, int error_code,
		      const char *failure)
{
	const struct json *user = scenario_user(s, alias);
	char id[GUID_TEXT], correlation[GUID_TEXT], when[TIME_TEXT];
	struct json *e = json_append(log_list(s, "signIns"), part(
		"{'id':'%s','createdDateTime':'%s','userId':'%s','userPrincipalName':'%s',"
		"'appId':'89bee1f7-5e6e-4d8a-9f3d-ecd601259da7','appDisplayName':"
		"'Office365 Shell WCSS-Client','ipAddress':'203.0.113.7','clientAppUsed':"
		"'Browser','correlationId':'%s','conditionalAccessStatus':'notApplied',"
		"'isInteractive':true,'riskDetail':'none','riskLevelAggregated':'none',"
		"'riskLevelDuringSignIn':'none','riskState':'none','riskEventTypes_v2':[],"
		"'resourceDisplayName':'Windows Azure Active Directory',"
		"'resourceId':'00000002-0000-0000-c000-000000000000',"
		"'appliedConditionalAccessPolicies':[],"
		"'deviceDetail':{'deviceId':'','displayName':'','operatingSystem':'Windows10',"
		"'browser':'Edge 142','isCompliant':false,'isManaged':false,'trustType':''},"
		"'location':{'city':'London','state':'England','countryOrRegion':'GB',"
		"'geoCoordinates':{'altitude':null,'latitude':51.5,'longitude':-0.1}}}",
		scenario_id(s, ID_SIGN_IN, ++s->events, id),
		time_format(s->now_ms - age_ms, when), json_string(user, "id"),
		json_string(user, "userPrincipalName"), new_correlation(s, correlation)));
	struct json *status = json_add_object(e, "status");

	json_add_string(e, "userDisplayName", json_string(user, "displayName"));
	json_add_number(status, "errorCode", error_code);
	json_add_string(status, "failureReason", error_code ? failure : "Other.");
	json_add_null(status, "additionalDetails");
}
