#ifndef GRAPH_GRAPH_ERROR_H
#define GRAPH_GRAPH_ERROR_H

#include "graph/base/err.h"
#include "graph/base/json.h"
#include "graph/transport.h"

/*
 * Turns an answer that is not 2xx into *err: the kind from the status, Graph's
 * code and request id, a sentence that says what failed and why, and what to
 * do next. json may be NULL (HTML from a gateway, nothing at all). what is the
 * request in words: "GET /v1.0/groups". Source: facts graph.md 10.4.
 */
void graph_error(struct err *err, const char *what, int status, const struct json *json,
		 const struct headers *headers);

/* Puts the id by which Microsoft finds a request into err.request_id: the
 * service's own, else the one that the client sent. */
void graph_error_request_id(struct err *err, const struct headers *headers);
/* The service asks for a wait of that long, and it is longer than ours may be:
 * says when to come back. */
void graph_error_come_back(struct err *err, int64_t asked_ms);

#endif
