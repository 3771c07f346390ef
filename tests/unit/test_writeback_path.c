/* The picture of the path: what each part is, from facts with one thing changed. */
#include "tests/unit/healthy_facts.h"

#include "checks/server_doctor.h"
#include "checks/writeback_path.h"
#include "tests/unit/server_document.h"

/* A row: facts with a change, a server's document with a fact spoilt ("" = as it
 * is, NULL = no document), and then one letter a part: p(ass) w(arn) f(ail)
 * u(nknown) n(ot applicable). */
struct row {
	const char *what;
	void (*change)(struct facts *f);
	const char *fact, *value;
	const char *parts;
	const char *next;	/* id of the part to do next, or NULL */
	const char *says;	/* in the summary or the remedy of that part */
};

static void no_reset(struct facts *f)
{
	f->audit.written_back = f->audit.resets = 0;
	f->audit.last_written_back_ms = 0;
	f->audit.n = 0;
}

static void nothing_in_the_log(struct facts *f)
{
	no_reset(f);
	f->registration.enabled_in_group = f->registration.not_enabled_in_group = 0;
	f->registration.one_method_registered = 0;
	f->registration.rows = 0;
	lose_area(f, AREA_REGISTRATION, SOURCE_FORBIDDEN, "403");
	f->registration.have_counts = false;
}

static void enabled_yesterday(struct facts *f)
{
	no_reset(f);
	f->audit.writeback_on_ms = NOW_MS - DAY_MS;
}

static void has_the_roles(struct facts *f)
{
	no_reset(f);
	f->sync.identities[0].writeback_roles = true;
	f->sync.identities[0].writeback_roles_ms = NOW_MS - 9 * DAY_MS;
}

static void had_the_roles(struct facts *f)
{
	has_the_roles(f);
	f->audit.writeback_off_ms = NOW_MS - DAY_MS;
}

static void disabled(struct facts *f)
{
	f->audit.writeback_off_ms = NOW_MS - HOUR_MS;
	f->audit.writeback = (struct policy_value){ .old_value = "true", .new_value = "false",
						    .actor = "eve", .time_ms = NOW_MS - HOUR_MS };
}

static void unreachable(struct facts *f)
{
	f->audit.last_writeback_failure_ms = NOW_MS - HOUR_MS;
	f->audit.last_writeback_failure = "We could not reach your on-premises password reset "
					  "service. Check your sync machine's event log";
}

static void refused_by_directory(struct facts *f)
{
	f->audit.last_writeback_failure_ms = NOW_MS - HOUR_MS;
	f->audit.last_writeback_failure = "We encountered a problem while resetting the user's "
					  "on-premises password";
}

static void against_policy(struct facts *f)
{
	f->audit.last_writeback_failure_ms = NOW_MS - HOUR_MS;
	f->audit.last_writeback_failure = "OnPremisesPolicyViolation";
}

static void failed_before(struct facts *f)
{
	unreachable(f);
	f->audit.last_writeback_failure_ms = NOW_MS - 2 * DAY_MS;
}

static void empty_group(struct facts *f)
{
	f->members.people.n = 0;
}

static void nobody_synced(struct facts *f)
{
	for (size_t i = 0; i < f->members.people.n; i++)
		f->members.people.v[i].synced = TRI_NO;
}

static void member_with_error(struct facts *f)
{
	f->members.people.v[0].sync_error = true;
}

static void members_forbidden(struct facts *f)
{
	lose_area(f, AREA_MEMBERS, SOURCE_FORBIDDEN, "403");
}

static void for_nobody(struct facts *f)
{
	no_reset(f);
	f->audit.scope = (struct policy_value){ .old_value = "Selected", .new_value = "None",
						.actor = "eve", .time_ms = NOW_MS - HOUR_MS };
}

static void for_nobody_but_all_well(struct facts *f)
{
	for_nobody(f);
	f->audit.resets = 1;
	f->audit.last_written_back_ms = NOW_MS - DAY_MS;
}

static void stale(struct facts *f)
{
	no_reset(f);
	f->organization.last_sync_ms = NOW_MS - 2 * DAY_MS;
}

static void two_servers(struct facts *f)
{
	no_reset(f);
	ARENA_GROW(&f->arena, f->sync.identities, f->sync.nidentities, f->sync.identities_cap);
	f->sync.identities[f->sync.nidentities++] = (struct sync_identity){
		.id = "s2", .name = "Sync_OLD_0a1b@contoso.onmicrosoft.com", .server = "OLD" };
}

static void probed_from_here(struct facts *f)
{
	no_reset(f);
	f->ports.v[0] = (struct port_probe){ .host = "ns1.servicebus.windows.net", .port = 443,
		.purpose = "relay", .answered = true, .where = "here" };
}

static const struct row rows[] = {
	{ "a reset came through yesterday", NULL, NULL, NULL, "ppppppppp", NULL, NULL },
	{ "nothing seen", nothing_in_the_log, NULL, NULL, "puuuuuuuu", "path.server",
	  "Nothing tells whether writeback is on" },
	{ "nobody reset yet", no_reset, NULL, NULL, "ppuuuuuuu", "path.server", "server-script" },
	{ "enabled, not yet used", enabled_yesterday, NULL, NULL, "pppuuupuu", "path.entra-relay",
	  "aka.ms/sspr" },
	{ "the server's application has the roles", has_the_roles, NULL, NULL, "ppuuuupuu",
	  "path.entra", "switch" },
	{ "and writeback was disabled later", had_the_roles, NULL, NULL, "ppfuuufuu", "path.entra",
	  "switch" },
	{ "the switch is off again", disabled, NULL, NULL, "ppfpppfpp", "path.entra",
	  "On-premises integration" },
	{ "the server is not reached", unreachable, NULL, NULL, "pppuufpuu", "path.relay-server",
	  "ADSync" },
	{ "the directory refuses", refused_by_directory, NULL, NULL, "pppuuupwu",
	  "path.server-directory", "33004" },
	{ "the password breaks a rule", against_policy, NULL, NULL, "pppuuupuw", "path.directory",
	  "minimum password age" },
	{ "it failed, and came through later", failed_before, NULL, NULL, "ppppppppp", NULL, NULL },
	{ "an empty group", empty_group, NULL, NULL, "upppppppp", "path.people", "Step 1" },
	{ "nobody is synced", nobody_synced, NULL, NULL, "npppppppp", NULL, NULL },
	{ "one has an error", member_with_error, NULL, NULL, "wpppppppp", "path.people",
	  "synchronisation error" },
	{ "the group may not be read", members_forbidden, NULL, NULL, "upppppppp", "path.people",
	  "403" },
	{ "no synchronisation for days", stale, NULL, NULL, "ppuuuuwuu", "path.server",
	  "scheduler" },
	{ "two servers", two_servers, NULL, NULL, "ppuuuuuuu", "path.server", "2 servers" },
	{ "enabled for nobody", for_nobody, NULL, NULL, "pwuuuuuuu", "path.server",
	  "server-script" },
	{ "only the enabling is left", for_nobody_but_all_well, NULL, NULL, "pwppppppp",
	  "path.reset", "Step 2" },
	/* A probe from here must change no verdict. */
	{ "probed from here", probed_from_here, NULL, NULL, "ppuuuuuuu", "path.server", NULL },

	/* With a document of the server, in which a reset was written back. */
	{ "all well there", no_reset, "sam", "null", "ppupppppp", "path.entra", NULL },
	{ "the service stopped", no_reset, "services",
	  "[{\"name\":\"ADSync\",\"status\":\"Stopped\"}]", "ppupppfpp", "path.server",
	  "Start-Service" },
	{ "writeback off there", no_reset, "writeback", "{\"Enabled\":false}", "ppupppfpp",
	  "path.server", "enable-writeback" },
	{ "it stages", no_reset, "scheduler", "{\"StagingModeEnabled\":true}", "ppupppfpp",
	  "path.server", "staging" },
	{ "the relay is closed", no_reset, "relay", RELAY("false", MICROSOFT, "0"), "ppuppfppp",
	  "path.relay-server", "port 443" },
	{ "a proxy answers for the relay", no_reset, "relay", RELAY("true", MICROSOFT, "407"),
	  "ppuppfppp", "path.relay-server", "proxy" },
	{ "inspected", no_reset, "relay", RELAY("true", "CN=a, O=Contoso", "401"), "ppuppwppp",
	  "path.relay-server", "Exempt" },
	{ "a controller's port is closed", no_reset, "controllers",
	  "[" CONTROLLER("445", "false") "]", "ppuppppfp", "path.server-directory", "445" },
	{ "a minimum age", no_reset, "domains",
	  "[{\"distinguishedName\":\"DC=contoso,DC=com\",\"name\":\"contoso.com\","
	  "\"minPwdAge\":-864000000000,\"descriptor\":null}]", "ppupppppw", "path.directory",
	  "MinPasswordAge" },
	{ "a protected pilot", no_reset, "pilots",
	  "[{\"asked\":\"bob\",\"found\":true,\"adminCount\":1,\"distinguishedName\":\"CN=b\"}]",
	  "wpupppppp", "path.people", "adminCount" },
};

static void make(struct facts *f, const struct row *r)
{
	healthy_facts(f);
	if (r->change)
		r->change(f);
	if (r->fact) {
		struct json *document = server_json(healthy_server);

		server_spoil(document, r->fact, r->value);
		server_facts_read(document, &f->server, &f->arena);
		json_free(document);
	}
}

static char letter(enum verdict v)
{
	static const char letters[] = {
		[VERDICT_PASS] = 'p', [VERDICT_NOT_APPLICABLE] = 'n', [VERDICT_ACCEPTED] = 'a',
		[VERDICT_UNKNOWN] = 'u', [VERDICT_WARN] = 'w', [VERDICT_FAIL] = 'f',
	};

	return letters[v];
}

static void test_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *r = &rows[i];
		struct findings out = { 0 };
		const struct finding *next;
		char got[PATH_PARTS + 1] = "";
		struct wanted w;
		struct facts f;

		make(&f, r);
		wanted_runbook(&w);
		assert_true(writeback_path_judge(&f, &w, &out));
		assert_int_equal(out.n, PATH_PARTS);
		for (size_t p = 0; p < out.n; p++) {
			const struct finding *one = &out.v[p];

			got[p] = letter(one->verdict);
			assert_true(str_ends(one->summary, "."));
			if (one->verdict >= VERDICT_WARN && !*one->remedy)
				fail_msg("%s: %s has no remedy", r->what, one->id);
			if (one->verdict == VERDICT_PASS && !one->nevidence)
				fail_msg("%s: %s passes without evidence", r->what, one->id);
			if (one->verdict == VERDICT_UNKNOWN && one->confidence == CONFIDENCE_LIKELY)
				fail_msg("%s: %s guesses", r->what, one->id);
		}
		if (strcmp(got, r->parts) != 0)
			fail_msg("%s: %s, not %s", r->what, got, r->parts);
		next = writeback_path_next(&out);
		if (!next != !r->next || (next && strcmp(next->id, r->next) != 0))
			fail_msg("%s: next is %s", r->what, next ? next->id : "nothing");
		if (next && r->says && !strstr(next->summary, r->says) &&
		    !strstr(next->remedy, r->says))
			fail_msg("%s: says '%s' '%s'", r->what, next->summary, next->remedy);
		findings_clear(&out);
		facts_release(&f);
	}
}

/* A document older than a reset that came through does not outweigh it. */
static void test_a_reset_outweighs_an_older_document(void **state)
{
	struct row r = { .fact = "services", .value = "[{\"name\":\"ADSync\",\"status\":\"Stopped\"}]" };
	struct findings out = { 0 };
	struct wanted w;
	struct facts f;

	(void)state;
	make(&f, &r);
	f.now_ms = NOW_MS + DAY_MS;
	f.organization.last_sync_ms = f.now_ms;
	f.audit.last_written_back_ms = NOW_MS + HOUR_MS;
	wanted_runbook(&w);
	writeback_path_judge(&f, &w, &out);
	assert_int_equal(out.v[PATH_SERVER].verdict, VERDICT_PASS);
	assert_null(writeback_path_next(&out));
	findings_clear(&out);
	facts_release(&f);
}

static void test_no_path(void **state)
{
	struct findings out = { 0 };
	struct wanted w;
	struct facts f;

	(void)state;
	healthy_facts(&f);
	wanted_runbook(&w);
	w.writeback = false;
	assert_false(writeback_path_judge(&f, &w, &out));
	wanted_runbook(&w);
	f.organization.sync_enabled = TRI_UNKNOWN;
	f.organization.ever_synced = false;
	assert_false(writeback_path_judge(&f, &w, &out));
	assert_int_equal(out.n, 0);
	findings_clear(&out);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_a_reset_outweighs_an_older_document),
		cmocka_unit_test(test_no_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
