#include "checks/voices.h"

#include "graph/base/clock.h"
#include "graph/base/str.h"

/* How long an audit event may take to arrive after somebody has said that the
 * change is made; until then their word stands. */
#define EVENT_DELAY_MS (60 * 60 * 1000LL)

void voice_add(struct voices *all, enum voice_kind kind, const char *value,
	       int64_t time_ms, const char *text)
{
	if (value && all->n < VOICES_MAX)
		all->v[all->n++] = (struct voice){ kind, value, time_ms, text };
}

static const struct voice *newest(const struct voices *all, enum voice_kind kind)
{
	const struct voice *ret = NULL;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].kind == kind && (!ret || all->v[i].time_ms > ret->time_ms))
			ret = &all->v[i];
	return ret;
}

/* Whether a voice still has a say beside the newest event and the newest word. */
static bool heard(const struct voice *v, const struct voice *event,
		  const struct voice *word, int64_t now_ms)
{
	if (v->kind == VOICE_EVENT)
		/* Somebody has just said another value: the event of that
		 * change is still on its way. */
		return v == event && !(word && word->time_ms > v->time_ms &&
				       now_ms - word->time_ms < EVENT_DELAY_MS &&
				       !str_same_nocase(v->value, word->value));
	if (event && v->time_ms <= event->time_ms)
		return false;
	if (v->kind == VOICE_WORD)
		return v == word;
	return !word || v->time_ms > word->time_ms ||
	       (event && word->time_ms <= event->time_ms) ||
	       str_same_nocase(v->value, word->value);
}

/* A report is as old as its oldest row; events and words name their day themselves. */
static const char *dated(const struct voice *v, struct arena *arena)
{
	char date[TIME_TEXT];

	return v->kind != VOICE_REPORT || !v->time_ms
	       ? v->text
	       : arena_printf(arena, "%s (as of %s)", v->text,
			      time_format_date(v->time_ms, date));
}

static const char *two_sides(const struct voice *a, const struct voice *b, struct arena *arena)
{
	return arena_printf(arena, "Sources disagree: %s, but %s.", dated(a, arena),
			    dated(b, arena));
}

/* The best first, then every other that agrees with it. */
static const char *one_side(const struct voices *all, const struct voice *best,
			    const struct voice *event, const struct voice *word, int64_t now_ms,
			    struct arena *arena)
{
	CLEANUP(str_release) struct str text = { 0 };

	str_addf(&text, "How we know: %s", dated(best, arena));
	for (size_t i = 0; i < all->n; i++)
		if (&all->v[i] != best && heard(&all->v[i], event, word, now_ms))
			str_addf(&text, "; %s", dated(&all->v[i], arena));
	str_add(&text, ".");
	return arena_strdup(arena, str_text(&text));
}

const char *voices_judge(const struct voices *all, int64_t now_ms,
			 enum confidence *ret_confidence, const char **ret_how,
			 int64_t *ret_time_ms, struct arena *arena)
{
	static const enum confidence worth[] = {
		[VOICE_EVENT] = CONFIDENCE_PROVED,
		[VOICE_REPORT] = CONFIDENCE_LIKELY,
		[VOICE_WORD] = CONFIDENCE_ATTESTED,
	};
	const struct voice *event = newest(all, VOICE_EVENT);
	const struct voice *word = newest(all, VOICE_WORD);
	const struct voice *best = NULL;

	*ret_confidence = CONFIDENCE_NONE;
	*ret_how = "Nothing that can be read tells it.";
	*ret_time_ms = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct voice *v = &all->v[i];

		if (!heard(v, event, word, now_ms))
			continue;
		if (best && !str_same_nocase(best->value, v->value)) {
			*ret_confidence = CONFIDENCE_CONTRADICTED;
			*ret_how = two_sides(best, v, arena);
			*ret_time_ms = best->time_ms > v->time_ms ? best->time_ms : v->time_ms;
			return NULL;
		}
		if (!best || v->kind < best->kind)
			best = v;
	}
	if (!best)
		return NULL;
	*ret_confidence = worth[best->kind];
	*ret_time_ms = best->time_ms;
	*ret_how = one_side(all, best, event, word, now_ms, arena);
	return best->value;
}
