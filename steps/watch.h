#ifndef STEPS_WATCH_H
#define STEPS_WATCH_H

#include "checks/facts.h"
#include "checks/wanted.h"
#include "graph/base/str.h"
#include "steps/plan.h"

/*
 * struct watch - looks for the proof of one guided change while a person makes
 * it in the admin centre. Pure: facts in, verdict and lines out; reading now and
 * then is the session's part (session_watch_start()).
 */
enum watch_verdict {
	WATCH_WAITING,
	WATCH_PROVED,		/* the tenant shows the wanted value, set since then */
	WATCH_CONTRADICTED,	/* something was set since then, but another value */
};
const char *watch_verdict_name(enum watch_verdict v);	/* "waiting", ... */

/* The sources in the order of their lines. */
enum watch_source { WATCH_AUDIT, WATCH_REPORT, WATCH_DEMO, WATCH_SOURCES };

/* After so long without a proof a person's word is asked for. */
#define WATCH_PATIENCE_MS (2 * 60 * 1000LL)

struct watch {
	char *change_id, *setting, *title;	/* owned; setting as for setting_judge() */
	char *wanted;				/* owned: "Selected", "1", "on" */
	int64_t since_ms;			/* only what is later counts */
	enum watch_verdict verdict;
	struct str lines[WATCH_SOURCES];	/* one sentence each, "" = nothing to say */
	struct str summary;			/* the verdict in a sentence */
	bool ask_word;				/* no proof came: offer the attestation */
};

/* Whether a change can be watched: it names what it attests, and an official
 * source shows that setting. */
bool watch_can(const struct change *c);
/* Nothing of the change is borrowed. */
struct watch *watch_new(const struct change *c, int64_t now_ms);
void watch_free(struct watch *w);
/* Looks at the facts. Proved stays; contradicted ends when it is put right. */
void watch_look(struct watch *w, const struct facts *f);

#endif
