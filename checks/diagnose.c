/* The runbook's troubleshooting (four cases) and what else keeps a person from
 * resetting (facts graph.md 1.3, 2.1, 6.2, 7.1, 8.4). */
#include "checks/diagnose.h"

#include "checks/gates.h"
#include "checks/judge.h"
#include "checks/live_test.h"
#include "graph/base/clock.h"

#define DAY_MS (24 * 60 * 60 * 1000LL)
#define REGISTER_AT "https://aka.ms/mysecurityinfo"

static const struct person *find_in(const struct people *p, const char *user)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_same_nocase(p->v[i].upn, user) || str_same_nocase(p->v[i].id, user) ||
		    str_same_nocase(p->v[i].mail, user))
			return &p->v[i];
	return NULL;
}

const struct person *diagnose_find(const struct facts *f, const char *user)
{
	const struct person *p = find_in(&f->wanted_people.people, user);

	if (!p)
		p = find_in(&f->members.people, user);
	return p ? p : find_in(&f->admins.people, user);
}

static struct finding *begin(struct findings *out, const char *id, const char *title)
{
	return findings_add(out, id, "diagnose", title);
}

static void judge_account(const struct facts *f, const struct person *p,
			  struct findings *out)
{
	struct finding *one = begin(out, "diagnose.account", "Account");

	finding_evidence(out, one, "account", f->now_ms, "%s, %s, %s", person_label(p),
			 p->type == USER_GUEST ? "guest" : "member",
			 p->synced == TRI_YES ? "synchronised" : "cloud-only");
	if (p->type == USER_GUEST) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "This is a guest: the password is reset where the guest comes from.");
		finding_remedy(out, one, "Send the guest to the own organisation's help desk.");
	} else if (p->enabled == TRI_NO) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "The account is disabled.");
		finding_remedy(out, one, "Enable the account, if the person is to sign in.");
	} else if (p->enabled == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell whether the account is enabled.");
		finding_remedy(out, one, "Grant User.Read.All.");
	} else {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "The account is enabled.");
	}
}

/* Administrators have a policy of their own, whatever the group says. */
static void judge_admin_policy(const struct facts *f, const struct person *p,
			       struct findings *out)
{
	struct finding *one = begin(out, "diagnose.admin", "Administrator policy");
	unsigned have = gates_count(person_gates(p)), needed = admin_gates_needed(f);

	one->link = LINK_ADMIN;
	if (p->admin == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell whether this is an administrator: the report has no "
			    "row of the person.");
		return;
	}
	if (p->admin == TRI_NO) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: this is no administrator.");
		return;
	}
	area_evidence(f, out, one, AREA_REGISTRATION, "%u of the gates app, phone and e-mail",
		      have);
	if (f->authorization.admins_may_reset == TRI_NO) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "Administrators may not reset their own password in this tenant.");
		finding_remedy(out, one, "Step 5 turns it on (it takes up to 60 minutes), or "
			       "another administrator resets the password.");
	} else if (have < needed) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "An administrator needs %u gates and has registered %u.", needed,
			    have);
		finding_remedy(out, one, "Register Microsoft Authenticator and a phone or e-mail "
			       "address at " REGISTER_AT ".");
	} else {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "An administrator, with %u gates registered.", have);
	}
}

/* Nothing of this tenant decides on the password of a guest. */
static bool is_guest(const struct person *p, struct findings *out, struct finding *one)
{
	if (p->type != USER_GUEST)
		return false;
	finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
		    "Does not apply: a guest's password is not kept here.");
	return true;
}

static void judge_scope(const struct facts *f, const struct wanted *w,
			const struct person *p, struct findings *out)
{
	struct finding *one = begin(out, "diagnose.group", "Enabled for reset");
	enum confidence confidence;
	const char *how;
	enum scope s = scope_judge(f, w, &confidence, &how, &out->arena);
	bool known = facts_read(f, AREA_MEMBERS);
	bool member = known && people_find(&f->members.people, p->id);

	one->link = LINK_GROUPS;
	if (is_guest(p, out, one))
		return;
	if (p->admin == TRI_YES) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: an administrator follows the administrator policy.");
		return;
	}
	finding_evidence(out, one, "scope", 0, "%s. %s", scope_name(s), how);
	if (known)
		area_evidence(f, out, one, AREA_MEMBERS, "%s the group %s",
			      member ? "in" : "not in", w->group_name);
	if (p->row_ms)
		finding_evidence(out, one, "registration report", p->row_ms, "isSsprEnabled: %s",
				 p->sspr_enabled == TRI_YES ? "true" : "false");
	if (s == SCOPE_NONE) {
		finding_set(out, one, VERDICT_FAIL, confidence,
			    "Password reset is enabled for nobody.");
		finding_remedy(out, one, "Step 2 enables it for the group.");
	} else if (s == SCOPE_SELECTED && known && !member) {
		finding_set(out, one, p->sspr_enabled == TRI_YES ? VERDICT_WARN : VERDICT_FAIL,
			    confidence, "The person is not in the group %s.", w->group_name);
		finding_remedy(out, one, "Add the person to the group, then wait some minutes.");
	} else if (p->sspr_enabled == TRI_YES || s == SCOPE_ALL) {
		finding_set(out, one, VERDICT_PASS,
			    p->sspr_enabled == TRI_YES ? CONFIDENCE_PROVED : confidence,
			    "Password reset is enabled for this person.");
	} else if (s == SCOPE_SELECTED && member) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_LIKELY,
			    "The person is in the group; the report lags behind by hours.");
	} else {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell whether password reset is enabled for this person.");
	}
}

/* Enabled, registered and still not capable: what is registered is not allowed (facts
 * graph.md 7.1). Nothing is said where that is not so. */
static void judge_allowed(const struct person *p, struct findings *out)
{
	struct finding *one;

	if (p->sspr_enabled != TRI_YES || p->sspr_capable != TRI_NO)
		return;
	one = begin(out, "diagnose.allowed", "Methods allowed");
	one->link = LINK_REGISTRATION;
	finding_evidence(out, one, "registration report", p->row_ms,
			 "isSsprRegistered: true, isSsprEnabled: true, isSsprCapable: false");
	finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
		    "What the person registered is not allowed for a reset.");
	finding_remedy(out, one, "Allow it for the group (step 3), or let the person register "
		       "another method at " REGISTER_AT ".");
}

static void judge_methods_of(const struct facts *f, const struct person *p,
			     struct findings *out)
{
	struct finding *one = begin(out, "diagnose.registered", "Registered methods");
	struct names names = { .n = 0 };

	one->link = LINK_REGISTRATION;
	if (is_guest(p, out, one))
		return;
	if (p->admin == TRI_YES) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: an administrator is judged by gates.");
		return;
	}
	if (!need_area(f, out, one, AREA_REGISTRATION))
		return;
	if (!p->row_ms) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the report has no row of the person yet.");
		finding_remedy(out, one, "New accounts take some hours; disabled ones never "
			       "appear.");
		return;
	}
	for (size_t i = 0; i < p->nmethods; i++)
		names_add(&names, p->methods[i]);
	finding_evidence(out, one, "registration report", p->row_ms, "%s",
			 p->nmethods ? names_text(&names, &out->arena) : "no method");
	if (p->sspr_registered == TRI_YES) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "The person has registered the required methods.");
		judge_allowed(p, out);
		return;
	}
	if (p->sspr_registered == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the report does not say whether it is enough.");
		return;
	}
	finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
		    p->nmethods ? "The person has not registered as many methods as are required."
				: "The person has registered no method.");
	finding_remedy(out, one, "Send the person to " REGISTER_AT " and let the registration be "
		       "completed.");
}

/* A policy on the registration that catches this person: the group's, for who
 * is in it; for anybody else only one that is set on everybody. */
static bool policy_catches(const struct facts *f, const struct access_policy *a,
			   const struct person *p)
{
	if (!str_same_nocase(a->state, "enabled") || !(a->block || a->mfa || a->managed_device))
		return false;
	if (people_find(&f->members.people, p->id))
		return a->hits_group;
	return a->users_json && str_find_nocase(a->users_json, "\"All\"");
}

static void judge_registering(const struct facts *f, const struct person *p,
			      struct findings *out)
{
	struct finding *one = begin(out, "diagnose.registration-policy",
				    "Conditional Access on registration");

	if (p->sspr_registered == TRI_YES || p->type == USER_GUEST) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    p->type == USER_GUEST
			    ? "Does not apply: a guest does not register here."
			    : "Does not apply: the person has registered already.");
		return;
	}
	if (!need_area(f, out, one, AREA_ACCESS))
		return;
	for (size_t i = 0; i < f->access.n; i++) {
		const struct access_policy *a = &f->access.v[i];

		if (!policy_catches(f, a, p))
			continue;
		area_evidence(f, out, one, AREA_ACCESS, "%s: %s", a->name,
			      a->block ? a->outside_trusted ? "blocks outside trusted locations"
							    : "blocks"
			      : a->mfa ? "wants MFA" : "wants a managed device");
	}
	if (!one->nevidence) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "No policy keeps the person from registering.");
		return;
	}
	finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
		    "Conditional Access may keep the person from registering.");
	finding_remedy(out, one, "Let the person register on site, from a managed device, or with "
		       "a Temporary Access Pass.");
}

static void judge_writeback_of(const struct facts *f, const struct person *p,
			       struct findings *out)
{
	struct finding *one = begin(out, "diagnose.writeback", "Password writeback");
	const struct audit *a = &f->audit;
	enum confidence confidence;
	const char *how, *value;
	int64_t time_ms;

	one->link = LINK_WRITEBACK;
	if (p->synced == TRI_NO) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: the password lives in the cloud.");
		return;
	}
	if (p->synced == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell whether the person is synchronised.");
		return;
	}
	value = setting_judge(f, "writeback.tenant", &confidence, &how, &time_ms, &out->arena);
	finding_evidence(out, one, "writeback", time_ms, "%s", how);
	finding_remedy(out, one, "On the Connect server: is the service running, is writeback "
		       "on, what does PasswordResetService say in the Application log?");
	if (!value)
		finding_set(out, one, VERDICT_UNKNOWN, confidence,
			    "The password lives on-premises; cannot tell whether writeback is "
			    "on.");
	else if (str_same(value, "off"))
		finding_set(out, one, VERDICT_FAIL, confidence,
			    "The password lives on-premises and writeback is off.");
	else if (a->last_writeback_failure_ms > a->last_written_back_ms)
		finding_set(out, one, VERDICT_WARN, confidence,
			    "Writeback is on, but the last attempt of anybody failed.");
	else
		finding_set(out, one, VERDICT_PASS, confidence,
			    "The password lives on-premises and writeback is on.");
	if (one->verdict == VERDICT_PASS)
		one->remedy = "";
}

static void judge_licence_of(const struct person *p, struct findings *out)
{
	struct finding *one = begin(out, "diagnose.licence", "Licence");

	one->link = LINK_DOCS "concept-sspr-licensing";
	if (is_guest(p, out, one))
		return;
	if (p->licensed == TRI_YES) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "The person has P1 or P2.");
	} else if (p->licensed == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the person's plans are not shown to us.");
	} else {
		/* Nothing refuses a reset for it (facts graph.md 1.3). */
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "The person has neither P1 nor P2; the service may still work, the "
			    "licence terms ask for it.");
		finding_remedy(out, one, "Assign a licence.");
	}
}

/* The person's own newest events: a block, or the last failure. */
static void judge_events(const struct facts *f, const struct person *p, struct findings *out)
{
	struct finding *one = begin(out, "diagnose.events", "Last attempts");
	const struct event *block = NULL, *last = NULL;
	const struct reason *why;
	char when[TIME_TEXT];
	size_t n = 0;

	one->link = LINK_ACTIVITY;
	if (!need_area(f, out, one, AREA_AUDIT))
		return;
	for (size_t i = 0; i < f->audit.n; i++) {
		const struct event *e = &f->audit.v[i];

		if (!str_same_nocase(e->user_id, p->id) && !str_same_nocase(e->upn, p->upn))
			continue;
		/* What an administrator set is no attempt to reset. */
		if (e->kind == EVENT_POLICY || e->kind == EVENT_WRITEBACK_ON ||
		    e->kind == EVENT_WRITEBACK_OFF || e->kind == EVENT_OTHER)
			continue;
		if (n++ < 8)
			area_evidence(f, out, one, AREA_AUDIT, "%s: %s, %s%s%s",
				      time_format(e->time_ms, when), e->activity, e->result,
				      e->reason && e->reason[0] ? ": " : "",
				      e->reason ? e->reason : "");
		if (!last || e->time_ms > last->time_ms)
			last = e;
		if (event_blocks(e) && f->now_ms - e->time_ms < DAY_MS &&
		    (!block || e->time_ms > block->time_ms))
			block = e;
	}
	why = last ? reason_find(last->reason) : NULL;
	if (block) {
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "The person tried too often and is blocked until %s.",
			    time_format(block->time_ms + DAY_MS, when));
		finding_remedy(out, one, "Wait, or let an administrator reset the password.");
	} else if (last && str_same_nocase(last->result, "failure")) {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "The last attempt failed: %s",
			    last->reason && last->reason[0]
			    ? arena_printf(&out->arena, "%s%s", last->reason,
					   str_ends(last->reason, ".") ? "" : ".")
			    : "no reason was given.");
		finding_remedy(out, one, "%s", why && *why->remedy
			       ? why->remedy : "See the cause above that it names.");
	} else {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, n
			    ? "The last attempt did not fail."
			    : "The person did not try to reset in the last 30 days.");
	}
}

/* The last reset, stage by stage; nothing when the log holds none. */
static void judge_last_reset(const struct facts *f, const struct person *p,
			     struct findings *out)
{
	struct finding *one;
	struct live_test t;

	live_test_follow(&f->audit, p->upn ? p->upn : p->id, 0, &t, &out->arena);
	if (!facts_read(f, AREA_AUDIT) || t.state == LIVE_NOTHING)
		return;
	one = begin(out, "diagnose.reset", "Last reset");
	one->link = LINK_ACTIVITY;
	for (int i = 0; i < LIVE_STAGES; i++)
		if (t.stage_ms[i])
			finding_evidence(out, one, f->source[AREA_AUDIT].request, t.stage_ms[i],
					 "%s%s%s%s", live_stage_title((enum live_stage)i),
					 i == LIVE_VERIFIED && *t.way ? " (" : "",
					 i == LIVE_VERIFIED ? t.way : "",
					 i == LIVE_VERIFIED && *t.way ? ")" : "");
	finding_set(out, one, t.state == LIVE_FAILED ? VERDICT_WARN : VERDICT_PASS,
		    CONFIDENCE_PROVED, "%s", live_test_summary(&t, &out->arena));
	if (t.state == LIVE_FAILED)
		finding_remedy(out, one, "%s", t.why && *t.why->remedy
			       ? t.why->remedy : "See the cause above that it names.");
}

enum tri diagnose_person(const struct facts *f, const struct wanted *w,
			 const struct person *p, struct findings *out)
{
	size_t from = out->n;
	enum tri ret = TRI_YES;

	judge_account(f, p, out);
	judge_scope(f, w, p, out);
	judge_methods_of(f, p, out);
	judge_registering(f, p, out);
	judge_admin_policy(f, p, out);
	judge_writeback_of(f, p, out);
	judge_licence_of(p, out);
	judge_events(f, p, out);
	judge_last_reset(f, p, out);
	findings_of_cloud(f, out, from);
	for (size_t i = from; i < out->n; i++) {
		if (out->v[i].verdict == VERDICT_FAIL)
			return TRI_NO;
		/* Neither a licence nor the log decides, nor what comes before the
		 * registration. */
		if (out->v[i].verdict == VERDICT_UNKNOWN &&
		    !str_same(out->v[i].id, "diagnose.licence") &&
		    !str_same(out->v[i].id, "diagnose.registration-policy") &&
		    !str_same(out->v[i].id, "diagnose.events"))
			ret = TRI_UNKNOWN;
	}
	return ret;
}
