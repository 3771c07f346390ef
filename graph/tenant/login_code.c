/*
 * The authorization code flow of the simulated sign-in service (facts
 * sign-in-and-transport.md 2.1, 2.2): the person who opens the page is signed in
 * at once, and the browser is sent back with a code that carries what the token
 * request must match.
 */
#include "graph/tenant/login.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define CODE_LIFE_S 600

/* Loopback with any port; the path counts, and there is none but "/". */
static bool redirect_known(const char *uri)
{
	static const char *const known[] = { "http://localhost", "http://127.0.0.1" };

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		const char *rest = uri + strlen(known[i]);

		if (!str_starts(uri, known[i]))
			continue;
		if (*rest == ':')
			rest += 1 + strspn(rest + 1, "0123456789");
		if (!*rest || str_same(rest, "/"))
			return true;
	}
	return false;
}

static void answer_form(struct login *in, const char *code)
{
	struct str page = { 0 };

	str_addf(&page, "<html><head><title>Working...</title></head><body><form method=\"POST\" "
		 "name=\"hiddenform\" action=\"%s\"><input type=\"hidden\" name=\"code\" "
		 "value=\"%s\" />", login_field(in, "redirect_uri"), code);
	if (login_field(in, "state")) {
		CLEANUP(str_release) struct str state = { 0 };

		url_encode(&state, login_field(in, "state"));
		str_addf(&page, "<input type=\"hidden\" name=\"state\" value=\"%s\" />",
			 str_text(&state));
	}
	str_add(&page, "</form><script>document.forms[0].submit();</script></body></html>");
	answer_text(in->r, 200, "text/html; charset=utf-8", str_text(&page));
	str_release(&page);
}

static void answer_redirect(struct login *in, const char *code)
{
	struct str url = { 0 };

	str_addf(&url, "%s%s?code=", login_field(in, "redirect_uri"),
		 str_ends(login_field(in, "redirect_uri"), "/") ? "" : "/");
	url_encode(&url, code);
	if (login_field(in, "state")) {
		str_add(&url, "&state=");
		url_encode(&url, login_field(in, "state"));
	}
	headers_add(&in->r->headers, "Location", str_text(&url));
	answer_text(in->r, 302, "text/html; charset=utf-8", "");
	str_release(&url);
}

void login_authorize(struct login *in)
{
	struct json *code;
	char *text;

	if (!login_demand(in, "client_id") || !login_demand(in, "redirect_uri") ||
	    !login_demand(in, "scope"))
		return;
	if (!redirect_known(login_field(in, "redirect_uri"))) {
		login_fail(in, 400, "invalid_request", 50011, "The redirect URI specified in the "
			   "request does not match the redirect URIs configured for the "
			   "application.");
		return;
	}
	if (!str_same(login_field(in, "response_type"), "code")) {
		login_fail(in, 400, "unsupported_response_type", 70005, "The response type is not "
			   "supported.");
		return;
	}
	code = json_new_object();
	json_add_string(code, "use", "code");
	json_add_string(code, "client", login_field(in, "client_id"));
	json_add_string(code, "redirect", login_field(in, "redirect_uri"));
	json_add_string(code, "scope", login_field(in, "scope"));
	json_add_string(code, "challenge", login_field(in, "code_challenge"));
	json_add_string(code, "method", login_field(in, "code_challenge_method"));
	if (login_field(in, "nonce"))
		json_add_string(code, "nonce", login_field(in, "nonce"));
	json_add_number(code, "iat", (double)(clock_now_ms() / 1000));
	text = token_seal(code);
	json_free(code);
	if (str_same(login_field(in, "response_mode"), "form_post"))
		answer_form(in, text);
	else
		answer_redirect(in, text);
	free(text);
}

/* RFC 7636 4.6; without a method the verifier itself is the challenge. */
static bool verifier_matches(const struct json *code, const char *verifier)
{
	const char *challenge = json_string(code, "challenge");
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct str text = { 0 };
	unsigned n = 0;
	bool same;

	if (!challenge)
		return true;
	if (!verifier)
		return false;
	if (!str_same(json_string(code, "method"), "S256"))
		return str_same(challenge, verifier);
	if (EVP_Digest(verifier, strlen(verifier), digest, &n, EVP_sha256(), NULL) != 1)
		return false;
	base64url_encode(&text, digest, n);
	same = str_same(str_text(&text), challenge);
	str_release(&text);
	return same;
}

void login_redeem_code(struct login *in)
{
	struct json *code;
	double age;

	if (!login_demand(in, "code") || !login_demand(in, "redirect_uri"))
		return;
	code = token_open(login_field(in, "code"));
	age = (double)clock_now_ms() / 1000 - json_number(code, "iat", 0);
	if (login_field(in, "client_secret") || login_field(in, "client_assertion"))
		login_fail(in, 401, "invalid_client", 700025, "Client is public so neither "
			   "'client_assertion' nor 'client_secret' should be presented.");
	else if (!str_same(json_string(code, "use"), "code") ||
		 !str_same(json_string(code, "client"), login_field(in, "client_id")))
		login_fail(in, 400, "invalid_grant", 9002313, "Invalid request. Request is "
			   "malformed or invalid.");
	else if (age >= CODE_LIFE_S)
		login_fail(in, 400, "invalid_grant", 70008, "The provided authorization code or "
			   "refresh token has expired due to inactivity.");
	else if (!str_same(json_string(code, "redirect"), login_field(in, "redirect_uri")))
		login_fail(in, 400, "invalid_client", 500112, "The reply address does not match "
			   "the reply address provided when requesting the authorization code.");
	else if (!verifier_matches(code, login_field(in, "code_verifier")))
		login_fail(in, 400, "invalid_grant", 501481, "The Code_Verifier does not match the "
			   "code_challenge supplied in the authorization request.");
	else {
		in->nonce = json_string(code, "nonce");
		login_tokens(in, login_field(in, "scope") ? login_field(in, "scope") :
						json_string_or(code, "scope", ""));
		in->nonce = NULL;
	}
	json_free(code);
}
