/* SARIF 2.1.0, for code-scanning dashboards, and our own JSON. */
#include "checks/assessment.h"

#include "checks/report.h"
#include "graph/base/clock.h"

static const struct {
	const char *kind, *level;
} results[] = {
	[VERDICT_PASS] = { "pass", "none" },
	[VERDICT_NOT_APPLICABLE] = { "notApplicable", "none" },
	[VERDICT_ACCEPTED] = { "fail", "note" },
	[VERDICT_UNKNOWN] = { "open", "none" },
	[VERDICT_WARN] = { "fail", "warning" },
	[VERDICT_FAIL] = { "fail", "error" },
};

static void add_text(struct json *obj, const char *key, const char *text)
{
	json_add_string(json_add_object(obj, key), "text", text);
}

static void add_rule(struct json *rules, const struct finding *one)
{
	struct json *rule = json_append(rules, json_new_object());

	json_add_string(rule, "id", one->id);
	add_text(rule, "shortDescription", one->title);
	add_text(rule, "fullDescription", advice_find(one->id)->why);
	if (*safe_link(one->link))
		json_add_string(rule, "helpUri", one->link);
}

static void add_result(const struct assessment *a, struct json *list, size_t i)
{
	const struct finding *one = &a->findings->v[i];
	struct json *obj = json_append(list, json_new_object()), *logical, *where;
	struct arena arena = { 0 };

	json_add_string(obj, "ruleId", one->id);
	json_add_number(obj, "ruleIndex", (double)i);
	json_add_string(obj, "kind", results[one->verdict].kind);
	json_add_string(obj, "level", results[one->verdict].level);
	add_text(obj, "message", *one->remedy
		 ? arena_printf(&arena, "%s %s", one->summary, one->remedy) : one->summary);
	arena_clear(&arena);
	where = json_append(json_add_array(obj, "locations"), json_new_object());
	logical = json_append(json_add_array(where, "logicalLocations"), json_new_object());
	json_add_string(logical, "fullyQualifiedName", a->facts->organization.id
			? a->facts->organization.id : "tenant");
	json_add_string(logical, "kind", "resource");
	if (one->verdict == VERDICT_ACCEPTED) {
		where = json_append(json_add_array(obj, "suppressions"), json_new_object());
		json_add_string(where, "kind", "external");
		json_add_string(where, "justification", one->summary);
	}
}

struct json *report_sarif(const struct assessment *a)
{
	struct json *doc = json_new_object(), *run, *driver, *list;

	json_add_string(doc, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	json_add_string(doc, "version", "2.1.0");
	run = json_append(json_add_array(doc, "runs"), json_new_object());
	driver = json_add_object(json_add_object(run, "tool"), "driver");
	json_add_string(driver, "name", "sspr-wizard");
	json_add_string(driver, "version", VERSION);
	list = json_add_array(driver, "rules");
	for (size_t i = 0; i < a->findings->n; i++)
		add_rule(list, &a->findings->v[i]);
	list = json_add_array(run, "results");
	for (size_t i = 0; i < a->findings->n; i++)
		add_result(a, list, i);
	return doc;
}

static void add_since(struct json *doc, const struct comparison *c)
{
	struct json *obj, *list;
	char when[TIME_TEXT];

	if (!c) {
		json_add_null(doc, "since");
		return;
	}
	obj = json_add_object(doc, "since");
	json_add_string(obj, "observedAt", time_format(c->since_ms, when));
	list = json_add_array(obj, "differences");
	for (size_t i = 0; i < c->n; i++) {
		struct json *one = json_append(list, json_new_object());

		json_add_string(one, "difference", difference_name(c->v[i].what));
		json_add_string(one, "id", c->v[i].id);
		json_add_string(one, "before", c->v[i].before);
		json_add_string(one, "after", c->v[i].after);
		json_add_string(one, "who", *c->v[i].who ? c->v[i].who : NULL);
	}
}

struct json *report_json(const struct assessment *a)
{
	struct json *doc = report_check_json(a->facts, a->findings), *use;
	struct json *one = json_first_mutable(json_get_mutable(doc, "findings"));
	struct arena arena = { 0 };

	json_set_string(doc, "schema", "sspr-wizard/report/1");
	json_add_string(doc, "title", a->title);
	json_add_string(doc, "baseline", a->baseline);
	json_add_string(doc, "summary", assessment_summary(a, &arena));
	arena_clear(&arena);
	for (size_t i = 0; one; one = json_next_mutable(one), i++) {
		const struct finding *from = &a->findings->v[i];
		const struct advice *advice = advice_find(from->id);

		json_add_string(one, "why", advice->why);
		json_add_string(one, "when", when_name(finding_when(from)));
		json_add_string(one, "effort", advice->effort);
		json_add_string(one, "affects", advice->affects);
	}
	add_since(doc, a->since);
	if (!a->usage) {
		json_add_null(doc, "usage");
		return doc;
	}
	use = json_add_object(doc, "usage");
	json_add_number(use, "days", (double)a->usage->ndays);
	json_add_number(use, "attempts", (double)a->usage->attempts);
	json_add_number(use, "succeeded", (double)a->usage->succeeded);
	json_add_number(use, "writtenBack", (double)a->usage->written_back);
	json_add_number(use, "blocked", (double)a->usage->blocked.n);
	json_add_bool(use, "complete", a->usage->complete);
	return doc;
}
