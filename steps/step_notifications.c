/* Step 7: notifications (runbook step 7). Neither has an API (facts graph.md 4.1). */
#include "steps/parts.h"

#define PLACE "Entra ID > Password reset > Notifications"
#define LINK ADMIN_CENTRE_IAM "PasswordResetMenuBlade/~/Notifications"

/* Names as the page shows them (facts graph.md 4.3). */
static void judge_one(const struct facts *f, struct step_view *v, const char *key,
		      const char *name, bool wanted, const char *who)
{
	struct setting *s = step_setting(v, key, name);
	const char *value = wanted ? "on" : "off";
	struct change *c;

	if (setting_from_evidence(v, f, s, key, value))
		return;
	c = guided_add(v, f, MEANS_GUIDED, key, PLACE, LINK, "%s: %s", name,
		       wanted ? "Yes" : "No");
	c->detail = arena_strdup(&v->plan.arena, who);
	plan_instruct(&v->plan, c, "%s: %s", name, wanted ? "Yes" : "No");
	plan_instruct(&v->plan, c, "Save.");
	guided_attest(v, c, key, value);
	portal_offer(v, f, NULL, c);
}

static void judge(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	judge_one(f, v, "notifications.users", "Notify users on password resets",
		  w->notify_users, "Whoever resets gets a mail at the primary and the "
		  "alternate address.");
	judge_one(f, v, "notifications.admins",
		  "Notify all admins when other admins reset their password", w->notify_admins,
		  "Administrators get a mail when another one resets.");
}

const struct step_ops step_notifications = {
	.id = "notifications",
	.version = 1,
	.number = 7,
	.title = "Notifications",
	.why = "A mail about every reset lets people and administrators notice one that they "
	       "did not make.",
	.requires = STRINGS("enablement"),
	.areas = AREA_BIT(AREA_AUDIT),
	.evidence = AREA_BIT(AREA_AUDIT),
	.write_scopes = (const char *const[]){ NULL },
	.judge = judge,
};
