#ifndef CHECKS_DIAGNOSE_H
#define CHECKS_DIAGNOSE_H

#include "checks/check.h"

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

#endif
