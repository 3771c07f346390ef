/*
 * A guided change that proves itself: on the demo tenant, whose simulator saves
 * it "in the admin centre", and on facts made by hand.
 */
#include "steps/watch.h"
#include "tests/laws/world.h"

static const struct change *guided(const struct program *p, const char *id)
{
	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct plan *plan = &p->session.views[i].plan;

		for (size_t k = 0; k < plan->n; k++)
			if (str_same(plan->v[k].id, id))
				return &plan->v[k];
	}
	return NULL;
}

static const struct setting *setting(const struct program *p, const char *key)
{
	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct step_view *v = &p->session.views[i];

		for (size_t k = 0; k < v->nsettings; k++)
			if (str_same(v->settings[k].key, key))
				return &v->settings[k];
	}
	return NULL;
}

/* Runs the loop until the watch has a verdict; its length in ms. */
static int64_t wait_for_proof(struct program *p, int64_t at_most_ms)
{
	int64_t from = clock_now_ms();

	while (p->session.watch->verdict == WATCH_WAITING &&
	       clock_now_ms() - from < at_most_ms)
		assert_true(loop_run_once(p->loop, -1));
	return clock_now_ms() - from;
}

static void prepare(struct program *p, struct world *w)
{
	struct err err = ERR_INIT;

	world_open(w, "contoso");
	w->wanted.registration_required = TRI_NO;
	w->wanted.reconfirm_days = 90;
	w->wanted.unlock = TRI_YES;
	w->wanted.helpdesk = "https://help.contoso.com";
	program_start(p, w);
	program_read(p);
	/* The group must be there to be selected, and nothing be right yet. */
	if (!p->session.facts.groups.chosen)
		assert_true(program_apply(p));
	tenant_portal_set(p->session.demo, "notifyUsers", "off", &err);
	tenant_portal_set(p->session.demo, "notifyAdmins", "off", &err);
	tenant_portal_set(p->session.demo, "methodsRequired", "2", &err);
	tenant_portal_set(p->session.demo, "writeback", "off", &err);
	tenant_portal_set(p->session.demo, "scope", "None", &err);
	clock_advance(60000);
	program_read(p);
}

static void test_closes_itself(void **state)
{
	static const struct {
		const char *change, *key;
	} cases[] = {
		{ "enablement.scope", "enablement.scope" },
		{ "methods.required", "methods.required" },
		{ "notifications.users", "notifications.users" },
		{ "notifications.admins", "notifications.admins" },
		{ "writeback.tenant", "writeback.tenant" },
		{ "writeback.unlock", "writeback.unlock" },
		{ "registration.required", "registration.required" },
		{ "registration.days", "registration.days" },
		{ "notifications.helpdesk", "notifications.helpdesk" },
	};
	struct world world;
	struct program p;

	(void)state;
	prepare(&p, &world);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct change *c = guided(&p, cases[i].change);
		const struct watch *w;
		struct err err = ERR_INIT;
		int64_t took;

		if (!c)
			fail_msg("%s: no such guided change", cases[i].change);
		assert_int_equal(session_watch_start(&p.session, c, &err), 0);
		w = p.session.watch;
		assert_int_equal(w->verdict, WATCH_WAITING);
		assert_non_null(strstr(str_text(&w->lines[WATCH_AUDIT]), "no change of it yet"));
		took = wait_for_proof(&p, 60000);
		if (w->verdict != WATCH_PROVED)
			fail_msg("%s: %s. %s", cases[i].change, watch_verdict_name(w->verdict),
				 str_text(&w->summary));
		assert_true(took > 5000 && took < 30000);
		assert_non_null(strstr(str_text(&w->lines[WATCH_DEMO]), "Demo: somebody"));
		assert_non_null(strstr(str_text(&w->summary), " to "));
		program_wait(&p);
		assert_true(setting(&p, cases[i].key)->matches);
		assert_int_equal(setting(&p, cases[i].key)->confidence, CONFIDENCE_PROVED);
		assert_null(guided(&p, cases[i].change));
	}
	session_watch_stop(&p.session);
	assert_null(p.session.watch);
	program_end(&p);
	world_close(&world);
}

/* Somebody saves something else: that is said, until it is put right. */
static void test_another_value(void **state)
{
	struct err err = ERR_INIT;
	struct world world;
	struct program p;

	(void)state;
	prepare(&p, &world);
	assert_int_equal(session_watch_start(&p.session, guided(&p, "enablement.scope"), &err),
			 0);
	loop_timer_stop(p.loop, &p.session.demo_timer);
	clock_advance(1000);
	assert_int_equal(tenant_portal_set(p.session.demo, "scope", "All", &err), 0);
	wait_for_proof(&p, 60000);
	assert_int_equal(p.session.watch->verdict, WATCH_CONTRADICTED);
	assert_non_null(strstr(str_text(&p.session.watch->summary), "from None to All"));
	clock_advance(1000);
	assert_int_equal(tenant_portal_set(p.session.demo, "scope",
					   p.session.facts.groups.chosen->id, &err), 0);
	while (p.session.watch->verdict == WATCH_CONTRADICTED)
		assert_true(loop_run_once(p.loop, -1));
	assert_int_equal(p.session.watch->verdict, WATCH_PROVED);
	program_wait(&p);
	program_end(&p);
	world_close(&world);
}

/* Nothing comes: after two minutes a person's word is asked for, it closes the
 * step, and after 90 days it is asked for again. */
static void test_attestation(void **state)
{
	struct err err = ERR_INIT;
	const struct change *c;
	struct world world;
	struct program p;
	size_t before;

	(void)state;
	prepare(&p, &world);
	c = guided(&p, "methods.required");
	assert_int_equal(session_watch_start(&p.session, c, &err), 0);
	loop_timer_stop(p.loop, &p.session.demo_timer);
	before = tenant_request_count(p.session.demo);
	wait_for_proof(&p, 119000);
	assert_false(p.session.watch->ask_word);
	/* 23 looks at the log and one at the report. */
	assert_in_range(tenant_request_count(p.session.demo) - before, 20, 40);
	wait_for_proof(&p, 20000);
	assert_true(p.session.watch->ask_word);
	assert_int_equal(p.session.watch->verdict, WATCH_WAITING);
	before = tenant_request_count(p.session.demo);
	wait_for_proof(&p, 120000);
	assert_in_range(tenant_request_count(p.session.demo) - before, 4, 20);
	program_wait(&p);
	session_watch_stop(&p.session);
	c = guided(&p, "methods.required");
	assert_int_equal(session_attest(&p.session, c, &err), 0);
	assert_true(setting(&p, "methods.required")->matches);
	assert_int_equal(setting(&p, "methods.required")->confidence, CONFIDENCE_ATTESTED);
	assert_null(guided(&p, "methods.required"));
	clock_advance(91 * 24 * 3600 * 1000LL);
	session_judge(&p.session);
	assert_false(setting(&p, "methods.required")->matches);
	assert_non_null(guided(&p, "methods.required"));
	program_end(&p);
	world_close(&world);
}

static void test_lines(void **state)
{
	const struct change scope = { .id = "enablement.scope", .title = "t",
				      .attests = "enablement.scope",
				      .attest_value = "Selected" };
	const struct change server = { .id = "writeback.server", .title = "t",
				       .attests = "writeback.server", .attest_value = "on" };
	struct group group = { .id = "11111111-0000-0000-0000-000000000001" };
	struct facts f;
	struct watch *w;

	(void)state;
	assert_true(watch_can(&scope));
	assert_false(watch_can(&server));
	facts_init(&f);
	f.now_ms = 1000000;
	f.source[AREA_AUDIT].state = f.source[AREA_REGISTRATION].state = SOURCE_READ;
	f.groups.chosen = &group;

	/* What was there before the watch proves nothing, nor do old rows. */
	f.audit.scope = (struct policy_value){ .old_value = "0", .new_value = "1",
					       .time_ms = 1000000 };
	f.registration = (struct registration){
		.members_total = 10, .enabled_total = 4, .enabled_outside = 4,
		.not_enabled_outside = 6, .oldest_row_ms = 1000000, .newest_row_ms = 2000000,
	};
	w = watch_new(&scope, 1000000);
	watch_look(w, &f);
	assert_int_equal(w->verdict, WATCH_WAITING);
	assert_non_null(strstr(str_text(&w->lines[WATCH_REPORT]), "proves nothing"));

	/* Rows that are all later do. */
	f.registration.oldest_row_ms = 1000001;
	watch_look(w, &f);
	assert_int_equal(w->verdict, WATCH_PROVED);
	watch_free(w);

	/* An event for another group is no proof. */
	f.registration.oldest_row_ms = 0;
	f.audit.scope.time_ms = 1000001;
	f.audit.scope_group = (struct policy_value){
		.new_value = "22222222-0000-0000-0000-000000000002", .time_ms = 1000001 };
	w = watch_new(&scope, 1000000);
	watch_look(w, &f);
	assert_int_equal(w->verdict, WATCH_CONTRADICTED);
	assert_non_null(strstr(str_text(&w->summary), "another group"));
	watch_free(w);

	/* A log that may not be read says so. */
	f.source[AREA_AUDIT].state = SOURCE_FORBIDDEN;
	w = watch_new(&scope, 1000000);
	watch_look(w, &f);
	assert_int_equal(w->verdict, WATCH_WAITING);
	assert_true(str_starts(str_text(&w->lines[WATCH_AUDIT]), "Audit log: "));
	watch_free(w);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closes_itself),
		cmocka_unit_test(test_another_value),
		cmocka_unit_test(test_attestation),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
