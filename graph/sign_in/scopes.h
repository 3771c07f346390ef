#ifndef GRAPH_SIGN_IN_SCOPES_H
#define GRAPH_SIGN_IN_SCOPES_H

#include <stdbool.h>

#include "graph/cloud.h"

/* Entra's recommendations, which only beta has; asked for where beta is allowed. */
#define SCOPE_RECOMMENDATIONS "DirectoryRecommendations.Read.All"

/*
 * The scopes that a person's sign-in asks for, as the text of a scope
 * parameter: each with the resource before it, for in other clouds a bare name
 * would mean another Graph (facts sign-in-and-transport.md 4.2).
 */

/* What reading the runbook's state needs, and no write scope (facts graph.md
 * 10.10). The caller frees. */
char *scopes_to_read(const struct cloud *c);
/* scopes with those names added that are not in it; resource as above. */
char *scopes_with(const char *scopes, const char *const *names, const char *resource);
/* The classic names in place of the granular ones, which older and sovereign
 * clouds do not know. The caller frees. */
char *scopes_classic(const char *scopes);
/* Whether a granted set ("User.Read https://.../Group.ReadWrite.All") has a
 * name, with its resource or without. */
bool scopes_have(const char *granted, const char *name);
/* The names of scopes_to_read(), NULL-terminated, and those of them that a
 * granted set has no equal for ("" when none; the caller frees). */
const char *const *scopes_read_names(void);
char *scopes_missing(const char *granted);
/* The names of a granted set that the wizard has no use for: more than it
 * needs. Separated by spaces, "" when there are none; the caller frees. */
char *scopes_beyond(const char *granted, const char *const *used);

#endif
