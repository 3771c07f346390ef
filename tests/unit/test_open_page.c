/* The guide sends a browser to the page: which addresses, where, and what is said
 * where it cannot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/sign_in/open_page.h"
#include "tui/dump.h"

#define PAGE "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/PasswordResetMenuBlade/~/Properties"

static void only_ours(void **state)
{
	static const struct {
		const char *link;
		bool ours;
	} rows[] = {
		{ PAGE, true },
		{ "https://entra.microsoft.us/#view/Microsoft_AAD_IAM/GroupsManagementMenuBlade/~/AllGroups",
		  true },
		{ "https://aka.ms/mysecurityinfo", true },
		{ "https://aka.ms/mysecurityinfo/x", false },
		{ "http://entra.microsoft.com/#view/Microsoft_AAD_IAM/X", false },
		{ "https://entra.microsoft.com.evil.example/#view/Microsoft_AAD_IAM/X", false },
		{ "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/X;touch$IFS/tmp/x", false },
		{ "https://entra.microsoft.com/?x=#view/Microsoft_AAD_IAM/X", false },
		{ "file:///etc/passwd", false }, { "--help", false }, { "", false },
		{ NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (link_is_ours(rows[i].link) != rows[i].ours)
			fail_msg("%s", rows[i].link ? rows[i].link : "NULL");
}

static void where_it_cannot_it_is_said(void **state)
{
	static const struct {
		const char *ssh, *display, *says;
	} rows[] = {
		{ NULL, ":0", NULL },
		{ "1 2 3 4", ":10.0", NULL },
		{ "1 2 3 4", NULL, "by ssh without a display" },
#ifndef __APPLE__
		{ NULL, NULL, "DISPLAY and WAYLAND_DISPLAY are not set" },
#endif
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		unsetenv("SSH_CONNECTION");
		unsetenv("DISPLAY");
		unsetenv("WAYLAND_DISPLAY");
		unsetenv("WSL_DISTRO_NAME");
		if (rows[i].ssh)
			setenv("SSH_CONNECTION", rows[i].ssh, 1);
		if (rows[i].display)
			setenv("DISPLAY", rows[i].display, 1);
		if (rows[i].says)
			assert_non_null(strstr(page_why_not(), rows[i].says));
		else
			assert_null(page_why_not());
	}
}

static void a_program_gets_the_address(void **state)
{
	char dir[] = "/tmp/page-test-XXXXXX", line[512] = "";
	char *program, *seen;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	program = xasprintf("%s/xdg-open", dir);
	seen = xasprintf("%s/seen", dir);
	setenv("PATH", dir, 1);
	assert_false(page_open(PAGE));
	f = fopen(program, "w");
	fprintf(f, "#!/bin/sh\nprintf '%%s|' \"$#\" \"$@\" >%s.new\n/bin/mv %s.new %s\n", seen, seen,
		seen);
	fclose(f);
	chmod(program, 0755);
	assert_true(page_open(PAGE));
	for (int i = 0; i < 200 && access(seen, R_OK) != 0; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	f = fopen(seen, "r");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	assert_string_equal(line, "1|" PAGE "|");
	unlink(program);
	unlink(seen);
	rmdir(dir);
	free(program);
	free(seen);
}

static void key(struct app *a, uint32_t k)
{
	app_update(a, &(struct input){ .kind = INPUT_KEY, .key = k });
}

static void the_key_of_the_guide(void **state)
{
	struct options o = { .command = COMMAND_WIZARD, .demo = "contoso" };
	struct err err = ERR_INIT;
	struct app a;

	(void)state;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&a, &o, loop_new(&err), false);
	app_update(&a, &(struct input){ .kind = INPUT_SIZE, .w = 100, .h = 40 });
	assert_true(app_go_to(&a, "board"));
	board_select(&a, "notifications");
	key(&a, K_ENTER);
	key(&a, 'g');
	assert_ptr_equal(app_top(&a), &screen_guide);
	/* A demo opens nothing and says why. */
	key(&a, 'o');
	assert_null(a.browse);
	assert_non_null(strstr(a.message, "The demo opens no browser"));
	a.session.options.demo = NULL;
	a.no_browser = "You are connected by ssh without a display";
	key(&a, 'o');
	assert_null(a.browse);
	assert_string_equal(a.message, a.no_browser);
	a.no_browser = NULL;
	key(&a, 'o');
	assert_true(link_is_ours(a.browse));
	assert_non_null(strstr(a.browse, "~/Notifications"));
	a.session.options.demo = o.demo;
	app_release(&a);
	loop_free(a.loop);
	clock_set_real();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_ours),
		cmocka_unit_test(where_it_cannot_it_is_said),
		cmocka_unit_test(the_key_of_the_guide),
		cmocka_unit_test(a_program_gets_the_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
