/* Asks for the name of a file to write. What is there is replaced only by a
 * second Enter. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph/base/mem.h"
#include "tui/model.h"

#define WIDTH 72
#define HEIGHT 8

void save_open(struct app *a, const char *title, const char *name, const char *hint,
	       int (*write)(struct app *a, const char *path, struct err *err))
{
	struct save *s = &a->save;

	snprintf(s->title, sizeof(s->title), "%s", title);
	snprintf(s->hint, sizeof(s->hint), "%s", hint);
	edit_set(&s->path, name);
	s->write = write;
	s->problem[0] = s->asked[0] = '\0';
	app_push(a, &screen_save);
}

char *save_path(const char *typed)
{
	const char *home = getenv("HOME");

	if (typed[0] == '~' && typed[1] == '/' && home && *home)
		return xasprintf("%s%s", home, typed + 1);
	return xstrdup(typed);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	const struct save *s = &a->save;

	r = overlay_box(g, r, WIDTH, HEIGHT, s->title);
	grid_put(g, r, 0, 0, ROLE_TEXT, "File:");
	edit_view(&s->path, g, r, 6, 0, r.w - 6, true, "a name");
	grid_put_wrapped(g, r, 0, 2, r.h - 2, *s->problem ? ROLE_WARN : ROLE_DIM,
			 *s->problem ? s->problem : s->hint);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_SAVE;
}

static bool can(const struct app *a, enum action act)
{
	return act != ACT_PALETTE && act != ACT_HELP &&
	       (act != ACT_OPEN || a->save.path.text.len);
}

static const char *label(const struct app *a, enum action act)
{
	if (act == ACT_OPEN)
		return *a->save.asked ? "Replace it" : "Write";
	return NULL;
}

static void write_it(struct app *a)
{
	struct save *s = &a->save;
	CLEANUP(free_ptr) char *path = save_path(str_text(&s->path.text));
	struct err err = ERR_INIT;

	if (access(path, F_OK) == 0 && strcmp(s->asked, path) != 0) {
		snprintf(s->asked, sizeof(s->asked), "%s", path);
		snprintf(s->problem, sizeof(s->problem), "There is a file of that name. Enter "
			 "again replaces it.");
		return;
	}
	if (s->write(a, path, &err) < 0) {
		snprintf(s->problem, sizeof(s->problem), "%s.%s%s", err.msg, *err.todo ? " " : "",
			 err.todo);
		return;
	}
	app_remove(a, &screen_save);
}

static bool action(struct app *a, enum action act)
{
	if (act != ACT_OPEN)
		return false;
	if (a->save.path.text.len)
		write_it(a);
	return true;
}

static bool type(struct app *a, uint32_t key)
{
	if (!edit_key(&a->save.path, key))
		return false;
	a->save.problem[0] = a->save.asked[0] = '\0';
	return true;
}

static bool typing(const struct app *a)
{
	(void)a;
	return true;
}

static void paste(struct app *a, const char *text)
{
	edit_insert(&a->save.path, text);
}

const struct screen_ops screen_save = {
	.name = "save",
	.title = "Write a file",
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
