#include "tui/linear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/readiness.h"
#include "checks/writeback_path.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"
#include "steps/findings.h"
#include "tui/exit_status.h"

#define PEOPLE_MAX 200	/* typed by hand; a file takes more */
#define READY_MOST 50	/* people with a gap that are listened to */

enum answer { ANSWER_APPLY, ANSWER_GUIDE, ANSWER_TEST, ANSWER_PEOPLE, ANSWER_READY, ANSWER_EVIDENCE,
	      ANSWER_READ, ANSWER_NEXT, ANSWER_BACK, ANSWER_LEAVE, ANSWER_COUNT };

static const char *const answer_words[] = {
	[ANSWER_APPLY] = "apply", [ANSWER_GUIDE] = "guide me",
	[ANSWER_TEST] = "live test", [ANSWER_PEOPLE] = "name people",
	[ANSWER_READY] = "who is ready",
	[ANSWER_EVIDENCE] = "how we know", [ANSWER_READ] = "read again",
	[ANSWER_NEXT] = "next", [ANSWER_BACK] = "back", [ANSWER_LEAVE] = "leave",
};

/* A line from the person, clean, without its newline; false at the end. */
static bool get_line(struct str *out)
{
	char line[1024];
	size_t n;

	fflush(stdout);
	str_clear(out);
	if (!fgets(line, sizeof(line), stdin))
		return false;
	n = strcspn(line, "\r\n");
	utf8_clean(out, line, n, 0);
	return true;
}

static bool ask_yes(const char *question)
{
	CLEANUP(str_release) struct str line = { 0 };

	printf("%s y or n [n]: ", question);
	return get_line(&line) && (str_same_nocase(str_text(&line), "y") ||
				   str_same_nocase(str_text(&line), "yes"));
}

/* What Microsoft does not support wants more than a letter. */
static bool ask_word(void)
{
	CLEANUP(str_release) struct str line = { 0 };

	printf("Some of it goes by an API that Microsoft does not support. Type the word portal "
	       "to say yes: ");
	return get_line(&line) && str_same_nocase(str_text(&line), "portal");
}

/* Offers what `can` allows and returns the choice; Enter takes `usual`. */
static enum answer ask(const bool can[ANSWER_COUNT], enum answer usual)
{
	CLEANUP(str_release) struct str line = { 0 };
	enum answer offered[ANSWER_COUNT];
	size_t n = 0, usual_number = 0;

	for (int a = 0; a < ANSWER_COUNT; a++) {
		if (!can[a])
			continue;
		offered[n++] = (enum answer)a;
		if (a == (int)usual)
			usual_number = n;
	}
	for (;;) {
		unsigned long number;
		char *end;

		printf("What next?");
		for (size_t i = 0; i < n; i++)
			printf("%s %zu %s", i ? "," : "", i + 1, answer_words[offered[i]]);
		printf(" [%zu]: ", usual_number);
		if (!get_line(&line)) {
			putchar('\n');
			return ANSWER_LEAVE;
		}
		if (!line.len)
			return usual;
		number = strtoul(str_text(&line), &end, 10);
		if (!*end && number >= 1 && number <= n)
			return offered[number - 1];
		for (size_t i = 0; i < n; i++)
			if (str_same_nocase(str_text(&line), answer_words[offered[i]]))
				return offered[i];
		printf("Please answer with a number from 1 to %zu.\n", n);
	}
}

static const char *tenant_name(const struct headless *h)
{
	const char *name = h->session.facts.organization.display_name;

	return name ? name : "the tenant";
}

static void tell_start(struct headless *h)
{
	const struct findings *f = &h->session.findings;
	unsigned number = 0;

	printf("sspr-wizard. %s%s.\n", tenant_name(h), h->o->demo ? ", a demonstration" : "");
	printf("Before you start:\n");
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = &f->v[i];

		if (!str_starts(one->id, "prereq."))
			continue;
		printf(" %u. %s: %s. %s\n", ++number, one->title, verdict_name(one->verdict),
		       one->summary);
		if (one->verdict >= VERDICT_UNKNOWN && *one->remedy)
			printf("    To do: %s\n", one->remedy);
	}
}

static void tell_state(const struct step_view *v)
{
	CLEANUP(str_release) struct str work = { 0 };

	step_work_text(v, &work);
	printf("\nStep %u of %d: %s. State: %s.\n%s\n", v->ops->number, STEPS_COUNT,
	       v->ops->title, work.len ? str_text(&work) : step_state_name(v->state),
	       v->ops->why);
	if (v->reason && *v->reason)
		printf("%s\n", v->reason);
}

/* The way of a password, part by part, and what is next. */
static void tell_path(const struct findings *path)
{
	const struct finding *next = writeback_path_next(path);

	if (path->n)
		printf("The way of a password:\n");
	for (size_t i = 0; i < path->n; i++)
		printf(" %zu. %s: %s. %s\n", i + 1, path->v[i].title,
		       verdict_name(path->v[i].verdict), path->v[i].summary);
	if (next)
		printf("    Next: %s\n", *next->remedy ? next->remedy : next->summary);
}

static void tell_step(const struct step_view *v, const struct findings *path)
{
	tell_state(v);
	for (size_t i = 0; i < v->nsettings; i++) {
		const struct setting *one = &v->settings[i];

		printf(" %zu. %s: now %s, wanted %s. %s\n", i + 1, one->name, one->current,
		       one->wanted, one->matches ? "Fine." : "To change.");
	}
	for (size_t i = 0; i < v->nnotes; i++)
		printf("    %s%s\n", v->notes[i].warning ? "Warning: " : "Note: ",
		       v->notes[i].text);
	if (str_same(v->ops->id, "writeback"))
		tell_path(path);
	for (size_t i = 0; i < v->plan.n; i++)
		printf("  %s: %s\n", v->plan.v[i].means == MEANS_GUIDED ||
		       v->plan.v[i].means == MEANS_SERVER ? "For you" : "Change",
		       v->plan.v[i].title);
}

static void tell_evidence(const struct step_view *v)
{
	for (size_t i = 0; i < v->nsettings; i++) {
		const struct setting *one = &v->settings[i];

		printf(" %zu. %s: %s. %s\n", i + 1, one->name, confidence_name(one->confidence),
		       one->how ? one->how : "");
	}
}

static void read_again(struct headless *h)
{
	printf("Reading the tenant.\n");
	fflush(stdout);
	session_read(&h->session, AREAS_ALL);
	headless_wait(h);
}

static void apply(struct headless *h, const struct step_view *v)
{
	const char *ids[] = { v->ops->id, NULL };
	const struct progress *p;
	struct err err = ERR_INIT;
	struct plan plan;
	char *question;
	size_t n;

	plan_init(&plan);
	session_plan(&h->session, ids, &plan);
	for (size_t i = 0; i < plan.n; i++)
		printf(" %zu. %s. Taking it back: %s\n", i + 1, plan.v[i].title, plan.v[i].undo);
	question = xasprintf("Apply this to %s?", tenant_name(h));
	if (!plan.n || !ask_yes(question) || (plan_by_portal(&plan) && !ask_word())) {
		printf("Nothing was written.\n");
	} else if (session_apply(&h->session, &plan, &err) < 0) {
		printf("Not applied: %s. %s\n", err.msg, err.todo);
	} else {
		h->told = (size_t)-1;	/* told here, not on standard error */
		headless_wait(h);
		n = engine_progress(h->session.engine, &p);
		for (size_t i = 0; i < n; i++)
			printf(" %zu. %s: %s. %s\n", i + 1, p[i].title,
			       outcome_name(p[i].outcome),
			       p[i].err.kind == ERR_NONE ? "" : p[i].err.msg);
		printf("%s\n", h->session.verified
		       ? "Read again: it is as wanted."
		       : "The tenant does not show all of it yet; read again later.");
	}
	free(question);
	plan_release(&plan);
}

static bool for_a_person(const struct change *c)
{
	return c->means == MEANS_GUIDED || c->means == MEANS_SERVER;
}

/* Says what is new since the last time. */
static void tell_watch(const struct watch *w, struct str told[WATCH_SOURCES])
{
	for (size_t i = 0; i < WATCH_SOURCES; i++) {
		if (!w->lines[i].len || str_same(str_text(&told[i]), str_text(&w->lines[i])))
			continue;
		str_clear(&told[i]);
		str_add(&told[i], str_text(&w->lines[i]));
		printf("%s\n", str_text(&told[i]));
	}
	fflush(stdout);
}

/* Watches until there is a verdict, or until a person's word is asked for;
 * returns whether something was proved or contradicted. */
static bool watch(struct headless *h, const struct change *c)
{
	struct str told[WATCH_SOURCES] = { { 0 } };
	struct session *s = &h->session;
	struct err err = ERR_INIT;
	bool ended = false;

	if (session_watch_start(s, c, &err) == 0) {
		printf("Watching. Save it there now; this takes a minute or two.\n");
		while (s->watch->verdict == WATCH_WAITING && !s->watch->ask_word &&
		       !h->stopped && loop_run_once(h->loop, -1))
			tell_watch(s->watch, told);
		headless_wait(h);
		ended = s->watch->verdict != WATCH_WAITING;
		printf("%s\n", s->watch->verdict == WATCH_PROVED
		       ? "Proved: it is set as wanted."
		       : ended ? "Something else was set. Look at the page again."
		       : str_text(&s->watch->summary));
	}
	session_watch_stop(s);
	for (size_t i = 0; i < WATCH_SOURCES; i++)
		str_release(&told[i]);
	return ended;
}

/* One guided change. */
static void guide(struct headless *h, const struct change *c)
{
	struct err err = ERR_INIT;

	printf("%s\n", c->title);
	if (c->place && *c->place)
		printf("Go to: %s\n", c->place);
	if (c->link && *c->link)
		printf("Address: %s\n", c->link);
	for (size_t i = 0; i < c->ninstructions; i++)
		printf(" %zu. %s\n", i + 1, c->instructions[i]);
	if (watch_can(c) && ask_yes("Watch for the proof while you do it?") && watch(h, c))
		return;
	if (!c->attests || !ask_yes("Have you done it? The answer is recorded with your name."))
		return;
	if (session_attest(&h->session, c, &err) < 0)
		printf("Not recorded: %s. %s\n", err.msg, err.todo);
	else
		printf("Recorded. It counts as said by you until the tenant proves it.\n");
}

/* A look at the tenant replaces the plan of the view, so the change is copied. */
static void guide_copy(struct headless *h, const struct change *c)
{
	struct plan plan;

	plan_init(&plan);
	guide(h, plan_add_copy(&plan, c));
	plan_release(&plan);
}

static void guide_all(struct headless *h, const struct step_view *v)
{
	/* Proof or an attestation judges again and replaces the plan: so the place in
	 * it is found anew, by the number of those that were left open. */
	for (size_t left_open = 0;;) {
		const struct change *next = NULL;
		size_t n = 0, before = plan_guided(&v->plan);

		for (size_t i = 0; i < v->plan.n && !next; i++)
			if (for_a_person(&v->plan.v[i]) && n++ == left_open)
				next = &v->plan.v[i];
		if (!next)
			return;
		guide_copy(h, next);
		if (plan_guided(&v->plan) >= before)
			left_open++;
	}
}

/* Follows one reset, a line a stage. */
static void live_test(struct headless *h)
{
	CLEANUP(str_release) struct str user = { 0 };
	struct session *s = &h->session;
	struct err err = ERR_INIT;
	unsigned told = 0;

	printf("Who resets? A sign-in name: ");
	if (!get_line(&user) || session_live_start(s, str_text(&user), &err) < 0)
		return;
	printf("%s\n", h->o->demo ? "Demo: the simulator resets this password now."
	       : "Reset it now at https://aka.ms/sspr. The log is some minutes behind.");
	while (!h->stopped && !s->live->given_up && loop_run_once(h->loop, -1)) {
		for (int i = 0; i < LIVE_STAGES; i++) {
			if (!s->live->stage_ms[i] || (told & 1u << i))
				continue;
			told |= 1u << i;
			printf(" %s%s%s\n", live_stage_title((enum live_stage)i),
			       i == LIVE_VERIFIED ? ": " : "",
			       i == LIVE_VERIFIED ? str_text(&s->live->way) : "");
			fflush(stdout);
		}
		if (s->live->state > LIVE_RUNNING)
			break;
	}
	headless_wait(h);
	printf("%s\n", str_text(&s->live->summary));
	session_live_stop(s);
}

static void name_people(struct headless *h)
{
	CLEANUP(str_release) struct str line = { 0 };
	struct arena *a = &h->setup.arena;
	const char **names = arena_alloc(a, PEOPLE_MAX * sizeof(*names));
	size_t n = 0;

	printf("Name the people for the group: a sign-in name, address or object id a line; "
	       "an empty line ends.\n");
	while (n < PEOPLE_MAX && printf("Person %zu: ", n + 1) && get_line(&line) && line.len)
		names[n++] = arena_strdup(a, str_text(&line));
	h->session.wanted.entries = names;
	h->session.wanted.entry_lines = NULL;
	h->session.wanted.nentries = n;
	h->session.wanted.members_given = n > 0;
	read_again(h);
	headless_tell_entries(&h->session);
}

/* Go or no-go, then the gaps, then the people who have one. */
static void tell_ready(const struct headless *h)
{
	struct arena arena = { 0 };
	struct readiness r;
	size_t gaps, n = 0;

	readiness_judge(&h->session.facts, &h->session.wanted, &r, &arena);
	printf("%s\n", r.why);
	for (unsigned g = GAP_GUEST; g < GAP_COUNT; g++)
		if (r.with_gap[g])
			printf(" %zu %s: %s. %s\n", r.with_gap[g],
			       r.with_gap[g] == 1 ? "person" : "people",
			       gap_words((enum gap)g)->title, gap_words((enum gap)g)->remedy);
	gaps = r.n - r.ready;
	for (size_t i = 0; i < r.n && n < READY_MOST; i++) {
		const char *also = readiness_also(&r.v[i], &arena);

		if (r.v[i].ready == READY_YES)
			continue;
		printf(" %zu. %s, %s: %s%s%s.\n", ++n, r.v[i].name, r.v[i].address,
		       gap_words(r.v[i].gap)->title, *also ? ", also " : "", also);
	}
	if (gaps > n)
		printf(" And %zu more: sspr-wizard monitor readiness lists everybody.\n", gaps - n);
	if (*r.sources)
		printf("%s\n", r.sources);
	arena_clear(&arena);
}

static enum answer step_question(struct headless *h, const struct step_view *v)
{
	bool write = !h->setup.session.read_only;
	bool can[ANSWER_COUNT] = {
		[ANSWER_APPLY] = write && plan_automatic(&v->plan),
		[ANSWER_GUIDE] = plan_guided(&v->plan) > 0,
		[ANSWER_TEST] = str_same(v->ops->id, "writeback"),
		[ANSWER_PEOPLE] = str_same(v->ops->id, "group"),
		[ANSWER_READY] = str_same(v->ops->id, "group") ||
				 str_same(v->ops->id, "registration"),
		[ANSWER_EVIDENCE] = v->nsettings > 0,
		[ANSWER_READ] = true,
		[ANSWER_NEXT] = true,
		[ANSWER_BACK] = v->ops->number > 1,
		[ANSWER_LEAVE] = true,
	};

	return ask(can, ANSWER_NEXT);
}

int linear_run(struct headless *h)
{
	int status = headless_read(h, AREAS_ALL);
	size_t at = 0;

	if (status)
		return status;
	tell_start(h);
	while (at < STEPS_COUNT && h->session.views[at].ops && !h->stopped) {
		const struct step_view *v = &h->session.views[at];
		enum answer a;

		tell_step(v, &h->session.path);
		a = step_question(h, v);
		if (a == ANSWER_APPLY)
			apply(h, v);
		else if (a == ANSWER_GUIDE)
			guide_all(h, v);
		else if (a == ANSWER_TEST)
			live_test(h);
		else if (a == ANSWER_PEOPLE)
			name_people(h);
		else if (a == ANSWER_READY)
			tell_ready(h);
		else if (a == ANSWER_EVIDENCE)
			tell_evidence(v);
		else if (a == ANSWER_READ)
			read_again(h);
		else if (a == ANSWER_NEXT)
			at++;
		else if (a == ANSWER_BACK)
			at--;
		else
			break;
	}
	printf("\nGoodbye. Nothing is changed by leaving.\n");
	return exit_of_views(h->session.views, STEPS_COUNT);
}
