/* Step 6: combined registration (runbook step 6; facts graph.md 5.5, 9). */
#include "checks/traps.h"
#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "steps/parts.h"

#define POLICIES_PLACE "Entra ID > Authentication methods > Policies"
#define POLICIES_LINK ADMIN_CENTRE_IAM "AuthenticationMethodsMenuBlade/~/AdminAuthMethods"

struct share {
	size_t registered, total;
	int64_t oldest_ms;
	bool of_group;
};

/* Of the people in the group, or of everybody while it is empty. */
static struct share count_registered(const struct facts *f)
{
	struct share s = { 0 };

	for (size_t i = 0; i < f->members.people.n; i++) {
		const struct person *p = &f->members.people.v[i];

		if (p->type == USER_GUEST || p->enabled == TRI_NO)
			continue;
		s.total++;
		s.registered += p->sspr_registered == TRI_YES;
	}
	s.of_group = s.total > 0;
	s.oldest_ms = f->registration.oldest_row_ms;
	if (!s.total) {
		s.registered = f->registration.registered_total;
		s.total = f->registration.members_total;
	}
	return s;
}

static bool enough(const struct share *s, const struct wanted *w)
{
	return s->total && s->registered * 100 >= s->total * (size_t)w->registered_percent;
}

static bool set_share(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	struct setting *set = step_setting(v, "registration.people", "People registered");
	const char *wanted = arena_printf(&v->arena, "%d %% or more", w->registered_percent);
	struct share s = count_registered(f);
	char age[TIME_TEXT];
	const char *how;

	if (!facts_read(f, AREA_REGISTRATION) || !s.total) {
		how = facts_read(f, AREA_REGISTRATION) ? "The report has nobody to count yet."
		      : facts_why_unknown(f, AREA_REGISTRATION, &v->arena);
		setting_fill(v, set, "?", wanted, false, CONFIDENCE_NONE, how);
		return false;
	}
	how = arena_printf(&v->arena, "How we know: Microsoft's registration report, its oldest "
			   "row %s old.", s.oldest_ms ? time_span(f->now_ms - s.oldest_ms, age)
			   : "of unknown age, perhaps hours");
	setting_fill(v, set, arena_printf(&v->arena, "%zu of %zu%s", s.registered, s.total,
					  s.of_group ? " in the group" : " in the tenant"),
		     wanted, enough(&s, w), CONFIDENCE_LIKELY, how);
	return s.of_group && enough(&s, w);
}

static void set_migration(const struct facts *f, struct step_view *v)
{
	static const char *const words[] = {
		[MIGRATION_UNKNOWN] = "?",
		[MIGRATION_PRE] = "not started",
		[MIGRATION_IN_PROGRESS] = "in progress",
		[MIGRATION_COMPLETE] = "complete",
		[MIGRATION_NULL] = "nothing to migrate",
	};
	enum migration now = f->methods.migration;
	bool matches = now == MIGRATION_COMPLETE || now == MIGRATION_NULL;
	struct setting *s;
	struct change *c;

	/* Where there is no such policy there is nothing to migrate to. */
	if (f->source[AREA_METHODS].state == SOURCE_ABSENT)
		return;
	s = step_setting(v, "registration.migration",
			 "Migration to the authentication methods policy");
	if (f->source[AREA_METHODS].state != SOURCE_READ) {
		setting_fill(v, s, "?", "complete", false, CONFIDENCE_NONE,
			     facts_why_unknown(f, AREA_METHODS, &v->arena));
		return;
	}
	setting_fill(v, s, words[now], "complete", matches, CONFIDENCE_PROVED, "");
	if (matches)
		return;
	c = guided_add(v, f, MEANS_GUIDED, "registration.migration", POLICIES_PLACE,
		       POLICIES_LINK, "Finish the migration of the methods");
	plan_instruct(&v->plan, c, "Manage migration: follow the automated migration guide; it "
		      "carries over what the legacy policies allow.");
	plan_instruct(&v->plan, c, "Compare the methods before you choose Migration complete: one "
		      "that only a legacy policy allows stops working for its users.");
	c->detail = "Affects everybody who uses a method that only a legacy policy allows.";
	c->undo = "set it back to Migration in progress in the same place";
}

static bool set_invited(const struct facts *f, struct step_view *v, bool registered)
{
	const struct attestation *word = word_about(f, "registration.invited");
	struct setting *s = step_setting(v, "registration.invited", "People invited to register");
	char date[TIME_TEXT];

	if (registered) {
		setting_fill(v, s, "enough have registered", "yes", true, CONFIDENCE_LIKELY, "");
		return true;
	}
	if (!word || !str_same_nocase(word->value, "yes")) {
		setting_fill(v, s, "?", "yes", false, CONFIDENCE_NONE,
			     "Nobody has said so yet.");
		return false;
	}
	setting_fill(v, s, "yes", "yes", true, CONFIDENCE_ATTESTED,
		     arena_printf(&v->arena, "How we know: %s said so on %s.",
				  word->who ? word->who : "somebody",
				  time_format_date(word->time_ms, date)));
	return true;
}

static void plan_invite(const struct facts *f, struct step_view *v)
{
	struct change *c = guided_add(v, f, MEANS_GUIDED, "registration.invite",
				      "your mail or chat", NULL,
				      "Invite people to register their methods");
	struct plan *p = &v->plan;

	plan_instruct(p, c, "Send this text: \"You will soon be able to reset your password "
		      "yourself. Please open " MY_SECURITY_INFO " today and add Microsoft "
		      "Authenticator and a second method. It takes five minutes. Without it you "
		      "cannot reset your password.\"");
	plan_instruct(p, c, "Send it to the people who are not registered; the report is some "
		      "hours behind.");
	c->link = MY_SECURITY_INFO;
	c->detail = "Affects the people who have registered too little to reset.";
	c->undo = "nothing is changed by it";
	guided_attest(v, c, "registration.invited", "yes");
}

/* A policy that catches whoever is to register for the first time, or would, in the
 * words of the findings. */
static void note_trap(const struct facts *f, const struct access_policy *p, struct step_view *v)
{
	enum trap t = access_trap(p);
	const char *text = trap_sentence(p, t, &v->arena);

	if (t == TRAP_NONE)
		return;
	if (access_enforced(p) && p->hits_group)
		step_note(v, true, "%s %s", text, trap_way_out(t, pass_usable(f)));
	else if (access_reports(p) || (access_enforced(p) && p->hits_unknown))
		step_note(v, false, "%s", text);
}

/* The worst comes first. */
static void note_access(const struct facts *f, struct step_view *v)
{
	const struct access_policy *worst;
	enum trap worst_trap;

	if (f->source[AREA_ACCESS].state != SOURCE_READ) {
		step_note(v, false, "Whether Conditional Access stands in the way is not known: "
			  "%s.", facts_why_unknown(f, AREA_ACCESS, &v->arena));
		return;
	}
	worst = trap_in_force(f, &worst_trap);
	if (worst)
		note_trap(f, worst, v);
	for (size_t i = 0; i < f->access.nall; i++)
		if (&f->access.all[i] != worst)
			note_trap(f, &f->access.all[i], v);
}

/* Members who have nothing to sign in with but the password. */
static size_t without_method(const struct facts *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->members.people.n; i++) {
		const struct person *p = &f->members.people.v[i];

		n += p->row_ms && !p->nmethods && p->enabled != TRI_NO && p->type != USER_GUEST;
	}
	return n;
}

static void plan_pass(const struct facts *f, struct step_view *v)
{
	struct change *c = guided_add(v, f, MEANS_GUIDED, "registration.pass", PASS_PLACE,
				      POLICIES_LINK, "Turn the Temporary Access Pass on for the "
				      "pilot");
	struct plan *p = &v->plan;
	size_t n = without_method(f);

	plan_instruct(p, c, "Temporary Access Pass: Enable, and include the group under Target%s.",
		      f->methods.method[METHOD_TAP].nexclude
		      ? "; see that it is not under Exclude" : "");
	plan_instruct(p, c, "Configure: one-time use, an hour or as long as the pilot needs. Save.");
	c->detail = n ? arena_printf(&p->arena, "Affects %zu %s of the group without any method: "
				     "with a pass they can register.", n,
				     n == 1 ? "person" : "people")
		      : "Affects people without any method who come to the group: with a pass "
			"they can register.";
}

/* How somebody without any method begins: proved by the methods policy. */
static void judge_pass(const struct facts *f, struct step_view *v)
{
	const struct access_policy *needs = trap_wants_pass(f);
	const char *settings = pass_settings(f, &v->arena);
	enum tri usable = pass_usable(f);
	struct setting *s;

	if (!facts_read(f, AREA_METHODS))
		return;
	s = step_setting(v, "registration.pass", "Temporary Access Pass");
	setting_fill(v, s, pass_whom(f), needs ? "on, for the pilot" : "left as it is",
		     !needs || usable == TRI_YES, CONFIDENCE_PROVED,
		     *settings ? arena_printf(&v->arena, "A pass here: %s.", settings) : "");
	step_note(v, needs && usable == TRI_NO, "%s %s",
		  pass_summary(f, needs ? needs->name : NULL, &v->arena),
		  usable == TRI_YES ? pass_handling(f) : pass_remedy(f));
	if (needs && usable == TRI_NO)
		plan_pass(f, v);
}

static void note_others(const struct facts *f, struct step_view *v)
{
	if (facts_read(f, AREA_BRANDING) && f->branding.hide_reset_link == TRI_YES)
		step_note(v, true, "The sign-in page hides the link \"Can't access your "
			  "account?\": people must know https://aka.ms/sspr.");
	if (facts_read(f, AREA_METHODS) && f->methods.campaign_state)
		step_note(v, false, "Registration campaign: %s. It nudges for Authenticator or "
			  "passkeys at sign-in; it is not the requirement to register for "
			  "password reset.",
			  str_same_nocase(f->methods.campaign_state, "default")
			  ? "managed by Microsoft" : f->methods.campaign_state);
	if (f->registration.question_only)
		step_note(v, true, "%zu %s little more than security questions. %s",
			  f->registration.question_only,
			  f->registration.question_only == 1 ? "person has" : "people have",
			  dated_text("security-questions", f->cloud, f->now_ms, &v->arena));
	step_note(v, false, "%s", dated_text("registered-only", f->cloud, f->now_ms, &v->arena));
	step_note(v, false, "Combined registration has no switch any more: it is on in every "
		  "tenant.");
}

#define REGISTRATION_PLACE "Entra ID > Password reset > Registration"
#define REGISTRATION_LINK ADMIN_CENTRE_IAM "PasswordResetMenuBlade/~/Registration"
#define REQUIRED "Require users to register when signing in"
#define DAYS "Days before people re-confirm their methods"

/* The runbook names no value for these two: a profile may (Microsoft Learn, "Tutorial:
 * Enable users to unlock their account or reset passwords"). */
static void judge_sign_in(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	enum tri want = w->registration_required;
	const char *required = want == TRI_UNKNOWN ? NULL : want == TRI_YES ? "on" : "off";
	const char *days = w->reconfirm_days < 0 ? NULL
			   : arena_printf(&v->arena, "%d", w->reconfirm_days);
	struct plan *p = &v->plan;
	struct change *c;

	if (!setting_if_wanted(v, f, "registration.required", REQUIRED, required)) {
		c = portal_guided(v, f, "registration.required", REGISTRATION_PLACE,
				  REGISTRATION_LINK, want == TRI_YES ? REQUIRED ": Yes"
				  : REQUIRED ": No", required);
		plan_instruct(p, c, REQUIRED "?: %s", want == TRI_YES ? "Yes" : "No");
		plan_instruct(p, c, "Save.");
		c->detail = want == TRI_YES
			    ? "Affects everybody in the scope who has registered too little: the "
			      "next sign-in asks for it, and may be skipped."
			    : "Affects people who have not registered: nobody asks them any more.";
		portal_offer(v, f, NULL, c);
	}
	if (setting_if_wanted(v, f, "registration.days", DAYS, days))
		return;
	c = portal_guided(v, f, "registration.days", REGISTRATION_PLACE, REGISTRATION_LINK,
			  arena_printf(&p->arena, DAYS ": %s", days), days);
	plan_instruct(p, c, "Number of days before users are asked to re-confirm their "
		      "authentication information: %s", days);
	plan_instruct(p, c, "It is shown only while people are required to register. Save.");
	c->detail = w->reconfirm_days
		    ? "Affects everybody in the scope: after so many days the sign-in asks whether "
		      "the methods are still right."
		    : "Affects everybody in the scope: nobody is asked again whether the methods "
		      "are still right.";
	portal_offer(v, f, NULL, c);
}

static void judge(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	bool registered;

	set_migration(f, v);
	registered = set_share(f, w, v);
	if (!set_invited(f, v, registered))
		plan_invite(f, v);
	judge_sign_in(f, w, v);
	note_access(f, v);
	judge_pass(f, v);
	note_others(f, v);
}

const struct step_ops step_registration = {
	.id = "registration",
	.version = 1,
	.number = 6,
	.title = "Combined registration",
	.why = "People register their methods once, for sign-in and for password reset. Who has "
	       "not registered cannot reset.",
	.requires = STRINGS("methods"),
	.areas = AREA_BIT(AREA_METHODS) | AREA_BIT(AREA_REGISTRATION) | AREA_BIT(AREA_MEMBERS) |
		 AREA_BIT(AREA_ACCESS) | AREA_BIT(AREA_BRANDING) | AREA_BIT(AREA_AUDIT),
	.evidence = AREA_BIT(AREA_REGISTRATION) | AREA_BIT(AREA_MEMBERS) | AREA_BIT(AREA_ACCESS) |
		    AREA_BIT(AREA_BRANDING) | AREA_BIT(AREA_AUDIT),
	.write_scopes = (const char *const[]){ NULL },
	.judge = judge,
};
