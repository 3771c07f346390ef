#include "graph/tenant/internal.h"

#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

/* With P1 or P2; Free keeps seven days (facts graph.md 8.1). */
#define RETENTION_MS ((int64_t)30 * 24 * 3600 * 1000)

static struct json *log_list(struct tenant *t, const char *name)
{
	struct json *log = json_get_mutable(t->state, "log");
	struct json *list = json_get_mutable(log, name);

	return list ? list : json_add_array(log, name);
}

void audit_add(struct tenant *t, struct json *take)
{
	char id[37], when[TIME_TEXT];

	if (!json_has(take, "id")) {
		tenant_guid(t, id);
		json_add_string(take, "id", id);
	}
	if (!json_has(take, "activityDateTime"))
		json_add_string(take, "activityDateTime",
				time_format_graph(clock_now_ms(), when));
	if (!json_has(take, "correlationId")) {
		tenant_guid(t, id);
		json_add_string(take, "correlationId", id);
	}
	json_append(log_list(t, "directoryAudits"), take);
}

struct json *audit_event(struct tenant *t, const char *service, const char *category,
			 const char *activity, const char *target_type,
			 const char *target_id, const char *target_name)
{
	const struct json *me = state_find(t, "users", json_string_or(t->state, "me", ""));
	struct json *e = json_new_object(), *by, *user, *target;

	json_add_string(e, "category", category);
	json_add_string(e, "result", "success");
	json_add_string(e, "resultReason", "");
	json_add_string(e, "activityDisplayName", activity);
	json_add_string(e, "loggedByService", service);
	json_add_string(e, "operationType", "Update");
	by = json_add_object(e, "initiatedBy");
	json_add_null(by, "app");
	user = json_add_object(by, "user");
	json_add_string(user, "id", json_string(me, "id"));
	json_add_string(user, "displayName", json_string(me, "displayName"));
	json_add_string(user, "userPrincipalName", json_string(me, "userPrincipalName"));
	json_add_string(user, "ipAddress", "203.0.113.20");
	target = json_append(json_add_array(e, "targetResources"), json_new_object());
	json_add_string(target, "id", target_id);
	json_add_string(target, "displayName", target_name);
	json_add_string(target, "type", target_type);
	json_add_null(target, "userPrincipalName");
	json_add_null(target, "groupType");
	json_add_array(target, "modifiedProperties");
	json_add_array(e, "additionalDetails");
	return e;
}

/* The log is kept oldest first and given newest first, without what is past
 * its retention. The caller frees. */
static struct json *newest_first(struct tenant *t, const char *name, const char *time_key)
{
	const struct json *list = log_list(t, name), *e;
	size_t n = json_count(list), i = n;
	const struct json **v = xcalloc(n + 1, sizeof(*v));
	int64_t oldest = clock_now_ms() - RETENTION_MS, when;
	struct json *out = json_new_array();

	for (e = json_first(list); e; e = json_next(e))
		v[--i] = e;
	for (; i < n; i++)
		if (time_parse(json_string_or(v[i], time_key, ""), &when) == 0 && when >= oldest)
			json_append(out, json_clone(v[i]));
	free_ptr(&v);
	return out;
}

static void answer_log(struct tenant *t, const struct tenant_call *c, const char *name,
		       const char *type, const char *time_key, struct tenant_response *r)
{
	struct json *list = newest_first(t, name, time_key);
	const struct json *e;
	char *context = xasprintf("auditLogs/%s%s", name, c->nsegments == 4 ? "/$entity" : "");

	if (c->nsegments == 3) {
		answer_collection(t, c, list, type, context, r);
	} else {
		for (e = json_first(list); e; e = json_next(e))
			if (str_same_nocase(json_string(e, "id"), c->segments[3]))
				break;
		if (e)
			answer_object(t, c, e, type, context, r);
		else
			answer_error(r, 404, "ResourceNotFound", "The log entry was not found.");
	}
	free_ptr(&context);
	json_free(list);
}

bool handle_audit(struct tenant *t, const struct tenant_call *c, struct tenant_response *r)
{
	bool audits, sign_ins;

	if (c->nsegments < 3 || c->nsegments > 4 || !str_same(c->segments[1], "auditLogs"))
		return false;
	audits = str_same_nocase(c->segments[2], "directoryAudits");
	sign_ins = str_same_nocase(c->segments[2], "signIns");
	if (!audits && !sign_ins)
		return false;
	if (!str_same(c->method, "GET")) {
		answer_error(r, 405, "Request_BadRequest",
			     "Specified HTTP method is not allowed for the request target.");
		return true;
	}
	if (!require_scope(t, r, SCOPES("AuditLog.Read.All", "Directory.Read.All")))
		return true;
	if (audits)
		answer_log(t, c, "directoryAudits", "directoryAudit", "activityDateTime", r);
	else
		answer_log(t, c, "signIns", "signIn", "createdDateTime", r);
	return true;
}
