#include "steps/plan_json.h"

#include "tui/headless_command.h"

int headless_history(struct headless *h)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct json *doc;
	size_t unsettled;
	int status = headless_read(h, AREA_BIT(AREA_ORGANIZATION)), put;

	/* The journal is named after the tenant's id. */
	if (status)
		return status;
	unsettled = h->session.journal ? journal_unsettled(h->session.journal) : 0;
	if (unsettled)
		headless_say("%zu %s no outcome yet; the next apply or undo settles %s.",
			     unsettled, unsettled == 1 ? "change has" : "changes have",
			     unsettled == 1 ? "it" : "them");
	if (!h->json) {
		history_text(&h->session, &text);
		return headless_put_text(h, &text);
	}
	doc = history_json(&h->session);
	put = headless_put_json(h, doc);
	json_free(doc);
	return put;
}
