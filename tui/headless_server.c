#include "checks/report.h"
#include "checks/server_doctor.h"
#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/guid.h"
#include "steps/server_import.h"
#include "steps/server_script.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"

/* Where this tenant's own files lie: the folder of its journal. */
static int tenant_dir(const struct session *s, struct str *out, struct err *err)
{
	if (s->options.state_dir)
		str_add(out, s->options.state_dir);
	else if (file_state_dir(out, err) < 0)
		return -1;
	return str_addf(out, "/%s", s->facts.organization.id);
}

int headless_server_script(struct headless *h)
{
	CLEANUP(str_release) struct str text = { 0 }, dir = { 0 };
	struct server_script_request request = { 0 };
	struct err err = ERR_INIT;
	char nonce[GUID_TEXT];
	int status;

	if (h->o->enable_writeback) {
		server_script_print_enable(&text);
		return headless_put_text(h, &text);
	}
	/* The script belongs to one tenant: its document is good for no other. */
	status = headless_read(h, AREA_BIT(AREA_ORGANIZATION));
	if (status)
		return status;
	guid_make(nonce);
	request.nonce = nonce;
	request.tenant = h->session.facts.organization.id;
	request.cloud = h->session.facts.cloud;
	if (server_script_print(&request, &text, &err) < 0 ||
	    tenant_dir(&h->session, &dir, &err) < 0 ||
	    server_request_remember(str_text(&dir), nonce, clock_now_ms(), &err) < 0)
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

int headless_import(struct headless *h)
{
	CLEANUP(str_release) struct str dir = { 0 };
	struct findings findings = { 0 };
	struct err err = ERR_INIT;
	int status = headless_read(h, AREA_BIT(AREA_ORGANIZATION)), put;

	if (status)
		return status;
	if (tenant_dir(&h->session, &dir, &err) < 0 ||
	    server_import(h->o->args[0], str_text(&dir), &h->session.facts, clock_now_ms(),
			  &err) < 0)
		return headless_fail(&err);
	judge_server(&h->session.facts.server, clock_now_ms(), &findings);
	put = put_import(h, &findings);
	status = exit_of_findings(&findings);
	findings_clear(&findings);
	return put ? put : status;
}
