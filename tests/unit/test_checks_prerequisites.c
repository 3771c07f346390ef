#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

static void cloud_only(struct facts *f)
{
	f->organization.sync_enabled = TRI_UNKNOWN;
	f->organization.ever_synced = false;
	f->organization.last_sync_ms = 0;
	f->sync.nidentities = 0;
	for (size_t i = 0; i < f->members.people.n; i++)
		f->members.people.v[i].synced = TRI_NO;
}

/* Licences */
static void no_skus(struct facts *f)
{
	f->licences.n = 0;
}

static void no_skus_cloud(struct facts *f)
{
	cloud_only(f);
	f->licences.n = 0;
}

static void only_rooms(struct facts *f)
{
	f->licences.v[0].people = false;
}

static void only_p2(struct facts *f)
{
	f->licences.v[0].p1 = false;
	f->licences.v[0].p2 = true;
}

static void sku_deleted(struct facts *f)
{
	f->licences.v[0].status = "Deleted";
}

static void sku_warning(struct facts *f)
{
	f->licences.v[0].status = "Warning";
	f->licences.v[0].warning = 25;
	f->licences.v[0].enabled = 0;
}

static void seats_gone(struct facts *f)
{
	f->licences.v[0].consumed = 25;
}

static void seats_over(struct facts *f)
{
	f->licences.v[0].consumed = 28;
}

static void licences_forbidden(struct facts *f)
{
	lose_area(f, AREA_LICENCES, SOURCE_FORBIDDEN, "403 no scope");
}

static void synced_unlicensed(struct facts *f)
{
	f->members.people.v[0].licensed = TRI_NO;
	f->members.people.v[0].basic_licensed = TRI_YES;
}

static void cloud_unlicensed(struct facts *f)
{
	f->members.people.v[2].licensed = TRI_NO;
	f->members.people.v[2].basic_licensed = TRI_NO;
}

static void cloud_other_plan(struct facts *f)
{
	f->members.people.v[2].licensed = TRI_NO;
	f->members.people.v[2].basic_licensed = TRI_UNKNOWN;
}

static void plans_hidden(struct facts *f)
{
	f->members.people.v[1].licensed = TRI_UNKNOWN;
}

static void plans_in_grace(struct facts *f)
{
	f->members.people.v[1].licence_warning = TRI_YES;
}

static void guest_unlicensed(struct facts *f)
{
	f->members.people.v[0].licensed = TRI_NO;
	f->members.people.v[0].type = USER_GUEST;
}

static void no_group(struct facts *f)
{
	f->groups.n = 0;
	f->groups.chosen = NULL;
	f->members.people.n = 0;
	lose_area(f, AREA_MEMBERS, SOURCE_ABSENT, "there is no group SSPR-Enabled-Users yet");
}

static const struct judge_case licence_cases[] = {
	{ "all well", NULL, "prereq.licence", VERDICT_PASS, CONFIDENCE_PROVED, "5 of 25" },
	{ "P2 without P1", only_p2, "prereq.licence", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "no P1, hybrid", no_skus, "prereq.licence", VERDICT_FAIL, CONFIDENCE_PROVED, NULL },
	{ "no P1, cloud-only", no_skus_cloud, "prereq.licence", VERDICT_WARN,
	  CONFIDENCE_PROVED, "Business Standard" },
	{ "rooms are no people", only_rooms, "prereq.licence", VERDICT_FAIL,
	  CONFIDENCE_PROVED, NULL },
	{ "a deleted subscription", sku_deleted, "prereq.licence", VERDICT_FAIL,
	  CONFIDENCE_PROVED, NULL },
	{ "grace period", sku_warning, "prereq.licence", VERDICT_WARN, CONFIDENCE_PROVED,
	  "grace period" },
	{ "no seats", seats_gone, "prereq.licence", VERDICT_WARN, CONFIDENCE_PROVED,
	  "no seat" },
	{ "a member without", synced_unlicensed, "prereq.licence", VERDICT_FAIL,
	  CONFIDENCE_PROVED, "1 synchronised member: ann@contoso.com" },
	{ "no permission", licences_forbidden, "prereq.licence", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, "403" },
	{ "plans hidden", plans_hidden, "prereq.licence", VERDICT_UNKNOWN, CONFIDENCE_NONE,
	  NULL },
	{ "no group yet", no_group, "prereq.licence", VERDICT_PASS, CONFIDENCE_PROVED, NULL },

	{ "all well", NULL, "health.licence-members", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "synced without", synced_unlicensed, "health.licence-members", VERDICT_FAIL,
	  CONFIDENCE_PROVED, NULL },
	{ "cloud without", cloud_unlicensed, "health.licence-members", VERDICT_WARN,
	  CONFIDENCE_PROVED, NULL },
	{ "cloud with another plan", cloud_other_plan, "health.licence-members", VERDICT_WARN,
	  CONFIDENCE_LIKELY, NULL },
	{ "plans hidden", plans_hidden, "health.licence-members", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "plans in grace", plans_in_grace, "health.licence-members", VERDICT_WARN,
	  CONFIDENCE_PROVED, "running for bob@contoso.com" },
	{ "plans in grace", plans_in_grace, "prereq.licence", VERDICT_WARN,
	  CONFIDENCE_PROVED, "running for bob@contoso.com" },
	{ "guests need none", guest_unlicensed, "health.licence-members", VERDICT_PASS,
	  CONFIDENCE_PROVED, NULL },
	{ "no group yet", no_group, "health.licence-members", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, "no group SSPR-Enabled-Users" },

	{ "all well", NULL, "health.licence-seats", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "none left", seats_gone, "health.licence-seats", VERDICT_WARN, CONFIDENCE_PROVED,
	  NULL },
	{ "too many", seats_over, "health.licence-seats", VERDICT_WARN, CONFIDENCE_PROVED,
	  "3 more" },
	{ "grace period", sku_warning, "health.licence-seats", VERDICT_WARN,
	  CONFIDENCE_PROVED, NULL },
	{ "no P1", no_skus, "health.licence-seats", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, NULL },
	{ "no permission", licences_forbidden, "health.licence-seats", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
};

static void test_licence(void **state)
{
	(void)state;
	judge_cases(licence_cases, COUNT_OF(licence_cases));
}

/* Synchronisation */
static void sync_off(struct facts *f)
{
	f->organization.sync_enabled = TRI_NO;
}

static void sync_forbidden(struct facts *f)
{
	lose_area(f, AREA_SYNC, SOURCE_FORBIDDEN, "403");
}

static void organization_forbidden(struct facts *f)
{
	lose_area(f, AREA_ORGANIZATION, SOURCE_FORBIDDEN, "403");
}

static void nobody_syncs(struct facts *f)
{
	f->sync.nidentities = 0;
}

static void cloud_with_account(struct facts *f)
{
	cloud_only(f);
	f->sync.nidentities = 1;
}

static void two_servers(struct facts *f)
{
	ARENA_GROW(&f->arena, f->sync.identities, f->sync.nidentities,
		   f->sync.identities_cap);
	f->sync.identities[f->sync.nidentities++] = (struct sync_identity){
		.id = "s2", .name = "ConnectSyncProvisioning_OLD_0a1b", .server = "OLD",
		.application = true };
}

static struct sync_job *job(struct facts *f, const char *status)
{
	ARENA_GROW(&f->arena, f->sync.jobs, f->sync.njobs, f->sync.jobs_cap);
	f->sync.jobs[f->sync.njobs] = (struct sync_job){
		.template_id = "AD2AADProvisioning", .status = status };
	return &f->sync.jobs[f->sync.njobs++];
}

static void cloud_sync(struct facts *f)
{
	f->sync.nidentities = 0;
	job(f, "Active");
}

static void quarantined(struct facts *f)
{
	job(f, "Quarantine")->quarantine_reason = "EncounteredBaseEscrowThreshold";
}

static void paused(struct facts *f)
{
	job(f, "Paused");
}

static void jobs_forbidden(struct facts *f)
{
	f->sync.jobs_read = false;
}

static void sync_4_hours(struct facts *f)
{
	f->organization.last_sync_ms = NOW_MS - 4 * HOUR_MS;
}

static void sync_2_days(struct facts *f)
{
	f->organization.last_sync_ms = NOW_MS - 2 * DAY_MS;
}

static void never_synced(struct facts *f)
{
	f->organization.last_sync_ms = 0;
}

static void sync_errors(struct facts *f)
{
	f->sync_errors.total = 3;
}

static void sync_errors_forbidden(struct facts *f)
{
	lose_area(f, AREA_SYNC_ERRORS, SOURCE_FORBIDDEN, "403");
}

static const struct judge_case sync_cases[] = {
	{ "an account", NULL, "prereq.connect", VERDICT_PASS, CONFIDENCE_PROVED, "CONNECT01" },
	{ "two servers", two_servers, "prereq.connect", VERDICT_WARN, CONFIDENCE_LIKELY,
	  "CONNECT01, OLD" },
	{ "Cloud Sync", cloud_sync, "prereq.connect", VERDICT_PASS, CONFIDENCE_PROVED,
	  "Cloud Sync" },
	{ "cloud-only", cloud_only, "prereq.connect", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, "cloud-only" },
	{ "cloud-only with an account", cloud_with_account, "prereq.connect", VERDICT_WARN,
	  CONFIDENCE_CONTRADICTED, NULL },
	{ "turned off", sync_off, "prereq.connect", VERDICT_FAIL, CONFIDENCE_PROVED, NULL },
	{ "who, forbidden", sync_forbidden, "prereq.connect", VERDICT_PASS, CONFIDENCE_LIKELY,
	  "403" },
	{ "nobody", nobody_syncs, "prereq.connect", VERDICT_WARN, CONFIDENCE_LIKELY, NULL },
	{ "no permission", organization_forbidden, "prereq.connect", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },

	{ "all well", NULL, "prereq.sync-health", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "late", sync_4_hours, "prereq.sync-health", VERDICT_WARN, CONFIDENCE_PROVED, NULL },
	{ "too late", sync_2_days, "prereq.sync-health", VERDICT_FAIL, CONFIDENCE_PROVED,
	  "2 days" },
	{ "errors", sync_errors, "prereq.sync-health", VERDICT_WARN, CONFIDENCE_PROVED, NULL },
	{ "quarantine", quarantined, "prereq.sync-health", VERDICT_FAIL, CONFIDENCE_PROVED,
	  NULL },
	{ "errors hidden", sync_errors_forbidden, "prereq.sync-health", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "cloud-only", cloud_only, "prereq.sync-health", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, NULL },

	{ "recent", NULL, "health.sync-stale", VERDICT_PASS, CONFIDENCE_PROVED, "30 min" },
	{ "late", sync_4_hours, "health.sync-stale", VERDICT_WARN, CONFIDENCE_PROVED, NULL },
	{ "never", never_synced, "health.sync-stale", VERDICT_FAIL, CONFIDENCE_PROVED,
	  "never" },
	{ "none", NULL, "health.sync-errors", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "three", sync_errors, "health.sync-errors", VERDICT_WARN, CONFIDENCE_PROVED,
	  "3 objects" },
	{ "hidden", sync_errors_forbidden, "health.sync-errors", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "no jobs", NULL, "health.quarantine", VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
	  NULL },
	{ "an active job", cloud_sync, "health.quarantine", VERDICT_PASS, CONFIDENCE_PROVED,
	  NULL },
	{ "a paused job", paused, "health.quarantine", VERDICT_WARN, CONFIDENCE_PROVED, NULL },
	{ "quarantine", quarantined, "health.quarantine", VERDICT_FAIL, CONFIDENCE_PROVED,
	  NULL },
	{ "jobs hidden", jobs_forbidden, "health.quarantine", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
};

static void test_sync(void **state)
{
	(void)state;
	judge_cases(sync_cases, COUNT_OF(sync_cases));
}

/* Writeback, domains and ports */
static void no_trace(struct facts *f)
{
	f->audit.written_back = 0;
	f->audit.last_written_back_ms = 0;
}

static void writeback_enabled(struct facts *f)
{
	no_trace(f);
	f->audit.writeback_on_ms = NOW_MS - DAY_MS;
}

static void writeback_disabled(struct facts *f)
{
	f->audit.writeback_off_ms = NOW_MS - HOUR_MS;
}

static void attested(struct facts *f)
{
	no_trace(f);
	ARENA_GROW(&f->arena, f->attestations.v, f->attestations.n, f->attestations.cap);
	f->attestations.v[f->attestations.n++] = (struct attestation){
		.setting = "writeback.tenant", .value = "on", .who = "ann",
		.time_ms = NOW_MS - DAY_MS };
}

static void attested_both(struct facts *f)
{
	attested(f);
	ARENA_GROW(&f->arena, f->attestations.v, f->attestations.n, f->attestations.cap);
	f->attestations.v[f->attestations.n++] = (struct attestation){
		.setting = "writeback.server", .value = "on", .who = "ann",
		.time_ms = NOW_MS - DAY_MS };
}

static void audit_forbidden(struct facts *f)
{
	no_trace(f);
	lose_area(f, AREA_AUDIT, SOURCE_FORBIDDEN, "403");
}

static void failed_since(struct facts *f)
{
	f->audit.last_writeback_failure_ms = NOW_MS - HOUR_MS;
	f->audit.last_writeback_failure = "We could not reach your on-premises password reset "
					  "service. Check your sync machine's event log";
}

static void failed_before(struct facts *f)
{
	failed_since(f);
	f->audit.last_writeback_failure_ms = NOW_MS - 2 * DAY_MS;
}

static void refused_as_off(struct facts *f)
{
	failed_since(f);
	f->audit.last_writeback_failure = "User's password is managed on-premises. You can "
					  "enable Password Writeback to resolve this";
}

static void federated(struct facts *f)
{
	static const char *const domains[] = { "corp.contoso.com" };

	f->organization.federated = true;
	f->organization.federated_domains = domains;
	f->organization.nfederated = 1;
}

static void federated_untold(struct facts *f)
{
	federated(f);
	no_trace(f);
}

static void bare_tenant(struct facts *f)
{
	cloud_only(f);
	f->organization.custom_domain = false;
}

static void no_custom_domain(struct facts *f)
{
	f->organization.custom_domain = false;
}

static void customers(struct facts *f)
{
	f->organization.tenant_type = "CIAM";
}

static void no_type(struct facts *f)
{
	f->organization.tenant_type = NULL;
}

static void port_closed(struct facts *f)
{
	f->ports.v[0].answered = false;
}

static void port_optional_closed(struct facts *f)
{
	f->ports.v[0].answered = false;
	f->ports.v[0].port = 636;
}

static void port_inspected(struct facts *f)
{
	f->ports.v[0].inspected = true;
	f->ports.v[0].issuer = "Proxy CA";
}

static void port_here(struct facts *f)
{
	f->ports.v[0].where = "here";
}

static void port_closed_here(struct facts *f)
{
	port_here(f);
	f->ports.v[0].answered = false;
	f->ports.v[0].problem = "refused";
}

static void port_inspected_here(struct facts *f)
{
	port_here(f);
	port_inspected(f);
}

static void relay_odd_here(struct facts *f)
{
	port_here(f);
	f->ports.v[0].problem = "HTTP 407 instead of 401";
}

static void port_optional_here(struct facts *f)
{
	port_optional_closed(f);
	port_here(f);
}

static void port_pending(struct facts *f)
{
	port_here(f);
	f->ports.v[0].pending = true;
	f->ports.v[0].answered = false;
}

static void no_probe(struct facts *f)
{
	lose_area(f, AREA_PORTS, SOURCE_SKIPPED, "no probe was run");
}

static const struct judge_case writeback_cases[] = {
	{ "a reset came through", NULL, "prereq.writeback", VERDICT_PASS, CONFIDENCE_PROVED,
	  "was written back" },
	{ "the enabling event", writeback_enabled, "prereq.writeback", VERDICT_PASS,
	  CONFIDENCE_LIKELY, NULL },
	{ "the disabling event", writeback_disabled, "prereq.writeback", VERDICT_FAIL,
	  CONFIDENCE_PROVED, "off" },
	{ "refused as off", refused_as_off, "prereq.writeback", VERDICT_FAIL,
	  CONFIDENCE_PROVED, NULL },
	{ "a person's word", attested_both, "prereq.writeback", VERDICT_PASS,
	  CONFIDENCE_ATTESTED, "ann said so" },
	{ "the tenant's switch only", attested, "prereq.writeback", VERDICT_WARN,
	  CONFIDENCE_ATTESTED, "server's" },
	{ "no trace is never off", no_trace, "prereq.writeback", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "no permission", audit_forbidden, "prereq.writeback", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, "403" },
	{ "failing since", failed_since, "prereq.writeback", VERDICT_WARN, CONFIDENCE_PROVED,
	  "failed" },
	{ "cloud-only", cloud_only, "prereq.writeback", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, NULL },

	{ "none", NULL, "health.writeback-failures", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "and none since", failed_since, "health.writeback-failures", VERDICT_FAIL,
	  CONFIDENCE_PROVED, NULL },
	{ "but one since", failed_before, "health.writeback-failures", VERDICT_WARN,
	  CONFIDENCE_PROVED, NULL },
	{ "no permission", audit_forbidden, "health.writeback-failures", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },

	{ "none", NULL, "health.federated", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "with writeback", federated, "health.federated", VERDICT_PASS, CONFIDENCE_PROVED,
	  "corp.contoso.com" },
	{ "without", federated_untold, "health.federated", VERDICT_WARN, CONFIDENCE_PROVED,
	  NULL },
	{ "there", NULL, "health.custom-domain", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "synchronised", no_custom_domain, "health.custom-domain", VERDICT_PASS,
	  CONFIDENCE_PROVED, NULL },
	{ "neither", bare_tenant, "health.custom-domain", VERDICT_WARN, CONFIDENCE_LIKELY,
	  NULL },

	{ "workforce", NULL, "health.tenant-type", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "customers", customers, "health.tenant-type", VERDICT_FAIL, CONFIDENCE_PROVED, "CIAM" },
	{ "not given", no_type, "health.tenant-type", VERDICT_UNKNOWN, CONFIDENCE_NONE, NULL },

	{ "open", NULL, "prereq.ports", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	/* What ran here is a hint at most, whatever it saw. */
	{ "open from here", port_here, "prereq.ports", VERDICT_UNKNOWN, CONFIDENCE_NONE,
	  "from here, which says little" },
	{ "closed from here", port_closed_here, "prereq.ports", VERDICT_WARN, CONFIDENCE_LIKELY,
	  "From here 1 of 1" },
	{ "inspected from here", port_inspected_here, "prereq.ports", VERDICT_WARN,
	  CONFIDENCE_LIKELY, "perhaps at the Connect server too" },
	{ "a proxy for the relay", relay_odd_here, "prereq.ports", VERDICT_WARN,
	  CONFIDENCE_LIKELY, "in place of" },
	{ "optional closed from here", port_optional_here, "prereq.ports", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, "1 optional not" },
	{ "no answer yet", port_pending, "prereq.ports", VERDICT_UNKNOWN, CONFIDENCE_NONE,
	  "0 of 1 have answered" },
	{ "closed", port_closed, "prereq.ports", VERDICT_FAIL, CONFIDENCE_PROVED, NULL },
	{ "optional closed", port_optional_closed, "prereq.ports", VERDICT_WARN,
	  CONFIDENCE_PROVED, NULL },
	{ "inspected", port_inspected, "prereq.ports", VERDICT_WARN, CONFIDENCE_LIKELY, NULL },
	{ "no probe", no_probe, "prereq.ports", VERDICT_NOT_APPLICABLE, CONFIDENCE_NONE,
	  "no probe was run" },
	{ "cloud-only", cloud_only, "prereq.ports", VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
	  NULL },
};

static void test_writeback(void **state)
{
	(void)state;
	judge_cases(writeback_cases, COUNT_OF(writeback_cases));
}

/* Everything passes, or does not apply, in a tenant where all is well. */
static void test_all_well(void **state)
{
	struct findings out = { .v = NULL };
	struct wanted w;
	struct facts f;

	(void)state;
	healthy_facts(&f);
	wanted_runbook(&w);
	checks_run(&f, &w, "", &out);
	for (size_t i = 0; i < out.n; i++) {
		if (out.v[i].verdict > VERDICT_NOT_APPLICABLE)
			fail_msg("%s: %s", out.v[i].id, out.v[i].summary);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(out.v[i].id, out.v[k].id);
	}
	assert_int_equal(findings_verdict(&out), VERDICT_PASS);
	findings_clear(&out);
	facts_release(&f);
}

/* What nothing was read of is unknown or does not apply; nothing crashes. */
static void test_nothing_read(void **state)
{
	static const enum source_state states[] = {
		SOURCE_UNREAD, SOURCE_FORBIDDEN, SOURCE_ABSENT, SOURCE_FAILED, SOURCE_SKIPPED,
	};

	(void)state;
	for (size_t s = 0; s < COUNT_OF(states); s++) {
		struct findings out = { .v = NULL };
		struct wanted w;
		struct facts f;

		facts_init(&f);
		f.now_ms = NOW_MS;
		for (size_t i = 0; i < AREA_COUNT; i++)
			f.source[i].state = states[s];
		wanted_runbook(&w);
		checks_run(&f, &w, "", &out);
		for (size_t i = 0; i < out.n; i++)
			if (out.v[i].verdict != VERDICT_UNKNOWN &&
			    out.v[i].verdict != VERDICT_NOT_APPLICABLE)
				fail_msg("%s: %s", out.v[i].id, out.v[i].summary);
		findings_clear(&out);
		facts_release(&f);
	}
}

/* The ids that a check promises are those that it adds, in that order. */
static void test_ids(void **state)
{
	struct wanted w;
	struct facts f;

	(void)state;
	healthy_facts(&f);
	wanted_runbook(&w);
	for (size_t i = 0; checks[i]; i++) {
		struct findings out = { .v = NULL };
		size_t n = 0;

		checks[i]->judge(&f, &w, &out);
		assert_string_equal(checks[i]->id, checks[i]->ids[0]);
		for (; checks[i]->ids[n]; n++)
			assert_string_equal(out.v[n].id, checks[i]->ids[n]);
		assert_int_equal(out.n, n);
		findings_clear(&out);
	}
	assert_int_equal(checks_areas("prereq.ports"),
			 AREA_BIT(AREA_ORGANIZATION) | AREA_BIT(AREA_PORTS));
	assert_int_equal(checks_areas("no such"), 0);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_licence),
		cmocka_unit_test(test_sync),
		cmocka_unit_test(test_writeback),
		cmocka_unit_test(test_all_well),
		cmocka_unit_test(test_nothing_read),
		cmocka_unit_test(test_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
