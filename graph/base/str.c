#include "graph/base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"

void str_release(struct str *s)
{
	size_t max = s->max;

	free(s->buf);
	*s = (struct str){ .max = max };
}

void str_clear(struct str *s)
{
	s->len = 0;
	s->overflow = false;
	if (s->buf)
		s->buf[0] = '\0';
}

const char *str_text(const struct str *s)
{
	return s->buf ? s->buf : "";
}

char *str_detach(struct str *s)
{
	char *text = s->buf ? s->buf : xstrdup("");

	s->buf = NULL;
	str_release(s);
	return text;
}

/* Room for n more bytes and the NUL. */
static int reserve(struct str *s, size_t n)
{
	size_t max = s->max ? s->max : STR_MAX;
	size_t cap;

	if (n > max || s->len > max - n) {
		s->overflow = true;
		return -1;
	}
	if (s->buf && s->len + n < s->cap)
		return 0;
	cap = s->cap ? s->cap : 32;
	while (cap <= s->len + n)
		cap *= 2;
	s->buf = xrealloc(s->buf, cap);
	s->buf[s->len] = '\0';
	s->cap = cap;
	return 0;
}

int str_add(struct str *s, const char *text)
{
	return text ? str_add_bytes(s, text, strlen(text)) : 0;
}

int str_add_bytes(struct str *s, const char *p, size_t n)
{
	if (reserve(s, n))
		return -1;
	if (n)
		memcpy(s->buf + s->len, p, n);
	s->len += n;
	s->buf[s->len] = '\0';
	return 0;
}

int str_add_char(struct str *s, char c)
{
	return str_add_bytes(s, &c, 1);
}

int str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap, again;
	int n, r = 0;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || reserve(s, (size_t)n)) {
		s->overflow = true;
		r = -1;
	} else {
		vsnprintf(s->buf + s->len, (size_t)n + 1, fmt, again);
		s->len += (size_t)n;
	}
	va_end(again);
	return r;
}

void str_truncate(struct str *s, size_t len)
{
	if (len >= s->len)
		return;
	s->len = len;
	s->buf[len] = '\0';
}

bool str_starts(const char *s, const char *prefix)
{
	return s && prefix && !strncmp(s, prefix, strlen(prefix));
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n, m;

	if (!s || !suffix)
		return false;
	n = strlen(s);
	m = strlen(suffix);
	return n >= m && !memcmp(s + n - m, suffix, m);
}

bool str_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* tolower() without the locale: in Turkish I would not become i. */
static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

bool str_same_nocase(const char *a, const char *b)
{
	if (!a || !b)
		return false;
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

const char *str_find_nocase(const char *s, const char *needle)
{
	size_t i;

	if (!s || !needle)
		return NULL;
	for (;; s++) {
		for (i = 0; needle[i] && lower(s[i]) == lower(needle[i]); i++)
			;
		if (!needle[i])
			return s;
		if (!*s)
			return NULL;
	}
}
