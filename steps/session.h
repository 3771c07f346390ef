#ifndef STEPS_SESSION_H
#define STEPS_SESSION_H

#include <stdbool.h>

#include "checks/facts.h"
#include "checks/finding.h"
#include "checks/wanted.h"
#include "graph/io.h"
#include "graph/recording.h"
#include "graph/sign_in/prompt.h"
#include "graph/tenant/tenant.h"
#include "steps/engine.h"
#include "steps/live.h"
#include "steps/server_run.h"
#include "steps/step.h"
#include "steps/watch.h"

/*
 * struct session - one tenant being worked on: everything that the front ends
 * share. They call session_*(), run the loop, and read the public members;
 * they never touch the graph client themselves. All change happens inside
 * loop callbacks, after each of which `changed` is called.
 */
struct probing;	/* session_probe.c */

struct session_options {
	const char *demo;		/* scenario, or NULL for a real tenant */
	const char *demo_state;		/* file, or NULL */
	size_t demo_users;
	int demo_latency_ms;		/* 0 for tests */
	const char *tenant, *client_id, *auth;
	const char *certificate;	/* its file, or NULL: as the environment says */
	const struct cloud *cloud;	/* borrowed */
	const char *ca_file;
	const char *state_dir;		/* NULL = XDG */
	const char *controller;		/* domain controller to probe, or NULL */
	bool read_only, portal_api;
	bool remember;			/* the sign-in of a person, in the keyring */
	bool registering;		/* makes the app registration, and nothing else */
	bool asked_read_only;		/* it is not only that this command never writes */
	struct recording *record;	/* gets what is read; borrowed, or NULL */
	const struct recording *replay;	/* answers in place of a tenant, or NULL */
	const char *log_file;		/* what is sent is a line of it, or NULL */
	const char *command;		/* "wizard", "apply", ... for the journal */
	bool person;			/* somebody is there who can sign in */
};

enum session_state {
	SESSION_IDLE, SESSION_READING, SESSION_APPLYING, SESSION_VERIFYING,
	SESSION_UNDOING,
};

struct session {
	struct session_options options;
	struct loop *loop;		/* borrowed */
	struct transport *transport;
	struct transport *recorder;	/* around it, when what is read is recorded */
	struct tenant *demo;		/* NULL for a real tenant */
	struct token_source *tokens;
	struct token_source *portal_tokens;	/* for the admin centre's own API; NULL */
	struct request_log *log;
	struct graph *graph;
	struct io *io;
	struct journal *journal;	/* NULL until the tenant's id is known */
	struct engine *engine;

	struct wanted wanted;		/* borrowed texts */
	struct facts facts;
	struct facts fresh;		/* while known areas are read again */
	const struct step_ops *const *steps;	/* the runbook's, or those of registering */
	struct step_view views[STEPS_COUNT];	/* after each read */
	struct findings findings;	/* of all checks */
	struct findings path;		/* writeback_path_judge(); none: empty */

	enum session_state state;
	unsigned reading;		/* areas being read now */
	unsigned again;			/* the same, into fresh; 0 = into facts */
	struct err err;			/* why the last operation ended badly */
	int64_t verify_until_ms;	/* deadline of the verify that runs */
	struct watch *watch;		/* the guided change being watched, or NULL */
	struct live *live;		/* the live test that runs, or NULL */
	struct probing *probing;	/* owns facts.ports; NULL: nothing probed here */
	struct err server_err;		/* why what a server told before does not count */
	struct server_run *server_run;	/* the server asked by ssh, or NULL: never */
	bool verified;			/* after apply: the plans came out empty */
	bool verify_stopped;		/* the reading back was ended by session_stop() */
	struct sign_in_prompt *sign_in;	/* a sign-in waits for a person; else NULL */
	const char *sign_in_why;	/* why this way of signing in, or NULL */
	bool portal_signs_in;		/* sign_in is for the admin centre's own API */

	void (*changed)(void *ctx);
	void *ctx;

	/* What follows is the session's own. */
	struct err journal_err;		/* why it cannot be written */
	unsigned known;			/* areas that the views were judged from */
	struct loop_timer timer;	/* starts a read, now or later */
	const struct plan *applying;	/* borrowed while APPLYING and VERIFYING */
	char *undo_run;			/* owned; the run that is taken back */
	bool settling;			/* the engine settles before it writes */
	const char *scopes[12];		/* asked for before writing, NULL-terminated */
	struct sign_in_front front, portal_front;	/* what sign-ins show prompts by */
	int verify_delay_ms;		/* until the next look */
	struct search *search;		/* of people; NULL until the first */
	struct loop_timer watch_timer, demo_timer, live_timer, live_demo_timer;
	bool following;			/* the audit log is read again and again */
	struct loop_timer follow_timer, follow_demo_timer;
	unsigned follow_person, follow_step;	/* what the demo's people do next */
	int64_t watch_report_ms;	/* monotonic: when the report is read next */
};

/* How long apply waits for the tenant to show what was written: replication
 * takes seconds to minutes (facts graph.md 3.2, 5.2). */
#define SESSION_PATIENCE_MS 120000

/* Opens transport, sign-in and facts; nothing is sent yet. Borrows loop,
 * options and wanted. */
int session_open(struct session *s, struct loop *l, const struct session_options *o,
		 const struct wanted *w, struct err *err);
/* Saves the demo state, and fails when the request log is not whole. Closing saves
 * too, but can tell nobody that it failed. */
int session_save(struct session *s, struct err *err);
void session_close(struct session *s);

/* Reads areas afresh (all of AREAS_ALL for everything), then judges. What is known
 * of them stays until all is read. */
void session_read(struct session *s, unsigned areas);
/* Forgets areas before they are read, because they are asked for something else
 * now: other people, another group. Nothing happens unless IDLE. */
void session_forget(struct session *s, unsigned areas);
unsigned session_left(const struct session *s);	/* areas still to be read now */
/* Judges again without reading: after wanted changed. */
void session_judge(struct session *s);

/* All automatic changes of these steps (NULL = every step), in order. The
 * result is the caller's plan. */
void session_plan(const struct session *s, const char *const *step_ids, struct plan *ret);
/* Asks for the write scopes of the plan's steps where the sign-in can, settles
 * what an earlier program left open, applies the plan, then
 * reads again with patience for lag until the plans of its steps are empty of
 * automatic changes. The plan must live until IDLE. Refused when not IDLE or read-only,
 * and when the journal cannot be written. */
int session_apply(struct session *s, const struct plan *p, struct err *err);
/* Takes back a run (NULL: the last that has anything left). Refused in the same
 * cases, and while password reset seems to be enabled for a group that the run
 * created: without it nobody could reset (facts graph.md 3.5). */
int session_undo(struct session *s, const char *run_id, struct err *err);
/* The newest run of the app registration that has something left to take back, or
 * NULL. Only a registering session takes it back, and takes back no other run. */
const char *session_registration_run(const struct session *s);
/* Esc: stop after the request in flight; cancels reads and a sign-in. Reading back
 * ends with the look that runs, so that what is known is true of the tenant as
 * it is now; a second stop cancels that too. */
void session_stop(struct session *s);
/* Esc on a prompt: ends the sign-in that shows it. That for the admin centre's own
 * API is left out then, and reading goes on; without Graph's nothing is read. */
void session_decline_sign_in(struct session *s);
/* Brings the password that session->sign_in asks for; it is taken over. */
void session_answer_password(struct session *s, struct secret *take_password);
/* Forgets who is signed in and reads everything anew: another person can sign
 * in. Refused when not IDLE, and for sign-ins without a person. */
int session_sign_in_again(struct session *s, struct err *err);
/* The scopes that applying any step asks for, NULL-terminated. */
#define SESSION_SCOPES_MAX 16
void session_write_scopes(const char *ret[SESSION_SCOPES_MAX + 1]);
/* Records that a person did a guided change. */
int session_attest(struct session *s, const struct change *c, struct err *err);

/*
 * Watches for the proof of a guided change: reads the audit log every 5 s, after
 * two minutes every 30 s, and the registration report every 60 s, whenever the
 * session is idle; session->watch tells what was seen. It ends with the proof or
 * by session_watch_stop(); starting another one replaces it. In a demo the
 * simulator saves the change a few seconds later. Fails for a change that no
 * source shows.
 */
int session_watch_start(struct session *s, const struct change *c, struct err *err);
void session_watch_stop(struct session *s);

/*
 * Follows one person's reset in the audit log, from now on: reads it every 5 s
 * whenever the session is idle; session->live tells the stages. It ends with the
 * attempt, after 15 minutes, or by session_live_stop(). In a demo the simulator
 * resets the password. user: a sign-in name or object id.
 */
int session_live_start(struct session *s, const char *user, struct err *err);
void session_live_stop(struct session *s);

/*
 * Follows the audit log: reads it every 15 s, a long one every 60 s, whenever the
 * session is idle, until session_follow_stop(). In a demo the simulator resets
 * one person's password after the other's.
 */
void session_follow_start(struct session *s);
void session_follow_stop(struct session *s);

/*
 * Probes the cloud's endpoints, and the domain controller of the options, from
 * this machine, all at once; facts.ports fills in and `changed` is called for each.
 * Nothing is sent to the tenant. In a demo the simulator answers. Another start
 * begins anew. Fails where there is nothing to probe.
 */
int session_probe_start(struct session *s, struct err *err);
bool session_probing(const struct session *s);	/* some have no answer yet */
/* facts.ports is what was probed from here. */
bool session_ports_from_here(const struct session *s);
/* Ends what runs; then nothing was probed. Not running: does nothing. */
void session_probe_stop(struct session *s);

/* Appends "<state-dir>/<tenant id>", where the tenant's own files lie. */
int session_tenant_dir(const struct session *s, struct str *out, struct err *err);
/* Appends the script that gathers on the server, made for this tenant; what it
 * writes can be imported from then on. */
int session_server_script(struct session *s, struct str *out, struct err *err);
/* Takes in what the script wrote (see server_import_text()), and judges again.
 * Fails with the reason for which it is not believed. */
int session_server_import(struct session *s, const char *text, size_t len, struct err *err);
/*
 * Runs that script on the server by ssh, in the loop: session->server_run tells
 * how it goes, and the answer is taken in as by an import. place: as for
 * ssh_place_read(); seconds: how long it may take, 0 as usual. Fails when one
 * runs already, or nothing can be started.
 */
int session_server_start(struct session *s, const char *place, int seconds, struct err *err);
void session_server_stop(struct session *s);	/* ends ssh; nothing is taken in */

/* People search for the picker: users whose name, UPN or mail starts with
 * text. done gets at most 50, sorted; borrowed until the next search. */
void session_search(struct session *s, const char *text,
		    void (*done)(void *ctx, const struct people *found, const struct err *err),
		    void *ctx);

#endif
