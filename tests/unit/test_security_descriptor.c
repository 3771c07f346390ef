#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checks/security_descriptor.h"
#include "graph/base/base64.h"
#include "graph/base/file.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"

#define ME "S-1-5-21-1-2-3-1103"

/* Builds a descriptor: header, list, entries for one SID each. */
struct maker {
	uint8_t b[2048];
	size_t n;
	unsigned entries;
};

static void put(struct maker *m, uint32_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		m->b[m->n++] = (uint8_t)(v >> (8 * i));
}

static void put_guid(struct maker *m, const char *text)
{
	unsigned v[11];

	assert_int_equal(sscanf(text, "%8x-%4x-%4x-%2x%2x-%2x%2x%2x%2x%2x%2x", &v[0], &v[1], &v[2],
				&v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9], &v[10]), 11);
	put(m, v[0], 4);
	put(m, v[1], 2);
	put(m, v[2], 2);
	for (int i = 3; i < 11; i++)
		put(m, v[i], 1);
}

static void put_sid(struct maker *m, const char *who)
{
	if (!strcmp(who, SID_EVERYONE)) {
		put(m, 0x0101, 4);
		put(m, 0x01000000, 4);
		put(m, 0, 4);
		return;
	}
	put(m, 0x0501, 2);
	put(m, 0, 4);
	put(m, 0x0500, 2);
	put(m, 21, 4);
	for (uint32_t i = 1; i <= 3; i++)
		put(m, i, 4);
	put(m, !strcmp(who, ME) ? 1103 : 512, 4);
}

static void begin(struct maker *m, unsigned control)
{
	*m = (struct maker){ .n = 0 };
	put(m, 1, 2);
	put(m, control, 2);
	put(m, 0, 4);
	put(m, 0, 4);
	put(m, 0, 4);
	put(m, 20, 4);
	put(m, 0x080002, 4);
	put(m, 0, 4);
}

static void entry(struct maker *m, unsigned type, unsigned flags, uint32_t mask,
		  const char *object, const char *inherited, const char *who)
{
	size_t at = m->n;

	put(m, type, 1);
	put(m, flags, 1);
	put(m, 0, 2);
	put(m, mask, 4);
	if (type == 5 || type == 6) {
		put(m, (object ? 1u : 0) | (inherited ? 2u : 0), 4);
		if (object)
			put_guid(m, object);
		if (inherited)
			put_guid(m, inherited);
	}
	put_sid(m, who);
	m->b[at + 2] = (uint8_t)(m->n - at);
	m->entries++;
	m->b[22] = (uint8_t)(m->n - 20);
	m->b[23] = (uint8_t)((m->n - 20) >> 8);
	m->b[24] = (uint8_t)m->entries;
}

#define USER "bf967aba-0de6-11d0-a285-00aa003049e2"
#define COMPUTER "bf967a86-0de6-11d0-a285-00aa003049e2"
#define RESET "00299570-246d-11d0-a768-00aa006e0529"
#define RESTRICTIONS "4c164200-20c0-11d0-a768-00aa006e0529"
#define LOCKOUT "28630ebf-41d5-11d1-a9c1-0000f80367c1"
#define UNEXPIRE "ccc2dc7d-a6ad-4a7a-8846-c04e3cc53501"

struct one_entry {
	unsigned type, flags;
	uint32_t mask;
	const char *object, *inherited, *who;
};

/* Letters of the rights held: R C L P U in order. */
static void letters(const struct descriptor_answer *a, char out[WRITEBACK_RIGHTS + 1])
{
	for (int i = 0; i < WRITEBACK_RIGHTS; i++)
		out[i] = a->right[i].held ? "RCLPU"[i] : a->right[i].denied ? 'x' : '-';
	out[WRITEBACK_RIGHTS] = '\0';
}

static void judge_table(void **unused)
{
	static const struct {
		const char *what;
		struct one_entry e[3];
		enum descriptor_view view;
		const char *expected;
	} cases[] = {
		{ "one right for users below, as dsacls makes it",
		  { { 5, 0x0a, 0x100, RESET, USER, ME } }, DESCRIPTOR_FOR_USERS_BELOW, "R----" },
		{ "the same says nothing of the object itself",
		  { { 5, 0x0a, 0x100, RESET, USER, ME } }, DESCRIPTOR_OF_OBJECT, "-----" },
		{ "arrived on a user, inherited",
		  { { 5, 0x12, 0x100, RESET, USER, ME } }, DESCRIPTOR_OF_OBJECT, "R----" },
		{ "for computers only",
		  { { 5, 0x0a, 0x100, RESET, COMPUTER, ME } }, DESCRIPTOR_FOR_USERS_BELOW, "-----" },
		{ "one level only",
		  { { 5, 0x0e, 0x100, RESET, USER, ME } }, DESCRIPTOR_FOR_USERS_BELOW, "-----" },
		{ "not inherited at all",
		  { { 5, 0, 0x100, RESET, NULL, ME } }, DESCRIPTOR_FOR_USERS_BELOW, "-----" },
		{ "the property set carries pwdLastSet, not lockoutTime",
		  { { 5, 0x0a, 0x20, RESTRICTIONS, USER, ME } }, DESCRIPTOR_FOR_USERS_BELOW,
		  "---P-" },
		{ "write all properties carries both",
		  { { 5, 0x0a, 0x20, NULL, USER, ME } }, DESCRIPTOR_FOR_USERS_BELOW, "--LP-" },
		{ "all extended rights", { { 0, 0x02, 0x100, NULL, NULL, ME } },
		  DESCRIPTOR_FOR_USERS_BELOW, "RC--U" },
		{ "full control by the generic bit", { { 0, 0x02, 0x10000000, NULL, NULL, ME } },
		  DESCRIPTOR_FOR_USERS_BELOW, "RCLPU" },
		{ "generic write is no control right",
		  { { 0, 0x02, 0x40000000, NULL, NULL, ME } }, DESCRIPTOR_FOR_USERS_BELOW, "--LP-" },
		{ "of somebody else", { { 0, 0x02, 0xf01ff, NULL, NULL, "other" } },
		  DESCRIPTOR_FOR_USERS_BELOW, "-----" },
		{ "a denial before the grant wins",
		  { { 6, 0x0a, 0x100, RESET, USER, ME }, { 0, 0x02, 0xf01ff, NULL, NULL, ME } },
		  DESCRIPTOR_FOR_USERS_BELOW, "xCLPU" },
		{ "a denial for everyone too",
		  { { 1, 0x02, 0x20, NULL, NULL, SID_EVERYONE },
		    { 0, 0x02, 0xf01ff, NULL, NULL, ME } }, DESCRIPTOR_FOR_USERS_BELOW, "RCxxU" },
		{ "an own grant stands before an inherited denial",
		  { { 5, 0, 0x100, RESET, NULL, ME }, { 6, 0x10, 0x100, RESET, NULL, ME } },
		  DESCRIPTOR_OF_OBJECT, "R----" },
		{ "unexpire counts on the root itself",
		  { { 5, 0x02, 0x100, UNEXPIRE, NULL, ME } }, DESCRIPTOR_FOR_USERS_BELOW, "----U" },
		{ "unexpire for what lies below is none",
		  { { 5, 0x0a, 0x100, UNEXPIRE, NULL, ME } }, DESCRIPTOR_FOR_USERS_BELOW, "-----" },
		{ "an audit entry decides nothing",
		  { { 2, 0x02, 0xf01ff, NULL, NULL, ME }, { 5, 0x0a, 0x20, LOCKOUT, USER, ME } },
		  DESCRIPTOR_FOR_USERS_BELOW, "--L--" },
	};
	static const char *const sids[] = { ME, SID_EVERYONE };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct descriptor_answer a;
		struct err err = ERR_INIT;
		struct maker m;
		char got[WRITEBACK_RIGHTS + 1];

		begin(&m, 0x8004);
		for (size_t k = 0; k < COUNT_OF(cases[i].e) && cases[i].e[k].who; k++)
			entry(&m, cases[i].e[k].type, cases[i].e[k].flags, cases[i].e[k].mask,
			      cases[i].e[k].object, cases[i].e[k].inherited, cases[i].e[k].who);
		assert_int_equal(descriptor_judge(m.b, m.n, sids, COUNT_OF(sids), cases[i].view, &a,
						  &err), 0);
		letters(&a, got);
		if (strcmp(got, cases[i].expected))
			fail_msg("%s: %s instead of %s", cases[i].what, got, cases[i].expected);
	}
}

static void flags_of_the_list(void **unused)
{
	static const char *const sids[] = { ME, SID_EVERYONE };
	struct descriptor_answer a;
	struct err err = ERR_INIT;
	struct maker m;

	(void)unused;
	begin(&m, 0x9004);
	entry(&m, 0, 0, 0x100, NULL, NULL, SID_EVERYONE);
	entry(&m, 1, 0, 0x100, NULL, NULL, ME);
	assert_int_equal(descriptor_judge(m.b, m.n, sids, 2, DESCRIPTOR_OF_OBJECT, &a, &err), 0);
	assert_true(a.blocks_inheritance);
	assert_true(a.out_of_order);
	assert_true(a.right[WRITEBACK_RESET].held);
	assert_true(a.right[WRITEBACK_RESET].by_default);
	assert_false(a.no_list);
	/* No list: everything is allowed; an empty one: nothing is. */
	begin(&m, 0x8000);
	assert_int_equal(descriptor_judge(m.b, m.n, sids, 2, DESCRIPTOR_OF_OBJECT, &a, &err), 0);
	assert_true(a.no_list);
	assert_true(a.right[WRITEBACK_LOCKOUT].held);
	begin(&m, 0x8004);
	assert_int_equal(descriptor_judge(m.b, m.n, sids, 2, DESCRIPTOR_OF_OBJECT, &a, &err), 0);
	assert_false(a.no_list);
	assert_false(a.right[WRITEBACK_LOCKOUT].held);
}

/* Every cut and every flipped byte: an error or an answer, nothing else. */
static void hostile_bytes(void **unused)
{
	static const char *const sids[] = { ME };
	struct descriptor_answer a;
	struct err err = ERR_INIT;
	struct maker m;

	(void)unused;
	begin(&m, 0x8004);
	entry(&m, 5, 0x0a, 0x100, RESET, USER, ME);
	entry(&m, 0, 0x02, 0x20, NULL, NULL, SID_EVERYONE);
	for (size_t n = 0; n < m.n; n++) {
		uint8_t *part = xmalloc(n + 1);

		memcpy(part, m.b, n);
		part = xrealloc(part, n ? n : 1);
		assert_int_equal(descriptor_judge(part, n, sids, 1, DESCRIPTOR_OF_OBJECT, &a, &err),
				 -1);
		assert_int_equal(err.kind, ERR_PARSE);
		free(part);
	}
	for (size_t i = 0; i < m.n; i++) {
		uint8_t *all = xmalloc(m.n);

		for (unsigned v = 0; v < 256; v += 5) {
			memcpy(all, m.b, m.n);
			all[i] = (uint8_t)v;
			(void)!descriptor_judge(all, m.n, sids, 1, DESCRIPTOR_FOR_USERS_BELOW, &a,
						&err);
		}
		free(all);
	}
}

#define FIXTURES "../shared/fixtures/onprem/"
static const char *const fixture_keys[] = {
	"reset", "change", "lockoutTime", "pwdLastSet", "unexpire",
};

static struct json *load(const char *path)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct err err = ERR_INIT;
	char *full = xasprintf("%s%s", FIXTURES, path);
	struct json *j = NULL;

	if (!file_read(full, 1 << 20, &text, &err))
		j = json_parse(str_text(&text), text.len, &err);
	free(full);
	return j;
}

static size_t compare(const struct json *object, const struct json *expected,
		      const struct json *root, const char *dn)
{
	enum descriptor_view view = str_starts(dn, "DC=") || str_starts(dn, "OU=")
				    ? DESCRIPTOR_FOR_USERS_BELOW : DESCRIPTOR_OF_OBJECT;
	const char *b64 = json_string(object, "b64");
	CLEANUP(str_release) struct str bytes = { 0 };
	size_t n = 0;

	assert_int_equal(base64url_decode(&bytes, b64, strlen(b64)), 0);
	for (const struct json *who = json_first(expected); who; who = json_next(who)) {
		const char *name = str_starts(json_key(who), "MSOL_abc") ? "MSOL_abc" : "MSOL_bad";
		const char *sids[] = { json_string(root, name), SID_EVERYONE,
				       SID_AUTHENTICATED_USERS };
		struct descriptor_answer a;
		struct err err = ERR_INIT;

		assert_int_equal(descriptor_judge(bytes.buf, bytes.len, sids,
						  str_ends(json_key(who), "+AU+WD") ? 3 : 1, view, &a,
						  &err), 0);
		for (int r = 0; r < WRITEBACK_RIGHTS; r++, n++)
			if (a.right[r].held != json_bool(who, fixture_keys[r], false))
				fail_msg("%s, %s, %s: %d", dn, json_key(who), fixture_keys[r],
					 a.right[r].held);
		assert_int_equal(a.blocks_inheritance, json_bool(who, "dacl_protected", false));
		n++;
	}
	return n;
}

/* What a domain controller really allowed: facts on-premises.md 5.4. */
static void as_recorded(void **unused)
{
	struct json *root = load("samba_sd.json"), *expected = load("samba_sd_expected.json");
	size_t n = 0;

	(void)unused;
	if (!root || !expected) {
		json_free(root);
		json_free(expected);
		puts("skipped descriptors of a domain controller: the recording is not here");
		skip();
	}
	for (const struct json *o = json_first(json_get(root, "objects")); o; o = json_next(o))
		n += compare(o, json_get(expected, json_key(o)), root, json_key(o));
	assert_int_equal(n, 6 * 4 * 6);
	json_free(root);
	json_free(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judge_table),
		cmocka_unit_test(flags_of_the_list),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(as_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
