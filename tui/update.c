#include "steps/registration.h"
#include "tui/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"

void app_init(struct app *a, const struct options *o, struct loop *l, bool ascii)
{
	memset(a, 0, sizeof(*a));
	a->options = o;
	a->chosen = *o;
	a->loop = l;
	a->ascii = ascii;
	a->now_ms = clock_now_ms();
	a->dirty = true;
	welcome_look(a);
	app_push(a, &screen_welcome);
}

void app_release(struct app *a)
{
	app_close_tenant(a);
	tenants_release(&a->welcome.tenants);
	plan_release(&a->plan);
	arena_clear(&a->people_arena);
	edit_release(&a->confirm.typed);
	edit_release(&a->save.path);
	edit_release(&a->import.path);
	edit_release(&a->findings.filter);
	edit_release(&a->requests.filter);
	edit_release(&a->palette.filter);
	secret_release(&a->password);
	grid_release(&a->grid);
	free(a->copy);
	free(a->browse);
}

/* --- The stack of screens ------------------------------------------------------ */

const struct screen_ops *app_top(const struct app *a)
{
	return a->stack[a->depth - 1];
}

void app_push(struct app *a, const struct screen_ops *s)
{
	if (a->depth > 0 && app_top(a) == s)
		return;
	if (a->depth < STACK_MAX)
		a->stack[a->depth++] = s;
}

void app_push_once(struct app *a, const struct screen_ops *s)
{
	for (size_t i = 0; i < a->depth; i++)
		if (a->stack[i] == s)
			return;
	app_push(a, s);
}

void app_remove(struct app *a, const struct screen_ops *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->depth; i++)
		if (i == 0 || a->stack[i] != s)
			a->stack[kept++] = a->stack[i];
	a->depth = kept;
}

/* The welcome screen always stays. */
void app_pop(struct app *a)
{
	if (a->depth > 1)
		a->depth--;
}

/* --- What is said and copied ---------------------------------------------------- */

void app_say(struct app *a, enum role role, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->message, sizeof(a->message), fmt, ap);
	va_end(ap);
	a->message_role = role;
	a->message_while_writing = false;
}

void app_say_error(struct app *a, const struct err *err)
{
	app_say(a, ROLE_BAD, "%s.%s%s", err->msg, *err->todo ? " " : "", err->todo);
}

void app_copy(struct app *a, const char *text, const char *what)
{
	if (!text || !*text)
		return;
	free(a->copy);
	a->copy = xstrdup(text);
	app_say(a, ROLE_TEXT, "Copied %s to the clipboard", what);
}

/* --- Actions -------------------------------------------------------------------- */

bool app_writing(const struct app *a)
{
	return a->opened && (a->session.state == SESSION_APPLYING ||
			     a->session.state == SESSION_VERIFYING ||
			     a->session.state == SESSION_UNDOING);
}

bool app_sending(const struct app *a)
{
	return app_writing(a) && a->session.state != SESSION_VERIFYING;
}

bool app_would_forget(const struct app *a)
{
	if (!a->opened)
		return false;
	for (size_t i = 0; i < a->depth; i++)
		if (a->stack[i] == &screen_picker && a->picker.changed && a->picker.nchosen)
			return true;
	return a->people_chosen && a->session.views[0].state == STEP_CHANGES;
}

bool app_read_only(const struct app *a)
{
	return a->opened && a->session.options.read_only;
}

void app_read(struct app *a, unsigned areas)
{
	if (!a->opened || a->session.state != SESSION_IDLE)
		return;
	if (a->session.options.registering)
		areas = REGISTRATION_AREAS;
	session_read(&a->session, areas);
}

void app_probe(struct app *a)
{
	struct err err = ERR_INIT;

	if (session_probe_start(&a->session, &err) < 0)
		app_say_error(a, &err);
}

static void back(struct app *a)
{
	if (a->opened && session_probing(&a->session)) {
		session_probe_stop(&a->session);
		app_say(a, ROLE_TEXT, "Stopped probing");
		return;
	}
	if (a->opened && a->session.state == SESSION_READING && app_top(a) == &screen_board) {
		session_stop(&a->session);
		app_say(a, ROLE_TEXT, "Stopped reading; r reads again");
		return;
	}
	app_pop(a);
}

static void quit(struct app *a)
{
	if (app_writing(a) || app_would_forget(a))
		confirm_quit(a);
	else
		a->quit = true;
}

/* What every screen can do, unless it does it in its own way. */
static void do_common(struct app *a, enum action act)
{
	struct err err = ERR_INIT;

	switch (act) {
	case ACT_BACK:
		back(a);
		break;
	case ACT_HELP:
		a->help_scroll = 0;
		app_push(a, &screen_help);
		break;
	case ACT_PALETTE:
		edit_clear(&a->palette.filter);
		a->palette.list = (struct list){ 0 };
		app_push(a, &screen_palette);
		break;
	case ACT_HISTORY:
		a->history = (struct list){ 0 };
		app_push(a, &screen_history);
		break;
	case ACT_REQUESTS:
		a->requests.list = (struct list){ .selected = -1 };
		app_push(a, &screen_requests);
		break;
	case ACT_HEALTH:
		a->findings.list = (struct list){ 0 };
		app_push(a, &screen_findings);
		break;
	case ACT_PATH:
		path_open(a);
		break;
	case ACT_IMPORT:
		import_open(a);
		break;
	case ACT_LIVE:
		live_open(a, NULL);
		break;
	case ACT_PROBE:
		app_probe(a);
		break;
	case ACT_DIAGNOSE:
		diagnose_open(a);
		break;
	case ACT_MONITOR:
		monitor_open(a);
		break;
	case ACT_READINESS:
		readiness_open(a);
		break;
	case ACT_REGISTER:
		register_open(a);
		break;
	case ACT_REPORT:
		report_open(a);
		break;
	case ACT_PERMISSIONS:
		permissions_open(a);
		break;
	case ACT_SIGN_IN:
		if (session_sign_in_again(&a->session, &err) < 0)
			app_say_error(a, &err);
		else
			app_forget_people(a);
		break;
	case ACT_TENANTS:
		a->depth = 1;
		break;
	case ACT_REDRAW:
		a->redraw = true;
		break;
	case ACT_SUSPEND:
		a->suspend = true;
		break;
	case ACT_QUIT:
		quit(a);
		break;
	default:
		break;
	}
}

bool app_can(const struct app *a, enum action act)
{
	const struct screen_ops *s = app_top(a);

	if ((act == ACT_HISTORY || act == ACT_REQUESTS || act == ACT_HEALTH ||
	     act == ACT_DIAGNOSE || act == ACT_MONITOR || act == ACT_READINESS ||
	     act == ACT_REPORT || act == ACT_SIGN_IN || act == ACT_PATH || act == ACT_PERMISSIONS ||
	     act == ACT_LIVE || act == ACT_PROBE || act == ACT_IMPORT ||
	     act == ACT_TENANTS) && !a->opened)
		return false;
	return !s->can || s->can(a, act);
}

bool screen_takes(const struct app *a, const struct screen_ops *s, uint32_t key)
{
	return s->typing && key >= ' ' && key < K_BASE && s->typing(a);
}

/* A key that does nothing now says why, when the reason is not on the screen. */
static void say_why_not(struct app *a, enum action act)
{
	bool writes = act == ACT_APPLY || act == ACT_UNDO || act == ACT_ATTEST;

	if (writes && app_read_only(a))
		app_say(a, ROLE_WARN, "Read-only: nothing can be changed here");
	else if ((writes || act == ACT_MEMBERS || act == ACT_READ || act == ACT_ACCEPT) &&
		 a->opened && a->session.state == SESSION_READING)
		app_say(a, ROLE_WARN, "The tenant is still being read: try again in a moment");
}

void app_do(struct app *a, enum action act)
{
	const struct screen_ops *s = app_top(a);

	if (act == ACT_NONE)
		return;
	if (!app_can(a, act)) {
		say_why_not(a, act);
		return;
	}
	if (!s->action || !s->action(a, act))
		do_common(a, act);
}

/* --- Events --------------------------------------------------------------------- */

static bool too_small(const struct app *a)
{
	return a->w < SCREEN_MIN_W || a->h < SCREEN_MIN_H;
}

static void on_key(struct app *a, uint32_t key)
{
	const struct screen_ops *s = app_top(a);

	a->message[0] = '\0';
	a->key = key;
	/* On a screen that cannot be read only leaving and drawing make sense. */
	if (too_small(a)) {
		enum action act = keys_lookup(CTX_BOARD, key);

		if (act == ACT_QUIT || act == ACT_REDRAW || act == ACT_SUSPEND)
			do_common(a, act);
		return;
	}
	if (s->type && s->type(a, key))
		return;
	app_do(a, keys_lookup(s->context(a), key));
}

static void on_mouse(struct app *a, const struct mouse *m)
{
	const struct screen_ops *s = app_top(a);
	unsigned hit;

	if (too_small(a))
		return;
	if (m->wheel_up || m->wheel_down) {
		app_do(a, m->wheel_up ? ACT_UP : ACT_DOWN);
		return;
	}
	if (!m->press || m->x < 0 || m->y < 0 || m->x >= a->grid.w || m->y >= a->grid.h)
		return;
	hit = a->grid.cells[(size_t)m->y * (size_t)a->grid.w + (size_t)m->x].hit;
	if (hit && s->click)
		s->click(a, hit);
}

static void on_news(struct app *a)
{
	if (a->message_while_writing && (!app_writing(a) ||
					 a->message_sending != app_sending(a))) {
		a->message[0] = '\0';
		a->message_while_writing = false;
	}
	sign_in_news(a);
	diagnose_news(a);
	monitor_news(a);
	readiness_news(a);
	report_news(a);
	permissions_news(a);
	guide_watch(a);
	live_news(a);
	if (a->quit_when_idle && !app_writing(a))
		a->quit = true;
}

void app_update(struct app *a, const struct input *e)
{
	const struct screen_ops *s = app_top(a);

	a->now_ms = clock_now_ms();
	a->dirty = true;
	switch (e->kind) {
	case INPUT_KEY:
		on_key(a, e->key);
		break;
	case INPUT_MOUSE:
		on_mouse(a, &e->mouse);
		break;
	case INPUT_PASTE:
		if (s->paste && !too_small(a))
			s->paste(a, e->paste);
		break;
	case INPUT_SIZE:
		a->w = e->w;
		a->h = e->h;
		break;
	case INPUT_NEWS:
		on_news(a);
		break;
	}
}
