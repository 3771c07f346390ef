#ifndef GRAPH_BASE_JSON_H
#define GRAPH_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/str.h"

/*
 * JSON, with cJSON behind this one file. A `struct json *` is owned by
 * whoever parsed or made it and freed with json_free(); children belong to
 * their parent. Getters accept NULL and values of another type and answer
 * with their fallback, so that a missing member never crashes a reader.
 * Keys are compared by case, as Graph does.
 */
struct json;

#define JSON_DEPTH_MAX 64	/* nesting that json_parse() accepts */

/* Whole text or nothing: trailing bytes, depth over JSON_DEPTH_MAX and what
 * RFC 8259 does not allow are errors (ERR_PARSE) that name line and column. A
 * byte order mark at the start is skipped. Every string and key passes the
 * text gate (utf8_clean without flags, so a newline becomes a space); \u0000
 * and half a surrogate pair, which no string can hold, become U+FFFD. Returns
 * NULL and sets *err on failure. */
struct json *json_parse(const char *text, size_t len, struct err *err);
/* The same with strings as they stand, ill-formed bytes too: for the simulated
 * tenant only, which must be able to hold and send hostile text. */
struct json *json_parse_raw(const char *text, size_t len, struct err *err);
/* Wipes the strings first: an answer of the sign-in holds tokens. */
void json_free(struct json *j);
void json_free_ptr(struct json **pj);	/* for CLEANUP() */

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
enum json_type json_type(const struct json *j);	/* JSON_NULL for NULL */
bool json_is(const struct json *j, enum json_type type); /* false for NULL */

/* Members of an object; of two with the same key the first. */
const struct json *json_get(const struct json *obj, const char *key);
struct json *json_get_mutable(struct json *obj, const char *key);
const struct json *json_get_nocase(const struct json *obj, const char *key);
/* A path of members and array places: "conditions.users.includeUsers[0]".
 * For keys that hold a dot or a bracket use json_get(). */
const struct json *json_at(const struct json *j, const char *path);
bool json_has(const struct json *obj, const char *key);
const char *json_string(const struct json *obj, const char *key); /* or NULL */
const char *json_string_or(const struct json *obj, const char *key, const char *fallback);
bool json_bool(const struct json *obj, const char *key, bool fallback);
double json_number(const struct json *obj, const char *key, double fallback);
/* Cut towards zero and to the range of int64_t; exact up to 2^53. */
int64_t json_int(const struct json *obj, const char *key, int64_t fallback);

/* The value itself. */
const char *json_text(const struct json *j);	/* NULL unless a string */
bool json_truth(const struct json *j);		/* true only for true */
double json_value(const struct json *j, double fallback);

/* Iteration over members or items:
 *	for (j = json_first(list); j; j = json_next(j)) */
const struct json *json_first(const struct json *j);
const struct json *json_next(const struct json *j);
struct json *json_first_mutable(struct json *j);
struct json *json_next_mutable(struct json *j);
const char *json_key(const struct json *j);	/* name inside its object */
size_t json_count(const struct json *j);
bool json_array_has(const struct json *array, const char *text);

/* Building. The string forms copy; json_add() and json_append() take the
 * child and return it. json_set_*() replaces a member in its place or adds it
 * at the end. Added to NULL or to a value of the wrong type the child is freed
 * and the answer is NULL; a NULL child is ignored. Appending does not grow
 * slower with the length. What is built does not pass the gate. */
struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_string(const char *s);	/* NULL makes null */
struct json *json_new_number(double v);
struct json *json_new_bool(bool v);
struct json *json_new_null(void);
struct json *json_add(struct json *obj, const char *key, struct json *child);
struct json *json_append(struct json *array, struct json *child);
struct json *json_add_object(struct json *obj, const char *key);
struct json *json_add_array(struct json *obj, const char *key);
void json_add_string(struct json *obj, const char *key, const char *s);
void json_add_number(struct json *obj, const char *key, double v);
void json_add_bool(struct json *obj, const char *key, bool v);
void json_add_null(struct json *obj, const char *key);
void json_append_string(struct json *array, const char *s);
void json_set(struct json *obj, const char *key, struct json *child);
void json_set_string(struct json *obj, const char *key, const char *s);
void json_set_bool(struct json *obj, const char *key, bool v);
void json_set_number(struct json *obj, const char *key, double v);
/* Takes a child out of its parent and frees it. */
void json_remove(struct json *obj, const char *key);
void json_remove_child(struct json *parent, struct json *child);

struct json *json_clone(const struct json *j);
/* Same value: members in any order, items in order. */
bool json_equal(const struct json *a, const struct json *b);

/* Text, appended to out: one line, or indented by two spaces. Integers below
 * 10^17 print as integers, other numbers so that they read back the same,
 * infinity and NaN as null. */
void json_print(const struct json *j, struct str *out);
void json_print_pretty(const struct json *j, struct str *out);
/* Appends s as a JSON string with its quotes; control characters are escaped. */
void json_quote(struct str *out, const char *s);

#endif
