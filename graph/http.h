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

/*
 * How a transfer (a CURL *) signs in to a proxy that asks for it. libcurl takes the
 * first way that both know and stays with it: a password needs the ways for passwords
 * alone, or a proxy that offers Negotiate as well would be shown none. Without one it
 * is the Kerberos ticket of whoever runs this; for that libcurl wants a user name, be
 * it empty, and a second way, or it sends the ticket before it is asked for.
 */
void http_proxy_sign_in(void *easy);

#endif
