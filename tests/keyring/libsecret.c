/* Stands in for libsecret: one file per item in $KEYRING_DIR, a line of
 * $KEYRING_DIR/calls per call; $KEYRING_MODE is how it behaves. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct gerror {
	unsigned domain;
	int code;
	char *message;
};

int secret_password_store_sync(const void *schema, const char *collection, const char *label,
			       const char *password, void *cancellable, struct gerror **error,
			       ...);
char *secret_password_lookup_sync(const void *schema, void *cancellable, struct gerror **error,
				  ...);
int secret_password_clear_sync(const void *schema, void *cancellable, struct gerror **error, ...);
void secret_password_free(char *password);

static int is(const char *mode)
{
	const char *set = getenv("KEYRING_MODE");

	return set && strcmp(set, mode) == 0;
}

/* False when it is locked; the item's file is in path. */
static int begin(const char *call, const char *key, struct gerror **error, char path[512])
{
	static char message[] = "the collection is locked";
	static struct gerror locked = { 1, 2, message };
	const char *dir = getenv("KEYRING_DIR");
	FILE *f;

	snprintf(path, 512, "%s/calls", dir);
	f = fopen(path, "a");
	if (f) {
		fprintf(f, "%s %s\n", call, strcmp(key, "trial") == 0 ? key : "item");
		fclose(f);
	}
	if (is("hangs"))
		pause();
	if (is("hangs-a-second")) {	/* says how long it may, and shortens that */
		snprintf(path, 512, "%s/left", dir);
		f = fopen(path, "w");
		if (f) {
			fprintf(f, "%u", alarm(1));
			fclose(f);
		}
		pause();
	}
	if (is("locked")) {
		*error = &locked;
		return 0;
	}
	snprintf(path, 512, "%s/%s", dir, strcmp(key, "trial") == 0 ? "trial" : "item");
	return 1;
}

/* The value of the one attribute, after its name. */
static const char *key_of(va_list args)
{
	const char *name = va_arg(args, const char *);

	return strcmp(name, "key") == 0 ? va_arg(args, const char *) : "";
}

int secret_password_store_sync(const void *schema, const char *collection, const char *label,
			       const char *password, void *cancellable, struct gerror **error, ...)
{
	char path[512];
	va_list args;
	FILE *f;
	int well;

	(void)schema;
	(void)collection;
	(void)label;
	(void)cancellable;
	va_start(args, error);
	well = begin("store", key_of(args), error, path);
	va_end(args);
	f = well ? fopen(path, "w") : NULL;
	if (f) {
		fputs(is("loses") ? "something else" : password, f);
		fclose(f);
	}
	return f != NULL;
}

char *secret_password_lookup_sync(const void *schema, void *cancellable, struct gerror **error,
				  ...)
{
	static char text[4096];
	char path[512];
	va_list args;
	FILE *f;
	int well;

	(void)schema;
	(void)cancellable;
	va_start(args, error);
	well = begin("lookup", key_of(args), error, path);
	va_end(args);
	f = well ? fopen(path, "r") : NULL;
	if (!f)
		return NULL;
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return text;
}

int secret_password_clear_sync(const void *schema, void *cancellable, struct gerror **error, ...)
{
	char path[512];
	va_list args;
	int well;

	(void)schema;
	(void)cancellable;
	va_start(args, error);
	well = begin("clear", key_of(args), error, path);
	va_end(args);
	return well && unlink(path) == 0;
}

void secret_password_free(char *password)
{
	memset(password, 0, strlen(password));
}
