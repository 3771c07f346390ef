#include "graph/tenant/scenario_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/tenant/internal.h"
#include "graph/tenant/registration.h"
#include "graph/tenant/scenario_defaults.h"

struct json *part_text(const char *text)
{
	struct err err = ERR_INIT;
	char *copy = xstrdup(text);
	struct json *j;

	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	j = json_parse_raw(copy, strlen(copy), &err);
	if (!j)
		die("a part of a scenario is no JSON: %s: %.80s", err.msg, text);
	free_ptr(&copy);
	return j;
}

struct json *part(const char *fmt, ...)
{
	va_list ap;
	char buf[4096];
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(buf))
		die("a part of a scenario is too long: %.80s", fmt);
	return part_text(buf);
}

const char *scenario_id(struct scenario *s, enum id_kind kind, uint32_t number,
			char out[GUID_TEXT])
{
	return fixed_id(kind, s->salt << 20 | number, out);
}

static void add_organization(struct scenario *s, const char *display_name,
			     const char *tenant_id, const char *domain, const char *initial)
{
	char when[TIME_TEXT];
	struct json *org = json_add(s->state, "organization", part(
		"{'id':'%s','deletedDateTime':null,'tenantType':'AAD',"
		"'createdDateTime':'%s','city':'London','country':null,'countryLetterCode':'GB',"
		"'defaultUsageLocation':'GB','preferredLanguage':'en','businessPhones':[],"
		"'onPremisesSyncEnabled':null,'onPremisesLastSyncDateTime':null,"
		"'partnerTenantType':null,'technicalNotificationMails':['it@%s'],"
		"'securityComplianceNotificationMails':[],'marketingNotificationEmails':[],"
		"'assignedPlans':[],'provisionedPlans':[],'verifiedDomains':["
		"{'capabilities':'Email, OfficeCommunicationsOnline','isDefault':true,"
		"'isInitial':false,'name':'%s','type':'Managed'},"
		"{'capabilities':'Email, OfficeCommunicationsOnline','isDefault':false,"
		"'isInitial':true,'name':'%s','type':'Managed'}]}",
		tenant_id, time_format(s->now_ms - 1500 * DAY_MS, when), domain, domain,
		initial));
	json_add_string(org, "displayName", display_name);
	json_add(s->state, "domains", part(
		"[{'id':'%s','authenticationType':'Managed','isAdminManaged':true,"
		"'isDefault':true,'isInitial':false,'isRoot':true,'isVerified':true,"
		"'supportedServices':['Email','OfficeCommunicationsOnline'],"
		"'passwordValidityPeriodInDays':2147483647,"
		"'passwordNotificationWindowInDays':14},"
		"{'id':'%s','authenticationType':'Managed','isAdminManaged':true,"
		"'isDefault':false,'isInitial':true,'isRoot':true,'isVerified':true,"
		"'supportedServices':['Email','OfficeCommunicationsOnline'],"
		"'passwordValidityPeriodInDays':2147483647,"
		"'passwordNotificationWindowInDays':14}]", domain, initial));
}

void scenario_begin(struct scenario *s, const char *name, uint32_t salt,
		    const char *display_name, const char *domain, const char *initial_domain)
{
	static const char *const lists[] = {
		"subscribedSkus", "users", "groups", "servicePrincipals", "directoryRoles",
		"conditionalAccessPolicies", "secureScores", "registration", "troubles",
		"groupSettings", "resetServiceRoles", "applications", "oauth2PermissionGrants",
	};
	static const char *const logs[] = {
		"directoryAudits", "signIns", "deletedItems", "pending",
	};
	char id[GUID_TEXT], when[TIME_TEXT];
	struct json *log, *policy;

	*s = (struct scenario){
		.state = json_new_object(), .now_ms = clock_now_ms(), .salt = salt,
		.domain = domain,
	};
	json_add_string(s->state, "format", "sspr-wizard/tenant/1");
	json_add_string(s->state, "scenario", name);
	json_add_number(s->state, "users_total", 0);
	json_add_string(s->state, "tenantId", scenario_id(s, ID_TENANT, 1, id));
	add_organization(s, display_name, id, domain, initial_domain);
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		json_add_array(s->state, lists[i]);
	json_add_object(s->state, "synchronizationJobs");
	json_add(s->state, "directorySynchronization", part(
		"{'id':'%s','configuration':{'accidentalDeletionPrevention':"
		"{'synchronizationPreventionType':'enabledForCount','alertThreshold':500}}}", id));
	json_add(json_get_mutable(s->state, "directorySynchronization"), "features",
		 part_text(default_synchronization_features));
	policy = json_add(s->state, "authenticationMethodsPolicy",
			  part_text(default_methods_policy));
	json_set_string(policy, "lastModifiedDateTime",
			time_format_graph(s->now_ms - 61 * DAY_MS, when));
	json_add(s->state, "authorizationPolicy", part_text(default_authorization_policy));
	json_add(s->state, "securityDefaults", part_text(default_security_defaults));
	json_add(s->state, "branding", part_text(default_branding));
	json_add(s->state, "sspr", part_text(default_sspr));
	json_add(s->state, "onPremisesSspr", part_text(default_on_premises_sspr));
	json_add(s->state, "scopes", part_text(default_scopes));
	json_add(s->state, "roles", part_text("['Global Administrator']"));
	/* The service that resets passwords is in every tenant (facts graph.md 2.3). */
	json_append(json_get_mutable(s->state, "servicePrincipals"), part(
		"{'id':'%s','appId':'" RESET_SERVICE_APP "','deletedDateTime':null,"
		"'accountEnabled':true,'displayName':'Microsoft password reset service',"
		"'appDisplayName':'Microsoft password reset service',"
		"'servicePrincipalType':'Application','tags':[]}",
		scenario_id(s, ID_SERVICE, 0, id)));
	log = json_add_object(s->state, "log");
	for (size_t i = 0; i < COUNT_OF(logs); i++)
		json_add_array(log, logs[i]);
}

struct json *scenario_person(struct scenario *s, const struct person_spec *p)
{
	struct json *u = person_new(p, s->salt << 20 | ++s->users, s->domain, s->now_ms);

	json_add_string(u, "_alias", p->alias);
	return json_append(json_get_mutable(s->state, "users"), u);
}

void scenario_people(struct scenario *s, const struct person_spec *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		scenario_person(s, &p[i]);
}

static struct json *find_by(struct json *list, const char *key, const char *value)
{
	for (struct json *j = json_first_mutable(list); j; j = json_next_mutable(j))
		if (str_same(json_string(j, key), value))
			return j;
	die("the scenario has nobody and nothing named \"%s\"", value);
}

struct json *scenario_user(struct scenario *s, const char *alias)
{
	return find_by(json_get_mutable(s->state, "users"), "_alias", alias);
}

void scenario_has(struct scenario *s, const char *alias, unsigned methods)
{
	json_set(scenario_user(s, alias), "_methods", methods_list(methods));
}

const char *scenario_user_id(struct scenario *s, const char *alias)
{
	return json_string(scenario_user(s, alias), "id");
}

const char *scenario_group_id(struct scenario *s, const char *name)
{
	return json_string(find_by(json_get_mutable(s->state, "groups"), "displayName", name),
			   "id");
}

void scenario_ids_add(struct scenario *s, struct json *list, const char *aliases)
{
	char *copy = xstrdup(aliases ? aliases : ""), *rest = copy;

	while (*rest) {
		size_t len = strcspn(rest, " ");
		char *next = rest + len + (rest[len] == ' ');

		rest[len] = '\0';
		if (*rest == '@')
			json_append_string(list, scenario_group_id(s, rest + 1));
		else if (*rest)
			json_append_string(list, scenario_user_id(s, rest));
		rest = next;
	}
	free_ptr(&copy);
}

struct json *scenario_group(struct scenario *s, const char *name, const char *description,
			    unsigned flags, const char *members)
{
	char id[GUID_TEXT], when[TIME_TEXT];
	uint32_t number = ++s->groups;
	bool mail = flags & (GROUP_MAIL | GROUP_UNIFIED);
	bool on_premises = flags & GROUP_ON_PREMISES;
	struct json *g = json_append(json_get_mutable(s->state, "groups"), json_new_object());
	struct json *types;
	char *address = xasprintf("%s@%s", name, s->domain);

	json_add_string(g, "id", scenario_id(s, ID_GROUP, number, id));
	json_add_string(g, "displayName", name);
	json_add_string(g, "description", description);
	json_add_null(g, "deletedDateTime");
	json_add_string(g, "createdDateTime",
			time_format(s->now_ms - (30 + (int64_t)number * 41) * DAY_MS, when));
	types = json_add_array(g, "groupTypes");
	if (flags & GROUP_DYNAMIC)
		json_append_string(types, "DynamicMembership");
	if (flags & GROUP_UNIFIED)
		json_append_string(types, "Unified");
	json_add_bool(g, "securityEnabled", !(flags & GROUP_UNIFIED));
	json_add_bool(g, "mailEnabled", mail);
	json_add_string(g, "mailNickname", name);
	json_add_string(g, "mail", mail ? address : NULL);
	json_add_array(g, "proxyAddresses");
	json_add_bool(g, "isAssignableToRole", false);
	json_add_bool(g, "isManagementRestricted", false);
	json_add_string(g, "membershipRule",
			flags & GROUP_DYNAMIC ? "(user.userType -eq \"Member\")" : NULL);
	json_add_string(g, "membershipRuleProcessingState", flags & GROUP_DYNAMIC ? "On" : NULL);
	json_add_string(g, "visibility", flags & GROUP_UNIFIED ? "Private" : NULL);
	if (on_premises)
		json_add_bool(g, "onPremisesSyncEnabled", true);
	else
		json_add_null(g, "onPremisesSyncEnabled");
	json_add_string(g, "onPremisesLastSyncDateTime",
			on_premises ? time_format(s->now_ms - 12 * MINUTE_MS, when) : NULL);
	json_add_string(g, "onPremisesSamAccountName", on_premises ? name : NULL);
	json_add_array(g, "onPremisesProvisioningErrors");
	json_add_array(g, "serviceProvisioningErrors");
	scenario_ids_add(s, json_add_array(g, "_members"), members);
	json_add_array(g, "_owners");
	free_ptr(&address);
	return g;
}

void scenario_role(struct scenario *s, const char *name, const char *template_id,
		   const char *members)
{
	char id[GUID_TEXT];
	struct json *role = json_append(json_get_mutable(s->state, "directoryRoles"), part(
		"{'id':'%s','deletedDateTime':null,'displayName':'%s','description':'%s',"
		"'roleTemplateId':'%s','_members':[]}",
		scenario_id(s, ID_ROLE, ++s->roles, id), name, name, template_id));

	scenario_ids_add(s, json_get_mutable(role, "_members"), members);
}

void scenario_least_roles(struct scenario *s, const char *alias)
{
	static const struct {
		const char *name, *template_id;
	} roles[] = {
		{ "Authentication Policy Administrator", "0526716b-113d-4c15-b2c8-68e3c22b9f80" },
		{ "Groups Administrator", "fdd7a751-b60b-444a-984c-02652fe8fa1c" },
		{ "Privileged Role Administrator", "e8611ab8-c189-46e8-94e1-60213ab1f814" },
		{ "Reports Reader", "4a5d8f65-41da-4de4-8968-e035b65339cf" },
		{ "Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509" },
	};
	struct json *held = json_new_array(), *members = json_get_mutable(
		find_by(json_get_mutable(s->state, "directoryRoles"), "displayName",
			"Global Administrator"), "_members");
	const char *id = scenario_user_id(s, alias);

	for (struct json *j = json_first_mutable(members), *next; j; j = next) {
		next = json_next_mutable(j);
		if (str_same(json_text(j), id))
			json_remove_child(members, j);
	}
	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		scenario_role(s, roles[i].name, roles[i].template_id, alias);
		json_append_string(held, roles[i].name);
	}
	json_set(s->state, "roles", held);
}

void scenario_role_member(struct scenario *s, const char *role, const char *alias)
{
	struct json *r = find_by(json_get_mutable(s->state, "directoryRoles"), "displayName",
				 role);

	scenario_ids_add(s, json_get_mutable(r, "_members"), alias);
}

struct json *scenario_seats(struct scenario *s, enum licence l, int seats)
{
	const struct licence_kind *kind = &licence_kinds[l];
	const char *tenant = json_string(s->state, "tenantId");
	char id[GUID_TEXT];
	struct json *sku = json_append(json_get_mutable(s->state, "subscribedSkus"), part(
		"{'id':'%s_%s','accountId':'%s','accountName':'%s','appliesTo':'User',"
		"'capabilityStatus':'Enabled','consumedUnits':0,'skuId':'%s',"
		"'skuPartNumber':'%s','subscriptionIds':['%s'],'prepaidUnits':"
		"{'enabled':%d,'suspended':0,'warning':0,'lockedOut':0},'servicePlans':[]}",
		tenant, kind->sku_id, tenant, json_string(s->state, "scenario"), kind->sku_id,
		kind->part_number, scenario_id(s, ID_SUBSCRIPTION, (uint32_t)l, id), seats));
	struct json *plans = json_get_mutable(sku, "servicePlans");

	for (const struct licence_plan *p = kind->plans; p->id; p++)
		json_append(plans, part(
			"{'servicePlanId':'%s','servicePlanName':'%s',"
			"'provisioningStatus':'Success','appliesTo':'User'}", p->id, p->name));
	return sku;
}

void scenario_trouble(struct scenario *s, const char *id, const char *finding, const char *what)
{
	struct json *t = json_append(json_get_mutable(s->state, "troubles"), json_new_object());

	json_add_string(t, "id", id);
	json_add_string(t, "finding", finding);
	json_add_string(t, "what", what);
}

static void count_seats(struct json *state)
{
	struct json *sku = json_first_mutable(json_get_mutable(state, "subscribedSkus"));

	for (; sku; sku = json_next_mutable(sku)) {
		const struct json *u = json_first(json_get(state, "users")), *l;
		int used = 0;

		for (; u; u = json_next(u))
			for (l = json_first(json_get(u, "assignedLicenses")); l; l = json_next(l))
				used += str_same(json_string(l, "skuId"),
						 json_string(sku, "skuId"));
		json_set_number(sku, "consumedUnits", used);
	}
}

static void add_control(struct json *score, const char *name, int percent, const char *when)
{
	json_append(json_get_mutable(score, "controlScores"), part(
		"{'controlCategory':'Identity','controlName':'%s','description':'','score':%.1f,"
		"'scoreInPercentage':%d.0,'count':'%d','total':'100','lastSynced':'%s',"
		"'implementationStatus':''}", name, percent / 100.0, percent, percent, when));
}

/* Made each day, and completed where it no longer applies (facts portal-api.md 5.5). */
static void add_recommendation(struct scenario *s, int may, int all)
{
	char when[TIME_TEXT];

	time_format(s->now_ms - 7 * HOUR_MS, when);
	json_add(s->state, "recommendation", part(
		"{'id':'%s_selfServicePasswordReset','recommendationType':"
		"'selfServicePasswordReset','displayName':'Enable self-service password reset',"
		"'category':'identitySecureScore','releaseType':'generalAvailability',"
		"'impactType':'users','status':'%s','currentScore':%d.0,'maxScore':%d.0,"
		"'insights':'You have %d of %d users who don\\u0027t have self-service password "
		"reset enabled.','lastCheckedDateTime':'%s','lastModifiedDateTime':'%s'}",
		json_string(s->state, "tenantId"), may == all ? "completedBySystem" : "active",
		may, all, all - may, all, when, when));
}

/* The control counts the people who may reset (facts portal-api.md 5.4). */
static void add_score(struct scenario *s)
{
	const struct json *row = json_first(json_get(s->state, "registration"));
	int may = 0, all = 0;
	char when[TIME_TEXT], begun[TIME_TEXT];
	struct json *score;

	for (; row; row = json_next(row)) {
		if (!str_same(json_string(row, "userType"), "member"))
			continue;
		all++;
		may += json_bool(row, "isSsprEnabled", false);
	}
	time_format(s->now_ms - 8 * HOUR_MS, when);
	time_format(s->now_ms - 9 * HOUR_MS, begun);
	score = part("{'id':'%s_%.10s','azureTenantId':'%s','createdDateTime':'%s',"
		     "'activeUserCount':%d,'licensedUserCount':%d,'currentScore':41.5,"
		     "'maxScore':78.0,'enabledServices':['HasExchange'],"
		     "'averageComparativeScores':[],'vendorInformation':{'provider':"
		     "'SecureScore','providerVersion':null,'subProvider':null,"
		     "'vendor':'Microsoft'},'controlScores':["
		     "{'controlCategory':'Identity','controlName':'SelfServicePasswordReset',"
		     "'description':'Ensure the self-service password reset feature is enabled',"
		     "'score':%.2f,'scoreInPercentage':%.2f,'count':'%d','total':'%d',"
		     "'lastSynced':'%s','implementationStatus':'You have %d of %d users who "
		     "do not have self-service password reset enabled.'}]}",
		     json_string(s->state, "tenantId"), when, json_string(s->state, "tenantId"),
		     when, all, all, all ? (double)may / all : 0.0,
		     all ? 100.0 * may / all : 0.0, may, all, begun, all - may, all);
	add_control(score, "AdminMFAV2", 50, when);
	add_control(score, "PasswordHashSync", 100, when);
	add_control(score, "OneAdmin", 100, when);
	json_append(json_get_mutable(s->state, "secureScores"), score);
	add_recommendation(s, may, all);
}

struct stamped {
	const char *time;
	const struct json *event;
};

static int by_time(const void *a, const void *b)
{
	return strcmp(((const struct stamped *)a)->time, ((const struct stamped *)b)->time);
}

/* Oldest first: what happens later is appended. */
static void sort_log(struct json *log, const char *name, const char *time_key)
{
	struct stamped *v = NULL;
	size_t n = 0, cap = 0;
	struct json *sorted = json_new_array();
	const struct json *e;

	for (e = json_first(json_get(log, name)); e; e = json_next(e)) {
		GROW(v, n, cap);
		v[n++] = (struct stamped){ json_string_or(e, time_key, ""), e };
	}
	if (n)
		qsort(v, n, sizeof(*v), by_time);
	for (size_t i = 0; i < n; i++)
		json_append(sorted, json_clone(v[i].event));
	free(v);
	json_set(log, name, sorted);
}

struct json *scenario_finish(struct scenario *s, int64_t report_age_ms)
{
	struct json *log = json_get_mutable(s->state, "log"), *report;
	struct json *state = s->state;
	char mark[24];

	count_seats(state);
	registration_rebuild(state, s->now_ms - report_age_ms);
	add_score(s);
	sort_log(log, "directoryAudits", "activityDateTime");
	sort_log(log, "signIns", "createdDateTime");
	report = json_get_mutable(log, "report");
	snprintf(mark, sizeof(mark), "%016llx",
		 (unsigned long long)registration_fingerprint(state));
	json_add_string(report, "mark", mark);
	json_add_number(report, "refreshed", (double)s->now_ms);
	s->state = NULL;
	return state;
}
