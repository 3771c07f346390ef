/* Takes in what the script on the Entra Connect server wrote: a file by name, or
 * the block that it showed, pasted. What is not believed is refused with the
 * reason, and nothing changes. */
#include <stdio.h>
#include <string.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "steps/server_import.h"
#include "tui/model.h"

#define WIDTH 76
#define HEIGHT 12

static const char hint[] = "Run the script on the server first: F2 writes it to a file here. It "
	"gathers, changes nothing and touches no secret. Then give the name of the document that "
	"it wrote, or paste what it showed with -OutFile -.";

void import_open(struct app *a)
{
	edit_clear(&a->import.path);
	a->import.problem[0] = '\0';
	app_push_once(a, &screen_import);
}

static void view(const struct app *a, struct rect r, struct grid *g)
{
	const struct import *i = &a->import;

	r = overlay_box(g, r, WIDTH, HEIGHT, screen_import.title);
	grid_put(g, r, 0, 0, ROLE_TEXT, "File:");
	edit_view(&i->path, g, r, 6, 0, r.w - 6, true, "a name, or paste the block");
	grid_put_wrapped(g, r, 0, 2, r.h - 2, *i->problem ? ROLE_WARN : ROLE_DIM,
			 *i->problem ? i->problem : hint);
}

static enum key_context context(const struct app *a)
{
	(void)a;
	return CTX_IMPORT;
}

static bool can(const struct app *a, enum action act)
{
	return act != ACT_PALETTE && act != ACT_HELP && act != ACT_UP && act != ACT_DOWN &&
	       (act != ACT_OPEN || a->import.path.text.len);
}

static const char *label(const struct app *a, enum action act)
{
	(void)a;
	return act == ACT_OPEN ? "Import" : act == ACT_EXPORT ? "The script" : NULL;
}

static void refuse(struct app *a, const struct err *err)
{
	snprintf(a->import.problem, sizeof(a->import.problem), "Not taken in: %s.%s%s", err->msg,
		 *err->todo ? " " : "", err->todo);
}

/* What it tells is shown where it is judged. */
static void take(struct app *a, const char *text, size_t len)
{
	struct err err = ERR_INIT;

	if (session_server_import(&a->session, text, len, &err) < 0) {
		refuse(a, &err);
		return;
	}
	app_remove(a, &screen_import);
	app_remove(a, &screen_path);
	if (a->session.path.n)
		path_open(a);
	app_say(a, ROLE_GOOD, "Taken in and judged; it counts for seven days");
}

static void read_file(struct app *a)
{
	CLEANUP(free_ptr) char *path = save_path(str_text(&a->import.path.text));
	CLEANUP(str_release) struct str text = { 0 };
	struct err err = ERR_INIT;

	if (file_read(path, SERVER_TEXT_MAX, &text, &err) < 0)
		refuse(a, &err);
	else
		take(a, str_text(&text), text.len);
}

static int write_script(struct app *a, const char *path, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };

	if (session_server_script(&a->session, &text, err) < 0 ||
	    file_write(path, str_text(&text), text.len, err) < 0)
		return -1;
	app_say(a, ROLE_GOOD, "Written: %.150s. Run it on the server", path);
	return 0;
}

static bool action(struct app *a, enum action act)
{
	if (act == ACT_OPEN) {
		if (a->import.path.text.len)
			read_file(a);
		return true;
	}
	if (act != ACT_EXPORT)
		return false;
	save_open(a, "The script for the server", "server-script.ps1",
		  "Windows PowerShell 5.1 runs it on the Entra Connect server, elevated.",
		  write_script);
	return true;
}

static bool type(struct app *a, uint32_t key)
{
	if (!edit_key(&a->import.path, key))
		return false;
	a->import.problem[0] = '\0';
	return true;
}

static bool typing(const struct app *a)
{
	(void)a;
	return true;
}

/* A name is one line; everything else is the document itself. */
static void paste(struct app *a, const char *text)
{
	const char *start = text + strspn(text, " \n\t");

	if (*start == '{' || strchr(start, '\n') || strstr(start, SERVER_BLOCK_BEGIN))
		take(a, text, strlen(text));
	else
		edit_insert(&a->import.path, text);
}

const struct screen_ops screen_import = {
	.name = "import",
	.title = "Import from the server",
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
