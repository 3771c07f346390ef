#include "graph/tenant/internal.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

#define BATCH_MAX 20	/* facts graph.md 10.3 */

/* One item, and how it went. */
struct batch_item {
	const struct json *request;
	const char *id;
	int status;		/* 0 until it is done */
	struct json *answer;
};

static bool bad(struct tenant_response *r, const char *message)
{
	answer_error(r, 400, "BadRequest", message);
	return false;
}

static const struct batch_item *item_by_id(const struct batch_item *v, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (str_same_nocase(v[i].id, id))
			return &v[i];
	return NULL;
}

static bool check_item(const struct batch_item *v, size_t n, const struct json *request,
		       struct tenant_response *r)
{
	static const char *const methods[] = { "GET", "POST", "PATCH", "PUT", "DELETE" };
	const char *id = json_string(request, "id"), *method = json_string(request, "method");
	const char *url = json_string(request, "url"), *dependency;
	const struct json *j;
	bool known = false;

	if (!id || !*id)
		return bad(r, "Invalid batch payload format: each request needs an id.");
	if (item_by_id(v, n, id)) {
		answer_errorf(r, 400, "BadRequest", "Request Id '%s' is not unique in the batch "
			      "payload.", id);
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(methods); i++)
		known = known || str_same(methods[i], method);
	if (!known)
		return bad(r, "Invalid batch payload format: the method is not valid.");
	if (!url || !*url || strstr(url, "://"))
		return bad(r, "Invalid batch payload format: the url must be relative.");
	if (json_has(request, "body") &&
	    !json_text(json_get_nocase(json_get(request, "headers"), "Content-Type")))
		return bad(r, "A request with a body does not contain the Content-Type "
			      "header.");
	for (j = json_first(json_get(request, "dependsOn")); j; j = json_next(j)) {
		dependency = json_text(j);
		if (!dependency || !item_by_id(v, n, dependency)) {
			answer_errorf(r, 400, "BadRequest", "Request '%s' depends on a request "
				      "that does not come before it.", id);
			return false;
		}
	}
	return true;
}

static bool depends_on_failed(const struct batch_item *v, size_t n, const struct json *request)
{
	for (const struct json *j = json_first(json_get(request, "dependsOn")); j;
	     j = json_next(j)) {
		const struct batch_item *before = item_by_id(v, n, json_text(j));

		if (before && (before->status < 200 || before->status > 299))
			return true;
	}
	return false;
}

/* The item as a request of its own: same host, same version, own headers. */
static void item_request(const struct tenant_call *c, const struct json *request,
			 struct tenant_request *out, struct headers *headers, struct str *url,
			 struct str *body)
{
	const char *path = json_string(request, "url");
	const struct json *h;

	str_addf(url, "%s/%s%s%s", c->base, c->segments[0], path[0] == '/' ? "" : "/", path);
	for (h = json_first(json_get(request, "headers")); h; h = json_next(h))
		if (json_text(h))
			headers_add(headers, json_key(h), json_text(h));
	if (json_has(request, "body"))
		json_print(json_get(request, "body"), body);
	*out = (struct tenant_request){
		.method = json_string(request, "method"), .url = str_text(url),
		.headers = headers, .body = body->len ? str_text(body) : NULL,
		.body_len = body->len,
	};
}

static void handle_item(struct tenant *t, const struct tenant_request *req,
			struct tenant_response *r)
{
	struct tenant_call item;
	const struct fault *f = fault_for(t, req->method, url_path(req->url));

	if (f && (f->kind == FAULT_STATUS || f->kind == FAULT_THROTTLE)) {
		fault_answer(f, r);
		return;
	}
	if (tenant_call_init(&item, req, r)) {
		item.in_batch = true;
		if (CALL_IS(&item, "$batch"))
			bad(r, "A batch cannot be an item of a batch.");
		else if (throttle_pass(t, &item, r))
			tenant_dispatch(t, &item, r);
	}
	tenant_call_release(&item);
}

static struct json *item_answer(const char *id, const struct tenant_response *r)
{
	struct json *out = json_new_object(), *headers;
	struct err err = ERR_INIT;
	struct json *body = NULL;
	const char *v;

	json_add_string(out, "id", id);
	json_add_number(out, "status", r->status);
	headers = json_add_object(out, "headers");
	json_add_string(headers, "Cache-Control", "no-cache");
	if ((v = headers_get(&r->headers, "Content-Type")))
		json_add_string(headers, "Content-Type", v);
	if ((v = headers_get(&r->headers, "Retry-After")))
		json_add_string(headers, "Retry-After", v);
	if ((v = headers_get(&r->headers, "Location")))
		json_add_string(headers, "Location", v);
	if (r->body.len)
		body = json_parse_raw(str_text(&r->body), r->body.len, &err);
	if (r->body.len && !body)
		body = json_new_string(str_text(&r->body));
	json_add(out, "body", body ? body : json_new_null());
	return out;
}

static void run_item(struct tenant *t, const struct tenant_call *c, struct batch_item *v,
		     size_t i, const struct tenant_response *outer)
{
	struct tenant_response r = { 0 };
	struct tenant_request req;
	struct headers headers = { 0 };
	struct str url = { 0 }, body = { 0 };

	headers_add(&r.headers, "request-id", headers_get(&outer->headers, "request-id"));
	item_request(c, v[i].request, &req, &headers, &url, &body);
	if (depends_on_failed(v, i, v[i].request))
		answer_error(&r, 424, "FailedDependency", "Failed Dependency");
	else
		handle_item(t, &req, &r);
	v[i].status = r.status;
	v[i].answer = item_answer(v[i].id, &r);
	headers_release(&headers);
	str_release(&url);
	str_release(&body);
	tenant_response_release(&r);
}

/* The order of the answers says nothing: they are shuffled. */
static void answer_items(struct tenant *t, struct batch_item *v, size_t n,
			 struct tenant_response *r)
{
	struct json *out = json_new_object(), *list = json_add_array(out, "responses");

	for (size_t i = n; i > 1; i--) {
		size_t k = tenant_random(t, (uint32_t)i);
		struct batch_item last = v[i - 1];

		v[i - 1] = v[k];
		v[k] = last;
	}
	for (size_t i = 0; i < n; i++)
		json_append(list, v[i].answer);
	answer_json(r, 200, out);
}

bool handle_batch(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	const struct json *requests = json_get(c->body, "requests"), *j;
	struct batch_item v[BATCH_MAX] = { { 0 } };
	size_t n = 0;
	bool write = false;

	if (!CALL_IS(c, "$batch"))
		return false;
	if (!call_is_method(c, "POST")) {
		answer_no_method(r);
		return true;
	}
	if (!json_is(requests, JSON_ARRAY) || !json_count(requests)) {
		bad(r, "Invalid batch payload format.");
		return true;
	}
	if (json_count(requests) > BATCH_MAX) {
		bad(r, "Number of batch request steps exceeds the maximum value of 20.");
		return true;
	}
	for (j = json_first(requests); j; j = json_next(j)) {
		if (!check_item(v, n, j, r))
			return true;
		write = write || !str_same(json_string(j, "method"), "GET");
		v[n++] = (struct batch_item){ .request = j, .id = json_string(j, "id") };
	}
	if (write)
		t->writes++;
	for (size_t i = 0; i < n; i++)
		run_item(t, c, v, i, r);
	answer_items(t, v, n, r);
	return true;
}
