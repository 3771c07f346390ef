#include "graph/tenant/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

/*
 * Tokens of the simulated tenant have the form of a JWT, so that clients that
 * look inside find what they expect. The third part is only a checksum: there
 * is nothing to protect here.
 */
static uint64_t checksum(const char *text, size_t n)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
	return h;
}

char *token_seal(const struct json *claims)
{
	static const char header[] = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"simulated\"}";
	struct str text = { 0 }, out = { 0 };
	char sum[17];

	json_print(claims, &text);
	base64url_encode(&out, header, sizeof(header) - 1);
	str_add_char(&out, '.');
	base64url_encode(&out, text.buf, text.len);
	snprintf(sum, sizeof(sum), "%016" PRIx64, checksum(str_text(&out), out.len));
	str_add_char(&out, '.');
	base64url_encode(&out, sum, 16);
	str_release(&text);
	return str_detach(&out);
}

struct json *token_claims(const char *token)
{
	const char *first = strchr(token, '.');
	const char *second = first ? strchr(first + 1, '.') : NULL;
	struct str text = { 0 };
	struct err err = ERR_INIT;
	struct json *claims = NULL;

	if (second && base64url_decode(&text, first + 1, (size_t)(second - first - 1)) == 0)
		claims = json_parse_raw(str_text(&text), text.len, &err);
	str_release(&text);
	return claims;
}

struct json *token_open(const char *token)
{
	const char *last = strrchr(token, '.');
	struct str text = { 0 };
	char sum[17];
	bool ours;

	if (!last || base64url_decode(&text, last + 1, strlen(last + 1)) != 0) {
		str_release(&text);
		return NULL;
	}
	snprintf(sum, sizeof(sum), "%016" PRIx64, checksum(token, (size_t)(last - token)));
	ours = str_same(str_text(&text), sum);
	str_release(&text);
	return ours ? token_claims(token) : NULL;
}

char *token_make(struct tenant *t, bool app_only, const char *scopes)
{
	return token_make_for(t, GRAPH_AUDIENCE, app_only, scopes, NULL);
}

char *token_make_for(struct tenant *t, const char *audience, bool app_only,
		     const char *scopes, const char *client)
{
	const struct json *me = tenant_admin(t);
	struct json *claims = json_new_object();
	int64_t now = clock_now_ms() / 1000;
	char *token;

	json_add_string(claims, "aud", audience);
	json_add_string(claims, "tid", tenant_id(t));
	json_add_number(claims, "iat", (double)now);
	json_add_number(claims, "exp", (double)(now + t->token_life_s));
	json_add_string(claims, "idtyp", app_only ? "app" : "user");
	if (client) {
		json_add_string(claims, "appid", client);
		json_add_string(claims, "app_displayname", "Client of the simulated tenant");
	}
	/* Of an application it is the id of its service principal. */
	json_add_string(claims, "oid", app_only ? client : json_string(me, "id"));
	if (!app_only) {
		json_add_string(claims, "name", json_string(me, "displayName"));
		json_add_string(claims, "upn", json_string(me, "userPrincipalName"));
	}
	if (scopes)
		json_add_string(claims, "scp", scopes);
	token = token_seal(claims);
	json_free(claims);
	return token;
}

static bool refuse(struct tenant_response *r, const char *message)
{
	headers_add(&r->headers, "WWW-Authenticate",
		    "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/"
		    "common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"");
	answer_error(r, 401, "InvalidAuthenticationToken", message);
	return false;
}

struct json *words_list(const char *words)
{
	struct json *list = json_new_array();

	while (words && *words) {
		size_t n = strcspn(words, " ");
		char *word = xstrndup(words, n);

		if (n)
			json_append_string(list, word);
		free(word);
		words += n;
		words += strspn(words, " ");
	}
	return list;
}

bool token_check(struct tenant *t, const char *authorization, struct tenant_response *r)
{
	struct json *claims;
	const char *scopes;
	bool ours, alive;

	json_free(t->granted);
	t->granted = NULL;
	t->app_only = false;
	if (!authorization || strncmp(authorization, "Bearer ", 7) != 0 || !authorization[7])
		return refuse(r, "Access token is empty.");
	claims = token_open(authorization + 7);
	if (!claims)
		return refuse(r, "CompactToken parsing failed with error code: 80049217");
	ours = str_same(json_string(claims, "tid"), tenant_id(t)) &&
	       str_same(json_string(claims, "aud"), GRAPH_AUDIENCE);
	alive = json_number(claims, "exp", 0) * 1000 > (double)clock_now_ms();
	t->app_only = str_same(json_string(claims, "idtyp"), "app");
	scopes = json_string(claims, "scp");
	if (scopes)
		t->granted = words_list(scopes);
	json_free(claims);
	if (!ours)
		return refuse(r, "Access token validation failure. Invalid audience.");
	return alive || refuse(r, "Lifetime validation failed, the token is expired.");
}
