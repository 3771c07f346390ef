/* The assessment as files: which formats, what title, with names or without, against
 * which earlier one, where to. */
#include "tui/report_screen.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/mem.h"
#include "tui/headless_command.h"
#include "tui/report_make.h"

#define MARGIN 1
#define FIELD_X 14

/* The rows: formats first. */
enum { ROW_REDACT, ROW_TITLE, ROW_EARLIER, ROW_BASE, ROW_WRITE, ROWS_BELOW };

static int nrows(void)
{
	return (int)nreport_formats + ROWS_BELOW;
}

/* ROW_* of the chosen row, or -1 for a format. */
static int row_of(const struct app *a)
{
	return a->report.list.selected - (int)nreport_formats;
}

static struct edit *field_of(struct app *a)
{
	struct report_screen *s = &a->report;

	switch (row_of(a)) {
	case ROW_TITLE:
		return &s->title;
	case ROW_EARLIER:
		return &s->earlier;
	case ROW_BASE:
		return &s->base;
	default:
		return NULL;
	}
}

void report_open(struct app *a)
{
	struct report_screen *s = &a->report;

	if (!s->formats)
		s->formats = 1u;
	s->list.selected = nrows() - 1;
	s->problem[0] = '\0';
	app_push(a, &screen_report);
}

void report_close(struct app *a)
{
	struct report_screen *s = &a->report;

	report_cancel(a);
	edit_release(&s->title);
	edit_release(&s->earlier);
	edit_release(&s->base);
	arena_clear(&s->arena);
	memset(s, 0, sizeof(*s));
}

/* --- View --------------------------------------------------------------------------- */

static bool begin_row(const struct app *a, struct sheet *s, int i)
{
	bool here = a->report.list.selected == i;

	sheet_put(s, MARGIN, ROLE_ACCENT, here ? glyph(GLYPH_HERE, a->ascii) : " ");
	if (here)
		s->focus_y = s->y;
	return here;
}

static void end_row(struct sheet *s, int i, bool here)
{
	struct rect row = { MARGIN, s->y, s->page.w - 2 * MARGIN, 1 };

	if (here)
		grid_role(&s->page, row, ROLE_SELECTED);
	grid_hit(&s->page, row, HIT_ROW + (unsigned)i);
	sheet_next(s);
}

static void put_check(const struct app *a, struct sheet *s, int i, bool on, const char *label,
		      const char *what)
{
	bool here = begin_row(a, s, i);

	sheet_put(s, MARGIN + 2, ROLE_TEXT, glyph(on ? GLYPH_CHECKED : GLYPH_UNCHECKED, a->ascii));
	sheet_put(s, MARGIN + 6, here ? ROLE_TITLE : ROLE_TEXT, label);
	sheet_put(s, MARGIN + 6 + FIELD_X, ROLE_DIM, what);
	end_row(s, i, here);
}

static void put_field(const struct app *a, struct sheet *s, int row, const char *label,
		      const struct edit *e, const char *hint)
{
	int i = (int)nreport_formats + row;
	bool here = begin_row(a, s, i);
	struct rect line = { 0, s->y, s->page.w, 1 };

	sheet_put(s, MARGIN + 2, here ? ROLE_TITLE : ROLE_TEXT, label);
	edit_view(e, &s->page, line, MARGIN + 2 + FIELD_X, 0, s->page.w - FIELD_X - 2 * MARGIN - 4,
		  here, hint);
	grid_hit(&s->page, line, HIT_ROW + (unsigned)i);
	sheet_next(s);
}

/* How far the reading is, or what was found: the report says no more than this. */
static void put_state(const struct app *a, struct sheet *s)
{
	const struct report_screen *r = &a->report;
	struct assessment short_one = {
		.facts = &a->session.facts, .findings = &a->session.findings,
	};
	CLEANUP(str_release) struct str text = { 0 };
	struct arena arena = { 0 };
	unsigned left = session_left(&a->session), n = 0;

	for (; left; left &= left - 1)
		n++;
	if (a->session.state != SESSION_READING) {
		sheet_text(s, MARGIN, ROLE_TEXT, assessment_summary(&short_one, &arena));
	} else {
		str_addf(&text, "The tenant is being read: %u of %u parts to go.%s", n,
			 (unsigned)AREA_COUNT, r->waiting ? " The report is written then; Esc "
			 "gives that up." : " Choose meanwhile.");
		sheet_text(s, MARGIN, r->waiting ? ROLE_ACCENT : ROLE_DIM, str_text(&text));
	}
	arena_clear(&arena);
}

static void put_written(const struct app *a, struct sheet *s)
{
	const struct report_screen *r = &a->report;

	if (*r->problem)
		sheet_item(s, MARGIN, ROLE_WARN, glyph(GLYPH_WARN, a->ascii), ROLE_TEXT,
			   r->problem);
	for (size_t i = 0; i < r->nwritten; i++) {
		CLEANUP(str_release) struct str text = { 0 };

		str_addf(&text, "%s  %zu KB", r->written[i].path,
			 (r->written[i].bytes + 1023) / 1024);
		sheet_item(s, MARGIN, ROLE_GOOD, glyph(GLYPH_OK, a->ascii), ROLE_TEXT,
			   str_text(&text));
	}
	if (r->nwritten)
		sheet_text(s, MARGIN, ROLE_DIM, "Only you can read them. Open the HTML page in a "
			   "browser; its Print makes a PDF. F5 copies the address.");
}

static void fill(const struct app *a, int columns, struct sheet *s)
{
	const struct report_screen *r = &a->report;
	const struct profile *p = &a->setup.profile;
	int i = (int)nreport_formats + ROW_WRITE;
	CLEANUP(str_release) struct str base = { 0 };
	bool here;

	sheet_init(s, columns, a->ascii);
	put_state(a, s);
	sheet_blank(s);
	for (size_t k = 0; k < nreport_formats; k++)
		put_check(a, s, (int)k, r->formats & (1u << k), report_formats[k].title,
			  report_formats[k].use);
	sheet_blank(s);
	put_check(a, s, (int)nreport_formats + ROW_REDACT, r->redact, "Redact",
		  "\"person 7\" stands for a name");
	put_field(a, s, ROW_TITLE, "Title", &r->title, p->title ? p->title :
		  "Assessment of self-service password reset");
	put_field(a, s, ROW_EARLIER, "Compare with", &r->earlier, "an earlier report in JSON, or "
		  "nothing");
	report_default_base(a, &base);
	put_field(a, s, ROW_BASE, "Write to", &r->base, str_text(&base));
	here = begin_row(a, s, i);
	sheet_put(s, MARGIN + 2 + FIELD_X, here ? ROLE_BUTTON_FOCUS : ROLE_BUTTON,
		  r->waiting ? "[ Waiting for the tenant ]" : "[ Write the report ]");
	grid_hit(&s->page, (struct rect){ 0, s->y, s->page.w, 1 }, HIT_ROW + (unsigned)i);
	sheet_next(s);
	put_written(a, s);
	/* What became of it has to be seen. */
	if (here && (*r->problem || r->nwritten))
		s->focus_y = s->y - 1;
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	struct sheet s;
	struct rect page = { r.x, r.y + 2, r.w < 110 ? r.w - 1 : 110, r.h - 2 };
	int at;

	grid_fill(g, r, ROLE_TEXT);
	grid_put(g, r, MARGIN, 0, ROLE_TITLE, "Report");
	grid_put(g, r, MARGIN + 8, 0, ROLE_DIM, "the assessment, as files");
	fill(a, page.w, &s);
	/* The first row stands below what was found: to it one scrolls back. */
	if (a->report.list.selected == 0)
		s.focus_y = 0;
	at = sheet_show(&s, g, page, 0);
	/* The terminal's cursor follows the field into sight. */
	if (s.page.cursor_y >= 0) {
		g->cursor_x = page.x + s.page.cursor_x;
		g->cursor_y = page.y + s.page.cursor_y - at;
	}
	sheet_release(&s);
}

/* --- Actions ------------------------------------------------------------------------ */

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_REPORT;
}

static bool can(const struct app *a, enum action act)
{
	switch (act) {
	case ACT_TOGGLE:
		return row_of(a) <= ROW_REDACT;
	case ACT_ACCEPT:
		return !a->report.waiting;
	case ACT_COPY:
		return a->report.nwritten > 0;
	case ACT_READ:
		return a->session.state == SESSION_IDLE;
	default:
		return act != ACT_REPORT;
	}
}

static const char *label(const struct app *a, enum action act)
{
	switch (act) {
	case ACT_OPEN:
		return row_of(a) <= ROW_REDACT ? "Select" : row_of(a) == ROW_WRITE ? "Write" :
		       "Next";
	case ACT_ACCEPT:
		return "Write";
	case ACT_COPY:
		return "Copy address";
	default:
		return NULL;
	}
}

static void toggle(struct app *a)
{
	if (row_of(a) == ROW_REDACT)
		a->report.redact = !a->report.redact;
	else
		a->report.formats ^= 1u << a->report.list.selected;
	a->report.asked_replace = false;
}

static void copy_address(struct app *a)
{
	CLEANUP(str_release) struct str url = { 0 };

	str_addf(&url, "file://%s", a->report.written[0].path);
	app_copy(a, str_text(&url), "the address of the file");
}

static bool action(struct app *a, enum action act)
{
	int row = row_of(a);

	switch (act) {
	case ACT_OPEN:
		if (row <= ROW_REDACT)
			toggle(a);
		else if (row == ROW_WRITE)
			report_write(a);
		else
			list_move(&a->report.list, nrows(), 1, ACT_DOWN);
		return true;
	case ACT_TOGGLE:
		toggle(a);
		return true;
	case ACT_ACCEPT:
		report_write(a);
		return true;
	case ACT_COPY:
		copy_address(a);
		return true;
	case ACT_READ:
		app_read(a, AREAS_ALL);
		return true;
	case ACT_NEXT_FIELD:
	case ACT_PREVIOUS_FIELD:
		return list_move(&a->report.list, nrows(), 1,
				 act == ACT_NEXT_FIELD ? ACT_DOWN : ACT_UP);
	case ACT_BACK:
		if (!a->report.waiting)
			return false;
		report_cancel(a);
		return true;
	default:
		return list_move(&a->report.list, nrows(), app_body(a).h - 4, act);
	}
}

static bool type(struct app *a, uint32_t key)
{
	struct edit *e = field_of(a);

	if (!e || a->report.waiting || !edit_key(e, key))
		return false;
	a->report.asked_replace = false;
	a->report.problem[0] = '\0';
	return true;
}

static bool typing(const struct app *a)
{
	return row_of(a) == ROW_TITLE || row_of(a) == ROW_EARLIER || row_of(a) == ROW_BASE;
}

static void paste(struct app *a, const char *text)
{
	struct edit *e = field_of(a);

	if (e && !a->report.waiting)
		edit_insert(e, text);
}

static void click(struct app *a, unsigned hit)
{
	bool again = a->report.list.selected == (int)(hit - HIT_ROW);

	a->report.list.selected = (int)(hit - HIT_ROW);
	if (row_of(a) <= ROW_REDACT || (again && row_of(a) == ROW_WRITE))
		action(a, ACT_OPEN);
}

const struct screen_ops screen_report = {
	.name = "report",
	.title = "Report",
	.context = context,
	.view = view,
	.action = action,
	.can = can,
	.label = label,
	.type = type,
	.typing = typing,
	.paste = paste,
	.click = click,
};
