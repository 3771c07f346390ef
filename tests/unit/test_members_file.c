#include "steps/members_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* Entries as "text@line" joined by |, or the error. */
static const struct {
	const char *what, *text, *want;
} rows[] = {
	{ "a line each", "ann@contoso.com\nbob@contoso.com\n", "ann@contoso.com:1|bob@contoso.com:2" },
	{ "no last newline", "ann@contoso.com", "ann@contoso.com:1" },
	{ "comments and empty lines", "# pilot\n\nann@contoso.com\n  \n# x\nbob\n", "ann@contoso.com:3|bob:6" },
	{ "spaces and CRLF", "  ann@contoso.com \r\nbob\r\n", "ann@contoso.com:1|bob:2" },
	{ "a BOM", "\xef\xbb\xbf" "ann@contoso.com\n", "ann@contoso.com:1" },
	{ "a mark alone in a line", "ann@x.com\n\xef\xbb\xbf\nbob@x.com\n",
	  "ann@x.com:1|bob@x.com:3" },
	{ "only a header", "userPrincipalName\nann@contoso.com\n", "ann@contoso.com:2" },
	{ "CSV", "Name,userPrincipalName\nAnn,ann@contoso.com\nBob,bob@contoso.com\n",
	  "ann@contoso.com:2|bob@contoso.com:3" },
	{ "CSV with a BOM, CRLF and ;", "\xef\xbb\xbfName;UPN\r\nAnn;ann@x.com\r\n", "ann@x.com:2" },
	{ "tabs", "mail\tName\nann@x.com\tAnn\n", "ann@x.com:2" },
	{ "quotes", "\"Name\",\"Email\"\n\"Lee, \"\"Ann\"\"\",\"ann@x.com\"\n", "ann@x.com:2" },
	{ "a line end in quotes", "Name,Email\n\"Lee\nAnn\",ann@x.com\nBob,bob@x.com\n",
	  "ann@x.com:2|bob@x.com:4" },
	{ "the id wins", "mail,Object Id\nann@x.com,1111\n", "1111:2" },
	{ "an empty field", "Name,UPN\nAnn,\nBob,bob@x.com\n", "bob@x.com:3" },
	{ "a short row", "Name,UPN\nAnn\nBob,bob@x.com\n", "bob@x.com:3" },
	{ "empty", "", "" },
	{ "controls", "ann\x1b[31m@x.com\n", "ann\xef\xbf\xbd[31m@x.com:1" },
	{ "no such column", "Name,Department\nAnn,Sales\n", "!line 1: no column is named" },
	{ "a CSV without a header", "Ann,ann@x.com\nBob,bob@x.com\n", "!line 1: no column is named" },
	{ "from a mail program", "ann@x.com, bob@x.com; cy@x.com;", "ann@x.com:1|bob@x.com:1|cy@x.com:1" },
	{ "names and addresses", "Ann Lee <ann@x.com>; Roe, Bob <bob@x.com>\n\"Fox, Cy\" <cy@x.com>\n",
	  "ann@x.com:1|bob@x.com:1|cy@x.com:2" },
	{ "a name alone and an address", "<ann@x.com>\nbob\n", "ann@x.com:1|bob:2" },
	{ "ids and addresses", "00000000-1111-2222-3333-444444444444\tann@x.com\n",
	  "00000000-1111-2222-3333-444444444444:1|ann@x.com:1" },
	{ "a list after a line", "ann@x.com\nbob@x.com,cy@x.com\n",
	  "ann@x.com:1|bob@x.com:2|cy@x.com:2" },
	{ "quoted addresses", "\"ann@x.com\",\"bob@x.com\"\n", "ann@x.com:1|bob@x.com:1" },
	{ "not all are people", "ann@x.com; nobody\n", "!line 1: no column is named" },
	{ "an open quote", "Name,UPN\n\"Ann,ann@x.com\n", "!line 2: the quote is never closed" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct member_entries e = { 0 };
		struct arena a = { 0 };
		struct err err = ERR_INIT;
		struct str got = { 0 };

		if (members_parse(rows[i].text, strlen(rows[i].text), &a, &e, &err) < 0)
			str_addf(&got, "!%s", err.msg);
		for (size_t k = 0; k < e.n && err.kind == ERR_NONE; k++)
			str_addf(&got, "%s%s:%u", k ? "|" : "", e.v[k], e.line[k]);
		if (rows[i].want[0] == '!' ? !str_starts(str_text(&got), rows[i].want)
					   : strcmp(str_text(&got), rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].what, str_text(&got));
		str_release(&got);
		arena_clear(&a);
	}
}

static void test_limits(void **state)
{
	struct member_entries e = { 0 };
	struct arena a = { 0 };
	struct err err = ERR_INIT;
	struct str text = { 0 };

	(void)state;
	for (int i = 0; i < MEMBER_ENTRIES_MAX; i++)
		str_addf(&text, "u%d\n", i);
	assert_int_equal(members_parse(str_text(&text), text.len, &a, &e, &err), 0);
	assert_int_equal(e.n, MEMBER_ENTRIES_MAX);
	assert_string_equal(e.v[MEMBER_ENTRIES_MAX - 1], "u49999");
	assert_int_equal(e.line[MEMBER_ENTRIES_MAX - 1], MEMBER_ENTRIES_MAX);
	str_add(&text, "one more\n");
	memset(&e, 0, sizeof(e));
	assert_int_equal(members_parse(str_text(&text), text.len, &a, &e, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
	str_clear(&text);
	for (int i = 0; i < 2000; i++)
		str_add_char(&text, 'x');
	memset(&e, 0, sizeof(e));
	assert_int_equal(members_parse(str_text(&text), text.len, &a, &e, &err), -1);
	assert_int_equal(members_parse("a\0b\0", 4, &a, &e, &err), -1);
	assert_non_null(strstr(err.msg, "UTF-8"));
	str_release(&text);
	arena_clear(&a);
}

static void test_file(void **state)
{
	struct member_entries e = { 0 };
	struct arena a = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(members_read_file("tests/fixtures/pilot.csv", &a, &e, &err), 0);
	assert_int_equal(e.n, 6);
	assert_string_equal(e.v[5], "ravi.menon@contoso.com");
	assert_int_equal(members_read_file("tests/fixtures/none.csv", &a, &e, &err), -1);
	assert_non_null(strstr(err.msg, "none.csv"));
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
