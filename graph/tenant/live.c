/* A person who resets the password while somebody watches: the events of facts
 * graph.md 8.4, one a call. */
#include "graph/tenant/internal.h"

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define SSPR_SERVICE "Self-service Password Management"

static const char *const words[] = {
	"User submitted their user ID",
	"User was presented with verification options",
	"User started the mobile SMS verification option",
	"User completed the mobile SMS verification option",
	"User submitted a new password",
	"User successfully reset password",
};

static void add_detail(struct json *event, const char *value)
{
	struct json *detail = json_append(json_get_mutable(event, "additionalDetails"),
					  json_new_object());

	json_add_string(detail, "key", "OnPremisesAgent");
	json_add_string(detail, "value", value);
}

/* Synced people are written back while the switch is on, and refused while it is
 * off. */
static const char *writeback_of(struct tenant *t, const struct json *user, bool *ret_refused)
{
	bool synced = json_bool(user, "onPremisesSyncEnabled", false);
	bool on = json_bool(json_get(t->state, "onPremisesSspr"), "passwordWritebackSupported",
			    false);

	*ret_refused = synced && !on;
	return synced && on ? "Microsoft Entra Connect" : "None";
}

bool tenant_reset_step(struct tenant *t, const char *user, unsigned step,
		       const char *correlation)
{
	bool last = step >= COUNT_OF(words), refused = false;
	const char *agent, *id, *upn;
	struct odata_item item = { 0 };
	struct json *event, *who, *target;

	if (!user_find(t, user, &item))
		return false;
	id = json_string(item.object, "id");
	upn = json_string(item.object, "userPrincipalName");
	agent = writeback_of(t, item.object, &refused);
	/* A password that cannot be written back ends the attempt early. */
	last = last || (refused && step > 0);
	event = audit_event(t, SSPR_SERVICE, "UserManagement",
			    last ? "Reset password (self-service)"
				 : "Self-service password reset flow activity progress",
			    "User", id, json_string(item.object, "displayName"));
	who = json_get_mutable(json_get_mutable(event, "initiatedBy"), "user");
	target = json_first_mutable(json_get_mutable(event, "targetResources"));
	json_set_string(who, "id", id);
	json_set_string(who, "userPrincipalName", upn);
	json_set_string(target, "userPrincipalName", upn);
	json_set_string(event, "correlationId", correlation);
	json_set_string(event, "result", last && refused ? "failure" : "success");
	json_set_string(event, "resultReason", !last ? words[step] : refused
			? "User's password is managed on-premises. You can enable Password "
			  "Writeback to resolve this" : "Successfully completed reset.");
	add_detail(event, last ? agent : "None");
	audit_add(t, event);
	json_free(item.made);
	return !last;
}
