#include "steps/plan_json.h"

#include <stdio.h>

#include "graph/base/mem.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

/* Changes of a run that can still be taken back. */
static size_t takeable(const struct session *s, const char *run)
{
	const struct record *r;
	size_t n = journal_records(s->journal, &r), count = 0;

	for (size_t i = 0; i < n; i++)
		count += str_same(r[i].run, run) && r[i].undo_method &&
			 (r[i].outcome == OUTCOME_DONE || r[i].outcome == OUTCOME_UNKNOWN ||
			  r[i].outcome == OUTCOME_NONE) &&
			 r[i].undone != OUTCOME_DONE;
	return count;
}

/* The run that was named, or the last one with anything to take back. */
static const char *find_run(const struct headless *h, struct err *err)
{
	const struct run *runs = NULL;
	size_t n = journal_runs(h->session.journal, &runs);
	const char *named = h->o->nargs ? h->o->args[0] : NULL;

	for (size_t i = n; i-- > 0;) {
		if (named && !str_same(runs[i].id, named))
			continue;
		if (takeable(&h->session, runs[i].id))
			return runs[i].id;
		if (named) {
			err_set(err, ERR_NOT_FOUND, 0, "the run %s has nothing to take back",
				named);
			return NULL;
		}
	}
	if (named)
		err_set(err, ERR_INVALID, 0, "there is no run %s", named);
	else
		err_set(err, ERR_NOT_FOUND, 0, "there is nothing to take back");
	err_todo(err, "sspr-wizard history lists the runs.");
	return NULL;
}

static int get_yes(struct headless *h, const char *run, struct err *err)
{
	CLEANUP(free_ptr) char *question = NULL;
	const struct record *r;
	size_t n = journal_records(h->session.journal, &r);

	if (h->o->yes)
		return 0;
	for (size_t i = n; i-- > 0 && headless_can_ask();)
		if (str_same(r[i].run, run) && r[i].undo_method && r[i].undone != OUTCOME_DONE)
			fprintf(stderr, "  - %s: %s\n", r[i].title, r[i].undo ? r[i].undo : "");
	question = xasprintf("Take back the run %s in %s?", run,
			     h->session.facts.organization.display_name
				     ? h->session.facts.organization.display_name
				     : "the tenant");
	if (headless_ask(question))
		return 0;
	err_set(err, ERR_INVALID, 0, "nothing was written: undo needs a yes");
	return err_todo(err, "Look at sspr-wizard history, then add --yes.");
}

/* What is left of this run was left for a reason, and a run that is not named
 * means the last with anything left: say how to reach the one before it. */
static void tell_earlier_run(const struct headless *h, const char *run)
{
	const struct run *runs = NULL;
	size_t n = journal_runs(h->session.journal, &runs);
	bool before = false;

	if (!takeable(&h->session, run))
		return;
	for (size_t i = n; i-- > 0;) {
		if (before && takeable(&h->session, runs[i].id)) {
			fprintf(stderr, "  The run before it: sspr-wizard undo %s\n", runs[i].id);
			return;
		}
		before |= str_same(runs[i].id, run);
	}
}

/* An earlier undo has left some of it as it is. */
static void tell_tried_before(const struct headless *h, const char *run)
{
	const struct record *r;
	size_t n = journal_records(h->session.journal, &r), left = 0;

	for (size_t i = 0; i < n; i++)
		left += str_same(r[i].run, run) && r[i].undone == OUTCOME_FAILED;
	if (left)
		headless_say("an earlier undo left %zu %s of the run %s as %s; trying again.",
			     left, left == 1 ? "change" : "changes", run,
			     left == 1 ? "it is" : "they are");
}

static int put_result(struct headless *h, const char *run)
{
	CLEANUP(str_release) struct str text = { 0 };
	const struct progress *p;
	struct json *doc;
	size_t n;
	int put;

	if (h->json) {
		doc = undo_json(&h->session);
		put = headless_put_json(h, doc);
		json_free(doc);
		return put;
	}
	n = engine_progress(h->session.engine, &p);
	/* Each of them was told when it happened. */
	if (headless_one_terminal(h))
		return EXIT_WELL;
	str_addf(&text, "Undo of the run %s:\n", run);
	for (size_t i = 0; i < n; i++)
		str_addf(&text, "%-8s %s\n", outcome_name(p[i].outcome), p[i].title);
	return headless_put_text(h, &text);
}

int headless_undo(struct headless *h)
{
	CLEANUP(free_ptr) char *run = NULL;
	const struct progress *p;
	struct err err = ERR_INIT;
	size_t n;
	int put, status = EXIT_WELL;

	if (headless_read(h, AREAS_ALL) || h->stopped)
		return EXIT_CANNOT;
	if (!h->session.journal) {
		headless_say("there is no journal for this tenant: nothing to take back.");
		return EXIT_CANNOT;
	}
	run = xstrdup(find_run(h, &err));
	/* Nothing left to take back is well: the wanted end is reached. */
	if (!run && err.kind == ERR_NOT_FOUND) {
		headless_fail(&err);
		return EXIT_WELL;
	}
	if (!run || get_yes(h, run, &err) < 0)
		return headless_fail(&err);
	tell_tried_before(h, run);
	h->told = 0;
	if (session_undo(&h->session, run, &err) < 0)
		return headless_fail(&err);
	headless_wait(h);
	if (h->session.err.kind != ERR_NONE) {
		headless_fail(&h->session.err);
		tell_earlier_run(h, run);
		status = EXIT_CANNOT;
	}
	n = engine_progress(h->session.engine, &p);
	put = put_result(h, run);
	return put ? put : exit_worse(status, exit_of_progress(p, n));
}
