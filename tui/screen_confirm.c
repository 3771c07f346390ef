/* A question before something is done: names what and whom, No is chosen. */
#include <stdio.h>

#include "graph/base/json.h"
#include "graph/base/str.h"
#include "tui/model.h"

#define WIDTH 78
#define NBUTTONS 2
#define PORTAL_WORD "portal"

static const char *tenant_name(const struct app *a)
{
	const struct organization *o = &a->session.facts.organization;

	return o->display_name ? o->display_name : "this tenant";
}

static void apply_body(const struct app *a, struct sheet *s);

static void ask(struct app *a, void (*body)(const struct app *, struct sheet *),
		void (*yes)(struct app *), const char *yes_label, const char *no_label)
{
	a->confirm.body = body;
	a->confirm.yes = yes;
	a->confirm.yes_label = yes_label;
	a->confirm.no_label = no_label;
	a->confirm.word = NULL;
	edit_clear(&a->confirm.typed);
	a->confirm.focus_yes = false;
	a->confirm.show_requests = false;
	a->confirm.requests = body == apply_body;
	a->confirm.scroll = 0;
	app_push(a, &screen_confirm);
}

void confirm_ask(struct app *a, const char *title,
		 void (*body)(const struct app *, struct sheet *), void (*yes)(struct app *),
		 const char *yes_label, const char *word)
{
	snprintf(a->confirm.title, sizeof(a->confirm.title), "%s", title);
	ask(a, body, yes, yes_label, "No, go back");
	a->confirm.word = word;
}


/* The question is open, though a file may be asked for over it. */
static bool app_confirms(const struct app *a)
{
	for (size_t i = 0; i < a->depth; i++)
		if (a->stack[i] == &screen_confirm)
			return true;
	return false;
}

/* --- Apply ---------------------------------------------------------------------- */

static void put_request(const struct change *c, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };

	str_addf(&text, "%s %s", c->method, c->url);
	sheet_text(s, 3, ROLE_LINK, str_text(&text));
	if (!c->body)
		return;
	str_clear(&text);
	json_print(c->body, &text);
	sheet_text(s, 3, ROLE_DIM, str_text(&text));
}

/* The plan that is asked about creates the group. */
static bool makes_group(const struct app *a)
{
	for (size_t i = 0; a->confirm.body == apply_body && i < a->plan.n; i++)
		if (str_same(a->plan.v[i].id, "group.create"))
			return true;
	return false;
}

static void put_group(const struct app *a, struct sheet *s)
{
	const struct group *g = a->session.facts.groups.chosen;
	CLEANUP(str_release) struct str text = { 0 };

	str_addf(&text, "Tenant  %s  %s", tenant_name(a),
		 a->session.facts.organization.id ? a->session.facts.organization.id : "");
	sheet_text(s, 0, ROLE_DIM, str_text(&text));
	str_clear(&text);
	str_addf(&text, "Group   %s  %s", a->session.wanted.group_name,
		 g && g->id ? g->id : makes_group(a) ? "(made by this plan)" :
		 "(there is none of this name)");
	sheet_text(s, 0, ROLE_DIM, str_text(&text));
}

static void put_scopes(const struct app *a, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };

	for (size_t k = 0; k < a->plan.n; k++) {
		const struct step_ops *ops = step_find(a->plan.v[k].step);

		for (size_t i = 0; ops && ops->write_scopes[i]; i++) {
			if (str_find_nocase(str_text(&text), ops->write_scopes[i]))
				continue;
			str_addf(&text, "%s%s", text.len ? ", " : "Permission needed: ",
				 ops->write_scopes[i]);
		}
	}
	if (text.len)
		sheet_text(s, 0, ROLE_DIM, str_text(&text));
}

static void apply_body(const struct app *a, struct sheet *s)
{
	struct affected all;

	put_group(a, s);
	sheet_blank(s);
	affected_collect(a, &all);
	for (size_t i = 0; i < a->plan.n; i++) {
		const struct change *c = &a->plan.v[i];
		CLEANUP(str_release) struct str number = { 0 }, undo = { 0 };

		str_addf(&number, "%zu ", i + 1);
		sheet_item(s, 0, ROLE_ACCENT, str_text(&number), ROLE_TITLE, c->title);
		if (c->detail && *c->detail)
			sheet_text(s, 3, ROLE_TEXT, c->detail);
		affected_put(a, &all, c->id, 3, s);
		str_addf(&undo, c->undo_method ? "To take it back: %s" :
			 "This cannot be taken back by the wizard: %s", c->undo);
		sheet_text(s, 3, c->undo_method ? ROLE_DIM : ROLE_WARN, str_text(&undo));
		if (a->confirm.show_requests)
			put_request(c, s);
	}
	affected_release(&all);
	sheet_blank(s);
	put_scopes(a, s);
	sheet_text(s, 0, ROLE_DIM, "Taking back: History, or  sspr-wizard undo");
}

static void apply_yes(struct app *a)
{
	struct err err = ERR_INIT;

	a->consents++;
	if (session_apply(&a->session, &a->plan, &err) < 0) {
		app_say_error(a, &err);
		return;
	}
	apply_start(a, false);
}

static bool needs(const struct step_ops *ops, const char *id)
{
	for (const char *const *need = ops->requires; need && *need; need++)
		if (str_same(*need, id))
			return true;
	return false;
}

struct apply_ids apply_ids(const struct app *a, const struct step_view *v)
{
	const struct step_view *views = a->session.views;
	bool chosen[STEPS_COUNT] = { false };
	struct apply_ids ids = { .n = 0 };

	/* What is needed has always a smaller number. */
	for (size_t i = STEPS_COUNT; i-- > 0;) {
		chosen[i] = chosen[i] || &views[i] == v;
		for (size_t k = 0; chosen[i] && k < i; k++)
			chosen[k] = chosen[k] || (views[k].ops && views[k].state == STEP_CHANGES &&
						  needs(views[i].ops, views[k].ops->id));
	}
	for (size_t i = 0; i < STEPS_COUNT; i++)
		if (chosen[i])
			ids.v[ids.n++] = views[i].ops->id;
	return ids;
}

/* "2 changes", or "3 changes of steps 1 and 3". */
static void count_text(const struct app *a, const struct apply_ids *ids, struct str *out)
{
	add_count(out, plan_automatic(&a->plan), "change", "changes");
	for (size_t i = 0; ids->n > 1 && i < ids->n; i++)
		str_addf(out, "%s%u", i == 0 ? " of steps " : i + 1 < ids->n ? ", " : " and ",
			 step_find(ids->v[i])->number);
}

void confirm_apply(struct app *a, const struct step_view *v)
{
	CLEANUP(str_release) struct str count = { 0 };
	struct apply_ids ids = apply_ids(a, v);

	plan_release(&a->plan);
	plan_init(&a->plan);
	session_plan(&a->session, ids.v, &a->plan);
	if (!plan_automatic(&a->plan))
		return;
	count_text(a, &ids, &count);
	snprintf(a->confirm.title, sizeof(a->confirm.title), "Apply %s to %.90s?",
		 str_text(&count), tenant_name(a));
	ask(a, apply_body, apply_yes, "Yes, apply", "No, go back");
	/* What Microsoft does not support wants more than a key (DESIGN.md 9). */
	if (plan_by_portal(&a->plan))
		a->confirm.word = PORTAL_WORD;
}

/* --- Undo ----------------------------------------------------------------------- */

static void undo_body(const struct app *a, struct sheet *s)
{
	const struct run *run = history_run(a);
	const struct record *r;
	size_t n = a->session.journal ? journal_records(a->session.journal, &r) : 0;
	struct affected all;

	affected_collect(a, &all);
	put_group(a, s);
	sheet_blank(s);
	sheet_text(s, 0, ROLE_TEXT, "Newest first, this is taken back:");
	while (run && n-- > 0) {
		if (!str_same(r[n].run, run->id) || r[n].outcome != OUTCOME_DONE ||
		    r[n].undone == OUTCOME_DONE)
			continue;
		sheet_item(s, 0, ROLE_ACCENT, glyph(GLYPH_DOT, a->ascii), ROLE_TITLE,
			   r[n].title);
		sheet_text(s, 2, ROLE_TEXT, r[n].undo_method ? r[n].undo :
			   "Cannot be taken back by the wizard: stays as it is.");
		affected_put(a, &all, r[n].change_id, 2, s);
	}
	affected_release(&all);
	sheet_blank(s);
	sheet_text(s, 0, ROLE_DIM, "What somebody else changed since then is not touched.");
}

bool app_asks_apply(const struct app *a)
{
	return a->confirm.body == apply_body && app_confirms(a);
}

bool app_asks_undo(const struct app *a)
{
	return a->confirm.body == undo_body && app_confirms(a);
}

static void undo_yes(struct app *a)
{
	const struct run *run = history_run(a);
	struct err err = ERR_INIT;

	if (!run)
		return;
	a->consents++;
	snprintf(a->apply.run, sizeof(a->apply.run), "%s", run->id);
	if (session_undo(&a->session, run->id, &err) < 0) {
		app_say_error(a, &err);
		return;
	}
	apply_start(a, true);
}

void confirm_undo(struct app *a, const char *run_id)
{
	snprintf(a->confirm.title, sizeof(a->confirm.title), "Take back run %.80s?", run_id);
	ask(a, undo_body, undo_yes, "Yes, take back", "No, go back");
}

/* --- Attest and quit ------------------------------------------------------------- */

static void attest_body(const struct app *a, struct sheet *s)
{
	const struct change *c = guide_change(a);

	put_group(a, s);
	sheet_blank(s);
	if (c)
		sheet_text(s, 0, ROLE_TITLE, c->title);
	sheet_blank(s);
	sheet_text(s, 0, ROLE_TEXT, "Your word is kept in the journal, with your account and "
		   "the time. It counts as \"attested\", not as \"proved\": the wizard goes on "
		   "looking for proof. Nothing is sent to the tenant.");
}

static void attest_yes(struct app *a)
{
	const struct change *c = guide_change(a);
	struct err err = ERR_INIT;
	char id[sizeof(a->guide.change_id)];

	if (!c)
		return;
	/* The journal's word changes the plan, and c with it. */
	snprintf(id, sizeof(id), "%s", c->id);
	if (session_attest(&a->session, c, &err) < 0) {
		app_say_error(a, &err);
		return;
	}
	guide_next(a, id);
	app_say(a, ROLE_TEXT, "Recorded; proof is still looked for");
}

void confirm_attest(struct app *a)
{
	snprintf(a->confirm.title, sizeof(a->confirm.title), "Record that you did this?");
	ask(a, attest_body, attest_yes, "Yes, I did it", "No, not yet");
}

static void quit_body(const struct app *a, struct sheet *s)
{
	put_group(a, s);
	sheet_blank(s);
	if (!app_writing(a)) {
		sheet_text(s, 0, ROLE_TEXT, "The people chosen for the group are not in it yet. "
			   "Leaving forgets the choice; a file given with --members keeps it.");
		return;
	}
	sheet_text(s, 0, ROLE_TEXT, "Changes are being made. On yes the wizard stops after the "
		   "request in flight and leaves; what was done stays done and is in the "
		   "journal.");
}

static void quit_yes(struct app *a)
{
	session_stop(&a->session);
	a->quit_when_idle = true;
	a->quit = !app_writing(a);
}

void confirm_quit(struct app *a)
{
	snprintf(a->confirm.title, sizeof(a->confirm.title), "Leave?");
	ask(a, quit_body, quit_yes, app_writing(a) ? "Yes, stop and leave" : "Yes, leave",
	    "No, stay");
}

/* --- The screen ------------------------------------------------------------------ */

static void fill(const struct app *a, int columns, struct sheet *s)
{
	sheet_init(s, columns, a->ascii);
	a->confirm.body(a, s);
}

static int inner_width(const struct app *a)
{
	int w = WIDTH < a->w - 4 ? WIDTH : a->w - 4;

	return w - 4;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct button b[NBUTTONS] = { { .act = ACT_NO }, { .act = ACT_YES } };
	struct rect foot;
	struct sheet s;

	snprintf(b[0].label, sizeof(b[0].label), "%s", a->confirm.no_label);
	snprintf(b[1].label, sizeof(b[1].label), "%s", a->confirm.yes_label);
	fill(a, inner_width(a), &s);
	r = overlay_box(g, r, WIDTH, s.y + 4 + 2 * (a->confirm.word != NULL), a->confirm.title);
	foot = rect_cut_bottom(&r, 2);
	if (a->confirm.word) {
		char hint[80];

		snprintf(hint, sizeof(hint), "Type the word %s to say yes, then Enter",
			 a->confirm.word);
		edit_view(&a->confirm.typed, g, rect_cut_bottom(&r, 2), 0, 1, r.w, true, hint);
	}
	sheet_show(&s, g, r, a->confirm.scroll);
	sheet_release(&s);
	buttons_view(g, foot, 0, 1, b, NBUTTONS, a->confirm.focus_yes, HIT_BUTTON);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_CONFIRM;
}

static bool can(const struct app *a, enum action act)
{
	if (act == ACT_REQUESTS)
		return a->confirm.requests;
	if (act == ACT_AFFECTED)
		return (app_asks_apply(a) || app_asks_undo(a)) && affected_any(a);
	return act != ACT_PALETTE && act != ACT_HISTORY && act != ACT_HEALTH && act != ACT_QUIT;
}

static const char *label(const struct app *a, enum action act)
{
	if (act == ACT_REQUESTS)
		return a->confirm.show_requests ? "Hide requests" : "Show requests";
	if (act == ACT_OPEN)
		return a->confirm.focus_yes ? a->confirm.yes_label : a->confirm.no_label;
	/* Enter, n and Esc say the same; one of them is enough. */
	return act == ACT_NO || act == ACT_BACK || act == ACT_UP ? "" : NULL;
}

static bool is_typed(const struct app *a)
{
	return !a->confirm.word ||
	       str_same_nocase(str_text(&a->confirm.typed.text), a->confirm.word);
}

static void answer(struct app *a, bool yes)
{
	if (yes && !is_typed(a)) {
		app_say(a, ROLE_WARN, "Type the word %s first, or press Esc.", a->confirm.word);
		return;
	}
	app_pop(a);
	if (yes)
		a->confirm.yes(a);
}

static bool action(struct app *a, enum action act)
{
	struct sheet s;
	bool done;

	switch (act) {
	case ACT_YES:
		answer(a, true);
		return true;
	case ACT_NO:
	case ACT_BACK:
		answer(a, false);
		return true;
	case ACT_OPEN:
		answer(a, a->confirm.focus_yes || (a->confirm.word && a->confirm.typed.text.len));
		return true;
	case ACT_LEFT:
	case ACT_RIGHT:
	case ACT_NEXT_FIELD:
	case ACT_PREVIOUS_FIELD:
		a->confirm.focus_yes = !a->confirm.focus_yes;
		return true;
	case ACT_AFFECTED:
		affected_save(a);
		return true;
	case ACT_REQUESTS:
		a->confirm.show_requests = !a->confirm.show_requests;
		return true;
	default:
		fill(a, inner_width(a), &s);
		done = scroll_by(&a->confirm.scroll, s.y, app_body(a).h - 4, act);
		sheet_release(&s);
		return done;
	}
}

static bool type(struct app *a, uint32_t key)
{
	return a->confirm.word && edit_key(&a->confirm.typed, key);
}

static bool typing(const struct app *a)
{
	return a->confirm.word != NULL;
}

static void click(struct app *a, unsigned hit)
{
	if (hit >= HIT_BUTTON)
		answer(a, hit == HIT_BUTTON + 1);
}

const struct screen_ops screen_confirm = {
	.name = "confirm",
	.title = "Confirm",
	.overlay = true,
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.type = type,
	.typing = typing,
	.click = click,
};
