#include "graph/tenant/people.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define MINUTE_MS ((int64_t)60 * 1000)

const char *const method_names[HAS_COUNT] = {
	[HAS_PUSH] = "microsoftAuthenticatorPush",
	[HAS_CODE] = "softwareOneTimePasscode",
	[HAS_PHONE] = "mobilePhone",
	[HAS_OFFICE_PHONE] = "officePhone",
	[HAS_EMAIL] = "email",
	[HAS_QUESTION] = "securityQuestion",
	[HAS_FIDO2] = "fido2SecurityKey",
	[HAS_HELLO] = "windowsHelloForBusiness",
	[HAS_PASSWORDLESS] = "microsoftAuthenticatorPasswordless",
	[HAS_OTHER_PHONE] = "alternateMobilePhone",
};

/* Ids as in facts graph.md 1.2; the plans are those that matter to SSPR and a
 * few that make a licence look like one. */
#define PLAN_P1	      { "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM", "AADPremiumService" }
#define PLAN_SMB      { "de377cbc-0019-4ec2-b77c-3f223947e102", "AAD_SMB", "AADPremiumService" }
#define PLAN_MFA      { "8a256a2b-b617-496d-b51b-e76466e88db0", "MFA_PREMIUM", \
			"MultiFactorService" }
#define PLAN_EXCHANGE { "efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE", \
			"exchange" }
#define PLAN_TEAMS    { "57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1", "TeamspaceAPI" }

static const struct licence_plan plans_e3[] = {
	PLAN_P1, PLAN_MFA, PLAN_EXCHANGE, PLAN_TEAMS, { NULL, NULL, NULL },
};
static const struct licence_plan plans_f3[] = {
	PLAN_P1, PLAN_MFA, PLAN_TEAMS, { NULL, NULL, NULL },
};
static const struct licence_plan plans_business[] = {
	PLAN_P1, PLAN_SMB, PLAN_MFA, PLAN_TEAMS, { NULL, NULL, NULL },
};
static const struct licence_plan plans_room[] = {
	PLAN_P1, PLAN_TEAMS, { NULL, NULL, NULL },
};
static const struct licence_plan plans_e1[] = {
	PLAN_EXCHANGE, PLAN_TEAMS, { NULL, NULL, NULL },
};

const struct licence_kind licence_kinds[LICENCE_COUNT] = {
	[LICENCE_E3] = { "SPE_E3", "05e9a617-0261-4cee-bb44-138d3ef5d965", plans_e3 },
	[LICENCE_F3] = { "SPE_F1", "66b55226-6b4f-492c-910c-a3b7a3c9d993", plans_f3 },
	[LICENCE_BUSINESS_PREMIUM] = { "SPB", "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
				       plans_business },
	[LICENCE_ROOM] = { "Microsoft_Teams_Rooms_Pro",
			   "4cde982a-ede4-4409-9ae6-b003453c8ea6", plans_room },
	[LICENCE_E1] = { "STANDARDPACK", "18181a46-0d4e-45cd-891e-60aabd171b4e", plans_e1 },
};

/* The finalizer of splitmix64: spreads small numbers over all bits. */
static uint64_t spread(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

const char *fixed_id(enum id_kind kind, uint32_t number, char out[GUID_TEXT])
{
	uint64_t a = spread((uint64_t)kind << 32 | number), b = spread(a);

	snprintf(out, GUID_TEXT, "%08x-%04x-4%03x-%04x-%012llx",
		 (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
		 (unsigned)(0x8000 | (b >> 48 & 0x3fff)),
		 (unsigned long long)(b & 0xffffffffffffu));
	return out;
}

struct json *methods_list(unsigned mask)
{
	struct json *list = json_new_array();

	for (int m = 0; m < HAS_COUNT; m++)
		if (mask & METHOD_BIT(m))
			json_append_string(list, method_names[m]);
	return list;
}

unsigned methods_mask(const struct json *list)
{
	unsigned mask = 0;

	for (const struct json *j = json_first(list); j; j = json_next(j))
		for (int m = 0; m < HAS_COUNT; m++)
			if (str_same(json_text(j), method_names[m]))
				mask |= METHOD_BIT(m);
	return mask;
}

void assigned_plans_add(struct json *plans, enum licence l, const char *status,
			const char *since)
{
	const struct licence_plan *p = licence_kinds[l].plans;

	for (; p && p->id; p++) {
		struct json *plan = json_append(plans, json_new_object());

		json_add_string(plan, "assignedDateTime", since);
		json_add_string(plan, "capabilityStatus", status);
		json_add_string(plan, "service", p->service);
		json_add_string(plan, "servicePlanId", p->id);
	}
}

static void add_names(struct json *u, const struct person_spec *p, const char *domain)
{
	const char *space = strchr(p->name, ' ');
	char *given = space ? xstrndup(p->name, (size_t)(space - p->name)) : xstrdup(p->name);
	char *upn, *mail;

	if (p->flags & PERSON_GUEST) {
		upn = xasprintf("%s_fabrikam.example#EXT#@%s", p->alias, domain);
		mail = xasprintf("%s@fabrikam.example", p->alias);
	} else {
		upn = xasprintf("%s@%s", p->alias, domain);
		mail = xstrdup(upn);
	}
	json_add_string(u, "displayName", p->name);
	json_add_string(u, "givenName", given);
	json_add_string(u, "surname", space ? space + 1 : NULL);
	json_add_string(u, "userPrincipalName", upn);
	json_add_string(u, "mail", mail);
	json_add_string(u, "mailNickname", p->alias);
	json_append_string(json_add_array(u, "proxyAddresses"), mail);
	json_add_array(u, "otherMails");
	json_add_string(u, "jobTitle", p->title);
	json_add_string(u, "department", p->department);
	free_ptr(&given);
	free_ptr(&upn);
	free_ptr(&mail);
}

/* Where the password lives decides whether a reset must be written back. */
static void add_origin(struct json *u, const struct person_spec *p, const char *domain,
		       int64_t now_ms)
{
	char when[TIME_TEXT];
	bool synced = p->flags & PERSON_SYNCED;
	struct json *errors;
	char *dn = xasprintf("CN=%s,OU=%s,DC=ad,DC=contoso,DC=com", p->name,
			     p->department ? p->department : "People");

	if (synced) {
		json_add_bool(u, "onPremisesSyncEnabled", true);
		json_add_string(u, "onPremisesLastSyncDateTime",
				time_format(now_ms - 12 * MINUTE_MS, when));
	} else {
		json_add_null(u, "onPremisesSyncEnabled");
		json_add_null(u, "onPremisesLastSyncDateTime");
	}
	json_add_string(u, "onPremisesDomainName", synced ? domain : NULL);
	json_add_string(u, "onPremisesSamAccountName", synced ? p->alias : NULL);
	json_add_string(u, "onPremisesDistinguishedName", synced ? dn : NULL);
	json_add_string(u, "onPremisesUserPrincipalName",
			synced ? json_string(u, "userPrincipalName") : NULL);
	errors = json_add_array(u, "onPremisesProvisioningErrors");
	if (p->flags & PERSON_SYNC_ERROR) {
		struct json *e = json_append(errors, json_new_object());

		json_add_string(e, "category", "PropertyConflict");
		json_add_string(e, "occurredDateTime", time_format(now_ms - 9 * DAY_MS, when));
		json_add_string(e, "propertyCausingError", "ProxyAddress");
		json_add_string(e, "value", json_string(u, "mail"));
	}
	free_ptr(&dn);
}

struct json *person_new(const struct person_spec *p, uint32_t number, const char *domain,
			int64_t now_ms)
{
	char id[GUID_TEXT], when[TIME_TEXT];
	bool guest = p->flags & PERSON_GUEST;
	struct json *u = json_new_object(), *licences, *plans;

	json_add_string(u, "id", fixed_id(ID_USER, number, id));
	add_names(u, p, domain);
	json_add_bool(u, "accountEnabled", !(p->flags & PERSON_DISABLED));
	json_add_string(u, "userType", guest ? "Guest" : "Member");
	json_add_string(u, "creationType", guest ? "Invitation" : NULL);
	json_add_string(u, "externalUserState", guest ? "Accepted" : NULL);
	json_add_bool(u, "isResourceAccount", p->flags & PERSON_ROOM);
	json_add_null(u, "deletedDateTime");
	json_add_string(u, "usageLocation", "GB");
	json_add_string(u, "preferredLanguage", "en-GB");
	json_add_null(u, "mobilePhone");
	json_add_array(u, "businessPhones");
	json_add_string(u, "officeLocation", guest ? NULL : "London");
	json_add_string(u, "createdDateTime",
			time_format(now_ms - (200 + (int64_t)(number * 37 % 900)) * DAY_MS, when));
	json_add_string(u, "lastPasswordChangeDateTime",
			time_format(now_ms - (3 + (int64_t)(number * 11 % 80)) * DAY_MS, when));
	add_origin(u, p, domain, now_ms);
	licences = json_add_array(u, "assignedLicenses");
	plans = json_add_array(u, "assignedPlans");
	if (p->licence != LICENCE_NONE) {
		struct json *l = json_append(licences, json_new_object());

		json_add_array(l, "disabledPlans");
		json_add_string(l, "skuId", licence_kinds[p->licence].sku_id);
		assigned_plans_add(plans, p->licence, "Enabled",
				   time_format(now_ms - 190 * DAY_MS, when));
	}
	json_add(u, "_methods", methods_list(p->methods));
	if (p->flags & PERSON_STALE)
		json_add_bool(u, "_staleRow", true);
	return u;
}
