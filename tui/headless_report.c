#include "graph/base/mem.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"
#include "tui/report_make.h"

static int put(struct headless *h, const struct assessment *a)
{
	CLEANUP(str_release) struct str text = { 0 };
	const char *format = h->o->format ? h->o->format : report_formats[0].name;

	for (size_t i = 0; i < nreport_formats; i++)
		if (str_same(format, report_formats[i].name))
			report_formats[i].write(a, &text);
	return headless_put_text(h, &text);
}

int headless_report(struct headless *h)
{
	CLEANUP(json_free_ptr) struct json *earlier = NULL;
	struct report_wish wish = { .redact = h->o->redact };
	struct err err = ERR_INIT;
	struct report report;
	int status, failed;

	/* Before the tenant is read: who changed what since then is asked along with
	 * the rest. */
	if (h->o->compare) {
		earlier = report_earlier(&h->session, h->o->compare, &err);
		if (!earlier) {
			headless_fail(&err);
			return EXIT_CANNOT;
		}
		wish.earlier = earlier;
	}
	status = headless_read(h, AREAS_ALL);
	headless_probe(h);
	if (h->stopped || status)
		return EXIT_CANNOT;
	failed = report_make(&h->session, &h->setup.profile, &wish, &report, &err);
	if (failed < 0) {
		err_wrap(&err, "%s", h->o->compare);
		report_release(&report);
		return headless_fail(&err);
	}
	headless_tell_entries(&h->session);
	failed = put(h, &report.a);
	status = exit_of_findings(&report.findings);
	report_release(&report);
	return failed ? failed : status;
}
