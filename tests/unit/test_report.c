#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checks/report.h"
#include "tui/exit_status.h"
#include "tui/options.h"

#define NOW_MS 1764065472000	/* 2025-11-25T10:11:12Z */

static void fill(struct facts *f, struct findings *all)
{
	struct finding *one;

	facts_init(f);
	f->now_ms = NOW_MS;
	f->organization.id = "t-1";
	f->organization.display_name = "Contoso";
	f->organization.default_domain = "contoso.com";

	memset(all, 0, sizeof(*all));
	one = findings_add(all, "prereq.licence", "licence", "Licences");
	finding_set(all, one, VERDICT_PASS, CONFIDENCE_PROVED, "25 seats, 4 left.");
	finding_evidence(all, one, "GET /v1.0/subscribedSkus", NOW_MS - 180000,
			 "SPE_E3: 25 seats, 21 used");
	one = findings_add(all, "step.methods", "steps", "Methods");
	finding_set(all, one, VERDICT_WARN, CONFIDENCE_NONE, "2 to change, 1 to do by hand.");
	finding_remedy(all, one, "Look at the plan.");
	one->link = "https://aka.ms/x";
}

static void test_json(void **state)
{
	static const char expected[] =
		"{\"schema\":\"sspr-wizard/check/1\",\"tenant\":{\"id\":\"t-1\","
		"\"displayName\":\"Contoso\",\"defaultDomain\":\"contoso.com\"},"
		"\"observedAt\":\"2025-11-25T10:11:12Z\",\"verdict\":\"warn\",\"score\":{"
		"\"passed\":1,\"accepted\":0,\"answered\":2,\"unanswered\":0,"
		"\"notApplicable\":0},\"findings\":["
		"{\"id\":\"prereq.licence\",\"area\":\"licence\",\"title\":\"Licences\","
		"\"verdict\":\"pass\",\"confidence\":\"proved\",\"summary\":\"25 seats, 4 left.\","
		"\"evidence\":[{\"source\":\"GET /v1.0/subscribedSkus\","
		"\"value\":\"SPE_E3: 25 seats, 21 used\","
		"\"observedAt\":\"2025-11-25T10:08:12Z\"}],\"remedy\":\"\",\"link\":\"\"},"
		"{\"id\":\"step.methods\",\"area\":\"steps\",\"title\":\"Methods\","
		"\"verdict\":\"warn\",\"confidence\":\"none\","
		"\"summary\":\"2 to change, 1 to do by hand.\",\"evidence\":[],"
		"\"remedy\":\"Look at the plan.\",\"link\":\"https://aka.ms/x\"}]}";
	CLEANUP(str_release) struct str text = { 0 };
	struct facts f;
	struct findings all;
	struct json *doc;

	(void)state;
	fill(&f, &all);
	doc = report_check_json(&f, &all);
	json_print(doc, &text);
	assert_string_equal(str_text(&text), expected);
	json_free(doc);
	findings_clear(&all);
	facts_release(&f);
}

static void test_text(void **state)
{
	static const char expected[] =
		"Contoso (contoso.com), checked 2025-11-25T10:11:12Z\n"
		"Verdict: warn. 1 passed, 1 to look at, 0 failed, 0 unknown.\n"
		"Score: 1 of 2 answered checks pass.\n"
		"\n"
		"Before you start\n"
		"  + pass    Licences  [proved]\n"
		"            25 seats, 4 left.\n"
		"            - GET /v1.0/subscribedSkus: SPE_E3: 25 seats, 21 used (3 min ago)\n"
		"\n"
		"The seven steps\n"
		"  ! WARN    Methods\n"
		"            2 to change, 1 to do by hand.\n"
		"            -> Look at the plan.\n"
		"            https://aka.ms/x\n";
	CLEANUP(str_release) struct str text = { 0 };
	struct facts f;
	struct findings all;

	(void)state;
	fill(&f, &all);
	report_check_text(&f, &all, 80, true, &text);
	assert_string_equal(str_text(&text), expected);
	findings_clear(&all);
	facts_release(&f);
}

static void test_exit_of_findings(void **state)
{
	static const struct {
		enum verdict worst;
		int status;
	} table[] = {
		{ VERDICT_PASS, EXIT_WELL }, { VERDICT_NOT_APPLICABLE, EXIT_WELL },
		{ VERDICT_ACCEPTED, EXIT_WELL }, { VERDICT_UNKNOWN, EXIT_CANNOT },
		{ VERDICT_WARN, EXIT_ATTENTION }, { VERDICT_FAIL, EXIT_BAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct findings all = { 0 };

		finding_set(&all, findings_add(&all, "prereq.a", "a", "A"), VERDICT_PASS,
			    CONFIDENCE_PROVED, "Well.");
		finding_set(&all, findings_add(&all, "prereq.b", "b", "B"), table[i].worst,
			    CONFIDENCE_PROVED, "So.");
		assert_int_equal(exit_of_findings(&all), table[i].status);
		findings_clear(&all);
	}
}

static void test_exit_of_the_rest(void **state)
{
	struct step_view views[3] = { { .state = STEP_DONE }, { .state = STEP_NOT_APPLICABLE },
				      { .state = STEP_DONE } };
	struct progress p[2] = { { .outcome = OUTCOME_DONE }, { .outcome = OUTCOME_DONE } };
	struct err invalid = { .kind = ERR_INVALID }, net = { .kind = ERR_NET };

	(void)state;
	assert_int_equal(exit_of_views(views, 3), EXIT_WELL);
	views[1].state = STEP_UNKNOWN;
	assert_int_equal(exit_of_views(views, 3), EXIT_CANNOT);
	views[2].state = STEP_GUIDED;
	assert_int_equal(exit_of_views(views, 3), EXIT_ATTENTION);
	assert_int_equal(exit_of_progress(p, 2), EXIT_WELL);
	p[0].outcome = OUTCOME_UNKNOWN;
	assert_int_equal(exit_of_progress(p, 2), EXIT_CANNOT);
	p[1].outcome = OUTCOME_FAILED;
	assert_int_equal(exit_of_progress(p, 2), EXIT_BAD);
	assert_int_equal(exit_of_error(&invalid), EXIT_USAGE);
	assert_int_equal(exit_of_error(&net), EXIT_CANNOT);
	assert_int_equal(exit_worse(EXIT_CANNOT, EXIT_ATTENTION), EXIT_ATTENTION);
	assert_int_equal(exit_worse(EXIT_ATTENTION, EXIT_BAD), EXIT_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_exit_of_findings),
		cmocka_unit_test(test_exit_of_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
