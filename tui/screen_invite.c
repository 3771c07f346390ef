/* What to write to whom: a text for each kind of gap, to copy or to write to a file. */
#include <stdio.h>
#include <string.h>

#include "checks/invitation.h"
#include "graph/base/file.h"
#include "tui/model.h"

/* More addresses than this are for a file: terminals refuse a long clipboard. */
#define COPY_MOST 500
#define COLUMNS_MAX 100

static const struct invitation *shown(const struct app *a)
{
	const struct readiness_screen *s = &a->readiness;

	return s->invitation < (int)s->ninvitations ? &s->invitations[s->invitation] : NULL;
}

static bool to_them(const struct invitation *i)
{
	return str_same(i->whom, "the person");
}

void invite_open(struct app *a)
{
	a->readiness.invitation = a->readiness.scroll = 0;
	app_push_once(a, &screen_invite);
}

/* --- View --------------------------------------------------------------------------- */

static void put_field(struct sheet *s, const char *name, const char *text)
{
	sheet_put(s, 1, ROLE_DIM, name);
	sheet_text(s, 11, ROLE_TEXT, text);
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct invitation *i = shown(a);
	struct arena arena = { 0 };

	sheet_init(s, columns > COLUMNS_MAX ? COLUMNS_MAX : columns, a->ascii);
	if (!i) {
		sheet_text(s, 1, ROLE_DIM, "There is nothing to write to anybody.");
		return;
	}
	put_field(s, "Gap", arena_printf(&arena, "%s, %zu %s", gap_words(i->gap)->title, i->people,
					 i->people == 1 ? "person" : "people"));
	put_field(s, "To", to_them(i) ? i->people == 1 ? "the person" : "these people" : i->whom);
	put_field(s, "Subject", i->subject);
	if (i->warning) {
		sheet_blank(s);
		sheet_item(s, 1, ROLE_WARN, glyph(GLYPH_WARN, a->ascii), ROLE_WARN, i->warning);
	}
	sheet_blank(s);
	sheet_text(s, 1, ROLE_TEXT, i->body);
	arena_clear(&arena);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct rect head = rect_cut_top(&r, 1);
	struct sheet s;
	int x;

	grid_fill(g, r, ROLE_TEXT);
	x = 1 + grid_put(g, head, 1, 0, ROLE_TITLE, "Invitations") + 2;
	grid_putf(g, head, x, 0, ROLE_DIM, "%d of %zu, Tab shows the next",
		  a->readiness.invitation + 1, a->readiness.ninvitations);
	rect_cut_top(&r, 1);
	fill(a, r.w - 1, &s);
	r.w = s.page.w < r.w ? s.page.w + 1 : r.w;
	sheet_show(&s, g, r, a->readiness.scroll);
	sheet_release(&s);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_INVITE;
}

/* --- Actions ------------------------------------------------------------------------ */

static bool can(const struct app *a, enum action act)
{
	const struct invitation *i = shown(a);

	switch (act) {
	case ACT_COPY:
	case ACT_EXPORT:
		return i;
	case ACT_COPY_ID:
		return i && to_them(i);
	case ACT_NEXT_FIELD:
	case ACT_PREVIOUS_FIELD:
	case ACT_LEFT:
	case ACT_RIGHT:
		return a->readiness.ninvitations > 1;
	case ACT_OPEN:
		return false;
	default:
		return true;
	}
}

static const char *label(const struct app *a, enum action act)
{
	(void)a;
	switch (act) {
	case ACT_COPY:
		return "Copy text";
	case ACT_COPY_ID:
		return "Copy addresses";
	case ACT_NEXT_FIELD:
		return "Next text";
	default:
		return NULL;
	}
}

static void turn(struct app *a, int by)
{
	int n = (int)a->readiness.ninvitations;

	if (n)
		a->readiness.invitation = (a->readiness.invitation + by + n) % n;
	a->readiness.scroll = 0;
}

static void copy_text(struct app *a)
{
	const struct invitation *one = shown(a);
	CLEANUP(str_release) struct str text = { 0 };

	if (!one)
		return;
	invitation_text(one, &text);
	app_copy(a, str_text(&text), "subject and text");
}

static void copy_addresses(struct app *a)
{
	const struct readiness *r = &a->readiness.r;
	const struct invitation *one = shown(a);
	CLEANUP(str_release) struct str text = { 0 };

	if (!one)
		return;
	if (one->people > COPY_MOST) {
		app_say(a, ROLE_WARN, "%zu addresses are too many for a clipboard: w writes them",
			one->people);
		return;
	}
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].gap == one->gap)
			str_addf(&text, "%s%s", text.len ? "; " : "", r->v[i].address);
	app_copy(a, str_text(&text), "the addresses");
}

static int write_file(struct app *a, const char *path, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };

	invitations_document(&a->readiness.r, &text);
	if (file_write(path, str_text(&text), text.len, err) < 0)
		return -1;
	app_say(a, ROLE_GOOD, "Written: %.150s, %zu %s, for your eyes only (mode 0600)", path,
		a->readiness.ninvitations, a->readiness.ninvitations == 1 ? "text" : "texts");
	return 0;
}

static void export_it(struct app *a)
{
	char base[180], name[200];

	readiness_file_name(a, "invitations", base, sizeof(base));
	snprintf(name, sizeof(name), "%s.txt", base);
	save_open(a, "Write the invitations", name, "All of these texts, each with its subject and "
		  "its addresses. Only you can read the file.", write_file);
}

static bool action(struct app *a, enum action act)
{
	struct rect r = app_body(a);
	struct sheet s;
	bool done;

	switch (act) {
	case ACT_NEXT_FIELD:
	case ACT_RIGHT:
		turn(a, 1);
		return true;
	case ACT_PREVIOUS_FIELD:
	case ACT_LEFT:
		turn(a, -1);
		return true;
	case ACT_COPY:
		copy_text(a);
		return true;
	case ACT_COPY_ID:
		copy_addresses(a);
		return true;
	case ACT_EXPORT:
		export_it(a);
		return true;
	default:
		break;
	}
	fill(a, r.w - 1, &s);
	done = scroll_by(&a->readiness.scroll, s.y, r.h - 2, act);
	sheet_release(&s);
	return done;
}

const struct screen_ops screen_invite = {
	.name = "invitations",
	.title = "Invitations",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
};
