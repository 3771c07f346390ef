#include "graph/tenant/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/tenant/crowd.h"
#include "graph/tenant/people.h"
#include "graph/tenant/registration.h"

/* Graph's report is hours behind (facts graph.md 7.1). Here a change shows
 * after twenty seconds, which is as long as an operator of a demo waits, and
 * all rows are written anew every six hours. */
#define LAG_MS	  ((int64_t)20 * 1000)
#define PERIOD_MS ((int64_t)6 * 3600 * 1000)

#define P1_PLAN "41781fb2-bc02-4b7c-bd55-b576c07bb09d"
#define P2_PLAN "eec0eb4f-6444-4f95-aba0-50c24d67f998"

void registration_refresh(struct tenant *t)
{
	struct json *log = json_get_mutable(t->state, "log");
	struct json *report = json_get_mutable(log, "report");
	int64_t now = clock_now_ms(), due, refreshed;
	char mark[24];

	if (!report)
		report = json_add_object(log, "report");
	snprintf(mark, sizeof(mark), "%016llx",
		 (unsigned long long)registration_fingerprint(t->state));
	if (!str_same(json_string(report, "mark"), mark)) {
		json_set_string(report, "mark", mark);
		json_set_number(report, "due", (double)(now + LAG_MS));
	}
	due = json_int(report, "due", 0);
	refreshed = json_int(report, "refreshed", 0);
	if (!(due && now >= due) && now - refreshed < PERIOD_MS)
		return;
	json_remove(report, "due");
	json_set_number(report, "refreshed", (double)now);
	registration_rebuild(t->state, now);
}

/* Who is counted by usersRegisteredBy*(includedUserTypes, includedUserRoles). */
struct audience {
	char types[16], roles[16];
};

/* "name(a='x',b='y')": the value of one parameter; 'all' when it is missing. */
static bool parameter(const char *segment, const char *name, const char *const *allowed,
		      char *out, size_t size)
{
	const char *p = strstr(segment, name), *end;

	snprintf(out, size, "all");
	if (!p)
		return true;
	p += strlen(name);
	if (p[0] != '=' || p[1] != '\'')
		return false;
	end = strchr(p += 2, '\'');
	if (!end || (size_t)(end - p) >= size)
		return false;
	snprintf(out, size, "%.*s", (int)(end - p), p);
	for (; *allowed; allowed++)
		if (str_same(*allowed, out))
			return true;
	return false;
}

static bool audience_parse(struct audience *a, const char *segment, struct tenant_response *r)
{
	static const char *const types[] = { "all", "member", "guest", NULL };
	static const char *const roles[] = { "all", "privilegedAdmin", "admin", "user", NULL };

	if (parameter(segment, "includedUserTypes", types, a->types, sizeof(a->types)) &&
	    parameter(segment, "includedUserRoles", roles, a->roles, sizeof(a->roles)))
		return true;
	answer_error(r, 400, "BadRequest", "Invalid function parameter.");
	return false;
}

static bool counted(const struct audience *a, bool guest, bool admin)
{
	if (!str_same(a->types, "all") && guest != str_same(a->types, "guest"))
		return false;
	return str_same(a->roles, "all") || admin != str_same(a->roles, "user");
}

enum feature { SSPR_REGISTERED, SSPR_ENABLED, SSPR_CAPABLE, PASSWORDLESS, MFA_CAPABLE, FEATURES };
static const struct {
	const char *name, *property;
} features[FEATURES] = {
	[SSPR_REGISTERED] = { "ssprRegistered", "isSsprRegistered" },
	[SSPR_ENABLED] = { "ssprEnabled", "isSsprEnabled" },
	[SSPR_CAPABLE] = { "ssprCapable", "isSsprCapable" },
	[PASSWORDLESS] = { "passwordlessCapable", "isPasswordlessCapable" },
	[MFA_CAPABLE] = { "mfaCapable", "isMfaCapable" },
};

struct counts {
	size_t total, by_feature[FEATURES], by_method[HAS_COUNT];
};

static void count_methods(struct counts *n, unsigned methods)
{
	for (int m = 0; m < HAS_COUNT; m++)
		n->by_method[m] += !!(methods & METHOD_BIT(m));
}

static void count_stored(struct tenant *t, const struct audience *a, struct counts *n)
{
	const struct json *row = json_first(json_get(t->state, "registration"));

	for (; row; row = json_next(row)) {
		if (!counted(a, str_same(json_string(row, "userType"), "guest"),
			     json_bool(row, "isAdmin", false)))
			continue;
		n->total++;
		for (int f = 0; f < FEATURES; f++)
			n->by_feature[f] += json_bool(row, features[f].property, false);
		count_methods(n, methods_mask(json_get(row, "methodsRegistered")));
	}
}

/* The crowd is members without a role; who is in the group is looked up only
 * for those who are. */
static void count_crowd(struct tenant *t, const struct audience *a, struct counts *n)
{
	struct registration_basis b;
	struct registration_flags is;
	struct crowd_person p;
	size_t place;

	if (!counted(a, false, false))
		return;
	registration_basis_of_report(&b, t->state);
	for (size_t i = 0; i < t->crowd; i++) {
		if (!crowd_enabled(i))
			continue;
		registration_judge(&b, "", false, crowd_methods(i), &is);
		n->total++;
		n->by_feature[SSPR_REGISTERED] += is.sspr_registered;
		n->by_feature[SSPR_ENABLED] += b.scope == 2;
		n->by_feature[SSPR_CAPABLE] += b.scope == 2 && is.sspr_registered;
		n->by_feature[PASSWORDLESS] += is.passwordless;
		n->by_feature[MFA_CAPABLE] += is.mfa_registered;
		count_methods(n, crowd_methods(i));
	}
	for (size_t i = 0; b.scope == 1 && i < b.nmembers; i++) {
		if (!crowd_find(t->crowd, b.members[i], &place) || !crowd_enabled(place))
			continue;
		crowd_person(place, &p);
		registration_judge(&b, p.id, false, p.methods, &is);
		n->by_feature[SSPR_ENABLED] += is.sspr_enabled;
		n->by_feature[SSPR_CAPABLE] += is.sspr_capable;
	}
	registration_basis_release(&b);
}

static void answer_counts(struct tenant *t, const struct tenant_call *c, bool by_feature,
			  struct tenant_response *r)
{
	struct audience a;
	struct counts n = { 0 };
	struct json *out, *list, *one;
	char *context;

	if (!audience_parse(&a, c->segments[3], r))
		return;
	count_stored(t, &a, &n);
	count_crowd(t, &a, &n);
	out = json_new_object();
	context = xasprintf("%s/%s/$metadata#microsoft.graph.%s", c->base, c->segments[0],
			    by_feature ? "userRegistrationFeatureSummary"
				       : "userRegistrationMethodSummary");
	json_add_string(out, "@odata.context", context);
	free_ptr(&context);
	json_add_number(out, "totalUserCount", (double)n.total);
	json_add_string(out, "userTypes", a.types);
	json_add_string(out, "userRoles", a.roles);
	list = json_add_array(out, by_feature ? "userRegistrationFeatureCounts"
					      : "userRegistrationMethodCounts");
	for (int i = 0; i < (by_feature ? (int)FEATURES : (int)HAS_COUNT); i++) {
		one = json_append(list, json_new_object());
		json_add_string(one, by_feature ? "feature" : "authenticationMethod",
				by_feature ? features[i].name : method_names[i]);
		json_add_number(one, "userCount",
				(double)(by_feature ? n.by_feature[i] : n.by_method[i]));
	}
	answer_json(r, 200, out);
}

/* The stored rows, then the crowd's, each made when it is asked for. */
struct row_source {
	struct tenant *t;
	struct registration_basis basis;
	const char *domain;
	int64_t updated_ms;
	struct odata_walk walk;
	struct odata_source stored;
};

/* As much of a person as a row is made from. */
static struct json *brief_user(size_t i, const char *domain)
{
	struct crowd_person p;
	struct json *user = json_new_object();
	char *upn;

	crowd_person(i, &p);
	upn = xasprintf("%s@%s", p.alias, domain);
	json_add_string(user, "id", p.id);
	json_add_string(user, "displayName", p.display_name);
	json_add_string(user, "userPrincipalName", upn);
	json_add(user, "_methods", methods_list(p.methods));
	free_ptr(&upn);
	return user;
}

static bool row_at(void *ctx, size_t i, struct odata_item *ret)
{
	struct row_source *s = ctx;
	struct json *user;

	if (i < s->stored.n)
		return s->stored.at(s->stored.ctx, i, ret);
	i -= s->stored.n;
	if (!crowd_enabled(i))
		return false;
	user = brief_user(i, s->domain);
	ret->made = registration_row(&s->basis, user, s->updated_ms);
	ret->object = ret->made;
	json_free(user);
	return true;
}

static const char *default_domain(struct tenant *t)
{
	const struct json *d = json_first(json_get(t->state, "domains"));

	while (d && !json_bool(d, "isDefault", false))
		d = json_next(d);
	return json_string_or(d, "id", "");
}

static void row_source_open(struct row_source *s, struct tenant *t)
{
	*s = (struct row_source){
		.t = t, .domain = default_domain(t),
		.updated_ms = json_int(json_at(t->state, "log.report"), "at", 0),
	};
	registration_basis_of_report(&s->basis, t->state);
	s->stored = odata_over(&s->walk, json_get(t->state, "registration"));
}

/* Nobody in the crowd is an administrator or a guest: a filter that asks for
 * those alone need not look at it. */
static bool crowd_left_out(const char *filter)
{
	if (!filter || str_find_nocase(filter, " or ") || str_find_nocase(filter, "not"))
		return false;
	return str_find_nocase(filter, "isAdmin eq true") ||
	       str_find_nocase(filter, "userType eq 'guest'");
}

static void answer_rows(struct tenant *t, const struct tenant_call *c,
			struct tenant_response *r)
{
	struct row_source s;
	struct odata_source all;
	size_t crowd = crowd_left_out(tenant_query(c, "$filter")) ? 0 : t->crowd;

	row_source_open(&s, t);
	all = (struct odata_source){
		.n = s.stored.n + crowd, .at = row_at, .ctx = &s, .exact = crowd == 0,
	};
	answer_source(t, c, &all, "userRegistrationDetails", false,
		      "reports/authenticationMethods/userRegistrationDetails", r);
	registration_basis_release(&s.basis);
}

static void answer_row(struct tenant *t, const struct tenant_call *c, const char *id,
		       struct tenant_response *r)
{
	const struct json *row = state_find(t, "registration", id);
	struct odata_item item = { 0 };
	struct row_source s;
	size_t i;

	row_source_open(&s, t);
	if (!row && t->crowd && crowd_find(t->crowd, id, &i) &&
	    row_at(&s, s.stored.n + i, &item))
		row = item.object;
	if (row)
		answer_object(t, c, row, "userRegistrationDetails",
			      "reports/authenticationMethods/userRegistrationDetails/$entity", r);
	else
		answer_error(r, 404, "ResourceNotFound",
			     "There is no registration detail for this user.");
	json_free(item.made);
	registration_basis_release(&s.basis);
}

/* Facts graph.md 7.1: the report needs P1 or P2 in the tenant. */
static bool premium(struct tenant *t, struct tenant_response *r)
{
	const struct json *sku = json_first(json_get(t->state, "subscribedSkus")), *plan;

	for (; sku; sku = json_next(sku))
		for (plan = json_first(json_get(sku, "servicePlans")); plan;
		     plan = json_next(plan))
			if (str_same(json_string(plan, "servicePlanId"), P1_PLAN) ||
			    str_same(json_string(plan, "servicePlanId"), P2_PLAN))
				return true;
	answer_error(r, 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
		     "Neither tenant is B2C or tenant doesn't have premium license");
	return false;
}

static void secure_scores(struct tenant *t, const struct tenant_call *c,
			  struct tenant_response *r)
{
	if (require_scope(t, r, SCOPES("SecurityEvents.Read.All", "SecurityEvents.ReadWrite.All")))
		answer_collection(t, c, json_get(t->state, "secureScores"), "secureScore",
				  "security/secureScores", r);
}

/* Whether an event of the log is of that activity and went well. */
static bool counts_as(const struct json *event, const char *activity)
{
	return str_starts(json_string_or(event, "activityDisplayName", ""), activity) &&
	       str_same_nocase(json_string(event, "result"), "success");
}

/* Beta only, a day each, from the log, which is sorted by time (facts graph.md 7.3). */
static void answer_summary(struct tenant *t, const struct tenant_call *c,
			   struct tenant_response *r)
{
	static const struct {
		const char *property, *activity;
	} counts[] = {
		{ "passwordResetsByAdminCount", "Reset password (by admin)" },
		{ "passwordResetsSelfServiceCount", "Reset password (self-service)" },
		{ "changePasswordSelfServiceCount", "Change password (self-service)" },
	};
	const struct json *event = json_first(json_at(t->state, "log.directoryAudits"));
	struct json *rows = json_new_array(), *row = NULL;
	char day[TIME_TEXT];

	for (; event; event = json_next(event)) {
		snprintf(day, sizeof(day), "%.10sT00:00:00Z",
			 json_string_or(event, "activityDateTime", ""));
		if (!str_same(json_string(row, "aggregatedDateTime"), day)) {
			row = json_append(rows, json_new_object());
			json_add_string(row, "id", day);
			json_add_string(row, "aggregatedDateTime", day);
			for (size_t i = 0; i < COUNT_OF(counts); i++)
				json_add_number(row, counts[i].property, 0);
		}
		for (size_t i = 0; i < COUNT_OF(counts); i++)
			if (counts_as(event, counts[i].activity))
				json_set_number(row, counts[i].property,
						(double)json_int(row, counts[i].property, 0) + 1);
	}
	answer_collection(t, c, rows, "userPasswordResetsAndChangesSummary",
			  "reports/authenticationMethods/userPasswordResetsAndChangesSummary", r);
	json_free(rows);
}

/* Beta only; facts portal-api.md 5.5. */
static void recommendation(struct tenant *t, const struct tenant_call *c,
			   struct tenant_response *r)
{
	const struct json *one = json_get(t->state, "recommendation");

	if (!require_scope(t, r, SCOPES("DirectoryRecommendations.Read.All",
					"DirectoryRecommendations.ReadWrite.All")))
		return;
	if (str_same(json_string(one, "id"), c->segments[3]))
		answer_object(t, c, one, "recommendation",
			      "directory/recommendations/$entity", r);
	else
		answer_error(r, 404, "ResourceNotFound", "There is no such recommendation.");
}

static const char *without_namespace(const char *segment)
{
	return str_starts(segment, "microsoft.graph.") ? segment + strlen("microsoft.graph.")
						       : segment;
}

bool handle_reports(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	const char *what;
	bool scores = c->nsegments == 3 && str_same(c->segments[1], "security") &&
		      str_same(c->segments[2], "secureScores");
	bool recommended = c->beta && c->nsegments == 4 &&
			   str_same(c->segments[1], "directory") &&
			   str_same(c->segments[2], "recommendations");
	bool reports = (c->nsegments == 4 || c->nsegments == 5) &&
		       str_same(c->segments[1], "reports") &&
		       str_same(c->segments[2], "authenticationMethods");

	if (!scores && !recommended && !reports)
		return false;
	if (!str_same(c->method, "GET")) {
		answer_error(r, 405, "Request_BadRequest",
			     "Specified HTTP method is not allowed for the request target.");
		return true;
	}
	if (scores) {
		secure_scores(t, c, r);
		return true;
	}
	if (recommended) {
		recommendation(t, c, r);
		return true;
	}
	if (!require_scope(t, r, SCOPES("AuditLog.Read.All")) || !premium(t, r))
		return true;
	what = without_namespace(c->segments[3]);
	if (str_same(what, "userRegistrationDetails") && c->nsegments == 4)
		answer_rows(t, c, r);
	else if (str_same(what, "userRegistrationDetails"))
		answer_row(t, c, c->segments[4], r);
	else if (c->beta && str_same(what, "userPasswordResetsAndChangesSummary") &&
		 c->nsegments == 4)
		answer_summary(t, c, r);
	else if (str_starts(what, "usersRegisteredByFeature(") && c->nsegments == 4)
		answer_counts(t, c, true, r);
	else if (str_starts(what, "usersRegisteredByMethod(") && c->nsegments == 4)
		answer_counts(t, c, false, r);
	else
		return false;
	return true;
}
