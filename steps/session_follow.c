/* Following the audit log: reads it again and again until it is told to stop. */
#include "steps/session_internal.h"

#include <stdio.h>

#include "graph/base/clock.h"

#define LOOK_MS 15000		/* five requests in ten seconds are allowed */
#define MANY_PAGES_MS 60000	/* a busy tenant's log takes several */
#define BUSY_MS 1000
#define DEMO_LOOK_MS 5000
#define DEMO_MS 3000		/* between two things that the demo's people do */

static int pause_of(const struct session *s)
{
	if (s->state != SESSION_READING)
		return BUSY_MS;
	if (s->demo)
		return DEMO_LOOK_MS;
	return s->facts.audit.pages > 2 ? MANY_PAGES_MS : LOOK_MS;
}

static void look(void *ctx)
{
	struct session *s = ctx;

	if (s->state == SESSION_IDLE)
		session_read(s, AREA_BIT(AREA_AUDIT));
	loop_timer_start(s->loop, &s->follow_timer, pause_of(s), look, s);
}

/* In a demo nobody is at the page: one person after the other resets there. */
static void reset_in_demo(void *ctx)
{
	struct session *s = ctx;
	const struct people *p = &s->facts.registration.kept;
	char correlation[40];

	loop_timer_start(s->loop, &s->follow_demo_timer, DEMO_MS, reset_in_demo, s);
	if (!p->n || !p->v[s->follow_person % p->n].id)
		return;
	snprintf(correlation, sizeof(correlation), "11bb0000-0000-4000-8000-%012u",
		 s->follow_person);
	if (!tenant_reset_step(s->demo, p->v[s->follow_person % p->n].id, s->follow_step++,
			       correlation)) {
		s->follow_step = 0;
		s->follow_person++;
	}
}

void session_follow_start(struct session *s)
{
	s->following = true;
	loop_timer_start(s->loop, &s->follow_timer, s->demo ? DEMO_LOOK_MS : LOOK_MS, look, s);
	if (s->demo)
		loop_timer_start(s->loop, &s->follow_demo_timer, DEMO_MS, reset_in_demo, s);
}

void session_follow_stop(struct session *s)
{
	if (!s->following)
		return;
	s->following = false;
	loop_timer_stop(s->loop, &s->follow_timer);
	loop_timer_stop(s->loop, &s->follow_demo_timer);
}
