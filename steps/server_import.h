#ifndef STEPS_SERVER_IMPORT_H
#define STEPS_SERVER_IMPORT_H

#include "checks/facts.h"
#include "graph/base/json.h"

#define SERVER_DOCUMENT_MAX (2u << 20)	/* facts on-premises.md 6, import rules */
#define SERVER_TEXT_MAX (2 * SERVER_DOCUMENT_MAX)	/* with a block's overhead */
#define SERVER_DOCUMENT_AGE_MS (24LL * 60 * 60 * 1000)
#define SERVER_DOCUMENT_DEPTH 16

/*
 * Whether a document may be believed: it reads, is of our schema, whole (its
 * hash fits: this finds damage and careless editing, not a forger), made for
 * this tenant by a script that DIR knows, on a server of this tenant, and not
 * older than a day. Fails with ERR_INVALID and the reason otherwise. NULL: failed.
 */
struct json *server_document_verify(const char *text, size_t len,
				    const struct organization *o, const char *dir,
				    int64_t now_ms, struct err *err);
/* What stands around a document that was shown instead of written to a file:
 * base64 in lines, which no console and no clipboard spoils. */
#define SERVER_BLOCK_BEGIN "-----BEGIN SSPR-WIZARD SERVER-----"
#define SERVER_BLOCK_END "-----END SSPR-WIZARD SERVER-----"
/*
 * Appends the document that a text holds: the text itself when it is JSON, else
 * what is between the two marks, wherever they stand in it. A text that a Windows
 * console wrote in UTF-16 is understood. text[len] is NUL. Fails with ERR_INVALID.
 */
int server_document_unpack(const char *text, size_t len, struct str *out, struct err *err);
/* Takes in a text as server_import() does a file. */
int server_import_text(const char *text, size_t len, const char *dir, struct facts *f,
		       int64_t now_ms, struct err *err);
/* Verifies a file, keeps it as the newest of its server in DIR (steps/server_keep.h),
 * beside those of other servers, and puts it into the facts. */
int server_import(const char *path, const char *dir, struct facts *f, int64_t now_ms,
		  struct err *err);
/*
 * Puts a document that was taken in before into the facts, from where it was kept:
 * verified again but for the script's number, which only the place that made it
 * knows, and its age, which the checks weigh; from the future it cannot come.
 */
int server_document_trust(const char *text, size_t len, struct facts *f, int64_t now_ms,
			  struct err *err);

#endif
