/* One page without a reference outside: for the customer to read and to print. */
#include "checks/assessment.h"

#include <string.h>

#include "checks/html_parts.h"
#include "checks/report_ready.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"

static void html_bytes(struct str *out, const char *text, size_t n)
{
	for (; n > 0; n--, text++) {
		switch (*text) {
		case '&':
			str_add(out, "&amp;");
			break;
		case '<':
			str_add(out, "&lt;");
			break;
		case '>':
			str_add(out, "&gt;");
			break;
		case '"':
			str_add(out, "&quot;");
			break;
		case '\'':
			str_add(out, "&#39;");
			break;
		default:
			str_add_char(out, *text);
		}
	}
}

void html_text(struct str *out, const char *text)
{
	if (text)
		html_bytes(out, text, strlen(text));
}

/* A remedy, in which a command stands between backticks; one alone is only a sign. */
static void html_remedy(struct str *out, const char *text)
{
	const char *open, *close;

	while ((open = strchr(text, '`')) && (close = strchr(open + 1, '`'))) {
		html_bytes(out, text, (size_t)(open - text));
		str_add(out, "<code>");
		html_bytes(out, open + 1, (size_t)(close - open - 1));
		str_add(out, "</code>");
		text = close + 1;
	}
	html_text(out, text);
}

/* before, text, after */
static void put(struct str *out, const char *before, const char *text, const char *after)
{
	str_add(out, before);
	html_text(out, text);
	str_add(out, after);
}

static const char *word_of(enum verdict v)
{
	return v == VERDICT_NOT_APPLICABLE ? "does not apply" : verdict_name(v);
}

static void put_head(const struct assessment *a, struct str *out)
{
	const struct organization *org = &a->facts->organization;
	char when[TIME_TEXT], date[TIME_TEXT];

	str_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src '" HTML_STYLE_HASH "'; script-src '" HTML_SCRIPT_HASH "'; "
		"img-src data:; base-uri 'none'; form-action 'none'\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	put(out, "<title>", a->title, "");
	put(out, ": ", org->display_name, "</title>\n<style>");
	str_add(out, html_style);
	str_add(out, "</style>\n</head>\n<body>\n"
		"<a class=\"skip\" href=\"#findings\">To the findings</a>\n<header>\n");
	if (a->logo)
		put(out, "<img class=\"logo\" alt=\"\" src=\"", a->logo, "\">\n");
	put(out, "<h1>", a->title, "</h1>\n");
	put(out, "<p class=\"soft\">", org->display_name, "");
	if (org->default_domain)
		put(out, " (", org->default_domain, ")");
	/* "2026-11-25T10:11:12Z": the hour and minute of it. */
	put(out, ", ", time_format_date(a->facts->now_ms, date), ", ");
	str_addf(out, "%.5s UTC, measured against ", time_format(a->facts->now_ms, when) + 11);
	put(out, "", a->baseline, "</p>\n</header>\n<nav "
	    "aria-label=\"On this page\"><a href=\"#short\">In short</a> <a "
	    "href=\"#first\">What to do first</a> ");
	if (a->since)
		str_add(out, "<a href=\"#since\">What is different</a> ");
	str_add(out, "<a href=\"#pictures\">In pictures</a> ");
	if (a->readiness)
		str_add(out, "<a href=\"#ready\">Who is ready</a> ");
	str_add(out, "<a href=\"#findings\">Findings</a> <a href=\"#sources\">How we know"
		"</a></nav>\n<main>\n");
}

static void put_tile(struct str *out, const char *number, const char *text)
{
	put(out, "<li><b>", number, "</b>");
	put(out, "", text, "</li>\n");
}

static void put_summary(const struct assessment *a, struct arena *arena, struct str *out)
{
	const struct registration *r = &a->facts->registration;

	put(out, "<h2 id=\"short\">In short</h2>\n<p class=\"lead\">", assessment_summary(a, arena),
	    "</p>\n<ul class=\"tiles\">\n");
	if (facts_read(a->facts, AREA_REGISTRATION))
		put_tile(out, arena_printf(arena, "%zu of %zu", r->capable_total,
					   r->members_total), "people can reset today");
	if (a->usage && a->usage->attempts)
		put_tile(out, arena_printf(arena, "%zu %%", a->usage->succeeded * 100 /
					   a->usage->attempts),
			 arena_printf(arena, "of %zu attempts in %zu days ended well",
				      a->usage->attempts, a->usage->ndays));
	put_tile(out, arena_printf(arena, "%zu", findings_count(a->findings, VERDICT_FAIL)),
		 "to repair now");
	put_tile(out, arena_printf(arena, "%zu", findings_count(a->findings, VERDICT_WARN)),
		 "to do next");
	put_tile(out, arena_printf(arena, "%zu", findings_count(a->findings, VERDICT_UNKNOWN)),
		 "could not be told");
	put_tile(out, arena_printf(arena, "%zu", findings_count(a->findings, VERDICT_PASS)),
		 "are well");
	str_add(out, "</ul>\n");
}

static void put_since(const struct comparison *c, struct str *out)
{
	char when[TIME_TEXT];

	if (!c)
		return;
	put(out, "<h2 id=\"since\">Since ", time_format(c->since_ms, when), "</h2>\n");
	if (!c->n) {
		str_add(out, "<p>Nothing is different from the earlier report.</p>\n");
		return;
	}
	str_add(out, "<table>\n<caption>What is different from the earlier report</caption>\n"
		"<thead><tr><th scope=\"col\">How</th><th scope=\"col\">What</th><th "
		"scope=\"col\">Before</th><th scope=\"col\">Now</th><th scope=\"col\">Who"
		"</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < c->n; i++) {
		const struct compared *one = &c->v[i];

		put(out, "<tr><td>", difference_name(one->what), "</td><td><a href=\"#");
		put(out, "", one->id, "\">");
		put(out, "", one->title, "</a></td><td data-head=\"Before\">");
		put(out, "", one->before, "</td><td data-head=\"Now\">");
		put(out, "", one->after, "</td><td data-head=\"Who\">");
		put(out, "", compared_who(c, i), "</td></tr>\n");
	}
	str_add(out, "</tbody>\n</table>\n");
}

/* One horizontal bar with its words; y is its line. */
static void put_bar(struct str *out, size_t line, const char *title, size_t n, size_t of,
		    const char *class)
{
	size_t y = line * 26, width = of ? n * 320 / of : 0;

	str_addf(out, "<text x=\"0\" y=\"%zu\">", y + 15);
	html_text(out, title);
	str_addf(out, "</text><rect class=\"bar rest\" x=\"150\" y=\"%zu\" width=\"320\" "
		 "height=\"18\"/><rect class=\"bar %s\" x=\"150\" y=\"%zu\" width=\"%zu\" "
		 "height=\"18\"/><text x=\"478\" y=\"%zu\">%zu</text>\n", y + 2, class, y + 2,
		 n && !width ? 1 : width, y + 15, n);
}

static void open_chart(struct str *out, const char *title, const char *text, size_t height)
{
	put(out, "<figure><figcaption>", title, "</figcaption>\n");
	put(out, "<svg role=\"img\" aria-label=\"", text, "\" ");
	str_addf(out, "viewBox=\"0 0 530 %zu\">\n", height);
}

static void put_people_chart(const struct assessment *a, struct arena *arena, struct str *out)
{
	const struct registration *r = &a->facts->registration;

	if (!facts_read(a->facts, AREA_REGISTRATION))
		return;
	open_chart(out, "How far people are", arena_printf(arena, "Of %zu people %zu have "
		   "registered, %zu are enabled and %zu can reset", r->members_total,
		   r->registered_total, r->enabled_total, r->capable_total), 104);
	put_bar(out, 0, "people", r->members_total, r->members_total, "rest");
	put_bar(out, 1, "registered", r->registered_total, r->members_total, "");
	put_bar(out, 2, "enabled", r->enabled_total, r->members_total, "");
	put_bar(out, 3, "can reset today", r->capable_total, r->members_total, "pass");
	str_add(out, "</svg></figure>\n");
}

static void put_verdict_chart(const struct assessment *a, struct str *out)
{
	static const enum verdict order[] = {
		VERDICT_FAIL, VERDICT_WARN, VERDICT_UNKNOWN, VERDICT_ACCEPTED, VERDICT_PASS,
	};

	open_chart(out, "Findings by verdict", "Findings by verdict",
		   COUNT_OF(order) * 26);
	for (size_t i = 0; i < COUNT_OF(order); i++)
		put_bar(out, i, word_of(order[i]), findings_count(a->findings, order[i]),
			a->findings->n, verdict_name(order[i]));
	str_add(out, "</svg></figure>\n");
}

/* Attempts a day, with those that ended in a reset in front. */
static void put_usage_chart(const struct assessment *a, struct arena *arena, struct str *out)
{
	const struct usage *u = a->usage;
	size_t max = 1, step;

	if (!u || !u->attempts)
		return;
	for (size_t i = 0; i < u->ndays; i++) {
		if (u->days[i].attempts > max)
			max = u->days[i].attempts;
		if (u->days[i].resets > max)
			max = u->days[i].resets;
	}
	open_chart(out, "Attempts a day, and the resets among them",
		   arena_printf(arena, "%zu attempts in %zu days, %zu a day at most", u->attempts,
				u->ndays, max), 140);
	step = 520 / u->ndays;
	for (size_t i = 0; i < u->ndays; i++) {
		size_t all = u->days[i].attempts * 110 / max, well = u->days[i].resets * 110 / max;

		str_addf(out, "<rect class=\"bar warn\" x=\"%zu\" y=\"%zu\" width=\"%zu\" "
			 "height=\"%zu\"/><rect class=\"bar pass\" x=\"%zu\" y=\"%zu\" "
			 "width=\"%zu\" height=\"%zu\"/>\n", i * step, 112 - all, step - 2, all,
			 i * step, 112 - well, step - 2, well);
	}
	str_addf(out, "<rect class=\"bar rest\" x=\"0\" y=\"112\" width=\"%zu\" height=\"2\"/>"
		 "<text x=\"0\" y=\"132\">%zu days ago</text><text x=\"440\" y=\"132\">"
		 "today</text>\n</svg></figure>\n", u->ndays * step, u->ndays - 1);
}

static void put_first(const struct assessment *a, struct str *out)
{
	static const char *const titles[] = { "Now", "Next", "Later: find out" };
	size_t n = 0;

	str_add(out, "<h2 id=\"first\">What to do first</h2>\n<table>\n<caption>In this "
		"order; the effort is a rough guess.</caption>\n<thead><tr><th scope=\"col\">When</th><th "
		"scope=\"col\">What</th><th scope=\"col\">Effort</th><th scope=\"col\">Whom it "
		"concerns</th></tr></thead>\n<tbody>\n");
	for (enum when w = WHEN_NOW; w <= WHEN_LATER; w++) {
		for (size_t i = 0; i < a->findings->n; i++) {
			const struct finding *one = &a->findings->v[i];
			const struct advice *advice = advice_find(one->id);

			if (finding_when(one) != w)
				continue;
			n++;
			put(out, "<tr><td>", titles[w], "</td><td><a href=\"#");
			put(out, "", one->id, "\">");
			put(out, "", one->title, "</a>: ");
			html_remedy(out, *one->remedy ? one->remedy : one->summary);
			put(out, "</td><td data-head=\"Effort\">", advice->effort, "</td><td data-head=\"Concerns\">");
			put(out, "", advice->affects, "</td></tr>\n");
		}
	}
	if (!n)
		str_add(out, "<tr><td colspan=\"4\">Nothing needs to be done.</td></tr>\n");
	str_add(out, "</tbody>\n</table>\n");
}

static void put_evidence(const struct finding *one, struct str *out)
{
	char when[TIME_TEXT];

	if (!one->nevidence)
		return;
	str_add(out, "<dt>Evidence</dt><dd><ul>\n");
	for (size_t i = 0; i < one->nevidence; i++) {
		const struct evidence *e = &one->evidence[i];

		put(out, "<li>", e->value, "");
		put(out, " <span class=\"soft\">(", e->source, "");
		if (e->observed_ms)
			put(out, ", ", time_format(e->observed_ms, when), "");
		str_add(out, ")</span></li>\n");
	}
	str_add(out, "</ul></dd>\n");
}

static void put_finding(const struct finding *one, struct str *out)
{
	const char *link = safe_link(one->link);

	put(out, "<article class=\"", verdict_name(one->verdict), "\" id=\"");
	put(out, "", one->id, "\">\n<h3>");
	put(out, "", one->title, " <span class=\"word ");
	put(out, "", verdict_name(one->verdict), "\">");
	put(out, "", word_of(one->verdict), "</span></h3>\n");
	put(out, "<p>", one->summary, "</p>\n<dl>\n");
	put(out, "<dt>Why it matters</dt><dd>", advice_find(one->id)->why, "</dd>\n");
	if (*one->remedy && finding_when(one) != WHEN_NEVER) {
		str_add(out, "<dt>What to do</dt><dd>");
		html_remedy(out, one->remedy);
		str_add(out, "</dd>\n");
	}
	put(out, "<dt>How sure</dt><dd>", confidence_name(one->confidence), "</dd>\n");
	put_evidence(one, out);
	put(out, "<dt>Id</dt><dd>", one->id, "</dd>\n");
	if (*link) {
		put(out, "<dt>Where</dt><dd><a rel=\"noreferrer\" href=\"", link, "\">");
		put(out, "", link, "</a></dd>\n");
	}
	str_add(out, "</dl>\n</article>\n");
}

/* The worst first, as people read. */
static const enum verdict worst_first[] = {
	VERDICT_FAIL, VERDICT_WARN, VERDICT_UNKNOWN, VERDICT_ACCEPTED, VERDICT_PASS,
	VERDICT_NOT_APPLICABLE,
};

static void put_findings(const struct findings *findings, struct str *out)
{
	for (size_t k = 0; k < COUNT_OF(worst_first); k++)
		for (size_t i = 0; i < findings->n; i++)
			if (findings->v[i].verdict == worst_first[k])
				put_finding(&findings->v[i], out);
}

static void put_tools(struct str *out)
{
	str_add(out, "<div class=\"tools\" id=\"tools\" hidden>\n<label>Search "
		"<input id=\"find\" type=\"search\" autocomplete=\"off\"></label>\n"
		"<label>Verdict <select id=\"verdict\"><option value=\"\">all</option>");
	for (size_t i = 0; i < COUNT_OF(worst_first); i++)
		str_addf(out, "<option value=\"%s\">%s</option>", verdict_name(worst_first[i]),
			 word_of(worst_first[i]));
	str_add(out, "</select></label>\n<span id=\"shown\" role=\"status\"></span>\n</div>\n");
}

/* Where everything comes from, and what could not be read. */
static void put_sources(const struct assessment *a, struct arena *arena, struct str *out)
{
	char when[TIME_TEXT];

	str_add(out, "<h2 id=\"sources\">How we know</h2>\n<p>Proved means read directly; "
		"likely, inferred from other facts; attested, a person said so; contradicted, "
		"sources disagree. What could not be read counts as unknown, never as failed.</p>\n<table>\n"
		"<caption>What was read</caption>\n<thead><tr><th scope=\"col\">What</th><th "
		"scope=\"col\">From</th><th scope=\"col\">When or why not</th></tr></thead>\n"
		"<tbody>\n");
	for (int i = 0; i < AREA_COUNT; i++) {
		const struct source *s = &a->facts->source[i];

		put(out, "<tr><td>", area_name((enum area)i), "</td><td>");
		put(out, "", s->request, "</td><td>");
		put(out, "", s->state == SOURCE_READ
		    ? time_format(s->observed_ms, when)
		    : a->reasons ? a->reasons[i]
		    : facts_why_unknown(a->facts, (enum area)i, arena), "</td></tr>\n");
	}
	str_add(out, "</tbody>\n</table>\n");
}

void report_html(const struct assessment *a, struct str *out)
{
	struct arena arena = { 0 };

	put_head(a, out);
	put_summary(a, &arena, out);
	put_first(a, out);
	put_since(a->since, out);
	str_add(out, "<h2 id=\"pictures\">In pictures</h2>\n");
	put_people_chart(a, &arena, out);
	put_verdict_chart(a, out);
	put_usage_chart(a, &arena, out);
	if (a->readiness)
		report_ready_html(a->readiness, &arena, out);
	str_add(out, "<h2 id=\"findings\">Findings</h2>\n");
	put_tools(out);
	put_findings(a->findings, out);
	put_sources(a, &arena, out);
	str_add(out, "</main>\n<footer class=\"soft\"><p>Made by sspr-wizard " VERSION
		". Nothing was changed to make this report.</p></footer>\n<script>");
	str_add(out, html_script);
	str_add(out, "</script>\n</body>\n</html>\n");
	arena_clear(&arena);
}
