#include "checks/live_test.h"

#include <string.h>

#include "checks/judge.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

const char *live_stage_title(enum live_stage s)
{
	static const char *const titles[] = {
		[LIVE_INITIATED] = "Started",
		[LIVE_CHALLENGED] = "Verification asked for",
		[LIVE_VERIFIED] = "Verified",
		[LIVE_PASSWORD] = "New password",
		[LIVE_WRITTEN_BACK] = "Written back",
		[LIVE_DONE] = "Done",
	};

	return (size_t)s < COUNT_OF(titles) ? titles[s] : "";
}

const char *live_state_name(enum live_state s)
{
	static const char *const names[] = {
		[LIVE_NOTHING] = "nothing",
		[LIVE_RUNNING] = "running",
		[LIVE_SUCCEEDED] = "succeeded",
		[LIVE_FAILED] = "failed",
		[LIVE_CANCELLED] = "cancelled",
	};

	return (size_t)s < COUNT_OF(names) ? names[s] : names[LIVE_NOTHING];
}

static bool is_theirs(const struct event *e, const char *user)
{
	if (e->kind != EVENT_FLOW && e->kind != EVENT_RESET && e->kind != EVENT_BLOCKED &&
	    e->kind != EVENT_UNLOCK)
		return false;
	return str_same_nocase(e->upn, user) || str_same_nocase(e->user_id, user);
}

/* Events without a correlation id stand alone. */
static bool same_attempt(const struct event *a, const struct event *b)
{
	return a == b || str_same_nocase(a->correlation_id, b->correlation_id);
}

static const struct event *newest(const struct audit *a, const char *user, int64_t since_ms)
{
	const struct event *ret = NULL;

	for (size_t i = 0; i < a->n; i++)
		if (is_theirs(&a->v[i], user) && a->v[i].time_ms >= since_ms &&
		    (!ret || a->v[i].time_ms > ret->time_ms))
			ret = &a->v[i];
	return ret;
}

/* "User started the mobile SMS verification option" -> "mobile SMS". */
static bool take_way(struct live_test *t, const char *reason, const char *verb,
		     struct arena *arena)
{
	const char *start = str_find_nocase(reason, verb), *end;

	if (!start)
		return false;
	start += strlen(verb);
	end = str_find_nocase(start, " verification");
	if (!end)
		return false;
	t->way = arena_strndup(arena, start, (size_t)(end - start));
	return true;
}

static void reached(struct live_test *t, enum live_stage s, int64_t ms)
{
	t->stage_ms[s] = ms;
	t->last_ms = ms > t->last_ms ? ms : t->last_ms;
}

/* The steps of the flow, by the beginnings of their words. */
static void take_progress(struct live_test *t, const struct event *e, struct arena *arena)
{
	const char *reason = e->reason ? e->reason : "";

	if (str_find_nocase(reason, "submitted their user ID"))
		reached(t, LIVE_INITIATED, e->time_ms);
	else if (take_way(t, reason, "started the ", arena))
		reached(t, LIVE_CHALLENGED, e->time_ms);
	else if (take_way(t, reason, "completed the ", arena)) {
		reached(t, LIVE_VERIFIED, e->time_ms);
		t->verifications++;
	} else if (str_find_nocase(reason, "submitted a new password")) {
		reached(t, LIVE_PASSWORD, e->time_ms);
	} else if (str_find_nocase(reason, "successfully reset password")) {
		reached(t, LIVE_DONE, e->time_ms);
		t->state = LIVE_SUCCEEDED;
	}
}

/* To give up is the person's own choice. */
static bool is_given_up(const struct reason *why)
{
	return why && (str_starts(why->part, "cancelled") || str_same(why->part, "abandoned"));
}

static void fail(struct live_test *t, const struct event *e)
{
	t->reason = e->reason ? e->reason : "";
	t->why = reason_find(event_blocks(e) ? "blocked for 24 hours" : e->reason);
	t->state = is_given_up(t->why) ? LIVE_CANCELLED : LIVE_FAILED;
}

static void take(struct live_test *t, const struct event *e, bool *final, struct arena *arena)
{
	bool well = str_same_nocase(e->result, "success");

	t->events++;
	t->last_ms = e->time_ms > t->last_ms ? e->time_ms : t->last_ms;
	if (e->upn)
		t->upn = e->upn;
	/* What the reset itself says outweighs a step that comes after it. */
	if (*final && e->kind == EVENT_FLOW)
		return;
	if (event_blocks(e) || !well || (e->kind == EVENT_FLOW && reason_find(e->reason))) {
		fail(t, e);
	} else if (e->kind == EVENT_FLOW) {
		/* After a wrong code the person went on. */
		t->state = LIVE_RUNNING;
		t->why = NULL;
		t->reason = "";
		take_progress(t, e, arena);
	} else {
		t->state = LIVE_SUCCEEDED;
		t->why = NULL;
		t->reason = "";
		reached(t, LIVE_DONE, e->time_ms);
		t->agent = e->agent;
		t->unlocked = e->kind == EVENT_UNLOCK;
		if (e->agent)
			reached(t, LIVE_WRITTEN_BACK, e->time_ms);
	}
	*final = *final || e->kind != EVENT_FLOW;
}

/* The first event of the attempt after a time, or at it and after a place: the
 * log comes newest first, but nobody promises it. */
static const struct event *following(const struct audit *a, const char *user,
				     const struct event *attempt, const struct event *after)
{
	const struct event *ret = NULL;

	for (size_t i = a->n; i-- > 0;) {
		const struct event *e = &a->v[i];

		if (!is_theirs(e, user) || !same_attempt(e, attempt))
			continue;
		if (after && (e->time_ms < after->time_ms ||
			      (e->time_ms == after->time_ms && e >= after)))
			continue;
		if (!ret || e->time_ms < ret->time_ms)
			ret = e;
	}
	return ret;
}

void live_test_follow(const struct audit *a, const char *user, int64_t since_ms,
		      struct live_test *ret, struct arena *arena)
{
	const struct event *attempt = newest(a, user, since_ms), *e;

	*ret = (struct live_test){ .state = LIVE_NOTHING, .reason = "", .way = "" };
	if (!attempt)
		return;
	ret->correlation_id = attempt->correlation_id;
	ret->state = LIVE_RUNNING;
	for (e = following(a, user, attempt, NULL); e; e = following(a, user, attempt, e)) {
		if (!ret->events)
			ret->started_ms = e->time_ms;
		take(ret, e, &ret->final, arena);
	}
}

const char *live_test_summary(const struct live_test *t, struct arena *arena)
{
	int last = -1;

	switch (t->state) {
	case LIVE_NOTHING:
		return "No attempt of this person is in the log; an event takes some minutes to "
		       "arrive.";
	case LIVE_SUCCEEDED:
		return arena_printf(arena, "Done: %s%s%s.", t->unlocked
				    ? "the account is unlocked" : "the password is reset",
				    t->agent ? " and written back by "
					     : "; the log names no writeback",
				    t->agent ? t->agent : "");
	case LIVE_FAILED:
	case LIVE_CANCELLED:
		if (!t->why)
			return "It failed for a reason that is not known here; look the event up "
			       "by its correlation id in Entra ID > Users > Audit logs.";
		return arena_printf(arena, "%s%s%s", t->why->plain, *t->why->remedy ? " " : "",
				    t->why->remedy);
	case LIVE_RUNNING:
		break;
	}
	for (int i = 0; i < LIVE_STAGES; i++)
		if (t->stage_ms[i])
			last = i;
	if (last < 0)
		return "Under way.";
	return arena_printf(arena, "Under way, last seen: %s%s%s%s.",
			    live_stage_title((enum live_stage)last),
			    t->way[0] ? " (" : "", t->way, t->way[0] ? ")" : "");
}
