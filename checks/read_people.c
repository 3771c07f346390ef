/* Reader of the people who are wanted in the group: entries as a person gave
 * them (sign-in name, address or object id), resolved 15 a query and 20
 * queries a batch (facts graph.md 10.3). */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/url.h"

#define ENTRIES_A_QUERY 15	/* what `in (...)` takes */
#define QUERIES_A_BATCH 20

/* How an entry is looked up, in this order. */
enum lookup { LOOKUP_ID, LOOKUP_UPN, LOOKUP_MAIL, LOOKUPS };
static const char *const lookup_property[] = {
	[LOOKUP_ID] = "id",
	[LOOKUP_UPN] = "userPrincipalName",
	[LOOKUP_MAIL] = "mail",
};

static bool is_guid(const char *s)
{
	if (strlen(s) != 36)
		return false;
	for (int i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	}
	return true;
}

/* The URL of one query for entries [from, ...); returns the entry after. */
static size_t query_url(const struct facts *f, enum lookup by, size_t from, struct str *url)
{
	const struct wanted_people *wp = &f->wanted_people;
	unsigned n = 0;
	size_t i;

	str_addf(url, "/users?$filter=%s%%20in%%20(", lookup_property[by]);
	for (i = from; i < wp->n && n < ENTRIES_A_QUERY; i++) {
		const char *text = wp->v[i].text;

		if (wp->v[i].state != ENTRY_UNKNOWN || is_guid(text) != (by == LOOKUP_ID))
			continue;
		if (by != LOOKUP_ID && !strchr(text, '@'))
			continue;
		if (n++)
			str_add_char(url, ',');
		url_odata_string(url, text);
	}
	str_add(url, ")&$select=" PERSON_SELECT "&$top=999");
	if (!n)
		str_clear(url);
	return i;
}

static void take_users(struct facts *f, const struct json *body)
{
	struct arena *a = &f->area_arena[AREA_PEOPLE];
	struct people *p = &f->wanted_people.answers;

	for (const struct json *j = json_first(json_get(body, "value")); j; j = json_next(j)) {
		ARENA_GROW(a, p->v, p->n, p->cap);
		person_from_user(&p->v[p->n++], a, j);
	}
}

/* The next batch of queries from entry *from on; NULL when none is left. */
static struct json *next_batch(const struct facts *f, enum lookup by, size_t *from)
{
	struct json *body = json_new_object(), *requests = json_add_array(body, "requests");
	struct str url = { 0 };

	while (*from < f->wanted_people.n && json_count(requests) < QUERIES_A_BATCH) {
		struct json *one;
		char id[24];

		str_clear(&url);
		*from = query_url(f, by, *from, &url);
		if (!url.len)
			continue;
		snprintf(id, sizeof(id), "%zu", json_count(requests) + 1);
		one = json_append(requests, json_new_object());
		json_add_string(one, "id", id);
		json_add_string(one, "method", "GET");
		json_add_string(one, "url", str_text(&url));
	}
	str_release(&url);
	if (json_count(requests))
		return body;
	json_free(body);
	return NULL;
}

/*
 * The answer to one query of a batch. One that was not answered well there
 * (throttled inside the batch, say) is asked again alone, where the client
 * knows how to wait. NULL while that is in flight, and after a failure, which
 * is then noted.
 */
static const struct json *query_answer(struct facts *f, struct io *io,
				       const struct json *query, const struct reply *batch)
{
	const char *id = json_string(query, "id");
	struct str path = { 0 };
	const struct reply *alone;
	const struct json *ret = NULL;

	for (const struct json *j = json_first(json_get(batch->json, "responses")); j;
	     j = json_next(j))
		if (str_same(json_string(j, "id"), id) && json_int(j, "status", 0) == 200)
			return json_get(j, "body");
	str_addf(&path, "/v1.0%s", json_string_or(query, "url", ""));
	alone = io_get(io, str_text(&path), 0);
	if (alone && reply_well(alone))
		ret = alone->json;
	else if (alone)
		source_note(f, AREA_PEOPLE, str_text(&path), alone);
	str_release(&path);
	return ret;
}

/* Sends, or finds again, every batch of a lookup. With take, the answers are
 * copied. False while something is in flight or has failed. */
static bool each_batch(struct facts *f, struct io *io, enum lookup by, bool take)
{
	struct json *body;
	bool complete = true;
	size_t from = 0;

	while ((body = next_batch(f, by, &from))) {
		const struct reply *r = io_post(io, "/v1.0/$batch", body);

		if (r && !reply_well(r))
			source_note(f, AREA_PEOPLE, "/v1.0/$batch", r);
		if (!r || !reply_well(r)) {
			complete = false;
			json_free(body);
			continue;
		}
		for (const struct json *q = json_first(json_get(body, "requests")); q;
		     q = json_next(q)) {
			const struct json *answer = query_answer(f, io, q, r);

			if (!answer)
				complete = false;
			else if (take)
				take_users(f, answer);
		}
		json_free(body);
	}
	return complete;
}

/* A sorted list of what people are called by, for matching entries. */
struct key {
	const char *text;
	const struct person *person;
};

static int compare_nocase(const char *a, const char *b)
{
	for (;; a++, b++) {
		int x = tolower((unsigned char)*a), y = tolower((unsigned char)*b);

		if (x != y || !x)
			return x - y;
	}
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return compare_nocase(x->text, y->text);
}

static const char *key_of(const struct person *p, enum lookup by)
{
	return by == LOOKUP_UPN ? p->upn : by == LOOKUP_MAIL ? p->mail : p->id;
}

/* The first of the keys that equal text; n when there is none. */
static size_t first_key(const struct key *keys, size_t n, const char *text)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_nocase(keys[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && compare_nocase(keys[low].text, text) == 0 ? low : n;
}

/* Marks the entries that the answers of this lookup explain. */
static void match_entries(struct facts *f, enum lookup by)
{
	struct wanted_people *wp = &f->wanted_people;
	struct key *keys = xcalloc(wp->answers.n + 1, sizeof(*keys));
	size_t n = 0;

	for (size_t i = 0; i < wp->answers.n; i++) {
		keys[n].text = key_of(&wp->answers.v[i], by);
		keys[n].person = &wp->answers.v[i];
		n += keys[n].text != NULL;
	}
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < wp->n; i++) {
		struct entry *e = &wp->v[i];
		size_t k;

		if (e->state != ENTRY_UNKNOWN || is_guid(e->text) != (by == LOOKUP_ID))
			continue;
		k = first_key(keys, n, e->text);
		if (k == n)
			continue;
		e->state = ENTRY_FOUND;
		/* The id outlives the array, which grows in the next lookup. */
		e->id = keys[k].person->id;
		for (k++; k < n && compare_nocase(keys[k].text, e->text) == 0; k++)
			if (!str_same_nocase(keys[k].person->id, e->id))
				e->state = ENTRY_AMBIGUOUS;
	}
	free(keys);
}

/* The distinct people, in the order of the entries. */
static void settle(struct facts *f)
{
	struct arena *a = &f->area_arena[AREA_PEOPLE];
	struct wanted_people *wp = &f->wanted_people;
	struct people *out = &wp->people;
	bool *seen = xcalloc(wp->answers.n + 1, sizeof(*seen));

	people_index(&wp->answers, a);
	out->v = arena_alloc(a, (wp->n + 1) * sizeof(*out->v));
	out->cap = wp->n + 1;
	for (size_t i = 0; i < wp->n; i++) {
		struct entry *e = &wp->v[i];
		const struct person *p = people_find(&wp->answers, e->id);

		if (e->state != ENTRY_FOUND || !p)
			continue;
		if (seen[p - wp->answers.v]) {
			e->state = ENTRY_DUPLICATE;
			continue;
		}
		seen[p - wp->answers.v] = true;
		out->v[out->n++] = *p;
	}
	people_index(out, a);
	for (size_t i = 0; i < wp->n; i++)
		if (wp->v[i].state == ENTRY_FOUND || wp->v[i].state == ENTRY_DUPLICATE)
			wp->v[i].person = people_find(out, wp->v[i].id);
	memset(&wp->answers, 0, sizeof(wp->answers));
	free(seen);
}

/* The entries as they were given, empty ones left out. */
static void take_entries(struct facts *f, const struct wanted *w)
{
	struct arena *a = &f->area_arena[AREA_PEOPLE];
	struct wanted_people *wp = &f->wanted_people;

	for (size_t i = 0; i < w->nentries; i++) {
		ARENA_GROW(a, wp->v, wp->n, wp->cap);
		wp->v[wp->n++] = (struct entry){
			.text = arena_strdup(a, w->entries[i] ? w->entries[i] : ""),
			.line = w->entry_lines ? w->entry_lines[i] : 0,
			.state = ENTRY_UNKNOWN,
		};
	}
}

enum read_rc read_people(struct facts *f, const struct wanted *w, struct io *io)
{
	struct wanted_people *wp = &f->wanted_people;
	struct source *s = &f->source[AREA_PEOPLE];

	if (!wp->v && w->nentries)
		take_entries(f, w);
	for (; wp->round < LOOKUPS; wp->round++) {
		enum lookup by = (enum lookup)wp->round;

		if (!each_batch(f, io, by, false))
			return s->state == SOURCE_UNREAD ? READ_AGAIN : READ_DONE;
		each_batch(f, io, by, true);
		match_entries(f, by);
	}
	settle(f);
	s->state = SOURCE_READ;
	s->observed_ms = f->now_ms;
	s->request = wp->n ? "POST /v1.0/$batch" : "";
	return READ_DONE;
}
