#ifndef CHECKS_CONNECT_VERSION_H
#define CHECKS_CONNECT_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/arena.h"

/* The versions of Entra Connect Sync and their ends (facts on-premises.md 3.6). */
#define CONNECT_FLOOR "2.5.79.0"	/* older ones do not synchronise any more */
#define CONNECT_AS_OF "2026-11-22"	/* when the table was true */
#define CONNECT_AS_OF_MS (20779LL * 24 * 60 * 60 * 1000)
#define CONNECT_TABLE_LIFE_MS (90LL * 24 * 60 * 60 * 1000)

enum version_state {
	VERSION_UNREADABLE,
	VERSION_TOO_OLD,	/* below the floor, and the floor's day has passed */
	VERSION_RECALLED,	/* withdrawn by Microsoft */
	VERSION_UNSUPPORTED,	/* works, but its support has ended */
	VERSION_ENDING,		/* support ends within 60 days */
	VERSION_SUPPORTED,
	VERSION_NEWER,		/* newer than the table: taken for good */
};

struct version_answer {
	enum version_state state;
	const char *text;	/* a sentence with version, date and "as of" */
	bool table_old;		/* the table is older than 90 days: it says so */
};

/* Compares "2.5.79.0" forms part by part; missing parts are 0. Returns less
 * than, equal to or more than 0; false is left in *ret_ok when one does not read. */
int version_compare(const char *a, const char *b, bool *ret_ok);
void connect_version_judge(const char *version, int64_t now_ms, struct version_answer *ret,
			   struct arena *arena);

#endif
