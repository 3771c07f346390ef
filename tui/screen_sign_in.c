/* A sign-in waits for a person: where to go, which code to enter. */
#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "tui/model.h"

#define WIDTH 72

/* The session shows and ends its prompt by itself; this screen follows it. */
void sign_in_news(struct app *a)
{
	bool waits = a->opened && a->session.sign_in;

	if (waits)
		app_push_once(a, &screen_sign_in);
	else
		app_remove(a, &screen_sign_in);
}

static void put_time_left(const struct app *a, const struct sign_in_prompt *p, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };
	char span[TIME_TEXT];

	if (p->expires_ms <= a->now_ms)
		return;
	str_addf(&text, "Waiting for you; %s left.", time_span(p->expires_ms - a->now_ms, span));
	sheet_blank(s);
	sheet_line(s, 0, ROLE_DIM, str_text(&text));
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct sign_in_prompt *p = a->opened ? a->session.sign_in : NULL;

	sheet_init(s, columns, a->ascii);
	if (!p)
		return;
	if (p->why) {
		sheet_text(s, 0, ROLE_TEXT, p->why);
		sheet_blank(s);
	}
	sheet_text(s, 0, ROLE_TEXT, p->message ? p->message : "");
	sheet_blank(s);
	sheet_put(s, 0, ROLE_DIM, "Open");
	sheet_text(s, 6, ROLE_LINK, p->url);
	if (p->kind == SIGN_IN_CODE) {
		sheet_put(s, 0, ROLE_DIM, "Code");
		sheet_line(s, 6, ROLE_ACCENT, p->code);
	}
	if (a->session.sign_in_why && !p->why) {
		sheet_blank(s);
		sheet_text(s, 0, ROLE_DIM, a->session.sign_in_why);
	}
	put_time_left(a, p, s);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct sheet s;

	fill(a, (WIDTH < r.w - 4 ? WIDTH : r.w - 4) - 4, &s);
	r = overlay_box(g, r, WIDTH, s.y + 2, "Sign in");
	sheet_show(&s, g, r, 0);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_SIGN_IN;
}

static bool can(const struct app *a, enum action act)
{
	const struct sign_in_prompt *p = a->opened ? a->session.sign_in : NULL;

	switch (act) {
	case ACT_COPY:
		return p != NULL;
	case ACT_COPY_ID:
		return p && p->kind == SIGN_IN_CODE;
	case ACT_BACK:
	case ACT_QUIT:
	case ACT_REDRAW:
	case ACT_SUSPEND:
	case ACT_HELP:
		return true;
	default:
		return false;
	}
}

static const char *label(const struct app *a, enum action act)
{
	(void)a;
	if (act == ACT_COPY_ID)
		return "Copy code";
	return act == ACT_BACK ? "Do not sign in" : NULL;
}

static bool action(struct app *a, enum action act)
{
	const struct sign_in_prompt *p = a->session.sign_in;

	switch (act) {
	case ACT_COPY:
		app_copy(a, p ? p->url : NULL, "the link");
		return true;
	case ACT_COPY_ID:
		app_copy(a, p ? p->code : NULL, "the code");
		return true;
	case ACT_BACK:
		session_decline_sign_in(&a->session);
		sign_in_news(a);
		return true;
	default:
		return false;
	}
}

const struct screen_ops screen_sign_in = {
	.name = "sign-in",
	.title = "Sign in",
	.overlay = true,
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
};
