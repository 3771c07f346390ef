#ifndef TESTS_SCREENS_PRESSED_H
#define TESTS_SCREENS_PRESSED_H

/* The wizard on a demo tenant, driven by keys and read as text; no terminal is
 * needed. Include cmocka.h first. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "tui/dump.h"

/* A program of 100x30 under a virtual clock, the text that it shows, and an
 * empty folder for the files that it writes. */
struct pressed {
	struct app a;
	struct str screen;
	char dir[64];
};

/* Starts on the welcome screen of this scenario. press_end() gives back all. */
static inline void press_begin(struct pressed *p, const char *scenario)
{
	static struct options o = { .command = COMMAND_WIZARD };
	struct err err = ERR_INIT;

	memset(p, 0, sizeof(*p));
	strcpy(p->dir, "/tmp/test_screen-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	o.demo = scenario;
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&p->a, &o, loop_new(&err), false);
	app_update(&p->a, &(struct input){ .kind = INPUT_SIZE, .w = 100, .h = 30 });
}

/* The files that the test wrote must be gone by then. */
static inline void press_end(struct pressed *p)
{
	str_release(&p->screen);
	app_release(&p->a);
	loop_free(p->a.loop);
	assert_int_equal(rmdir(p->dir), 0);
}

static inline void press(struct pressed *p, uint32_t key)
{
	app_update(&p->a, &(struct input){ .kind = INPUT_KEY, .key = key });
}

/* ASCII only. */
static inline void press_text(struct pressed *p, const char *text)
{
	for (; *text; text++)
		press(p, (uint32_t)*text);
}

/* Is this text on the screen, as it is now? */
static inline bool press_shows(struct pressed *p, const char *text)
{
	str_clear(&p->screen);
	app_draw(&p->a);
	grid_dump(&p->a.grid, &p->screen);
	return strstr(str_text(&p->screen), text) != NULL;
}

static inline void press_see(struct pressed *p, const char *text)
{
	if (!press_shows(p, text))
		fail_msg("\"%s\" is not on:\n%s", text, str_text(&p->screen));
}

#endif
