#ifndef STEPS_SERVER_SSH_H
#define STEPS_SERVER_SSH_H

#include <stddef.h>

#include "graph/base/arena.h"
#include "graph/base/err.h"
#include "graph/base/str.h"

/*
 * The way to the Entra Connect server by the system's own ssh. OpenSSH's rules
 * count: its configuration, its agent, its known hosts. We ask for no password
 * and accept no host key.
 *
 * The script goes over standard input and the answer comes back as a block, so
 * neither meets a shell, a code page or a limit on a command's length. What the
 * far shell (cmd.exe or PowerShell: Microsoft Learn, OpenSSH Server
 * configuration) gets to see is one command of letters, digits and "+/=".
 */
struct ssh_place {
	char user[128];		/* "": as ssh likes */
	char host[256];		/* a name, an address, or an alias of ssh's own */
	char port[8];		/* "": as ssh likes */
};

/*
 * Reads "[USER@]HOST[:PORT]"; an IPv6 address stands in brackets. Letters,
 * digits and ".-_" alone, in the user also "@" and "\": nothing here can become
 * an option, a blank or a quote. Fails with ERR_INVALID.
 */
int ssh_place_read(const char *text, struct ssh_place *ret, struct err *err);

enum server_form { SERVER_FORM_GATHER, SERVER_FORM_ENABLE };

/* The words for execv(), NULL-terminated; they belong to the arena and to *p. */
const char *const *ssh_words(const struct ssh_place *p, enum server_form form,
			     struct arena *arena);

/* What standard error says last, as one clean line: of PowerShell's own error
 * records (CLIXML) the text. "" when it says nothing. */
void ssh_last_line(const char *errors, struct str *out);

/* Why it ended with this status, which is not 0: what OpenSSH or PowerShell said, in
 * words that say what to do. */
int ssh_explain(const char *place, int status, const char *errors, struct err *err);

#endif
