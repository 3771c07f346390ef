#ifndef STEPS_ENGINE_H
#define STEPS_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/graph.h"
#include "graph/loop.h"
#include "steps/journal.h"
#include "steps/plan.h"

/*
 * struct engine - the only one that writes. For each change: read the guard,
 * journal the intent, send, journal the outcome. It stops at the first failure
 * or conflict; a lost answer is settled by reading, never by sending again.
 * Verifying (reading again until the plan is empty) is the session's part.
 */
struct engine;

enum engine_state { ENGINE_IDLE, ENGINE_APPLYING, ENGINE_UNDOING, ENGINE_DONE,
		    ENGINE_FAILED, ENGINE_STOPPED };

/* One line of progress, for screens and for the outcome in JSON. */
struct progress {
	const char *id, *step, *title;	/* belong to the engine */
	uint64_t sequence;		/* of the record that is taken back; else 0 */
	enum outcome outcome;
	bool running;
	bool sent;			/* a request that writes was sent for it */
	int took_ms;
	struct err err;			/* ERR_NONE when well */
};

/* j may be NULL until the tenant is known; then nothing can be written. */
struct engine *engine_new(struct loop *l, struct graph *g, struct journal *j);
void engine_set_journal(struct engine *e, struct journal *j);
/* A request in flight ends without the engine; its intent stays unsettled. */
void engine_free(struct engine *e);
/* changed() is called from the loop whenever state or progress changed. */
void engine_on_change(struct engine *e, void (*changed)(void *ctx), void *ctx);

/* Carries out the automatic changes of the plan (borrowed until done).
 * group_id is the known {group}, or NULL. */
int engine_apply(struct engine *e, const struct plan *p, const char *group_id,
		 const char *command, const char *account, struct err *err);
/* Takes back what a run changed, newest first; NULL: the last run that has
 * anything left to take back. Fails with ERR_NOT_FOUND when there is nothing. */
int engine_undo(struct engine *e, const char *run_id, const char *account, struct err *err);
/* Reads what the records without an outcome really did, and journals it. The
 * state is APPLYING meanwhile, then DONE or FAILED. */
int engine_settle(struct engine *e, struct err *err);
/*
 * What the engine waits for, as the beginning of a sentence ("The answer was
 * lost: looking whether the group was created"), and for how long at most;
 * NULL when it waits for nothing but an answer. A stop ends it safely: the
 * journal knows, and the next apply or undo goes on looking.
 */
const char *engine_waits(const struct engine *e, int64_t *ret_left_ms);
/* Stop after the request in flight; one that waits to be sent again, because the
 * service asked for it, is not in flight and is not sent. */
void engine_stop(struct engine *e);

enum engine_state engine_state(const struct engine *e);
size_t engine_progress(const struct engine *e, const struct progress **ret);
const struct err *engine_error(const struct engine *e);
const char *engine_run_id(const struct engine *e);	/* of the last run, or NULL */
const char *engine_group_id(const struct engine *e);	/* {group} as it became known */

#endif
