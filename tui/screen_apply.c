/* What is being changed, change by change, then the reading back. */
#include "graph/base/str.h"
#include "tui/model.h"

#define WIDTH 78

void apply_start(struct app *a, bool undo)
{
	a->apply.undo = undo;
	a->apply.scroll = 0;
	a->apply.started_ms = a->now_ms;
	app_push(a, &screen_apply);
}

static void put_progress(const struct app *a, const struct progress *p, size_t i, size_t n,
			 struct sheet *s)
{
	struct look look = a->apply.undo && !(p->running && p->sent) ?
		look_of_undo(p->outcome, p->running, p->err.kind == ERR_CONFLICT) :
		look_of_outcome(p->outcome, p->running);
	CLEANUP(str_release) struct str text = { 0 };
	/* "left as it is" and the time it took need more room. */
	int w = s->page.w, y = s->y, status_w = a->apply.undo ? 22 : 17;

	/* It looks first: whether the group is there, or what somebody changed. */
	if (p->running && !p->sent)
		look.word = "checking";
	str_addf(&text, "%zu/%zu ", i + 1, n);
	sheet_put(s, 0, ROLE_DIM, str_text(&text));
	sheet_row(s, (const struct sheet_cell[]){
		{ 5, w - 5 - status_w - 1, ROLE_TEXT, p->title },
	}, 1);
	grid_put(&s->page, (struct rect){ w - status_w, y, status_w, 1 }, 0, 0, look.role,
		 glyph(look.glyph, a->ascii));
	grid_put(&s->page, (struct rect){ w - status_w + 2, y, status_w - 2, 1 }, 0, 0, look.role,
		 look.word);
	if (p->outcome != OUTCOME_NONE && p->took_ms > 0)
		grid_putf(&s->page, (struct rect){ w - 6, y, 6, 1 }, 0, 0, ROLE_DIM,
			  "%2d.%d s", p->took_ms / 1000, p->took_ms / 100 % 10);
	if (p->err.kind == ERR_NONE)
		return;
	sheet_text(s, 5, ROLE_BAD, p->err.msg);
	sheet_text(s, 5, ROLE_TEXT, p->err.todo);
	if (*p->err.request_id) {
		str_clear(&text);
		str_addf(&text, "Request id %s", p->err.request_id);
		sheet_text(s, 5, ROLE_DIM, str_text(&text));
	}
}

static void put_mark(const struct app *a, struct sheet *s, enum role role, enum glyph gl,
		     const char *text)
{
	sheet_item(s, 0, role, glyph(gl, a->ascii), role == ROLE_DIM ? ROLE_DIM : ROLE_TEXT,
		   text);
}

/* Something of it went out, so that the history has it. */
static bool was_sent(const struct app *a)
{
	const struct progress *p = NULL;
	size_t n = a->session.engine ? engine_progress(a->session.engine, &p) : 0;

	for (size_t i = 0; i < n; i++)
		if (p[i].sent || p[i].outcome == OUTCOME_DONE)
			return true;
	return false;
}

static bool all_done(const struct app *a)
{
	const struct progress *p = NULL;
	size_t n = a->session.engine ? engine_progress(a->session.engine, &p) : 0, done = 0;

	for (size_t i = 0; i < n; i++)
		done += p[i].outcome == OUTCOME_DONE;
	return n && done == n;
}

/* A newer run that still stands, which may be what refers to this one's group. */
static const struct run *newer_run(const struct app *a)
{
	const struct run *v = NULL, *found = NULL;
	size_t n = a->session.journal ? journal_runs(a->session.journal, &v) : 0;
	bool behind = false;

	for (size_t i = 0; i < n; i++) {
		if (behind && v[i].done > v[i].undone)
			found = &v[i];
		behind = behind || str_same(v[i].id, a->apply.run);
	}
	return found;
}

/* Why it was left stands at the change itself. */
static void put_left(const struct app *a, struct sheet *s)
{
	const struct run *newer = newer_run(a);
	CLEANUP(str_release) struct str text = { 0 };

	put_mark(a, s, ROLE_WARN, GLYPH_WARN, "Not all was taken back: what is marked was left "
		 "as it is.");
	if (!newer)
		return;
	str_add(&text, "Take back the newer run of ");
	when_text(a->now_ms, newer->started_ms, &text);
	str_add(&text, " first, then this one again.");
	sheet_text(s, 2, ROLE_TEXT, str_text(&text));
}

static void put_end(const struct app *a, struct sheet *s)
{
	const struct session *x = &a->session;
	enum engine_state state = x->engine ? engine_state(x->engine) : ENGINE_IDLE;

	if (a->apply.undo && x->err.kind == ERR_CONFLICT) {
		put_left(a, s);
	} else if (all_done(a) && !x->verified && (x->err.kind == ERR_CANCELLED ||
			(x->err.kind == ERR_NONE && x->verify_stopped))) {
		put_mark(a, s, ROLE_WARN, GLYPH_WARN, a->apply.undo ?
			 "Taken back; not read back to the end. r reads again." :
			 "Applied; not read back to the end. r reads again.");
	} else if (x->err.kind == ERR_CANCELLED) {
		put_mark(a, s, ROLE_WARN, GLYPH_WARN,
			 "Stopped. What was not sent was not changed.");
		sheet_text(s, 2, ROLE_TEXT, x->err.todo);
	} else if (x->err.kind != ERR_NONE) {
		put_mark(a, s, ROLE_BAD, GLYPH_BAD, x->err.msg);
		sheet_text(s, 2, ROLE_TEXT, x->err.todo);
	} else if (state == ENGINE_STOPPED) {
		put_mark(a, s, ROLE_WARN, GLYPH_WARN,
			 "Stopped. What was not sent was not changed.");
	} else if (a->apply.undo) {
		put_mark(a, s, ROLE_GOOD, GLYPH_OK, "Taken back.");
	} else if (x->verified) {
		put_mark(a, s, ROLE_GOOD, GLYPH_OK,
			 "Read back from the tenant: everything is as wanted.");
	} else {
		put_mark(a, s, ROLE_WARN, GLYPH_WARN,
			 "Done, but the tenant does not show all of it yet. Replication can "
			 "take minutes: read again later.");
	}
	sheet_text(s, 2, ROLE_DIM, was_sent(a) ? "It is in the History." :
		   "Nothing was sent, so the History has nothing of it.");
}

/* What the engine waits for, for how long, and that one may leave. */
static bool put_wait(const struct app *a, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };
	int64_t left_ms;
	const char *waits = engine_waits(a->session.engine, &left_ms);

	if (!waits)
		return false;
	str_addf(&text, "%s, for %d s at most. Esc ends that safely: what is open is settled "
		 "before anything else is written.", waits, (int)((left_ms + 999) / 1000));
	put_mark(a, s, ROLE_WARN, GLYPH_BUSY, str_text(&text));
	return true;
}

static void put_now(const struct app *a, struct sheet *s)
{
	const struct session *x = &a->session;
	int64_t wait_ms = x->graph ? graph_waiting_until_ms(x->graph) - a->now_ms : 0;
	CLEANUP(str_release) struct str text = { 0 };

	if (wait_ms > 0) {
		str_addf(&text, "The service asks us to wait %d s: too many requests.",
			 (int)((wait_ms + 999) / 1000));
		put_mark(a, s, ROLE_WARN, GLYPH_WARN, str_text(&text));
	}
	if (x->state == SESSION_VERIFYING)
		put_mark(a, s, ROLE_ACCENT, GLYPH_BUSY,
			 "Reading back until the tenant shows what was written.");
	else if (x->state == SESSION_READING)
		put_mark(a, s, ROLE_ACCENT, GLYPH_BUSY, "Reading the tenant again.");
	else if (x->state == SESSION_IDLE)
		put_end(a, s);
	else if (!put_wait(a, s))
		put_mark(a, s, ROLE_DIM, GLYPH_DOT, a->apply.undo ?
			 "It is checked first that nobody changed or uses it: half a minute at "
			 "most for a group. Esc stops after the request in flight." :
			 "Esc stops after the request in flight.");
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct progress *p = NULL;
	size_t n = a->session.engine ? engine_progress(a->session.engine, &p) : 0;

	sheet_init(s, columns, a->ascii);
	for (size_t i = 0; i < n; i++)
		put_progress(a, &p[i], i, n, s);
	sheet_blank(s);
	put_now(a, s);
}

static bool over(const struct app *a)
{
	return a->session.state == SESSION_IDLE || a->session.state == SESSION_READING;
}

static int inner_width(const struct app *a)
{
	return (WIDTH < a->w - 4 ? WIDTH : a->w - 4) - 4;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	static const struct button close = { ACT_BACK, "Close", true };
	struct rect foot;
	struct sheet s;

	fill(a, inner_width(a), &s);
	r = overlay_box(g, r, WIDTH, s.y + 4, a->apply.undo ? "Taking back" : "Applying");
	foot = rect_cut_bottom(&r, 2);
	sheet_show(&s, g, r, a->apply.scroll);
	sheet_release(&s);
	if (over(a))
		buttons_view(g, foot, 0, 1, &close, 1, 0, HIT_BUTTON);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_APPLY;
}

static const char *label(const struct app *a, enum action act)
{
	if (act == ACT_BACK && !over(a))
		return "Stop";
	if (act == ACT_OPEN)
		return over(a) ? "Close" : "";
	return NULL;
}

static bool can(const struct app *a, enum action act)
{
	if (act == ACT_PALETTE)
		return over(a) && !a->session.options.registering;
	if (act == ACT_READ)
		return over(a);
	return true;
}

static bool action(struct app *a, enum action act)
{
	struct sheet s;
	bool done;

	switch (act) {
	case ACT_BACK:
		if (over(a)) {
			app_pop(a);
		} else {
			session_stop(&a->session);
			if (app_writing(a))
				app_say(a, ROLE_WARN, app_sending(a) ?
					"Stops after the request in flight" :
					"Reading back ends with this look; Esc ends it at once");
			a->message_while_writing = true;
			a->message_sending = app_sending(a);
		}
		return true;
	case ACT_READ:
		app_pop(a);
		app_read(a, AREAS_ALL);
		return true;
	case ACT_OPEN:
		if (over(a))
			app_pop(a);
		return true;
	default:
		fill(a, inner_width(a), &s);
		done = scroll_by(&a->apply.scroll, s.y, app_body(a).h - 4, act);
		sheet_release(&s);
		return done;
	}
}

static void click(struct app *a, unsigned hit)
{
	if (hit == HIT_BUTTON)
		action(a, ACT_OPEN);
}

const struct screen_ops screen_apply = {
	.name = "apply",
	.title = "Apply",
	.overlay = true,
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.click = click,
};
