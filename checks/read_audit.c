/* Reader of the audit log of Self-service Password Management: 30 days, newest
 * first, folded (facts graph.md 8, portal-api.md 5.3); and of Microsoft's own counts. */
#include <stdlib.h>
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define DAY_MS (24 * 60 * 60 * 1000LL)
#define WINDOW_DAYS 30		/* what Microsoft keeps with a licence */
#define RESETS_PATH "/beta/reports/authenticationMethods/userPasswordResetsAndChangesSummary"
#define PAGES_MAX 12		/* of 1,000 events: what one look is worth */

static const struct {
	const char *start;	/* of the activity's name */
	enum event_kind kind;
} activities[] = {
	{ "Reset password (self-service)", EVENT_RESET },
	{ "Change password (self-service)", EVENT_CHANGE },
	{ "Unlock user account (self-service)", EVENT_UNLOCK },
	{ "Reset password (by admin)", EVENT_ADMIN_RESET },
	{ "Self-service password reset flow", EVENT_FLOW },
	{ "Self-serve password reset flow", EVENT_FLOW },
	{ "Blocked from self-service password reset", EVENT_BLOCKED },
	{ "Security info saved", EVENT_REGISTERED },
	{ "User registered for self-service", EVENT_REGISTERED },
	{ "Enable password writeback", EVENT_WRITEBACK_ON },
	{ "Disable password writeback", EVENT_WRITEBACK_OFF },
};

/* The policy-change event has no documented name: what is left and carries
 * changed properties is one (facts portal-api.md 5.3). */
static enum event_kind kind_of(const char *activity, bool changed_properties)
{
	for (size_t i = 0; i < COUNT_OF(activities); i++)
		if (str_find_nocase(activity, activities[i].start) == activity)
			return activities[i].kind;
	return changed_properties || str_find_nocase(activity, "policy") ? EVENT_POLICY
									 : EVENT_OTHER;
}

/* Values come as JSON text, often in a list: ["1"] and "1" are both 1. */
static const char *plain_value(struct arena *a, const char *value)
{
	static const char around[] = "[]\" ";
	size_t n;

	if (!value)
		return "";
	value += strspn(value, around);
	n = strlen(value);
	while (n && strchr(around, value[n - 1]))
		n--;
	return arena_strndup(a, value, n);
}

/* Names of the portal's fields (facts portal-api.md 1.2 and 1.3), and words of
 * its pages; the names in the event are not documented. */
static struct policy_value *policy_value_of(struct audit *audit, const char *name)
{
	const struct {
		const char *part;
		struct policy_value *value;
	} names[] = {
		{ "enablementType", &audit->scope },
		{ "self service password reset enabled", &audit->scope },
		{ "self-service password reset enabled", &audit->scope },
		{ "selfServicePasswordResetEnabled", &audit->scope },
		{ "passwordResetEnabledGroupId", &audit->scope_group },
		{ "numberOfAuthenticationMethodsRequired", &audit->methods_required },
		{ "number of methods required", &audit->methods_required },
		{ "methodsRequired", &audit->methods_required },
		{ "notifyUsers", &audit->notify_users },
		{ "notify users", &audit->notify_users },
		{ "notifyOnAdmin", &audit->notify_admins },
		{ "notifyAdmins", &audit->notify_admins },
		{ "notify all admins", &audit->notify_admins },
		{ "registrationRequired", &audit->registration_required },
		{ "require users to register", &audit->registration_required },
		{ "registrationReconfirm", &audit->reconfirm_days },
		{ "re-confirm", &audit->reconfirm_days },
		{ "customizeHelpdesk", &audit->helpdesk_on },
		{ "customize helpdesk", &audit->helpdesk_on },
		{ "customHelpdesk", &audit->helpdesk },
		{ "custom helpdesk", &audit->helpdesk },
		{ "passwordWriteBack", &audit->writeback },
		{ "write back password", &audit->writeback },
		{ "password write back", &audit->writeback },
		/* Not accountUnlockSupported, which never changes. */
		{ "accountUnlockEnabled", &audit->unlock },
		{ "unlock accounts", &audit->unlock },
	};

	for (size_t i = 0; name && i < COUNT_OF(names); i++)
		if (str_find_nocase(name, names[i].part))
			return names[i].value;
	return NULL;
}

static void take_policy_values(struct facts *f, const struct json *event,
			       const char *actor, int64_t time_ms)
{
	struct arena *a = &f->area_arena[AREA_AUDIT];

	for (const struct json *t = json_first(json_get(event, "targetResources")); t;
	     t = json_next(t)) {
		for (const struct json *m = json_first(json_get(t, "modifiedProperties")); m;
		     m = json_next(m)) {
			struct policy_value *v = policy_value_of(
				&f->audit, json_string(m, "displayName"));

			if (!v || v->time_ms >= time_ms)
				continue;
			v->old_value = plain_value(a, json_string(m, "oldValue"));
			v->new_value = plain_value(a, json_string(m, "newValue"));
			v->actor = actor;
			v->time_ms = time_ms;
		}
	}
}

static bool has_changes(const struct json *event)
{
	for (const struct json *t = json_first(json_get(event, "targetResources")); t;
	     t = json_next(t))
		if (json_count(json_get(t, "modifiedProperties")))
			return true;
	return false;
}

/* The OnPremisesAgent detail; "None" is a cloud-only reset (facts graph.md 8.3). */
static const char *agent_of(struct arena *a, const struct json *event)
{
	for (const struct json *j = json_first(json_get(event, "additionalDetails")); j;
	     j = json_next(j)) {
		const char *value = json_string(j, "value");

		if (str_same_nocase(json_string(j, "key"), "OnPremisesAgent") && value &&
		    value[0] && !str_same_nocase(value, "None"))
			return arena_strdup(a, value);
	}
	return NULL;
}

/* Reasons that name the on-premises side (facts graph.md 8.4). */
static bool is_writeback_failure(const char *reason)
{
	return reason && (str_find_nocase(reason, "on-premises") ||
			  str_find_nocase(reason, "OnPremises"));
}

static void count_event(struct audit *audit, const struct event *e)
{
	bool success = str_same_nocase(e->result, "success");
	bool failure = str_same_nocase(e->result, "failure");

	audit->resets += e->kind == EVENT_RESET && success;
	audit->reset_failures += e->kind == EVENT_RESET && failure;
	audit->blocked += e->kind == EVENT_BLOCKED;
	if (success && e->agent && (e->kind == EVENT_RESET || e->kind == EVENT_CHANGE ||
				    e->kind == EVENT_UNLOCK || e->kind == EVENT_ADMIN_RESET)) {
		audit->written_back++;
		if (e->time_ms > audit->last_written_back_ms)
			audit->last_written_back_ms = e->time_ms;
	}
	if (failure && is_writeback_failure(e->reason) &&
	    e->time_ms > audit->last_writeback_failure_ms) {
		audit->last_writeback_failure_ms = e->time_ms;
		audit->last_writeback_failure = e->reason;
	}
	if (e->kind == EVENT_WRITEBACK_ON && !failure && e->time_ms > audit->writeback_on_ms)
		audit->writeback_on_ms = e->time_ms;
	if (e->kind == EVENT_WRITEBACK_OFF && !failure && e->time_ms > audit->writeback_off_ms)
		audit->writeback_off_ms = e->time_ms;
}

/* The person an event is about: the target, else who started it. */
static const struct json *user_of(const struct json *event)
{
	for (const struct json *t = json_first(json_get(event, "targetResources")); t;
	     t = json_next(t))
		if (str_same_nocase(json_string(t, "type"), "User"))
			return t;
	return json_at(event, "initiatedBy.user");
}

static const char *group_of(struct arena *a, const struct json *event, const char *key)
{
	for (const struct json *t = json_first(json_get(event, "targetResources")); t;
	     t = json_next(t))
		if (str_same_nocase(json_string(t, "type"), "Group"))
			return text_of(a, t, key);
	return NULL;
}

static struct event event_of(struct arena *a, const struct json *j)
{
	const struct json *user = user_of(j);
	struct event e = {
		.time_ms = time_of(j, "activityDateTime"),
		.activity = arena_strdup(a, json_string_or(j, "activityDisplayName", "")),
		.result = arena_strdup(a, json_string_or(j, "result", "")),
		.reason = text_of(a, j, "resultReason"),
		.correlation_id = text_of(a, j, "correlationId"),
		.user_id = text_of(a, user, "id"),
		.upn = text_of(a, user, "userPrincipalName"),
		.actor = text_of(a, json_at(j, "initiatedBy.user"), "userPrincipalName"),
		.agent = agent_of(a, j),
		.id = text_of(a, j, "id"),
		.group_id = group_of(a, j, "id"),
		.group_name = group_of(a, j, "displayName"),
	};

	e.kind = kind_of(e.activity, has_changes(j));
	if (!e.actor)
		e.actor = text_of(a, json_at(j, "initiatedBy.app"), "displayName");
	return e;
}

static void take_event(struct facts *f, const struct json *j)
{
	struct arena *a = &f->area_arena[AREA_AUDIT];
	struct event e = event_of(a, j);
	struct audit *audit = &f->audit;

	audit->total++;
	count_event(audit, &e);
	if (!str_same_nocase(e.result, "failure"))
		take_policy_values(f, j, e.actor, e.time_ms);
	if (audit->n < EVENT_KEEP) {
		ARENA_GROW(a, audit->v, audit->n, audit->cap);
		audit->v[audit->n++] = e;
	}
}

static bool fold_events(void *acc, const struct json *value)
{
	struct facts *f = acc;

	for (const struct json *j = json_first(value); j; j = json_next(j))
		take_event(f, j);
	if (++f->audit.pages < PAGES_MAX)
		return true;
	f->audit.truncated = true;
	return false;
}

static int compare_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* An attempt is one correlation id of the flow's events (facts graph.md 7.5);
 * a reset without such events is one too. */
static size_t count_flows(const struct audit *audit)
{
	const char **ids = xcalloc(audit->n + 1, sizeof(*ids));
	size_t n = 0, flows = 0;

	for (size_t i = 0; i < audit->n; i++)
		if ((audit->v[i].kind == EVENT_FLOW || audit->v[i].kind == EVENT_RESET) &&
		    audit->v[i].correlation_id)
			ids[n++] = audit->v[i].correlation_id;
	qsort(ids, n, sizeof(*ids), compare_text);
	for (size_t i = 0; i < n; i++)
		flows += i == 0 || strcmp(ids[i], ids[i - 1]) != 0;
	free(ids);
	return flows;
}

/* Who changed what a report compares: activities of other services (facts
 * graph.md 8.3). The newest of each are enough. */
static const char *const change_activities[] = {
	"Update%20authorization%20policy", "Authentication%20Methods%20Policy%20Update",
	"Add%20member%20to%20group", "Remove%20member%20from%20group", "Add%20group",
	"Update%20group", "Delete%20group",
};

/* True when all are answered; replies gets them. They are only asked for when a
 * report compares, and one that fails costs a name, not the area. */
static bool ask_changes(const struct wanted *w, struct io *io,
			const struct reply *replies[COUNT_OF(change_activities)])
{
	bool all = true;

	for (size_t i = 0; i < COUNT_OF(change_activities); i++) {
		CLEANUP(str_release) struct str path = { 0 };
		char time[TIME_TEXT];

		replies[i] = NULL;
		if (!w->changes_since_ms)
			continue;
		str_addf(&path, "/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName%%20"
			 "eq%%20%%27%s%%27%%20and%%20activityDateTime%%20ge%%20%s&$orderby="
			 "activityDateTime%%20desc&$top=100", change_activities[i],
			 time_format(w->changes_since_ms, time));
		replies[i] = io_get(io, str_text(&path), 0);
		all &= replies[i] != NULL;
	}
	return all;
}

static void take_changes(struct facts *f, const struct reply *const *replies)
{
	struct arena *a = &f->area_arena[AREA_AUDIT];
	struct audit *audit = &f->audit;

	for (size_t i = 0; i < COUNT_OF(change_activities); i++) {
		const struct json *j = NULL;

		if (replies[i] && reply_well(replies[i]))
			j = json_first(json_get(replies[i]->json, "value"));
		for (; j; j = json_next(j)) {
			ARENA_GROW(a, audit->changes, audit->nchanges, audit->changes_cap);
			audit->changes[audit->nchanges++] = event_of(a, j);
		}
	}
}

enum read_rc read_audit(struct facts *f, const struct wanted *w, struct io *io)
{
	struct audit *audit = &f->audit;
	struct str path = { 0 };
	const struct reply *r, *changes[COUNT_OF(change_activities)];
	char time[TIME_TEXT];
	bool all;

	if (!f->has_audit) {
		source_set(f, AREA_AUDIT, SOURCE_ABSENT, "the cloud %s has no audit log API",
			   f->cloud);
		return READ_DONE;
	}
	/* Set once: the path must stay the same while "now" goes on. */
	if (!audit->since_ms)
		audit->since_ms = w->audit_since_ms
				  ? w->audit_since_ms
				  : (f->now_ms / DAY_MS - WINDOW_DAYS) * DAY_MS;
	str_addf(&path, "/v1.0/auditLogs/directoryAudits?$filter=loggedByService%%20eq%%20"
		 "%%27Self-service%%20Password%%20Management%%27%%20and%%20"
		 "activityDateTime%%20ge%%20%s&$orderby=activityDateTime%%20desc&$top=1000",
		 time_format(audit->since_ms, time));
	r = io_scan(io, str_text(&path), 0, fold_events, f);
	all = ask_changes(w, io, changes) && r;
	if (all)
		take_changes(f, changes);
	if (all && source_note(f, AREA_AUDIT, str_text(&path), r))
		audit->flows = count_flows(audit);
	str_release(&path);
	return all ? READ_DONE : READ_AGAIN;
}

static size_t count_of(const struct json *row, const char *key)
{
	int64_t n = json_int(row, key, 0);

	return n > 0 ? (size_t)n : 0;
}

static bool fold_days(void *acc, const struct json *value)
{
	struct facts *f = acc;
	struct reset_days *d = &f->reset_days;

	for (const struct json *j = json_first(value); j && d->n < RESET_DAYS_MAX;
	     j = json_next(j)) {
		ARENA_GROW(&f->area_arena[AREA_RESETS], d->v, d->n, d->cap);
		d->v[d->n++] = (struct reset_day){
			.day_ms = time_of(j, "aggregatedDateTime"),
			.by_people = count_of(j, "passwordResetsSelfServiceCount"),
			.by_admins = count_of(j, "passwordResetsByAdminCount"),
			.changes = count_of(j, "changePasswordSelfServiceCount"),
		};
	}
	return d->n < RESET_DAYS_MAX;
}

enum read_rc read_resets(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *r;

	if (w->beta != TRI_YES) {
		source_set(f, AREA_RESETS, SOURCE_SKIPPED,
			   "only Microsoft's beta interface tells them (--beta)");
		return READ_DONE;
	}
	r = io_scan(io, RESETS_PATH, 0, fold_days, f);
	if (!r)
		return READ_AGAIN;
	source_note(f, AREA_RESETS, RESETS_PATH, r);
	return READ_DONE;
}
