#ifndef STEPS_MEMBERS_FILE_H
#define STEPS_MEMBERS_FILE_H

#include <stddef.h>

#include "graph/base/arena.h"
#include "graph/base/err.h"

/* People for the group as given: a UPN, an address or an object id a line, or
 * a CSV with such a column (header userPrincipalName, UPN, mail, email,
 * object id or id; quotes, BOM, ; or TAB as separator). Without a header a line
 * may also list several people between commas, semicolons or TABs, each an
 * address, an object id or "Name <address>", as mail programs copy them. Lines
 * that start with # and empty ones are skipped. */
struct member_entries {
	const char **v;			/* text, in the arena */
	unsigned *line;
	size_t n, cap, line_cap;
};
#define MEMBER_ENTRIES_MAX 50000

int members_parse(const char *text, size_t len, struct arena *a,
		  struct member_entries *ret, struct err *err);
int members_read_file(const char *path, struct arena *a, struct member_entries *ret,
		      struct err *err);

#endif
