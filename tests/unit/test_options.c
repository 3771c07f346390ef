#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/tenant/tenant.h"
#include "tui/nearest.h"
#include "tui/options.h"
#include "tui/options_table.h"
#include "tui/theme.h"

#define WORDS_MAX 8

/* Parses words as main() would see them. */
static int parse(struct options *o, const char *const *words, struct err *err)
{
	static char *argv[WORDS_MAX + 2];
	int argc = 0;

	argv[argc++] = (char *)"sspr-wizard";
	for (; *words; words++)
		argv[argc++] = (char *)*words;
	argv[argc] = NULL;
	return options_parse(o, argc, argv, err);
}
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_no_words_is_the_wizard(void **state)
{
	struct options o;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(parse(&o, WORDS(NULL), &err), 0);
	assert_int_equal(o.command, COMMAND_WIZARD);
	assert_null(o.demo);
	assert_int_equal(o.nargs, 0);
}

static void test_values(void **state)
{
	struct options o;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(parse(&o, WORDS("plan", "--group=A B", "--members", "f.csv", "-oX",
					 "--format", "json"), &err), 0);
	assert_int_equal(o.command, COMMAND_PLAN);
	assert_string_equal(o.group, "A B");
	assert_string_equal(o.members, "f.csv");
	assert_string_equal(o.output, "X");
	assert_string_equal(o.format, "json");

	assert_int_equal(parse(&o, WORDS("--demo", "check", "-o", "Y"), &err), 0);
	assert_string_equal(o.demo, "contoso");
	assert_string_equal(o.output, "Y");
	assert_int_equal(parse(&o, WORDS("--demo=large", "--demo-users", "12"), &err), 0);
	assert_string_equal(o.demo, "large");
	assert_int_equal(o.demo_users, 12);
}

static void test_words_may_stand_between_options(void **state)
{
	struct options o;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(parse(&o, WORDS("--demo", "apply", "group", "--yes", "methods"), &err), 0);
	assert_int_equal(o.command, COMMAND_APPLY);
	assert_true(o.yes);
	assert_int_equal(o.nargs, 2);
	assert_string_equal(o.args[0], "group");
	assert_string_equal(o.args[1], "methods");
	assert_int_equal(parse(&o, WORDS("undo", "--", "--run"), &err), 0);
	assert_int_equal(o.nargs, 1);
	assert_string_equal(o.args[0], "--run");
}

static void test_help_and_version(void **state)
{
	struct options o;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(parse(&o, WORDS("-h"), &err), 0);
	assert_int_equal(o.command, COMMAND_HELP);
	assert_int_equal(parse(&o, WORDS("check", "--version"), &err), 0);
	assert_int_equal(o.command, COMMAND_VERSION);
	assert_int_equal(parse(&o, WORDS("--help", "--nonsense"), &err), 0);
	assert_int_equal(o.command, COMMAND_HELP);
}

static const struct refused {
	const char *words[WORDS_MAX];
	const char *msg, *todo;
} refused[] = {
	{ { "--readonly" }, "there is no option --readonly", "Did you mean --read-only?" },
	{ { "--fromat=json" }, "there is no option --fromat", "Did you mean --format?" },
	{ { "--zzzzz" }, "there is no option --zzzzz", "sspr-wizard --help lists the options." },
	{ { "-x" }, "there is no option -x", "sspr-wizard --help lists the options." },
	{ { "chekc" }, "there is no command chekc", "Did you mean check?" },
	{ { "hist" }, "there is no command hist", "Did you mean history?" },
	{ { "--demo", "cloud-only" }, "there is no command cloud-only",
	  "Did you mean --demo=cloud-only?" },
	{ { "check", "--demo=contosso" },
	  "--demo is one of contoso, cloud-only, rolled-out, troubled, hostile-names, large, "
	  "not contosso", "Did you mean --demo=contoso?" },
	{ { "check", "--format=xml" }, "--format is one of text, json, csv, html, markdown, junit, "
	  "sarif, openmetrics, not xml",
	  "Did you mean --format=html?" },
	{ { "check", "--auth=smartcard" },
	  "--auth is one of browser, device, certificate, secret, workload-identity, "
	  "azure-cli, managed-identity, not smartcard", "" },
	{ { "check", "--yes=1" }, "--yes takes no value", "" },
	{ { "check", "--group" }, "--group needs a NAME", "" },
	{ { "check", "--group=" }, "--group needs a NAME that is not empty", "" },
	{ { "check", "word" }, "check takes no further word: word", "" },
	{ { "undo", "a", "b" }, "undo takes no more words: b", "" },
	{ { "check", "--yes" }, "--yes makes no sense with check", "" },
	{ { "--format=json" }, "--format makes no sense with the wizard", "" },
	{ { "plan", "--theme=dark" }, "--theme makes no sense with plan", "" },
	{ { "undo", "--members=x" }, "--members makes no sense with undo", "" },
	{ { "check", "--demo", "--tenant=x" },
	  "--demo reaches no network, so --tenant makes no sense with it", "" },
	{ { "check", "--demo-state=x" }, "--demo-state needs --demo", "" },
	{ { "check", "--demo", "--demo-users=5" }, "--demo-users needs --demo=large", "" },
	{ { "check", "--demo=large", "--demo-users=0" },
	  "--demo-users needs a number from 1 to 10000000, not 0", "" },
	{ { "check", "--demo=large", "--demo-users=1x" },
	  "--demo-users needs a number from 1 to 10000000, not 1x", "" },
	{ { "check", "--demo=large", "--demo-users=-1" },
	  "--demo-users needs a number from 1 to 10000000, not -1", "" },
	{ { "check", "--cloud=dod", "--cloud-file=x" },
	  "--cloud and --cloud-file exclude each other", "" },
	{ { "apply", "--demo", "--yes", "--read-only" },
	  "--read-only: apply is refused, nothing was written",
	  "Use plan to see what would be changed." },
	{ { "diagnose" }, "diagnose needs USER", "" },
	{ { "diagnose", "a", "b" }, "diagnose takes no more words: b", "" },
	{ { "monitor", "audits" }, "monitor knows [audit|sign-ins|usage|readiness], not audits",
	  "Did you mean audit?" },
	{ { "monitor", "--days", "31" }, "--days needs a number from 1 to 30, not 31", "" },
	{ { "monitor", "--ready-percent", "90" },
	  "--ready-percent makes sense with monitor readiness alone", "" },
	{ { "monitor", "usage", "--group", "x" },
	  "--group makes sense with monitor readiness alone", "" },
	{ { "monitor", "readiness", "--ready-percent", "101" },
	  "--ready-percent needs a number from 1 to 100, not 101", "" },
	{ { "monitor", "readiness", "--days", "3" },
	  "--days is about events: it makes no sense with monitor readiness", "" },
	{ { "monitor", "readiness", "--follow" },
	  "--follow is about events: it makes no sense with monitor readiness", "" },
	{ { "monitor", "readiness", "--invitations", "--format", "csv" },
	  "--invitations are text, not csv", "" },
	{ { "plan", "--baseline", "scuba" },
	  "the baseline scuba only judges: plan follows the runbook or a file",
	  "Use it with check or report." },
	{ { "check", "--format=csv" }, "check has no format csv", "Its default is text." },
	{ { "report", "--format=text" }, "report has no format text", "Its default is html." },
	{ { "check", "--enable-writeback" }, "--enable-writeback makes no sense with check", "" },
	{ { "server-script", "--format=json" }, "server-script has no format json",
	  "Its default is text." },
	{ { "import", "a", "--ssh", "b" }, "import takes FILE or --ssh, not both", "" },
	{ { "check", "--ssh", "b" }, "--ssh makes no sense with check", "" },
	{ { "check", "--group=a\033b" },
	  "word 2 of the command line holds control characters or is not UTF-8", "" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct options o;
		struct err err = ERR_INIT;

		assert_int_equal(parse(&o, refused[i].words, &err), -1);
		assert_int_equal(err.kind, ERR_INVALID);
		assert_string_equal(err.msg, refused[i].msg);
		assert_string_equal(err.todo, refused[i].todo);
	}
}

static void test_no_color_variable(void **state)
{
	struct options o;
	struct err err = ERR_INIT;

	(void)state;
	setenv("NO_COLOR", "1", 1);
	assert_int_equal(parse(&o, WORDS("check"), &err), 0);
	assert_true(o.no_color);
	setenv("NO_COLOR", "", 1);
	assert_int_equal(parse(&o, WORDS("check"), &err), 0);
	assert_false(o.no_color);
	unsetenv("NO_COLOR");
}

/* The table's own words are right: names unique, scenarios and themes those
 * that exist. */
static void test_table(void **state)
{
	(void)state;
	assert_true(noption_defs <= 64);	/* room in options.c */
	for (size_t i = 0; i < noption_defs; i++) {
		const struct option_def *d = &option_defs[i];

		assert_true(*d->help != '\0');
		assert_int_equal(d->kind == OPTION_TEXT || d->kind == OPTION_COUNT,
				 d->value != NULL);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(d->name, option_defs[k].name);
			assert_false(d->letter && d->letter == option_defs[k].letter);
		}
		if (!strcmp(d->name, "demo")) {
			size_t n = 0;

			for (; tenant_scenarios[n]; n++)
				assert_string_equal(d->choices[n], tenant_scenarios[n]);
			assert_null(d->choices[n]);
		}
		for (size_t n = 0; !strcmp(d->name, "theme") && d->choices[n]; n++)
			assert_true(theme_by_name(d->choices[n]) >= 0);
	}
}

static void test_help_lists_what_exists(void **state)
{
	CLEANUP(str_release) struct str text = { 0 };

	(void)state;
	options_usage(&text);
	for (size_t i = 0; i < noption_defs; i++) {
		CLEANUP(free_ptr) char *word = xasprintf("--%s", option_defs[i].name);

		assert_non_null(strstr(str_text(&text), word));
	}
	assert_non_null(strstr(str_text(&text), "diagnose USER"));
	for (const char *line = str_text(&text), *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		assert_non_null(end);
		assert_true(end - line <= 80);
	}
}

/* The manual names every option and command, and no option that is not there. */
static void test_manual(void **state)
{
	CLEANUP(str_release) struct str page = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(file_read("man/sspr-wizard.1", 1 << 20, &page, &err), 0);
	for (size_t i = 0; i < noption_defs; i++) {
		CLEANUP(free_ptr) char *item = xasprintf("Fl -%s", option_defs[i].name);

		if (!strstr(str_text(&page), item))
			fail_msg("the manual does not name --%s", option_defs[i].name);
	}
	for (size_t i = 0; i < ncommand_defs; i++) {
		CLEANUP(free_ptr) char *item = NULL;

		if (!command_defs[i].name)
			continue;
		item = xasprintf("\n.It Cm %s", command_defs[i].name);
		if (!command_defs[i].later != !!strstr(str_text(&page), item))
			fail_msg("the manual is wrong about the command %s", command_defs[i].name);
	}
	for (const char *p = str_text(&page); (p = strstr(p, "\n.It Fl ")); p++) {
		const char *name = strstr(p, "Fl -");
		bool known = false;

		assert_non_null(name);
		name += strlen("Fl -");
		for (size_t i = 0; i < noption_defs; i++)
			known |= strcspn(name, " \n") == strlen(option_defs[i].name) &&
				 !strncmp(name, option_defs[i].name, strlen(option_defs[i].name));
		if (!known)
			fail_msg("the manual names an option that is not there: %.20s", name);
	}
}

static void test_nearest(void **state)
{
	const char *const words[] = { "apply", "plan", NULL, "history" };

	(void)state;
	assert_string_equal(nearest("aply", words, 4), "apply");
	assert_string_equal(nearest("paln", words, 4), "plan");
	assert_null(nearest("members", words, 4));
	assert_null(nearest("", words, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_words_is_the_wizard),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_words_may_stand_between_options),
		cmocka_unit_test(test_help_and_version),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_color_variable),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_help_lists_what_exists),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
