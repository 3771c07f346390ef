#include "graph/graph_error.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"

static enum err_kind kind_of(int status)
{
	switch (status) {
	case 401: return ERR_AUTH;
	case 403: return ERR_FORBIDDEN;
	case 404: return ERR_NOT_FOUND;
	case 409:
	case 412: return ERR_CONFLICT;
	case 429: return ERR_THROTTLED;
	default: return ERR_HTTP;
	}
}

/* error.innerError, in either spelling. */
static const struct json *inner_of(const struct json *error)
{
	return json_get_nocase(error, "innererror");
}

/* Cleaned, because a header has not passed the text gate yet; cut between two
 * characters. */
static void copy_text(char *to, size_t size, const char *from)
{
	struct str clean = { 0 };
	size_t n;

	if (!from)
		return;
	utf8_clean(&clean, from, strlen(from), 0);
	n = clean.len < size ? clean.len : size - 1;
	while (n < clean.len && n && ((unsigned char)clean.buf[n] & 0xc0) == 0x80)
		n--;
	snprintf(to, size, "%.*s", (int)n, str_text(&clean));
	str_release(&clean);
}

static const char *advice(int status, const char *code)
{
	if (str_same_nocase(code, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"))
		return "This report needs Microsoft Entra ID P1 or P2 in the tenant.";
	switch (status) {
	case 400: return "The request was refused as it stands; nothing was changed.";
	case 401: return "Sign in again.";
	case 403: return "Ask for the missing permission or directory role, or go on without it.";
	case 404: return "Read again: it may have been deleted, or is not yet known everywhere.";
	case 409:
	case 412: return "Read again and look at what changed before you try once more.";
	case 429: return "Wait a few minutes, then try again.";
	default:
		if (status / 100 == 3)
			return "It is not followed: something between here and Microsoft may be "
			       "changing answers. Check the proxy.";
		return status >= 500 ? "The service has a problem; try again in a few minutes." : "";
	}
}

void graph_error_request_id(struct err *err, const struct headers *headers)
{
	const char *id = headers_get(headers, "request-id");

	if (!id)
		id = headers_get(headers, "client-request-id");
	copy_text(err->request_id, sizeof(err->request_id), id);
}

void graph_error(struct err *err, const char *what, int status, const struct json *json,
		 const struct headers *headers)
{
	const struct json *error = json_get(json, "error");
	const struct json *inner = inner_of(error);
	const char *code = json_string(error, "code");
	const char *message = json_string(error, "message");

	/* The code may be empty, and the more exact one stands inside. */
	if (!code || !*code)
		code = json_string(inner, "code");
	if (!message || !*message)
		message = json_string(inner, "message");
	if (message && *message)
		err_set(err, kind_of(status), status, "%s: %.*s (%d%s%s)", what,
			(int)strcspn(message, "\r\n"), message, status, code && *code ? " " : "",
			code ? code : "");
	else
		err_set(err, kind_of(status), status, "%s: the service answered %d%s", what,
			status, json ? "" : " without a readable reason");
	copy_text(err->graph_code, sizeof(err->graph_code), code);
	if (headers_get(headers, "request-id") || !json_string(inner, "request-id"))
		graph_error_request_id(err, headers);
	else
		copy_text(err->request_id, sizeof(err->request_id),
			  json_string(inner, "request-id"));
	err_todo(err, "%s", advice(status, code));
}

void graph_error_come_back(struct err *err, int64_t asked_ms)
{
	char at[TIME_TEXT];

	err->retry_after_ms = (int)(asked_ms < INT32_MAX ? asked_ms : INT32_MAX);
	time_format(clock_now_ms() + asked_ms, at);
	err_todo(err, "The service asks not to come back before %s.", at);
}
