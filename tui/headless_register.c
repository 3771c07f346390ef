/* The app registration without a screen: how to make it, or making it. */
#include <stdio.h>

#include "graph/base/mem.h"
#include "graph/sign_in/registration_help.h"
#include "graph/sign_in/scopes.h"
#include "steps/plan_json.h"
#include "steps/registration.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

int headless_register_help(struct headless *h)
{
	const char *write[SESSION_SCOPES_MAX + 1];
	CLEANUP(str_release) struct str text = { 0 };

	session_write_scopes(write);
	registration_help(&text, &h->setup.cloud, h->setup.session.read_only ? NULL : write);
	return headless_put_text(h, &text);
}

static const char *tenant_name(const struct headless *h)
{
	const struct organization *o = &h->session.facts.organization;

	return o->display_name ? o->display_name : "the tenant";
}

static int put_state(struct headless *h, const struct plan *done)
{
	const struct application_facts *app = &h->session.facts.application_of;
	const struct session_options *o = &h->session.options;
	CLEANUP(str_release) struct str text = { 0 };
	struct json *doc;
	int put;

	if (h->json) {
		doc = apply_json(&h->session, done);
		put = headless_put_json(h, doc);
		json_free(doc);
		return put;
	}
	if (!app->app_id) {
		str_add(&text, "There is no app registration of the wizard.\n");
		return headless_put_text(h, &text);
	}
	str_addf(&text, "Client id %s\nTenant id %s\n", app->app_id,
		 h->session.facts.organization.id);
	str_addf(&text, "Consent for everybody: %s\n", app->granted ? app->granted : "none");
	if (!app->granted) {
		str_add(&text, "  sspr-wizard register consent, or the link for an administrator:\n"
			       "  ");
		read_consent_url(&text, o->cloud, h->session.facts.organization.id, app->app_id);
		str_add_char(&text, '\n');
	}
	str_addf(&text, "Then: sspr-wizard --tenant %s --client-id %s\n",
		 h->session.facts.organization.id, app->app_id);
	return headless_put_text(h, &text);
}

static bool agreed(const struct headless *h, const struct plan *p, bool consent)
{
	CLEANUP(free_ptr) char *question = NULL;

	if (h->o->yes)
		return true;
	for (size_t i = 0; i < p->n && headless_can_ask(); i++) {
		fprintf(stderr, "  + %s\n    %s\n", p->v[i].title, p->v[i].detail);
		if (p->v[i].body) {
			CLEANUP(str_release) struct str body = { 0 };

			json_print(p->v[i].body, &body);
			fprintf(stderr, "    %s %s\n    %s\n", p->v[i].method, p->v[i].url,
				str_text(&body));
		}
	}
	question = xasprintf("%s in %s?", consent ? "Consent for everybody" : "Make it",
			     tenant_name(h));
	return consent ? headless_ask_word(question, "consent") : headless_ask(question);
}

static int carry_out(struct headless *h, const char *step)
{
	const char *ids[] = { step, NULL };
	bool consent = str_same(step, "consent");
	const struct step_view *v = &h->session.views[consent];
	const struct progress *progress = NULL;
	struct err err = ERR_INIT;
	struct plan p;
	size_t n;
	int status = EXIT_WELL, put;

	if (v->state == STEP_BLOCKED || v->state == STEP_UNKNOWN) {
		headless_say("%s.", v->reason);
		return EXIT_CANNOT;
	}
	plan_init(&p);
	session_plan(&h->session, ids, &p);
	if (p.n && !agreed(h, &p, consent)) {
		headless_say("nothing was written: it needs a yes.");
		plan_release(&p);
		return EXIT_CANNOT;
	}
	h->told = 0;
	if (p.n && session_apply(&h->session, &p, &err) < 0) {
		plan_release(&p);
		return headless_fail(&err);
	}
	headless_wait(h);
	if (h->session.err.kind != ERR_NONE)
		status = headless_fail(&h->session.err);
	n = engine_progress(h->session.engine, &progress);
	if (p.n)
		status = exit_worse(status, exit_of_progress(progress, n));
	put = put_state(h, &p);
	plan_release(&p);
	return put ? put : status;
}

static int take_back(struct headless *h)
{
	const char *run = session_registration_run(&h->session);
	CLEANUP(free_ptr) char *question = NULL;
	struct err err = ERR_INIT;

	if (!run) {
		headless_say("there is no app registration of the wizard's making to take back.");
		return EXIT_WELL;
	}
	question = xasprintf("Take back the run %s in %s?", run, tenant_name(h));
	if (!h->o->yes && !headless_ask(question)) {
		headless_say("nothing was written: it needs a yes.");
		return EXIT_CANNOT;
	}
	h->told = 0;
	if (session_undo(&h->session, run, &err) < 0)
		return headless_fail(&err);
	headless_wait(h);
	return h->session.err.kind != ERR_NONE ? headless_fail(&h->session.err) : EXIT_WELL;
}

int headless_register(struct headless *h)
{
	const char *what = h->o->args[0];
	const struct source *source = &h->session.facts.source[AREA_APPLICATION];

	if (!h->session.demo)
		headless_say("%s", registration_by_wizard);
	if (headless_read(h, REGISTRATION_AREAS) || h->stopped)
		return EXIT_CANNOT;
	if (source->state != SOURCE_READ)
		return headless_fail(&source->err);
	if (str_same(what, "undo"))
		return take_back(h);
	return carry_out(h, str_same(what, "consent") ? "consent" : "application");
}
