/* Checks of benchmarks on the methods policy. */
#include <string.h>

#include "checks/benchmark_item.h"
#include "checks/gates.h"
#include "checks/judge.h"

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

ITEM_JUDGE(item_off)
{
	unsigned mask = (unsigned)item->n;
	const char *on;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	on = which_are_on(f, mask, &out->arena);
	area_evidence(f, out, one, AREA_METHODS, "on: %s", *on ? on : "none of them");
	if (!*on) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, mask & (mask - 1)
			    ? "They are off." : "It is off.");
		return;
	}
	finding_set(out, one, item_bad(item), CONFIDENCE_PROVED, "Still on: %s.", on);
	finding_remedy(out, one, "See who has no other method before it goes off%s.",
		       mask & (1u << METHOD_EMAIL)
		       ? "; turning the e-mail code off also concerns guests and e-mail as a "
			 "way to reset" : "");
}

ITEM_JUDGE(item_on)
{
	enum method_id m = (enum method_id)item->n;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	area_evidence(f, out, one, AREA_METHODS, "%s: %s", method_title(m),
		      is_on(f, m) ? "enabled" : "disabled");
	item_set(item, out, one, is_on(f, m), is_on(f, m) ? "It is on." : "It is off.",
		 "Turn it on in the admin centre, Authentication methods, Policies.");
}

static struct json *config_of(const struct facts *f, enum method_id id)
{
	const char *text = f->methods.method[id].config_json;
	struct err ignored = ERR_INIT;

	return text ? json_parse(text, strlen(text), &ignored) : NULL;
}

/* "true", "false", a text, or how many are in a list; NULL = not given. */
static const char *value_text(const struct json *j, struct arena *arena)
{
	if (json_is(j, JSON_BOOL))
		return json_truth(j) ? "true" : "false";
	if (json_is(j, JSON_ARRAY))
		return json_count(j) ? "given" : "empty";
	return arena_strdup(arena, json_text(j));
}

ITEM_JUDGE(item_property)
{
	enum method_id m = (enum method_id)item->n;
	const char *value;
	struct json *config;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	if (!is_on(f, m)) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: %s is off.", method_title(m));
		return;
	}
	config = config_of(f, m);
	value = value_text(json_at(config, item->name), &out->arena);
	json_free(config);
	if (!value) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: %s is not given.", item->name);
		return;
	}
	area_evidence(f, out, one, AREA_METHODS, "%s: %s", item->name, value);
	item_set(item, out, one, str_same_nocase(value, item->want),
		 arena_printf(&out->arena, "%s is %s.", item->name, value),
		 arena_printf(&out->arena, "Set it to %s in the settings of %s.", item->want,
			      method_title(m)));
}

/* A setting that is "default" follows Microsoft: neither on nor off by the
 * tenant's will (facts peers.md c6). */
static const char *feature_problem(const struct json *config, const char *name, unsigned parts,
				   struct arena *arena)
{
	const struct json *one = json_get(json_get(config, "featureSettings"), name);
	const char *state = json_string_or(one, "state", "not given");

	if (parts & FEATURE_STATE && str_same_nocase(state, "default"))
		return arena_printf(arena, "%s is Microsoft managed", name);
	if (parts & FEATURE_STATE && !str_same_nocase(state, "enabled"))
		return arena_printf(arena, "%s is %s", name, state);
	if (parts & FEATURE_WHOM &&
	    !str_same_nocase(json_text(json_at(one, "includeTarget.id")), "all_users"))
		return arena_printf(arena, "%s is not for everybody", name);
	return NULL;
}

/* Microsoft may turn it on or off at any time: neither well nor wrong. */
static void tell_feature(const struct item *item, const struct facts *f, struct findings *out,
			 struct finding *one, const char *problem, const char *well)
{
	area_evidence(f, out, one, AREA_METHODS, "%s", problem ? problem : "all of it is set");
	if (!problem) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "%s", well);
		return;
	}
	finding_set(out, one, str_ends(problem, "Microsoft managed") ? VERDICT_WARN
		    : item_bad(item), CONFIDENCE_PROVED, "Not as the benchmark wants it: %s.",
		    problem);
	finding_remedy(out, one, "Set it in the admin centre, Authentication methods, Microsoft "
		       "Authenticator, Configure.");
}

ITEM_JUDGE(item_feature)
{
	struct json *config;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	if (!is_on(f, METHOD_AUTHENTICATOR)) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: Microsoft Authenticator is off.");
		return;
	}
	config = config_of(f, METHOD_AUTHENTICATOR);
	tell_feature(item, f, out, one,
		     feature_problem(config, item->name, (unsigned)item->n, &out->arena),
		     item->n == FEATURE_STATE ? "It is on." : "It is for everybody.");
	json_free(config);
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
	struct json *config = config_of(f, METHOD_AUTHENTICATOR);
	const char *problem;

	problem = feature_problem(config, "displayAppInformationRequiredState",
				  FEATURE_STATE | FEATURE_WHOM, arena);
	if (!problem)
		problem = feature_problem(config, "displayLocationInformationRequiredState",
					  FEATURE_STATE | FEATURE_WHOM, arena);
	if (!problem && cis && !targets_everybody(m))
		problem = "Microsoft Authenticator is not for everybody";
	if (!problem && !cis && m->oath)
		problem = "codes of Microsoft Authenticator are allowed";
	json_free(config);
	return problem;
}

ITEM_JUDGE(item_fatigue)
{
	bool scuba = item->of & SCUBA;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	if (!is_on(f, METHOD_AUTHENTICATOR)) {
		finding_set(out, one, scuba ? VERDICT_NOT_APPLICABLE : item_bad(item),
			    CONFIDENCE_PROVED, "Microsoft Authenticator is off.");
		if (!scuba)
			finding_remedy(out, one, "Step 3 turns it on.");
		return;
	}
	tell_feature(item, f, out, one, authenticator_problem(f, !scuba, &out->arena),
		     "Requests show the application and the place.");
}

/* isUsableForSignIn is on unless it is turned off (facts graph.md 5.3). */
ITEM_JUDGE(item_sms_sign_in)
{
	const struct method *m = &f->methods.method[METHOD_SMS];
	size_t usable = 0;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	if (!is_on(f, METHOD_SMS)) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "SMS is off.");
		return;
	}
	for (size_t i = 0; i < m->ninclude; i++)
		usable += !m->include[i].json ||
			  !strstr(m->include[i].json, "\"isUsableForSignIn\":false");
	area_evidence(f, out, one, AREA_METHODS, "%zu of %zu targets may sign in with SMS", usable,
		      m->ninclude);
	item_set(item, out, one, !usable, usable ? "SMS alone signs people in."
						 : "SMS signs nobody in.",
		 "Take \"Use for sign-in\" off each target of SMS.");
}

/* Absent means that the tenant never had anything to migrate (peers.md c6). */
ITEM_JUDGE(item_migration)
{
	enum migration m = f->methods.migration;

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	area_evidence(f, out, one, AREA_METHODS, "policyMigrationState: %s",
		      m == MIGRATION_COMPLETE ? "migrationComplete" : m == MIGRATION_NULL
		      ? "not given" : m == MIGRATION_IN_PROGRESS ? "migrationInProgress"
		      : m == MIGRATION_PRE ? "preMigration" : "not known");
	item_set(item, out, one, m == MIGRATION_COMPLETE || m == MIGRATION_NULL,
		 m == MIGRATION_NULL
		 ? "No state of migration is given: there was nothing to migrate."
		 : m == MIGRATION_COMPLETE ? "The migration is complete."
		 : "The migration of the methods policy is not complete.",
		 "Use the migration guide in the admin centre.");
}

/* For how many days people may put the campaign off; -1 = not given. */
static int snooze_days(const struct facts *f)
{
	const char *text = f->methods.campaign_json;
	struct err ignored = ERR_INIT;
	struct json *campaign = text ? json_parse(text, strlen(text), &ignored) : NULL;
	int days = (int)json_int(campaign, "snoozeDurationInDays", -1);

	json_free(campaign);
	return days;
}

/* Putting it off for another time than the Blueprint's is told, and no failure. */
ITEM_JUDGE(item_campaign)
{
	const char *state = f->methods.campaign_state, *off = "";
	int days = snooze_days(f);

	if (!need_area(f, out, one, AREA_METHODS))
		return;
	if (days >= 0)
		off = arena_printf(&out->arena, " People may put it off for %s%s.",
				   days == 1 ? "a day" : arena_printf(&out->arena, "%d days", days),
				   days == item->n ? ""
				   : arena_printf(&out->arena, "; the benchmark writes %d",
						  item->n));
	area_evidence(f, out, one, AREA_METHODS, "registration campaign: %s",
		      state ? state : "not given");
	item_set(item, out, one, str_same_nocase(state, "enabled"),
		 arena_printf(&out->arena, "The campaign is %s.%s", !state ? "not set"
			      : str_same_nocase(state, "default") ? "Microsoft managed"
			      : str_same_nocase(state, "enabled") ? "on" : state, off),
		 "Turn the registration campaign on.");
}

/* Graph refuses an unknown group when it is set; one that was deleted later stays
 * in the policy. Only the group of the runbook is read. */
ITEM_JUDGE(item_groups_exist)
{
	size_t groups = 0;

	(void)item;
	if (!need_area(f, out, one, AREA_METHODS))
		return;
	for (size_t m = 0; m < METHOD_COUNT; m++)
		for (size_t i = 0; i < f->methods.method[m].ninclude; i++) {
			const char *id = f->methods.method[m].include[i].id;

			groups += !str_same_nocase(id, "all_users") &&
				  !(f->groups.chosen && str_same_nocase(id, f->groups.chosen->id));
		}
	area_evidence(f, out, one, AREA_METHODS, "%s",
		      count_text(groups, "other target", &out->arena));
	if (!groups)
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "The policy names nobody but "
			    "everybody and the group of the rollout.");
	else
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Cannot tell: whether the "
			    "other groups that the policy names still exist was not read.");
}

static void tell_beta(const struct item *item, const struct facts *f, struct findings *out,
		      struct finding *one, const char *state, const char *want, bool whom)
{
	if (!need_area(f, out, one, AREA_BETA))
		return;
	area_evidence(f, out, one, AREA_BETA, "%s: %s%s (beta)", item->name,
		      state ? state : "not given", whom ? "" : ", not for everybody");
	if (!state) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: %s is not given.", item->name);
		return;
	}
	if (str_same_nocase(state, want) && whom) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "It is %s.", state);
		return;
	}
	finding_set(out, one, str_same_nocase(state, "default") ? VERDICT_WARN : item_bad(item),
		    CONFIDENCE_PROVED, str_same_nocase(state, "default")
		    ? "It is Microsoft managed: Microsoft may turn it on or off."
		    : whom ? "It is %s." : "It is %s, and not for everybody.", state);
	finding_remedy(out, one, "Set it to %s for everybody in the admin centre, Authentication "
		       "methods.", want);
}

ITEM_JUDGE(item_system_preferred)
{
	tell_beta(item, f, out, one, f->beta_settings.system_preferred, "enabled",
		  f->beta_settings.system_preferred_all);
}

ITEM_JUDGE(item_report_suspicious)
{
	tell_beta(item, f, out, one, f->beta_settings.report_suspicious, "enabled",
		  f->beta_settings.report_suspicious_all);
}

ITEM_JUDGE(item_companion_apps)
{
	tell_beta(item, f, out, one, f->beta_settings.companion_apps, "disabled", true);
}

/* The switch is in the admin centre alone; whoever has registered some shows that
 * it was on at a time, not that it is. */
ITEM_JUDGE(item_questions)
{
	const char *text = f->portal.policy_json;
	struct err ignored = ERR_INIT;
	struct json *policy = text ? json_parse(text, strlen(text), &ignored) : NULL;
	enum tri on = TRI_UNKNOWN;
	size_t people = f->registration.question_people;

	if (json_has(policy, "securityQuestionsOptionEnabled"))
		on = json_bool(policy, "securityQuestionsOptionEnabled", false) ? TRI_YES : TRI_NO;
	json_free(policy);
	if (facts_read(f, AREA_REGISTRATION))
		area_evidence(f, out, one, AREA_REGISTRATION, "%s registered security questions",
			      count_people(people, &out->arena));
	if (on != TRI_UNKNOWN) {
		area_evidence(f, out, one, AREA_PORTAL, "security questions: %s",
			      on == TRI_YES ? "on" : "off");
		item_set(item, out, one, on == TRI_NO, on == TRI_NO
			 ? "Security questions are off." : "Security questions are on.",
			 "Turn them off; they leave password reset in March 2027.");
	} else {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the switch for security questions has no API.");
		finding_remedy(out, one, "Look in the admin centre, Password reset, "
			       "Authentication methods.");
	}
}
