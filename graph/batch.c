#include "graph/batch.h"

#include <stdlib.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/retry.h"

struct batch {
	struct json *body;
	struct json *kept, *refused;	/* arrays of responses */
};

struct batch *batch_new(const struct json *body)
{
	struct batch *b = xcalloc(1, sizeof(*b));

	b->body = json_clone(body);
	b->kept = json_new_array();
	b->refused = json_new_array();
	return b;
}

void batch_free(struct batch *b)
{
	if (!b)
		return;
	json_free(b->body);
	json_free(b->kept);
	json_free(b->refused);
	free(b);
}

const struct json *batch_body(const struct batch *b)
{
	return b->body;
}

/* Ids are compared without regard to case, and the order means nothing. */
static const struct json *response_to(const struct json *request, const struct json *answer)
{
	const char *id = json_string(request, "id");

	for (const struct json *j = json_first(json_get(answer, "responses")); j;
	     j = json_next(j))
		if (str_same_nocase(json_string(j, "id"), id))
			return j;
	return NULL;
}

/* The item's own Retry-After, in any case, as text or as a number. */
static int64_t asked_ms(const struct json *response, int64_t now_ms)
{
	const struct json *after = json_get_nocase(json_get(response, "headers"), "Retry-After");
	double seconds = json_value(after, -1);

	if (json_text(after))
		return retry_after_ms(json_text(after), now_ms);
	return seconds >= 0 && seconds < 1e9 ? (int64_t)(seconds * 1000) : -1;
}

struct batch_rest batch_take(struct batch *b, const struct json *answer, int64_t now_ms)
{
	struct json *body = json_new_object(), *requests = json_add_array(body, "requests");
	struct batch_rest rest = { .wait_ms = -1 };

	json_free(b->refused);
	b->refused = json_new_array();
	for (const struct json *q = json_first(json_get(b->body, "requests")); q;
	     q = json_next(q)) {
		const struct json *response = response_to(q, answer);
		int status = (int)json_int(response, "status", 0);
		int64_t asked = asked_ms(response, now_ms);

		if (response && !retry_status(status, false, asked >= 0)) {
			json_append(b->kept, json_clone(response));
			continue;
		}
		if (response)
			json_append(b->refused, json_clone(response));
		json_append(requests, json_clone(q));
		rest.n++;
		rest.throttled |= status == 429;
		if (asked > rest.wait_ms)
			rest.wait_ms = asked;
	}
	json_free(b->body);
	b->body = body;
	return rest;
}

struct json *batch_answer(const struct batch *b)
{
	struct json *out = json_new_object();
	struct json *all = json_add(out, "responses", json_clone(b->kept));

	for (const struct json *j = json_first(b->refused); j; j = json_next(j))
		json_append(all, json_clone(j));
	return out;
}
