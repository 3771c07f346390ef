/* Step 5: administrators (runbook step 5; facts graph.md 6). */
#include "checks/gates.h"
#include "graph/base/str.h"
#include "steps/parts.h"

#define POLICY "/v1.0/policies/authorizationPolicy"

static struct json *allowed(bool on)
{
	struct json *j = json_new_object();

	json_add_bool(j, "allowedToUseSSPR", on);
	return j;
}

static void plan_allow(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	struct change *c = plan_add(&v->plan, "admin", "admin.allow", MEANS_GRAPH);
	bool on = w->admins_may_reset;

	c->title = on ? "Let administrators reset their own password"
		      : "Stop administrators from resetting their own password";
	c->detail = arena_printf(&v->plan.arena, "Affects administrators only (%zu known), "
				 "within 60 minutes.", f->admins.people.n);
	c->method = "PATCH";
	c->url = POLICY;
	c->body = allowed(on);
	c->guard_url = POLICY;
	c->guard_expect = allowed(!on);
	c->undo_method = "PATCH";
	c->undo_url = POLICY;
	c->undo_body = allowed(!on);
	c->undo = on ? "do not allow it any more" : "allow it again";
}

/* Administrators need two of app, phone and email, whatever the number for
 * users is (facts graph.md 6.2). */
static void note_gates(const struct facts *f, struct step_view *v)
{
	const struct people *p = &f->admins.people;
	const struct person **few;
	size_t n = 0;

	if (!facts_read(f, AREA_ADMINS)) {
		step_note(v, false, "Whether every administrator has two methods is not known: "
			  "%s.", facts_why_unknown(f, AREA_ADMINS, &v->arena));
		return;
	}
	few = arena_alloc(&v->arena, (p->n + 1) * sizeof(*few));
	for (size_t i = 0; i < p->n; i++)
		if (gates_count(person_gates(&p->v[i])) < 2)
			few[n++] = &p->v[i];
	if (n)
		step_note(v, true, "%zu of %zu administrators could not reset, because they have "
			  "fewer than two of app, phone and email: %s.", n, p->n,
			  step_people_text(&v->arena, few, n));
}

static void judge(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	enum tri now = f->authorization.admins_may_reset;
	struct setting *s = step_setting(v, "admin.allowed",
					 "Administrators may reset their password");
	bool matches = now == (w->admins_may_reset ? TRI_YES : TRI_NO);

	setting_fill(v, s, now == TRI_UNKNOWN ? "?" : now == TRI_YES ? "on" : "off",
		     w->admins_may_reset ? "on" : "off", matches,
		     now == TRI_UNKNOWN ? CONFIDENCE_NONE : CONFIDENCE_PROVED, "");
	s = step_setting(v, "admin.methods", "Number of methods required");
	setting_fill(v, s, "2", "2", true, CONFIDENCE_PROVED,
		     "Fixed by Microsoft: two of app, phone and email; nobody can change it.");
	s = step_setting(v, "admin.questions", "Security questions");
	setting_fill(v, s, "prohibited", "prohibited", true, CONFIDENCE_PROVED,
		     "Fixed by Microsoft for administrators.");
	note_gates(f, v);
	if (w->admins_may_reset)
		step_note(v, true, "The CIS benchmark and Microsoft's Zero Trust assessment "
			  "advise to keep this off; the runbook wants it on.");
	if (now == TRI_UNKNOWN) {
		step_decide(v, STEP_UNKNOWN, "the authorization policy does not say whether "
			    "administrators may reset");
		return;
	}
	if (matches)
		return;
	step_note(v, false, "It takes up to 60 minutes until a change works.");
	plan_allow(f, w, v);
}

const struct step_ops step_admin = {
	.id = "admin",
	.version = 1,
	.number = 5,
	.title = "Administrators",
	.why = "Administrators have a policy of their own: two methods, no questions. Only "
	       "whether they may reset can be chosen.",
	.requires = (const char *const[]){ NULL },
	.areas = AREA_BIT(AREA_AUTHORIZATION) | AREA_BIT(AREA_ADMINS),
	.evidence = AREA_BIT(AREA_ADMINS),
	.write_scopes = STRINGS("Policy.ReadWrite.Authorization"),
	.judge = judge,
};
