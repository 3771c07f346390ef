/* The live test: reads the audit log again and again while a person resets. */
#include "steps/session_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"

#define LOOK_MS 5000
#define BUSY_MS 1000
#define FINAL_MS 60000		/* the last event says whether it was written back */
#define DEMO_MS 4000		/* between two things that the demo's person does */

bool live_over(const struct live *l)
{
	return l->given_up || l->state == LIVE_SUCCEEDED || l->state == LIVE_FAILED ||
	       l->state == LIVE_CANCELLED;
}

static void tick(void *ctx)
{
	struct session *s = ctx;

	if (!s->live || live_over(s->live))
		return;
	if (s->state == SESSION_IDLE)
		session_read(s, AREA_BIT(AREA_AUDIT));
	loop_timer_start(s->loop, &s->live_timer, s->state == SESSION_READING ? LOOK_MS : BUSY_MS,
			 tick, s);
}

static void copy(struct str *to, const char *text)
{
	str_clear(to);
	str_add(to, text ? text : "");
}

/* The texts of the facts go with the next read, so they are copied. */
static void take(struct live *l, const struct live_test *t, struct arena *arena)
{
	l->state = t->state;
	if (t->state == LIVE_SUCCEEDED && !t->final && clock_now_ms() - t->last_ms < FINAL_MS)
		l->state = LIVE_RUNNING;
	memcpy(l->stage_ms, t->stage_ms, sizeof(l->stage_ms));
	copy(&l->way, t->way);
	copy(&l->agent, t->agent);
	copy(&l->reason, t->reason);
	copy(&l->attempt, t->correlation_id);
	copy(&l->summary, live_test_summary(t, arena));
}

void session_live_read(struct session *s)
{
	struct arena scratch = { 0 };
	struct live_test t;

	if (!s->live || live_over(s->live) || !facts_read(&s->facts, AREA_AUDIT))
		return;
	live_test_follow(&s->facts.audit, s->live->user, s->live->since_ms, &t, &scratch);
	take(s->live, &t, &scratch);
	arena_clear(&scratch);
	s->live->given_up = s->facts.now_ms - s->live->since_ms > LIVE_PATIENCE_MS;
}

/* In a demo nobody is at the page: the simulator resets, a step at a time. */
static void reset_in_demo(void *ctx)
{
	struct session *s = ctx;

	if (s->live && tenant_reset_step(s->demo, s->live->user, s->live->demo_step++,
					 s->live->correlation))
		loop_timer_start(s->loop, &s->live_demo_timer, DEMO_MS, reset_in_demo, s);
}

int session_live_start(struct session *s, const char *user, struct err *err)
{
	struct live *l;

	if (!user || !*user)
		return err_set(err, ERR_INVALID, 0, "nobody is named");
	session_live_stop(s);
	l = xcalloc(1, sizeof(*l));
	l->user = xstrdup(user);
	l->since_ms = clock_now_ms();
	snprintf(l->correlation, sizeof(l->correlation), "11aa0000-0000-4000-8000-%012llx",
		 (unsigned long long)l->since_ms & 0xffffffffffffULL);
	s->live = l;
	loop_timer_start(s->loop, &s->live_timer, LOOK_MS, tick, s);
	if (s->demo)
		loop_timer_start(s->loop, &s->live_demo_timer, DEMO_MS, reset_in_demo, s);
	return 0;
}

void session_live_stop(struct session *s)
{
	if (!s->live)
		return;
	loop_timer_stop(s->loop, &s->live_timer);
	loop_timer_stop(s->loop, &s->live_demo_timer);
	str_release(&s->live->way);
	str_release(&s->live->agent);
	str_release(&s->live->reason);
	str_release(&s->live->attempt);
	str_release(&s->live->summary);
	free(s->live->user);
	free(s->live);
	s->live = NULL;
}
