#include "graph/loop.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"

#define WATCHES_MAX 16

struct watch {
	int fd;
	void (*fn)(void *ctx, int fd);
	void *ctx;
};

struct transfer {
	CURL *easy;
	void (*done)(void *ctx, int curl_code);
	void *ctx;
	struct transfer *next;
};

struct loop {
	CURLM *multi;			/* NULL until the first transfer */
	struct loop_timer *timers;	/* sorted by due time, then by start */
	struct loop_timer *due;		/* those that this turn still has to run */
	struct watch watch[WATCHES_MAX];
	size_t nwatches;
	struct transfer *transfers;
	bool more_ended;		/* a transfer ended that is not reaped yet */
	int pipe[2];
	void (*on_signal)(void *ctx, int signo);
	void *signal_ctx;
};

/* The one thing a signal handler may know: where to write its byte. */
static int signal_pipe = -1;

struct loop *loop_new(struct err *err)
{
	struct loop *l = xcalloc(1, sizeof(*l));

	if (pipe(l->pipe) < 0 || file_nonblocking(l->pipe[0]) < 0 ||
	    file_nonblocking(l->pipe[1]) < 0) {
		err_set(err, ERR_IO, errno, "cannot make the pipe that signals use");
		free(l);
		return NULL;
	}
	signal_pipe = l->pipe[1];
	return l;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	if (l->multi) {
		curl_multi_cleanup(l->multi);
		curl_global_cleanup();
	}
	signal_pipe = -1;
	close(l->pipe[0]);
	close(l->pipe[1]);
	free(l);
}

void loop_timer_start(struct loop *l, struct loop_timer *t, int64_t delay_ms,
		      void (*fn)(void *ctx), void *ctx)
{
	struct loop_timer **at = &l->timers;

	loop_timer_stop(l, t);
	t->due_ms = clock_mono_ms() + (delay_ms > 0 ? delay_ms : 0);
	t->fn = fn;
	t->ctx = ctx;
	t->running = true;
	/* After those of the same time: timers of one moment run in order. */
	while (*at && (*at)->due_ms <= t->due_ms)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
}

/* Takes t out of a list; false when it was not in it. */
static bool unlink_timer(struct loop_timer **list, struct loop_timer *t)
{
	for (struct loop_timer **at = list; *at; at = &(*at)->next) {
		if (*at == t) {
			*at = t->next;
			return true;
		}
	}
	return false;
}

void loop_timer_stop(struct loop *l, struct loop_timer *t)
{
	if (!t->running)
		return;
	if (!unlink_timer(&l->timers, t))
		unlink_timer(&l->due, t);
	t->running = false;
	t->next = NULL;
}

void loop_watch(struct loop *l, int fd, void (*fn)(void *ctx, int fd), void *ctx)
{
	if (l->nwatches == WATCHES_MAX)
		die("too many descriptors are watched");
	l->watch[l->nwatches++] = (struct watch){ fd, fn, ctx };
}

void loop_unwatch(struct loop *l, int fd)
{
	for (size_t i = 0; i < l->nwatches; i++)
		if (l->watch[i].fd == fd)
			l->watch[i--] = l->watch[--l->nwatches];
}

void loop_signal(int signo)
{
	int saved = errno;
	unsigned char byte = (unsigned char)signo;

	/* A full pipe already wakes the loop, so a lost byte does no harm. */
	if (signal_pipe >= 0 && write(signal_pipe, &byte, 1) < 0)
		errno = saved;
	errno = saved;
}

void loop_on_signal(struct loop *l, void (*fn)(void *ctx, int signo), void *ctx)
{
	l->on_signal = fn;
	l->signal_ctx = ctx;
}

void loop_transfer_add(struct loop *l, void *easy,
		       void (*done)(void *ctx, int curl_code), void *ctx)
{
	struct transfer *t = xcalloc(1, sizeof(*t));

	if (!l->multi) {
		curl_global_init(CURL_GLOBAL_DEFAULT);
		l->multi = curl_multi_init();
		if (!l->multi)
			die("libcurl cannot start");
		curl_multi_setopt(l->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	}
	*t = (struct transfer){ easy, done, ctx, l->transfers };
	l->transfers = t;
	curl_multi_add_handle(l->multi, easy);
}

void loop_transfer_remove(struct loop *l, void *easy)
{
	for (struct transfer **at = &l->transfers; *at; at = &(*at)->next) {
		struct transfer *t = *at;

		if (t->easy != easy)
			continue;
		*at = t->next;
		curl_multi_remove_handle(l->multi, easy);
		free(t);
		return;
	}
}

static void drain_signals(struct loop *l)
{
	unsigned char bytes[64];
	ssize_t n;

	while ((n = read(l->pipe[0], bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			if (l->on_signal)
				l->on_signal(l->signal_ctx, bytes[i]);
}

/* Sleeps until a descriptor, a transfer or the time; fills ready[] with the
 * watched descriptors that have something to read. */
static size_t wait_for_events(struct loop *l, int timeout_ms, int *ready)
{
	struct pollfd fds[WATCHES_MAX + 1];
	size_t n = 0, nready = 0;

	fds[n++] = (struct pollfd){ .fd = l->pipe[0], .events = POLLIN };
	for (size_t i = 0; i < l->nwatches; i++)
		fds[n++] = (struct pollfd){ .fd = l->watch[i].fd, .events = POLLIN };
	if (l->transfers) {
		struct curl_waitfd extra[WATCHES_MAX + 1];

		for (size_t i = 0; i < n; i++)
			extra[i] = (struct curl_waitfd){ .fd = fds[i].fd,
							 .events = CURL_WAIT_POLLIN };
		curl_multi_poll(l->multi, extra, (unsigned)n,
				timeout_ms < 0 ? 60000 : timeout_ms, NULL);
		timeout_ms = 0;
	}
	if (poll(fds, (nfds_t)n, timeout_ms) <= 0)
		return 0;
	for (size_t i = 1; i < n; i++)
		if (fds[i].revents)
			ready[nready++] = fds[i].fd;
	return nready;
}

/* Hands out one transfer that ended. The others wait for the next turn, which
 * does not sleep: an answer may take milliseconds to read, and keys come first. */
static void reap_transfer(struct loop *l)
{
	CURLMsg *m;
	int left = 0, running;

	l->more_ended = false;
	if (!l->transfers)
		return;
	curl_multi_perform(l->multi, &running);
	m = curl_multi_info_read(l->multi, &left);
	if (!m || m->msg != CURLMSG_DONE)
		return;
	l->more_ended = left > 0;
	for (struct transfer *t = l->transfers; t; t = t->next) {
		void (*done)(void *, int) = t->done;
		void *ctx = t->ctx;
		int code = (int)m->data.result;

		if (t->easy != m->easy_handle)
			continue;
		loop_transfer_remove(l, t->easy);
		done(ctx, code);
		return;
	}
}

/* Runs what is due now, in order. What a callback starts waits for the next
 * turn, so that nobody starves; what it stops does not run. */
static void run_due_timers(struct loop *l)
{
	int64_t now = clock_mono_ms();
	struct loop_timer **end = &l->timers, **last = &l->due;

	while (*end && (*end)->due_ms <= now)
		end = &(*end)->next;
	/* Not empty when a callback of this turn runs the loop itself. */
	while (*last)
		last = &(*last)->next;
	if (end != &l->timers) {
		*last = l->timers;
		l->timers = *end;
		*end = NULL;
	}
	while (l->due) {
		struct loop_timer *t = l->due;

		l->due = t->next;
		t->next = NULL;
		t->running = false;
		t->fn(t->ctx);
	}
}

static int time_until_next(const struct loop *l, int max_wait_ms)
{
	int64_t wait;

	if (!l->timers)
		return max_wait_ms;
	wait = l->timers->due_ms - clock_mono_ms();
	if (wait < 0)
		wait = 0;
	if (max_wait_ms >= 0 && wait > max_wait_ms)
		return max_wait_ms;
	return wait > 60000 ? 60000 : (int)wait;
}

bool loop_run_once(struct loop *l, int max_wait_ms)
{
	int ready[WATCHES_MAX], wait;
	size_t nready;

	if (!l->timers && !l->transfers && !l->nwatches)
		return false;
	wait = l->more_ended ? 0 : time_until_next(l, max_wait_ms);
	if (clock_is_virtual() && !l->transfers) {
		nready = wait_for_events(l, l->timers ? 0 : wait, ready);
		if (!nready && l->timers && wait > 0)
			clock_advance(wait);
	} else {
		nready = wait_for_events(l, wait, ready);
	}
	drain_signals(l);
	for (size_t i = 0; i < nready; i++)
		for (size_t k = 0; k < l->nwatches; k++)
			if (l->watch[k].fd == ready[i]) {
				l->watch[k].fn(l->watch[k].ctx, ready[i]);
				break;
			}
	reap_transfer(l);
	run_due_timers(l);
	return true;
}

void loop_run_until(struct loop *l, const bool *done)
{
	while (!*done && loop_run_once(l, -1))
		;
}
