#ifndef GRAPH_SIGN_IN_AZURE_CLI_H
#define GRAPH_SIGN_IN_AZURE_CLI_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/token.h"

/*
 * Borrows the sign-in of the Azure CLI: `az account get-access-token` (facts
 * sign-in-and-transport.md 3.6), started without a shell. The token has the
 * permissions of the CLI's own application, which may be fewer than the checks
 * need. tenant may be NULL: that of the CLI. Fails when az is not in PATH.
 */
struct token_source *azure_cli_new(struct loop *l, const struct cloud *c, const char *tenant,
				   struct err *err);

#endif
