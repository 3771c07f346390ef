#include "graph/tenant/odata.h"

#include <ctype.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"

/* The value at a path of names with slashes between; "" is the object. */
static const struct json *value_at(const struct json *object, const char *path)
{
	char name[128];

	while (object && *path) {
		size_t n = strcspn(path, "/");

		if (n >= sizeof(name))
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		object = json_get(object, name);
		path += n;
		if (*path)
			path++;
	}
	return object;
}

static int text_compare(const char *a, const char *b)
{
	for (;; a++, b++) {
		int x = tolower((unsigned char)*a), y = tolower((unsigned char)*b);

		if (x != y)
			return x < y ? -1 : 1;
		if (!x)
			return 0;
	}
}

static int number_compare(double a, double b)
{
	return a < b ? -1 : a > b;
}

int value_compare(const struct json *a, const struct json *b)
{
	const char *x = json_text(a), *y = json_text(b);
	bool a_null = json_type(a) == JSON_NULL, b_null = json_type(b) == JSON_NULL;

	if (a_null || b_null)
		return a_null ? (b_null ? 0 : -1) : 1;
	if (x && y)
		return text_compare(x, y);
	if (json_is(a, JSON_BOOL) && json_is(b, JSON_BOOL))
		return (int)json_truth(a) - (int)json_truth(b);
	return number_compare(json_value(a, 0), json_value(b, 0));
}

/* Whether v compares with the literal at all; the order in *ret. */
static bool literal_compare(const struct json *v, const struct literal *lit, int *ret)
{
	int64_t ms;

	if (json_type(v) == JSON_NULL)
		return false;
	switch (lit->kind) {
	case LIT_STRING:
	case LIT_GUID:
		if (!json_text(v))
			return false;
		*ret = text_compare(json_text(v), lit->text);
		return true;
	case LIT_TIME:
		if (!json_text(v) || time_parse(json_text(v), &ms) != 0)
			return false;
		*ret = ms < lit->time_ms ? -1 : ms > lit->time_ms;
		return true;
	case LIT_NUMBER:
		if (!json_is(v, JSON_NUMBER))
			return false;
		*ret = number_compare(json_value(v, 0), lit->number);
		return true;
	case LIT_BOOL:
		if (!json_is(v, JSON_BOOL))
			return false;
		*ret = (int)json_truth(v) - (lit->number > 0);
		return true;
	case LIT_NULL:
		break;
	}
	return false;
}

static bool order_fits(enum compare compare, int order)
{
	switch (compare) {
	case CMP_EQ: return order == 0;
	case CMP_NE: return order != 0;
	case CMP_GT: return order > 0;
	case CMP_GE: return order >= 0;
	case CMP_LT: return order < 0;
	case CMP_LE: return order <= 0;
	}
	return false;
}

static bool match_compare(const struct filter *f, const struct json *v)
{
	const struct literal *lit = &f->values[0];
	bool is_null = json_type(v) == JSON_NULL;
	int order;

	if (f->counted)
		return order_fits(f->compare,
				  number_compare((double)json_count(v), lit->number));
	if (lit->kind == LIT_NULL)
		return f->compare == CMP_EQ ? is_null : f->compare == CMP_NE && !is_null;
	if (!literal_compare(v, lit, &order))
		return f->compare == CMP_NE;
	return order_fits(f->compare, order);
}

static bool match_text(const struct filter *f, const struct json *v)
{
	const char *text = json_text(v), *part = f->values[0].text;
	size_t n = text ? strlen(text) : 0, m = strlen(part);

	if (!text || m > n)
		return false;
	if (f->kind == FILTER_CONTAINS)
		return str_find_nocase(text, part) != NULL;
	if (f->kind == FILTER_ENDS)
		return text_compare(text + n - m, part) == 0;
	for (size_t i = 0; i < m; i++)
		if (tolower((unsigned char)text[i]) != tolower((unsigned char)part[i]))
			return false;
	return true;
}

static bool match(const struct filter *f, const struct json *object, const struct json *variable)
{
	const struct json *v = NULL;
	int order;

	if (f->path)
		v = value_at(f->of_variable ? variable : object, f->path);
	switch (f->kind) {
	case FILTER_AND:
		return match(f->left, object, variable) && match(f->right, object, variable);
	case FILTER_OR:
		return match(f->left, object, variable) || match(f->right, object, variable);
	case FILTER_NOT:
		return !match(f->left, object, variable);
	case FILTER_COMPARE:
		return match_compare(f, v);
	case FILTER_IN:
		for (size_t i = 0; i < f->nvalues; i++)
			if (literal_compare(v, &f->values[i], &order) && order == 0)
				return true;
		return false;
	case FILTER_STARTS:
	case FILTER_ENDS:
	case FILTER_CONTAINS:
		return match_text(f, v);
	case FILTER_ANY:
	case FILTER_ALL:
		for (const struct json *item = json_first(v); item; item = json_next(item))
			if ((!f->left || match(f->left, object, item)) == (f->kind == FILTER_ANY))
				return f->kind == FILTER_ANY;
		return f->kind == FILTER_ALL;
	case FILTER_TRUTH:
		return json_truth(v);
	}
	return false;
}

bool filter_match(const struct filter *f, const struct json *object)
{
	return !f || match(f, object, NULL);
}

/* $search compares with the beginnings of words: after a character that is
 * neither letter nor digit, and where a capital follows a small letter. */
static bool search_match(const char *text, const char *part)
{
	for (const char *p = text; (p = str_find_nocase(p, part)) != NULL; p++) {
		if (p == text || !isalnum((unsigned char)p[-1]) ||
		    (islower((unsigned char)p[-1]) && isupper((unsigned char)p[0])))
			return true;
	}
	return false;
}

bool query_match(const struct odata_query *q, const struct json *object)
{
	if (q->search_property) {
		const char *text = json_string(object, q->search_property);

		if (!text || !search_match(text, q->search_text))
			return false;
	}
	return filter_match(q->filter, object);
}

int query_compare(const struct odata_query *q, const struct json *a, const struct json *b)
{
	for (size_t i = 0; i < q->norder; i++) {
		int order = value_compare(value_at(a, q->order[i]), value_at(b, q->order[i]));

		if (order)
			return q->descending[i] ? -order : order;
	}
	return 0;
}
