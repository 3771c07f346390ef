#include "tui/nearest.h"

#include <string.h>

#include "graph/base/str.h"

#define LONGEST 48	/* no option, command, step or scenario is longer */

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Errors between two words (optimal string alignment), or LONGEST. */
static unsigned errors_between(const char *a, const char *b)
{
	unsigned row[3][LONGEST + 1];
	size_t na = strlen(a), nb = strlen(b);

	if (na > LONGEST || nb > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned *now = row[i % 3], *before = row[(i + 2) % 3];
		const unsigned *earlier = row[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned wrong = a[i - 1] != b[j - 1];

			now[j] = min3(before[j] + 1, now[j - 1] + 1, before[j - 1] + wrong);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    earlier[j - 2] + 1 < now[j])
				now[j] = earlier[j - 2] + 1;
		}
	}
	return row[na % 3][nb];
}

const char *nearest(const char *typed, const char *const *candidates, size_t n)
{
	const char *best = NULL;
	unsigned best_errors = LONGEST;

	for (size_t i = 0; i < n; i++) {
		unsigned errors, allowed;

		if (!candidates[i])
			continue;
		errors = errors_between(typed, candidates[i]);
		allowed = (unsigned)(strlen(candidates[i]) + 2) / 3;
		/* The start of a word is as good as a typing error. */
		if (strlen(typed) >= 3 && str_starts(candidates[i], typed))
			errors = 1;
		if (errors <= allowed && errors < best_errors) {
			best = candidates[i];
			best_errors = errors;
		}
	}
	return best;
}
