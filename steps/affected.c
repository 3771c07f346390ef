#include "steps/affected.h"

#include <string.h>

#include "checks/check.h"
#include "checks/judge.h"
#include "graph/base/csv.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

#define ADMINS "Administrators: the scope does not decide for them, step 5 does"
#define UNWRITTEN "Synced, and writeback is not proved: whoever resets is sent to the help desk"

/* Who is in a group that does not exist is no riddle: nobody. */
static void settle(struct impact *i, const struct facts *f)
{
	i->known = i->known || (facts_read(f, AREA_GROUP) && !f->groups.n);
}

static void put(struct affected *a, const char *change_id, const char *title, const char *what,
		const struct impact *people, bool warning, bool in_detail)
{
	if (people->known && !impact_total(people))
		return;
	ARENA_GROW(&a->arena, a->v, a->n, a->cap);
	a->v[a->n++] = (struct effect){ .change_id = change_id, .title = title, .what = what,
					.warning = warning, .in_detail = in_detail,
					.people = *people };
}

/* Of so many people's ids, in whichever of the lists they are. */
static void name_ids(const struct facts *f, const char *const *ids, size_t n, struct impact *i,
		     struct arena *arena)
{
	*i = (struct impact){ .known = true };
	for (size_t k = 0; k < n; k++) {
		const struct person *p = people_find(&f->wanted_people.people, ids[k]);

		if (!p)
			p = people_find(&f->members.people, ids[k]);
		if (!p) {
			i->others++;
			continue;
		}
		ARENA_GROW(arena, i->v, i->n, i->cap);
		i->v[i->n++] = p;
	}
}

static void name_group(const struct facts *f, struct impact *i, struct arena *arena)
{
	*i = (struct impact){ .known = facts_read(f, AREA_MEMBERS) };
	for (size_t k = 0; i->known && k < f->members.people.n; k++) {
		ARENA_GROW(arena, i->v, i->n, i->cap);
		i->v[i->n++] = &f->members.people.v[k];
	}
}

static void add_scope(struct affected *a, const struct facts *f, const struct wanted *w,
		      const char *id, const char *title, enum scope to, bool in_detail)
{
	struct impact i;

	impact_gain(f, to, &i, &a->arena);
	if (to == SCOPE_SELECTED)
		settle(&i, f);
	put(a, id, title, "Can reset then and cannot now", &i, false, in_detail);
	impact_lose(f, to, &i, &a->arena);
	put(a, id, title, "Can reset now and cannot then", &i, true, in_detail);
	if (to == SCOPE_NONE)
		return;
	impact_admins(f, &i, &a->arena);
	settle(&i, f);
	put(a, id, title, ADMINS, &i, false, false);
	impact_unwritten(f, &i, &a->arena);
	settle(&i, f);
	if (w->writeback)
		put(a, id, title, UNWRITTEN, &i, true, false);
}

/* Who can reset now and could not without this method. */
static void add_method_off(struct affected *a, const struct facts *f, const char *id,
			   const char *title, enum method_id off)
{
	enum confidence confidence;
	const char *how, *number;
	struct impact i;
	int64_t time_ms;

	number = setting_judge(f, "methods.required", &confidence, &how, &time_ms, &a->arena);
	impact_locked_by_method(f, off, str_same(number, "2") ? 2 : 1, &i, &a->arena);
	put(a, id, title, "Cannot reset any more: too few methods are left", &i, true, false);
}

static bool writeback_proved(const struct facts *f, struct arena *arena)
{
	enum confidence confidence;
	const char *how, *value;
	int64_t time_ms;

	value = setting_judge(f, "writeback.tenant", &confidence, &how, &time_ms, arena);
	return str_same(value, "on") && confidence == CONFIDENCE_PROVED;
}

/* Who of those put into the group needs a second look. */
static void add_risks(struct affected *a, const struct facts *f, const struct wanted *w,
		      const struct change *c, const struct impact *all)
{
	bool unwritten = w->writeback && facts_hybrid(f) == TRI_YES &&
			 !writeback_proved(f, &a->arena);
	struct impact admins = { .known = true }, synced = { .known = true };

	for (size_t i = 0; i < all->n; i++) {
		if (all->v[i]->admin == TRI_YES) {
			ARENA_GROW(&a->arena, admins.v, admins.n, admins.cap);
			admins.v[admins.n++] = all->v[i];
		}
		if (all->v[i]->synced == TRI_YES && unwritten) {
			ARENA_GROW(&a->arena, synced.v, synced.n, synced.cap);
			synced.v[synced.n++] = all->v[i];
		}
	}
	put(a, c->id, c->title, ADMINS, &admins, false, false);
	put(a, c->id, c->title, UNWRITTEN, &synced, true, false);
}

static const struct {
	const char *change_id;
	enum method_id method;
} methods[] = {
	{ "methods.authenticator", METHOD_AUTHENTICATOR },
	{ "methods.sms", METHOD_SMS },
	{ "methods.email", METHOD_EMAIL },
};

void affected_add(struct affected *a, const struct facts *f, const struct wanted *w,
		  const struct change *c)
{
	struct impact i;

	if (str_same(c->id, "enablement.scope")) {
		add_scope(a, f, w, c->id, c->title, w->scope, true);
	} else if (str_same(c->id, "methods.required") && w->methods_required > 1) {
		impact_locked_by_number(f, w->methods_required, &i, &a->arena);
		put(a, c->id, c->title, "Cannot reset any more: too few methods registered", &i,
		    true, true);
	} else if (c->nmembers) {
		name_ids(f, c->member_ids, c->nmembers, &i, &a->arena);
		put(a, c->id, c->title, "Is put into the group", &i, false, true);
		add_risks(a, f, w, c, &i);
	}
	for (size_t k = 0; k < COUNT_OF(methods); k++) {
		if (!str_same(c->id, methods[k].change_id))
			continue;
		name_group(f, &i, &a->arena);
		settle(&i, f);
		put(a, c->id, c->title, "May use the method then", &i, false, true);
	}
}

void affected_add_undo(struct affected *a, const struct facts *f, const struct wanted *w,
		       const struct record *r)
{
	int64_t scope = json_int(r->undo_body, "enablementType", -1);
	struct impact i;

	if (str_same(r->change_id, "enablement.scope") && scope >= 0 && scope <= 2) {
		add_scope(a, f, w, r->change_id, r->title,
			  scope == 0 ? SCOPE_NONE : scope == 1 ? SCOPE_SELECTED : SCOPE_ALL, false);
	} else if (r->nmembers) {
		name_ids(f, r->members, r->nmembers, &i, &a->arena);
		put(a, r->change_id, r->title, "Leaves the group, and with it the right to reset",
		    &i, true, false);
	}
	for (size_t k = 0; k < COUNT_OF(methods); k++)
		if (str_same(r->change_id, methods[k].change_id))
			add_method_off(a, f, r->change_id, r->title, methods[k].method);
}

void affected_release(struct affected *a)
{
	arena_clear(&a->arena);
	memset(a, 0, sizeof(*a));
}

size_t affected_rows(const struct affected *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += a->v[i].people.n + (a->v[i].people.others || !a->v[i].people.known);
	return n;
}

static void put_row(const struct effect *e, const char *name, const char *upn, const char *id,
		    struct str *out)
{
	csv_text(out, e->title);
	csv_text(out, e->what);
	csv_text(out, name);
	csv_text(out, upn);
	csv_text(out, id);
	csv_end(out);
}

void affected_csv(const struct affected *a, struct str *out)
{
	static const char *const head[] = { "change", "effect", "name", "userPrincipalName", "id" };
	struct arena scratch = { 0 };

	for (size_t i = 0; i < COUNT_OF(head); i++)
		csv_text(out, head[i]);
	csv_end(out);
	for (size_t i = 0; i < a->n; i++) {
		const struct effect *e = &a->v[i];

		for (size_t k = 0; k < e->people.n; k++)
			put_row(e, e->people.v[k]->display_name, e->people.v[k]->upn,
				e->people.v[k]->id, out);
		if (!e->people.known)
			put_row(e, "cannot tell who", "", "", out);
		else if (e->people.others)
			put_row(e, arena_printf(&scratch, "%s more, known by number only",
						count_people(e->people.others, &scratch)), "", "",
				out);
	}
	arena_clear(&scratch);
}
