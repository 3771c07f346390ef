#ifndef GRAPH_PACE_H
#define GRAPH_PACE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Workloads that Graph throttles apart (facts graph.md 10.1): a 429 of the
 * reports must not hold up the directory.
 */
enum workload { WORKLOAD_DIRECTORY, WORKLOAD_REPORTS, WORKLOAD_ACCESS, WORKLOAD_COUNT };

#define PACE_REQUESTS 5		/* the highest published number of requests */

/* struct pace - what each workload lets us send. Zero is valid: no limit met
 * yet. Times are of the monotonic clock: the wall clock may jump. */
struct pace {
	int64_t paused_until[WORKLOAD_COUNT];
	bool throttled[WORKLOAD_COUNT];		/* at least once */
	/* The times of the last requests, newest overwriting oldest. */
	int64_t last_sent[WORKLOAD_COUNT][PACE_REQUESTS];
	unsigned sent[WORKLOAD_COUNT];
};

enum workload pace_workload(const char *path);
/* A 429 came: nothing goes out for wait_ms. A shorter wait that comes later
 * does not end a longer one. */
void pace_throttled(struct pace *p, enum workload w, int64_t now_ms, int64_t wait_ms);
/* 0 when a request may go out now, which is then counted; else how long to
 * wait before asking again. */
int64_t pace_ask(struct pace *p, enum workload w, int64_t now_ms);
/* How long the longest pause still lasts, 0 = none. */
int64_t pace_longest(const struct pace *p, int64_t now_ms);

#endif
