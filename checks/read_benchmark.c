/* Readers of what only benchmarks ask for: password rules, domains, the holders
 * of the strongest roles, and settings that only beta has. They send nothing
 * when no benchmark is judged. */
#include <stdlib.h>
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/url.h"

#define SETTINGS_PATH "/v1.0/groupSettings"
/* The template "Password Rule Settings" has this id in every tenant. */
#define PASSWORD_RULES "5cf42378-d67d-4f36-ba46-e8b86229381d"
#define DOMAINS_PATH "/v1.0/domains?$select=id,authenticationType,isRoot,isVerified,"	\
	"passwordValidityPeriodInDays"
#define ROLES_PATH "/v1.0/directoryRoles?$select=id,displayName,roleTemplateId"
#define BETA_PATH "/beta/policies/authenticationMethodsPolicy"
#define GLOBAL_ADMINISTRATOR "62e90394-69f5-4237-9190-012177145e10"
/* Banned words are kept in one value of a thousand words at most. */
#define WORDS_BETWEEN "\t\r\n ,;"

/* Whether there is a benchmark; else the area is skipped. */
static bool is_asked(struct facts *f, enum area a, const struct wanted *w)
{
	if (w->benchmark)
		return true;
	source_set(f, a, SOURCE_SKIPPED, "only a benchmark asks for it (--baseline)");
	return false;
}

static const char *setting_value(const struct json *values, const char *name)
{
	for (const struct json *j = json_first(values); j; j = json_next(j))
		if (str_same_nocase(json_string(j, "name"), name))
			return json_string(j, "value");
	return NULL;
}

static enum tri truth_of(const char *value)
{
	if (str_same_nocase(value, "true"))
		return TRI_YES;
	return str_same_nocase(value, "false") ? TRI_NO : TRI_UNKNOWN;
}

static int count_of(const char *value)
{
	char *end;
	long n;

	if (!value)
		return -1;
	n = strtol(value, &end, 10);
	return end != value && !*end && n >= 0 && n < 1000000000 ? (int)n : -1;
}

static size_t count_words(const char *list)
{
	size_t n = 0;

	while (list && *list) {
		size_t len;

		list += strspn(list, WORDS_BETWEEN);
		len = strcspn(list, WORDS_BETWEEN);
		n += len > 0;
		list += len;
	}
	return n;
}

/* The words themselves are a secret of the tenant and are not kept. */
static void take_rules(struct password_rules *p, struct arena *a, const struct json *values)
{
	p->present = true;
	p->custom_list = truth_of(setting_value(values, "EnableBannedPasswordCheck"));
	p->words = count_words(setting_value(values, "BannedPasswordList"));
	p->on_premises = truth_of(setting_value(values, "EnableBannedPasswordCheckOnPremises"));
	p->mode = arena_strdup(a, setting_value(values, "BannedPasswordCheckOnPremisesMode"));
	p->threshold = count_of(setting_value(values, "LockoutThreshold"));
	p->duration = count_of(setting_value(values, "LockoutDurationInSeconds"));
}

enum read_rc read_passwords(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *r;

	if (!is_asked(f, AREA_PASSWORDS, w))
		return READ_DONE;
	r = io_get(io, SETTINGS_PATH, 0);
	if (!r)
		return READ_AGAIN;
	f->passwords.threshold = f->passwords.duration = -1;
	if (!source_note(f, AREA_PASSWORDS, SETTINGS_PATH, r))
		return READ_DONE;
	for (const struct json *j = json_first(json_get(r->json, "value")); j; j = json_next(j))
		if (str_same_nocase(json_string(j, "templateId"), PASSWORD_RULES))
			take_rules(&f->passwords, &f->area_arena[AREA_PASSWORDS],
				   json_get(j, "values"));
	return READ_DONE;
}

enum read_rc read_domains(struct facts *f, const struct wanted *w, struct io *io)
{
	struct arena *a = &f->area_arena[AREA_DOMAINS];
	struct domains *out = &f->domains;
	const struct reply *r;

	if (!is_asked(f, AREA_DOMAINS, w))
		return READ_DONE;
	r = io_get(io, DOMAINS_PATH, 0);
	if (!r)
		return READ_AGAIN;
	if (!source_note(f, AREA_DOMAINS, DOMAINS_PATH, r))
		return READ_DONE;
	for (const struct json *j = json_first(json_get(r->json, "value")); j; j = json_next(j)) {
		ARENA_GROW(a, out->v, out->n, out->cap);
		out->v[out->n++] = (struct domain){
			.name = arena_strdup(a, json_string_or(j, "id", "(no name)")),
			.root = json_bool(j, "isRoot", false),
			.verified = json_bool(j, "isVerified", false),
			.federated = str_same_nocase(json_string(j, "authenticationType"),
						     "Federated"),
			.validity_days = json_int(j, "passwordValidityPeriodInDays", -1),
		};
	}
	return READ_DONE;
}

/* The roles that CISA's baseline calls highly privileged, by template. */
static bool is_strong(const char *template)
{
	static const char *const strong[] = {
		GLOBAL_ADMINISTRATOR,
		"e8611ab8-c189-46e8-94e1-60213ab1f814",	/* Privileged Role */
		"fe930be7-5e62-47db-91af-98c3a49a38b1",	/* User */
		"f28a1f50-f6e7-4571-818b-6a12f2af6b6c",	/* SharePoint */
		"29232cdf-9323-42fd-ade2-1d097af3e4de",	/* Exchange */
		"8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2",	/* Hybrid Identity */
		"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",	/* Application */
		"158c047a-c907-4556-b7ef-446551a6b5f7",	/* Cloud Application */
	};

	for (size_t i = 0; i < COUNT_OF(strong); i++)
		if (str_same_nocase(template, strong[i]))
			return true;
	return false;
}

static const struct reply *get_holders(struct io *io, const char *role_id)
{
	struct str path = { 0 };
	const struct reply *r;

	str_add(&path, "/v1.0/directoryRoles/");
	url_encode(&path, role_id);
	str_add(&path, "/members?$select=id,displayName,userPrincipalName,onPremisesSyncEnabled");
	r = io_get(io, str_text(&path), 0);
	str_release(&path);
	return r;
}

static void add_holder(struct facts *f, const struct json *j, bool global)
{
	struct arena *a = &f->area_arena[AREA_ROLES];
	struct roles *out = &f->roles;
	const char *id = json_string_or(j, "id", ""), *type = json_string(j, "@odata.type");
	enum tri synced = tri_of(j, "onPremisesSyncEnabled");

	for (size_t i = 0; i < out->n; i++) {
		if (str_same_nocase(out->v[i].id, id)) {
			out->v[i].global |= global;
			return;
		}
	}
	ARENA_GROW(a, out->v, out->n, out->cap);
	out->v[out->n++] = (struct role_holder){
		.id = arena_strdup(a, id),
		.upn = text_of(a, j, "userPrincipalName"),
		.name = arena_strdup(a, json_string_or(j, "displayName", "(no name)")),
		.global = global,
		.group = type && str_ends(type, ".group"),
		.application = type && str_ends(type, ".servicePrincipal"),
		/* Null is an account that was never synchronised. */
		.synced = synced == TRI_UNKNOWN ? TRI_NO : synced,
	};
}

/* The holders of each strong role; false while waiting. */
static bool read_holders(struct facts *f, struct io *io, const struct reply *roles, bool take)
{
	bool complete = true;

	for (const struct json *j = json_first(json_get(roles->json, "value")); j;
	     j = json_next(j)) {
		const char *template = json_string(j, "roleTemplateId");
		const struct reply *r;

		if (!is_strong(template))
			continue;
		r = get_holders(io, json_string_or(j, "id", ""));
		if (!r) {
			complete = false;
			continue;
		}
		if (!take || (f->source[AREA_ROLES].state != SOURCE_UNREAD &&
			      !facts_read(f, AREA_ROLES)))
			continue;
		if (!source_note(f, AREA_ROLES, "/v1.0/directoryRoles/members", r))
			continue;
		f->roles.read++;
		for (const struct json *m = json_first(json_get(r->json, "value")); m;
		     m = json_next(m))
			add_holder(f, m, str_same_nocase(template, GLOBAL_ADMINISTRATOR));
	}
	return complete;
}

enum read_rc read_roles(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *roles;

	if (!is_asked(f, AREA_ROLES, w))
		return READ_DONE;
	roles = io_get(io, ROLES_PATH, 0);
	if (!roles || !read_holders(f, io, roles, false))
		return READ_AGAIN;
	if (source_note(f, AREA_ROLES, ROLES_PATH, roles))
		read_holders(f, io, roles, true);
	return READ_DONE;
}

static bool is_for_all(const struct json *setting)
{
	const struct json *list = json_get(setting, "includeTargets");

	if (str_same_nocase(json_text(json_at(setting, "includeTarget.id")), "all_users"))
		return true;
	for (const struct json *j = json_first(list); j; j = json_next(j))
		if (str_same_nocase(json_string(j, "id"), "all_users"))
			return true;
	return false;
}

/* Of Microsoft's beta interface, which may change: read only where a benchmark
 * wants to know, and never written. */
enum read_rc read_beta(struct facts *f, const struct wanted *w, struct io *io)
{
	struct arena *a = &f->area_arena[AREA_BETA];
	struct beta_settings *b = &f->beta_settings;
	const struct json *one;
	const struct reply *r;

	if (!is_asked(f, AREA_BETA, w))
		return READ_DONE;
	if (!f->has_methods_policy) {
		source_set(f, AREA_BETA, SOURCE_ABSENT,
			   "the cloud %s has no authentication methods policy", f->cloud);
		return READ_DONE;
	}
	if (w->beta == TRI_NO) {
		source_set(f, AREA_BETA, SOURCE_SKIPPED, "only beta tells, and the profile "
			   "turns beta off");
		return READ_DONE;
	}
	r = io_get(io, BETA_PATH, 0);
	if (!r)
		return READ_AGAIN;
	if (!source_note(f, AREA_BETA, BETA_PATH, r))
		return READ_DONE;
	one = json_get(r->json, "systemCredentialPreferences");
	b->system_preferred = text_of(a, one, "state");
	b->system_preferred_all = is_for_all(one);
	one = json_get(r->json, "reportSuspiciousActivitySettings");
	b->report_suspicious = text_of(a, one, "state");
	b->report_suspicious_all = is_for_all(one);
	for (one = json_first(json_get(r->json, "authenticationMethodConfigurations")); one;
	     one = json_next(one))
		if (str_same_nocase(json_string(one, "id"), "MicrosoftAuthenticator"))
			b->companion_apps = arena_strdup(a, json_text(json_at(one,
				"featureSettings.companionAppAllowedState.state")));
	return READ_DONE;
}
