#ifndef STEPS_ENGINE_INTERNAL_H
#define STEPS_ENGINE_INTERNAL_H

#include "steps/engine.h"

/* How long reading goes on before "it did not happen" is believed, and how
 * long a new group may refuse members (facts graph.md 3.2). */
#define ENGINE_LAG_MS 60000

/* A write, and what reading found out about it. Texts are in the engine's
 * arena or the journal's; body is owned. */
struct write {
	const char *method, *url;
	struct json *body;
	/* By the admin centre's own API the members of body go inside the whole
	 * policy that was just read: what is sent, and what reading must show
	 * then. Owned; NULL for Graph. */
	struct json *whole, *expected;
	int64_t intent_ms;		/* wall time of its intent */
	const char *const *members;	/* that it adds, or takes out */
	size_t nmembers;

	enum outcome outcome;		/* UNKNOWN: cannot be told */
	struct json *result;		/* owned: the group that was created */
	struct err why;
};

/* Inside the engine: one operation at a time, one request at a time. */
struct engine {
	struct loop *loop;
	struct graph *graph;
	struct journal *journal;
	void (*changed)(void *ctx);
	void *ctx;

	enum engine_state state;
	struct err err;
	bool stop;
	struct progress *progress;
	size_t nprogress, progress_cap;
	struct arena arena;		/* texts of the last operation */
	char *run_id, *group_id;
	char *app_id;			/* {appId} as it became known */

	struct graph_call *call;	/* in flight */
	void (*answered)(struct engine *e, struct graph_call *c);
	struct loop_timer timer;
	void (*later)(struct engine *e);
	int64_t deadline_ms;		/* monotonic: end of the patience */
	int delay_ms;
	int64_t started_ms;		/* monotonic: of the running change */
	const char *waits;		/* see engine_waits(); NULL */

	/* A collection that is read page by page. */
	const char **ids;
	size_t nids, ids_cap;
	struct arena ids_arena;
	void (*collected)(struct engine *e, const struct err *err);

	size_t at;			/* the change or record that runs */
	struct write write;
	uint64_t sequence;		/* of its intent */
	void (*settled)(struct engine *e);
	void (*found)(struct engine *e, const struct json *object, const struct err *err);

	const struct plan *plan;	/* applying */
	size_t *order;			/* the plan's automatic changes */
	bool group_is_new;		/* created by this run, or an application */

	uint64_t *sequences;		/* taking back or settling: the records */
	size_t nsequences;
	struct record record;		/* the one that runs, copied */
	size_t member;			/* of its members */
	bool undo_side;			/* settling what took it back */
	const char *account;		/* of the undo, for its run */
	bool begun;			/* that run is on record */
	bool trouble;			/* an undo went on past a conflict */
	bool scope_stays;		/* that conflict: who may reset was not taken back */
};

/* engine.c */
void engine_tell(struct engine *e);
/* Starts an operation: forgets the last one. first() follows from the loop. */
int engine_start(struct engine *e, enum engine_state state, void (*first)(struct engine *e),
		 struct err *err);
void engine_finish(struct engine *e, enum engine_state state, const struct err *err);
void engine_add_progress(struct engine *e, const char *id, const char *step, const char *title);
void engine_mark(struct engine *e, enum outcome o, const struct err *why);
/* The running one is about to write; until then it only checks. */
void engine_mark_sent(struct engine *e);
/* body is taken. answered() gets the call, which is freed after it. */
void engine_request(struct engine *e, const char *method, const char *path, struct json *body,
		    void (*answered)(struct engine *e, struct graph_call *c));
/* Reads the ids of a whole collection into e->ids. */
void engine_collect(struct engine *e, const char *path,
		    void (*collected)(struct engine *e, const struct err *err));
bool engine_collected(const struct engine *e, const char *id);
/* Patience: sets the deadline; later() comes after a delay that doubles, false
 * when the deadline is over or a stop was asked for. */
void engine_patience(struct engine *e, int64_t ms);
bool engine_later(struct engine *e, void (*later)(struct engine *e));
/* Whether a call ended so because engine_stop() ended its waiting. */
bool engine_stopped(const struct engine *e, const struct err *err);
void engine_write_clear(struct engine *e);
/* Prepares e->write for the admin centre's own API from what was just read; does
 * nothing for Graph. */
int engine_write_whole(struct engine *e, const struct json *read, struct err *err);
/* A copy of what is to be sent, or NULL. */
struct json *engine_write_body(const struct engine *e);
/* Fills "{group}", "{graph}" and "{member}" in; NULL when the group that stands
 * there is not known or no id. Without a member its place stays. */
const char *engine_fill(struct engine *e, const char *text, const char *group,
			const char *member);
struct json *engine_fill_body(struct engine *e, const struct json *body, const char *group);
/* The ids at the end of the "members@odata.bind" of a body. */
const char *const *engine_bound(struct engine *e, const struct json *body, size_t *ret_n);

/* engine_settle.c: reads what e->write really did, until the patience ends;
 * then settled() follows with outcome, result and why. */
void engine_settle_write(struct engine *e, void (*settled)(struct engine *e));

/* engine_objects.c: objects that are no groups. Whether the path is of an application,
 * a service principal or a consent. */
bool engine_is_object(const char *url);
/* Looks for what a POST created: found() is called with the answer that holds it and
 * with it, or NULL when there is none, or with an error. */
void engine_find_object(struct engine *e, void (*found)(struct engine *e,
							const struct json *object,
							const struct err *err));
/* Why an object that was created must not be deleted, or NULL when it is as we made
 * it. object is what was read of engine_object_path(). */
const char *engine_object_changed(struct engine *e, const struct json *object);
const char *engine_object_path(struct engine *e);

/* Copies the record being taken back or settled, sequences[at], to e->record. */
void engine_take_record(struct engine *e);

#endif
