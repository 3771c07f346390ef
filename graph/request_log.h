#ifndef GRAPH_REQUEST_LOG_H
#define GRAPH_REQUEST_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "graph/base/str.h"

/* What was sent and answered, newest last; a ring of REQUEST_LOG_MAX. Never
 * holds a header, a token or a body of the sign-in. */
#define REQUEST_LOG_MAX 500

struct request_entry {
	int64_t sent_ms;	/* wall time */
	int took_ms;		/* -1 while in flight */
	char method[8];
	char *path;		/* clean text, without the host */
	int status;		/* 0: no answer */
	int attempt;		/* 1 for the first */
	char request_id[64];
	char note[80];		/* "throttled, waits 3 s", "lost", ... */
	size_t bytes;
};

struct request_log {
	struct request_entry v[REQUEST_LOG_MAX];
	size_t n;		/* used */
	size_t start;		/* place of the oldest */
	size_t total;		/* ever */
	/* Called after every change, NULL for none. */
	void (*changed)(void *ctx);
	void *ctx;
};

struct request_log *request_log_new(void);
void request_log_free(struct request_log *log);
struct request_entry *request_log_add(struct request_log *log);
/* The i-th, 0 = oldest. */
const struct request_entry *request_log_at(const struct request_log *log, size_t i);

#endif
