#include "tui/demo_clock.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"

static bool clock_file(const struct options *o, const struct setup *s, struct str *path)
{
	if (!o->demo_state || !s->session.state_dir)
		return false;
	str_addf(path, "%s/clock", s->session.state_dir);
	return true;
}

/* The time that an earlier command ended at, or 0. */
static int64_t kept_time(const struct options *o, const struct setup *s)
{
	CLEANUP(str_release) struct str path = { 0 }, text = { 0 };
	struct err err = ERR_INIT;
	int64_t ms;

	if (!clock_file(o, s, &path) || file_read(str_text(&path), TIME_TEXT, &text, &err) < 0)
		return 0;
	str_truncate(&text, strcspn(str_text(&text), "\n"));
	return time_parse(str_text(&text), &ms) < 0 ? 0 : ms;
}

int demo_clock_start(const struct options *o, const struct setup *s, struct err *err)
{
	const char *text = getenv("SSPR_WIZARD_NOW");
	int64_t now = clock_now_ms(), kept;

	if (text && *text && time_parse(text, &now) < 0)
		return err_set(err, ERR_INVALID, 0,
			       "SSPR_WIZARD_NOW is not a time like 2026-11-25T10:11:12Z");
	kept = kept_time(o, s);
	clock_set_virtual(kept > now ? kept : now);
	return 0;
}

void demo_clock_keep(const struct options *o, const struct setup *s)
{
	CLEANUP(str_release) struct str path = { 0 }, text = { 0 };
	struct err err = ERR_INIT;
	char when[TIME_TEXT];

	/* No directory is made for a state that could not be saved. */
	if (!clock_is_virtual() || !clock_file(o, s, &path) || access(o->demo_state, F_OK) != 0)
		return;
	str_addf(&text, "%s\n", time_format_graph(clock_now_ms(), when));
	if (file_make_dir(s->session.state_dir, &err) == 0)
		file_write(str_text(&path), str_text(&text), text.len, &err);
}
