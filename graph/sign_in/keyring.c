/* The keyring seen from the loop: a child does the work (keyring_helper.c). */
#include "graph/sign_in/keyring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

#define PATIENCE_MS 60000	/* a person may have to type the keyring's password */

void keyring_open(struct keyring *k, struct loop *l, const char *program, const char *url,
		  const char *client_id)
{
	k->loop = l;
	k->keep = true;
	k->program = xstrdup(program ? program : "/proc/self/exe");
	k->key = xasprintf("%s %s", url, client_id);
}

/* The first line of what the helper said. */
static void tell(struct keyring *k, int status, const struct str *errors)
{
	const char *said = str_text(errors);

	k->told[0] = '\0';
	if (status == 0)
		return;
	if (status < 0 || !*said)
		said = "the keyring did not answer in time; is it locked?";
	snprintf(k->told, sizeof(k->told), "%.*s", (int)strcspn(said, "\n"), said);
}

static void ended(void *ctx, int status, const struct str *out, const struct str *errors)
{
	struct keyring *k = ctx;

	tell(k, status, errors);
	if (status == 0)
		k->kept = str_same(k->doing, "store") || (!k->storing && out->len);
	if (k->storing)
		return;
	if (status == 0)
		secret_set(k->into, str_text(out), out->len);
	k->done(k->ctx);
}

static bool start(struct keyring *k, const char *what, const struct secret *input)
{
	const char *argv[] = { "sspr-wizard", KEYRING_HELPER, what, k->key, NULL };

	k->doing = what;
	return child_start(&k->child, k->loop, &(struct child_order){
		.path = k->program, .argv = argv, .secret_input = input,
		.timeout_ms = PATIENCE_MS, .done = ended, .ctx = k });
}

bool keyring_load(struct keyring *k, struct secret *into, void (*done)(void *ctx), void *ctx)
{
	if (!k->loop || !k->keep || k->looked)
		return false;
	child_stop(&k->child);
	k->looked = true;
	k->storing = false;
	k->into = into;
	k->done = done;
	k->ctx = ctx;
	return start(k, "load", NULL);
}

void keyring_store(struct keyring *k, const struct secret *token)
{
	/* A keyring that failed once is left alone: it may ask a person each time. */
	if (!k->loop || !k->keep || *k->told)
		return;
	child_stop(&k->child);
	k->storing = true;
	if (!start(k, "store", token))
		snprintf(k->told, sizeof(k->told), "the keyring could not be asked");
}

void keyring_forget(struct keyring *k)
{
	if (!k->loop || !k->keep)
		return;
	child_stop(&k->child);
	k->looked = k->storing = true;
	if (!start(k, "forget", NULL))
		snprintf(k->told, sizeof(k->told), "the keyring could not be asked");
}

void keyring_keep(struct keyring *k, bool keep, const struct secret *token)
{
	k->told[0] = '\0';
	if (keep) {
		k->keep = k->looked = true;
		if (!secret_empty(token))
			keyring_store(k, token);
		return;
	}
	k->keep = true;
	keyring_forget(k);
	k->keep = false;
}

enum token_kept keyring_state(const struct keyring *k)
{
	if (!k->loop)
		return TOKEN_KEPT_NEVER;
	if (k->child.pid)
		return TOKEN_KEPT_BUSY;
	if (*k->told)
		return k->keep ? TOKEN_KEPT_FAILED : TOKEN_KEPT_STILL;
	return k->keep && k->kept ? TOKEN_KEPT : TOKEN_KEPT_NOT;
}

bool keyring_loads(const struct keyring *k)
{
	return k->child.pid && !k->storing;
}

void keyring_stop(struct keyring *k)
{
	if (keyring_loads(k))
		child_stop(&k->child);
}

void keyring_close(struct keyring *k)
{
	keyring_stop(k);
	child_leave(&k->child);
	free(k->program);
	free(k->key);
	*k = (struct keyring){ 0 };
}
