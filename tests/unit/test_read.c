#include "checks/check.h"
#include "tests/unit/tenant_io.h"

/* Every area of every scenario is read, in either order of answers, with the
 * scopes we ask for and within the budget of requests (DESIGN.md 10). */
static void test_scenarios(void **state)
{
	(void)state;
	for (size_t i = 0; tenant_scenarios[i]; i++) {
		for (int order = 0; order < 2; order++) {
			struct reading r;

			read_scenario(&r, tenant_scenarios[i], 3000, order);
			for (int a = 0; a < AREA_COUNT; a++) {
				enum source_state s = r.facts.source[a].state;

				/* Asked for by a session that makes it, and by no other. */
				if (a == AREA_APPLICATION && s == SOURCE_SKIPPED)
					continue;
				if (s != SOURCE_READ && a != AREA_PORTS && a != AREA_PORTAL &&
				    !(a == AREA_MEMBERS && s == SOURCE_ABSENT))
					fail_msg("%s: %s: %d %s", tenant_scenarios[i],
						 area_name((enum area)a), s,
						 r.facts.source[a].err.msg);
			}
			assert_true(r.io.requests <= 3000 / 999 + 1 + 40);
			reading_close(&r);
		}
	}
}

/* The order in which answers come changes nothing that is judged. */
static void test_order(void **state)
{
	struct findings out[2] = { { .v = NULL }, { .v = NULL } };
	struct reading r[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		read_scenario(&r[i], "troubled", 0, i);
		checks_run(&r[i].facts, &r[i].wanted, "", &out[i]);
	}
	assert_int_equal(out[0].n, out[1].n);
	for (size_t i = 0; i < out[0].n; i++) {
		assert_string_equal(out[0].v[i].id, out[1].v[i].id);
		assert_int_equal(out[0].v[i].verdict, out[1].v[i].verdict);
		assert_string_equal(out[0].v[i].summary, out[1].v[i].summary);
	}
	for (int i = 0; i < 2; i++) {
		findings_clear(&out[i]);
		reading_close(&r[i]);
	}
}

/* Each trouble that was planted is found, by the finding it names. */
static void test_troubled(void **state)
{
	struct findings out = { .v = NULL };
	struct reading r;
	size_t n = 0;

	(void)state;
	read_scenario(&r, "troubled", 0, false);
	checks_run(&r.facts, &r.wanted, "", &out);
	for (const struct json *t = json_first(tenant_troubles(r.tenant)); t; t = json_next(t)) {
		const char *id = json_string_or(t, "finding", "");
		const struct finding *one = findings_find(&out, id);

		if (str_starts(id, "step."))
			continue;
		n++;
		if (!one)
			fail_msg("%s: no finding for %s", id, json_string(t, "what"));
		if (one->verdict != VERDICT_WARN && one->verdict != VERDICT_FAIL)
			print_message("%s is %s: %s (planted: %s)\n", id,
				      verdict_name(one->verdict), one->summary,
				      json_string(t, "what"));
	}
	for (const struct json *t = json_first(tenant_troubles(r.tenant)); t; t = json_next(t)) {
		const struct finding *one =
			findings_find(&out, json_string_or(t, "finding", ""));

		assert_true(!one || one->verdict >= VERDICT_WARN);
	}
	assert_true(n > 20);
	findings_clear(&out);
	reading_close(&r);
}

/* Where all is rolled out well, nothing fails. */
static void test_rolled_out(void **state)
{
	struct findings out = { .v = NULL };
	struct reading r;

	(void)state;
	read_scenario(&r, "rolled-out", 0, false);
	checks_run(&r.facts, &r.wanted, "", &out);
	for (size_t i = 0; i < out.n; i++)
		if (out.v[i].verdict == VERDICT_FAIL)
			fail_msg("%s: %s", out.v[i].id, out.v[i].summary);
	findings_clear(&out);
	reading_close(&r);
}

/* Without any scope: forbidden is unknown, and never a failure. What User.Read
 * shows, the organization and its sign-in page, is judged all the same. */
static void test_forbidden(void **state)
{
	struct findings out = { .v = NULL };
	struct reading r;

	(void)state;
	reading_open(&r, "troubled", 0, "User.Read");
	reading_run(&r, AREAS_ALL);
	checks_run(&r.facts, &r.wanted, "", &out);
	for (size_t i = 0; i < out.n; i++)
		if (out.v[i].verdict == VERDICT_FAIL && !str_same(out.v[i].area, "sync") &&
		    !str_same(out.v[i].id, "health.hidden-reset-link"))
			fail_msg("%s: %s", out.v[i].id, out.v[i].summary);
	assert_int_equal(r.facts.source[AREA_LICENCES].state, SOURCE_FORBIDDEN);
	assert_int_equal(r.facts.source[AREA_REGISTRATION].state, SOURCE_FORBIDDEN);
	findings_clear(&out);
	reading_close(&r);
}

/* What is forgotten is read again, to the same end; the rest is left alone. */
static void test_again(void **state)
{
	struct findings out[2] = { { .v = NULL }, { .v = NULL } };
	struct reading r;
	size_t requests;

	(void)state;
	read_scenario(&r, "troubled", 0, false);
	checks_run(&r.facts, &r.wanted, "", &out[0]);
	requests = r.io.requests;
	reading_run(&r, AREAS_ALL);
	assert_int_equal(r.io.requests, requests);

	/* The group alone: its members go with it, the report stays. */
	tenant_io_release(&r.io);
	facts_forget(&r.facts, AREA_BIT(AREA_GROUP));
	assert_int_equal(r.facts.source[AREA_MEMBERS].state, SOURCE_UNREAD);
	assert_int_equal(r.facts.source[AREA_REGISTRATION].state, SOURCE_READ);
	reading_run(&r, AREAS_ALL);
	assert_int_equal(r.io.requests, requests + 3);

	tenant_io_release(&r.io);
	facts_forget(&r.facts, AREAS_ALL & ~AREA_BIT(AREA_GROUP));
	reading_run(&r, AREAS_ALL);
	checks_run(&r.facts, &r.wanted, "", &out[1]);
	for (size_t i = 0; i < out[0].n; i++)
		assert_string_equal(out[0].v[i].summary, out[1].v[i].summary);
	findings_clear(&out[0]);
	findings_clear(&out[1]);
	reading_close(&r);
}

/* Forgetting in the middle starts anew and counts nothing twice. */
static void test_half_read(void **state)
{
	struct reading r;
	char *scopes = wizard_scopes();
	size_t rows;

	(void)state;
	read_scenario(&r, "large", 3000, false);
	rows = r.facts.registration.rows;
	reading_close(&r);
	for (size_t stop = 1; stop < 30; stop += 4) {
		reading_open(&r, "large", 3000, scopes);
		for (size_t i = 0; i < stop; i++) {
			facts_read_areas(&r.facts, AREAS_ALL, &r.wanted, &r.io);
			io_deliver(&r.io);
		}
		tenant_io_release(&r.io);
		facts_forget(&r.facts, 0);
		reading_run(&r, AREAS_ALL);
		assert_int_equal(r.facts.registration.rows, rows);
		reading_close(&r);
	}
	free(scopes);
}

/* A cloud that lacks an area is not asked for it. */
static void test_china(void **state)
{
	char *scopes = wizard_scopes();
	struct reading r;

	(void)state;
	reading_open(&r, "contoso", 0, scopes);
	r.facts.cloud = "china";
	r.facts.has_methods_policy = r.facts.has_audit = false;
	reading_run(&r, AREAS_ALL);
	assert_int_equal(r.facts.source[AREA_METHODS].state, SOURCE_ABSENT);
	assert_int_equal(r.facts.source[AREA_AUDIT].state, SOURCE_ABSENT);
	for (size_t i = 0; i < r.io.n; i++) {
		assert_null(strstr(r.io.v[i]->path, "authenticationMethodsPolicy"));
		assert_null(strstr(r.io.v[i]->path, "onPremisesSynchronization"));
	}
	free(scopes);
	reading_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenarios),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_troubled),
		cmocka_unit_test(test_rolled_out),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_half_read),
		cmocka_unit_test(test_china),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
