#ifndef GRAPH_LOOP_H
#define GRAPH_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/err.h"

/*
 * struct loop - the only place that sleeps: one curl_multi_poll() over the
 * watched descriptors, the self-pipe, all transfers and the next timer.
 * Callbacks run from loop_run_once() only, never inside the call that
 * started something. With a virtual clock and nothing but timers to wait for,
 * the loop advances the clock instead of sleeping.
 */
struct loop;

struct loop *loop_new(struct err *err);
void loop_free(struct loop *l);		/* timers and watches must be gone */

/* Waits for the next event, at most max_wait_ms (-1: no limit), and runs what
 * is due. Returns false when there is nothing left to wait for. */
bool loop_run_once(struct loop *l, int max_wait_ms);
/* Runs until *done is true, or nothing is left to wait for. */
void loop_run_until(struct loop *l, const bool *done);

/* One-shot timers; the struct is the caller's and zero is "not running". */
struct loop_timer {
	int64_t due_ms;		/* on the monotonic clock */
	void (*fn)(void *ctx);
	void *ctx;
	struct loop_timer *next;
	bool running;
};
void loop_timer_start(struct loop *l, struct loop_timer *t, int64_t delay_ms,
		      void (*fn)(void *ctx), void *ctx);
void loop_timer_stop(struct loop *l, struct loop_timer *t);

/* Calls fn when fd is readable (or closed), until unwatched. */
void loop_watch(struct loop *l, int fd, void (*fn)(void *ctx, int fd), void *ctx);
void loop_unwatch(struct loop *l, int fd);

/* Wakes the loop; the only call allowed in a signal handler. signo comes out
 * again at the hook, outside the handler. */
void loop_signal(int signo);
void loop_on_signal(struct loop *l, void (*fn)(void *ctx, int signo), void *ctx);

/* For the http transport only: easy is a CURL *. done gets the CURLcode. */
void loop_transfer_add(struct loop *l, void *easy,
		       void (*done)(void *ctx, int curl_code), void *ctx);
void loop_transfer_remove(struct loop *l, void *easy);

#endif
