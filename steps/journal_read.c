/* What the lines of a journal mean: runs, records, and people's words. */
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "steps/journal_internal.h"

static const char *const outcome_names[] = {
	[OUTCOME_NONE] = "none",
	[OUTCOME_DONE] = "done",
	[OUTCOME_FAILED] = "failed",
	[OUTCOME_UNKNOWN] = "unknown",
	[OUTCOME_STOPPED] = "stopped",
};

const char *outcome_name(enum outcome o)
{
	return (size_t)o < COUNT_OF(outcome_names) ? outcome_names[o] : "?";
}

enum outcome outcome_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(outcome_names); i++)
		if (str_same(name, outcome_names[i]))
			return (enum outcome)i;
	return OUTCOME_UNKNOWN;
}

struct record *journal_find(struct journal *j, uint64_t sequence)
{
	for (size_t i = j->nrecords; i-- > 0;)
		if (j->records[i].sequence == sequence)
			return &j->records[i];
	return NULL;
}

static int64_t time_of_line(const struct json *line)
{
	const char *text = json_string(line, "time");
	int64_t ms = 0;

	if (text)
		time_parse(text, &ms);
	return ms;
}

/* Null stands for "none" in a line. */
static const struct json *value_or_null(const struct json *line, const char *key)
{
	const struct json *j = json_get(line, key);

	return json_is(j, JSON_NULL) ? NULL : j;
}

static void take_run(struct journal *j, const struct json *line)
{
	GROW(j->runs, j->nruns, j->runs_cap);
	j->runs[j->nruns++] = (struct run){
		.id = json_string_or(line, "run", ""),
		.started_ms = time_of_line(line),
		.account = json_string_or(line, "account", ""),
		.command = json_string_or(line, "command", ""),
	};
}

static void take_intent(struct journal *j, const struct json *line)
{
	uint64_t sequence = (uint64_t)json_int(line, "sequence", 0);

	GROW(j->records, j->nrecords, j->records_cap);
	j->records[j->nrecords++] = (struct record){
		.run = json_string_or(line, "run", ""),
		.sequence = sequence,
		.time_ms = time_of_line(line),
		.step = json_string_or(line, "step", ""),
		.change_id = json_string_or(line, "change", ""),
		.title = json_string_or(line, "title", ""),
		.method = json_string_or(line, "method", ""),
		.url = json_string_or(line, "url", ""),
		.body = value_or_null(line, "body"),
		.undo_method = json_string(line, "undoMethod"),
		.undo_url = json_string(line, "undoUrl"),
		.undo_body = value_or_null(line, "undoBody"),
		.undo = json_string_or(line, "undo", ""),
	};
	if (sequence >= j->next_sequence)
		j->next_sequence = sequence + 1;
}

static void take_outcome(struct journal *j, const struct json *line)
{
	struct record *r = journal_find(j, (uint64_t)json_int(line, "sequence", 0));
	const struct json *members = json_get(line, "members");
	const char **ids;
	size_t n = 0;

	if (!r)
		return;
	r->outcome = outcome_by_name(json_string(line, "outcome"));
	r->result_id = json_string(line, "resultId");
	r->result_created = json_string(line, "resultCreated");
	r->error = json_string(line, "error");
	r->request_id = json_string(line, "requestId");
	ids = arena_alloc(&j->arena, (json_count(members) + 1) * sizeof(*ids));
	for (const struct json *one = json_first(members); one; one = json_next(one))
		if (json_text(one))
			ids[n++] = json_text(one);
	r->members = n ? ids : NULL;
	r->nmembers = n;
}

/* An intent to take back is unknown until its outcome is there. */
static void take_undo(struct journal *j, const struct json *line, bool intent)
{
	struct record *r = journal_find(j, (uint64_t)json_int(line, "sequence", 0));

	if (!r)
		return;
	if (intent)
		r->undo_ms = time_of_line(line);
	r->undone = intent ? OUTCOME_UNKNOWN : outcome_by_name(json_string(line, "outcome"));
	if (!intent && json_string(line, "error"))
		r->error = json_string(line, "error");
}

static void take_word(struct journal *j, const struct json *line)
{
	const char *setting = json_string(line, "setting");
	size_t i;

	if (!setting)
		return;
	for (i = 0; i < j->nwords; i++)
		if (str_same(j->words[i].setting, setting))
			break;
	if (i == j->nwords) {
		GROW(j->words, j->nwords, j->words_cap);
		j->nwords++;
	}
	j->words[i] = (struct attestation){
		.setting = setting,
		.value = json_string_or(line, "value", ""),
		.who = json_string_or(line, "who", ""),
		.time_ms = time_of_line(line),
	};
}

void journal_take(struct journal *j, struct json *line)
{
	const char *kind = json_string(line, "kind");

	GROW(j->lines, j->nlines, j->lines_cap);
	j->lines[j->nlines++] = line;
	if (str_same(kind, "run"))
		take_run(j, line);
	else if (str_same(kind, "intent"))
		take_intent(j, line);
	else if (str_same(kind, "outcome"))
		take_outcome(j, line);
	else if (str_same(kind, "undo-intent"))
		take_undo(j, line, true);
	else if (str_same(kind, "undo-outcome"))
		take_undo(j, line, false);
	else if (str_same(kind, "attestation"))
		take_word(j, line);
	/* Kinds of later versions are kept and not understood. */
}

void journal_take_text(struct journal *j, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t n = stop ? (size_t)(stop - text) : (size_t)(end - text);
		struct err err = ERR_INIT;
		struct json *line = n ? json_parse(text, n, &err) : NULL;

		/* A line that does not read was torn: it was never durable, so
		 * nothing was sent on the strength of it. */
		if (json_is(line, JSON_OBJECT))
			journal_take(j, line);
		else
			json_free(line);
		text += n + 1;
	}
}

void journal_count(struct journal *j)
{
	for (size_t i = 0; i < j->nruns; i++) {
		struct run *run = &j->runs[i];

		run->changes = run->done = run->failed = run->unknown = run->undone = 0;
		for (size_t k = 0; k < j->nrecords; k++) {
			const struct record *r = &j->records[k];

			if (!str_same(r->run, run->id))
				continue;
			run->changes++;
			run->done += r->outcome == OUTCOME_DONE;
			run->failed += r->outcome == OUTCOME_FAILED;
			run->unknown += r->outcome == OUTCOME_UNKNOWN ||
					r->outcome == OUTCOME_NONE;
			run->undone += r->undone == OUTCOME_DONE;
		}
	}
}

size_t journal_runs(const struct journal *j, const struct run **ret)
{
	*ret = j ? j->runs : NULL;
	return j ? j->nruns : 0;
}

size_t journal_records(const struct journal *j, const struct record **ret)
{
	*ret = j ? j->records : NULL;
	return j ? j->nrecords : 0;
}

size_t journal_unsettled(const struct journal *j)
{
	size_t n = 0;

	for (size_t i = 0; j && i < j->nrecords; i++)
		n += j->records[i].outcome == OUTCOME_NONE ||
		     j->records[i].outcome == OUTCOME_UNKNOWN ||
		     j->records[i].undone == OUTCOME_UNKNOWN;
	return n;
}

void journal_attestations(const struct journal *j, struct facts *f)
{
	struct attestations *a = &f->attestations;

	a->n = 0;
	for (size_t i = 0; i < j->nwords; i++) {
		ARENA_GROW(&f->arena, a->v, a->n, a->cap);
		a->v[a->n++] = j->words[i];
	}
}
