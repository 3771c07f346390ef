/* The life of a call, and what kind of one it is. */
#include <stdlib.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"
#include "graph/graph.h"

struct graph_call *graph_call_new(const char *method, const char *path,
				  struct json *body, unsigned flags)
{
	struct graph_call *c = xcalloc(1, sizeof(*c));

	c->method = method;
	c->path = xstrdup(path);
	c->body = body;
	c->flags = flags;
	return c;
}

void graph_call_free(struct graph_call *c)
{
	if (!c)
		return;
	free(c->path);
	free(c->text);
	json_free(c->body);
	json_free(c->json);
	free(c);
}

void graph_call_take_text(struct graph_call *c, const struct str *body)
{
	struct str clean = { 0 };

	utf8_clean(&clean, str_text(body), body->len, 0);
	free(c->text);
	c->text = str_detach(&clean);
}

bool graph_call_writes(const struct graph_call *c)
{
	if (str_same(c->method, "GET"))
		return false;
	if (!str_ends(c->path, "/$batch"))
		return true;
	for (const struct json *j = json_first(json_get(c->body, "requests")); j; j = json_next(j))
		if (!str_same(json_string(j, "method"), "GET"))
			return true;
	return false;
}
