#include "graph/tenant/policy_body.h"

#include <string.h>

#define FAMILY "#microsoft.graph."

static const char *const on_off[] = { "enabled", "disabled", NULL };
static const char *const on_off_default[] = { "default", "enabled", "disabled", NULL };
static const char *const target_types[] = { "group", "user", NULL };
static const char *const modes[] = { "any", "push", "deviceBasedPush", NULL };

/* Tables of properties, types of the published metadata (facts graph.md 5.1). */
#define COMMON								\
	{ "@odata.type", JSON_STRING, false, NULL },			\
	{ "id", JSON_STRING, false, NULL },				\
	{ "state", JSON_STRING, false, on_off },			\
	{ "includeTargets", JSON_ARRAY, false, NULL },			\
	{ "excludeTargets", JSON_ARRAY, false, NULL }
#define END { NULL, JSON_NULL, false, NULL }

static const struct body_field common_fields[] = { COMMON, END };
static const struct body_field authenticator_fields[] = {
	COMMON, { "isSoftwareOathEnabled", JSON_BOOL, true, NULL },
	{ "featureSettings", JSON_OBJECT, true, NULL }, END,
};
static const struct body_field email_fields[] = {
	COMMON, { "allowExternalIdToUseEmailOtp", JSON_STRING, true, on_off_default }, END,
};
static const struct body_field voice_fields[] = {
	COMMON, { "isOfficePhoneAllowed", JSON_BOOL, true, NULL }, END,
};
static const struct body_field fido2_fields[] = {
	COMMON, { "isSelfServiceRegistrationAllowed", JSON_BOOL, true, NULL },
	{ "isAttestationEnforced", JSON_BOOL, true, NULL },
	{ "keyRestrictions", JSON_OBJECT, true, NULL },
	{ "defaultPasskeyProfile", JSON_STRING, true, NULL },
	{ "passkeyProfiles", JSON_ARRAY, false, NULL }, END,
};
static const struct body_field pass_fields[] = {
	COMMON, { "defaultLength", JSON_NUMBER, true, NULL },
	{ "defaultLifetimeInMinutes", JSON_NUMBER, true, NULL },
	{ "isUsableOnce", JSON_BOOL, true, NULL },
	{ "maximumLifetimeInMinutes", JSON_NUMBER, true, NULL },
	{ "minimumLifetimeInMinutes", JSON_NUMBER, true, NULL }, END,
};

#define TARGET								\
	{ "@odata.type", JSON_STRING, false, NULL },			\
	{ "id", JSON_STRING, false, NULL },				\
	{ "targetType", JSON_STRING, false, target_types }
#define INCLUDE TARGET, { "isRegistrationRequired", JSON_BOOL, false, NULL }

static const struct body_field exclude_fields[] = { TARGET, END };
static const struct body_field include_fields[] = { INCLUDE, END };
static const struct body_field include_app_fields[] = {
	INCLUDE, { "authenticationMode", JSON_STRING, false, modes }, END,
};
static const struct body_field include_sms_fields[] = {
	INCLUDE, { "isUsableForSignIn", JSON_BOOL, false, NULL }, END,
};
static const struct body_field include_passkey_fields[] = {
	INCLUDE, { "allowedPasskeyProfiles", JSON_ARRAY, false, NULL }, END,
};
static const struct body_field campaign_target_fields[] = {
	TARGET, { "targetedAuthenticationMethod", JSON_STRING, true, NULL }, END,
};

static const struct {
	const char *id;
	const struct body_field *fields, *include;
	const char *target_type;
} methods[] = {
	{ "MicrosoftAuthenticator", authenticator_fields, include_app_fields,
	  "microsoftAuthenticatorAuthenticationMethodTarget" },
	{ "Sms", common_fields, include_sms_fields, "smsAuthenticationMethodTarget" },
	{ "Email", email_fields, include_fields, "authenticationMethodTarget" },
	{ "Voice", voice_fields, include_fields, "authenticationMethodTarget" },
	{ "Fido2", fido2_fields, include_passkey_fields, "passkeyAuthenticationMethodTarget" },
	{ "TemporaryAccessPass", pass_fields, include_fields, "authenticationMethodTarget" },
	{ NULL, common_fields, include_fields, "authenticationMethodTarget" },
};

static const struct body_field *field_find(const struct body_field *fields, const char *name)
{
	for (; fields->name; fields++)
		if (str_same(fields->name, name))
			return fields;
	return NULL;
}

static bool one_of(const char *text, const char *const *values)
{
	for (; *values; values++)
		if (str_same(*values, text))
			return true;
	return false;
}

static bool refuse_value(struct str *why, const char *property)
{
	str_addf(why, "Invalid value specified for property '%s' of resource.", property);
	return false;
}

bool body_check(const struct json *body, const struct body_field *fields, const char *type,
		struct str *why)
{
	if (!json_is(body, JSON_OBJECT)) {
		str_add(why, "Empty Payload. JSON content expected.");
		return false;
	}
	for (const struct json *j = json_first(body); j; j = json_next(j)) {
		const struct body_field *f = field_find(fields, json_key(j));

		if (!f) {
			str_addf(why, "The property '%s' does not exist on type "
				 "'microsoft.graph.%s'. Make sure to only use property names "
				 "that are defined by the type.", json_key(j), type);
			return false;
		}
		if (json_is(j, JSON_NULL) && f->nullable)
			continue;
		if (!json_is(j, f->type) || (f->values && !one_of(json_text(j), f->values)))
			return refuse_value(why, f->name);
	}
	return true;
}

static bool has_target(const struct json *targets, const char *id)
{
	for (const struct json *j = json_first(targets); j; j = json_next(j))
		if (str_same_nocase(json_string(j, "id"), id))
			return true;
	return false;
}

/* Groups must exist. People can no longer be targeted, but those who were stay
 * (facts graph.md 5.2). */
static bool check_target_id(struct tenant *t, const struct json *target,
			    const struct json *before, bool include, struct str *why)
{
	const char *id = json_string(target, "id");

	if (!id || !json_string(target, "targetType"))
		return refuse_value(why, include ? "includeTargets" : "excludeTargets");
	if (include && str_same(id, "all_users"))
		return true;
	if (str_same(json_string(target, "targetType"), "user")) {
		if (has_target(before, id))
			return true;
		str_add(why, "Targeting individual users is not supported. Target a group.");
		return false;
	}
	if (state_find(t, "groups", id))
		return true;
	str_addf(why, "The group '%s' that the policy targets was not found.", id);
	return false;
}

static bool check_targets(struct tenant *t, const struct json *targets,
			  const struct json *before, const struct body_field *fields,
			  const char *type, bool include, struct str *why)
{
	for (const struct json *j = json_first(targets); j; j = json_next(j)) {
		const char *given = json_string(j, "@odata.type");

		if (!body_check(j, fields, type, why))
			return false;
		if (given && (!str_starts(given, FAMILY) ||
			      !str_same(given + strlen(FAMILY), type)))
			return refuse_value(why, "@odata.type");
		if (!check_target_id(t, j, before, include, why))
			return false;
	}
	return true;
}

static bool check_state(const struct json *body, const struct json *current, struct str *why)
{
	const char *state = json_string_or(body, "state", json_string_or(current, "state", ""));
	const struct json *targets = json_get(body, "includeTargets");
	const char *external = json_string(body, "allowExternalIdToUseEmailOtp");

	if (!targets)
		targets = json_get(current, "includeTargets");
	if (str_same(state, "enabled") && !json_count(targets)) {
		str_add(why, "An enabled authentication method needs at least one target.");
		return false;
	}
	if (!external)
		external = json_string(current, "allowExternalIdToUseEmailOtp");
	if (str_same(state, "disabled") && str_same(external, "enabled")) {
		str_add(why, "The authentication method can't be disabled while external users "
			"may use email one-time passcode.");
		return false;
	}
	return true;
}

/* The value that will hold: of the body, else the one that is there. */
static double coming(const struct json *body, const struct json *current, const char *key)
{
	return json_number(json_is(json_get(body, key), JSON_NUMBER) ? body : current, key, 0);
}

/* A pass has 8 to 48 characters and lives 10 minutes to 30 days, by default within
 * what may be chosen (facts graph.md 5.3). */
static bool check_pass(const struct json *body, const struct json *current, struct str *why)
{
	double length = coming(body, current, "defaultLength");
	double least = coming(body, current, "minimumLifetimeInMinutes");
	double most = coming(body, current, "maximumLifetimeInMinutes");
	double usual = coming(body, current, "defaultLifetimeInMinutes");

	if (length < 8 || length > 48)
		return refuse_value(why, "defaultLength");
	if (least < 10 || least > most)
		return refuse_value(why, "minimumLifetimeInMinutes");
	if (most > 43200)
		return refuse_value(why, "maximumLifetimeInMinutes");
	if (usual < least || usual > most)
		return refuse_value(why, "defaultLifetimeInMinutes");
	return true;
}

bool body_check_method(struct tenant *t, const struct json *body, const struct json *current,
		       bool beta, struct str *why)
{
	const char *id = json_string_or(current, "id", "");
	const char *type = json_string_or(current, "@odata.type", FAMILY);
	size_t m = 0;

	(void)beta;
	while (methods[m].id && !str_same(methods[m].id, id))
		m++;
	if (!str_same(json_string(body, "@odata.type"), type)) {
		str_addf(why, "A type named '%s' is not valid here. The resource is a '%s'.",
			 json_string_or(body, "@odata.type", ""), type);
		return false;
	}
	if (!body_check(body, methods[m].fields, type + strlen(FAMILY), why))
		return false;
	if (json_has(body, "id") && !str_same_nocase(json_string(body, "id"), id))
		return refuse_value(why, "id");
	return check_targets(t, json_get(body, "includeTargets"),
			     json_get(current, "includeTargets"), methods[m].include,
			     methods[m].target_type, true, why) &&
	       check_targets(t, json_get(body, "excludeTargets"),
			     json_get(current, "excludeTargets"), exclude_fields,
			     "excludeTarget", false, why) &&
	       (!str_same(id, "TemporaryAccessPass") || check_pass(body, current, why)) &&
	       check_state(body, current, why);
}

bool body_check_campaign(struct tenant *t, const struct json *enforcement, bool beta,
			 struct str *why)
{
	static const struct body_field outer[] = {
		{ "@odata.type", JSON_STRING, false, NULL },
		{ "authenticationMethodsRegistrationCampaign", JSON_OBJECT, true, NULL }, END,
	};
	/* The third member is beta's only (facts graph.md 5.7). */
	static const struct body_field inner[] = {
		{ "@odata.type", JSON_STRING, false, NULL },
		{ "snoozeDurationInDays", JSON_NUMBER, false, NULL },
		{ "enforceRegistrationAfterAllowedSnoozes", JSON_BOOL, false, NULL },
		{ "state", JSON_STRING, false, on_off_default },
		{ "includeTargets", JSON_ARRAY, false, NULL },
		{ "excludeTargets", JSON_ARRAY, false, NULL }, END,
	};
	const struct json *c;
	double days;

	if (!body_check(enforcement, outer, "registrationEnforcement", why))
		return false;
	c = json_get(enforcement, "authenticationMethodsRegistrationCampaign");
	if (json_is(c, JSON_NULL))
		return true;
	if (!body_check(c, inner, "authenticationMethodsRegistrationCampaign", why))
		return false;
	if (!beta && json_has(c, "enforceRegistrationAfterAllowedSnoozes")) {
		str_add(why, "The property 'enforceRegistrationAfterAllowedSnoozes' does not "
			"exist on type 'microsoft.graph.authenticationMethodsRegistrationCampaign'"
			". Make sure to only use property names that are defined by the type.");
		return false;
	}
	days = json_number(c, "snoozeDurationInDays", 1);
	if (days < 0 || days > 14 || days != (int)days)
		return refuse_value(why, "snoozeDurationInDays");
	return check_targets(t, json_get(c, "includeTargets"), NULL, campaign_target_fields,
			     "authenticationMethodsRegistrationCampaignIncludeTarget", true,
			     why) &&
	       check_targets(t, json_get(c, "excludeTargets"), NULL, exclude_fields,
			     "excludeTarget", false, why);
}

void body_apply(struct json *target, const struct json *body)
{
	for (const struct json *j = json_first(body); j; j = json_next(j)) {
		const char *key = json_key(j);

		if (!strchr(key, '@') && !str_same(key, "id"))
			json_set(target, key, json_clone(j));
	}
}
