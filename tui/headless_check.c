#include "checks/acceptance.h"
#include "checks/benchmark.h"
#include "checks/report.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

static void copy_finding(struct findings *out, const struct finding *from)
{
	struct finding *to = findings_add(out, arena_strdup(&out->arena, from->id),
					  arena_strdup(&out->arena, from->area),
					  arena_strdup(&out->arena, from->title));

	finding_set(out, to, from->verdict, from->confidence, "%s", from->summary);
	finding_remedy(out, to, "%s", from->remedy);
	to->link = arena_strdup(&out->arena, from->link);
	for (size_t i = 0; i < from->nevidence; i++)
		finding_evidence(out, to, arena_strdup(&out->arena, from->evidence[i].source),
				 from->evidence[i].observed_ms, "%s", from->evidence[i].value);
}

static void copy_findings(struct findings *out, const struct findings *from, bool prerequisites)
{
	for (size_t i = 0; i < from->n; i++)
		if (str_starts(from->v[i].id, "prereq.") == prerequisites)
			copy_finding(out, &from->v[i]);
}

static enum verdict verdict_of(enum step_state s)
{
	switch (s) {
	case STEP_DONE:
		return VERDICT_PASS;
	case STEP_CHANGES:
	case STEP_GUIDED:
		return VERDICT_WARN;
	case STEP_BLOCKED:
		return VERDICT_FAIL;
	case STEP_NOT_APPLICABLE:
		return VERDICT_NOT_APPLICABLE;
	case STEP_UNKNOWN:
		break;
	}
	return VERDICT_UNKNOWN;
}

void headless_work(const struct step_view *v, struct str *out)
{
	size_t automatic = plan_automatic(&v->plan), guided = plan_guided(&v->plan);

	if (automatic)
		str_addf(out, "%zu %s to make", automatic, automatic == 1 ? "change" : "changes");
	if (guided)
		str_addf(out, "%s%zu %s for you", automatic ? ", " : "", guided,
			 guided == 1 ? "task" : "tasks");
}

static void add_setting(const struct session *s, const struct setting *from, struct findings *out,
			struct finding *one)
{
	bool how = from->how && *from->how;

	finding_evidence(out, one, setting_source(&s->facts, from), s->facts.now_ms,
			 "%s: now %s, wanted %s%s%s", from->name, from->current, from->wanted,
			 how ? ". " : "", how ? from->how : "");
}

static void add_step(const struct session *s, const struct step_view *v, struct findings *out)
{
	const char *reason = v->reason ? v->reason : "";
	CLEANUP(str_release) struct str work = { 0 };
	struct finding *one = findings_add(out, arena_printf(&out->arena, "step.%s", v->ops->id),
					   "steps", v->ops->title);

	headless_work(v, &work);
	if (v->state == STEP_DONE)
		finding_set(out, one, VERDICT_PASS, step_confidence(v), "Everything is as wanted%s.",
			    step_confidence(v) == CONFIDENCE_ATTESTED ?
			    ", in part by what a person said" : "");
	else if (*reason)
		finding_set(out, one, verdict_of(v->state), step_confidence(v), "%s", reason);
	else
		finding_set(out, one, verdict_of(v->state), step_confidence(v), "%s.",
			    work.len ? str_text(&work) : step_state_name(v->state));
	if (plan_automatic(&v->plan))
		finding_remedy(out, one, "Look at the plan: sspr-wizard plan. Then: "
				"sspr-wizard apply %s --yes", v->ops->id);
	else if (v->plan.n)
		finding_remedy(out, one, "%s", v->plan.v[0].title);
	if (v->plan.n && v->plan.v[0].link)
		one->link = arena_strdup(&out->arena, v->plan.v[0].link);
	for (size_t i = 0; i < v->nsettings; i++)
		add_setting(s, &v->settings[i], out, one);
}

void headless_findings(const struct session *s, struct findings *out)
{
	copy_findings(out, &s->findings, true);
	for (size_t i = 0; i < STEPS_COUNT; i++)
		if (s->views[i].ops)
			add_step(s, &s->views[i], out);
	copy_findings(out, &s->findings, false);
	benchmark_judge(&s->facts, &s->wanted, out);
	findings_accept(out, s->wanted.accepted, s->wanted.naccepted, s->facts.now_ms);
}

int headless_check(struct headless *h)
{
	struct findings all = { 0 };
	int status = headless_read(h, AREAS_ALL), put;

	headless_probe(h);
	if (h->stopped)
		return EXIT_CANNOT;
	headless_findings(&h->session, &all);
	headless_tell_entries(&h->session);
	if (h->json) {
		struct json *doc = report_check_json(&h->session.facts, &all);

		put = headless_put_json(h, doc);
		json_free(doc);
	} else {
		CLEANUP(str_release) struct str text = { 0 };

		report_check_text(&h->session.facts, &all, h->columns, h->ascii, &text);
		put = headless_put_text(h, &text);
	}
	/* Without the tenant nothing that was judged means anything. */
	if (!status)
		status = exit_of_findings(&all);
	findings_clear(&all);
	return put ? put : status;
}
