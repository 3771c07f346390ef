/* Administrators: a fixed policy of two gates (facts graph.md 6). */
#include "checks/gates.h"
#include "checks/judge.h"

static const char *missing_text(unsigned gates)
{
	switch (gates) {
	case GATE_APP:
		return "only the app";
	case GATE_PHONE:
		return "only a phone";
	case GATE_EMAIL:
		return "only an e-mail address";
	default:
		return "nothing";
	}
}

void judge_admins(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "health.admin-gates", "admin",
					   "Administrators' two gates");
	const struct people *p = &f->admins.people;
	unsigned needed = admin_gates_needed(f);
	size_t short_of = 0, shown = 0;

	one->link = LINK_ADMIN;
	if (!need_area(f, out, one, AREA_ADMINS))
		return;
	if (f->authorization.admins_may_reset == TRI_NO)
		area_evidence(f, out, one, AREA_AUTHORIZATION, "allowedToUseSSPR: false");
	if (f->authorization.admins_may_reset == TRI_NO && !w->admins_may_reset) {
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: administrators may not reset their own password, "
			    "and need not.");
		return;
	}
	if (f->admins.sync_accounts)
		area_evidence(f, out, one, AREA_ADMINS, "left out: %s",
			      count_text(f->admins.sync_accounts, "synchronisation account",
					 &out->arena));
	for (size_t i = 0; i < p->n; i++) {
		unsigned gates = person_gates(&p->v[i]);

		if (gates_count(gates) >= needed)
			continue;
		short_of++;
		if (shown++ < 10)
			area_evidence(f, out, one, AREA_ADMINS, "%s: %s",
				      person_label(&p->v[i]), missing_text(gates));
	}
	if (!p->n) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the report names no administrator.");
	} else if (!short_of) {
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "%s registered %s.",
			    p->n == 1 ? "The one administrator"
				      : arena_printf(&out->arena, "All %zu administrators", p->n),
			    needed > 1 ? "two gates" : "a gate");
	} else {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "%zu of %zu administrators have fewer than %u of the gates app, "
			    "phone and e-mail: they cannot reset.", short_of, p->n, needed);
		finding_remedy(out, one, "Send them to https://aka.ms/mysecurityinfo; security "
			       "questions do not count for administrators.");
	}
}
