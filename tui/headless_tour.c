#include "steps/plan_json.h"

#include "checks/report.h"
#include "tui/headless_command.h"

/* What the wizard would lead through, told as text in one session: the demo on
 * a machine without a terminal. Nothing here can fail a script. */

static void part(struct str *out, unsigned number, const char *what)
{
	str_addf(out, "\n==== %u of 4: %s\n\n", number, what);
}

static void tell_check(struct headless *h, struct str *out)
{
	report_check_text(&h->session.facts, &h->session.findings, h->columns, h->ascii, out);
}

static void tell_apply(struct headless *h, struct str *out)
{
	const struct progress *p;
	struct err err = ERR_INIT;
	struct plan plan;
	size_t n;

	plan_init(&plan);
	session_plan(&h->session, NULL, &plan);
	if (h->setup.session.read_only) {
		str_add(out, "Read-only: nothing is written.\n");
	} else if (!plan.n) {
		str_add(out, "Nothing to change.\n");
	} else if (session_apply(&h->session, &plan, &err) < 0) {
		headless_fail(&err);
	} else {
		headless_wait(h);
		n = engine_progress(h->session.engine, &p);
		for (size_t i = 0; i < n; i++)
			str_addf(out, "%-8s %s\n", outcome_name(p[i].outcome), p[i].title);
		if (h->session.err.kind != ERR_NONE)
			headless_fail(&h->session.err);
	}
	str_add_char(out, '\n');
	plan_left_text(&h->session, h->columns, h->ascii, out);
	plan_release(&plan);
}

int headless_tour(struct headless *h)
{
	CLEANUP(str_release) struct str text = { 0 };
	int status = headless_read(h, AREAS_ALL);

	if (status)
		return status;
	str_addf(&text, "A tour of sspr-wizard on the built-in tenant \"%s\"; nothing leaves this "
			"machine.\nIn a terminal the same is a full-screen wizard: "
			"sspr-wizard --demo\n", h->o->demo);
	part(&text, 1, "check - what is there");
	tell_check(h, &text);
	part(&text, 2, "plan - what would be changed");
	plan_text(&h->session, h->columns, h->ascii, &text);
	part(&text, 3, "apply - what was changed, and what is left for a person");
	tell_apply(h, &text);
	part(&text, 4, "check - what is there now");
	tell_check(h, &text);
	str_add(&text, "\nEvery change is journaled before it is sent. To go on from here, keep the "
		       "tenant:\n  sspr-wizard apply --demo --demo-state demo.json --yes\n"
		       "  sspr-wizard history --demo --demo-state demo.json\n"
		       "  sspr-wizard undo --demo --demo-state demo.json --yes\n");
	return headless_put_text(h, &text);
}
