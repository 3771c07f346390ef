#ifndef GRAPH_SIGN_IN_CHILD_H
#define GRAPH_SIGN_IN_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "graph/base/str.h"
#include "graph/loop.h"

/*
 * Other programs, started without a shell: argv goes to the program as it is.
 * They get none of our descriptors, no terminal, and no secret of our
 * environment (the AZURE_CLIENT_* variables that hold one are taken out).
 */

/* The path of a program in PATH, or NULL; the caller frees. */
char *child_find(const char *program);

/* Starts a program that nobody waits for, such as a browser. False when no
 * process could be made; whether the program did its work is not known. */
bool child_start_detached(const char *path, const char *const *argv);

/*
 * struct child - a program whose output is wanted, watched by the loop. Zero is
 * valid: none. The output is wiped.
 */
struct child {
	struct loop *loop;
	pid_t pid;		/* its own process group; 0 when none runs */
	int fd[2];		/* standard output and error, -1 when closed */
	struct str text[2];
	int64_t until_mono_ms;
	bool timed_out;
	struct loop_timer timer;
	void (*done)(void *ctx, int status, const struct str *out, const struct str *errors);
	void *ctx;
};

/*
 * done is called once, from the loop: with the exit status, or -1 when it was
 * ended by a signal or did not end within timeout_ms (then it is killed). The
 * output, at most 256 KiB each, is borrowed for the call. False when no process
 * could be made.
 */
bool child_start(struct child *c, struct loop *l, const char *path, const char *const *argv,
		 int timeout_ms,
		 void (*done)(void *ctx, int status, const struct str *out,
			      const struct str *errors),
		 void *ctx);
void child_stop(struct child *c);	/* kills it; done is not called */

#endif
