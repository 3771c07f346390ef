#ifndef CHECKS_REPORT_H
#define CHECKS_REPORT_H

#include "checks/facts.h"
#include "checks/finding.h"
#include "graph/base/json.h"

/* {"id","displayName","defaultDomain"} of sspr-wizard/check/1 and plan/1. */
struct json *report_tenant(const struct facts *f);
/* The document sspr-wizard/check/1 (DESIGN 6). */
struct json *report_check_json(const struct facts *f, const struct findings *findings);
/* One finding of it; the caller's. */
struct json *report_finding_json(const struct finding *one);
/* The same for people: one block a finding, wrapped at `columns`. */
void report_check_text(const struct facts *f, const struct findings *findings,
		       int columns, bool ascii, struct str *out);
/* One block of it. */
void report_finding_text(const struct finding *one, int64_t now_ms, int columns, bool ascii,
			 struct str *out);

/* sspr-wizard/diagnose/1 (DESIGN 6) and the same for people, of what
 * diagnose_person() found and answered. canReset is null for unknown. */
struct json *report_diagnose_json(const struct facts *f, const struct person *p, enum tri can,
				  const struct findings *findings);
void report_diagnose_text(const struct facts *f, const struct person *p, enum tri can,
			  const struct findings *findings, int columns, bool ascii,
			  struct str *out);

#endif
