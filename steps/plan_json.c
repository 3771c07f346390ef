#include "steps/plan_json.h"

#include "checks/report.h"
#include "graph/portal.h"

static struct json *document(const struct session *s, const char *schema)
{
	struct json *doc = json_new_object();

	json_add_string(doc, "schema", schema);
	json_add(doc, "tenant", report_tenant(&s->facts));
	return doc;
}

static void add_body(struct json *obj, const struct json *body)
{
	if (body)
		json_add(obj, "body", json_clone(body));
	else
		json_add_null(obj, "body");
}

static void add_instructions(struct json *obj, const struct change *c)
{
	struct json *list = json_add_array(obj, "instructions");
	CLEANUP(str_release) struct str where = { 0 };

	if (c->means == MEANS_GRAPH || c->means == MEANS_PORTAL)
		return;
	if (c->place && *c->place)
		str_addf(&where, "Go to %s", c->place);
	if (c->link && *c->link)
		str_addf(&where, "%s%s", where.len ? ": " : "Go to ", c->link);
	if (where.len)
		json_append_string(list, str_text(&where));
	for (size_t i = 0; i < c->ninstructions; i++)
		json_append_string(list, c->instructions[i]);
}

static void add_change(struct json *list, const struct change *c, const char *outcome)
{
	struct json *obj = json_append(list, json_new_object());

	json_add_string(obj, "id", c->id);
	json_add_string(obj, "title", c->title);
	json_add_string(obj, "means", means_name(c->means));
	json_add_string(obj, "method", c->method);
	json_add_string(obj, "url", c->url);
	add_body(obj, c->body);
	json_add_bool(obj, "reversible", c->undo_method != NULL);
	json_add_string(obj, "undo", c->undo);
	add_instructions(obj, c);
	if (outcome)
		json_add_string(obj, "outcome", outcome);
}

static void add_settings(struct json *step, const struct step_view *v)
{
	struct json *list = json_add_array(step, "settings");

	for (size_t i = 0; i < v->nsettings; i++) {
		const struct setting *one = &v->settings[i];
		struct json *obj = json_append(list, json_new_object());

		json_add_string(obj, "name", one->name);
		json_add_string(obj, "current", one->current);
		json_add_string(obj, "wanted", one->wanted);
		json_add_bool(obj, "matches", one->matches);
		json_add_string(obj, "confidence", confidence_name(one->confidence));
	}
}

/* One step without its changes; returns the array they go into. */
static struct json *add_step(struct json *list, const struct step_view *v)
{
	struct json *step = json_append(list, json_new_object());

	json_add_string(step, "id", v->ops->id);
	json_add_number(step, "number", v->ops->number);
	json_add_string(step, "title", v->ops->title);
	json_add_string(step, "state", step_state_name(v->state));
	add_settings(step, v);
	return json_add_array(step, "changes");
}

struct json *plan_json(const struct session *s)
{
	struct json *doc = document(s, "sspr-wizard/plan/1");
	struct json *list = json_add_array(doc, "steps");

	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct step_view *v = &s->views[i];
		struct json *changes;

		if (!v->ops)
			continue;
		changes = add_step(list, v);
		for (size_t k = 0; k < v->plan.n; k++)
			add_change(changes, &v->plan.v[k], NULL);
	}
	return doc;
}

static const char *outcome_of(const struct session *s, const struct change *c)
{
	const struct progress *p;
	size_t n = engine_progress(s->engine, &p);

	for (size_t i = 0; i < n; i++)
		if (str_same(p[i].id, c->id) && str_same(p[i].step, c->step))
			return outcome_name(p[i].outcome);
	return outcome_name(OUTCOME_STOPPED);
}

static bool plan_has(const struct plan *p, const struct change *c)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_same(p->v[i].id, c->id) && str_same(p->v[i].step, c->step))
			return true;
	return false;
}

struct json *apply_json(const struct session *s, const struct plan *applied)
{
	struct json *doc = document(s, "sspr-wizard/apply/1");
	struct json *list = json_add_array(doc, "steps");

	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct step_view *v = &s->views[i];
		struct json *changes;

		if (!v->ops)
			continue;
		changes = add_step(list, v);
		for (size_t k = 0; k < applied->n; k++)
			if (str_same(applied->v[k].step, v->ops->id))
				add_change(changes, &applied->v[k],
					   outcome_of(s, &applied->v[k]));
		for (size_t k = 0; k < v->plan.n; k++)
			if (!plan_has(applied, &v->plan.v[k]))
				add_change(changes, &v->plan.v[k], "open");
	}
	return doc;
}

static void add_undone(struct json *list, const struct record *r, enum outcome outcome)
{
	struct json *obj = json_append(list, json_new_object());
	bool portal = r->undo_url && portal_is_path(r->undo_url);

	json_add_string(obj, "id", r->change_id);
	json_add_string(obj, "title", r->title);
	json_add_string(obj, "means", means_name(portal ? MEANS_PORTAL : MEANS_GRAPH));
	json_add_string(obj, "method", r->undo_method);
	json_add_string(obj, "url", r->undo_url);
	add_body(obj, r->undo_body);
	json_add_bool(obj, "reversible", r->undo_method != NULL);
	json_add_string(obj, "undo", r->undo);
	json_add_array(obj, "instructions");
	json_add_string(obj, "outcome", outcome_name(outcome));
}

static const struct record *record_of(const struct session *s, uint64_t sequence)
{
	const struct record *r;
	size_t n = journal_records(s->journal, &r);

	for (size_t i = n; i-- > 0;)
		if (r[i].sequence == sequence)
			return &r[i];
	return NULL;
}

struct json *undo_json(const struct session *s)
{
	struct json *doc = document(s, "sspr-wizard/undo/1");
	struct json *list = json_add_array(doc, "steps");
	const struct progress *p;
	size_t n = engine_progress(s->engine, &p);

	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct step_view *v = &s->views[i];
		struct json *changes;

		if (!v->ops)
			continue;
		changes = add_step(list, v);
		for (size_t k = 0; k < n; k++) {
			const struct record *r = record_of(s, p[k].sequence);

			if (r && str_same(r->step, v->ops->id))
				add_undone(changes, r, p[k].outcome);
		}
	}
	return doc;
}

/* The change of that step and id in a document; NULL when it is not there. */
static const struct json *document_change(const struct json *doc, const char *step, const char *id)
{
	const struct json *one, *c;

	for (one = json_first(json_get(doc, "steps")); one; one = json_next(one)) {
		if (!str_same(json_string(one, "id"), step))
			continue;
		for (c = json_first(json_get(one, "changes")); c; c = json_next(c))
			if (str_same(json_string(c, "id"), id))
				return c;
	}
	return NULL;
}

static bool same_member(const struct json *a, const struct json *b, const char *key)
{
	return json_equal(json_get(a, key), json_get(b, key));
}

/* Every request of `from` must be in `in`. Guided work may have been done in
 * the meantime: that makes nothing untrue that would be sent. */
static int requests_in(const struct json *from, const struct json *in, const char *what,
		       struct err *err)
{
	const struct json *step, *c, *other;

	for (step = json_first(json_get(from, "steps")); step; step = json_next(step)) {
		for (c = json_first(json_get(step, "changes")); c; c = json_next(c)) {
			const char *title = json_string_or(c, "title", "?");

			if (!json_string(c, "method"))
				continue;
			other = document_change(in, json_string(step, "id"), json_string(c, "id"));
			if (!other)
				return err_set(err, ERR_CONFLICT, 0,
					       "the plan is no longer true: \"%s\" %s", title,
					       what);
			if (!same_member(c, other, "means") || !same_member(c, other, "method") ||
			    !same_member(c, other, "url") || !same_member(c, other, "body"))
				return err_set(err, ERR_CONFLICT, 0,
					       "the plan is no longer true: \"%s\" would be "
					       "another request now", title);
		}
	}
	return 0;
}

int plan_json_still_true(const struct json *saved, const struct session *s, struct err *err)
{
	const char *tenant = json_string(json_get(saved, "tenant"), "id");
	struct json *now;
	int rc;

	if (!str_same(json_string(saved, "schema"), "sspr-wizard/plan/1")) {
		err_set(err, ERR_PARSE, 0, "this is not a plan (schema sspr-wizard/plan/1)");
		return err_todo(err, "Make one with: sspr-wizard plan --format json -o FILE");
	}
	if (!str_same(tenant, s->facts.organization.id)) {
		err_set(err, ERR_CONFLICT, 0, "the plan is for another tenant: %s",
			tenant ? tenant : "none named");
		return err_todo(err, "Make a plan for this tenant.");
	}
	now = plan_json(s);
	rc = requests_in(saved, now, "is not to be done any more", err);
	if (!rc)
		rc = requests_in(now, saved, "is new", err);
	json_free(now);
	return rc ? err_todo(err, "Make a new plan and look at it.") : 0;
}
