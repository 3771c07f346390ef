#ifndef STEPS_PLAN_JSON_H
#define STEPS_PLAN_JSON_H

#include "graph/base/json.h"
#include "steps/session.h"

/* The document sspr-wizard/plan/1 (DESIGN 6). With outcomes true each change
 * of the engine's progress gets "outcome". The caller frees. */
struct json *plan_json(const struct session *s, bool outcomes);
/* The same for people. */
void plan_text(const struct session *s, int columns, bool ascii, struct str *out);
/* Whether a document from `plan -o` is still true: the same changes. On a
 * difference *err names the first. */
int plan_json_still_true(const struct json *saved, const struct session *s, struct err *err);

#endif
