/* For pipelines that show test results: a failed check is a failed test, what
 * could not be told is a skipped one, a warning passes and says so. */
#include "checks/assessment.h"

#include "graph/base/clock.h"

static void put(struct str *out, const char *before, const char *text, const char *after)
{
	str_add(out, before);
	html_text(out, text);
	str_add(out, after);
}

static bool skipped(const struct finding *one)
{
	return one->verdict == VERDICT_UNKNOWN || one->verdict == VERDICT_NOT_APPLICABLE ||
	       one->verdict == VERDICT_ACCEPTED;
}

static void put_case(const struct finding *one, struct str *out)
{
	put(out, "  <testcase classname=\"sspr-wizard.", one->area, "\" name=\"");
	put(out, "", one->id, ": ");
	put(out, "", one->title, "\" time=\"0\">\n");
	if (one->verdict == VERDICT_FAIL) {
		put(out, "    <failure type=\"fail\" message=\"", one->summary, "\">");
		put(out, "", one->remedy, "");
		for (size_t i = 0; i < one->nevidence; i++)
			put(out, "\n", one->evidence[i].value, "");
		str_add(out, "</failure>\n");
	} else if (skipped(one)) {
		put(out, "    <skipped message=\"", verdict_name(one->verdict), ": ");
		put(out, "", one->summary, "\"/>\n");
	} else {
		put(out, "    <system-out>", verdict_name(one->verdict), ": ");
		put(out, "", one->summary, "</system-out>\n");
	}
	str_add(out, "  </testcase>\n");
}

void report_junit(const struct assessment *a, struct str *out)
{
	size_t nskipped = 0;
	char when[TIME_TEXT];

	for (size_t i = 0; i < a->findings->n; i++)
		nskipped += skipped(&a->findings->v[i]);
	str_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
		 " <testsuite name=\"sspr-wizard\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
		 "skipped=\"%zu\" time=\"0\" timestamp=\"%.19s\">\n", a->findings->n,
		 findings_count(a->findings, VERDICT_FAIL), nskipped,
		 time_format(a->facts->now_ms, when));
	for (size_t i = 0; i < a->findings->n; i++)
		put_case(&a->findings->v[i], out);
	str_add(out, " </testsuite>\n</testsuites>\n");
}
