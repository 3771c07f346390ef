#include "tui/people_search.h"

#include <stdio.h>
#include <string.h>

#include "tui/model.h"

#define DEBOUNCE_MS 200

void people_search_release(struct app *a, struct people_search *s)
{
	if (a->loop)
		loop_timer_stop(a->loop, &s->debounce);
	edit_release(&s->query);
	arena_clear(&s->arena);
	memset(s, 0, sizeof(*s));
}

static void on_found(void *ctx, const struct people *found, const struct err *err)
{
	struct people_search *s = ctx;

	s->searching = false;
	arena_clear(&s->arena);
	s->found = NULL;
	s->n = s->cap = 0;
	s->list = (struct list){ 0 };
	if (err && err->kind != ERR_NONE && err->kind != ERR_CANCELLED)
		snprintf(s->problem, sizeof(s->problem), "%.199s", err->msg);
	for (size_t i = 0; found && i < found->n; i++) {
		const struct person *one = &found->v[i];
		const char *upn = one->upn ? one->upn : one->id;

		ARENA_GROW(&s->arena, s->found, s->n, s->cap);
		s->found[s->n++] = (struct found){
			.name = arena_strdup(&s->arena, one->display_name ?
					     one->display_name : upn),
			.upn = arena_strdup(&s->arena, upn),
			.guest = one->type == USER_GUEST,
			.disabled = one->enabled == TRI_NO,
		};
	}
	app_update(s->app, &(struct input){ .kind = INPUT_NEWS });
}

static void search_now(void *ctx)
{
	struct people_search *s = ctx;

	session_search(&s->app->session, str_text(&s->query.text), on_found, s);
}

static void changed(struct app *a, struct people_search *s)
{
	s->app = a;
	s->problem[0] = '\0';
	if (!s->query.text.len) {
		loop_timer_stop(a->loop, &s->debounce);
		s->n = 0;
		s->searching = false;
		return;
	}
	s->searching = true;
	loop_timer_start(a->loop, &s->debounce, DEBOUNCE_MS, search_now, s);
}

bool people_search_type(struct app *a, struct people_search *s, uint32_t key)
{
	if (!edit_key(&s->query, key))
		return false;
	changed(a, s);
	return true;
}

void people_search_insert(struct app *a, struct people_search *s, const char *text)
{
	edit_insert(&s->query, text);
	changed(a, s);
}

const struct found *people_search_chosen(const struct people_search *s)
{
	size_t i = (size_t)s->list.selected;

	return i < s->n ? &s->found[i] : NULL;
}

static const char *empty_text(const struct people_search *s)
{
	if (*s->problem)
		return s->problem;
	if (s->searching)
		return "Searching";
	return s->query.text.len ? "Nobody's name or address starts with that." :
	       "Type to search the directory.";
}

void people_search_view(const struct app *a, const struct people_search *s, struct rect r,
			struct grid *g, bool focused,
			bool (*checked)(const void *ctx, const char *upn), const void *ctx)
{
	int n = (int)s->n, top = list_top(&s->list, n, r.h);

	if (!n)
		grid_put_wrapped(g, rect_inset(r, 1, 0), 0, 0, r.h,
				 *s->problem ? ROLE_BAD : ROLE_DIM, empty_text(s));
	for (int i = top; i < n && i < top + r.h; i++) {
		const struct found *f = &s->found[i];
		struct rect row = { r.x, r.y + i - top, r.w - 1, 1 };
		int x = 1;

		if (checked)
			x += grid_put(g, row, x, 0, ROLE_TEXT,
				      glyph(checked(ctx, f->upn) ? GLYPH_CHECKED :
					    GLYPH_UNCHECKED, a->ascii)) + 1;
		x += grid_put_cut(g, row, x, 0, row.w > 60 ? 26 : 18, ROLE_TEXT, f->name) + 1;
		if (f->guest || f->disabled)
			x += grid_put(g, row, x, 0, ROLE_WARN, f->guest ? "guest " : "off ");
		if (row.w > x)
			grid_put_cut(g, row, x, 0, row.w - x, ROLE_DIM, f->upn);
		if (i == s->list.selected && focused)
			grid_role(g, row, ROLE_SELECTED);
		grid_hit(g, row, HIT_ROW + (unsigned)i);
	}
	scroll_mark(g, r, top, n);
}
