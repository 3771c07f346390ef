#ifndef TUI_REPORT_SCREEN_H
#define TUI_REPORT_SCREEN_H

#include "tui/model.h"

/* Inside the report screen: its state is a->report; here is what writes. */

/* "contoso.com-sspr-2026-11-25": where to, when nothing is typed. */
void report_default_base(const struct app *a, struct str *out);
/* Writes, or waits until all is read; asks before a file is replaced. What became
 * of it stands in a->report. */
void report_write(struct app *a);
void report_cancel(struct app *a);	/* the waiting */

#endif
