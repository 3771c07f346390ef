#include "checks/facts.h"

#include <string.h>

#include "graph/base/str.h"

static const char *const area_names[AREA_COUNT] = {
	[AREA_ORGANIZATION] = "organization",
	[AREA_LICENCES] = "licences",
	[AREA_GROUP] = "group",
	[AREA_MEMBERS] = "members",
	[AREA_PEOPLE] = "people chosen",
	[AREA_METHODS] = "authentication methods policy",
	[AREA_AUTHORIZATION] = "authorization policy",
	[AREA_REGISTRATION] = "registration report",
	[AREA_SYNC] = "synchronisation",
	[AREA_SYNC_ERRORS] = "synchronisation errors",
	[AREA_AUDIT] = "audit log",
	[AREA_ADMINS] = "administrators",
	[AREA_ACCESS] = "Conditional Access policies",
	[AREA_BRANDING] = "sign-in page",
	[AREA_SCORE] = "Secure Score",
	[AREA_PORTS] = "ports",
	[AREA_PORTAL] = "admin centre's own API",
	[AREA_PERMISSIONS] = "roles of whoever is signed in",
	[AREA_APPLICATION] = "app registration",
	[AREA_PASSWORDS] = "password rules",
	[AREA_DOMAINS] = "domains",
	[AREA_ROLES] = "administrator roles",
	[AREA_BETA] = "beta settings of the methods policy",
	[AREA_RECOMMENDATION] = "recommendation by Entra",
	[AREA_RESETS] = "Microsoft's own counts of resets",
};

/* "was", or "were" for those whose name is a plural. */
static const char *area_was(enum area a)
{
	static const unsigned plural = AREA_BIT(AREA_LICENCES) | AREA_BIT(AREA_MEMBERS) |
				       AREA_BIT(AREA_PEOPLE) | AREA_BIT(AREA_SYNC_ERRORS) |
				       AREA_BIT(AREA_ADMINS) | AREA_BIT(AREA_ACCESS) |
				       AREA_BIT(AREA_PORTS) | AREA_BIT(AREA_PASSWORDS) |
				       AREA_BIT(AREA_DOMAINS) | AREA_BIT(AREA_ROLES) |
				       AREA_BIT(AREA_BETA) | AREA_BIT(AREA_RESETS) |
				       AREA_BIT(AREA_PERMISSIONS);

	return a < AREA_COUNT && (plural & AREA_BIT(a)) ? "were" : "was";
}

const char *area_name(enum area a)
{
	return a < AREA_COUNT ? area_names[a] : "?";
}

/* Ids: facts graph.md 5.1. */
static const struct {
	const char *graph_id, *title;
} method_table[METHOD_COUNT] = {
	[METHOD_AUTHENTICATOR] = { "MicrosoftAuthenticator", "Microsoft Authenticator" },
	[METHOD_SMS] = { "Sms", "SMS" },
	[METHOD_EMAIL] = { "Email", "Email OTP" },
	[METHOD_VOICE] = { "Voice", "Voice call" },
	[METHOD_SOFTWARE_OATH] = { "SoftwareOath", "Software OATH token" },
	[METHOD_HARDWARE_OATH] = { "HardwareOath", "Hardware OATH token" },
	[METHOD_FIDO2] = { "Fido2", "Passkey (FIDO2)" },
	[METHOD_TAP] = { "TemporaryAccessPass", "Temporary Access Pass" },
};

const char *method_title(enum method_id m)
{
	return m < METHOD_COUNT ? method_table[m].title : "another method";
}

const char *method_graph_id(enum method_id m)
{
	return m < METHOD_COUNT ? method_table[m].graph_id : "";
}

enum method_id method_by_graph_id(const char *id)
{
	for (size_t i = 0; i < METHOD_COUNT; i++)
		if (str_same_nocase(id, method_table[i].graph_id))
			return (enum method_id)i;
	return METHOD_OTHER;
}

void facts_init(struct facts *f)
{
	memset(f, 0, sizeof(*f));
	f->cloud = "global";
	f->has_methods_policy = true;
	f->has_audit = true;
	f->score.count = -1;
	f->score.total = -1;
}

void facts_release(struct facts *f)
{
	for (size_t i = 0; i < AREA_COUNT; i++)
		arena_clear(&f->area_arena[i]);
	arena_clear(&f->arena);
	facts_init(f);
}

unsigned areas_made_from(unsigned areas)
{
	if (areas & AREA_BIT(AREA_GROUP))
		areas |= AREA_BIT(AREA_MEMBERS);
	if (areas & AREA_BIT(AREA_REGISTRATION))
		areas |= AREA_BIT(AREA_ADMINS);
	return areas;
}

/* The part of the facts that an area fills. */
struct part {
	void *p;	/* NULL: ports are put in by others, not read */
	size_t size;
};

static struct part part_of(struct facts *f, enum area a)
{
	const struct part parts[AREA_COUNT] = {
		[AREA_ORGANIZATION] = { &f->organization, sizeof(f->organization) },
		[AREA_LICENCES] = { &f->licences, sizeof(f->licences) },
		[AREA_GROUP] = { &f->groups, sizeof(f->groups) },
		[AREA_MEMBERS] = { &f->members, sizeof(f->members) },
		[AREA_PEOPLE] = { &f->wanted_people, sizeof(f->wanted_people) },
		[AREA_METHODS] = { &f->methods, sizeof(f->methods) },
		[AREA_AUTHORIZATION] = { &f->authorization, sizeof(f->authorization) },
		[AREA_REGISTRATION] = { &f->registration, sizeof(f->registration) },
		[AREA_SYNC] = { &f->sync, sizeof(f->sync) },
		[AREA_SYNC_ERRORS] = { &f->sync_errors, sizeof(f->sync_errors) },
		[AREA_AUDIT] = { &f->audit, sizeof(f->audit) },
		[AREA_ADMINS] = { &f->admins, sizeof(f->admins) },
		[AREA_ACCESS] = { &f->access, sizeof(f->access) },
		[AREA_BRANDING] = { &f->branding, sizeof(f->branding) },
		[AREA_SCORE] = { &f->score, sizeof(f->score) },
		[AREA_PORTAL] = { &f->portal, sizeof(f->portal) },
		[AREA_PERMISSIONS] = { &f->held, sizeof(f->held) },
		[AREA_APPLICATION] = { &f->application_of, sizeof(f->application_of) },
		[AREA_PASSWORDS] = { &f->passwords, sizeof(f->passwords) },
		[AREA_DOMAINS] = { &f->domains, sizeof(f->domains) },
		[AREA_ROLES] = { &f->roles, sizeof(f->roles) },
		[AREA_BETA] = { &f->beta_settings, sizeof(f->beta_settings) },
		[AREA_RESETS] = { &f->reset_days, sizeof(f->reset_days) },
		[AREA_RECOMMENDATION] = { &f->recommendation, sizeof(f->recommendation) },
	};

	return parts[a];
}

static void zero_area(struct facts *f, enum area a)
{
	struct part part = part_of(f, a);

	if (part.p)
		memset(part.p, 0, part.size);
	memset(&f->source[a], 0, sizeof(f->source[a]));
	f->started &= ~AREA_BIT(a);
	if (a == AREA_SCORE) {
		f->score.count = -1;
		f->score.total = -1;
	}
}

/* The rows of the report hold method names that people point to. */
static void forget_rows(struct people *people)
{
	for (size_t i = 0; i < people->n; i++) {
		struct person *p = &people->v[i];

		p->row_ms = 0;
		p->sspr_registered = p->sspr_enabled = p->sspr_capable = TRI_UNKNOWN;
		p->mfa_registered = p->mfa_capable = p->admin = TRI_UNKNOWN;
		p->methods = NULL;
		p->nmethods = 0;
	}
}

void facts_forget(struct facts *f, unsigned areas)
{
	for (size_t i = 0; i < AREA_COUNT; i++)
		if ((f->started & AREA_BIT(i)) && f->source[i].state == SOURCE_UNREAD)
			areas |= AREA_BIT(i);
	areas = areas_made_from(areas);
	if (areas & AREA_BIT(AREA_REGISTRATION)) {
		forget_rows(&f->members.people);
		forget_rows(&f->wanted_people.people);
	}
	for (size_t i = 0; i < AREA_COUNT; i++) {
		if (!(areas & AREA_BIT(i)))
			continue;
		zero_area(f, (enum area)i);
		arena_clear(&f->area_arena[i]);
	}
}

void facts_begin(struct facts *fresh, const struct facts *known, unsigned areas)
{
	areas = areas_made_from(areas);
	*fresh = *known;
	memset(&fresh->arena, 0, sizeof(fresh->arena));
	memset(fresh->area_arena, 0, sizeof(fresh->area_arena));
	for (size_t i = 0; i < AREA_COUNT; i++)
		if (areas & AREA_BIT(i))
			zero_area(fresh, (enum area)i);
}

void facts_take(struct facts *known, struct facts *fresh, unsigned areas)
{
	facts_forget(known, areas);
	for (size_t i = 0; i < AREA_COUNT; i++) {
		enum area a = (enum area)i;
		struct part to = part_of(known, a), from = part_of(fresh, a);

		if (!(areas & AREA_BIT(i)))
			continue;
		if (to.p)
			memcpy(to.p, from.p, to.size);
		known->source[i] = fresh->source[i];
		known->started |= fresh->started & AREA_BIT(i);
		known->area_arena[i] = fresh->area_arena[i];
		memset(&fresh->area_arena[i], 0, sizeof(fresh->area_arena[i]));
	}
	facts_drop(fresh);
}

void facts_drop(struct facts *fresh)
{
	for (size_t i = 0; i < AREA_COUNT; i++)
		arena_clear(&fresh->area_arena[i]);
	arena_clear(&fresh->arena);
	facts_init(fresh);
}

unsigned areas_answered(const struct facts *f)
{
	unsigned mask = 0;

	for (int i = 0; i < AREA_COUNT; i++)
		if (f->source[i].state != SOURCE_UNREAD)
			mask |= AREA_BIT(i);
	return mask;
}

bool facts_read(const struct facts *f, enum area a)
{
	return f->source[a].state == SOURCE_READ;
}

enum tri facts_hybrid(const struct facts *f)
{
	if (!facts_read(f, AREA_ORGANIZATION))
		return TRI_UNKNOWN;
	return f->organization.ever_synced ? TRI_YES : TRI_NO;
}

const char *facts_why_unknown(const struct facts *f, enum area a, struct arena *a_out)
{
	const struct source *s = &f->source[a];
	const char *why = s->err.msg[0] ? s->err.msg : "no reason was given";

	switch (s->state) {
	case SOURCE_READ:
		return "it was read";
	case SOURCE_FORBIDDEN:
		return arena_printf(a_out, "we may not read the %s (%s)", area_name(a), why);
	case SOURCE_ABSENT:
		return s->err.msg[0] ? arena_strdup(a_out, s->err.msg)
				     : arena_printf(a_out, "this cloud has no %s",
						    area_name(a));
	case SOURCE_FAILED:
		return arena_printf(a_out, "the %s could not be read (%s)", area_name(a), why);
	case SOURCE_SKIPPED:
		return s->err.msg[0] ? arena_strdup(a_out, s->err.msg)
				     : arena_printf(a_out, "the %s %s not asked for",
						    area_name(a), area_was(a));
	case SOURCE_UNREAD:
		break;
	}
	return arena_printf(a_out, "the %s %s not read yet", area_name(a), area_was(a));
}

bool group_usable(const struct group *g)
{
	return g->security && !g->mail_enabled && !g->dynamic && !g->unified &&
	       !g->on_premises && !g->role_assignable && !g->management_restricted;
}

/* FNV-1a over the lower-case letters: Graph's ids are GUIDs in any case. */
static uint32_t hash_id(const char *id)
{
	uint32_t h = 2166136261u;

	for (; *id; id++) {
		unsigned char c = (unsigned char)*id;

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + 'a' - 'A');
		h = (h ^ c) * 16777619u;
	}
	return h;
}

void people_index(struct people *p, struct arena *a)
{
	size_t nslots = 16;

	while (nslots < p->n * 2)
		nslots *= 2;
	p->slots = arena_alloc(a, nslots * sizeof(*p->slots));
	p->nslots = nslots;
	for (size_t i = 0; i < p->n; i++) {
		size_t at;

		if (!p->v[i].id)
			continue;
		at = hash_id(p->v[i].id) & (nslots - 1);
		while (p->slots[at])
			at = (at + 1) & (nslots - 1);
		p->slots[at] = (uint32_t)i + 1;
	}
}

const struct person *people_find(const struct people *p, const char *id)
{
	if (!id)
		return NULL;
	if (!p->slots) {
		for (size_t i = 0; i < p->n; i++)
			if (str_same_nocase(p->v[i].id, id))
				return &p->v[i];
		return NULL;
	}
	for (size_t at = hash_id(id) & (p->nslots - 1); p->slots[at];
	     at = (at + 1) & (p->nslots - 1)) {
		const struct person *one = &p->v[p->slots[at] - 1];

		if (str_same_nocase(one->id, id))
			return one;
	}
	return NULL;
}
