#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/sign_in/child.h"

/* What one child came to. */
struct outcome {
	struct loop *loop;
	struct child child;
	bool done;
	int status;
	size_t news, out_len;
	char out[64], errors[64];
};

static void on_news(void *ctx)
{
	((struct outcome *)ctx)->news++;
}

static void on_done(void *ctx, int status, const struct str *out, const struct str *errors)
{
	struct outcome *o = ctx;

	o->done = true;
	o->status = status;
	o->out_len = out->len;
	strncpy(o->out, str_text(out), sizeof(o->out) - 1);
	strncpy(o->errors, str_text(errors), sizeof(o->errors) - 1);
}

static void start(struct outcome *o, const char *script, const struct str *input, size_t max,
		  int timeout_ms)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct err err = ERR_INIT;

	*o = (struct outcome){ .loop = loop_new(&err) };
	assert_true(child_start(&o->child, o->loop, &(struct child_order){
		.path = "/bin/sh", .argv = argv, .input = input, .output_max = max,
		.timeout_ms = timeout_ms, .news = on_news, .done = on_done, .ctx = o }));
}

static void end(struct outcome *o)
{
	while (!o->done)
		loop_run_once(o->loop, 1000);
	loop_free(o->loop);
	/* Nothing is left to be reaped. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void input_comes_out(void **unused)
{
	CLEANUP(str_release) struct str input = { 0 };
	struct outcome o;

	(void)unused;
	for (int i = 0; i < 20000; i++)		/* more than a pipe holds */
		str_add(&input, "a line of the script\n");
	start(&o, "wc -c; echo note >&2; exit 3", &input, 0, 10000);
	end(&o);
	assert_int_equal(o.status, 3);
	assert_string_equal(o.errors, "note\n");
	assert_int_equal(strtol(o.out, NULL, 10), 20000 * 21);
	assert_true(o.news >= 1);
	/* One that does not read its input does no harm. */
	start(&o, "exit 0", &input, 0, 10000);
	end(&o);
	assert_int_equal(o.status, 0);
	/* Without input there is nothing to read, and no terminal to ask at. */
	start(&o, "cat; (exec </dev/tty) 2>/dev/null && echo terminal; :", NULL, 0, 10000);
	end(&o);
	assert_int_equal(o.out_len, 0);
}

static void too_much(void **unused)
{
	struct outcome o;

	(void)unused;
	start(&o, "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", NULL, 10000,
	      20000);
	end(&o);
	assert_int_equal(o.status, -1);
	assert_true(o.child.too_much);
	assert_true(o.out_len <= 10000);
	/* Of standard error the newest stays, however much came before. */
	start(&o, "i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i + 1)); done; echo last >&2",
	      NULL, 10000, 20000);
	end(&o);
	assert_int_equal(o.status, 0);
	assert_false(o.child.too_much);
}

static void time_limit(void **unused)
{
	int64_t begun = clock_mono_ms();
	struct outcome o;

	(void)unused;
	start(&o, "trap '' TERM; sleep 60 & sleep 60", NULL, 0, 200);
	end(&o);
	assert_int_equal(o.status, -1);
	assert_true(o.child.timed_out);
	assert_true(clock_mono_ms() - begun < 5000);
}

static void stopped(void **unused)
{
	struct outcome o;
	pid_t pid;

	(void)unused;
	start(&o, "sleep 60", NULL, 0, 60000);
	pid = o.child.pid;
	child_stop(&o.child);
	assert_false(o.done);
	assert_int_equal(kill(pid, 0), -1);
	child_stop(&o.child);
	loop_free(o.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(input_comes_out),
		cmocka_unit_test(too_much),
		cmocka_unit_test(time_limit),
		cmocka_unit_test(stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
