#ifndef GRAPH_BATCH_H
#define GRAPH_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/base/json.h"

/*
 * struct batch - a $batch of reads, item by item: the answer of the whole says
 * nothing, each item has a status and a Retry-After of its own. The items that
 * may be tried again are collected for another $batch, the others are kept.
 * Source: Microsoft Graph, "Combine multiple HTTP requests using JSON
 * batching".
 */
struct batch;

/* body is what is sent, {"requests": [...]}; it is copied. */
struct batch *batch_new(const struct json *body);
void batch_free(struct batch *b);
/* What is still to be asked, as a body. */
const struct json *batch_body(const struct batch *b);

/* What an answer left open. */
struct batch_rest {
	size_t n;		/* items; 0 = all are answered */
	int64_t wait_ms;	/* the longest wait that one asks for; -1 = none */
	bool throttled;		/* one was answered 429 */
};
/* Takes in an answer (borrowed); batch_body() holds the rest then. An item that
 * is missing in the answer is open, too. */
struct batch_rest batch_take(struct batch *b, const struct json *answer, int64_t now_ms);
/* All that came, {"responses": [...]}: of an item that stayed open, what it was
 * answered last. The caller frees. */
struct json *batch_answer(const struct batch *b);

#endif
