#include "checks/read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "checks/read_area.h"
#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "graph/sign_in/scopes.h"

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NEEDS_NOTHING 0u

/* Scopes: facts graph.md, the "Permissions" line of each call, and 10.10. An
 * area only needs areas that stand before it, so one pass is enough. */
static const struct reader {
	unsigned needs;
	const char *const *scopes;
	enum read_rc (*read)(struct facts *f, const struct wanted *w, struct io *io);
} readers[AREA_COUNT] = {
	[AREA_ORGANIZATION] = { NEEDS_NOTHING, NAMES("Organization.Read.All"),
				read_organization },
	[AREA_LICENCES] = { NEEDS_NOTHING, NAMES("LicenseAssignment.Read.All"),
			    read_licences },
	[AREA_GROUP] = { NEEDS_NOTHING, NAMES("Group.ReadBasic.All"), read_group },
	[AREA_MEMBERS] = { AREA_BIT(AREA_GROUP),
			   NAMES("GroupMember.Read.All", "User.Read.All"), read_members },
	[AREA_PEOPLE] = { NEEDS_NOTHING, NAMES("User.Read.All"), read_people },
	[AREA_METHODS] = { NEEDS_NOTHING, NAMES("Policy.Read.All"), read_methods },
	[AREA_AUTHORIZATION] = { NEEDS_NOTHING, NAMES("Policy.Read.All"),
				 read_authorization },
	[AREA_REGISTRATION] = { AREA_BIT(AREA_MEMBERS) | AREA_BIT(AREA_PEOPLE),
				NAMES("AuditLog.Read.All"), read_registration },
	[AREA_SYNC] = { NEEDS_NOTHING,
			NAMES("RoleManagement.Read.Directory", "Application.Read.All",
			      "Synchronization.Read.All",
			      "OnPremDirectorySynchronization.Read.All"),
			read_sync },
	[AREA_SYNC_ERRORS] = { NEEDS_NOTHING, NAMES("User.Read.All", "Group.Read.All"),
			       read_sync_errors },
	[AREA_AUDIT] = { NEEDS_NOTHING, NAMES("AuditLog.Read.All"), read_audit },
	[AREA_ADMINS] = { AREA_BIT(AREA_REGISTRATION) | AREA_BIT(AREA_SYNC),
			  NAMES("AuditLog.Read.All"), read_admins },
	[AREA_ACCESS] = { NEEDS_NOTHING, NAMES("Policy.Read.All"), read_access },
	[AREA_BRANDING] = { AREA_BIT(AREA_ORGANIZATION), NAMES("Organization.Read.All"),
			    read_branding },
	[AREA_SCORE] = { NEEDS_NOTHING, NAMES("SecurityEvents.Read.All"), read_score },
	[AREA_PORTS] = { NEEDS_NOTHING, NAMES(NULL), read_ports },
	[AREA_PORTAL] = { NEEDS_NOTHING, NAMES(NULL), read_portal },
	[AREA_APPLICATION] = { NEEDS_NOTHING, NAMES(NULL), read_application },
	[AREA_PERMISSIONS] = { NEEDS_NOTHING, NAMES("User.Read"), read_permissions },
	[AREA_PASSWORDS] = { NEEDS_NOTHING, NAMES("GroupSettings.Read.All"), read_passwords },
	[AREA_DOMAINS] = { NEEDS_NOTHING, NAMES("Domain.Read.All"), read_domains },
	[AREA_ROLES] = { NEEDS_NOTHING, NAMES("RoleManagement.Read.Directory",
					      "User.Read.All"), read_roles },
	[AREA_BETA] = { NEEDS_NOTHING, NAMES("Policy.Read.All"), read_beta },
	[AREA_RECOMMENDATION] = { AREA_BIT(AREA_ORGANIZATION), NAMES(SCOPE_RECOMMENDATIONS),
				  read_recommendation },
	[AREA_RESETS] = { NEEDS_NOTHING, NAMES("AuditLog.Read.All"), read_resets },
};

unsigned areas_with_needs(unsigned areas)
{
	for (int i = AREA_COUNT - 1; i >= 0; i--)
		if (areas & AREA_BIT(i))
			areas |= readers[i].needs;
	return areas;
}

const char *const *area_scopes(enum area a)
{
	return readers[a].scopes;
}

static bool needs_met(const struct facts *f, enum area a)
{
	for (int i = 0; i < AREA_COUNT; i++)
		if ((readers[a].needs & AREA_BIT(i)) && f->source[i].state == SOURCE_UNREAD)
			return false;
	return true;
}

enum read_rc facts_read_areas(struct facts *f, unsigned areas, const struct wanted *w,
			      struct io *io)
{
	enum read_rc rc = READ_DONE;
	bool finished = false;

	areas = areas_with_needs(areas);
	for (int i = 0; i < AREA_COUNT; i++) {
		if (!(areas & AREA_BIT(i)) || f->source[i].state != SOURCE_UNREAD)
			continue;
		if (!needs_met(f, (enum area)i)) {
			rc = READ_AGAIN;
			continue;
		}
		f->started |= AREA_BIT(i);
		if (readers[i].read(f, w, io) == READ_DONE)
			finished = true;
		else
			rc = READ_AGAIN;
	}
	if (finished)
		facts_attach(f);
	return rc;
}

bool reply_well(const struct reply *r)
{
	return r->err.kind == ERR_NONE && r->status >= 200 && r->status < 300;
}

/* "GET /v1.0/users" of a path with its query. */
static const char *request_text(struct facts *f, enum area a, const char *path)
{
	size_t n = strcspn(path, "?");

	return arena_printf(&f->area_arena[a], "GET %.*s", (int)n, path);
}

bool source_note(struct facts *f, enum area a, const char *path, const struct reply *r)
{
	struct source *s = &f->source[a];

	s->observed_ms = r->observed_ms;
	s->request = request_text(f, a, path);
	if (reply_well(r)) {
		s->state = SOURCE_READ;
		return true;
	}
	s->err = r->err;
	if (r->err.kind == ERR_FORBIDDEN)
		s->state = SOURCE_FORBIDDEN;
	else if (r->err.kind == ERR_NOT_FOUND || r->status == 501)
		s->state = SOURCE_ABSENT;
	else
		s->state = SOURCE_FAILED;
	return false;
}

void source_set(struct facts *f, enum area a, enum source_state state, const char *fmt, ...)
{
	struct source *s = &f->source[a];
	va_list ap;

	s->state = state;
	s->observed_ms = f->now_ms;
	if (!s->request)
		s->request = "";
	va_start(ap, fmt);
	vsnprintf(s->err.msg, sizeof(s->err.msg), fmt, ap);
	va_end(ap);
}

const char *text_of(struct arena *a, const struct json *obj, const char *key)
{
	return arena_strdup(a, json_string(obj, key));
}

int64_t time_of(const struct json *obj, const char *key)
{
	const char *text = json_string(obj, key);
	int64_t ms;

	return text && time_parse(text, &ms) == 0 ? ms : 0;
}

enum tri tri_of(const struct json *obj, const char *key)
{
	const struct json *j = json_get(obj, key);

	if (!json_is(j, JSON_BOOL))
		return TRI_UNKNOWN;
	return json_truth(j) ? TRI_YES : TRI_NO;
}

/* Null plans mean that we may not see them; an empty list means none
 * (facts graph.md 1.4). */
static void read_plans(struct person *p, const struct json *plans)
{
	bool other = false;

	if (!json_is(plans, JSON_ARRAY))
		return;
	p->licensed = p->licence_warning = p->basic_licensed = TRI_NO;
	for (const struct json *j = json_first(plans); j; j = json_next(j)) {
		const char *id = json_string(j, "servicePlanId");
		const char *status = json_string(j, "capabilityStatus");
		bool warning = str_same_nocase(status, "Warning");

		if (!warning && !str_same_nocase(status, "Enabled"))
			continue;
		if (str_same_nocase(id, PLAN_P1) || str_same_nocase(id, PLAN_P2)) {
			if (!warning)
				p->licensed = TRI_YES;
			else
				p->licence_warning = TRI_YES;
			p->basic_licensed = TRI_YES;
		} else if (str_same_nocase(id, PLAN_SMB) || str_same_nocase(id, PLAN_BASIC)) {
			p->basic_licensed = TRI_YES;
		} else {
			other = true;
		}
	}
	if (p->licensed == TRI_YES)
		p->licence_warning = TRI_NO;
	else if (p->licence_warning == TRI_YES)
		p->licensed = TRI_YES;
	/* Whether another paid plan is enough cannot be told from its id. */
	if (p->basic_licensed == TRI_NO && other)
		p->basic_licensed = TRI_UNKNOWN;
}

void person_from_user(struct person *p, struct arena *a, const struct json *user)
{
	const char *type = json_string(user, "userType");

	memset(p, 0, sizeof(*p));
	p->id = text_of(a, user, "id");
	p->display_name = text_of(a, user, "displayName");
	p->upn = text_of(a, user, "userPrincipalName");
	p->mail = text_of(a, user, "mail");
	/* Old members have no userType at all. */
	if (str_same_nocase(type, "Guest"))
		p->type = USER_GUEST;
	else
		p->type = !type || str_same_nocase(type, "Member") ? USER_MEMBER : USER_OTHER;
	p->enabled = tri_of(user, "accountEnabled");
	p->synced = tri_of(user, "onPremisesSyncEnabled");
	/* Null is "never synced" only where we see the account's properties. */
	if (p->synced == TRI_UNKNOWN && p->enabled != TRI_UNKNOWN)
		p->synced = TRI_NO;
	read_plans(p, json_get(user, "assignedPlans"));
	p->sync_error = json_count(json_get(user, "onPremisesProvisioningErrors")) > 0;
}
