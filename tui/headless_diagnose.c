#include "checks/diagnose.h"
#include "checks/report.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

/* Why nobody of that name was judged. */
static int nobody(const struct headless *h, const char *user)
{
	const struct facts *f = &h->session.facts;
	const struct wanted_people *people = &f->wanted_people;

	if (!facts_read(f, AREA_PEOPLE)) {
		struct arena arena = { 0 };

		headless_say("%s was not looked up: %s.", user,
			     facts_why_unknown(f, AREA_PEOPLE, &arena));
		arena_clear(&arena);
	} else if (people->n && people->v[0].state == ENTRY_AMBIGUOUS) {
		headless_say("%s is more than one person: give the user principal name or the "
			     "object id.", user);
	} else {
		headless_say("nobody in this tenant has the user principal name, mail address "
			     "or object id %s.", user);
	}
	return EXIT_CANNOT;
}

/* Whoever can reset, but not for sure or not for long, needs attention. */
static int status_of(enum tri can, const struct findings *findings)
{
	if (can == TRI_NO)
		return EXIT_BAD;
	if (can == TRI_UNKNOWN)
		return EXIT_CANNOT;
	return findings_verdict(findings) == VERDICT_WARN ? EXIT_ATTENTION : EXIT_WELL;
}

static int put(struct headless *h, const struct person *p, enum tri can,
	       const struct findings *findings)
{
	CLEANUP(str_release) struct str text = { 0 };
	const struct facts *f = &h->session.facts;
	struct json *doc;
	int status;

	if (!h->json) {
		report_diagnose_text(f, p, can, findings, h->columns, h->ascii, &text);
		return headless_put_text(h, &text);
	}
	doc = report_diagnose_json(f, p, can, findings);
	status = headless_put_json(h, doc);
	json_free(doc);
	return status;
}

int headless_diagnose(struct headless *h)
{
	const char *user = h->o->args[0];
	struct findings findings = { 0 };
	const struct person *p;
	int status, failed;
	enum tri can;

	h->session.wanted.entries = &user;
	h->session.wanted.entry_lines = NULL;
	h->session.wanted.nentries = 1;
	status = headless_read(h, DIAGNOSE_AREAS);
	if (status || h->stopped)
		return EXIT_CANNOT;
	p = diagnose_find(&h->session.facts, user);
	if (!p)
		return nobody(h, user);
	can = diagnose_person(&h->session.facts, &h->session.wanted, p, &findings);
	failed = put(h, p, can, &findings);
	status = status_of(can, &findings);
	findings_clear(&findings);
	return failed ? failed : status;
}
