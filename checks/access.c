/* What keeps people from registering or from finding the reset page: Conditional
 * Access, the sign-in page, the Temporary Access Pass, the registration campaign
 * (facts graph.md 5.7 and 9, peers.md H7). */
#include <string.h>

#include "checks/judge.h"
#include "checks/traps.h"
#include "graph/base/json.h"

#define LINK_ACCESS "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/" \
	"ConditionalAccessBlade"

static enum verdict trap_verdict(const struct access_policy *p, enum trap t)
{
	if (t == TRAP_NONE)
		return VERDICT_PASS;
	return t == TRAP_BLOCKED && !p->narrowed && !p->some_places ? VERDICT_FAIL : VERDICT_WARN;
}

/* The worst of the policies that are in force for the pilot, and the first that
 * would be one if it is. */
struct caught {
	const struct access_policy *worst, *unsure;
	enum trap trap;
	size_t n;			/* that catch */
};

static void look_at(const struct facts *f, const struct access_policy *p, struct findings *out,
		    struct finding *one, struct caught *c)
{
	enum trap t = access_trap(p);

	if (p->registration || t != TRAP_NONE)
		area_evidence(f, out, one, AREA_ACCESS, "%s (%s): %s%s", p->name, p->state,
			      trap_effect(p, t), trap_scope(p));
	if (t == TRAP_NONE || !access_enforced(p))
		return;
	if (!p->hits_group) {
		if (p->hits_unknown && !c->unsure)
			c->unsure = p;
		return;
	}
	c->n++;
	if (!c->worst || t > c->trap) {
		c->worst = p;
		c->trap = t;
	}
}

/* Sets the finding from what was caught; false when nothing was. */
static bool tell_caught(const struct facts *f, const struct caught *c, struct findings *out,
			struct finding *one)
{
	if (c->worst) {
		finding_set(out, one, trap_verdict(c->worst, c->trap), CONFIDENCE_PROVED,
			    "%s%s", trap_sentence(c->worst, c->trap, &out->arena),
			    c->n > 1 ? arena_printf(&out->arena, " In all %zu policies stand in "
						    "the way.", c->n) : "");
		finding_remedy(out, one, "%s", trap_way_out(c->trap, pass_usable(f)));
		return true;
	}
	if (c->unsure) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Cannot tell whether the "
			    "policy %s catches the pilot: it is for groups or roles whose people "
			    "were not read.", c->unsure->name);
		finding_remedy(out, one, "See who is in the groups of that policy.");
	}
	return c->unsure;
}

static void judge_policies(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.registration-policy", "access",
					   "Conditional Access on registration");
	struct caught c = { 0 };

	one->link = LINK_ACCESS;
	if (!need_area(f, out, one, AREA_ACCESS))
		return;
	for (size_t i = 0; i < f->access.n; i++)
		look_at(f, &f->access.v[i], out, one, &c);
	if (!tell_caught(f, &c, out, one))
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    f->access.n ? "No policy in force keeps the pilot from registering."
					: "No policy is set on the registration of security "
					  "information.");
}

/* Policies on all resources: they are met before the registration page opens. */
static void judge_sign_in(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.registration-sign-in", "access",
					   "Signing in to register");
	struct caught c = { 0 };
	size_t seen = 0;

	one->link = LINK_ACCESS;
	if (!need_area(f, out, one, AREA_ACCESS))
		return;
	for (size_t i = 0; i < f->access.nall; i++) {
		if (f->access.all[i].registration)
			continue;
		seen++;
		look_at(f, &f->access.all[i], out, one, &c);
	}
	if (tell_caught(f, &c, out, one))
		return;
	if (!one->nevidence)
		area_evidence(f, out, one, AREA_ACCESS, "%s",
			      count_text(seen, "other policy read", &out->arena));
	finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "No policy keeps a new person on a "
		    "device of their own from signing in to register.");
}

static void judge_defaults(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.security-defaults", "access",
					   "Security defaults");

	one->link = LINK_ACCESS;
	if (!need_area(f, out, one, AREA_ACCESS))
		return;
	finding_evidence(out, one,
			 "GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
			 f->source[AREA_ACCESS].observed_ms, "isEnabled: %s",
			 f->access.security_defaults == TRI_YES ? "true"
			 : f->access.security_defaults == TRI_NO ? "false" : "not read");
	if (f->access.security_defaults == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: security defaults could not be read.");
	} else if (f->access.security_defaults == TRI_NO) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Security defaults are off.");
	} else {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "Security defaults are on: people are made to register "
			    "Authenticator at sign-in, and Conditional Access is not used.");
		finding_remedy(out, one, "Tell the pilot about that prompt; with P1, "
			       "Conditional Access can take its place.");
	}
}

/* A pass is how somebody without a method gets through a policy that wants one. */
static void judge_pass(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.registration-pass", "access",
					   "Temporary Access Pass");
	const struct access_policy *needs = trap_wants_pass(f);
	const char *settings = pass_settings(f, &out->arena);
	enum tri usable = pass_usable(f);
	enum verdict no = needs ? VERDICT_FAIL : VERDICT_WARN;

	one->link = LINK_METHODS;
	if (!need_area(f, out, one, AREA_METHODS))
		return;
	area_evidence(f, out, one, AREA_METHODS, "Temporary Access Pass: %s%s%s", pass_whom(f),
		      *settings ? "; " : "", settings);
	finding_set(out, one, usable == TRI_YES ? VERDICT_PASS
		    : usable == TRI_NO ? no : VERDICT_UNKNOWN,
		    usable == TRI_UNKNOWN ? CONFIDENCE_NONE : CONFIDENCE_PROVED, "%s",
		    pass_summary(f, needs ? needs->name : NULL, &out->arena));
	finding_remedy(out, one, "%s", pass_remedy(f));
}

/* "for everybody", "for the pilot group", "for others", of the campaign's targets. */
static const char *campaign_whom(const struct facts *f, const struct json *list)
{
	const char *whom = json_count(list) ? "for others than the pilot group" : "for nobody";

	for (const struct json *j = json_first(list); j; j = json_next(j)) {
		const char *id = json_string(j, "id");

		if (str_same_nocase(id, "all_users"))
			return "for everybody";
		if (f->groups.chosen && str_same_nocase(id, f->groups.chosen->id))
			whom = "for the pilot group";
	}
	return whom;
}

static void judge_campaign(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.registration-campaign", "registration",
					   "Registration campaign");
	const char *text = f->methods.campaign_json, *state = f->methods.campaign_state, *whom;
	struct err ignored = ERR_INIT;
	struct json *c;
	const struct json *first;
	int snooze;

	one->link = LINK_METHODS;
	if (!need_area(f, out, one, AREA_METHODS))
		return;
	c = text ? json_parse(text, strlen(text), &ignored) : NULL;
	first = json_first(json_get(c, "includeTargets"));
	snooze = (int)json_int(c, "snoozeDurationInDays", -1);
	whom = campaign_whom(f, json_get(c, "includeTargets"));
	area_evidence(f, out, one, AREA_METHODS, "state %s, %s, %s, method %s, %s left out",
		      state ? state : "not given", whom,
		      snooze < 0 ? "snooze not given" :
		      arena_printf(&out->arena, "asks again after %s",
				   count_text((size_t)snooze, "day", &out->arena)),
		      json_string_or(first, "targetedAuthenticationMethod", "not given"),
		      count_text(json_count(json_get(c, "excludeTargets")), "target",
				 &out->arena));
	/* It nudges for Authenticator or passkeys; it is not what password reset
	 * requires (facts graph.md 5.7), so it is never wrong, only to be known. */
	if (str_same_nocase(state, "enabled"))
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "The campaign is on %s: who "
			    "signs in with MFA is asked to register Authenticator or a passkey. It "
			    "does not make anybody register for password reset.", whom);
	else if (str_same_nocase(state, "default"))
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "Microsoft manages the "
			    "campaign, and since September 2026 it asks people with SMS or voice for "
			    "a passkey: tell the pilot that this prompt is no password reset.");
	else
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "The campaign is %s: nobody "
			    "is asked at sign-in, so the invitation has to reach people.",
			    state ? "off" : "not set");
	json_free(c);
}

static void judge_link(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.hidden-reset-link", "registration",
					   "Reset link on the sign-in page");
	const struct branding *b = &f->branding;

	one->link = "https://learn.microsoft.com/entra/fundamentals/how-to-customize-branding";
	if (!need_area(f, out, one, AREA_BRANDING))
		return;
	area_evidence(f, out, one, AREA_BRANDING, "%s",
		      b->present ? "the tenant has its own sign-in page"
				 : "the tenant uses Microsoft's sign-in page");
	if (b->hidden)
		area_evidence(f, out, one, AREA_BRANDING, "%s", b->hidden);
	if (b->custom_reset_url)
		area_evidence(f, out, one, AREA_BRANDING, "customAccountResetCredentialsUrl: %s",
			      b->custom_reset_url);
	if (b->hide_reset_link == TRI_YES) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "The sign-in page hides the link to reset a password%s: nobody will "
			    "find it.", b->custom_reset_url ? ", and sends people to another "
			    "address" : "");
		finding_remedy(out, one, "Show the link again in the company branding.");
	} else if (b->custom_reset_url) {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "The sign-in page sends people who forgot their password to another "
			    "address.");
		finding_remedy(out, one, "Check that the address leads to "
			       "https://aka.ms/sspr, or remove it.");
	} else {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "The sign-in page shows the link to reset a password.");
	}
}

void judge_access(const struct facts *f, const struct wanted *w, struct findings *out)
{
	(void)w;
	judge_policies(f, out);
	judge_sign_in(f, out);
	judge_defaults(f, out);
	judge_link(f, out);
	judge_pass(f, out);
	judge_campaign(f, out);
}
