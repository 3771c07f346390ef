#include "graph/tenant/odata.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

static bool walk_at(void *ctx, size_t i, struct odata_item *ret)
{
	struct odata_walk *walk = ctx;

	if (!walk->item || i < walk->i) {
		walk->item = json_first(walk->list);
		walk->i = 0;
	}
	while (walk->item && walk->i < i) {
		walk->item = json_next(walk->item);
		walk->i++;
	}
	ret->object = walk->item;
	return walk->item != NULL;
}

struct odata_source odata_over(struct odata_walk *walk, const struct json *list)
{
	memset(walk, 0, sizeof(*walk));
	walk->list = list;
	return (struct odata_source){ .n = json_count(list), .at = walk_at, .ctx = walk,
				      .exact = true };
}

static bool selected(const struct odata_query *q, const struct odata_type *type,
		     const char *property)
{
	if (!q || !q->nselect)
		return !type || !type->defaults ||
		       words_have(type->defaults, property, strlen(property));
	for (size_t i = 0; i < q->nselect; i++)
		if (str_same(q->select[i], property) || str_same(q->select[i], "*"))
			return true;
	return false;
}

/* Members of ours go at any depth. */
static void strip(struct json *j)
{
	struct json *next;

	for (struct json *child = json_first_mutable(j); child; child = next) {
		next = json_next_mutable(child);
		if (json_key(child) && json_key(child)[0] == '_')
			json_remove_child(j, child);
		else if (json_is(child, JSON_OBJECT) || json_is(child, JSON_ARRAY))
			strip(child);
	}
}

static void add_missing(struct json *out, const struct odata_query *q,
			const struct odata_type *type, bool beta)
{
	for (size_t i = 0; i < q->nselect; i++) {
		const char *name = q->select[i];

		if (json_has(out, name) || str_same(name, "*") ||
		    (type && !type_has(type, name, strlen(name), beta)))
			continue;
		if (property_is_list(name))
			json_add_array(out, name);
		else if (type)
			json_add_null(out, name);
	}
}

struct json *odata_shape(const struct json *object, const struct odata_query *q,
			 const struct odata_type *type, bool beta, const char *type_word)
{
	struct json *out = json_new_object();
	char word[96];

	if (type_word && !json_has(object, "@odata.type")) {
		snprintf(word, sizeof(word), "#microsoft.graph.%s", type_word);
		json_add_string(out, "@odata.type", word);
	}
	for (const struct json *p = json_first(object); p; p = json_next(p)) {
		const char *name = json_key(p);

		if (name[0] == '_')
			continue;
		if (!strchr(name, '@') && (!selected(q, type, name) ||
					   (type && !type_has(type, name, strlen(name), beta))))
			continue;
		strip(json_add(out, name, json_clone(p)));
	}
	if (q)
		add_missing(out, q, type, beta);
	return out;
}

void odata_hide(const struct tenant *t, const struct tenant_call *c,
		const struct odata_type *type, struct json *shaped)
{
	struct json *next;

	if (!type || !type->basic || str_same_nocase(c->segments[1], "me"))
		return;
	for (size_t i = 0; i < COUNT_OF(type->full_scopes) && type->full_scopes[i]; i++)
		if (has_scope(t, type->full_scopes[i]))
			return;
	for (struct json *p = json_first_mutable(shaped); p; p = next) {
		const char *name = json_key(p);

		next = json_next_mutable(p);
		if (strchr(name, '@') || words_have(type->basic, name, strlen(name)))
			continue;
		json_set(shaped, name, property_is_list(name) ? json_new_array() : json_new_null());
	}
}

/* "users" or "users/$entity", with the selected names put in as Graph does. */
static void add_context(struct json *out, const struct tenant_call *c,
			const struct odata_query *q, const char *context)
{
	struct str s = { 0 };
	const char *entity = context ? strstr(context, "/$entity") : NULL;

	if (!context)
		return;
	str_addf(&s, "%s/%s/$metadata#", c->base, c->segments[0]);
	if (entity)
		str_add_bytes(&s, context, (size_t)(entity - context));
	else
		str_add(&s, context);
	for (size_t i = 0; i < q->nselect; i++)
		str_addf(&s, "%s%s", i ? "," : "(", q->select[i]);
	if (q->nselect)
		str_add_char(&s, ')');
	str_add(&s, entity ? entity : "");
	json_add_string(out, "@odata.context", str_text(&s));
	str_release(&s);
}

/* The same URL with another $skiptoken; nothing is encoded anew. */
static void add_next_link(struct json *out, const struct tenant_call *c, size_t place)
{
	struct str s = { 0 };
	char token[SKIPTOKEN_TEXT];
	const char *p = c->raw_query ? c->raw_query : "";
	char sep = '?';

	str_addf(&s, "%s%s", c->base, c->raw_path);
	while (*p) {
		size_t n = strcspn(p, "&");

		if (n && strncmp(p, "$skiptoken=", 11) != 0 && strncmp(p, "%24skiptoken=", 13) != 0) {
			str_add_char(&s, sep);
			str_add_bytes(&s, p, n);
			sep = '&';
		}
		p += n;
		if (*p == '&')
			p++;
	}
	skiptoken_format(place, token);
	str_addf(&s, "%c$skiptoken=%s", sep, token);
	json_add_string(out, "@odata.nextLink", str_text(&s));
	str_release(&s);
}

/* An item with its place in the source, for sorting. */
struct sorted {
	struct odata_item item;
	size_t i;
	const struct odata_query *q;
};

static int sorted_compare(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int order = query_compare(x->q, x->item.object, y->item.object);

	return order ? order : (x->i > y->i) - (x->i < y->i);
}

static void item_release(struct odata_item *item)
{
	json_free(item->made);
	memset(item, 0, sizeof(*item));
}

struct sorted_source {
	struct sorted *v;
	size_t n;
};

static bool sorted_at(void *ctx, size_t i, struct odata_item *ret)
{
	struct sorted_source *s = ctx;

	*ret = s->v[i].item;
	ret->made = NULL;	/* stays with the sorted list */
	return true;
}

/* Everything that matches, sorted. */
static struct sorted_source sort_source(const struct odata_source *s, const struct odata_query *q)
{
	struct sorted_source out = { 0 };
	size_t cap = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct odata_item item = { 0 };

		if (!s->at(s->ctx, i, &item) || !query_match(q, item.object)) {
			item_release(&item);
			continue;
		}
		GROW(out.v, out.n, cap);
		out.v[out.n++] = (struct sorted){ .item = item, .i = i, .q = q };
	}
	if (out.n)
		qsort(out.v, out.n, sizeof(*out.v), sorted_compare);
	return out;
}

static void sorted_release(struct sorted_source *s)
{
	for (size_t i = 0; i < s->n; i++)
		item_release(&s->v[i].item);
	free(s->v);
}

static size_t count_matching(const struct odata_source *s, const struct odata_query *q)
{
	size_t n = 0;

	if (s->exact && !q->filter && !q->search_property)
		return s->n;
	for (size_t i = 0; i < s->n; i++) {
		struct odata_item item = { 0 };

		if (s->at(s->ctx, i, &item) && query_match(q, item.object))
			n++;
		item_release(&item);
	}
	return n;
}

/* Fills value with one page; the place of the next one, or 0 for no more. */
static size_t fill_page(const struct tenant *t, const struct odata_source *s,
			const struct tenant_call *c, const struct odata_query *q,
			const char *type_name, size_t size, struct json *value)
{
	const struct odata_type *type = odata_type_find(type_name);
	bool mixed = str_same(type_name, "directoryObject");
	size_t n = 0, next = 0;

	for (size_t i = q->start; i < s->n && !next; i++) {
		struct odata_item item = { 0 };

		if (s->at(s->ctx, i, &item) && query_match(q, item.object)) {
			const struct odata_type *own =
				item.type ? odata_type_find(item.type) : type;

			if (n++ == size)
				next = i;
			else
				odata_hide(t, c, own, json_append(value,
					odata_shape(item.object, q, own, c->beta,
						    mixed ? item.type : NULL)));
		}
		item_release(&item);
	}
	return next;
}

void answer_source(struct tenant *t, const struct tenant_call *c, const struct odata_source *s,
		   const char *type_name, bool cast, const char *context,
		   struct tenant_response *r)
{
	const struct odata_type *type = odata_type_find(type_name);
	struct odata_query q = { 0 };
	struct sorted_source sorted = { 0 };
	struct odata_source source = *s;
	struct json *out, *value;
	bool directory = cast || str_same(type_name, "directoryObject") || (type && type->directory);
	size_t size, next;

	if (!query_parse(&q, c, type, type_name, cast, r)) {
		query_release(&q);
		return;
	}
	out = json_new_object();
	add_context(out, c, &q, context);
	if (q.count && (c->eventual || !directory))
		json_add_number(out, "@odata.count", (double)count_matching(s, &q));
	if (q.norder) {
		sorted = sort_source(s, &q);
		source = (struct odata_source){ .n = sorted.n, .at = sorted_at, .ctx = &sorted };
	}
	value = json_new_array();
	size = q.top ? q.top : type && type->page ? (size_t)type->page : 100;
	next = fill_page(t, &source, c, &q, type_name, size, value);
	if (next)
		add_next_link(out, c, next);
	json_add(out, "value", value);
	sorted_release(&sorted);
	query_release(&q);
	answer_json(r, 200, out);
}

void answer_collection(struct tenant *t, const struct tenant_call *c,
		       const struct json *items, const char *type,
		       const char *context, struct tenant_response *r)
{
	struct odata_walk walk;
	struct odata_source s = odata_over(&walk, items);

	answer_source(t, c, &s, type, false, context, r);
}

void answer_count(struct tenant *t, const struct tenant_call *c, const struct odata_source *s,
		  const char *type_name, struct tenant_response *r)
{
	const struct odata_type *type = odata_type_find(type_name);
	struct odata_query q = { 0 };
	char text[32];

	(void)t;
	if (!c->eventual) {
		answer_error(r, 400, "Request_BadRequest", "$count is not currently supported.");
		return;
	}
	if (query_parse(&q, c, type, type_name, false, r)) {
		snprintf(text, sizeof(text), "%zu", count_matching(s, &q));
		answer_text(r, 200, "text/plain", text);
	}
	query_release(&q);
}

void answer_object(struct tenant *t, const struct tenant_call *c, const struct json *object,
		   const char *type_name, const char *context, struct tenant_response *r)
{
	const struct odata_type *type = odata_type_find(type_name);
	struct odata_query q = { 0 };
	struct json *out, *shaped;

	if (!query_parse(&q, c, type, type_name, false, r)) {
		query_release(&q);
		return;
	}
	out = json_new_object();
	add_context(out, c, &q, context);
	shaped = odata_shape(object, &q, type, c->beta, NULL);
	odata_hide(t, c, type, shaped);
	for (const struct json *p = json_first(shaped); p; p = json_next(p))
		json_add(out, json_key(p), json_clone(p));
	json_free(shaped);
	query_release(&q);
	answer_json(r, 200, out);
}
