#ifndef STEPS_SERVER_KEEP_H
#define STEPS_SERVER_KEEP_H

#include "checks/facts.h"
#include "graph/base/json.h"

/*
 * What servers said, kept in DIR ("<state-dir>/<tenant id>") as servers.json: the
 * newest document of each, as it came, so that its hash can be checked again.
 */
#define SERVERS_KEEP 6

/* Keeps a verified document in place of the one of the same computer. Of more than
 * SERVERS_KEEP computers the one that is oldest goes. Fails with ERR_INVALID when a
 * newer document of that computer is kept. */
int server_keep(const char *dir, const char *computer, int64_t collected_ms, const char *text,
		size_t len, struct err *err);
/* All that is kept, as {"computer", "collected", "text" in base64}; NULL when
 * nothing is. The caller frees. */
struct json *server_kept(const char *dir, struct err *err);
/* Puts such a list into the facts, each verified again (server_document_trust()).
 * Fails when one is refused, with the reason; the others are in all the same. */
int server_load_list(const struct json *list, struct facts *f, int64_t now_ms,
		     struct err *err);
/* Both in one. Nothing kept is well. */
int server_load(const char *dir, struct facts *f, int64_t now_ms, struct err *err);

#endif
