#include "steps/compare.h"

#include <string.h>

#include "graph/base/mem.h"

static bool value_holds(const struct json *have, const struct json *want);

static bool members_hold(const struct json *have, const struct json *want, const char **ret_where)
{
	if (!json_is(have, JSON_OBJECT))
		return false;
	for (const struct json *j = json_first(want); j; j = json_next(j)) {
		const char *key = json_key(j);

		if (strchr(key, '@') && strcmp(key, "@odata.id") != 0)
			continue;
		if (!json_has(have, key) || !value_holds(json_get(have, key), j)) {
			if (ret_where)
				*ret_where = key;
			return false;
		}
	}
	return true;
}

/* Each item of want finds its own item of have. */
static bool items_hold(const struct json *have, const struct json *want)
{
	CLEANUP(free_ptr) bool *used = NULL;	/* items of have that have been found */

	if (!json_is(have, JSON_ARRAY) || json_count(have) != json_count(want))
		return false;
	if (!json_is(json_first(want), JSON_OBJECT))
		return json_equal(have, want);
	used = xcalloc(json_count(have), sizeof(*used));
	for (const struct json *j = json_first(want); j; j = json_next(j)) {
		const struct json *k = json_first(have);
		size_t place = 0;

		while (k && (used[place] || !members_hold(k, j, NULL))) {
			k = json_next(k);
			place++;
		}
		if (!k)
			return false;
		used[place] = true;
	}
	return true;
}

static bool value_holds(const struct json *have, const struct json *want)
{
	if (json_is(want, JSON_OBJECT))
		return members_hold(have, want, NULL);
	if (json_is(want, JSON_ARRAY))
		return items_hold(have, want);
	return json_equal(have, want);
}

bool json_holds(const struct json *have, const struct json *want, const char **ret_where)
{
	if (ret_where)
		*ret_where = "";
	return members_hold(have, want, ret_where);
}
