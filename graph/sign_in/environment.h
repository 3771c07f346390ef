#ifndef GRAPH_SIGN_IN_ENVIRONMENT_H
#define GRAPH_SIGN_IN_ENVIRONMENT_H

#include <stdbool.h>

#include "graph/base/err.h"
#include "graph/base/secret.h"

/*
 * What the process's environment says about signing in. The variables are those
 * of Microsoft's azure-identity libraries, so that what works there works here.
 * An empty variable counts as not set. Source: @azure/identity 4.13,
 * environmentCredential, workloadIdentityCredential, defaultAzureCredential.
 */
struct sign_in_environment {
	bool secret;			/* AZURE_CLIENT_SECRET is set */
	const char *certificate;	/* AZURE_CLIENT_CERTIFICATE_PATH, or NULL */
	const char *token_file;		/* AZURE_FEDERATED_TOKEN_FILE, or NULL */
	const char *credentials;	/* AZURE_TOKEN_CREDENTIALS, or NULL */
	const char *identity_endpoint;	/* IDENTITY_ENDPOINT of a host on Azure, or NULL */
	bool display;			/* a browser can be opened on this machine */
	bool ssh;			/* the person sits at another one */
};

void sign_in_environment_read(struct sign_in_environment *e);

/* A variable, NULL when it is not set or empty. */
const char *sign_in_variable(const char *name);
/* Whether it is "true" or "1". */
bool sign_in_variable_on(const char *name);

enum sign_in_secret { SIGN_IN_CLIENT_SECRET, SIGN_IN_CERTIFICATE_PASSWORD };

/*
 * A secret of the environment: the value goes into locked memory, its bytes in
 * the environment are overwritten and the variable is gone, so that no program
 * started later and no look at the process finds it. Empty when it was never
 * set; borrowed until the next call.
 */
const struct secret *sign_in_secret(enum sign_in_secret which);
void sign_in_secrets_take(void);	/* all of them, at the start of the program */
void sign_in_secrets_forget(void);

/*
 * Whether the environment lets its credentials be used for this tenant: where
 * AZURE_ADDITIONALLY_ALLOWED_TENANTS is set (names separated by ";", "*" for
 * all), for those and AZURE_TENANT_ID; else for every one. ERR_AUTH when not.
 */
int sign_in_tenant_allowed(const char *tenant, struct err *err);

#endif
