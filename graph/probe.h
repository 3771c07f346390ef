#ifndef GRAPH_PROBE_H
#define GRAPH_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/loop.h"

/*
 * Probes: does a host answer on a port, and who answers. All of them run at the
 * same time in the loop, each with its own limit. They send no secret and no
 * token: a connection, or one GET without any header of ours. A certificate that
 * is not trusted here is looked at all the same, because its issuer is what one
 * wants to know; nothing that such a host says is believed.
 */
enum probe_kind {
	PROBE_TCP,	/* a connection, and no byte */
	PROBE_TLS,	/* a connection and its certificate */
	PROBE_HTTP,	/* GET path: https, on port 80 http; any status is an answer */
};

/* Texts are copied by probes_start(). */
struct probe_target {
	const char *host;	/* a name or an address, without brackets */
	int port;
	enum probe_kind kind;
	const char *path;	/* of PROBE_HTTP, begins with a slash; NULL = "/" */
	bool inside;		/* of one's own network: never through the proxy */
};

/* Texts are clean and belong to the probes. */
struct probe_result {
	bool done, answered;
	bool trusted;		/* the certificate is one that this machine trusts */
	bool by_proxy;
	int status;		/* of HTTP; 0 = none */
	int took_ms;
	int64_t ended_ms;	/* wall time */
	const char *issuer;	/* "C=US, O=DigiCert Inc, CN=..."; NULL = no certificate */
	const char *problem;	/* why there was no answer; NULL when there was one */
};

struct probes_options {
	int timeout_ms;		/* of each; 0 = 8 s */
	void (*changed)(void *ctx);	/* from the loop, after each end; may free all */
	void *ctx;
	/* Answers in place of the network, which is then not touched (a demo):
	 * fills the result; texts must live as long as the probes. NULL: none. */
	void (*simulate)(const struct probe_target *t, struct probe_result *ret, void *ctx);
	void *simulate_ctx;
};

#define PROBES_MAX 40
struct probes;
/* n is at most PROBES_MAX; more are left out. Nothing is called before return. */
struct probes *probes_start(struct loop *l, const struct probe_target *targets, size_t n,
			    const struct probes_options *options);
size_t probes_count(const struct probes *p);
size_t probes_running(const struct probes *p);
const struct probe_target *probes_target(const struct probes *p, size_t i);
const struct probe_result *probes_result(const struct probes *p, size_t i);
/* Ends what still runs, without calling back. NULL is allowed. */
void probes_free(struct probes *p);

#endif
