/* The shell around the model: terminal, signals, clock, loop. */
#include "tui/app.h"

#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/sign_in/open_page.h"
#include "tui/dump.h"
#include "tui/model.h"
#include "tui/term.h"

#define DEMO_LATENCY_MS 120	/* so that one sees it fill in */
#define TICK_BUSY_MS 250	/* countdowns and progress while something runs */
#define PASTE_LOST_MS 1000	/* so long without a character: the end was lost */
#define TICK_REST_MS 10000	/* "read 12 s ago" at rest */

struct shell {
	struct app app;
	struct loop *loop;
	struct loop_timer tick;
	struct loop_timer paste;	/* ends a paste whose end does not come */
	int signo;		/* of the signal that ends us, or 0 */
};

static void on_tick(void *ctx);

static void start_tick(struct shell *sh)
{
	bool busy = sh->app.opened && (sh->app.session.state != SESSION_IDLE ||
				       permissions_kept(&sh->app) == TOKEN_KEPT_BUSY);
	bool watching = app_top(&sh->app) == &screen_guide || app_top(&sh->app) == &screen_live;

	loop_timer_start(sh->loop, &sh->tick,
			 busy ? TICK_BUSY_MS : watching ? 1000 : TICK_REST_MS, on_tick, sh);
}

static void on_tick(void *ctx)
{
	struct shell *sh = ctx;

	app_update(&sh->app, &(struct input){ .kind = INPUT_NEWS });
	start_tick(sh);
}

static void take_size(struct shell *sh)
{
	struct input e = { .kind = INPUT_SIZE };

	term_size(&e.w, &e.h);
	app_update(&sh->app, &e);
}

static void on_signal(void *ctx, int signo)
{
	struct shell *sh = ctx;

	switch (signo) {
	case SIGWINCH:
		term_resized();
		take_size(sh);
		break;
	case SIGTSTP:
		sh->app.suspend = true;
		break;
	default:
		sh->signo = signo;
		if (sh->app.opened)
			session_stop(&sh->app.session);
		sh->app.quit = true;
		break;
	}
}

static void browse(struct app *a)
{
	if (page_open(a->browse))
		app_say(a, ROLE_TEXT, "A browser was sent to the page");
	else
		app_say(a, ROLE_WARN, "No program that opens a page was found (xdg-open): c copies "
			"the link");
	free(a->browse);
	a->browse = NULL;
}

/* What the model asked of the terminal. */
static void do_effects(struct shell *sh)
{
	struct app *a = &sh->app;

	if (a->suspend) {
		a->suspend = false;
		term_suspend();
		take_size(sh);
	}
	if (a->redraw) {
		a->redraw = false;
		term_redraw();
	}
	if (a->copy) {
		if (!term_copy(a->copy))
			app_say(a, ROLE_WARN, "This terminal has no clipboard: please copy it "
				"from the screen");
		free(a->copy);
		a->copy = NULL;
	}
	if (a->browse)
		browse(a);
}

static void on_paste_lost(void *ctx)
{
	struct shell *sh = ctx;
	struct input e = { .kind = INPUT_PASTE };

	if (term_end_paste(&e.paste))
		app_update(&sh->app, &e);
}

static void on_input(void *ctx, int fd)
{
	struct shell *sh = ctx;
	struct input e = { .kind = INPUT_KEY };

	(void)fd;
	while ((e.key = term_key(&e.mouse, &e.paste)) != 0 && !sh->app.quit) {
		e.kind = e.key == K_MOUSE ? INPUT_MOUSE :
			 e.key == K_PASTE ? INPUT_PASTE : INPUT_KEY;
		app_update(&sh->app, &e);
		do_effects(sh);
	}
	if (term_pasting())
		loop_timer_start(sh->loop, &sh->paste, PASTE_LOST_MS, on_paste_lost, sh);
	else
		loop_timer_stop(sh->loop, &sh->paste);
	/* A terminal that is gone is readable for ever: never spin on it. */
	if (term_lost())
		sh->app.quit = true;
	start_tick(sh);
}

static void show(struct shell *sh)
{
	if (!sh->app.dirty)
		return;
	app_draw(&sh->app);
	term_show(&sh->app.grid);
	sh->app.dirty = false;
}

/* Nothing is read before the first frame is on the screen. */
static void run(struct shell *sh)
{
	take_size(sh);
	show(sh);
	loop_on_signal(sh->loop, on_signal, sh);
	loop_watch(sh->loop, term_input_fd(), on_input, sh);
	start_tick(sh);
	while (!sh->app.quit) {
		loop_run_once(sh->loop, -1);
		do_effects(sh);
		show(sh);
	}
	loop_timer_stop(sh->loop, &sh->tick);
	loop_timer_stop(sh->loop, &sh->paste);
	loop_unwatch(sh->loop, term_input_fd());
	loop_on_signal(sh->loop, NULL, NULL);
}

/* A write on the wire ends with its answer, which may be long in coming: the
 * terminal is the person's again meanwhile, and a second signal ends at once.
 * The journal makes that safe. */
static void leave_terminal(const struct app *a)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	bool writes = a->opened && (a->session.state == SESSION_APPLYING ||
				    a->session.state == SESSION_UNDOING);

	term_close();
	for (size_t i = 0; i < COUNT_OF(signals); i++)
		signal(signals[i], SIG_DFL);
	if (writes)
		fprintf(stderr, "sspr-wizard: waiting for the answer to the request in flight; "
				"Ctrl-C leaves at once, the journal knows what was sent.\n");
}

static int fail(const struct err *err)
{
	fprintf(stderr, "sspr-wizard: %s.%s%s\n", err->msg, *err->todo ? " " : "", err->todo);
	return EXIT_CANNOT;
}

static bool wants_ascii(const struct options *o)
{
	return o->ascii || !str_same_nocase(nl_langinfo(CODESET), "UTF-8");
}

static struct term_options terminal_options(const struct options *o)
{
	const char *no_color = getenv("NO_COLOR");
	int theme = o->theme ? theme_by_name(o->theme) : THEME_DARK;

	return (struct term_options){
		.theme = theme < 0 ? THEME_DARK : (enum theme)theme,
		.color = !o->no_color && !(no_color && *no_color),
		.mouse = !o->no_mouse,
	};
}

int app_run(const struct options *o)
{
	struct shell sh = { .signo = 0 };
	struct term_options to = terminal_options(o);
	struct err err = ERR_INIT;
	bool saved = true;

	if (o->dump_screen)
		return app_screen_dump(o);
	sh.loop = loop_new(&err);
	if (!sh.loop)
		return fail(&err);
	if (term_open(&to, &err) < 0) {
		loop_free(sh.loop);
		return fail(&err);
	}
	app_init(&sh.app, o, sh.loop, wants_ascii(o));
	sh.app.demo_latency_ms = DEMO_LATENCY_MS;
	sh.app.no_browser = page_why_not();
	run(&sh);
	if (sh.app.opened)
		saved = session_save(&sh.app.session, &err) == 0;
	leave_terminal(&sh.app);
	app_release(&sh.app);
	loop_free(sh.loop);
	if (sh.signo) {
		/* The one who sent it sees that it worked. */
		signal(sh.signo, SIG_DFL);
		raise(sh.signo);
	}
	if (!saved) {
		fail(&err);
		return EXIT_CANNOT;
	}
	return EXIT_WELL;
}
