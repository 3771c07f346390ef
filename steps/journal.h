#ifndef STEPS_JOURNAL_H
#define STEPS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checks/facts.h"
#include "graph/base/json.h"
#include "steps/plan.h"

/*
 * struct journal - the append-only record of every change to one tenant:
 * JSON lines in <state-dir>/<tenant id>/journal.jsonl, mode 0600. Each line is
 * durable before journal_*() returns. Never rewritten, never a secret in it.
 * Kinds: "run", "intent", "outcome", "undo-intent", "undo-outcome",
 * "attestation". A torn last line is ignored and closed on the next open.
 */
struct journal;

enum outcome {
	OUTCOME_NONE,		/* intent only: unknown, to be settled */
	OUTCOME_DONE,
	OUTCOME_FAILED,		/* refused: nothing changed */
	OUTCOME_UNKNOWN,	/* the answer was lost */
	OUTCOME_STOPPED,	/* never sent */
};
const char *outcome_name(enum outcome o);	/* "done", ... */

/* A change as the journal remembers it. Text belongs to the journal. */
struct record {
	const char *run;
	uint64_t sequence;		/* of its intent */
	int64_t time_ms;
	const char *step, *change_id, *title;
	const char *method, *url;
	const struct json *body;
	const char *undo_method, *undo_url;
	const struct json *undo_body;
	const char *undo;		/* in words */
	enum outcome outcome;
	const char *result_id;		/* id the answer gave: the created group */
	const char *result_created;	/* its createdDateTime, as given */
	const char *const *members;	/* ids that were added */
	size_t nmembers;
	const char *error;		/* message of a failure, or NULL */
	const char *request_id;
	enum outcome undone;		/* NONE: not taken back yet */
	int64_t undo_ms;		/* when its undo was begun last; 0: never */
};

struct run {
	const char *id;			/* "2026-11-25T10:11:12Z-1a2b" */
	int64_t started_ms;
	const char *account;		/* who */
	const char *command;		/* "apply", "wizard", "undo" */
	size_t changes, done, failed, unknown, undone;
};

/* Opens or creates; takes the writer's lock unless read_only. */
struct journal *journal_open(const char *state_dir, const char *tenant_id,
			     bool read_only, struct err *err);
void journal_close(struct journal *j);

/* Newest last. Borrowed until the next journal_*() that writes. */
size_t journal_runs(const struct journal *j, const struct run **ret);
size_t journal_records(const struct journal *j, const struct record **ret);
/* Newest attestation of each setting, into the facts. */
void journal_attestations(const struct journal *j, struct facts *f);
/* Records whose outcome nobody knows: an earlier program died in between. */
size_t journal_unsettled(const struct journal *j);

/* Starts a run; its id is valid until the journal is closed. */
const char *journal_begin(struct journal *j, const char *command, const char *account,
			  struct err *err);
/* Intent before, outcome after. *ret_sequence joins the two. */
int journal_intent(struct journal *j, const struct change *c, const char *url,
		   const struct json *body, const struct json *undo_body,
		   const char *undo_url, uint64_t *ret_sequence, struct err *err);
int journal_outcome(struct journal *j, uint64_t sequence, enum outcome o,
		    const struct json *result, const char *const *members, size_t nmembers,
		    const struct err *why, struct err *err);
int journal_undo_intent(struct journal *j, uint64_t sequence, struct err *err);
int journal_undo_outcome(struct journal *j, uint64_t sequence, enum outcome o,
			 const struct err *why, struct err *err);
int journal_attest(struct journal *j, const char *setting, const char *value,
		   const char *who, struct err *err);

#endif
