#include "graph/sign_in/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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

/* Between fork and exec, and never back: `out` and `errors` become its output,
 * -1 is nowhere. */
static _Noreturn void become(const char *path, const char *const *argv, int out, int errors)
{
	static const char *const secrets[] = { "AZURE_CLIENT_SECRET",
					       "AZURE_CLIENT_CERTIFICATE_PASSWORD" };
	int nowhere = open("/dev/null", O_RDWR);

	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		unsetenv(secrets[i]);
	signal(SIGPIPE, SIG_DFL);
	if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 ||
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
			become(path, argv, -1, -1);
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

static void look(void *ctx)
{
	struct child *c = ctx;
	int status = 0;
	pid_t ended = waitpid(c->pid, &status, WNOHANG);

	if (ended == 0 && clock_mono_ms() < c->until_mono_ms) {
		loop_timer_start(c->loop, &c->timer, LOOK_MS, look, c);
		return;
	}
	if (ended == 0) {
		c->timed_out = true;
		kill(-c->pid, SIGKILL);
		while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	/* What it wrote last may still be in the pipe. */
	for (size_t i = 0; i < COUNT_OF(c->fd); i++) {
		char bytes[4096];
		ssize_t n;

		while (c->fd[i] >= 0 && (n = read(c->fd[i], bytes, sizeof(bytes))) > 0)
			str_add_bytes(&c->text[i], bytes, (size_t)n);
	}
	close_fds(c);
	c->pid = 0;
	c->done(c->ctx, !c->timed_out && WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		&c->text[0], &c->text[1]);
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
		str_add_bytes(&c->text[i], bytes, (size_t)n);
		secret_wipe(bytes, (size_t)n);
		return;
	}
	loop_unwatch(c->loop, fd);
	close(fd);
	c->fd[i] = -1;
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

bool child_start(struct child *c, struct loop *l, const char *path, const char *const *argv,
		 int timeout_ms,
		 void (*done)(void *ctx, int status, const struct str *out,
			      const struct str *errors),
		 void *ctx)
{
	int out[2], errors[2];
	pid_t pid;

	if (make_pipes(out, errors) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		become(path, argv, out[1], errors[1]);
	}
	close(out[1]);
	close(errors[1]);
	if (pid < 0) {
		close(out[0]);
		close(errors[0]);
		return false;
	}
	setpgid(pid, pid);	/* by both, so that it holds whoever comes first */
	*c = (struct child){ .loop = l, .pid = pid, .fd = { out[0], errors[0] },
			     .text = { { .max = OUTPUT_MAX }, { .max = OUTPUT_MAX } },
			     .until_mono_ms = clock_mono_ms() + timeout_ms,
			     .done = done, .ctx = ctx };
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
	kill(-c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close_fds(c);
	c->pid = 0;
	forget_output(c);
}
