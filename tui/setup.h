#ifndef TUI_SETUP_H
#define TUI_SETUP_H

#include "graph/base/arena.h"
#include "graph/cloud.h"
#include "steps/profile.h"
#include "steps/session.h"
#include "tui/options.h"

/*
 * struct setup - what a front end opens its session with: the command line,
 * the profile, the AZURE_* variables and the runbook, put together. Options win
 * over the profile, the profile over the variables. It must stay where it is,
 * and live longer than the session, which borrows from it.
 */
struct setup {
	struct profile profile;
	struct cloud cloud;
	struct arena arena;
	struct session_options session;
	struct wanted wanted;
	char *temporary;	/* state directory of a demo without a state file */
};

/* Fails when a file does not read or a value is wrong. In a demo the journal
 * never touches the person's own state directory: it lives beside the state
 * file, in FILE.journal, or in a temporary directory. */
int setup_open(struct setup *s, const struct options *o, struct err *err);
/* Also removes the temporary directory: after session_close(). */
void setup_close(struct setup *s);

#endif
