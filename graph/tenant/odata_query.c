#include "graph/tenant/odata.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* The token says nothing to a reader: a client must not compute with it. */
static const char skip_prefix[] = "RFNwdAIAAQAAAB";
#define SKIP_MASK UINT64_C(0x9d3b61c4a7e5f20b)

void skiptoken_format(size_t place, char out[SKIPTOKEN_TEXT])
{
	snprintf(out, SKIPTOKEN_TEXT, "%s%016" PRIx64, skip_prefix, (uint64_t)place ^ SKIP_MASK);
}

bool skiptoken_parse(const char *text, size_t *ret)
{
	size_t n = sizeof(skip_prefix) - 1;
	uint64_t v;
	char *end;

	if (!str_starts(text, skip_prefix) || strlen(text) != n + 16)
		return false;
	v = strtoull(text + n, &end, 16) ^ SKIP_MASK;
	if (*end || v > SIZE_MAX / 2)
		return false;
	*ret = (size_t)v;
	return true;
}

void query_release(struct odata_query *q)
{
	for (size_t i = 0; i < q->nselect; i++)
		free(q->select[i]);
	for (size_t i = 0; i < q->norder; i++)
		free(q->order[i]);
	free(q->search_property);
	free(q->search_text);
	filter_free(q->filter);
	memset(q, 0, sizeof(*q));
}

static bool mixed(const char *type_name)
{
	return str_same(type_name, "directoryObject");
}

/* A collection of mixed objects takes the properties of any of its types. */
static bool selectable(const struct odata_type *type, const char *type_name, const char *word,
		       bool beta)
{
	static const char *const kinds[] = { "user", "group", "servicePrincipal", "device",
					     "directoryRole" };

	if (!mixed(type_name))
		return !type || type_has(type, word, strlen(word), beta);
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (type_has(odata_type_find(kinds[i]), word, strlen(word), beta))
			return true;
	return false;
}

static bool parse_select(struct odata_query *q, const char *value, const struct odata_type *type,
			 const char *type_name, bool beta, struct tenant_response *r)
{
	const char *p = value;

	while (*p) {
		size_t n = strcspn(p, ",");
		char *word;

		while (n && *p == ' ')
			p++, n--;
		while (n && p[n - 1] == ' ')
			n--;
		word = xstrndup(p, n);
		if (!n || q->nselect == COUNT_OF(q->select) ||
		    (!str_same(word, "*") && !selectable(type, type_name, word, beta))) {
			answer_errorf(r, 400, "BadRequest",
				      "Parsing OData Select and Expand failed: Could not find a "
				      "property named '%s' on type 'microsoft.graph.%s'.",
				      word, type_name);
			free(word);
			return false;
		}
		q->select[q->nselect++] = word;
		p += n;
		p += strspn(p, " ");
		if (*p == ',')
			p++;
	}
	return true;
}

static bool parse_order(struct odata_query *q, const char *value, const struct odata_type *type,
			const char *type_name, bool beta, struct tenant_response *r)
{
	const char *p = value;

	while (*p) {
		size_t n, len;

		p += strspn(p, " ");
		n = strcspn(p, ",");
		len = strcspn(p, " ,");
		if (!len || q->norder == COUNT_OF(q->order) ||
		    (type && !type_has(type, p, strcspn(p, "/ ,"), beta))) {
			answer_errorf(r, 400, "BadRequest",
				      "Could not find a property named '%.*s' on type "
				      "'microsoft.graph.%s'.", (int)len, p, type_name);
			return false;
		}
		q->order[q->norder] = xstrndup(p, len);
		for (const char *w = p + len; w < p + n; w++)
			if (!strncmp(w, "desc", 4))
				q->descending[q->norder] = true;
		q->norder++;
		p += n;
		if (*p == ',')
			p++;
	}
	return true;
}

static bool parse_top(struct odata_query *q, const char *value, const struct odata_type *type,
		      struct tenant_response *r)
{
	long max = type && type->top_max ? type->top_max : 999;
	char *end;
	long n = strtol(value, &end, 10);

	if (!*value || *end || !isdigit((unsigned char)*value)) {
		answer_errorf(r, 400, "BadRequest", "Invalid value '%s' for $top query option "
			      "found. The $top query option requires a non-negative integer "
			      "value.", value);
		return false;
	}
	if (n < 1 || n > max) {
		answer_errorf(r, 400, "Request_UnsupportedQuery", "Invalid page size specified: "
			      "'%ld'. Must be between 1 and %ld inclusive.", n, max);
		return false;
	}
	q->top = (size_t)n;
	return true;
}

/* "property:text", with the quotes. */
static bool parse_search(struct odata_query *q, const char *value, const struct odata_type *type,
			 bool eventual, struct tenant_response *r)
{
	size_t n = strlen(value);
	const char *colon = strchr(value, ':');

	if (!eventual) {
		answer_error(r, 400, "Request_UnsupportedQuery",
			     "Request with $search query parameter only works through MSGraph "
			     "with a special request header: 'ConsistencyLevel: eventual'");
		return false;
	}
	if (n < 2 || value[0] != '"' || value[n - 1] != '"' || !colon) {
		answer_errorf(r, 400, "BadRequest", "Syntax error: character ':' is not valid at "
			      "position %d in '%s'.", colon ? (int)(colon - value) : 0, value);
		return false;
	}
	if (!type || !words_have(type->search, value + 1, (size_t)(colon - value - 1))) {
		answer_errorf(r, 400, "Request_UnsupportedQuery", "Unsupported property '%.*s' in "
			      "$search clause.", (int)(colon - value - 1), value + 1);
		return false;
	}
	q->search_property = xstrndup(value + 1, (size_t)(colon - value - 1));
	q->search_text = xstrndup(colon + 1, n - 2 - (size_t)(colon - value));
	return true;
}

static bool parse_filter(struct odata_query *q, const char *value, const struct tenant_call *c,
			 const struct odata_type *type, bool counting, struct tenant_response *r)
{
	struct str text = { 0 };
	const char *advanced = NULL;

	q->filter = filter_parse(value, type, c->beta, &text, &advanced);
	if (!q->filter) {
		answer_error(r, 400, "BadRequest", str_text(&text));
	} else if (advanced && !(c->eventual && counting)) {
		answer_errorf(r, 400, "Request_UnsupportedQuery",
			      "Operator '%s' is not supported because the required parameters "
			      "might be missing. Try adding $count=true query parameter and "
			      "ConsistencyLevel:eventual header. Refer to "
			      "https://aka.ms/graph-docs/advanced-queries for more information",
			      advanced);
	} else {
		str_release(&text);
		return true;
	}
	str_release(&text);
	return false;
}

/* What only an advanced query may combine (facts graph.md 10.5). */
static bool check_combination(const struct odata_query *q, const struct tenant_call *c,
			      const struct odata_type *type, bool cast,
			      struct tenant_response *r)
{
	bool directory = cast || (type && type->directory);

	if (!directory || (c->eventual && q->count))
		return true;
	if (q->filter && q->norder) {
		answer_error(r, 400, "Request_UnsupportedQuery",
			     "Sorting not supported for current query.");
		return false;
	}
	if (cast && !c->eventual && (q->filter || q->norder || q->count)) {
		answer_error(r, 400, "Request_UnsupportedQuery",
			     "The specified query on a type cast is only supported with "
			     "$count=true and the header ConsistencyLevel:eventual. Refer to "
			     "https://aka.ms/graph-docs/advanced-queries for more information");
		return false;
	}
	return true;
}

static bool known_option(const char *name)
{
	static const char options[] =
		"$select $filter $orderby $top $count $search $skiptoken $expand $skip $format";

	return name[0] != '$' || words_have(options, name, strlen(name));
}

static bool refuse_options(const struct tenant_call *c, const struct odata_type *type,
			   struct tenant_response *r)
{
	for (size_t i = 0; i < c->nquery; i++) {
		const char *name = c->query[i].name;

		if (!known_option(name)) {
			answer_errorf(r, 400, "BadRequest",
				      "The query parameter '%s' is not supported.", name);
			return false;
		}
		if (str_same(name, "$skip") || str_same(name, "$expand")) {
			answer_errorf(r, 400, "Request_BadRequest",
				      "'%s' is not supported by the service.", name);
			return false;
		}
		if (type && type->select_only && name[0] == '$' && !str_same(name, "$select") &&
		    !str_same(name, "$format")) {
			answer_errorf(r, 400, "Request_UnsupportedQuery",
				      "The query parameter '%s' is not supported on this "
				      "resource.", name);
			return false;
		}
	}
	return true;
}

bool query_parse(struct odata_query *q, const struct tenant_call *c,
		 const struct odata_type *type, const char *type_name, bool cast,
		 struct tenant_response *r)
{
	const char *v, *count = tenant_query(c, "$count");

	if (!refuse_options(c, type, r))
		return false;
	if (count && !str_same(count, "true") && !str_same(count, "false")) {
		answer_errorf(r, 400, "BadRequest", "Invalid value '%s' for $count query option "
			      "found. The $count query option requires a Boolean value.", count);
		return false;
	}
	q->count = str_same(count, "true");
	if ((v = tenant_query(c, "$select")) && !parse_select(q, v, type, type_name, c->beta, r))
		return false;
	if ((v = tenant_query(c, "$orderby")) && !parse_order(q, v, type, type_name, c->beta, r))
		return false;
	if ((v = tenant_query(c, "$top")) && !parse_top(q, v, type, r))
		return false;
	if ((v = tenant_query(c, "$search")) && !parse_search(q, v, type, c->eventual, r))
		return false;
	if ((v = tenant_query(c, "$filter")) &&
	    !parse_filter(q, v, c, type, q->count || str_same(c->segments[c->nsegments - 1],
							      "$count"), r))
		return false;
	if ((v = tenant_query(c, "$skiptoken")) && !skiptoken_parse(v, &q->start)) {
		answer_error(r, 400, "Directory_ExpiredPageToken",
			     "The specified page token value has expired and can no longer be "
			     "included in your request.");
		return false;
	}
	return check_combination(q, c, type, cast, r);
}
