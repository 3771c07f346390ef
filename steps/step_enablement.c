/* Step 2: who may reset (runbook step 2). No API tells or sets it (facts
 * graph.md 4.1), so the scope is triangulated and the change is a person's. */
#include "checks/impact.h"
#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "steps/parts.h"

#define PLACE "Entra ID > Password reset > Properties"
#define LINK ADMIN_CENTRE_IAM "PasswordResetMenuBlade/~/Properties"

static bool set_scope(const struct facts *f, const struct wanted *w, struct step_view *v,
		      enum scope *ret_scope)
{
	struct setting *s = step_setting(v, "enablement.scope",
					 "Self service password reset enabled");
	enum confidence confidence = CONFIDENCE_NONE;
	const char *how = "";
	bool matches;

	*ret_scope = scope_judge(f, w, &confidence, &how, &v->arena);
	matches = *ret_scope == w->scope && confidence != CONFIDENCE_CONTRADICTED;
	setting_fill(v, s, *ret_scope == SCOPE_UNKNOWN ? "?" : scope_name(*ret_scope),
		     scope_name(w->scope), matches, confidence, how);
	return matches;
}

/* Which group is selected: by the event or the report, else by the word of the
 * person who set the scope, because that change names the group too. */
static bool set_group(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	struct setting *s = step_setting(v, "enablement.group", "Selected group");
	const struct attestation *word = word_about(f, "enablement.scope");

	switch (scope_is_our_group(f, w)) {
	case TRI_YES:
		setting_fill(v, s, w->group_name, w->group_name, true,
			     (facts_read(f, AREA_AUDIT) && f->audit.scope_group.time_ms) ||
			     (facts_read(f, AREA_PORTAL) && f->portal.group_id)
			     ? CONFIDENCE_PROVED : CONFIDENCE_LIKELY,
			     "How we know: the audit log names the group, or the people "
			     "enabled are the people in it.");
		return true;
	case TRI_NO:
		setting_fill(v, s, "another group", w->group_name, false, CONFIDENCE_LIKELY,
			     "How we know: the audit log names another group, or people "
			     "outside this group are enabled.");
		return false;
	case TRI_UNKNOWN:
		break;
	}
	if (word && str_same_nocase(word->value, scope_name(SCOPE_SELECTED))) {
		setting_fill(v, s, w->group_name, w->group_name, true, CONFIDENCE_ATTESTED,
			     "How we know: the person who set the scope said so.");
		return true;
	}
	setting_fill(v, s, "?", w->group_name, false, CONFIDENCE_NONE,
		     "Nothing that can be read tells which group is selected.");
	return false;
}

/* Synced people whose reset cannot be written back end at the help desk (facts
 * graph.md S11). */
static void note_writeback(const struct facts *f, const struct wanted *w,
			   struct step_view *v)
{
	enum confidence confidence = CONFIDENCE_NONE;
	const char *how, *value;
	struct impact unwritten;
	int64_t time_ms;

	if (facts_hybrid(f) != TRI_YES || !w->writeback)
		return;
	value = setting_judge(f, "writeback.tenant", &confidence, &how, &time_ms, &v->arena);
	if (str_same(value, "on") && confidence == CONFIDENCE_PROVED)
		return;
	step_note(v, true, "Password writeback is not proved to work. Do step 4 first: until "
		  "then synced people who try to reset are sent to the help desk.");
	impact_unwritten(f, &unwritten, &v->arena);
	if (impact_total(&unwritten))
		step_note(v, true, "Synced in the group: %s.",
			  impact_text(&unwritten, &v->arena));
}

static void note_admins(const struct facts *f, struct step_view *v)
{
	struct impact admins;

	impact_admins(f, &admins, &v->arena);
	if (impact_total(&admins))
		step_note(v, false, "Administrators in the group: %s. The scope does not decide "
			  "for them: step 5 does.", impact_text(&admins, &v->arena));
}

/* Who gains and who loses, before the yes. */
static const char *affected(const struct facts *f, const struct wanted *w, struct arena *a)
{
	struct impact gain, lose;
	const char *unread = "";

	impact_gain(f, w->scope, &gain, a);
	impact_lose(f, w->scope, &lose, a);
	if (!facts_read(f, AREA_REGISTRATION))
		unread = arena_printf(a, " Who can reset now cannot be told: %s.",
				      facts_why_unknown(f, AREA_REGISTRATION, a));
	return arena_printf(a, "Affects %s.%s%s%s%s%s%s%s", members_text(a, f, w), unread,
			    impact_total(&gain) ? " Can reset then and cannot now: " : "",
			    impact_total(&gain) ? impact_text(&gain, a) : "",
			    impact_total(&gain) ? "." : "",
			    impact_total(&lose) ? " Can reset now and cannot then: " : "",
			    impact_total(&lose) ? impact_text(&lose, a) : "",
			    impact_total(&lose) ? "." : "");
}

static struct change *add_scope(const struct facts *f, const struct wanted *w,
				struct step_view *v, enum scope now)
{
	if (w->scope != SCOPE_SELECTED)
		return guided_add(v, f, MEANS_GUIDED, "enablement.scope", PLACE, LINK,
				  "Set password reset to %s", scope_name(w->scope));
	if (now == SCOPE_ALL)
		return guided_add(v, f, MEANS_GUIDED, "enablement.scope", PLACE, LINK,
				  "Narrow password reset from everybody to %s", w->group_name);
	return guided_add(v, f, MEANS_GUIDED, "enablement.scope", PLACE, LINK,
			  "Enable password reset for %s", w->group_name);
}

static void plan_scope(const struct facts *f, const struct wanted *w, struct step_view *v,
		       enum scope now, bool missing)
{
	struct change *c = add_scope(f, w, v, now);
	struct plan *p = &v->plan;

	if (w->scope == SCOPE_SELECTED && missing)
		plan_instruct(p, c, "Apply step 1 first: there is no group %s yet that could be "
			      "selected.", w->group_name);
	plan_instruct(p, c, "Self service password reset enabled: %s", scope_name(w->scope));
	if (w->scope == SCOPE_SELECTED)
		plan_instruct(p, c, "Select group: %s", w->group_name);
	plan_instruct(p, c, "Save. It needs at least the role Authentication Policy "
		      "Administrator.");
	c->detail = affected(f, w, &p->arena);
	c->undo = "set it back to what it was, in the same place";
	guided_attest(v, c, "enablement.scope", scope_name(w->scope));
	portal_offer(v, f, w->group_name, c);
}

/* Who set it to All and when, as far as the audit log tells. */
static const char *who_widened(const struct facts *f, struct step_view *v)
{
	const struct policy_value *set = &f->audit.scope;
	char date[TIME_TEXT];

	if (!facts_read(f, AREA_AUDIT) || !set->time_ms)
		return ".";
	return arena_printf(&v->arena, ": %s set it on %s.",
			    set->actor ? set->actor : "somebody unnamed",
			    time_format_date(set->time_ms, date));
}

/* Somebody allowed beta for this sign of the scope: say it when it is not there. */
static void note_recommendation(const struct facts *f, struct step_view *v)
{
	enum source_state s = f->source[AREA_RECOMMENDATION].state;

	if (s == SOURCE_FORBIDDEN || s == SOURCE_FAILED)
		step_note(v, false, "One sign of the scope is missing: %s.",
			  facts_why_unknown(f, AREA_RECOMMENDATION, &v->arena));
}

static void judge(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	const char *why;
	enum group_use use = group_use(f, w, &why, &v->arena);
	enum scope now;
	bool scope = set_scope(f, w, v, &now), group = true;
	bool deviates = now == SCOPE_ALL && w->scope == SCOPE_SELECTED;

	if (w->scope == SCOPE_SELECTED)
		group = set_group(f, w, v);
	note_writeback(f, w, v);
	note_admins(f, v);
	note_recommendation(f, v);
	if (use == GROUP_UNDECIDED || use == GROUP_UNUSABLE) {
		step_decide(v, STEP_BLOCKED, "%s", why);
		return;
	}
	if (deviates)
		step_note(v, true, "Everybody may reset now. Selected narrows it to the group: "
			  "everybody outside loses password reset.");
	if (scope && group)
		return;
	if (use == GROUP_MISSING)
		step_note(v, false, "The group does not exist yet: do step 1 first.");
	else if (!f->members.people.n)
		step_note(v, false, "The group is empty: enabling it enables nobody.");
	step_note(v, false, "The report that proves the scope is some hours behind; the audit "
		  "log shows the change within minutes.");
	plan_scope(f, w, v, now, use == GROUP_MISSING);
	if (deviates)
		step_decide(v, plan_automatic(&v->plan) ? STEP_CHANGES : STEP_GUIDED,
			    "Everybody may reset, not only %s%s", w->group_name,
			    who_widened(f, v));
}

const struct step_ops step_enablement = {
	.id = "enablement",
	.version = 1,
	.number = 2,
	.title = "Enable password reset",
	.why = "Password reset is switched on for the people in the group, and for nobody else. "
	       "Microsoft gives no API for it: you set it, the wizard proves it.",
	.requires = STRINGS("group"),
	.areas = AREA_BIT(AREA_ORGANIZATION) | AREA_BIT(AREA_GROUP) | AREA_BIT(AREA_MEMBERS) |
		 AREA_BIT(AREA_REGISTRATION) | AREA_BIT(AREA_AUDIT) | AREA_BIT(AREA_SCORE) |
		 AREA_BIT(AREA_RECOMMENDATION),
	.evidence = AREA_BIT(AREA_ORGANIZATION) | AREA_BIT(AREA_MEMBERS) |
		    AREA_BIT(AREA_REGISTRATION) | AREA_BIT(AREA_AUDIT) | AREA_BIT(AREA_SCORE) |
		    AREA_BIT(AREA_RECOMMENDATION),
	.write_scopes = (const char *const[]){ NULL },
	.judge = judge,
};
