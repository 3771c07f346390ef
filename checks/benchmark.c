#include "checks/benchmark.h"

#include <string.h>

#include "checks/check.h"
#include "checks/judge.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"

enum { CIS_1 = 1, CIS_2 = 2, SCUBA = 4, ASD = 8 };

const struct benchmark benchmarks[] = {
	{ "cis-m365-7", "CIS Microsoft 365 Foundations 7.0.0, level 1" },
	{ "cis-m365-7-l2", "CIS Microsoft 365 Foundations 7.0.0, level 1 and 2" },
	{ "scuba", "CISA SCuBA, Microsoft Entra ID" },
	{ "asd", "ASD Blueprint for Secure Cloud" },
	{ NULL, NULL },
};
static const unsigned masks[] = { CIS_1, CIS_1 | CIS_2, SCUBA, ASD };

const struct benchmark *benchmark_find(const char *name)
{
	for (const struct benchmark *b = benchmarks; b->name; b++)
		if (str_same_nocase(b->name, name))
			return b;
	return NULL;
}

/* One check of a benchmark: what it is of, and what it wants. */
struct item {
	unsigned of;
	const char *id, *title;
	void (*judge)(const struct item *item, const struct facts *f, struct findings *out,
		      struct finding *one);
	const char *setting, *want;	/* of a setting without an API */
	const char *runbook;		/* where the runbook wants something else */
	bool should;			/* a recommendation: WARN, not FAIL */
};

static enum verdict bad(const struct item *item)
{
	return item->should ? VERDICT_WARN : VERDICT_FAIL;
}

/* Settings that have no API are known by other signs (check.h). */
static void judge_setting(const struct item *item, const struct facts *f, struct findings *out,
			  struct finding *one)
{
	enum confidence confidence;
	const char *how, *value;
	int64_t time_ms;

	value = setting_judge(f, item->setting, &confidence, &how, &time_ms, &out->arena);
	finding_evidence(out, one, setting_request(f, item->setting, confidence), time_ms, "%s",
			 how);
	if (!value) {
		finding_set(out, one, VERDICT_UNKNOWN, confidence,
			    "Cannot tell: this setting has no API. Wanted: %s.", item->want);
		finding_remedy(out, one, "Look at it in the admin centre; the wizard records "
			       "what you say.");
	} else if (str_same_nocase(value, item->want)) {
		finding_set(out, one, VERDICT_PASS, confidence, "It is %s.", value);
	} else {
		finding_set(out, one, bad(item), confidence, "It is %s; wanted: %s.", value,
			    item->want);
		finding_remedy(out, one, "Set it to %s.", item->want);
	}
}

static bool is_on(const struct facts *f, enum method_id id)
{
	return f->methods.method[id].present && f->methods.method[id].enabled;
}

/* Which of the methods in the mask are on; "" when none is. */
static const char *which_are_on(const struct facts *f, unsigned mask, struct arena *arena)
{
	struct names on = { .n = 0 };

	for (unsigned m = 0; m < METHOD_COUNT; m++)
		if ((mask & (1u << m)) && is_on(f, (enum method_id)m))
			names_add(&on, method_title((enum method_id)m));
	return names_text(&on, arena);
}

static void judge_off(const struct item *item, const struct facts *f, struct findings *out,
		      struct finding *one, unsigned mask)
{
	const char *on;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	on = which_are_on(f, mask, &out->arena);
	area_evidence(f, out, one, AREA_METHODS, "on: %s", *on ? on : "none of them");
	if (!*on) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "They are off.");
		return;
	}
	finding_set(out, one, bad(item), CONFIDENCE_PROVED, "Still on: %s.", on);
	finding_remedy(out, one, "See who has no other method before it goes off%s.",
		       mask & (1u << METHOD_EMAIL)
		       ? "; turning the e-mail code off also concerns guests and e-mail as a "
			 "way to reset" : "");
}

static void judge_sms_voice(const struct item *item, const struct facts *f,
			    struct findings *out, struct finding *one)
{
	judge_off(item, f, out, one, 1u << METHOD_SMS | 1u << METHOD_VOICE);
}

static void judge_email(const struct item *item, const struct facts *f, struct findings *out,
			struct finding *one)
{
	judge_off(item, f, out, one, 1u << METHOD_EMAIL);
}

static void judge_weak(const struct item *item, const struct facts *f, struct findings *out,
		       struct finding *one)
{
	judge_off(item, f, out, one,
		  1u << METHOD_SMS | 1u << METHOD_VOICE | 1u << METHOD_EMAIL);
}

/* A setting that is "default" follows Microsoft: neither on nor off by the
 * tenant's will (facts peers.md c6). */
static const char *feature_problem(const struct json *config, const char *name,
				   struct arena *arena)
{
	const struct json *one = json_get(json_get(config, "featureSettings"), name);
	const char *state = json_string_or(one, "state", "not given");

	if (str_same_nocase(state, "default"))
		return arena_printf(arena, "%s is Microsoft managed", name);
	if (!str_same_nocase(state, "enabled"))
		return arena_printf(arena, "%s is %s", name, state);
	if (!str_same_nocase(json_text(json_at(one, "includeTarget.id")), "all_users"))
		return arena_printf(arena, "%s is not for everybody", name);
	return NULL;
}

static bool targets_everybody(const struct method *m)
{
	for (size_t i = 0; i < m->ninclude; i++)
		if (str_same_nocase(m->include[i].id, "all_users"))
			return true;
	return false;
}

static const char *authenticator_problem(const struct facts *f, bool cis, struct arena *arena)
{
	const struct method *m = &f->methods.method[METHOD_AUTHENTICATOR];
	struct err err = ERR_INIT;
	struct json *config = m->config_json
		? json_parse(m->config_json, strlen(m->config_json), &err) : NULL;
	const char *problem;

	problem = feature_problem(config, "displayAppInformationRequiredState", arena);
	if (!problem)
		problem = feature_problem(config, "displayLocationInformationRequiredState",
					  arena);
	if (!problem && cis && !targets_everybody(m))
		problem = "Microsoft Authenticator is not for everybody";
	if (!problem && !cis && m->oath)
		problem = "codes of Microsoft Authenticator are allowed";
	json_free(config);
	return problem;
}

static void judge_fatigue(const struct item *item, const struct facts *f, struct findings *out,
			  struct finding *one)
{
	bool cis = item->of & (CIS_1 | CIS_2);
	const char *problem;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	if (!is_on(f, METHOD_AUTHENTICATOR)) {
		finding_set(out, one, cis ? VERDICT_FAIL : VERDICT_NOT_APPLICABLE,
			    CONFIDENCE_PROVED, "Microsoft Authenticator is off.");
		if (cis)
			finding_remedy(out, one, "Step 3 turns it on.");
		return;
	}
	problem = authenticator_problem(f, cis, &out->arena);
	area_evidence(f, out, one, AREA_METHODS, "%s", problem ? problem : "all of it is set");
	if (!problem) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Requests show the application and the place.");
		return;
	}
	/* Microsoft may turn it on or off at any time: neither well nor wrong. */
	finding_set(out, one, str_ends(problem, "Microsoft managed") ? VERDICT_WARN : bad(item),
		    CONFIDENCE_PROVED, "Not as the benchmark wants it: %s.", problem);
	finding_remedy(out, one, "Set it in the admin centre, Authentication methods, Microsoft "
		       "Authenticator, Configure.");
}

/* Absent means that the tenant never had anything to migrate (peers.md c6). */
static void judge_migration(const struct item *item, const struct facts *f,
			    struct findings *out, struct finding *one)
{
	enum migration m = f->methods.migration;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	if (m == MIGRATION_COMPLETE || m == MIGRATION_NULL) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, m == MIGRATION_NULL
			    ? "No state of migration is given: there was nothing to migrate."
			    : "The migration is complete.");
		return;
	}
	finding_set(out, one, bad(item), CONFIDENCE_PROVED,
		    "The migration of the methods policy is not complete.");
	finding_remedy(out, one, "Use the migration guide in the admin centre.");
}

/* Compliant or joined device, either is enough (peers.md c6). */
static void judge_managed(const struct item *item, const struct facts *f, struct findings *out,
			  struct finding *one)
{
	if (!need_area(f, out, one, AREA_ACCESS))
		return;
	for (size_t i = 0; i < f->access.n; i++) {
		const struct access_policy *p = &f->access.v[i];

		if (!p->managed_device || !str_same_nocase(p->state, "enabled") ||
		    !p->users_json || !str_find_nocase(p->users_json, "\"All\""))
			continue;
		area_evidence(f, out, one, AREA_ACCESS, "%s", p->name);
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "A managed device is needed to register.");
		return;
	}
	finding_set(out, one, bad(item), CONFIDENCE_PROVED,
		    "No policy asks everybody for a managed device to register.");
	finding_remedy(out, one, "Let new people register on site or with a Temporary Access "
		       "Pass before such a policy is enforced: it keeps out who has no "
		       "managed device.");
}

static void judge_hash_sync(const struct item *item, const struct facts *f,
			    struct findings *out, struct finding *one)
{
	if (!need_hybrid(f, out, one) || !need_area(f, out, one, AREA_SYNC))
		return;
	if (f->sync.password_hash_sync == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: features.passwordSyncEnabled is not shown to us.");
		return;
	}
	area_evidence(f, out, one, AREA_SYNC, "passwordSyncEnabled: %s",
		      f->sync.password_hash_sync == TRI_YES ? "true" : "false");
	if (f->sync.password_hash_sync == TRI_YES) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "It is on.");
		return;
	}
	finding_set(out, one, bad(item), CONFIDENCE_PROVED, "It is off.");
	finding_remedy(out, one, "Turn it on in the Entra Connect wizard.");
}

static void judge_campaign(const struct item *item, const struct facts *f,
			   struct findings *out, struct finding *one)
{
	const char *state = f->methods.campaign_state;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	area_evidence(f, out, one, AREA_METHODS, "registration campaign: %s",
		      state ? state : "not given");
	if (str_same_nocase(state, "enabled")) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "The campaign is on.");
		return;
	}
	finding_set(out, one, bad(item), CONFIDENCE_PROVED, "The campaign is %s.",
		    !state ? "not set" : str_same_nocase(state, "default")
		    ? "Microsoft managed" : state);
	finding_remedy(out, one, "Turn the registration campaign on.");
}

/* Ids and values: facts peers.md c1, c2 and c7 (ASD has no ids of its own). */
static const struct item items[] = {
	{ CIS_1, "cis.5.2.4.1", "Password reset is enabled for all", judge_setting, "scope",
	  "All", "Selected, the pilot group", false },
	{ CIS_2, "cis.5.2.4.2", "Two methods are required to reset", judge_setting,
	  "methods.required", "2", "1", false },
	{ CIS_1, "cis.5.2.4.3", "Registration is required at sign-in", judge_setting,
	  "registration.required", "on", NULL, false },
	{ CIS_1, "cis.5.2.4.4", "People are told of a reset", judge_setting,
	  "notifications.users", "on", NULL, false },
	{ CIS_1, "cis.5.2.4.5", "Administrators are told of another one's reset", judge_setting,
	  "notifications.admins", "on", NULL, false },
	{ CIS_1, "cis.5.2.3.1", "Authenticator resists tired approvals", judge_fatigue, NULL,
	  NULL, NULL, false },
	{ CIS_1, "cis.5.2.3.5", "SMS and voice are off", judge_sms_voice, NULL, NULL,
	  "SMS on", false },
	{ CIS_2, "cis.5.2.3.7", "The e-mail code is off", judge_email, NULL, NULL,
	  "Email OTP on", false },
	{ CIS_1, "cis.5.1.8.1", "Password hash synchronisation is on", judge_hash_sync, NULL,
	  NULL, NULL, false },
	{ CIS_1, "cis.5.2.2.10", "Registration needs a managed device", judge_managed, NULL,
	  NULL, "nothing in the way of registration", false },
	{ SCUBA, "scuba.MS.AAD.3.3v2", "Authenticator shows where a request comes from",
	  judge_fatigue, NULL, NULL, NULL, false },
	{ SCUBA, "scuba.MS.AAD.3.4v1", "The methods policy is migrated", judge_migration, NULL,
	  NULL, NULL, false },
	{ SCUBA, "scuba.MS.AAD.3.5v2", "SMS, voice and e-mail code are off", judge_weak, NULL,
	  NULL, "SMS and Email OTP on", false },
	{ SCUBA, "scuba.MS.AAD.3.8v1", "Registration needs a managed device", judge_managed,
	  NULL, NULL, "nothing in the way of registration", true },
	{ ASD, "asd.scope", "Password reset is enabled for a group of all", judge_setting,
	  "scope", "Selected", NULL, true },
	{ ASD, "asd.methods-required", "Two methods are required to reset", judge_setting,
	  "methods.required", "2", "1", true },
	{ ASD, "asd.methods", "SMS, voice and e-mail code are off", judge_weak, NULL, NULL,
	  "SMS and Email OTP on", true },
	{ ASD, "asd.registration", "Registration is required at sign-in", judge_setting,
	  "registration.required", "on", NULL, true },
	{ ASD, "asd.notify-users", "People are told of a reset", judge_setting,
	  "notifications.users", "on", NULL, true },
	{ ASD, "asd.notify-admins", "Administrators are told of another one's reset",
	  judge_setting, "notifications.admins", "on", NULL, true },
	{ ASD, "asd.campaign", "The registration campaign is on", judge_campaign, NULL, NULL,
	  NULL, true },
};

void benchmark_judge(const struct facts *f, const struct wanted *w, struct findings *out)
{
	const struct benchmark *b = benchmark_find(w->benchmark);

	size_t from = out->n;

	if (!b)
		return;
	for (size_t i = 0; i < COUNT_OF(items); i++) {
		const struct item *item = &items[i];
		struct finding *one;

		if (!(item->of & masks[b - benchmarks]))
			continue;
		/* ASD numbers nothing: its ids are ours. */
		one = findings_add(out, item->id, "benchmark", item->of & ASD ? item->title :
				   arena_printf(&out->arena, "%s %s", strchr(item->id, '.') + 1,
						item->title));
		one->link = item->setting ? LINK_COUNT : LINK_METHODS;
		item->judge(item, f, out, one);
		if (item->runbook && (one->verdict == VERDICT_FAIL ||
				      one->verdict == VERDICT_WARN))
			finding_remedy(out, one, "%s The runbook wants %s instead: decide, and "
				       "record what you accept.", one->remedy, item->runbook);
	}
	findings_of_cloud(f, out, from);
}
