/* The runbook list on the left: what can be chosen, and how each row stands. */
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "tui/model.h"

const struct board_item board_items[] = {
	{ ITEM_CHECK, "prereq.licence", "Licences", 0, "Before you start", 0 },
	{ ITEM_CHECK, "prereq.connect", "Entra Connect", 0, NULL, 0 },
	{ ITEM_CHECK, "prereq.writeback", "Writeback", 0, NULL, 0 },
	{ ITEM_CHECK, "prereq.sync-health", "Sync health", 0, NULL, 0 },
	{ ITEM_CHECK, "prereq.group", "Security group", 0, NULL, 0 },
	{ ITEM_CHECK, "prereq.registration", "Registration", 0, NULL, 0 },
	{ ITEM_CHECK, "prereq.ports", "Ports", 0, NULL, 0 },
	{ ITEM_STEP, "group", NULL, 1, "Runbook", 0 },
	{ ITEM_STEP, "enablement", NULL, 2, NULL, 0 },
	{ ITEM_STEP, "methods", NULL, 3, NULL, 0 },
	{ ITEM_STEP, "writeback", NULL, 4, NULL, 0 },
	{ ITEM_STEP, "admin", NULL, 5, NULL, 0 },
	{ ITEM_STEP, "registration", NULL, 6, NULL, 0 },
	{ ITEM_STEP, "notifications", NULL, 7, NULL, 0 },
	{ ITEM_SCREEN, "findings", "Findings", 0, "Afterwards", ACT_HEALTH },
	{ ITEM_SCREEN, "diagnose", "Diagnose a person", 0, NULL, ACT_DIAGNOSE },
	{ ITEM_SCREEN, "monitor", "Monitor", 0, NULL, ACT_MONITOR },
	{ ITEM_SCREEN, "readiness", "Readiness", 0, NULL, ACT_READINESS },
	{ ITEM_SCREEN, "report", "Report", 0, NULL, ACT_REPORT },
	{ ITEM_SCREEN, "history", "History", 0, NULL, ACT_HISTORY },
};
const int nboard_items = COUNT_OF(board_items);

const struct board_item *board_chosen(const struct app *a)
{
	return &board_items[a->board.list.selected];
}

int board_item_find(const char *id)
{
	for (int i = 0; i < nboard_items; i++)
		if (str_same(board_items[i].id, id))
			return i;
	return -1;
}

void board_select(struct app *a, const char *id)
{
	int i = board_item_find(id);

	if (i < 0)
		return;
	a->board.list.selected = i;
	a->board.scroll = 0;
	a->board.button = 0;
}

const struct step_view *board_step(const struct app *a)
{
	const struct board_item *item = board_chosen(a);
	const struct step_view *v;

	if (item->kind != ITEM_STEP || !a->opened)
		return NULL;
	v = &a->session.views[item->number - 1];
	return v->ops ? v : NULL;
}

/* All areas of the mask have been tried. */
static bool tried(const struct app *a, unsigned areas)
{
	for (unsigned i = 0; i < AREA_COUNT; i++)
		if ((areas & AREA_BIT(i)) &&
		    a->session.facts.source[i].state == SOURCE_UNREAD)
			return false;
	return true;
}

bool board_pending(const struct app *a, const struct board_item *item)
{
	bool reading = a->opened && (a->session.state == SESSION_READING ||
				     a->session.state == SESSION_VERIFYING);
	const struct step_view *v;
	const struct finding *f;

	if (!a->opened)
		return true;
	if (item->kind == ITEM_STEP) {
		v = &a->session.views[item->number - 1];
		return !v->ops || (reading && !tried(a, v->ops->areas));
	}
	f = findings_find(&a->session.findings, item->id);
	return !f || (reading && !a->session.again && f->verdict == VERDICT_UNKNOWN);
}

struct look board_look(const struct app *a, const struct board_item *item)
{
	if (board_pending(a, item))
		return a->opened && a->session.state != SESSION_IDLE ? look_reading() :
		       look_unread();
	if (item->kind == ITEM_STEP)
		return look_of_step(&a->session.views[item->number - 1]);
	return look_of_verdict(findings_find(&a->session.findings, item->id)->verdict);
}
