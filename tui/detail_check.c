/* A finding in full: the right pane of a prerequisite, and the evidence. */
#include "graph/base/str.h"
#include "tui/model.h"

#define MARGIN 1

static struct look look_of_probe(const struct port_probe *p)
{
	if (p->pending)
		return look_reading();
	if (!p->answered)
		return look_of_verdict(VERDICT_FAIL);
	return look_of_verdict(p->inspected || p->problem ? VERDICT_WARN : VERDICT_PASS);
}

/* What was probed from this machine, each as it comes in. */
static void put_probes(const struct app *a, struct sheet *s)
{
	const struct ports *ports = &a->session.facts.ports;
	struct arena arena = { 0 };

	sheet_blank(s);
	sheet_line(s, MARGIN, ROLE_TITLE, "From here, not from the server");
	for (size_t i = 0; i < ports->n; i++) {
		const struct port_probe *p = &ports->v[i];
		struct look look = look_of_probe(p);
		const char *answer = port_answer_text(p, &arena);

		sheet_item(s, MARGIN, look.role, glyph(look.glyph, a->ascii), ROLE_TEXT,
			   arena_printf(&arena, "%s:%d  %s", p->host, p->port, p->purpose));
		if (p->pending)
			sheet_text(s, MARGIN + 2, ROLE_DIM, answer);
		else
			sheet_text(s, MARGIN + 2, ROLE_DIM,
				   arena_printf(&arena, "%s, %d ms", answer, p->took_ms));
	}
	arena_clear(&arena);
}

static void put_evidence(const struct app *a, const struct finding *f, struct sheet *s)
{
	bool ports = str_same(f->id, "prereq.ports") && session_ports_from_here(&a->session);

	if (ports)
		put_probes(a, s);
	if (ports && f->nevidence == a->session.facts.ports.n)
		return;
	sheet_blank(s);
	sheet_line(s, MARGIN, ROLE_TITLE, "How we know");
	if (!f->nevidence)
		sheet_text(s, MARGIN, ROLE_DIM, "Nothing was seen that tells.");
	for (size_t i = 0; i < f->nevidence; i++) {
		const struct evidence *e = &f->evidence[i];
		CLEANUP(str_release) struct str source = { 0 };

		if (ports && str_same(e->source, "probe from here"))
			continue;
		sheet_item(s, MARGIN, ROLE_DIM, glyph(GLYPH_DOT, a->ascii), ROLE_TEXT,
			   e->value);
		str_add(&source, e->source);
		if (e->observed_ms) {
			str_add(&source, ", ");
			ago_text(a->now_ms, e->observed_ms, &source);
		}
		sheet_text(s, MARGIN + 2, ROLE_DIM, str_text(&source));
	}
}

static void put_verdict(const struct app *a, const struct finding *f, struct sheet *s)
{
	struct look look = look_of_verdict(f->verdict);
	int x = MARGIN + sheet_put(s, MARGIN, ROLE_TITLE, f->title) + 2;

	x += sheet_put(s, x, look.role, glyph(look.glyph, a->ascii)) + 1;
	x += sheet_put(s, x, look.role, look.word) + 2;
	if (f->confidence != CONFIDENCE_NONE)
		sheet_put(s, x, ROLE_DIM, confidence_name(f->confidence));
	sheet_next(s);
}

static void put_unread(const struct app *a, const char *id, struct sheet *s)
{
	int i = board_item_find(id);

	sheet_line(s, MARGIN, ROLE_TITLE, i >= 0 && board_items[i].label ?
		   board_items[i].label : id);
	sheet_blank(s);
	sheet_text(s, MARGIN, ROLE_DIM, a->session.state == SESSION_IDLE ?
		   "Not read yet: r reads it." :
		   "Being read. What is known shows up here; you can go on meanwhile.");
}

void detail_one(const struct app *a, const struct finding *f, bool with_evidence,
		struct sheet *s)
{
	put_verdict(a, f, s);
	sheet_blank(s);
	sheet_text(s, MARGIN, ROLE_TEXT, f->summary);
	if (*f->remedy) {
		sheet_blank(s);
		sheet_line(s, MARGIN, ROLE_TITLE, "What to do");
		sheet_text(s, MARGIN, ROLE_TEXT, f->remedy);
	}
	if (*f->link)
		sheet_text(s, MARGIN, ROLE_LINK, f->link);
	if (with_evidence)
		put_evidence(a, f, s);
}

void detail_finding(const struct app *a, const char *id, bool with_evidence,
		    struct sheet *s)
{
	const struct finding *f = findings_find(&a->session.findings, id);

	int row = board_item_find(id);

	if (!f || (row >= 0 && board_pending(a, &board_items[row]))) {
		put_unread(a, id, s);
		return;
	}
	detail_one(a, f, with_evidence, s);
}
