#ifndef CHECKS_VOICES_H
#define CHECKS_VOICES_H

#include <stddef.h>
#include <stdint.h>

#include "checks/finding.h"
#include "graph/base/arena.h"

/* One source that says something about a setting nobody can read. */
enum voice_kind {
	VOICE_EVENT,	/* the audit log: exact, at its time */
	VOICE_REPORT,	/* derived from a report whose rows are at least that new */
	VOICE_WORD,	/* a person's word */
};
struct voice {
	enum voice_kind kind;
	const char *value;
	int64_t time_ms;
	const char *text;	/* "the report shows ...", no final full stop */
};
#define VOICES_MAX 8
struct voices {
	struct voice v[VOICES_MAX];
	size_t n;
};

void voice_add(struct voices *all, enum voice_kind kind, const char *value,
	       int64_t time_ms, const char *text);
/*
 * What they say together, or NULL. A report or a word from before the newest
 * event is superseded; a report from before a word too. What then still
 * disagrees is CONFIDENCE_CONTRADICTED and has no value. *ret_how is a sentence
 * that names every source heard, each with its day.
 */
const char *voices_judge(const struct voices *all, int64_t now_ms,
			 enum confidence *ret_confidence, const char **ret_how,
			 int64_t *ret_time_ms, struct arena *arena);

#endif
