#include "steps/server_ssh.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/base64.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"

#define STATUS_OF_SSH 255	/* ssh itself failed, not the command: ssh(1) */

static bool all_of(const char *text, size_t n, const char *more)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr(more, text[i]))
			return false;
	return n > 0 && *text != '-';
}

static bool take(char *to, size_t size, const char *from, size_t n)
{
	if (n >= size)
		return false;
	memcpy(to, from, n);
	to[n] = '\0';
	return true;
}

/* HOST[:PORT] or [ADDRESS][:PORT]. */
static bool read_host(const char *text, struct ssh_place *p)
{
	const char *end, *port;
	bool bracket = *text == '[', good;

	text += bracket;
	end = bracket ? strchr(text, ']') : text + strcspn(text, ":");
	if (!end)
		return false;
	good = all_of(text, (size_t)(end - text), bracket ? ":." : "._-") &&
	       take(p->host, sizeof(p->host), text, (size_t)(end - text));
	end += bracket;
	if (!good || !*end)
		return good;
	port = end + 1;
	return *end == ':' && strlen(port) <= 5 && strspn(port, "0123456789") == strlen(port) &&
	       strtol(port, NULL, 10) >= 1 && strtol(port, NULL, 10) <= 65535 &&
	       take(p->port, sizeof(p->port), port, strlen(port));
}

int ssh_place_read(const char *text, struct ssh_place *ret, struct err *err)
{
	const char *at = strrchr(text, '@');
	size_t n = at ? (size_t)(at - text) : 0;

	*ret = (struct ssh_place){ .user = "" };
	if ((!at || (all_of(text, n, "._-@\\") && take(ret->user, sizeof(ret->user), text, n))) &&
	    read_host(at ? at + 1 : text, ret))
		return 0;
	err_set(err, ERR_INVALID, 0, "\"%s\" is no place for ssh", text);
	return err_todo(err, "It is [USER@]HOST[:PORT], as in admin@connect01.contoso.local.");
}

/* Runs what comes over standard input, if all of it came. PowerShell hands it on
 * line by line as $input; a script of several lines at its prompt ("-Command -")
 * would be taken apart at every line that could be an end. */
static const char *const bootstraps[] = {
	[SERVER_FORM_GATHER] =
		"$ProgressPreference='SilentlyContinue';$s=@($input)-join\"`n\";"
		"if(-not $s.TrimEnd().EndsWith('# End of the script.')){"
		"throw 'the script did not arrive whole'};"
		"& ([scriptblock]::Create($s)) -OutFile '-'",
	[SERVER_FORM_ENABLE] =
		"$ProgressPreference='SilentlyContinue';$s=@($input)-join\"`n\";"
		"if(-not $s.TrimEnd().EndsWith('# End of the script.')){"
		"throw 'the script did not arrive whole'};"
		"& ([scriptblock]::Create($s)) -Asked",
};

/* Base64 of UTF-16, as -EncodedCommand wants it. */
static const char *encoded(const char *command, struct arena *arena)
{
	CLEANUP(str_release) struct str wide = { 0 }, text = { 0 };

	for (; *command; command++)
		str_add_bytes(&wide, (const char[2]){ *command, '\0' }, 2);
	base64_encode(&text, str_text(&wide), wide.len);
	return arena_strdup(arena, str_text(&text));
}

/*
 * No question can be asked (BatchMode), no unknown host is believed, nothing is
 * forwarded, no command of the person's own configuration is run instead, and a
 * connection that died is noticed within a minute. A connection that a person
 * has opened before (ControlPath) is used; none is left behind.
 */
static const char *const options[] = {
	"BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=15",
	"ServerAliveInterval=15", "ServerAliveCountMax=3", "RequestTTY=no", "RemoteCommand=none",
	"ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no",
	"ControlMaster=no", "LogLevel=ERROR",
};

const char *const *ssh_words(const struct ssh_place *p, enum server_form form,
			     struct arena *arena)
{
	static const char *const command[] = {
		"powershell.exe", "-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy",
		"Bypass", "-OutputFormat", "Text", "-EncodedCommand",
	};
	const size_t max = 2 * COUNT_OF(options) + COUNT_OF(command) + 10;
	const char **words = arena_alloc(arena, max * sizeof(*words));
	size_t n = 0;

	words[n++] = "ssh";
	words[n++] = "-T";
	for (size_t i = 0; i < COUNT_OF(options); i++) {
		words[n++] = "-o";
		words[n++] = options[i];
	}
	if (*p->port) {
		words[n++] = "-p";
		words[n++] = p->port;
	}
	if (*p->user) {
		words[n++] = "-l";
		words[n++] = p->user;
	}
	words[n++] = "--";
	words[n++] = p->host;
	for (size_t i = 0; i < COUNT_OF(command); i++)
		words[n++] = command[i];
	words[n++] = encoded(bootstraps[form], arena);
	words[n] = NULL;
	return words;
}

/* "_x000D_" of CLIXML, and the five entities of XML. */
static size_t decode_one(const char *at, char *ret)
{
	static const struct {
		const char *text;
		char is;
	} entities[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
			 { "&quot;", '"' }, { "&apos;", '\'' } };

	*ret = *at;
	if (str_starts(at, "_x00") && isxdigit((unsigned char)at[4]) &&
	    isxdigit((unsigned char)at[5]) && at[6] == '_') {
		*ret = (char)strtol((const char[3]){ at[4], at[5], '\0' }, NULL, 16);
		return 7;
	}
	for (size_t i = 0; i < COUNT_OF(entities); i++)
		if (str_starts(at, entities[i].text)) {
			*ret = entities[i].is;
			return strlen(entities[i].text);
		}
	return 1;
}

/* The first error record says what went wrong; those after it say where. */
static void add_record(const char *errors, struct str *out)
{
	const char *at = strstr(errors, "<S S=\"Error\">");
	char c = ' ';

	if (!at)
		return;
	for (at += strlen("<S S=\"Error\">"); *at && *at != '<';) {
		at += decode_one(at, &c);
		if (c == '\r' || c == '\n')
			break;
		str_add_char(out, c);
	}
}

void ssh_last_line(const char *errors, struct str *out)
{
	CLEANUP(str_release) struct str line = { 0 };
	size_t len = strlen(errors), from;

	if (strstr(errors, "#< CLIXML")) {
		add_record(errors, &line);
	} else {
		while (len && isspace((unsigned char)errors[len - 1]))
			len--;
		for (from = len; from && errors[from - 1] != '\n' && errors[from - 1] != '\r';)
			from--;
		str_add_bytes(&line, errors + from, len - from);
	}
	utf8_clean(out, str_text(&line), line.len, 0);
	if (out->len > 200)
		str_truncate(out, utf8_fit(str_text(out), 200));
}

/* OpenSSH says it in English, whatever the locale. */
static const struct {
	const char *said, *what, *todo;
} reasons[] = {
	{ "REMOTE HOST IDENTIFICATION HAS CHANGED",
	  "its host key is another one than before: somebody may stand in between",
	  "Compare the key on the server itself; only if it was renewed, take the old one out "
	  "with ssh-keygen -R and connect once by hand." },
	{ "Host key verification failed",
	  "its host key is not known here",
	  "Connect once by hand with ssh, compare the fingerprint with the server's own, then "
	  "try again." },
	{ "Permission denied",
	  "it refused the sign-in",
	  "No password is asked for here: ssh must get in by a key, an agent or a ticket, "
	  "without a question." },
	{ "Too many authentication failures",
	  "it refused the sign-in after too many keys",
	  "Name one key for it in ssh's configuration, with IdentitiesOnly yes." },
	{ "Connection refused",
	  "nothing listens there for ssh",
	  "Start the service sshd on the server (OpenSSH Server), or carry the script by hand." },
	{ "Could not resolve hostname",
	  "that name is not known",
	  "Give the name in full, or an address." },
	{ "timed out",
	  "it does not answer",
	  "Is the port for ssh open from here? Otherwise carry the script by hand." },
	{ "No route to host", "there is no way to it from here",
	  "Carry the script by hand." },
	{ "Connection closed by", "it closed the connection",
	  "Connect once by hand with ssh to see why." },
	{ "Connection reset by", "it closed the connection",
	  "Connect once by hand with ssh to see why." },
};

static int say(struct err *err, const char *place, const char *what, const char *line,
	       const char *todo)
{
	err_set(err, ERR_NET, 0, "%s: %s%s%s%s", place, what, *line ? " (" : "", line,
		*line ? ")" : "");
	return err_todo(err, "%s", todo);
}

int ssh_explain(const char *place, int status, const char *errors, struct err *err)
{
	CLEANUP(str_release) struct str line = { 0 };

	ssh_last_line(errors, &line);
	if (status != STATUS_OF_SSH && (str_find_nocase(errors, "powershell.exe") &&
	    (strstr(errors, "not found") || strstr(errors, "not recognized"))))
		return say(err, place, "there is no PowerShell on it", str_text(&line),
			   "It must be the Windows server on which Entra Connect runs.");
	for (size_t i = 0; status == STATUS_OF_SSH && i < COUNT_OF(reasons); i++)
		if (strstr(errors, reasons[i].said))
			return say(err, place, reasons[i].what, str_text(&line),
				   reasons[i].todo);
	if (status == STATUS_OF_SSH)
		return say(err, place, "ssh could not get there", str_text(&line),
			   "Connect once by hand with ssh to see why.");
	if (strstr(errors, "did not arrive whole"))
		return say(err, place, "the script did not arrive whole", "",
			   "Where ssh's DefaultShell on the server is PowerShell, that shell may eat "
			   "the script: take that setting out, or carry the script by hand.");
	if (status < 0)
		return say(err, place, "ssh was ended by a signal", str_text(&line), "Try again.");
	return say(err, place, "the script ended with an error", str_text(&line),
		   "Run it on the server itself, in an elevated Windows PowerShell, to see more.");
}
