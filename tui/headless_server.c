#include <stdio.h>
#include <unistd.h>

#include "checks/report.h"
#include "checks/servers.h"
#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "steps/server_import.h"
#include "steps/server_script.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

int headless_server_script(struct headless *h)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct err err = ERR_INIT;
	int status;

	if (h->o->enable_writeback) {
		server_script_print_enable(&text);
		return headless_put_text(h, &text);
	}
	/* The script belongs to one tenant: its document is good for no other. */
	status = headless_read(h, AREA_BIT(AREA_ORGANIZATION));
	if (status)
		return status;
	if (session_server_script(&h->session, &text, &err) < 0)
		return headless_fail(&err);
	return headless_put_text(h, &text);
}

static struct json *import_json(const struct facts *f, const struct findings *findings)
{
	struct json *doc = json_new_object(), *server, *list;
	char when[TIME_TEXT];

	json_add_string(doc, "schema", "sspr-wizard/import/1");
	json_add(doc, "tenant", report_tenant(f));
	server = json_add_object(doc, "server");
	json_add_string(server, "name", f->server.computer);
	json_add_string(server, "version", f->server.version);
	json_add_string(server, "collected", time_format(f->server.collected_ms, when));
	list = json_add_array(doc, "findings");
	for (size_t i = 0; i < findings->n; i++)
		json_append(list, report_finding_json(&findings->v[i]));
	return doc;
}

static int put_import(struct headless *h, const struct findings *findings)
{
	const struct facts *f = &h->session.facts;
	CLEANUP(str_release) struct str text = { 0 };
	struct json *doc;
	char when[TIME_TEXT];
	int status;

	if (h->json) {
		doc = import_json(f, findings);
		status = headless_put_json(h, doc);
		json_free(doc);
		return status;
	}
	str_addf(&text, "Where it ran: %s, on %s\n\n", f->server.where,
		 time_format(f->server.collected_ms, when));
	for (size_t i = 0; i < findings->n; i++)
		report_finding_text(&findings->v[i], f->now_ms, h->columns, h->ascii, &text);
	return headless_put_text(h, &text);
}

#define TELL_MS 1000	/* from one line of progress to the next */

/* On a terminal one line that changes; elsewhere the start alone. */
static void tell_run(const struct server_run *r, bool terminal)
{
	char span[TIME_TEXT];

	if (!terminal)
		return;
	fprintf(stderr, "\r\033[K%s: %s, %zu KiB%s%.40s", r->place,
		time_span(clock_now_ms() - r->started_ms, span), r->bytes >> 10,
		r->line.len ? ", " : "", str_text(&r->line));
}

static int ask_server(struct headless *h, const char *place, struct err *err)
{
	const struct server_run *r;
	bool terminal = isatty(STDERR_FILENO);

	if (session_server_start(&h->session, place, h->setup.profile.server_seconds, err) < 0)
		return -1;
	r = h->session.server_run;
	if (!terminal)
		headless_say("asking %s by ssh.", place);
	while (r->running) {
		tell_run(r, terminal);
		loop_run_once(h->loop, TELL_MS);
	}
	if (terminal)
		fputs("\r\033[K", stderr);
	*err = r->err;
	return r->err.kind == ERR_NONE ? 0 : -1;
}

static int import_file(struct headless *h, const char *path, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };

	if (file_read(path, SERVER_TEXT_MAX, &text, err) < 0)
		return -1;
	return session_server_import(&h->session, str_text(&text), text.len, err);
}

int headless_import(struct headless *h)
{
	const char *file = h->o->nargs ? h->o->args[0] : NULL;
	const char *place = h->o->ssh ? h->o->ssh : h->setup.profile.server_ssh;
	struct findings findings = { 0 };
	struct err err = ERR_INIT;
	int status, put;

	if (!file && !place) {
		err_set(&err, ERR_INVALID, 0, "import needs FILE, or --ssh HOST");
		err_todo(&err, "A profile can name the server: sspr-wizard.conf(5), [server].");
		return headless_fail(&err);
	}
	status = headless_read(h, AREA_BIT(AREA_ORGANIZATION));
	if (status)
		return status;
	if ((file ? import_file(h, file, &err) : ask_server(h, place, &err)) < 0)
		return headless_fail(&err);
	judge_servers(&h->session.facts, &findings);
	put = put_import(h, &findings);
	status = exit_of_findings(&findings);
	findings_clear(&findings);
	return put ? put : status;
}
