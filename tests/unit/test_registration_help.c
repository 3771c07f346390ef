#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/sign_in/registration_help.h"
#include "graph/sign_in/scopes.h"

static void it_fits_a_terminal_and_names_everything(void **unused)
{
	static const char *const write[] = { "Group.ReadWrite.All", NULL };
	struct cloud cloud;
	struct err err = ERR_INIT;
	struct str text = { 0 };

	(void)unused;
	assert_int_equal(cloud_by_name("usgov", &cloud, &err), 0);
	registration_help(&text, &cloud, write);
	for (const char *line = str_text(&text); *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") < 80);
	for (const char *const *name = scopes_read_names(); *name; name++)
		assert_non_null(strstr(str_text(&text), *name));
	assert_non_null(strstr(str_text(&text), "az ad app create"));
	assert_non_null(strstr(str_text(&text), "http://localhost"));
	assert_non_null(strstr(str_text(&text), "\n  Group.ReadWrite.All\n"));
	assert_non_null(strstr(str_text(&text), cloud.admin_centre));
	str_release(&text);
	cloud_release(&cloud);
}

static void missing_scopes_are_named(void **unused)
{
	struct str all = { 0 };
	char *missing;

	(void)unused;
	for (const char *const *name = scopes_read_names(); *name; name++)
		if (strcmp(*name, "AuditLog.Read.All") != 0)
			str_addf(&all, " https://graph.microsoft.com/%s", *name);
	missing = scopes_missing(str_text(&all));
	assert_string_equal(missing, "AuditLog.Read.All");
	free(missing);
	/* What may write may read. */
	str_add(&all, " AuditLog.ReadWrite.All");
	missing = scopes_missing(str_text(&all));
	assert_string_equal(missing, "");
	free(missing);
	str_release(&all);
}

/* The lines for the Azure CLI name every permission, to be declared and, to read alone,
 * to be consented to. */
static void the_lines_name_every_permission(void **unused)
{
	static const char *const write[] = { "Group.ReadWrite.All", NULL };
	struct str text = { 0 };
	const char *grant;

	(void)unused;
	registration_azure_cli(&text, write);
	grant = strstr(str_text(&text), "az ad app permission grant");
	assert_non_null(grant);
	for (const char *const *name = scopes_read_names(); *name; name++) {
		struct str quoted = { 0 };

		str_addf(&quoted, "'%s'", *name);
		assert_non_null(strstr(str_text(&text), str_text(&quoted)));
		assert_non_null(strstr(grant, *name));
		str_release(&quoted);
	}
	assert_non_null(strstr(str_text(&text), "'Group.ReadWrite.All'"));
	assert_null(strstr(grant, "Write"));
	str_clear(&text);
	registration_azure_cli(&text, NULL);
	assert_null(strstr(str_text(&text), "ReadWrite"));
	str_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_fits_a_terminal_and_names_everything),
		cmocka_unit_test(missing_scopes_are_named),
		cmocka_unit_test(the_lines_name_every_permission),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
