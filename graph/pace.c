#include "graph/pace.h"

#include <string.h>

/* The published limits of two of them: requests in a span of time. The
 * directory counts units that the client cannot know beforehand. Requests made
 * while throttled count against us, so after the first 429 we keep to these. */
static const struct {
	unsigned requests;		/* 0 = no known limit */
	int64_t span_ms;
} limits[WORKLOAD_COUNT] = {
	[WORKLOAD_REPORTS] = { PACE_REQUESTS, 10000 },
	[WORKLOAD_ACCESS] = { 1, 1000 },
};

enum workload pace_workload(const char *path)
{
	if (strstr(path, "/auditLogs/") || strstr(path, "/reports/"))
		return WORKLOAD_REPORTS;
	if (strstr(path, "/conditionalAccess/"))
		return WORKLOAD_ACCESS;
	return WORKLOAD_DIRECTORY;
}

static void pause_until(struct pace *p, enum workload w, int64_t until)
{
	if (until > p->paused_until[w])
		p->paused_until[w] = until;
}

void pace_throttled(struct pace *p, enum workload w, int64_t now_ms, int64_t wait_ms)
{
	p->throttled[w] = true;
	pause_until(p, w, now_ms + wait_ms);
}

int64_t pace_ask(struct pace *p, enum workload w, int64_t now_ms)
{
	unsigned requests = limits[w].requests;
	int64_t *oldest;

	if (requests && p->throttled[w] && p->sent[w] >= requests)
		pause_until(p, w, p->last_sent[w][p->sent[w] % requests] + limits[w].span_ms);
	if (p->paused_until[w] > now_ms)
		return p->paused_until[w] - now_ms;
	if (requests) {
		oldest = &p->last_sent[w][p->sent[w] % requests];
		*oldest = now_ms;
		p->sent[w]++;
	}
	return 0;
}

int64_t pace_longest(const struct pace *p, int64_t now_ms)
{
	int64_t latest = now_ms;

	for (int w = 0; w < WORKLOAD_COUNT; w++)
		if (p->paused_until[w] > latest)
			latest = p->paused_until[w];
	return latest - now_ms;
}
