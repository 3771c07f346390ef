/* The session as the front ends use it, on the simulated tenant. */
#include "tests/laws/world.h"

#include <sys/stat.h>
#include <unistd.h>

#include "graph/base/file.h"

static const struct step_view *view(struct program *p, const char *id)
{
	for (size_t i = 0; i < STEPS_COUNT; i++)
		if (str_same(p->session.views[i].ops->id, id))
			return &p->session.views[i];
	fail_msg("no step %s", id);
	return NULL;
}

static void portal(struct program *p, const char *setting, const char *value)
{
	struct err err = ERR_INIT;

	if (tenant_portal_set(p->session.demo, setting, value, &err) < 0)
		fail_msg("%s: %s", setting, err.msg);
}

/* What the wizard does, then what a person does in the admin centre. */
static void test_a_whole_rollout(void **state)
{
	static const char *const people[] = { "grace.achebe@contoso.com",
					      "ravi.menon@contoso.com" };
	struct world w;
	struct program p;

	(void)state;
	world_open(&w, "contoso");
	w.wanted.entries = people;
	w.wanted.nentries = COUNT_OF(people);
	w.wanted.members_given = true;
	program_start(&p, &w);
	program_read(&p);
	assert_true(program_apply(&p));
	assert_true(p.session.verified);
	assert_int_equal(view(&p, "group")->state, STEP_DONE);
	portal(&p, "writeback", "on");
	portal(&p, "scope", "SSPR-Enabled-Users");
	portal(&p, "methodsRequired", "1");
	portal(&p, "notifyUsers", "on");
	portal(&p, "notifyAdmins", "on");
	program_read(&p);
	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct step_view *v = &p.session.views[i];

		/* The migration and the invitation are left. */
		if (v->state != (v->ops->number == 6 ? STEP_GUIDED : STEP_DONE))
			fail_msg("%s is %s", v->ops->id, step_state_name(v->state));
	}
	program_end(&p);
	world_close(&w);
}

/* One step alone, after its group is there: what it did is read back at once,
 * and the other steps are still known. */
static void test_one_step_alone_is_verified(void **state)
{
	static const char *const people[] = { "grace.achebe@contoso.com",
					      "ravi.menon@contoso.com" };
	static const char *const ids[] = { "group", "methods" };
	struct err err = ERR_INIT;
	struct world w;
	struct program p;
	int64_t start_ms;

	(void)state;
	world_open(&w, "contoso");
	w.wanted.entries = people;
	w.wanted.nentries = COUNT_OF(people);
	w.wanted.members_given = true;
	program_start(&p, &w);
	program_read(&p);
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		const char *const one[] = { ids[i], NULL };
		struct plan plan;

		plan_init(&plan);
		session_plan(&p.session, one, &plan);
		assert_true(plan.n > 0);
		start_ms = clock_now_ms();
		assert_int_equal(session_apply(&p.session, &plan, &err), 0);
		program_wait(&p);
		assert_true(p.session.verified);
		assert_true(clock_now_ms() - start_ms < SESSION_PATIENCE_MS / 2);
		plan_release(&plan);
		for (size_t k = 0; k < STEPS_COUNT; k++)
			assert_int_not_equal(p.session.views[k].state, STEP_UNKNOWN);
	}
	program_end(&p);
	world_close(&w);
}

/* Esc while the tenant is read back: what was applied is applied, and the board
 * stays known. */
static void test_stop_reading_back(void **state)
{
	struct err err = ERR_INIT;
	struct plan plan;
	struct world w;
	struct program p;

	(void)state;
	world_open(&w, "contoso");
	program_start(&p, &w);
	program_read(&p);
	plan_init(&plan);
	session_plan(&p.session, NULL, &plan);
	assert_int_equal(session_apply(&p.session, &plan, &err), 0);
	while (p.session.state == SESSION_APPLYING)
		assert_true(loop_run_once(p.loop, -1));
	assert_int_equal(p.session.state, SESSION_VERIFYING);
	session_stop(&p.session);
	program_wait(&p);
	assert_true(p.session.verify_stopped);
	assert_int_equal(p.session.err.kind, ERR_NONE);
	for (size_t i = 0; i < STEPS_COUNT; i++)
		assert_int_not_equal(p.session.views[i].state, STEP_UNKNOWN);
	plan_release(&plan);
	program_end(&p);
	world_close(&w);
}

static void test_undo_is_refused_while_the_group_is_in_use(void **state)
{
	struct world w;
	struct program p;
	struct err err = ERR_INIT;

	(void)state;
	world_open(&w, "contoso");
	program_start(&p, &w);
	program_read(&p);
	assert_true(program_apply(&p));
	portal(&p, "scope", "SSPR-Enabled-Users");
	program_read(&p);
	assert_int_equal(session_undo(&p.session, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_non_null(strstr(err.msg, "nobody could reset"));
	portal(&p, "scope", "None");
	program_read(&p);
	assert_true(program_undo(&p));
	program_end(&p);
	world_close(&w);
}

static void test_a_word_is_kept(void **state)
{
	struct world w;
	struct program p;
	struct err err = ERR_INIT;

	(void)state;
	world_open(&w, "contoso");
	program_start(&p, &w);
	program_read(&p);
	assert_int_equal(view(&p, "notifications")->plan.n, 2);
	assert_int_equal(session_attest(&p.session, &view(&p, "notifications")->plan.v[0], &err), 0);
	assert_int_equal(view(&p, "notifications")->plan.n, 1);
	program_end(&p);
	program_start(&p, &w);
	program_read(&p);
	assert_int_equal(view(&p, "notifications")->plan.n, 1);
	assert_int_equal(view(&p, "notifications")->settings[0].confidence, CONFIDENCE_ATTESTED);
	/* A change that can be proved asks for nobody's word. */
	assert_int_equal(session_attest(&p.session, &view(&p, "group")->plan.v[0], &err), -1);
	program_end(&p);
	world_close(&w);
}

static void test_one_writer(void **state)
{
	struct world w;
	struct program a, b;
	struct plan plan;
	struct err err = ERR_INIT;

	(void)state;
	world_open(&w, "contoso");
	program_start(&a, &w);
	program_read(&a);
	/* Of the same tenant, but a state of its own: else there were no second. */
	snprintf(w.state, sizeof(w.state), "%s/second.json", w.dir);
	program_start(&b, &w);
	program_read(&b);		/* reading goes on */
	assert_int_equal(view(&b, "group")->state, STEP_CHANGES);
	plan_init(&plan);
	session_plan(&b.session, NULL, &plan);
	assert_int_equal(session_apply(&b.session, &plan, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_int_equal(tenant_write_count(b.session.demo), 0);
	plan_release(&plan);
	program_end(&b);
	program_end(&a);
	world_close(&w);
}

/* What was answered is in the file, whatever happens to the program; and no
 * second program works on it. */
static void test_demo_state(void **state)
{
	struct world w;
	struct program a;
	struct session b;
	struct err err = ERR_INIT;
	struct json *before, *after;
	struct session_options o;

	(void)state;
	world_open(&w, "contoso");
	program_start(&a, &w);
	program_read(&a);
	assert_true(program_apply(&a));
	before = tenant_essence(a.session.demo);
	o = a.session.options;
	memset(&b, 0, sizeof(b));
	assert_int_equal(session_open(&b, a.loop, &o, &w.wanted, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_non_null(strstr(err.msg, "another program works on"));
	/* Looking is allowed, and saves nothing. */
	o.read_only = true;
	assert_int_equal(session_open(&b, a.loop, &o, &w.wanted, &err), 0);
	session_close(&b);
	program_kill(&a);
	program_start(&a, &w);
	after = tenant_essence(a.session.demo);
	assert_same_tenant(before, after, "after a kill");
	json_free(before);
	json_free(after);
	/* Saving that fails is told. */
	unlink(w.state);
	assert_int_equal(mkdir(w.state, 0700), 0);
	assert_int_equal(session_save(&a.session, &err), -1);
	assert_non_null(strstr(err.msg, "was not saved"));
	program_end(&a);
	world_close(&w);
}

static void test_demo_state_of_another_scenario(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ NULL, "holds the scenario contoso, not troubled" },
		{ "{}", "tenant.json does not hold a simulated tenant" },
		{ "garbage", "tenant.json does not hold a simulated tenant" },
	};
	struct world w;
	struct program p;

	(void)state;
	world_open(&w, "contoso");
	program_start(&p, &w);
	program_end(&p);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = ERR_INIT;

		if (rows[i].text)
			assert_int_equal(file_write(w.state, rows[i].text, strlen(rows[i].text),
						    &err), 0);
		assert_null(tenant_open(w.state, "troubled", 0, &err));
		assert_non_null(strstr(err.msg, rows[i].message));
		assert_int_not_equal(err.kind, ERR_INVALID);
		assert_true(*err.todo);
	}
	world_close(&w);
}

static unsigned forgotten;

static void forget(struct token_source *s)
{
	s->account[0] = s->tenant[0] = '\0';
	forgotten++;
}

static bool token_asked_anew(const struct program *p)
{
	return forgotten == 1 && !*p->session.tokens->account;
}

/* Another person may belong to another tenant: no fact, finding, plan or journal of the
 * first is left when the sign-in begins. */
static void test_nothing_of_the_first_tenant_is_left(void **state)
{
	struct world w;
	struct program p;
	struct token_ops ops;
	struct err err = ERR_INIT;

	(void)state;
	forgotten = 0;
	world_open(&w, "contoso");
	program_start(&p, &w);
	program_read(&p);
	ops = *p.session.tokens->ops;
	ops.forget = forget;
	p.session.tokens->ops = &ops;
	assert_non_null(p.session.journal);
	assert_non_null(p.session.facts.organization.id);
	assert_true(p.session.findings.n > 0);
	session_follow_start(&p.session);
	/* Not while it is at work. */
	session_read(&p.session, AREAS_ALL);
	assert_int_equal(session_sign_in_again(&p.session, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_int_equal(forgotten, 0);
	session_stop(&p.session);
	assert_int_equal(session_sign_in_again(&p.session, &err), 0);
	assert_true(token_asked_anew(&p));
	assert_null(p.session.journal);
	assert_null(p.session.facts.organization.id);
	assert_false(p.session.following);
	for (size_t i = 0; i < AREA_COUNT; i++)
		assert_int_equal(p.session.facts.source[i].observed_ms, 0);
	for (size_t i = 0; i < STEPS_COUNT; i++)
		assert_int_equal(p.session.views[i].state, STEP_UNKNOWN);
	program_wait(&p);
	assert_non_null(p.session.journal);
	assert_int_equal(view(&p, "group")->state, STEP_CHANGES);
	program_end(&p);
	world_close(&w);
}

static void test_nothing_before_the_tenant_is_known(void **state)
{
	struct world w;
	struct program p;
	struct plan plan;
	struct err err = ERR_INIT;

	(void)state;
	world_open(&w, "contoso");
	program_start(&p, &w);
	plan_init(&plan);
	assert_int_equal(session_apply(&p.session, &plan, &err), -1);
	for (size_t i = 0; i < STEPS_COUNT; i++)
		assert_int_equal(p.session.views[i].state, STEP_UNKNOWN);
	session_read(&p.session, AREAS_ALL);
	assert_int_equal(session_apply(&p.session, &plan, &err), -1);	/* busy */
	session_stop(&p.session);
	assert_int_equal(p.session.state, SESSION_IDLE);
	assert_int_equal(p.session.err.kind, ERR_CANCELLED);
	program_read(&p);
	assert_int_equal(p.session.err.kind, ERR_NONE);
	assert_int_equal(view(&p, "group")->state, STEP_CHANGES);
	plan_release(&plan);
	program_end(&p);
	world_close(&w);
}

static void test_a_second_read_joins_the_first(void **state)
{
	struct world w;
	struct program p;

	(void)state;
	world_open(&w, "contoso");
	program_start(&p, &w);
	session_read(&p.session, AREA_BIT(AREA_METHODS));
	session_read(&p.session, AREA_BIT(AREA_AUTHORIZATION));
	program_wait(&p);
	assert_true(facts_read(&p.session.facts, AREA_METHODS));
	assert_true(facts_read(&p.session.facts, AREA_AUTHORIZATION));
	assert_false(facts_read(&p.session.facts, AREA_AUDIT));
	program_end(&p);
	world_close(&w);
}

struct found {
	bool done;
	size_t n;
	char first[64];
};

static void keep(void *ctx, const struct people *people, const struct err *err)
{
	struct found *f = ctx;

	assert_int_equal(err->kind, ERR_NONE);
	f->done = true;
	f->n = people->n;
	if (people->n)
		snprintf(f->first, sizeof(f->first), "%s", people->v[0].display_name);
}

static void test_search(void **state)
{
	struct found old = { 0 }, now = { 0 };
	struct world w;
	struct program p;

	(void)state;
	world_open(&w, "contoso");
	program_start(&p, &w);
	session_search(&p.session, "grace", keep, &old);
	session_search(&p.session, "Sean O'B", keep, &now);	/* replaces the first */
	while (!now.done)
		assert_true(loop_run_once(p.loop, -1));
	assert_false(old.done);
	assert_int_equal(now.n, 1);
	assert_string_equal(now.first, "Sean O'Brien");
	memset(&now, 0, sizeof(now));
	session_search(&p.session, "nobody-at-all", keep, &now);
	loop_run_until(p.loop, &now.done);
	assert_int_equal(now.n, 0);
	session_search(&p.session, "a", keep, &old);	/* the session ends first */
	program_end(&p);
	assert_false(old.done);
	world_close(&w);
}

static void test_sign_in_that_is_not_there(void **state)
{
	struct world w;
	struct session s;
	struct loop *l;
	struct session_options o = { .auth = "carrier-pigeon", .command = "check" };
	struct err err = ERR_INIT;

	(void)state;
	world_open(&w, "contoso");
	o.cloud = &w.cloud;
	memset(&s, 0, sizeof(s));
	l = loop_new(&err);
	assert_int_equal(session_open(&s, l, &o, &w.wanted, &err), -1);
	assert_non_null(strstr(err.msg, "carrier-pigeon"));
	loop_free(l);
	world_close(&w);
}

static size_t needs;

static void count_need(struct token_source *source, const char *const *scopes,
		       void (*done)(void *ctx, const struct secret *token, const struct err *err),
		       void *ctx)
{
	(void)source;
	(void)scopes;
	(void)done;
	(void)ctx;
	needs++;
}

/* --read-only: no write scope is ever asked for, and nothing but GET is sent. */
static void test_read_only_asks_for_no_write_scope(void **state)
{
	struct err err = ERR_INIT;
	struct token_ops counting;
	struct world w;
	struct program p;
	struct plan plan;

	(void)state;
	world_open(&w, "contoso");
	program_start(&p, &w);
	session_close(&p.session);
	{
		struct session_options o = {
			.demo = w.scenario, .demo_state = w.state, .cloud = &w.cloud,
			.state_dir = w.journal, .command = "wizard", .read_only = true,
			.asked_read_only = true,
		};

		assert_int_equal(session_open(&p.session, p.loop, &o, &w.wanted, &err), 0);
	}
	counting = *p.session.tokens->ops;
	counting.need = count_need;
	p.session.tokens->ops = &counting;
	program_read(&p);
	assert_true(program_changes(&p) > 0);
	plan_init(&plan);
	session_plan(&p.session, NULL, &plan);
	assert_int_equal(session_apply(&p.session, &plan, &err), -1);
	assert_int_equal(session_undo(&p.session, NULL, &err), -1);
	program_wait(&p);
	assert_int_equal(needs, 0);
	for (size_t i = 0; i < p.session.log->n; i++) {
		const struct request_entry *e = request_log_at(p.session.log, i);

		assert_true(str_same(e->method, "GET") || str_ends(e->path, "/$batch"));
	}
	plan_release(&plan);
	program_end(&p);
	world_close(&w);
}

/* Who a method was prepared for is read by name; for what is on nobody asks. */
static void test_targets_have_names(void **state)
{
	struct world world;
	struct program p;
	size_t named = 0, asked = 0;

	(void)state;
	world_open(&world, "troubled");
	program_start(&p, &world);
	program_read(&p);
	for (int id = 0; id < METHOD_COUNT; id++) {
		const struct method *m = &p.session.facts.methods.method[id];

		for (size_t i = 0; i < m->ninclude; i++) {
			assert_true(!m->include[i].name || !m->enabled);
			named += str_same(m->include[i].name, "Sales");
		}
	}
	assert_int_equal(named, 1);
	for (size_t i = 0; i < p.session.log->n; i++)
		asked += strstr(request_log_at(p.session.log, i)->path,
				"?$select=id,displayName") != NULL;
	assert_in_range(asked, 1, 8);
	program_end(&p);
	world_close(&world);
}

/* While it is read again the tenant is shown as it was known; then as it is. */
static void test_reading_again_keeps_what_is_known(void **state)
{
	struct world w;
	struct program p;
	unsigned least = AREA_COUNT;
	size_t findings;

	(void)state;
	world_open(&w, "rolled-out");
	program_start(&p, &w);
	program_read(&p);
	assert_int_equal(session_left(&p.session), 0);
	assert_int_equal(view(&p, "enablement")->state, STEP_DONE);
	findings = p.session.findings.n;
	portal(&p, "scope", "All");
	clock_advance(86400000);	/* the report is made anew */
	session_read(&p.session, AREAS_ALL);
	while (p.session.state == SESSION_READING) {
		unsigned left = session_left(&p.session), n = 0;

		for (; left; left &= left - 1)
			n++;
		assert_true(n <= least);
		least = n;
		assert_int_equal(view(&p, "enablement")->state, STEP_DONE);
		assert_int_equal(p.session.findings.n, findings);
		assert_true(p.session.facts.members.people.n > 0);
		assert_true(loop_run_once(p.loop, -1));
	}
	assert_true(least < AREA_COUNT / 2);
	assert_int_equal(session_left(&p.session), 0);
	assert_int_not_equal(view(&p, "enablement")->state, STEP_DONE);
	program_end(&p);
	world_close(&w);
}

/* Stopped at any moment of reading again, all that was known is still there. */
static void test_stop_reading_again(void **state)
{
	struct world w;
	struct program p;

	(void)state;
	world_open(&w, "rolled-out");
	program_start(&p, &w);
	program_read(&p);
	for (int replies = 0; replies < 60; replies += 3) {
		session_read(&p.session, replies % 2 ? AREAS_ALL : AREA_BIT(AREA_REGISTRATION) |
								   AREA_BIT(AREA_ACCESS));
		for (int i = 0; i < replies && p.session.state == SESSION_READING; i++)
			loop_run_once(p.loop, -1);
		session_stop(&p.session);
		assert_int_equal(p.session.state, SESSION_IDLE);
		assert_int_equal(session_left(&p.session), 0);
		for (int a = 0; a < AREA_COUNT; a++)
			if (p.session.facts.source[a].state == SOURCE_UNREAD)
				fail_msg("after %d replies: %s", replies, area_name((enum area)a));
		assert_int_equal(view(&p, "enablement")->state, STEP_DONE);
		assert_true(p.session.facts.members.people.v[0].row_ms > 0);
	}
	program_end(&p);
	world_close(&w);
}

/* What is asked for something else is not shown as if it were that. */
static void test_forget_before_reading(void **state)
{
	struct world w;
	struct program p;

	(void)state;
	world_open(&w, "rolled-out");
	program_start(&p, &w);
	program_read(&p);
	session_forget(&p.session, AREA_BIT(AREA_GROUP));
	assert_int_equal(p.session.facts.groups.n, 0);
	assert_int_equal(p.session.facts.members.people.n, 0);
	assert_int_not_equal(view(&p, "group")->state, STEP_DONE);
	session_read(&p.session, AREAS_ALL);
	program_wait(&p);
	assert_int_equal(view(&p, "group")->state, STEP_DONE);
	/* Not while it is read: the one that reads needs it. */
	session_read(&p.session, AREA_BIT(AREA_AUDIT));
	session_forget(&p.session, AREAS_ALL);
	assert_int_equal(view(&p, "group")->state, STEP_DONE);
	program_end(&p);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_whole_rollout),
		cmocka_unit_test(test_one_step_alone_is_verified),
		cmocka_unit_test(test_stop_reading_back),
		cmocka_unit_test(test_undo_is_refused_while_the_group_is_in_use),
		cmocka_unit_test(test_a_word_is_kept),
		cmocka_unit_test(test_one_writer),
		cmocka_unit_test(test_demo_state),
		cmocka_unit_test(test_demo_state_of_another_scenario),
		cmocka_unit_test(test_nothing_of_the_first_tenant_is_left),
		cmocka_unit_test(test_nothing_before_the_tenant_is_known),
		cmocka_unit_test(test_a_second_read_joins_the_first),
		cmocka_unit_test(test_reading_again_keeps_what_is_known),
		cmocka_unit_test(test_stop_reading_again),
		cmocka_unit_test(test_forget_before_reading),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_sign_in_that_is_not_there),
		cmocka_unit_test(test_read_only_asks_for_no_write_scope),
		cmocka_unit_test(test_targets_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
