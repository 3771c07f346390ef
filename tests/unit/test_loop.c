#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/loop.h"

/* What happened, in order. */
struct diary {
	struct loop *loop;
	char text[64];
	struct loop_timer again, other;
	int64_t at;
	bool done;
};

static void note(struct diary *d, char c)
{
	size_t n = strlen(d->text);

	if (n + 1 < sizeof(d->text))
		d->text[n] = c;
}

static void on_a(void *ctx) { note(ctx, 'a'); }
static void on_b(void *ctx) { note(ctx, 'b'); }

static void on_last(void *ctx)
{
	struct diary *d = ctx;

	d->at = clock_mono_ms();
	d->done = true;
}

static struct loop *new_loop(void)
{
	struct err err = ERR_INIT;
	struct loop *l = loop_new(&err);

	assert_non_null(l);
	return l;
}

static void test_timers_run_in_order(void **state)
{
	struct diary d = { .loop = new_loop() };
	struct loop_timer t[4] = { 0 };
	int64_t start;

	(void)state;
	clock_set_virtual(1000);
	start = clock_mono_ms();
	loop_timer_start(d.loop, &t[0], 600000, on_last, &d);
	loop_timer_start(d.loop, &t[1], 20, on_b, &d);
	loop_timer_start(d.loop, &t[2], 10, on_a, &d);
	loop_timer_start(d.loop, &t[3], 20, on_a, &d);
	loop_run_until(d.loop, &d.done);
	/* Ten minutes cost nothing, and are exact. */
	assert_string_equal(d.text, "aba");
	assert_int_equal(d.at - start, 600000);
	assert_int_equal(clock_now_ms(), 601000);
	assert_false(loop_run_once(d.loop, -1));
	loop_free(d.loop);
	clock_set_real();
}

static void test_stop_and_restart(void **state)
{
	struct diary d = { .loop = new_loop() };
	struct loop_timer a = { 0 }, b = { 0 };

	(void)state;
	clock_set_virtual(1000);
	loop_timer_start(d.loop, &a, 10, on_a, &d);
	loop_timer_start(d.loop, &b, 20, on_b, &d);
	loop_timer_start(d.loop, &a, 30, on_a, &d);	/* moved, not doubled */
	while (loop_run_once(d.loop, -1))
		;
	assert_string_equal(d.text, "ba");
	assert_false(a.running);
	loop_timer_start(d.loop, &a, 10, on_a, &d);
	loop_timer_stop(d.loop, &a);
	loop_timer_stop(d.loop, &a);
	assert_false(loop_run_once(d.loop, -1));
	assert_string_equal(d.text, "ba");
	loop_free(d.loop);
	clock_set_real();
}

static void on_again(void *ctx)
{
	struct diary *d = ctx;

	note(d, 'x');
	loop_timer_start(d->loop, &d->again, 0, on_again, d);
	loop_timer_stop(d->loop, &d->other);
}

/* A timer that starts itself anew does not hold up the turn, and one that is
 * stopped in the same turn does not run. */
static void test_turns_end(void **state)
{
	struct diary d = { .loop = new_loop() };

	(void)state;
	clock_set_virtual(1000);
	loop_timer_start(d.loop, &d.again, 0, on_again, &d);
	loop_timer_start(d.loop, &d.other, 0, on_b, &d);
	assert_true(loop_run_once(d.loop, -1));
	assert_string_equal(d.text, "x");
	assert_true(loop_run_once(d.loop, -1));
	assert_string_equal(d.text, "xx");
	loop_timer_stop(d.loop, &d.again);
	assert_false(loop_run_once(d.loop, -1));
	loop_free(d.loop);
	clock_set_real();
}

static void on_nested(void *ctx)
{
	struct diary *d = ctx;

	note(d, 'n');
	loop_timer_start(d->loop, &d->again, 0, on_a, d);
	while (loop_run_once(d->loop, -1))
		;
	note(d, 'N');
}

/* A callback may run the loop itself: what ends it waits for the last answer. */
static void test_nested(void **state)
{
	struct diary d = { .loop = new_loop() };
	struct loop_timer t = { 0 };

	(void)state;
	clock_set_virtual(1000);
	loop_timer_start(d.loop, &t, 5, on_nested, &d);
	loop_timer_start(d.loop, &d.other, 5, on_b, &d);
	while (loop_run_once(d.loop, -1))
		;
	assert_string_equal(d.text, "nbaN");
	loop_free(d.loop);
	clock_set_real();
}

static void on_readable(void *ctx, int fd)
{
	struct diary *d = ctx;
	char c;

	if (read(fd, &c, 1) == 1) {
		note(d, c);
	} else {
		note(d, '.');
		loop_unwatch(d->loop, fd);
	}
}

static void test_watch(void **state)
{
	struct diary d = { .loop = new_loop() };
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	loop_watch(d.loop, fds[0], on_readable, &d);
	assert_true(loop_run_once(d.loop, 0));
	assert_string_equal(d.text, "");
	assert_int_equal(write(fds[1], "hi", 2), 2);
	close(fds[1]);
	while (loop_run_once(d.loop, -1))
		;
	assert_string_equal(d.text, "hi.");
	close(fds[0]);
	loop_free(d.loop);
}

/* A key that waits is served before the virtual clock goes on. */
static void test_virtual_clock_waits_for_input(void **state)
{
	struct diary d = { .loop = new_loop() };
	struct loop_timer t = { 0 };
	int fds[2];

	(void)state;
	clock_set_virtual(1000);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "k", 1), 1);
	loop_watch(d.loop, fds[0], on_readable, &d);
	loop_timer_start(d.loop, &t, 50, on_a, &d);
	assert_true(loop_run_once(d.loop, -1));
	assert_string_equal(d.text, "k");
	assert_int_equal(clock_now_ms(), 1000);
	/* At most as long as asked. */
	assert_true(loop_run_once(d.loop, 10));
	assert_int_equal(clock_now_ms(), 1010);
	assert_true(loop_run_once(d.loop, -1));
	assert_string_equal(d.text, "ka");
	assert_int_equal(clock_now_ms(), 1050);
	loop_unwatch(d.loop, fds[0]);
	close(fds[0]);
	close(fds[1]);
	loop_free(d.loop);
	clock_set_real();
}

static void on_signo(void *ctx, int signo)
{
	note(ctx, signo == SIGUSR1 ? '1' : signo == SIGUSR2 ? '2' : '?');
}

static void test_signals(void **state)
{
	struct diary d = { .loop = new_loop() };
	struct loop_timer t = { 0 };

	(void)state;
	signal(SIGUSR1, loop_signal);
	signal(SIGUSR2, loop_signal);
	loop_on_signal(d.loop, on_signo, &d);
	loop_timer_start(d.loop, &t, 60000, on_a, &d);
	raise(SIGUSR1);
	raise(SIGUSR2);
	assert_string_equal(d.text, "");	/* outside the handler */
	assert_true(loop_run_once(d.loop, -1));
	assert_string_equal(d.text, "12");
	loop_timer_stop(d.loop, &t);
	loop_free(d.loop);
	raise(SIGUSR1);				/* without a loop: nothing */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_timers_run_in_order),
		cmocka_unit_test(test_stop_and_restart),
		cmocka_unit_test(test_turns_end),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_watch),
		cmocka_unit_test(test_virtual_clock_waits_for_input),
		cmocka_unit_test(test_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
