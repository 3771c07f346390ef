#include "graph/tenant/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/portal.h"

/*
 * The sign-in service. It keeps nothing: device codes and refresh tokens
 * carry what it must know later, sealed like the tokens.
 */
#define CODE_LIFE_S 900
#define CODE_INTERVAL_S 5
/* How long the simulated person takes to sign in with a code. */
#define CODE_APPROVED_S 8
#define CLOCK_SKEW_S 300	/* by which clocks may differ */
#define DEMO_SECRET "demo-secret"

const char *login_field(const struct login *in, const char *name)
{
	for (size_t i = 0; i < in->n; i++)
		if (str_same(in->names[i], name))
			return in->values[i];
	return NULL;
}

static void answer_login(struct login *in, int status, struct json *take)
{
	struct str text = { 0 };

	json_print(take, &text);
	json_free(take);
	headers_add(&in->r->headers, "Cache-Control", "no-store, no-cache");
	answer_text(in->r, status, "application/json; charset=utf-8", str_text(&text));
	str_release(&text);
}

/* The shape of sign-in-and-transport.md 1.3; message without "AADSTSn: ". */
void login_fail(struct login *in, int status, const char *error, int code, const char *message)
{
	struct json *out = json_new_object(), *codes;
	const char *id = headers_get(&in->r->headers, "request-id");
	const char *client = headers_get(&in->r->headers, "client-request-id");
	char when[TIME_TEXT];
	struct str text = { 0 };

	time_format(clock_now_ms(), when);
	when[10] = ' ';
	str_addf(&text, "AADSTS%d: %s\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %s", code,
		 message, id, client, when);
	json_add_string(out, "error", error);
	json_add_string(out, "error_description", str_text(&text));
	codes = json_add_array(out, "error_codes");
	json_append(codes, json_new_number(code));
	json_add_string(out, "timestamp", when);
	json_add_string(out, "trace_id", id);
	json_add_string(out, "correlation_id", client);
	str_clear(&text);
	str_addf(&text, "%s/error?code=%d", in->base, code);
	json_add_string(out, "error_uri", str_text(&text));
	str_release(&text);
	answer_login(in, status, out);
}

/* The value of a field that must be there; NULL when it is not, and then the
 * answer is written. */
const char *login_demand(struct login *in, const char *name)
{
	const char *value = login_field(in, name);
	char text[128];

	if (value && *value)
		return value;
	snprintf(text, sizeof(text),
		 "The request body must contain the following parameter: '%s'.", name);
	login_fail(in, 400, "invalid_request", 900144, text);
	return NULL;
}

/* What is granted of what was asked: named scopes that the tenant consented
 * to, or all of them for ".default". The caller frees. */
static char *grant(struct login *in, const char *asked)
{
	const struct json *consented = json_get(in->t->state, "scopes"), *j;
	struct json *words = words_list(asked), *w;
	struct str out = { 0 };

	for (w = json_first_mutable(words); w; w = json_next_mutable(w)) {
		const char *name = strrchr(json_text(w), '/');

		name = name ? name + 1 : json_text(w);
		if (str_same(name, ".default")) {
			str_clear(&out);
			for (j = json_first(consented); j; j = json_next(j))
				str_addf(&out, "%s%s", out.len ? " " : "", json_text(j));
			break;
		}
		if (json_array_has(consented, name))
			str_addf(&out, "%s%s", out.len ? " " : "", name);
	}
	json_free(words);
	return out.buf ? str_detach(&out) : xstrdup("");
}

static bool asks(const char *scopes, const char *word)
{
	struct json *words = words_list(scopes);
	bool found = json_array_has(words, word);

	json_free(words);
	return found;
}

void login_sealed(struct json *out, const char *name, struct json *take)
{
	char *token = token_seal(take);

	json_add_string(out, name, token);
	free(token);
	json_free(take);
}

static struct json *id_claims(struct login *in)
{
	const struct json *me = tenant_admin(in->t);
	struct json *claims = json_new_object();
	struct str issuer = { 0 };
	int64_t now = clock_now_ms() / 1000;

	str_addf(&issuer, "%s/%s/v2.0", in->base, tenant_id(in->t));
	json_add_string(claims, "iss", str_text(&issuer));
	json_add_string(claims, "aud", login_field(in, "client_id"));
	json_add_string(claims, "tid", tenant_id(in->t));
	json_add_string(claims, "oid", json_string(me, "id"));
	json_add_string(claims, "sub", json_string(me, "id"));
	json_add_string(claims, "name", json_string(me, "displayName"));
	json_add_string(claims, "preferred_username", json_string(me, "userPrincipalName"));
	json_add_number(claims, "iat", (double)now);
	json_add_number(claims, "exp", (double)(now + in->t->token_life_s));
	json_add_string(claims, "ver", "2.0");
	if (in->nonce)
		json_add_string(claims, "nonce", in->nonce);
	str_release(&issuer);
	return claims;
}

static void add_client_info(struct login *in, struct json *out)
{
	struct str text = { 0 }, coded = { 0 };

	str_addf(&text, "{\"uid\":\"%s\",\"utid\":\"%s\"}",
		 json_string_or(in->t->state, "me", ""), tenant_id(in->t));
	base64url_encode(&coded, text.buf, text.len);
	json_add_string(out, "client_info", str_text(&coded));
	str_release(&text);
	str_release(&coded);
}

/* The audience of the scopes asked: the admin centre's own API goes by its id. */
static const char *audience_of(const char *scopes)
{
	return str_find_nocase(scopes, PORTAL_AUDIENCE "/") ? PORTAL_AUDIENCE : GRAPH_AUDIENCE;
}

/* Applications of Microsoft's that it lets in: the Azure CLI and Azure PowerShell
 * (ROADtools, firstpartyscopes.json of January 2026). */
static bool preauthorised(struct login *in)
{
	static const char *const clients[] = { "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
					       "1950a258-227b-4e31-a9cf-717495945fc2" };
	const char *client = login_field(in, "client_id");
	char text[256];

	for (size_t i = 0; i < COUNT_OF(clients); i++)
		if (str_same(client, clients[i]))
			return true;
	snprintf(text, sizeof(text), "Consent between first party application '%.40s' and first "
		 "party resource '" PORTAL_AUDIENCE "' must be configured via preauthorization.",
		 client);
	login_fail(in, 400, "invalid_request", 65002, text);
	return false;
}

/* A person's tokens. */
void login_tokens(struct login *in, const char *asked)
{
	const char *audience = audience_of(asked);
	bool portal = str_same(audience, PORTAL_AUDIENCE);
	char *granted, *token;
	struct json *out, *refresh;

	if (portal && !preauthorised(in))
		return;
	granted = portal ? xstrdup(PORTAL_AUDIENCE "/user_impersonation") : grant(in, asked);
	if (!*granted) {
		login_fail(in, 400, "invalid_grant", 65001, "The user or administrator has not consented "
		     "to use the application. Send an interactive authorization request for this "
		     "user and resource.");
		free(granted);
		return;
	}
	token = token_make_for(in->t, audience, false, granted,
			       login_field(in, "client_id"));
	out = json_new_object();
	json_add_string(out, "token_type", "Bearer");
	json_add_string(out, "scope", granted);
	json_add_number(out, "expires_in", in->t->token_life_s);
	json_add_number(out, "ext_expires_in", in->t->token_life_s);
	json_add_string(out, "access_token", token);
	if (asks(asked, "offline_access")) {
		refresh = json_new_object();
		json_add_string(refresh, "use", "refresh");
		json_add_string(refresh, "client", login_field(in, "client_id"));
		json_add_string(refresh, "scope", asked);
		login_sealed(out, "refresh_token", refresh);
	}
	if (asks(asked, "openid"))
		login_sealed(out, "id_token", id_claims(in));
	if (login_field(in, "client_info"))
		add_client_info(in, out);
	answer_login(in, 200, out);
	free(granted);
	free(token);
}

static bool check_assertion(struct login *in, const char *assertion)
{
	struct json *claims = token_claims(assertion);
	const char *audience = json_string_or(claims, "aud", "");
	double exp = json_number(claims, "exp", 0), now = (double)clock_now_ms() / 1000;
	double begins = json_number(claims, "nbf", 0);
	bool ok = false;

	if (!claims)
		login_fail(in, 401, "invalid_client", 50027, "JWT token is invalid or malformed.");
	else if (!str_ends(audience, "/oauth2/v2.0/token"))
		login_fail(in, 401, "invalid_client", 700023, "Client assertion audience claim does not "
		     "match Realm issuer.");
	else if (!json_string(claims, "sub"))
		login_fail(in, 401, "invalid_client", 700022, "Client assertion contains no subject.");
	else if (exp <= now || exp > now + 86400 || begins > now + CLOCK_SKEW_S)
		login_fail(in, 401, "invalid_client", 700024, "Client assertion is not within its valid "
		     "time range.");
	else
		ok = true;
	json_free(claims);
	return ok;
}

static bool check_client(struct login *in)
{
	const char *secret = login_field(in, "client_secret");
	const char *assertion = login_field(in, "client_assertion");
	char text[320];

	if (assertion)
		return check_assertion(in, assertion);
	if (!secret) {
		login_fail(in, 401, "invalid_client", 7000218, "The request body must contain the "
		     "following parameter: 'client_assertion' or 'client_secret'.");
		return false;
	}
	if (str_same(secret, DEMO_SECRET))
		return true;
	snprintf(text, sizeof(text), "Invalid client secret provided. Ensure the secret being sent "
		 "in the request is the client secret value, not the client secret ID, for a "
		 "secret added to app '%s'.", login_field(in, "client_id"));
	login_fail(in, 401, "invalid_client", 7000215, text);
	return false;
}

static void client_credentials(struct login *in)
{
	const char *scope = login_demand(in, "scope");
	struct json *out;
	char *token, text[320];

	if (!scope || !check_client(in))
		return;
	if (str_same_nocase(in->tenant, "common") || str_same_nocase(in->tenant, "consumers") ||
	    str_same_nocase(in->tenant, "organizations")) {
		login_fail(in, 400, "invalid_request", 9001023, "The grant type is not supported over "
		     "the /common or /consumers endpoints. Please use the /organizations or "
		     "tenant-specific endpoint.");
		return;
	}
	if (strchr(scope, ' ') || !str_ends(scope, "/.default")) {
		snprintf(text, sizeof(text), "The provided value for scope %s is not valid. Client "
			 "credential flows must have a scope value with /.default suffixed to the "
			 "resource identifier (application ID URI).", scope);
		login_fail(in, 400, "invalid_scope", 1002012, text);
		return;
	}
	token = token_make_for(in->t, audience_of(scope), true, NULL,
			       login_field(in, "client_id"));
	out = json_new_object();
	json_add_string(out, "token_type", "Bearer");
	json_add_number(out, "expires_in", in->t->token_life_s);
	json_add_number(out, "ext_expires_in", in->t->token_life_s);
	json_add_string(out, "access_token", token);
	free(token);
	answer_login(in, 200, out);
}

static void refresh_token(struct login *in)
{
	struct json *was;

	if (!login_demand(in, "refresh_token"))
		return;
	was = token_open(login_field(in, "refresh_token"));
	if (!str_same(json_string(was, "use"), "refresh") ||
	    !str_same(json_string(was, "client"), login_field(in, "client_id")))
		login_fail(in, 400, "invalid_grant", 9002313, "Invalid request. Request is malformed or "
		     "invalid.");
	else
		login_tokens(in, login_field(in, "scope") ? login_field(in, "scope") :
			      json_string_or(was, "scope", ""));
	json_free(was);
}

static void device_code(struct login *in)
{
	struct json *out, *code;
	struct str text = { 0 };
	char user_code[10];

	if (!login_demand(in, "client_id") || !login_demand(in, "scope"))
		return;
	for (int i = 0; i < 9; i++)
		user_code[i] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[tenant_random(in->t, 32)];
	user_code[9] = '\0';
	code = json_new_object();
	json_add_string(code, "use", "device");
	json_add_string(code, "scope", login_field(in, "scope"));
	json_add_number(code, "iat", (double)(clock_now_ms() / 1000));
	out = json_new_object();
	json_add_string(out, "user_code", user_code);
	login_sealed(out, "device_code", code);
	json_add_string(out, "verification_uri", "https://microsoft.com/devicelogin");
	json_add_number(out, "expires_in", CODE_LIFE_S);
	json_add_number(out, "interval", CODE_INTERVAL_S);
	str_addf(&text, "To sign in, use a web browser to open the page "
		 "https://microsoft.com/devicelogin and enter the code %s to authenticate.",
		 user_code);
	json_add_string(out, "message", str_text(&text));
	str_release(&text);
	answer_login(in, 200, out);
}

static void poll_device_code(struct login *in)
{
	struct json *code;
	double age;

	if (!login_demand(in, "device_code"))
		return;
	code = token_open(login_field(in, "device_code"));
	age = (double)clock_now_ms() / 1000 - json_number(code, "iat", 0);
	if (!str_same(json_string(code, "use"), "device"))
		login_fail(in, 400, "bad_verification_code", 70018,
		     "Invalid verification code provided.");
	else if (age >= CODE_LIFE_S)
		login_fail(in, 400, "expired_token", 70020, "The provided value for the input parameter "
		     "'device_code' is not valid. This device code has expired.");
	else if (age < CODE_APPROVED_S)
		login_fail(in, 400, "authorization_pending", 70016, "OAuth 2.0 device flow error. "
		     "Authorization is pending. Continue polling.");
	else
		login_tokens(in, json_string_or(code, "scope", ""));
	json_free(code);
}

static void token(struct login *in)
{
	static const struct {
		const char *name;
		void (*handle)(struct login *in);
	} grants[] = {
		{ "client_credentials", client_credentials },
		{ "refresh_token", refresh_token },
		{ "urn:ietf:params:oauth:grant-type:device_code", poll_device_code },
		{ "device_code", poll_device_code },
		{ "authorization_code", login_redeem_code },
	};
	char text[256];

	if (!login_demand(in, "grant_type") || !login_demand(in, "client_id"))
		return;
	for (size_t i = 0; i < COUNT_OF(grants); i++)
		if (str_same(login_field(in, "grant_type"), grants[i].name)) {
			grants[i].handle(in);
			return;
		}
	snprintf(text, sizeof(text), "The app requested an unsupported grant type '%.80s'.",
		 login_field(in, "grant_type"));
	login_fail(in, 400, "unsupported_grant_type", 70003, text);
}

static void openid_configuration(struct login *in)
{
	static const struct {
		const char *name, *path;
	} fields[] = {
		{ "token_endpoint", "oauth2/v2.0/token" },
		{ "jwks_uri", "discovery/v2.0/keys" },
		{ "issuer", "v2.0" },
		{ "authorization_endpoint", "oauth2/v2.0/authorize" },
		{ "device_authorization_endpoint", "oauth2/v2.0/devicecode" },
		{ "end_session_endpoint", "oauth2/v2.0/logout" },
	};
	struct json *out = json_new_object();
	char *url;

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		url = xasprintf("%s/%s/%s", in->base, tenant_id(in->t), fields[i].path);
		json_add_string(out, fields[i].name, url);
		free(url);
	}
	json_append_string(json_add_array(out, "response_types_supported"), "code");
	json_append_string(json_add_array(out, "subject_types_supported"), "pairwise");
	json_append_string(json_add_array(out, "id_token_signing_alg_values_supported"), "RS256");
	answer_login(in, 200, out);
}

static void keys(struct login *in)
{
	struct json *out = json_new_object();

	json_add_array(out, "keys");
	answer_login(in, 200, out);
}

static bool tenant_known(struct login *in)
{
	const struct json *j = json_get(json_get(in->t->state, "organization"), "verifiedDomains");
	char text[256];

	if (str_same_nocase(in->tenant, tenant_id(in->t)) ||
	    str_same_nocase(in->tenant, "common") || str_same_nocase(in->tenant, "organizations"))
		return true;
	for (j = json_first(j); j; j = json_next(j))
		if (str_same_nocase(json_string(j, "name"), in->tenant))
			return true;
	snprintf(text, sizeof(text), "Tenant '%.80s' not found. Check to make sure you have the "
		 "correct tenant ID and are signing into the correct cloud.", in->tenant);
	login_fail(in, 400, "invalid_request", 90002, text);
	return false;
}

static void add_pair(struct login *in, char *name, char *value)
{
	if (!name || !value || in->n == COUNT_OF(in->names)) {
		free(name);
		free(value);
		return;
	}
	in->names[in->n] = name;
	in->values[in->n++] = value;
}

static void take_form(struct login *in, const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end) {
		const char *amp = memchr(p, '&', (size_t)(end - p));
		const char *stop = amp ? amp : end;
		const char *eq = memchr(p, '=', (size_t)(stop - p));

		if (eq)
			add_pair(in, url_decode(p, (size_t)(eq - p), true),
				 url_decode(eq + 1, (size_t)(stop - eq - 1), true));
		p = stop + 1;
	}
}

/* The client's name and secret may come as HTTP Basic instead. */
static void take_basic(struct login *in, const struct tenant_request *req)
{
	const char *h = headers_get(req->headers, "Authorization"), *colon;
	struct str text = { 0 };

	if (h && str_starts(h, "Basic ") &&
	    base64url_decode(&text, h + 6, strlen(h + 6)) == 0 &&
	    (colon = strchr(str_text(&text), ':')) != NULL) {
		add_pair(in, xstrdup("client_id"),
			 url_decode(text.buf, (size_t)(colon - text.buf), true));
		add_pair(in, xstrdup("client_secret"), url_decode(colon + 1, strlen(colon + 1), true));
	}
	str_release(&text);
}

static const struct {
	const char *method, *path;
	void (*handle)(struct login *in);
} routes[] = {
	{ "POST", "/oauth2/v2.0/token", token },
	{ "POST", "/oauth2/v2.0/devicecode", device_code },
	{ "GET", "/oauth2/v2.0/authorize", login_authorize },
	{ "GET", "/v2.0/.well-known/openid-configuration", openid_configuration },
	{ "GET", "/discovery/v2.0/keys", keys },
};

bool handle_login(struct tenant *t, const struct tenant_request *req, struct tenant_response *r)
{
	struct login in = { .t = t, .r = r };
	const char *path = url_path(req->url), *rest, *type;
	size_t n = strcspn(path, "?");

	if (path[0] != '/' || (rest = strchr(path + 1, '/')) == NULL)
		return false;
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		size_t len = strlen(routes[i].path);

		if ((size_t)(path + n - rest) != len || strncmp(rest, routes[i].path, len) != 0)
			continue;
		in.base = url_base(req);
		in.tenant = xstrndup(path + 1, (size_t)(rest - path - 1));
		type = headers_get(req->headers, "Content-Type");
		if (type && str_starts(type, "application/x-www-form-urlencoded"))
			take_form(&in, req->body ? req->body : "", req->body_len);
		if (path[n] == '?')
			take_form(&in, path + n + 1, strlen(path + n + 1));
		take_basic(&in, req);
		if (!str_same(req->method, routes[i].method))
			login_fail(&in, 405, "invalid_request", 900561, "The endpoint only accepts other "
			     "requests.");
		else if (tenant_known(&in))
			routes[i].handle(&in);
		for (size_t k = 0; k < in.n; k++) {
			free(in.names[k]);
			free(in.values[k]);
		}
		free(in.base);
		free(in.tenant);
		return true;
	}
	return false;
}
