#ifndef TUI_WORDS_H
#define TUI_WORDS_H

#include "checks/finding.h"
#include "graph/base/str.h"
#include "steps/journal.h"
#include "steps/step.h"
#include "tui/theme.h"

/* How a state looks: always a glyph, a word and a colour together. */
struct look {
	enum glyph glyph;
	enum role role;
	const char *word;	/* at most 7 columns: the runbook list */
};
struct look look_of_verdict(enum verdict v);
/* Done, but by what a person said: "by word". */
struct look look_of_step(const struct step_view *v);
struct look look_of_outcome(enum outcome o, bool running);
/* The same for taking back; a conflict is what somebody else changed or uses. */
struct look look_of_undo(enum outcome o, bool running, bool conflict);
struct look look_unread(void);
struct look look_reading(void);

/* The name in the runbook list, at most 12 columns. */
const char *step_short_title(unsigned number);

/* "12 s ago", "3 days ago", "just now"; appended. */
void ago_text(int64_t now_ms, int64_t then_ms, struct str *out);
/* "14:02 UTC" today, else "22 Nov 2026, 14:02 UTC"; appended. */
void when_text(int64_t now_ms, int64_t then_ms, struct str *out);
/* "1 change", "2 changes". */
void add_count(struct str *out, size_t n, const char *one, const char *many);
/* "", or how sure a value that was not read directly is: "likely", ... */
const char *doubt_word(enum confidence c);

#endif
