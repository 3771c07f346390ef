#ifndef GRAPH_HTTP_H
#define GRAPH_HTTP_H

#include "graph/loop.h"
#include "graph/transport.h"

struct http_options {
	const char *ca_file;	/* trust this CA too; NULL = the system's only */
	const char *user_agent;	/* NULL = sspr-wizard/VERSION */
};

/* The transport over libcurl: TLS 1.2 or later and always verified, https
 * only (http on loopback alone), redirects off, QUICK_EXIT on every handle so
 * that a slow DNS server cannot freeze the screen. */
struct transport *http_transport_new(struct loop *l, const struct http_options *options,
				     struct err *err);

#endif
