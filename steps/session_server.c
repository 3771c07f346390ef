/* The Entra Connect server, asked by ssh, and what it said taken in. */
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/guid.h"
#include "graph/base/mem.h"
#include "steps/server_import.h"
#include "steps/server_run.h"
#include "steps/server_script.h"
#include "steps/session_internal.h"

int session_tenant_dir(const struct session *s, struct str *out, struct err *err)
{
	const char *id = s->facts.organization.id;

	if (!id) {
		err_set(err, ERR_CONFLICT, 0, "the tenant was not read yet");
		return err_todo(err, "Read the tenant first.");
	}
	if (s->options.state_dir)
		str_add(out, s->options.state_dir);
	else if (file_state_dir(out, err) < 0)
		return -1;
	return str_addf(out, "/%s", id);
}

int session_server_script(struct session *s, struct str *out, struct err *err)
{
	CLEANUP(str_release) struct str dir = { 0 };
	struct server_script_request request = { .cloud = s->facts.cloud };
	char nonce[GUID_TEXT];

	if (session_tenant_dir(s, &dir, err) < 0)
		return -1;
	guid_make(nonce);
	request.nonce = nonce;
	request.tenant = s->facts.organization.id;
	if (server_script_print(&request, out, err) < 0)
		return -1;
	return server_request_remember(str_text(&dir), nonce, clock_now_ms(), err);
}

int session_server_import(struct session *s, const char *text, size_t len, struct err *err)
{
	CLEANUP(str_release) struct str dir = { 0 };

	if (session_tenant_dir(s, &dir, err) < 0 ||
	    server_import_text(text, len, str_text(&dir), &s->facts, clock_now_ms(), err) < 0)
		return -1;
	session_judge(s);
	session_changed(s);
	return 0;
}

/* --- By ssh --------------------------------------------------------------------- */

static void run_free(struct server_run *r)
{
	if (!r)
		return;
	child_stop(&r->child);
	str_release(&r->line);
	str_release(&r->script);
	arena_clear(&r->arena);
	free(r->place);
	free(r);
}

void session_server_free(struct session *s)
{
	run_free(s->server_run);
	s->server_run = NULL;
}

static void finish(struct server_run *r)
{
	r->running = false;
	r->ended_ms = clock_now_ms();
	str_release(&r->script);
	session_changed(r->session);
}

static void on_news(void *ctx)
{
	struct server_run *r = ctx;

	r->bytes = r->child.text[0].len;
	str_clear(&r->line);
	ssh_last_line(str_text(&r->child.text[1]), &r->line);
	session_changed(r->session);
}

/* Whatever the status: PowerShell ends with 0 after some errors, and a whole
 * document proves itself. */
static void take(struct server_run *r, int status, const struct str *out,
		 const struct str *errors)
{
	if (r->child.too_much)
		err_set(&r->err, ERR_LIMIT, 0, "%s sent more than %u MiB, which no document is",
			r->place, SERVER_TEXT_MAX >> 20);
	else if (r->child.timed_out)
		err_set(&r->err, ERR_NET, 0, "%s gave no whole answer within %d s", r->place,
			r->seconds);
	else if (strstr(str_text(out), SERVER_BLOCK_BEGIN))
		session_server_import(r->session, str_text(out), out->len, &r->err);
	else if (status != 0)
		ssh_explain(r->place, status, str_text(errors), &r->err);
	else
		err_set(&r->err, ERR_PARSE, 0, "%s answered, but without a document", r->place);
	/* What a server sent is no bad input of a person. */
	if (r->err.kind == ERR_INVALID)
		r->err.kind = ERR_PARSE;
	if (r->err.kind != ERR_NONE && !*r->err.todo)
		err_todo(&r->err, "Run the script on the server itself and import its document.");
}

static void on_done(void *ctx, int status, const struct str *out, const struct str *errors)
{
	struct server_run *r = ctx;

	r->bytes = out->len;
	take(r, status, out, errors);
	finish(r);
}

int session_server_start(struct session *s, const char *place, int seconds, struct err *err)
{
	CLEANUP(free_ptr) char *ssh = NULL;
	struct server_run *r;
	struct child_order order = { .output_max = SERVER_TEXT_MAX, .news = on_news,
				     .done = on_done };
	struct ssh_place where;

	if (s->server_run && s->server_run->running)
		return err_set(err, ERR_CONFLICT, 0, "%s is still being asked",
			       s->server_run->place);
	if (ssh_place_read(place, &where, err) < 0)
		return -1;
	if (s->options.demo)
		return err_set(err, ERR_INVALID, 0, "a demo reaches no server");
	ssh = child_find("ssh");
	if (!ssh) {
		err_set(err, ERR_NOT_FOUND, 0, "there is no ssh in PATH");
		return err_todo(err, "Install OpenSSH's client, or carry the script by hand.");
	}
	session_server_free(s);
	s->server_run = r = xcalloc(1, sizeof(*r));
	*r = (struct server_run){ .place = xstrdup(place), .session = s, .ssh = where,
				  .seconds = seconds ? seconds : SERVER_RUN_SECONDS,
				  .started_ms = clock_now_ms() };
	if (session_server_script(s, &r->script, err) < 0)
		return -1;
	order.path = ssh;
	order.argv = ssh_words(&r->ssh, r->form, &r->arena);
	order.input = &r->script;
	order.timeout_ms = r->seconds * 1000;
	order.ctx = r;
	if (!child_start(&r->child, s->loop, &order))
		return err_set(err, ERR_IO, 0, "ssh cannot be started");
	r->running = true;
	session_changed(s);
	return 0;
}

void session_server_stop(struct session *s)
{
	struct server_run *r = s->server_run;

	if (!r || !r->running)
		return;
	child_stop(&r->child);
	err_set(&r->err, ERR_CANCELLED, 0, "stopped; nothing of it was taken in");
	finish(r);
}
