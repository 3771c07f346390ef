#ifndef GRAPH_TENANT_REGISTRATION_H
#define GRAPH_TENANT_REGISTRATION_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/json.h"

/*
 * Rows of the registration report (userRegistrationDetails, facts graph.md
 * 7.1), computed from how the tenant is set: who may reset, who is
 * in which group, who has which methods.
 */

/* The truth of one moment, read from the state once for many rows. */
struct registration_basis {
	int scope;			/* enablementType: 0 none, 1 selected, 2 all */
	int required;			/* methods required of people */
	bool admins_may_reset;		/* allowedToUseSSPR */
	const char **members;		/* sorted ids in the selected groups */
	size_t nmembers, members_cap;
	const char **admins;		/* sorted ids with an administrator role */
	size_t nadmins, admins_cap;
};

/* Borrows ids from the state: valid until it changes. */
void registration_basis_read(struct registration_basis *b, const struct json *state);
void registration_basis_release(struct registration_basis *b);
/* The same as it was when the report was made: for rows of the crowd, which
 * has no administrators. */
void registration_basis_of_report(struct registration_basis *b, const struct json *state);
bool registration_is_member(const struct registration_basis *b, const char *user_id);
bool registration_is_admin(const struct registration_basis *b, const char *user_id);

/* The answers of one row. */
struct registration_flags {
	bool admin, sspr_registered, sspr_enabled, sspr_capable;
	bool mfa_registered, passwordless;
};
void registration_judge(const struct registration_basis *b, const char *user_id, bool guest,
			unsigned methods, struct registration_flags *out);

/* Whether this user has a row: not when disabled. */
bool registration_has_row(const struct json *user);
/* A new row; the caller owns it. */
struct json *registration_row(const struct registration_basis *b, const struct json *user,
			      int64_t updated_ms);
/* Makes the state's "registration" anew, and notes in log.report what the
 * crowd's rows show. Rows of users marked "_staleRow" are kept when there. */
void registration_rebuild(struct json *state, int64_t updated_ms);

/* A word for everything that the rows depend on: same word, same rows. */
uint64_t registration_fingerprint(const struct json *state);

#endif
