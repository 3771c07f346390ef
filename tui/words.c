#include "tui/words.h"

#include <string.h>

#include "graph/base/clock.h"

struct look look_of_verdict(enum verdict v)
{
	switch (v) {
	case VERDICT_PASS:
		return (struct look){ GLYPH_OK, ROLE_GOOD, "ok" };
	case VERDICT_WARN:
		return (struct look){ GLYPH_WARN, ROLE_WARN, "warning" };
	case VERDICT_FAIL:
		return (struct look){ GLYPH_BAD, ROLE_BAD, "fails" };
	case VERDICT_NOT_APPLICABLE:
		return (struct look){ GLYPH_NA, ROLE_DIM, "n/a" };
	case VERDICT_ACCEPTED:
		return (struct look){ GLYPH_OK, ROLE_DIM, "agreed" };
	case VERDICT_UNKNOWN:
		break;
	}
	return (struct look){ GLYPH_UNKNOWN, ROLE_WARN, "unknown" };
}

struct look look_of_step(const struct step_view *v)
{
	switch (v->state) {
	case STEP_DONE:
		if (step_confidence(v) == CONFIDENCE_ATTESTED)
			return (struct look){ GLYPH_OK, ROLE_GUIDE, "by word" };
		return (struct look){ GLYPH_OK, ROLE_GOOD, "done" };
	case STEP_CHANGES:
		return (struct look){ GLYPH_CHANGE, ROLE_ACCENT, "to do" };
	case STEP_GUIDED:
		return (struct look){ GLYPH_GUIDE, ROLE_GUIDE, "by hand" };
	case STEP_BLOCKED:
		return (struct look){ GLYPH_BLOCKED, ROLE_WARN, "blocked" };
	case STEP_NOT_APPLICABLE:
		return (struct look){ GLYPH_NA, ROLE_DIM, "n/a" };
	case STEP_UNKNOWN:
		break;
	}
	return (struct look){ GLYPH_UNKNOWN, ROLE_WARN, "unknown" };
}

struct look look_of_outcome(enum outcome o, bool running)
{
	if (running)
		return (struct look){ GLYPH_BUSY, ROLE_ACCENT, "sending" };
	switch (o) {
	case OUTCOME_DONE:
		return (struct look){ GLYPH_OK, ROLE_GOOD, "done" };
	case OUTCOME_FAILED:
		return (struct look){ GLYPH_BAD, ROLE_BAD, "refused" };
	case OUTCOME_UNKNOWN:
		return (struct look){ GLYPH_UNKNOWN, ROLE_WARN, "unknown" };
	case OUTCOME_STOPPED:
		return (struct look){ GLYPH_NA, ROLE_DIM, "not sent" };
	case OUTCOME_NONE:
		break;
	}
	return (struct look){ GLYPH_OPEN, ROLE_DIM, "waits" };
}

struct look look_of_undo(enum outcome o, bool running, bool conflict)
{
	if (!running && o == OUTCOME_FAILED && conflict)
		return (struct look){ GLYPH_WARN, ROLE_WARN, "left as it is" };
	if (!running && o == OUTCOME_DONE)
		return (struct look){ GLYPH_OK, ROLE_GOOD, "taken back" };
	return look_of_outcome(o, running);
}

struct look look_unread(void)
{
	return (struct look){ GLYPH_OPEN, ROLE_DIM, "unread" };
}

struct look look_reading(void)
{
	return (struct look){ GLYPH_BUSY, ROLE_DIM, "reading" };
}

const char *step_short_title(unsigned number)
{
	static const char *const titles[STEPS_COUNT + 1] = {
		"", "Group", "Enablement", "Methods", "Writeback", "Admins",
		"Registration", "Notices",
	};

	return number <= STEPS_COUNT ? titles[number] : "";
}

void ago_text(int64_t now_ms, int64_t then_ms, struct str *out)
{
	char span[TIME_TEXT];

	if (now_ms - then_ms < 1000) {
		str_add(out, "just now");
		return;
	}
	str_add(out, time_span(now_ms - then_ms, span));
	str_add(out, " ago");
}

void when_text(int64_t now_ms, int64_t then_ms, struct str *out)
{
	char now[TIME_TEXT], then[TIME_TEXT], date[TIME_TEXT];

	time_format(now_ms, now);
	time_format(then_ms, then);
	if (strncmp(now, then, 10) != 0)
		str_addf(out, "%s, ", time_format_date(then_ms, date));
	str_addf(out, "%.5s UTC", then + 11);
}

void add_count(struct str *out, size_t n, const char *one, const char *many)
{
	str_addf(out, "%zu %s", n, n == 1 ? one : many);
}

const char *doubt_word(enum confidence c)
{
	switch (c) {
	case CONFIDENCE_LIKELY:
		return "likely";
	case CONFIDENCE_ATTESTED:
		return "attested";
	case CONFIDENCE_CONTRADICTED:
		return "sources disagree";
	case CONFIDENCE_PROVED:
	case CONFIDENCE_NONE:
		break;
	}
	return "";
}
