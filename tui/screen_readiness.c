/* Who of the pilot is ready: gaps first, filtered, diagnosed, written to a file. */
#include "tui/readiness_screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/report_readiness.h"
#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "tui/filter.h"

/* --- What is known ------------------------------------------------------------------ */

void readiness_close(struct app *a)
{
	struct readiness_screen *s = &a->readiness;

	edit_release(&s->list.filter);
	free(s->shown);
	arena_clear(&s->arena);
	memset(s, 0, sizeof(*s));
}

static bool fits(const struct ready_person *p, const void *ctx)
{
	const struct readiness_screen *s = ctx;
	bool kind = s->only == GAP_COUNT ||
		    (s->only == GAP_NONE ? p->gap == GAP_NONE
					 : (p->gaps & GAP_BIT(s->only)) != 0);

	return kind && filter_has(&s->list, p->name, p->upn, p->address);
}

/* Looks through everybody once, so that drawing costs the rows in sight alone. */
static void filter_people(struct app *a)
{
	struct readiness_screen *s = &a->readiness;

	free(s->shown);
	s->shown = xmalloc((s->r.n + 1) * sizeof(*s->shown));
	s->nshown = 0;
	for (size_t i = 0; i < s->r.n; i++)
		if (fits(&s->r.v[i], s))
			s->shown[s->nshown++] = i;
	list_clamp(&s->list.list, (int)s->nshown);
}

/* When the areas that this is judged from were read: another sum is another look. */
static int64_t seen(const struct facts *f)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < AREA_COUNT; i++)
		if ((READINESS_AREAS & AREA_BIT(i)) && f->source[i].state != SOURCE_UNREAD)
			sum += f->source[i].observed_ms + f->source[i].state;
	return sum;
}

static bool all_read(const struct facts *f)
{
	for (unsigned i = 0; i < AREA_COUNT; i++)
		if ((READINESS_AREAS & AREA_BIT(i)) && f->source[i].state == SOURCE_UNREAD)
			return false;
	return true;
}

/* Judges again; the chosen person stays chosen, wherever they are now. */
static void judge(struct app *a)
{
	struct readiness_screen *s = &a->readiness;
	const struct ready_person *p = readiness_chosen(a);
	CLEANUP(free_ptr) char *id = p && s->list.list.selected ? xstrdup(p->id) : NULL;

	arena_clear(&s->arena);
	readiness_judge(&a->session.facts, &a->session.wanted, &s->r, &s->arena);
	s->ninvitations = invitations(&s->r, &s->invitations, &s->arena);
	if (s->invitation >= (int)s->ninvitations)
		s->invitation = 0;
	s->seen = seen(&a->session.facts);
	s->known = true;
	filter_people(a);
	for (size_t i = 0; id && i < s->nshown; i++)
		if (str_same(s->r.v[s->shown[i]].id, id))
			s->list.list.selected = (int)i;
}

static bool is_open(const struct app *a)
{
	for (size_t i = 0; i < a->depth; i++)
		if (a->stack[i] == &screen_readiness)
			return true;
	return false;
}

/* A diagnosis borrows the people wanted while it reads: what is judged then would be
 * of them. */
static bool can_judge(const struct app *a)
{
	return a->opened && !a->diagnosis.asked && all_read(&a->session.facts) &&
	       (!a->readiness.known || a->readiness.seen != seen(&a->session.facts));
}

void readiness_open(struct app *a)
{
	if (!a->readiness.known)
		a->readiness.only = GAP_COUNT;
	if (can_judge(a))
		judge(a);
	app_push_once(a, &screen_readiness);
}

void readiness_news(struct app *a)
{
	if (is_open(a) && can_judge(a))
		judge(a);
}

const struct ready_person *readiness_chosen(const struct app *a)
{
	const struct readiness_screen *s = &a->readiness;
	size_t i = (size_t)s->list.list.selected;

	return s->known && i < s->nshown ? &s->r.v[s->shown[i]] : NULL;
}

/* --- Actions ------------------------------------------------------------------------ */

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_READINESS;
}

static bool can(const struct app *a, enum action act)
{
	const struct readiness_screen *s = &a->readiness;
	const struct ready_person *p = readiness_chosen(a);

	switch (act) {
	case ACT_OPEN:
	case ACT_DIAGNOSE:
		return act == ACT_DIAGNOSE || (p && *p->upn);
	case ACT_READ:
		return a->session.state == SESSION_IDLE;
	case ACT_KIND:
	case ACT_FIND:
		return s->known && s->r.n;
	case ACT_REMOVE:
		return s->only != GAP_COUNT || s->list.filter.text.len;
	case ACT_EXPORT:
		return s->known && s->nshown;
	case ACT_INVITE:
		return s->known && s->ninvitations;
	default:
		return act != ACT_READINESS;
	}
}

static const char *label(const struct app *a, enum action act)
{
	(void)a;
	switch (act) {
	case ACT_OPEN:
		return "Diagnose";
	case ACT_KIND:
		return "Gap";
	case ACT_REMOVE:
		return "All";
	default:
		return NULL;
	}
}

/* All, each gap that somebody has, those who are ready, all. */
static void turn_gap(struct app *a)
{
	struct readiness_screen *s = &a->readiness;
	unsigned g = s->only == GAP_COUNT ? GAP_NONE : s->only == GAP_NONE ? GAP_COUNT
									    : (unsigned)s->only;

	if (g != GAP_COUNT)
		for (g++; g < GAP_COUNT && !s->r.with_gap[g]; g++)
			;
	if (g == GAP_COUNT && s->only != GAP_NONE && s->r.ready)
		g = GAP_NONE;
	s->only = (enum gap)g;
	s->list.list = (struct list){ 0 };
	filter_people(a);
}

static void show_all(struct app *a)
{
	a->readiness.only = GAP_COUNT;
	edit_clear(&a->readiness.list.filter);
	a->readiness.list.list = (struct list){ 0 };
	filter_people(a);
}

static int write_csv(struct app *a, const char *path, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	size_t n = report_readiness_csv(&a->readiness.r, fits, &a->readiness, &text);

	if (file_write(path, str_text(&text), text.len, err) < 0)
		return -1;
	app_say(a, ROLE_GOOD, "Written: %.150s, %zu %s, for your eyes only (mode 0600)", path, n,
		n == 1 ? "person" : "people");
	return 0;
}

void readiness_file_name(const struct app *a, const char *what, char *out, size_t size)
{
	const char *domain = a->session.facts.organization.default_domain;
	char when[TIME_TEXT];

	snprintf(out, size, "%.120s-%s-%.10s", domain ? domain : "sspr", what,
		 time_format(a->now_ms, when));
}

static void export_it(struct app *a)
{
	char base[180], name[200];

	readiness_file_name(a, "readiness", base, sizeof(base));
	snprintf(name, sizeof(name), "%s.csv", base);
	save_open(a, "Write who is shown", name, "A line for each person who is shown, for a mail "
		  "merge: name, address, gap, what to ask and whom, and all that is known. Only you "
		  "can read the file.", write_csv);
}

static bool action(struct app *a, enum action act)
{
	struct readiness_screen *s = &a->readiness;
	const struct ready_person *p = readiness_chosen(a);

	switch (act) {
	case ACT_KIND:
		turn_gap(a);
		return true;
	case ACT_REMOVE:
		show_all(a);
		return true;
	case ACT_FIND:
		s->list.typing = true;
		return true;
	case ACT_EXPORT:
		export_it(a);
		return true;
	case ACT_INVITE:
		invite_open(a);
		return true;
	case ACT_READ:
		app_read(a, READINESS_AREAS);
		return true;
	case ACT_OPEN:
	case ACT_DIAGNOSE:
		if (!p || !*p->upn)
			return false;
		diagnose_user(a, p->upn);
		return true;
	default:
		return s->known && list_move(&s->list.list, (int)s->nshown, readiness_page(a), act);
	}
}

static bool type(struct app *a, uint32_t key)
{
	if (!filter_type(&a->readiness.list, key))
		return false;
	filter_people(a);
	return true;
}

static bool typing(const struct app *a)
{
	return a->readiness.list.typing;
}

static void paste(struct app *a, const char *text)
{
	if (!a->readiness.list.typing)
		return;
	edit_insert(&a->readiness.list.filter, text);
	filter_people(a);
}

static void click(struct app *a, unsigned hit)
{
	int row = (int)(hit - HIT_ROW) + list_top(&a->readiness.list.list,
		(int)a->readiness.nshown, readiness_page(a));

	if (row == a->readiness.list.list.selected)
		app_do(a, ACT_OPEN);
	else
		a->readiness.list.list.selected = row;
}

const struct screen_ops screen_readiness = {
	.name = "readiness",
	.title = "Readiness",
	.context = context,
	.view = readiness_view,
	.action = action,
	.can = can,
	.label = label,
	.type = type,
	.typing = typing,
	.paste = paste,
	.click = click,
};
