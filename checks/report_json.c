#include "checks/report.h"

#include "graph/base/clock.h"

static void add_time(struct json *obj, const char *key, int64_t ms)
{
	char text[TIME_TEXT];

	if (ms)
		json_add_string(obj, key, time_format(ms, text));
	else
		json_add_null(obj, key);
}

struct json *report_tenant(const struct facts *f)
{
	struct json *tenant = json_new_object();

	json_add_string(tenant, "id", f->organization.id);
	json_add_string(tenant, "displayName", f->organization.display_name);
	json_add_string(tenant, "defaultDomain", f->organization.default_domain);
	return tenant;
}

struct json *report_finding_json(const struct finding *one)
{
	struct json *obj = json_new_object();
	struct json *evidence;

	json_add_string(obj, "id", one->id);
	json_add_string(obj, "area", one->area);
	json_add_string(obj, "title", one->title);
	json_add_string(obj, "verdict", verdict_name(one->verdict));
	json_add_string(obj, "confidence", confidence_name(one->confidence));
	json_add_string(obj, "summary", one->summary);
	evidence = json_add_array(obj, "evidence");
	for (size_t i = 0; i < one->nevidence; i++) {
		struct json *e = json_append(evidence, json_new_object());

		json_add_string(e, "source", one->evidence[i].source);
		json_add_string(e, "value", one->evidence[i].value);
		add_time(e, "observedAt", one->evidence[i].observed_ms);
	}
	json_add_string(obj, "remedy", one->remedy);
	json_add_string(obj, "link", one->link);
	return obj;
}

static void add_score(struct json *doc, const struct findings *findings)
{
	struct findings_score s = findings_score(findings, "");
	struct json *score = json_add_object(doc, "score");

	json_add_number(score, "passed", (double)s.passed);
	json_add_number(score, "accepted", (double)s.accepted);
	json_add_number(score, "answered", (double)s.answered);
	json_add_number(score, "unanswered", (double)s.unanswered);
	json_add_number(score, "notApplicable", (double)s.not_applicable);
}

struct json *report_check_json(const struct facts *f, const struct findings *findings)
{
	struct json *doc = json_new_object(), *list;

	json_add_string(doc, "schema", "sspr-wizard/check/1");
	json_add(doc, "tenant", report_tenant(f));
	add_time(doc, "observedAt", f->now_ms);
	json_add_string(doc, "verdict", verdict_name(findings_verdict(findings)));
	add_score(doc, findings);
	list = json_add_array(doc, "findings");
	for (size_t i = 0; i < findings->n; i++)
		json_append(list, report_finding_json(&findings->v[i]));
	return doc;
}
