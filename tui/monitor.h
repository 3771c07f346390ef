#ifndef TUI_MONITOR_H
#define TUI_MONITOR_H

#include "checks/report_monitor.h"
#include "tui/model.h"

/* Inside the monitor screen: its state is a->monitor; here is how it is drawn. */

/* The head: views as tabs, what is looked at. Takes its rows off r. */
void monitor_head(const struct app *a, struct rect *r, struct grid *g);
/* The audit view: a chart of the days, the events, the chosen one in full. */
void monitor_audit(const struct app *a, struct rect r, struct grid *g);
/* Rows of events in sight. */
int monitor_page(const struct app *a);
/* The other two, as a sheet to scroll. */
void monitor_fill(const struct app *a, int columns, struct sheet *s);
/* "Password reset: the server did not answer": an event in a line. */
void monitor_event_text(const struct event *e, struct str *out);

#endif
