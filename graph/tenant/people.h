#ifndef GRAPH_TENANT_PEOPLE_H
#define GRAPH_TENANT_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/json.h"

/*
 * People of the simulated tenant: stable ids, and Graph users made from one
 * line of a table.
 */
#define GUID_TEXT 37

enum id_kind {
	ID_TENANT, ID_USER, ID_GROUP, ID_ROLE, ID_SERVICE, ID_APP, ID_ACCESS,
	ID_EVENT, ID_CORRELATION, ID_SIGN_IN, ID_SUBSCRIPTION, ID_LOCATION,
};

/* The same GUID (version 4 in form) for the same kind and number, always. */
const char *fixed_id(enum id_kind kind, uint32_t number, char out[GUID_TEXT]);

/* Methods as the registration report names them (facts graph.md 7.1). A
 * person's are kept as a list of those names in "_methods". */
enum method_bit {
	HAS_PUSH, HAS_CODE, HAS_PHONE, HAS_OFFICE_PHONE, HAS_EMAIL, HAS_QUESTION,
	HAS_FIDO2, HAS_HELLO, HAS_PASSWORDLESS, HAS_OTHER_PHONE, HAS_COUNT,
};
#define METHOD_BIT(m) (1u << (m))
#define APP	(METHOD_BIT(HAS_PUSH) | METHOD_BIT(HAS_CODE))
#define PHONE	METHOD_BIT(HAS_PHONE)
#define EMAIL	METHOD_BIT(HAS_EMAIL)
#define QUESTION METHOD_BIT(HAS_QUESTION)
extern const char *const method_names[HAS_COUNT];
/* The list of names for a mask; the caller owns it. */
struct json *methods_list(unsigned mask);
/* The mask of a list; names that it does not know are left out. */
unsigned methods_mask(const struct json *list);

#define PERSON_SYNCED	  1u
#define PERSON_GUEST	  2u
#define PERSON_DISABLED	  4u
#define PERSON_ROOM	  8u
#define PERSON_STALE	 16u	/* report row that is never refreshed */
#define PERSON_SYNC_ERROR 32u

enum licence { LICENCE_NONE, LICENCE_E3, LICENCE_F3, LICENCE_BUSINESS_PREMIUM,
	       LICENCE_ROOM, LICENCE_E1, LICENCE_COUNT };

struct person_spec {
	const char *alias;		/* UPN without its domain; unique */
	const char *name;		/* display name */
	const char *department, *title;
	enum licence licence;
	unsigned methods;		/* METHOD_BIT()s */
	unsigned flags;			/* PERSON_* */
};

/* What a licence is made of: Microsoft's SKU and service plan ids (facts
 * graph.md 1.2). */
struct licence_plan {
	const char *id, *name, *service;
};
struct licence_kind {
	const char *part_number, *sku_id;
	const struct licence_plan *plans;	/* ends with id NULL */
};
extern const struct licence_kind licence_kinds[LICENCE_COUNT];
/* Appends the plans of a licence as a user carries them. */
void assigned_plans_add(struct json *plans, enum licence l, const char *status,
			const char *since);

/*
 * A Graph user. number picks the id, guests get a home domain of their own.
 * The caller frees.
 */
struct json *person_new(const struct person_spec *p, uint32_t number, const char *domain,
			int64_t now_ms);

#endif
