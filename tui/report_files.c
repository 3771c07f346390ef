/* Writing the report from the wizard: once all is read, one file a format. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "tui/report_make.h"
#include "tui/report_screen.h"

static unsigned unread(const struct app *a)
{
	unsigned areas = 0;

	for (unsigned i = 0; i < AREA_COUNT; i++)
		if (a->session.facts.source[i].state == SOURCE_UNREAD)
			areas |= AREA_BIT(i);
	return areas;
}

static void problem(struct app *a, const struct err *err)
{
	snprintf(a->report.problem, sizeof(a->report.problem), "%s.%s%s", err->msg,
		 *err->todo ? " " : "", err->todo);
}

void report_default_base(const struct app *a, struct str *out)
{
	const struct organization *o = &a->session.facts.organization;
	char when[TIME_TEXT];

	str_addf(out, "%s-sspr-%.10s", o->default_domain ? o->default_domain : "tenant",
		 time_format(a->now_ms, when));
}

/* The name without its format's end; the caller's. */
static char *base_of(const struct app *a)
{
	CLEANUP(str_release) struct str base = { 0 };

	if (a->report.base.text.len)
		return save_path(str_text(&a->report.base.text));
	report_default_base(a, &base);
	return xstrdup(str_text(&base));
}

static bool wanted(const struct app *a, size_t format)
{
	return a->report.formats & (1u << format);
}

/* The first file that would be replaced, the caller's; or NULL. */
static char *one_that_exists(const struct app *a)
{
	CLEANUP(free_ptr) char *base = base_of(a);

	for (size_t i = 0; i < nreport_formats; i++) {
		char *path = xasprintf("%s%s", base, report_formats[i].ending);

		if (wanted(a, i) && access(path, F_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

static void note(struct report_screen *s, const char *path, size_t bytes)
{
	char *whole = realpath(path, NULL);
	struct written_file *f;

	ARENA_GROW(&s->arena, s->written, s->nwritten, s->written_cap);
	f = &s->written[s->nwritten++];
	f->path = arena_strdup(&s->arena, whole ? whole : path);
	f->bytes = bytes;
	free(whole);
}

static int write_files(struct app *a, const struct report *report, struct err *err)
{
	CLEANUP(free_ptr) char *base = base_of(a);

	for (size_t i = 0; i < nreport_formats; i++) {
		CLEANUP(str_release) struct str text = { 0 };
		CLEANUP(free_ptr) char *path = xasprintf("%s%s", base, report_formats[i].ending);

		if (!wanted(a, i))
			continue;
		report_formats[i].write(&report->a, &text);
		if (file_write(path, str_text(&text), text.len, err) < 0)
			return -1;
		note(&a->report, path, text.len);
	}
	return 0;
}

static void write_now(struct app *a)
{
	struct report_screen *s = &a->report;
	struct report_wish wish = {
		.title = str_text(&s->title.text), .redact = s->redact, .earlier = s->earlier_doc,
	};
	struct err err = ERR_INIT;
	struct report report;

	if (report_make(&a->session, &a->setup.profile, &wish, &report, &err) < 0 ||
	    write_files(a, &report, &err) < 0)
		problem(a, &err);
	else
		app_say(a, ROLE_GOOD, "The report is written, for your eyes only (mode 0600)");
	report_release(&report);
}

static void stop_waiting(struct app *a)
{
	a->report.waiting = a->report.asked_log = false;
	a->session.wanted.changes_since_ms = 0;
	json_free(a->report.earlier_doc);
	a->report.earlier_doc = NULL;
}

void report_cancel(struct app *a)
{
	if (a->report.waiting)
		stop_waiting(a);
}

void report_news(struct app *a)
{
	struct report_screen *s = &a->report;

	if (!s->waiting || !a->opened || a->session.state != SESSION_IDLE)
		return;
	/* Who changed what since the earlier one is asked with the audit log. */
	if (s->earlier_doc && !s->asked_log) {
		s->asked_log = true;
		session_read(&a->session, unread(a) | AREA_BIT(AREA_AUDIT));
		return;
	}
	if (unread(a) && !s->asked_rest) {
		s->asked_rest = true;
		session_read(&a->session, unread(a));
		return;
	}
	write_now(a);
	stop_waiting(a);
}

void report_write(struct app *a)
{
	struct report_screen *s = &a->report;
	CLEANUP(free_ptr) char *earlier = save_path(str_text(&s->earlier.text));
	CLEANUP(free_ptr) char *there = one_that_exists(a);
	struct err err = ERR_INIT;

	s->problem[0] = '\0';
	s->nwritten = 0;
	if (!s->formats) {
		snprintf(s->problem, sizeof(s->problem), "Choose a format first: Space selects.");
		return;
	}
	if (there && !s->asked_replace) {
		s->asked_replace = true;
		snprintf(s->problem, sizeof(s->problem), "There is %.400s already. Write again "
			 "to replace it, or change the name.", there);
		return;
	}
	if (*earlier) {
		s->earlier_doc = report_earlier(&a->session, earlier, &err);
		if (!s->earlier_doc) {
			problem(a, &err);
			return;
		}
	}
	s->waiting = true;
	s->asked_log = s->asked_rest = s->asked_replace = false;
	report_news(a);
}
