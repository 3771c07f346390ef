#include "steps/engine.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/portal.h"
#include "steps/engine_internal.h"

#define DELAY_FIRST_MS 1000
#define DELAY_MAX_MS 8000

struct engine *engine_new(struct loop *l, struct graph *g, struct journal *j)
{
	struct engine *e = xcalloc(1, sizeof(*e));

	e->loop = l;
	e->graph = g;
	e->journal = j;
	return e;
}

void engine_set_journal(struct engine *e, struct journal *j)
{
	e->journal = j;
}

/* Forgets the last operation; what it taught (run, group) stays. */
static void clear(struct engine *e)
{
	engine_write_clear(e);
	free(e->progress);
	free(e->order);
	free(e->sequences);
	e->progress = NULL;
	e->order = NULL;
	e->sequences = NULL;
	e->nprogress = e->progress_cap = e->nsequences = e->at = e->member = 0;
	e->plan = NULL;
	e->account = NULL;
	e->begun = false;
	e->waits = NULL;
	e->stop = e->group_is_new = e->undo_side = e->trouble = e->scope_stays = false;
	memset(&e->err, 0, sizeof(e->err));
	memset(&e->record, 0, sizeof(e->record));
	arena_clear(&e->arena);
	arena_clear(&e->ids_arena);
	e->ids = NULL;
	e->nids = e->ids_cap = 0;
}

/* The engine is gone; the answer has no reader. */
static void drop(struct graph_call *c, void *ctx)
{
	(void)ctx;
	graph_call_free(c);
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	loop_timer_stop(e->loop, &e->timer);
	if (e->call) {
		e->call->done = drop;
		graph_call_cancel(e->graph, e->call);
	}
	clear(e);
	free(e->run_id);
	free(e->group_id);
	free(e->app_id);
	free(e);
}

void engine_on_change(struct engine *e, void (*changed)(void *ctx), void *ctx)
{
	e->changed = changed;
	e->ctx = ctx;
}

void engine_tell(struct engine *e)
{
	if (e->changed)
		e->changed(e->ctx);
}

enum engine_state engine_state(const struct engine *e)
{
	return e ? e->state : ENGINE_IDLE;
}

size_t engine_progress(const struct engine *e, const struct progress **ret)
{
	*ret = e ? e->progress : NULL;
	return e ? e->nprogress : 0;
}

const char *engine_waits(const struct engine *e, int64_t *ret_left_ms)
{
	int64_t left = e ? e->deadline_ms - clock_mono_ms() : 0;

	*ret_left_ms = left > 0 ? left : 0;
	return e ? e->waits : NULL;
}

const struct err *engine_error(const struct engine *e)
{
	return &e->err;
}

const char *engine_run_id(const struct engine *e)
{
	return e->run_id;
}

const char *engine_group_id(const struct engine *e)
{
	return e->group_id;
}

static void run_later(void *ctx)
{
	struct engine *e = ctx;

	e->later(e);
}

void engine_stop(struct engine *e)
{
	e->stop = true;
	/* What waits for its time learns of it now; a write that was refused for a
	 * while is not sent again after the stop. */
	if (e->call)
		graph_call_stop_waiting(e->graph, e->call);
	if (e->timer.running)
		loop_timer_start(e->loop, &e->timer, 0, run_later, e);
}

bool engine_stopped(const struct engine *e, const struct err *err)
{
	return e->stop && err->kind == ERR_CANCELLED && !err->outcome_unknown;
}

int engine_start(struct engine *e, enum engine_state state, void (*first)(struct engine *e),
		 struct err *err)
{
	if (e->state == ENGINE_APPLYING || e->state == ENGINE_UNDOING)
		return err_set(err, ERR_CONFLICT, 0, "the engine is still at work");
	if (!e->journal)
		return err_set(err, ERR_CONFLICT, 0, "nothing is written without a journal");
	clear(e);
	e->state = state;
	e->later = first;
	loop_timer_start(e->loop, &e->timer, 0, run_later, e);
	return 0;
}

void engine_finish(struct engine *e, enum engine_state state, const struct err *err)
{
	e->state = state;
	if (err)
		e->err = *err;
	e->plan = NULL;
	engine_tell(e);
}

void engine_add_progress(struct engine *e, const char *id, const char *step, const char *title)
{
	GROW(e->progress, e->nprogress, e->progress_cap);
	e->progress[e->nprogress++] = (struct progress){
		.id = arena_strdup(&e->arena, id),
		.step = arena_strdup(&e->arena, step),
		.title = arena_strdup(&e->arena, title),
	};
}

void engine_mark(struct engine *e, enum outcome o, const struct err *why)
{
	struct progress *p;

	if (e->at >= e->nprogress)
		return;		/* settling shows no progress */
	p = &e->progress[e->at];
	p->running = o == OUTCOME_NONE;
	p->outcome = o;
	if (o == OUTCOME_NONE)
		e->started_ms = clock_mono_ms();
	else if (o != OUTCOME_STOPPED)
		p->took_ms = (int)(clock_mono_ms() - e->started_ms);
	if (why)
		p->err = *why;
	engine_tell(e);
}

void engine_mark_sent(struct engine *e)
{
	if (e->at >= e->nprogress || e->progress[e->at].sent)
		return;
	e->progress[e->at].sent = true;
	engine_tell(e);
}

static void call_done(struct graph_call *c, void *ctx)
{
	struct engine *e = ctx;

	e->call = NULL;
	e->answered(e, c);
	graph_call_free(c);
}

void engine_request(struct engine *e, const char *method, const char *path, struct json *body,
		    void (*answered)(struct engine *e, struct graph_call *c))
{
	e->call = graph_call_new(method, path, body, 0);
	e->answered = answered;
	graph_call_start(e->graph, e->call, call_done, e);
}

static void page_in(struct engine *e, struct graph_call *c)
{
	const char *next = json_string(c->json, "@odata.nextLink");

	for (const struct json *j = json_first(json_get(c->json, "value")); j; j = json_next(j)) {
		ARENA_GROW(&e->ids_arena, e->ids, e->nids, e->ids_cap);
		e->ids[e->nids++] = arena_strdup(&e->ids_arena, json_string_or(j, "id", ""));
	}
	if (c->err.kind == ERR_NONE && next)
		engine_request(e, "GET", next, NULL, page_in);
	else
		e->collected(e, &c->err);
}

void engine_collect(struct engine *e, const char *path,
		    void (*collected)(struct engine *e, const struct err *err))
{
	arena_clear(&e->ids_arena);
	e->ids = NULL;
	e->nids = e->ids_cap = 0;
	e->collected = collected;
	engine_request(e, "GET", path, NULL, page_in);
}

bool engine_collected(const struct engine *e, const char *id)
{
	for (size_t i = 0; i < e->nids; i++)
		if (str_same_nocase(e->ids[i], id))
			return true;
	return false;
}

void engine_patience(struct engine *e, int64_t ms)
{
	e->deadline_ms = clock_mono_ms() + ms;
	e->delay_ms = DELAY_FIRST_MS;
}

bool engine_later(struct engine *e, void (*later)(struct engine *e))
{
	if (e->stop || clock_mono_ms() + e->delay_ms > e->deadline_ms)
		return false;
	e->later = later;
	loop_timer_start(e->loop, &e->timer, e->delay_ms, run_later, e);
	if (e->delay_ms < DELAY_MAX_MS)
		e->delay_ms *= 2;
	return true;
}

void engine_write_clear(struct engine *e)
{
	json_free(e->write.body);
	json_free(e->write.whole);
	json_free(e->write.expected);
	json_free(e->write.result);
	memset(&e->write, 0, sizeof(e->write));
}

int engine_write_whole(struct engine *e, const struct json *read, struct err *err)
{
	struct write *w = &e->write;

	if (!portal_is_path(w->url))
		return 0;
	w->whole = portal_body(w->url, read, w->body, err);
	if (!w->whole)
		return -1;
	w->expected = portal_expected(w->url, w->whole, w->body);
	return 0;
}

struct json *engine_write_body(const struct engine *e)
{
	const struct json *body = e->write.whole ? e->write.whole : e->write.body;

	return body ? json_clone(body) : NULL;
}

/* What goes into a URL must be an id, whoever sent it. */
static bool id_is_plain(const char *id)
{
	if (!id || !*id)
		return false;
	for (; *id; id++)
		if (!isalnum((unsigned char)*id) && *id != '-')
			return false;
	return true;
}

const char *engine_fill(struct engine *e, const char *text, const char *group,
			const char *member)
{
	const struct {
		const char *name, *value;
		bool id, optional;
	} places[] = {
		{ "{group}", group, true, false },
		{ "{id}", group, true, false },
		{ "{appId}", e->app_id, true, false },
		{ "{member}", member, true, true },
		{ "{graph}", graph_cloud(e->graph)->graph, false, false },
	};

	for (size_t i = 0; text && i < COUNT_OF(places); i++) {
		const char *at = strstr(text, places[i].name);

		if (!at || (places[i].optional && !places[i].value))
			continue;
		if (!places[i].value || (places[i].id && !id_is_plain(places[i].value)))
			return NULL;
		text = arena_printf(&e->arena, "%.*s%s%s", (int)(at - text), text,
				    places[i].value, at + strlen(places[i].name));
	}
	return text;
}

/* A name that a person chose may look like a place: only a whole value or its
 * beginning is one. */
static struct json *fill_text(struct engine *e, const char *text, const char *group)
{
	if (str_same(text, "{group}"))
		return json_new_string(group);
	if (str_same(text, "{appId}"))
		return json_new_string(e->app_id);
	if (str_starts(text, "{graph}/"))
		return json_new_string(engine_fill(e, text, group, NULL));
	return json_new_string(text);
}

struct json *engine_fill_body(struct engine *e, const struct json *body, const char *group)
{
	struct json *ret;

	if (!body)
		return NULL;
	if (json_is(body, JSON_STRING))
		return fill_text(e, json_text(body), group);
	if (json_is(body, JSON_OBJECT)) {
		ret = json_new_object();
		for (const struct json *j = json_first(body); j; j = json_next(j))
			json_add(ret, json_key(j), engine_fill_body(e, j, group));
		return ret;
	}
	if (json_is(body, JSON_ARRAY)) {
		ret = json_new_array();
		for (const struct json *j = json_first(body); j; j = json_next(j))
			json_append(ret, engine_fill_body(e, j, group));
		return ret;
	}
	return json_clone(body);
}

const char *const *engine_bound(struct engine *e, const struct json *body, size_t *ret_n)
{
	const struct json *list = json_get(body, "members@odata.bind");
	const char **ids = arena_alloc(&e->arena, (json_count(list) + 1) * sizeof(*ids));
	size_t n = 0;

	for (const struct json *j = json_first(list); j; j = json_next(j)) {
		const char *slash = json_text(j) ? strrchr(json_text(j), '/') : NULL;

		if (slash)
			ids[n++] = arena_strdup(&e->arena, slash + 1);
	}
	*ret_n = n;
	return ids;
}

void engine_take_record(struct engine *e)
{
	const struct record *r;
	size_t n = journal_records(e->journal, &r);

	for (size_t i = n; i-- > 0;) {
		if (r[i].sequence == e->sequences[e->at]) {
			e->record = r[i];
			return;
		}
	}
	die("the journal lost record %" PRIu64 " while it was worked on", e->sequences[e->at]);
}
