/* Step 7: notifications (runbook step 7). Neither has an API (facts graph.md 4.1). */
#include "graph/base/str.h"
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

#define MENU_LINK ADMIN_CENTRE_IAM "PasswordResetMenuBlade"

/* Where a person is sent whose reset fails. The runbook names no value. The page
 * itself has no proved link, so the menu's is taken. */
static void judge_helpdesk(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	const char *to = w->helpdesk;
	struct plan *p = &v->plan;
	struct change *c;

	if (setting_if_wanted(v, f, "notifications.helpdesk", "Help desk link", to))
		return;
	c = portal_guided(v, f, "notifications.helpdesk",
			  "Entra ID > Password reset > Customization", MENU_LINK,
			  arena_printf(&p->arena, "Help desk link: %s", to), to);
	plan_instruct(p, c, "Choose Customization in the menu on the left.");
	if (str_same(to, HELPDESK_NONE)) {
		plan_instruct(p, c, "Customize helpdesk link: No");
	} else {
		plan_instruct(p, c, "Customize helpdesk link: Yes");
		plan_instruct(p, c, "Custom helpdesk email or URL: %s", to);
	}
	plan_instruct(p, c, "Save.");
	c->detail = str_same(to, HELPDESK_NONE)
		    ? "Affects people whose reset fails: their request goes to the administrators."
		    : "Affects people whose reset fails: \"Contact your administrator\" leads them "
		      "there.";
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
	judge_helpdesk(f, w, v);
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
