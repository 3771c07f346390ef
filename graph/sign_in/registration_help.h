#ifndef GRAPH_SIGN_IN_REGISTRATION_HELP_H
#define GRAPH_SIGN_IN_REGISTRATION_HELP_H

#include "graph/base/str.h"
#include "graph/cloud.h"

/*
 * How an administrator makes the app registration that the wizard signs in with.
 * Each tenant has one of its own; one that is shared by everybody breaks for
 * everybody (facts sign-in-and-transport.md 4.4). write names the scopes that applying
 * asks for, NULL-terminated; NULL for none. Each appends lines of at most 79 columns.
 *
 * The ids of permissions are not printed from memory: Microsoft Graph's own service
 * principal tells them, and the lines for the Azure CLI ask it.
 */
/* In the admin centre, step by step. */
void registration_portal(struct str *out, const struct cloud *c, const char *const *write);
/* With the Azure CLI, to be pasted into a shell. */
void registration_azure_cli(struct str *out, const char *const *write);
/* Both, and what to do then. */
void registration_help(struct str *out, const struct cloud *c, const char *const *write);
/* What is said before the wizard makes it: by which application, and why that one. */
extern const char registration_by_wizard[];

/*
 * Appends the address at which an administrator consents for everybody to scopes
 * (names with blanks between) of an application; whoever holds the role opens it in
 * a browser. tenant NULL: that of the administrator. Microsoft Learn: "Admin
 * consent" of the identity platform (facts sign-in-and-transport.md 4.3).
 */
void admin_consent_url(struct str *out, const struct cloud *c, const char *tenant,
		       const char *client_id, const char *scopes);
/* The same for everything that reading asks for. */
void read_consent_url(struct str *out, const struct cloud *c, const char *tenant,
		      const char *client_id);

#endif
