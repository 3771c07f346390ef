#include "tui/report_make.h"

#include <string.h>

#include "checks/benchmark.h"
#include "checks/redact.h"
#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "steps/findings.h"

#define REPORT_MAX (16u << 20)
#define TITLE "Assessment of self-service password reset"

static void put_json(struct json *doc, struct str *out)
{
	json_print_pretty(doc, out);
	str_add_char(out, '\n');
	json_free(doc);
}

static void as_json(const struct assessment *a, struct str *out)
{
	put_json(report_json(a), out);
}

static void as_sarif(const struct assessment *a, struct str *out)
{
	put_json(report_sarif(a), out);
}

const struct report_format report_formats[] = {
	{ "html", "HTML", ".html", "one page to read and print", report_html },
	{ "markdown", "Markdown", ".md", "for a wiki or a ticket", report_markdown },
	{ "json", "JSON", ".json", "to compare with later", as_json },
	{ "csv", "CSV", ".csv", "the findings as a table", report_csv },
	{ "junit", "JUnit", ".xml", "for a build server", report_junit },
	{ "sarif", "SARIF", ".sarif", "for code scanning", as_sarif },
	{ "openmetrics", "OpenMetrics", ".prom", "for monitoring", report_openmetrics },
};
const size_t nreport_formats = COUNT_OF(report_formats);

static void redact_report(struct report *r, const struct facts *f)
{
	struct redactor *redactor = redactor_new(f);

	redact_findings(redactor, &r->findings);
	redact_readiness(redactor, &r->readiness, &r->findings.arena);
	if (r->a.since)
		redact_comparison(redactor, &r->since, &r->findings.arena);
	if (r->a.usage)
		redact_usage(redactor, &r->usage, &r->findings.arena);
	redact_reasons(redactor, f, r->reasons, &r->findings.arena);
	r->a.reasons = r->reasons;
	redactor_free(redactor);
}

int report_make(const struct session *s, const struct profile *p, const struct report_wish *w,
		struct report *ret, struct err *err)
{
	const struct benchmark *benchmark = benchmark_find(s->wanted.benchmark);
	const struct facts *f = &s->facts;

	memset(ret, 0, sizeof(*ret));
	ret->a = (struct assessment){
		.facts = f, .findings = &ret->findings,
		.title = w->title && *w->title ? w->title : p->title ? p->title : TITLE,
		.logo = p->logo,
		.baseline = s->wanted.baseline ? s->wanted.baseline : "runbook",
	};
	/* This clears the arena first: nothing may stand in it before. */
	findings_of_tenant(f, &s->wanted, s->views, &ret->findings);
	if (benchmark)
		ret->a.baseline = arena_printf(&ret->findings.arena, "%s and %s",
					       ret->a.baseline, benchmark->title);
	if (facts_read(f, AREA_AUDIT)) {
		usage_count_events(f, &(struct event_filter){ 0 }, &ret->usage,
				   &ret->findings.arena);
		ret->a.usage = &ret->usage;
	}
	readiness_judge(f, &s->wanted, &ret->readiness, &ret->findings.arena);
	ret->a.readiness = &ret->readiness;
	if (w->earlier) {
		if (comparison_make(f, &ret->findings, w->earlier, &ret->since,
				    &ret->findings.arena, err) < 0)
			return -1;
		ret->a.since = &ret->since;
	}
	if (w->redact)
		redact_report(ret, f);
	return 0;
}

void report_release(struct report *r)
{
	findings_clear(&r->findings);
}

struct json *report_earlier(struct session *s, const char *path, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct json *earlier;

	if (file_read(path, REPORT_MAX, &text, err) < 0)
		return NULL;
	earlier = json_parse(str_text(&text), text.len, err);
	if (!earlier) {
		err_wrap(err, "%s", path);
		return NULL;
	}
	time_parse(json_string(earlier, "observedAt"), &s->wanted.changes_since_ms);
	return earlier;
}
