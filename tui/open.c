/* Opening and closing the tenant that was chosen at the welcome screen. */
#include "steps/registration.h"
#include "tui/model.h"

static void on_news(void *ctx)
{
	struct app *a = ctx;

	app_update(a, &(struct input){ .kind = INPUT_NEWS });
}

static bool is_open_already(const struct app *a)
{
	bool read_only = a->purpose == PURPOSE_ASSESS || a->options->read_only;

	return a->opened && !a->session.options.registering &&
	       a->session.options.read_only == read_only &&
	       tenants_same(&a->chosen, &a->opened_as);
}

/* Another tenant takes the place of the one that is open. What it leaves behind is
 * written first: a demo that is kept, the log of requests. */
static bool leave_tenant(struct app *a, struct err *err)
{
	struct err unsaved = ERR_INIT;

	if (app_writing(a)) {
		err_set(err, ERR_CONFLICT, 0, "the tenant that is open is being written to");
		err_todo(err, "Wait for its end, or open it and press Esc to stop.");
		return false;
	}
	if (a->opened && session_save(&a->session, &unsaved) < 0)
		app_say_error(a, &unsaved);
	app_close_tenant(a);
	return true;
}

/* Opens the session that app.setup describes. */
static bool open_session(struct app *a, struct err *err)
{
	a->setup.session.person = true;
	a->setup.session.demo_latency_ms = a->demo_latency_ms;
	if (session_open(&a->session, a->loop, &a->setup.session, &a->setup.wanted, err) < 0) {
		setup_close(&a->setup);
		return false;
	}
	a->opened = true;
	a->opened_as = a->chosen;
	a->session.changed = on_news;
	a->session.ctx = a;
	return true;
}

bool app_open_tenant(struct app *a, struct err *err)
{
	if (is_open_already(a))
		return true;
	if (!leave_tenant(a, err))
		return false;
	if (setup_open(&a->setup, &a->chosen, err) < 0)
		return false;
	a->setup.session.command = "wizard";
	if (a->purpose == PURPOSE_ASSESS)
		a->setup.session.read_only = true;
	if (!open_session(a, err))
		return false;
	session_read(&a->session, AREAS_ALL);
	return true;
}

bool app_open_registration(struct app *a, struct err *err)
{
	if (!leave_tenant(a, err) || setup_open(&a->setup, &a->chosen, err) < 0)
		return false;
	a->setup.session.command = "register";
	a->setup.session.registering = true;
	if (!open_session(a, err))
		return false;
	session_read(&a->session, REGISTRATION_AREAS);
	return true;
}

void app_forget_people(struct app *a)
{
	picker_close(a);
	diagnose_close(a);
	live_close(a);
	monitor_close(a);
	readiness_close(a);
	report_close(a);
	a->people_chosen = false;
}

void app_close_tenant(struct app *a)
{
	app_forget_people(a);
	if (!a->opened)
		return;
	a->session.changed = NULL;
	session_close(&a->session);
	setup_close(&a->setup);
	a->opened = false;
}
