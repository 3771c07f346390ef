#ifndef GRAPH_RECORDING_H
#define GRAPH_RECORDING_H

#include "graph/base/json.h"
#include "graph/loop.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * struct recording - what was asked and answered, to judge again later without
 * the tenant. It holds reads alone (GET, and $batch of them) and no header, so
 * no token can be in it; what it does hold is as personal as the tenant's data.
 * Answers rather than facts are kept: what a later version reads from them can
 * be more than this one does.
 */
struct recording {
	struct recorded *v;
	size_t n, cap;
	int64_t saved_ms;	/* "now" of whoever judges it */
	char *cloud;		/* name of the cloud that answered */
	struct json *servers;	/* what servers told, as it was kept; NULL: nothing */
};

void recording_release(struct recording *r);
/* sspr-wizard/facts/1 and back. Reading fails on any other document. */
struct json *recording_json(const struct recording *r);
int recording_read(const struct json *doc, struct recording *ret, struct err *err);

/* A transport that passes everything on to inner and adds what comes back to
 * the recording; borrows both. */
struct transport *recorder_new(struct transport *inner, struct recording *to);
/* A transport that answers from a recording, and a token for it. A request that
 * was not recorded ends with ERR_NOT_FOUND. Both borrow. */
struct transport *replay_new(struct loop *l, const struct recording *from);
struct token_source *replay_token_new(struct loop *l);

#endif
