/* What keeps people from registering or from finding the reset page
 * (facts graph.md 9, peers.md H7). */
#include "checks/judge.h"

#define LINK_ACCESS "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/" \
	"ConditionalAccessBlade"

static enum verdict policy_verdict(const struct access_policy *p)
{
	if (!p->hits_group || !str_same_nocase(p->state, "enabled"))
		return VERDICT_PASS;
	if (p->block)
		return p->outside_trusted ? VERDICT_WARN : VERDICT_FAIL;
	return p->mfa || p->managed_device ? VERDICT_WARN : VERDICT_PASS;
}

static const char *policy_effect(const struct access_policy *p)
{
	if (p->block)
		return p->outside_trusted ? "blocks registration outside trusted locations"
					  : "blocks registration everywhere";
	if (p->mfa && p->managed_device)
		return "wants MFA or a managed device to register";
	if (p->mfa)
		return "wants MFA to register, which new people do not have yet";
	return p->managed_device ? "allows registration from managed devices only"
				 : "does not keep anybody from registering";
}

static void judge_policies(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.registration-policy", "access",
					   "Conditional Access on registration");
	const struct access_policy *worst = NULL;

	one->link = LINK_ACCESS;
	if (!need_area(f, out, one, AREA_ACCESS))
		return;
	for (size_t i = 0; i < f->access.n; i++) {
		const struct access_policy *p = &f->access.v[i];

		area_evidence(f, out, one, AREA_ACCESS, "%s (%s): %s%s", p->name, p->state,
			      policy_effect(p), p->hits_group ? "" : "; not for the pilot");
		if (policy_verdict(p) > VERDICT_PASS &&
		    (!worst || policy_verdict(p) > policy_verdict(worst)))
			worst = p;
	}
	if (!worst) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    f->access.n ? "No policy in force keeps the pilot from registering."
					: "No policy is set on the registration of security "
					  "information.");
		return;
	}
	finding_set(out, one, policy_verdict(worst), CONFIDENCE_PROVED,
		    "The policy %s %s.", worst->name, policy_effect(worst));
	finding_remedy(out, one, worst->mfa && !worst->block
		       ? "Give new people a Temporary Access Pass, or let them register from a "
			 "trusted place."
		       : "Let the pilot register from where they are: exclude the group, or "
			 "hold the registration on site.");
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
	if (b->hide_reset_link == TRI_YES) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "The sign-in page hides the link to reset a password: nobody will "
			    "find it.");
		finding_remedy(out, one, "Show the link again in the company branding.");
	} else if (b->custom_reset_url) {
		area_evidence(f, out, one, AREA_BRANDING, "%s", b->custom_reset_url);
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
	judge_defaults(f, out);
	judge_link(f, out);
}
