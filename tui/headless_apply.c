#include "steps/plan_json.h"

#include <stdio.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"
#include "tui/nearest.h"

#define PLAN_FILE_MAX (16u << 20)

static bool chosen(const struct options *o, const char *step)
{
	if (!o->nargs)
		return true;
	for (size_t i = 0; i < o->nargs; i++)
		if (str_same(o->args[i], step))
			return true;
	return false;
}

/* The steps that were named exist. */
static int check_names(const struct options *o, struct err *err)
{
	const char *names[STEPS_COUNT] = { NULL };
	const char *meant;

	for (size_t i = 0; i < STEPS_COUNT && steps[i]; i++)
		names[i] = steps[i]->id;
	for (size_t i = 0; i < o->nargs; i++) {
		if (step_find(o->args[i]))
			continue;
		err_set(err, ERR_INVALID, 0, "there is no step %s", o->args[i]);
		meant = nearest(o->args[i], names, STEPS_COUNT);
		if (meant)
			return err_todo(err, "Did you mean %s?", meant);
		if (str_ends(o->args[i], ".json"))
			return err_todo(err, "A plan file is given with --plan %s.", o->args[i]);
		return err_todo(err, "The steps: group, enablement, methods, writeback, admin, "
				     "registration, notifications.");
	}
	return 0;
}

/* A chosen step with changes must not need one that is neither done nor
 * chosen: its requests would name a group that does not exist. */
static int check_needs(const struct headless *h, struct err *err)
{
	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct step_view *v = &h->session.views[i];

		if (!v->ops || !chosen(h->o, v->ops->id) || !plan_automatic(&v->plan))
			continue;
		for (const char *const *need = v->ops->requires; need && *need; need++) {
			for (size_t k = 0; k < STEPS_COUNT; k++) {
				const struct step_view *other = &h->session.views[k];

				if (!other->ops || !str_same(other->ops->id, *need) ||
				    other->state != STEP_CHANGES || chosen(h->o, *need))
					continue;
				err_set(err, ERR_CONFLICT, 0,
					"the step %s needs the step %s first, nothing was "
					"written", v->ops->id, *need);
				return err_todo(err, "Apply both: apply %s %s", *need,
						v->ops->id);
			}
		}
	}
	return 0;
}

static int check_plan_file(struct headless *h, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct json *saved;
	int rc;

	if (file_read(h->o->plan_file, PLAN_FILE_MAX, &text, err) < 0)
		return -1;
	saved = json_parse(str_text(&text), text.len, err);
	if (!saved)
		return err_wrap(err, "%s", h->o->plan_file);
	rc = plan_json_still_true(saved, &h->session, err);
	json_free(saved);
	return rc ? err_wrap(err, "%s", h->o->plan_file) : 0;
}

/* Yes by option, by a plan file, or by the person who sees the plan. */
static int get_yes(struct headless *h, const struct plan *p, struct err *err)
{
	CLEANUP(free_ptr) char *question = NULL;

	if (h->o->plan_file)
		return check_plan_file(h, err);
	if (h->o->yes)
		return 0;
	for (size_t i = 0; i < p->n && headless_can_ask(); i++)
		fprintf(stderr, "  + %s\n", p->v[i].title);
	question = xasprintf("Apply %zu %s to %s?", p->n, p->n == 1 ? "change" : "changes",
			     h->session.facts.organization.display_name
				     ? h->session.facts.organization.display_name
				     : "the tenant");
	if (headless_ask(question) &&
	    (!plan_by_portal(p) ||
	     headless_ask_word("Some of it goes by an API that Microsoft does not support.",
			       "portal")))
		return 0;
	err_set(err, ERR_INVALID, 0, "nothing was written: apply needs a yes");
	return err_todo(err, "Look at the plan (sspr-wizard plan), then add --yes, or --plan FILE "
			     "with a plan from: plan --format json -o FILE");
}

/* The outcome of a plan that was refused: nothing about the tenant's lag, for
 * nothing is on its way. */
static int put_refused(struct headless *h, const struct plan *refused)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct json *doc;
	int put;

	if (h->json) {
		doc = apply_json(&h->session, refused);
		put = headless_put_json(h, doc);
		json_free(doc);
		return put;
	}
	str_add(&text, "Nothing was written.\n");
	return headless_put_text(h, &text);
}

static int put_result(struct headless *h, const struct plan *applied)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct json *doc;
	const struct progress *p;
	size_t n;
	int put;

	if (h->json) {
		doc = apply_json(&h->session, applied);
		put = headless_put_json(h, doc);
		json_free(doc);
		return put;
	}
	n = engine_progress(h->session.engine, &p);
	if (!applied->n)
		str_add(&text, "Nothing to change.\n");
	for (size_t i = 0; applied->n && i < n && !headless_one_terminal(h); i++)
		str_addf(&text, "%-8s %s\n", outcome_name(p[i].outcome), p[i].title);
	if (h->session.verify_stopped && !h->session.verified)
		str_add(&text, "It was not read back to the end: check again.\n");
	else if (applied->n && h->session.err.kind == ERR_NONE && !h->session.verified)
		str_add(&text, "The tenant does not show all of it yet; check again in some "
			       "minutes.\n");
	str_add_char(&text, '\n');
	if (!plan_left_text(&h->session, h->columns, h->ascii, &text))
		str_add(&text, "Nothing is left to do by hand.\n");
	return headless_put_text(h, &text);
}

static void choose_plan(const struct headless *h, struct plan *p)
{
	const char *ids[STEPS_COUNT + 1] = { NULL };
	size_t n = 0;

	for (size_t i = 0; i < STEPS_COUNT && steps[i]; i++)
		if (h->o->nargs && chosen(h->o, steps[i]->id))
			ids[n++] = steps[i]->id;
	plan_init(p);
	session_plan(&h->session, n ? ids : NULL, p);
}

/* Whether no request of the plan was sent, nor meant to be. */
static bool nothing_sent(const struct headless *h)
{
	const struct progress *p;
	size_t n = engine_progress(h->session.engine, &p);

	for (size_t i = 0; i < n; i++)
		if (p[i].outcome != OUTCOME_STOPPED && p[i].outcome != OUTCOME_NONE)
			return false;
	return true;
}

/* Carries out the plan; returns the status of the changes alone. *ret_begun is
 * false when it was refused before anything was sent. */
static int carry_out(struct headless *h, const struct plan *p, bool *ret_begun)
{
	const struct progress *progress;
	struct err err = ERR_INIT;
	size_t n;

	*ret_begun = true;
	if (!p->n)
		return EXIT_WELL;
	h->told = 0;
	if (session_apply(&h->session, p, &err) < 0) {
		*ret_begun = false;
		headless_fail(&err);
		return EXIT_CANNOT;
	}
	headless_wait(h);
	*ret_begun = h->session.err.kind == ERR_NONE || !nothing_sent(h);
	n = engine_progress(h->session.engine, &progress);
	if (h->session.err.kind == ERR_NONE)
		return exit_of_progress(progress, n);
	headless_fail(&h->session.err);
	return exit_worse(EXIT_CANNOT, exit_of_progress(progress, n));
}

int headless_apply(struct headless *h)
{
	struct err err = ERR_INIT;
	struct plan p;
	int status, put;
	bool begun;

	if (check_names(h->o, &err) < 0)
		return headless_fail(&err);
	status = headless_read(h, AREAS_ALL);
	if (status || h->stopped)
		return EXIT_CANNOT;
	headless_tell_entries(&h->session);
	choose_plan(h, &p);
	if (check_needs(h, &err) < 0 || ((p.n || h->o->plan_file) && get_yes(h, &p, &err) < 0)) {
		status = headless_fail(&err);
		plan_release(&p);
		return status;
	}
	status = carry_out(h, &p, &begun);
	put = begun ? put_result(h, &p) : put_refused(h, &p);
	if (begun)
		status = exit_worse(status, exit_of_views(h->session.views, STEPS_COUNT));
	plan_release(&p);
	return put ? put : status;
}
