#ifndef GRAPH_BASE_SECRET_H
#define GRAPH_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/*
 * struct secret - a token or a password. Kept in memory that is locked (best
 * effort) and wiped on release; it has no printf form on purpose, and
 * secret_text() is for the transport and sign-in only. Zero is valid: empty.
 */
struct secret {
	char *buf;
	size_t len, cap;
};

/* Copies text; what was there before is wiped. No text or no length empties. */
void secret_set(struct secret *s, const char *text, size_t len);
void secret_release(struct secret *s);
bool secret_empty(const struct secret *s);
const char *secret_text(const struct secret *s);	/* "" when empty */

/* Core dumps off and the process not readable by others' debuggers. */
void secret_harden_process(void);
/* Overwrites memory in a way the compiler cannot remove. */
void secret_wipe(void *p, size_t n);

#endif
