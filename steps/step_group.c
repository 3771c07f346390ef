/* Step 1: the security group (runbook step 1; facts graph.md 3). */
#include <ctype.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "graph/url.h"
#include "steps/parts.h"

#define MEMBERS_A_REQUEST 20	/* facts graph.md 3.4 */
#define NICKNAME_MAX 64		/* facts graph.md 3.2 */

/* Whom to add, and whom not, with the reason. */
struct selection {
	const struct person **missing;	/* to add */
	const struct person **guests, **disabled, **admins;
	size_t nmissing, nguests, ndisabled, nadmins;
	size_t nwanted;			/* people wanted that can be members */
	const char **unknown, **repeated, **ambiguous;	/* entries, with their lines */
	size_t nunknown, nrepeated, nambiguous;
};

static const char *entry_text(struct step_view *v, const struct entry *e)
{
	if (!e->line)
		return arena_strdup(&v->arena, e->text);
	return arena_printf(&v->arena, "%s (line %u)", e->text, e->line);
}

static void select_entries(const struct facts *f, struct step_view *v, struct selection *s)
{
	const struct wanted_people *wp = &f->wanted_people;
	size_t size = (wp->n + 1) * sizeof(char *);

	s->unknown = arena_alloc(&v->arena, size);
	s->repeated = arena_alloc(&v->arena, size);
	s->ambiguous = arena_alloc(&v->arena, size);
	for (size_t i = 0; i < wp->n; i++) {
		const struct entry *e = &wp->v[i];

		if (e->state == ENTRY_UNKNOWN)
			s->unknown[s->nunknown++] = entry_text(v, e);
		else if (e->state == ENTRY_DUPLICATE)
			s->repeated[s->nrepeated++] = entry_text(v, e);
		else if (e->state == ENTRY_AMBIGUOUS)
			s->ambiguous[s->nambiguous++] = entry_text(v, e);
	}
}

/* Guests reset their password at home and a disabled account cannot reset at
 * all: neither belongs in the group. Administrators may be in it, but have a
 * policy of their own (facts graph.md 6.2). */
static void select_people(const struct facts *f, struct step_view *v, struct selection *s)
{
	const struct people *p = &f->wanted_people.people;
	size_t size = (p->n + 1) * sizeof(struct person *);

	s->missing = arena_alloc(&v->arena, size);
	s->guests = arena_alloc(&v->arena, size);
	s->disabled = arena_alloc(&v->arena, size);
	s->admins = arena_alloc(&v->arena, size);
	for (size_t i = 0; i < p->n; i++) {
		const struct person *one = &p->v[i];

		if (one->type == USER_GUEST) {
			s->guests[s->nguests++] = one;
			continue;
		}
		if (one->enabled == TRI_NO) {
			s->disabled[s->ndisabled++] = one;
			continue;
		}
		s->nwanted++;
		if (one->admin == TRI_YES)
			s->admins[s->nadmins++] = one;
		if (!people_find(&f->members.people, one->id))
			s->missing[s->nmissing++] = one;
	}
}

static const char *texts(struct step_view *v, const char *const *list, size_t n)
{
	CLEANUP(str_release) struct str text = { 0 };

	for (size_t i = 0; i < n && i < 5; i++)
		str_addf(&text, "%s%s", i ? ", " : "", list[i]);
	if (n > 5)
		str_addf(&text, " and %zu more", n - 5);
	return arena_strdup(&v->arena, str_text(&text));
}

static void note_entries(struct step_view *v, const struct selection *s)
{
	if (s->nunknown)
		step_note(v, true, "Nobody in the tenant answers to %s: check the spelling.",
			  texts(v, s->unknown, s->nunknown));
	if (s->nambiguous)
		step_note(v, true, "More than one person answers to %s: give the sign-in name "
			  "or the object id.", texts(v, s->ambiguous, s->nambiguous));
	if (s->nrepeated)
		step_note(v, false, "Given more than once: %s.",
			  texts(v, s->repeated, s->nrepeated));
	if (s->nguests)
		step_note(v, true, "Left out, because guests reset their password in their own "
			  "organisation: %s.", step_people_text(&v->arena, s->guests, s->nguests));
	if (s->ndisabled)
		step_note(v, true, "Left out, because the account is disabled: %s.",
			  step_people_text(&v->arena, s->disabled, s->ndisabled));
	if (s->nadmins)
		step_note(v, true, "Administrators always follow their own policy, also as "
			  "members of this group: %s.",
			  step_people_text(&v->arena, s->admins, s->nadmins));
}

/* The group's name as an ASCII nickname without what Graph refuses (facts
 * graph.md 3.2). */
static const char *nickname_of(struct arena *a, const char *name)
{
	char out[NICKNAME_MAX + 1];
	size_t n = 0;

	for (; *name && n < NICKNAME_MAX; name++) {
		unsigned char c = (unsigned char)*name;

		if (isalnum(c) || c == '-' || c == '_')
			out[n++] = (char)c;
		else if (c == ' ' && n && out[n - 1] != '-')
			out[n++] = '-';
	}
	out[n] = '\0';
	return n ? arena_strdup(a, out) : "sspr-enabled-users";
}

static void plan_create(const struct wanted *w, struct step_view *v)
{
	struct change *c = plan_add(&v->plan, "group", "group.create", MEANS_GRAPH);
	struct arena *a = &v->plan.arena;
	CLEANUP(str_release) struct str path = { 0 };

	c->title = arena_printf(a, "Create the security group %s", w->group_name);
	c->detail = "Affects nobody yet: the group is empty and nothing refers to it.";
	c->method = "POST";
	c->url = "/v1.0/groups";
	c->body = json_new_object();
	json_add_string(c->body, "displayName", w->group_name);
	json_add_string(c->body, "description", "Users enabled for self-service password reset "
						"(created by sspr-wizard)");
	json_add_bool(c->body, "mailEnabled", false);
	json_add_string(c->body, "mailNickname", nickname_of(a, w->group_name));
	json_add_bool(c->body, "securityEnabled", true);
	json_add_array(c->body, "groupTypes");
	json_add_bool(c->body, "isAssignableToRole", false);
	c->undo_method = "DELETE";
	c->undo_url = "/v1.0/groups/{group}";
	c->undo = "delete the group, if nothing refers to it and nobody else was added; "
		  "a deleted group may not be recoverable";
	/* Names are not unique: another one must not have appeared meanwhile. */
	str_add(&path, "/v1.0/groups?$filter=displayName%20eq%20");
	url_odata_string(&path, w->group_name);
	str_add(&path, "&$select=id");
	c->guard_url = arena_strdup(a, str_text(&path));
	c->guard_expect = json_new_object();
	json_add_array(c->guard_expect, "value");
	c->yields = "group";
}

static void guard_group(struct change *c, const struct facts *f, struct arena *a)
{
	const struct group *g = f->groups.chosen;

	if (!g)
		return;		/* made a moment ago by the change before */
	c->guard_url = arena_printf(a, "/v1.0/groups/%s?$select=id,displayName,groupTypes,"
				    "securityEnabled,mailEnabled", g->id);
	c->guard_expect = json_new_object();
	json_add_string(c->guard_expect, "displayName", g->display_name);
	json_add_bool(c->guard_expect, "securityEnabled", true);
	json_add_bool(c->guard_expect, "mailEnabled", false);
	json_add_array(c->guard_expect, "groupTypes");
}

static void plan_members(const struct facts *f, const struct wanted *w, struct step_view *v,
			 const struct person *const *people, size_t n, const char *id)
{
	struct change *c = plan_add(&v->plan, "group", id, MEANS_GRAPH);
	struct arena *a = &v->plan.arena;
	const char **ids = arena_alloc(a, n * sizeof(*ids));
	struct json *list;

	c->title = arena_printf(a, "Add %zu %s to %s", n, n == 1 ? "person" : "people",
				w->group_name);
	c->detail = arena_printf(a, "Affects %s.", step_people_text(a, people, n));
	c->method = "PATCH";
	c->url = arena_printf(a, "/v1.0/groups/%s", group_ref(f));
	c->body = json_new_object();
	list = json_add_array(c->body, "members@odata.bind");
	for (size_t i = 0; i < n; i++) {
		ids[i] = arena_strdup(a, people[i]->id);
		json_append_string(list, arena_printf(a, "{graph}/v1.0/directoryObjects/%s",
						      ids[i]));
	}
	c->member_ids = ids;
	c->nmembers = n;
	c->undo_method = "DELETE";
	c->undo_url = arena_printf(a, "/v1.0/groups/%s/members/{member}/$ref", group_ref(f));
	c->undo = "take out exactly the people that were added";
	guard_group(c, f, a);
}

static void plan_all_members(const struct facts *f, const struct wanted *w,
			     struct step_view *v, const struct selection *s)
{
	for (size_t i = 0, k = 1; i < s->nmissing; i += MEMBERS_A_REQUEST, k++) {
		size_t n = s->nmissing - i;

		if (n > MEMBERS_A_REQUEST)
			n = MEMBERS_A_REQUEST;
		plan_members(f, w, v, s->missing + i, n,
			     s->nmissing > MEMBERS_A_REQUEST
			     ? arena_printf(&v->arena, "group.members.%zu", k)
			     : "group.members");
	}
}

static void set_kind(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	const struct group *g = f->groups.chosen;
	struct setting *s = step_setting(v, "group.name", "Name");
	bool there = g != NULL;

	if (!g && f->groups.n == 1)
		g = &f->groups.v[0];
	if (!g && f->groups.n)
		setting_fill(v, s, arena_printf(&v->arena, "%zu groups of that name", f->groups.n),
			     w->group_name, false, CONFIDENCE_PROVED, "");
	else
		setting_fill(v, s, g ? g->display_name : "no such group", w->group_name, there,
			     CONFIDENCE_PROVED, "");
	s = step_setting(v, "group.type", "Group type");
	setting_fill(v, s, !g ? "-" : g->unified ? "Microsoft 365" :
		     g->mail_enabled ? "Mail-enabled" : g->security ? "Security" : "Distribution",
		     "Security", g && g->security && !g->mail_enabled && !g->unified,
		     CONFIDENCE_PROVED, "");
	s = step_setting(v, "group.membership", "Membership");
	setting_fill(v, s, !g ? "-" : g->dynamic ? "Dynamic" : "Assigned", "Assigned",
		     g && !g->dynamic, CONFIDENCE_PROVED, "");
}

static const char *count_text(struct step_view *v, size_t n)
{
	return n ? arena_printf(&v->arena, "%zu %s", n, n == 1 ? "person" : "people") : "nobody";
}

static void set_members(const struct facts *f, const struct wanted *w, struct step_view *v,
			const struct selection *s)
{
	struct setting *set = step_setting(v, "group.members", "Members");
	const struct members *m = &f->members;
	const char *how = "";

	if (m->nnested)
		how = arena_printf(&v->arena, "counted with %zu nested %s: %s", m->nnested,
				   m->nnested == 1 ? "group" : "groups",
				   texts(v, m->nested, m->nnested));
	if (w->members_given)
		setting_fill(v, set, count_text(v, m->people.n),
			     s->nmissing ? arena_printf(&v->arena, "%zu more", s->nmissing)
					 : count_text(v, s->nwanted),
			     !s->nmissing && m->people.n, CONFIDENCE_PROVED, how);
	else
		setting_fill(v, set, count_text(v, m->people.n), "the people you choose",
			     m->people.n > 0, CONFIDENCE_PROVED, how);
}

static void ask_for_members(const struct facts *f, const struct wanted *w,
			    struct step_view *v)
{
	struct change *c = guided_add(v, f, MEANS_GUIDED, "group.choose-members", "this wizard",
				      NULL, "Choose the people for %s", w->group_name);

	c->undo = "choose other people";
	plan_instruct(&v->plan, c, "Choose people here, or give a file with one sign-in name, "
		      "address or object id a line: --members FILE.");
	plan_instruct(&v->plan, c, "Start with a pilot: a handful of people who have registered "
		      "their methods.");
}

/* What tells groups of one name apart: the id is what is picked. */
static void note_candidates(const struct facts *f, struct step_view *v)
{
	char date[TIME_TEXT];

	for (size_t i = 0; i < f->groups.n && i < 5; i++) {
		const struct group *g = &f->groups.v[i];

		step_note(v, false, "%s: created %s%s%s.", g->id,
			  g->created_ms ? time_format_date(g->created_ms, date) : "some day",
			  group_usable(g) ? "" : ", cannot be used",
			  g == f->groups.chosen ? ", chosen" : "");
	}
}

static void judge(const struct facts *f, const struct wanted *w, struct step_view *v)
{
	struct selection s = { 0 };
	const char *why;
	enum group_use use = group_use(f, w, &why, &v->arena);

	select_entries(f, v, &s);
	select_people(f, v, &s);
	set_kind(f, w, v);
	set_members(f, w, v, &s);
	note_entries(v, &s);
	if (f->members.others)
		step_note(v, false, "%zu %s (a device, application or contact): password reset "
			  "does not concern %s.", f->members.others,
			  f->members.others == 1 ? "member is no person" : "members are no people",
			  f->members.others == 1 ? "it" : "them");
	if (f->groups.n > 1)
		note_candidates(f, v);
	if (use == GROUP_UNDECIDED || use == GROUP_UNUSABLE) {
		step_decide(v, STEP_BLOCKED, "%s", why);
		return;
	}
	if (use == GROUP_MISSING)
		plan_create(w, v);
	plan_all_members(f, w, v, &s);
	if (!f->members.people.n && !s.nmissing)
		ask_for_members(f, w, v);
}

const struct step_ops step_group = {
	.id = "group",
	.version = 1,
	.number = 1,
	.title = "Security group",
	.why = "The people in this group are the ones who may reset their own password. "
	       "Everything after this step refers to it.",
	.requires = (const char *const[]){ NULL },
	.areas = AREA_BIT(AREA_GROUP) | AREA_BIT(AREA_MEMBERS) | AREA_BIT(AREA_PEOPLE) |
		 AREA_BIT(AREA_REGISTRATION),
	.evidence = AREA_BIT(AREA_REGISTRATION),
	.write_scopes = STRINGS("Group.ReadWrite.All", "GroupMember.ReadWrite.All"),
	.judge = judge,
};
