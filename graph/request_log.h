#ifndef GRAPH_REQUEST_LOG_H
#define GRAPH_REQUEST_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/guid.h"
#include "graph/base/str.h"

/* What was sent and answered, newest last; a ring of REQUEST_LOG_MAX. Never
 * holds a header, a token or a body of the sign-in: that is no Graph request and
 * does not come here. */
#define REQUEST_LOG_MAX 500
#define REQUEST_EXCERPT_MAX 2048	/* bytes of a body that are kept */

struct request_entry {
	int64_t sent_ms;	/* wall time */
	int took_ms;		/* -1 while in flight */
	char method[8];
	char *path;		/* clean text, without the host */
	int status;		/* 0: no answer */
	int attempt;		/* 1 for the first */
	char request_id[64];	/* the service's */
	char client_request_id[GUID_TEXT];	/* ours: finds a request that was lost */
	char note[80];		/* "throttled, waits 3 s", "lost", ... */
	size_t bytes;
	char *sent, *answered;	/* the beginning of the bodies, NULL for none; see
				   request_log_excerpt() */
};

struct request_log {
	struct request_entry v[REQUEST_LOG_MAX];
	size_t n;		/* used */
	size_t start;		/* place of the oldest */
	size_t total;		/* ever */
	/* Called after every change, NULL for none. */
	void (*changed)(void *ctx);
	void *ctx;
	char *file;		/* see request_log_open(); NULL for none */
	int fd, file_errno;	/* why it is not written any more, 0 = well */
};

struct request_log *request_log_new(void);
void request_log_free(struct request_log *log);
struct request_entry *request_log_add(struct request_log *log);
/* Notes a request that goes out; returns its number, 0 without a log (NULL). */
size_t request_log_sent(struct request_log *log, const char *method, const char *path,
			const char *client_request_id, const struct str *body, int attempt);
/* Its answer, where the ring still has the entry. status 0: none came; id may be
 * NULL and is not clean yet. */
void request_log_answered(struct request_log *log, size_t number, int status,
			  const struct str *body, const char *id, const char *note);
/* The beginning of a body as clean text, owned by the caller; NULL for an empty
 * one. The values of fields that hold a password or a token are masked. */
char *request_log_excerpt(const char *body, size_t len);
/*
 * From now on every request that ends is a line of this file too: appended,
 * mode 0600, at once, so that a program that is killed leaves what it did.
 * Addresses are shortened by request_log_address().
 */
int request_log_open(struct request_log *log, const char *path, struct err *err);
/* A request has ended, for now or for good: the line of the file. */
void request_log_ended(struct request_log *log, const struct request_entry *e);
/* Fails when a line could not be written: the file is not whole. */
int request_log_check(const struct request_log *log, struct err *err);
/*
 * Appends a path as a log may keep it: without the values that can name people.
 * The values of a query are "***" but for $select, $top, $count, $orderby and
 * $expand, and so is a part of the path with an "@" in it: what was asked is
 * said, and not about whom. Object ids stay.
 */
void request_log_address(struct str *out, const char *path);
/* The i-th, 0 = oldest. */
const struct request_entry *request_log_at(const struct request_log *log, size_t i);

#endif
