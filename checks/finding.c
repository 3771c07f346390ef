#include "checks/finding.h"

#include <stdarg.h>
#include <stdio.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

static const char *const verdict_names[] = {
	[VERDICT_PASS] = "pass",
	[VERDICT_NOT_APPLICABLE] = "not-applicable",
	[VERDICT_ACCEPTED] = "accepted",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_WARN] = "warn",
	[VERDICT_FAIL] = "fail",
};

static const char *const confidence_names[] = {
	[CONFIDENCE_NONE] = "none",
	[CONFIDENCE_ATTESTED] = "attested",
	[CONFIDENCE_LIKELY] = "likely",
	[CONFIDENCE_PROVED] = "proved",
	[CONFIDENCE_CONTRADICTED] = "contradicted",
};

const char *verdict_name(enum verdict v)
{
	return (size_t)v < COUNT_OF(verdict_names) ? verdict_names[v] : "unknown";
}

const char *confidence_name(enum confidence c)
{
	return (size_t)c < COUNT_OF(confidence_names) ? confidence_names[c] : "none";
}

void findings_clear(struct findings *f)
{
	arena_clear(&f->arena);
	f->v = NULL;
	f->n = f->cap = 0;
}

struct finding *findings_add(struct findings *f, const char *id, const char *area,
			     const char *title)
{
	struct finding *one;

	ARENA_GROW(&f->arena, f->v, f->n, f->cap);
	one = &f->v[f->n++];
	*one = (struct finding){
		.id = arena_strdup(&f->arena, id),
		.area = arena_strdup(&f->arena, area),
		.title = arena_strdup(&f->arena, title),
		.verdict = VERDICT_UNKNOWN,
		.confidence = CONFIDENCE_NONE,
		.summary = "",
		.remedy = "",
		.link = "",
	};
	return one;
}

static const char *vformat(struct arena *a, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
static const char *vformat(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return "";
	text = arena_alloc(a, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	return text;
}

void finding_set(struct findings *f, struct finding *one, enum verdict v,
		 enum confidence c, const char *summary_fmt, ...)
{
	va_list ap;

	one->verdict = v;
	one->confidence = c;
	va_start(ap, summary_fmt);
	one->summary = vformat(&f->arena, summary_fmt, ap);
	va_end(ap);
}

void finding_remedy(struct findings *f, struct finding *one, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	one->remedy = vformat(&f->arena, fmt, ap);
	va_end(ap);
}

void finding_evidence(struct findings *f, struct finding *one, const char *source,
		      int64_t observed_ms, const char *fmt, ...)
{
	struct evidence *e;
	va_list ap;

	ARENA_GROW(&f->arena, one->evidence, one->nevidence, one->evidence_cap);
	e = &one->evidence[one->nevidence++];
	e->source = source ? arena_strdup(&f->arena, source) : "";
	e->observed_ms = observed_ms;
	va_start(ap, fmt);
	e->value = vformat(&f->arena, fmt, ap);
	va_end(ap);
}

const struct finding *findings_find(const struct findings *f, const char *id)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_same(f->v[i].id, id))
			return &f->v[i];
	return NULL;
}

struct findings_score findings_score(const struct findings *f, const char *prefix)
{
	struct findings_score s = { 0 };

	for (size_t i = 0; i < f->n; i++) {
		if (!str_starts(f->v[i].id, prefix))
			continue;
		switch (f->v[i].verdict) {
		case VERDICT_UNKNOWN:
			s.unanswered++;
			break;
		case VERDICT_NOT_APPLICABLE:
			s.not_applicable++;
			break;
		case VERDICT_PASS:
			s.passed++;
			s.answered++;
			break;
		case VERDICT_ACCEPTED:
			s.accepted++;
			s.answered++;
			break;
		case VERDICT_WARN:
		case VERDICT_FAIL:
			s.answered++;
			break;
		}
	}
	return s;
}

const char *findings_score_text(const struct findings *f, const char *prefix,
				struct arena *arena)
{
	struct findings_score s = findings_score(f, prefix);
	const char *accepted = "", *unanswered = "";

	if (s.accepted)
		accepted = arena_printf(arena, ", %zu %s accepted", s.accepted,
					s.accepted == 1 ? "is" : "are");
	if (s.unanswered)
		unanswered = arena_printf(arena, "; %zu could not be answered", s.unanswered);
	return arena_printf(arena, "%zu of %zu answered checks pass%s%s", s.passed, s.answered,
			    accepted, unanswered);
}

/* The enum is in order of badness from UNKNOWN on; what is below counts as
 * well, so that a tenant where nothing applies passes. */
enum verdict findings_verdict(const struct findings *f)
{
	enum verdict worst = VERDICT_PASS;

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].verdict >= VERDICT_UNKNOWN && f->v[i].verdict > worst)
			worst = f->v[i].verdict;
	return worst;
}
