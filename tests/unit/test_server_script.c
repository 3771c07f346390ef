#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "steps/server_script.h"

#define TENANT "f64a78f7-c2fe-4f77-8e12-5385f4ac5093"
#define NONCE "90d8c88e-7922-42ea-abb4-ce3c673c7973"

static void marks_are_filled(void **unused)
{
	const struct server_script_request r = { NONCE, TENANT, "usgov" };
	const struct server_script_request own = { NONCE, TENANT, "our own cloud'" };
	struct err err = ERR_INIT;
	struct str out = { 0 };

	(void)unused;
	assert_int_equal(server_script_print(&r, &out, &err), 0);
	assert_non_null(strstr(str_text(&out), "$Nonce = '" NONCE "'"));
	assert_non_null(strstr(str_text(&out), "$Tenant = '" TENANT "'"));
	assert_non_null(strstr(str_text(&out), "$Cloud = 'usgov'"));
	assert_non_null(strstr(str_text(&out), "scriptVersion = '" VERSION "'"));
	str_clear(&out);
	assert_int_equal(server_script_print(&own, &out, &err), 0);
	assert_non_null(strstr(str_text(&out), "$Cloud = 'global'"));
	str_clear(&out);
	server_script_print_enable(&out);
	assert_non_null(strstr(str_text(&out), "[Version]'2.5.79.0'"));
	str_release(&out);
}

/* What goes into a program may not leave its quotes. */
static void hostile_tenant(void **unused)
{
	static const char *const ids[] = { "a'; Remove-Item", "", NULL, "a\nb", "a$b" };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		const struct server_script_request r = { NONCE, ids[i], "global" };
		struct err err = ERR_INIT;
		struct str out = { 0 };

		assert_int_equal(server_script_print(&r, &out, &err), -1);
		assert_int_equal(err.kind, ERR_INVALID);
		assert_int_equal(out.len, 0);
		str_release(&out);
	}
}

static void requests_are_remembered(void **unused)
{
	char base[] = "/tmp/test_server_script.XXXXXX";
	struct err err = ERR_INIT;
	bool known = true;
	char *dir, *file;

	(void)unused;
	assert_non_null(mkdtemp(base));
	dir = xasprintf("%s/tenant", base);
	file = xasprintf("%s/server-requests.json", dir);
	assert_int_equal(server_request_known(dir, NONCE, &known, &err), 0);
	assert_false(known);
	assert_int_equal(server_request_remember(dir, NONCE, 0, &err), 0);
	assert_int_equal(server_request_remember(dir, "another", 0, &err), 0);
	assert_int_equal(server_request_known(dir, NONCE, &known, &err), 0);
	assert_true(known);
	assert_int_equal(server_request_known(dir, "third", &known, &err), 0);
	assert_false(known);
	for (int i = 0; i < SERVER_REQUESTS_KEEP - 1; i++)
		assert_int_equal(server_request_remember(dir, "filler", 0, &err), 0);
	assert_int_equal(server_request_known(dir, NONCE, &known, &err), 0);
	assert_false(known);
	assert_int_equal(server_request_known(dir, "another", &known, &err), 0);
	assert_true(known);
	assert_int_equal(file_write(file, "[]", 2, &err), 0);
	assert_int_equal(server_request_known(dir, NONCE, &known, &err), -1);
	assert_int_equal(err.kind, ERR_PARSE);
	unlink(file);
	rmdir(dir);
	rmdir(base);
	free(file);
	free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_are_filled),
		cmocka_unit_test(hostile_tenant),
		cmocka_unit_test(requests_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
