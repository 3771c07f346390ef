/*
 * Every screen of the demo, as text, against the files beside this one. After
 * a wanted change: GENERATE=1 build/tests/screens/test_screens, then read the
 * difference.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "tui/dump.h"

#define DIR "tests/screens/"

static void render(const char *scenario, const char *name, int w, int h, bool ascii,
		   struct str *out)
{
	const struct options o = { .command = COMMAND_WIZARD, .demo = scenario };
	struct err err = ERR_INIT;
	struct app a;

	clock_set_virtual(DUMP_NOW_MS);
	app_init(&a, &o, loop_new(&err), ascii);
	app_update(&a, &(struct input){ .kind = INPUT_SIZE, .w = w, .h = h });
	assert_true(app_go_to(&a, name));
	app_draw(&a);
	grid_dump(&a.grid, out);
	app_release(&a);
	loop_free(a.loop);
}

/* scenario: NULL is contoso, whose files do not name it. */
static void compare(const char *scenario, const char *name, int w, int h, bool ascii)
{
	struct str now = { 0 }, then = { 0 };
	struct err err = ERR_INIT;
	char path[128];

	snprintf(path, sizeof(path), DIR "%s%s%s-%dx%d%s.txt", name, scenario ? "-" : "",
		 scenario ? scenario : "", w, h, ascii ? "-ascii" : "");
	render(scenario ? scenario : "contoso", name, w, h, ascii, &now);
	if (getenv("GENERATE"))
		assert_int_equal(file_write(path, str_text(&now), now.len, &err), 0);
	if (file_read(path, 1 << 20, &then, &err) < 0)
		fail_msg("%s: %s", path, err.msg);
	if (strcmp(str_text(&now), str_text(&then)) != 0) {
		printf("%s differs; now it is:\n%s", path, str_text(&now));
		fail();
	}
	str_release(&now);
	str_release(&then);
}

static void test_screens_as_they_were(void **state)
{
	static const struct {
		int w, h;
		bool ascii;
	} sizes[] = { { 60, 16, false }, { 80, 24, false }, { 200, 60, false },
		      { 80, 24, true } };

	(void)state;
	for (size_t i = 0; dump_screens[i]; i++)
		for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++)
			compare(NULL, dump_screens[i], sizes[k].w, sizes[k].h, sizes[k].ascii);
}

/* Who is ready: nobody, everybody, and no group at all; and what to write to whom. */
static void test_readiness(void **state)
{
	static const char *const scenarios[] = { "troubled", "rolled-out", "contoso" };

	(void)state;
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		compare(scenarios[i], "readiness", 60, 16, false);
		compare(scenarios[i], "readiness", 80, 24, false);
	}
	compare("troubled", "readiness", 200, 60, false);
	compare("troubled", "readiness", 80, 24, true);
	compare("troubled", "invitations", 60, 16, false);
	compare("troubled", "invitations", 80, 24, true);
}

/* The way of a password where it works, where it breaks, and where there is none;
 * one column less than side by side needs, and just enough. */
static void test_the_way_of_a_password(void **state)
{
	(void)state;
	compare("rolled-out", "path", 100, 30, false);
	compare("troubled", "path", 100, 30, true);
	compare("troubled", "path", 99, 30, false);
	compare("cloud-only", "path", 80, 24, false);
}

/* A live test under way; contoso's fails. */
static void test_a_live_test_runs(void **state)
{
	(void)state;
	compare("rolled-out", "live", 80, 24, false);
	compare("rolled-out", "live", 60, 16, true);
}

/* The first frame comes before anything is read, and says so. */
static void test_a_screen_fills_in(void **state)
{
	static const struct options o = { .command = COMMAND_WIZARD, .demo = "contoso" };
	struct str s = { 0 };
	struct err err = ERR_INIT;
	struct app a;

	(void)state;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&a, &o, loop_new(&err), false);
	app_update(&a, &(struct input){ .kind = INPUT_SIZE, .w = 80, .h = 24 });
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_ENTER });
	assert_ptr_equal(app_top(&a), &screen_board);
	app_draw(&a);
	grid_dump(&a.grid, &s);
	assert_non_null(strstr(str_text(&s), "Being read."));
	assert_non_null(strstr(str_text(&s), "Reading the tenant"));
	app_settle(&a);
	str_clear(&s);
	app_draw(&a);
	grid_dump(&a.grid, &s);
	assert_null(strstr(str_text(&s), "Being read."));
	assert_non_null(strstr(str_text(&s), "Contoso"));
	str_release(&s);
	app_release(&a);
	loop_free(a.loop);
}

/* The sign-in's prompt is the session's; the screen comes and goes with it. */
static void test_sign_in_is_shown_and_goes(void **state)
{
	static const struct options o = { .command = COMMAND_WIZARD, .demo = "contoso" };
	struct sign_in_prompt p = {
		.kind = SIGN_IN_CODE, .url = "https://login.example/device",
		.code = "ABCD-EFGH", .message = "Enter the code in a browser.",
		.expires_ms = DUMP_NOW_MS + 900000,
	};
	struct str s = { 0 };
	struct err err = ERR_INIT;
	struct app a;

	(void)state;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&a, &o, loop_new(&err), false);
	app_update(&a, &(struct input){ .kind = INPUT_SIZE, .w = 80, .h = 24 });
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_ENTER });
	app_settle(&a);
	a.session.sign_in = &p;
	app_update(&a, &(struct input){ .kind = INPUT_NEWS });
	assert_ptr_equal(app_top(&a), &screen_sign_in);
	app_draw(&a);
	grid_dump(&a.grid, &s);
	assert_non_null(strstr(str_text(&s), "ABCD-EFGH"));
	assert_non_null(strstr(str_text(&s), "https://login.example/device"));
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = 'i' });
	assert_string_equal(a.copy, "ABCD-EFGH");
	a.session.sign_in = NULL;
	app_update(&a, &(struct input){ .kind = INPUT_NEWS });
	assert_ptr_equal(app_top(&a), &screen_board);
	str_release(&s);
	app_release(&a);
	loop_free(a.loop);
}

static void type_text(struct app *a, const char *text)
{
	for (; *text; text++)
		app_update(a, &(struct input){ .kind = INPUT_KEY, .key = (uint32_t)*text });
}

/* What is typed shows as stars, q and c are letters, and nothing of it stays. */
static void test_a_password_is_masked(void **state)
{
	static const struct options o = { .command = COMMAND_WIZARD, .demo = "contoso" };
	struct sign_in_prompt p = {
		.kind = SIGN_IN_PASSWORD, .url = "/home/ada/app.pfx", .code = "",
		.message = "The certificate's file has a password:",
		.expires_ms = DUMP_NOW_MS + 300000,
	};
	struct str s = { 0 };
	struct err err = ERR_INIT;
	struct app a;

	(void)state;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&a, &o, loop_new(&err), false);
	app_update(&a, &(struct input){ .kind = INPUT_SIZE, .w = 60, .h = 16 });
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_ENTER });
	app_settle(&a);
	a.session.sign_in = &p;
	app_update(&a, &(struct input){ .kind = INPUT_NEWS });
	assert_false(app_can(&a, ACT_OPEN));
	type_text(&a, "qci:?xy");
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = 0xe4 });
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_BACKSPACE });
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_BACKSPACE });
	app_update(&a, &(struct input){ .kind = INPUT_PASTE, .paste = "zz\n" });
	assert_string_equal(secret_text(&a.password), "qci:?xzz");
	assert_true(app_can(&a, ACT_OPEN));
	assert_false(app_can(&a, ACT_COPY));
	app_draw(&a);
	grid_dump(&a.grid, &s);
	assert_non_null(strstr(str_text(&s), "/home/ada/app.pfx"));
	assert_non_null(strstr(str_text(&s), "Password  ********_"));
	assert_null(strstr(str_text(&s), "qci"));
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_CTRL('u') });
	assert_true(secret_empty(&a.password));
	type_text(&a, "again");
	a.session.sign_in = NULL;
	app_update(&a, &(struct input){ .kind = INPUT_NEWS });
	assert_true(secret_empty(&a.password));
	str_release(&s);
	app_release(&a);
	loop_free(a.loop);
}

/* Two groups of the wanted name: the person decides, and is asked nothing else. */
static void test_the_group_is_chosen_among_several(void **state)
{
	static const struct options o = { .command = COMMAND_WIZARD, .demo = "contoso" };
	static struct group two[] = {
		{ .id = "11111111-aaaa", .display_name = "SSPR-Enabled-Users", .security = true },
		{ .id = "22222222-bbbb", .display_name = "SSPR-Enabled-Users", .dynamic = true },
	};
	struct str s = { 0 };
	struct err err = ERR_INIT;
	struct app a;

	(void)state;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&a, &o, loop_new(&err), false);
	app_update(&a, &(struct input){ .kind = INPUT_SIZE, .w = 80, .h = 24 });
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_ENTER });
	app_settle(&a);
	board_select(&a, "group");
	a.session.facts.groups = (struct groups){ .v = two, .n = 2, .cap = 2 };
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = 'p' });
	assert_ptr_equal(app_top(&a), &screen_groups);
	app_draw(&a);
	grid_dump(&a.grid, &s);
	assert_non_null(strstr(str_text(&s), "22222222-bbbb"));
	assert_non_null(strstr(str_text(&s), "dynamic"));
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_DOWN });
	app_update(&a, &(struct input){ .kind = INPUT_KEY, .key = K_ENTER });
	assert_string_equal(a.session.wanted.group_id, "22222222-bbbb");
	assert_ptr_equal(app_top(&a), &screen_board);
	app_settle(&a);
	str_release(&s);
	app_release(&a);
	loop_free(a.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_screens_as_they_were),
		cmocka_unit_test(test_readiness),
		cmocka_unit_test(test_the_way_of_a_password),
		cmocka_unit_test(test_a_live_test_runs),
		cmocka_unit_test(test_a_screen_fills_in),
		cmocka_unit_test(test_sign_in_is_shown_and_goes),
		cmocka_unit_test(test_a_password_is_masked),
		cmocka_unit_test(test_the_group_is_chosen_among_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
