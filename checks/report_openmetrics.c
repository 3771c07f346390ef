/* For Prometheus and its like, OpenMetrics 1.0. Labels hold our own words alone. */
#include "checks/assessment.h"

static void put_people(const struct registration *r, struct str *out)
{
	str_addf(out, "# TYPE sspr_wizard_people gauge\n"
		 "# HELP sspr_wizard_people People of the directory by how far they are.\n"
		 "sspr_wizard_people{state=\"all\"} %zu\n"
		 "sspr_wizard_people{state=\"registered\"} %zu\n"
		 "sspr_wizard_people{state=\"enabled\"} %zu\n"
		 "sspr_wizard_people{state=\"capable\"} %zu\n", r->members_total,
		 r->registered_total, r->enabled_total, r->capable_total);
}

static void put_usage(const struct usage *u, struct str *out)
{
	str_addf(out, "# TYPE sspr_wizard_attempts gauge\n"
		 "# HELP sspr_wizard_attempts Attempts of the last %zu days by their end.\n"
		 "sspr_wizard_attempts{end=\"success\"} %zu\n"
		 "sspr_wizard_attempts{end=\"other\"} %zu\n"
		 "# TYPE sspr_wizard_written_back gauge\n"
		 "# HELP sspr_wizard_written_back Resets written to the on-premises directory.\n"
		 "sspr_wizard_written_back %zu\n"
		 "# TYPE sspr_wizard_blocked_people gauge\n"
		 "# HELP sspr_wizard_blocked_people People blocked for 24 hours.\n"
		 "sspr_wizard_blocked_people %zu\n", u->ndays, u->succeeded,
		 u->attempts - u->succeeded, u->written_back, u->blocked.n);
}

void report_openmetrics(const struct assessment *a, struct str *out)
{
	str_add(out, "# TYPE sspr_wizard_findings gauge\n"
		"# HELP sspr_wizard_findings Findings by verdict.\n");
	for (enum verdict v = VERDICT_PASS; v <= VERDICT_FAIL; v++)
		str_addf(out, "sspr_wizard_findings{verdict=\"%s\"} %zu\n", verdict_name(v),
			 findings_count(a->findings, v));
	str_add(out, "# TYPE sspr_wizard_finding_ok gauge\n"
		"# HELP sspr_wizard_finding_ok 1 passed or accepted, 0 warning or failure; "
		"absent when it does not apply or cannot be told.\n");
	for (size_t i = 0; i < a->findings->n; i++) {
		const struct finding *one = &a->findings->v[i];

		if (one->verdict == VERDICT_UNKNOWN || one->verdict == VERDICT_NOT_APPLICABLE)
			continue;
		str_addf(out, "sspr_wizard_finding_ok{id=\"%s\"} %d\n", one->id,
			 one->verdict == VERDICT_PASS || one->verdict == VERDICT_ACCEPTED);
	}
	if (facts_read(a->facts, AREA_REGISTRATION))
		put_people(&a->facts->registration, out);
	if (a->usage)
		put_usage(a->usage, out);
	str_addf(out, "# TYPE sspr_wizard_observed_seconds gauge\n"
		 "# UNIT sspr_wizard_observed_seconds seconds\n"
		 "# HELP sspr_wizard_observed_seconds When the tenant was read.\n"
		 "sspr_wizard_observed_seconds %lld\n# EOF\n",
		 (long long)(a->facts->now_ms / 1000));
}
