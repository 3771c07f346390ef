#ifndef STEPS_MERGE_H
#define STEPS_MERGE_H

#include <stdbool.h>

#include "checks/facts.h"
#include "graph/base/json.h"

/*
 * Bodies for one authentication method's configuration, by merge only (facts
 * graph.md 5.2): a PATCH keeps what it does not name, but a list that it names
 * is replaced as a whole, so every target that was read goes back in.
 */

/* A copy without members that only annotate ("includeTargets@odata.context"). */
struct json *merge_plain(const struct json *j);

/* The body that enables the method for the group: with our target alone when
 * it was off, with every target as read and ours when it was on. */
struct json *merge_enable(enum method_id id, const struct method *m, const char *group_id);
/* The body that takes merge_enable() back. */
struct json *merge_restore(enum method_id id, const struct method *m);
/* What must still be so just before the write. */
struct json *merge_guard(const struct method *m);

bool target_is_everybody(const struct target *t);

#endif
