#ifndef CHECKS_INVITATION_H
#define CHECKS_INVITATION_H

#include "checks/readiness.h"
#include "graph/base/str.h"

/*
 * What to write to whoever can close a gap, ready to copy: one text for each gap
 * that somebody of the pilot has, and one for those who are ready. For gaps that
 * others close (licences, accounts, the server) the text names the people.
 */
struct invitation {
	enum gap gap;
	size_t people;		/* whom it is to, or about */
	const char *whom;	/* "the person", "who assigns licences" */
	const char *subject, *body;	/* body ends in a newline */
	const char *warning;	/* why not to send it yet; NULL: nothing against it */
};

/* The invitations that are of use, gaps first, in the arena. */
size_t invitations(const struct readiness *r, const struct invitation **ret,
		   struct arena *arena);
/* One as text to paste: subject, empty line, body. */
void invitation_text(const struct invitation *i, struct str *out);
/* All of them in a document, each with its addresses, a line each. */
void invitations_document(const struct readiness *r, struct str *out);

#endif
