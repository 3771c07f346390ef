#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checks/read.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/io.h"

/*
 * The people wanted, resolved against a script in place of graph/io.c: a small
 * directory that answers `in (...)`; one query of a batch may be throttled.
 */
static const struct {
	const char *id, *upn, *mail;
} directory[] = {
	{ "00000000-0000-0000-0000-000000000001", "ann@contoso.com", "ann.b@contoso.com" },
	{ "00000000-0000-0000-0000-000000000002", "o'brien@contoso.com", NULL },
	{ "00000000-0000-0000-0000-000000000003", "cem@contoso.com", "shared@contoso.com" },
	{ "00000000-0000-0000-0000-000000000004", "dora@contoso.com", "shared@contoso.com" },
};

struct io {
	struct json *kept[64];		/* answers live as long as the io */
	struct reply replies[64];
	char *keys[64];
	size_t n;
	size_t posts, gets, queries;
	bool throttle_first, forbid;
};

/* Whether the filter of a URL names a value, quoted and encoded. */
static bool names(const char *url, const char *property, const char *value)
{
	struct str want = { 0 }, quoted = { 0 };
	bool ret;

	str_addf(&want, "%s%%20in%%20(", property);
	str_add(&quoted, "%27");
	for (const char *p = value; p && *p; p++)
		str_addf(&quoted, *p == '\'' ? "%%27%%27" : *p == '@' ? "%%40" : "%c", *p);
	str_add(&quoted, "%27");
	ret = value && strstr(url, str_text(&want)) &&
	      str_find_nocase(url, str_text(&quoted)) != NULL;
	str_release(&want);
	str_release(&quoted);
	return ret;
}

static struct json *answer(const char *url)
{
	struct json *body = json_new_object(), *value = json_add_array(body, "value");

	for (size_t i = 0; i < COUNT_OF(directory); i++) {
		struct json *user;

		if (!names(url, "id", directory[i].id) &&
		    !names(url, "userPrincipalName", directory[i].upn) &&
		    !names(url, "mail", directory[i].mail))
			continue;
		user = json_append(value, json_new_object());
		json_add_string(user, "id", directory[i].id);
		json_add_string(user, "userPrincipalName", directory[i].upn);
		json_add_string(user, "mail", directory[i].mail);
		json_add_bool(user, "accountEnabled", true);
		json_add_array(user, "assignedPlans");
	}
	return body;
}

static struct json *answer_batch(struct io *io, const struct json *body)
{
	struct json *ret = json_new_object(), *list = json_add_array(ret, "responses");
	size_t n = json_count(json_get(body, "requests"));

	assert_in_range(n, 1, 20);
	for (const struct json *q = json_first(json_get(body, "requests")); q;
	     q = json_next(q)) {
		struct json *one = json_append(list, json_new_object());
		bool throttled = io->throttle_first && str_same(json_string(q, "id"), "1");

		io->queries++;
		assert_null(strchr(json_string(q, "url"), ':'));
		json_add_string(one, "id", json_string(q, "id"));
		json_add_number(one, "status", throttled ? 429 : 200);
		json_add(one, "body", throttled ? json_new_object()
					       : answer(json_string(q, "url")));
	}
	return ret;
}

/* The first call of a key only notes it; the second answers. */
static struct reply *reply_of(struct io *io, const char *key, bool *ret_ready)
{
	for (size_t i = 0; i < io->n; i++) {
		if (str_same(io->keys[i], key)) {
			*ret_ready = true;
			return &io->replies[i];
		}
	}
	assert_true(io->n < COUNT_OF(io->keys));
	io->keys[io->n] = xstrdup(key);
	*ret_ready = false;
	return &io->replies[io->n++];
}

const struct reply *io_post(struct io *io, const char *path, const struct json *body)
{
	struct str key = { 0 };
	struct reply *r;
	bool ready;

	assert_string_equal(path, "/v1.0/$batch");
	json_print(body, &key);
	r = reply_of(io, str_text(&key), &ready);
	str_release(&key);
	if (!ready) {
		io->posts++;
		return NULL;
	}
	if (!r->status) {
		r->status = io->forbid ? 403 : 200;
		if (io->forbid)
			err_set(&r->err, ERR_FORBIDDEN, 403, "no");
		else
			r->json = io->kept[r - io->replies] = answer_batch(io, body);
	}
	return r;
}

const struct reply *io_get(struct io *io, const char *path, unsigned flags)
{
	struct reply *r;
	bool ready;

	(void)flags;
	r = reply_of(io, path, &ready);
	if (!ready) {
		io->gets++;
		return NULL;
	}
	if (!r->status) {
		r->status = 200;
		r->json = io->kept[r - io->replies] = answer(path);
	}
	return r;
}

const struct reply *io_scan(struct io *io, const char *path, unsigned flags,
			    bool (*fold)(void *acc, const struct json *value), void *acc)
{
	(void)io;
	(void)path;
	(void)flags;
	(void)fold;
	(void)acc;
	fail_msg("no scan was expected");
	return NULL;
}

static void io_drop(struct io *io)
{
	for (size_t i = 0; i < io->n; i++) {
		json_free(io->kept[i]);
		free(io->keys[i]);
	}
}

static void resolve(struct facts *f, struct io *io, const char *const *entries, size_t n)
{
	struct wanted w;
	int rounds = 0;

	wanted_runbook(&w);
	w.entries = entries;
	w.nentries = n;
	facts_init(f);
	f->now_ms = 1;
	while (facts_read_areas(f, AREA_BIT(AREA_PEOPLE), &w, io) == READ_AGAIN)
		assert_true(++rounds < 20);
}

static void test_states(void **state)
{
	static const struct {
		const char *text;
		enum entry_state state;
		const char *upn;
	} cases[] = {
		{ "ANN@contoso.com", ENTRY_FOUND, "ann@contoso.com" },
		{ "o'brien@contoso.com", ENTRY_FOUND, "o'brien@contoso.com" },
		{ "00000000-0000-0000-0000-000000000003", ENTRY_FOUND, "cem@contoso.com" },
		{ "ann.b@contoso.com", ENTRY_DUPLICATE, "ann@contoso.com" },
		{ "ann@contoso.com", ENTRY_DUPLICATE, "ann@contoso.com" },
		{ "shared@contoso.com", ENTRY_AMBIGUOUS, NULL },
		{ "nobody@contoso.com", ENTRY_UNKNOWN, NULL },
		{ "00000000-0000-0000-0000-000000000099", ENTRY_UNKNOWN, NULL },
		{ "no address at all", ENTRY_UNKNOWN, NULL },
		{ "", ENTRY_UNKNOWN, NULL },
	};
	const char *entries[COUNT_OF(cases)];
	struct io io = { .n = 0 };
	struct facts f;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		entries[i] = cases[i].text;
	resolve(&f, &io, entries, COUNT_OF(cases));
	assert_int_equal(f.source[AREA_PEOPLE].state, SOURCE_READ);
	assert_int_equal(f.wanted_people.n, COUNT_OF(cases));
	assert_int_equal(f.wanted_people.people.n, 3);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct entry *e = &f.wanted_people.v[i];

		assert_string_equal(e->text, cases[i].text);
		if (e->state != cases[i].state)
			fail_msg("%s is %d", e->text, e->state);
		if (cases[i].upn)
			assert_string_equal(e->person->upn, cases[i].upn);
		else
			assert_null(e->person);
	}
	assert_int_equal(f.wanted_people.people.v[0].licensed, TRI_NO);
	assert_int_equal(f.wanted_people.people.v[0].synced, TRI_NO);
	facts_release(&f);
	io_drop(&io);
}

/* 1,000 entries: 67 queries, 4 batches a lookup, and nothing a person. */
static void test_many(void **state)
{
	enum { N = 1000 };
	struct arena a = { 0 };
	const char *entries[N];
	struct io io = { .n = 0 };
	struct facts f;

	(void)state;
	for (int i = 0; i < N; i++)
		entries[i] = arena_printf(&a, "user%d@contoso.com", i);
	entries[999] = "cem@contoso.com";
	resolve(&f, &io, entries, N);
	assert_int_equal(f.wanted_people.people.n, 1);
	assert_int_equal(io.queries, 67 * 2);
	assert_int_equal(io.posts, 4 * 2);
	assert_int_equal(io.gets, 0);
	facts_release(&f);
	io_drop(&io);
	arena_clear(&a);
}

/* A query that was throttled inside a batch is asked again alone. */
static void test_throttled(void **state)
{
	static const char *const entries[] = { "ann@contoso.com" };
	struct io io = { .throttle_first = true };
	struct facts f;

	(void)state;
	resolve(&f, &io, entries, 1);
	assert_int_equal(f.source[AREA_PEOPLE].state, SOURCE_READ);
	assert_int_equal(f.wanted_people.people.n, 1);
	assert_int_equal(io.gets, 1);
	facts_release(&f);
	io_drop(&io);
}

static void test_forbidden(void **state)
{
	static const char *const entries[] = { "ann@contoso.com" };
	struct io io = { .forbid = true };
	struct facts f;

	(void)state;
	resolve(&f, &io, entries, 1);
	assert_int_equal(f.source[AREA_PEOPLE].state, SOURCE_FORBIDDEN);
	facts_release(&f);
	io_drop(&io);
}

static void test_nobody(void **state)
{
	struct io io = { .n = 0 };
	struct facts f;

	(void)state;
	resolve(&f, &io, NULL, 0);
	assert_int_equal(f.source[AREA_PEOPLE].state, SOURCE_READ);
	assert_int_equal(io.posts + io.gets, 0);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_throttled),
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
