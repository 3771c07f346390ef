#ifndef TUI_PEOPLE_SEARCH_H
#define TUI_PEOPLE_SEARCH_H

#include "graph/base/arena.h"
#include "graph/loop.h"
#include "tui/edit.h"
#include "tui/list.h"

struct app;

/* Searching the directory as one types: the query, who was found, and the pause
 * before a request. Zero is valid; lives in the model. */
struct found {
	const char *name, *upn;
	bool guest, disabled;
};

struct people_search {
	struct app *app;
	struct edit query;
	struct list list;
	struct arena arena;		/* of found */
	struct found *found;
	size_t n, cap;
	bool searching;
	char problem[200];
	struct loop_timer debounce;
};

void people_search_release(struct app *a, struct people_search *s);
/* A key for the query; false when it is not for it. */
bool people_search_type(struct app *a, struct people_search *s, uint32_t key);
void people_search_insert(struct app *a, struct people_search *s, const char *text);
/* The one that is chosen, or NULL. */
const struct found *people_search_chosen(const struct people_search *s);
/* Draws who was found; checked(ctx, upn) says which have a mark, NULL: no
 * marks at all. Row i has the hit HIT_ROW + i. */
void people_search_view(const struct app *a, const struct people_search *s, struct rect r,
			struct grid *g, bool focused,
			bool (*checked)(const void *ctx, const char *upn), const void *ctx);

#endif
