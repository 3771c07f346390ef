#include "tui/dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"

static void key(struct app *a, uint32_t k)
{
	app_update(a, &(struct input){ .kind = INPUT_KEY, .key = k });
}

void app_settle(struct app *a)
{
	while (a->opened && a->session.state != SESSION_IDLE && loop_run_once(a->loop, -1))
		;
	app_update(a, &(struct input){ .kind = INPUT_NEWS });
}

static void to_board(struct app *a)
{
	key(a, K_ENTER);
	app_settle(a);
}

static void to_step(struct app *a, const char *id)
{
	to_board(a);
	board_select(a, id);
	key(a, K_ENTER);
}

static void to_picker(struct app *a)
{
	to_step(a, "group");
	key(a, 'p');
	for (const char *s = "ad"; *s; s++)
		key(a, (uint32_t)*s);
	/* The pause that the search waits for, then the answer. */
	for (int i = 0; i < 1000 && a->picker.search.searching; i++)
		loop_run_once(a->loop, 50);
}

/* The chosen request is one that wrote. */
static bool last_is_write(const struct app *a)
{
	const struct request_log *log = a->session.log;
	int i = a->requests.list.selected;

	return i >= 0 && str_same(request_log_at(log, (size_t)i)->method, "POST") &&
	       request_log_at(log, (size_t)i)->status == 201;
}

/* A run in the history: the first step, carried out. */
static void apply_group(struct app *a)
{
	to_step(a, "group");
	key(a, 'a');
	key(a, 'y');
	app_settle(a);
}

static void go_board(struct app *a)
{
	to_board(a);
}

static void go_prereq(struct app *a)
{
	to_board(a);
	board_select(a, "prereq.connect");
	key(a, K_ENTER);
}

static void go_methods(struct app *a)
{
	to_step(a, "methods");
}

static void go_confirm(struct app *a)
{
	to_step(a, "group");
	key(a, 'a');
}

static void go_apply(struct app *a)
{
	apply_group(a);
}

static void go_guide(struct app *a)
{
	apply_group(a);
	key(a, K_ENTER);
	board_select(a, "enablement");
	key(a, 'g');
}

static void go_picker(struct app *a)
{
	to_picker(a);
}

static void go_history(struct app *a)
{
	apply_group(a);
	key(a, K_ENTER);
	key(a, 'h');
}

static void go_requests(struct app *a)
{
	to_board(a);
	key(a, 'x');
}

static void go_request(struct app *a)
{
	apply_group(a);
	key(a, 'x');
	for (int i = 0; i < 40 && !last_is_write(a); i++)
		key(a, K_UP);
	key(a, K_ENTER);
}

static void go_help(struct app *a)
{
	to_board(a);
	key(a, '?');
}

static void go_findings(struct app *a)
{
	to_board(a);
	key(a, 'f');
}

static void go_path(struct app *a)
{
	to_step(a, "writeback");
	key(a, 'w');
	if (app_top(a) != &screen_path)	/* where there is none, the palette opens it */
		path_open(a);
}

static void go_import(struct app *a)
{
	go_path(a);
	key(a, 'i');
}

/* The simulator's person has verified, and goes on. */
static void go_live(struct app *a)
{
	to_step(a, "writeback");
	key(a, 't');
	for (const char *s = "amar"; *s; s++)
		key(a, (uint32_t)*s);
	for (int i = 0; i < 1000 && a->live.search.searching; i++)
		loop_run_once(a->loop, 50);
	key(a, K_ENTER);
	key(a, K_ENTER);
	for (int i = 0; i < 1000 && a->session.live && !a->session.live->stage_ms[LIVE_VERIFIED]; i++)
		loop_run_once(a->loop, 50);
	app_settle(a);
}

static void go_ports(struct app *a)
{
	to_board(a);
	board_select(a, "prereq.ports");
	key(a, 'o');
	for (int i = 0; i < 1000 && a->opened && session_probing(&a->session); i++)
		loop_run_once(a->loop, -1);
}

static void go_writeback(struct app *a)
{
	to_step(a, "writeback");
}

static void go_evidence(struct app *a)
{
	to_step(a, "methods");
	key(a, 'e');
}

static void go_palette(struct app *a)
{
	to_board(a);
	key(a, ':');
}

static void go_diagnose(struct app *a)
{
	to_board(a);
	key(a, 'd');
	for (const char *s = "gr"; *s; s++)
		key(a, (uint32_t)*s);
	for (int i = 0; i < 1000 && a->diagnosis.search.searching; i++)
		loop_run_once(a->loop, 50);
	key(a, K_ENTER);
	app_settle(a);
}

static void go_monitor(struct app *a)
{
	to_board(a);
	key(a, 'm');
}

static void go_report(struct app *a)
{
	to_board(a);
	key(a, 'z');
}

static void go_readiness(struct app *a)
{
	to_board(a);
	key(a, 'y');
}

static void go_invitations(struct app *a)
{
	go_readiness(a);
	key(a, 'i');
}

static void go_usage(struct app *a)
{
	go_monitor(a);
	key(a, K_LEFT);
}

static void go_permissions(struct app *a)
{
	to_board(a);
	key(a, 'v');
}

static void go_register(struct app *a)
{
	key(a, 'r');
}

/* Signed in to make it, and the plan there is. */
static void go_registering(struct app *a)
{
	key(a, 'r');
	key(a, 'a');
	key(a, 'y');
	app_settle(a);
}

static const struct {
	const char *name;
	void (*go)(struct app *a);
} places[] = {
	{ "welcome", NULL },	    { "board", go_board },	{ "prereq", go_prereq },
	{ "step-methods", go_methods }, { "confirm", go_confirm }, { "apply", go_apply },
	{ "guide", go_guide },	    { "picker", go_picker },	{ "history", go_history },
	{ "requests", go_requests }, { "request", go_request }, { "help", go_help },	{ "findings", go_findings },
	{ "evidence", go_evidence }, { "palette", go_palette },
	{ "diagnose", go_diagnose }, { "path", go_path }, { "import", go_import }, { "step-writeback", go_writeback },
	{ "live", go_live },
	{ "monitor", go_monitor }, { "usage", go_usage },
	{ "readiness", go_readiness }, { "invitations", go_invitations }, { "permissions", go_permissions },
	{ "ports", go_ports }, { "report", go_report },
	{ "register", go_register }, { "registering", go_registering },
};

const char *const dump_screens[] = {
	"welcome", "board", "prereq", "step-methods", "confirm", "apply", "guide", "picker",
	"history", "requests", "request", "help", "findings", "evidence", "palette", "diagnose",
	"path", "import", "live", "step-writeback", "monitor", "usage", "permissions", "ports", "register",
	"registering", "report", NULL,
};

/* Our ids of requests are random; a screen has to print the same each time. */
static void forget_ids(struct app *a)
{
	struct request_log *log = a->opened ? a->session.log : NULL;

	for (size_t i = 0; log && i < log->n; i++)
		snprintf(log->v[i].client_request_id, sizeof(log->v[i].client_request_id),
			 "00000000-0000-4000-8000-%012x", (unsigned)(i + 1) & 0xffffu);
}

bool app_go_to(struct app *a, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(places); i++)
		if (str_same(places[i].name, name)) {
			if (places[i].go)
				places[i].go(a);
			forget_ids(a);
			return true;
		}
	return false;
}

/* "board=80x24" */
static bool parse(const char *text, char *name, size_t size, struct input *e)
{
	const char *equals = strchr(text, '=');
	char *end;

	if (!equals || (size_t)(equals - text) >= size)
		return false;
	memcpy(name, text, (size_t)(equals - text));
	name[equals - text] = '\0';
	e->w = (int)strtol(equals + 1, &end, 10);
	if (*end != 'x')
		return false;
	e->h = (int)strtol(end + 1, &end, 10);
	return !*end && e->w > 0 && e->w <= 500 && e->h > 0 && e->h <= 500;
}

int app_screen_dump(const struct options *o)
{
	struct input size = { .kind = INPUT_SIZE };
	CLEANUP(str_release) struct str text = { 0 };
	struct options demo = *o;
	struct err err = ERR_INIT;
	struct app a;
	char name[32];
	bool found;

	if (!parse(o->dump_screen, name, sizeof(name), &size)) {
		fprintf(stderr, "sspr-wizard: --dump-screen wants NAME=WxH, as board=80x24.\n");
		return EXIT_USAGE;
	}
	if (!demo.demo)
		demo.demo = "contoso";
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&a, &demo, loop_new(&err), o->ascii);
	if (!a.loop) {
		fprintf(stderr, "sspr-wizard: %s.\n", err.msg);
		return EXIT_CANNOT;
	}
	app_update(&a, &size);
	found = app_go_to(&a, name);
	if (found) {
		app_draw(&a);
		grid_dump(&a.grid, &text);
		fputs(str_text(&text), stdout);
	} else {
		fprintf(stderr, "sspr-wizard: there is no screen named %s.\n", name);
	}
	app_release(&a);
	loop_free(a.loop);
	return found ? EXIT_WELL : EXIT_USAGE;
}
