/*
 * The admin centre's own API as the simulated tenant speaks it: the strictness
 * and the odd errors of facts portal-api.md 1.1 to 1.5. A PUT of the policy
 * replaces all of it: what is missing is zeroed.
 */
#include "graph/tenant/internal.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/portal.h"

/* A ClientException of the framework behind it. */
static void answer_exception(struct tenant *t, struct tenant_response *r, int status,
			     const char *code, const char *kind, const char *message)
{
	struct json *out = json_new_object(), *data;
	const char *id = headers_get(&r->headers, "request-id");
	char when[TIME_TEXT];

	json_add_string(out, "ClassName", "Microsoft.Portal.Framework.Exceptions.ClientException");
	json_add_string(out, "Message", message);
	json_add_object(out, "Data");
	json_add_number(out, "HResult", -2146233088.0);
	json_add_string(out, "XMsServerRequestId", id);
	json_add_null(out, "Source");
	json_add_number(out, "HttpStatusCode", status);
	data = json_add_object(out, "ClientData");
	json_add_string(data, "errorCode", code);
	json_add_null(data, "localizedErrorDetails");
	json_add_null(data, "operationResults");
	json_add_string(data, "timeStampUtc", time_format(clock_now_ms(), when));
	json_add_string(data, "clientRequestId", id);
	json_add_string(data, "tenantId", tenant_id(t));
	json_add_string(data, "exceptionType", kind);
	answer_json(r, status, out);
}

static void answer_refused(struct tenant *t, struct tenant_response *r)
{
	answer_exception(t, r, 403, "Forbidden", "PortalException",
			 "Graph call failed with httpCode=Forbidden, errorCode="
			 "Authorization_RequestDenied, errorMessage=Insufficient privileges to "
			 "complete the operation., reason=Forbidden, correlationId = , response = {}");
}

/* Only a person's token for this audience is taken. */
static bool check_token(struct tenant *t, const struct tenant_request *req,
			struct tenant_response *r)
{
	const char *authorization = headers_get(req->headers, "Authorization");
	struct json *claims = NULL;
	bool ours, person, alive;

	if (authorization && str_starts(authorization, "Bearer "))
		claims = token_open(authorization + 7);
	ours = str_same(json_string(claims, "aud"), PORTAL_AUDIENCE) &&
	       str_same(json_string(claims, "tid"), tenant_id(t));
	person = !str_same(json_string(claims, "idtyp"), "app");
	alive = json_number(claims, "exp", 0) * 1000 > (double)clock_now_ms();
	json_free(claims);
	if (!ours)
		answer_text(r, 401, "text/html", "<html><body>Unauthorized</body></html>");
	else if (!person)
		answer_refused(t, r);
	else if (!alive)	/* 400, not 401: it exchanges the token */
		answer_exception(t, r, 400, "msalautherror_invalid_grant",
				 "MsalUiRequiredException",
				 "AADSTS500133: Assertion is not within its valid time range.");
	return ours && person && alive;
}

static bool may_set(const struct tenant *t)
{
	const struct json *roles = json_get(t->state, "roles");

	for (const struct json *j = json_first(roles); j; j = json_next(j)) {
		const char *role = json_text(j) ? json_text(j) : json_string(j, "displayName");

		if (str_same(role, "Global Administrator") ||
		    str_same(role, "Authentication Policy Administrator"))
			return true;
	}
	return false;
}

/* What a member that was not sent becomes. */
static struct json *zero_of(const struct json *value)
{
	if (json_is(value, JSON_BOOL))
		return json_new_bool(false);
	if (json_is(value, JSON_NUMBER))
		return json_new_number(0);
	if (json_is(value, JSON_ARRAY))
		return json_new_array();
	return json_new_string("");
}

static void put_policy(struct tenant *t, const struct json *body, struct tenant_response *r)
{
	struct json *policy = json_get_mutable(t->state, "sspr"), *event;
	struct json *old = json_clone(policy);
	size_t changes = 0;

	event = portal_change_event(t);
	for (const struct json *j = json_first(old); j; j = json_next(j)) {
		const struct json *sent = json_get(body, json_key(j));
		struct json *value = json_has(body, json_key(j)) ? json_clone(sent) : zero_of(j);

		if (str_same(json_key(j), "objectId") || json_equal(value, j)) {
			json_free(value);
			continue;
		}
		portal_change(event, policy, json_key(j), value);
		changes++;
	}
	json_free(old);
	if (changes)
		audit_add(t, event);
	else
		json_free(event);
	answer_json(r, 200, json_new_bool(true));
}

/* Case does not count in the names; of two members only the first takes. */
static void put_on_premises(struct tenant *t, const struct json *body,
			    struct tenant_response *r)
{
	const struct json *first = json_first(body);
	struct err err = ERR_INIT;
	int rc = 0;

	if (str_same_nocase(json_key(first), "passwordWritebackSupported"))
		rc = tenant_portal_set(t, "writeback", json_truth(first) ? "on" : "off", &err);
	else if (str_same_nocase(json_key(first), "accountUnlockEnabled"))
		rc = tenant_portal_set(t, "unlock", json_truth(first) ? "on" : "off", &err);
	if (rc < 0)
		answer_exception(t, r, 400, "BadRequest", "PortalException", err.msg);
	else
		answer_json(r, 200, json_new_bool(true));
}

static void put(struct tenant *t, const struct tenant_request *req, bool on_premises,
		struct tenant_response *r)
{
	const char *type = headers_get(req->headers, "Content-Type");
	struct err err = ERR_INIT;
	struct json *body = req->body ? json_parse_raw(req->body, req->body_len, &err) : NULL;

	if (!type || !str_starts(type, "application/json") || !json_is(body, JSON_OBJECT))
		answer_exception(t, r, 400, "ArgumentNull", "ArgumentNullException",
				 "Value cannot be null.\r\nParameter name: policy");
	else if (!may_set(t))
		answer_refused(t, r);
	else if (on_premises)
		put_on_premises(t, body, r);
	else
		put_policy(t, body, r);
	json_free(body);
}

static void get(struct tenant *t, const char *path, bool on_premises, struct tenant_response *r)
{
	struct json *out = json_clone(json_get(t->state, on_premises ? "onPremisesSspr" : "sspr"));

	/* The name comes only when it is asked for. */
	if (!on_premises && !strstr(path, "getPasswordResetEnabledGroup=true"))
		json_set_string(out, "passwordResetEnabledGroupName", "");
	answer_json(r, 200, out);
}

bool handle_portal(struct tenant *t, const struct tenant_request *req,
		   struct tenant_response *r)
{
	const char *path = url_path(req->url);
	size_t n = strcspn(path, "?");
	bool policy = n == strlen(PORTAL_POLICY) && !strncmp(path, PORTAL_POLICY, n);
	bool on_premises = n == strlen(PORTAL_ON_PREMISES) &&
			   !strncmp(path, PORTAL_ON_PREMISES, n);

	if (!str_starts(path, "/api/"))
		return false;
	t->portal_requests++;
	if (!check_token(t, req, r))
		return true;
	if (!headers_get(req->headers, "X-Ms-Client-Request-Id")) {
		answer_exception(t, r, 400, "ArgumentNull", "ArgumentNullException",
				 "Value cannot be null.\r\nParameter name: correlationId");
	} else if (!policy && !on_premises) {
		answer_text(r, 404, "application/json", "{\"message\":\"No HTTP resource was "
			    "found that matches the request URI\"}");
	} else if (str_same(req->method, "GET")) {
		get(t, path, on_premises, r);
	} else if (str_same(req->method, "PUT")) {
		t->writes++;
		put(t, req, on_premises, r);
	} else {
		answer_text(r, 405, "application/json", "{\"message\":\"The requested resource "
			    "does not support http method\"}");
	}
	return true;
}

size_t tenant_portal_count(const struct tenant *t)
{
	return t->portal_requests;
}
