#include "checks/redact.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* A name shorter than this would be found inside common words. */
#define NAME_LEAST 3

struct name {
	char *text;
	size_t len, number;
};

struct redactor {
	struct name *v;		/* longest first: an address before its part */
	size_t n, cap;
	size_t numbers;
};

static struct name *find(struct redactor *r, const char *text, size_t len)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].len == len && !strncasecmp(r->v[i].text, text, len))
			return &r->v[i];
	return NULL;
}

static void add(struct redactor *r, const char *text, size_t len, size_t number)
{
	if (!text || len < NAME_LEAST)
		return;
	GROW(r->v, r->n, r->cap);
	r->v[r->n++] = (struct name){ xstrndup(text, len), len, number };
}

static void add_text(struct redactor *r, const char *text, size_t number)
{
	if (text)
		add(r, text, strlen(text), number);
}

/* One person in several lists has one number, that of the first list: a number
 * is the place in all lists together. */
static void add_people(struct redactor *r, const struct people *const *lists, size_t which)
{
	const struct people *p = lists[which];

	for (size_t i = 0; i < p->n; i++) {
		const struct person *one = &p->v[i];
		size_t number = 0, base = 0;

		for (size_t k = 0; k < which && !number; base += lists[k++]->n) {
			const struct person *same = people_find(lists[k], one->id);

			if (same)
				number = base + (size_t)(same - lists[k]->v) + 1;
		}
		if (!number)
			number = base + i + 1;

		add_text(r, one->id, number);
		add_text(r, one->upn, number);
		add_text(r, one->mail, number);
		add_text(r, one->display_name, number);
	}
	r->numbers += p->n;
}

static void add_event(struct redactor *r, const char *upn, const char *id)
{
	const struct name *known = upn ? find(r, upn, strlen(upn)) : NULL;
	size_t number;

	if (!known && id)
		known = find(r, id, strlen(id));
	number = known ? known->number : ++r->numbers;
	if (upn && !find(r, upn, strlen(upn)))
		add_text(r, upn, number);
	if (id && !find(r, id, strlen(id)))
		add_text(r, id, number);
}

static int by_length(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	return x->len > y->len ? -1 : x->len < y->len;
}

struct redactor *redactor_new(const struct facts *f)
{
	const struct people *lists[] = {
		&f->members.people, &f->wanted_people.people, &f->admins.people,
	};
	struct redactor *r = xcalloc(1, sizeof(*r));

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		add_people(r, lists, i);
	for (size_t i = 0; i < f->audit.n; i++) {
		add_event(r, f->audit.v[i].upn, f->audit.v[i].user_id);
		add_event(r, f->audit.v[i].actor, NULL);
	}
	for (size_t i = 0; i < f->audit.nchanges; i++)
		add_event(r, f->audit.changes[i].actor, NULL);
	for (size_t i = 0; i < f->sync_errors.n; i++)
		add_text(r, f->sync_errors.v[i].name, ++r->numbers);
	if (r->n)
		qsort(r->v, r->n, sizeof(*r->v), by_length);
	return r;
}

void redactor_free(struct redactor *r)
{
	for (size_t i = 0; r && i < r->n; i++)
		free(r->v[i].text);
	if (r)
		free(r->v);
	free(r);
}

/* What can be a part of a word or of an address; bytes over 127 are letters. */
static bool in_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool in_address(char c)
{
	return in_word(c) || (c && strchr("._%+-#'!&$*/=?^`{|}~@", c));
}

/* The known name that starts at text + at, as a whole word. */
static const struct name *name_at(const struct redactor *r, const char *text, size_t at)
{
	if (at && in_word(text[at - 1]) && in_word(text[at]))
		return NULL;
	for (size_t i = 0; i < r->n; i++) {
		const struct name *n = &r->v[i];

		if (!strncasecmp(text + at, n->text, n->len) &&
		    !(in_word(text[at + n->len - 1]) && in_word(text[at + n->len])))
			return n;
	}
	return NULL;
}

/* The length of an unknown address that starts at text, or 0. */
static size_t address_at(const char *text)
{
	size_t n = 0, at = 0;

	while (in_address(text[n])) {
		if (text[n] == '@' && n)
			at = n;
		n++;
	}
	while (n && (text[n - 1] == '.' || text[n - 1] == '\''))
		n--;
	return at && at + 1 < n ? n : 0;
}

const char *redact(struct redactor *r, const char *text, struct arena *arena)
{
	CLEANUP(str_release) struct str out = { 0 };
	bool changed = false;

	for (size_t i = 0; text && text[i]; ) {
		const struct name *n = name_at(r, text, i);
		size_t len = n ? n->len : i && in_address(text[i - 1]) ? 0 : address_at(text + i);
		size_t number;

		if (!len) {
			str_add_char(&out, text[i++]);
			continue;
		}
		if (n) {
			number = n->number;
		} else {
			number = ++r->numbers;
			add(r, text + i, len, number);
		}
		str_addf(&out, "person %zu", number);
		changed = true;
		i += len;
	}
	return changed ? arena_strdup(arena, str_text(&out)) : text;
}

void redact_findings(struct redactor *r, struct findings *findings)
{
	struct arena *arena = &findings->arena;

	for (size_t i = 0; i < findings->n; i++) {
		struct finding *one = &findings->v[i];

		one->summary = redact(r, one->summary, arena);
		one->remedy = redact(r, one->remedy, arena);
		for (size_t k = 0; k < one->nevidence; k++) {
			one->evidence[k].value = redact(r, one->evidence[k].value, arena);
			one->evidence[k].source = redact(r, one->evidence[k].source, arena);
		}
	}
}

void redact_usage(struct redactor *r, struct usage *u, struct arena *arena)
{
	struct usage_counts *all[] = { &u->failures, &u->ways, &u->blocked };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		for (size_t k = 0; k < all[i]->n; k++) {
			struct usage_count *one = &all[i]->v[k];
			bool same = one->plain == one->text;

			one->text = redact(r, one->text, arena);
			if (same)
				one->plain = one->text;
		}
	}
}

/* By id or sign-in name and not by what people are called: two may be called the same,
 * and a short name is no name to redact(). */
static const char *number_of(struct redactor *r, const struct ready_person *p,
			     struct arena *arena)
{
	const struct name *n = find(r, p->id, strlen(p->id));

	if (!n)
		n = find(r, p->upn, strlen(p->upn));
	return arena_printf(arena, "person %zu", n ? n->number : ++r->numbers);
}

void redact_readiness(struct redactor *r, struct readiness *of, struct arena *arena)
{
	const char **texts[] = {
		&of->why, &of->of, &of->sources, &of->writeback_how, &of->trap_policy,
		&of->help_desk,
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = redact(r, *texts[i], arena);
	for (size_t i = 0; i < of->n; i++) {
		of->v[i].name = number_of(r, &of->v[i], arena);
		/* "person 7" once is enough. */
		of->v[i].id = of->v[i].upn = of->v[i].address = of->v[i].name;
	}
}

void redact_reasons(struct redactor *r, const struct facts *f, const char **ret,
		    struct arena *arena)
{
	for (int i = 0; i < AREA_COUNT; i++)
		ret[i] = facts_read(f, (enum area)i)
			 ? NULL : redact(r, facts_why_unknown(f, (enum area)i, arena), arena);
}

void redact_comparison(struct redactor *r, struct comparison *c, struct arena *arena)
{
	for (size_t i = 0; i < c->n; i++) {
		c->v[i].before = redact(r, c->v[i].before, arena);
		c->v[i].after = redact(r, c->v[i].after, arena);
		c->v[i].who = redact(r, c->v[i].who, arena);
	}
}
