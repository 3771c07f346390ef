/* monitor readiness: who of the pilot is ready, and whether that is enough. */
#include "checks/invitation.h"
#include "checks/report_readiness.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

static int put(struct headless *h, const struct readiness *r)
{
	CLEANUP(str_release) struct str text = { 0 };
	const struct facts *f = &h->session.facts;
	struct json *doc;
	int status;

	if (h->json) {
		doc = report_readiness_json(f, r);
		status = headless_put_json(h, doc);
		json_free(doc);
		return status;
	}
	if (h->o->invitations)
		invitations_document(r, &text);
	else if (str_same(h->o->format, "csv"))
		report_readiness_csv(r, NULL, NULL, &text);
	else
		report_readiness_text(f, r, h->columns, h->ascii, &text);
	return headless_put_text(h, &text);
}

int headless_readiness(struct headless *h)
{
	struct arena arena = { 0 };
	struct readiness r;
	int status, failed;

	status = headless_read(h, READINESS_AREAS);
	if (status || h->stopped)
		return EXIT_CANNOT;
	headless_tell_entries(&h->session);
	readiness_judge(&h->session.facts, &h->session.wanted, &r, &arena);
	failed = put(h, &r);
	status = exit_of_readiness(&r);
	arena_clear(&arena);
	return failed ? failed : status;
}
