/* Reader of the admin centre's own API, which tells the settings that no official
 * one does (facts portal-api.md 1.2 and 1.3). Only where it was switched on. */
#include "checks/check.h"
#include "checks/read_area.h"
#include "checks/wanted.h"
#include "graph/base/str.h"
#include "graph/portal.h"

static const char *switch_of(const struct json *j, const char *member)
{
	enum tri value = tri_of(j, member);

	return value == TRI_UNKNOWN ? NULL : value == TRI_YES ? "on" : "off";
}

static const char *whole_text(struct arena *a, const struct json *j)
{
	struct str text = { 0 };
	const char *ret;

	json_print(j, &text);
	ret = arena_strdup(a, str_text(&text));
	str_release(&text);
	return ret;
}

/* "none", or where people are sent. */
static const char *helpdesk_of(struct arena *a, const struct json *j)
{
	enum tri on = tri_of(j, "customizeHelpdeskLink");
	const char *to = json_string(j, "customHelpdeskEmailOrUrl");

	if (on == TRI_UNKNOWN)
		return NULL;
	return on == TRI_YES && to && *to ? arena_strdup(a, to) : HELPDESK_NONE;
}

static void take_policy(struct facts *f, const struct json *j)
{
	struct arena *a = &f->area_arena[AREA_PORTAL];
	struct portal_facts *p = &f->portal;
	int64_t scope = json_int(j, "enablementType", -1);
	int64_t methods = json_int(j, "numberOfAuthenticationMethodsRequired", 0);
	/* The misspelt name is the service's own. */
	int64_t days = json_int(j, "registrationReconfirmIntevalInDays", -1);
	const struct json *group = json_first(json_get(j, "passwordResetEnabledGroupIds"));

	p->policy_json = whole_text(a, j);
	if (scope >= 0 && scope <= 2)
		p->scope = scope_name(scope == 0 ? SCOPE_NONE :
				      scope == 1 ? SCOPE_SELECTED : SCOPE_ALL);
	if (scope == 1 && json_text(group))
		p->group_id = arena_strdup(a, json_text(group));
	if (methods == 1 || methods == 2)
		p->methods_required = methods == 1 ? "1" : "2";
	p->notify_users = switch_of(j, "notifyUsersOnPasswordReset");
	p->notify_admins = switch_of(j, "notifyOnAdminPasswordReset");
	p->registration_required = switch_of(j, "registrationRequiredOnSignIn");
	if (days >= 0 && days <= RECONFIRM_DAYS_MAX)
		p->reconfirm_days = arena_printf(a, "%d", (int)days);
	p->helpdesk = helpdesk_of(a, j);
}

enum read_rc read_portal(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *policy, *on_premises;

	(void)w;
	if (!f->has_portal) {
		source_set(f, AREA_PORTAL, SOURCE_SKIPPED,
			   "the admin centre's own API is not switched on");
		return READ_DONE;
	}
	policy = io_get(io, portal_read_path(PORTAL_POLICY), 0);
	on_premises = io_get(io, PORTAL_ON_PREMISES, 0);
	if (!policy || !on_premises)
		return READ_AGAIN;
	if (source_note(f, AREA_PORTAL, PORTAL_POLICY, policy))
		take_policy(f, policy->json);
	/* A tenant that was never synced has no id there (portal-api.md 1.3). */
	if (reply_well(on_premises) &&
	    json_is(json_get(on_premises->json, "objectId"), JSON_STRING)) {
		f->portal.on_premises_json = whole_text(&f->area_arena[AREA_PORTAL],
							on_premises->json);
		f->portal.writeback = switch_of(on_premises->json, "passwordWritebackSupported");
		f->portal.unlock = switch_of(on_premises->json, "accountUnlockEnabled");
	}
	return READ_DONE;
}
