#include "graph/transport.h"

#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/secret.h"

void headers_add(struct headers *h, const char *name, const char *value)
{
	GROW(h->v, h->n, h->cap);
	h->v[h->n].name = xstrdup(name);
	h->v[h->n].value = xstrdup(value);
	h->n++;
}

const char *headers_get(const struct headers *h, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (str_same_nocase(h->v[i].name, name))
			return h->v[i].value;
	return NULL;
}

void headers_release(struct headers *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free_ptr(&h->v[i].name);
		/* A value may be the bearer token. */
		if (h->v[i].value)
			secret_wipe(h->v[i].value, strlen(h->v[i].value));
		free_ptr(&h->v[i].value);
	}
	free_ptr(&h->v);
	*h = (struct headers){ 0 };
}

void exchange_release(struct exchange *x)
{
	free_ptr(&x->url);
	headers_release(&x->headers);
	/* A body may hold a client secret. */
	if (x->body.buf)
		secret_wipe(x->body.buf, x->body.len);
	str_release(&x->body);
	headers_release(&x->answer_headers);
	str_release(&x->answer_body);
}
