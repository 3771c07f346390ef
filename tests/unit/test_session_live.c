/* The live test on the demo tenant, whose simulator resets a password. */
#include "tests/laws/world.h"

static void follow(struct program *p, const char *user)
{
	struct err err = ERR_INIT;

	assert_int_equal(session_live_start(&p->session, user, &err), 0);
	while (p->session.live->state <= LIVE_RUNNING && !p->session.live->given_up)
		assert_true(loop_run_once(p->loop, -1));
	program_wait(p);
}

static unsigned stages(const struct live *l)
{
	unsigned ret = 0;

	for (int i = 0; i < LIVE_STAGES; i++)
		ret |= l->stage_ms[i] ? 1u << i : 0;
	return ret;
}

static void test_live(void **state)
{
	const char *user = "amara.osei@contoso.com";
	struct err err = ERR_INIT;
	struct world world;
	struct program p;

	(void)state;
	world_open(&world, "contoso");
	program_start(&p, &world);
	program_read(&p);
	assert_int_equal(session_live_start(&p.session, "", &err), -1);

	/* She is synced, and nothing can be written back. */
	assert_int_equal(tenant_portal_set(p.session.demo, "writeback", "off", &err), 0);
	clock_advance(1000);
	follow(&p, user);
	assert_int_equal(p.session.live->state, LIVE_FAILED);
	assert_int_equal(stages(p.session.live), 1u << LIVE_INITIATED);
	assert_non_null(strstr(str_text(&p.session.live->summary), "Step 4"));
	session_live_stop(&p.session);

	/* A new test does not take the old attempt for its own. */
	assert_int_equal(tenant_portal_set(p.session.demo, "writeback", "on", &err), 0);
	clock_advance(1000);
	follow(&p, user);
	assert_int_equal(p.session.live->state, LIVE_SUCCEEDED);
	assert_int_equal(stages(p.session.live), (1u << LIVE_STAGES) - 1);
	assert_string_equal(str_text(&p.session.live->way), "mobile SMS");
	assert_non_null(strstr(str_text(&p.session.live->summary), "Microsoft Entra Connect"));

	/* Nobody of that name: it gives up. */
	follow(&p, "nobody@contoso.com");
	assert_true(p.session.live->given_up);
	assert_int_equal(p.session.live->state, LIVE_NOTHING);
	program_end(&p);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
