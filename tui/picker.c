/* The people picker's doings: search, choose, load, take. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/str.h"
#include "steps/members_file.h"
#include "tui/picker.h"

void picker_close(struct app *a)
{
	struct picker *p = &a->picker;

	people_search_release(a, &p->search);
	edit_release(&p->file);
	arena_clear(&p->arena);
	memset(p, 0, sizeof(*p));
}

bool picker_has(const void *ctx, const char *text)
{
	const struct picker *p = ctx;

	for (size_t i = 0; i < p->nchosen; i++)
		if (str_same_nocase(p->chosen[i], text))
			return true;
	return false;
}

static void add(struct picker *p, const char *text)
{
	if (!*text || picker_has(p, text) || p->nchosen >= MEMBER_ENTRIES_MAX)
		return;
	ARENA_GROW(&p->arena, p->chosen, p->nchosen, p->chosen_cap);
	p->chosen[p->nchosen++] = arena_strdup(&p->arena, text);
	p->changed = true;
}

void picker_remove(struct picker *p, size_t i)
{
	if (i >= p->nchosen)
		return;
	memmove(&p->chosen[i], &p->chosen[i + 1],
		(p->nchosen - i - 1) * sizeof(*p->chosen));
	p->nchosen--;
	p->changed = true;
	list_clamp(&p->chosen_list, (int)p->nchosen);
}

void picker_toggle(struct picker *p, const char *upn)
{
	for (size_t i = 0; i < p->nchosen; i++)
		if (str_same_nocase(p->chosen[i], upn)) {
			picker_remove(p, i);
			return;
		}
	add(p, upn);
}

void picker_open(struct app *a)
{
	struct picker *p = &a->picker;
	const struct wanted *w = &a->session.wanted;

	picker_close(a);
	for (size_t i = 0; w->members_given && i < w->nentries; i++)
		add(p, w->entries[i]);
	p->changed = false;
	app_push(a, &screen_picker);
}

/* --- Take them -------------------------------------------------------------------- */

/* The texts move to an arena that lives as long as session.wanted needs it. */
static void take(struct app *a)
{
	struct picker *p = &a->picker;
	struct wanted *w = &a->session.wanted;
	struct arena fresh = { 0 };
	const char **entries;

	entries = arena_alloc(&fresh, (p->nchosen + 1) * sizeof(*entries));
	for (size_t i = 0; i < p->nchosen; i++)
		entries[i] = arena_strdup(&fresh, p->chosen[i]);
	w->entries = entries;
	w->entry_lines = NULL;
	w->nentries = p->nchosen;
	w->members_given = p->nchosen > 0;
	arena_clear(&a->people_arena);
	a->people_arena = fresh;
	a->people_chosen = p->nchosen > 0;
	p->changed = false;
}

void picker_accept(struct app *a)
{
	bool changed = a->picker.changed;

	if (changed)
		take(a);
	app_pop(a);
	if (changed) {
		session_forget(&a->session, AREA_BIT(AREA_PEOPLE));
		app_read(a, AREA_BIT(AREA_PEOPLE) | AREA_BIT(AREA_MEMBERS));
	}
	board_select(a, "group");
}

void picker_leave(struct app *a)
{
	CLEANUP(str_release) struct str text = { 0 };

	if (!a->picker.changed) {
		app_pop(a);
		return;
	}
	if (a->session.state != SESSION_IDLE) {
		app_say(a, ROLE_WARN, "The tenant is still being read: try again in a moment");
		return;
	}
	picker_accept(a);
	add_count(&text, a->picker.nchosen, "person", "people");
	app_say(a, ROLE_GOOD, "Kept: %s for the group. Apply adds them", str_text(&text));
}

/* --- Many at once ---------------------------------------------------------------- */

/* Adds them, says how many were new, and looks them up so that who is not
 * there is marked while one can still see the list. */
static void add_all(struct app *a, const struct member_entries *entries)
{
	struct picker *p = &a->picker;
	size_t before = p->nchosen, fresh;

	for (size_t i = 0; i < entries->n; i++)
		add(p, entries->v[i]);
	/* Not among the chosen: the next key must not be about one of them. */
	p->focus = PICKER_SEARCH;
	fresh = p->nchosen - before;
	app_say(a, ROLE_GOOD, "%zu new, %zu already chosen", fresh, entries->n - fresh);
	if (!fresh || a->session.state != SESSION_IDLE)
		return;
	take(a);
	session_forget(&a->session, AREA_BIT(AREA_PEOPLE));
	app_read(a, AREA_BIT(AREA_PEOPLE));
}

/* "~/pilot.csv" as a shell would read it. */
static void file_path(const char *text, struct str *out)
{
	const char *home = getenv("HOME");

	if (str_starts(text, "~/") && home)
		str_addf(out, "%s%s", home, text + 1);
	else
		str_add(out, text);
}

void picker_load(struct app *a)
{
	CLEANUP(str_release) struct str path = { 0 };
	struct picker *p = &a->picker;
	struct member_entries entries = { 0 };
	struct err err = ERR_INIT;

	file_path(str_text(&p->file.text), &path);
	if (members_read_file(str_text(&path), &p->arena, &entries, &err) < 0) {
		snprintf(p->problem, sizeof(p->problem), "%.199s", err.msg);
		return;
	}
	p->problem[0] = '\0';
	add_all(a, &entries);
}

void picker_paste(struct app *a, const char *text)
{
	struct picker *p = &a->picker;
	struct member_entries entries = { 0 };
	struct err err = ERR_INIT;

	if (p->focus == PICKER_FILE) {
		edit_insert(&p->file, text);
		return;
	}
	if (!strchr(text, '\n') && !strchr(text, '@')) {
		p->focus = PICKER_SEARCH;
		people_search_insert(a, &p->search, text);
		return;
	}
	if (members_parse(text, strlen(text), &p->arena, &entries, &err) < 0) {
		snprintf(p->problem, sizeof(p->problem), "%.199s", err.msg);
		return;
	}
	p->problem[0] = '\0';
	add_all(a, &entries);
}
