#ifndef CHECKS_SERVER_DOCTOR_H
#define CHECKS_SERVER_DOCTOR_H

#include "checks/finding.h"
#include "checks/server_facts.h"

/*
 * Why writeback does not work, or will not for long, by what a server told:
 * the likeliest cause first. What stops everything stands before what stops
 * one person, a cause before its symptoms (facts on-premises.md 2.4, 3).
 */
struct server_cause {
	const char *id;		/* stable: "writeback-off", "clock", ... */
	enum verdict verdict;	/* FAIL: it stops writeback; WARN: it may, or
				   stops some people */
	const char *what;	/* a sentence */
	const char *remedy;	/* a sentence, or what to type */
};

struct server_causes {
	struct server_cause *v;
	size_t n, cap;
};

/* Text belongs to the arena. No cause does not prove that all is well:
 * server_proof() tells what does. */
void server_doctor(const struct server_facts *s, int64_t now_ms, struct server_causes *ret,
		   struct arena *arena);
/* "the relay answered 4 min before", "a reset was written back on ...": what
 * shows that it works, or NULL. */
const char *server_proof(const struct server_facts *s, struct arena *arena);

/* The same as findings: "server.writeback" with the verdict on all and what was
 * seen, then one "server.cause.ID" each, the likeliest first. Facts that are
 * too old to judge by give UNKNOWN and no causes. */
void judge_server(const struct server_facts *s, int64_t now_ms, struct findings *out);

#endif
