#ifndef TESTS_UNIT_TENANT_ASK_H
#define TESTS_UNIT_TENANT_ASK_H

#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/tenant/internal.h"

/* One request with a good token; the answer's status, and its JSON in *ret
 * (NULL for none; the caller frees; ret may be NULL). The clock goes on by ten
 * seconds first, so that no limit of requests is met and no lag is pending,
 * unless at_once. */
static inline int tenant_ask(struct tenant *t, bool at_once, const char *method,
			     const char *url, const char *body, struct json **ret)
{
	struct headers headers = { 0 };
	struct tenant_request req = {
		.method = method, .url = url, .headers = &headers, .body = body,
		.body_len = body ? strlen(body) : 0,
	};
	struct tenant_response resp = { 0 };
	struct err err = ERR_INIT;
	char *token = token_make(t, false, NULL), *bearer = xasprintf("Bearer %s", token);
	int status;

	if (!at_once)
		clock_advance(10000);
	headers_add(&headers, "Authorization", bearer);
	if (body)
		headers_add(&headers, "Content-Type", "application/json");
	tenant_handle(t, &req, &resp);
	status = resp.status;
	if (ret)
		*ret = resp.body.len ? json_parse_raw(str_text(&resp.body), resp.body.len, &err)
				     : NULL;
	tenant_response_release(&resp);
	headers_release(&headers);
	free_ptr(&token);
	free_ptr(&bearer);
	return status;
}

#endif
