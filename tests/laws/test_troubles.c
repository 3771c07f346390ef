/*
 * The scenario "troubled" is full of planted troubles. Each must be found by the
 * finding that it names: a warning or a failure, which names the thing that is
 * wrong where it has a name, and says what to do.
 */
#include "tests/laws/world.h"

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* What the finding of a trouble must name; nothing where the trouble has no name. */
static const struct {
	const char *id;
	const char *const *names;
} troubles[] = {
	{ "duplicate-group", NAMES("SSPR-Enabled-Users") },
	{ "nested-group", NAMES("Europe-Sales") },
	{ "guest-member", NAMES("nora.berg") },
	{ "disabled-member", NAMES("lena.hoffmann") },
	{ "admin-member", NAMES("tomas.adler") },
	{ "unlicensed-member", NAMES("bongani.dube") },
	{ "seats", NAMES("SPE_E3") },
	{ "licence-warning", NAMES("kenji.mori") },
	{ "stale-sync", NAMES("31 h") },
	{ "sync-health", NAMES("31 h", "provisioning error", "quarantine") },
	{ "provisioning-error", NAMES("ravi.menon", "ProxyAddress") },
	{ "quarantine", NAMES("AD2AADProvisioning") },
	{ "two-servers", NAMES("OLDSYNC", "ENTRA-SYNC01") },
	{ "writeback-failures", NAMES(NULL) },
	{ "writeback-off", NAMES("disabled on") },
	{ "writeback-switch", NAMES("jun.watanabe", "OLDSYNC", "ENTRA-SYNC01") },
	{ "admin-gates", NAMES("breakglass", "jun.watanabe") },
	{ "phone-only", NAMES("petra.novotna", "yara.haddad", "samuel.mensah") },
	{ "question-only", NAMES("dmitri.volkov") },
	{ "blocked", NAMES("sean.obrien", "yara.haddad") },
	{ "failed-resets", NAMES("insufficient authentication methods") },
	{ "few-registered", NAMES("not registered: ") },
	{ "stale-report", NAMES(NULL) },
	{ "policy-size", NAMES("20 KB") },
	{ "sms-sign-in", NAMES("SMS", "SSPR-Enabled-Users") },
	{ "excluded-group", NAMES("Microsoft Authenticator") },
	{ "email-off", NAMES("Email OTP") },
	{ "migration", NAMES("preMigration") },
	{ "too-few-methods", NAMES("SMS") },
	{ "two-required", NAMES("Number of methods required", "jun.watanabe") },
	{ "scope-all", NAMES("jun.watanabe") },
	{ "no-notifications", NAMES("Notify users", "jun.watanabe") },
	{ "registration-blocked", NAMES("Block registration outside the office") },
	{ "device-for-sign-in", NAMES("Require a compliant device") },
	{ "hidden-link", NAMES("hideForgotMyPassword", "helpdesk.contoso.com") },
	{ "federated-domain", NAMES("plants.contoso.com") },
};

static const char *const *names_of(const char *id)
{
	for (size_t i = 0; i < COUNT_OF(troubles); i++)
		if (str_same(troubles[i].id, id))
			return troubles[i].names;
	fail_msg("the trouble %s is not in the table", id);
	return NULL;
}

static bool names(const struct finding *one, const char *name)
{
	if (strstr(one->summary, name) || strstr(one->remedy, name))
		return true;
	for (size_t i = 0; i < one->nevidence; i++)
		if (strstr(one->evidence[i].value, name))
			return true;
	return false;
}

/* Returns how many faults it tells. */
static size_t look_at(const struct findings *all, const struct json *trouble)
{
	const char *id = json_string_or(trouble, "id", "");
	const char *at = json_string_or(trouble, "finding", "");
	const char *what = json_string_or(trouble, "what", "");
	const struct finding *one = findings_find(all, at);
	size_t faults = 0;

	if (!one)
		fail_msg("%s: there is no finding %s for: %s", id, at, what);
	if (one->verdict != VERDICT_WARN && one->verdict != VERDICT_FAIL) {
		print_message("%s: %s is %s: %s\n", id, at, verdict_name(one->verdict),
			      one->summary);
		faults++;
	}
	if (!*one->remedy) {
		print_message("%s: %s has no remedy: %s\n", id, at, one->summary);
		faults++;
	}
	for (const char *const *name = names_of(id); *name; name++) {
		if (names(one, *name))
			continue;
		print_message("%s: %s does not name %s: %s\n", id, at, *name, one->summary);
		faults++;
	}
	return faults;
}

static void test_every_trouble_is_told(void **state)
{
	size_t n = 0, faults = 0;
	struct program p;
	struct world w;

	(void)state;
	world_open(&w, "troubled");
	program_start(&p, &w);
	program_read(&p);
	for (const struct json *t = json_first(tenant_troubles(p.session.demo)); t;
	     t = json_next(t), n++)
		faults += look_at(&p.session.findings, t);
	assert_int_equal(n, COUNT_OF(troubles));
	assert_int_equal(faults, 0);
	program_end(&p);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_trouble_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
