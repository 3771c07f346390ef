/* Scopes and directory roles: held, missing, and more than needed (facts graph.md
 * 10.10 and the "Role" line of each call there). */
#include "checks/permissions.h"

#include <stdlib.h>
#include <string.h>

#include "checks/judge.h"
#include "checks/read.h"
#include "graph/base/mem.h"
#include "graph/sign_in/scopes.h"

#define GLOBAL_ADMINISTRATOR "62e90394-69f5-4237-9190-012177145e10"
#define POLICY_ADMINISTRATOR "0526716b-113d-4c15-b2c8-68e3c22b9f80"
#define GROUPS_ADMINISTRATOR "fdd7a751-b60b-444a-984c-02652fe8fa1c"
#define USER_ADMINISTRATOR "fe930be7-5e62-47db-91af-98c3a49a38b1"
#define ROLE_ADMINISTRATOR "e8611ab8-c189-46e8-94e1-60213ab1f814"
#define HYBRID_ADMINISTRATOR "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2"
#define REPORTS_READER "4a5d8f65-41da-4de4-8968-e035b65339cf"
#define SECURITY_READER "5d6b6bb7-de71-4623-b4af-96380a352509"
#define SECURITY_ADMINISTRATOR "194ae4cb-b126-40b2-bd5b-6091b380977d"
#define GLOBAL_READER "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
#define DIRECTORY_WRITERS "9360feb5-f418-4baa-8175-e2a00bac4301"

static const struct {
	const char *name, *what;
} writes[] = {
	{ "Group.ReadWrite.All", "step 1: to create the group" },
	{ "GroupMember.ReadWrite.All", "step 1: to add people to it" },
	{ "Policy.ReadWrite.AuthenticationMethod", "step 3: to add the group to the methods" },
	{ "Policy.ReadWrite.Authorization", "step 5: to let administrators reset" },
};

/* What a person's role is needed for; the first role is the least one. */
static const struct task {
	const char *what, *least;
	bool reads;		/* without it something stays unknown */
	const char *any[6];	/* template ids; Global Administrator may do all */
} tasks[] = {
	{ "to read the registration report, the audit log and the sign-ins", "Reports Reader",
	  true, { REPORTS_READER, SECURITY_READER, GLOBAL_READER, SECURITY_ADMINISTRATOR } },
	{ "step 1: the group", "Groups Administrator", false,
	  { GROUPS_ADMINISTRATOR, USER_ADMINISTRATOR, DIRECTORY_WRITERS } },
	{ "steps 2, 3 and 7: the methods and the password reset settings",
	  "Authentication Policy Administrator", false, { POLICY_ADMINISTRATOR } },
	{ "step 4: password writeback on a hybrid tenant", "Hybrid Identity Administrator",
	  false, { HYBRID_ADMINISTRATOR } },
	{ "step 5: administrators; for this step only", "Privileged Role Administrator", false,
	  { ROLE_ADMINISTRATOR } },
};

const char *const *permissions_write_scopes(void)
{
	static const char *names[COUNT_OF(writes) + 1];

	for (size_t i = 0; i < COUNT_OF(writes); i++)
		names[i] = writes[i].name;
	return names;
}

const char *permission_state_word(enum permission_state s)
{
	static const char *const words[] = {
		[PERMISSION_HELD] = "held", [PERMISSION_MISSING] = "missing",
		[PERMISSION_LATER] = "when needed", [PERMISSION_SURPLUS] = "too much",
		[PERMISSION_OTHER] = "not used",
	};

	return words[s];
}

static void add(struct permissions *out, struct arena *a, enum permission_kind kind,
		enum permission_state state, const char *name, const char *text)
{
	ARENA_GROW(a, out->v, out->n, out->cap);
	out->v[out->n++] = (struct permission){ kind, state, arena_strdup(a, name), text };
	out->missing += state == PERMISSION_MISSING;
	out->surplus += state == PERMISSION_SURPLUS;
}

static bool listed(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (str_same(*names, name))
			return true;
	return false;
}

static void append(struct str *to, const char *what)
{
	str_addf(to, "%s%s", to->len ? ", " : "", what);
}

/* The areas that a read scope is for, and the checks that are judged from them. */
static const char *scope_text(const char *name, bool missing, struct arena *a)
{
	CLEANUP(str_release) struct str areas = { 0 }, ids = { 0 };
	unsigned mask = 0;

	for (int i = 0; i < AREA_COUNT; i++) {
		if (!listed(area_scopes((enum area)i), name))
			continue;
		mask |= AREA_BIT(i);
		append(&areas, area_name((enum area)i));
	}
	for (size_t i = 0; missing && checks[i]; i++)
		if (checks[i]->areas & mask)
			append(&ids, checks[i]->id);
	if (!areas.len)
		str_add(&areas, "the signed-in person");
	if (!ids.len)
		return arena_printf(a, "to read: %s", str_text(&areas));
	return arena_printf(a, "not known without it: %s. Judged from that: %s",
			    str_text(&areas), str_text(&ids));
}

static void add_read_scope(struct permissions *out, struct arena *a, const char *name, bool lost)
{
	add(out, a, PERMISSION_READ, lost ? PERMISSION_MISSING : PERMISSION_HELD, name,
	    scope_text(name, lost, a));
}

static void list_read_scopes(const struct facts *f, struct arena *a, struct permissions *out)
{
	char *missing = scopes_missing(f->granted);

	for (const char *const *name = scopes_read_names(); *name; name++)
		add_read_scope(out, a, *name, scopes_have(missing, *name));
	if (f->beta)
		add_read_scope(out, a, SCOPE_RECOMMENDATIONS,
			       !scopes_have(f->granted, SCOPE_RECOMMENDATIONS));
	free(missing);
}

static void list_write_scopes(const struct facts *f, struct arena *a, struct permissions *out)
{
	for (size_t i = 0; i < COUNT_OF(writes); i++) {
		bool held = scopes_have(f->granted, writes[i].name);
		const char *text = writes[i].what;

		if (f->read_only && held)
			text = "read-only: nothing is written, and it is not needed";
		else if (f->read_only)
			text = arena_printf(a, "%s; read-only: it is never asked for", text);
		add(out, a, PERMISSION_WRITE, !held ? PERMISSION_LATER : f->read_only ?
		    PERMISSION_SURPLUS : PERMISSION_HELD, writes[i].name, text);
	}
}

static void list_beyond(const struct facts *f, struct arena *a, struct permissions *out)
{
	char *beyond = scopes_beyond(f->granted, permissions_write_scopes());

	for (char *at = beyond, *end; *at; at = end) {
		bool more, write;

		end = at + strcspn(at, " ");
		more = *end != '\0';
		*end = '\0';
		write = !strstr(at, ".Read.") && !str_ends(at, ".Read");
		if (!f->beta || !str_same(at, SCOPE_RECOMMENDATIONS))
			add(out, a, write ? PERMISSION_WRITE : PERMISSION_READ, PERMISSION_SURPLUS, at,
		    write ? "the wizard never writes what it allows" :
			    "the wizard never reads what it allows");
		end += more;
	}
	free(beyond);
}

static bool holds(const struct facts *f, const char *template_id)
{
	for (size_t i = 0; i < f->held.n; i++)
		if (str_same_nocase(f->held.v[i].template_id, template_id))
			return true;
	return false;
}

/* The name of the role that serves a task, or NULL. */
static const char *serves(const struct facts *f, const struct task *t)
{
	for (size_t k = 0; t->any[k]; k++)
		for (size_t i = 0; i < f->held.n; i++)
			if (str_same_nocase(f->held.v[i].template_id, t->any[k]))
				return f->held.v[i].name;
	return NULL;
}

static bool of_any_task(const char *template_id)
{
	for (size_t i = 0; i < COUNT_OF(tasks); i++)
		for (size_t k = 0; tasks[i].any[k]; k++)
			if (str_same_nocase(tasks[i].any[k], template_id))
				return true;
	return false;
}

static void list_roles(const struct facts *f, struct arena *a, struct permissions *out)
{
	bool global = holds(f, GLOBAL_ADMINISTRATOR);

	for (size_t i = 0; i < COUNT_OF(tasks); i++) {
		const struct task *t = &tasks[i];
		const char *by = serves(f, t);

		if (by)
			add(out, a, PERMISSION_ROLE, PERMISSION_HELD, by, t->what);
		else if (!global && t->reads)
			add(out, a, PERMISSION_ROLE, PERMISSION_MISSING, t->least,
			    arena_printf(a, "needed %s", t->what));
		else if (!global)
			add(out, a, PERMISSION_ROLE, PERMISSION_LATER, t->least, t->what);
	}
	if (global)
		add(out, a, PERMISSION_ROLE, PERMISSION_SURPLUS, "Global Administrator",
		    "may do everything. Enough to look: Reports Reader. For the rollout: Groups "
		    "Administrator and Authentication Policy Administrator, and for step 5 alone "
		    "Privileged Role Administrator. Only reading the features of the "
		    "synchronisation may need it");
	for (size_t i = 0; i < f->held.n; i++)
		if (!of_any_task(f->held.v[i].template_id) &&
		    !str_same_nocase(f->held.v[i].template_id, GLOBAL_ADMINISTRATOR))
			add(out, a, PERMISSION_ROLE, PERMISSION_OTHER, f->held.v[i].name,
			    "the wizard does nothing that needs it");
}

void permissions_list(const struct facts *f, struct arena *a, struct permissions *out)
{
	memset(out, 0, sizeof(*out));
	out->scopes_known = f->granted && *f->granted;
	out->roles_known = facts_read(f, AREA_PERMISSIONS);
	if (out->scopes_known) {
		list_read_scopes(f, a, out);
		list_write_scopes(f, a, out);
		list_beyond(f, a, out);
	}
	if (out->roles_known)
		list_roles(f, a, out);
}

static void finding_rows(const struct facts *f, const struct permissions *p,
			 struct findings *out, struct finding *one)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct permission *row = &p->v[i];

		if (row->state != PERMISSION_MISSING && row->state != PERMISSION_SURPLUS)
			continue;
		if (row->kind == PERMISSION_ROLE)
			area_evidence(f, out, one, AREA_PERMISSIONS, "%s, %s: %s", row->name,
				      permission_state_word(row->state), row->text);
		else
			finding_evidence(out, one, "the sign-in's token", f->now_ms, "%s, %s: %s",
					 row->name, permission_state_word(row->state), row->text);
	}
}

void judge_permissions(const struct facts *f, const struct wanted *w, struct findings *out)
{
	struct finding *one = findings_add(out, "health.permissions", "permissions",
					   "Permissions of whoever looks");
	struct permissions p;

	(void)w;
	one->link = ADMIN_CENTRE "RolesManagementMenuBlade/~/AllRoles";
	permissions_list(f, &out->arena, &p);
	if (!p.scopes_known && !p.roles_known) {
		need_area(f, out, one, AREA_PERMISSIONS);
		return;
	}
	finding_rows(f, &p, out, one);
	if (p.missing) {
		finding_set(out, one, VERDICT_UNKNOWN, CONFIDENCE_PROVED, "%s missing, so that "
			    "not everything can be told%s.",
			    p.missing == 1 ? "One permission is" :
			    arena_printf(&out->arena, "%zu permissions are", p.missing),
			    p.surplus ? "; others are more than is needed" : "");
		finding_remedy(out, one, "Ask for what is missing: a role in Entra ID > Roles and "
			       "administrators, a scope by an administrator's consent to the app "
			       "registration.");
	} else if (p.surplus) {
		finding_set(out, one, VERDICT_WARN, CONFIDENCE_PROVED, "%s more than the wizard "
			    "needs.", p.surplus == 1 ? "One permission is" :
			    arena_printf(&out->arena, "%zu permissions are", p.surplus));
		finding_remedy(out, one, "Look with an account and an app registration that may "
			       "do less: what nobody holds nobody can steal.");
	} else {
		finding_set(out, one, VERDICT_PASS, p.scopes_known && p.roles_known ?
			    CONFIDENCE_PROVED : CONFIDENCE_LIKELY,
			    "Whoever looks may do what is needed, and no more%s.",
			    p.scopes_known ? "" : ", as far as roles go; the scopes are not told");
	}
}
