#ifndef GRAPH_SIGN_IN_REGISTRATION_HELP_H
#define GRAPH_SIGN_IN_REGISTRATION_HELP_H

#include "graph/base/str.h"
#include "graph/cloud.h"

/*
 * Appends how an administrator makes the app registration that the wizard signs
 * in with: in the admin centre, or with the Azure CLI. Each tenant has one of
 * its own; one that is shared by everybody breaks for everybody (facts
 * sign-in-and-transport.md 4.4). write names the scopes that applying asks for,
 * NULL-terminated. Lines are at most 79 columns wide.
 */
void registration_help(struct str *out, const struct cloud *c, const char *const *write);

/*
 * Appends the address at which an administrator consents for everybody to scopes
 * (names with blanks between) of an application; whoever holds the role opens it in
 * a browser. tenant NULL: that of the administrator. Microsoft Learn: "Admin
 * consent" of the identity platform (facts sign-in-and-transport.md 4.3).
 */
void admin_consent_url(struct str *out, const struct cloud *c, const char *tenant,
		       const char *client_id, const char *scopes);

#endif
