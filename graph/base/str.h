#ifndef GRAPH_BASE_STR_H
#define GRAPH_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "graph/base/err.h"

/*
 * struct str - a growing byte string that always ends in NUL and never grows
 * over `max`. Zero-initialised is valid, empty and bounded by STR_MAX.
 */
#define STR_MAX (64u << 20)

struct str {
	char *buf;	/* never NULL after the first write; see str_text() */
	size_t len, cap;
	size_t max;	/* 0 means STR_MAX */
	bool overflow;	/* something did not fit and was left out */
};

void str_release(struct str *s);	/* frees; the struct is empty again */
void str_clear(struct str *s);		/* empty, keeps the memory */
const char *str_text(const struct str *s);	/* "" when empty */
char *str_detach(struct str *s);	/* never NULL, the caller frees; s is empty again */

/* Each returns 0, or -1 when the text did not fit: then none of it is added
 * and overflow is set. NULL adds nothing. The text may not lie in s itself. */
int str_add(struct str *s, const char *text);
int str_add_bytes(struct str *s, const char *p, size_t n);
int str_add_char(struct str *s, char c);
int str_addf(struct str *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
void str_truncate(struct str *s, size_t len);

bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* ASCII case only, safe for NULL (NULL equals nothing). */
bool str_same(const char *a, const char *b);
bool str_same_nocase(const char *a, const char *b);
/* The first place of needle in s, ASCII case ignored, or NULL. */
const char *str_find_nocase(const char *s, const char *needle);

#endif
