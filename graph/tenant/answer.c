#include "graph/tenant/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"

#define JSON_CONTENT_TYPE "application/json;odata.metadata=minimal;odata.streaming=true;" \
			  "IEEE754Compatible=false;charset=utf-8"

static void answer_bytes(struct tenant_response *r, int status, const char *type,
			 const char *body, size_t len)
{
	r->status = status;
	str_clear(&r->body);
	str_add_bytes(&r->body, body, len);
	headers_add(&r->headers, "Content-Type", type);
}

void answer_json(struct tenant_response *r, int status, struct json *take)
{
	struct str text = { 0 };

	json_print(take, &text);
	json_free(take);
	answer_bytes(r, status, JSON_CONTENT_TYPE, str_text(&text), text.len);
	str_release(&text);
}

void answer_text(struct tenant_response *r, int status, const char *type, const char *text)
{
	answer_bytes(r, status, type, text, strlen(text));
}

void answer_empty(struct tenant_response *r, int status)
{
	r->status = status;
	str_clear(&r->body);
}

/* The envelope of facts graph.md 10.4. */
void answer_error(struct tenant_response *r, int status, const char *code, const char *message)
{
	struct json *out = json_new_object(), *error, *inner;
	const char *id = headers_get(&r->headers, "request-id");
	const char *client = headers_get(&r->headers, "client-request-id");
	char date[TIME_TEXT];

	time_format(clock_now_ms(), date);
	date[strlen(date) - 1] = '\0';	/* Graph leaves the Z out here */
	error = json_add_object(out, "error");
	json_add_string(error, "code", code);
	json_add_string(error, "message", message);
	inner = json_add_object(error, "innerError");
	json_add_string(inner, "date", date);
	json_add_string(inner, "request-id", id ? id : "");
	json_add_string(inner, "client-request-id", client ? client : id ? id : "");
	answer_json(r, status, out);
}

void answer_errorf(struct tenant_response *r, int status, const char *code, const char *fmt, ...)
{
	va_list ap;
	char text[1024];

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	answer_error(r, status, code, text);
}

void answer_missing(struct tenant_response *r, const char *id)
{
	answer_errorf(r, 404, "Request_ResourceNotFound",
		      "Resource '%s' does not exist or one of its queried reference-property "
		      "objects are not present.", id);
}

void answer_no_segment(struct tenant_response *r, const char *segment)
{
	answer_errorf(r, 400, "BadRequest", "Resource not found for the segment '%s'.", segment);
}

void answer_no_method(struct tenant_response *r)
{
	answer_error(r, 405, "Request_BadRequest",
		     "Specified HTTP method is not allowed for the request target.");
}
