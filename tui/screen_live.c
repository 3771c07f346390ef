/* The live test: one person resets at the real page, and the stages light up as the
 * audit log tells of them. Works after the fact, too: the last reset of a person. */
#include <stdio.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "tui/model.h"

#define PAGE "https://aka.ms/sspr"

/* An attempt as it is drawn, from the log's last or from the one that runs. */
struct attempt {
	enum live_state state;
	const int64_t *stage_ms;
	const char *way, *agent, *summary, *reason, *correlation_id;
	bool running;			/* more may come */
	bool given_up;
};

static const struct live *runs(const struct app *a)
{
	const struct live *l = a->opened ? a->session.live : NULL;

	return l && str_same_nocase(l->user, a->live.upn) ? l : NULL;
}

void live_close(struct app *a)
{
	people_search_release(a, &a->live.search);
	memset(&a->live, 0, sizeof(a->live));
}

void live_open(struct app *a, const char *upn)
{
	const struct live *l = a->session.live;

	/* Nobody named: the one that runs, or has run, is looked at. */
	if (!upn && l)
		upn = l->user;
	if (!upn || !str_same_nocase(upn, a->live.upn))
		live_close(a);
	if (upn)
		snprintf(a->live.upn, sizeof(a->live.upn), "%s", upn);
	a->live.scroll = 0;
	app_remove(a, &screen_live);	/* it comes to the top */
	app_push(a, &screen_live);
}

void live_news(struct app *a)
{
	const struct live *l = a->opened ? a->session.live : NULL;

	if (!l || !live_over(l) || a->live.told)
		return;
	a->live.told = true;
	if (app_top(a) != &screen_live)
		app_say(a, l->state == LIVE_SUCCEEDED ? ROLE_GOOD : ROLE_WARN,
			"Live test of %s: %s", l->user, str_text(&l->summary));
}

/* --- View ----------------------------------------------------------------------- */

static int last_stage(const struct attempt *t)
{
	int last = -1;

	for (int i = 0; i < LIVE_STAGES; i++)
		if (t->stage_ms[i])
			last = i;
	return last;
}

/* How a stage that no event told of looks: it failed there, is waited for, was
 * passed over, or is not reached. */
static struct look unseen(const struct attempt *t, int i, int last, const char **ret_words)
{
	bool ended = t->state == LIVE_FAILED || t->state == LIVE_CANCELLED;

	*ret_words = "";
	if (i < last) {
		*ret_words = "the log does not tell";
		return (struct look){ GLYPH_OPEN, ROLE_DIM, "" };
	}
	if (i == LIVE_WRITTEN_BACK && t->state == LIVE_SUCCEEDED) {
		*ret_words = "the log names no writeback";
		return (struct look){ GLYPH_NA, ROLE_DIM, "" };
	}
	if (i == last + 1 && ended) {
		*ret_words = t->state == LIVE_FAILED ? "failed" : "given up";
		return (struct look){ GLYPH_BAD, t->state == LIVE_FAILED ? ROLE_BAD : ROLE_WARN, "" };
	}
	if (i == last + 1 && t->running) {
		*ret_words = "waiting";
		return (struct look){ GLYPH_BUSY, ROLE_ACCENT, "" };
	}
	return (struct look){ GLYPH_OPEN, ROLE_DIM, "" };
}

/* When; for a later stage, how long after the first that was seen. */
static void put_time(const struct app *a, const struct attempt *t, int i, struct str *text)
{
	char span[TIME_TEXT];
	int first = 0;

	while (!t->stage_ms[first])
		first++;
	if (i == first)
		when_text(a->now_ms, t->stage_ms[i], text);
	else
		str_addf(text, "%s later", time_span(t->stage_ms[i] - t->stage_ms[first], span));
}

static void put_stage(const struct app *a, const struct attempt *t, int i, int last,
		      struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct look look = { GLYPH_OK, ROLE_GOOD, "" };
	const char *words = "";

	if (t->stage_ms[i])
		put_time(a, t, i, &text);
	else
		look = unseen(t, i, last, &words);
	if (i == LIVE_VERIFIED && t->stage_ms[i] && *t->way)
		str_addf(&text, ", by %s", t->way);
	if (i == LIVE_WRITTEN_BACK && t->stage_ms[i] && *t->agent)
		str_addf(&text, ", by %s", t->agent);
	str_add(&text, words);
	sheet_put(s, 1, look.role, glyph(look.glyph, a->ascii));
	sheet_put(s, 3, t->stage_ms[i] ? ROLE_TEXT : look.role,
		  live_stage_title((enum live_stage)i));
	sheet_line(s, 28, t->stage_ms[i] ? ROLE_TEXT : look.role, str_text(&text));
}

static void put_stages(const struct app *a, const struct attempt *t, struct sheet *s)
{
	for (int i = 0; i < LIVE_STAGES; i++)
		put_stage(a, t, i, last_stage(t), s);
}

/* How it ended, in the program's words and in the service's. */
static void put_end(const struct app *a, const struct attempt *t, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };
	bool well = t->state == LIVE_SUCCEEDED, bad = t->state == LIVE_FAILED;

	sheet_blank(s);
	sheet_item(s, 1, well ? ROLE_GOOD : bad ? ROLE_BAD : ROLE_WARN,
		   glyph(well ? GLYPH_OK : bad ? GLYPH_BAD : GLYPH_WARN, a->ascii), ROLE_TITLE,
		   t->summary);
	if (!well && *t->reason) {
		str_addf(&text, "The service says: %s", t->reason);
		sheet_text(s, 3, ROLE_DIM, str_text(&text));
	}
	if (!well && *t->correlation_id) {
		str_clear(&text);
		str_addf(&text, "Correlation id: %s", t->correlation_id);
		sheet_text(s, 3, ROLE_DIM, str_text(&text));
	}
}

/* What is waited for, how long, and how old what one sees is. */
static void put_waiting(const struct app *a, const struct live *l, struct sheet *s)
{
	const struct source *log = &a->session.facts.source[AREA_AUDIT];
	CLEANUP(str_release) struct str text = { 0 };
	char span[TIME_TEXT];

	sheet_blank(s);
	str_add(&text, "Watching since ");
	when_text(a->now_ms, l->since_ms, &text);
	str_addf(&text, ", %s.", time_span(a->now_ms - l->since_ms, span));
	if (log->state == SOURCE_READ) {
		str_add(&text, " The log was read ");
		ago_text(a->now_ms, log->observed_ms, &text);
		str_add_char(&text, '.');
	}
	sheet_line(s, 1, ROLE_TITLE, str_text(&text));
	sheet_text(s, 1, ROLE_DIM, "An event takes some minutes to reach the audit log, so a stage "
		   "lights up later than it happens. You can leave with Esc: it goes on.");
}

static void put_running(const struct app *a, const struct live *l, struct sheet *s)
{
	const struct attempt t = {
		.state = l->state, .stage_ms = l->stage_ms, .way = str_text(&l->way),
		.agent = str_text(&l->agent), .summary = str_text(&l->summary),
		.reason = str_text(&l->reason), .correlation_id = str_text(&l->attempt),
		.running = !live_over(l), .given_up = l->given_up,
	};
	CLEANUP(str_release) struct str text = { 0 };

	if (t.running && t.state == LIVE_NOTHING) {
		str_addf(&text, "Now open " PAGE " as %s and reset the password%s.", a->live.upn,
			 a->session.options.demo ? "; in the demo the simulator does it" : "");
		sheet_item(s, 1, ROLE_ACCENT, glyph(GLYPH_HERE, a->ascii), ROLE_TEXT,
			   str_text(&text));
		sheet_blank(s);
	}
	put_stages(a, &t, s);
	if (t.running) {
		put_waiting(a, l, s);
	} else if (t.given_up && t.state <= LIVE_RUNNING) {
		sheet_blank(s);
		sheet_item(s, 1, ROLE_WARN, glyph(GLYPH_WARN, a->ascii), ROLE_TITLE,
			   "Nothing more came within 15 minutes, so it is not followed any more. "
			   "Enter starts again.");
	} else {
		put_end(a, &t, s);
	}
}

/* The last reset that the log knows of. */
static void put_last(const struct app *a, struct sheet *s)
{
	const struct facts *f = &a->session.facts;
	CLEANUP(str_release) struct str text = { 0 };
	struct arena scratch = { 0 };
	struct live_test t;
	struct attempt shown;

	if (!facts_read(f, AREA_AUDIT)) {
		str_addf(&text, "The last reset is not known: %s.",
			 a->session.state == SESSION_READING ? "the audit log is being read"
			 : facts_why_unknown(f, AREA_AUDIT, &scratch));
		sheet_text(s, 1, ROLE_TEXT, str_text(&text));
		arena_clear(&scratch);
		return;
	}
	live_test_follow(&f->audit, a->live.upn, 0, &t, &scratch);
	if (t.state == LIVE_NOTHING) {
		sheet_text(s, 1, ROLE_TEXT, "No reset of this person is in the audit log; it keeps "
			   "30 days, 7 without a licence.");
	} else {
		shown = (struct attempt){
			.state = t.state, .stage_ms = t.stage_ms, .way = t.way,
			.agent = t.agent ? t.agent : "",
			.summary = live_test_summary(&t, &scratch), .reason = t.reason,
			.correlation_id = t.correlation_id ? t.correlation_id : "",
		};
		str_add(&text, "The last reset: ");
		when_text(a->now_ms, t.started_ms, &text);
		sheet_line(s, 1, ROLE_TITLE, str_text(&text));
		put_stages(a, &shown, s);
		put_end(a, &shown, s);
	}
	arena_clear(&scratch);
}

static void put_how(const struct app *a, struct sheet *s)
{
	(void)a;
	sheet_blank(s);
	sheet_text(s, 1, ROLE_DIM, "Enter follows the next one: have the person ready to open " PAGE
		   " (c copies it). The test changes nothing by itself; the reset gives the person "
		   "a new password.");
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct live *l = runs(a);

	sheet_init(s, columns, a->ascii);
	if (l) {
		put_running(a, l, s);
	} else {
		put_last(a, s);
		put_how(a, s);
	}
}

static int buttons(const struct app *a, struct button *b)
{
	const struct live *l = runs(a);
	int n = 0;

	if (!l || live_over(l))
		b[n++] = l ? (struct button){ ACT_OPEN, "Start again", true }
			   : (struct button){ ACT_OPEN, "Start the live test", true };
	b[n++] = (struct button){ ACT_COPY, "Copy link", false };
	b[n++] = (struct button){ ACT_FIND, "Somebody else", false };
	return n;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	const struct live_view *v = &a->live;
	struct button b[3];
	struct rect foot;
	struct sheet s;

	grid_fill(g, r, ROLE_TEXT);
	grid_put(g, r, 1, 0, ROLE_TITLE, "Live test");
	if (*v->upn)
		grid_put_cut(g, r, 12, 0, r.w - 13, ROLE_DIM, v->upn);
	rect_cut_top(&r, 1);
	if (*v->upn) {
		foot = rect_cut_bottom(&r, 1);
		rect_cut_top(&r, 1);
		fill(a, r.w - 1, &s);
		sheet_show(&s, g, r, v->scroll);
		sheet_release(&s);
		buttons_view(g, foot, 1, 0, b, buttons(a, b), -1, HIT_BUTTON);
		return;
	}
	grid_put(g, r, 1, 0, ROLE_TEXT, "Whose reset?");
	edit_view(&v->search.query, g, r, 14, 0, r.w - 16, true, "name or address");
	rect_cut_top(&r, 2);
	people_search_view(a, &v->search, r, g, true, NULL, NULL);
}

/* --- Actions -------------------------------------------------------------------- */

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_LIVE;
}

static bool can(const struct app *a, enum action act)
{
	const struct live *l = runs(a);
	bool chosen = *a->live.upn;

	switch (act) {
	case ACT_OPEN:
		return chosen ? !l || live_over(l) : people_search_chosen(&a->live.search) != NULL;
	case ACT_COPY:
	case ACT_FIND:
	case ACT_DIAGNOSE:
	case ACT_PALETTE:
		return chosen;
	case ACT_READ:
		return chosen && (!l || live_over(l)) && a->session.state == SESSION_IDLE;
	default:
		return act != ACT_LIVE;
	}
}

static const char *label(const struct app *a, enum action act)
{
	if (act == ACT_OPEN)
		return *a->live.upn ? "Start" : "Choose";
	return act == ACT_FIND ? "Somebody else" : NULL;
}

static void start(struct app *a)
{
	struct err err = ERR_INIT;

	a->live.told = false;
	a->live.scroll = 0;
	if (session_live_start(&a->session, a->live.upn, &err) < 0)
		app_say_error(a, &err);
}

static void choose(struct app *a)
{
	const struct found *one = people_search_chosen(&a->live.search);

	if (!one)
		return;
	snprintf(a->live.upn, sizeof(a->live.upn), "%s", one->upn);
	a->live.scroll = 0;
}

/* Another person: one is followed at a time, so the one before is not any more. */
static void somebody_else(struct app *a)
{
	if (runs(a))
		session_live_stop(&a->session);
	a->live.upn[0] = '\0';
	a->live.scroll = 0;
}

static void leave(struct app *a)
{
	const struct live *l = runs(a);

	if (!*a->live.upn && a->live.search.query.text.len)
		live_close(a);
	app_remove(a, &screen_live);
	if (l && !live_over(l))
		app_say(a, ROLE_TEXT, "The live test goes on; Live test shows it again");
}

static bool action(struct app *a, enum action act)
{
	int page = app_body(a).h - 3;
	struct sheet s;
	bool done;

	switch (act) {
	case ACT_OPEN:
		if (*a->live.upn)
			start(a);
		else
			choose(a);
		return true;
	case ACT_COPY:
		app_copy(a, PAGE, "the link");
		return true;
	case ACT_FIND:
		somebody_else(a);
		return true;
	case ACT_DIAGNOSE:
		diagnose_user(a, a->live.upn);
		return true;
	case ACT_READ:
		app_read(a, AREA_BIT(AREA_AUDIT));
		return true;
	case ACT_BACK:
		leave(a);
		return true;
	default:
		break;
	}
	if (!*a->live.upn)
		return list_move(&a->live.search.list, (int)a->live.search.n, page, act);
	fill(a, a->w - 1, &s);
	done = scroll_by(&a->live.scroll, s.y, page, act);
	sheet_release(&s);
	return done;
}

static bool type(struct app *a, uint32_t key)
{
	return !*a->live.upn && people_search_type(a, &a->live.search, key);
}

static bool typing(const struct app *a)
{
	return !*a->live.upn;
}

static void paste(struct app *a, const char *text)
{
	if (!*a->live.upn)
		people_search_insert(a, &a->live.search, text);
}

static void click(struct app *a, unsigned hit)
{
	struct button b[3];
	int n = buttons(a, b);

	if (*a->live.upn) {
		if (hit >= HIT_BUTTON && (int)(hit - HIT_BUTTON) < n)
			app_do(a, b[hit - HIT_BUTTON].act);
		return;
	}
	a->live.search.list.selected = (int)(hit - HIT_ROW);
	choose(a);
}

const struct screen_ops screen_live = {
	.name = "live",
	.title = "Live test",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.type = type,
	.typing = typing,
	.paste = paste,
	.click = click,
};
