#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/guid.h"
#include "steps/server_script.h"
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
