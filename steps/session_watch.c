/* Watching a guided change: reads again now and then until the tenant shows it. */
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "steps/session_internal.h"

/* The audit log has an event within minutes; it allows five requests in ten
 * seconds (facts graph.md 8.1). The report is dear, and hours behind. */
#define AUDIT_SOON_MS 5000
#define AUDIT_LATER_MS 30000
#define REPORT_MS 60000
#define BUSY_MS 1000		/* something else runs: look again then */
#define DEMO_MS 8000		/* a person needs to find the page */

static void tick(void *ctx);

static void next_tick(struct session *s, int64_t delay_ms)
{
	loop_timer_start(s->loop, &s->watch_timer, delay_ms, tick, s);
}

static void tick(void *ctx)
{
	struct session *s = ctx;
	unsigned areas = AREA_BIT(AREA_AUDIT);
	int64_t now = clock_mono_ms();

	if (!s->watch || s->watch->verdict == WATCH_PROVED)
		return;
	if (s->state != SESSION_IDLE) {
		next_tick(s, BUSY_MS);
		return;
	}
	if (now >= s->watch_report_ms) {
		areas |= AREA_BIT(AREA_REGISTRATION);
		s->watch_report_ms = now + REPORT_MS;
	}
	session_read(s, areas);
	next_tick(s, s->watch->ask_word || s->watch->verdict == WATCH_CONTRADICTED
		  ? AUDIT_LATER_MS : AUDIT_SOON_MS);
}

void session_watch_read(struct session *s)
{
	if (!s->watch || s->watch->verdict == WATCH_PROVED)
		return;
	watch_look(s->watch, &s->facts);
	if (s->watch->verdict == WATCH_PROVED)
		loop_timer_stop(s->loop, &s->watch_timer);
}

/* What the simulated tenant calls the settings (graph/tenant/tenant.h). */
static const char *demo_setting(const char *setting)
{
	static const struct {
		const char *setting, *name;
	} names[] = {
		{ "scope", "scope" }, { "methods.required", "methodsRequired" },
		{ "writeback.tenant", "writeback" }, { "notifications.users", "notifyUsers" },
		{ "notifications.admins", "notifyAdmins" },
		{ "registration.required", "registrationRequired" },
		{ "registration.days", "reconfirmDays" },
		{ "notifications.helpdesk", "helpdesk" }, { "writeback.unlock", "unlock" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_same(names[i].setting, setting))
			return names[i].name;
	return NULL;
}

/* In a demo nobody sits at the admin centre: the simulator saves it there. */
static void save_in_demo(void *ctx)
{
	struct session *s = ctx;
	const struct group *g = s->facts.groups.chosen;
	struct err err = ERR_INIT;
	const char *value;
	struct str *line;

	if (!s->watch)
		return;
	line = &s->watch->lines[WATCH_DEMO];
	value = s->watch->wanted;
	if (str_same(s->watch->setting, "scope") && str_same(value, "Selected"))
		value = g ? g->id : "SSPR-Enabled-Users";
	str_clear(line);
	if (tenant_portal_set(s->demo, demo_setting(s->watch->setting), value, &err) < 0)
		str_addf(line, "Demo: it cannot be saved in the admin centre: %s.", err.msg);
	else
		str_add(line, "Demo: somebody saves it in the admin centre.");
	/* A failure is told when it is saved at the end. */
	tenant_save_kept(s->demo, &err);
	session_changed(s);
}

int session_watch_start(struct session *s, const struct change *c, struct err *err)
{
	if (!watch_can(c)) {
		err_set(err, ERR_INVALID, 0, "nothing that can be read proves \"%s\"", c->title);
		return err_todo(err, "Record that you did it.");
	}
	if (s->watch && str_same(s->watch->change_id, c->id) &&
	    s->watch->verdict != WATCH_PROVED)
		return 0;
	session_watch_stop(s);
	s->watch = watch_new(c, clock_now_ms());
	s->watch_report_ms = clock_mono_ms() + REPORT_MS;
	watch_look(s->watch, &s->facts);
	next_tick(s, AUDIT_SOON_MS);
	if (s->demo)
		loop_timer_start(s->loop, &s->demo_timer, DEMO_MS, save_in_demo, s);
	return 0;
}

void session_watch_stop(struct session *s)
{
	if (s->loop) {
		loop_timer_stop(s->loop, &s->watch_timer);
		loop_timer_stop(s->loop, &s->demo_timer);
	}
	watch_free(s->watch);
	s->watch = NULL;
}
