/*
 * The app registration that the wizard signs in with: how to make one in the admin
 * centre, with the Azure CLI or from JSON, each to be copied; or made by the wizard,
 * by a sign-in that is for this alone.
 */
#include <stdio.h>
#include <string.h>

#include "checks/permissions.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/sign_in/registration.h"
#include "graph/sign_in/registration_help.h"
#include "graph/sign_in/scopes.h"
#include "steps/profile.h"
#include "steps/registration.h"
#include "tui/model.h"

#define NAME_X 3

static const char *const parts[] = { "By the wizard", "Admin centre", "Azure CLI", "JSON" };
enum { BY_WIZARD, ADMIN_CENTRE, AZURE_CLI, JSON };

static bool registering(const struct app *a)
{
	return a->opened && a->session.options.registering;
}

static bool idle(const struct app *a)
{
	return registering(a) && a->session.state == SESSION_IDLE;
}

static const struct application_facts *application(const struct app *a)
{
	return &a->session.facts.application_of;
}

static bool read_well(const struct app *a)
{
	return registering(a) && facts_read(&a->session.facts, AREA_APPLICATION);
}

/* The step whose plan is next: 0 the registration, 1 the consent, -1 none. */
static int next_step(const struct app *a)
{
	for (int i = 0; read_well(a) && i < 2; i++)
		if (plan_automatic(&a->session.views[i].plan))
			return i;
	return -1;
}

void register_open(struct app *a)
{
	a->registering = (struct register_view){ .part = BY_WIZARD };
	app_push_once(a, &screen_register);
}

/* --- What is shown, and copied ------------------------------------------------- */

static const struct cloud *cloud_of(const struct app *a, struct cloud *ret)
{
	const char *name = a->options->cloud ? a->options->cloud : "global";
	struct err err = ERR_INIT;

	if (a->opened)
		return a->session.options.cloud;
	return cloud_by_name(name, ret, &err) == 0 ? ret : NULL;
}

/* The manifest with this tenant's ids, once they were read. */
static void put_json(const struct app *a, struct str *out)
{
	struct json *body;

	if (!read_well(a))
		return;
	body = application_body(&a->session.facts);
	json_print_pretty(body, out);
	json_free(body);
}

static void part_text(const struct app *a, int part, struct str *out)
{
	const char *write[SESSION_SCOPES_MAX + 1];
	struct cloud builtin = { .name = NULL };
	const struct cloud *c = cloud_of(a, &builtin);

	session_write_scopes(write);
	if (a->options->read_only)
		write[0] = NULL;
	if (part == ADMIN_CENTRE && c)
		registration_portal(out, c, write);
	else if (part == AZURE_CLI)
		registration_azure_cli(out, write);
	else if (part == JSON)
		put_json(a, out);
}

static void put_settings(const struct step_view *v, const struct app *a, struct sheet *s)
{
	int w = s->page.w;

	for (size_t i = 0; i < v->nsettings; i++) {
		const struct setting *one = &v->settings[i];

		sheet_put(s, 1, one->matches ? ROLE_GOOD : ROLE_DIM,
			  glyph(one->matches ? GLYPH_OK : GLYPH_OPEN, a->ascii));
		sheet_row(s, (const struct sheet_cell[]){
			{ NAME_X, 24, ROLE_TEXT, one->name },
			{ NAME_X + 25, w - NAME_X - 25, ROLE_DIM, one->current },
		}, 2);
	}
	if (v->state == STEP_BLOCKED && str_same(v->ops->id, "application"))
		sheet_item(s, 1, ROLE_WARN, glyph(GLYPH_BLOCKED, a->ascii), ROLE_TEXT, v->reason);
}

static void put_next(const struct app *a, struct sheet *s)
{
	int next = next_step(a);

	sheet_blank(s);
	if (next == 0)
		sheet_text(s, 0, ROLE_ACCENT, "Next: a shows the plan, and makes it after a yes.");
	else if (next == 1)
		sheet_text(s, 0, ROLE_ACCENT, "Next: a shows the consent, which is a decision of "
			   "its own; or l copies the link for another administrator. It can "
			   "wait: the first sign-in asks, too.");
	if (application(a)->app_id)
		sheet_text(s, 0, ROLE_ACCENT, a->session.demo ? "i copies the client id. In the "
			   "demo it is not written into a profile." : "s writes the client id into "
			   "the profile, for the next sign-in; i copies it.");
}

static void put_by_wizard(const struct app *a, struct sheet *s)
{
	const struct source *src = &a->session.facts.source[AREA_APPLICATION];

	if (!registering(a)) {
		sheet_text(s, 0, ROLE_TEXT, registration_by_wizard);
		sheet_blank(s);
		if (a->options->read_only)
			sheet_text(s, 0, ROLE_WARN, "Read-only: nothing can be made.");
		else
			sheet_text(s, 0, ROLE_ACCENT, "a signs in to make it. Tab shows how to "
				   "make it yourself.");
		return;
	}
	sheet_linef(s, 0, ROLE_DIM, "%s, signed in as %s with " AZURE_CLI_APP_NAME,
		    a->session.facts.organization.display_name ?
		    a->session.facts.organization.display_name : "The tenant",
		    *a->session.tokens->account ? a->session.tokens->account : "nobody yet");
	sheet_blank(s);
	if (read_well(a)) {
		put_settings(&a->session.views[0], a, s);
		put_settings(&a->session.views[1], a, s);
		if (application(a)->app_id)
			sheet_linef(s, NAME_X, ROLE_TITLE, "Client id  %s",
				    application(a)->app_id);
		put_next(a, s);
	} else if (a->session.state != SESSION_IDLE) {
		sheet_text(s, 0, ROLE_DIM, "Reading what there is.");
	} else {
		const struct err *err = src->err.msg[0] ? &src->err : &a->session.err;

		sheet_item(s, 0, ROLE_BAD, glyph(GLYPH_BAD, a->ascii), ROLE_TEXT, err->msg);
		sheet_text(s, 2, ROLE_TEXT, err->todo);
	}
}

static void put_lines(const char *text, struct sheet *s)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		CLEANUP(free_ptr) char *line = xstrndup(text, n);

		if (n)
			sheet_text(s, 0, ROLE_TEXT, line);
		else
			sheet_blank(s);
		text += n + (text[n] == '\n');
	}
}

/* What the ids below stand for. */
static void put_ids(const struct app *a, struct sheet *s)
{
	const char *const *lists[] = { scopes_read_names(), permissions_write_scopes() };

	sheet_blank(s);
	for (size_t k = 0; k < (a->session.facts.read_only ? 1u : 2u); k++)
		for (const char *const *name = lists[k]; *name; name++) {
			const char *id = application_scope_id(&a->session.facts, *name);

			sheet_put(s, 0, ROLE_DIM, id ? id : "this cloud has none");
			sheet_text(s, 38, ROLE_TEXT, *name);
		}
	sheet_blank(s);
}

static void put_part(const struct app *a, int part, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };

	if (part == BY_WIZARD) {
		put_by_wizard(a, s);
		return;
	}
	part_text(a, part, &text);
	if (part == JSON && a->opened && a->session.demo && text.len)
		sheet_text(s, 0, ROLE_WARN, "The demo's: these ids are of the simulated tenant, "
			   "and of no use in another.");
	if (part == JSON && text.len)
		sheet_text(s, 0, ROLE_DIM, "The body for POST /v1.0/applications; the ids of the "
			   "permissions are as this tenant's Microsoft Graph tells them:");
	if (part == JSON && text.len)
		put_ids(a, s);
	if (!text.len)
		sheet_text(s, 0, ROLE_DIM, "The ids of the permissions are read from the tenant: "
			   "sign in first (By the wizard), or take the lines for the Azure CLI, "
			   "which ask for them.");
	put_lines(str_text(&text), s);
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	int x = 0;

	sheet_init(s, columns, a->ascii);
	for (int i = 0; i < (int)COUNT_OF(parts); i++) {
		bool here = a->registering.part == i;

		if (here)
			sheet_put(s, x, ROLE_ACCENT, glyph(GLYPH_HERE, a->ascii));
		grid_hit(&s->page, (struct rect){ x, 0, (int)strlen(parts[i]) + 2, 1 },
			 HIT_BUTTON + (unsigned)i);
		x += 2 + sheet_put(s, x + 2, here ? ROLE_TITLE : ROLE_DIM, parts[i]) + 2;
	}
	sheet_next(s);
	sheet_blank(s);
	put_part(a, a->registering.part, s);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct sheet s;

	grid_fill(g, r, ROLE_TEXT);
	r = rect_inset(r, 1, 0);
	fill(a, r.w - 1, &s);
	sheet_show(&s, g, r, a->registering.scroll);
	sheet_release(&s);
}

/* --- What is done, each after a yes ---------------------------------------------- */

static void sign_in_body(const struct app *a, struct sheet *s)
{
	sheet_text(s, 0, ROLE_TEXT, registration_by_wizard);
	sheet_blank(s);
	sheet_text(s, 0, ROLE_DIM, a->chosen.demo ? "Demo: nobody signs in, and nothing leaves "
		   "this machine." : "You need the role Application Administrator or Cloud "
		   "Application Administrator, unless the tenant lets everybody register "
		   "applications.");
	if (a->opened)
		sheet_text(s, 0, ROLE_DIM, "The tenant that is open is closed for it.");
}

static void sign_in_yes(struct app *a)
{
	struct err err = ERR_INIT;

	a->depth = 1;	/* the board and what lay over it showed the tenant that closes */
	if (!app_open_registration(a, &err))
		app_say_error(a, &err);
	app_push(a, &screen_register);
}

/* By name: what is declared, or what is consented to. */
static void put_permissions(const struct app *a, bool consent, struct sheet *s)
{
	const char *const *lists[] = { scopes_read_names(), permissions_write_scopes() };
	const char *scope = consent ? json_string(a->plan.v[0].body, "scope") : NULL;
	CLEANUP(str_release) struct str text = { 0 };

	str_addf(&text, consent ? "Consented to: %s" : "Declared: %s", scope ? scope : "");
	for (size_t k = 0; !consent && k < (a->session.facts.read_only ? 1u : 2u); k++)
		for (const char *const *name = lists[k]; *name; name++)
			str_addf(&text, "%s%s", k || name != lists[0] ? ", " : "", *name);
	sheet_blank(s);
	sheet_text(s, 0, ROLE_DIM, str_text(&text));
}

static void plan_body(const struct app *a, struct sheet *s)
{
	sheet_linef(s, 0, ROLE_DIM, "Tenant  %s  %s",
		    a->session.facts.organization.display_name ?
		    a->session.facts.organization.display_name : "",
		    a->session.facts.organization.id ? a->session.facts.organization.id : "");
	sheet_blank(s);
	for (size_t i = 0; i < a->plan.n; i++) {
		const struct change *c = &a->plan.v[i];
		CLEANUP(str_release) struct str text = { 0 };

		sheet_item(s, 0, ROLE_ACCENT, glyph(GLYPH_CHANGE, a->ascii), ROLE_TITLE,
			   c->title);
		sheet_text(s, 3, ROLE_TEXT, c->detail);
		str_addf(&text, "To take it back: %s", c->undo);
		sheet_text(s, 3, ROLE_DIM, str_text(&text));
		if (!a->confirm.show_requests)
			continue;
		str_clear(&text);
		str_addf(&text, "%s %s ", c->method, c->url);
		json_print(c->body, &text);
		sheet_text(s, 3, ROLE_DIM, str_text(&text));
	}
	put_permissions(a, a->plan.n == 1 && str_same(a->plan.v[0].step, "consent"), s);
}

static void plan_yes(struct app *a)
{
	struct err err = ERR_INIT;

	a->consents++;
	if (session_apply(&a->session, &a->plan, &err) < 0)
		app_say_error(a, &err);
	else
		apply_start(a, false);
}

static void ask_next(struct app *a)
{
	int next = next_step(a);
	const char *ids[] = { next == 1 ? "consent" : "application", NULL };

	if (!registering(a)) {
		confirm_ask(a, "Sign in to make the app registration?", sign_in_body, sign_in_yes,
			    "Yes, sign in", NULL);
		return;
	}
	plan_release(&a->plan);
	plan_init(&a->plan);
	session_plan(&a->session, ids, &a->plan);
	if (next == 1)
		confirm_ask(a, "Consent for everybody?", plan_body, plan_yes, "Yes, consent",
			    "consent");
	else
		confirm_ask(a, "Make the app registration?", plan_body, plan_yes, "Yes, make it",
			    NULL);
	a->confirm.requests = true;
}

static void undo_body(const struct app *a, struct sheet *s)
{
	const char *run = session_registration_run(&a->session);
	const struct record *r;
	size_t n = a->session.journal ? journal_records(a->session.journal, &r) : 0;

	sheet_text(s, 0, ROLE_TEXT, "Newest first, this is taken back:");
	while (run && n-- > 0)
		if (str_same(r[n].run, run) && r[n].outcome == OUTCOME_DONE &&
		    r[n].undone != OUTCOME_DONE)
			sheet_item(s, 0, ROLE_ACCENT, glyph(GLYPH_DOT, a->ascii), ROLE_TITLE,
				   r[n].title);
	sheet_blank(s);
	sheet_text(s, 0, ROLE_DIM, "Only what the wizard made, and nobody has changed since. "
		   "Whoever signs in with it cannot any more.");
}

static void undo_yes(struct app *a)
{
	const char *run = session_registration_run(&a->session);
	struct err err = ERR_INIT;

	if (!run)
		return;
	a->consents++;
	snprintf(a->apply.run, sizeof(a->apply.run), "%s", run);
	if (session_undo(&a->session, run, &err) < 0)
		app_say_error(a, &err);
	else
		apply_start(a, true);
}

static void save_body(const struct app *a, struct sheet *s)
{
	CLEANUP(str_release) struct str path = { 0 };
	struct err err = ERR_INIT;

	sheet_text(s, 0, ROLE_TEXT, "These two are written into the profile; its other lines "
		   "stay as they are.");
	sheet_blank(s);
	sheet_linef(s, 2, ROLE_TITLE, "tenant = %s", a->session.facts.organization.id);
	sheet_linef(s, 2, ROLE_TITLE, "client-id = %s", application(a)->app_id);
	sheet_blank(s);
	if (profile_path(a->chosen.profile, &path, &err) == 0)
		sheet_text(s, 0, ROLE_DIM, str_text(&path));
}

static void save_yes(struct app *a)
{
	struct err err = ERR_INIT;

	a->consents++;
	if (profile_save_sign_in(a->chosen.profile, a->session.facts.organization.id,
				 application(a)->app_id, &err) < 0)
		app_say_error(a, &err);
	else
		app_say(a, ROLE_TEXT, "Saved: the next sign-in uses it");
	welcome_look(a);
}

/* --- The screen ------------------------------------------------------------------- */

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_REGISTER;
}

static bool can(const struct app *a, enum action act)
{
	CLEANUP(str_release) struct str text = { 0 };

	switch (act) {
	case ACT_COPY:
		part_text(a, a->registering.part, &text);
		return text.len > 0;
	case ACT_APPLY:
		return !a->options->read_only &&
		       (!registering(a) || (idle(a) && next_step(a) >= 0));
	case ACT_UNDO:
		return idle(a) && session_registration_run(&a->session);
	case ACT_COPY_ID:
		return read_well(a) && application(a)->app_id;
	case ACT_ATTEST:
		return read_well(a) && application(a)->app_id && !application(a)->granted;
	case ACT_ACCEPT:
		return idle(a) && read_well(a) && application(a)->app_id && !a->session.demo;
	case ACT_READ:
		return idle(a);
	default:
		/* Screens of the runbook have nothing to show of it. */
		return act != ACT_OPEN && act != ACT_PALETTE && act != ACT_HEALTH &&
		       act != ACT_DIAGNOSE && act != ACT_MONITOR && act != ACT_READINESS &&
		       act != ACT_SIGN_IN &&
		       act != ACT_PERMISSIONS && act != ACT_REGISTER;
	}
}

static const char *label(const struct app *a, enum action act)
{
	switch (act) {
	case ACT_COPY:
		return "Copy all of it";
	case ACT_APPLY:
		return !registering(a) ? "Sign in to make it" : next_step(a) == 1 ? "Consent" :
		       "Make it";
	case ACT_COPY_ID:
		return "Copy client id";
	case ACT_ATTEST:
		return "Copy consent link";
	case ACT_ACCEPT:
		return "Save to profile";
	default:
		return NULL;
	}
}

static void leave(struct app *a)
{
	if (registering(a) && a->session.state != SESSION_IDLE) {
		session_stop(&a->session);
		return;
	}
	app_pop(a);
	if (registering(a))
		app_close_tenant(a);
}

static void copy_consent_link(struct app *a)
{
	CLEANUP(str_release) struct str link = { 0 };

	read_consent_url(&link, a->session.options.cloud, a->session.facts.organization.id,
			 application(a)->app_id);
	app_copy(a, str_text(&link), "the consent link for an administrator");
}

static bool other_part(struct app *a, int by)
{
	int n = (int)COUNT_OF(parts);

	a->registering.part = (a->registering.part + n + by) % n;
	a->registering.scroll = 0;
	return true;
}

static bool scroll(struct app *a, enum action act)
{
	struct sheet s;
	bool done;

	fill(a, a->w - 3, &s);
	done = scroll_by(&a->registering.scroll, s.y, app_body(a).h, act);
	sheet_release(&s);
	return done;
}

static bool action(struct app *a, enum action act)
{
	CLEANUP(str_release) struct str text = { 0 };

	switch (act) {
	case ACT_NEXT_FIELD:
	case ACT_RIGHT:
		return other_part(a, 1);
	case ACT_PREVIOUS_FIELD:
	case ACT_LEFT:
		return other_part(a, -1);
	case ACT_COPY:
		part_text(a, a->registering.part, &text);
		app_copy(a, str_text(&text), parts[a->registering.part]);
		return true;
	case ACT_COPY_ID:
		app_copy(a, application(a)->app_id, "the client id");
		return true;
	case ACT_ATTEST:
		copy_consent_link(a);
		return true;
	case ACT_APPLY:
		ask_next(a);
		return true;
	case ACT_UNDO:
		confirm_ask(a, "Take back the app registration?", undo_body, undo_yes,
			    "Yes, take back", NULL);
		return true;
	case ACT_ACCEPT:
		confirm_ask(a, "Write the client id into the profile?", save_body, save_yes,
			    "Yes, write it", NULL);
		return true;
	case ACT_READ:
		app_read(a, REGISTRATION_AREAS);
		return true;
	case ACT_BACK:
		leave(a);
		return true;
	default:
		return scroll(a, act);
	}
}

static void click(struct app *a, unsigned hit)
{
	if (hit >= HIT_BUTTON && hit < HIT_BUTTON + COUNT_OF(parts))
		other_part(a, (int)(hit - HIT_BUTTON) - a->registering.part);
}

const struct screen_ops screen_register = {
	.name = "register",
	.title = "App registration",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.click = click,
};
