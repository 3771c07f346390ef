#include "graph/sign_in/workload_identity.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/sign_in/client_secret.h"
#include "graph/sign_in/token_cache.h"

#define TOKEN_MAX ((size_t)64 << 10)

struct workload_identity {
	struct token_cache cache;	/* first */
	char *file;
	struct secret assertion;	/* as the file was for this request */
};

/* The token without the line's end, and nothing in it that is no token. */
static int read_token(struct workload_identity *s, struct err *err)
{
	struct str text = { 0 };
	const char *start;
	size_t n;
	int rc = file_read(s->file, TOKEN_MAX, &text, err);

	start = str_text(&text) + strspn(str_text(&text), " \t\r\n");
	n = strcspn(start, " \t\r\n");
	if (rc == 0 && (!n || start[n + strspn(start + n, " \t\r\n")])) {
		rc = err_set(err, ERR_INVALID, 0, "%s: no token is in it", s->file);
		err_todo(err, "AZURE_FEDERATED_TOKEN_FILE names a file that holds one JWT.");
	}
	if (rc == 0)
		secret_set(&s->assertion, start, n);
	if (text.buf)
		secret_wipe(text.buf, text.cap);
	str_release(&text);
	return rc;
}

static void begin(struct token_cache *c)
{
	struct workload_identity *s = (struct workload_identity *)c;
	struct err err = ERR_INIT;

	if (read_token(s, &err) < 0) {
		token_cache_fail_later(c, &err);
		return;
	}
	application_begin(c);
	secret_release(&s->assertion);
}

static void prove(struct token_cache *c, struct str *form)
{
	assertion_add(form, secret_text(&((struct workload_identity *)c)->assertion));
}

static void source_free(struct token_source *source)
{
	struct workload_identity *s = (struct workload_identity *)source;

	if (!s)
		return;
	token_cache_release(&s->cache);
	secret_release(&s->assertion);
	free(s->file);
	free(s);
}

struct token_source *workload_identity_new(struct loop *l, struct transport *t,
					   const struct cloud *c, const char *tenant,
					   const char *client_id, const char *file,
					   struct err *err)
{
	static const struct token_ops ops = {
		.name = "workload-identity", .application = true, .get = token_cache_get, .free = source_free,
		.meet = token_cache_meet, .cancel = token_cache_cancel,
	};
	static const struct token_way way = { .begin = begin, .prove = prove };
	struct workload_identity *s;

	if (application_check(tenant, client_id, err) < 0)
		return NULL;
	if (!file) {
		err_set(err, ERR_INVALID, 0, "no file with a federated token is named");
		err_todo(err, "Set AZURE_FEDERATED_TOKEN_FILE to it.");
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	application_init(&s->cache, &ops, &way, l, t, c, tenant, client_id);
	s->file = xstrdup(file);
	/* A wrong name is told at the start, not at the first request. */
	if (read_token(s, err) < 0) {
		source_free(&s->cache.base);
		return NULL;
	}
	secret_release(&s->assertion);
	return &s->cache.base;
}
