/* Which profiles there are, by the files of their folder. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/file.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"
#include "steps/profile.h"

#define SUFFIX ".conf"

static int by_name(const void *left, const void *right)
{
	const struct profile_entry *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* The name in "contoso.conf", or NULL of a file that is no profile. */
static const char *name_of_file(const char *file, struct arena *arena)
{
	size_t n = strlen(file);

	if (*file == '.' || n <= strlen(SUFFIX) || !str_ends(file, SUFFIX) ||
	    !utf8_is_clean(file, n, 0))
		return NULL;
	return arena_printf(arena, "%.*s", (int)(n - strlen(SUFFIX)), file);
}

void profile_look(const char *name, struct profile_entry *ret, struct arena *arena)
{
	struct err err = ERR_INIT;
	struct profile p;

	*ret = (struct profile_entry){ .name = name };
	if (profile_load(&p, name, &err) < 0) {
		ret->problem = arena_strdup(arena, err.msg);
		return;
	}
	ret->tenant = arena_strdup(arena, p.tenant);
	profile_release(&p);
}

size_t profile_list(struct profile_entry **ret, struct arena *arena)
{
	CLEANUP(str_release) struct str path = { 0 };
	struct err err = ERR_INIT;
	struct profile_entry *v = NULL;
	size_t n = 0, cap = 0;
	const struct dirent *one;
	DIR *dir = file_config_dir(&path, &err) < 0 ? NULL : opendir(str_text(&path));

	while (dir && n < PROFILES_MAX && (one = readdir(dir)) != NULL) {
		const char *name = name_of_file(one->d_name, arena);

		if (!name)
			continue;
		ARENA_GROW(arena, v, n, cap);
		profile_look(name, &v[n++], arena);
	}
	if (dir)
		closedir(dir);
	if (n)
		qsort(v, n, sizeof(*v), by_name);
	*ret = v;
	return n;
}
