#include "tui/setup.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks/endpoints.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"
#include "graph/sign_in/choice.h"
#include "steps/members_file.h"

/* A variable that is set, not empty and clean; else NULL. */
static const char *environment(const char *name)
{
	const char *v = getenv(name);

	return v && *v && utf8_is_clean(v, strlen(v), 0) ? v : NULL;
}

static const char *first_of(const char *a, const char *b, const char *c)
{
	return a ? a : b ? b : c;
}

static int demo_state_dir(struct setup *s, const struct options *o, struct err *err)
{
	const char *tmp = environment("TMPDIR");

	if (o->demo_state) {
		s->session.state_dir = arena_printf(&s->arena, "%s.journal", o->demo_state);
		return 0;
	}
	s->temporary = xasprintf("%s/sspr-wizard-demo-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(s->temporary)) {
		err_set(err, ERR_IO, errno, "cannot make a temporary directory for the demo: %s",
			strerror(errno));
		free(s->temporary);
		s->temporary = NULL;
		return err_todo(err, "Set TMPDIR to a directory that can be written.");
	}
	s->session.state_dir = s->temporary;
	return 0;
}

static int open_cloud(struct setup *s, const struct options *o, struct err *err)
{
	const char *authority = environment("AZURE_AUTHORITY_HOST");
	const char *host = sign_in_cloud_of(authority);
	const char *name = first_of(o->cloud, s->profile.cloud, host ? host : "global");

	if (o->cloud_file)
		return cloud_from_file(o->cloud_file, &s->cloud, err);
	/* Another service than the one that was named would get the secret. */
	if (authority && !host && !o->cloud && !s->profile.cloud && !o->demo) {
		err_set(err, ERR_INVALID, 0, "AZURE_AUTHORITY_HOST names a sign-in service of no "
			"known cloud: %.80s", authority);
		return err_todo(err, "Name its cloud with --cloud or --cloud-file, or unset it.");
	}
	return cloud_by_name(o->demo ? "global" : name, &s->cloud, err);
}

static int open_members(struct setup *s, const struct options *o, struct err *err)
{
	const char *file = o->members ? o->members : s->profile.members_file;
	struct member_entries entries = { 0 };

	if (!file)
		return 0;
	if (members_read_file(file, &s->arena, &entries, err) < 0)
		return -1;
	s->wanted.entries = entries.v;
	s->wanted.entry_lines = entries.line;
	s->wanted.nentries = entries.n;
	s->wanted.members_given = true;
	return 0;
}

int setup_open(struct setup *s, const struct options *o, struct err *err)
{
	struct session_options *so = &s->session;

	memset(s, 0, sizeof(*s));
	/* A demo is the same for everybody: no default profile of the person. */
	if (o->demo && !o->profile)
		wanted_runbook(&s->profile.wanted);
	else if (profile_load(&s->profile, o->profile, err) < 0)
		return -1;
	if (o->baseline && profile_baseline(&s->profile, o->baseline, err) < 0)
		goto fail;
	s->wanted = s->profile.wanted;
	if (o->target && profile_target(o->target, &s->wanted.production, err) < 0)
		goto fail;
	if (o->beta)
		s->wanted.beta = TRI_YES;
	if (o->ready_percent)
		s->wanted.ready_percent = (int)o->ready_percent;
	if (o->group && group_name_check(o->group, err) < 0)
		goto fail;
	if (o->group)
		s->wanted.group_name = o->group;
	if (open_cloud(s, o, err) < 0 || open_members(s, o, err) < 0)
		goto fail;

	so->cloud = &s->cloud;
	so->demo = o->demo;
	so->demo_state = o->demo_state;
	so->demo_users = o->demo_users;
	so->portal_api = o->portal_api || s->profile.portal_api;
	so->remember = o->remember || s->profile.remember;
	so->read_only = so->asked_read_only = o->read_only || s->profile.read_only;
	so->state_dir = o->state_dir;
	so->controller = first_of(o->controller, s->profile.controller, NULL);
	if (so->controller && !endpoint_host_plain(so->controller)) {
		err_set(err, ERR_INVALID, 0, "\"%s\" is no name of a domain controller",
			so->controller);
		err_todo(err, "Write its name or address, as dc1.contoso.com.");
		goto fail;
	}
	so->log_file = o->log_file;
	if (o->demo) {
		if (!o->state_dir && demo_state_dir(s, o, err) < 0)
			goto fail;
		return 0;
	}
	so->tenant = first_of(o->tenant, s->profile.tenant, environment("AZURE_TENANT_ID"));
	so->client_id = first_of(o->client_id, s->profile.client_id,
				 environment("AZURE_CLIENT_ID"));
	so->auth = first_of(o->auth, s->profile.auth, NULL);
	so->certificate = s->profile.certificate;
	so->ca_file = o->ca_file;
	return 0;
fail:
	setup_close(s);
	return -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(path);
}

void setup_close(struct setup *s)
{
	if (s->temporary)
		nftw(s->temporary, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(s->temporary);
	cloud_release(&s->cloud);
	arena_clear(&s->arena);
	profile_release(&s->profile);
	memset(s, 0, sizeof(*s));
}
