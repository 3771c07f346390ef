#ifndef GRAPH_BASE_ARENA_H
#define GRAPH_BASE_ARENA_H

#include <stddef.h>

#include "graph/base/err.h"

/*
 * struct arena - many small things with one end of life (facts, a plan, a
 * report). Nothing in it is freed alone. Zero-initialised is valid and empty.
 */
struct arena_block;
struct arena {
	struct arena_block *blocks;
};

/* Zeroed and aligned for any type; never NULL. */
void *arena_alloc(struct arena *a, size_t n);
char *arena_strdup(struct arena *a, const char *s);	/* NULL stays NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
void arena_clear(struct arena *a);	/* frees all, ready for use again */

/* Room for one more of an array kept in an arena; old copies stay behind. */
void *arena_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size);
#define ARENA_GROW(a, v, n, cap) \
	((v) = arena_grow((a), (v), (n), &(cap), sizeof(*(v))))

#endif
