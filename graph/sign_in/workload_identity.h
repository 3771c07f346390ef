#ifndef GRAPH_SIGN_IN_WORKLOAD_IDENTITY_H
#define GRAPH_SIGN_IN_WORKLOAD_IDENTITY_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * Signs in as an application that trusts another identity provider (workload
 * identity federation; Kubernetes, GitHub Actions): the token in file, which that
 * provider issued, is sent as client_assertion. The file is read anew for each
 * request, for its token is short-lived and others replace it. Source: Microsoft
 * identity platform, v2-oauth2-client-creds-grant-flow.md, third case; @azure/identity
 * workloadIdentityCredential.
 *
 * Fails with ERR_INVALID when tenant, client id or file are missing, and with
 * ERR_IO when the file cannot be read now.
 */
struct token_source *workload_identity_new(struct loop *l, struct transport *t,
					   const struct cloud *c, const char *tenant,
					   const char *client_id, const char *file,
					   struct err *err);

#endif
