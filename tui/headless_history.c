#include "steps/plan_json.h"

#include "tui/headless_command.h"

int headless_history(struct headless *h)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct json *doc;
	int status = headless_read(h, AREA_BIT(AREA_ORGANIZATION)), put;

	/* The journal is named after the tenant's id. */
	if (status)
		return status;
	if (h->session.journal && journal_unsettled(h->session.journal))
		headless_say("%zu changes have no outcome yet; the next apply or undo settles "
			     "them.", journal_unsettled(h->session.journal));
	if (!h->json) {
		history_text(&h->session, &text);
		return headless_put_text(h, &text);
	}
	doc = history_json(&h->session);
	put = headless_put_json(h, doc);
	json_free(doc);
	return put;
}
