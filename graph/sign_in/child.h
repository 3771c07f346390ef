#ifndef GRAPH_SIGN_IN_CHILD_H
#define GRAPH_SIGN_IN_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "graph/base/secret.h"
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
	pid_t pid;		/* its own session and process group; 0 when none runs */
	int fd[2];		/* standard output and error, -1 when closed */
	struct str text[2];
	int64_t until_mono_ms;
	bool timed_out, too_much;	/* why it was ended; valid in done */
	struct loop_timer timer;
	void (*news)(void *ctx);
	void (*done)(void *ctx, int status, const struct str *out, const struct str *errors);
	void *ctx;
};

struct child_order {
	const char *path;
	const char *const *argv;	/* NULL-terminated */
	const struct str *input;	/* its standard input; NULL: nothing */
	/* The same for a secret of less than 64 KiB: by a pipe, never by a file. */
	const struct secret *secret_input;
	size_t output_max;		/* bytes of each kind; 0: 256 KiB */
	int timeout_ms;
	/* Called from the loop when output came: c->text[] holds it. NULL: not. */
	void (*news)(void *ctx);
	/*
	 * Called once, from the loop: with the exit status, or -1 when it was ended
	 * by a signal. It is killed when it does not end in time, or writes more
	 * than output_max to its standard output; of its standard error the newest
	 * is kept. The output is borrowed for the call.
	 */
	void (*done)(void *ctx, int status, const struct str *out, const struct str *errors);
	void *ctx;
};

/* The order is copied but for the texts that ctx owns. False when no process could
 * be made, or its input could not be put down in a temporary file. */
bool child_start(struct child *c, struct loop *l, const struct child_order *o);
void child_stop(struct child *c);	/* kills it; done is not called */
/* Lets it go on to its own end; done is not called. */
void child_leave(struct child *c);

#endif
