/* What whoever is signed in may do: missing, held, and more than needed. */
#include <stdio.h>
#include <stdlib.h>

#include "checks/permissions.h"
#include "graph/base/arena.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/sign_in/registration_help.h"
#include "graph/sign_in/scopes.h"
#include "tui/model.h"

#define WIDTH 110

/* What needs a decision first. */
static const struct section {
	enum permission_state state;
	const char *title;
	enum role role;
	enum glyph mark;
} sections[] = {
	{ PERMISSION_MISSING, "Missing", ROLE_BAD, GLYPH_UNKNOWN },
	{ PERMISSION_SURPLUS, "More than is needed", ROLE_WARN, GLYPH_WARN },
	{ PERMISSION_LATER, "Not held; only for the step that needs it", ROLE_DIM, GLYPH_OPEN },
	{ PERMISSION_HELD, "Held, and needed", ROLE_GOOD, GLYPH_OK },
	{ PERMISSION_OTHER, "Held, and of no use here", ROLE_DIM, GLYPH_DOT },
};

static void put_section(const struct app *a, const struct permissions *p,
			const struct section *section, struct sheet *s)
{
	bool titled = false;

	for (size_t i = 0; i < p->n; i++) {
		const struct permission *one = &p->v[i];
		CLEANUP(str_release) struct str text = { 0 };

		if (one->state != section->state)
			continue;
		if (!titled) {
			sheet_blank(s);
			sheet_line(s, 0, ROLE_TITLE, section->title);
		}
		titled = true;
		str_addf(&text, "%s%s: %s", one->kind == PERMISSION_ROLE ? "role " : "",
			 one->name, one->text);
		sheet_item(s, 1, section->role, glyph(section->mark, a->ascii), ROLE_TEXT,
			   str_text(&text));
	}
}

enum token_kept permissions_kept(const struct app *a)
{
	const struct token_source *t = a->opened ? a->session.tokens : NULL;

	return t && t->ops->kept ? t->ops->kept(t) : TOKEN_KEPT_NEVER;
}

static bool is_in_keyring(const struct app *a)
{
	enum token_kept kept = permissions_kept(a);

	return kept == TOKEN_KEPT || kept == TOKEN_KEPT_STILL;
}

static void put_kept(const struct app *a, struct sheet *s)
{
	CLEANUP(str_release) struct str text = { 0 };

	switch (permissions_kept(a)) {
	case TOKEN_KEPT_NEVER:
		break;
	case TOKEN_KEPT_NOT:
		sheet_text(s, 0, ROLE_DIM, "The sign-in is kept in memory only, until you leave.");
		break;
	case TOKEN_KEPT_BUSY:
		sheet_text(s, 0, ROLE_DIM, "The keyring is asked.");
		break;
	case TOKEN_KEPT:
		sheet_text(s, 0, ROLE_GOOD, "The sign-in is kept in the desktop's keyring.");
		break;
	case TOKEN_KEPT_FAILED:
	case TOKEN_KEPT_STILL:
		str_addf(&text, "%s: %s.", permissions_kept(a) == TOKEN_KEPT_STILL ?
			 "The sign-in may still be in the keyring" : "You are not remembered",
			 a->session.tokens->not_remembered);
		sheet_text(s, 0, ROLE_WARN, str_text(&text));
		break;
	}
}

static void put_head(const struct app *a, const struct permissions *p, struct sheet *s)
{
	const struct token_source *t = a->session.tokens;
	CLEANUP(str_release) struct str text = { 0 };

	str_addf(&text, "Signed in as %s, by %s.", *t->account ? t->account :
		 t->ops->application ? "an application" : "somebody", t->ops->name);
	sheet_text(s, 0, ROLE_TEXT, str_text(&text));
	put_kept(a, s);
	str_clear(&text);
	if (p->missing)
		str_addf(&text, "%zu missing: what needs it stays unknown. ", p->missing);
	if (p->surplus)
		str_addf(&text, "%zu more than is needed: least is best. ", p->surplus);
	if (!text.len)
		str_add(&text, "Nothing is missing, and nothing is too much.");
	if (p->scopes_known || p->roles_known)
		sheet_text(s, 0, p->missing || p->surplus ? ROLE_WARN : ROLE_GOOD,
			   str_text(&text));
	sheet_text(s, 0, ROLE_DIM, app_read_only(a) ? "Read-only: no scope to write is ever "
		   "asked for." : "Scopes to write are asked for at the step that needs them, "
		   "after your yes.");
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct source *src = &a->session.facts.source[AREA_PERMISSIONS];
	struct permissions p;
	struct arena arena = { 0 };

	sheet_init(s, columns, a->ascii);
	permissions_list(&a->session.facts, &arena, &p);
	put_head(a, &p, s);
	for (size_t i = 0; i < COUNT_OF(sections); i++)
		put_section(a, &p, &sections[i], s);
	sheet_blank(s);
	if (!p.scopes_known)
		sheet_text(s, 0, ROLE_DIM, "Which scopes it has is not told by this way of "
			   "signing in.");
	if (!p.roles_known)
		sheet_text(s, 0, ROLE_DIM, src->err.msg[0] ? src->err.msg :
			   "The roles were not read yet.");
	sheet_text(s, 0, ROLE_DIM, "A role that you are only eligible for does not show until it "
		   "is activated. What may be done is what both the scopes and the roles allow.");
	arena_clear(&arena);
}

static int inner_width(const struct app *a)
{
	return (WIDTH < a->w - 4 ? WIDTH : a->w - 4) - 4;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct sheet s;

	fill(a, inner_width(a), &s);
	r = overlay_box(g, r, WIDTH, s.y + 2, "Permissions");
	sheet_show(&s, g, r, a->permissions_scroll);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_PERMISSIONS;
}

/* The link by which an administrator consents to what is missing. */
static void consent_link(const struct app *a, struct str *out)
{
	const struct session_options *o = &a->session.options;
	const char *granted = a->session.tokens->granted;
	char *missing;

	if (!o->client_id || !*granted)
		return;
	missing = scopes_missing(granted);
	if (*missing)
		admin_consent_url(out, o->cloud, a->session.facts.organization.id, o->client_id,
				  missing);
	free(missing);
}

static bool can(const struct app *a, enum action act)
{
	CLEANUP(str_release) struct str link = { 0 };

	if (act == ACT_REMEMBER)
		return permissions_kept(a) != TOKEN_KEPT_NEVER &&
		       permissions_kept(a) != TOKEN_KEPT_BUSY;
	if (act == ACT_SIGN_IN)
		return a->session.tokens->ops->forget != NULL;
	if (act != ACT_COPY)
		return act != ACT_OPEN;
	consent_link(a, &link);
	return link.len > 0;
}

static const char *label(const struct app *a, enum action act)
{
	if (act == ACT_REMEMBER)
		return is_in_keyring(a) ? "Forget me" : "Remember me";
	return act == ACT_COPY ? "Copy consent link" : NULL;
}

static void keep_body(const struct app *a, struct sheet *s)
{
	(void)a;
	sheet_text(s, 0, ROLE_TEXT, "Whoever can open your keyring can then act as you in this "
		   "tenant, until the token ends or is revoked.");
	sheet_text(s, 0, ROLE_DIM, "Only the refresh token is kept, after a trial, and never in a "
		   "plain file. The next start finds it with --remember, or with \"remember = "
		   "yes\" in the profile.");
}

static void keep_yes(struct app *a)
{
	struct token_source *t = a->session.tokens;

	a->kept_told = true;
	t->ops->keep(t, true);
}

/* To forget needs no question. */
static void remember(struct app *a)
{
	if (is_in_keyring(a))
		a->session.tokens->ops->keep(a->session.tokens, false);
	else
		confirm_ask(a, "Keep your sign-in in the keyring?", keep_body, keep_yes,
			    "Yes, keep it", NULL);
}

static bool action(struct app *a, enum action act)
{
	CLEANUP(str_release) struct str link = { 0 };
	struct sheet s;
	bool done;

	if (act == ACT_REMEMBER) {
		remember(a);
		return true;
	}
	if (act == ACT_COPY) {
		consent_link(a, &link);
		app_copy(a, str_text(&link), "the consent link for an administrator");
		return true;
	}
	fill(a, inner_width(a), &s);
	done = scroll_by(&a->permissions_scroll, s.y, app_body(a).h - 2, act);
	sheet_release(&s);
	return done;
}

void permissions_open(struct app *a)
{
	a->permissions_scroll = 0;
	app_push(a, &screen_permissions);
}

void permissions_news(struct app *a)
{
	const struct session *s = &a->session;
	const struct finding *one;

	if (permissions_kept(a) == TOKEN_KEPT_FAILED && !a->kept_told) {
		a->kept_told = true;
		app_say(a, ROLE_WARN, "You are not remembered: %s", s->tokens->not_remembered);
	}
	if (!a->opened || s->demo || s->sign_in || app_top(a) != &screen_board ||
	    s->facts.source[AREA_PERMISSIONS].state == SOURCE_UNREAD ||
	    !*s->tokens->account || str_same(a->permissions_told, s->tokens->account))
		return;
	snprintf(a->permissions_told, sizeof(a->permissions_told), "%s", s->tokens->account);
	one = findings_find(&s->findings, "health.permissions");
	if (one && (one->verdict == VERDICT_UNKNOWN || one->verdict == VERDICT_WARN))
		permissions_open(a);
}

const struct screen_ops screen_permissions = {
	.name = "permissions",
	.title = "Permissions",
	.overlay = true,
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
};
