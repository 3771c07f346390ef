#include "checks/assessment.h"
#include "checks/benchmark.h"
#include "checks/redact.h"
#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

#define REPORT_MAX (16u << 20)
#define TITLE "Assessment of self-service password reset"

static void as_json(const struct assessment *a, struct str *out)
{
	struct json *doc = report_json(a);

	json_print_pretty(doc, out);
	str_add_char(out, '\n');
	json_free(doc);
}

static void as_sarif(const struct assessment *a, struct str *out)
{
	struct json *doc = report_sarif(a);

	json_print_pretty(doc, out);
	str_add_char(out, '\n');
	json_free(doc);
}

static const struct {
	const char *format;
	void (*write)(const struct assessment *a, struct str *out);
} writers[] = {
	{ "html", report_html },
	{ "markdown", report_markdown },
	{ "json", as_json },
	{ "csv", report_csv },
	{ "junit", report_junit },
	{ "sarif", as_sarif },
	{ "openmetrics", report_openmetrics },
};

static int put(struct headless *h, const struct assessment *a)
{
	CLEANUP(str_release) struct str text = { 0 };
	const char *format = h->o->format ? h->o->format : "html";

	for (size_t i = 0; i < COUNT_OF(writers); i++)
		if (str_same(format, writers[i].format))
			writers[i].write(a, &text);
	return headless_put_text(h, &text);
}

/* The earlier report, before the tenant is read: who changed what since then is
 * asked along with the rest. NULL after saying why. */
static struct json *read_earlier(struct headless *h)
{
	CLEANUP(str_release) struct str text = { 0 };
	const char *file = h->o->compare;
	struct json *earlier = NULL;
	struct err err = ERR_INIT;

	if (file_read(file, REPORT_MAX, &text, &err) < 0) {
		headless_fail(&err);
		return NULL;
	}
	earlier = json_parse(str_text(&text), text.len, &err);
	if (!earlier) {
		err_wrap(&err, "%s", file);
		headless_fail(&err);
		return NULL;
	}
	time_parse(json_string(earlier, "observedAt"), &h->session.wanted.changes_since_ms);
	return earlier;
}

/* 0, or the exit status after saying why. */
static int compare(struct headless *h, const struct findings *now, const struct json *earlier,
		   struct comparison *ret, struct arena *arena)
{
	struct err err = ERR_INIT;

	if (comparison_make(&h->session.facts, now, earlier, ret, arena, &err) == 0)
		return EXIT_WELL;
	err_wrap(&err, "%s", h->o->compare);
	return headless_fail(&err);
}

int headless_report(struct headless *h)
{
	const struct profile *profile = &h->setup.profile;
	const struct facts *f = &h->session.facts;
	struct findings *all = &h->session.findings;
	const struct benchmark *benchmark = benchmark_find(h->session.wanted.benchmark);
	struct comparison since;
	struct usage usage;
	struct assessment a = {
		.facts = f, .findings = all,
		.title = profile->title ? profile->title : TITLE,
		.logo = profile->logo,
		.baseline = h->session.wanted.baseline ? h->session.wanted.baseline : "runbook",
	};
	CLEANUP(json_free_ptr) struct json *earlier = NULL;
	int status, failed;

	if (h->o->compare) {
		earlier = read_earlier(h);
		if (!earlier)
			return EXIT_CANNOT;
	}
	status = headless_read(h, AREAS_ALL);
	headless_probe(h);

	if (h->stopped || status)
		return EXIT_CANNOT;
	if (benchmark)
		a.baseline = arena_printf(&all->arena, "%s and %s", a.baseline, benchmark->title);
	headless_tell_entries(&h->session);
	if (facts_read(f, AREA_AUDIT)) {
		usage_count_events(f, &(struct event_filter){ 0 }, &usage, &all->arena);
		a.usage = &usage;
	}
	if (h->o->compare) {
		failed = compare(h, all, earlier, &since, &all->arena);
		if (failed) {
			return failed;
		}
		a.since = &since;
	}
	if (h->o->redact) {
		struct redactor *r = redactor_new(f);

		redact_findings(r, all);
		if (a.since)
			redact_comparison(r, &since, &all->arena);
		if (a.usage)
			redact_usage(r, &usage, &all->arena);
		redactor_free(r);
	}
	failed = put(h, &a);
	status = exit_of_findings(all);
	return failed ? failed : status;
}
