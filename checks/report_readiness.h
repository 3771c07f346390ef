#ifndef CHECKS_REPORT_READINESS_H
#define CHECKS_REPORT_READINESS_H

#include "checks/readiness.h"
#include "graph/base/json.h"
#include "graph/base/str.h"

/* For people: the decision, the gaps counted, whoever has one. */
void report_readiness_text(const struct facts *f, const struct readiness *r, int columns,
			   bool ascii, struct str *out);
/* The document sspr-wizard/readiness/1. */
struct json *report_readiness_json(const struct facts *f, const struct readiness *r);
/* A person a line, for a mail merge; of those that want() takes, NULL: of all. Text
 * that a spreadsheet would run is made inert. Returns the number of people. */
size_t report_readiness_csv(const struct readiness *r,
			    bool (*want)(const struct ready_person *p, const void *ctx),
			    const void *ctx, struct str *out);

#endif
