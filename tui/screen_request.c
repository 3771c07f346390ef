/* One request whole: what was sent and what was answered. */
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "tui/model.h"

#define WIDTH 110

/* NULL when the log has let go of it. */
static const struct request_entry *shown(const struct app *a)
{
	const struct request_log *log = a->opened ? a->session.log : NULL;
	size_t before = log ? log->total - log->n : 0;

	return log && a->request_shown > before ?
	       request_log_at(log, a->request_shown - before - 1) : NULL;
}

static void new_line(struct str *out, int depth)
{
	str_add_char(out, '\n');
	for (int i = 0; i < depth && i < 12; i++)
		str_add(out, "  ");
}

/* JSON with a line for each field; anything else stays as it is. The text may
 * end in the middle. */
static void spread(const char *body, struct str *out)
{
	bool inside = false;
	int depth = 0;

	for (const char *c = body; *c; c++) {
		if (!inside && (*c == '}' || *c == ']'))
			new_line(out, --depth);
		str_add_char(out, *c);
		if (inside && *c == '\\' && c[1])
			str_add_char(out, *++c);
		else if (*c == '"')
			inside = !inside;
		else if (!inside && (*c == '{' || *c == '[') && c[1] != '}' && c[1] != ']')
			new_line(out, ++depth);
		else if (!inside && (*c == '{' || *c == '['))
			str_add_char(out, *++c);
		else if (!inside && *c == ',')
			new_line(out, depth);
		else if (!inside && *c == ':')
			str_add_char(out, ' ');
	}
}

static void put_body(struct sheet *s, const char *title, const char *body, const char *none)
{
	CLEANUP(str_release) struct str text = { 0 };

	sheet_blank(s);
	sheet_line(s, 0, ROLE_TITLE, title);
	if (body && (*body == '{' || *body == '['))
		spread(body, &text);
	else
		str_add(&text, body ? body : none);
	sheet_text(s, 0, body ? ROLE_TEXT : ROLE_DIM, str_text(&text));
	if (body && strlen(body) + 3 >= REQUEST_EXCERPT_MAX)
		sheet_text(s, 0, ROLE_DIM, "Only its beginning is kept.");
}

static void put_answer(const struct request_entry *e, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };

	if (e->took_ms < 0)
		str_add(&text, "No answer yet");
	else if (!e->status)
		str_addf(&text, "No answer came in %d ms", e->took_ms);
	else
		str_addf(&text, "Status %d after %d ms, %zu bytes", e->status, e->took_ms,
			 e->bytes);
	if (*e->request_id)
		str_addf(&text, ", request id %s", e->request_id);
	if (*e->note)
		str_addf(&text, ", %s", e->note);
	sheet_text(s, 0, e->status >= 400 ? ROLE_WARN : ROLE_DIM, str_text(&text));
	str_clear(&text);
	str_addf(&text, "Our client-request-id %s", e->client_request_id);
	if (*e->client_request_id)
		sheet_text(s, 0, ROLE_DIM, str_text(&text));
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct request_entry *e = shown(a);
	CLEANUP(str_release) struct str text = { 0 };
	char time[TIME_TEXT];

	sheet_init(s, columns, a->ascii);
	if (!e) {
		sheet_text(s, 0, ROLE_DIM, "It is too long ago: the log keeps the newest "
			   "requests only.");
		return;
	}
	str_addf(&text, "%s %s", e->method, e->path);
	sheet_text(s, 0, ROLE_LINK, str_text(&text));
	str_clear(&text);
	str_addf(&text, "Sent %s", time_format(e->sent_ms, time));
	if (e->attempt > 1)
		str_addf(&text, ", try %d", e->attempt);
	sheet_line(s, 0, ROLE_DIM, str_text(&text));
	put_answer(e, s);
	put_body(s, "Sent", e->sent, "No body.");
	put_body(s, "Answered", e->answered, "No body.");
}

static int inner_width(const struct app *a)
{
	return (WIDTH < a->w - 4 ? WIDTH : a->w - 4) - 4;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct sheet s;

	fill(a, inner_width(a), &s);
	r = overlay_box(g, r, WIDTH, s.y + 2, "Request");
	sheet_show(&s, g, r, a->request_scroll);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_EVIDENCE;
}

/* What Microsoft finds the request by: theirs, or ours when no answer came. */
static const char *copied_id(const struct request_entry *e)
{
	return *e->request_id ? e->request_id : e->client_request_id;
}

static bool can(const struct app *a, enum action act)
{
	const struct request_entry *e = shown(a);

	if (act == ACT_COPY)
		return e && *copied_id(e);
	return act != ACT_OPEN && act != ACT_PALETTE;
}

static const char *label(const struct app *a, enum action act)
{
	(void)a;
	return act == ACT_COPY ? "Copy request id" : NULL;
}

static bool action(struct app *a, enum action act)
{
	struct sheet s;
	bool done;

	if (act == ACT_COPY) {
		app_copy(a, copied_id(shown(a)), "the request id");
		return true;
	}
	fill(a, inner_width(a), &s);
	done = scroll_by(&a->request_scroll, s.y, app_body(a).h - 2, act);
	sheet_release(&s);
	return done;
}

const struct screen_ops screen_request = {
	.name = "request",
	.title = "Request",
	.overlay = true,
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
};
