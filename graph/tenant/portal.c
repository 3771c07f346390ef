#include "graph/tenant/internal.h"

#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

#define SSPR_SERVICE "Self-service Password Management"

/* Settings that only the admin centre has, by the words of tenant.h and the
 * portal's own field (facts portal-api.md 1.2, 1.3). */
enum portal_kind { PORTAL_SWITCH, PORTAL_NUMBER, PORTAL_SCOPE, PORTAL_WRITEBACK,
		   PORTAL_HELPDESK };
static const struct portal_field {
	const char *setting, *policy, *field;
	enum portal_kind kind;
	int least, most;
} fields[] = {
	{ "scope", "sspr", "enablementType", PORTAL_SCOPE, 0, 0 },
	{ "methodsRequired", "sspr", "numberOfAuthenticationMethodsRequired", PORTAL_NUMBER, 1, 2 },
	{ "notifyUsers", "sspr", "notifyUsersOnPasswordReset", PORTAL_SWITCH, 0, 0 },
	{ "notifyAdmins", "sspr", "notifyOnAdminPasswordReset", PORTAL_SWITCH, 0, 0 },
	{ "registrationRequired", "sspr", "registrationRequiredOnSignIn", PORTAL_SWITCH, 0, 0 },
	{ "reconfirmDays", "sspr", "registrationReconfirmIntevalInDays", PORTAL_NUMBER, 0, 730 },
	{ "questions", "sspr", "securityQuestionsOptionEnabled", PORTAL_SWITCH, 0, 0 },
	{ "helpdesk", "sspr", "customHelpdeskEmailOrUrl", PORTAL_HELPDESK, 0, 0 },
	{ "unlock", "onPremisesSspr", "accountUnlockEnabled", PORTAL_SWITCH, 0, 0 },
	{ "writeback", "onPremisesSspr", "passwordWritebackSupported", PORTAL_WRITEBACK, 0, 0 },
};

struct json *portal_change_event(struct tenant *t)
{
	return audit_event(t, SSPR_SERVICE, "DirectoryManagement",
			   "Self-service password reset policy changes", "Policy", NULL,
			   "Password reset policy");
}

void portal_change(struct json *event, struct json *policy, const char *field,
		   struct json *take)
{
	struct json *target = json_first_mutable(json_get_mutable(event, "targetResources"));
	struct json *list = json_get_mutable(target, "modifiedProperties"), *one;
	struct str old_text = { 0 }, new_text = { 0 };

	json_print(json_get(policy, field), &old_text);
	json_print(take, &new_text);
	one = json_append(list, json_new_object());
	json_add_string(one, "displayName", field);
	json_add_string(one, "oldValue", str_text(&old_text));
	json_add_string(one, "newValue", str_text(&new_text));
	str_release(&old_text);
	str_release(&new_text);
	json_set(policy, field, take);
}

static bool switch_value(const char *value, bool *ret)
{
	static const char *const yes[] = { "on", "true", "yes", "enabled" };
	static const char *const no[] = { "off", "false", "no", "disabled" };

	for (size_t i = 0; i < COUNT_OF(yes); i++) {
		if (str_same_nocase(value, yes[i]) || str_same_nocase(value, no[i])) {
			*ret = str_same_nocase(value, yes[i]);
			return true;
		}
	}
	return false;
}

static const struct json *find_group(struct tenant *t, const char *name)
{
	const struct json *g = json_first(json_get(t->state, "groups"));

	for (; g; g = json_next(g))
		if (str_same_nocase(json_string(g, "id"), name) ||
		    str_same_nocase(json_string(g, "displayName"), name))
			return g;
	return NULL;
}

/* "None", "All", or a group: its id or name, "Selected:" in front or not. */
static int set_scope(struct tenant *t, struct json *policy, const char *value, struct err *err)
{
	const struct json *group = NULL;
	struct json *ids = json_new_array(), *event;
	int scope = str_same_nocase(value, "None") ? 0 : str_same_nocase(value, "All") ? 2 : 1;

	if (scope == 1) {
		group = find_group(t, str_starts(value, "Selected:") ? strchr(value, ':') + 1
								     : value);
		if (!group) {
			json_free(ids);
			return err_set(err, ERR_INVALID, 0,
				       "the tenant has no group \"%s\" to select", value);
		}
		json_append_string(ids, json_string(group, "id"));
	}
	event = portal_change_event(t);
	portal_change(event, policy, "enablementType", json_new_number(scope));
	portal_change(event, policy, "passwordResetEnabledGroupIds", ids);
	json_set_string(policy, "passwordResetEnabledGroupName",
			group ? json_string(group, "displayName") : "");
	audit_add(t, event);
	return 0;
}

/* The switch exists only where Connect has brought the tenant on premises. */
static int set_writeback(struct tenant *t, struct json *policy, bool on, struct err *err)
{
	struct json *event;

	if (!json_is(json_get(policy, "objectId"), JSON_STRING))
		return err_set(err, ERR_INVALID, 0,
			       "the tenant is not synchronised, so it has no writeback");
	event = portal_change_event(t);
	portal_change(event, policy, "passwordWritebackSupported", json_new_bool(on));
	portal_change(event, policy, "enablementForTenant", json_new_bool(on));
	audit_add(t, event);
	audit_add(t, audit_event(t, SSPR_SERVICE, "DirectoryManagement",
				 on ? "Enable password writeback for directory"
				    : "Disable password writeback for directory",
				 "Directory", json_string(t->state, "tenantId"), NULL));
	return 0;
}

static int set_number(struct tenant *t, struct json *policy, const struct portal_field *f,
		      const char *value, struct err *err)
{
	int number = 0;
	const char *p = value;
	struct json *event;

	for (; *p >= '0' && *p <= '9' && number <= f->most; p++)
		number = number * 10 + (*p - '0');
	if (p == value || *p || number < f->least || number > f->most)
		return err_set(err, ERR_INVALID, 0, "%s takes %d to %d, not \"%s\"", f->setting,
			       f->least, f->most, value);
	event = portal_change_event(t);
	portal_change(event, policy, f->field, json_new_number(number));
	audit_add(t, event);
	return 0;
}

/* "none" switches the customised link off; its address stays. */
static void set_helpdesk(struct tenant *t, struct json *policy, const char *value)
{
	bool on = !str_same(value, "none");
	struct json *event = portal_change_event(t);

	portal_change(event, policy, "customizeHelpdeskLink", json_new_bool(on));
	if (on)
		portal_change(event, policy, "customHelpdeskEmailOrUrl", json_new_string(value));
	audit_add(t, event);
}

int tenant_portal_set(struct tenant *t, const char *setting, const char *value, struct err *err)
{
	const struct portal_field *f = NULL;
	struct json *policy, *event;
	bool on;

	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (str_same(fields[i].setting, setting))
			f = &fields[i];
	if (!f)
		return err_set(err, ERR_INVALID, 0, "the admin centre has no setting \"%s\"",
			       setting);
	policy = json_get_mutable(t->state, f->policy);
	if (f->kind == PORTAL_SCOPE)
		return set_scope(t, policy, value, err);
	if (f->kind == PORTAL_NUMBER)
		return set_number(t, policy, f, value, err);
	if (f->kind == PORTAL_HELPDESK) {
		set_helpdesk(t, policy, value);
		return 0;
	}
	if (!switch_value(value, &on))
		return err_set(err, ERR_INVALID, 0, "%s takes on or off, not \"%s\"", setting,
			       value);
	if (f->kind == PORTAL_WRITEBACK)
		return set_writeback(t, policy, on, err);
	event = portal_change_event(t);
	portal_change(event, policy, f->field, json_new_bool(on));
	audit_add(t, event);
	return 0;
}
