#include "graph/tenant/internal.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

#define URL_BYTES_MAX 16384

const char ANY_SEGMENT[] = "*", ANY_END[] = "";

static bool refuse(struct tenant_response *r, const char *message)
{
	answer_error(r, 400, "BadRequest", message);
	return false;
}

static bool take_query(struct tenant_call *c, struct tenant_response *r)
{
	for (const char *p = c->raw_query; *p;) {
		size_t n = strcspn(p, "&"), eq = 0;
		struct tenant_query q;

		while (eq < n && p[eq] != '=')
			eq++;
		if (n) {
			if (c->nquery == COUNT_OF(c->query))
				return refuse(r, "Too many query options.");
			q.name = url_decode(p, eq, true);
			q.value = eq < n ? url_decode(p + eq + 1, n - eq - 1, true) : xstrdup("");
			if (!q.name || !q.value) {
				free(q.name);
				free(q.value);
				return refuse(r, "The request URL is not valid.");
			}
			if (q.name[0] == '$' && tenant_query(c, q.name)) {
				answer_errorf(r, 400, "BadRequest", "Query option '%s' was specified "
					      "more than once, but it must be specified at most "
					      "once.", q.name);
				free(q.name);
				free(q.value);
				return false;
			}
			c->query[c->nquery++] = q;
		}
		p += n;
		if (*p == '&')
			p++;
	}
	return true;
}

/* users('x') is the same as users/x. */
static bool add_segment(struct tenant_call *c, char *segment)
{
	char *key = strstr(segment, "('");
	size_t n = strlen(segment);

	if (c->nsegments + 2 > COUNT_OF(c->segments)) {
		free(segment);
		return false;
	}
	c->segments[c->nsegments++] = segment;
	if (key && key > segment && str_ends(segment, "')") && key + 4 < segment + n) {
		c->segments[c->nsegments++] =
			xstrndup(key + 2, (size_t)(segment + n - 2 - (key + 2)));
		*key = '\0';
	}
	return true;
}

static bool take_path(struct tenant_call *c, struct tenant_response *r)
{
	c->path = url_decode(c->raw_path, strlen(c->raw_path), false);
	for (const char *p = c->raw_path; *p;) {
		size_t n;
		char *segment;

		p += strspn(p, "/");
		n = strcspn(p, "/");
		if (!n)
			break;
		segment = url_decode(p, n, false);
		if (!segment || !add_segment(c, segment))
			return refuse(r, "The request URL is not valid.");
		p += n;
	}
	if (!c->path)
		return refuse(r, "The request URL is not valid.");
	if (!c->nsegments || (!str_same_nocase(c->segments[0], "v1.0") &&
			      !str_same_nocase(c->segments[0], "beta")))
		return refuse(r, "Invalid version.");
	c->beta = str_same_nocase(c->segments[0], "beta");
	if (c->nsegments == 1)
		return refuse(r, "Resource not found for the segment ''.");
	return true;
}

static bool take_body(struct tenant_call *c, const struct tenant_request *req,
		      struct tenant_response *r)
{
	const char *type = headers_get(req->headers, "Content-Type");
	struct err err = ERR_INIT;

	c->has_body = req->body && req->body_len;
	c->json_type = type && str_starts(type, "application/json");
	if (!c->has_body)
		return true;
	if (c->json_type)
		c->owned_body = json_parse_raw(req->body, req->body_len, &err);
	if (!json_is(c->owned_body, JSON_OBJECT))
		return refuse(r, "Unable to read JSON request payload. Please ensure Content-Type "
			      "header is set and payload is of valid JSON format.");
	c->body = c->owned_body;
	return true;
}

bool tenant_call_init(struct tenant_call *c, const struct tenant_request *req,
		      struct tenant_response *r)
{
	const char *p = url_path(req->url), *query;
	const char *level = headers_get(req->headers, "ConsistencyLevel");

	memset(c, 0, sizeof(*c));
	c->method = req->method;
	if (strlen(req->url) > URL_BYTES_MAX) {
		answer_error(r, 414, "BadRequest", "The request URL is too long.");
		return false;
	}
	c->owned_base = url_base(req);
	c->base = c->owned_base;
	query = strchr(p, '?');
	c->raw_path = query ? xstrndup(p, (size_t)(query - p)) : xstrdup(p);
	c->raw_query = query ? xstrdup(query + 1) : xstrdup("");
	c->eventual = level && str_same_nocase(level, "eventual");
	if (!take_path(c, r) || !take_query(c, r))
		return false;
	if (level && !c->eventual && !str_same_nocase(level, "session"))
		return refuse(r, "The value of the header ConsistencyLevel is not valid.");
	return take_body(c, req, r);
}

void tenant_call_release(struct tenant_call *c)
{
	for (size_t i = 0; i < c->nsegments; i++)
		free(c->segments[i]);
	for (size_t i = 0; i < c->nquery; i++) {
		free(c->query[i].name);
		free(c->query[i].value);
	}
	free(c->path);
	free(c->raw_path);
	free(c->raw_query);
	free(c->owned_base);
	json_free(c->owned_body);
	memset(c, 0, sizeof(*c));
}

const char *tenant_query(const struct tenant_call *c, const char *name)
{
	for (size_t i = 0; i < c->nquery; i++)
		if (str_same(c->query[i].name, name))
			return c->query[i].value;
	return NULL;
}

bool call_is(const struct tenant_call *c, const char *const *segments)
{
	size_t i = 0;

	for (; segments[i] != ANY_END; i++)
		if (i + 1 >= c->nsegments ||
		    (segments[i] != ANY_SEGMENT &&
		     !str_same_nocase(c->segments[i + 1], segments[i])))
			return false;
	return i + 1 == c->nsegments;
}

bool call_is_method(const struct tenant_call *c, const char *method)
{
	return str_same(c->method, method);
}

char *call_key(const char *segment, const char *name, const char *key)
{
	struct str s = { 0 };
	size_t n;
	char *ret = NULL;

	str_addf(&s, "%s(%s='", name, key);
	n = strlen(segment);
	if (n > s.len + 2 && !strncmp(segment, str_text(&s), s.len) &&
	    str_ends(segment, "')"))
		ret = xstrndup(segment + s.len, n - s.len - 2);
	str_release(&s);
	return ret;
}

const char *url_path(const char *url)
{
	const char *host = strstr(url, "://");

	if (!host)
		return url;
	return host + 3 + strcspn(host + 3, "/?");
}

char *url_base(const struct tenant_request *req)
{
	const char *host = headers_get(req->headers, "Host"), *path = url_path(req->url);

	if (path != req->url)
		return xstrndup(req->url, (size_t)(path - req->url));
	return host ? xasprintf("https://%s", host) : xstrdup("https://graph.microsoft.com");
}
