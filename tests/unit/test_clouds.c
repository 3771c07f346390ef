/* The four clouds over one tenant: what a cloud lacks is not asked for, and does not
 * apply, with the reason; nothing of it is an error (Microsoft Graph: national cloud
 * deployments; facts graph.md 10.9). */
#include "tests/laws/world.h"

struct cloud_case {
	const char *name, *centre;
	const char *unasked;		/* no request may name it; NULL: none */
	const char *reason[4];		/* of what it has not */
	const char *lacks[16];		/* findings that do not apply because of it */
};

#define METHODS "the cloud china has no authentication methods policy"
#define FEATURES " has no onPremisesSynchronization API"
#define AUDIT "the cloud china has no audit log API"

static const struct cloud_case cases[] = {
	{ "global", "https://entra.microsoft.com/", NULL, { NULL }, { NULL } },
	{ "usgov", "https://entra.microsoft.us/", "onPremisesSynchronization",
	  { "the cloud usgov" FEATURES }, { "cis.5.1.8.1" } },
	{ "dod", "https://entra.microsoft.us/", "onPremisesSynchronization",
	  { "the cloud dod" FEATURES }, { "cis.5.1.8.1" } },
	{ "china", "https://entra.microsoftonline.cn/", "onPremisesSynchronization",
	  { METHODS, AUDIT, "the cloud china" FEATURES },
	  { "health.methods-too-few", "health.sms-sign-in", "health.excluded-group",
	    "health.policy-size", "health.migration", "health.writeback-failures",
	    "health.blocked-people", "health.reset-failures", "monitor.audit",
	    "monitor.sign-ins", "monitor.usage", "health.registration-pass",
	    "health.registration-campaign", "cis.5.1.8.1" } },
};

static bool has_reason(const struct cloud_case *c, const char *text)
{
	for (size_t i = 0; c->reason[i]; i++)
		if (strstr(text, c->reason[i]))
			return true;
	return false;
}

static enum source_state global_state[AREA_COUNT];

static void check_areas(const struct cloud_case *c, const struct facts *f)
{
	for (int i = 0; i < AREA_COUNT; i++) {
		const struct source *s = &f->source[i];

		if (s->state == SOURCE_FAILED || s->state == SOURCE_FORBIDDEN ||
		    s->state == SOURCE_UNREAD)
			fail_msg("%s: %s was not read: %s", c->name, area_name((enum area)i),
				 s->err.msg);
		if (s->state == SOURCE_SKIPPED && i != AREA_PORTS && i != AREA_PORTAL &&
		    i != AREA_APPLICATION)
			fail_msg("%s: %s was not asked for: %s", c->name, area_name((enum area)i),
				 s->err.msg);
		if (str_same(c->name, "global"))
			global_state[i] = s->state;
		if (s->state != global_state[i] &&
		    (s->state != SOURCE_ABSENT || !has_reason(c, s->err.msg)))
			fail_msg("%s: %s is otherwise than in the global cloud: %s", c->name,
				 area_name((enum area)i), s->err.msg);
	}
	assert_int_equal(f->source[AREA_METHODS].state == SOURCE_ABSENT, !f->has_methods_policy);
	assert_int_equal(f->source[AREA_AUDIT].state == SOURCE_ABSENT, !f->has_audit);
}

static void check_findings(const struct cloud_case *c, const struct findings *found)
{
	for (size_t i = 0; c->lacks[i]; i++) {
		const struct finding *one = findings_find(found, c->lacks[i]);

		assert_non_null(one);
		if (one->verdict != VERDICT_NOT_APPLICABLE || !has_reason(c, one->summary))
			fail_msg("%s: %s is %s: %s", c->name, one->id,
				 verdict_name(one->verdict), one->summary);
	}
	for (size_t i = 0; i < found->n; i++) {
		const struct finding *one = &found->v[i];

		/* Writeback shows elsewhere, too: it cannot be told, and is no failure. */
		if (has_reason(c, one->summary) && one->verdict != VERDICT_NOT_APPLICABLE &&
		    !str_same(one->id, "prereq.writeback"))
			fail_msg("%s: %s is %s: %s", c->name, one->id,
				 verdict_name(one->verdict), one->summary);
		if (str_starts(one->link, "https://entra.") && !str_starts(one->link, c->centre))
			fail_msg("%s: %s links to %s", c->name, one->id, one->link);
	}
}

/* What the same tenant is found to be in the global cloud. */
static struct judged {
	char id[64];
	enum verdict verdict;
} global[128];
static size_t nglobal;

static void keep_global(const struct findings *found)
{
	assert_true(found->n < COUNT_OF(global));
	for (nglobal = 0; nglobal < found->n; nglobal++) {
		snprintf(global[nglobal].id, sizeof(global->id), "%s", found->v[nglobal].id);
		global[nglobal].verdict = found->v[nglobal].verdict;
	}
}

/* What a person did where there is no API, and the audit log would have shown: without
 * that log it cannot be told, or is a task still. */
static bool is_shown_by_the_log(const struct cloud_case *c, const struct finding *one)
{
	static const char *const ids[] = { "prereq.writeback", "step.writeback",
					   "step.notifications", "cis.5.2.4.4", "cis.5.2.4.5" };

	for (size_t i = 0; i < COUNT_OF(ids); i++)
		if (str_same(ids[i], one->id))
			return str_same(c->name, "china") && one->verdict != VERDICT_FAIL;
	return false;
}

/* No finding comes or goes with the cloud, and none is judged otherwise unless it
 * does not apply there, with the reason. */
static void compare_with_global(const struct cloud_case *c, const char *scenario,
				const struct findings *found)
{
	assert_int_equal(found->n, nglobal);
	for (size_t i = 0; i < nglobal; i++) {
		const struct finding *one = findings_find(found, global[i].id);

		assert_non_null(one);
		if (one->verdict != global[i].verdict && !is_shown_by_the_log(c, one) &&
		    (one->verdict != VERDICT_NOT_APPLICABLE || !has_reason(c, one->summary)))
			fail_msg("%s, %s: %s is %s, not %s: %s", c->name, scenario, one->id,
				 verdict_name(one->verdict), verdict_name(global[i].verdict),
				 one->summary);
	}
}

static void check_steps(const struct cloud_case *c, const struct session *s)
{
	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct step_view *v = &s->views[i];

		if (v->state == STEP_UNKNOWN || v->state == STEP_BLOCKED)
			fail_msg("%s: step %s is %s: %s", c->name, v->ops->id,
				 step_state_name(v->state), v->reason);
		for (size_t k = 0; k < v->plan.n; k++) {
			const struct change *change = &v->plan.v[k];

			if (change->link && str_starts(change->link, "https://entra."))
				assert_true(str_starts(change->link, c->centre));
			if (!s->facts.has_methods_policy && change->url)
				assert_null(strstr(change->url, "authenticationMethodsPolicy"));
		}
		for (size_t k = 0; k < v->nsettings; k++)
			if (!s->facts.has_methods_policy)
				assert_false(str_starts(v->settings[k].key, "methods.sms") ||
					     str_same(v->settings[k].key,
						      "registration.migration"));
	}
}

static void check_requests(const struct cloud_case *c, const struct session *s)
{
	for (size_t i = 0; i < s->log->n; i++) {
		const char *path = request_log_at(s->log, i)->path;

		if (c->unasked)
			assert_null(strstr(path, c->unasked));
		if (!s->facts.has_methods_policy)
			assert_null(strstr(path, "authenticationMethodsPolicy"));
		if (!s->facts.has_audit)
			assert_null(strstr(path, "auditLogs"));
	}
}

static void test_what_a_cloud_lacks(void **state)
{
	static const char *const scenarios[] = { "contoso", "rolled-out", "troubled" };
	struct err err = ERR_INIT;
	struct world w;
	struct program p;

	(void)state;
	for (size_t k = 0; k < COUNT_OF(scenarios); k++) {
		for (size_t i = 0; i < COUNT_OF(cases); i++) {
			world_open(&w, scenarios[k]);
			assert_int_equal(cloud_by_name(cases[i].name, &w.cloud, &err), 0);
			w.wanted.benchmark = "cis-m365-7";	/* then every area is read */
			w.wanted.beta = TRI_YES;
			program_start(&p, &w);
			program_read(&p);
			check_areas(&cases[i], &p.session.facts);
			if (i == 0)
				keep_global(&p.session.findings);
			compare_with_global(&cases[i], scenarios[k], &p.session.findings);
			if (k == 1)	/* where everything has something to say */
				check_findings(&cases[i], &p.session.findings);
			if (k < 2)
				check_steps(&cases[i], &p.session);
			check_requests(&cases[i], &p.session);
			program_end(&p);
			world_close(&w);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_cloud_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
