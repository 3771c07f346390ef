#ifndef TUI_TENANTS_H
#define TUI_TENANTS_H

#include <stdbool.h>

#include "graph/base/arena.h"
#include "tui/options.h"

/*
 * The tenants that the welcome screen offers: the one that the command line or the
 * environment names, those of the profiles, and the simulated ones.
 */
enum tenant_kind { TENANT_NAMED, TENANT_PROFILE, TENANT_DEMO };
struct tenant_choice {
	enum tenant_kind kind;
	const char *name;	/* of the tenant, profile or scenario */
	const char *what;	/* one line about it */
	const char *problem;	/* why a profile cannot be read, or NULL */
	bool preferred;		/* what the options name, when it stands first of such */
};
struct tenants {
	struct arena arena;
	struct tenant_choice *v;
	size_t n, cap;
	size_t nreal;		/* of them that are not simulated; these stand first */
};

/* Looks anew; reads the profiles, unless a demo was asked for, which is the same for
 * everybody. There is always one to choose. Texts of an earlier look stay. */
void tenants_look(struct tenants *t, const struct options *o);
void tenants_release(struct tenants *t);
/* The place of the first preferred one, or of the first demo. */
size_t tenants_first(const struct tenants *t);
/*
 * The options with that choice in the place of their tenant. What was given beside a
 * tenant (client, cloud, group, people, domain controller) goes with it: it is not of
 * another one.
 * Texts are borrowed from both.
 */
void tenants_choose(const struct tenant_choice *one, const struct options *o,
		    struct options *ret);
/* Whether both open the same tenant in the same way. */
bool tenants_same(const struct options *a, const struct options *b);

#endif
