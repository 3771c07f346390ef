#include "steps/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/cloud.h"

const char *means_name(enum means m)
{
	static const char *const names[] = {
		[MEANS_GRAPH] = "graph",
		[MEANS_PORTAL] = "portal",
		[MEANS_GUIDED] = "guided",
		[MEANS_SERVER] = "server",
	};

	return (size_t)m < COUNT_OF(names) ? names[m] : "?";
}

void plan_init(struct plan *p)
{
	memset(p, 0, sizeof(*p));
}

void plan_release(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		json_free(p->v[i].body);
		json_free(p->v[i].undo_body);
		json_free(p->v[i].guard_expect);
	}
	arena_clear(&p->arena);
	plan_init(p);
}

struct change *plan_add(struct plan *p, const char *step, const char *id, enum means m)
{
	struct change *c;

	ARENA_GROW(&p->arena, p->v, p->n, p->cap);
	c = &p->v[p->n++];
	memset(c, 0, sizeof(*c));
	c->id = arena_strdup(&p->arena, id);
	c->step = arena_strdup(&p->arena, step);
	c->means = m;
	c->title = c->detail = c->undo = c->place = c->link = "";
	return c;
}

/* Copies a list of strings; NULL when it is empty. */
static const char *const *copy_list(struct arena *a, const char *const *v, size_t n)
{
	const char **ret;

	if (!n)
		return NULL;
	ret = arena_alloc(a, n * sizeof(*ret));
	for (size_t i = 0; i < n; i++)
		ret[i] = arena_strdup(a, v[i]);
	return ret;
}

struct change *plan_add_copy(struct plan *p, const struct change *from)
{
	struct change *c = plan_add(p, from->step, from->id, from->means);
	struct arena *a = &p->arena;

	c->title = arena_strdup(a, from->title);
	c->detail = arena_strdup(a, from->detail);
	c->method = arena_strdup(a, from->method);
	c->url = arena_strdup(a, from->url);
	c->body = from->body ? json_clone(from->body) : NULL;
	c->undo_method = arena_strdup(a, from->undo_method);
	c->undo_url = arena_strdup(a, from->undo_url);
	c->undo_body = from->undo_body ? json_clone(from->undo_body) : NULL;
	c->undo = arena_strdup(a, from->undo);
	c->guard_url = arena_strdup(a, from->guard_url);
	c->guard_expect = from->guard_expect ? json_clone(from->guard_expect) : NULL;
	c->yields = arena_strdup(a, from->yields);
	c->member_ids = copy_list(a, from->member_ids, from->nmembers);
	c->nmembers = from->nmembers;
	c->place = arena_strdup(a, from->place);
	c->link = arena_strdup(a, from->link);
	c->instructions = copy_list(a, from->instructions, from->ninstructions);
	c->ninstructions = from->ninstructions;
	c->attests = arena_strdup(a, from->attests);
	c->attest_value = arena_strdup(a, from->attest_value);
	return c;
}

void plan_instruct(struct plan *p, struct change *c, const char *fmt, ...)
{
	const char **list = arena_alloc(&p->arena, (c->ninstructions + 1) * sizeof(*list));
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (c->ninstructions)
		memcpy(list, c->instructions, c->ninstructions * sizeof(*list));
	list[c->ninstructions++] = arena_strdup(&p->arena, line);
	c->instructions = list;
}

bool link_is_ours(const char *link)
{
	static const char *const clouds[] = { "global", "usgov", "dod", "china" };
	struct err ignored = ERR_INIT;
	bool ours = str_same(link, MY_SECURITY_INFO);

	for (size_t i = 0; i < COUNT_OF(clouds) && link && !ours; i++) {
		struct cloud c;
		size_t n;

		if (cloud_by_name(clouds[i], &c, &ignored) < 0)
			continue;
		n = strlen(c.admin_centre);
		ours = str_starts(link, c.admin_centre) &&
		       str_starts(link + n, "/#view/Microsoft_AAD_") &&
		       !link[n + 1 + strspn(link + n + 1, "#abcdefghijklmnopqrstuvwxyz"
						"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/~.-")];
		cloud_release(&c);
	}
	return ours;
}

bool change_automatic(const struct change *c)
{
	return c->means == MEANS_GRAPH || c->means == MEANS_PORTAL;
}

size_t plan_automatic(const struct plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += change_automatic(&p->v[i]);
	return n;
}

size_t plan_guided(const struct plan *p)
{
	return p->n - plan_automatic(p);
}

static bool same_text(const char *a, const char *b)
{
	return (!a && !b) || str_same(a, b);
}

static bool same_body(const struct json *a, const struct json *b)
{
	return (!a && !b) || (a && b && json_equal(a, b));
}

/* The next change that is sent, from *i on; NULL when there is none. */
static const struct change *next_automatic(const struct plan *p, size_t *i)
{
	while (*i < p->n)
		if (change_automatic(&p->v[(*i)++]))
			return &p->v[*i - 1];
	return NULL;
}

bool plan_by_portal(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].means == MEANS_PORTAL)
			return true;
	return false;
}

bool plan_equal(const struct plan *a, const struct plan *b)
{
	size_t i = 0, k = 0;

	for (;;) {
		const struct change *x = next_automatic(a, &i), *y = next_automatic(b, &k);

		if (!x || !y)
			return x == y;
		if (!same_text(x->id, y->id) || !same_text(x->step, y->step) ||
		    x->means != y->means || !same_text(x->method, y->method) ||
		    !same_text(x->url, y->url) || !same_body(x->body, y->body))
			return false;
	}
}
