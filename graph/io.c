#include "graph/io.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* One read that was asked for, by method and path. */
struct read {
	struct io *io;
	char *key;			/* "GET /v1.0/..." */
	struct graph_call *call;	/* in flight, or answered */
	unsigned flags;
	bool done;
	bool cleared;			/* nobody waits for it any more */
	struct reply reply;
	struct read *next;

	/* A scan. */
	bool (*fold)(void *acc, const struct json *value);
	void *acc;
	unsigned pages;
	char *old_link;			/* that of page old_page: see is_loop() */
	unsigned old_page;
};

struct io {
	struct graph *graph;
	struct read *reads;
	struct read *orphans;		/* cleared while in flight */
	unsigned pending;
	void (*on_reply)(void *ctx);
	void *ctx;
};

struct io *io_new(struct graph *g)
{
	struct io *io = xcalloc(1, sizeof(*io));

	io->graph = g;
	return io;
}

static void read_free(struct read *r)
{
	graph_call_free(r->call);
	free(r->key);
	free(r->old_link);
	free(r);
}

/* What is in flight ends later, from the loop, and frees itself then. */
void io_clear(struct io *io)
{
	while (io->reads) {
		struct read *r = io->reads;

		io->reads = r->next;
		if (r->done) {
			read_free(r);
			continue;
		}
		r->next = io->orphans;
		io->orphans = r;
		r->cleared = true;
		io->pending--;
		graph_call_cancel(io->graph, r->call);
	}
}

void io_free(struct io *io)
{
	if (!io)
		return;
	io_clear(io);
	for (struct read *r = io->orphans; r; r = r->next)
		r->io = NULL;
	free(io);
}

void io_on_reply(struct io *io, void (*fn)(void *ctx), void *ctx)
{
	io->on_reply = fn;
	io->ctx = ctx;
}

unsigned io_pending(const struct io *io)
{
	return io->pending;
}

static void answered(struct graph_call *c, void *ctx);

/* Takes a cleared read away; true when it was one. */
static bool drop_orphan(struct read *r)
{
	if (!r->cleared)
		return false;
	for (struct read **at = r->io ? &r->io->orphans : NULL; at && *at; at = &(*at)->next) {
		if (*at == r) {
			*at = r->next;
			break;
		}
	}
	read_free(r);
	return true;
}

/*
 * Whether the links of the pages go round. One old link is kept, and replaced
 * at pages 1, 2, 4, 8 ...: a circle of any length comes back to it, and no
 * list of all links grows with the collection (Brent's way to find a cycle).
 */
static bool is_loop(struct read *r, const char *link)
{
	if (str_same(link, r->old_link))
		return true;
	if (r->pages >= 2 * r->old_page) {
		free(r->old_link);
		r->old_link = xstrdup(link);
		r->old_page = r->pages;
	}
	return false;
}

static void bad_answer(struct read *r, const char *why)
{
	err_set(&r->call->err, ERR_PARSE, 0, "%s: %s", r->key, why);
	err_todo(&r->call->err, "Try again; if it stays, something between here and Microsoft "
		 "changes answers.");
}

/* The next page of a scan is on its way: true. False at the end, or when the
 * links make no sense (then the call's err says so). */
static bool next_page(struct read *r)
{
	struct graph_call *c = r->call;
	const char *link = json_string(c->json, "@odata.nextLink");
	struct graph_call *next;

	if (!link) {
		if (json_type(json_get(c->json, "@odata.nextLink")) != JSON_NULL)
			bad_answer(r, "the link to the next page is none");
		return false;
	}
	if (is_loop(r, link) || r->pages >= GRAPH_PAGES_MAX) {
		err_set(&c->err, ERR_LIMIT, 0, "%s: the pages do not end", r->key);
		err_todo(&c->err, "Try again; the list was read up to page %u.", r->pages);
		return false;
	}
	next = graph_call_new("GET", link, NULL, r->flags);
	graph_call_free(c);
	r->call = next;
	graph_call_start(r->io->graph, next, answered, r);
	return true;
}

/* Takes in one page of a scan; true when another one follows. */
static bool take_page(struct read *r)
{
	struct graph_call *c = r->call;
	const struct json *value = json_get(c->json, "value");

	if (c->err.kind != ERR_NONE)
		return false;
	if (!json_is(value, JSON_ARRAY)) {
		bad_answer(r, "the answer is not a list");
		return false;
	}
	r->pages++;
	/* fold() may clear the io. */
	return r->fold(r->acc, value) && !r->cleared && next_page(r);
}

static void answered(struct graph_call *c, void *ctx)
{
	struct read *r = ctx;
	struct io *io = r->io;

	if (drop_orphan(r))
		return;
	if (r->fold) {
		if (take_page(r) || drop_orphan(r))
			return;
		/* The pages are folded: nothing of them is kept. */
		c = r->call;
		json_free(c->json);
		c->json = NULL;
	}
	r->done = true;
	r->reply = (struct reply){ .status = c->status, .json = c->json, .text = c->text,
				   .err = c->err, .observed_ms = c->answered_ms };
	io->pending--;
	if (io->on_reply)
		io->on_reply(io->ctx);
}

/* The read that was asked for in just this way. Two scans of one path with two
 * accumulators are two reads. */
static struct read *find(struct io *io, const char *method, const char *path, unsigned flags,
			 bool (*fold)(void *acc, const struct json *value), void *acc)
{
	size_t len = strlen(method);

	for (struct read *r = io->reads; r; r = r->next)
		if (r->flags == flags && r->fold == fold && r->acc == acc &&
		    !strncmp(r->key, method, len) && r->key[len] == ' ' &&
		    !strcmp(r->key + len + 1, path))
			return r;
	return NULL;
}

static struct read *start(struct io *io, const char *method, const char *path,
			  struct json *take_body, unsigned flags)
{
	struct read *r = xcalloc(1, sizeof(*r));

	r->io = io;
	r->key = xasprintf("%s %s", method, path);
	r->flags = flags;
	r->call = graph_call_new(method, path, take_body, flags);
	r->next = io->reads;
	io->reads = r;
	io->pending++;
	return r;
}

const struct reply *io_get(struct io *io, const char *path, unsigned flags)
{
	struct read *r = find(io, "GET", path, flags, NULL, NULL);

	if (r)
		return r->done ? &r->reply : NULL;
	r = start(io, "GET", path, NULL, flags);
	graph_call_start(io->graph, r->call, answered, r);
	return NULL;
}

const struct reply *io_post(struct io *io, const char *path, const struct json *body)
{
	struct str key = { 0 };
	struct read *r;

	/* Two batches differ by their body only. */
	str_addf(&key, "%s ", path);
	json_print(body, &key);
	r = find(io, "POST", str_text(&key), 0, NULL, NULL);
	if (!r) {
		r = start(io, "POST", path, json_clone(body), 0);
		free(r->key);
		r->key = xasprintf("POST %s", str_text(&key));
		graph_call_start(io->graph, r->call, answered, r);
	}
	str_release(&key);
	return r->done ? &r->reply : NULL;
}

const struct reply *io_scan(struct io *io, const char *path, unsigned flags,
			    bool (*fold)(void *acc, const struct json *value), void *acc)
{
	struct read *r = find(io, "GET", path, flags, fold, acc);

	if (r)
		return r->done ? &r->reply : NULL;
	r = start(io, "GET", path, NULL, flags);
	r->fold = fold;
	r->acc = acc;
	graph_call_start(io->graph, r->call, answered, r);
	return NULL;
}
