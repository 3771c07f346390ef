#ifndef TUI_PICKER_H
#define TUI_PICKER_H

#include "tui/model.h"

/* What the picker's screen does; see struct picker in model.h. */
/* ctx is the picker. */
bool picker_has(const void *ctx, const char *text);
void picker_toggle(struct picker *p, const char *upn);
void picker_remove(struct picker *p, size_t i);
/* Adds the entries of the file that was named. */
void picker_load(struct app *a);
/* One word goes to the query, many lines are entries. */
void picker_paste(struct app *a, const char *text);
/* The chosen become the wanted people, and are looked up. */
void picker_accept(struct app *a);
/* Goes back. What was chosen is not lost by it: it is taken, as by accept. */
void picker_leave(struct app *a);

#endif
