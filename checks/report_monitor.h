#ifndef CHECKS_REPORT_MONITOR_H
#define CHECKS_REPORT_MONITOR_H

#include "checks/usage.h"
#include "graph/base/json.h"
#include "graph/base/str.h"

/* The runbook's kinds of monitoring, as a mask. */
#define MONITOR_AUDIT 1u
#define MONITOR_SIGN_INS 2u
#define MONITOR_USAGE 4u
#define MONITOR_ALL (MONITOR_AUDIT | MONITOR_SIGN_INS | MONITOR_USAGE)

void report_monitor_text(const struct facts *f, const struct usage *u, unsigned views,
			 int columns, bool ascii, struct str *out);
/* The document sspr-wizard/monitor/1. */
struct json *report_monitor_json(const struct facts *f, const struct usage *u,
				 unsigned views);
/* A table: events for audit alone, passed challenges for sign-ins alone, else
 * a line a day. */
void report_monitor_csv(const struct usage *u, unsigned views, struct str *out);
/* An event as a line of text for --follow, and as an object. */
void report_event_text(const struct event *e, struct str *out);
struct json *report_event_json(const struct event *e);

/* Columns of characters, one a value, the highest at full height; nothing for
 * zero. */
void chart_columns(struct str *out, const size_t *v, size_t n, bool ascii);
/* A bar of at most `columns`, in proportion to n of max. */
void chart_bar(struct str *out, size_t n, size_t max, int columns, bool ascii);

#endif
