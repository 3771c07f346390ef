#include "graph/portal.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* Members that are never changed here: legacy method flags and security questions
 * (facts portal-api.md 1.5, 4). */
static const char *const untouched[] = {
	"objectId", "emailOptionEnabled", "mobilePhoneOptionEnabled",
	"officePhoneOptionEnabled", "securityQuestionsOptionEnabled",
	"mobileAppNotificationEnabled", "mobileAppCodeEnabled", "numberOfQuestionsToRegister",
	"numberOfQuestionsToReset", "securityQuestions",
};

/* Members without which a policy was not read whole (facts portal-api.md 1.2). */
static const char *const needed[] = {
	"enablementType", "numberOfAuthenticationMethodsRequired",
	"registrationRequiredOnSignIn", "registrationReconfirmIntevalInDays",
	"notifyUsersOnPasswordReset", "notifyOnAdminPasswordReset",
	"passwordResetEnabledGroupIds", "securityQuestions", "emailOptionEnabled",
	"mobilePhoneOptionEnabled",
};

bool portal_is_path(const char *path)
{
	return str_starts(path, PORTAL_PATH);
}

const char *portal_read_path(const char *path)
{
	return str_same(path, PORTAL_POLICY)
	       ? PORTAL_POLICY "?getPasswordResetEnabledGroup=true" : path;
}

void portal_headers(struct headers *h, const char *request_id)
{
	headers_add(h, "X-Ms-Client-Request-Id", request_id);
	headers_add(h, "X-Requested-With", "XMLHttpRequest");
}

static enum err_kind kind_of(int status, const char *message)
{
	/* An expired token comes back as 400 with the words of the login. */
	if (status == 401 || (status == 400 && str_find_nocase(message, "AADSTS")))
		return ERR_AUTH;
	if (status == 403)
		return ERR_FORBIDDEN;
	if (status == 404)
		return ERR_NOT_FOUND;
	return status == 429 ? ERR_THROTTLED : ERR_HTTP;
}

void portal_error(struct err *err, const char *what, int status, const struct json *json)
{
	const char *message = json_string(json, "Message");
	const char *code = json_string(json_get(json, "ClientData"), "errorCode");
	const char *id = json_string(json, "XMsServerRequestId");
	enum err_kind kind;

	if (!message)
		message = json_string(json, "message");
	if (!message || !*message)
		message = "the admin centre's own API gave no readable reason";
	kind = kind_of(status, message);
	err_set(err, kind, status, "%s: %.*s (%d%s%s)", what,
		(int)strcspn(message, "\r\n"), message, status, code ? " " : "",
		code ? code : "");
	snprintf(err->request_id, sizeof(err->request_id), "%s", id ? id : "");
	if (kind == ERR_AUTH)
		err_todo(err, "Sign in again for the admin centre's own API, or work without "
			 "--portal-api.");
	else if (kind == ERR_FORBIDDEN)
		err_todo(err, "It needs the role Authentication Policy Administrator or Global "
			 "Administrator.");
	else
		err_todo(err, "Microsoft does not support this API; work without --portal-api and "
			 "make the change in the admin centre.");
}

static int refuse(struct err *err, const char *why)
{
	err_set(err, ERR_CONFLICT, 0, "the admin centre's own API: %s", why);
	return err_todo(err, "Nothing was written. Make the change in the admin centre.");
}

/* It is the whole policy, as far as anybody knows it. */
static int check_read(const struct json *read, struct err *err)
{
	if (!str_same(json_string(read, "objectId"), "default"))
		return refuse(err, "what was read is not the tenant's policy");
	for (size_t i = 0; i < COUNT_OF(needed); i++)
		if (!json_has(read, needed[i]))
			return err_set(err, ERR_CONFLICT, 0, "the admin centre's own API: the "
				       "policy came without %s", needed[i]);
	return 0;
}

static int check_members(const struct json *read, const struct json *members, struct err *err)
{
	for (const struct json *j = json_first(members); j; j = json_next(j)) {
		for (size_t i = 0; i < COUNT_OF(untouched); i++)
			if (str_same(json_key(j), untouched[i]))
				return refuse(err, "legacy methods and security questions are "
					      "not changed here");
		/* A member that is not there may have another name by now. */
		if (!json_has(read, json_key(j)))
			return err_set(err, ERR_CONFLICT, 0, "the admin centre's own API: the "
				       "policy has no %s", json_key(j));
	}
	return 0;
}

static int check_sense(const struct json *policy, struct err *err)
{
	int64_t scope = json_int(policy, "enablementType", -1);
	int64_t methods = json_int(policy, "numberOfAuthenticationMethodsRequired", -1);
	int64_t days = json_int(policy, "registrationReconfirmIntevalInDays", -1);
	size_t groups = json_count(json_get(policy, "passwordResetEnabledGroupIds"));

	if (scope < 0 || scope > 2 || (scope == 1 && groups != 1))
		return refuse(err, "the scope and its group do not fit together");
	if (json_bool(policy, "customizeHelpdeskLink", false) &&
	    !*json_string_or(policy, "customHelpdeskEmailOrUrl", ""))
		return refuse(err, "the help desk link is customised and leads nowhere");
	if (methods < 1 || methods > 2 || days < 0 || days > 730)
		return refuse(err, "a number is out of its range");
	return 0;
}

/* The on-premises switch is sent alone, in the writer's spelling (facts
 * portal-api.md 1.3). */
static struct json *on_premises_body(const struct json *read, const struct json *members,
				     struct err *err)
{
	const struct json *one = json_first(members);
	struct json *body;

	if (!json_is(json_get(read, "objectId"), JSON_STRING)) {
		refuse(err, "this tenant has no on-premises integration");
		return NULL;
	}
	if (json_count(members) != 1 || !json_is(one, JSON_BOOL) ||
	    !json_has(read, json_key(one))) {
		refuse(err, "one switch is written at a time");
		return NULL;
	}
	body = json_new_object();
	json_add_bool(body, str_same(json_key(one), "passwordWritebackSupported")
		      ? "passwordWriteBackSupported" : json_key(one), json_truth(one));
	return body;
}

struct json *portal_body(const char *path, const struct json *read, const struct json *members,
			 struct err *err)
{
	struct json *body;

	if (str_starts(path, PORTAL_ON_PREMISES))
		return on_premises_body(read, members, err);
	if (check_read(read, err) < 0 || check_members(read, members, err) < 0)
		return NULL;
	body = json_clone(read);
	for (const struct json *j = json_first(members); j; j = json_next(j))
		json_set(body, json_key(j), json_clone(j));
	if (check_sense(body, err) < 0) {
		json_free(body);
		return NULL;
	}
	return body;
}

struct json *portal_expected(const char *path, const struct json *sent,
			     const struct json *members)
{
	return json_clone(str_starts(path, PORTAL_ON_PREMISES) ? members : sent);
}

bool portal_may(bool on, const struct cloud *c, const struct token_source *tokens,
		struct err *err)
{
	if (!on) {
		err_set(err, ERR_INVALID, 0, "the admin centre's own API is not switched on");
		err_todo(err, "--portal-api switches it on; Microsoft does not support it.");
	} else if (!c->portal || !*c->portal) {
		err_set(err, ERR_NOT_FOUND, 0, "this cloud has no such API that is known");
		err_todo(err, "Work without --portal-api.");
	} else if (!tokens) {
		err_set(err, ERR_AUTH, 0, "the admin centre's own API needs a sign-in of its "
			"own, and there is none");
		err_todo(err, "Work without --portal-api: the wizard guides you through the "
			 "admin centre.");
	} else {
		return true;
	}
	return false;
}
