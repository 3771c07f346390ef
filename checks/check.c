#include "checks/check.h"

#include <string.h>

#include "checks/judge.h"
#include "graph/cloud.h"

#define BIT(name) AREA_BIT(AREA_##name)
#define IDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Order: the runbook's seven checks with what belongs to them, then health,
 * then the three monitors. */
static const struct check_ops table[] = {
	{ "prereq.licence", BIT(ORGANIZATION) | BIT(LICENCES) | BIT(GROUP) | BIT(MEMBERS),
	  judge_licence,
	  IDS("prereq.licence", "health.licence-members", "health.licence-seats") },
	{ "prereq.connect", BIT(ORGANIZATION) | BIT(SYNC), judge_connect,
	  IDS("prereq.connect") },
	{ "prereq.writeback", BIT(ORGANIZATION) | BIT(AUDIT), judge_writeback,
	  IDS("prereq.writeback", "health.writeback-failures") },
	{ "prereq.sync-health", BIT(ORGANIZATION) | BIT(SYNC) | BIT(SYNC_ERRORS),
	  judge_sync_health,
	  IDS("prereq.sync-health", "health.sync-stale", "health.sync-errors",
	      "health.quarantine") },
	{ "prereq.group", BIT(GROUP) | BIT(MEMBERS), judge_group,
	  IDS("prereq.group", "health.duplicate-group") },
	{ "prereq.registration",
	  BIT(GROUP) | BIT(MEMBERS) | BIT(PEOPLE) | BIT(REGISTRATION), judge_registration,
	  IDS("prereq.registration", "health.stale-report") },
	{ "prereq.ports", BIT(ORGANIZATION) | BIT(PORTS), judge_ports, IDS("prereq.ports") },
	{ "health.target",
	  BIT(GROUP) | BIT(MEMBERS) | BIT(REGISTRATION) | BIT(AUDIT) | BIT(SCORE) | BIT(PORTAL) |
	  BIT(RECOMMENDATION), judge_target, IDS("health.target") },
	{ "health.nested",
	  BIT(GROUP) | BIT(MEMBERS) | BIT(REGISTRATION) | BIT(AUTHORIZATION), judge_members,
	  IDS("health.nested", "health.guest-members", "health.disabled-members",
	      "health.admin-members") },
	{ "health.federated", BIT(ORGANIZATION) | BIT(AUDIT), judge_domains,
	  IDS("health.federated", "health.custom-domain", "health.tenant-type") },
	{ "health.sms-only", BIT(GROUP) | BIT(MEMBERS) | BIT(REGISTRATION), judge_registered,
	  IDS("health.sms-only", "health.questions") },
	{ "health.methods-too-few",
	  BIT(GROUP) | BIT(METHODS) | BIT(AUDIT) | BIT(REGISTRATION), judge_methods,
	  IDS("health.methods-too-few", "health.sms-sign-in", "health.excluded-group",
	      "health.policy-size", "health.migration") },
	{ "health.admin-gates", BIT(ADMINS) | BIT(AUTHORIZATION) | BIT(ORGANIZATION),
	  judge_admins, IDS("health.admin-gates") },
	{ "health.registration-policy",
	  BIT(GROUP) | BIT(MEMBERS) | BIT(ACCESS) | BIT(BRANDING) | BIT(METHODS), judge_access,
	  IDS("health.registration-policy", "health.registration-sign-in",
	      "health.security-defaults", "health.hidden-reset-link",
	      "health.registration-pass", "health.registration-campaign") },
	{ "health.permissions", BIT(PERMISSIONS), judge_permissions,
	  IDS("health.permissions") },
	{ "health.blocked-people", BIT(AUDIT) | BIT(REGISTRATION), judge_monitoring,
	  IDS("health.blocked-people", "health.reset-failures", "monitor.audit",
	      "monitor.sign-ins", "monitor.usage") },
};

const struct check_ops *const checks[] = {
	&table[0], &table[1], &table[2], &table[3], &table[4], &table[5], &table[6],
	&table[7], &table[8], &table[9], &table[10], &table[11], &table[12], &table[13],
	&table[14], &table[15],
	NULL,
};

static bool wants(const struct check_ops *c, const char *prefix)
{
	for (size_t i = 0; c->ids[i]; i++)
		if (str_starts(c->ids[i], prefix))
			return true;
	return false;
}

/* A check may add findings that were not asked for: they are taken out again. */
static void run_one(const struct check_ops *c, const struct facts *f, const struct wanted *w,
		    const char *prefix, struct findings *out)
{
	size_t kept = out->n, from = out->n;

	c->judge(f, w, out);
	for (size_t i = from; i < out->n; i++)
		if (str_starts(out->v[i].id, prefix))
			out->v[kept++] = out->v[i];
	out->n = kept;
}

#define CENTRE "https://entra.microsoft.com"

void findings_of_cloud(const struct facts *f, struct findings *out, size_t from)
{
	struct cloud cloud = { .admin_centre = NULL };
	struct err err = ERR_INIT;
	bool known = cloud_by_name(f->cloud, &cloud, &err) == 0;

	for (size_t i = from; i < out->n; i++) {
		struct finding *one = &out->v[i];

		if (!str_starts(one->link, CENTRE "/"))
			continue;
		if (!known)
			one->link = "";
		else if (!str_same(cloud.admin_centre, CENTRE))
			one->link = arena_printf(&out->arena, "%s%s", cloud.admin_centre,
						 one->link + strlen(CENTRE));
	}
	cloud_release(&cloud);
}

void checks_run(const struct facts *f, const struct wanted *w, const char *prefix,
		struct findings *out)
{
	size_t from = out->n;

	for (size_t i = 0; checks[i]; i++)
		if (wants(checks[i], prefix))
			run_one(checks[i], f, w, prefix, out);
	findings_of_cloud(f, out, from);
}

unsigned checks_areas(const char *prefix)
{
	unsigned areas = 0;

	for (size_t i = 0; checks[i]; i++)
		if (wants(checks[i], prefix))
			areas |= checks[i]->areas;
	return areas;
}
