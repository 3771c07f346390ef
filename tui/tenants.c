#include "tui/tenants.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"
#include "steps/profile.h"

static const struct {
	const char *name, *what;
} scenarios[] = {
	{ "contoso", "hybrid, nothing rolled out yet" },
	{ "cloud-only", "no local directory" },
	{ "rolled-out", "everything done and healthy" },
	{ "troubled", "rolled out, and much went wrong" },
	{ "hostile-names", "names that try to break screens" },
	{ "large", "thousands of people" },
};

static void add(struct tenants *t, struct tenant_choice one)
{
	ARENA_GROW(&t->arena, t->v, t->n, t->cap);
	t->v[t->n++] = one;
	t->nreal += one.kind != TENANT_DEMO;
}

/* AZURE_TENANT_ID, or NULL. */
static const char *by_environment(void)
{
	const char *env = getenv("AZURE_TENANT_ID");

	return env && *env && utf8_is_clean(env, strlen(env), 0) ? env : NULL;
}

/* The environment stands behind a profile, the default one too (setup.c). */
static void add_named(struct tenants *t, const struct options *o)
{
	const char *env = by_environment();
	struct profile_entry standard = { .name = NULL };

	if (!o->tenant && !o->profile && env)
		profile_look("default", &standard, &t->arena);
	if (o->tenant)
		add(t, (struct tenant_choice){ .kind = TENANT_NAMED, .name = o->tenant,
					       .what = "named on the command line",
					       .preferred = true });
	else if (!o->profile && env && !standard.tenant)
		add(t, (struct tenant_choice){ .kind = TENANT_NAMED,
					       .name = arena_strdup(&t->arena, env),
					       .what = "named by AZURE_TENANT_ID",
					       .preferred = true });
}

static const char *about_profile(const struct profile_entry *p, struct arena *arena)
{
	if (p->problem)
		return "profile that cannot be read";
	if (p->tenant)
		return arena_printf(arena, "profile, %s", p->tenant);
	return by_environment() ? "profile, tenant of AZURE_TENANT_ID"
				: "profile, tenant of whoever signs in";
}

/* A default profile may name no tenant, and only say what is wanted. */
static void add_profile(struct tenants *t, const struct profile_entry *p,
			const struct options *o)
{
	add(t, (struct tenant_choice){
		.kind = TENANT_PROFILE, .name = p->name, .problem = p->problem,
		.what = about_profile(p, &t->arena),
		.preferred = o->profile ? str_same(p->name, o->profile)
					: (p->tenant || p->problem) && str_same(p->name, "default"),
	});
}

/* The one that the command line names too, though it may not be there. */
static void add_profiles(struct tenants *t, const struct options *o)
{
	struct profile_entry *v, one;
	size_t n = profile_list(&v, &t->arena);
	bool there = !o->profile;

	for (size_t i = 0; i < n; i++) {
		there = there || str_same(v[i].name, o->profile);
		add_profile(t, &v[i], o);
	}
	if (there)
		return;
	profile_look(o->profile, &one, &t->arena);
	add_profile(t, &one, o);
}

void tenants_look(struct tenants *t, const struct options *o)
{
	t->v = NULL;
	t->n = t->cap = t->nreal = 0;
	if (!o->demo) {
		add_named(t, o);
		add_profiles(t, o);
	}
	for (size_t i = 0; i < COUNT_OF(scenarios); i++)
		add(t, (struct tenant_choice){ .kind = TENANT_DEMO, .name = scenarios[i].name,
					       .what = scenarios[i].what,
					       .preferred = str_same(scenarios[i].name,
								     o->demo) });
}

void tenants_release(struct tenants *t)
{
	arena_clear(&t->arena);
	memset(t, 0, sizeof(*t));
}

size_t tenants_first(const struct tenants *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].preferred)
			return i;
	return t->nreal;
}

static bool is_given(const struct tenant_choice *one, const struct options *o)
{
	return one->kind == TENANT_NAMED ||
	       (one->kind == TENANT_PROFILE && !o->tenant && str_same(one->name, o->profile)) ||
	       (one->kind == TENANT_DEMO && o->demo != NULL);
}

void tenants_choose(const struct tenant_choice *one, const struct options *o,
		    struct options *ret)
{
	*ret = *o;
	if (!is_given(one, o)) {
		ret->tenant = ret->client_id = ret->cloud = ret->cloud_file = NULL;
		ret->profile = ret->group = ret->members = ret->controller = NULL;
	}
	if (one->kind == TENANT_PROFILE)
		ret->profile = one->name;
	ret->demo = one->kind == TENANT_DEMO ? one->name : NULL;
}

static bool same(const char *a, const char *b)
{
	return (!a && !b) || str_same(a, b);
}

bool tenants_same(const struct options *a, const struct options *b)
{
	return same(a->demo, b->demo) && same(a->profile, b->profile) &&
	       same(a->tenant, b->tenant);
}
