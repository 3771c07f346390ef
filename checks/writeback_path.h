#ifndef CHECKS_WRITEBACK_PATH_H
#define CHECKS_WRITEBACK_PATH_H

#include "checks/facts.h"
#include "checks/finding.h"
#include "checks/wanted.h"

/*
 * The way of a new password, from the person to the directory on-premises, as
 * nine parts in their order: five nodes, and the links between them at the odd
 * places. Each part is a finding of its own, "path.people" to "path.directory":
 * verdict, how sure, what was seen and when, what to do. The last evidence of a
 * part is what decided. Pure.
 */
enum path_part {
	PATH_PEOPLE,		/* who is synced in the group */
	PATH_RESET,		/* they may reset, and do */
	PATH_ENTRA,		/* the tenant's switch */
	PATH_ENTRA_RELAY,	/* Microsoft's own leg */
	PATH_RELAY,		/* Azure Service Bus */
	PATH_RELAY_SERVER,	/* the server listens there */
	PATH_SERVER,		/* Entra Connect, or the Cloud Sync agent */
	PATH_SERVER_DIRECTORY,	/* ports and rights */
	PATH_DIRECTORY,		/* the domain's own rules */
	PATH_PARTS,
};
/* Short, for a picture: "People", "Entra ID", "Relay", "Server", "Directory". */
const char *path_part_name(enum path_part p);

/* Adds the nine findings to out, which must be empty. False, and nothing is
 * added, when there is no such way: never synced, or not wanted. */
bool writeback_path_judge(const struct facts *f, const struct wanted *w, struct findings *out);
/* The part whose remedy is the next thing to do: what fails first, then what
 * warns, then what nothing is known of; that people may reset comes last, as it is
 * of no use before the rest. NULL when all parts are well. */
const struct finding *writeback_path_next(const struct findings *path);

#endif
