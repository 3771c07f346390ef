#include "checks/assessment.h"

#include <ctype.h>
#include <string.h>

#include "checks/report_ready.h"
#include "graph/base/clock.h"

void markdown_text(struct str *out, const char *text)
{
	for (; text && *text; text++) {
		if (*text == '\n' || *text == '\r' || *text == '\t') {
			str_add_char(out, ' ');
			continue;
		}
		if (ispunct((unsigned char)*text) && !strchr(",;%?\"'", *text))
			str_add_char(out, '\\');
		str_add_char(out, *text);
	}
}

static void put(struct str *out, const char *before, const char *text, const char *after)
{
	str_add(out, before);
	markdown_text(out, text);
	str_add(out, after);
}

static void put_first(const struct assessment *a, struct str *out)
{
	str_add(out, "## What to do first\n\n| When | What | Effort | Whom it concerns |\n"
		"|---|---|---|---|\n");
	for (enum when w = WHEN_NOW; w <= WHEN_LATER; w++) {
		for (size_t i = 0; i < a->findings->n; i++) {
			const struct finding *one = &a->findings->v[i];

			if (finding_when(one) != w)
				continue;
			put(out, "| ", when_name(w), " | ");
			put(out, "**", one->title, "**: ");
			put(out, "", *one->remedy ? one->remedy : one->summary, " | ");
			put(out, "", advice_find(one->id)->effort, " | ");
			put(out, "", advice_find(one->id)->affects, " |\n");
		}
	}
	str_add_char(out, '\n');
}

static void put_since(const struct comparison *c, struct str *out)
{
	char when[TIME_TEXT];

	if (!c)
		return;
	put(out, "## Since ", time_format(c->since_ms, when), "\n\n");
	if (!c->n)
		str_add(out, "Nothing is different from the earlier report.\n\n");
	for (size_t i = 0; i < c->n; i++) {
		const struct compared *one = &c->v[i];

		put(out, "- ", difference_name(one->what), ", ");
		put(out, "**", one->title, "**: ");
		put(out, "before ", one->before, "; ");
		put(out, "now ", one->after, "; ");
		put(out, "who: ", compared_who(c, i), "\n");
	}
	str_add_char(out, '\n');
}

static void put_finding(const struct finding *one, struct str *out)
{
	const char *link = safe_link(one->link);
	char when[TIME_TEXT];

	put(out, "### ", one->title, ": ");
	put(out, "", verdict_name(one->verdict), "\n\n");
	put(out, "", one->summary, "\n\n");
	put(out, "- Why it matters: ", advice_find(one->id)->why, "\n");
	if (*one->remedy && finding_when(one) != WHEN_NEVER)
		put(out, "- What to do: ", one->remedy, "\n");
	put(out, "- How sure: ", confidence_name(one->confidence), "\n");
	for (size_t i = 0; i < one->nevidence; i++) {
		put(out, "- Evidence: ", one->evidence[i].value, "");
		put(out, " (", one->evidence[i].source, "");
		if (one->evidence[i].observed_ms)
			put(out, ", ", time_format(one->evidence[i].observed_ms, when), "");
		str_add(out, ")\n");
	}
	put(out, "- Id: ", one->id, "\n");
	if (*link)
		str_addf(out, "- Where: <%s>\n", link);
	str_add_char(out, '\n');
}

void report_markdown(const struct assessment *a, struct str *out)
{
	struct arena arena = { 0 };
	char when[TIME_TEXT];

	put(out, "# ", a->title, "\n\n");
	put(out, "", a->facts->organization.display_name, ", ");
	put(out, "", time_format(a->facts->now_ms, when), ", measured against ");
	put(out, "", a->baseline, "\n\n## In short\n\n");
	put(out, "", assessment_summary(a, &arena), "\n\n");
	if (a->usage)
		put(out, "Resets that ended well: ", usage_rate_text(a->usage, &arena), ".\n\n");
	put_first(a, out);
	put_since(a->since, out);
	if (a->readiness)
		report_ready_markdown(a->readiness, &arena, out);
	str_add(out, "## Findings\n\n");
	for (size_t i = 0; i < a->findings->n; i++)
		put_finding(&a->findings->v[i], out);
	arena_clear(&arena);
}
