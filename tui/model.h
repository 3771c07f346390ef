#ifndef TUI_MODEL_H
#define TUI_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "checks/invitation.h"
#include "checks/usage.h"
#include "steps/affected.h"
#include "steps/session.h"
#include "tui/app.h"
#include "tui/buttons.h"
#include "tui/edit.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/list.h"
#include "tui/people_search.h"
#include "tui/setup.h"
#include "tui/sheet.h"
#include "tui/tenants.h"
#include "tui/term.h"
#include "tui/words.h"

/*
 * The full-screen front end as data. An event changes the model and nothing
 * else (what a session does, it does later, from the loop); a view only reads
 * it and writes cells. So every screen can be driven and printed by a test
 * without a terminal.
 */
struct app;

/* One screen; they lie on a stack in the model, there are no nested loops. */
struct screen_ops {
	const char *name;		/* "board": in dumps and in Go to */
	const char *title;		/* in the top bar and as box title */
	bool overlay;			/* drawn over the screen below it */
	enum key_context (*context)(const struct app *a);
	void (*view)(const struct app *a, struct rect r, struct grid *g);
	/* Does an action; false: not this screen's, the common ones follow. */
	bool (*action)(struct app *a, enum action act);
	/* Whether an action of this context makes sense now (NULL: all do). What
	 * does not is neither done nor shown in the footer. */
	bool (*can)(const struct app *a, enum action act);
	/* Another footer label than the action's own, or NULL. */
	const char *(*label)(const struct app *a, enum action act);
	/* A key for the field that is typed into, before all bindings; true when
	 * it was taken. */
	bool (*type)(struct app *a, uint32_t key);
	/* Characters go into a field now, so that no letter is a binding. NULL: never. */
	bool (*typing)(const struct app *a);
	void (*paste)(struct app *a, const char *text);
	void (*click)(struct app *a, unsigned hit);
};

extern const struct screen_ops screen_welcome, screen_board, screen_confirm, screen_apply,
	screen_guide, screen_picker, screen_evidence, screen_history, screen_requests,
	screen_help, screen_palette, screen_findings, screen_diagnose,
	screen_sign_in, screen_groups, screen_request, screen_path, screen_monitor, screen_save,
	screen_readiness, screen_invite, screen_import,
	screen_permissions, screen_register, screen_live, screen_report;

#define SCREEN_MIN_W 60
#define SCREEN_MIN_H 16
#define STACK_MAX 12
#define WIDE_COLUMNS 120	/* from here on the plan gets its own pane */
#define ONE_PANE_COLUMNS 76	/* below this the list and the step take turns */

/* What a click means: grid cells carry one of these plus an index. */
#define HIT_ROW 1u
#define HIT_BUTTON 60000u

enum purpose { PURPOSE_ROLL_OUT, PURPOSE_ASSESS, PURPOSE_HEALTH };

struct welcome {
	struct tenants tenants;
	size_t tenant;			/* the chosen one's place */
	struct list list;		/* of purposes and tenants */
	struct err err;			/* why the tenant could not be opened */
};

struct board {
	struct list list;		/* among board_items */
	bool in_step;			/* the right pane has the keys */
	int button, scroll;
};

/* A question before something is done; No is chosen to begin with. */
struct confirm {
	char title[160];
	void (*body)(const struct app *a, struct sheet *s);
	void (*yes)(struct app *a);
	const char *yes_label, *no_label;
	const char *word;		/* must be typed for a yes; NULL: none */
	struct edit typed;
	bool focus_yes, show_requests;
	bool requests;			/* the body can show requests */
	int scroll;
};

struct apply {
	bool undo;
	char run[64];			/* the one that is taken back */
	int scroll;
	int64_t started_ms;
};

struct guide {
	unsigned step;			/* its number */
	char change_id[64], setting[64];	/* the setting it is about, or "" */
	int scroll;
	int64_t since_ms, next_read_ms;
};

enum picker_focus { PICKER_SEARCH, PICKER_CHOSEN, PICKER_FILE };

/* People for the group. The chosen are texts (UPN, address or id) that the
 * session resolves when they are taken. */
struct picker {
	struct people_search search;
	struct arena arena;		/* of the chosen of this visit */
	struct edit file;
	enum picker_focus focus;
	struct list chosen_list;
	const char **chosen;
	size_t nchosen, chosen_cap;
	bool changed;
	char problem[200];		/* of the file or the paste */
};

/* Why one person can or cannot reset. */
struct diagnosis {
	struct people_search search;
	char upn[256];			/* "": nobody was asked about yet */
	const char *entry;		/* upn, while it stands in wanted.entries */
	struct wanted kept;		/* what was wanted before that */
	bool asked, known;
	bool from_list;			/* chosen on another screen: Esc leads back there */
	enum tri can;
	struct findings findings;
	struct arena arena;
	const char *name, *message;	/* in arena; the message is for the person */
	int scroll;
};

/* One person's reset, as the log tells it: the last there was, or one that runs. */
struct live_view {
	struct people_search search;
	char upn[256];			/* "": nobody is chosen yet */
	int scroll;
	bool told;			/* its end was shown, or said */
};

struct filtered {			/* findings, requests, Go to */
	struct list list;
	struct edit filter;
	bool typing;
};

/* The part of the way of a password that is chosen; -1: none yet. */
struct shown_path {
	int selected, scroll;
};

/* What happened, from the audit log. */
enum monitor_view { MONITOR_VIEW_AUDIT, MONITOR_VIEW_SIGN_INS, MONITOR_VIEW_USAGE,
		    MONITOR_VIEWS };
struct monitor {
	enum monitor_view view;
	struct event_filter filter;	/* without the person: the text of list.filter */
	struct filtered list;		/* of events */
	struct arena arena;		/* of all below; a copy of what was read */
	struct usage usage;
	bool known;			/* usage is filled */
	int64_t seen_ms;		/* when the log was read that it is made from */
	const char *sources, *read_at;
	int64_t fresh_ms;		/* later events are new; 0 = not following */
	int scroll;
};

/* Who of the pilot is ready, and what to write to the others. */
struct readiness_screen {
	struct arena arena;		/* of all below; a copy of what was read */
	struct readiness r;
	bool known;			/* r is filled */
	int64_t seen;			/* which look at the tenant it is made from */
	struct filtered list;		/* of people, by name */
	enum gap only;			/* those who have it; GAP_COUNT: everybody */
	size_t *shown, nshown;		/* places in r.v; owned */
	const struct invitation *invitations;
	size_t ninvitations;
	int invitation, scroll;		/* the text that is shown */
};

/* The assessment as files. */
struct written_file {
	const char *path;
	size_t bytes;
};
struct report_screen {
	struct list list;		/* of the rows */
	unsigned formats;		/* 1u << place in report_formats */
	bool redact;
	struct edit title, earlier, base;
	bool waiting;			/* until all is read, then it is written */
	bool asked_log, asked_rest;	/* read for it: the log again, what was unread */
	bool asked_replace;
	struct json *earlier_doc;	/* while waiting, or NULL */
	struct written_file *written;	/* in arena */
	size_t nwritten, written_cap;
	struct arena arena;
	char problem[600];
};

/* Where to write a file to. */
struct save {
	struct edit path;
	char title[80], hint[200], problem[600];
	char asked[EDIT_MAX + 256];	/* the name whose replacing was asked about */
	int (*write)(struct app *a, const char *path, struct err *err);
};

/* What the script on the server wrote: a file's name, and why it was refused. */
struct import {
	struct edit path;
	char problem[700];
};

struct shown_evidence {
	char finding[64];		/* id, or "" for the step */
	unsigned step;
	int scroll;
};

struct app {
	const struct options *options;
	struct options chosen;		/* with what was chosen at the welcome */
	struct loop *loop;
	struct setup setup;
	bool opened;			/* setup and session are open */
	struct options opened_as;	/* as they were chosen then */
	struct session session;
	enum purpose purpose;
	int demo_latency_ms;
	bool still;			/* no ticking: dumps and tests */

	int w, h;
	bool ascii;
	int64_t now_ms;			/* of the event that is handled */
	uint32_t key;			/* the last one that was pressed */
	struct grid grid;		/* as last drawn: for clicks */
	const struct screen_ops *stack[STACK_MAX];
	size_t depth;

	struct welcome welcome;
	struct board board;
	struct confirm confirm;
	struct apply apply;
	struct guide guide;
	struct picker picker;
	struct diagnosis diagnosis;
	struct live_view live;
	struct monitor monitor;
	struct readiness_screen readiness;
	struct save save;
	struct import import;
	struct report_screen report;
	struct filtered findings, requests, palette;
	struct list history, groups;
	char group_id[64];		/* chosen among several of the name */
	struct shown_evidence evidence;
	struct shown_path path;
	struct secret password;		/* being typed at a sign-in; gone with its screen */
	size_t request_shown;		/* its number since the log began, from 1 */
	int request_scroll;
	int permissions_scroll;
	struct register_view {
		int part, scroll;	/* which way of making it is shown */
	} registering;
	char permissions_told[128];	/* whose were shown without being asked for */
	bool kept_told;			/* that a sign-in could not be kept */
	int help_scroll;
	struct plan plan;		/* being asked about or carried out */
	struct arena people_arena;	/* of session.wanted.entries from the picker */
	bool people_chosen;		/* they came from the picker, not from a file */
	size_t consents;		/* yes said to a plan or an undo */

	char message[240];		/* one line over the footer, until a key */
	enum role message_role;
	bool message_while_writing;	/* untrue as soon as nothing is written any more, */
	bool message_sending;		/* or reading back begins */

	/* What the shell has to do after the event. */
	bool dirty, redraw, suspend, quit, quit_when_idle;
	char *copy;			/* text for the clipboard, owned */
	char *browse;			/* address for a browser, owned */
	const char *no_browser;		/* why none can be opened here, or NULL */
};

enum input_kind { INPUT_KEY, INPUT_MOUSE, INPUT_PASTE, INPUT_SIZE, INPUT_NEWS };

/* NEWS: the session or the clock moved on. */
struct input {
	enum input_kind kind;
	uint32_t key;
	struct mouse mouse;
	const char *paste;
	int w, h;
};

/* update.c */
void app_init(struct app *a, const struct options *o, struct loop *l, bool ascii);
void app_release(struct app *a);
void app_update(struct app *a, const struct input *e);
void app_push(struct app *a, const struct screen_ops *s);
void app_pop(struct app *a);
/* Once on the stack, wherever; and off it. */
void app_push_once(struct app *a, const struct screen_ops *s);
void app_remove(struct app *a, const struct screen_ops *s);
const struct screen_ops *app_top(const struct app *a);
void app_do(struct app *a, enum action act);
bool app_can(const struct app *a, enum action act);
/* Pressed on this screen, the key is text for a field. */
bool screen_takes(const struct app *a, const struct screen_ops *s, uint32_t key);
void app_say(struct app *a, enum role role, const char *fmt, ...) PRINTF_LIKE(3, 4);
void app_say_error(struct app *a, const struct err *err);
void app_copy(struct app *a, const char *text, const char *what);
/* Opens the tenant that was chosen, unless it is open; false on failure. */
bool app_open_tenant(struct app *a, struct err *err);
/* Closes what is open, and opens a session that makes the app registration. */
bool app_open_registration(struct app *a, struct err *err);
void app_close_tenant(struct app *a);
/* What was found of people, when another person may sign in. */
void app_forget_people(struct app *a);
/* People were chosen by hand and leaving would forget them. */
bool app_would_forget(const struct app *a);
/* Something that writes is running. */
bool app_writing(const struct app *a);
/* Requests that write go out: it does not only read back. */
bool app_sending(const struct app *a);
bool app_read_only(const struct app *a);
/* Probes the endpoints of writeback from here; says why not, when it cannot. */
void app_probe(struct app *a);
/* Reads from the tenant again, unless busy. */
void app_read(struct app *a, unsigned areas);

/* frame.c: draws everything into a->grid. */
void app_draw(struct app *a);
struct rect app_body(const struct app *a);

/* A box in the middle of r with the screen's title; returns its inside. */
struct rect overlay_box(struct grid *g, struct rect r, int w, int h, const char *title);
/* Scrolls a text by an action; false when the action is none of these. */
bool scroll_by(int *scroll, int rows, int page, enum action act);

/* board_items.c: the rows of the runbook list that can be chosen. */
enum item_kind { ITEM_CHECK, ITEM_STEP, ITEM_SCREEN };
struct board_item {
	enum item_kind kind;
	const char *id;			/* of the finding, step or screen */
	const char *label;
	unsigned number;		/* of the step */
	const char *heading;		/* stands above it, or NULL */
	enum action act;		/* what opens a screen's row */
};
extern const struct board_item board_items[];
extern const int nboard_items;
const struct board_item *board_chosen(const struct app *a);
int board_item_find(const char *id);
/* The step of the chosen row, or NULL. */
const struct step_view *board_step(const struct app *a);
/* What the row is judged from is still being read, or was never read. */
bool board_pending(const struct app *a, const struct board_item *item);
struct look board_look(const struct app *a, const struct board_item *item);
void board_select(struct app *a, const char *id);

/* detail_step.c, detail_check.c: the right pane. */
void detail_step(const struct app *a, const struct step_view *v, bool with_plan,
		 struct sheet *s);
void detail_plan(const struct app *a, const struct step_view *v, struct sheet *s);
void detail_finding(const struct app *a, const char *id, bool with_evidence,
		    struct sheet *s);
/* A finding in full; of session.findings or session.path. */
void detail_one(const struct app *a, const struct finding *f, bool with_evidence,
		struct sheet *s);
/* One line: how old what this is judged from is, and what could not be read. */
void detail_age(const struct app *a, unsigned areas, struct sheet *s);

/* The entries to each screen from others. */
void confirm_apply(struct app *a, const struct step_view *v);
/* The ids of the steps that applying this one means, in order, NULL-terminated:
 * a step that it needs and that is still to do goes first, as the requests
 * would name a group that does not exist. */
struct apply_ids { const char *v[STEPS_COUNT + 1]; size_t n; };
struct apply_ids apply_ids(const struct app *a, const struct step_view *v);
void confirm_undo(struct app *a, const char *run_id);
void confirm_attest(struct app *a);
void confirm_quit(struct app *a);
/* The question asked is whether to apply a->plan; to take back the chosen run. */
bool app_asks_apply(const struct app *a);
bool app_asks_undo(const struct app *a);
/* affected_view.c: whom the question asked, or the guided change shown, touches. The
 * caller releases. */
void affected_collect(const struct app *a, struct affected *ret);
bool affected_any(const struct app *a);
/* The effects of one change that its own words do not name. */
void affected_put(const struct app *a, const struct affected *all, const char *change_id, int x,
		  struct sheet *s);
/* Asks for a file and writes all of them. */
void affected_save(struct app *a);
void apply_start(struct app *a, bool undo);
void guide_open(struct app *a, const struct step_view *v);
const struct change *guide_change(const struct app *a);
void guide_watch(struct app *a);
/* To the next guided change of the step that is not this one. */
void guide_next(struct app *a, const char *but_id);
void picker_open(struct app *a);
void picker_close(struct app *a);
void diagnose_open(struct app *a);
/* The session moved on: judges once all is read. */
void diagnose_news(struct app *a);
void diagnose_close(struct app *a);
/* The way of a password; and the same in a line or two, for the step. */
void path_open(struct app *a);
/* The live test of a person, or of whom it already runs for; NULL: asks who. */
void live_open(struct app *a, const char *upn);
void live_close(struct app *a);
/* The session moved on: says how it ended, if somebody looks at another screen. */
void live_news(struct app *a);
/* Asks for the document of the script on the server. */
void import_open(struct app *a);
void path_strip(const struct app *a, struct sheet *s);
/* The same, of a person who is known already. */
void diagnose_user(struct app *a, const char *upn);
void monitor_open(struct app *a);
/* The log may have been read again: counts anew. */
void monitor_news(struct app *a);
void monitor_close(struct app *a);
void readiness_open(struct app *a);
/* The tenant may have been read again: judges anew. */
void readiness_news(struct app *a);
void readiness_close(struct app *a);
/* The texts to whoever is not ready, over the readiness screen. */
void invite_open(struct app *a);
/* "contoso.com-readiness-2026-11-25", as a file may be called. */
void readiness_file_name(const struct app *a, const char *what, char *out, size_t size);
void report_open(struct app *a);
/* The session moved on: writes what waits for it. */
void report_news(struct app *a);
void report_close(struct app *a);
/* Asks for a file name, `name` to begin with; write is called with it, and its
 * error is shown there. Texts are copied. */
void save_open(struct app *a, const char *title, const char *name, const char *hint,
	       int (*write)(struct app *a, const char *path, struct err *err));
/* The path that was typed, with ~/ resolved; the caller's. */
char *save_path(const char *typed);
/* Several groups have the wanted name and none is chosen yet. */
bool groups_undecided(const struct app *a);
/* A sign-in began or ended to wait for a person. */
void sign_in_news(struct app *a);
/* How to make the app registration, or making it. */
void register_open(struct app *a);
/* A question of another screen's: its title, what it is about, what a yes does, and the
 * word that must be typed for one, NULL for none. */
void confirm_ask(struct app *a, const char *title,
		 void (*body)(const struct app *, struct sheet *), void (*yes)(struct app *),
		 const char *yes_label, const char *word);
/* The tenants that can be chosen may be others now; the one that the options name is
 * chosen. */
void welcome_look(struct app *a);
/* Shown once for each account that signs in, when something is missing or too much. */
void permissions_news(struct app *a);
void permissions_open(struct app *a);
/* Whether the sign-in is kept for the next start. */
enum token_kept permissions_kept(const struct app *a);
void evidence_of_finding(struct app *a, const char *id);
void evidence_of_step(struct app *a, unsigned number);
/* The run that the history has chosen, or NULL. */
const struct run *history_run(const struct app *a);

#endif
