#include "graph/tenant/odata.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

/*
 * The $filter grammar of OData as far as Graph serves it: and, or, not, eq,
 * ne, gt, ge, lt, le, in, startswith, endswith, contains, any, all, $count,
 * null, strings, numbers, booleans, dates and object ids.
 */
#define FILTER_DEPTH_MAX 25

struct parser {
	const char *text, *p;
	const struct odata_type *type;	/* NULL: every property is known */
	bool beta;
	const char *variables[8];
	size_t nvariables;
	int depth;
	struct str *err;
	const char *advanced;
};

static struct filter *parse_or(struct parser *ps);

static void fail(struct parser *ps)
{
	if (!ps->err->len)
		str_addf(ps->err, "Invalid filter clause: Syntax error at position %d in '%s'.",
			 (int)(ps->p - ps->text), ps->text);
}

static void skip_blanks(struct parser *ps)
{
	while (*ps->p == ' ')
		ps->p++;
}

static bool take(struct parser *ps, char c)
{
	skip_blanks(ps);
	if (*ps->p != c)
		return false;
	ps->p++;
	return true;
}

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '-' || c == ':' ||
	       c == '+' || c == '@';
}

/* The word at the place, without moving on. */
static size_t peek_word(struct parser *ps)
{
	size_t n = 0;

	skip_blanks(ps);
	while (word_char(ps->p[n]))
		n++;
	return n;
}

static bool take_word(struct parser *ps, const char *word)
{
	size_t n = peek_word(ps);

	if (n != strlen(word) || strncmp(ps->p, word, n) != 0)
		return false;
	ps->p += n;
	return true;
}

/* Only operators that the type serves (the audit log serves few). */
static bool allowed(struct parser *ps, const char *operator)
{
	if (!ps->type || !ps->type->operators ||
	    words_have(ps->type->operators, operator, strlen(operator)))
		return true;
	if (!ps->err->len)
		str_addf(ps->err, "Invalid filter clause: The operator '%s' is not supported.",
			 operator);
	return false;
}

static void need_advanced(struct parser *ps, const char *operator)
{
	if (ps->type && ps->type->directory && !ps->advanced)
		ps->advanced = operator;
}

static struct filter *filter_new(enum filter_kind kind)
{
	struct filter *f = xcalloc(1, sizeof(*f));

	f->kind = kind;
	return f;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	filter_free(f->left);
	filter_free(f->right);
	for (size_t i = 0; i < f->nvalues; i++)
		free(f->values[i].text);
	free(f->values);
	free(f->path);
	free(f->variable);
	free(f);
}

/* Frees f and returns NULL, so that `return drop(...)` is the error path. */
static struct filter *drop(struct parser *ps, struct filter *f)
{
	fail(ps);
	filter_free(f);
	return NULL;
}

static bool check_property(struct parser *ps, const char *word, size_t n)
{
	if (!ps->type)
		return true;
	if (!type_has(ps->type, word, n, ps->beta)) {
		if (!ps->err->len)
			str_addf(ps->err, "Invalid filter clause: Could not find a property named "
				 "'%.*s' on type 'microsoft.graph.%s'.", (int)n, word,
				 ps->type->name);
		return false;
	}
	if (ps->type->filters && !words_have(ps->type->filters, word, n)) {
		if (!ps->err->len)
			str_addf(ps->err, "Invalid filter clause: Filtering on the property '%.*s' "
				 "is not supported.", (int)n, word);
		return false;
	}
	return true;
}

/* One step of a path; stops before /any, /all. Sets counted for /$count. */
static bool parse_path(struct parser *ps, struct filter *f)
{
	struct str path = { 0 };
	size_t n = peek_word(ps);

	if (!n || !isalpha((unsigned char)*ps->p))
		return false;
	for (size_t i = 0; i < ps->nvariables; i++)
		if (strlen(ps->variables[i]) == n && !strncmp(ps->variables[i], ps->p, n))
			f->of_variable = true;
	if (!f->of_variable) {
		if (!check_property(ps, ps->p, n))
			return false;
		str_add_bytes(&path, ps->p, n);
	}
	ps->p += n;
	while (*ps->p == '/') {
		const char *at = ps->p + 1;

		if (!strncmp(at, "any(", 4) || !strncmp(at, "all(", 4))
			break;
		ps->p++;
		if (!strncmp(at, "$count", 6)) {
			f->counted = true;
			ps->p += 6;
			need_advanced(ps, "$count");
			break;
		}
		n = peek_word(ps);
		if (!n) {
			str_release(&path);
			return false;
		}
		if (path.len)
			str_add_char(&path, '/');
		str_add_bytes(&path, ps->p, n);
		ps->p += n;
	}
	f->path = xstrdup(str_text(&path));
	str_release(&path);
	return true;
}

static bool parse_string(struct parser *ps, struct str *out)
{
	ps->p++;
	for (;;) {
		if (!*ps->p)
			return false;
		if (*ps->p == '\'') {
			if (ps->p[1] != '\'')
				break;
			ps->p++;
		}
		str_add_char(out, *ps->p++);
	}
	ps->p++;
	return true;
}

static bool parse_bare(struct parser *ps, struct literal *lit, size_t n)
{
	char *word = xstrndup(ps->p, n), *end;
	bool ok = true;

	lit->text = word;
	if (str_same(word, "null")) {
		lit->kind = LIT_NULL;
	} else if (str_same(word, "true") || str_same(word, "false")) {
		lit->kind = LIT_BOOL;
		lit->number = word[0] == 't';
	} else if (is_guid(word)) {
		lit->kind = LIT_GUID;
	} else if (time_parse(word, &lit->time_ms) == 0) {
		lit->kind = LIT_TIME;
	} else {
		lit->kind = LIT_NUMBER;
		lit->number = strtod(word, &end);
		ok = !*end && (isdigit((unsigned char)word[0]) || word[0] == '-');
	}
	if (ok) {
		ps->p += n;
		return true;
	}
	if (!ps->err->len && isalpha((unsigned char)word[0]))
		str_addf(ps->err, "Invalid filter clause: Could not find a property named '%s' on "
			 "type 'microsoft.graph.%s'.", word, ps->type ? ps->type->name : "entity");
	free(word);
	lit->text = NULL;
	return false;
}

/* Values that Graph refuses to compare with a property of another type. */
static bool check_type(struct parser *ps, const struct filter *f, const struct literal *lit)
{
	const char *leaf = f->path ? strrchr(f->path, '/') : NULL;
	const char *want = NULL, *got = NULL;

	leaf = leaf ? leaf + 1 : f->path ? f->path : "";
	if (lit->kind == LIT_NULL || f->counted || !*leaf || !ps->type)
		return true;
	if (str_same(leaf, "servicePlanId") || str_same(leaf, "skuId"))
		want = lit->kind == LIT_GUID ? NULL : "Edm.Guid";
	else if (str_ends(leaf, "DateTime"))
		want = lit->kind == LIT_TIME ? NULL : "Edm.DateTimeOffset";
	else if (str_ends(leaf, "Enabled") || (str_starts(leaf, "is") && isupper((unsigned char)leaf[2])))
		want = lit->kind == LIT_BOOL ? NULL : "Edm.Boolean";
	else if (lit->kind == LIT_GUID || lit->kind == LIT_BOOL)
		want = "Edm.String";
	if (!want)
		return true;
	got = lit->kind == LIT_STRING ? "Edm.String" : lit->kind == LIT_GUID ? "Edm.Guid" :
	      lit->kind == LIT_BOOL ? "Edm.Boolean" : lit->kind == LIT_TIME ? "Edm.DateTimeOffset" :
	      "Edm.Int32";
	if (!ps->err->len)
		str_addf(ps->err, "Invalid filter clause: A binary operator with incompatible types "
			 "was detected. Found operand types '%s' and '%s' for operator kind "
			 "'Equal'.", want, got);
	return false;
}

static bool parse_value(struct parser *ps, struct filter *f)
{
	struct literal lit = { 0 };
	struct str text = { 0 };
	size_t n;

	skip_blanks(ps);
	if (*ps->p == '\'') {
		if (!parse_string(ps, &text)) {
			str_release(&text);
			return false;
		}
		lit.kind = LIT_STRING;
		lit.text = text.buf ? str_detach(&text) : xstrdup("");
	} else {
		n = peek_word(ps);
		if (!n || !parse_bare(ps, &lit, n))
			return false;
	}
	GROW(f->values, f->nvalues, f->values_cap);
	f->values[f->nvalues++] = lit;
	return check_type(ps, f, &lit);
}

/* startswith(path,'x') and its kin; the name is taken already. */
static struct filter *parse_function(struct parser *ps, enum filter_kind kind)
{
	struct filter *f = filter_new(kind);

	if (!take(ps, '(') || (skip_blanks(ps), !parse_path(ps, f)) || !take(ps, ',') ||
	    !parse_value(ps, f) || f->values[0].kind != LIT_STRING || !take(ps, ')'))
		return drop(ps, f);
	return f;
}

/* Lists that a plain query may look into; others need the advanced one. */
static const char plain_lists[] =
	"groupTypes assignedLicenses proxyAddresses otherMails imAddresses identities";

static struct filter *parse_lambda(struct parser *ps, struct filter *f)
{
	f->kind = ps->p[2] == 'n' ? FILTER_ANY : FILTER_ALL;
	if (!allowed(ps, "any"))
		return drop(ps, f);
	if (!f->of_variable && !words_have(plain_lists, f->path, strlen(f->path)))
		need_advanced(ps, "any");
	ps->p += 5;
	if (take(ps, ')'))
		return f;
	size_t n = peek_word(ps);
	char *colon = memchr(ps->p, ':', n);

	if (!colon || colon == ps->p || ps->nvariables == COUNT_OF(ps->variables))
		return drop(ps, f);
	f->variable = xstrndup(ps->p, (size_t)(colon - ps->p));
	ps->p = colon + 1;
	ps->variables[ps->nvariables++] = f->variable;
	f->left = parse_or(ps);
	ps->nvariables--;
	if (!f->left || !take(ps, ')'))
		return drop(ps, f);
	return f;
}

static struct filter *parse_in(struct parser *ps, struct filter *f)
{
	f->kind = FILTER_IN;
	if (!allowed(ps, "in") || !take(ps, '('))
		return drop(ps, f);
	do {
		if (!parse_value(ps, f))
			return drop(ps, f);
	} while (take(ps, ','));
	if (!take(ps, ')'))
		return drop(ps, f);
	return f;
}

static struct filter *parse_comparison(struct parser *ps)
{
	static const char *const names[] = { [CMP_EQ] = "eq", [CMP_NE] = "ne", [CMP_GT] = "gt",
		[CMP_GE] = "ge", [CMP_LT] = "lt", [CMP_LE] = "le" };
	struct filter *f = filter_new(FILTER_TRUTH);

	skip_blanks(ps);
	if (!parse_path(ps, f))
		return drop(ps, f);
	if (!strncmp(ps->p, "/any(", 5) || !strncmp(ps->p, "/all(", 5))
		return parse_lambda(ps, f);
	if (take_word(ps, "in"))
		return parse_in(ps, f);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!take_word(ps, names[i]))
			continue;
		f->kind = FILTER_COMPARE;
		f->compare = (enum compare)i;
		if (f->compare == CMP_NE)
			need_advanced(ps, "NotEqualsMatch");
		if (!allowed(ps, names[i]) || !parse_value(ps, f))
			return drop(ps, f);
		return f;
	}
	/* A boolean alone: only before "and", "or", ")" or the end. */
	skip_blanks(ps);
	if (*ps->p && *ps->p != ')' && strncmp(ps->p, "and ", 4) != 0 &&
	    strncmp(ps->p, "or ", 3) != 0)
		return drop(ps, f);
	return f;
}

static struct filter *parse_primary(struct parser *ps)
{
	static const struct {
		const char *name;
		enum filter_kind kind;
	} functions[] = {
		{ "startswith", FILTER_STARTS }, { "startsWith", FILTER_STARTS },
		{ "endswith", FILTER_ENDS }, { "endsWith", FILTER_ENDS },
		{ "contains", FILTER_CONTAINS },
	};
	struct filter *f;

	if (take(ps, '(')) {
		f = parse_or(ps);
		if (!f || !take(ps, ')'))
			return drop(ps, f);
		return f;
	}
	if (take_word(ps, "not")) {
		need_advanced(ps, "Not");
		if (!allowed(ps, "not") || ++ps->depth > FILTER_DEPTH_MAX)
			return NULL;
		f = filter_new(FILTER_NOT);
		f->left = parse_primary(ps);
		ps->depth--;
		return f->left ? f : drop(ps, f);
	}
	for (size_t i = 0; i < COUNT_OF(functions); i++) {
		size_t n = peek_word(ps);

		if (n != strlen(functions[i].name) || strncmp(ps->p, functions[i].name, n) != 0 ||
		    ps->p[n] != '(')
			continue;
		ps->p += n;
		if (functions[i].kind == FILTER_ENDS)
			need_advanced(ps, "endsWith");
		/* Directory objects have no contains(), even advanced. */
		if (functions[i].kind == FILTER_CONTAINS && ps->type && ps->type->directory) {
			if (!ps->err->len)
				str_add(ps->err, "Unsupported Query.");
			return NULL;
		}
		if (!allowed(ps, i < 2 ? "startswith" : i < 4 ? "endswith" : "contains"))
			return NULL;
		return parse_function(ps, functions[i].kind);
	}
	return parse_comparison(ps);
}

static struct filter *parse_both(struct parser *ps, const char *word, enum filter_kind kind,
				 struct filter *(*next)(struct parser *ps))
{
	struct filter *left = next(ps), *both;

	while (left && take_word(ps, word)) {
		both = filter_new(kind);
		both->left = left;
		both->right = allowed(ps, word) ? next(ps) : NULL;
		left = both->right ? both : drop(ps, both);
	}
	return left;
}

static struct filter *parse_and(struct parser *ps)
{
	return parse_both(ps, "and", FILTER_AND, parse_primary);
}

static struct filter *parse_or(struct parser *ps)
{
	struct filter *f;

	if (++ps->depth > FILTER_DEPTH_MAX)
		return drop(ps, NULL);
	f = parse_both(ps, "or", FILTER_OR, parse_and);
	ps->depth--;
	return f;
}

struct filter *filter_parse(const char *text, const struct odata_type *type, bool beta,
			    struct str *err_text, const char **ret_advanced)
{
	struct parser ps = {
		.text = text, .p = text, .type = type, .beta = beta, .err = err_text,
	};
	struct filter *f = parse_or(&ps);

	skip_blanks(&ps);
	if (f && *ps.p)
		f = drop(&ps, f);
	if (!f)
		fail(&ps);
	*ret_advanced = ps.advanced;
	return f;
}
