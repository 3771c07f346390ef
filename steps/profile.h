#ifndef STEPS_PROFILE_H
#define STEPS_PROFILE_H

#include "checks/acceptance.h"
#include "checks/wanted.h"
#include "graph/base/arena.h"
#include "graph/base/err.h"
#include "graph/base/str.h"

/*
 * struct profile - saved settings for one tenant, from
 * <config dir>/<name>.conf (INI, read with inih; people edit it).
 * sspr-wizard.conf(5) documents every key. Text belongs to the arena.
 */
struct profile {
	struct arena arena;
	const char *name;
	const char *tenant, *client_id, *cloud, *auth;	/* NULL = not set */
	const char *certificate;	/* its file */
	const char *controller;		/* domain controller to probe */
	const char *baseline, *group, *members_file;
	const char *title, *logo_file;	/* of reports */
	const char *logo;		/* that picture as a data: address, or NULL */
	const char *server_ssh;		/* where the Connect server is for ssh, or NULL */
	int server_seconds;		/* how long it may take; 0 = as usual */
	bool read_only, portal_api, remember;
	enum tri beta;			/* as struct wanted has it */
	struct acceptance *accepted;	/* section [accepted] */
	size_t naccepted, accepted_cap;
	struct wanted wanted;		/* runbook values with the file's on top */
};

/* A missing file is an error only when name was given (not NULL). */
int profile_load(struct profile *p, const char *name, struct err *err);
/* The file of a profile, NULL = the default one; appended to out. */
int profile_path(const char *name, struct str *out, struct err *err);
/* Writes tenant and client-id into the profile, and leaves every other line as people
 * wrote it; the file is made if there is none. */
int profile_save_sign_in(const char *name, const char *tenant, const char *client_id,
			 struct err *err);
void profile_release(struct profile *p);

/* A profile as a list shows it; texts are the arena's. */
struct profile_entry {
	const char *name;
	const char *tenant;	/* NULL = it names none */
	const char *problem;	/* why it cannot be read; NULL = it can */
};
#define PROFILES_MAX 100
/* Those in the folder of profiles, by name; none when there is no folder. */
size_t profile_list(struct profile_entry **ret, struct arena *arena);
/* The one of that name, which is borrowed. */
void profile_look(const char *name, struct profile_entry *ret, struct arena *arena);
/* "pilot" or "production"; fails with ERR_INVALID. */
int profile_target(const char *value, bool *ret_production, struct err *err);
/* Applies a baseline: "runbook", a file of the same INI form, or a benchmark,
 * which is judged beside the values that are wanted (checks/benchmark.h). */
int profile_baseline(struct profile *p, const char *name_or_file, struct err *err);

#endif
