#ifndef GRAPH_IO_H
#define GRAPH_IO_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/graph.h"

/*
 * struct io - the reads of one probe, memoised. Readers are straight-line
 * code that is called again from the top each time something arrives:
 * io_get() starts a GET the first time it sees a path, returns NULL while it
 * is in flight and the same reply ever after. Several io_get() calls before
 * the first NULL test therefore run in parallel; no callback and no state
 * enum is needed.
 *
 * MUST: make the same calls in the same order for the same replies.
 * MUST NOT: keep a pointer into a reply after io_clear(); copy what matters.
 */
struct io;

struct reply {
	int status;
	const struct json *json;	/* NULL when none came */
	const char *text;		/* with CALL_TEXT */
	struct err err;			/* ERR_NONE when well */
	int64_t observed_ms;
};

struct io *io_new(struct graph *g);
void io_free(struct io *io);
/* Forgets every reply and cancels what is in flight: the next probe reads
 * afresh. */
void io_clear(struct io *io);
/* Called from the loop whenever a reply came: probe again. */
void io_on_reply(struct io *io, void (*fn)(void *ctx), void *ctx);
unsigned io_pending(const struct io *io);

/* One answer, or the first page of a small collection. flags: CALL_*. */
const struct reply *io_get(struct io *io, const char *path, unsigned flags);
/* The same for a read that is a POST ($batch of GETs); body is cloned once. */
const struct reply *io_post(struct io *io, const char *path, const struct json *body);

/*
 * A whole collection, page by page: fold() is called from the loop for each
 * page's "value" as it arrives, then the page is freed; acc is the caller's
 * and must outlive the io. NULL until the last page is in; the reply then
 * says how it ended (json is NULL). fold returns false to stop early.
 */
const struct reply *io_scan(struct io *io, const char *path, unsigned flags,
			    bool (*fold)(void *acc, const struct json *value), void *acc);

#endif
