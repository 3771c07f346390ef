#include "graph/sign_in/scopes.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* Of Graph; facts graph.md 10.10 and, for the score, what the check reads. */
static const char *const to_read[] = {
	"User.Read", "Organization.Read.All", "LicenseAssignment.Read.All",
	"Group.ReadBasic.All", "GroupMember.Read.All", "User.Read.All", "Policy.Read.All",
	"AuditLog.Read.All", "RoleManagement.Read.Directory", "Application.Read.All",
	"OnPremDirectorySynchronization.Read.All", "Synchronization.Read.All",
	"SecurityEvents.Read.All", "Domain.Read.All", "GroupSettings.Read.All", NULL
};

/* Of the sign-in itself: who it is, and a refresh token. */
static const char *const of_sign_in[] = { "openid", "profile", "offline_access", "email" };

static const struct {
	const char *granular, *classic;
} classic[] = {
	{ "LicenseAssignment.Read.All", NULL },	/* Organization.Read.All reads it too */
	{ "Group.ReadBasic.All", "Group.Read.All" },
	{ "GroupMember.ReadBasic.All", "GroupMember.Read.All" },
	{ "Policy.Read.AuthenticationMethod", "Policy.Read.All" },
	{ "OnPremDirectorySynchronization.Read.All", NULL },
	{ "OrganizationalBranding.Read.All", "Organization.Read.All" },
	{ "GroupSettings.Read.All", NULL },	/* Directory.Read.All would be far more */
};

/* One word of a set: its text, the name after the resource, the length of it. */
struct word {
	const char *text, *name;
	size_t len, name_len;
};

static bool next_word(const char **at, struct word *w)
{
	*at += strspn(*at, " ");
	if (!**at)
		return false;
	w->text = w->name = *at;
	w->len = strcspn(*at, " ");
	*at += w->len;
	for (size_t i = 0; i < w->len; i++)
		if (w->text[i] == '/')
			w->name = w->text + i + 1;
	w->name_len = (size_t)(w->text + w->len - w->name);
	return true;
}

static bool is(const struct word *w, const char *name)
{
	return strlen(name) == w->name_len && memcmp(w->name, name, w->name_len) == 0;
}

bool scopes_have(const char *granted, const char *name)
{
	struct word w;

	while (next_word(&granted, &w))
		if (is(&w, name))
			return true;
	return false;
}

char *scopes_with(const char *scopes, const char *const *names, const char *resource)
{
	struct str out = { 0 };

	str_add(&out, scopes);
	for (; *names; names++)
		if (!scopes_have(str_text(&out), *names))
			str_addf(&out, " %s/%s", resource, *names);
	return str_detach(&out);
}

char *scopes_to_read(const struct cloud *c)
{
	return scopes_with("openid profile offline_access", to_read, c->graph);
}

const char *const *scopes_read_names(void)
{
	return to_read;
}

/* X.ReadWrite.All serves where X.Read.All would. */
static bool have_wider(const char *granted, const char *name)
{
	const char *read = strstr(name, ".Read.");
	struct str wider = { 0 };
	bool found;

	if (!read)
		return false;
	str_add_bytes(&wider, name, (size_t)(read - name));
	str_addf(&wider, ".ReadWrite.%s", read + strlen(".Read."));
	found = scopes_have(granted, str_text(&wider));
	str_release(&wider);
	return found;
}

char *scopes_missing(const char *granted)
{
	struct str out = { 0 };

	for (const char *const *name = to_read; *name; name++)
		if (!scopes_have(granted, *name) && !have_wider(granted, *name))
			str_addf(&out, "%s%s", out.len ? " " : "", *name);
	return str_detach(&out);
}

char *scopes_classic(const char *scopes)
{
	struct str out = { 0 };
	struct word w;
	size_t i;

	while (next_word(&scopes, &w)) {
		for (i = 0; i < COUNT_OF(classic) && !is(&w, classic[i].granular); i++)
			;
		if (i < COUNT_OF(classic) && !classic[i].classic)
			continue;
		if (i < COUNT_OF(classic) && scopes_have(str_text(&out), classic[i].classic))
			continue;
		if (out.len)
			str_add_char(&out, ' ');
		if (i == COUNT_OF(classic)) {
			str_add_bytes(&out, w.text, w.len);
			continue;
		}
		str_add_bytes(&out, w.text, w.len - w.name_len);
		str_add(&out, classic[i].classic);
	}
	return str_detach(&out);
}

static bool known(const struct word *w, const char *const *used)
{
	for (size_t i = 0; to_read[i]; i++)
		if (is(w, to_read[i]))
			return true;
	for (size_t i = 0; i < COUNT_OF(of_sign_in); i++)
		if (is(w, of_sign_in[i]))
			return true;
	for (size_t i = 0; i < COUNT_OF(classic); i++)
		if (is(w, classic[i].granular) ||
		    (classic[i].classic && is(w, classic[i].classic)))
			return true;
	for (; used && *used; used++)
		if (is(w, *used))
			return true;
	return false;
}

char *scopes_beyond(const char *granted, const char *const *used)
{
	struct str out = { 0 };
	struct word w;

	while (next_word(&granted, &w)) {
		if (known(&w, used))
			continue;
		if (out.len)
			str_add_char(&out, ' ');
		str_add_bytes(&out, w.name, w.name_len);
	}
	return str_detach(&out);
}
