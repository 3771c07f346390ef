#ifndef STEPS_COMPARE_H
#define STEPS_COMPARE_H

#include <stdbool.h>

#include "graph/base/json.h"

/*
 * Whether `have`, as the service gave it, holds all that `want` says: every
 * member of want with that value, lists of objects in any order and with the
 * same number of items. Annotations and "@odata.type" of want do not count,
 * and members that only have names are no difference: services add defaults.
 * *ret_where, if not NULL, gets the first member of want that differs.
 */
bool json_holds(const struct json *have, const struct json *want, const char **ret_where);

#endif
