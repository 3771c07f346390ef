/* The authentication methods policy, as far as resets depend on it
 * (facts graph.md 5). */
#include "checks/judge.h"

#include <string.h>

#include "graph/base/json.h"
#include "graph/base/mem.h"

#define SIZE_LIMIT (20 * 1024)	/* facts graph.md 5.2 */
#define SIZE_WARN (16 * 1024)

/* Those that a reset can use; SMS and voice are one: the phone. */
static const enum method_id reset_methods[] = {
	METHOD_AUTHENTICATOR, METHOD_SMS, METHOD_VOICE, METHOD_EMAIL, METHOD_SOFTWARE_OATH,
	METHOD_HARDWARE_OATH,
};

static bool targets_have(const struct target *v, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (str_same_nocase(v[i].id, id))
			return true;
	return false;
}

/* Excluding wins (facts graph.md 5.2). */
static bool enabled_for_group(const struct facts *f, const struct method *m)
{
	const struct group *g = f->groups.chosen;

	return m->present && m->enabled && !targets_have(m->exclude, m->nexclude, g->id) &&
	       (targets_have(m->include, m->ninclude, "all_users") ||
		targets_have(m->include, m->ninclude, g->id));
}

static size_t count_methods(const struct facts *f, struct names *names)
{
	const struct method *m = f->methods.method;
	bool sms = enabled_for_group(f, &m[METHOD_SMS]);
	size_t n = 0;

	for (size_t i = 0; i < COUNT_OF(reset_methods); i++) {
		enum method_id id = reset_methods[i];

		if (!enabled_for_group(f, &m[id]))
			continue;
		names_add(names, method_title(id));
		n += !(id == METHOD_VOICE && sms);
	}
	return n;
}

/* With Authenticator among them one more is needed than is required, because
 * it cannot be the only choice (facts graph.md 5.4). */
static void judge_too_few(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "health.methods-too-few", "methods",
					   "Enough methods");
	struct names names = { .n = 0 };
	enum confidence confidence;
	const char *how, *value, *text;
	int64_t time_ms;
	size_t required, n, needed;
	bool app;

	one->link = LINK_METHODS;
	if (!need_area(f, out, one, AREA_METHODS) || !need_group(f, w, out, one))
		return;
	value = setting_judge(f, "methods.required", &confidence, &how, &time_ms, &out->arena);
	required = value ? (size_t)(value[0] - '0') : (size_t)w->methods_required;
	n = count_methods(f, &names);
	app = enabled_for_group(f, &f->methods.method[METHOD_AUTHENTICATOR]);
	needed = required + app;
	text = names_text(&names, &out->arena);
	area_evidence(f, out, one, AREA_METHODS, "for the group: %s", names.n ? text : "none");
	finding_evidence(out, one, setting_request(f, "methods.required", confidence), time_ms,
			 "number of methods required: %zu%s", required,
			 value ? "" : " (wanted; the setting cannot be read)");
	if (n >= needed && f->methods.migration == MIGRATION_PRE) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: enough are enabled here, but before the migration the "
			    "legacy password reset policy decides, and no API reads it.");
		return;
	}
	if (n >= needed) {
		finding_set(out, one, VERDICT_PASS, value ? confidence : CONFIDENCE_LIKELY,
			    "%s of method enabled for the group, %zu needed.",
			    count_text(n, "kind", &out->arena), needed);
		return;
	}
	finding_set(out, one, n < required ? VERDICT_FAIL : VERDICT_WARN,
		    value ? confidence : CONFIDENCE_LIKELY,
		    "%s of method enabled for the group; with %zu required people need %zu%s.",
		    count_text(n, "kind", &out->arena), required, needed,
		    app ? ", because Authenticator cannot be the only choice" : "");
	finding_remedy(out, one, "Step 3 enables the methods that are wanted.");
}

static bool target_signs_in(const struct target *t)
{
	struct err ignored = ERR_INIT;
	struct json *j = t->json ? json_parse(t->json, strlen(t->json), &ignored) : NULL;
	/* The default is true (facts graph.md 5.3). */
	bool ret = json_bool(j, "isUsableForSignIn", true);

	json_free(j);
	return ret;
}

static void judge_sms_sign_in(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.sms-sign-in", "methods", "SMS sign-in");
	const struct method *m = &f->methods.method[METHOD_SMS];
	const struct group *g = f->groups.chosen;
	size_t n = 0;

	one->link = LINK_METHODS;
	if (!need_area(f, out, one, AREA_METHODS))
		return;
	if (!m->present || !m->enabled) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED, "SMS is off.");
		return;
	}
	for (size_t i = 0; i < m->ninclude; i++) {
		if (!target_signs_in(&m->include[i]))
			continue;
		n++;
		area_evidence(f, out, one, AREA_METHODS, "%s may sign in by SMS",
			      g && str_same_nocase(m->include[i].id, g->id) ? g->display_name
									    : m->include[i].id);
	}
	if (!n) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "SMS is for verification only, not for sign-in.");
		return;
	}
	finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
		    "SMS is on as a way to sign in for %zu target%s: a phone number alone "
		    "replaces the password.", n, n == 1 ? "" : "s");
	finding_remedy(out, one, "Clear \"Use for sign-in\" on these targets, unless it is "
		       "wanted.");
}

static void judge_excluded(const struct facts *f, const struct wanted *w,
			   struct findings *out)
{
	struct finding *one = findings_add(out, "health.excluded-group", "methods",
					   "Group excluded from a method");
	struct names names = { .n = 0 };
	const char *text;

	one->link = LINK_METHODS;
	if (!need_area(f, out, one, AREA_METHODS) || !need_group(f, w, out, one))
		return;
	for (size_t i = 0; i < COUNT_OF(reset_methods); i++) {
		const struct method *m = &f->methods.method[reset_methods[i]];

		if (m->present &&
		    targets_have(m->exclude, m->nexclude, f->groups.chosen->id))
			names_add(&names, method_title(reset_methods[i]));
	}
	text = names_text(&names, &out->arena);
	if (!names.n) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "The group is not excluded from any method.");
		return;
	}
	area_evidence(f, out, one, AREA_METHODS, "excluded from: %s", text);
	finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
		    "The group is excluded from %s, and excluding wins.", text);
	finding_remedy(out, one, "Take the group out of the excluded targets of the method.");
}

static void judge_size(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.policy-size", "methods",
					   "Size of the methods policy");
	size_t bytes = f->methods.bytes;
	enum verdict v = bytes >= SIZE_LIMIT ? VERDICT_FAIL
			 : bytes >= SIZE_WARN ? VERDICT_WARN : VERDICT_PASS;

	one->link = LINK_METHODS;
	if (!need_area(f, out, one, AREA_METHODS))
		return;
	area_evidence(f, out, one, AREA_METHODS, "%zu bytes", bytes);
	finding_set(out, one, v, CONFIDENCE_PROVED,
		    "The policy is %zu KB; above 20 KB it cannot be saved any more.",
		    (bytes + 1023) / 1024);
	if (v != VERDICT_PASS)
		finding_remedy(out, one, "Target fewer, larger groups.");
}

static void judge_migration(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.migration", "methods",
					   "Migration of the methods policy");
	static const struct {
		const char *name;
		enum verdict verdict;
		const char *text;
	} states[] = {
		[MIGRATION_UNKNOWN] = { "a value we do not know", VERDICT_UNKNOWN,
			"Cannot tell: the migration state is one we do not know." },
		[MIGRATION_PRE] = { "preMigration", VERDICT_FAIL,
			"The migration has not begun: the methods policy does nothing for "
			"password reset." },
		[MIGRATION_IN_PROGRESS] = { "migrationInProgress", VERDICT_WARN,
			"The migration is in progress: the policy counts, and so do the legacy "
			"policies." },
		[MIGRATION_COMPLETE] = { "migrationComplete", VERDICT_PASS,
			"The migration is complete: this policy alone decides." },
		[MIGRATION_NULL] = { "absent", VERDICT_PASS,
			"There is nothing to migrate (the state is absent)." },
	};

	one->link = LINK_METHODS;
	if (!need_area(f, out, one, AREA_METHODS))
		return;
	area_evidence(f, out, one, AREA_METHODS, "policyMigrationState: %s",
		      states[f->methods.migration].name);
	finding_set(out, one, states[f->methods.migration].verdict, CONFIDENCE_PROVED, "%s",
		    states[f->methods.migration].text);
	if (one->verdict == VERDICT_UNKNOWN)
		one->confidence = CONFIDENCE_NONE;
	else if (one->verdict != VERDICT_PASS)
		finding_remedy(out, one, "Use the migration guide in the admin centre. %s",
			       dated_text("legacy-policies-end", f->cloud, f->now_ms, &out->arena));
}

void judge_methods(const struct facts *f, const struct wanted *w, struct findings *out)
{
	judge_too_few(f, w, out);
	judge_sms_sign_in(f, out);
	judge_excluded(f, w, out);
	judge_size(f, out);
	judge_migration(f, out);
}
