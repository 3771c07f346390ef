/* Checks of benchmarks on Conditional Access. They look for a policy that is in
 * force and limited by nothing but its people. */
#include <string.h>

#include "checks/benchmark_item.h"
#include "checks/judge.h"
#include "checks/traps.h"
#include "graph/base/mem.h"

#define GLOBAL_ADMINISTRATOR "62e90394-69f5-4237-9190-012177145e10"
#define LINK_ACCESS "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/" \
	"ConditionalAccessBlade"

struct whom {
	bool all, global;	/* everybody; the role Global Administrator */
	size_t roles, left_out;	/* roles named; people, groups and roles excluded */
};

static struct whom whom_of(const struct access_policy *p)
{
	struct err ignored = ERR_INIT;
	struct json *users = p->users_json
		? json_parse(p->users_json, strlen(p->users_json), &ignored) : NULL;
	const struct json *roles = json_get(users, "includeRoles");
	struct whom w = {
		.all = json_array_has(json_get(users, "includeUsers"), "All"),
		.global = json_array_has(roles, GLOBAL_ADMINISTRATOR),
		.roles = json_count(roles),
		.left_out = json_count(json_get(users, "excludeUsers")) +
			    json_count(json_get(users, "excludeGroups")) +
			    json_count(json_get(users, "excludeRoles")),
	};

	json_free(users);
	return w;
}

static bool is_limited(const struct access_policy *p)
{
	return p->outside_trusted || p->some_places || p->narrowed || p->by_risk ||
	       p->old_clients || p->device_code;
}

/* Nothing weaker than MFA will do. */
static bool asks_mfa(const struct access_policy *p, bool strong)
{
	if (!p->mfa || (strong && !p->phishing_resistant))
		return false;
	return p->needs_all || (!p->managed_device && !p->other_control);
}

typedef bool (*fits_fn)(const struct item *item, const struct access_policy *p,
			const struct whom *w);

/* The first policy in force that fits; the first that would if it were. */
static const struct access_policy *find(const struct item *item, const struct facts *f,
					fits_fn fits, bool enforced, struct whom *ret)
{
	for (size_t i = 0; i < f->access.nall; i++) {
		const struct access_policy *p = &f->access.all[i];

		if (enforced ? !access_enforced(p) : !access_reports(p))
			continue;
		*ret = whom_of(p);
		if (fits(item, p, ret))
			return p;
	}
	return NULL;
}

static void tell(const struct item *item, const struct facts *f, struct findings *out,
		 struct finding *one, fits_fn fits, const char *well, const char *missing,
		 const char *remedy)
{
	const struct access_policy *p;
	struct whom w;

	one->link = LINK_ACCESS;
	if (!need_area(f, out, one, AREA_ACCESS))
		return;
	p = find(item, f, fits, true, &w);
	if (p) {
		area_evidence(f, out, one, AREA_ACCESS, "%s: %s%s, %zu left out", p->name,
			      w.all ? "everybody" : "roles", w.all ? "" : arena_printf(
				      &out->arena, " (%zu)", w.roles), w.left_out);
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "%s%s", well, w.left_out
			    ? " See whom it leaves out: only emergency accounts should be." : "");
		return;
	}
	p = find(item, f, fits, false, &w);
	if (p)
		area_evidence(f, out, one, AREA_ACCESS, "%s only reports", p->name);
	else
		area_evidence(f, out, one, AREA_ACCESS, "%s read, none fits",
			      f->access.nall == 1 ? "1 policy" :
			      arena_printf(&out->arena, "%zu policies", f->access.nall));
	finding_set(out, one, item_bad(item), CONFIDENCE_PROVED, "%s%s", missing,
		    p ? " One would, but it only reports." : "");
	finding_remedy(out, one, "%s", remedy);
}

static bool fits_mfa(const struct item *item, const struct access_policy *p,
		     const struct whom *w)
{
	if (!p->all_apps || is_limited(p) || !asks_mfa(p, item->n & MFA_STRONG))
		return false;
	return w->all || (!(item->n & MFA_ALL) && w->global);
}

ITEM_JUDGE(item_mfa)
{
	bool all = item->n & MFA_ALL, strong = item->n & MFA_STRONG;

	tell(item, f, out, one, fits_mfa,
	     strong ? "A policy asks for phishing-resistant MFA." : "A policy asks for MFA.",
	     f->access.security_defaults == TRI_YES
	     ? "No policy does; security defaults ask for MFA in its place."
	     : all ? "No policy in force asks everybody for it at every application."
		   : "No policy in force asks Global Administrators for it at every application.",
	     "Make the policy, let it report for a week, leave two emergency accounts out, then "
	     "turn it on.");
}

static bool fits_managed(const struct item *item, const struct access_policy *p,
			 const struct whom *w)
{
	bool where = item->n ? p->all_apps : p->registration;

	return where && p->managed_device && w->all && !p->by_risk && !p->old_clients &&
	       (p->needs_all || !p->mfa || item->n);
}

/* Compliant or joined device, either is enough (peers.md c6). */
ITEM_JUDGE(item_managed)
{
	tell(item, f, out, one, fits_managed,
	     item->n ? "A managed device is needed to sign in."
		     : "A managed device is needed to register.",
	     item->n ? "No policy in force asks everybody for a managed device."
		     : "No policy asks everybody for a managed device to register.",
	     "Let new people register on site or with a Temporary Access Pass before such a "
	     "policy is enforced: it keeps out who has no managed device.");
}

static bool fits_place(const struct item *item, const struct access_policy *p,
		       const struct whom *w)
{
	(void)item;
	return p->registration && w->all && (p->outside_trusted || p->mfa || p->managed_device);
}

ITEM_JUDGE(item_registration_place)
{
	tell(item, f, out, one, fits_place, "A policy guards the registration.",
	     "No policy in force guards the registration of security information.",
	     "Guard it off the trusted locations, and give new people a Temporary Access Pass.");
}

static bool fits_device_code(const struct item *item, const struct access_policy *p,
			     const struct whom *w)
{
	(void)item;
	return p->device_code && p->block && w->all;
}

ITEM_JUDGE(item_device_code)
{
	tell(item, f, out, one, fits_device_code,
	     "Sign-in with a device code is blocked: sign in to this program with a browser or "
	     "a certificate.",
	     "No policy in force blocks the sign-in with a device code.",
	     "Block the device code flow for everybody who does not need it.");
}
