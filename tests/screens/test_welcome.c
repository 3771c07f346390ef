/* The welcome screen: which tenants can be chosen, and opening another one. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "tests/screens/pressed.h"

#define HOME_DIR "/tmp/test_welcome-XXXXXX"
static char home[sizeof(HOME_DIR)];

static void put(const char *profile, const char *text)
{
	CLEANUP(free_ptr) char *path = xasprintf("%s/sspr-wizard/%s.conf", home, profile);
	struct err err = ERR_INIT;

	assert_int_equal(file_write(path, text, strlen(text), &err), 0);
}

static void take_away(const char *profile)
{
	CLEANUP(free_ptr) char *path = xasprintf("%s/sspr-wizard/%s.conf", home, profile);

	assert_int_equal(unlink(path), 0);
}

static int setup(void **state)
{
	CLEANUP(str_release) struct str dir = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	strcpy(home, HOME_DIR);
	assert_non_null(mkdtemp(home));
	setenv("XDG_CONFIG_HOME", home, 1);
	unsetenv("AZURE_TENANT_ID");
	assert_int_equal(file_config_dir(&dir, &err), 0);
	assert_int_equal(file_make_dir(str_text(&dir), &err), 0);
	put("contoso", "[tenant]\ntenant = contoso.com\nclient-id = one\n");
	put("broken", "[tenant]\ntenent = contoso.com\n");
	put("wishes", "[wanted]\nsms = no\n");
	put("strange name", "[tenant]\ntenant = x\n");
	return 0;
}

static int teardown(void **state)
{
	CLEANUP(str_release) struct str dir = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	take_away("contoso");
	take_away("broken");
	take_away("wishes");
	take_away("strange name");
	assert_int_equal(file_config_dir(&dir, &err), 0);
	assert_int_equal(rmdir(str_text(&dir)), 0);
	return rmdir(home);
}

/* Which one stands chosen, of what the command line, the environment and the default
 * profile name. */
static void test_first(void **state)
{
	static const struct {
		const char *what, *demo, *tenant, *profile, *env, *standard, *chosen;
		enum tenant_kind kind;
	} rows[] = {
		{ "nothing", NULL, NULL, NULL, NULL, NULL, "contoso", TENANT_DEMO },
		{ "a demo", "troubled", NULL, NULL, "x.example", "[tenant]\ntenant = y\n",
		  "troubled", TENANT_DEMO },
		{ "a tenant", NULL, "t.example", NULL, "x.example", "[tenant]\ntenant = y\n",
		  "t.example", TENANT_NAMED },
		{ "a profile", NULL, NULL, "contoso", "x.example", NULL, "contoso",
		  TENANT_PROFILE },
		{ "a profile and a tenant", NULL, "t.example", "contoso", NULL, NULL,
		  "t.example", TENANT_NAMED },
		{ "a profile that is not there", NULL, NULL, "nobody", NULL, NULL, "nobody",
		  TENANT_PROFILE },
		{ "the environment", NULL, NULL, NULL, "x.example", NULL, "x.example",
		  TENANT_NAMED },
		{ "a default profile", NULL, NULL, NULL, NULL, "[tenant]\ntenant = y\n",
		  "default", TENANT_PROFILE },
		{ "a default profile before the environment", NULL, NULL, NULL, "x.example",
		  "[tenant]\ntenant = y\n", "default", TENANT_PROFILE },
		{ "a default profile of wishes", NULL, NULL, NULL, NULL, "[wanted]\nsms = no\n",
		  "contoso", TENANT_DEMO },
		{ "and the environment", NULL, NULL, NULL, "x.example", "[wanted]\nsms = no\n",
		  "x.example", TENANT_NAMED },
		{ "a default profile that cannot be read", NULL, NULL, NULL, NULL, "nonsense\n",
		  "default", TENANT_PROFILE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct options o = { .demo = rows[i].demo, .tenant = rows[i].tenant,
				     .profile = rows[i].profile };
		const struct tenant_choice *one;
		struct tenants t = { .n = 0 };

		if (rows[i].env)
			setenv("AZURE_TENANT_ID", rows[i].env, 1);
		if (rows[i].standard)
			put("default", rows[i].standard);
		tenants_look(&t, &o);
		one = &t.v[tenants_first(&t)];
		if (one->kind != rows[i].kind || !str_same(one->name, rows[i].chosen))
			fail_msg("%s: %d %s", rows[i].what, one->kind, one->name);
		tenants_release(&t);
		if (rows[i].standard)
			take_away("default");
		unsetenv("AZURE_TENANT_ID");
	}
}

/* What was given for one tenant never goes to another. */
static void test_choose(void **state)
{
	const struct options given = { .tenant = "t.example", .client_id = "id", .cloud = "usgov",
				       .group = "g", .members = "m.csv", .controller = "dc1",
				       .profile = "p", .read_only = true, .theme = "light" };
	const struct options demo = { .demo = "contoso", .group = "g" };
	struct tenant_choice one = { .kind = TENANT_NAMED, .name = "t.example" };
	struct options ret;

	(void)state;
	tenants_choose(&one, &given, &ret);
	assert_memory_equal(&ret, &given, sizeof(ret));
	one = (struct tenant_choice){ .kind = TENANT_PROFILE, .name = "p" };
	tenants_choose(&one, &given, &ret);
	assert_string_equal(ret.profile, "p");
	assert_null(ret.tenant);
	assert_null(ret.client_id);
	assert_null(ret.cloud);
	assert_null(ret.group);
	assert_null(ret.members);
	assert_null(ret.controller);
	assert_true(ret.read_only);
	assert_string_equal(ret.theme, "light");
	assert_false(tenants_same(&ret, &given));
	one = (struct tenant_choice){ .kind = TENANT_DEMO, .name = "troubled" };
	tenants_choose(&one, &given, &ret);
	assert_string_equal(ret.demo, "troubled");
	assert_null(ret.profile);
	assert_null(ret.members);
	tenants_choose(&one, &demo, &ret);
	assert_string_equal(ret.group, "g");
	assert_false(tenants_same(&ret, &demo));
}

static void test_profiles_are_shown(void **state)
{
	struct pressed w;

	(void)state;
	press_begin(&w, NULL);
	press_see(&w, "Which tenant?");
	press_see(&w, "( ) broken        profile that cannot be read");
	press_see(&w, "( ) contoso       profile, contoso.com");
	press_see(&w, "( ) wishes        profile, tenant of whoever signs in");
	press_see(&w, "( ) strange name  profile that cannot be read");
	press_see(&w, "(*) contoso       hybrid, nothing rolled out yet");
	press_see(&w, "DEMO");
	press(&w, K_TAB);
	press(&w, K_ENTER);
	press_see(&w, "(*) broken");
	press_see(&w, "broken.conf:2");
	assert_false(press_shows(&w, "DEMO"));
	press(&w, K_DOWN);
	press(&w, K_ENTER);
	press_see(&w, "(*) contoso       profile, contoso.com");
	assert_string_equal(w.a.chosen.profile, "contoso");
	assert_null(w.a.chosen.demo);
	/* One that was made meanwhile; what was chosen stays chosen. */
	put("a-new-one", "[tenant]\ntenant = new.example\n");
	welcome_look(&w.a);
	press_see(&w, "( ) a-new-one     profile, new.example");
	press_see(&w, "(*) contoso       profile, contoso.com");
	take_away("a-new-one");
	press_end(&w);
}

/* A profile that cannot be read opens nothing, and says why. */
static void test_a_broken_profile(void **state)
{
	struct pressed w;

	(void)state;
	press_begin(&w, NULL);
	press(&w, K_TAB);
	press(&w, K_ENTER);
	press(&w, K_TAB);
	press(&w, K_ENTER);
	assert_ptr_equal(app_top(&w.a), &screen_welcome);
	assert_false(w.a.opened);
	press_see(&w, "broken.conf:2: there is no key");
	press_end(&w);
}

static void start(struct pressed *w)
{
	press(w, K_HOME);
	press(w, K_ENTER);
	app_settle(&w->a);
	assert_ptr_equal(app_top(&w->a), &screen_board);
}

static void test_another_tenant_is_opened(void **state)
{
	const struct journal *journal;
	struct pressed w;

	(void)state;
	press_begin(&w, "contoso");
	start(&w);
	journal = w.a.session.journal;
	press_see(&w, "Contoso · contoso.com");
	press(&w, K_ESC);
	press_see(&w, "(*) contoso       open now: Contoso");
	/* The same again: nothing is opened anew. */
	start(&w);
	assert_ptr_equal(w.a.session.journal, journal);
	press(&w, K_ESC);
	press(&w, K_TAB);
	press(&w, K_DOWN);
	press(&w, K_ENTER);
	press_see(&w, "(*) cloud-only");
	press_see(&w, "( ) contoso       open now: Contoso");
	start(&w);
	assert_string_equal(w.a.session.options.demo, "cloud-only");
	press(&w, K_ESC);
	press_see(&w, "(*) cloud-only    open now: ");
	press_see(&w, "( ) contoso       hybrid, nothing rolled out yet");
	press_end(&w);
}

/* No other tenant while this one is written to. */
static void test_not_while_writing(void **state)
{
	struct pressed w;

	(void)state;
	press_begin(&w, "contoso");
	start(&w);
	press(&w, K_ESC);
	press(&w, K_TAB);
	press(&w, K_DOWN);
	press(&w, K_ENTER);
	w.a.session.state = SESSION_APPLYING;
	press(&w, K_HOME);
	press(&w, K_ENTER);
	assert_ptr_equal(app_top(&w.a), &screen_welcome);
	press_see(&w, "is being written to");
	assert_string_equal(w.a.session.options.demo, "contoso");
	w.a.session.state = SESSION_IDLE;
	start(&w);
	assert_string_equal(w.a.session.options.demo, "cloud-only");
	press_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_choose),
		cmocka_unit_test(test_profiles_are_shown),
		cmocka_unit_test(test_a_broken_profile),
		cmocka_unit_test(test_another_tenant_is_opened),
		cmocka_unit_test(test_not_while_writing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
