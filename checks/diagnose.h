#ifndef CHECKS_DIAGNOSE_H
#define CHECKS_DIAGNOSE_H

#include "checks/check.h"
#include "checks/reasons.h"

/*
 * Why one person can or cannot reset. Pure, as every check: name the person in
 * wanted.entries, read DIAGNOSE_AREAS, then ask.
 */
#define DIAGNOSE_AREAS (AREAS_ALL & ~(AREA_BIT(AREA_PORTS) | AREA_BIT(AREA_SCORE)))

/* The person of a sign-in name, address or id among those who were read; with
 * what the report says of them. NULL when nobody read is called so. */
const struct person *diagnose_find(const struct facts *f, const char *user);

/*
 * Adds a finding for each thing that a reset depends on, ids "diagnose.*", in
 * the order in which the service asks: FAIL and WARN are the causes, with
 * evidence and remedy. Returns whether the person can reset now; UNKNOWN when
 * something that decides could not be read.
 */
enum tri diagnose_person(const struct facts *f, const struct wanted *w,
			 const struct person *p, struct findings *out);

/* The troubleshooting case of the runbook that a finding of diagnose_person()
 * is; CASE_NONE for one that is well or has no such case. */
enum runbook_case diagnose_case(const struct finding *one);
/* What to tell the person, ready to copy: a greeting, what is wrong in plain
 * words, what the person does and what the help desk does. Ends in a newline. */
const char *diagnose_message(const struct facts *f, const struct person *p, enum tri can,
			     const struct findings *findings, struct arena *arena);

/* Where people reset: each cloud has its own page. A constant. */
const char *reset_page(const struct facts *f);

#endif
