#ifndef TUI_READINESS_SCREEN_H
#define TUI_READINESS_SCREEN_H

#include "tui/model.h"

/* Inside the readiness screen: its state is a->readiness; here is how it is drawn. */

/* The person that is chosen, or NULL. */
const struct ready_person *readiness_chosen(const struct app *a);
/* The whole body; rows of people in sight. */
void readiness_view(const struct app *a, struct rect r, struct grid *g);
int readiness_page(const struct app *a);
/* How a state looks: a glyph and a role; its word is the gap's title. */
struct look readiness_look(enum ready ready);

#endif
