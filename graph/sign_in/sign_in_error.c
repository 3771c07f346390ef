#include "graph/sign_in/sign_in_error.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* The refusals an administrator meets, in plain words. Source: facts
 * sign-in-and-transport.md 7 and 1.3. */
static const struct {
	int codes[6];
	const char *what, *todo;
	bool disputed;	/* sources give other texts: the service's own is added */
} refusals[] = {
	{ .codes = { 50020, 90072 },
	  .what = "this account is not a member or guest of the tenant",
	  .todo = "Sign in with another account, name another tenant, or get invited." },
	{ .codes = { 50034 },
	  .what = "there is no such user in the directory",
	  .todo = "Check the user name and the tenant." },
	{ .codes = { 50053 },
	  .what = "the account is locked after wrong passwords, or the network address "
		  "looks malicious",
	  .todo = "Wait, and read the failure reason in the sign-in log." },
	{ .codes = { 50055, 50144 },
	  .what = "the password has expired",
	  .todo = "Change it in a browser, then sign in again." },
	{ .codes = { 50057 },
	  .what = "the account is disabled",
	  .todo = "Enable it, or sign in with another." },
	{ .codes = { 50058, 50199 },
	  .what = "the service wants a person to sign in or to confirm",
	  .todo = "Sign in in the browser: --auth browser." },
	{ .codes = { 50059, 50128 },
	  .what = "no tenant is named",
	  .todo = "Give the tenant's id or domain with --tenant." },
	{ .codes = { 50072, 50079 },
	  .what = "the account must register for multifactor authentication first",
	  .todo = "Complete the registration at https://aka.ms/mfasetup, then sign in again." },
	{ .codes = { 50074, 50076, 50158 },
	  .what = "multifactor authentication, or another challenge, must be met",
	  .todo = "Sign in in the browser: --auth browser." },
	{ .codes = { 50078 },
	  .what = "the proof of multifactor authentication is too old",
	  .todo = "Sign in again." },
	{ .codes = { 50097, 50129, 53000, 53001, 530033 },
	  .what = "a policy wants a registered, compliant or joined device",
	  .todo = "A device code cannot prove one: use --auth browser on a managed device." },
	{ .codes = { 50105 },
	  .what = "the application is for assigned people only, and this account is not assigned",
	  .todo = "Assign the person or a group under Enterprise applications." },
	{ .codes = { 50126 },
	  .what = "wrong user name or password",
	  .todo = "Try again in the browser." },
	{ .codes = { 53003, 50131, 530032, 530035 },
	  .what = "Conditional Access or security defaults block this sign-in",
	  .todo = "Look at the Conditional Access tab of the sign-in log in the admin centre." },
	{ .codes = { 50133, 50173, 700082, 70008, 70043, 70044 },
	  .what = "the session was revoked or has expired",
	  .todo = "Sign in again." },
	{ .codes = { 50194 },
	  .what = "the application is for one tenant, and none is named",
	  .todo = "Give the tenant's id or domain with --tenant." },
	{ .codes = { 50196 },
	  .what = "the service says that this client asks in a loop",
	  .todo = "Wait some minutes. If it stays, report it: that is a defect of this program." },
	{ .codes = { 500011, 650052 },
	  .what = "Microsoft Graph is not known in this tenant",
	  .todo = "Check --cloud: the tenant may be in another one." },
	{ .codes = { 500014, 7000112 },
	  .what = "the application, or Microsoft Graph, is disabled in this tenant",
	  .todo = "Enable it under Enterprise applications." },
	{ .codes = { 500021, 500022, 50002 },
	  .what = "tenant restrictions of this network forbid the tenant",
	  .todo = "Ask who owns the network's tenant restrictions." },
	{ .codes = { 50011, 70004 },
	  .what = "the application does not have this redirect address",
	  .todo = "Add http://localhost to it, as platform Mobile and desktop applications." },
	{ .codes = { 50012, 700027 },
	  .what = "the certificate is not one that the application has",
	  .todo = "Upload this certificate under Certificates & secrets; check that the "
		  "key belongs to it." },
	{ .codes = { 50013, 500133, 700024 },
	  .what = "what proves the application is outside its time",
	  .todo = "Set this machine's clock right." },
	{ .codes = { 700023 },
	  .what = "the proof names another tenant or cloud than the one asked",
	  .todo = "Check --tenant and --cloud.",
	  .disputed = true },
	{ .codes = { 700022 },
	  .what = "the proof of the application names no subject",
	  .todo = "Report it: that is a defect of this program.",
	  .disputed = true },
	{ .codes = { 501481, 50147 },
	  .what = "the code and its proof (PKCE) do not belong together",
	  .todo = "Sign in again. If it stays, report it: that is a defect of this program." },
	{ .codes = { 53011 },
	  .what = "the account is blocked for its risk in its home tenant",
	  .todo = "Ask an administrator of the home tenant: Identity Protection." },
	{ .codes = { 65001 },
	  .what = "nobody consented to the permissions of the application",
	  .todo = "Let an administrator grant consent under API permissions." },
	{ .codes = { 65002 },
	  .what = "an application of Microsoft's is used for an API it may not use",
	  .todo = "Register an application of your own and give its id with --client-id." },
	{ .codes = { 65004 },
	  .what = "consent was declined",
	  .todo = "Sign in again and accept, or let an administrator grant consent." },
	{ .codes = { 650053 },
	  .what = "the service does not know one of the permissions",
	  .todo = "The cloud may be too old for it: check --cloud." },
	{ .codes = { 650056, 650057 },
	  .what = "the app registration does not list the permission",
	  .todo = "Add it under API permissions of the app registration." },
	{ .codes = { 90094, 90095 },
	  .what = "an administrator must consent first",
	  .todo = "Let an administrator grant consent under API permissions." },
	{ .codes = { 7000215 },
	  .what = "the client secret is wrong",
	  .todo = "Paste the secret's value, not its id, into AZURE_CLIENT_SECRET." },
	{ .codes = { 7000222 },
	  .what = "the client secret has expired",
	  .todo = "Make a new one under Certificates & secrets, or better a certificate." },
	{ .codes = { 7000218 },
	  .what = "the application must prove itself and did not",
	  .todo = "For a person's sign-in turn on Allow public client flows; else set a "
		  "secret or certificate." },
	{ .codes = { 700025 },
	  .what = "the application is public and must not send a secret or certificate",
	  .todo = "Sign in with --auth browser or --auth device." },
	{ .codes = { 700016 },
	  .what = "the application is not known in this tenant",
	  .todo = "Check AZURE_CLIENT_ID and the tenant; an administrator must have "
		  "consented to the app." },
	{ .codes = { 7000229 },
	  .what = "the application has no service principal in this tenant",
	  .todo = "Let an administrator of the tenant consent to the app." },
	{ .codes = { 70011, 28002 },
	  .what = "the service does not take the permissions as they were asked for",
	  .todo = "The cloud may be too old for them: check --cloud." },
	{ .codes = { 70016 },
	  .what = "the code has not been entered yet",
	  .todo = "Enter the code on the page, then wait." },
	{ .codes = { 70019, 70020, 70039 },
	  .what = "the code has expired",
	  .todo = "Ask for a new code." },
	{ .codes = { 70033, 70034, 90120 },
	  .what = "the code was used already, or the sign-in was declined",
	  .todo = "Start again for a new code." },
	{ .codes = { 50134 },
	  .what = "the sign-in came to a data centre that does not know it",
	  .todo = "Sign in again." },
	{ .codes = { 70018, 50189, 70035, 7000014, 90119 },
	  .what = "the service does not know the code",
	  .todo = "Ask for a new code." },
	{ .codes = { 90136 },
	  .what = "the application is confidential: a code cannot sign in to it",
	  .todo = "Turn on Allow public client flows, or use --auth browser." },
	{ .codes = { 90002 },
	  .what = "there is no such tenant in this cloud",
	  .todo = "Check the tenant's id or domain, and --cloud." },
	{ .codes = { 9001023 },
	  .what = "an application cannot sign in without naming the tenant",
	  .todo = "Give the tenant's id or domain with --tenant." },
	{ .codes = { 90033, 90006, 90024, 50033, 90090 },
	  .what = "the sign-in service has a passing problem",
	  .todo = "Try again in a few minutes." },
	{ .codes = { 90055 },
	  .what = "the tenant signs in too often at the moment",
	  .todo = "Try again in a few minutes." },
	{ .codes = { 1002016 },
	  .what = "the connection uses TLS that is too old",
	  .todo = "Look for a proxy that breaks TLS open: 1.2 or later is needed." },
};

static size_t row_of(int code)
{
	for (size_t i = 0; i < COUNT_OF(refusals); i++)
		for (size_t k = 0; k < COUNT_OF(refusals[i].codes) && refusals[i].codes[k]; k++)
			if (refusals[i].codes[k] == code)
				return i;
	return COUNT_OF(refusals);
}

/* The id of the policy that refused, out of the claims, which are JSON inside a
 * JSON string (facts sign-in-and-transport.md 1.5). */
static void name_policy(const struct json *answer, struct str *out)
{
	const char *claims = json_string(answer, "claims");
	struct err none = ERR_INIT;
	struct json *parsed = claims ? json_parse(claims, strlen(claims), &none) : NULL;
	const struct json *id = json_first(json_at(parsed, "access_token.capolids.values"));

	for (; id; id = json_next(id))
		if (json_text(id))
			str_addf(out, "%s%s", out->len ? ", " : "", json_text(id));
	json_free(parsed);
}

void sign_in_error(struct err *err, int status, const struct json *answer)
{
	int code = (int)json_value(json_first(json_get(answer, "error_codes")), 0);
	const char *text = json_string_or(answer, "error_description", "");
	const char *error = json_string_or(answer, "error", "");
	const char *trace = json_string_or(answer, "trace_id", "");
	const char *end = strstr(text, " Trace ID:");
	int len = (int)(end ? (size_t)(end - text) : strlen(text));
	struct str policy = { 0 };
	size_t row;

	if (!code && str_starts(text, "AADSTS"))
		sscanf(text, "AADSTS%9d", &code);
	/* 70000 stands for every refused grant; this one is known by its name. */
	if (code == 70000 && (str_same(error, "consent_required") ||
			      str_same(json_string(answer, "suberror"), "consent_required")))
		row = row_of(65001);
	else
		row = code ? row_of(code) : COUNT_OF(refusals);
	name_policy(answer, &policy);
	if (row < COUNT_OF(refusals)) {
		bool add = refusals[row].disputed && *text;

		err_set(err, ERR_AUTH, status, "sign-in failed: %s%s%s (AADSTS%d)%s%.*s",
			refusals[row].what, policy.len ? ", by the policy " : "",
			str_text(&policy), code, add ? ": " : "", add ? len : 0, text);
		err_todo(err, "%s", refusals[row].todo);
	} else if (code || *text) {
		err_set(err, ERR_AUTH, status, "sign-in failed: %.*s", len, text);
		err_todo(err, "https://login.microsoftonline.com/error?code=%d says more.", code);
	} else if (*error) {
		err_set(err, ERR_AUTH, status, "sign-in failed: the service answered \"%s\"", error);
		err_todo(err, "Sign in again; if it stays, check the app registration.");
	} else {
		err_set(err, ERR_AUTH, status, "sign-in failed: the service answered %d%s", status,
			answer ? "" : " without a readable reason");
		err_todo(err, "Try again in a few minutes; if it stays, check the proxy.");
	}
	if (!code && *text)
		err_todo(err, "Sign in again; if it stays, check the app registration.");
	if (code)
		snprintf(err->graph_code, sizeof(err->graph_code), "AADSTS%d", code);
	snprintf(err->request_id, sizeof(err->request_id), "%s", trace);
	str_release(&policy);
}

void sign_in_error_consent(struct err *err, const char *token_url, const char *client_id)
{
	static const char *const codes[] = { "AADSTS65001", "AADSTS70000", "AADSTS90094",
					     "AADSTS90095" };
	static const char end[] = "/oauth2/v2.0/token";

	/* 70000 has many reasons. */
	if (!strstr(err->todo, "grant consent") || !str_ends(token_url, end))
		return;
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (str_same(err->graph_code, codes[i]))
			err_todo(err, "Let an administrator grant consent under API permissions, or "
				 "at %.*s/adminconsent?client_id=%s",
				 (int)(strlen(token_url) - strlen(end)), token_url, client_id);
}
