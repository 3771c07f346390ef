#ifndef CHECKS_FINDING_H
#define CHECKS_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "graph/base/arena.h"

/* DESIGN.md 2: the words for what a check found. */
enum verdict {
	VERDICT_PASS,
	VERDICT_NOT_APPLICABLE,
	VERDICT_ACCEPTED,
	VERDICT_UNKNOWN,	/* a missing permission is this, never FAIL */
	VERDICT_WARN,
	VERDICT_FAIL,
};

enum confidence {
	CONFIDENCE_NONE,
	CONFIDENCE_ATTESTED,	/* a person said so */
	CONFIDENCE_LIKELY,	/* inferred from other facts */
	CONFIDENCE_PROVED,	/* read directly */
	CONFIDENCE_CONTRADICTED,	/* sources disagree: shown, never averaged */
};

const char *verdict_name(enum verdict v);	/* "not-applicable", ... */
const char *confidence_name(enum confidence c);

/* One thing that was seen: where, what, and when it was true. */
struct evidence {
	const char *source;	/* "GET /v1.0/subscribedSkus" */
	const char *value;	/* "SPE_E3: 25 seats, 21 used" */
	int64_t observed_ms;	/* 0 = no time */
};

/* All text belongs to the arena of the findings; none is NULL. */
struct finding {
	const char *id;		/* stable for ever: "prereq.licence" */
	const char *area;	/* "licence", "sync", ... */
	const char *title;	/* "Licences" */
	enum verdict verdict;
	enum confidence confidence;
	const char *summary;	/* one sentence */
	const char *remedy;	/* what to do; "" when well */
	const char *link;	/* documentation or admin centre; "" if none */
	struct evidence *evidence;
	size_t nevidence, evidence_cap;
};

struct findings {
	struct arena arena;
	struct finding *v;
	size_t n, cap;
};

void findings_clear(struct findings *f);
/* Adds a finding with empty texts and VERDICT_UNKNOWN; valid until the next. */
struct finding *findings_add(struct findings *f, const char *id, const char *area,
			     const char *title);
/* Sets verdict, confidence and summary together. */
void finding_set(struct findings *f, struct finding *one, enum verdict v,
		 enum confidence c, const char *summary_fmt, ...)
	PRINTF_LIKE(5, 6);
void finding_remedy(struct findings *f, struct finding *one, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
void finding_evidence(struct findings *f, struct finding *one, const char *source,
		      int64_t observed_ms, const char *fmt, ...)
	PRINTF_LIKE(5, 6);
const struct finding *findings_find(const struct findings *f, const char *id);

/* How many of the findings whose id starts with prefix ("" = all) were answered,
 * and how. Warnings are answered and do not pass. */
struct findings_score {
	size_t passed, accepted, answered;	/* answered: pass, accepted, warn, fail */
	size_t unanswered, not_applicable;
};
struct findings_score findings_score(const struct findings *f, const char *prefix);
/* "18 of 23 answered checks pass, 2 are accepted; 4 could not be answered", never
 * a share without what it is of. Text of the arena. */
const char *findings_score_text(const struct findings *f, const char *prefix,
				struct arena *arena);
/* The worst verdict: FAIL, then WARN, then UNKNOWN, then PASS. */
enum verdict findings_verdict(const struct findings *f);

#endif
