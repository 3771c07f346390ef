/* The part of a report that says who of the pilot is ready: HTML and Markdown. */
#include "checks/report_ready.h"

#include "graph/base/clock.h"
#include "graph/base/mem.h"

#define SHOWN_MOST 200		/* people; `monitor readiness` lists everybody */

static const char *yes_no(enum tri t)
{
	return t == TRI_YES ? "yes" : t == TRI_NO ? "no" : "not known";
}

/* "too few methods, also no licence". */
static const char *gaps_text(const struct ready_person *p, struct arena *arena)
{
	const char *also = readiness_also(p, arena);

	return arena_printf(arena, "%s%s%s", gap_words(p->gap)->title, *also ? ", also " : "",
			    also);
}

static const char *reset_text(const struct readiness *r, const struct ready_person *p,
			      char date[TIME_TEXT])
{
	if (!r->log_read)
		return "not known";
	return p->reset_ms ? time_format_date(p->reset_ms, date) : "none";
}

/* How many people with a gap are not shown; those stand before the ready. */
static size_t hidden(const struct readiness *r)
{
	size_t gaps = r->n - r->ready;

	return gaps > SHOWN_MOST ? gaps - SHOWN_MOST : 0;
}

/* Without the registration report every line would say that it was not read. */
static bool can_list(const struct readiness *r)
{
	return r->n && r->report_read;
}

static bool is_shown(const struct readiness *r, size_t i)
{
	return i < SHOWN_MOST && r->v[i].ready != READY_YES;
}

static const char *counts_text(const struct readiness *r, struct arena *arena)
{
	return arena_printf(arena, "%zu ready, %zu with a gap, %zu not known, %zu left out (guests "
			    "and disabled accounts).", r->ready, r->lacking, r->unknown,
			    r->left_out);
}

static const char *more_text(size_t more, struct arena *arena)
{
	return arena_printf(arena, "And %zu more: sspr-wizard monitor readiness --format csv lists "
			    "everybody.", more);
}

/* --- HTML ----------------------------------------------------------------------------- */

static void cell(struct str *out, const char *head, const char *text)
{
	str_addf(out, "<td data-head=\"%s\">", head);
	html_text(out, text);
	str_add(out, "</td>");
}

static void html_gaps(const struct readiness *r, struct str *out)
{
	str_add(out, "<table>\n<caption>What is missing, and of how many</caption>\n<thead><tr>"
		"<th scope=\"col\">Gap</th><th scope=\"col\">People</th><th scope=\"col\">What to "
		"do</th><th scope=\"col\">Who can</th></tr></thead>\n<tbody>\n");
	for (unsigned g = GAP_GUEST; g < GAP_COUNT; g++) {
		const struct gap_words *words = gap_words((enum gap)g);

		if (!r->with_gap[g])
			continue;
		str_add(out, "<tr><td>");
		html_text(out, words->title);
		str_addf(out, "</td><td data-head=\"People\">%zu</td>", r->with_gap[g]);
		cell(out, "What to do", words->remedy);
		cell(out, "Who can", words->whom);
		str_add(out, "</tr>\n");
	}
	str_add(out, "</tbody>\n</table>\n");
}

static void html_people(const struct readiness *r, struct arena *arena, struct str *out)
{
	char date[TIME_TEXT];

	str_add(out, "<table>\n<caption>People with a gap, the one that matters first</caption>\n"
		"<thead><tr><th scope=\"col\">Person</th><th scope=\"col\">What is missing</th>"
		"<th scope=\"col\">Can use</th><th scope=\"col\">Capable</th><th scope=\"col\">"
		"Synchronised</th><th scope=\"col\">Last reset</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < r->n && is_shown(r, i); i++) {
		const struct ready_person *p = &r->v[i];

		str_add(out, "<tr class=\"person\"><td>");
		html_text(out, p->name);
		if (!str_same(p->name, p->address)) {
			str_add(out, "<br><span class=\"soft\">");
			html_text(out, p->address);
			str_add(out, "</span>");
		}
		str_add(out, "</td>");
		cell(out, "Missing", gaps_text(p, arena));
		cell(out, "Can use", *p->ways ? p->ways : "nothing");
		cell(out, "Capable", yes_no(p->capable));
		cell(out, "Synchronised", yes_no(p->synced));
		cell(out, "Last reset", reset_text(r, p, date));
		str_add(out, "</tr>\n");
	}
	str_add(out, "</tbody>\n</table>\n");
}

static void html_line(struct str *out, const char *class, const char *text)
{
	str_addf(out, "<p class=\"%s\">", class);
	html_text(out, text);
	str_add(out, "</p>\n");
}

void report_ready_html(const struct readiness *r, struct arena *arena, struct str *out)
{
	str_add(out, "<h2 id=\"ready\">Who is ready</h2>\n");
	html_line(out, "lead", r->why);
	if (can_list(r)) {
		html_line(out, "", counts_text(r, arena));
		if (r->n > r->ready) {
			html_gaps(r, out);
			html_people(r, arena, out);
		}
		if (hidden(r))
			html_line(out, "", more_text(hidden(r), arena));
	}
	if (*r->sources)
		html_line(out, "soft", r->sources);
}

/* --- Markdown --------------------------------------------------------------------------- */

static void md_cell(struct str *out, const char *text)
{
	str_add_char(out, ' ');
	markdown_text(out, text);
	str_add(out, " |");
}

static void md_line(struct str *out, const char *text)
{
	markdown_text(out, text);
	str_add(out, "\n\n");
}

static void md_people(const struct readiness *r, struct arena *arena, struct str *out)
{
	char date[TIME_TEXT];

	str_add(out, "| Person | Address | What is missing | Can use | Capable | Synchronised | Last "
		"reset |\n|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < r->n && is_shown(r, i); i++) {
		const struct ready_person *p = &r->v[i];

		str_add_char(out, '|');
		md_cell(out, p->name);
		md_cell(out, p->address);
		md_cell(out, gaps_text(p, arena));
		md_cell(out, *p->ways ? p->ways : "nothing");
		md_cell(out, yes_no(p->capable));
		md_cell(out, yes_no(p->synced));
		md_cell(out, reset_text(r, p, date));
		str_add_char(out, '\n');
	}
	str_add_char(out, '\n');
}

void report_ready_markdown(const struct readiness *r, struct arena *arena, struct str *out)
{
	str_add(out, "## Who is ready\n\n");
	md_line(out, r->why);
	if (can_list(r)) {
		md_line(out, counts_text(r, arena));
		for (unsigned g = GAP_GUEST; g < GAP_COUNT; g++) {
			if (!r->with_gap[g])
				continue;
			str_addf(out, "- %zu: ", r->with_gap[g]);
			markdown_text(out, arena_printf(arena, "%s. %s", gap_words((enum gap)g)->title,
							gap_words((enum gap)g)->remedy));
			str_add_char(out, '\n');
		}
		if (r->n > r->ready) {
			str_add_char(out, '\n');
			md_people(r, arena, out);
		}
		if (hidden(r))
			md_line(out, more_text(hidden(r), arena));
	}
	if (*r->sources)
		md_line(out, r->sources);
}
