#ifndef TUI_HEADLESS_COMMAND_H
#define TUI_HEADLESS_COMMAND_H

#include "graph/base/json.h"
#include "graph/base/str.h"
#include "tui/headless.h"
#include "tui/setup.h"

/*
 * Inside the headless front end: one command's session and where its result
 * goes. Results go to standard output or to -o FILE, everything else to
 * standard error.
 */
struct headless {
	const struct options *o;
	struct setup setup;
	struct loop *loop;
	struct session session;
	struct recording recording;	/* of --save-facts and --from-facts */
	int columns;		/* of text */
	bool ascii, json;
	size_t told;		/* changes whose outcome was told already */
	const char *told_wait;	/* what the engine waits for, as it was told */
	bool stopped;		/* by a signal */
	bool stop_is_well;	/* a signal is how this command ends */
	const struct sign_in_prompt *prompted;	/* the prompt that was told */
	bool told_permissions;
};

/* The commands: each returns its exit status. */
int headless_check(struct headless *h);
int headless_plan(struct headless *h);
int headless_apply(struct headless *h);
int headless_undo(struct headless *h);
int headless_history(struct headless *h);
int headless_tour(struct headless *h);
int headless_diagnose(struct headless *h);
int headless_monitor(struct headless *h);
int headless_readiness(struct headless *h);	/* its view "readiness" */
int headless_server_script(struct headless *h);
int headless_import(struct headless *h);
int headless_report(struct headless *h);
int headless_register(struct headless *h);
/* `register` alone: how to make it; nothing is sent. */
int headless_register_help(struct headless *h);

/* Reads the areas and waits. Returns the status that reading alone asks for:
 * 0, or 3 after saying why when the tenant itself could not be read. */
int headless_read(struct headless *h, unsigned areas);
/* --probe: tries the endpoints from here, and waits; else does nothing. */
void headless_probe(struct headless *h);
/* Waits until the session is idle, telling each change as it ends. */
void headless_wait(struct headless *h);
/* Signing in: where to, once for each prompt, and a password is asked for on a
 * terminal; what was granted, once; how to
 * register an application. */
void headless_tell_sign_in(struct headless *h);
void headless_tell_permissions(struct headless *h);
void headless_tell_registration(const struct headless *h);
/* Whether messages and the result go to one terminal: what was told there once is
 * not told again. */
bool headless_one_terminal(const struct headless *h);
/* The result. Each returns 0, or 3 after saying why it could not be written. */
int headless_put_text(struct headless *h, const struct str *text);
int headless_put_json(struct headless *h, const struct json *doc);

/* --from-facts: reads the file, and goes back to the time it was saved. 0, or the
 * exit status after saying why. */
int headless_load_facts(struct headless *h);
/* --save-facts: writes what was read. 0, or 3 after saying why. */
int headless_save_facts(struct headless *h);

/* A line for standard error, with the program's name. */
void headless_say(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Tells an error whole: what, why, what next, request id. Returns its status. */
int headless_fail(const struct err *err);
/* True when a person is there to be asked, and says yes. */
bool headless_ask(const char *question);
/* The same for a yes that is a whole word. */
bool headless_ask_word(const char *question, const char *word);
bool headless_can_ask(void);

/* Names the --members entries that are not simply a person. */
void headless_tell_entries(const struct session *s);

#endif
