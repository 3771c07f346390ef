#include "graph/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"

/* Room of an ordinary block; a larger wish gets a block of its own. */
#define BLOCK_ROOM (16u << 10)

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	alignas(max_align_t) unsigned char data[];
};

static struct arena_block *block_new(size_t room)
{
	struct arena_block *b;

	if (room > SIZE_MAX - sizeof(*b))
		die("out of memory");
	b = xmalloc(sizeof(*b) + room);
	b->next = NULL;
	b->used = 0;
	b->room = room;
	return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *b = a->blocks;
	void *p;

	if (n > SIZE_MAX - align)
		die("out of memory");
	n = n ? (n + align - 1) / align * align : align;
	if (!b || b->room - b->used < n) {
		b = block_new(n > BLOCK_ROOM / 4 ? n : BLOCK_ROOM);
		/* A large one goes behind, so that the current one fills up. */
		if (n > BLOCK_ROOM / 4 && a->blocks) {
			b->next = a->blocks->next;
			a->blocks->next = b;
		} else {
			b->next = a->blocks;
			a->blocks = b;
		}
	}
	p = b->data + b->used;
	b->used += n;
	return memset(p, 0, n);
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy;

	if (!s)
		return NULL;
	n = strnlen(s, n);
	copy = arena_alloc(a, n + 1);
	memcpy(copy, s, n);
	return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *text;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		die("a text could not be formatted");
	text = arena_alloc(a, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

void arena_clear(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	a->blocks = NULL;
}

void *arena_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	size_t more;
	void *bigger;

	if (n < *cap)
		return v;
	more = *cap ? *cap * 2 : 8;
	if (more > SIZE_MAX / 2 / size)
		die("out of memory");
	bigger = arena_alloc(a, more * size);
	if (n)
		memcpy(bigger, v, n * size);
	*cap = more;
	return bigger;
}
