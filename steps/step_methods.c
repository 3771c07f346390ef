/* Step 3: authentication methods (runbook step 3; facts graph.md 5). */
#include "checks/impact.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "steps/merge.h"
#include "steps/parts.h"

#define CONFIGURATIONS \
	"/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/"
#define NUMBER_PLACE "Entra ID > Password reset > Authentication methods"
#define NUMBER_LINK ADMIN_CENTRE_IAM "PasswordResetMenuBlade/~/AuthenticationMethods"
#define POLICIES_PLACE "Entra ID > Authentication methods > Policies"
#define POLICIES_LINK ADMIN_CENTRE_IAM "AuthenticationMethodsMenuBlade/~/AdminAuthMethods"
#define POLICY_BYTES_MAX (20 * 1024)	/* facts graph.md 5.2 */

static const struct {
	enum method_id id;
	const char *key;	/* of its setting and its change */
} offered[] = {
	{ METHOD_AUTHENTICATOR, "methods.authenticator" },
	{ METHOD_SMS, "methods.sms" },
	{ METHOD_EMAIL, "methods.email" },
};

static bool has_target(const struct target *v, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (str_same_nocase(v[i].id, id))
			return true;
	return false;
}

static bool for_everybody(const struct method *m)
{
	for (size_t i = 0; i < m->ninclude; i++)
		if (target_is_everybody(&m->include[i]))
			return true;
	return false;
}

/* Whether the group, or one of that id, is left out. */
static bool excluded(const struct facts *f, const struct method *m)
{
	return f->groups.chosen && has_target(m->exclude, m->nexclude, f->groups.chosen->id);
}

/* The people of the group can use it now. */
static bool serves_group(const struct facts *f, const struct method *m)
{
	if (!m->enabled || excluded(f, m))
		return false;
	return for_everybody(m) ||
	       (f->groups.chosen && has_target(m->include, m->ninclude, f->groups.chosen->id));
}

static const char *current_text(const struct facts *f, const struct wanted *w,
				const struct method *m, struct arena *a)
{
	bool ours = f->groups.chosen &&
		    has_target(m->include, m->ninclude, f->groups.chosen->id);

	if (!m->present)
		return "not in the policy";
	if (!m->enabled)
		return "off";
	if (excluded(f, m))
		return arena_printf(a, "on, but %s is excluded", w->group_name);
	if (for_everybody(m))
		return "on for all users";
	if (ours && m->ninclude == 1)
		return arena_printf(a, "on for %s", w->group_name);
	if (ours)
		return arena_printf(a, "on for %s and %zu more", w->group_name, m->ninclude - 1);
	return arena_printf(a, "on for %zu other %s", m->ninclude,
			    m->ninclude == 1 ? "target" : "targets");
}

#define TARGETS_NAMED 3

/* The targets of a method that is off, but for the group and for "all users", which
 * every method has from the start; "" when there are none. Enabled with them it would
 * be switched on for people whom nobody asked about (facts graph.md 5.2): they are
 * left out, and somebody chose them once. */
static const char *left_out_text(const struct facts *f, const struct method *m,
				 struct arena *a)
{
	CLEANUP(str_release) struct str text = { 0 };
	size_t n = 0;

	for (size_t i = 0; !m->enabled && i < m->ninclude; i++) {
		const struct target *t = &m->include[i];

		if (target_is_everybody(t) ||
		    (f->groups.chosen && str_same_nocase(t->id, f->groups.chosen->id)))
			continue;
		if (n++ >= TARGETS_NAMED)
			continue;
		str_addf(&text, "%s%s %s", n > 1 ? ", " : "", t->type ? t->type : "target",
			 t->name ? t->name : t->id);
	}
	if (n > TARGETS_NAMED)
		str_addf(&text, " and %zu more", n - TARGETS_NAMED);
	return arena_strdup(a, str_text(&text));
}

static const char *detail_text(const struct facts *f, const struct wanted *w,
			       const struct method *m, struct arena *a)
{
	const char *people = members_text(a, f, w), *left_out = left_out_text(f, m, a);

	if (!m->enabled && !*left_out)
		return arena_printf(a, "Affects only %s: they may use it, nobody else gets it.",
				    people);
	if (!m->enabled)
		return arena_printf(a, "Affects only %s: they may use it, nobody else gets it. "
				    "Warning: the targets that it was prepared for, %s, are left "
				    "out, because enabling it would switch it on for them too. "
				    "Taking the change back puts them in again.", people,
				    left_out);
	return arena_printf(a, "Affects %s: they are added. The %zu %s that it has stay, nobody "
			    "loses it.", people, m->ninclude,
			    m->ninclude == 1 ? "target" : "targets");
}

static void plan_method(const struct facts *f, const struct wanted *w, struct step_view *v,
			enum method_id id, const char *key)
{
	const struct method *m = &f->methods.method[id];
	struct change *c = plan_add(&v->plan, "methods", key, MEANS_GRAPH);
	struct arena *a = &v->plan.arena;

	c->title = arena_printf(a, m->enabled ? "%s: add %s" : "%s: enable for %s",
				method_title(id), w->group_name);
	c->detail = detail_text(f, w, m, a);
	c->method = "PATCH";
	c->url = arena_printf(a, CONFIGURATIONS "%s", method_graph_id(id));
	c->body = merge_enable(id, m, group_ref(f));
	c->guard_url = c->url;
	c->guard_expect = merge_guard(m);
	c->undo_method = "PATCH";
	c->undo_url = c->url;
	c->undo_body = merge_restore(id, m);
	c->undo = m->enabled ? "give it the targets that it had before"
			     : "switch it off again, with the targets that it had before";
}

/* Judges one method; returns false when only a person can clear the way. */
static bool judge_method(const struct facts *f, const struct wanted *w, struct step_view *v,
			 enum method_id id, const char *key, bool may_plan)
{
	const struct method *m = &f->methods.method[id];
	struct setting *s = step_setting(v, key, method_title(id));
	const char *now = current_text(f, w, m, &v->arena);
	bool serves = serves_group(f, m);

	if (!w->method[id]) {
		setting_fill(v, s, now, "as it is", true, CONFIDENCE_PROVED,
			     "Not asked for: the wizard does not touch it.");
		return true;
	}
	setting_fill(v, s, now, arena_printf(&v->arena, "on for %s", w->group_name), serves,
		     CONFIDENCE_PROVED, "");
	if (serves)
		return true;
	if (!m->present) {
		step_note(v, true, "The policy of this tenant has no %s.", method_title(id));
		return false;
	}
	if (excluded(f, m)) {
		step_note(v, true, "%s excludes %s, and exclusion wins. Take the group out of the "
			  "excluded ones in " POLICIES_PLACE "; the wizard never edits that list.",
			  method_title(id), w->group_name);
		return false;
	}
	if (may_plan)
		plan_method(f, w, v, id, key);
	if (may_plan && *left_out_text(f, m, &v->arena))
		step_note(v, true, "%s is off, and was prepared for %s: they are left out when "
			  "it is enabled for %s.", method_title(id),
			  left_out_text(f, m, &v->arena), w->group_name);
	return true;
}

static void judge_number(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	struct setting *s = step_setting(v, "methods.required", "Number of methods required");
	const char *wanted = arena_printf(&v->arena, "%d", w->methods_required);
	struct impact locked;
	const char *now;
	struct change *c;

	if (setting_from_evidence(v, f, s, "methods.required", wanted))
		return;
	now = s->current;
	c = guided_add(v, f, MEANS_GUIDED, "methods.required", NUMBER_PLACE, NUMBER_LINK,
		       "Number of methods required to reset: %s", wanted);
	plan_instruct(&v->plan, c, "Number of methods required to reset: %s", wanted);
	plan_instruct(&v->plan, c, "Save.");
	c->detail = "Affects everybody who may reset.";
	if (w->methods_required > 1) {
		impact_locked_by_number(f, w->methods_required, &locked, &v->plan.arena);
		c->detail = arena_printf(&v->plan.arena, "Affects everybody who may reset. "
					 "Registered too few methods for it and cannot reset any "
					 "more: %s.", impact_text(&locked, &v->plan.arena));
	}
	c->undo = str_same(now, "?") ? "set the number that stood there"
		  : arena_printf(&v->plan.arena, "set it back to %s", now);
	guided_attest(v, c, "methods.required", wanted);
	portal_offer(v, f, NULL, c);
}

/* With N required, N + 1 must be allowed once Authenticator is one of them
 * (facts graph.md 5.4). */
static void note_choice(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	static const enum method_id counted[] = {
		METHOD_AUTHENTICATOR, METHOD_SMS, METHOD_EMAIL, METHOD_VOICE,
		METHOD_SOFTWARE_OATH, METHOD_HARDWARE_OATH,
	};
	int n = 0;

	for (size_t i = 0; i < COUNT_OF(counted); i++)
		n += w->method[counted[i]] || serves_group(f, &f->methods.method[counted[i]]);
	if (n < w->methods_required + 1)
		step_note(v, true, "With %d required, at least %d methods must be allowed when "
			  "Authenticator is one of them; here it is %d.", w->methods_required,
			  w->methods_required + 1, n);
	if (w->methods_required == 1)
		step_note(v, false, "One method is easy and weak: whoever holds it can take the "
			  "account. The runbook wants one; raising it later locks out people who "
			  "registered a single method.");
	if (f->methods.method[METHOD_AUTHENTICATOR].enabled &&
	    !f->methods.method[METHOD_AUTHENTICATOR].oath)
		step_note(v, false, "Authenticator is on without its one-time codes; people reset "
			  "with its notifications. The wizard leaves that as it is.");
}

static void note_dates(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	if (w->method[METHOD_SMS]) {
		step_note(v, true, "%s",
			  dated_text("sms-voice-retirement", f->cloud, f->now_ms, &v->arena));
		step_note(v, true, "%s", dated_text("passkey-campaign", f->cloud, f->now_ms, &v->arena));
	}
	step_note(v, false, "%s", dated_text("security-questions", f->cloud, f->now_ms, &v->arena));
}

/* Before the migration the policy says nothing about password reset (facts
 * graph.md 5.5). */
static void judge_migration(const struct facts *f, struct step_view *v)
{
	static const char *const words[] = {
		[MIGRATION_UNKNOWN] = "?",
		[MIGRATION_PRE] = "not started",
		[MIGRATION_IN_PROGRESS] = "in progress",
		[MIGRATION_COMPLETE] = "complete",
		[MIGRATION_NULL] = "nothing to migrate",
	};
	enum migration now = f->methods.migration;
	struct setting *s = step_setting(v, "methods.migration",
					 "This policy is used for password reset");
	struct change *c;

	setting_fill(v, s, words[now], "migration in progress or complete",
		     now == MIGRATION_IN_PROGRESS || now == MIGRATION_COMPLETE ||
		     now == MIGRATION_NULL, CONFIDENCE_PROVED, "");
	if (now != MIGRATION_PRE)
		return;
	step_note(v, true, "The migration has not started: until then this policy does nothing "
		  "for password reset, and the legacy policies decide.");
	c = guided_add(v, f, MEANS_GUIDED, "methods.migration", POLICIES_PLACE, POLICIES_LINK,
		       "Start the migration of the methods");
	plan_instruct(&v->plan, c, "Manage migration: Migration in progress. It lets the policy "
		      "count for password reset, and the legacy policies go on counting.");
	plan_instruct(&v->plan, c, "Save.");
	c->detail = "Affects nobody's methods: what any of the policies allows goes on working.";
	c->undo = "set it back to Pre-migration in the same place";
}

static size_t body_bytes(const struct plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct str text = { 0 };

		if (p->v[i].body)
			json_print(p->v[i].body, &text);
		n += text.len;
		str_release(&text);
	}
	return n;
}

static void note_size(const struct facts *f, struct step_view *v)
{
	size_t now = f->methods.bytes;

	if (now > POLICY_BYTES_MAX)
		step_note(v, true, "The policy has %zu bytes, over its limit of 20 KB: saving more "
			  "targets will be refused. Put groups together first.", now);
	else if (now + body_bytes(&v->plan) > POLICY_BYTES_MAX)
		step_note(v, true, "The policy is near its limit of 20 KB (%zu bytes now): saving "
			  "more targets may be refused. Put groups together first.", now);
}

static void judge(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	const char *why;
	enum group_use use = group_use(f, w, &why, &v->arena);
	bool usable = use == GROUP_READY || use == GROUP_MISSING, clear = true;

	if (f->source[AREA_METHODS].state == SOURCE_ABSENT) {
		judge_number(f, w, v);
		step_note(v, true, "This cloud has no authentication methods policy: choose the "
			  "methods in " NUMBER_PLACE ".");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(offered); i++)
		clear &= judge_method(f, w, v, offered[i].id, offered[i].key, usable);
	judge_number(f, w, v);
	judge_migration(f, v);
	note_dates(f, w, v);
	note_choice(f, w, v);
	note_size(f, v);
	if (!usable)
		step_decide(v, STEP_BLOCKED, "%s", why);
	else if (!clear && !plan_automatic(&v->plan))
		step_decide(v, STEP_BLOCKED, "a method cannot be enabled for the group; the notes "
			    "say why");
}

const struct step_ops step_methods = {
	.id = "methods",
	.version = 1,
	.number = 3,
	.title = "Authentication methods",
	.why = "What people prove themselves with before they may reset. The group is added to "
	       "each method; nobody who has a method loses it.",
	.requires = STRINGS("group"),
	.areas = AREA_BIT(AREA_GROUP) | AREA_BIT(AREA_MEMBERS) | AREA_BIT(AREA_METHODS) |
		 AREA_BIT(AREA_REGISTRATION) | AREA_BIT(AREA_AUDIT),
	.evidence = AREA_BIT(AREA_MEMBERS) | AREA_BIT(AREA_REGISTRATION) | AREA_BIT(AREA_AUDIT),
	.write_scopes = STRINGS("Policy.ReadWrite.AuthenticationMethod"),
	.judge = judge,
};
