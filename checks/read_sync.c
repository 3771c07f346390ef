/* Readers of who synchronises, the Cloud Sync jobs, and provisioning errors
 * (facts graph.md 2.2 to 2.5). */
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/url.h"

/* Directory Synchronization Accounts, its newer and hidden sibling On-Premises
 * Directory Sync Account, and the template of Cloud Sync. */
#define SYNC_ROLE "d29b2b05-8046-44ba-8758-1e26182fcf32"
#define NEW_SYNC_ROLE "a92aed5d-d78a-4d16-b381-09adb37eb3b0"
#define SYNC_TEMPLATE "1a4721b3-e57f-4451-ae87-ef078703ec94"

#define ROLES_PATH "/v1.0/directoryRoles?$select=id,displayName,roleTemplateId"
#define APPS_PATH "/v1.0/servicePrincipals?$filter=startswith(displayName,"	\
	"%27ConnectSyncProvisioning_%27)&$select=id,appId,displayName"
#define CLOUD_SYNC_PATH "/v1.0/servicePrincipals?$filter=applicationTemplateId%20eq%20%27"	\
	SYNC_TEMPLATE "%27&$select=id,displayName"
#define FEATURES_PATH "/v1.0/directory/onPremisesSynchronization"
/* Who may write passwords back, by the service that hands them out (Microsoft Learn:
 * "Authenticate to Microsoft Entra ID by using application identity"). */
#define RESET_SERVICE "93625bc8-bfe2-437a-97e0-3d0060024faa"
#define RESET_SERVICE_USGOV "2e5ecfc8-ea79-48bd-8140-c19324acb278"
#define REFRESH_ROLE "fc7e8088-95b5-453e-8bef-b17ecfec5ba3"
#define SERVICE(app) "/v1.0/servicePrincipals(appId=%27" app "%27)?$select=id"
#define JOBS_MAX 5	/* of the service principals that may own jobs */

/* The words before the machine's name; after it comes a number in hexadecimal. */
static const char *const name_forms[] = { "Sync_", "ConnectSyncProvisioning_" };

const char *sync_server_of(struct arena *a, const char *name)
{
	const char *start = NULL, *end = NULL, *stop;

	for (size_t i = 0; name && i < COUNT_OF(name_forms); i++)
		if (str_find_nocase(name, name_forms[i]) == name)
			start = name + strlen(name_forms[i]);
	if (!start)
		return NULL;
	stop = start + strcspn(start, "@");
	for (const char *p = start; p < stop; p++)
		if (*p == '_')
			end = p;
	/* A last part that is no number belongs to the machine's name. */
	if (end && (end + 1 == stop || strspn(end + 1, "0123456789abcdefABCDEF") <
		    (size_t)(stop - end - 1)))
		end = stop;
	if (!end)
		end = stop;
	return end > start ? arena_strndup(a, start, (size_t)(end - start)) : NULL;
}

static void add_identity(struct facts *f, const struct json *j, bool application)
{
	struct arena *a = &f->area_arena[AREA_SYNC];
	struct sync_facts *s = &f->sync;
	struct sync_identity *one;

	ARENA_GROW(a, s->identities, s->nidentities, s->identities_cap);
	one = &s->identities[s->nidentities++];
	*one = (struct sync_identity){
		.id = text_of(a, j, "id"),
		.name = text_of(a, j, application ? "displayName" : "userPrincipalName"),
		.application = application,
		.created_ms = time_of(j, "createdDateTime"),
	};
	if (!one->name)
		one->name = arena_strdup(a, json_string_or(j, "displayName", "(no name)"));
	one->server = sync_server_of(a, one->name);
}

/* The object id of an activated role, or NULL. */
static const char *role_id(const struct reply *roles, const char *template_id)
{
	for (const struct json *j = json_first(json_get(roles->json, "value")); j;
	     j = json_next(j))
		if (str_same_nocase(json_string(j, "roleTemplateId"), template_id))
			return json_string(j, "id");
	return NULL;
}

static const struct reply *get_role_members(struct io *io, const char *id)
{
	struct str path = { 0 };
	const struct reply *r;

	str_add(&path, "/v1.0/directoryRoles/");
	url_encode(&path, id);
	str_add(&path, "/members?$select=id,displayName,userPrincipalName");
	r = io_get(io, str_text(&path), 0);
	str_release(&path);
	return r;
}

static const struct reply *get_jobs(struct io *io, const char *principal)
{
	struct str path = { 0 };
	const struct reply *r;

	str_add(&path, "/v1.0/servicePrincipals/");
	url_encode(&path, principal);
	str_add(&path, "/synchronization/jobs");
	r = io_get(io, str_text(&path), 0);
	str_release(&path);
	return r;
}

static void take_jobs(struct facts *f, const struct reply *r)
{
	struct arena *a = &f->area_arena[AREA_SYNC];
	struct sync_facts *s = &f->sync;

	for (const struct json *j = json_first(json_get(r->json, "value")); j;
	     j = json_next(j)) {
		const struct json *status = json_get(j, "status");
		const struct json *quarantine = json_get(status, "quarantine");

		ARENA_GROW(a, s->jobs, s->njobs, s->jobs_cap);
		s->jobs[s->njobs++] = (struct sync_job){
			.template_id = text_of(a, j, "templateId"),
			.status = text_of(a, status, "code"),
			.last_state = text_of(a, json_get(status, "lastExecution"), "state"),
			.quarantine_reason = text_of(a, quarantine, "reason"),
			.last_success_ms = time_of(json_get(status, "lastSuccessfulExecution"),
						   "timeEnded"),
		};
	}
}

/* The first failure stays as the reason; one good answer makes the area READ. */
static bool part_read(struct facts *f, const char *path, const struct reply *r)
{
	struct source before = f->source[AREA_SYNC];
	bool well = source_note(f, AREA_SYNC, path, r);

	if (!well && before.state != SOURCE_UNREAD) {
		struct err why = f->source[AREA_SYNC].err;

		f->source[AREA_SYNC] = before;
		if (before.err.kind == ERR_NONE)
			f->source[AREA_SYNC].err = why;
	} else if (well && before.err.kind != ERR_NONE) {
		f->source[AREA_SYNC].err = before.err;
	}
	return well;
}

/* The jobs of every principal made from the template; false while waiting. */
static bool read_jobs(struct facts *f, struct io *io, const struct reply *principals,
		      bool take)
{
	bool complete = true;
	int n = 0;

	f->sync.jobs_read = reply_well(principals);
	for (const struct json *j = json_first(json_get(principals->json, "value"));
	     j && n < JOBS_MAX; j = json_next(j), n++) {
		const struct reply *r = get_jobs(io, json_string_or(j, "id", ""));

		if (!r)
			complete = false;
		else if (take && reply_well(r))
			take_jobs(f, r);
		else if (take) {
			part_read(f, "/v1.0/servicePrincipals/synchronization/jobs", r);
			f->sync.jobs_read = false;
		}
	}
	return complete;
}

static void take_accounts(struct facts *f, const struct reply *roles,
			  const struct reply *accounts)
{
	f->sync.accounts_read = part_read(f, ROLES_PATH, roles);
	if (!accounts || !f->sync.accounts_read)
		return;
	f->sync.accounts_read = part_read(f, ROLES_PATH, accounts);
	for (const struct json *j = json_first(json_get(accounts->json, "value")); j;
	     j = json_next(j))
		add_identity(f, j, false);
}

static const char *service_path(const struct facts *f)
{
	return str_same(f->cloud, "usgov") || str_same(f->cloud, "dod")
	       ? SERVICE(RESET_SERVICE_USGOV) : SERVICE(RESET_SERVICE);
}

/* Who holds roles of the service; NULL while waiting. Its id is asked for first:
 * Microsoft describes the list for the id only, not for the application's. */
static const struct reply *get_holders(struct io *io, const struct reply *service)
{
	const char *id = json_string(service->json, "id");
	struct str path = { 0 };
	const struct reply *r;

	if (!reply_well(service) || !id)
		return service;
	str_add(&path, "/v1.0/servicePrincipals/");
	url_encode(&path, id);
	str_add(&path, "/appRoleAssignedTo"
		"?$select=appRoleId,createdDateTime,principalDisplayName,principalId");
	r = io_get(io, str_text(&path), 0);
	str_release(&path);
	return r;
}

/* An application with the role that refreshes writeback is the one that the server
 * writes back with, whatever it is called. That there is none says nothing: a server
 * may use an account. */
static void take_holders(struct facts *f, const struct reply *holders)
{
	struct sync_facts *s = &f->sync;

	for (const struct json *j = json_first(json_get(holders->json, "value")); j;
	     j = json_next(j)) {
		const char *id = json_string(j, "principalId");
		struct arena *a = &f->area_arena[AREA_SYNC];
		struct sync_identity *one = NULL;

		if (!id || !str_same_nocase(json_string(j, "appRoleId"), REFRESH_ROLE))
			continue;
		for (size_t i = 0; i < s->nidentities && !one; i++)
			one = str_same_nocase(s->identities[i].id, id) ? &s->identities[i] : NULL;
		if (!one) {
			ARENA_GROW(a, s->identities, s->nidentities, s->identities_cap);
			one = &s->identities[s->nidentities++];
			*one = (struct sync_identity){
				.id = arena_strdup(a, id), .application = true,
				.name = arena_strdup(a, json_string_or(j, "principalDisplayName",
								       "(no name)")),
			};
			one->server = sync_server_of(a, one->name);
		}
		one->writeback_roles = true;
		one->writeback_roles_ms = time_of(j, "createdDateTime");
	}
}

enum read_rc read_sync(struct facts *f, const struct wanted *w, struct io *io)
{
	/* Microsoft documents the features for the global cloud only, and reading
	 * them wants a high role: nice to have (facts graph.md 2.2). */
	bool ask_features = str_same(f->cloud, "global");
	const struct reply *roles = io_get(io, ROLES_PATH, 0);
	const struct reply *apps = io_get(io, APPS_PATH, 0);
	const struct reply *cloud = io_get(io, CLOUD_SYNC_PATH, 0);
	const struct reply *features = ask_features ? io_get(io, FEATURES_PATH, 0) : NULL;
	const struct reply *service = io_get(io, service_path(f), 0);
	const struct reply *accounts = NULL, *new_accounts = NULL, *holders;
	const char *role, *new_role;
	bool jobs_in;

	(void)w;
	holders = service ? get_holders(io, service) : NULL;
	if (!roles || !apps || !cloud || !holders || (ask_features && !features))
		return READ_AGAIN;
	role = role_id(roles, SYNC_ROLE);
	new_role = role_id(roles, NEW_SYNC_ROLE);
	accounts = role ? get_role_members(io, role) : NULL;
	new_accounts = new_role ? get_role_members(io, new_role) : NULL;
	jobs_in = read_jobs(f, io, cloud, false);
	if ((role && !accounts) || (new_role && !new_accounts) || !jobs_in)
		return READ_AGAIN;
	take_accounts(f, roles, accounts);
	if (new_accounts)
		take_accounts(f, roles, new_accounts);
	f->sync.applications_read = part_read(f, APPS_PATH, apps);
	for (const struct json *j = json_first(json_get(apps->json, "value")); j;
	     j = json_next(j))
		add_identity(f, j, true);
	if (reply_well(holders))
		take_holders(f, holders);
	part_read(f, CLOUD_SYNC_PATH, cloud);
	read_jobs(f, io, cloud, true);
	if (features && reply_well(features)) {
		const struct json *one = json_first(json_get(features->json, "value"));

		/* A collection, or a bare object (facts graph.md 2.2). */
		one = json_get(one ? one : features->json, "features");
		f->sync.password_hash_sync = tri_of(one, "passwordSyncEnabled");
		f->sync.soft_match_blocked = tri_of(one, "blockSoftMatchEnabled");
		f->sync.hard_match_blocked =
			tri_of(one, "blockCloudObjectTakeoverThroughHardMatchEnabled");
	}
	return READ_DONE;
}

#define ERRORS_FILTER "?$filter=onPremisesProvisioningErrors/any(o:o/category%20eq%20"	\
	"%27PropertyConflict%27)&$count=true&$top=999&$select=id,displayName,"
#define USER_ERRORS_PATH "/v1.0/users" ERRORS_FILTER			\
	"userPrincipalName,onPremisesProvisioningErrors"
#define GROUP_ERRORS_PATH "/v1.0/groups" ERRORS_FILTER "onPremisesProvisioningErrors"

static void fold_errors(struct facts *f, const struct json *value, bool group)
{
	struct arena *a = &f->area_arena[AREA_SYNC_ERRORS];
	struct sync_errors *e = &f->sync_errors;

	for (const struct json *j = json_first(value); j; j = json_next(j)) {
		const struct json *list = json_get(j, "onPremisesProvisioningErrors");
		const char *name = json_string(j, "userPrincipalName");

		e->total++;
		if (!name)
			name = json_string_or(j, "displayName", "(no name)");
		for (const struct json *i = json_first(list); i && e->n < SYNC_ERROR_KEEP;
		     i = json_next(i)) {
			ARENA_GROW(a, e->v, e->n, e->cap);
			e->v[e->n++] = (struct sync_error){
				.name = arena_strdup(a, name),
				.category = text_of(a, i, "category"),
				.property = text_of(a, i, "propertyCausingError"),
				.value = text_of(a, i, "value"),
				.occurred_ms = time_of(i, "occurredDateTime"),
				.group = group,
			};
		}
	}
}

static bool fold_user_errors(void *acc, const struct json *value)
{
	fold_errors(acc, value, false);
	return true;
}

static bool fold_group_errors(void *acc, const struct json *value)
{
	fold_errors(acc, value, true);
	return true;
}

enum read_rc read_sync_errors(struct facts *f, const struct wanted *w, struct io *io)
{
	const struct reply *users = io_scan(io, USER_ERRORS_PATH, CALL_EVENTUAL,
					    fold_user_errors, f);
	const struct reply *groups = io_scan(io, GROUP_ERRORS_PATH, CALL_EVENTUAL,
					     fold_group_errors, f);

	(void)w;
	if (!users || !groups)
		return READ_AGAIN;
	if (source_note(f, AREA_SYNC_ERRORS, GROUP_ERRORS_PATH, groups))
		source_note(f, AREA_SYNC_ERRORS, USER_ERRORS_PATH, users);
	return READ_DONE;
}
