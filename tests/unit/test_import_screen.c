/* The screen that takes in a server's document: by file, by paste, and refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "checks/writeback_path.h"
#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/digest.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "tui/dump.h"

static struct options options;

static void key(struct app *a, uint32_t k)
{
	app_update(a, &(struct input){ .kind = INPUT_KEY, .key = k });
}

static void paste(struct app *a, const char *text)
{
	app_update(a, &(struct input){ .kind = INPUT_PASTE, .paste = text });
}

static void enter(struct app *a)
{
	struct err err = ERR_INIT;

	options = (struct options){ .command = COMMAND_WIZARD, .demo = "contoso" };
	clock_set_virtual(DUMP_NOW_MS);
	app_init(a, &options, loop_new(&err), false);
	app_update(a, &(struct input){ .kind = INPUT_SIZE, .w = 80, .h = 24 });
	assert_true(app_go_to(a, "path"));
	key(a, 'i');
	assert_ptr_equal(app_top(a), &screen_import);
}

static void leave(struct app *a)
{
	app_release(a);
	loop_free(a->loop);
	clock_set_real();
}

/* What stands between NAME = ' and the next quote of the script. */
static char *filled_in(const char *script, const char *name)
{
	CLEANUP(free_ptr) char *start = xasprintf("%s = '", name);
	const char *at = strstr(script, start);

	assert_non_null(at);
	at += strlen(start);
	return xstrndup(at, strcspn(at, "'"));
}

/* A document for this session's script, sealed as the script does. */
static char *document(struct app *a, const char *enabled)
{
	CLEANUP(str_release) struct str script = { 0 };
	struct str text = { 0 };
	struct err err = ERR_INIT;
	char hash[SHA256_TEXT];

	assert_int_equal(session_server_script(&a->session, &script, &err), 0);
	{
		CLEANUP(free_ptr) char *nonce = filled_in(str_text(&script), "$Nonce");
		CLEANUP(free_ptr) char *tenant = filled_in(str_text(&script), "$Tenant");

		str_addf(&text, "{\"schema\":\"sspr-wizard-server/1\",\"nonce\":\"%s\","
			 "\"tenant\":\"%s\",\"computer\":\"SYNC01\",\"collectedAtUtc\":"
			 "\"2026-11-25T10:00:00Z\",\"facts\":{\"version\":{\"value\":\"2.6.84.0\"},"
			 "\"writeback\":{\"value\":{\"Enabled\":%s}}}", nonce, tenant, enabled);
	}
	str_addf(&text, ",\"sha256\":\"%s\"}", sha256_hex(text.buf, text.len, hash));
	return str_detach(&text);
}

static void assert_refused(struct app *a, const char *why)
{
	assert_ptr_equal(app_top(a), &screen_import);
	if (!strstr(a->import.problem, why))
		fail_msg("not \"%s\": %s", why, a->import.problem);
	assert_null(a->session.facts.server.where);
}

static void assert_taken(struct app *a)
{
	if (app_top(a) == &screen_import)
		fail_msg("%s", a->import.problem);
	assert_ptr_equal(app_top(a), &screen_path);
	assert_non_null(a->session.facts.server.where);
	assert_non_null(strstr(a->session.facts.server.where, "SYNC01"));
	assert_non_null(strstr(a->message, "Taken in"));
}

static void a_paste(void **state)
{
	CLEANUP(free_ptr) char *good = NULL;
	CLEANUP(str_release) struct str block = { 0 };
	struct app a;

	(void)state;
	enter(&a);
	good = document(&a, "false");
	str_add(&block, "PS C:\\> \n-----BEGIN SSPR-WIZARD SERVER-----\n");
	base64_encode(&block, good, strlen(good));
	str_add(&block, "\n-----END SSPR-WIZARD SERVER-----\n");
	paste(&a, str_text(&block));
	assert_taken(&a);
	/* It is judged where it is shown. */
	assert_string_equal(writeback_path_next(&a.session.path)->id,
			    a.session.path.v[PATH_SERVER].id);
	leave(&a);
}

static void refusals(void **state)
{
	CLEANUP(free_ptr) char *good = NULL, *half = NULL;
	char *at;
	struct app a;

	(void)state;
	enter(&a);
	good = document(&a, "false");
	half = xstrndup(good, strlen(good) / 2);
	paste(&a, half);
	assert_refused(&a, "Not taken in: ");
	at = strstr(good, "2.6.84.0");
	*at = '3';
	paste(&a, good);
	assert_refused(&a, "changed");
	*at = '2';
	clock_set_virtual(DUMP_NOW_MS + 25 * 60 * 60 * 1000LL);
	paste(&a, good);
	assert_refused(&a, "25 h old");
	clock_set_virtual(DUMP_NOW_MS);
	at = strstr(good, "nonce\":\"");
	at[strlen("nonce\":\"")] = '-';
	paste(&a, good);
	assert_refused(&a, "Not taken in: ");
	paste(&a, "two\nlines");
	assert_refused(&a, "Not taken in: ");
	/* A name is typed or pasted; a key takes the reason away. */
	paste(&a, "/nowhere/doc");
	assert_string_equal(str_text(&a.import.path.text), "/nowhere/doc");
	key(&a, K_ENTER);
	assert_refused(&a, "/nowhere/doc");
	key(&a, 'x');
	assert_string_equal(a.import.problem, "");
	leave(&a);
}

static void a_file(void **state)
{
	char name[] = "/tmp/test_import_screen.XXXXXX";
	CLEANUP(free_ptr) char *good = NULL, *path = NULL;
	CLEANUP(str_release) struct str script = { 0 };
	struct err err = ERR_INIT;
	struct app a;

	(void)state;
	assert_non_null(mkdtemp(name));
	enter(&a);
	path = xasprintf("%s/doc", name);
	/* The script comes from here, too. */
	key(&a, K_F2);
	assert_ptr_equal(app_top(&a), &screen_save);
	edit_set(&a.save.path, path);
	key(&a, K_ENTER);
	assert_ptr_equal(app_top(&a), &screen_import);
	assert_int_equal(file_read(path, 1 << 20, &script, &err), 0);
	assert_non_null(strstr(str_text(&script), "# End of the script."));
	good = document(&a, "true");
	assert_int_equal(file_write(path, good, strlen(good), &err), 0);
	paste(&a, path);
	key(&a, K_ENTER);
	assert_taken(&a);
	unlink(path);
	rmdir(name);
	leave(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_paste),
		cmocka_unit_test(refusals),
		cmocka_unit_test(a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
