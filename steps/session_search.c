/* People search for the picker (facts graph.md 3: users by startswith). */
#include <stdlib.h>
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/url.h"
#include "steps/session_internal.h"

#define FOUND_MAX "50"

struct search {
	struct arena arena;
	struct people found;
	struct graph_call *call;	/* in flight, or NULL */
	void (*done)(void *ctx, const struct people *found, const struct err *err);
	void *ctx;
};

static int by_name(const void *a, const void *b)
{
	const struct person *x = a, *y = b;
	int order = strcmp(x->display_name ? x->display_name : "",
			   y->display_name ? y->display_name : "");

	return order ? order : strcmp(x->upn ? x->upn : "", y->upn ? y->upn : "");
}

/* A search that a newer one replaced: nobody waits for it. */
static void drop(struct graph_call *c, void *ctx)
{
	(void)ctx;
	graph_call_free(c);
}

static void abandon(struct session *s, struct search *q)
{
	if (!q->call)
		return;
	q->call->done = drop;
	graph_call_cancel(s->graph, q->call);
	q->call = NULL;
}

static void take(struct search *q, const struct json *answer)
{
	struct people *p = &q->found;

	for (const struct json *j = json_first(json_get(answer, "value")); j; j = json_next(j)) {
		ARENA_GROW(&q->arena, p->v, p->n, p->cap);
		person_from_user(&p->v[p->n++], &q->arena, j);
	}
	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), by_name);
}

static void answered(struct graph_call *c, void *ctx)
{
	struct search *q = ctx;
	struct err err = c->err;

	q->call = NULL;
	if (err.kind == ERR_NONE)
		take(q, c->json);
	graph_call_free(c);
	q->done(q->ctx, &q->found, &err);
}

static char *search_path(const char *text)
{
	static const char *const properties[] = { "displayName", "userPrincipalName", "mail" };
	struct str path = { 0 };

	str_add(&path, "/v1.0/users?$filter=");
	for (size_t i = 0; i < COUNT_OF(properties); i++) {
		str_addf(&path, "%sstartswith(%s,", i ? "%20or%20" : "", properties[i]);
		url_odata_string(&path, text);
		str_add_char(&path, ')');
	}
	str_add(&path, "&$select=" PERSON_SELECT "&$top=" FOUND_MAX);
	return str_detach(&path);
}

void session_search(struct session *s, const char *text,
		    void (*done)(void *ctx, const struct people *found, const struct err *err),
		    void *ctx)
{
	CLEANUP(free_ptr) char *path = search_path(text);
	struct search *q = s->search;

	if (!q)
		q = s->search = xcalloc(1, sizeof(*q));
	abandon(s, q);
	arena_clear(&q->arena);
	memset(&q->found, 0, sizeof(q->found));
	q->done = done;
	q->ctx = ctx;
	q->call = graph_call_new("GET", path, NULL, 0);
	graph_call_start(s->graph, q->call, answered, q);
}

void session_search_free(struct session *s)
{
	if (!s->search)
		return;
	abandon(s, s->search);
	arena_clear(&s->search->arena);
	free(s->search);
	s->search = NULL;
}
