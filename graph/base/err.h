#ifndef GRAPH_BASE_ERR_H
#define GRAPH_BASE_ERR_H

#include <stdbool.h>

/*
 * struct err - why an operation failed, in words a person can act on.
 *
 * Fixed size, no allocation, no release function: it can be reported even
 * when memory is short, and copied by value into the journal or the model.
 * Every fallible function takes `struct err *err` last (never NULL), returns
 * 0 on success and -1 on failure, and touches *err only on failure.
 */
enum err_kind {
	ERR_NONE,
	ERR_IO,		/* code = errno */
	ERR_NET,	/* code = CURLcode; nothing reached the server, or unknown */
	ERR_HTTP,	/* code = HTTP status not named below */
	ERR_AUTH,	/* not signed in, or the token is refused (401) */
	ERR_FORBIDDEN,	/* 403: a scope, a role or a licence is missing */
	ERR_NOT_FOUND,	/* 404 */
	ERR_CONFLICT,	/* somebody else changed it, or 409/412 */
	ERR_THROTTLED,	/* 429, and our patience is used up */
	ERR_PARSE,	/* an answer or a file that does not read */
	ERR_LIMIT,	/* a cap of ours was reached: bytes, pages, depth */
	ERR_INVALID,	/* bad input by a person */
	ERR_CANCELLED,
};

struct err {
	enum err_kind kind;
	int code;
	int retry_after_ms;	/* what the server asked for; 0 = nothing */
	bool outcome_unknown;	/* a write may have happened: read again */
	char graph_code[64];	/* error.code of Graph, "" if none */
	char request_id[64];	/* the server's request id, "" if none */
	char msg[320];		/* what failed and why; no final full stop */
	char todo[240];		/* what to do next, "" if nothing is known */
};

#define ERR_INIT { .kind = ERR_NONE }

#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define WARN_UNUSED	  __attribute__((warn_unused_result))
#define CLEANUP(fn)	  __attribute__((cleanup(fn)))

/*
 * Sets *err to this one failure and returns -1, so that
 * `return err_set(...)` is the whole error path. A message too long is cut at
 * a character boundary.
 */
int err_set(struct err *err, enum err_kind kind, int code, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* Puts "context: " before the message; returns -1. */
int err_wrap(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Says what to do next; returns -1. */
int err_todo(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A stable word for a kind, for JSON and the journal: "forbidden", ... */
const char *err_kind_name(enum err_kind kind);

#endif
