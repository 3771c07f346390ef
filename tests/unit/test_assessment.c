/* The reports: nothing that a tenant is called may mean anything in them. */
#include "checks/assessment.h"
#include "checks/html_parts.h"
#include "checks/redact.h"
#include "checks/report_ready.h"
#include "tests/unit/healthy_facts.h"

#include <openssl/evp.h>

#include "graph/base/base64.h"
#include "graph/base/mem.h"

static const char *const hostile[] = {
	"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x", "&lt;b&gt;",
	"=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(1)", "[click](javascript:alert(1))",
	"![x](https://evil.example/x.png)", "<https://evil.example>", "https://evil.example",
	"www.evil.example", "a | b | c", "# heading", "*bold* `code` ~~gone~~", "]]>", "${7*7}",
	"</style></title></textarea>", "\\", "a\"} 1\nevil_metric 1",
};

static void add_hostile(struct findings *all, const char *text)
{
	struct finding *one = findings_add(all, "health.nested", "group", text);

	finding_set(all, one, VERDICT_FAIL, CONFIDENCE_PROVED, "%s", text);
	finding_remedy(all, one, "%s", text);
	finding_evidence(all, one, text, NOW_MS, "%s", text);
	one->link = arena_printf(&all->arena, "javascript:%s", text);
}

struct case_of {
	struct facts facts;
	struct findings findings;
	struct usage usage;
	struct assessment a;
};

static void fill(struct case_of *c)
{
	memset(c, 0, sizeof(*c));
	healthy_facts(&c->facts);
	c->facts.organization.display_name = hostile[0];
	c->facts.organization.default_domain = hostile[1];
	for (size_t i = 0; i < COUNT_OF(hostile); i++)
		add_hostile(&c->findings, hostile[i]);
	usage_count_events(&c->facts, &(struct event_filter){ .days = 30 }, &c->usage,
			   &c->findings.arena);
	c->a = (struct assessment){
		.facts = &c->facts, .findings = &c->findings, .usage = &c->usage,
		.title = hostile[18], .baseline = hostile[2],
	};
}

static void empty(struct case_of *c)
{
	findings_clear(&c->findings);
	facts_release(&c->facts);
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

static void test_html_is_inert(void **state)
{
	CLEANUP(str_release) struct str out = { 0 };
	struct case_of c;
	const char *t;

	(void)state;
	fill(&c);
	report_html(&c.a, &out);
	t = str_text(&out);
	assert_int_equal(count(t, "<script"), 1);
	assert_int_equal(count(t, "<style"), 1);
	assert_int_equal(count(t, "<title"), 1);
	assert_int_equal(count(t, "<img"), 0);
	assert_int_equal(count(t, "<b>"), count(t, "<li><b>"));
	assert_int_equal(count(t, "href=\"javascript"), 0);
	assert_int_equal(count(t, "' onload='"), 0);
	assert_int_equal(count(t, "src=\""), 0);
	assert_int_equal(count(t, "url("), 0);
	assert_int_equal(count(t, "href=\"http"), 0);
	assert_non_null(strstr(t, "&lt;script&gt;alert(1)&lt;/script&gt;"));
	assert_int_equal(count(t, "<article"), COUNT_OF(hostile));
	empty(&c);
}

static void digest_of(const char *text, char *out, size_t size)
{
	CLEANUP(str_release) struct str b = { 0 };
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	assert_int_equal(EVP_Digest(text, strlen(text), md, &n, EVP_sha256(), NULL), 1);
	base64_encode(&b, md, n);
	snprintf(out, size, "sha256-%s", str_text(&b));
}

/* The policy names the style and the script that are really there. */
static void test_policy(void **state)
{
	char digest[80];

	(void)state;
	digest_of(html_style, digest, sizeof(digest));
	assert_string_equal(HTML_STYLE_HASH, digest);
	digest_of(html_script, digest, sizeof(digest));
	assert_string_equal(HTML_SCRIPT_HASH, digest);
}

static void test_csv_is_inert(void **state)
{
	CLEANUP(str_release) struct str out = { 0 };
	struct case_of c;

	(void)state;
	fill(&c);
	report_csv(&c.a, &out);
	assert_int_equal(count(str_text(&out), "\n"), COUNT_OF(hostile) + 1);
	for (const char *t = str_text(&out); (t = strstr(t, ",\"")); t += 2)
		assert_null(t[2] ? strchr("=+-@", t[2]) : NULL);
	empty(&c);
}

/* What a reader of Markdown acts on: only our own signs are left unescaped. */
static void test_markdown_is_inert(void **state)
{
	static const char signs[] = "<[`!~\\";
	CLEANUP(str_release) struct str out = { 0 };
	struct case_of c;
	const char *t;

	(void)state;
	fill(&c);
	report_markdown(&c.a, &out);
	t = str_text(&out);
	for (const char *p = t; *p; p++) {
		if (*p == '\\' && p[1]) {
			p++;
			continue;
		}
		if (strchr(signs, *p))
			fail_msg("unescaped: %.40s", p);
	}
	assert_null(strstr(t, "https://evil"));
	assert_null(strstr(t, "www.evil"));
	assert_non_null(strstr(t, "\\<script\\>"));
	empty(&c);
}

static void test_metrics_hold_our_words_alone(void **state)
{
	CLEANUP(str_release) struct str out = { 0 };
	struct case_of c;

	(void)state;
	fill(&c);
	report_openmetrics(&c.a, &out);
	assert_null(strstr(str_text(&out), "evil"));
	assert_true(str_ends(str_text(&out), "# EOF\n"));
	assert_non_null(strstr(str_text(&out), "sspr_wizard_findings{verdict=\"fail\"} 21\n"));
	empty(&c);
}

static void test_junit(void **state)
{
	CLEANUP(str_release) struct str out = { 0 };
	struct case_of c;

	(void)state;
	fill(&c);
	report_junit(&c.a, &out);
	assert_non_null(strstr(str_text(&out), "tests=\"21\" failures=\"21\" errors=\"0\" "
					       "skipped=\"0\""));
	assert_null(strstr(str_text(&out), "<script"));
	assert_null(strstr(str_text(&out), "]]>"));
	empty(&c);
}

static void test_sarif(void **state)
{
	struct case_of c;
	struct json *doc;

	(void)state;
	fill(&c);
	c.findings.v[1].verdict = VERDICT_WARN;
	c.findings.v[2].verdict = VERDICT_UNKNOWN;
	doc = report_sarif(&c.a);
	assert_string_equal(json_string(doc, "version"), "2.1.0");
	assert_string_equal(json_text(json_at(doc, "runs[0].results[0].level")), "error");
	assert_string_equal(json_text(json_at(doc, "runs[0].results[1].level")), "warning");
	assert_string_equal(json_text(json_at(doc, "runs[0].results[2].kind")), "open");
	assert_null(json_at(doc, "runs[0].tool.driver.rules[0].helpUri"));
	json_free(doc);
	empty(&c);
}

static void test_redact(void **state)
{
	struct arena arena = { 0 };
	struct redactor *r;
	struct facts f;

	(void)state;
	healthy_facts(&f);
	f.members.people.v[0].display_name = "Ann Lee";
	f.members.people.v[1].display_name = "Bob";
	r = redactor_new(&f);
	assert_string_equal(redact(r, "Ann Lee (ann@contoso.com) and bob@contoso.com.", &arena),
			    "person 1 (person 1) and person 2.");
	assert_string_equal(redact(r, "BOB, not Bobby; ANN@CONTOSO.COM", &arena),
			    "person 2, not Bobby; person 1");
	/* Somebody nobody read is still somebody, and always the same. */
	assert_string_equal(redact(r, "x.y@else.example, x.y@else.example", &arena),
			    "person 6, person 6");
	assert_string_equal(redact(r, "the group SSPR-Enabled-Users", &arena),
			    "the group SSPR-Enabled-Users");
	redactor_free(r);
	arena_clear(&arena);
	facts_release(&f);
}

/* The pilot of the healthy tenant, all of whom are called this. */
static void name_all(struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->members.people.n; i++) {
		struct person *p = &f->members.people.v[i];

		p->display_name = p->mail = p->upn = name;
		p->sspr_registered = p->sspr_capable = TRI_NO;
	}
}

static void judge_ready(struct case_of *c, struct readiness *r)
{
	struct wanted w;

	wanted_runbook(&w);
	readiness_judge(&c->facts, &w, r, &c->findings.arena);
	c->a.readiness = r;
}

static void test_ready_is_inert(void **state)
{
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		CLEANUP(str_release) struct str html = { 0 }, md = { 0 }, cell = { 0 };
		struct readiness r;
		struct case_of c;

		(void)state;
		fill(&c);
		name_all(&c.facts, hostile[i]);
		judge_ready(&c, &r);
		report_html(&c.a, &html);
		assert_int_equal(count(str_text(&html), "<script"), 1);
		assert_int_equal(count(str_text(&html), "<img"), 0);
		assert_int_equal(count(str_text(&html), "</title>"), 1);
		assert_int_equal(count(str_text(&html), "<tr class=\"person\">"), 4);
		report_markdown(&c.a, &md);
		str_add(&cell, "\n| ");
		markdown_text(&cell, hostile[i]);
		str_add(&cell, " | ");
		assert_int_equal(count(str_text(&md), str_text(&cell)), 4);
		empty(&c);
	}
}

/* Decision, gaps and people; nobody's name when that is wished; a cap. */
static void test_who_is_ready(void **state)
{
	static const char *const shown[] = {
		"<h2 id=\"ready\">Who is ready</h2>", "<a href=\"#ready\">",
		"No-go: 3 of 4 people are ready (75 %, wanted 80 %).",
		"3 ready, 1 with a gap, 0 not known, 0 left out",
		"<tr><td>too few methods</td><td data-head=\"People\">1</td>",
		"<td data-head=\"Missing\">too few methods</td>",
		"<td data-head=\"Capable\">no</td>",
	};
	CLEANUP(str_release) struct str html = { 0 }, md = { 0 };
	struct redactor *redactor;
	struct readiness r;
	struct case_of c;

	(void)state;
	fill(&c);
	c.facts.members.people.v[0].sspr_registered = TRI_NO;
	c.facts.members.people.v[0].sspr_capable = TRI_NO;
	judge_ready(&c, &r);
	report_html(&c.a, &html);
	for (size_t i = 0; i < COUNT_OF(shown); i++)
		if (!strstr(str_text(&html), shown[i]))
			fail_msg("no %s", shown[i]);
	assert_int_equal(count(str_text(&html), "<tr class=\"person\">"), 1);
	assert_non_null(strstr(str_text(&html), "ann@contoso.com"));
	redactor = redactor_new(&c.facts);
	redact_readiness(redactor, &r, &c.findings.arena);
	redactor_free(redactor);
	str_clear(&html);
	report_ready_html(&r, &c.findings.arena, &html);
	report_ready_markdown(&r, &c.findings.arena, &md);
	assert_null(strstr(str_text(&html), "ann@"));
	assert_null(strstr(str_text(&md), "ann"));
	assert_non_null(strstr(str_text(&html), "<td>person "));
	assert_int_equal(count(str_text(&md), "| person "), 2);
	empty(&c);
}

static void test_ready_of_many(void **state)
{
	CLEANUP(str_release) struct str html = { 0 }, md = { 0 };
	struct readiness r;
	struct case_of c;

	(void)state;
	fill(&c);
	for (int i = 0; i < 300; i++)
		add_person(&c.facts, &c.facts.members.people,
			   arena_printf(&c.facts.arena, "x%d", i),
			   arena_printf(&c.facts.arena, "x%d@contoso.com", i), false);
	for (size_t i = 4; i < c.facts.members.people.n; i++)
		c.facts.members.people.v[i].sspr_registered = TRI_NO;
	judge_ready(&c, &r);
	report_ready_html(&r, &c.findings.arena, &html);
	report_ready_markdown(&r, &c.findings.arena, &md);
	assert_int_equal(count(str_text(&html), "<tr class=\"person\">"), 200);
	assert_non_null(strstr(str_text(&html), "And 100 more: sspr-wizard monitor readiness"));
	assert_int_equal(count(str_text(&md), "contoso\\.com |"), 200 * 2);
	empty(&c);
}

/* Without the members there is a reason and no table. */
static void test_ready_of_nobody(void **state)
{
	CLEANUP(str_release) struct str html = { 0 };
	struct readiness r;
	struct case_of c;

	(void)state;
	fill(&c);
	c.facts.members.people.n = 0;
	lose_area(&c.facts, AREA_MEMBERS, SOURCE_FORBIDDEN, "403");
	judge_ready(&c, &r);
	report_ready_html(&r, &c.findings.arena, &html);
	assert_int_equal(count(str_text(&html), "<table"), 0);
	assert_non_null(strstr(str_text(&html), "<p class=\"lead\">Cannot tell"));
	empty(&c);
}

/* Without the registration report too: each line would only say that it is missing. */
static void test_ready_of_an_unread_report(void **state)
{
	CLEANUP(str_release) struct str html = { 0 }, md = { 0 };
	struct readiness r;
	struct case_of c;

	(void)state;
	fill(&c);
	lose_area(&c.facts, AREA_REGISTRATION, SOURCE_FORBIDDEN, "a permission is missing");
	judge_ready(&c, &r);
	report_ready_html(&r, &c.findings.arena, &html);
	report_ready_markdown(&r, &c.findings.arena, &md);
	assert_int_equal(count(str_text(&html), "<table"), 0);
	assert_int_equal(count(str_text(&md), "|"), 0);
	assert_non_null(strstr(str_text(&html), "The registration report was not read: "));
	assert_non_null(strstr(str_text(&md), "The registration report was not read"));
	empty(&c);
}

/* Two of one name are two, a short name goes, and so does one in an error. */
static void test_redacted_people(void **state)
{
	static const char *const names[] = { "Ann Lee", "Qx", "Ann Lee", "Dora" };
	CLEANUP(str_release) struct str html = { 0 }, md = { 0 };
	const char *reasons[AREA_COUNT];
	struct redactor *redactor;
	struct readiness r;
	struct case_of c;

	(void)state;
	fill(&c);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		c.facts.members.people.v[i].display_name = names[i];
		c.facts.members.people.v[i].sspr_registered = TRI_NO;
	}
	lose_area(&c.facts, AREA_AUDIT, SOURCE_FAILED, "asked for dora@contoso.com");
	judge_ready(&c, &r);
	redactor = redactor_new(&c.facts);
	redact_readiness(redactor, &r, &c.findings.arena);
	redact_reasons(redactor, &c.facts, reasons, &c.findings.arena);
	redactor_free(redactor);
	c.a.reasons = reasons;
	report_html(&c.a, &html);
	report_markdown(&c.a, &md);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *row = arena_printf(&c.findings.arena, "<td>person %zu</td>", i + 1);

		assert_int_equal(count(str_text(&html), row), 1);
		assert_null(strstr(str_text(&html), names[i]));
		assert_null(strstr(str_text(&md), names[i]));
	}
	assert_null(strstr(str_text(&html), "@contoso.com"));
	assert_int_equal(count(str_text(&html), "asked for person 4"), 2);
	empty(&c);
}

static void test_commands_in_remedies(void **state)
{
	static const struct {
		const char *remedy, *html;
	} rows[] = {
		{ "Run `sspr-wizard check` now.", "<dd>Run <code>sspr-wizard check</code> now.</dd>" },
		{ "`a` and `b`", "<dd><code>a</code> and <code>b</code></dd>" },
		{ "One ` alone", "<dd>One ` alone</dd>" },
		{ "`a` and ` alone", "<dd><code>a</code> and ` alone</dd>" },
		{ "`<b>&`", "<dd><code>&lt;b&gt;&amp;</code></dd>" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(str_release) struct str html = { 0 };
		struct finding *one;
		struct case_of c;

		fill(&c);
		one = findings_add(&c.findings, "health.nested", "group", "x");
		finding_set(&c.findings, one, VERDICT_FAIL, CONFIDENCE_PROVED, "x");
		finding_remedy(&c.findings, one, "%s", rows[i].remedy);
		report_html(&c.a, &html);
		if (!strstr(str_text(&html), rows[i].html))
			fail_msg("%s is not shown as %s", rows[i].remedy, rows[i].html);
		empty(&c);
	}
}

static void test_advice(void **state)
{
	(void)state;
	assert_string_equal(advice_find("step.admin")->affects, "administrators");
	assert_string_equal(advice_find("health.something-new")->why,
			    "It keeps the service well.");
	assert_string_equal(advice_find("x")->effort, "an hour");
	assert_string_equal(safe_link("https://aka.ms/x"), "https://aka.ms/x");
	assert_string_equal(safe_link("https://aka.ms.evil.example/"), "");
	assert_string_equal(safe_link(NULL), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html_is_inert),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_csv_is_inert),
		cmocka_unit_test(test_markdown_is_inert),
		cmocka_unit_test(test_metrics_hold_our_words_alone),
		cmocka_unit_test(test_junit),
		cmocka_unit_test(test_sarif),
		cmocka_unit_test(test_redact),
		cmocka_unit_test(test_ready_is_inert),
		cmocka_unit_test(test_who_is_ready),
		cmocka_unit_test(test_ready_of_many),
		cmocka_unit_test(test_ready_of_nobody),
		cmocka_unit_test(test_ready_of_an_unread_report),
		cmocka_unit_test(test_redacted_people),
		cmocka_unit_test(test_commands_in_remedies),
		cmocka_unit_test(test_advice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
