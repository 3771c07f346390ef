#include "graph/base/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/json_scan.h"
#include "graph/base/mem.h"
#include "graph/base/secret.h"
#include "graph/base/utf8.h"

/* A struct json * is a cJSON * under another name. */
static cJSON *node(struct json *j)
{
	return (cJSON *)j;
}

static const cJSON *peek(const struct json *j)
{
	return (const cJSON *)j;
}

/* cJSON answers NULL only when memory is short. */
static struct json *made(cJSON *item)
{
	if (!item)
		die("out of memory");
	return (struct json *)item;
}

/* Replaces *ptext by its clean form. */
static void clean_text(char **ptext)
{
	struct str out = { 0 };

	if (utf8_is_clean(*ptext, strlen(*ptext), 0))
		return;
	utf8_clean(&out, *ptext, strlen(*ptext), 0);
	free(*ptext);
	*ptext = str_detach(&out);
}

/* Depth is bounded by json_scan(). A number over the range of double would
 * come back as infinity, which JSON cannot write. */
static int check_tree(cJSON *item, bool clean, struct err *err)
{
	for (; item; item = item->next) {
		if (clean && item->string)
			clean_text(&item->string);
		if (clean && item->valuestring)
			clean_text(&item->valuestring);
		if (cJSON_IsNumber(item) && !isfinite(item->valuedouble))
			return err_set(err, ERR_PARSE, 0, "not JSON: a number is out of range");
		if (check_tree(item->child, clean, err))
			return -1;
	}
	return 0;
}

static struct json *parse(const char *text, size_t len, bool clean, struct err *err)
{
	char *mended = NULL;
	bool mend;
	cJSON *root;

	/* Windows PowerShell begins its files with a byte order mark. */
	if (len >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3)) {
		text += 3;
		len -= 3;
	}
	if (json_scan(text, len, &mend, err))
		return NULL;
	if (mend) {
		mended = xmalloc(len);
		memcpy(mended, text, len);
		json_scan_mend(mended, len);
		text = mended;
	}
	root = cJSON_ParseWithLengthOpts(text, len, NULL, false);
	if (mended) {
		secret_wipe(mended, len);	/* it may be the answer with a token */
		free(mended);
	}
	if (!root)
		die("out of memory");	/* the text itself was found good */
	if (check_tree(root, clean, err)) {
		json_free((struct json *)root);
		return NULL;
	}
	return (struct json *)root;
}

struct json *json_parse(const char *text, size_t len, struct err *err)
{
	return parse(text, len, true, err);
}

struct json *json_parse_raw(const char *text, size_t len, struct err *err)
{
	return parse(text, len, false, err);
}

/* An answer of the sign-in holds tokens: no string outlives its tree. */
static void wipe_tree(cJSON *item)
{
	for (; item; item = item->next) {
		if (item->valuestring)
			secret_wipe(item->valuestring, strlen(item->valuestring));
		wipe_tree(item->child);
	}
}

void json_free(struct json *j)
{
	if (!j)
		return;
	if (node(j)->valuestring)
		secret_wipe(node(j)->valuestring, strlen(node(j)->valuestring));
	wipe_tree(node(j)->child);
	cJSON_Delete(node(j));
}

void json_free_ptr(struct json **pj)
{
	json_free(*pj);
}

enum json_type json_type(const struct json *j)
{
	switch (j ? peek(j)->type & 0xFF : cJSON_NULL) {
	case cJSON_True:
	case cJSON_False: return JSON_BOOL;
	case cJSON_Number: return JSON_NUMBER;
	case cJSON_String: return JSON_STRING;
	case cJSON_Array: return JSON_ARRAY;
	case cJSON_Object: return JSON_OBJECT;
	default: return JSON_NULL;
	}
}

bool json_is(const struct json *j, enum json_type type)
{
	return j && json_type(j) == type;
}

/* The member whose key is the n bytes at key. */
static const cJSON *member(const struct json *obj, const char *key, size_t n)
{
	const cJSON *m;

	if (!json_is(obj, JSON_OBJECT))
		return NULL;
	for (m = peek(obj)->child; m; m = m->next)
		if (m->string && !strncmp(m->string, key, n) && !m->string[n])
			return m;
	return NULL;
}

const struct json *json_get(const struct json *obj, const char *key)
{
	return (const struct json *)member(obj, key, strlen(key));
}

struct json *json_get_mutable(struct json *obj, const char *key)
{
	return (struct json *)cJSON_GetObjectItemCaseSensitive(node(obj), key);
}

const struct json *json_get_nocase(const struct json *obj, const char *key)
{
	const cJSON *m;

	if (!json_is(obj, JSON_OBJECT))
		return NULL;
	for (m = peek(obj)->child; m; m = m->next)
		if (str_same_nocase(m->string, key))
			return (const struct json *)m;
	return NULL;
}

/* "[12]" at *ppath: the item of that place; NULL when there is none. */
static const struct json *at_index(const struct json *j, const char **ppath)
{
	const char *p = *ppath + 1;
	size_t index = 0;

	if (*p < '0' || *p > '9')
		return NULL;
	for (; *p >= '0' && *p <= '9'; p++) {
		if (index > SIZE_MAX / 10 - 1)
			return NULL;
		index = index * 10 + (size_t)(*p - '0');
	}
	if (*p != ']' || !json_is(j, JSON_ARRAY))
		return NULL;
	*ppath = p + 1;
	for (j = json_first(j); j && index; index--)
		j = json_next(j);
	return j;
}

const struct json *json_at(const struct json *j, const char *path)
{
	const char *p = path;

	while (j && *p) {
		if (*p == '[') {
			j = at_index(j, &p);
		} else {
			size_t n;

			if (*p == '.' && p != path)
				p++;
			n = strcspn(p, ".[");
			j = n ? (const struct json *)member(j, p, n) : NULL;
			p += n;
		}
	}
	return j;
}

bool json_has(const struct json *obj, const char *key)
{
	return json_get(obj, key) != NULL;
}

const char *json_string(const struct json *obj, const char *key)
{
	return json_text(json_get(obj, key));
}

const char *json_string_or(const struct json *obj, const char *key, const char *fallback)
{
	const char *text = json_string(obj, key);

	return text ? text : fallback;
}

bool json_bool(const struct json *obj, const char *key, bool fallback)
{
	const struct json *j = json_get(obj, key);

	return json_is(j, JSON_BOOL) ? json_truth(j) : fallback;
}

double json_number(const struct json *obj, const char *key, double fallback)
{
	return json_value(json_get(obj, key), fallback);
}

int64_t json_int(const struct json *obj, const char *key, int64_t fallback)
{
	const struct json *j = json_get(obj, key);
	double v;

	if (!json_is(j, JSON_NUMBER))
		return fallback;
	v = json_value(j, 0);
	/* 2^63 as a double is the first that does not fit. */
	if (v >= 9223372036854775808.0)
		return INT64_MAX;
	if (v < -9223372036854775808.0)
		return INT64_MIN;
	return isnan(v) ? fallback : (int64_t)v;
}

const char *json_text(const struct json *j)
{
	return json_is(j, JSON_STRING) ? peek(j)->valuestring : NULL;
}

bool json_truth(const struct json *j)
{
	return j && cJSON_IsTrue(peek(j));
}

double json_value(const struct json *j, double fallback)
{
	return json_is(j, JSON_NUMBER) ? peek(j)->valuedouble : fallback;
}

const struct json *json_first(const struct json *j)
{
	return j ? (const struct json *)peek(j)->child : NULL;
}

const struct json *json_next(const struct json *j)
{
	return j ? (const struct json *)peek(j)->next : NULL;
}

struct json *json_first_mutable(struct json *j)
{
	return j ? (struct json *)node(j)->child : NULL;
}

struct json *json_next_mutable(struct json *j)
{
	return j ? (struct json *)node(j)->next : NULL;
}

const char *json_key(const struct json *j)
{
	return j ? peek(j)->string : NULL;
}

size_t json_count(const struct json *j)
{
	size_t n = 0;

	for (j = json_first(j); j; j = json_next(j))
		n++;
	return n;
}

bool json_array_has(const struct json *array, const char *text)
{
	const struct json *j;

	if (!json_is(array, JSON_ARRAY))
		return false;
	for (j = json_first(array); j; j = json_next(j))
		if (str_same(json_text(j), text))
			return true;
	return false;
}

struct json *json_new_object(void)
{
	return made(cJSON_CreateObject());
}

struct json *json_new_array(void)
{
	return made(cJSON_CreateArray());
}

struct json *json_new_string(const char *s)
{
	return made(s ? cJSON_CreateString(s) : cJSON_CreateNull());
}

struct json *json_new_number(double v)
{
	return made(cJSON_CreateNumber(v));
}

struct json *json_new_bool(bool v)
{
	return made(cJSON_CreateBool(v));
}

struct json *json_new_null(void)
{
	return made(cJSON_CreateNull());
}

struct json *json_add(struct json *obj, const char *key, struct json *child)
{
	if (!child)
		return NULL;
	if (!json_is(obj, JSON_OBJECT)) {
		json_free(child);
		return NULL;
	}
	if (!cJSON_AddItemToObject(node(obj), key, node(child)))
		die("out of memory");
	return child;
}

struct json *json_append(struct json *array, struct json *child)
{
	if (!child)
		return NULL;
	if (!json_is(array, JSON_ARRAY)) {
		json_free(child);
		return NULL;
	}
	if (!cJSON_AddItemToArray(node(array), node(child)))
		die("out of memory");
	return child;
}

struct json *json_add_object(struct json *obj, const char *key)
{
	return json_add(obj, key, json_new_object());
}

struct json *json_add_array(struct json *obj, const char *key)
{
	return json_add(obj, key, json_new_array());
}

void json_add_string(struct json *obj, const char *key, const char *s)
{
	json_add(obj, key, json_new_string(s));
}

void json_add_number(struct json *obj, const char *key, double v)
{
	json_add(obj, key, json_new_number(v));
}

void json_add_bool(struct json *obj, const char *key, bool v)
{
	json_add(obj, key, json_new_bool(v));
}

void json_add_null(struct json *obj, const char *key)
{
	json_add(obj, key, json_new_null());
}

void json_append_string(struct json *array, const char *s)
{
	json_append(array, json_new_string(s));
}

void json_set(struct json *obj, const char *key, struct json *child)
{
	struct json *old = json_get_mutable(obj, key);

	if (!old) {
		json_add(obj, key, child);
	} else if (child && child != old) {
		/* cJSON frees the old one, and keeps its place among the members. */
		if (!cJSON_ReplaceItemInObjectCaseSensitive(node(obj), key, node(child)))
			die("out of memory");
	}
}

void json_set_string(struct json *obj, const char *key, const char *s)
{
	json_set(obj, key, json_new_string(s));
}

void json_set_bool(struct json *obj, const char *key, bool v)
{
	json_set(obj, key, json_new_bool(v));
}

void json_set_number(struct json *obj, const char *key, double v)
{
	json_set(obj, key, json_new_number(v));
}

void json_remove(struct json *obj, const char *key)
{
	json_remove_child(obj, json_get_mutable(obj, key));
}

void json_remove_child(struct json *parent, struct json *child)
{
	if (parent && child)
		json_free((struct json *)cJSON_DetachItemViaPointer(node(parent), node(child)));
}

struct json *json_clone(const struct json *j)
{
	return j ? made(cJSON_Duplicate(peek(j), true)) : NULL;
}
