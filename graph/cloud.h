#ifndef GRAPH_CLOUD_H
#define GRAPH_CLOUD_H

#include <stdbool.h>

#include "graph/base/err.h"

/* struct cloud - the hosts of one Microsoft cloud. Base URLs have no final
 * slash. Source: facts graph.md 10.9. */
struct cloud {
	const char *name;	/* "global", "usgov", "dod", "china" or "file" */
	const char *login;	/* https://login.microsoftonline.com */
	const char *graph;	/* https://graph.microsoft.com */
	const char *portal;	/* the admin centre's own API */
	const char *admin_centre;	/* https://entra.microsoft.com */
	bool has_methods_policy;	/* authenticationMethodsPolicy exists */
	bool has_audit;
	char *owned[3];		/* of a cloud file; freed by cloud_release() */
};

/* Finds a built-in cloud by name; fails naming the four. */
int cloud_by_name(const char *name, struct cloud *ret, struct err *err);
/* Reads a cloud file: JSON with login, graph and portal base URLs. http is
 * accepted for loopback addresses only. */
int cloud_from_file(const char *path, struct cloud *ret, struct err *err);
void cloud_release(struct cloud *c);

#endif
