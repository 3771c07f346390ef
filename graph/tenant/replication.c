#include "graph/tenant/internal.h"

#include "graph/base/clock.h"
#include "graph/base/str.h"

/*
 * Graph's lag: a new group cannot take members for a few seconds (facts
 * graph.md 3.2), and advanced queries see a change of members later than
 * plain reads do (3.3, 10.5). The spans are ours; Microsoft names none.
 */
#define NEW_GROUP_MS 3000
#define INDEX_MS 5000

static struct json *pending(struct tenant *t)
{
	return json_get_mutable(json_get_mutable(t->state, "log"), "pending");
}

static bool passed(const struct json *entry, int64_t now)
{
	int64_t until;

	return time_parse(json_string_or(entry, "until", ""), &until) != 0 || until <= now;
}

static bool is_ours(const struct json *entry)
{
	const char *what = json_string(entry, "what");

	return str_same(what, "group") || str_same(what, "member");
}

void replication_refresh(struct tenant *t)
{
	struct json *list = pending(t), *next;
	int64_t now = clock_now_ms();

	for (struct json *j = json_first_mutable(list); j; j = next) {
		next = json_next_mutable(j);
		if (is_ours(j) && passed(j, now))
			json_remove_child(list, j);
	}
}

static struct json *add(struct tenant *t, const char *what, const char *group, int64_t lag_ms)
{
	struct json *entry = json_new_object();
	char until[TIME_TEXT];

	json_add_string(entry, "what", what);
	json_add_string(entry, "group", group);
	json_add_string(entry, "until", time_format_graph(clock_now_ms() + lag_ms, until));
	return json_append(pending(t), entry);
}

void replication_created(struct tenant *t, const char *group)
{
	add(t, "group", group, NEW_GROUP_MS);
}

bool replication_is_new(struct tenant *t, const char *group)
{
	int64_t now = clock_now_ms();

	for (const struct json *j = json_first(pending(t)); j; j = json_next(j))
		if (str_same(json_string(j, "what"), "group") &&
		    str_same(json_string(j, "group"), group) && !passed(j, now))
			return true;
	return false;
}

void replication_member(struct tenant *t, const char *group, const char *id, bool added)
{
	struct json *entry = add(t, "member", group, INDEX_MS);

	json_add_string(entry, "id", id);
	json_add_bool(entry, "added", added);
}

static void remove_text(struct json *list, const char *text)
{
	struct json *next;

	for (struct json *j = json_first_mutable(list); j; j = next) {
		next = json_next_mutable(j);
		if (str_same(json_text(j), text))
			json_remove_child(list, j);
	}
}

/* Goes back over what happened, newest first, so that an id that was added
 * and removed again is seen as it was. */
struct json *replication_members(struct tenant *t, const struct json *group)
{
	struct json *members = json_clone(json_get(group, "_members"));
	const char *id = json_string(group, "id");
	const struct json *newest[256] = { NULL };
	size_t n = 0;

	if (!members)
		members = json_new_array();
	for (const struct json *j = json_first(pending(t)); j; j = json_next(j))
		if (str_same(json_string(j, "what"), "member") &&
		    str_same(json_string(j, "group"), id))
			newest[n++ % 256] = j;
	for (size_t left = n < 256 ? n : 256; left; left--) {
		const struct json *j = newest[--n % 256];
		const char *member = json_string_or(j, "id", "");

		if (json_bool(j, "added", false))
			remove_text(members, member);
		else if (!json_array_has(members, member))
			json_append_string(members, member);
	}
	return members;
}
