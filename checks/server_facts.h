#ifndef CHECKS_SERVER_FACTS_H
#define CHECKS_SERVER_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "checks/security_descriptor.h"
#include "graph/base/arena.h"
#include "graph/base/json.h"


/*
 * What the script of `sspr-wizard server-script` read on the Entra Connect
 * server (facts on-premises.md 6). A fact that the document lacks, or that
 * could not be read there, is unknown: NULL, TRI 0, or a count of zero with its
 * "read" member false. Never a failure. Text belongs to the arena given.
 */
enum server_tri { SERVER_UNKNOWN, SERVER_NO, SERVER_YES };

struct server_event_count {
	const char *source;
	int id;
	int64_t count, first_ms, last_ms;
	const char *message;		/* the newest, cut and masked; NULL */
};

struct server_probe {
	const char *host, *purpose, *issuer, *problem;
	int port;
	bool answered, relay, own, controller;
	int status, sockets;		/* of a relay; 0 and -1 = not known */
};

struct server_account {
	const char *name, *sid;
	const char **groups;
	size_t ngroups;
};

struct server_domain {
	const char *name, *dn;
	double min_age_100ns;		/* negative; 0 = none */
	bool min_age_known;
	bool rights_known;
	struct descriptor_answer rights;	/* for users below, best account */
};

struct server_pilot {
	const char *asked, *dn;
	bool found, protected_person;	/* adminCount is 1 */
	bool rights_known;
	struct descriptor_answer rights;	/* on the person */
	bool reserved_name;		/* an OU above holds a reserved character */
};

struct server_facts {
	bool present;
	const char *computer, *nonce, *script_version, *where;	/* "server NAME" */
	int64_t collected_ms;
	const char *version, *service_state, *identity, *connector, *restrict_sam, *proxy;
	enum server_tri staging, sync_enabled, suspended, maintenance, writeback;
	const char *writeback_problem;	/* why the setting was not read, or NULL */
	bool skew_known;
	int64_t skew_seconds;		/* server minus cloud */
	enum server_tri tls12_off, weak_dotnet, policy_control;
	int dotnet_release;		/* 0 = not known */

	bool events_read;
	int64_t days;
	struct server_event_count *events;
	size_t nevents, events_cap;
	struct server_probe *probes;
	size_t nprobes, probes_cap;
	struct server_account *accounts;
	size_t naccounts, accounts_cap;
	struct server_domain *domains;
	size_t ndomains, domains_cap;
	struct server_pilot *pilots;
	size_t npilots, pilots_cap;
};

#define SERVER_SCHEMA "sspr-wizard-server/1"
/* What a server said counts for so long; then it is asked again. */
#define SERVER_LIFE_MS (7LL * 24 * 60 * 60 * 1000)

/* Reads the document into facts; a document that holds nothing leaves all
 * unknown. It must have been verified before (steps/server_import.h). */
void server_facts_read(const struct json *document, struct server_facts *ret,
		       struct arena *arena);
/* Whether these facts are there and not too old to judge by. */
bool server_facts_stand(const struct server_facts *s, int64_t now_ms);
/* The events of an id, or NULL. */
const struct server_event_count *server_events_of(const struct server_facts *s,
						  const char *source, int id);
/* When an event was seen last; 0 = not in the days that were read. */
int64_t server_event_last(const struct server_facts *s, int id);
/* Whether the issuer of a certificate is one that Microsoft's services have:
 * Microsoft or DigiCert by its organization (facts on-premises.md 1.3). */
bool server_issuer_known(const char *issuer);

#endif
