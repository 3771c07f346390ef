#include "checks/benchmark.h"

#include <string.h>

#include "checks/benchmark_item.h"
#include "checks/check.h"
#include "checks/judge.h"
#include "graph/base/mem.h"

const struct benchmark benchmarks[] = {
	{ "cis-m365-7", "CIS Microsoft 365 Foundations 7.0.0, level 1" },
	{ "cis-m365-7-l2", "CIS Microsoft 365 Foundations 7.0.0, level 1 and 2" },
	{ "scuba", "CISA SCuBA, Microsoft Entra ID" },
	{ "asd", "ASD Blueprint for Secure Cloud" },
	{ "eidsca", "EIDSCA and Maester, password reset and methods" },
	{ "zta", "Microsoft Zero Trust Assessment, password reset and methods" },
	{ "secure-score", "Microsoft Secure Score, Entra controls" },
	{ NULL, NULL },
};
static const unsigned masks[] = { CIS_1, CIS_1 | CIS_2, SCUBA, ASD, EIDSCA, ZTA, SCORE };

const struct benchmark *benchmark_find(const char *name)
{
	for (const struct benchmark *b = benchmarks; b->name; b++)
		if (str_same_nocase(b->name, name))
			return b;
	return NULL;
}

enum verdict item_bad(const struct item *item)
{
	return item->should ? VERDICT_WARN : VERDICT_FAIL;
}

void item_set(const struct item *item, struct findings *out, struct finding *one, bool well,
	      const char *summary, const char *remedy)
{
	finding_set(out, one, well ? VERDICT_PASS : item_bad(item), CONFIDENCE_PROVED, "%s",
		    summary);
	if (!well)
		finding_remedy(out, one, "%s", remedy);
}

/* Settings that have no API are known by other signs (check.h). */
ITEM_JUDGE(item_setting)
{
	enum confidence confidence;
	const char *how, *value;
	int64_t time_ms;

	value = setting_judge(f, item->name, &confidence, &how, &time_ms, &out->arena);
	finding_evidence(out, one, setting_request(f, item->name, confidence), time_ms, "%s",
			 how);
	if (!value) {
		finding_set(out, one, VERDICT_UNKNOWN, confidence,
			    "Cannot tell: this setting has no API. Wanted: %s.", item->want);
		finding_remedy(out, one, "Look at it in the admin centre; the wizard records "
			       "what you say.");
	} else if (str_same_nocase(value, item->want)) {
		finding_set(out, one, VERDICT_PASS, confidence, "It is %s.", value);
	} else {
		finding_set(out, one, item_bad(item), confidence, "It is %s; wanted: %s.", value,
			    item->want);
		finding_remedy(out, one, "Set it to %s.", item->want);
	}
}

ITEM_JUDGE(item_manual)
{
	(void)f;
	finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Cannot tell: %s.", item->name);
	finding_remedy(out, one, "Look at it by hand, and record what you found.");
}

/* Required at sign-in, and to be confirmed again: both, or it does not pass. */
ITEM_JUDGE(item_reconfirm)
{
	enum confidence confidence;
	const char *how, *days;
	int64_t time_ms;

	item_setting(item, f, out, one);
	if (one->verdict != VERDICT_PASS)
		return;
	days = setting_judge(f, "registration.days", &confidence, &how, &time_ms, &out->arena);
	finding_evidence(out, one, setting_request(f, "registration.days", confidence), time_ms,
			 "%s", how);
	if (!days) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE, "Registration is required; "
			    "cannot tell after how many days people confirm it again, which must "
			    "not be 0.");
		finding_remedy(out, one, "Look in the admin centre, Password reset, Registration: "
			       "180 days is the default.");
	} else if (str_same(days, "0")) {
		finding_set(out, one, item_bad(item), confidence, "Registration is required but "
			    "never has to be confirmed again: the days are 0.");
		finding_remedy(out, one, "Set the days to 180.");
	} else {
		finding_set(out, one, VERDICT_PASS, one->confidence, "It is on, and confirmed again "
			    "after %s days.", days);
	}
}

/* allowedToUseSSPR is about administrators alone (facts peers.md c6). */
ITEM_JUDGE(item_admin_reset)
{
	enum tri may = f->authorization.admins_may_reset;

	one->link = LINK_ADMIN;
	if (!need_area(f, out, one, AREA_AUTHORIZATION))
		return;
	if (may == TRI_UNKNOWN) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: allowedToUseSSPR was not given.");
		return;
	}
	area_evidence(f, out, one, AREA_AUTHORIZATION, "allowedToUseSSPR: %s",
		      may == TRI_YES ? "true" : "false");
	item_set(item, out, one, may == TRI_NO, may == TRI_YES
		 ? "Administrators may reset their own password."
		 : "Administrators may not reset their own password.",
		 "Turn it off; administrators then need another administrator.");
}

ITEM_JUDGE(item_score)
{
	const struct score_control *c = NULL;

	if (!need_area(f, out, one, AREA_SCORE))
		return;
	for (size_t i = 0; i < f->score.ncontrols && !c; i++)
		if (str_same_nocase(f->score.controls[i].name, item->name))
			c = &f->score.controls[i];
	if (!c || c->percent < 0) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_NONE,
			    "Cannot tell: Secure Score does not have this control here.");
		return;
	}
	finding_evidence(out, one, f->source[AREA_SCORE].request, f->score.synced_ms,
			 "%s: %d %%%s%s", c->name, c->percent, c->text && *c->text ? ". " : "",
			 c->text ? c->text : "");
	/* A ratio of people, and up to two days old: never more than likely. */
	finding_set(out, one, c->percent >= 100 ? VERDICT_PASS : item_bad(item),
		    CONFIDENCE_LIKELY, "Microsoft counts it as done to %d %%.", c->percent);
	if (c->percent < 100)
		finding_remedy(out, one, "See the control in Microsoft Secure Score for who is "
			       "missing.");
}

/* ASD numbers nothing: its ids are ours. */
static const char *title_of(const struct item *item, struct arena *arena)
{
	if (item->of & ASD)
		return item->title;
	return arena_printf(arena, "%s %s", strchr(item->id, '.') + 1, item->title);
}

/* What the runbook wants instead, and what a pilot may be without. */
static void judge_against_runbook(const struct item *item, const struct wanted *w,
				  struct findings *out, struct finding *one)
{
	if (one->verdict != VERDICT_FAIL && one->verdict != VERDICT_WARN)
		return;
	if (item->later && !w->production && one->verdict == VERDICT_FAIL)
		finding_set(out, one, VERDICT_WARN, one->confidence, "%s Expected while it is a "
			    "pilot; due for production.", one->summary);
	if (item->runbook)
		finding_remedy(out, one, "%s The runbook wants %s instead: decide, and record "
			       "what you accept.", one->remedy, item->runbook);
}

void benchmark_judge(const struct facts *f, const struct wanted *w, struct findings *out)
{
	const struct benchmark *b = benchmark_find(w->benchmark);
	size_t from = out->n;

	if (!b)
		return;
	for (size_t i = 0; i < nbenchmark_items; i++) {
		const struct item *item = &benchmark_items[i];
		struct finding *one;

		if (!(item->of & masks[b - benchmarks]))
			continue;
		one = findings_add(out, item->id, "benchmark", title_of(item, &out->arena));
		one->link = item->judge == item_setting || item->judge == item_reconfirm
			    ? LINK_COUNT : LINK_METHODS;
		item->judge(item, f, out, one);
		judge_against_runbook(item, w, out, one);
	}
	findings_of_cloud(f, out, from);
}
