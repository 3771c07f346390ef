#include "checks/report.h"

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"

/* Where the texts of a finding start: below its title. */
#define INDENT 12
#define COLUMNS_MIN 40

static const struct {
	const char *sign, *ascii, *word;
} signs[] = {
	[VERDICT_PASS] = { "✓", "+", "pass" },
	[VERDICT_NOT_APPLICABLE] = { "·", "-", "n/a" },
	[VERDICT_ACCEPTED] = { "✓", "+", "accepted" },
	[VERDICT_UNKNOWN] = { "?", "?", "unknown" },
	[VERDICT_WARN] = { "!", "!", "WARN" },
	[VERDICT_FAIL] = { "✗", "x", "FAIL" },
};

/* The findings whose ids begin with prefix, under one title. */
static const struct section {
	const char *prefix, *title;
	bool benchmark;	/* with a score of its own */
} sections[] = {
	{ "prereq.", "Before you start", false },
	{ "step.", "The seven steps", false },
	{ "health.", "Health", false },
	{ "monitor.", "Monitoring", false },
	{ "cis.", "CIS Microsoft 365 Foundations 7.0.0", true },
	{ "scuba.", "CISA SCuBA", true },
	{ "asd.", "ASD Blueprint", true },
	{ "eidsca.", "EIDSCA and Maester", true },
	{ "zta.", "Microsoft Zero Trust Assessment", true },
	{ "secure-score.", "Microsoft Secure Score", true },
};

/* text, wrapped; the first line after `first`, all at INDENT. */
static void put_wrapped(struct str *out, const char *first, const char *text, int columns)
{
	int room = columns - INDENT - utf8_width(first);
	size_t next;

	for (bool at_first = true; *text; at_first = false) {
		size_t n = utf8_wrap(text, room > 20 ? room : 20, &next);

		str_addf(out, "%*s", INDENT, "");
		if (at_first)
			str_add(out, first);
		else
			str_addf(out, "%*s", utf8_width(first), "");
		str_add_bytes(out, text, n);
		str_add_char(out, '\n');
		text += next;
	}
}

static void put_evidence(struct str *out, const struct evidence *e, int64_t now_ms, int columns,
			 bool ascii)
{
	CLEANUP(str_release) struct str line = { 0 };
	char span[TIME_TEXT];

	str_addf(&line, "%s: %s", e->source, e->value);
	/* "just now" is not worth saying; an older source is. */
	if (e->observed_ms && now_ms - e->observed_ms >= 60000)
		str_addf(&line, " (%s ago)", time_span(now_ms - e->observed_ms, span));
	put_wrapped(out, ascii ? "- " : "· ", str_text(&line), columns);
}

void report_finding_text(const struct finding *one, int64_t now_ms, int columns, bool ascii,
			 struct str *out)
{
	const char *sign = ascii ? signs[one->verdict].ascii : signs[one->verdict].sign;

	str_addf(out, "  %s %-8s%s", sign, signs[one->verdict].word, one->title);
	if (one->confidence != CONFIDENCE_NONE)
		str_addf(out, "  [%s]", confidence_name(one->confidence));
	str_add_char(out, '\n');
	put_wrapped(out, "", one->summary, columns);
	for (size_t i = 0; i < one->nevidence; i++)
		put_evidence(out, &one->evidence[i], now_ms, columns, ascii);
	if (one->verdict == VERDICT_PASS || one->verdict == VERDICT_NOT_APPLICABLE)
		return;
	put_wrapped(out, ascii ? "-> " : "→ ", one->remedy, columns);
	if (*one->link)
		str_addf(out, "%*s%s\n", INDENT, "", one->link);
}

static size_t count(const struct findings *findings, enum verdict v)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		n += findings->v[i].verdict == v;
	return n;
}

static void put_head(struct str *out, const struct facts *f, const struct findings *findings)
{
	const struct organization *org = &f->organization;
	struct arena arena = { 0 };
	char when[TIME_TEXT];

	str_addf(out, "%s", org->display_name ? org->display_name : "The tenant");
	if (org->default_domain)
		str_addf(out, " (%s)", org->default_domain);
	str_addf(out, ", checked %s\n", time_format(f->now_ms, when));
	str_addf(out, "Verdict: %s. %zu passed, %zu to look at, %zu failed, %zu unknown.\n",
		 verdict_name(findings_verdict(findings)), count(findings, VERDICT_PASS),
		 count(findings, VERDICT_WARN), count(findings, VERDICT_FAIL),
		 count(findings, VERDICT_UNKNOWN));
	str_addf(out, "Score: %s.\n", findings_score_text(findings, "", &arena));
	arena_clear(&arena);
}

static void put_title(struct str *out, const struct findings *findings,
		      const struct section *one)
{
	struct arena arena = { 0 };

	str_addf(out, "\n%s", one->title);
	if (one->benchmark)
		str_addf(out, ": %s", findings_score_text(findings, one->prefix, &arena));
	str_add_char(out, '\n');
	arena_clear(&arena);
}

void report_check_text(const struct facts *f, const struct findings *findings, int columns,
		       bool ascii, struct str *out)
{
	if (columns < COLUMNS_MIN)
		columns = COLUMNS_MIN;
	put_head(out, f, findings);
	for (size_t k = 0; k < COUNT_OF(sections); k++) {
		bool any = false;

		for (size_t i = 0; i < findings->n; i++) {
			if (!str_starts(findings->v[i].id, sections[k].prefix))
				continue;
			if (!any)
				put_title(out, findings, &sections[k]);
			any = true;
			report_finding_text(&findings->v[i], f->now_ms, columns, ascii,
					    out);
		}
	}
}
