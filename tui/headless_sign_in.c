/* Signing in without a screen: everything goes to standard error, because a
 * result may be in a pipe. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/secret.h"
#include "graph/sign_in/registration_help.h"
#include "graph/sign_in/scopes.h"
#include "tui/headless_command.h"

/* Typed without echo; -1 when nothing was typed. */
static int read_password(const char *message, const char *file, struct secret *ret)
{
	struct termios was, silent;
	char line[512];
	size_t n;

	if (!headless_can_ask() || tcgetattr(STDIN_FILENO, &was) < 0)
		return -1;
	silent = was;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	headless_say("%s", message);
	fprintf(stderr, "Password of %s (Enter alone: do not sign in): ", file);
	fflush(stderr);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	if (!fgets(line, sizeof(line), stdin))
		line[0] = '\0';
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	fputc('\n', stderr);
	n = strcspn(line, "\r\n");
	secret_set(ret, line, n);
	secret_wipe(line, sizeof(line));
	return n ? 0 : -1;
}

static void ask_password(struct headless *h)
{
	const struct sign_in_prompt *p;

	/* A password that does not open the file is asked for again. */
	while ((p = h->session.sign_in) && p->kind == SIGN_IN_PASSWORD) {
		struct secret password = { 0 };

		if (read_password(p->message, p->url, &password) == 0)
			session_answer_password(&h->session, &password);
		else
			session_stop(&h->session);
	}
	h->prompted = h->session.sign_in;
}

void headless_tell_sign_in(struct headless *h)
{
	const struct sign_in_prompt *p = h->session.sign_in;
	int64_t minutes;

	if (p == h->prompted)
		return;
	h->prompted = p;
	if (!p)
		return;
	if (p->kind == SIGN_IN_PASSWORD) {
		ask_password(h);
		return;
	}
	minutes = (p->expires_ms - clock_now_ms() + 59999) / 60000;
	if (p->why)
		headless_say("%s", p->why);
	else if (h->session.sign_in_why)
		headless_say("signing in with %s: %s", h->session.tokens->ops->name,
			     h->session.sign_in_why);
	headless_say("%s", p->message);
	fprintf(stderr, "\n    %s\n", p->url);
	if (*p->code)
		fprintf(stderr, "    %s\n", p->code);
	fprintf(stderr, "\n  Waiting for %lld minutes; Ctrl-C cancels.\n", (long long)minutes);
}

void headless_tell_permissions(struct headless *h)
{
	const struct token_source *tokens = h->session.tokens;
	const char *write[SESSION_SCOPES_MAX + 1];
	char *missing, *beyond;

	/* Only a person's sign-in says what it was granted. */
	if (h->session.demo || !*tokens->granted || h->told_permissions)
		return;
	h->told_permissions = true;
	session_write_scopes(write);
	missing = scopes_missing(tokens->granted);
	beyond = scopes_beyond(tokens->granted, write);
	headless_say("signed in as %s.", *tokens->account ? tokens->account : "somebody");
	if (tokens->not_remembered && *tokens->not_remembered)
		headless_say("you are not remembered: %s.", tokens->not_remembered);
	if (*missing)
		headless_say("not granted, so what needs it stays unknown: %s.", missing);
	if (*beyond)
		headless_say("granted, but of no use to the wizard: %s.", beyond);
	free(missing);
	free(beyond);
}

void headless_tell_registration(const struct headless *h)
{
	const char *write[SESSION_SCOPES_MAX + 1];
	struct str text = { 0 };

	session_write_scopes(write);
	registration_help(&text, &h->setup.cloud, write);
	fprintf(stderr, "\n%s", str_text(&text));
	str_release(&text);
}
