#include "checks/assessment.h"

#include "graph/base/csv.h"

/* A finding a line; its evidence in one cell. */
void report_csv(const struct assessment *a, struct str *out)
{
	str_add(out, "id,area,title,verdict,confidence,summary,why,remedy,when,effort,affects,"
		"evidence,link\n");
	for (size_t i = 0; i < a->findings->n; i++) {
		const struct finding *one = &a->findings->v[i];
		const struct advice *advice = advice_find(one->id);
		CLEANUP(str_release) struct str evidence = { 0 };

		for (size_t k = 0; k < one->nevidence; k++)
			str_addf(&evidence, "%s%s: %s", k ? "; " : "", one->evidence[k].source,
				 one->evidence[k].value);
		csv_text(out, one->id);
		csv_text(out, one->area);
		csv_text(out, one->title);
		csv_text(out, verdict_name(one->verdict));
		csv_text(out, confidence_name(one->confidence));
		csv_text(out, one->summary);
		csv_text(out, advice->why);
		csv_text(out, one->remedy);
		csv_text(out, when_name(finding_when(one)));
		csv_text(out, advice->effort);
		csv_text(out, advice->affects);
		csv_text(out, str_text(&evidence));
		csv_text(out, safe_link(one->link));
		csv_end(out);
	}
}
