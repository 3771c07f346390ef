#ifndef STEPS_SERVER_RUN_H
#define STEPS_SERVER_RUN_H

#include "graph/sign_in/child.h"
#include "steps/server_ssh.h"

/* How long a run may take when nobody says otherwise: each of some 50 probes may
 * wait 5 s, and enabling waits 120 s for its events. */
#define SERVER_RUN_SECONDS 300
#define SERVER_RUN_SECONDS_LEAST 5
#define SERVER_RUN_SECONDS_MOST 3600

struct session;

/*
 * struct server_run - the script being run on the server by ssh, and how that
 * ended. It stays until the next one, for the screens to show.
 */
struct server_run {
	enum server_form form;
	char *place;			/* as it was given */
	bool running;
	int64_t started_ms, ended_ms;
	size_t bytes;			/* that came so far */
	struct str line;		/* the last of its standard error, clean */
	struct err err;			/* ERR_NONE: it went well, or runs */

	/* What follows is the session's own. */
	struct session *session;
	struct ssh_place ssh;
	struct arena arena;
	struct str script;
	struct child child;
	int seconds;
};

#endif
