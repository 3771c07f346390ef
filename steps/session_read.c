/* Reading the tenant. What is known stays on the screen while it is read again, and
 * is replaced when all of it is there. */
#include "checks/read.h"
#include "graph/base/clock.h"
#include "steps/session_internal.h"

unsigned session_left(const struct session *s)
{
	if (s->timer.running)
		return s->reading;
	return s->reading & ~areas_answered(s->again ? &s->fresh : &s->facts);
}

static void finish_read(struct session *s)
{
	session_judge(s);
	s->reading = 0;
	session_watch_read(s);
	session_live_read(s);
	if (s->state == SESSION_VERIFYING)
		session_verify_read(s);
	else
		s->state = SESSION_IDLE;
}

/* Reads on beside what is known. */
static enum read_rc read_again(struct session *s)
{
	unsigned before = areas_answered(&s->fresh);
	enum read_rc rc = facts_read_areas(&s->fresh, s->again, &s->wanted, s->io);

	if (rc == READ_DONE) {
		facts_take(&s->facts, &s->fresh, s->again);
		s->again = 0;
	}
	if (rc == READ_DONE || areas_answered(&s->fresh) != before)
		facts_attach(&s->facts);
	return rc;
}

/* Called after every reply: reads on from what is there. */
static void probe(struct session *s)
{
	enum read_rc rc;

	if (!s->reading)
		return;
	rc = s->again ? read_again(s)
		      : facts_read_areas(&s->facts, s->reading, &s->wanted, s->io);
	session_open_journal(s);
	if (rc == READ_DONE)
		finish_read(s);
	else if (areas_answered(&s->facts) != s->known)
		session_judge(s);	/* a screen fills in area by area */
	session_changed(s);
}

void session_on_reply(void *ctx)
{
	probe(ctx);
}

static void start_read(void *ctx)
{
	struct session *s = ctx;

	io_clear(s->io);
	facts_drop(&s->fresh);
	/* After a write what is known is known to be out of date. */
	facts_forget(&s->facts, s->state == SESSION_VERIFYING ? s->reading : 0);
	s->again = areas_answered(&s->facts) & s->reading ? s->reading : 0;
	if (s->again)
		facts_begin(&s->fresh, &s->facts, s->again);
	s->facts.now_ms = s->fresh.now_ms = clock_now_ms();
	probe(s);
}

void session_read_later(struct session *s, unsigned areas, int delay_ms)
{
	s->reading = areas_with_needs(areas);
	loop_timer_start(s->loop, &s->timer, delay_ms, start_read, s);
}

void session_read(struct session *s, unsigned areas)
{
	if (s->state != SESSION_IDLE && s->state != SESSION_READING)
		return;
	/* A read that runs is not lost: its areas are read with the new ones. */
	areas |= s->reading;
	s->state = SESSION_READING;
	s->err = (struct err)ERR_INIT;
	session_read_later(s, areas, 0);
	/* What was made from them is made anew; what else it needs need not be read. */
	s->reading |= areas_made_from(s->reading) & areas_answered(&s->facts);
}

void session_forget(struct session *s, unsigned areas)
{
	if (s->state != SESSION_IDLE)
		return;
	facts_forget(&s->facts, areas);
	session_judge(s);
}

void session_give_up_read(struct session *s)
{
	loop_timer_stop(s->loop, &s->timer);
	io_clear(s->io);
	facts_drop(&s->fresh);
	facts_forget(&s->facts, 0);	/* what was read by half */
	facts_attach(&s->facts);
	s->reading = s->again = 0;
}
