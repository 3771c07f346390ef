#include "tests/unit/healthy_facts.h"

#include "checks/server_doctor.h"
#include "steps/parts.h"
#include "tests/unit/server_document.h"

/* Facts in which all is well but that the log says nothing of writeback, and a
 * server's document, spoilt in one fact (NULL: not). */
static void fill(struct facts *f, const char *what, const char *value)
{
	struct json *document = server_json(healthy_server);

	healthy_facts(f);
	if (what)
		server_spoil(document, what, value);
	server_facts_read(document, &f->server, &f->arena);
	json_free(document);
}

static const struct finding *judge(const struct facts *f, struct findings *out, const char *id)
{
	struct wanted w;
	const struct finding *one;

	wanted_runbook(&w);
	findings_clear(out);
	checks_run(f, &w, "prereq.", out);
	one = findings_find(out, id);
	assert_non_null(one);
	return one;
}

static bool evidence_from(const struct finding *one, const char *source)
{
	for (size_t i = 0; i < one->nevidence; i++)
		if (!strcmp(one->evidence[i].source, source))
			return true;
	return false;
}

static void prerequisites(void **unused)
{
	static const struct {
		const char *what, *value, *id;
		enum verdict verdict;
		const char *says;
	} cases[] = {
		{ NULL, NULL, "prereq.writeback", VERDICT_PASS, "a reset was written back" },
		{ "writeback", "{\"Enabled\":false}", "prereq.writeback", VERDICT_FAIL,
		  "On server SYNC01: Password writeback is not enabled" },
		{ "clock", "{\"skewSeconds\":900}", "prereq.writeback", VERDICT_FAIL,
		  "clock is 15 min ahead" },
		{ "scheduler", "{\"MaintenanceEnabled\":false}", "prereq.writeback", VERDICT_WARN,
		  "but: The maintenance task is off" },
		{ NULL, NULL, "prereq.connect", VERDICT_PASS, "2.6.84.0" },
		{ "version", "\"2.5.70.0\"", "prereq.connect", VERDICT_FAIL,
		  "no longer synchronises" },
		{ "version", "\"2.5.79.0\"", "prereq.connect", VERDICT_WARN, "ended on 23 Oct 2026" },
		{ NULL, NULL, "prereq.ports", VERDICT_PASS, "All 5 endpoints answer." },
		{ "controllers", "[" CONTROLLER("445", "false") "]", "prereq.ports", VERDICT_FAIL,
		  "1 of 3 endpoints" },
		{ "controllers", "[" CONTROLLER("3268", "false") "]", "prereq.ports", VERDICT_WARN,
		  "1 optional" },
		{ "relay", RELAY("true", "CN=a, O=Contoso", "401"), "prereq.ports", VERDICT_WARN,
		  "inspected" },
	};
	struct findings out = { 0 };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct finding *one;
		struct facts f;

		fill(&f, cases[i].what, cases[i].value);
		one = judge(&f, &out, cases[i].id);
		if (one->verdict != cases[i].verdict || !strstr(one->summary, cases[i].says))
			fail_msg("case %zu: %s: %s", i, verdict_name(one->verdict), one->summary);
		assert_true(evidence_from(one, "server SYNC01"));
		assert_true(one->verdict == VERDICT_PASS || *one->remedy);
		facts_release(&f);
	}
	findings_clear(&out);
}

/* After a week it decides nothing any more. */
static void too_old(void **unused)
{
	struct findings out = { 0 };
	const struct finding *one;
	struct facts f;

	(void)unused;
	fill(&f, "writeback", "{\"Enabled\":false}");
	f.server.collected_ms -= 8 * DAY_MS;
	one = judge(&f, &out, "prereq.writeback");
	assert_false(evidence_from(one, "server SYNC01"));
	findings_clear(&out);
	judge_server(&f.server, f.now_ms, &out);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.v[0].verdict, VERDICT_UNKNOWN);
	findings_clear(&out);
	facts_release(&f);
}

/* A reset that the cloud saw written back later speaks louder. */
static void later_reset(void **unused)
{
	struct findings out = { 0 };
	struct facts f;

	(void)unused;
	fill(&f, "writeback", "{\"Enabled\":false}");
	f.audit.last_written_back_ms = f.server.collected_ms + HOUR_MS;
	assert_int_not_equal(judge(&f, &out, "prereq.writeback")->verdict, VERDICT_FAIL);
	findings_clear(&out);
	facts_release(&f);
}

static void step(void **unused)
{
	struct step_view view = { 0 };
	struct wanted w;
	struct facts f;

	(void)unused;
	wanted_runbook(&w);
	fill(&f, "writeback", "{\"Enabled\":false}");
	step_judge(&step_writeback, &f, &w, &view);
	assert_string_equal(view.settings[0].current, "off");
	assert_int_equal(view.settings[0].confidence, CONFIDENCE_PROVED);
	assert_non_null(strstr(view.settings[0].how, "server SYNC01"));
	step_view_release(&view);
	facts_release(&f);
	fill(&f, NULL, NULL);
	step_judge(&step_writeback, &f, &w, &view);
	assert_string_equal(view.settings[0].current, "on");
	step_view_release(&view);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prerequisites),
		cmocka_unit_test(too_old),
		cmocka_unit_test(later_reset),
		cmocka_unit_test(step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
