#include "steps/findings.h"

#include <string.h>

#include "checks/acceptance.h"
#include "checks/benchmark.h"
#include "checks/check.h"
#include "steps/parts.h"

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

void step_work_text(const struct step_view *v, struct str *out)
{
	size_t automatic = plan_automatic(&v->plan), guided = plan_guided(&v->plan);

	if (automatic)
		str_addf(out, "%zu %s to make", automatic, automatic == 1 ? "change" : "changes");
	if (guided)
		str_addf(out, "%s%zu %s for you", automatic ? ", " : "", guided,
			 guided == 1 ? "task" : "tasks");
}

static void add_setting(const struct facts *f, const struct setting *from, struct findings *out,
			struct finding *one)
{
	bool how = from->how && *from->how;

	finding_evidence(out, one, setting_source(f, from), f->now_ms,
			 "%s: now %s, wanted %s%s%s", from->name, from->current, from->wanted,
			 how ? ". " : "", how ? from->how : "");
}

static void add_step(const struct facts *f, const struct step_view *v, struct findings *out)
{
	const char *reason = v->reason ? v->reason : "";
	CLEANUP(str_release) struct str work = { 0 };
	struct finding *one = findings_add(out, arena_printf(&out->arena, "step.%s", v->ops->id),
					   "steps", v->ops->title);

	step_work_text(v, &work);
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
		add_setting(f, &v->settings[i], out, one);
}

/* Appends a finding that is made already; its texts are the arena's. */
static void take(struct findings *out, const struct finding *one)
{
	ARENA_GROW(&out->arena, out->v, out->n, out->cap);
	out->v[out->n++] = *one;
}

void findings_of_tenant(const struct facts *f, const struct wanted *w,
			const struct step_view *views, struct findings *out)
{
	const struct finding *made;
	size_t n;

	findings_clear(out);
	checks_run(f, w, "", out);
	/* A check brings what belongs to it along: health goes after the steps. */
	made = out->v;
	n = out->n;
	out->v = NULL;
	out->n = out->cap = 0;
	for (size_t i = 0; i < n; i++)
		if (str_starts(made[i].id, "prereq."))
			take(out, &made[i]);
	for (size_t i = 0; i < STEPS_COUNT; i++)
		if (views[i].ops)
			add_step(f, &views[i], out);
	for (size_t i = 0; i < n; i++)
		if (!str_starts(made[i].id, "prereq."))
			take(out, &made[i]);
	benchmark_judge(f, w, out);
	findings_accept(out, w->accepted, w->naccepted, f->now_ms);
}
