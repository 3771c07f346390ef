/* What the tenant's domains mean for resets (facts graph.md 2.1 and 6.2). */
#include "checks/judge.h"

static void judge_federated(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.federated", "sync",
					   "Federated domains");
	struct names names = { .n = 0 };
	enum confidence confidence;
	const char *how, *value, *text;
	int64_t time_ms;

	one->link = LINK_WRITEBACK;
	if (!need_area(f, out, one, AREA_ORGANIZATION))
		return;
	for (size_t i = 0; i < f->organization.nfederated; i++)
		names_add(&names, f->organization.federated_domains[i]);
	text = names_text(&names, &out->arena);
	if (!f->organization.federated) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "No domain is federated.");
		return;
	}
	area_evidence(f, out, one, AREA_ORGANIZATION, "federated: %s",
		      names.n ? text : "a domain");
	value = setting_judge(f, "writeback.tenant", &confidence, &how, &time_ms, &out->arena);
	if (str_same(value, "on")) {
		finding_set(out, one, VERDICT_PASS, confidence,
			    "%s is federated, and writeback is on, which its people need.",
			    names.n ? text : "A domain");
		return;
	}
	finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
		    "The passwords of %s live on-premises: without writeback nobody there can "
		    "reset.", names.n ? text : "a federated domain");
	finding_remedy(out, one, "Prove writeback (step 4) before these people are enabled.");
}

static void judge_custom(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.custom-domain", "admin",
					   "Custom domain");

	one->link = LINK_DOCS "concept-sspr-policy";
	if (!need_area(f, out, one, AREA_ORGANIZATION))
		return;
	area_evidence(f, out, one, AREA_ORGANIZATION, "default domain: %s",
		      f->organization.default_domain ? f->organization.default_domain : "?");
	if (f->organization.custom_domain || facts_hybrid(f) == TRI_YES) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "%s, so administrators need two gates.",
			    f->organization.custom_domain ? "A custom domain is configured"
							  : "The tenant is synchronised");
		return;
	}
	finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
		    "There is no custom domain and no synchronisation: administrators may "
		    "reset with one gate only.");
	finding_remedy(out, one, "Add and verify a domain of your own.");
}

/* Customer tenants (B2C, CIAM) reset by user flows: nothing here fits them
 * (facts graph.md 2.1). */
static void judge_type(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.tenant-type", "admin", "Kind of tenant");
	const char *type = f->organization.tenant_type;

	one->link = LINK_DOCS "concept-sspr-howitworks";
	if (!need_area(f, out, one, AREA_ORGANIZATION))
		return;
	area_evidence(f, out, one, AREA_ORGANIZATION, "tenantType: %s", type ? type : "not given");
	if (!type) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell what kind of tenant this is.");
	} else if (str_same_nocase(type, "AAD")) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "A workforce tenant, which the runbook is for.");
	} else {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "This is a tenant for customers (%s): its people reset by user "
			    "flows, and the runbook does not apply.", type);
		finding_remedy(out, one, "Sign in to the tenant of the organisation's own "
			       "people.");
	}
}

void judge_domains(const struct facts *f, const struct wanted *w, struct findings *out)
{
	(void)w;
	judge_federated(f, out);
	judge_custom(f, out);
	judge_type(f, out);
}
