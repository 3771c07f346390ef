#ifndef CHECKS_PERMISSIONS_H
#define CHECKS_PERMISSIONS_H

#include "checks/facts.h"

/*
 * What whoever is signed in may do, held against what the wizard needs: one list
 * for the finding health.permissions, for the screen and for text. Pure.
 */
enum permission_kind { PERMISSION_READ, PERMISSION_WRITE, PERMISSION_ROLE };

enum permission_state {
	PERMISSION_HELD,	/* and needed */
	PERMISSION_MISSING,	/* what needs it stays unknown */
	PERMISSION_LATER,	/* not held; asked for at the step that needs it */
	PERMISSION_SURPLUS,	/* held, and more than the wizard needs */
	PERMISSION_OTHER,	/* a role that the wizard has nothing to do with */
};

struct permission {
	enum permission_kind kind;
	enum permission_state state;
	const char *name;	/* "Group.ReadWrite.All", "Reports Reader" */
	const char *text;	/* what for, what is lost without, or why it is too much */
};

struct permissions {
	struct permission *v;	/* read scopes, write scopes, roles; in the arena */
	size_t n, cap;
	bool scopes_known, roles_known;
	size_t missing, surplus;
};

void permissions_list(const struct facts *f, struct arena *a, struct permissions *out);
/* "missing", "asked for later", ... */
const char *permission_state_word(enum permission_state s);
/* The write scopes that any step may ask for, NULL-terminated. */
const char *const *permissions_write_scopes(void);

#endif
