#ifndef GRAPH_BASE_UTF8_H
#define GRAPH_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/base/str.h"

/*
 * The one text gate. Every byte from outside (answers, files, arguments,
 * keys, the clipboard) passes utf8_clean() where it enters; after that every
 * char * in the program is valid UTF-8 that a terminal only prints.
 * Contract: facts "sign-in and transport", section 9.4, points 1 to 6:
 * ill-formed bytes and control characters become U+FFFD (newline and tab a
 * space unless UTF8_LINES), bidi controls and invisible characters are
 * dropped, at most two combining marks stay on a base. Private use and
 * unassigned code points (our table is Unicode 14) become U+FFFD; a mark
 * without a base gets U+25CC; with UTF8_LINES a carriage return is a newline.
 */
#define UTF8_LINES 1u	/* keep newlines and tabs: for documents */

/* Appends the clean form of src[0..len) to out; true when it had to change it. */
bool utf8_clean(struct str *out, const char *src, size_t len, unsigned flags);
/* Whether src is clean already (the fast answer for plain text). */
bool utf8_is_clean(const char *src, size_t len, unsigned flags);

/* Strict decode of one character at s: its bytes (1 to 4), U+FFFD and 1 for an
 * ill-formed byte, 0 at the final NUL. */
int utf8_decode(const char *s, uint32_t *ret_cp);
/* Writes cp to out (4 bytes at most) and returns how many. */
int utf8_encode(uint32_t cp, char out[4]);

/* Columns of one character: 0, 1 or 2. By our own table, the same on every
 * libc; a test holds it against wcwidth(). Control characters have 0, but a
 * tab 1: it is drawn as a space. */
int utf8_char_width(uint32_t cp);
/* Columns of a clean string. */
int utf8_width(const char *s);
/* How many bytes of s fit into `columns`; never splits a character. */
size_t utf8_fit(const char *s, int columns);
/* Appends s cut to `columns` (an ellipsis shows the cut), padded with spaces
 * when pad is true. With ascii the ellipsis is "~". */
void utf8_cut(struct str *out, const char *s, int columns, bool pad, bool ascii);
/* Word wrap: the bytes of s that make the next line of at most `columns`;
 * *ret_next gets the offset where the line after it starts (always further on,
 * unless s is empty). A newline ends a line, a word that is too long is cut; a
 * character wider than `columns` stands alone. */
size_t utf8_wrap(const char *s, int columns, size_t *ret_next);

#endif
