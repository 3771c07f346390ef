#ifndef STEPS_PLAN_JSON_H
#define STEPS_PLAN_JSON_H

#include "graph/base/json.h"
#include "steps/session.h"

/*
 * What `plan`, `apply` and `undo` print: one document (DESIGN 6), and the same
 * for people. The caller frees the JSON.
 */

/* sspr-wizard/plan/1: the steps as they stand. */
struct json *plan_json(const struct session *s);
/* sspr-wizard/apply/1: the same after an apply. Changes of the applied plan
 * come first in their step and carry the engine's outcome ("done", "failed",
 * "unknown", "stopped"); what is left to do carries "open". */
struct json *apply_json(const struct session *s, const struct plan *applied);
/* sspr-wizard/undo/1: the steps after an undo; the changes are those that this
 * undo was about, with the request that takes them back and its outcome: "done",
 * "failed" (also: left as somebody else made it), "unknown" or "stopped". */
struct json *undo_json(const struct session *s);
/* sspr-wizard/history/1: runs, oldest first, and their changes. */
struct json *history_json(const struct session *s);

/* The plan for people, wrapped at `columns`. */
void plan_text(const struct session *s, int columns, bool ascii, struct str *out);
/* What is left for a person to do, as one list; appends nothing when there is
 * nothing. Returns how many. */
size_t plan_left_text(const struct session *s, int columns, bool ascii, struct str *out);
void history_text(const struct session *s, struct str *out);

/* Whether a document from `plan -o` is still true: the same tenant and the
 * same changes. On a difference *err (ERR_CONFLICT) names the first; a
 * document of another kind is ERR_PARSE. */
int plan_json_still_true(const struct json *saved, const struct session *s, struct err *err);

#endif
