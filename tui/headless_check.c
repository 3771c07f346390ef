#include "checks/report.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

int headless_check(struct headless *h)
{
	const struct findings *all = &h->session.findings;
	int status = headless_read(h, AREAS_ALL), put;

	headless_probe(h);
	if (h->stopped)
		return EXIT_CANNOT;
	headless_tell_entries(&h->session);
	if (h->json) {
		struct json *doc = report_check_json(&h->session.facts, all);

		put = headless_put_json(h, doc);
		json_free(doc);
	} else {
		CLEANUP(str_release) struct str text = { 0 };

		report_check_text(&h->session.facts, all, h->columns, h->ascii, &text);
		put = headless_put_text(h, &text);
	}
	/* Without the tenant nothing that was judged means anything. */
	if (!status)
		status = exit_of_findings(all);
	return put ? put : status;
}
