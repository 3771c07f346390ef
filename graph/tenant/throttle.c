#include "graph/tenant/internal.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

/* Limits of the workloads that a rollout meets (facts graph.md 10.1). */
enum window { WINDOW_REPORTS, WINDOW_ACCESS, WINDOW_NONE };
static const struct limit {
	int requests;
	int64_t span_ms;
	bool says_when;		/* with Retry-After */
} limits[] = {
	[WINDOW_REPORTS] = { 5, 10000, true },
	[WINDOW_ACCESS] = { 1, 1000, false },
};

static enum window window_of(const struct tenant_call *c)
{
	const char *area = c->nsegments > 1 ? c->segments[1] : "";
	const char *part = c->nsegments > 2 ? c->segments[2] : "";

	if (str_same_nocase(area, "auditLogs") || str_same_nocase(area, "reports"))
		return WINDOW_REPORTS;
	if (str_same_nocase(area, "identityProtection") ||
	    (str_same_nocase(area, "identity") && str_same_nocase(part, "conditionalAccess")))
		return WINDOW_ACCESS;
	return WINDOW_NONE;
}

/* Newest first; a request that is refused counts as well (10.2). */
static void note(int64_t *times, size_t n, int64_t now)
{
	memmove(times + 1, times, (n - 1) * sizeof(*times));
	times[0] = now;
}

bool throttle_pass(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	enum window w = window_of(c);
	const struct limit *limit;
	int64_t now = clock_now_ms(), oldest, wait;
	char text[32];

	if (w == WINDOW_NONE || !t->throttling)
		return true;
	limit = &limits[w];
	oldest = t->throttle_window[w][limit->requests - 1];
	note(t->throttle_window[w], COUNT_OF(t->throttle_window[w]), now);
	if (!oldest || now - oldest >= limit->span_ms)
		return true;
	if (limit->says_when) {
		/* When this refused one counts too, the next may come a whole
		 * span after the fifth newest. */
		wait = t->throttle_window[w][limit->requests - 1] + limit->span_ms - now;
		snprintf(text, sizeof(text), "%d.%03d", (int)(wait / 1000), (int)(wait % 1000));
		headers_add(&r->headers, "Retry-After", text);
	}
	answer_error(r, 429, "TooManyRequests", "Please retry again later.");
	return false;
}
