#ifndef GRAPH_BASE_MEM_H
#define GRAPH_BASE_MEM_H

#include <stddef.h>

#include "graph/base/err.h"

/*
 * Memory that cannot fail: when there is none left the program restores the
 * terminal, says so and aborts. The journal makes that safe. Results are
 * released with free().
 */
void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);			/* NULL stays NULL */
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Ends the program for a reason that no caller could handle. */
_Noreturn void die(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Called by die() before it prints: the front end puts the terminal back. */
void die_hook_set(void (*hook)(void));

/* For CLEANUP(): frees what the pointer variable points to. */
void free_ptr(void *pp);

/* Growable array: makes room for one more in v (n used, cap allocated). */
#define GROW(v, n, cap)							\
	do {								\
		if ((n) == (cap)) {					\
			(cap) = (cap) ? (cap) * 2 : 8;			\
			(v) = xrealloc((v), (cap) * sizeof(*(v)));	\
		}							\
	} while (0)

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

#endif
