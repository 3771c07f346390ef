/* The changes that the admin centre's own API can make instead of a person. */
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/portal.h"
#include "steps/parts.h"

#define LABEL " (by the admin centre's own API, not supported by Microsoft)"

/* What a change attests, and the member that holds it (facts portal-api.md 1.2,
 * 1.3). The scope has three members, the help desk link two. */
static const struct {
	const char *attests, *path, *member;
} members[] = {
	{ "enablement.scope", PORTAL_POLICY, "enablementType" },
	{ "methods.required", PORTAL_POLICY, "numberOfAuthenticationMethodsRequired" },
	{ "notifications.users", PORTAL_POLICY, "notifyUsersOnPasswordReset" },
	{ "notifications.admins", PORTAL_POLICY, "notifyOnAdminPasswordReset" },
	{ "registration.required", PORTAL_POLICY, "registrationRequiredOnSignIn" },
	{ "registration.days", PORTAL_POLICY, "registrationReconfirmIntevalInDays" },
	{ "notifications.helpdesk", PORTAL_POLICY, "customizeHelpdeskLink" },
	{ "writeback.tenant", PORTAL_ON_PREMISES, "passwordWritebackSupported" },
	{ "writeback.unlock", PORTAL_ON_PREMISES, "accountUnlockEnabled" },
};

static void add_scope(struct json *body, const struct facts *f, const char *value,
		      const char *group_name)
{
	bool selected = str_same(value, scope_name(SCOPE_SELECTED));
	struct json *ids;

	json_add_number(body, "enablementType", selected ? 1 : str_same(value, "All") ? 2 : 0);
	ids = json_add_array(body, "passwordResetEnabledGroupIds");
	if (selected)
		json_append_string(ids, group_ref(f));
	json_add_string(body, "passwordResetEnabledGroupName", selected ? group_name : "");
}

static void add_helpdesk(struct json *body, const char *value)
{
	bool on = !str_same(value, HELPDESK_NONE);

	json_add_bool(body, "customizeHelpdeskLink", on);
	if (on)
		json_add_string(body, "customHelpdeskEmailOrUrl", value);
}

/* The members as they shall be. */
static struct json *body_of(const struct facts *f, const struct change *c, const char *member,
			    const char *group_name)
{
	struct json *body = json_new_object();

	if (str_same(c->attests, "enablement.scope"))
		add_scope(body, f, c->attest_value, group_name);
	else if (str_same(c->attests, "notifications.helpdesk"))
		add_helpdesk(body, c->attest_value);
	else if (str_same(c->attests, "methods.required") ||
		 str_same(c->attests, "registration.days"))
		json_add_number(body, member, (double)strtol(c->attest_value, NULL, 10));
	else
		json_add_bool(body, member, str_same(c->attest_value, "on"));
	return body;
}

/* The same members as they are now; NULL when one of them was not read. */
static struct json *now_of(const struct json *read, const struct json *body)
{
	struct json *now = json_new_object();

	for (const struct json *j = json_first(body); j; j = json_next(j)) {
		if (!json_has(read, json_key(j))) {
			json_free(now);
			return NULL;
		}
		json_add(now, json_key(j), json_clone(json_get(read, json_key(j))));
	}
	return now;
}

/* "enablementType: 0 -> 1; ..." */
static const char *difference(const struct json *now, const struct json *body, struct arena *a)
{
	CLEANUP(str_release) struct str text = { 0 };

	for (const struct json *j = json_first(body); j; j = json_next(j)) {
		str_addf(&text, "%s%s: ", text.len ? "; " : "", json_key(j));
		json_print(json_get(now, json_key(j)), &text);
		str_add(&text, " -> ");
		json_print(j, &text);
	}
	return arena_strdup(a, str_text(&text));
}

static void fill(struct plan *p, struct change *c, const char *path, struct json *body,
		 struct json *now)
{
	struct arena *a = &p->arena;

	c->means = MEANS_PORTAL;
	c->title = arena_printf(a, "%s" LABEL, c->title);
	c->detail = arena_printf(a, "%s%sThe whole policy is written back with this difference: "
				 "%s. Microsoft does not support this way; it can break any day.",
				 c->detail, *c->detail ? " " : "", difference(now, body, a));
	c->method = "PUT";
	c->url = path;
	c->body = body;
	c->guard_url = portal_read_path(path);
	c->guard_expect = json_clone(now);
	c->undo_method = "PUT";
	c->undo_url = path;
	c->undo_body = now;
	c->undo = "write back the values that these members had";
}

/* Why a person is needed after all; once a step. */
static void note_unread(struct step_view *v, const struct facts *f)
{
	static const char start[] = "The admin centre's own API is not used";
	const struct source *s = &f->source[AREA_PORTAL];
	const char *why = facts_read(f, AREA_PORTAL)
			  ? "it told nothing of the on-premises integration"
			  : *s->err.msg ? s->err.msg
			  : facts_why_unknown(f, AREA_PORTAL, &v->arena);

	for (size_t i = 0; i < v->nnotes; i++)
		if (str_starts(v->notes[i].text, start))
			return;
	if (str_starts(why, PORTAL_SAYS))
		why += strlen(PORTAL_SAYS);
	step_note(v, true, "%s, so a person makes this change: %s.", start, why);
}

void portal_offer(struct step_view *v, const struct facts *f, const char *group_name,
		  struct change *c)
{
	struct err ignored = ERR_INIT;
	struct json *read, *body, *now;
	const char *text;
	size_t i = 0;

	while (i < COUNT_OF(members) && !str_same(members[i].attests, c->attests))
		i++;
	if (!f->has_portal || i == COUNT_OF(members))
		return;
	text = str_same(members[i].path, PORTAL_POLICY) ? f->portal.policy_json
							: f->portal.on_premises_json;
	read = text ? json_parse(text, strlen(text), &ignored) : NULL;
	if (!read) {
		note_unread(v, f);
		return;
	}
	body = body_of(f, c, members[i].member, group_name);
	now = now_of(read, body);
	json_free(read);
	if (now)
		fill(&v->plan, c, members[i].path, body, now);
	else
		json_free(body);
}
