#ifndef GRAPH_TENANT_CROWD_H
#define GRAPH_TENANT_CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/base/json.h"
#include "graph/base/str.h"

/*
 * The crowd: the people of the scenario `large` beyond the fixed ones. Person
 * number i (from 0) is computed from i alone and never stored, so that a
 * million people cost no memory and a page costs its own length. All are
 * synced members without an administrator role.
 */
#define CROWD_ID_TEXT 37	/* a GUID and its NUL */
#define CROWD_NAME_TEXT 48

/* What differs from person to person. */
struct crowd_person {
	char id[CROWD_ID_TEXT];
	char display_name[CROWD_NAME_TEXT];
	char alias[CROWD_NAME_TEXT];	/* UPN without its domain */
	bool enabled;			/* account enabled: has a report row */
	bool licensed;			/* has the P1 plan */
	unsigned methods;		/* METHOD_BIT()s of people.h */
};

void crowd_person(size_t i, struct crowd_person *out);
/* Two of these without the texts, for counting. */
bool crowd_enabled(size_t i);
unsigned crowd_methods(size_t i);
/* Whether the id is one of a crowd of n people; sets *ret_i. */
bool crowd_find(size_t n, const char *id, size_t *ret_i);
/* The same by user principal name ("ada.lund.000017@contoso.com"), any case. */
bool crowd_find_upn(size_t n, const char *upn, const char *domain, size_t *ret_i);

/* Person i as a Graph user with the same properties as the stored ones; the
 * caller frees. now_ms makes the dates. */
struct json *crowd_user(size_t i, const char *domain, int64_t now_ms);

#endif
