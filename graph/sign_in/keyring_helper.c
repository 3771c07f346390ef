/* The process that speaks to the keyring, by libsecret when that is installed.
 * One call, then it ends: whatever blocks, blocks here. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "graph/base/mem.h"
#include "graph/base/secret.h"
#include "graph/base/str.h"
#include "graph/sign_in/keyring.h"

#define ENDS_S 60		/* nobody reads the answer any more */
#define TOKEN_MAX 65536
#define TRIAL_KEY "trial"
#define TRIAL_TEXT "only a trial"

/* As libsecret's secret-schema.h (0.20) and GLib's gerror.h lay them out. */
struct schema {
	const char *name;
	int flags;
	struct {
		const char *name;
		int type;		/* 0: text */
	} attributes[32];
	int reserved;
	void *reserved_too[7];
};

struct gerror {
	unsigned domain;
	int code;
	char *message;
};

static struct {
	int (*store)(const struct schema *s, const char *collection, const char *label,
		     const char *password, void *cancellable, struct gerror **error, ...);
	char *(*lookup)(const struct schema *s, void *cancellable, struct gerror **error, ...);
	int (*clear)(const struct schema *s, void *cancellable, struct gerror **error, ...);
	void (*wipe)(char *password);
} lib;

static const struct schema schema = {
	.name = "io.github.sspr-wizard.RefreshToken",
	.attributes = { { "key", 0 } },
};

/* ISO C has no cast from data to function: the bytes are copied. */
static bool find(void *handle, const char *name, void *function)
{
	void *found = dlsym(handle, name);

	memcpy(function, &found, sizeof(found));
	return found;
}

static bool open_library(void)
{
	void *handle = dlopen("libsecret-1.so.0", RTLD_NOW | RTLD_LOCAL);

	return handle && find(handle, "secret_password_store_sync", &lib.store) &&
	       find(handle, "secret_password_lookup_sync", &lib.lookup) &&
	       find(handle, "secret_password_clear_sync", &lib.clear) &&
	       find(handle, "secret_password_free", &lib.wipe);
}

static int failed(const struct gerror *error)
{
	fprintf(stderr, "the keyring refused: %s\n", error && error->message ? error->message
		: "it is locked, or there is none in this session");
	return 1;
}

static int store(const char *key, const char *text)
{
	struct gerror *error = NULL;

	return lib.store(&schema, NULL, "sspr-wizard: remembered sign-in", text, NULL, &error,
			 "key", key, NULL) ? 0 : failed(error);
}

static int forget(const char *key)
{
	struct gerror *error = NULL;

	lib.clear(&schema, NULL, &error, "key", key, NULL);
	return error ? failed(error) : 0;	/* nothing there is well too */
}

/* Without a desktop, a keyring may take an item and lose it (facts
 * sign-in-and-transport.md 4: the trial run). */
static int try_out(void)
{
	struct gerror *error = NULL;
	char *back;
	bool same;

	if (store(TRIAL_KEY, TRIAL_TEXT) != 0)
		return 1;
	back = lib.lookup(&schema, NULL, &error, "key", TRIAL_KEY, NULL);
	same = str_same(back, TRIAL_TEXT);
	if (back)
		lib.wipe(back);
	if (forget(TRIAL_KEY) != 0)
		return 1;
	if (!same)
		fputs("the keyring did not give back what was stored in it\n", stderr);
	return same ? 0 : 1;
}

static int load(const char *key)
{
	struct gerror *error = NULL;
	char *text = lib.lookup(&schema, NULL, &error, "key", key, NULL);

	if (error)
		return failed(error);
	if (!text)
		return 0;
	fputs(text, stdout);
	fflush(stdout);
	lib.wipe(text);
	return 0;
}

static int store_input(const char *key)
{
	static char text[TOKEN_MAX + 1];
	size_t n = 0;
	ssize_t got;
	int status;

	while (n < TOKEN_MAX && (got = read(STDIN_FILENO, text + n, TOKEN_MAX - n)) > 0)
		n += (size_t)got;
	status = n ? try_out() : 1;
	if (status == 0)
		status = store(key, text);
	secret_wipe(text, sizeof(text));
	return status;
}

int keyring_helper(const char *what, const char *key)
{
	static char buffer[BUFSIZ];	/* ours, so that it can be wiped */
	int status;

	alarm(ENDS_S);
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	if (!open_library()) {
		fputs("libsecret is not installed, so there is no keyring\n", stderr);
		return 1;
	}
	if (str_same(what, "store"))
		status = store_input(key);
	else if (str_same(what, "forget"))
		status = forget(key);
	else
		status = load(key);
	secret_wipe(buffer, sizeof(buffer));
	return status;
}
