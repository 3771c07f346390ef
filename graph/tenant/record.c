#include "graph/tenant/internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "graph/base/str.h"

int tenant_record_to(struct tenant *t, const char *path, struct err *err)
{
	FILE *f = fopen(path, "a");

	if (!f)
		return err_set(err, ERR_IO, errno, "cannot open %s: %s", path, strerror(errno));
	if (t->record)
		fclose(t->record);
	t->record = f;
	return 0;
}

/* Header names in small letters; the token stays out of the file. */
static struct json *headers_json(const struct headers *h)
{
	struct json *out = json_new_object();
	char name[64];

	for (size_t i = 0; h && i < h->n; i++) {
		size_t n = strlen(h->v[i].name);

		if (n >= sizeof(name))
			continue;
		for (size_t k = 0; k <= n; k++) {
			char c = h->v[i].name[k];

			name[k] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		}
		json_set_string(out, name, str_same(name, "authorization") ? "Bearer (hidden)"
									   : h->v[i].value);
	}
	return out;
}

/* A body as JSON when it is, else as text; NULL for none. */
static struct json *body_json(const char *text, size_t len)
{
	struct err err = ERR_INIT;
	struct json *j;
	struct str copy = { 0 };

	if (!text || !len)
		return NULL;
	j = json_parse_raw(text, len, &err);
	if (json_is(j, JSON_OBJECT) || json_is(j, JSON_ARRAY) || json_is(j, JSON_NUMBER))
		return j;
	json_free(j);
	str_add_bytes(&copy, text, len);
	j = json_new_string(str_text(&copy));
	str_release(&copy);
	return j;
}

void record_exchange(struct tenant *t, const struct tenant_request *req,
		     const struct tenant_response *r)
{
	struct json *line, *body;
	struct str text = { 0 };

	if (!t->record)
		return;
	line = json_new_object();
	json_add_string(line, "method", req->method);
	json_add_string(line, "url", req->url);
	json_add(line, "headers", headers_json(req->headers));
	if ((body = body_json(req->body, req->body_len)))
		json_add(line, "body", body);
	json_add_number(line, "status", r->status);
	json_add(line, "responseHeaders", headers_json(&r->headers));
	if ((body = body_json(str_text(&r->body), r->body.len)))
		json_add(line, "responseBody", body);
	json_print(line, &text);
	fprintf(t->record, "%s\n", str_text(&text));
	fflush(t->record);
	str_release(&text);
	json_free(line);
}
