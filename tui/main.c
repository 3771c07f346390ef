#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "graph/base/secret.h"
#include "graph/base/str.h"
#include "tui/app.h"
#include "tui/headless.h"
#include "tui/options.h"

static int usage_error(const struct err *err)
{
	fprintf(stderr, "sspr-wizard: %s.%s%s\n", err->msg, *err->todo ? " " : "", err->todo);
	return EXIT_USAGE;
}

static int help(void)
{
	CLEANUP(str_release) struct str text = { 0 };

	options_usage(&text);
	fputs(str_text(&text), stdout);
	return EXIT_WELL;
}

/* The wizard needs a terminal on both sides; without one a demo is told as
 * text. */
static int wizard(struct options *o)
{
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

	if (o->dump_screen)
		return app_run(o);
	if (o->linear)
		return headless_run(o);
	if (terminal)
		return app_run(o);
	if (o->demo) {
		o->command = COMMAND_TOUR;
		return headless_run(o);
	}
	fprintf(stderr, "sspr-wizard: the wizard needs a terminal. Without one use a command, "
			"see sspr-wizard --help.\n");
	return EXIT_CANNOT;
}

int main(int argc, char **argv)
{
	struct options o;
	struct err err = ERR_INIT;

	secret_harden_process();
	setlocale(LC_ALL, "");
	signal(SIGPIPE, SIG_IGN);
	if (options_parse(&o, argc, argv, &err) < 0)
		return usage_error(&err);
	switch (o.command) {
	case COMMAND_HELP:
		return help();
	case COMMAND_VERSION:
		puts("sspr-wizard " VERSION);
		return EXIT_WELL;
	case COMMAND_WIZARD:
		return wizard(&o);
	default:
		return headless_run(&o);
	}
}
