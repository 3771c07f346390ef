#ifndef CHECKS_SERVERS_H
#define CHECKS_SERVERS_H

#include "checks/facts.h"
#include "checks/server_doctor.h"

/*
 * Several servers of one tenant: one is active, the others stage and write
 * nothing back (Microsoft Learn: "Microsoft Entra Connect Sync: Staging server").
 * Each one's document is kept; it is judged by that of the active one.
 */

/*
 * Takes in what one server told, in place of what the same one told before, and
 * makes facts.server that of the active one: not staging before staging, then the
 * newest. The texts of *s must live as long as the facts.
 */
void facts_add_server(struct facts *f, const struct server_facts *s);

/* server_doctor() of the active server, and what the others have to do with it:
 * another one that is active, too; a standby that could not take over. */
void servers_doctor(const struct facts *f, struct server_causes *ret, struct arena *arena);

/* judge_server() of the active server with these causes, and the others as
 * evidence. */
void judge_servers(const struct facts *f, struct findings *out);

#endif
