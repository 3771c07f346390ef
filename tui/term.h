#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/str.h"
#include "tui/grid.h"
#include "tui/theme.h"

/*
 * The terminal: the only file that includes curses. The terminal is put back
 * on every way out: return, die(), SIGTERM, SIGHUP, SIGINT, abort.
 */
struct term_options {
	enum theme theme;
	bool color, mouse;
};

int term_open(const struct term_options *o, struct err *err);
void term_close(void);
void term_size(int *ret_w, int *ret_h);
/* Shows the grid; curses sends only what changed. */
void term_show(const struct grid *g);
/* The next key of what is typed, or 0 when there is none now. Mouse: K_MOUSE,
 * and *ret_mouse is filled. Pasted text arrives as K_PASTE and *ret_paste
 * (clean, borrowed until the next call). */
struct mouse { int x, y; bool press, wheel_up, wheel_down; };
uint32_t term_key(struct mouse *ret_mouse, const char **ret_paste);
/* A paste has begun and its end was not seen yet: keys are its text. */
bool term_pasting(void);
/* Takes what was pasted so far as all of it: K_PASTE, or 0 when there is none. */
uint32_t term_end_paste(const char **ret_paste);
void term_resized(void);		/* after SIGWINCH */
void term_suspend(void);		/* Ctrl-Z: back when continued */
/* Puts text on the clipboard by OSC 52; false when the terminal has none. */
bool term_copy(const char *text);
void term_redraw(void);			/* Ctrl-L: everything anew */
int term_input_fd(void);
bool term_lost(void);			/* nobody is at the other end any more */

#endif
