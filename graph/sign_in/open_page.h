#ifndef GRAPH_SIGN_IN_OPEN_PAGE_H
#define GRAPH_SIGN_IN_OPEN_PAGE_H

#include <stdbool.h>

/* Sends the browser of this machine to a page; false when no program for it could
 * be started. Whether a window came up is not known. */
bool page_open(const char *url);
/* Why no browser of the person at the terminal can be opened from here, in a
 * sentence; NULL when it can. */
const char *page_why_not(void);

#endif
