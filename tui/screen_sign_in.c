/* A sign-in waits for a person: where to go, which code to enter; or the
 * password of a certificate's file. */
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"
#include "tui/model.h"

#define WIDTH 72
#define PASSWORD_MAX 512	/* bytes */

static bool wants_password(const struct app *a)
{
	return a->opened && a->session.sign_in && a->session.sign_in->kind == SIGN_IN_PASSWORD;
}

/* The session shows and ends its prompt by itself; this screen follows it. */
void sign_in_news(struct app *a)
{
	bool waits = a->opened && a->session.sign_in;

	if (waits)
		app_push_once(a, &screen_sign_in);
	else
		app_remove(a, &screen_sign_in);
	if (!wants_password(a))
		secret_release(&a->password);
}

static void put_trouble(const struct app *a, struct sheet *s)
{
	const struct token_source *t = a->session.portal_signs_in ? a->session.portal_tokens
								   : a->session.tokens;
	CLEANUP(str_release) struct str text = { 0 };

	if (!t || !*t->trouble)
		return;
	str_addf(&text, "The sign-in service could not be asked: %s. Trying again.", t->trouble);
	sheet_blank(s);
	sheet_text(s, 0, ROLE_WARN, str_text(&text));
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

/* One for each byte's worth of typing: what was typed never gets to the screen. */
static void put_stars(const struct app *a, struct sheet *s)
{
	CLEANUP(str_release) struct str stars = { 0 };

	for (size_t i = 0; i < a->password.len && i < 40; i++)
		if (((unsigned char)secret_text(&a->password)[i] & 0xc0) != 0x80)
			str_add_char(&stars, '*');
	str_add_char(&stars, '_');
	sheet_blank(s);
	sheet_put(s, 0, ROLE_DIM, "Password");
	sheet_line(s, 10, ROLE_INPUT, str_text(&stars));
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
	if (p->kind == SIGN_IN_PASSWORD) {
		sheet_text(s, 0, ROLE_LINK, p->url);
		put_stars(a, s);
	} else {
		sheet_put(s, 0, ROLE_DIM, "Open");
		sheet_text(s, 6, ROLE_LINK, p->url);
	}
	if (p->kind == SIGN_IN_CODE) {
		sheet_put(s, 0, ROLE_DIM, "Code");
		sheet_line(s, 6, ROLE_ACCENT, p->code);
	}
	if (a->session.sign_in_why && !p->why) {
		sheet_blank(s);
		sheet_text(s, 0, ROLE_DIM, a->session.sign_in_why);
	}
	put_trouble(a, s);
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
		return p && p->kind != SIGN_IN_PASSWORD;
	case ACT_OPEN:
		return wants_password(a) && !secret_empty(&a->password);
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
	if (act == ACT_COPY_ID)
		return "Copy code";
	if (act == ACT_OPEN)
		return "Sign in";
	if (act == ACT_BACK)
		return a->session.portal_signs_in ? "Go on without it" : "Do not sign in";
	return NULL;
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
	case ACT_OPEN:
		session_answer_password(&a->session, &a->password);
		sign_in_news(a);
		return true;
	case ACT_BACK:
		session_decline_sign_in(&a->session);
		sign_in_news(a);
		return true;
	default:
		return false;
	}
}

static void add(struct app *a, const char *text, size_t n)
{
	char all[PASSWORD_MAX];
	size_t len = a->password.len;

	if (len + n > sizeof(all))
		return;
	memcpy(all, secret_text(&a->password), len);
	memcpy(all + len, text, n);
	secret_set(&a->password, all, len + n);
	secret_wipe(all, sizeof(all));
}

static void remove_last(struct app *a)
{
	char all[PASSWORD_MAX];
	size_t len = a->password.len;

	memcpy(all, secret_text(&a->password), len);
	while (len && ((unsigned char)all[len - 1] & 0xc0) == 0x80)
		len--;
	secret_set(&a->password, all, len ? len - 1 : 0);
	secret_wipe(all, sizeof(all));
}

static bool typing(const struct app *a)
{
	return wants_password(a);
}

static bool type(struct app *a, uint32_t key)
{
	char bytes[4];

	if (!wants_password(a))
		return false;
	if (key == K_BACKSPACE)
		remove_last(a);
	else if (key == K_CTRL('u'))
		secret_release(&a->password);
	else if (key >= ' ' && key != 127 && key < K_BASE)
		add(a, bytes, (size_t)utf8_encode(key, bytes));
	else
		return false;
	return true;
}

/* From a password manager, without the end of the line. */
static void paste(struct app *a, const char *text)
{
	if (wants_password(a))
		add(a, text, strcspn(text, "\r\n"));
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
	.type = type,
	.typing = typing,
	.paste = paste,
};
