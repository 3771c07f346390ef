#ifndef GRAPH_TENANT_ODATA_H
#define GRAPH_TENANT_ODATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/tenant/internal.h"

/* Inside odata*.c: what is known about a type, and a query taken apart. */

/* struct odata_type - one Graph type. Lists are words with blanks between. */
struct odata_type {
	const char *name;	/* "user" */
	const char *properties;	/* v1.0, all */
	const char *beta;	/* more of them on /beta; NULL = none */
	const char *defaults;	/* given without $select; NULL = all */
	const char *filters;	/* the ones $filter takes; NULL = all */
	const char *operators;	/* the ones $filter takes; NULL = all */
	const char *search;	/* the ones $search takes; NULL = no $search */
	const char *basic;	/* readable without any of full_scopes; NULL = all */
	const char *full_scopes[4];
	bool directory;		/* directory object: ConsistencyLevel counts */
	bool select_only;	/* no $filter, $top, $orderby */
	int page, top_max;	/* page size without $top; 0 = 100 and 999 */
};

/* NULL for a type that is not in the table: then every property is known. */
const struct odata_type *odata_type_find(const char *name);
/* Whether the list of words has this one (n bytes), with case. */
bool words_have(const char *words, const char *word, size_t n);
bool type_has(const struct odata_type *type, const char *property, size_t n, bool beta);
/* Whether a missing value of this property is an empty list. */
bool property_is_list(const char *property);

/* One $filter, parsed. */
enum filter_kind {
	FILTER_AND, FILTER_OR, FILTER_NOT,
	FILTER_COMPARE,		/* path op value */
	FILTER_IN,
	FILTER_STARTS, FILTER_ENDS, FILTER_CONTAINS,
	FILTER_ANY, FILTER_ALL,	/* path/any(name:left), path/any() */
	FILTER_TRUTH,		/* a boolean property alone */
};
enum compare { CMP_EQ, CMP_NE, CMP_GT, CMP_GE, CMP_LT, CMP_LE };
enum literal_kind { LIT_STRING, LIT_GUID, LIT_TIME, LIT_NUMBER, LIT_BOOL, LIT_NULL };
struct literal {
	enum literal_kind kind;
	char *text;
	double number;		/* LIT_NUMBER, and 0 or 1 for LIT_BOOL */
	int64_t time_ms;	/* LIT_TIME */
};
struct filter {
	enum filter_kind kind;
	enum compare compare;
	struct filter *left, *right;
	char *path;		/* "a/b"; "" is the variable itself */
	bool of_variable;	/* path starts at the lambda's variable */
	bool counted;		/* path/$count */
	char *variable;		/* the lambda's */
	struct literal *values;
	size_t nvalues, values_cap;
};

/* Parses; NULL with Graph's words in *err_text (error.message) when it does
 * not read. *ret_advanced tells whether only an advanced query may ask this,
 * and names the operator. */
struct filter *filter_parse(const char *text, const struct odata_type *type, bool beta,
			    struct str *err_text, const char **ret_advanced);
void filter_free(struct filter *f);
bool filter_match(const struct filter *f, const struct json *object);

/* A query taken apart. Zero is empty. */
struct odata_query {
	char *select[64];
	size_t nselect;
	struct filter *filter;
	char *order[4];
	bool descending[4];
	size_t norder;
	char *search_property, *search_text;
	bool count;
	size_t top;		/* 0 = none was asked */
	size_t start;		/* from $skiptoken */
};

/* False when Graph refuses it; the answer is filled then. */
bool query_parse(struct odata_query *q, const struct tenant_call *c,
		 const struct odata_type *type, const char *type_name, bool cast,
		 struct tenant_response *r);
void query_release(struct odata_query *q);
bool query_match(const struct odata_query *q, const struct json *object);
/* -1, 0, 1 by $orderby. */
int query_compare(const struct odata_query *q, const struct json *a, const struct json *b);
/* Compares two values as Graph sorts them: null first, case ignored. */
int value_compare(const struct json *a, const struct json *b);

#define SKIPTOKEN_TEXT 40
void skiptoken_format(size_t place, char out[SKIPTOKEN_TEXT]);
bool skiptoken_parse(const char *text, size_t *ret);

/* The object as it leaves: selected, without "_" members. type_word, when not
 * NULL, becomes "@odata.type". */
struct json *odata_shape(const struct json *object, const struct odata_query *q,
			 const struct odata_type *type, bool beta, const char *type_word);
/* With too narrow a token Graph gives the rest as null, without an error
 * (facts graph.md 1.4, 2.1). One's own entry (/me) is always whole. */
void odata_hide(const struct tenant *t, const struct tenant_call *c,
		const struct odata_type *type, struct json *shaped);

#endif
