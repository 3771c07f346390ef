#include "graph/sign_in/challenge.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/base64.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"

#define HEADER_MAX ((size_t)16 << 10)
#define CLAIMS_MAX ((size_t)8 << 10)

/* What is wanted of one challenge of a header that may hold several. */
struct reading {
	const char *at;
	bool bearer, insufficient;
	struct str claims;	/* base64 */
};

static void skip(struct reading *in, const char *set)
{
	in->at += strspn(in->at, set);
}

/* A name, or a value without quotes. */
static void take_word(struct reading *in, struct str *out)
{
	size_t n = strcspn(in->at, " \t,=\"");

	str_clear(out);
	str_add_bytes(out, in->at, n);
	in->at += n;
}

/* Commas and equals signs inside quotes are text; a backslash takes the next
 * character as it is. */
static void take_quoted(struct reading *in, struct str *out)
{
	str_clear(out);
	for (in->at++; *in->at && *in->at != '"'; in->at++) {
		if (*in->at == '\\' && in->at[1])
			in->at++;
		str_add_char(out, *in->at);
	}
	in->at += *in->at == '"';
}

static void take_value(struct reading *in, const char *name)
{
	struct str value = { 0 };

	skip(in, " \t=");
	if (*in->at == '"')
		take_quoted(in, &value);
	else
		take_word(in, &value);
	if (str_same_nocase(name, "error"))
		in->insufficient = str_same_nocase(str_text(&value), "insufficient_claims");
	if (str_same_nocase(name, "claims")) {
		str_clear(&in->claims);
		str_add(&in->claims, str_text(&value));
	}
	str_release(&value);
}

static bool complete(const struct reading *in)
{
	return in->bearer && in->insufficient && in->claims.len;
}

/* Reads on until a challenge is complete or the header ends. A word with an
 * equals sign after it is a parameter, any other one begins a challenge. */
static bool read_header(struct reading *in)
{
	struct str word = { 0 };

	while (!complete(in)) {
		skip(in, " \t,");
		if (!*in->at)
			break;
		take_word(in, &word);
		if (in->at[strspn(in->at, " \t")] == '=') {
			take_value(in, str_text(&word));
		} else if (word.len) {
			in->bearer = str_same_nocase(str_text(&word), "Bearer");
			in->insufficient = false;
			str_clear(&in->claims);
		} else {
			in->at++;	/* a stray quote or sign */
		}
	}
	str_release(&word);
	return complete(in);
}

static char *decode(const struct str *base64)
{
	struct str text = { .max = CLAIMS_MAX }, out = { 0 };
	struct err none = ERR_INIT;
	struct json *claims = NULL;

	if (base64url_decode(&text, base64->buf, base64->len) == 0)
		claims = json_parse(str_text(&text), text.len, &none);
	if (json_is(claims, JSON_OBJECT))
		json_print(claims, &out);
	json_free(claims);
	str_release(&text);
	return out.len ? str_detach(&out) : NULL;
}

char *challenge_claims(const struct headers *h)
{
	char *found = NULL;

	for (size_t i = 0; i < h->n && !found; i++) {
		struct reading in = { .at = h->v[i].value };

		if (!str_same_nocase(h->v[i].name, "WWW-Authenticate") ||
		    strlen(h->v[i].value) > HEADER_MAX)
			continue;
		if (read_header(&in))
			found = decode(&in.claims);
		str_release(&in.claims);
	}
	return found;
}

/* "c1" of {"value":"c1"} or of {"values":["c1"]}. */
static const char *value_of(const struct json *claim)
{
	const char *one = json_string(claim, "value");

	return one ? one : json_text(json_first(json_get(claim, "values")));
}

void challenge_explain(struct str *out, const char *claims)
{
	struct err none = ERR_INIT;
	struct json *j = json_parse(claims, strlen(claims), &none);
	const struct json *token = json_get(j, "access_token");
	const char *context = value_of(json_get(token, "acrs"));

	if (context)
		str_addf(out, "Conditional Access wants a stronger sign-in here (authentication "
			 "context %.20s)", context);
	else if (json_get(token, "nbf"))
		str_add(out, "the session was ended early: it was revoked, or the password or the "
			     "place changed");
	else
		str_add(out, "a policy wants a further proof");
	json_free(j);
}

/* The command by which the Azure CLI meets a challenge, where it is short
 * enough to be shown whole. */
static int advise_azure_cli(struct err *err, const char *claims, const char *graph)
{
	struct str coded = { 0 };

	base64_encode(&coded, claims, strlen(claims));
	if (coded.len < 120)
		err_todo(err, "Run az login --claims-challenge %s --scope %s/.default, then try "
			      "again.", str_text(&coded), graph);
	else
		err_todo(err, "Run az logout and az login, or use --auth browser.");
	str_release(&coded);
	return -1;
}

void challenge_error(struct err *err, const char *what, int status, const char *claims,
		     const char *way, const char *graph)
{
	struct str why = { 0 };

	challenge_explain(&why, claims);
	err_set(err, ERR_AUTH, status, "%s: %s (%d insufficient_claims)", what, str_text(&why),
		status);
	str_release(&why);
	if (str_same(way, "azure-cli"))
		advise_azure_cli(err, claims, graph);
	else if (str_same(way, "managed-identity"))
		err_todo(err, "A managed identity cannot prove more: leave it out of the policy, "
			      "or sign in another way (--auth).");
	else if (str_same(way, "browser") || str_same(way, "device"))
		err_todo(err, "Sign in again and complete what is asked; the Conditional Access tab "
			      "of the sign-in log says which policy it is.");
	else
		err_todo(err, "An application cannot meet it alone: the Conditional Access tab of "
			      "the sign-in log (service principals) says which policy it is.");
}
