/* The people picker's doings: search, choose, load, take. */
#include <stdio.h>
#include <string.h>

#include "graph/base/str.h"
#include "steps/members_file.h"
#include "tui/picker.h"

#define DEBOUNCE_MS 200

void picker_close(struct app *a)
{
	struct picker *p = &a->picker;

	if (a->loop)
		loop_timer_stop(a->loop, &p->debounce);
	edit_release(&p->query);
	edit_release(&p->file);
	arena_clear(&p->arena);
	memset(p, 0, sizeof(*p));
}

bool picker_has(const struct picker *p, const char *text)
{
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

/* --- Search --------------------------------------------------------------------- */

static void on_found(void *ctx, const struct people *found, const struct err *err)
{
	struct app *a = ctx;
	struct picker *p = &a->picker;

	p->searching = false;
	p->nfound = 0;
	if (err && err->kind != ERR_NONE && err->kind != ERR_CANCELLED)
		snprintf(p->problem, sizeof(p->problem), "%.199s", err->msg);
	for (size_t i = 0; found && i < found->n; i++) {
		const struct person *one = &found->v[i];
		const char *upn = one->upn ? one->upn : one->id;

		ARENA_GROW(&p->arena, p->found, p->nfound, p->found_cap);
		p->found[p->nfound++] = (struct found){
			.name = arena_strdup(&p->arena, one->display_name ?
					     one->display_name : upn),
			.upn = arena_strdup(&p->arena, upn),
			.guest = one->type == USER_GUEST,
			.disabled = one->enabled == TRI_NO,
		};
	}
	p->found_list = (struct list){ 0 };
	app_update(a, &(struct input){ .kind = INPUT_NEWS });
}

static void search_now(void *ctx)
{
	struct app *a = ctx;

	session_search(&a->session, str_text(&a->picker.query.text), on_found, a);
}

void picker_search(struct app *a)
{
	struct picker *p = &a->picker;

	p->problem[0] = '\0';
	if (!p->query.text.len) {
		loop_timer_stop(a->loop, &p->debounce);
		p->nfound = 0;
		p->searching = false;
		return;
	}
	p->searching = true;
	loop_timer_start(a->loop, &p->debounce, DEBOUNCE_MS, search_now, a);
}

/* --- Many at once ---------------------------------------------------------------- */

static void add_all(struct picker *p, const struct member_entries *entries)
{
	for (size_t i = 0; i < entries->n; i++)
		add(p, entries->v[i]);
	p->focus = PICKER_CHOSEN;
}

void picker_load(struct app *a)
{
	struct picker *p = &a->picker;
	struct member_entries entries = { 0 };
	struct err err = ERR_INIT;

	if (members_read_file(str_text(&p->file.text), &p->arena, &entries, &err) < 0) {
		snprintf(p->problem, sizeof(p->problem), "%.199s", err.msg);
		return;
	}
	p->problem[0] = '\0';
	add_all(p, &entries);
	app_say(a, ROLE_GOOD, "Took %zu entries from the file", entries.n);
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
		edit_insert(&p->query, text);
		picker_search(a);
		return;
	}
	if (members_parse(text, strlen(text), &p->arena, &entries, &err) < 0) {
		snprintf(p->problem, sizeof(p->problem), "%.199s", err.msg);
		return;
	}
	add_all(p, &entries);
	app_say(a, ROLE_GOOD, "Took %zu pasted entries", entries.n);
}

/* --- Take them -------------------------------------------------------------------- */

/* The texts move to an arena that lives as long as session.wanted needs it. */
void picker_accept(struct app *a)
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
	app_pop(a);
	app_read(a, AREA_BIT(AREA_PEOPLE) | AREA_BIT(AREA_MEMBERS));
	board_select(a, "group");
}
