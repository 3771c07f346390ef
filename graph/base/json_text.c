#include "graph/base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Values as text, and whether two are the same: written over the getters, so
 * nothing here knows cJSON.
 */

static bool same_objects(const struct json *a, const struct json *b)
{
	const struct json *in_a, *in_b = json_first(b);

	if (json_count(a) != json_count(b))
		return false;
	/* Mostly the order is the same: look at the next one first. */
	for (in_a = json_first(a); in_a; in_a = json_next(in_a)) {
		if (!str_same(json_key(in_a), json_key(in_b)))
			in_b = json_get(b, json_key(in_a));
		if (!in_b || !json_equal(in_a, in_b))
			return false;
		in_b = json_next(in_b);
	}
	/* Equal counts do not prove it when a key stands there twice. */
	for (in_b = json_first(b), in_a = json_first(a); in_b; in_b = json_next(in_b)) {
		if (!str_same(json_key(in_a), json_key(in_b)))
			in_a = json_get(a, json_key(in_b));
		if (!in_a)
			return false;
		in_a = json_next(in_a);
	}
	return true;
}

static bool same_arrays(const struct json *a, const struct json *b)
{
	a = json_first(a);
	b = json_first(b);
	while (a && b && json_equal(a, b)) {
		a = json_next(a);
		b = json_next(b);
	}
	return !a && !b;
}

bool json_equal(const struct json *a, const struct json *b)
{
	if (!a || !b)
		return !a && !b;
	if (json_type(a) != json_type(b))
		return false;
	switch (json_type(a)) {
	case JSON_NULL: return true;
	case JSON_BOOL: return json_truth(a) == json_truth(b);
	case JSON_NUMBER: return json_value(a, 0) == json_value(b, 0);
	case JSON_STRING: return str_same(json_text(a), json_text(b));
	case JSON_ARRAY: return same_arrays(a, b);
	case JSON_OBJECT: return same_objects(a, b);
	}
	return false;
}

void json_quote(struct str *out, const char *s)
{
	static const char escapes[32] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
	};
	const char *from = s;	/* [from, s) needs no escape */

	str_add_char(out, '"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
			continue;
		str_add_bytes(out, from, (size_t)(s - from));
		from = s + 1;
		if (c == '"' || c == '\\')
			str_addf(out, "\\%c", c);
		else if (c < 0x20 && escapes[c])
			str_addf(out, "\\%c", escapes[c]);
		else
			str_addf(out, "\\u%04x", c);
	}
	str_add_bytes(out, from, (size_t)(s - from));
	str_add_char(out, '"');
}

/* Integers as integers; others with as few digits as read back the same. */
static void print_number(struct str *out, double v)
{
	char text[64];
	const char *p;

	if (!isfinite(v)) {
		str_add(out, "null");	/* JSON has no word for it */
		return;
	}
	if (fabs(v) < 1e17 && (double)(int64_t)v == v) {
		str_addf(out, "%" PRId64, (int64_t)v);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	for (p = text; *p; p++)	/* the locale's decimal point is a point here */
		str_add_char(out, strchr("0123456789+-eE", *p) ? *p : '.');
}

static void new_line(struct str *out, int indent)
{
	str_add_char(out, '\n');
	for (int i = 0; i < indent; i++)
		str_add(out, "  ");
}

/* indent < 0: everything on one line. */
static void print(const struct json *j, struct str *out, int indent)
{
	bool object = json_is(j, JSON_OBJECT);
	int inside = indent < 0 ? indent : indent + 1;
	const struct json *child;

	switch (json_type(j)) {
	case JSON_NULL: str_add(out, "null"); return;
	case JSON_BOOL: str_add(out, json_truth(j) ? "true" : "false"); return;
	case JSON_NUMBER: print_number(out, json_value(j, 0)); return;
	case JSON_STRING: json_quote(out, json_text(j)); return;
	case JSON_ARRAY:
	case JSON_OBJECT: break;
	}
	str_add_char(out, object ? '{' : '[');
	for (child = json_first(j); child; child = json_next(child)) {
		if (inside >= 0)
			new_line(out, inside);
		if (object) {
			json_quote(out, json_key(child));
			str_add(out, inside >= 0 ? ": " : ":");
		}
		print(child, out, inside);
		if (json_next(child))
			str_add_char(out, ',');
	}
	if (inside >= 0 && json_first(j))
		new_line(out, indent);
	str_add_char(out, object ? '}' : ']');
}

void json_print(const struct json *j, struct str *out)
{
	print(j, out, -1);
}

void json_print_pretty(const struct json *j, struct str *out)
{
	print(j, out, 0);
}
