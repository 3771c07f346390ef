/* What findings mean: why they matter, what they cost, whom they touch. */
#include "checks/assessment.h"

#include <string.h>

#include "graph/base/mem.h"

#define PILOT "the people of the group"
#define SYNCED "people whose password lives on-premises"
#define ADMINS "administrators"
#define ALL_PEOPLE "everybody in the tenant"
#define OPERATORS "whoever runs the service"

static const struct advice table[] = {
	{ "prereq.licence", "Microsoft's terms ask for P1 or P2 for each person who may reset.",
	  "an hour", PILOT },
	{ "prereq.connect", "Without synchronisation nothing can be written back.", "a project",
	  SYNCED },
	{ "prereq.writeback", "Without writeback a synchronised person cannot reset at all.",
	  "an hour", SYNCED },
	{ "prereq.sync-health", "When synchronisation stands still, new people and groups do not "
	  "arrive.", "a day", SYNCED },
	{ "prereq.group", "The group decides who may reset.", "minutes", PILOT },
	{ "prereq.registration", "Only who has registered can prove who they are.", "a day",
	  PILOT },
	{ "prereq.ports", "A blocked address stops writeback without a word.", "a day", SYNCED },
	{ "prereq.", "The rollout stands on it.", "an hour", PILOT },
	{ "step.group", "The group decides who may reset.", "minutes", PILOT },
	{ "step.enablement", "Until it is enabled nobody can reset.", "minutes", PILOT },
	{ "step.methods", "The methods are how people prove who they are.", "minutes", PILOT },
	{ "step.writeback", "Without writeback a synchronised person cannot reset at all.",
	  "an hour", SYNCED },
	{ "step.admin", "Administrators follow a policy of their own.", "minutes", ADMINS },
	{ "step.registration", "Who cannot register cannot reset.", "an hour", PILOT },
	{ "step.notifications", "A message about a reset that was not theirs is how people "
	  "notice a theft.", "minutes", ALL_PEOPLE },
	{ "health.licence", "Microsoft's terms ask for a licence for each person.", "an hour",
	  PILOT },
	{ "health.writeback-failures", "Each failure is a person who called the help desk.",
	  "a day", SYNCED },
	{ "health.sync", "Old data in the cloud means wrong decisions there.", "a day", SYNCED },
	{ "health.quarantine", "A job in quarantine does nothing until it is restarted.",
	  "an hour", SYNCED },
	{ "health.duplicate-group", "Two groups of one name: people land in the wrong one.",
	  "minutes", PILOT },
	{ "health.stale-report", "Old rows make every number about registration doubtful.",
	  "minutes", OPERATORS },
	{ "health.admin", "An administrator without two ways to prove who they are waits for "
	  "a colleague.", "an hour", ADMINS },
	{ "health.sms-only", "Text messages from Microsoft end; they are also the weakest "
	  "method.", "a day", PILOT },
	{ "health.questions", "Security questions leave password reset.", "a day", PILOT },
	{ "health.sms-sign-in", "A text message alone should not sign anybody in.", "minutes",
	  ALL_PEOPLE },
	{ "health.target", "A pilot and a finished rollout are measured differently.", "minutes",
	  OPERATORS },
	{ "health.registration-", "Who cannot register cannot reset.", "an hour", PILOT },
	{ "health.hidden-reset-link", "Nobody uses what they cannot find.", "minutes",
	  ALL_PEOPLE },
	{ "health.blocked-people", "Many tries can be an attack.", "minutes", PILOT },
	{ "health.reset-failures", "Each failure is a person who called the help desk.", "a day",
	  PILOT },
	{ "health.", "It keeps the service well.", "an hour", PILOT },
	{ "monitor.", "What is not looked at is not noticed.", "minutes", OPERATORS },
	{ "cis.", "The benchmark of the Center for Internet Security asks for it.", "an hour",
	  ALL_PEOPLE },
	{ "scuba.", "The secure baseline of CISA asks for it.", "an hour", ALL_PEOPLE },
	{ "asd.", "The blueprint of the Australian Signals Directorate asks for it.", "an hour",
	  ALL_PEOPLE },
	{ "", "It belongs to the rollout.", "an hour", PILOT },
};

const struct advice *advice_find(const char *id)
{
	const struct advice *best = &table[COUNT_OF(table) - 1];

	for (size_t i = 0; i < COUNT_OF(table); i++)
		if (str_starts(id, table[i].id) && strlen(table[i].id) > strlen(best->id))
			best = &table[i];
	return best;
}

enum when finding_when(const struct finding *one)
{
	switch (one->verdict) {
	case VERDICT_FAIL:
		return WHEN_NOW;
	case VERDICT_WARN:
		return WHEN_NEXT;
	case VERDICT_UNKNOWN:
		return WHEN_LATER;
	case VERDICT_PASS:
	case VERDICT_NOT_APPLICABLE:
	case VERDICT_ACCEPTED:
		break;
	}
	return WHEN_NEVER;
}

const char *when_name(enum when w)
{
	static const char *const names[] = {
		[WHEN_NOW] = "now", [WHEN_NEXT] = "next", [WHEN_LATER] = "later",
		[WHEN_NEVER] = "",
	};

	return names[w];
}

size_t findings_count(const struct findings *f, enum verdict v)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->v[i].verdict == v;
	return n;
}

static const char *people_text(const struct facts *f, struct arena *arena)
{
	const struct registration *r = &f->registration;

	if (!facts_read(f, AREA_REGISTRATION))
		return "How many people can reset their password could not be read.";
	return arena_printf(arena, "%zu of %zu people can reset their password themselves "
			    "today; %zu have registered how to prove who they are.",
			    r->capable_total, r->members_total, r->registered_total);
}

const char *assessment_summary(const struct assessment *a, struct arena *arena)
{
	size_t fail = findings_count(a->findings, VERDICT_FAIL);
	size_t warn = findings_count(a->findings, VERDICT_WARN);
	const char *people = people_text(a->facts, arena), *work;

	if (!fail && !warn)
		work = "Nothing needs to be done.";
	else
		work = arena_printf(arena, "%zu %s to be repaired now, %zu should follow.", fail,
				    fail == 1 ? "thing has" : "things have", warn);
	return arena_printf(arena, "%s %s Score: %s.", people, work,
			    findings_score_text(a->findings, "", arena));
}

const char *safe_link(const char *link)
{
	static const char *const known[] = {
		"https://entra.microsoft.com/", "https://entra.microsoft.us/",
		"https://entra.microsoftonline.cn/", "https://learn.microsoft.com/",
		"https://aka.ms/", "https://admin.microsoft.com/",
	};

	for (size_t i = 0; link && i < COUNT_OF(known); i++)
		if (str_starts(link, known[i]))
			return link;
	return "";
}
