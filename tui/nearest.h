#ifndef TUI_NEAREST_H
#define TUI_NEAREST_H

#include <stddef.h>

/* The candidate that somebody who typed `typed` most likely meant: the one
 * fewest typing errors away, at most a third of its length; or NULL. The
 * errors are a wrong, missing, extra or swapped letter. Candidates may hold
 * NULL, which is skipped. */
const char *nearest(const char *typed, const char *const *candidates, size_t n);

#endif
