/* The pilot group and what is in it (facts graph.md 3). */
#include "checks/judge.h"

#include "graph/base/clock.h"

static const char *kind_text(const struct group *g)
{
	if (g->dynamic)
		return "its members come from a rule, so nobody can be added";
	if (g->on_premises)
		return "it is mastered on-premises, so members are changed there";
	if (g->unified)
		return "it is a Microsoft 365 group, not a security group";
	if (g->mail_enabled)
		return "it is mail-enabled, so Graph refuses to change its members";
	if (!g->security)
		return "it is not a security group";
	if (g->role_assignable)
		return "roles can be assigned to it, so changing it needs a high role";
	if (g->management_restricted)
		return "it is in a restricted administrative unit";
	return "an assigned security group";
}

static void group_evidence(const struct facts *f, struct findings *out, struct finding *one)
{
	char date[TIME_TEXT];

	for (size_t i = 0; i < f->groups.n; i++) {
		const struct group *g = &f->groups.v[i];

		area_evidence(f, out, one, AREA_GROUP, "%s, created %s: %s%s",
			      g->id ? g->id : "(no id)",
			      g->created_ms ? time_format_date(g->created_ms, date) : "?",
			      kind_text(g), g == f->groups.chosen ? " (used)" : "");
	}
}

static void no_usable_group(const struct facts *f, const struct wanted *w,
			    struct findings *out, struct finding *one)
{
	size_t usable = 0;

	for (size_t i = 0; i < f->groups.n; i++)
		usable += group_usable(&f->groups.v[i]);
	if (usable > 1) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "%zu groups are named %s: which one is meant must be decided.",
			    f->groups.n, w->group_name);
		finding_remedy(out, one, "Pick one of them in step 1, and rename the others.");
		return;
	}
	finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
		    "The group %s cannot be used: %s.", w->group_name,
		    kind_text(&f->groups.v[0]));
	finding_remedy(out, one, "Use another name with --group, or rename this group and let "
		       "step 1 create a security group with assigned members.");
}

static void judge_prereq(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "prereq.group", "group", "Security group");
	const struct group *g = f->groups.chosen;
	size_t n = f->members.people.n;

	one->link = LINK_GROUPS;
	if (!need_area(f, out, one, AREA_GROUP))
		return;
	group_evidence(f, out, one);
	if (!f->groups.n) {
		area_evidence(f, out, one, AREA_GROUP, "no group of that name");
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "There is no group %s yet.", w->group_name);
		finding_remedy(out, one, "Step 1 creates it.");
	} else if (!g) {
		no_usable_group(f, w, out, one);
	} else if (!group_usable(g)) {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "The group %s was picked, but %s.", w->group_name, kind_text(g));
		finding_remedy(out, one, "Use a security group with assigned members.");
	} else if (!facts_read(f, AREA_MEMBERS)) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "The group %s is there; cannot tell who is in it: %s.",
			    w->group_name, facts_why_unknown(f, AREA_MEMBERS, &out->arena));
	} else if (!n) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "The group %s has nobody in it.", w->group_name);
		finding_remedy(out, one, "Step 1 adds the people of the pilot.");
	} else if (f->groups.n > 1) {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "The group %s has %s, but another group has the same name.",
			    w->group_name, count_people(n, &out->arena));
		finding_remedy(out, one, "Rename the other group: in the admin centre the two "
			       "look the same.");
	} else {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "The group %s is an assigned security group with %s.",
			    w->group_name, count_people(n, &out->arena));
	}
}

static void judge_duplicate(const struct facts *f, const struct wanted *w,
			    struct findings *out)
{
	struct finding *one = findings_add(out, "health.duplicate-group", "group",
					   "Groups of the same name");

	one->link = LINK_GROUPS;
	if (!need_area(f, out, one, AREA_GROUP))
		return;
	group_evidence(f, out, one);
	if (!f->groups.n) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply yet: there is no group %s.", w->group_name);
	} else if (f->groups.n == 1) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "One group only is named %s.", w->group_name);
	} else {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "%zu groups are named %s: names are not unique, and people will "
			    "pick the wrong one.", f->groups.n, w->group_name);
		finding_remedy(out, one, "Rename or delete all but one; their ids are in the "
			       "evidence.");
	}
}

void judge_group(const struct facts *f, const struct wanted *w, struct findings *out)
{
	judge_prereq(f, w, out);
	judge_duplicate(f, w, out);
}

static void judge_nested(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "health.nested", "group", "Nested groups");
	struct names names = { .n = 0 };
	size_t indirect = 0;

	one->link = LINK_GROUPS;
	if (!need_members(f, w, out, one))
		return;
	for (size_t i = 0; i < f->members.nnested; i++)
		names_add(&names, f->members.nested[i]);
	for (size_t i = 0; i < f->members.people.n; i++)
		indirect += !f->members.people.v[i].direct;
	if (!names.n) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Every member is in the group itself.");
		return;
	}
	area_evidence(f, out, one, AREA_MEMBERS, "nested: %s",
		      names_text(&names, &out->arena));
	/* facts graph.md 3.6: SSPR follows nesting, for the methods policy that
	 * is not documented. */
	finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
		    "%zu nested group%s bring%s %s: password reset follows nesting, for the "
		    "methods policy that is not certain.", names.n, names.n == 1 ? "" : "s",
		    names.n == 1 ? "s" : "", count_people(indirect, &out->arena));
	finding_remedy(out, one, "Add the people themselves, or test with one of them.");
}

static bool is_guest(const struct person *p)
{
	return p->type == USER_GUEST;
}

static bool is_disabled(const struct person *p)
{
	return p->enabled == TRI_NO;
}

static bool is_admin(const struct person *p)
{
	return p->admin == TRI_YES;
}

/* The members of a kind that do not belong into the group. */
static void judge_kind(const struct facts *f, struct findings *out, struct finding *one,
		       bool (*is)(const struct person *p), const char *what, const char *why,
		       const char *remedy)
{
	struct names names = { .n = 0 };
	const char *text;

	for (size_t i = 0; i < f->members.people.n; i++)
		if (is(&f->members.people.v[i]))
			names_add(&names, person_label(&f->members.people.v[i]));
	text = names_text(&names, &out->arena);
	if (!names.n) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "No member is %s.", what);
		return;
	}
	area_evidence(f, out, one, AREA_MEMBERS, "%s", text);
	finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED, "%s in the group %s %s: %s.",
		    count_people(names.n, &out->arena), names.n == 1 ? "is" : "are", what, why);
	finding_remedy(out, one, "%s", remedy);
}

void judge_members(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one;

	judge_nested(f, w, out);
	one = findings_add(out, "health.guest-members", "group", "Guests in the group");
	one->link = LINK_GROUPS;
	if (need_members(f, w, out, one))
		judge_kind(f, out, one, is_guest, "a guest",
			   "guests reset their password where they come from",
			   "Take them out of the group.");
	one = findings_add(out, "health.disabled-members", "group", "Disabled members");
	one->link = LINK_GROUPS;
	if (need_members(f, w, out, one))
		judge_kind(f, out, one, is_disabled, "disabled",
			   "they cannot reset, and the registration report leaves them out",
			   "Take them out, or enable their accounts.");
	one = findings_add(out, "health.admin-members", "group", "Administrators in the group");
	one->link = LINK_ADMIN;
	if (need_members(f, w, out, one) && need_area(f, out, one, AREA_REGISTRATION))
		judge_kind(f, out, one, is_admin, "an administrator",
			   f->authorization.admins_may_reset == TRI_NO
			   ? "administrators may not reset, yet they are asked to register"
			   : "administrators follow a fixed policy of two gates, not the group's",
			   "Take administrators out of the group; test with ordinary accounts.");
}
