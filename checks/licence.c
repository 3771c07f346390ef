/* Licences: facts graph.md 1. Contractual, not technical: no call of Graph
 * fails because a person has no licence, so only a check can tell. */
#include "checks/judge.h"

#define LINK_LICENSING LINK_DOCS "concept-sspr-licensing"

struct seats {
	int enabled, consumed, skus, expiring;
};

/* The seats of everything that carries P1 or P2 and is for people. */
static struct seats premium_seats(const struct licences *l)
{
	struct seats s = { 0 };

	for (size_t i = 0; i < l->n; i++) {
		const struct sku *sku = &l->v[i];
		bool live = str_same_nocase(sku->status, "Enabled");
		bool warning = str_same_nocase(sku->status, "Warning");

		if (!(sku->p1 || sku->p2) || !sku->people || !(live || warning))
			continue;
		s.skus++;
		s.expiring += warning;
		s.enabled += sku->enabled + sku->warning;
		s.consumed += sku->consumed;
	}
	return s;
}

static void sku_evidence(const struct facts *f, struct findings *out, struct finding *one)
{
	for (size_t i = 0; i < f->licences.n; i++) {
		const struct sku *s = &f->licences.v[i];

		if (s->p1 || s->p2)
			area_evidence(f, out, one, AREA_LICENCES,
				      "%s: %d seats, %d assigned, %s%s",
				      s->part_number ? s->part_number : "(no name)",
				      s->enabled + s->warning, s->consumed,
				      s->status ? s->status : "no status",
				      s->people ? "" : ", not for people");
	}
}

/* Members for whom a licence matters, told apart by what they lack. */
struct unlicensed {
	struct names synced, cloud;	/* without P1 or P2 */
	struct names warning;		/* with one in its grace period */
	size_t cloud_basic;		/* of cloud: another plan may be enough */
	size_t unknown, checked;
	const char *synced_text, *cloud_text, *warning_text;
};

static void count_unlicensed(const struct facts *f, struct unlicensed *u, struct arena *arena)
{
	const struct people *p = &f->members.people;

	for (size_t i = 0; i < p->n; i++) {
		const struct person *one = &p->v[i];

		if (!person_counts(one))
			continue;
		u->checked++;
		if (one->licence_warning == TRI_YES)
			names_add(&u->warning, person_label(one));
		if (one->licensed == TRI_UNKNOWN) {
			u->unknown++;
		} else if (one->licensed == TRI_NO && one->synced == TRI_YES) {
			names_add(&u->synced, person_label(one));
		} else if (one->licensed == TRI_NO) {
			u->cloud_basic += one->basic_licensed != TRI_NO;
			names_add(&u->cloud, person_label(one));
		}
	}
	u->synced_text = names_text(&u->synced, arena);
	u->cloud_text = names_text(&u->cloud, arena);
	u->warning_text = names_text(&u->warning, arena);
}

static void unlicensed_evidence(const struct facts *f, struct findings *out,
				struct finding *one, const struct unlicensed *u)
{
	area_evidence(f, out, one, AREA_MEMBERS, "%s looked at",
		      count_text(u->checked, "member", &out->arena));
	if (u->synced.n)
		area_evidence(f, out, one, AREA_MEMBERS, "synchronised, no P1 or P2: %s",
			      u->synced_text);
	if (u->cloud.n)
		area_evidence(f, out, one, AREA_MEMBERS, "cloud-only, no P1 or P2: %s",
			      u->cloud_text);
	if (u->warning.n)
		area_evidence(f, out, one, AREA_MEMBERS, "P1 or P2 in Warning, its grace period "
			      "is running: %s", u->warning_text);
}

/* Whoever is in the grace period is told beside whatever else is wrong. */
static void add_warning(struct findings *out, struct finding *one, const struct unlicensed *u)
{
	if (!u->warning.n)
		return;
	finding_set(out, one, one->verdict > VERDICT_WARN ? one->verdict : VERDICT_WARN,
		    CONFIDENCE_PROVED, "%s The grace period of the licence is running for %s.",
		    one->verdict > VERDICT_PASS ? one->summary
						: "The tenant has P1 or P2.", u->warning_text);
	finding_remedy(out, one, "%s%sRenew the subscription, or assign another licence, before "
		       "the grace period ends for %s.", one->remedy, *one->remedy ? " " : "",
		       u->warning_text);
}

static void judge_licence_members(const struct facts *f, const struct wanted *w,
				  struct findings *out)
{
	struct finding *one = findings_add(out, "health.licence-members", "licence",
					   "Licences of the members");
	struct unlicensed u = { 0 };

	one->link = LINK_LICENSING;
	if (!need_members(f, w, out, one))
		return;
	count_unlicensed(f, &u, &out->arena);
	unlicensed_evidence(f, out, one, &u);
	if (u.synced.n)
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "No P1 or P2 licence for %s, which writeback needs for each: %s.",
			    count_text(u.synced.n, "synchronised member", &out->arena),
			    u.synced_text);
	else if (u.cloud.n > u.cloud_basic)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "No licence for password reset for %s, among %s.",
			    count_text(u.cloud.n - u.cloud_basic, "cloud-only member",
				       &out->arena), u.cloud_text);
	else if (u.cloud.n)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_LIKELY,
			    "No P1 or P2 for %s; whether another plan is enough cannot be told "
			    "from it.",
			    count_text(u.cloud.n, "cloud-only member", &out->arena));
	else if (u.unknown)
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: the plans of %s are not shown to us.",
			    count_text(u.unknown, "member", &out->arena));
	else
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "Every member who can sign in has P1 or P2.");
	if (u.synced.n || u.cloud.n)
		finding_remedy(out, one, "Assign P1 or P2 (or a suite that carries it) to the "
			       "members named, or take them out of the group.");
	else if (u.unknown)
		finding_remedy(out, one, "Grant User.Read.All, so that assigned plans are "
			       "shown.");
	add_warning(out, one, &u);
}

static void judge_seats(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "health.licence-seats", "licence",
					   "Licence seats");
	struct seats s;
	int left;

	one->link = LINK_LICENSING;
	if (!need_area(f, out, one, AREA_LICENCES))
		return;
	s = premium_seats(&f->licences);
	left = s.enabled - s.consumed;
	sku_evidence(f, out, one);
	if (!s.skus)
		finding_set(out, one, VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
			    "Does not apply: there are no P1 or P2 seats for people.");
	else if (left < 0)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "%s assigned than were bought.", left == -1
			    ? "1 more P1 or P2 seat is"
			    : arena_printf(&out->arena, "%d more P1 or P2 seats are", -left));
	else if (left == 0)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "All %d P1 or P2 seats are assigned: the next person gets none.",
			    s.enabled);
	else if (s.expiring)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "A subscription with P1 or P2 has expired and is in its grace "
			    "period.");
	else
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "%d of %d P1 or P2 seats are free.", left, s.enabled);
	if (one->verdict == VERDICT_WARN)
		finding_remedy(out, one, "Buy seats, or free some that nobody uses.");
}

/* The runbook's check: a summary of the two others. */
static void judge_prereq(const struct facts *f, struct findings *out)
{
	struct finding *one = findings_add(out, "prereq.licence", "licence", "Licences");
	struct unlicensed u = { 0 };
	struct seats s;

	one->link = LINK_LICENSING;
	if (!need_area(f, out, one, AREA_LICENCES))
		return;
	s = premium_seats(&f->licences);
	sku_evidence(f, out, one);
	if (!s.skus) {
		area_evidence(f, out, one, AREA_LICENCES,
			      "%s, none with P1 or P2 for people",
			      count_text(f->licences.n, "subscription", &out->arena));
		if (facts_hybrid(f) == TRI_NO)
			finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
				    "No P1 or P2. Cloud-only people may reset with Business "
				    "Standard or better; reports and writeback need P1.");
		else
			finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
				    "The tenant has no P1 or P2, which password writeback "
				    "needs for every person.");
		finding_remedy(out, one, "Buy Microsoft Entra ID P1, or a suite that has it.");
		return;
	}
	if (facts_read(f, AREA_MEMBERS)) {
		count_unlicensed(f, &u, &out->arena);
		unlicensed_evidence(f, out, one, &u);
	}
	if (u.synced.n)
		finding_set(out, one, VERDICT_FAIL, CONFIDENCE_PROVED,
			    "The tenant has P1 or P2, but there is none for %s: %s.",
			    count_text(u.synced.n, "synchronised member", &out->arena),
			    u.synced_text);
	else if (u.cloud.n)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "The tenant has P1 or P2, but there is none for %s: %s.",
			    count_text(u.cloud.n, "cloud-only member", &out->arena),
			    u.cloud_text);
	else if (s.enabled <= s.consumed || s.expiring)
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED,
			    "The tenant has P1 or P2, but %s.",
			    s.expiring ? "a subscription is in its grace period"
				       : "no seat is left");
	else if (u.unknown)
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "The tenant has P1 or P2; cannot tell for %s, whose plans are not "
			    "shown to us.", count_text(u.unknown, "member", &out->arena));
	else
		finding_set(out, one, VERDICT_PASS, CONFIDENCE_PROVED,
			    "P1 or P2 is there, %d of %d seats are free%s.",
			    s.enabled - s.consumed, s.enabled,
			    u.checked ? ", and every member has one" : "");
	if (one->verdict != VERDICT_PASS)
		finding_remedy(out, one, "Assign licences to the members, or buy seats.");
	add_warning(out, one, &u);
}

void judge_licence(const struct facts *f, const struct wanted *w, struct findings *out)
{
	judge_prereq(f, out);
	judge_licence_members(f, w, out);
	judge_seats(f, out);
}
