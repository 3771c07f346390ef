#ifndef TESTS_UNIT_ASKED_H
#define TESTS_UNIT_ASKED_H

/* Asking the simulated tenant from a test. Include cmocka.h first. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/tenant/internal.h"

#define ASK_NOW 1795600000000 /* 26 Nov 2026 */
#define ASK_EVENTUAL 1u
#define ASK_NO_TOKEN 2u
#define ASK_FORM 4u	/* the body is a form, not JSON */

/* The last answer; released by the next ask_*() and by ask_close(). */
struct asked {
	struct tenant *t;
	char *token;
	int status;
	struct json *json;
	const char *message;	/* error.message, or "" */
	const char *code;	/* error.code, or "" */
	struct tenant_response raw;
};

static inline void ask_forget(struct asked *a)
{
	json_free(a->json);
	a->json = NULL;
	tenant_response_release(&a->raw);
}

/* TENANT_RECORD names a file that all traffic is appended to. */
static inline struct asked ask_open(const char *scenario, size_t users)
{
	struct err err = ERR_INIT;
	struct asked a = { 0 };

	clock_set_virtual(ASK_NOW);
	a.t = tenant_new(scenario, users, &err);
	if (!a.t)
		fail_msg("%s: %s", scenario, err.msg);
	tenant_set_throttling(a.t, false);
	a.token = token_make(a.t, false, NULL);
	if (getenv("TENANT_RECORD"))
		assert_int_equal(tenant_record_to(a.t, getenv("TENANT_RECORD"), &err), 0);
	return a;
}

static inline void ask_close(struct asked *a)
{
	ask_forget(a);
	free(a->token);
	tenant_free(a->t);
}

static inline int ask_body(struct asked *a, unsigned flags, const char *method, const char *url,
			   const char *body)
{
	struct headers headers = { 0 };
	struct str bearer = { 0 };
	struct err err = ERR_INIT;
	struct tenant_request req = {
		.method = method, .url = url, .headers = &headers, .body = body,
		.body_len = body ? strlen(body) : 0,
	};

	ask_forget(a);
	str_addf(&bearer, "Bearer %s", a->token);
	if (!(flags & ASK_NO_TOKEN))
		headers_add(&headers, "Authorization", str_text(&bearer));
	if (flags & ASK_EVENTUAL)
		headers_add(&headers, "ConsistencyLevel", "eventual");
	if (body)
		headers_add(&headers, "Content-Type", flags & ASK_FORM ?
			    "application/x-www-form-urlencoded" : "application/json");
	tenant_handle(a->t, &req, &a->raw);
	a->status = a->raw.status;
	if (a->raw.body.len)
		a->json = json_parse_raw(str_text(&a->raw.body), a->raw.body.len, &err);
	a->message = json_string_or(json_get(a->json, "error"), "message", "");
	a->code = json_string_or(json_get(a->json, "error"), "code", "");
	headers_release(&headers);
	str_release(&bearer);
	return a->status;
}

static inline int ask(struct asked *a, unsigned flags, const char *url)
{
	return ask_body(a, flags, "GET", url, NULL);
}

/* "Text's" with double quotes for single ones: JSON that reads well in C. */
static inline char *quoted(const char *fmt, ...) PRINTF_LIKE(1, 2);
static inline char *quoted(const char *fmt, ...)
{
	char text[8192];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	return xstrdup(text);
}

/* The id of an object of the state by one of its properties. */
static inline const char *ask_id(struct asked *a, const char *list, const char *key,
				 const char *value)
{
	for (const struct json *j = json_first(state_list(a->t, list)); j; j = json_next(j))
		if (str_same(json_string(j, key), value))
			return json_string(j, "id");
	fail_msg("no %s with %s %s", list, key, value);
	return NULL;
}

static inline size_t ask_count(const struct asked *a)
{
	return json_count(json_get(a->json, "value"));
}

#endif
