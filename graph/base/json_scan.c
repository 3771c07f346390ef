#include "graph/base/json_scan.h"

#include <stdint.h>
#include <string.h>

#include "graph/base/json.h"

/* cJSON copies a number into a buffer of 64 bytes. */
#define NUMBER_MAX 63

struct scan {
	const char *text;
	size_t len, pos;
	int depth;
	bool mend;
	const char *wrong;	/* what is wrong at pos, NULL while all is well */
};

/* The byte at pos, or 0 at the end; a NUL inside is no part of JSON anyway. */
static int peek(const struct scan *s)
{
	return s->pos < s->len ? (unsigned char)s->text[s->pos] : 0;
}

static int wrong(struct scan *s, const char *what)
{
	s->wrong = what;
	return -1;
}

static void skip_blanks(struct scan *s)
{
	int c;

	while ((c = peek(s)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		s->pos++;
}

static int scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if (s->len - s->pos < n || memcmp(s->text + s->pos, word, n) != 0)
		return wrong(s, "expected a value");
	s->pos += n;
	return 0;
}

static int scan_digits(struct scan *s)
{
	if (peek(s) < '0' || peek(s) > '9')
		return wrong(s, "expected a digit");
	while (peek(s) >= '0' && peek(s) <= '9')
		s->pos++;
	return 0;
}

static int scan_number(struct scan *s)
{
	size_t start = s->pos;

	if (peek(s) == '-')
		s->pos++;
	if (peek(s) == '0')
		s->pos++;	/* no digit may follow: the caller finds it */
	else if (scan_digits(s))
		return -1;
	if (peek(s) == '.') {
		s->pos++;
		if (scan_digits(s))
			return -1;
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->pos++;
		if (peek(s) == '+' || peek(s) == '-')
			s->pos++;
		if (scan_digits(s))
			return -1;
	}
	if (s->pos - start > NUMBER_MAX) {
		s->pos = start;
		return wrong(s, "a number of more than 63 characters");
	}
	return 0;
}

/* The value of four hexadecimal digits, or -1. */
static long read_hex4(const char *p, size_t len)
{
	long v = 0;

	if (len < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = p[i];

		if (c >= '0' && c <= '9')
			v = v * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			v = v * 16 + (c - 'A' + 10);
		else
			return -1;
	}
	return v;
}

/*
 * The escape \uXXXX at p: its bytes (6, or 12 for a pair), or 0 if it is none.
 * *ret_bad when it names no character that a C string can hold.
 */
static size_t read_unicode(const char *p, size_t len, bool *ret_bad)
{
	long high = len >= 6 ? read_hex4(p + 2, 4) : -1, low;

	*ret_bad = high == 0 || (high >= 0xD800 && high <= 0xDFFF);
	if (high < 0)
		return 0;
	if (high >= 0xD800 && high <= 0xDBFF && len >= 12 && p[6] == '\\' && p[7] == 'u') {
		low = read_hex4(p + 8, 4);
		if (low >= 0xDC00 && low <= 0xDFFF) {
			*ret_bad = false;
			return 12;
		}
	}
	return 6;
}

static int scan_string(struct scan *s)
{
	size_t start = s->pos, n;
	bool bad;

	s->pos++;
	for (;;) {
		int c = peek(s);

		if (s->pos >= s->len) {
			s->pos = start;
			return wrong(s, "a string without an end");
		}
		if (c == '"') {
			s->pos++;
			return 0;
		}
		if (c < 0x20)
			return wrong(s, "a control character inside a string");
		if (c != '\\') {
			s->pos++;
		} else if (s->pos + 1 < s->len && s->text[s->pos + 1] == 'u') {
			n = read_unicode(s->text + s->pos, s->len - s->pos, &bad);
			if (!n)
				return wrong(s, "\\u without four hexadecimal digits");
			s->mend = s->mend || bad;
			s->pos += n;
		} else if (s->pos + 1 < s->len && s->text[s->pos + 1] != '\0' &&
			   strchr("\"\\/bfnrt", s->text[s->pos + 1])) {
			s->pos += 2;
		} else {
			return wrong(s, "an unknown escape");
		}
	}
}

static int scan_value(struct scan *s);

static int scan_member(struct scan *s)
{
	skip_blanks(s);
	if (peek(s) != '"')
		return wrong(s, "expected a member name in quotes");
	if (scan_string(s))
		return -1;
	skip_blanks(s);
	if (peek(s) != ':')
		return wrong(s, "expected a colon");
	s->pos++;
	return scan_value(s);
}

/* An object or an array: the same but for brackets and members. */
static int scan_list(struct scan *s, char end)
{
	if (++s->depth > JSON_DEPTH_MAX)
		return wrong(s, "nested too deeply");
	s->pos++;
	skip_blanks(s);
	if (peek(s) == end) {
		s->pos++;
		s->depth--;
		return 0;
	}
	for (;;) {
		if (end == '}' ? scan_member(s) : scan_value(s))
			return -1;
		skip_blanks(s);
		if (peek(s) == end)
			break;
		if (peek(s) != ',')
			return wrong(s, end == '}' ? "expected a comma or }" :
						     "expected a comma or ]");
		s->pos++;
	}
	s->pos++;
	s->depth--;
	return 0;
}

static int scan_value(struct scan *s)
{
	skip_blanks(s);
	switch (peek(s)) {
	case '{': return scan_list(s, '}');
	case '[': return scan_list(s, ']');
	case '"': return scan_string(s);
	case 't': return scan_word(s, "true");
	case 'f': return scan_word(s, "false");
	case 'n': return scan_word(s, "null");
	case '-':
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return scan_number(s);
	default:
		return wrong(s, s->pos < s->len ? "expected a value" : "the text ends too early");
	}
}

/* Line and column from 1; columns in characters, as editors count. */
static int say_where(const struct scan *s, struct err *err)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < s->pos && i < s->len; i++) {
		if (s->text[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)s->text[i] & 0xC0) != 0x80) {
			column++;
		}
	}
	return err_set(err, ERR_PARSE, 0, "not JSON: %s at line %zu, column %zu", s->wrong, line,
		       column);
}

int json_scan(const char *text, size_t len, bool *ret_mend, struct err *err)
{
	struct scan s = { .text = text, .len = len };

	if (scan_value(&s))
		return say_where(&s, err);
	skip_blanks(&s);
	if (s.pos < s.len) {
		s.wrong = "something follows the value";
		return say_where(&s, err);
	}
	*ret_mend = s.mend;
	return 0;
}

void json_scan_mend(char *text, size_t len)
{
	size_t i = 0, n;
	bool bad;

	while (i < len) {
		if (text[i] != '\\') {
			i++;
		} else if (text[i + 1] != 'u') {
			i += 2;
		} else {
			n = read_unicode(text + i, len - i, &bad);
			if (bad)
				memcpy(text + i, "\\ufffd", 6);
			i += n;
		}
	}
}
