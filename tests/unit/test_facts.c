#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

static void test_names(void **state)
{
	(void)state;
	for (int a = 0; a < AREA_COUNT; a++)
		assert_non_null(area_name((enum area)a));
	for (int m = 0; m < METHOD_COUNT; m++) {
		assert_int_equal(method_by_graph_id(method_graph_id((enum method_id)m)), m);
		assert_non_null(method_title((enum method_id)m));
	}
	assert_int_equal(method_by_graph_id("sMS"), METHOD_SMS);
	assert_int_equal(method_by_graph_id("X509Certificate"), METHOD_OTHER);
	assert_int_equal(method_by_graph_id(NULL), METHOD_OTHER);
	assert_string_equal(verdict_name(VERDICT_NOT_APPLICABLE), "not-applicable");
	assert_string_equal(confidence_name(CONFIDENCE_CONTRADICTED), "contradicted");
}

/* The index finds what a walk finds, in any case of the letters. */
static void test_people_index(void **state)
{
	enum { N = 5000 };
	struct people p = { .n = N };
	struct arena a = { 0 };

	(void)state;
	p.v = arena_alloc(&a, N * sizeof(*p.v));
	for (int i = 0; i < N; i++)
		p.v[i].id = arena_printf(&a, "abcdef00-0000-0000-0000-%012d", i);
	p.v[7].id = NULL;
	assert_null(people_find(&p, NULL));
	assert_ptr_equal(people_find(&p, "ABCDEF00-0000-0000-0000-000000000042"), &p.v[42]);
	people_index(&p, &a);
	for (int i = 0; i < N; i++) {
		const char *id = arena_printf(&a, "ABCDEF00-0000-0000-0000-%012d", i);

		assert_ptr_equal(people_find(&p, id), i == 7 ? NULL : &p.v[i]);
	}
	assert_null(people_find(&p, "no such"));
	assert_null(people_find(&p, NULL));
	arena_clear(&a);
}

static void test_empty_index(void **state)
{
	struct people p = { .n = 0 };
	struct arena a = { 0 };

	(void)state;
	people_index(&p, &a);
	assert_null(people_find(&p, "x"));
	arena_clear(&a);
}

static void test_why_unknown(void **state)
{
	static const struct {
		enum source_state state;
		const char *msg, *part;
	} cases[] = {
		{ SOURCE_READ, "", "read" },
		{ SOURCE_UNREAD, "", "the licences were not read yet" },
		{ SOURCE_FORBIDDEN, "403 no scope", "we may not read the licences (403 no scope)" },
		{ SOURCE_FORBIDDEN, "", "no reason" },
		{ SOURCE_ABSENT, "", "this cloud has no licences" },
		{ SOURCE_ABSENT, "there is no group", "there is no group" },
		{ SOURCE_FAILED, "lost", "could not be read (lost)" },
		{ SOURCE_SKIPPED, "", "the licences were not asked for" },
	};
	struct arena a = { 0 };
	struct facts f;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		facts_init(&f);
		lose_area(&f, AREA_LICENCES, cases[i].state, cases[i].msg);
		assert_non_null(strstr(facts_why_unknown(&f, AREA_LICENCES, &a),
				       cases[i].part));
		facts_release(&f);
	}
	arena_clear(&a);
}

/* Forgetting frees and resets one area and those made from it; what was put in
 * by others stays. */
static void test_forget(void **state)
{
	struct facts f;

	(void)state;
	healthy_facts(&f);
	facts_forget(&f, AREA_BIT(AREA_REGISTRATION));
	assert_int_equal(f.source[AREA_REGISTRATION].state, SOURCE_UNREAD);
	assert_int_equal(f.source[AREA_ADMINS].state, SOURCE_UNREAD);
	assert_int_equal(f.registration.rows, 0);
	assert_int_equal(f.members.people.n, 4);
	assert_int_equal(f.members.people.v[0].row_ms, 0);
	assert_int_equal(f.members.people.v[0].sspr_capable, TRI_UNKNOWN);
	assert_int_equal(f.members.people.v[0].nmethods, 0);
	facts_forget(&f, AREAS_ALL);
	for (int a = 0; a < AREA_COUNT; a++)
		assert_int_equal(f.source[a].state, SOURCE_UNREAD);
	assert_int_equal(f.members.people.n, 0);
	assert_int_equal(f.score.count, -1);
	assert_int_equal(f.ports.n, 1);
	assert_int_equal(f.now_ms, NOW_MS);
	facts_release(&f);
}

static void test_group_usable(void **state)
{
	const struct group plain = { .security = true };
	struct group g = plain;

	(void)state;
	assert_true(group_usable(&g));
#define SPOIL(field, value)				\
	do {						\
		g = plain;				\
		g.field = (value);			\
		assert_false(group_usable(&g));		\
	} while (0)
	SPOIL(security, false);
	SPOIL(mail_enabled, true);
	SPOIL(dynamic, true);
	SPOIL(unified, true);
	SPOIL(on_premises, true);
	SPOIL(role_assignable, true);
	SPOIL(management_restricted, true);
#undef SPOIL
}

static void test_findings(void **state)
{
	struct findings out = { .v = NULL };
	struct finding *one;

	(void)state;
	assert_int_equal(findings_verdict(&out), VERDICT_PASS);
	for (int i = 0; i < 50; i++)
		findings_add(&out, "health.x", "group", "X")->verdict = VERDICT_PASS;
	one = findings_add(&out, "prereq.y", "group", "Y");
	assert_int_equal(findings_verdict(&out), VERDICT_UNKNOWN);
	finding_set(&out, one, VERDICT_WARN, CONFIDENCE_PROVED, "%s has %d", "it", 3);
	finding_remedy(&out, one, "do %d", 1);
	finding_evidence(&out, one, NULL, 5, "%d", 7);
	assert_string_equal(one->summary, "it has 3");
	assert_string_equal(one->remedy, "do 1");
	assert_string_equal(one->evidence[0].source, "");
	assert_string_equal(one->evidence[0].value, "7");
	assert_int_equal(findings_verdict(&out), VERDICT_WARN);
	assert_ptr_equal(findings_find(&out, "prereq.y"), one);
	assert_null(findings_find(&out, "prereq.z"));
	findings_clear(&out);
	assert_int_equal(out.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_people_index),
		cmocka_unit_test(test_empty_index),
		cmocka_unit_test(test_why_unknown),
		cmocka_unit_test(test_forget),
		cmocka_unit_test(test_group_usable),
		cmocka_unit_test(test_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
