#include "graph/tenant/registration.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/tenant/crowd.h"
#include "graph/tenant/people.h"

#define NEST_MAX 16	/* groups in groups that are followed */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool sorted_has(const char **v, size_t n, const char *id)
{
	return n && id && bsearch(&id, v, n, sizeof(*v), by_text);
}

static const struct json *by_id(const struct json *list, const char *id)
{
	for (const struct json *j = json_first(list); j; j = json_next(j))
		if (str_same_nocase(json_string(j, "id"), id))
			return j;
	return NULL;
}

static void add_members(struct registration_basis *b, const struct json *groups, const char *id,
			int depth)
{
	const struct json *group = by_id(groups, id), *m;

	if (!group || depth > NEST_MAX)
		return;
	for (m = json_first(json_get(group, "_members")); m; m = json_next(m)) {
		const char *member = json_text(m);

		if (!member)
			continue;
		if (by_id(groups, member)) {
			add_members(b, groups, member, depth + 1);
			continue;
		}
		GROW(b->members, b->nmembers, b->members_cap);
		b->members[b->nmembers++] = member;
	}
}

/* Every role but the reading ones has the two-gate policy (facts graph.md 6.2). */
static bool reading_role(const struct json *role)
{
	static const char *const reading[] = {
		"Global Reader", "Security Reader", "Reports Reader", "Directory Readers",
	};

	for (size_t i = 0; i < COUNT_OF(reading); i++)
		if (str_same(json_string(role, "displayName"), reading[i]))
			return true;
	return false;
}

void registration_basis_read(struct registration_basis *b, const struct json *state)
{
	const struct json *sspr = json_get(state, "sspr"), *j, *m;

	*b = (struct registration_basis){
		.scope = (int)json_int(sspr, "enablementType", 0),
		.required = (int)json_int(sspr, "numberOfAuthenticationMethodsRequired", 1),
		.admins_may_reset = json_bool(json_get(state, "authorizationPolicy"),
					      "allowedToUseSSPR", false),
	};
	j = json_first(json_get(sspr, "passwordResetEnabledGroupIds"));
	for (; j; j = json_next(j))
		add_members(b, json_get(state, "groups"), json_text(j), 0);
	for (j = json_first(json_get(state, "directoryRoles")); j; j = json_next(j)) {
		if (reading_role(j))
			continue;
		for (m = json_first(json_get(j, "_members")); m; m = json_next(m)) {
			if (!json_text(m))
				continue;
			GROW(b->admins, b->nadmins, b->admins_cap);
			b->admins[b->nadmins++] = json_text(m);
		}
	}
	if (b->nmembers)
		qsort(b->members, b->nmembers, sizeof(*b->members), by_text);
	if (b->nadmins)
		qsort(b->admins, b->nadmins, sizeof(*b->admins), by_text);
}

void registration_basis_release(struct registration_basis *b)
{
	free(b->members);
	free(b->admins);
	*b = (struct registration_basis){ 0 };
}

bool registration_is_member(const struct registration_basis *b, const char *user_id)
{
	return sorted_has(b->members, b->nmembers, user_id);
}

bool registration_is_admin(const struct registration_basis *b, const char *user_id)
{
	return sorted_has(b->admins, b->nadmins, user_id);
}

/* Distinct ways to prove oneself to a reset; questions are no gate for
 * administrators (facts graph.md 6.2). */
static int gates(unsigned methods, bool admin)
{
	unsigned phone = PHONE | METHOD_BIT(HAS_OFFICE_PHONE) | METHOD_BIT(HAS_OTHER_PHONE);

	return !!(methods & APP) + !!(methods & phone) + !!(methods & EMAIL) +
	       (!admin && (methods & QUESTION));
}

void registration_judge(const struct registration_basis *b, const char *user_id, bool guest,
			unsigned methods, struct registration_flags *out)
{
	bool admin = registration_is_admin(b, user_id);
	unsigned passwordless = METHOD_BIT(HAS_FIDO2) | METHOD_BIT(HAS_HELLO) |
				METHOD_BIT(HAS_PASSWORDLESS);

	*out = (struct registration_flags){ .admin = admin };
	out->sspr_registered = gates(methods, admin) >= (admin ? 2 : b->required);
	if (admin)
		out->sspr_enabled = b->admins_may_reset;
	else if (b->scope == 1)
		out->sspr_enabled = registration_is_member(b, user_id);
	else
		out->sspr_enabled = b->scope == 2 && !guest;
	out->sspr_capable = out->sspr_registered && out->sspr_enabled;
	out->mfa_registered = methods & ~(EMAIL | QUESTION);
	out->passwordless = methods & passwordless;
}

bool registration_has_row(const struct json *user)
{
	return json_bool(user, "accountEnabled", true);
}

static const char *preferred(unsigned methods)
{
	if (methods & METHOD_BIT(HAS_PUSH))
		return "push";
	if (methods & METHOD_BIT(HAS_CODE))
		return "oath";
	return methods & PHONE ? "sms" : "none";
}

struct json *registration_row(const struct registration_basis *b, const struct json *user,
			      int64_t updated_ms)
{
	struct json *row = json_new_object(), *system;
	const struct json *list = json_get(user, "_methods");
	unsigned methods = methods_mask(list);
	bool guest = str_same_nocase(json_string(user, "userType"), "Guest");
	const char *id = json_string_or(user, "id", "");
	struct registration_flags is;
	char when[TIME_TEXT];

	registration_judge(b, id, guest, methods, &is);
	json_add_string(row, "id", id);
	json_add_string(row, "userPrincipalName", json_string_or(user, "userPrincipalName", ""));
	json_add_string(row, "userDisplayName", json_string_or(user, "displayName", ""));
	json_add_string(row, "userType", guest ? "guest" : "member");
	json_add_bool(row, "isAdmin", is.admin);
	json_add_bool(row, "isSsprRegistered", is.sspr_registered);
	json_add_bool(row, "isSsprEnabled", is.sspr_enabled);
	json_add_bool(row, "isSsprCapable", is.sspr_capable);
	json_add_bool(row, "isMfaRegistered", is.mfa_registered);
	json_add_bool(row, "isMfaCapable", is.mfa_registered);
	json_add_bool(row, "isPasswordlessCapable", is.passwordless);
	json_add(row, "methodsRegistered", list ? json_clone(list) : json_new_array());
	json_add_bool(row, "isSystemPreferredAuthenticationMethodEnabled", true);
	system = json_add_array(row, "systemPreferredAuthenticationMethods");
	if (is.mfa_registered)
		json_append_string(system, preferred(methods));
	json_add_string(row, "userPreferredMethodForSecondaryAuthentication", preferred(methods));
	json_add_string(row, "lastUpdatedDateTime", time_format_graph(updated_ms, when));
	return row;
}

/* The crowd's rows are computed when asked; what they show is of this moment. */
static void remember(struct json *state, const struct registration_basis *b, int64_t updated_ms)
{
	struct json *log = json_get_mutable(state, "log");
	struct json *report = json_get_mutable(log, "report"), *members;
	size_t place;

	if (!report)
		report = json_add_object(log, "report");
	json_set_number(report, "at", (double)updated_ms);
	json_set_number(report, "scope", b->scope);
	json_set_number(report, "required", b->required);
	members = json_new_array();
	for (size_t i = 0; i < b->nmembers; i++)
		if (crowd_find(SIZE_MAX, b->members[i], &place))
			json_append_string(members, b->members[i]);
	json_set(report, "crowd", members);
}

void registration_basis_of_report(struct registration_basis *b, const struct json *state)
{
	const struct json *report = json_get(json_get(state, "log"), "report"), *j;

	*b = (struct registration_basis){
		.scope = (int)json_int(report, "scope", 0),
		.required = (int)json_int(report, "required", 1),
	};
	for (j = json_first(json_get(report, "crowd")); j; j = json_next(j)) {
		GROW(b->members, b->nmembers, b->members_cap);
		b->members[b->nmembers++] = json_text(j);
	}
}

void registration_rebuild(struct json *state, int64_t updated_ms)
{
	struct registration_basis b;
	struct json *rows = json_new_array();
	const struct json *old = json_get(state, "registration"), *u, *kept;
	int64_t jitter = 0;

	registration_basis_read(&b, state);
	remember(state, &b, updated_ms);
	for (u = json_first(json_get(state, "users")); u; u = json_next(u)) {
		if (!registration_has_row(u))
			continue;
		kept = json_bool(u, "_staleRow", false) ? by_id(old, json_string(u, "id")) : NULL;
		/* The report is written row by row, not at one moment. */
		json_append(rows, kept ? json_clone(kept)
				       : registration_row(&b, u, updated_ms - jitter));
		jitter = (jitter + 137) % 1000;
	}
	registration_basis_release(&b);
	json_set(state, "registration", rows);
}

static uint64_t fold(uint64_t h, const char *text)
{
	for (; text && *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3u;
	return (h ^ 0xff) * 0x100000001b3u;
}

uint64_t registration_fingerprint(const struct json *state)
{
	struct registration_basis b;
	uint64_t h = 0xcbf29ce484222325u;
	const struct json *u, *m;

	registration_basis_read(&b, state);
	h = fold(h, b.admins_may_reset ? "1" : "0") + (uint64_t)(b.scope * 8 + b.required);
	for (size_t i = 0; i < b.nmembers; i++)
		h = fold(h, b.members[i]);
	for (size_t i = 0; i < b.nadmins; i++)
		h = fold(h, b.admins[i]);
	registration_basis_release(&b);
	for (u = json_first(json_get(state, "users")); u; u = json_next(u)) {
		h = fold(h, json_string(u, "id"));
		h = fold(h, json_bool(u, "accountEnabled", true) ? "1" : "0");
		for (m = json_first(json_get(u, "_methods")); m; m = json_next(m))
			h = fold(h, json_text(m));
	}
	return h;
}
