#include "steps/plan_json.h"

#include "checks/report.h"
#include "graph/base/clock.h"

static void add_record(struct json *list, const struct record *r)
{
	struct json *obj = json_append(list, json_new_object());
	char when[TIME_TEXT];

	json_add_string(obj, "id", r->change_id);
	json_add_string(obj, "step", r->step);
	json_add_string(obj, "title", r->title);
	json_add_string(obj, "time", time_format(r->time_ms, when));
	json_add_string(obj, "method", r->method);
	json_add_string(obj, "url", r->url);
	json_add_bool(obj, "reversible", r->undo_method != NULL);
	json_add_string(obj, "undo", r->undo);
	json_add_string(obj, "outcome", outcome_name(r->outcome));
	if (r->undone == OUTCOME_NONE)
		json_add_null(obj, "undone");
	else
		json_add_string(obj, "undone", outcome_name(r->undone));
	json_add_string(obj, "error", r->error);
	json_add_string(obj, "requestId", r->request_id);
}

struct json *history_json(const struct session *s)
{
	struct json *doc = json_new_object(), *list;
	const struct record *r = NULL;
	const struct run *runs = NULL;
	size_t nruns = s->journal ? journal_runs(s->journal, &runs) : 0;
	size_t n = s->journal ? journal_records(s->journal, &r) : 0;
	char when[TIME_TEXT];

	json_add_string(doc, "schema", "sspr-wizard/history/1");
	json_add(doc, "tenant", report_tenant(&s->facts));
	list = json_add_array(doc, "runs");
	for (size_t i = 0; i < nruns; i++) {
		struct json *run = json_append(list, json_new_object()), *changes;

		json_add_string(run, "id", runs[i].id);
		json_add_string(run, "startedAt", time_format(runs[i].started_ms, when));
		json_add_string(run, "command", runs[i].command);
		json_add_string(run, "account", runs[i].account);
		changes = json_add_array(run, "changes");
		for (size_t k = 0; k < n; k++)
			if (str_same(r[k].run, runs[i].id))
				add_record(changes, &r[k]);
	}
	return doc;
}

static void put_record(struct str *out, const struct record *r)
{
	/* "none" says nothing to a person. */
	str_addf(out, "    %-8s %s", r->outcome == OUTCOME_NONE ? "no outcome yet:"
								: outcome_name(r->outcome),
		 r->title);
	if (r->undone == OUTCOME_DONE)
		str_add(out, " (taken back)");
	else if (r->undone != OUTCOME_NONE)
		str_addf(out, " (taking back: %s)", outcome_name(r->undone));
	str_add_char(out, '\n');
	if (r->error && *r->error)
		str_addf(out, "             %s\n", r->error);
	if (r->outcome == OUTCOME_FAILED && r->request_id && *r->request_id)
		str_addf(out, "             request id %s\n", r->request_id);
}

void history_text(const struct session *s, struct str *out)
{
	const struct record *r = NULL;
	const struct run *runs = NULL;
	size_t nruns = s->journal ? journal_runs(s->journal, &runs) : 0;
	size_t n = s->journal ? journal_records(s->journal, &r) : 0;
	char when[TIME_TEXT];

	if (!nruns)
		str_add(out, "No runs yet: nothing was ever changed by sspr-wizard here.\n");
	for (size_t i = nruns; i-- > 0;) {
		str_addf(out, "%s  %s", runs[i].id, runs[i].command);
		if (runs[i].account && *runs[i].account)
			str_addf(out, " by %s", runs[i].account);
		str_addf(out, ", %s\n", time_format(runs[i].started_ms, when));
		if (str_same(runs[i].command, "undo"))
			str_add(out, "    what it took back is marked at its own run\n");
		for (size_t k = 0; k < n; k++)
			if (str_same(r[k].run, runs[i].id))
				put_record(out, &r[k]);
		if (i)
			str_add_char(out, '\n');
	}
}
