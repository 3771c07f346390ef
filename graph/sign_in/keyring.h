#ifndef GRAPH_SIGN_IN_KEYRING_H
#define GRAPH_SIGN_IN_KEYRING_H

#include <stdbool.h>

#include "graph/base/secret.h"
#include "graph/sign_in/child.h"
#include "graph/sign_in/token.h"

/*
 * struct keyring - one refresh token in the desktop's keyring (the Secret
 * Service), for a person who asked to be remembered. A keyring may wait for a
 * person to unlock it, so a process of its own speaks to it and the loop never
 * waits. Zero is valid: nothing is kept.
 */
struct keyring {
	struct loop *loop;		/* borrowed; NULL: nobody can be remembered */
	bool keep;			/* the person asked to be */
	char *program, *key;
	struct child child;
	struct secret *into;		/* where load puts what it found */
	bool looked, storing;
	bool kept;			/* there is a token in it */
	const char *doing;		/* "load", "store" or "forget", the last one */
	char told[256];			/* why nothing is remembered, "" when it is */
	void (*done)(void *ctx);
	void *ctx;
};

/* Whose token it is: the endpoint and the client's id, both without spaces. Program
 * is this program's file, NULL for itself. Sets keep. */
void keyring_open(struct keyring *k, struct loop *l, const char *program, const char *url,
		  const char *client_id);
/* Looks for a token once; then calls done from the loop, with *into filled or
 * empty. False when there is no keyring to ask, or it was asked before. */
bool keyring_load(struct keyring *k, struct secret *into, void (*done)(void *ctx), void *ctx);
/* Keeps the token in place of an earlier one, after a trial with another item.
 * When that fails, told says why and nothing is kept. */
void keyring_store(struct keyring *k, const struct secret *token);
void keyring_forget(struct keyring *k);
/* A person asks to be remembered, with the token there is (or empty, until one comes);
 * or to be forgotten. It is tried even if it failed before. */
void keyring_keep(struct keyring *k, bool keep, const struct secret *token);
enum token_kept keyring_state(const struct keyring *k);
bool keyring_loads(const struct keyring *k);
void keyring_stop(struct keyring *k);	/* a load that waits */
/* What is being stored or deleted is left to end by itself. */
void keyring_close(struct keyring *k);

/* The word that makes the program the helper, and its main(): argv is program,
 * word, what to do ("load", "store", "forget"), key. */
#define KEYRING_HELPER "keyring-helper"
int keyring_helper(const char *what, const char *key);

#endif
