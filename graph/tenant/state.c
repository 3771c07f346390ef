#include "graph/tenant/internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/tenant/crowd.h"

/* Directory objects by id: open addressing, never more than half full. */
struct tenant_index {
	struct index_slot {
		const char *id, *type;
		struct json *object;
	} *v;
	size_t size;	/* a power of two */
};

static const struct {
	const char *list, *type;
} directory_lists[] = {
	{ "users", "user" },
	{ "groups", "group" },
	{ "servicePrincipals", "servicePrincipal" },
	{ "directoryRoles", "directoryRole" },
	{ "devices", "device" },
};

static size_t hash_id(const char *id)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *id; id++)
		h = (h ^ (uint64_t)tolower((unsigned char)*id)) * UINT64_C(1099511628211);
	return (size_t)(h ^ (h >> 32));
}

static struct index_slot *index_slot(struct tenant_index *index, const char *id)
{
	size_t i = hash_id(id) & (index->size - 1);

	while (index->v[i].id && !str_same_nocase(index->v[i].id, id))
		i = (i + 1) & (index->size - 1);
	return &index->v[i];
}

static void index_build(struct tenant *t)
{
	size_t n = 0;

	t->index = xcalloc(1, sizeof(*t->index));
	for (size_t i = 0; i < COUNT_OF(directory_lists); i++)
		n += json_count(json_get(t->state, directory_lists[i].list));
	for (t->index->size = 64; t->index->size < 2 * n; )
		t->index->size *= 2;
	t->index->v = xcalloc(t->index->size, sizeof(*t->index->v));
	for (size_t i = 0; i < COUNT_OF(directory_lists); i++) {
		struct json *list = state_list(t, directory_lists[i].list);

		for (struct json *j = json_first_mutable(list); j; j = json_next_mutable(j)) {
			const char *id = json_string(j, "id");

			if (id)
				*index_slot(t->index, id) = (struct index_slot){
					id, directory_lists[i].type, j };
		}
	}
}

void index_reset(struct tenant *t)
{
	if (t->index)
		free(t->index->v);
	free(t->index);
	t->index = NULL;
}

struct json *index_find(struct tenant *t, const char *id, const char **ret_type)
{
	struct index_slot *slot;

	if (!t->index)
		index_build(t);
	slot = index_slot(t->index, id);
	if (slot->id && ret_type)
		*ret_type = slot->type;
	return slot->id ? slot->object : NULL;
}

struct json *state_list(struct tenant *t, const char *name)
{
	struct json *list = json_get_mutable(t->state, name);

	return list ? list : json_get_mutable(json_get_mutable(t->state, "log"), name);
}

struct json *state_find(struct tenant *t, const char *list, const char *id)
{
	const char *type = NULL;
	struct json *j;

	if (!id)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(directory_lists); i++) {
		if (!str_same(directory_lists[i].list, list))
			continue;
		j = index_find(t, id, &type);
		return str_same(type, directory_lists[i].type) ? j : NULL;
	}
	for (j = json_first_mutable(state_list(t, list)); j; j = json_next_mutable(j))
		if (str_same_nocase(json_string(j, "id"), id))
			return j;
	return NULL;
}

/* The domain that new people get; the crowd's too. */
static const char *default_domain(struct tenant *t)
{
	const struct json *j;

	for (j = json_first(state_list(t, "domains")); j; j = json_next(j))
		if (json_bool(j, "isDefault", false))
			return json_string_or(j, "id", "");
	return "";
}

bool crowd_at(struct tenant *t, size_t i, struct odata_item *ret)
{
	ret->made = crowd_user(i, default_domain(t), clock_now_ms());
	ret->object = ret->made;
	ret->type = "user";
	return true;
}

bool object_find(struct tenant *t, const char *id, struct odata_item *ret)
{
	const char *type = NULL;
	size_t i;

	memset(ret, 0, sizeof(*ret));
	ret->object = index_find(t, id, &type);
	ret->type = type;
	if (ret->object)
		return true;
	return t->crowd && crowd_find(t->crowd, id, &i) && crowd_at(t, i, ret);
}

bool user_find(struct tenant *t, const char *key, struct odata_item *ret)
{
	const struct json *j;
	size_t i;

	memset(ret, 0, sizeof(*ret));
	ret->type = "user";
	if (is_guid(key)) {
		ret->object = state_find(t, "users", key);
		if (ret->object)
			return true;
		return t->crowd && crowd_find(t->crowd, key, &i) && crowd_at(t, i, ret);
	}
	for (j = json_first(state_list(t, "users")); j; j = json_next(j))
		if (str_same_nocase(json_string(j, "userPrincipalName"), key))
			break;
	ret->object = j;
	if (j)
		return true;
	return t->crowd && crowd_find_upn(t->crowd, key, default_domain(t), &i) &&
	       crowd_at(t, i, ret);
}

bool is_guid(const char *text)
{
	for (int i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return !text[36];
}

static bool group_has_deep(struct tenant *t, const char *group_id, const char *id, int depth)
{
	const struct json *group = state_find(t, "groups", group_id);
	const struct json *members = json_get(group, "_members"), *m;

	if (json_array_has(members, id))
		return true;
	for (m = json_first(members); depth < 16 && m; m = json_next(m))
		if (state_find(t, "groups", json_text(m)) &&
		    group_has_deep(t, json_text(m), id, depth + 1))
			return true;
	return false;
}

bool group_has(struct tenant *t, const char *group_id, const char *user_id)
{
	return group_has_deep(t, group_id, user_id, 0);
}

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

uint32_t tenant_random(struct tenant *t, uint32_t below)
{
	t->random = mix(t->random);
	return below ? (uint32_t)((t->random >> 16) % below) : 0;
}

/* The serial is kept in the log, so that a reopened state goes on where it
 * was and no id comes twice. */
void tenant_guid(struct tenant *t, char out[37])
{
	struct json *log = json_get_mutable(t->state, "log");
	int64_t serial = json_int(log, "serial", 0) + 1;
	uint64_t a = mix((uint64_t)serial ^ hash_id(tenant_id(t))), b = mix(a);

	json_set_number(log, "serial", (double)serial);
	snprintf(out, 37, "%08" PRIx32 "-%04x-4%03x-%c%03x-%012" PRIx64, (uint32_t)(a >> 32),
		 (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff), "89ab"[b >> 62],
		 (unsigned)(b >> 48 & 0xfff), b & UINT64_C(0xffffffffffff));
}
