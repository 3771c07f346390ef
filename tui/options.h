#ifndef TUI_OPTIONS_H
#define TUI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "graph/base/err.h"
#include "graph/base/str.h"

/* The command line (DESIGN 6), parsed and checked; texts are argv's own. */
enum command {
	COMMAND_WIZARD, COMMAND_CHECK, COMMAND_PLAN, COMMAND_APPLY, COMMAND_UNDO,
	COMMAND_DIAGNOSE, COMMAND_MONITOR, COMMAND_REPORT, COMMAND_HISTORY,
	COMMAND_SERVER_SCRIPT, COMMAND_IMPORT, COMMAND_REGISTER, COMMAND_TOUR, COMMAND_HELP, COMMAND_VERSION,
};

struct options {
	enum command command;
	const char *const *args;	/* STEP..., RUN, USER, FILE */
	size_t nargs;
	const char *demo, *demo_state;
	size_t demo_users;
	const char *tenant, *client_id, *cloud, *cloud_file, *auth, *ca_file;
	const char *profile, *baseline, *target, *group, *members;
	bool read_only, portal_api, beta, yes, remember;
	const char *format, *output, *state_dir, *plan_file, *log_file;
	const char *theme, *dump_screen;
	size_t days;		/* of monitoring; 0 = not given */
	const char *since, *user, *result, *kind;	/* of monitoring */
	size_t ready_percent;	/* of monitor readiness; 0 = not given */
	bool invitations;	/* of it: what to write to whom */
	bool probe;		/* endpoints and ports, from here */
	const char *controller;	/* domain controller to probe */
	bool enable_writeback;	/* of server-script: the form that enables */
	const char *ssh;	/* of import: the server to ask */
	bool follow, redact;
	const char *compare;	/* an earlier report */
	const char *save_facts, *from_facts;
	bool ascii, linear, no_color, no_mouse;
};

#define EXIT_WELL 0
#define EXIT_ATTENTION 1
#define EXIT_BAD 2
#define EXIT_CANNOT 3
#define EXIT_USAGE 64

/* Fails with ERR_INVALID; the message is for the person who typed. */
int options_parse(struct options *o, int argc, char **argv, struct err *err);
void options_usage(struct str *out);
/* `monitor readiness`, which is of the pilot and not of the audit log. */
bool options_of_readiness(const struct options *o);

#endif
