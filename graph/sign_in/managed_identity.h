#ifndef GRAPH_SIGN_IN_MANAGED_IDENTITY_H
#define GRAPH_SIGN_IN_MANAGED_IDENTITY_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * Signs in as the identity of the machine on Azure that this runs on. Which
 * service gives the token is seen by the environment: App Service and Functions
 * (IDENTITY_ENDPOINT with IDENTITY_HEADER), Azure Machine Learning (MSI_ENDPOINT
 * with MSI_SECRET), a server connected by Azure Arc (IDENTITY_ENDPOINT with
 * IMDS_ENDPOINT, or its agent is installed), else the instance metadata service,
 * whose address AZURE_POD_IDENTITY_AUTHORITY_HOST replaces. It answers at once or
 * is not there: three seconds of patience; 404, 410, 429 and 5xx are tried again
 * for up to a minute. Source: Microsoft Learn, how-to-use-vm-token (retry
 * guidance); MSAL Python, managed_identity.
 *
 * client_id names one of several identities, or is NULL. Fails with ERR_INVALID
 * for an address that is none of this machine's, and where the service is one
 * that this program cannot ask (Service Fabric, Cloud Shell).
 */
struct token_source *managed_identity_new(struct loop *l, struct transport *t,
					  const struct cloud *c, const char *client_id,
					  struct err *err);

/*
 * The key that Azure Arc wrote for us, out of its challenge
 * ("Basic realm=/var/opt/azcmagent/tokens/x.key"): appended to out as it goes
 * into an Authorization header. -1 for a path that is not a plain .key file in
 * that directory, and for more than 4096 bytes: a service that is none could
 * have any file of ours read out to it.
 */
/* Where those keys lie; tests name another place. */
extern const char *managed_identity_arc_keys;
int managed_identity_arc_key(const char *challenge, const char *dir, struct str *out);

#endif
