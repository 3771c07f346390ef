#include "checks/acceptance.h"
#include "checks/benchmark.h"
#include "tests/unit/healthy_facts.h"

#include <stdlib.h>

#include "graph/base/mem.h"

#define CONFIG(app, place)								\
	"{\"featureSettings\":{\"displayAppInformationRequiredState\":{\"state\":\"" app	\
	"\",\"includeTarget\":{\"id\":\"all_users\"}},"					\
	"\"displayLocationInformationRequiredState\":{\"state\":\"" place		\
	"\",\"includeTarget\":{\"id\":\"all_users\"}}}}"

static struct method *authenticator(struct facts *f)
{
	return &f->methods.method[METHOD_AUTHENTICATOR];
}

static void shown(struct facts *f)
{
	authenticator(f)->config_json = CONFIG("enabled", "enabled");
	authenticator(f)->include[0].id = "all_users";
}

static void managed_by_microsoft(struct facts *f)
{
	shown(f);
	authenticator(f)->config_json = CONFIG("enabled", "default");
}

static void codes(struct facts *f)
{
	shown(f);
	authenticator(f)->oath = true;
}

static void no_authenticator(struct facts *f)
{
	authenticator(f)->enabled = false;
}

static void all_off(struct facts *f)
{
	f->methods.method[METHOD_SMS].enabled = f->methods.method[METHOD_EMAIL].enabled = false;
}

static void in_progress(struct facts *f)
{
	f->methods.migration = MIGRATION_IN_PROGRESS;
}

static void no_state(struct facts *f)
{
	f->methods.migration = MIGRATION_NULL;
}

static void forbidden(struct facts *f)
{
	f->source[AREA_METHODS].state = SOURCE_FORBIDDEN;
}

static void two(struct facts *f)
{
	f->audit.methods_required = (struct policy_value){ .new_value = "2",
							   .time_ms = NOW_MS - HOUR_MS };
}

static void hash_sync(struct facts *f)
{
	f->sync.password_hash_sync = TRI_YES;
}

static void hash_sync_off(struct facts *f)
{
	f->sync.password_hash_sync = TRI_NO;
}

static void cloud_only(struct facts *f)
{
	f->organization.ever_synced = false;
	f->organization.sync_enabled = TRI_UNKNOWN;
}

static void managed_device(struct facts *f)
{
	ARENA_GROW(&f->arena, f->access.v, f->access.n, f->access.cap);
	f->access.v[f->access.n++] = (struct access_policy){
		.name = "Managed", .state = "enabled", .managed_device = true,
		.users_json = "{\"includeUsers\":[\"All\"]}",
	};
}

static void campaign(struct facts *f)
{
	f->methods.campaign_state = "enabled";
}

static const struct {
	const char *benchmark, *id;
	void (*change)(struct facts *f);
	enum verdict verdict;
} cases[] = {
	{ "cis-m365-7", "cis.5.2.3.1", shown, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.1", codes, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.1", managed_by_microsoft, VERDICT_WARN },
	{ "cis-m365-7", "cis.5.2.3.1", NULL, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.1", no_authenticator, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.1", forbidden, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.2.3.5", NULL, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.5", all_off, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.4.1", NULL, VERDICT_FAIL },
	{ "cis-m365-7-l2", "cis.5.2.4.2", two, VERDICT_PASS },
	{ "cis-m365-7-l2", "cis.5.2.3.7", NULL, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.1.8.1", hash_sync, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.1.8.1", hash_sync_off, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.1.8.1", NULL, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.1.8.1", cloud_only, VERDICT_NOT_APPLICABLE },
	{ "cis-m365-7", "cis.5.2.2.10", managed_device, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.2.10", NULL, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.4.3", NULL, VERDICT_UNKNOWN },
	{ "scuba", "scuba.MS.AAD.3.3v2", no_authenticator, VERDICT_NOT_APPLICABLE },
	{ "scuba", "scuba.MS.AAD.3.3v2", shown, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.3v2", codes, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.3.4v1", NULL, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.4v1", no_state, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.4v1", in_progress, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.3.5v2", NULL, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.3.5v2", all_off, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.8v1", NULL, VERDICT_WARN },
	{ "asd", "asd.scope", NULL, VERDICT_PASS },
	{ "asd", "asd.methods", NULL, VERDICT_WARN },
	{ "asd", "asd.campaign", NULL, VERDICT_WARN },
	{ "asd", "asd.campaign", campaign, VERDICT_PASS },
};

static void test_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct findings out = { .v = NULL };
		const struct finding *one;
		struct wanted w;
		struct facts f;

		healthy_facts(&f);
		wanted_runbook(&w);
		w.benchmark = cases[i].benchmark;
		if (cases[i].change)
			cases[i].change(&f);
		benchmark_judge(&f, &w, &out);
		one = findings_find(&out, cases[i].id);
		assert_non_null(one);
		if (one->verdict != cases[i].verdict)
			fail_msg("case %zu, %s: %s: %s", i, one->id, verdict_name(one->verdict),
				 one->summary);
		if (one->verdict == VERDICT_FAIL || one->verdict == VERDICT_WARN)
			assert_true(one->remedy[0] != '\0');
		findings_clear(&out);
		facts_release(&f);
	}
}

static void test_which(void **state)
{
	static const struct {
		const char *name;
		size_t n;
	} counts[] = {
		{ "cis-m365-7", 8 }, { "cis-m365-7-l2", 10 }, { "scuba", 4 }, { "asd", 7 },
		{ NULL, 0 }, { "nothing", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		struct findings out = { .v = NULL };
		struct wanted w;
		struct facts f;

		healthy_facts(&f);
		wanted_runbook(&w);
		w.benchmark = counts[i].name;
		benchmark_judge(&f, &w, &out);
		assert_int_equal(out.n, counts[i].n);
		findings_clear(&out);
		facts_release(&f);
	}
	assert_string_equal(benchmark_find("SCUBA")->name, "scuba");
}

static struct acceptance accept_until(const char *until)
{
	static char text[80];
	struct acceptance one = { .id = "x.bad" };
	struct err err = ERR_INIT;

	snprintf(text, sizeof(text), "a reason ; Ann;%s", until);
	assert_int_equal(acceptance_parse(text, &one, &err), 0);
	return one;
}

static void test_acceptance(void **state)
{
	static const struct {
		const char *until;
		enum verdict before, after;
	} rows[] = {
		{ "2026-11-25", VERDICT_FAIL, VERDICT_ACCEPTED },
		{ "2026-11-25", VERDICT_WARN, VERDICT_ACCEPTED },
		{ "2026-11-24", VERDICT_FAIL, VERDICT_FAIL },
		{ "2027-01-01", VERDICT_UNKNOWN, VERDICT_UNKNOWN },
		{ "2027-01-01", VERDICT_PASS, VERDICT_PASS },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct acceptance one = accept_until(rows[i].until);
		struct findings out = { .v = NULL };

		finding_set(&out, findings_add(&out, "x.bad", "x", "X"), rows[i].before,
			    CONFIDENCE_PROVED, "It is bad.");
		finding_set(&out, findings_add(&out, "x.other", "x", "X"), VERDICT_FAIL,
			    CONFIDENCE_PROVED, "Also bad.");
		findings_accept(&out, &one, 1, NOW_MS);
		assert_int_equal(out.v[0].verdict, rows[i].after);
		assert_int_equal(out.v[1].verdict, VERDICT_FAIL);
		if (rows[i].after == VERDICT_ACCEPTED)
			assert_string_equal(out.v[0].summary,
					    "Accepted by Ann until 25 Nov 2026. It is bad.");
		if (i == 2)
			assert_non_null(strstr(out.v[0].evidence[0].value, "which is over"));
		findings_clear(&out);
	}
}

static void test_acceptance_needs_all(void **state)
{
	static const char *const bad[] = {
		"", "reason", "reason; owner", "reason; owner; soon", "; owner; 2027-01-01",
		"reason; ; 2027-01-01", "reason; owner; 2027-13-01", "r; o; 2027-01-01; more",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct acceptance one = { .id = "x" };
		struct err err = ERR_INIT;
		char *text = xstrdup(bad[i]);

		assert_int_equal(acceptance_parse(text, &one, &err), -1);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_which),
		cmocka_unit_test(test_acceptance),
		cmocka_unit_test(test_acceptance_needs_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
