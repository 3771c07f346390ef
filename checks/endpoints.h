#ifndef CHECKS_ENDPOINTS_H
#define CHECKS_ENDPOINTS_H

#include "graph/base/arena.h"
#include "graph/cloud.h"
#include "graph/probe.h"

/*
 * What writeback needs to reach: the cloud's endpoints, and the ports of a domain
 * controller (Microsoft Learn: "Troubleshoot self-service password reset
 * writeback", "Microsoft Entra Connect: required ports and protocols").
 */
struct endpoint {
	struct probe_target target;
	const char *purpose;	/* "relay", "domain controller", ... */
};

#define PURPOSE_RELAY "relay"
#define PURPOSE_CONTROLLER "domain controller"
#define RELAY_ANSWER 401	/* of a relay that is asked without a token */

/* The endpoints of a cloud, then those of a domain controller (NULL: none);
 * returns how many, at most PROBES_MAX. Texts are constant, or in the arena. */
size_t endpoints_of(const struct cloud *cloud, const char *controller,
		    struct endpoint ret[PROBES_MAX], struct arena *arena);
/* A port that writeback does without: a closed one is no fault. */
bool endpoint_optional(int port);
/* Whether a name of a machine could be one: letters, digits, and - . : _ */
bool endpoint_host_plain(const char *host);

#endif
