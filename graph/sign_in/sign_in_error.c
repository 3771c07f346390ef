#include "graph/sign_in/sign_in_error.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* The refusals that an administrator meets most, with a client secret or
 * without. Source: facts sign-in-and-transport.md 7. */
static const struct {
	int code;
	const char *what, *todo;
} refusals[] = {
	{ 7000215, "the client secret is wrong",
	  "Paste the secret's value, not its id, into AZURE_CLIENT_SECRET." },
	{ 7000222, "the client secret has expired",
	  "Make a new secret under Certificates & secrets of the app registration." },
	{ 7000218, "the application must prove itself and did not",
	  "Set AZURE_CLIENT_SECRET." },
	{ 700016, "the application is not known in this tenant",
	  "Check AZURE_CLIENT_ID and the tenant; an administrator must have consented to the app." },
	{ 7000229, "the application has no service principal in this tenant",
	  "Let an administrator of the tenant consent to the app." },
	{ 7000112, "the application is disabled in this tenant",
	  "Enable it under Enterprise applications." },
	{ 90002, "there is no such tenant in this cloud",
	  "Check the tenant's id or domain, and --cloud." },
	{ 9001023, "an application cannot sign in without naming the tenant",
	  "Give the tenant's id or domain with --tenant." },
	{ 53003, "a Conditional Access policy blocks this sign-in",
	  "Look at the Conditional Access tab of the sign-in log in the admin centre." },
	{ 500011, "Microsoft Graph is not known in this tenant",
	  "Check --cloud: the tenant may be in another one." },
	{ 65001, "nobody consented to the permissions of the application",
	  "Let an administrator grant consent under API permissions." },
	{ 90033, "the sign-in service has a passing problem", "Try again in a few minutes." },
	{ 90055, "the tenant signs in too often at the moment", "Try again in a few minutes." },
};

void sign_in_error(struct err *err, int status, const struct json *answer)
{
	int code = (int)json_value(json_first(json_get(answer, "error_codes")), 0);
	const char *text = json_string_or(answer, "error_description", "");
	const char *trace = json_string_or(answer, "trace_id", "");
	const char *end = strstr(text, " Trace ID:");
	int len = (int)(end ? (size_t)(end - text) : strlen(text));
	size_t i = 0;

	if (!code && str_starts(text, "AADSTS"))
		sscanf(text, "AADSTS%9d", &code);
	while (i < COUNT_OF(refusals) && refusals[i].code != code)
		i++;
	if (i < COUNT_OF(refusals)) {
		err_set(err, ERR_AUTH, status, "sign-in failed: %s (AADSTS%d)", refusals[i].what,
			code);
		err_todo(err, "%s", refusals[i].todo);
	} else if (code) {
		err_set(err, ERR_AUTH, status, "sign-in failed: %.*s", len, text);
		err_todo(err, "https://login.microsoftonline.com/error?code=%d says more.", code);
	} else {
		err_set(err, ERR_AUTH, status, "sign-in failed: the service answered %d%s", status,
			answer ? "" : " without a readable reason");
		err_todo(err, "Try again in a few minutes; if it stays, check the proxy.");
	}
	if (code)
		snprintf(err->graph_code, sizeof(err->graph_code), "AADSTS%d", code);
	snprintf(err->request_id, sizeof(err->request_id), "%s", trace);
}
