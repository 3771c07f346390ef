#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "graph/base/secret.h"
#include "graph/base/str.h"
#include "graph/sign_in/environment.h"
#include "graph/sign_in/keyring.h"
#include "tui/app.h"
#include "tui/headless.h"
#include "tui/options.h"

static int usage_error(const struct err *err)
{
	fprintf(stderr, "sspr-wizard: %s.%s%s\n", err->msg, *err->todo ? " " : "", err->todo);
	return EXIT_USAGE;
}

static int print(const char *text)
{
	return fputs(text, stdout) == EOF || fflush(stdout) == EOF ? EXIT_CANNOT : EXIT_WELL;
}

static int help(void)
{
	CLEANUP(str_release) struct str text = { 0 };

	options_usage(&text);
	return print(str_text(&text));
}

static int version(void)
{
	return print("sspr-wizard " VERSION "\n");
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

/* A closed standard descriptor would become the number of the next file that is
 * opened, and what is printed would land in it: the journal, say. Standard output
 * is opened for reading, so that printing fails and is told by the exit status. */
static bool open_standard_files(void)
{
	static const int modes[] = { O_RDONLY, O_RDONLY, O_WRONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	struct options o;
	struct err err = ERR_INIT;

	if (!open_standard_files())
		return EXIT_CANNOT;
	secret_harden_process();
	sign_in_secrets_take();
	if (argc == 4 && str_same(argv[1], KEYRING_HELPER))
		return keyring_helper(argv[2], argv[3]);
	setlocale(LC_ALL, "");
	signal(SIGPIPE, SIG_IGN);
	if (options_parse(&o, argc, argv, &err) < 0)
		return usage_error(&err);
	switch (o.command) {
	case COMMAND_HELP:
		return help();
	case COMMAND_VERSION:
		return version();
	case COMMAND_WIZARD:
		return wizard(&o);
	default:
		return headless_run(&o);
	}
}
