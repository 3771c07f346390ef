#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/tenant/internal.h"

/*
 * libFuzzer over the simulated tenant: the first line of the input is a URL,
 * the rest a body. The server of the tests answers the network with it, so
 * nothing that is sent may do more than be refused. Build:
 *	clang -fsanitize=fuzzer,address,undefined -I. tests/fuzz/fuzz_tenant.c \
 *		graph/base/[a-z]*.c graph/tenant/[a-z]*.c graph/transport.c \
 *		graph/loop.c -lcjson -lcrypto -lcurl
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void send(struct tenant *t, const char *method, const char *url, const char *body,
		 size_t len, const char *type, const char *bearer)
{
	struct headers headers = { 0 };
	struct tenant_response r;

	headers_add(&headers, "Authorization", bearer);
	headers_add(&headers, "ConsistencyLevel", "eventual");
	headers_add(&headers, "Content-Type", type);
	tenant_handle(t, &(struct tenant_request){ .method = method, .url = url,
						   .headers = &headers, .body = body,
						   .body_len = len }, &r);
	if (r.status < 200 || r.status > 599)
		abort();
	tenant_response_release(&r);
	headers_release(&headers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const methods[] = { "GET", "POST", "PATCH", "DELETE" };
	static struct tenant *t;
	static char *bearer;
	struct err err = ERR_INIT;
	const uint8_t *end = memchr(data, '\n', size);
	size_t n = end ? (size_t)(end - data) : size;
	char *url, *body;

	/* Built anew now and then: what earlier inputs wrote is part of the test. */
	if (t && tenant_write_count(t) > 2000) {
		tenant_free(t);
		t = NULL;
	}
	if (!t) {
		clock_set_virtual(1795600000000);
		t = tenant_new("contoso", 0, &err);
		if (!t)
			abort();
		tenant_set_throttling(t, false);
		free(bearer);
		url = token_make(t, false, NULL);
		bearer = xasprintf("Bearer %s", url);
		free(url);
	}
	url = xstrndup((const char *)data, n);
	body = end ? xstrndup((const char *)end + 1, size - n - 1) : xstrdup("");
	for (size_t i = 0; i < COUNT_OF(methods); i++)
		send(t, methods[i], url, i ? body : NULL, i ? strlen(body) : 0,
		     "application/json", bearer);
	send(t, "POST", url, body, strlen(body), "application/x-www-form-urlencoded", bearer);
	free(url);
	free(body);
	return 0;
}
