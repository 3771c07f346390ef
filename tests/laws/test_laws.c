/*
 * What must hold for the steps as a whole, on the simulated tenant: reading
 * writes nothing, applying reaches the wanted end and then has nothing to do,
 * taking back restores, and no stop, fault or kill at any moment changes where
 * a later run ends.
 */
#include "tests/laws/world.h"

static const char *const scenarios[] = {
	"contoso", "cloud-only", "rolled-out", "troubled", "hostile-names",
};

/* The first people of the tenant that can be members: 23 of them make two
 * requests where the tenant is large enough. */
static void want_people(struct world *w, const struct tenant *t)
{
	size_t n = 0;

	for (const struct json *u = json_first(json_get(tenant_state(t), "users"));
	     u && n < 23; u = json_next(u)) {
		snprintf(w->upns[n], sizeof(w->upns[n]), "%s", json_string_or(u, "id", ""));
		w->entries[n] = w->upns[n];
		n++;
	}
	w->wanted.entries = w->entries;
	w->wanted.nentries = n;
	w->wanted.members_given = true;
}

static void open_with_people(struct world *w, const char *scenario)
{
	struct err err = ERR_INIT;
	struct tenant *t;

	world_open(w, scenario);
	t = tenant_new(scenario, 0, &err);
	assert_non_null(t);
	want_people(w, t);
	tenant_free(t);
}

static void test_reading_writes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(scenarios); i++) {
		struct world w;
		struct program p;

		open_with_people(&w, scenarios[i]);
		program_start(&p, &w);
		program_read(&p);
		assert_int_equal(tenant_write_count(p.session.demo), 0);
		assert_true(tenant_request_count(p.session.demo) <= 40);
		for (size_t k = 0; k < p.session.log->n; k++) {
			const struct request_entry *e = request_log_at(p.session.log, k);

			assert_true(str_same(e->method, "GET") || str_ends(e->path, "$batch"));
		}
		for (size_t k = 0; k < STEPS_COUNT; k++)
			assert_int_not_equal(p.session.views[k].state, STEP_UNKNOWN);
		program_end(&p);
		world_close(&w);
	}
}

static void test_plan_is_deterministic(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(scenarios); i++) {
		struct world w;
		struct program a, b;
		struct plan pa, pb;

		open_with_people(&w, scenarios[i]);
		program_start(&a, &w);
		program_read(&a);
		plan_init(&pa);
		session_plan(&a.session, NULL, &pa);
		program_end(&a);
		program_start(&b, &w);
		program_read(&b);
		plan_init(&pb);
		session_plan(&b.session, NULL, &pb);
		assert_true(plan_equal(&pa, &pb));
		program_end(&b);
		plan_release(&pa);
		plan_release(&pb);
		world_close(&w);
	}
}

static void test_apply_reaches_the_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(scenarios); i++) {
		struct world w;
		struct program p;
		size_t writes;

		/* Its policy is full: the service refuses one change. */
		if (str_same(scenarios[i], "troubled"))
			continue;
		open_with_people(&w, scenarios[i]);
		program_start(&p, &w);
		program_read(&p);
		if (!program_apply(&p))
			fail_msg("%s: %s", scenarios[i], p.session.err.msg);
		program_read(&p);
		assert_int_equal(program_changes(&p), 0);
		writes = tenant_write_count(p.session.demo);
		assert_true(program_apply(&p));
		assert_int_equal(tenant_write_count(p.session.demo), writes);
		program_end(&p);
		world_close(&w);
	}
}

static void test_undo_restores(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(scenarios); i++) {
		struct world w;
		struct program p;
		struct json *before, *after;
		bool changes;

		open_with_people(&w, scenarios[i]);
		program_start(&p, &w);
		program_read(&p);
		before = tenant_essence(p.session.demo);
		program_apply(&p);
		changes = tenant_write_count(p.session.demo) > 0;
		program_end(&p);

		program_start(&p, &w);	/* another program takes it back */
		program_read(&p);
		if (changes && !program_undo(&p))
			fail_msg("%s: %s", scenarios[i], p.session.err.msg);
		after = tenant_essence(p.session.demo);
		assert_same_tenant(before, after, scenarios[i]);
		json_free(before);
		json_free(after);
		program_end(&p);
		world_close(&w);
	}
}

/* Where a run without trouble ends, and how many requests it takes. */
static struct json *clean_end(const char *scenario, size_t *ret_requests, size_t *ret_turns)
{
	struct world w;
	struct program p;
	struct plan plan;
	struct err err = ERR_INIT;
	struct json *end;
	size_t before;

	open_with_people(&w, scenario);
	program_start(&p, &w);
	program_read(&p);
	before = tenant_request_count(p.session.demo);
	plan_init(&plan);
	session_plan(&p.session, NULL, &plan);
	assert_int_equal(session_apply(&p.session, &plan, &err), 0);
	for (*ret_turns = 0; p.session.state == SESSION_APPLYING; (*ret_turns)++)
		loop_run_once(p.loop, -1);
	program_wait(&p);
	plan_release(&plan);
	*ret_requests = tenant_request_count(p.session.demo) - before;
	end = tenant_essence(p.session.demo);
	program_end(&p);
	world_close(&w);
	return end;
}

/* A fresh program finishes what another left. */
static void finish_and_compare(struct world *w, const struct json *end, const char *what)
{
	struct program p;
	struct json *now;

	program_start(&p, w);
	for (int i = 0; i < 3; i++) {
		program_read(&p);
		if (!program_changes(&p))
			break;
		program_apply(&p);
	}
	program_read(&p);
	if (program_changes(&p))
		fail_msg("%s: not finished: %s", what, p.session.err.msg);
	now = tenant_essence(p.session.demo);
	assert_same_tenant(end, now, what);
	json_free(now);
	program_end(&p);
}

static void test_fault_at_every_request(void **state)
{
	static const struct fault faults[] = {
		{ .kind = FAULT_LOST_BEFORE }, { .kind = FAULT_LOST_AFTER },
		{ .kind = FAULT_STATUS, .status = 500 }, { .kind = FAULT_THROTTLE, .status = 429 },
		{ .kind = FAULT_TRUNCATED }, { .kind = FAULT_HTML },
	};
	size_t requests, turns;
	struct json *end = clean_end("contoso", &requests, &turns);

	(void)state;
	for (size_t k = 0; k < COUNT_OF(faults); k++) {
		for (size_t n = 1; n <= requests; n++) {
			struct fault f = faults[k];
			struct world w;
			struct program p;
			char what[64];

			open_with_people(&w, "contoso");
			program_start(&p, &w);
			program_read(&p);
			f.nth = (unsigned)n;
			tenant_fault(p.session.demo, &f);
			program_apply(&p);
			program_end(&p);
			snprintf(what, sizeof(what), "fault %zu at request %zu", k, n);
			finish_and_compare(&w, end, what);
			world_close(&w);
		}
	}
	json_free(end);
}

static void test_kill_at_every_moment(void **state)
{
	size_t requests, turns;
	struct json *end = clean_end("contoso", &requests, &turns);

	(void)state;
	for (size_t n = 0; n <= turns; n++) {
		struct world w;
		struct program p;
		struct plan plan;
		struct err err = ERR_INIT;
		char what[64];

		open_with_people(&w, "contoso");
		program_start(&p, &w);
		program_read(&p);
		plan_init(&plan);
		session_plan(&p.session, NULL, &plan);
		assert_int_equal(session_apply(&p.session, &plan, &err), 0);
		for (size_t i = 0; i < n; i++)
			loop_run_once(p.loop, -1);
		program_kill(&p);
		plan_release(&plan);
		snprintf(what, sizeof(what), "killed after %zu turns", n);
		finish_and_compare(&w, end, what);
		world_close(&w);
	}
	json_free(end);
}

/* A lost answer hides nothing from the journal: all of it can be taken back. */
static void test_undo_after_a_lost_answer(void **state)
{
	size_t requests, turns;

	(void)state;
	json_free(clean_end("contoso", &requests, &turns));
	for (size_t n = 1; n <= requests; n++) {
		struct fault f = { .kind = FAULT_LOST_AFTER, .nth = (unsigned)n };
		struct world w;
		struct program p;
		struct json *before, *after;
		char what[64];

		open_with_people(&w, "contoso");
		program_start(&p, &w);
		program_read(&p);
		before = tenant_essence(p.session.demo);
		tenant_fault(p.session.demo, &f);
		program_apply(&p);
		program_end(&p);
		program_start(&p, &w);
		program_read(&p);
		program_apply(&p);
		while (program_undo(&p))
			program_read(&p);
		after = tenant_essence(p.session.demo);
		snprintf(what, sizeof(what), "undone after request %zu was lost", n);
		assert_same_tenant(before, after, what);
		json_free(before);
		json_free(after);
		program_end(&p);
		world_close(&w);
	}
}

/* Whatever goes wrong while a run is taken back, another program finishes it. */
static void test_fault_while_taking_back(void **state)
{
	static const struct fault faults[] = {
		{ .kind = FAULT_LOST_BEFORE }, { .kind = FAULT_LOST_AFTER },
		{ .kind = FAULT_STATUS, .status = 500 },
	};

	(void)state;
	for (size_t n = 1, hit = 1; hit; n++) {
		hit = 0;
		for (size_t k = 0; k < COUNT_OF(faults); k++) {
			struct fault f = faults[k];
			struct world w;
			struct program p;
			struct json *before, *after;
			char what[64];
			size_t requests;

			open_with_people(&w, "contoso");
			program_start(&p, &w);
			program_read(&p);
			before = tenant_essence(p.session.demo);
			assert_true(program_apply(&p));
			requests = tenant_request_count(p.session.demo);
			f.nth = (unsigned)n;
			tenant_fault(p.session.demo, &f);
			program_undo(&p);
			hit += tenant_request_count(p.session.demo) - requests >= n;
			program_end(&p);
			program_start(&p, &w);
			program_read(&p);
			while (program_undo(&p))
				program_read(&p);
			after = tenant_essence(p.session.demo);
			snprintf(what, sizeof(what), "fault %zu at request %zu of undo", k, n);
			assert_same_tenant(before, after, what);
			json_free(before);
			json_free(after);
			program_end(&p);
			world_close(&w);
		}
	}
}

/* Killed, settled and finished, everything that was done can be taken back. */
static void test_undo_after_a_kill(void **state)
{
	size_t requests, turns;

	(void)state;
	json_free(clean_end("contoso", &requests, &turns));
	for (size_t n = 0; n <= turns; n++) {
		struct world w;
		struct program p;
		struct plan plan;
		struct err err = ERR_INIT;
		struct json *before, *after;
		char what[64];

		open_with_people(&w, "contoso");
		program_start(&p, &w);
		program_read(&p);
		before = tenant_essence(p.session.demo);
		plan_init(&plan);
		session_plan(&p.session, NULL, &plan);
		assert_int_equal(session_apply(&p.session, &plan, &err), 0);
		for (size_t i = 0; i < n; i++)
			loop_run_once(p.loop, -1);
		program_kill(&p);
		plan_release(&plan);

		program_start(&p, &w);
		program_read(&p);
		program_apply(&p);
		for (int i = 0; i < 4 && program_undo(&p); i++)
			program_read(&p);
		after = tenant_essence(p.session.demo);
		snprintf(what, sizeof(what), "undone after a kill at turn %zu", n);
		assert_same_tenant(before, after, what);
		json_free(before);
		json_free(after);
		program_end(&p);
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading_writes_nothing),
		cmocka_unit_test(test_plan_is_deterministic),
		cmocka_unit_test(test_apply_reaches_the_end),
		cmocka_unit_test(test_undo_restores),
		cmocka_unit_test(test_fault_at_every_request),
		cmocka_unit_test(test_kill_at_every_moment),
		cmocka_unit_test(test_undo_after_a_lost_answer),
		cmocka_unit_test(test_fault_while_taking_back),
		cmocka_unit_test(test_undo_after_a_kill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
