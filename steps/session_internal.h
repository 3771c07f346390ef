#ifndef STEPS_SESSION_INTERNAL_H
#define STEPS_SESSION_INTERNAL_H

#include "steps/session.h"

/* Inside the session: one subject a file. */

/* Transport and sign-in, demo or real (session_connect.c). */
int session_connect(struct session *s, struct err *err);
/* Opens the journal once the tenant's id is known; a failure is kept in
 * journal_err, because reading goes on without it. */
void session_open_journal(struct session *s);
void session_changed(struct session *s);
void session_new_facts(struct session *s);	/* none yet; of the session's cloud */

/* Reading (session_read.c). Starts to read the areas from the loop, after delay_ms.
 * In VERIFYING what is known of them is forgotten first. */
void session_read_later(struct session *s, unsigned areas, int delay_ms);
void session_on_reply(void *ctx);	/* of s->io */
void session_give_up_read(struct session *s);	/* what is known stays */

/* The loop's news, by state (session_apply.c). */
void session_engine_changed(void *ctx);
void session_verify_read(struct session *s);	/* a read of VERIFYING is in */

/* Signing in, seen from the session (session_sign_in.c). Ends a sign-in that waits for a person. */
void session_cancel_sign_in(struct session *s);
/* The front that shows prompts as session.sign_in. */
void session_front_init(struct session *s);
void session_prompt_free(struct session *s);
/* The session's own copy of a prompt; NULL: it is over. */
void session_show_prompt(struct session *s, const struct sign_in_prompt *p);

/* The sign-in for the admin centre's own API (session_portal.c). */
void session_open_portal(struct session *s);

void session_watch_read(struct session *s);	/* session_watch.c: a read is in */
void session_live_read(struct session *s);	/* session_live.c: the same */
/* Puts what was probed into the facts (session_probe.c), where reading forgot it. */
void session_probe_put(struct session *s);
void session_probe_free(struct session *s);
void session_search_free(struct session *s);	/* session_search.c */
void session_server_free(struct session *s);	/* session_server.c: ends a run, forgets it */

#endif
