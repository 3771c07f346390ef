#ifndef CHECKS_REDACT_H
#define CHECKS_REDACT_H

#include "checks/comparison.h"
#include "checks/facts.h"
#include "checks/finding.h"
#include "checks/readiness.h"
#include "checks/usage.h"

/*
 * Takes the names of people out of what a report says: "person 7" stands for
 * one person everywhere in it, whether named by name, sign-in name, address or
 * object id. Every other word with an @ goes too. Names of groups, policies and
 * domains stay: without them a report says nothing.
 */
struct redactor;

struct redactor *redactor_new(const struct facts *f);
void redactor_free(struct redactor *r);
/* The text without names, in the arena; the same pointer when it has none. */
const char *redact(struct redactor *r, const char *text, struct arena *arena);
void redact_findings(struct redactor *r, struct findings *findings);
void redact_usage(struct redactor *r, struct usage *u, struct arena *arena);
void redact_readiness(struct redactor *r, struct readiness *of, struct arena *arena);
/* Why each area could not be read, AREA_COUNT of them, NULL where it was: an error of
 * Microsoft's may name whom it was asked for. */
void redact_reasons(struct redactor *r, const struct facts *f, const char **ret,
		    struct arena *arena);
void redact_comparison(struct redactor *r, struct comparison *c, struct arena *arena);

#endif
