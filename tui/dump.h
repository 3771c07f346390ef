#ifndef TUI_DUMP_H
#define TUI_DUMP_H

#include "tui/model.h"

/*
 * Screens as text, for tests and the README: `--dump-screen NAME=WxH` takes the
 * demo tenant (contoso unless --demo names another) to a screen on a virtual
 * clock that starts at 2026-11-25T10:00:00Z, and prints what it shows.
 */
int app_screen_dump(const struct options *o);

/* The same for a model that was made by app_init(): false when there is no
 * screen of that name. */
bool app_go_to(struct app *a, const char *name);
/* Runs the loop until the session is idle. */
void app_settle(struct app *a);
/* The names, NULL-terminated. */
extern const char *const dump_screens[];

#define DUMP_NOW_MS 1795600800000	/* 2026-11-25T10:00:00Z */

#endif
