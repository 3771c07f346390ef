/* Whether the rollout is still a pilot or finished, and what is measured then. */
#include "checks/judge.h"

void judge_target(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "health.target", "enablement",
					   w->production ? "Target: production"
							 : "Target: pilot");
	enum confidence confidence;
	enum scope scope;
	const char *how;

	one->link = ADMIN_CENTRE "PasswordResetMenuBlade/~/Properties";
	scope = scope_judge(f, w, &confidence, &how, &out->arena);
	finding_evidence(out, one, setting_request(f, "scope", confidence), 0, "%s", how);
	if (scope == SCOPE_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell who may reset, so not how far the rollout is.");
		finding_remedy(out, one, "Look at it in the admin centre; the wizard records what "
			       "you say.");
	} else if (w->production) {
		finding_set(out, one, scope == SCOPE_ALL ? VERDICT_PASS : VERDICT_WARN, confidence,
			    "Measured as production: the scope is %s, wanted All; everybody counts "
			    "as the people who have to register, and nothing is excused as a "
			    "pilot's.", scope_name(scope));
		if (scope != SCOPE_ALL)
			finding_remedy(out, one, "Widen the scope when the readiness board says "
				       "go, or measure it as a pilot.");
	} else {
		finding_set(out, one, scope == SCOPE_ALL ? VERDICT_WARN : VERDICT_PASS, confidence,
			    scope == SCOPE_ALL
			    ? "Measured as a pilot, and the scope is All: everybody may reset, which "
			      "is no pilot any more."
			    : "Measured as a pilot: the scope is %s, the people of the group have "
			      "to register, and what benchmarks want of everybody is due later.",
			    scope_name(scope));
		if (scope == SCOPE_ALL)
			finding_remedy(out, one, "Measure it as production (--target production), "
				       "or narrow the scope to the group.");
	}
}
