#include "steps/plan_json.h"

#include <stdio.h>

#include "steps/affected.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

static void tell_entry(const struct entry *e, const char *problem)
{
	if (e->line)
		fprintf(stderr, "  line %u, %s: %s\n", e->line, e->text, problem);
	else
		fprintf(stderr, "  %s: %s\n", e->text, problem);
}

static const char *problem_of(const struct entry *e)
{
	switch (e->state) {
	case ENTRY_UNKNOWN:
		return "nobody of that name is in the tenant";
	case ENTRY_AMBIGUOUS:
		return "several people match; give the object id";
	case ENTRY_DUPLICATE:
		return "named more than once";
	case ENTRY_FOUND:
		break;
	}
	if (!e->person)
		return NULL;
	if (e->person->type == USER_GUEST)
		return "a guest: cannot reset a password here";
	if (e->person->enabled == TRI_NO)
		return "the account is disabled";
	if (e->person->admin == TRI_YES)
		return "an administrator: two methods are always required of them";
	return NULL;
}

void headless_tell_entries(const struct session *s)
{
	const struct wanted_people *w = &s->facts.wanted_people;
	size_t told = 0;

	if (!facts_read(&s->facts, AREA_PEOPLE))
		return;
	for (size_t i = 0; i < w->n; i++) {
		const char *problem = problem_of(&w->v[i]);

		if (!problem)
			continue;
		if (!told++)
			headless_say("of the people given, look at these:");
		tell_entry(&w->v[i], problem);
	}
}

/* Everybody whom the plan touches, by hand or not. */
static void put_affected(const struct session *s, struct str *out)
{
	struct affected all = { .n = 0 };

	for (size_t i = 0; i < STEPS_COUNT; i++)
		for (size_t k = 0; k < s->views[i].plan.n; k++)
			affected_add(&all, &s->facts, &s->wanted, &s->views[i].plan.v[k]);
	affected_csv(&all, out);
	affected_release(&all);
}

int headless_plan(struct headless *h)
{
	int status = headless_read(h, AREAS_ALL), put;

	if (h->stopped)
		return EXIT_CANNOT;
	headless_tell_entries(&h->session);
	if (h->json) {
		struct json *doc = plan_json(&h->session);

		put = headless_put_json(h, doc);
		json_free(doc);
	} else {
		CLEANUP(str_release) struct str text = { 0 };

		if (str_same(h->o->format, "csv"))
			put_affected(&h->session, &text);
		else
			plan_text(&h->session, h->columns, h->ascii, &text);
		put = headless_put_text(h, &text);
	}
	if (!status)
		status = exit_of_views(h->session.views, STEPS_COUNT);
	return put ? put : status;
}
