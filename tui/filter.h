#ifndef TUI_FILTER_H
#define TUI_FILTER_H

#include "tui/model.h"

/* What lists with "/" share: typing into the filter. True when the key was for
 * it: Enter and Esc end the typing, Esc also empties it. */
bool filter_type(struct filtered *f, uint32_t key);
/* Whether a row with these texts is shown (any of them has the filter's). */
bool filter_has(const struct filtered *f, const char *one, const char *two,
		const char *three);
/* The title row: name, count, filter. */
void filter_head(const struct app *a, const struct filtered *f, struct rect r,
		 struct grid *g, const char *title, size_t shown, size_t all);

#endif
