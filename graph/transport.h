#ifndef GRAPH_TRANSPORT_H
#define GRAPH_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/str.h"

/*
 * The transport carries one HTTP exchange at a time and knows nothing of
 * Graph: no retry, no paging, no JSON. Two implementations: http (libcurl)
 * and the simulated tenant. A transport never follows a redirect.
 */
struct header {
	char *name, *value;
};

struct headers {
	struct header *v;
	size_t n, cap;
};

void headers_add(struct headers *h, const char *name, const char *value);
/* The first value of that name, any case, or NULL. */
const char *headers_get(const struct headers *h, const char *name);
void headers_release(struct headers *h);	/* wipes the values too */

enum transport_result {
	TRANSPORT_ANSWERED,	/* status and body are there */
	TRANSPORT_NOT_SENT,	/* the request cannot have been processed */
	TRANSPORT_LOST,		/* sent, or perhaps sent, and no answer */
	TRANSPORT_CANCELLED,
};

#define TRANSPORT_FRESH 1u	/* do not reuse a connection (after a 503) */
#define TRANSPORT_READ 2u	/* does no harm when it arrives twice, whatever the
				   method: may go over a connection that was used */

struct exchange {
	/* The request; filled by the caller before submit. */
	const char *method;		/* a literal */
	char *url;			/* absolute, owned by the exchange */
	struct headers headers;
	struct str body;
	unsigned flags;
	size_t max_bytes;		/* cap on the answer's body; 0 = 16 MiB */
	int timeout_ms;			/* 0 = 100 s */

	/* The answer; filled by the transport before done(). */
	enum transport_result result;
	bool hopeless;			/* another try would end the same */
	int status;
	struct headers answer_headers;
	struct str answer_body;
	struct err err;			/* when result is not ANSWERED */

	/* Called once, from the loop, for every submitted exchange (also after
	 * cancel). The callback may free the exchange. */
	void (*done)(struct exchange *x, void *ctx);
	void *ctx;
	void *transport_data;		/* the transport's own */
};

void exchange_release(struct exchange *x);

struct transport;
struct transport_ops {
	const char *name;
	/* MUST NOT call done before returning. */
	void (*submit)(struct transport *t, struct exchange *x);
	/* done() follows from the loop with TRANSPORT_CANCELLED. */
	void (*cancel)(struct transport *t, struct exchange *x);
	void (*free)(struct transport *t);
};

/* First member of every implementation. */
struct transport {
	const struct transport_ops *ops;
};

#endif
