/* Who is ready, for people and for other programs. */
#include "checks/report_readiness.h"

#include "checks/report.h"
#include "checks/report_monitor.h"
#include "graph/base/clock.h"
#include "graph/base/csv.h"
#include "graph/base/utf8.h"

#define SHOWN_MOST 50		/* lines of people; the other formats have everybody */
#define BAR_COLUMNS 20
#define TITLE_COLUMNS 22

/* --- Text --------------------------------------------------------------------------- */

static void put_wrapped(const char *text, int indent, int columns, struct str *out)
{
	size_t next;

	for (; *text; text += next) {
		str_addf(out, "%*s", indent, "");
		str_add_bytes(out, text, utf8_wrap(text, columns - indent, &next));
		str_add_char(out, '\n');
	}
}

static void put_gaps(const struct readiness *r, int columns, bool ascii, struct str *out)
{
	size_t most = 1;

	for (unsigned g = GAP_GUEST; g < GAP_COUNT; g++)
		if (r->with_gap[g] > most)
			most = r->with_gap[g];
	for (unsigned g = GAP_GUEST; g < GAP_COUNT; g++) {
		if (!r->with_gap[g])
			continue;
		str_addf(out, "  %5zu  ", r->with_gap[g]);
		utf8_cut(out, gap_words((enum gap)g)->title, TITLE_COLUMNS, true, ascii);
		str_add_char(out, ' ');
		chart_bar(out, r->with_gap[g], most, BAR_COLUMNS, ascii);
		str_add_char(out, '\n');
		put_wrapped(gap_words((enum gap)g)->remedy, 9, columns, out);
	}
}

static void put_people(const struct readiness *r, int columns, bool ascii, struct str *out)
{
	CLEANUP(str_release) struct str line = { 0 };
	struct arena arena = { 0 };
	size_t n = 0, gaps = r->n - r->ready;

	if (!gaps)
		return;
	str_addf(out, "\n%s\n", gaps > SHOWN_MOST ? "The first people with a gap, the one that matters "
						     "first"
						   : "People with a gap, the one that matters "
						     "first");
	for (size_t i = 0; i < r->n && n < SHOWN_MOST; i++) {
		const struct ready_person *p = &r->v[i];
		const char *also = readiness_also(p, &arena);

		if (p->ready == READY_YES)
			continue;
		n++;
		str_clear(&line);
		str_addf(&line, "  ");
		utf8_cut(&line, gap_words(p->gap)->title, TITLE_COLUMNS, true, ascii);
		str_addf(&line, " %s <%s>%s%s", p->name, p->address, *also ? ", also " : "", also);
		utf8_cut(out, str_text(&line), columns, false, ascii);
		str_add_char(out, '\n');
	}
	if (gaps > n)
		str_addf(out, "  and %zu more: --format csv lists everybody\n", gaps - n);
	arena_clear(&arena);
}

static const char *writeback_text(const struct readiness *r, struct arena *arena)
{
	if (!r->synced)
		return "Writeback: nobody of them is synchronised.";
	return arena_printf(arena, "Writeback: %s%s, for %zu synchronised. %s",
			    r->writeback ? r->writeback : "not proved",
			    r->writeback && r->writeback_confidence != CONFIDENCE_PROVED
			    ? arena_printf(arena, " (%s)", confidence_name(r->writeback_confidence))
			    : "", r->synced, r->writeback_how);
}

/* The ready of all, to a width that does not change. */
static void put_bar(const struct readiness *r, bool ascii, struct str *out)
{
	size_t all = r->counted ? r->counted : 1;
	size_t full = r->ready * BAR_COLUMNS * 2 / all;

	str_add(out, "  ");
	for (size_t i = 0; i < BAR_COLUMNS * 2; i++)
		str_add(out, i < full ? ascii ? "#" : "█" : ascii ? "." : "░");
	str_add_char(out, '\n');
}

void report_readiness_text(const struct facts *f, const struct readiness *r, int columns,
			   bool ascii, struct str *out)
{
	struct arena arena = { 0 };

	put_wrapped(arena_printf(&arena, "%s, %s", f->organization.display_name
				 ? f->organization.display_name : "The tenant", r->of), 0,
		    columns, out);
	str_add_char(out, '\n');
	put_wrapped(r->why, 0, columns, out);
	if (r->n) {
		put_bar(r, ascii, out);
		str_addf(out, "  %zu ready, %zu with a gap, %zu not known, %zu left out "
			 "(guests and disabled accounts)\n\n", r->ready, r->lacking, r->unknown,
			 r->left_out);
	}
	if (r->lacking + r->unknown + r->left_out)
		str_add(out, "Gaps, and how many people have each\n");
	put_gaps(r, columns, ascii, out);
	put_people(r, columns, ascii, out);
	str_add_char(out, '\n');
	if (r->trap_policy)
		put_wrapped(arena_printf(&arena, "In the way of registering: the policy %s %s. %s",
					 r->trap_policy, r->trap_effect, r->trap_way_out), 0,
			    columns, out);
	if (r->known)
		put_wrapped(writeback_text(r, &arena), 0, columns, out);
	put_wrapped(r->sources, 0, columns, out);
	if (str_ends(str_text(out), "\n\n"))
		str_truncate(out, out->len - 1);
	arena_clear(&arena);
}

/* --- JSON --------------------------------------------------------------------------- */

static void add_time(struct json *obj, const char *key, int64_t ms)
{
	char text[TIME_TEXT];

	if (ms)
		json_add_string(obj, key, time_format(ms, text));
	else
		json_add_null(obj, key);
}

static void add_tri(struct json *obj, const char *key, enum tri t)
{
	if (t == TRI_UNKNOWN)
		json_add_null(obj, key);
	else
		json_add_bool(obj, key, t == TRI_YES);
}

static void add_text(struct json *obj, const char *key, const char *text)
{
	if (text)
		json_add_string(obj, key, text);
	else
		json_add_null(obj, key);
}

static void add_state(struct json *obj, const struct readiness *r, const struct ready_person *p,
		      struct arena *arena)
{
	struct json *list;

	json_add_string(obj, "state", ready_name(p->ready));
	add_text(obj, "gap", p->gap ? gap_words(p->gap)->id : NULL);
	list = json_add_array(obj, "gaps");
	for (unsigned g = GAP_GUEST; g < GAP_COUNT; g++)
		if (p->gaps & GAP_BIT(g))
			json_append_string(list, gap_words((enum gap)g)->id);
	json_add_string(obj, "remedy", readiness_remedy(r, p, arena));
	json_add_string(obj, "ask", gap_words(p->gap)->ask);
	json_add_string(obj, "whom", gap_words(p->gap)->whom);
}

static void add_person(struct json *list, const struct readiness *r,
		       const struct ready_person *p, struct arena *arena)
{
	struct json *obj = json_append(list, json_new_object()), *methods;

	json_add_string(obj, "id", p->id);
	json_add_string(obj, "displayName", p->name);
	json_add_string(obj, "userPrincipalName", p->upn);
	json_add_string(obj, "address", p->address);
	add_state(obj, r, p, arena);
	add_tri(obj, "accountEnabled", p->enabled);
	add_tri(obj, "licensed", p->licensed);
	add_tri(obj, "registered", p->registered);
	add_tri(obj, "resetEnabled", p->reset_enabled);
	add_tri(obj, "capable", p->capable);
	add_tri(obj, "administrator", p->admin);
	json_add_number(obj, "gates", p->gates);
	add_tri(obj, "synced", p->synced);
	json_add_bool(obj, "guest", p->guest);
	json_add_bool(obj, "nested", p->nested);
	methods = json_add_array(obj, "methods");
	for (size_t i = 0; i < p->nmethods; i++)
		json_append_string(methods, p->methods[i]);
	add_time(obj, "reportRow", p->row_ms);
	add_time(obj, "lastReset", p->reset_ms);
	add_time(obj, "lastFailure", p->failed_ms);
	add_time(obj, "blockedUntil", p->blocked_until_ms);
}

static void add_counts(struct json *doc, const struct readiness *r)
{
	struct json *obj = json_add_object(doc, "people"), *list = json_add_array(doc, "gaps");

	json_add_number(obj, "all", (double)r->n);
	json_add_number(obj, "counted", (double)r->counted);
	json_add_number(obj, "ready", (double)r->ready);
	json_add_number(obj, "gap", (double)r->lacking);
	json_add_number(obj, "unknown", (double)r->unknown);
	json_add_number(obj, "leftOut", (double)r->left_out);
	for (unsigned g = GAP_GUEST; g < GAP_COUNT; g++) {
		struct json *one;

		if (!r->with_gap[g])
			continue;
		one = json_append(list, json_new_object());
		json_add_string(one, "id", gap_words((enum gap)g)->id);
		json_add_string(one, "title", gap_words((enum gap)g)->title);
		json_add_number(one, "people", (double)r->with_gap[g]);
		json_add_number(one, "firstOf", (double)r->by_gap[g]);
		json_add_string(one, "remedy", gap_words((enum gap)g)->remedy);
	}
}

struct json *report_readiness_json(const struct facts *f, const struct readiness *r)
{
	struct json *doc = json_new_object(), *obj;
	struct arena arena = { 0 };

	json_add_string(doc, "schema", "sspr-wizard/readiness/1");
	json_add(doc, "tenant", report_tenant(f));
	add_time(doc, "observedAt", f->now_ms);
	json_add_string(doc, "of", r->of);
	json_add_string(doc, "decision", decision_name(r->decision));
	json_add_string(doc, "summary", r->why);
	json_add_number(doc, "wantedPercent", r->threshold);
	if (r->percent < 0)
		json_add_null(doc, "percent");
	else
		json_add_number(doc, "percent", r->percent);
	add_counts(doc, r);
	obj = json_add_object(doc, "writeback");
	add_text(obj, "value", r->writeback);
	json_add_string(obj, "confidence", confidence_name(r->writeback_confidence));
	json_add_string(obj, "how", r->writeback_how);
	obj = json_add_object(doc, "report");
	add_time(obj, "oldestRow", r->oldest_row_ms);
	add_time(obj, "newestRow", r->newest_row_ms);
	if (r->trap_policy) {
		obj = json_add_object(doc, "registrationTrap");
		json_add_string(obj, "policy", r->trap_policy);
		json_add_string(obj, "effect", r->trap_effect);
		json_add_string(obj, "wayOut", r->trap_way_out);
	} else {
		json_add_null(doc, "registrationTrap");
	}
	obj = json_add_array(doc, "members");
	for (size_t i = 0; i < r->n; i++)
		add_person(obj, r, &r->v[i], &arena);
	arena_clear(&arena);
	return doc;
}

/* --- CSV ---------------------------------------------------------------------------- */

static void put_tri(struct str *out, enum tri t)
{
	csv_text(out, t == TRI_UNKNOWN ? "" : t == TRI_YES ? "yes" : "no");
}

static void put_time(struct str *out, int64_t ms)
{
	char text[TIME_TEXT];

	csv_text(out, ms ? time_format(ms, text) : "");
}

static void put_row(const struct ready_person *p, struct str *out)
{
	struct arena arena = { 0 };

	csv_text(out, p->name);
	csv_text(out, p->address);
	csv_text(out, gap_words(p->gap)->title);
	csv_text(out, gap_words(p->gap)->ask);
	csv_text(out, gap_words(p->gap)->whom);
	csv_text(out, gap_words(p->gap)->remedy);
	csv_text(out, readiness_also(p, &arena));
	csv_text(out, ready_name(p->ready));
	csv_text(out, p->upn);
	csv_text(out, p->id);
	put_tri(out, p->enabled);
	put_tri(out, p->licensed);
	put_tri(out, p->registered);
	put_tri(out, p->capable);
	csv_text(out, p->ways);
	put_tri(out, p->admin);
	put_tri(out, p->synced);
	csv_text(out, p->guest ? "yes" : "no");
	put_time(out, p->reset_ms);
	put_time(out, p->blocked_until_ms);
	put_time(out, p->row_ms);
	csv_end(out);
	arena_clear(&arena);
}

size_t report_readiness_csv(const struct readiness *r,
			    bool (*want)(const struct ready_person *p, const void *ctx),
			    const void *ctx, struct str *out)
{
	size_t n = 0;

	str_add(out, "name,address,gap,ask,whom,remedy,also,state,signInName,id,accountEnabled,"
		"licensed,registered,capable,methods,administrator,synced,guest,lastReset,"
		"blockedUntil,reportRow\n");
	for (size_t i = 0; i < r->n; i++) {
		if (want && !want(&r->v[i], ctx))
			continue;
		put_row(&r->v[i], out);
		n++;
	}
	return n;
}
