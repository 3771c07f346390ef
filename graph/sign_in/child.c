#include "graph/sign_in/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/secret.h"

#define OUTPUT_MAX (256u << 10)
#define FDS_MAX 1024
#define PIPE_HOLDS 65536	/* bytes, pipe(7) */
#define LOOK_MS 20	/* from one look for its end to the next */

char *child_find(const char *program)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t n = strcspn(path, ":");
		char *file = xasprintf("%.*s/%s", (int)n, path, program);

		/* A relative place in PATH would run what lies around. */
		if (*path == '/' && access(file, X_OK) == 0)
			return file;
		free(file);
		path += n;
		path += *path == ':';
	}
	return NULL;
}

/* Between fork and exec, and never back: `in` becomes its input, `out` and
 * `errors` its output; -1 is nowhere. */
static _Noreturn void become(const char *path, const char *const *argv, int in, int out,
			     int errors)
{
	static const char *const secrets[] = { "AZURE_CLIENT_SECRET",
					       "AZURE_CLIENT_CERTIFICATE_PASSWORD" };
	int nowhere = open("/dev/null", O_RDWR);

	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		unsetenv(secrets[i]);
	signal(SIGPIPE, SIG_DFL);
	if (nowhere < 0 || dup2(in < 0 ? nowhere : in, STDIN_FILENO) < 0 ||
	    dup2(out < 0 ? nowhere : out, STDOUT_FILENO) < 0 ||
	    dup2(errors < 0 ? nowhere : errors, STDERR_FILENO) < 0 || chdir("/") < 0)
		_exit(127);
	for (int fd = STDERR_FILENO + 1; fd < FDS_MAX; fd++)
		close(fd);
	execv(path, (char *const *)argv);
	_exit(127);
}

bool child_start_detached(const char *path, const char *const *argv)
{
	pid_t pid = fork(), ended;
	int status = 0;

	if (pid == 0) {
		/* The grandchild belongs to init: nothing has to be reaped. */
		setsid();
		pid = fork();
		if (pid == 0)
			become(path, argv, -1, -1, -1);
		_exit(pid < 0);
	}
	if (pid < 0)
		return false;
	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void close_fds(struct child *c)
{
	for (size_t i = 0; i < COUNT_OF(c->fd); i++) {
		if (c->fd[i] < 0)
			continue;
		loop_unwatch(c->loop, c->fd[i]);
		close(c->fd[i]);
		c->fd[i] = -1;
	}
}

static void forget_output(struct child *c)
{
	for (size_t i = 0; i < COUNT_OF(c->text); i++) {
		if (c->text[i].buf)
			secret_wipe(c->text[i].buf, c->text[i].cap);
		str_release(&c->text[i]);
	}
}

/* Its whole group; it alone while it has not made one of its own. */
static int end_child(struct child *c)
{
	int status = 0;

	if (kill(-c->pid, SIGKILL) < 0)
		kill(c->pid, SIGKILL);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Too much of its output ends it; of its errors the newest is worth most. */
static void take_output(struct child *c, size_t i, const char *bytes, size_t n)
{
	if (str_add_bytes(&c->text[i], bytes, n) == 0)
		return;
	if (i == 0) {
		c->too_much = true;
		return;
	}
	str_clear(&c->text[i]);
	str_add_bytes(&c->text[i], bytes, n);
}

static void look(void *ctx)
{
	struct child *c = ctx;
	int status = 0;
	pid_t ended = waitpid(c->pid, &status, WNOHANG);

	c->timed_out = ended == 0 && clock_mono_ms() >= c->until_mono_ms;
	if (ended == 0 && !c->timed_out && !c->too_much) {
		loop_timer_start(c->loop, &c->timer, LOOK_MS, look, c);
		return;
	}
	if (ended == 0)
		status = end_child(c);
	/* What it wrote last may still be in the pipe. */
	for (size_t i = 0; i < COUNT_OF(c->fd); i++) {
		char bytes[4096];
		ssize_t n;

		while (c->fd[i] >= 0 && !c->too_much &&
		       (n = read(c->fd[i], bytes, sizeof(bytes))) > 0)
			take_output(c, i, bytes, (size_t)n);
	}
	close_fds(c);
	c->pid = 0;
	c->done(c->ctx, !c->timed_out && !c->too_much && WIFEXITED(status)
			? WEXITSTATUS(status) : -1, &c->text[0], &c->text[1]);
	forget_output(c);
}

static void on_output(void *ctx, int fd)
{
	struct child *c = ctx;
	size_t i = fd == c->fd[0] ? 0 : 1;
	char bytes[4096];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		take_output(c, i, bytes, (size_t)n);
		secret_wipe(bytes, (size_t)n);
		if (c->too_much)	/* not a byte more of it is read */
			loop_timer_start(c->loop, &c->timer, 0, look, c);
		else if (c->news)
			c->news(c->ctx);
		return;
	}
	loop_unwatch(c->loop, fd);
	close(fd);
	c->fd[i] = -1;
}

/* Input from a file that has no name any more: it can be as long as it likes, and
 * nobody has to wait until it is read. */
static int open_input(const struct str *input)
{
	FILE *f = tmpfile();
	int fd = -1;

	if (!f)
		return -1;
	if (fwrite(str_text(input), 1, input->len, f) == input->len && !fflush(f) &&
	    fseek(f, 0, SEEK_SET) == 0)
		fd = dup(fileno(f));
	fclose(f);
	return fd;
}

/* A pipe holds it whole, so nobody has to wait until it is read. */
static int open_secret_input(const struct secret *input)
{
	int fd[2];
	ssize_t n;

	if (input->len >= PIPE_HOLDS || pipe(fd) < 0)
		return -1;
	if (file_nonblocking(fd[1]) == 0) {
		n = write(fd[1], secret_text(input), input->len);
		close(fd[1]);
		if (n == (ssize_t)input->len)
			return fd[0];
	} else {
		close(fd[1]);
	}
	close(fd[0]);
	return -1;
}

/* Makes both pipes; -1 and none on failure. */
static int make_pipes(int out[2], int errors[2])
{
	if (pipe(out) < 0)
		return -1;
	if (pipe(errors) == 0) {
		if (file_nonblocking(out[0]) == 0 && file_nonblocking(errors[0]) == 0)
			return 0;
		close(errors[0]);
		close(errors[1]);
	}
	close(out[0]);
	close(out[1]);
	return -1;
}

bool child_start(struct child *c, struct loop *l, const struct child_order *o)
{
	size_t max = o->output_max ? o->output_max : OUTPUT_MAX;
	int in = -1, out[2], errors[2];
	pid_t pid;

	if (o->input && (in = open_input(o->input)) < 0)
		return false;
	if (o->secret_input && (in = open_secret_input(o->secret_input)) < 0)
		return false;
	if (make_pipes(out, errors) < 0) {
		if (in >= 0)
			close(in);
		return false;
	}
	pid = fork();
	if (pid == 0) {
		setsid();	/* a group of its own, and no terminal to ask at */
		become(o->path, o->argv, in, out[1], errors[1]);
	}
	if (in >= 0)
		close(in);
	close(out[1]);
	close(errors[1]);
	if (pid < 0) {
		close(out[0]);
		close(errors[0]);
		return false;
	}
	*c = (struct child){ .loop = l, .pid = pid, .fd = { out[0], errors[0] },
			     .text = { { .max = max }, { .max = max } },
			     .until_mono_ms = clock_mono_ms() + o->timeout_ms,
			     .news = o->news, .done = o->done, .ctx = o->ctx };
	loop_watch(l, c->fd[0], on_output, c);
	loop_watch(l, c->fd[1], on_output, c);
	loop_timer_start(l, &c->timer, LOOK_MS, look, c);
	return true;
}

void child_stop(struct child *c)
{
	if (!c->pid)
		return;
	loop_timer_stop(c->loop, &c->timer);
	end_child(c);
	close_fds(c);
	c->pid = 0;
	forget_output(c);
}

void child_leave(struct child *c)
{
	if (!c->pid)
		return;
	loop_timer_stop(c->loop, &c->timer);
	close_fds(c);
	c->pid = 0;
	forget_output(c);
}
