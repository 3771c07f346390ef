/*
 * What did a write really do? When its answer was lost, or the program died
 * before it came, the tenant is read: never is anything sent again on a guess
 * (DESIGN.md 4).
 */
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/portal.h"
#include "graph/url.h"
#include "steps/compare.h"
#include "steps/engine_internal.h"

#define CLOCKS_APART_MS (10 * 60 * 1000)	/* between us and the service */

static void look(struct engine *e);

static void end(struct engine *e, enum outcome o, const struct err *why)
{
	e->write.outcome = o;
	e->waits = NULL;
	if (why)
		e->write.why = *why;
	e->settled(e);
}

/* It is not there (yet): look again, until it is believed. */
static void not_there(struct engine *e, const char *what)
{
	struct err err = ERR_INIT;

	if (engine_later(e, look))
		return;
	if (e->stop && clock_mono_ms() < e->deadline_ms) {
		/* It may still show up: the next start tells. */
		err_set(&err, ERR_CANCELLED, 0, "stopped before reading could show whether it "
			"happened");
		end(e, OUTCOME_UNKNOWN, &err);
		return;
	}
	err_set(&err, ERR_NET, 0, "%s, and reading shows that it did not happen: %s",
		e->write.whole ? "it was sent" : "the answer was lost", what);
	err_todo(&err, "Read again; the plan will show what is left to do.");
	end(e, OUTCOME_FAILED, &err);
}

/* Reading failed as well: only the next start can tell. */
static void cannot_read(struct engine *e, const struct err *why)
{
	struct err err = *why;

	err_wrap(&err, "the answer was lost and the tenant could not be read");
	end(e, OUTCOME_UNKNOWN, &err);
}

/* A group is ours by name, description and time: the guard saw no other one
 * of that name just before. */
static bool is_created(const struct write *w, const struct json *group)
{
	const char *created = json_string(group, "createdDateTime");
	int64_t ms;

	if (!str_same(json_string(group, "description"), json_string(w->body, "description")))
		return false;
	return created && time_parse(created, &ms) == 0 && ms >= w->intent_ms - CLOCKS_APART_MS;
}

static void groups_in(struct engine *e, struct graph_call *c)
{
	struct write *w = &e->write;
	const struct json *found = NULL;
	struct err err = ERR_INIT;

	if (c->err.kind != ERR_NONE) {
		cannot_read(e, &c->err);
		return;
	}
	for (const struct json *j = json_first(json_get(c->json, "value")); j; j = json_next(j)) {
		if (!is_created(w, j))
			continue;
		if (found) {
			err_set(&err, ERR_CONFLICT, 0, "two groups could be the one that was "
				"created");
			end(e, OUTCOME_UNKNOWN, &err);
			return;
		}
		found = j;
	}
	if (!found) {
		not_there(e, "there is no such group");
		return;
	}
	w->result = json_clone(found);
	end(e, OUTCOME_DONE, NULL);
}

static void look_for_group(struct engine *e)
{
	CLEANUP(str_release) struct str path = { 0 };

	str_add(&path, "/v1.0/groups?$filter=displayName%20eq%20");
	url_odata_string(&path, json_string_or(e->write.body, "displayName", ""));
	str_add(&path, "&$select=id,displayName,description,createdDateTime");
	engine_request(e, "GET", str_text(&path), NULL, groups_in);
}

/* Graph adds all of a request or none (facts graph.md 3.4), so a part of them
 * was put in by somebody else. */
static void members_in(struct engine *e, const struct err *err)
{
	struct write *w = &e->write;

	if (err->code == 404) {
		not_there(e, "the group is not there");
		return;
	}
	if (err->kind != ERR_NONE) {
		cannot_read(e, err);
		return;
	}
	for (size_t i = 0; i < w->nmembers; i++) {
		if (!engine_collected(e, w->members[i])) {
			not_there(e, "the people are not in the group");
			return;
		}
	}
	end(e, OUTCOME_DONE, NULL);
}

/* The other way round: none of them may be there any more. */
static void members_out(struct engine *e, const struct err *err)
{
	struct write *w = &e->write;

	if (err->kind != ERR_NONE && err->code != 404) {
		cannot_read(e, err);
		return;
	}
	for (size_t i = 0; i < w->nmembers; i++) {
		if (engine_collected(e, w->members[i])) {
			not_there(e, "the person is still in the group");
			return;
		}
	}
	end(e, OUTCOME_DONE, NULL);
}

static void look_for_members(struct engine *e, const char *group_url, size_t len,
			     void (*collected)(struct engine *e, const struct err *err))
{
	engine_collect(e, arena_printf(&e->arena, "%.*s/members?$select=id&$top=999", (int)len,
				       group_url), collected);
}

static void deleted_in(struct engine *e, struct graph_call *c)
{
	if (c->status == 404)
		end(e, OUTCOME_DONE, NULL);
	else if (c->err.kind != ERR_NONE)
		cannot_read(e, &c->err);
	else
		not_there(e, "it is still there");
}

static void changed_in(struct engine *e, struct graph_call *c)
{
	if (c->err.kind != ERR_NONE)
		cannot_read(e, &c->err);
	else if (json_holds(c->json, e->write.expected ? e->write.expected : e->write.body,
			    NULL))
		end(e, OUTCOME_DONE, NULL);
	else
		not_there(e, "the setting is as it was");
}

static void object_found(struct engine *e, const struct json *object, const struct err *err)
{
	if (err && err->kind == ERR_CONFLICT)
		end(e, OUTCOME_UNKNOWN, err);
	else if (err)
		cannot_read(e, err);
	else if (!object)
		not_there(e, "there is none");
	else {
		e->write.result = json_clone(object);
		end(e, OUTCOME_DONE, NULL);
	}
}

/* By the shape of the request. */
static void look(struct engine *e)
{
	struct write *w = &e->write;
	const char *members = strstr(w->url, "/members/");

	if (str_same(w->method, "POST") && engine_is_object(w->url))
		engine_find_object(e, object_found);
	else if (str_same(w->method, "POST"))
		look_for_group(e);
	else if (str_same(w->method, "DELETE") && members)
		look_for_members(e, w->url, (size_t)(members - w->url), members_out);
	else if (str_same(w->method, "DELETE"))
		engine_request(e, "GET", arena_printf(&e->arena, "%s?$select=id", w->url), NULL,
			       deleted_in);
	else if (json_has(w->body, "members@odata.bind"))
		look_for_members(e, w->url, strlen(w->url), members_in);
	else
		engine_request(e, "GET", portal_read_path(w->url), NULL, changed_in);
}

/* What look() reads for, in words. */
static const char *looks_for(const struct write *w)
{
	bool members = strstr(w->url, "/members/") != NULL;

	if (w->whole)
		return "Reading back whether the setting was changed";
	if (str_same(w->method, "POST"))
		return "The answer was lost: looking whether the group was created";
	if (str_same(w->method, "DELETE"))
		return members ? "The answer was lost: looking whether the person is out of the group"
			       : "The answer was lost: looking whether the group is gone";
	if (json_has(w->body, "members@odata.bind"))
		return "The answer was lost: looking whether the people are in the group";
	return "The answer was lost: looking whether the setting was changed";
}

void engine_settle_write(struct engine *e, void (*settled)(struct engine *e))
{
	e->settled = settled;
	e->waits = looks_for(&e->write);
	engine_tell(e);
	look(e);
}

/* Settling what an earlier program left. */

static void next_record(struct engine *e);

static int note_outcome(struct engine *e, struct err *err)
{
	const struct write *w = &e->write;
	bool done = w->outcome == OUTCOME_DONE;

	if (e->undo_side)
		return journal_undo_outcome(e->journal, e->record.sequence, w->outcome, &w->why,
					    err);
	return journal_outcome(e->journal, e->record.sequence, w->outcome, w->result, w->members,
			       done ? w->nmembers : 0, done ? NULL : &w->why, err);
}

static void record_settled(struct engine *e)
{
	struct err err = ERR_INIT;

	/* Two candidates stay open without holding up everything else. */
	if (e->write.outcome == OUTCOME_UNKNOWN && e->write.why.kind != ERR_CONFLICT) {
		engine_finish(e, ENGINE_FAILED, &e->write.why);
		return;
	}
	if (e->write.outcome != OUTCOME_UNKNOWN && note_outcome(e, &err) < 0) {
		engine_finish(e, ENGINE_FAILED, &err);
		return;
	}
	/* The same record may have a side left: its undo. */
	e->at++;
	next_record(e);
}

/* The request that was to take the record back. */
static void undo_write(struct engine *e, const struct record *r)
{
	struct write *w = &e->write;

	w->method = r->undo_method;
	w->url = engine_fill(e, r->undo_url, r->result_id, NULL);
	w->body = r->undo_body ? json_clone(r->undo_body) : NULL;
	w->members = r->members;
	w->nmembers = r->nmembers;
}

static void next_record(struct engine *e)
{
	struct write *w = &e->write;
	const struct record *r = &e->record;
	int64_t age;

	if (e->at == e->nsequences || e->stop) {
		engine_finish(e, e->stop ? ENGINE_STOPPED : ENGINE_DONE, NULL);
		return;
	}
	engine_take_record(e);
	engine_write_clear(e);
	e->undo_side = r->outcome == OUTCOME_DONE;
	if (e->undo_side) {
		undo_write(e, r);
	} else {
		w->method = r->method;
		w->url = r->url;
		w->body = r->body ? json_clone(r->body) : NULL;
		w->members = engine_bound(e, r->body, &w->nmembers);
	}
	w->intent_ms = e->undo_side ? r->undo_ms : r->time_ms;
	/* What is old has had its time to show. */
	age = clock_now_ms() - w->intent_ms;
	engine_patience(e, age >= 0 && age < ENGINE_LAG_MS ? ENGINE_LAG_MS - age : 0);
	if (w->url && w->method) {
		engine_settle_write(e, record_settled);
		return;
	}
	w->outcome = OUTCOME_UNKNOWN;
	err_set(&w->why, ERR_CONFLICT, 0, "the journal does not say what was sent");
	record_settled(e);
}

int engine_settle(struct engine *e, struct err *err)
{
	const struct record *r;
	size_t n;

	if (engine_start(e, ENGINE_APPLYING, next_record, err) < 0)
		return -1;
	n = journal_records(e->journal, &r);
	e->sequences = xcalloc(n + 1, sizeof(*e->sequences));
	for (size_t i = 0; i < n; i++)
		if (r[i].outcome == OUTCOME_NONE || r[i].outcome == OUTCOME_UNKNOWN ||
		    r[i].undone == OUTCOME_UNKNOWN)
			e->sequences[e->nsequences++] = r[i].sequence;
	return 0;
}
