#include "tui/headless.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "tui/demo_clock.h"
#include "tui/exit_status.h"
#include "tui/headless_command.h"
#include "tui/linear.h"

#define COLUMNS_DEFAULT 80
#define COLUMNS_WIDEST 100	/* longer lines are hard to read */
#define DEMO_LATENCY_MS 20	/* on the virtual clock: costs nothing */

void headless_say(const char *fmt, ...)
{
	va_list ap;

	fputs("sspr-wizard: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

int headless_fail(const struct err *err)
{
	headless_say("%s.", err->msg);
	if (*err->todo)
		fprintf(stderr, "  %s\n", err->todo);
	if (*err->request_id)
		fprintf(stderr, "  Request id: %s\n", err->request_id);
	return exit_of_error(err);
}

bool headless_can_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* The answer, without its newline; false when nobody can be asked. */
static bool get_answer(char *answer, int size)
{
	fflush(stderr);
	if (!fgets(answer, size, stdin))
		return false;
	answer[strcspn(answer, "\r\n")] = '\0';
	return true;
}

bool headless_ask(const char *question)
{
	char answer[16];

	if (!headless_can_ask())
		return false;
	fprintf(stderr, "%s [y/N] ", question);
	return get_answer(answer, sizeof(answer)) &&
	       (str_same_nocase(answer, "y") || str_same_nocase(answer, "yes"));
}

bool headless_ask_word(const char *question, const char *word)
{
	char answer[64];

	if (!headless_can_ask())
		return false;
	fprintf(stderr, "%s Type the word %s to say yes: ", question, word);
	return get_answer(answer, sizeof(answer)) && str_same_nocase(answer, word);
}

bool headless_one_terminal(const struct headless *h)
{
	return !h->json && !h->o->output && isatty(STDOUT_FILENO) && isatty(STDERR_FILENO);
}

int headless_put_text(struct headless *h, const struct str *text)
{
	struct err err = ERR_INIT;

	if (h->o->output) {
		if (file_write(h->o->output, str_text(text), text->len, &err) < 0) {
			headless_fail(&err);
			return EXIT_CANNOT;
		}
		return EXIT_WELL;
	}
	if (fwrite(str_text(text), 1, text->len, stdout) == text->len && !fflush(stdout))
		return EXIT_WELL;
	headless_say("cannot write the result to standard output: %s.", strerror(errno));
	return EXIT_CANNOT;
}

int headless_put_json(struct headless *h, const struct json *doc)
{
	CLEANUP(str_release) struct str text = { 0 };

	json_print_pretty(doc, &text);
	if (!str_ends(str_text(&text), "\n"))
		str_add_char(&text, '\n');
	return headless_put_text(h, &text);
}

static void tell_progress(struct headless *h)
{
	const struct progress *p;
	size_t n;

	if (h->session.state != SESSION_APPLYING && h->session.state != SESSION_UNDOING &&
	    h->session.state != SESSION_VERIFYING && h->session.state != SESSION_IDLE)
		return;
	n = engine_progress(h->session.engine, &p);
	for (; h->told < n && !p[h->told].running && p[h->told].outcome != OUTCOME_NONE;
	     h->told++) {
		const struct progress *one = &p[h->told];

		fprintf(stderr, "  %-8s %s\n", outcome_name(one->outcome), one->title);
		if (one->err.kind == ERR_NONE)
			continue;
		fprintf(stderr, "           %s.\n", one->err.msg);
		if (*one->err.todo)
			fprintf(stderr, "           %s\n", one->err.todo);
		if (*one->err.request_id)
			fprintf(stderr, "           Request id: %s\n", one->err.request_id);
	}
}

/* A wait that takes more than a moment: for what, how long, and the way out. */
static void tell_wait(struct headless *h)
{
	int64_t left_ms;
	const char *waits = engine_waits(h->session.engine, &left_ms);

	if (waits && waits != h->told_wait)
		fprintf(stderr, "  waiting  %s, for %d s at most.\n"
				"           Ctrl-C ends that safely: what is open is settled "
				"before anything else is written.\n",
			waits, (int)((left_ms + 999) / 1000));
	h->told_wait = waits;
}

void headless_wait(struct headless *h)
{
	bool writes = h->session.state == SESSION_APPLYING ||
		      h->session.state == SESSION_UNDOING;

	while (h->session.state != SESSION_IDLE && loop_run_once(h->loop, -1)) {
		headless_tell_sign_in(h);
		if (writes) {
			tell_progress(h);
			tell_wait(h);
		}
	}
	if (writes)
		tell_progress(h);
}

int headless_read(struct headless *h, unsigned areas)
{
	const struct source *source = &h->session.facts.source[AREA_ORGANIZATION];

	session_read(&h->session, areas | AREA_BIT(AREA_ORGANIZATION));
	headless_wait(h);
	headless_tell_permissions(h);
	if (h->session.server_err.kind != ERR_NONE) {
		headless_say("%s.", h->session.server_err.msg);
		h->session.server_err.kind = ERR_NONE;	/* once */
	}
	if (source->state == SOURCE_READ)
		return EXIT_WELL;
	if (source->err.kind != ERR_NONE)
		headless_fail(&source->err);
	else if (h->session.err.kind != ERR_NONE)
		headless_fail(&h->session.err);
	else
		headless_say("the tenant could not be read.");
	return EXIT_CANNOT;
}

void headless_probe(struct headless *h)
{
	struct err err = ERR_INIT;

	if (!h->o->probe || h->stopped)
		return;
	if (session_probe_start(&h->session, &err) < 0)
		headless_say("nothing was probed: %s.", err.msg);
	while (session_probing(&h->session) && !h->stopped && loop_run_once(h->loop, -1))
		;
}

static void on_signal(int signo)
{
	loop_signal(signo);
}

static void stop(void *ctx, int signo)
{
	struct headless *h = ctx;

	(void)signo;
	h->stopped = true;
	if (!h->stop_is_well)
		headless_say("stopping after the request in flight; again to stop at once.");
	session_stop(&h->session);
}

/* The second signal finds the default action and ends the program; the journal
 * makes that safe. */
static void watch_signals(struct headless *h)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&sa.sa_mask);
	loop_on_signal(h->loop, stop, h);
	for (size_t i = 0; i < COUNT_OF(signals); i++)
		sigaction(signals[i], &sa, NULL);
}

static int text_columns(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return COLUMNS_DEFAULT;
	return size.ws_col < COLUMNS_WIDEST ? size.ws_col : COLUMNS_WIDEST;
}

static const struct {
	enum command command;
	const char *name;	/* for the journal */
	bool writes, read_only_too;
	int (*run)(struct headless *h);
} commands[] = {
	{ COMMAND_CHECK, "check", false, false, headless_check },
	{ COMMAND_PLAN, "plan", false, false, headless_plan },
	{ COMMAND_APPLY, "apply", true, false, headless_apply },
	{ COMMAND_UNDO, "undo", true, false, headless_undo },
	{ COMMAND_HISTORY, "history", false, false, headless_history },
	{ COMMAND_DIAGNOSE, "diagnose", false, false, headless_diagnose },
	{ COMMAND_MONITOR, "monitor", false, false, headless_monitor },
	{ COMMAND_REPORT, "report", false, false, headless_report },
	{ COMMAND_SERVER_SCRIPT, "server-script", false, false, headless_server_script },
	{ COMMAND_IMPORT, "import", false, false, headless_import },
	{ COMMAND_REGISTER, "register", true, false, headless_register },
	{ COMMAND_TOUR, "tour", true, true, headless_tour },
	{ COMMAND_WIZARD, "wizard", true, true, linear_run },
};

static int run_with_session(struct headless *h, size_t which)
{
	struct session_options *so = &h->setup.session;
	struct err err = ERR_INIT;
	int status;

	if (commands[which].writes && so->read_only && !commands[which].read_only_too) {
		headless_say("the profile is read-only: nothing was written.");
		return EXIT_CANNOT;
	}
	so->command = commands[which].name;
	so->registering = commands[which].command == COMMAND_REGISTER;
	if (h->o->save_facts)
		so->record = &h->recording;
	if (h->o->from_facts)
		so->replay = &h->recording;
	so->demo_latency_ms = DEMO_LATENCY_MS;
	so->person = headless_can_ask();
	/* A command that only reads must not take the writer's lock. */
	so->read_only |= !commands[which].writes;
	h->loop = loop_new(&err);
	if (!h->loop)
		return headless_fail(&err);
	if (session_open(&h->session, h->loop, so, &h->setup.wanted, &err) < 0) {
		loop_free(h->loop);
		status = headless_fail(&err);
		if (!so->demo && !so->client_id && !so->registering && !str_same(so->auth, "azure-cli") &&
		    !str_same(so->auth, "managed-identity"))
			headless_tell_registration(h);
		return status;
	}
	watch_signals(h);
	h->recording.saved_ms = h->recording.saved_ms ? h->recording.saved_ms : clock_now_ms();
	status = commands[which].run(h);
	if (h->o->save_facts)
		status = exit_worse(status, headless_save_facts(h));
	if (h->stopped && !h->stop_is_well)
		status = exit_worse(status, EXIT_CANNOT);
	if (session_save(&h->session, &err) < 0) {
		headless_fail(&err);
		status = EXIT_CANNOT;
	}
	session_close(&h->session);
	loop_free(h->loop);
	return status;
}

int headless_run(const struct options *o)
{
	struct headless h = { .o = o, .columns = text_columns() };
	struct err err = ERR_INIT;
	int status = EXIT_USAGE;

	h.json = str_same(o->format, "json");
	h.ascii = o->ascii || !str_same_nocase(nl_langinfo(CODESET), "UTF-8");
	if (setup_open(&h.setup, o, &err) < 0)
		return headless_fail(&err);
	if (o->from_facts && (status = headless_load_facts(&h)) != EXIT_WELL) {
		setup_close(&h.setup);
		return status;
	}
	if (o->command == COMMAND_REGISTER && !o->nargs) {
		status = headless_register_help(&h);
		setup_close(&h.setup);
		return status;
	}
	/* A person at the keyboard lives in real time, and so does who follows. */
	if (o->demo && o->command != COMMAND_WIZARD && !o->follow &&
	    demo_clock_start(o, &h.setup, &err) < 0) {
		setup_close(&h.setup);
		return headless_fail(&err);
	}
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		if (commands[i].command == o->command)
			status = run_with_session(&h, i);
	demo_clock_keep(o, &h.setup);
	recording_release(&h.recording);
	setup_close(&h.setup);
	return status;
}
