#ifndef CHECKS_REPORT_H
#define CHECKS_REPORT_H

#include "checks/facts.h"
#include "checks/finding.h"
#include "graph/base/json.h"

/* {"id","displayName","defaultDomain"} of sspr-wizard/check/1 and plan/1. */
struct json *report_tenant(const struct facts *f);
/* The document sspr-wizard/check/1 (DESIGN 6). */
struct json *report_check_json(const struct facts *f, const struct findings *findings);
/* The same for people: one block a finding, wrapped at `columns`. */
void report_check_text(const struct facts *f, const struct findings *findings,
		       int columns, bool ascii, struct str *out);

#endif
