#include "checks/event_filter.h"

#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

static const char *const kind_names[] = {
	[EVENT_RESET] = "reset", [EVENT_CHANGE] = "change", [EVENT_UNLOCK] = "unlock",
	[EVENT_ADMIN_RESET] = "admin-reset", [EVENT_FLOW] = "flow",
	[EVENT_BLOCKED] = "blocked", [EVENT_REGISTERED] = "registered",
	[EVENT_POLICY] = "policy", [EVENT_WRITEBACK_ON] = "writeback-on",
	[EVENT_WRITEBACK_OFF] = "writeback-off", [EVENT_OTHER] = "other",
};

bool event_of_user(const struct event *e, const char *user)
{
	if (!user || !*user)
		return true;
	if (strchr(user, '@'))
		return str_same_nocase(e->upn, user);
	return (e->upn && str_find_nocase(e->upn, user)) || str_same_nocase(e->user_id, user);
}

bool event_fits(const struct event *e, const struct event_filter *filter)
{
	bool success = str_same_nocase(e->result, "success");

	if (filter->result == RESULT_SUCCESS && !success)
		return false;
	if (filter->result == RESULT_FAILURE && success)
		return false;
	if (filter->kinds && !(filter->kinds & EVENT_BIT(e->kind)))
		return false;
	return event_of_user(e, filter->user);
}

bool filter_chooses(const struct event_filter *filter)
{
	return filter->result != RESULT_ANY || filter->kinds;
}

const char *filter_text(const struct event_filter *filter, struct arena *arena)
{
	CLEANUP(str_release) struct str text = { 0 };
	const char *between = "only ";

	if (filter->user && *filter->user) {
		str_addf(&text, "%s%s", between, filter->user);
		between = ", ";
	}
	if (filter->result != RESULT_ANY) {
		str_addf(&text, "%s%s", between, filter->result == RESULT_SUCCESS ? "successes"
										  : "failures");
		between = ", ";
	}
	for (size_t i = 0; i < COUNT_OF(kind_names); i++) {
		if (!(filter->kinds & EVENT_BIT(i)))
			continue;
		str_addf(&text, "%s%s", between, kind_names[i]);
		between = ", ";
	}
	return arena_strdup(arena, str_text(&text));
}

const char *event_kind_name(enum event_kind kind)
{
	return (size_t)kind < COUNT_OF(kind_names) ? kind_names[kind] : "other";
}

const char *event_kind_title(enum event_kind kind)
{
	static const char *const titles[] = {
		[EVENT_RESET] = "Password reset", [EVENT_CHANGE] = "Password changed",
		[EVENT_UNLOCK] = "Account unlocked", [EVENT_ADMIN_RESET] = "Reset by an administrator",
		[EVENT_FLOW] = "Attempt", [EVENT_BLOCKED] = "Blocked for 24 hours",
		[EVENT_REGISTERED] = "Registered", [EVENT_POLICY] = "Policy changed",
		[EVENT_WRITEBACK_ON] = "Writeback turned on",
		[EVENT_WRITEBACK_OFF] = "Writeback turned off", [EVENT_OTHER] = "Other",
	};

	return (size_t)kind < COUNT_OF(titles) ? titles[kind] : "Other";
}

int event_kind_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(kind_names); i++)
		if (str_same(kind_names[i], name))
			return (int)i;
	return -1;
}

enum event_result event_result_by_name(const char *name)
{
	if (str_same(name, "success"))
		return RESULT_SUCCESS;
	return str_same(name, "failure") ? RESULT_FAILURE : RESULT_ANY;
}

int since_parse(const char *text, int64_t *ret_ms)
{
	CLEANUP(str_release) struct str day = { 0 };

	if (text && strlen(text) == strlen("2026-11-03")) {
		str_addf(&day, "%sT00:00:00Z", text);
		text = str_text(&day);
	}
	return time_parse(text, ret_ms);
}
