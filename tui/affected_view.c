/* Whom a plan touches: beside its changes, and in full as a file, before the yes. */
#include <stdio.h>
#include <string.h>

#include "graph/base/file.h"
#include "graph/base/str.h"
#include "steps/affected.h"
#include "tui/model.h"

void affected_collect(const struct app *a, struct affected *ret)
{
	const struct facts *f = &a->session.facts;
	const struct wanted *w = &a->session.wanted;
	const struct change *guided = a->guide.step ? guide_change(a) : NULL;
	const struct run *run = app_asks_undo(a) ? history_run(a) : NULL;
	const struct record *r = NULL;
	size_t n = run && a->session.journal ? journal_records(a->session.journal, &r) : 0;

	*ret = (struct affected){ .n = 0 };
	if (app_asks_apply(a)) {
		for (size_t i = 0; i < a->plan.n; i++)
			affected_add(ret, f, w, &a->plan.v[i]);
	} else if (run) {
		while (n-- > 0)
			if (str_same(r[n].run, run->id) && r[n].outcome == OUTCOME_DONE &&
			    r[n].undone != OUTCOME_DONE)
				affected_add_undo(ret, f, w, &r[n]);
	} else if (guided) {
		affected_add(ret, f, w, guided);
	}
}

bool affected_any(const struct app *a)
{
	struct affected all;
	bool any;

	affected_collect(a, &all);
	any = all.n > 0;
	affected_release(&all);
	return any;
}

void affected_put(const struct app *a, const struct affected *all, const char *change_id, int x,
		  struct sheet *s)
{
	struct arena scratch = { 0 };

	for (size_t i = 0; i < all->n; i++) {
		const struct effect *e = &all->v[i];

		if (e->in_detail || !str_same(e->change_id, change_id))
			continue;
		sheet_item(s, x, e->warning ? ROLE_WARN : ROLE_DIM,
			   glyph(e->warning ? GLYPH_WARN : GLYPH_DOT, a->ascii), ROLE_TEXT,
			   arena_printf(&scratch, "%s: %s.", e->what,
					impact_text(&e->people, &scratch)));
	}
	arena_clear(&scratch);
}

static int write_csv(struct app *a, const char *path, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct affected all;
	size_t rows;

	affected_collect(a, &all);
	rows = affected_rows(&all);
	affected_csv(&all, &text);
	affected_release(&all);
	if (file_write(path, str_text(&text), text.len, err) < 0)
		return -1;
	app_say(a, ROLE_GOOD, "Written: %.150s, %zu %s, for your eyes only (mode 0600)", path, rows,
		rows == 1 ? "row" : "rows");
	return 0;
}

void affected_save(struct app *a)
{
	save_open(a, "Write who is affected", "affected.csv",
		  "Everybody whom these changes touch, each with the effect, as CSV. The file is "
		  "readable by you alone.", write_csv);
}
