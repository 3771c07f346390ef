#ifndef STEPS_SERVER_SCRIPT_H
#define STEPS_SERVER_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/str.h"

/*
 * The PowerShell that is carried to the Entra Connect server (facts
 * on-premises.md 6c). Its text lies in server-script.ps1 and
 * server-script-enable.ps1; the build makes these arrays of it, a line each,
 * NULL-terminated.
 */
extern const char *const server_script_lines[];
extern const char *const server_script_enable_lines[];

struct server_script_request {
	const char *nonce;	/* a GUID of guid_make() */
	const char *tenant;	/* its object id */
	const char *cloud;	/* "global", ...; another name is taken for global */
};

/* Appends the script that gathers, for this one request. Fails with
 * ERR_INVALID when nonce or tenant are more than letters, digits and dashes:
 * they become part of a program. */
int server_script_print(const struct server_script_request *r, struct str *out,
			struct err *err);
/* Appends the script that enables writeback and proves it. */
void server_script_print_enable(struct str *out);

/* Remembers in DIR ("<state-dir>/<tenant id>") that a script with this nonce
 * was handed out; import takes only documents of such scripts. The newest
 * SERVER_REQUESTS_KEEP are kept. */
int server_request_remember(const char *dir, const char *nonce, int64_t now_ms,
			    struct err *err);
/* Whether a script with this nonce was handed out. Fails when the file is there
 * and does not read. */
int server_request_known(const char *dir, const char *nonce, bool *ret, struct err *err);
#define SERVER_REQUESTS_KEEP 50

#endif
