#include "steps/profile.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "checks/benchmark.h"
#include "graph/base/base64.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"
#include "steps/server_run.h"

#define FILE_MAX (1u << 20)
/* What inih reads as one line, without its end (INI_MAX_LINE, built into it). */
#define LINE_MAX_BYTES 198
#define LOGO_MAX (256u << 10)

enum kind { KIND_TEXT, KIND_YES, KIND_TRI, KIND_NUMBER, KIND_TARGET };

/* Every key; sspr-wizard.conf(5) documents them in this order. */
static const struct key {
	const char *section, *name;
	enum kind kind;
	size_t offset;		/* in struct profile */
	int least, most;	/* of a number */
} keys[] = {
#define PLACE(member) offsetof(struct profile, member)
	{ "tenant", "tenant", KIND_TEXT, PLACE(tenant), 0, 0 },
	{ "tenant", "client-id", KIND_TEXT, PLACE(client_id), 0, 0 },
	{ "tenant", "cloud", KIND_TEXT, PLACE(cloud), 0, 0 },
	{ "tenant", "auth", KIND_TEXT, PLACE(auth), 0, 0 },
	{ "tenant", "certificate", KIND_TEXT, PLACE(certificate), 0, 0 },
	{ "tenant", "dc", KIND_TEXT, PLACE(controller), 0, 0 },
	{ "wanted", "baseline", KIND_TEXT, PLACE(baseline), 0, 0 },
	{ "wanted", "group", KIND_TEXT, PLACE(group), 0, 0 },
	{ "wanted", "members", KIND_TEXT, PLACE(members_file), 0, 0 },
	{ "wanted", "target", KIND_TARGET, PLACE(wanted.production), 0, 0 },
	{ "wanted", "methods-required", KIND_NUMBER, PLACE(wanted.methods_required), 1, 2 },
	{ "wanted", "authenticator", KIND_YES, PLACE(wanted.method[METHOD_AUTHENTICATOR]), 0, 0 },
	{ "wanted", "sms", KIND_YES, PLACE(wanted.method[METHOD_SMS]), 0, 0 },
	{ "wanted", "email", KIND_YES, PLACE(wanted.method[METHOD_EMAIL]), 0, 0 },
	{ "wanted", "writeback", KIND_YES, PLACE(wanted.writeback), 0, 0 },
	{ "wanted", "admins", KIND_YES, PLACE(wanted.admins_may_reset), 0, 0 },
	{ "wanted", "notify-users", KIND_YES, PLACE(wanted.notify_users), 0, 0 },
	{ "wanted", "notify-admins", KIND_YES, PLACE(wanted.notify_admins), 0, 0 },
	{ "wanted", "registration-required", KIND_TRI, PLACE(wanted.registration_required), 0, 0 },
	{ "wanted", "reconfirm-days", KIND_NUMBER, PLACE(wanted.reconfirm_days), 0,
	  RECONFIRM_DAYS_MAX },
	{ "wanted", "unlock", KIND_TRI, PLACE(wanted.unlock), 0, 0 },
	{ "wanted", "help-desk", KIND_TEXT, PLACE(wanted.helpdesk), 0, 0 },
	{ "limits", "sync-warn-hours", KIND_NUMBER, PLACE(wanted.sync_warn_hours), 1, 8760 },
	{ "limits", "sync-fail-hours", KIND_NUMBER, PLACE(wanted.sync_fail_hours), 1, 8760 },
	{ "limits", "registered-percent", KIND_NUMBER, PLACE(wanted.registered_percent), 0, 100 },
	{ "limits", "ready-percent", KIND_NUMBER, PLACE(wanted.ready_percent), 0, 100 },
	{ "server", "ssh", KIND_TEXT, PLACE(server_ssh), 0, 0 },
	{ "server", "seconds", KIND_NUMBER, PLACE(server_seconds), SERVER_RUN_SECONDS_LEAST,
	  SERVER_RUN_SECONDS_MOST },
	{ "safety", "read-only", KIND_YES, PLACE(read_only), 0, 0 },
	{ "safety", "portal-api", KIND_YES, PLACE(portal_api), 0, 0 },
	{ "safety", "remember", KIND_YES, PLACE(remember), 0, 0 },
	{ "safety", "beta", KIND_TRI, PLACE(beta), 0, 0 },
	{ "report", "title", KIND_TEXT, PLACE(title), 0, 0 },
	{ "report", "logo", KIND_TEXT, PLACE(logo_file), 0, 0 },
#undef PLACE
};

/* One reading of a file; err is that of the first bad line. */
struct reading {
	struct profile *p;
	bool baseline_file;	/* only [wanted] and [limits], and no baseline in it */
	struct err err;
};

static int set_yes(struct reading *r, bool *to, const char *name, const char *value)
{
	static const char *const yes[] = { "yes", "on", "true", "1" };
	static const char *const no[] = { "no", "off", "false", "0" };

	for (size_t i = 0; i < COUNT_OF(yes); i++) {
		if (!str_same_nocase(value, yes[i]) && !str_same_nocase(value, no[i]))
			continue;
		*to = str_same_nocase(value, yes[i]);
		return 0;
	}
	return err_set(&r->err, ERR_INVALID, 0, "%s is yes or no, not \"%s\"", name, value);
}

static int set_number(struct reading *r, const struct key *k, int *to, const char *value)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (errno || end == value || *end || n < k->least || n > k->most)
		return err_set(&r->err, ERR_INVALID, 0, "%s is a number from %d to %d, not \"%s\"",
			       k->name, k->least, k->most, value);
	*to = (int)n;
	return 0;
}

int profile_target(const char *value, bool *ret_production, struct err *err)
{
	if (!str_same_nocase(value, "pilot") && !str_same_nocase(value, "production"))
		return err_set(err, ERR_INVALID, 0, "the target is pilot or production, not \"%s\"",
			       value);
	*ret_production = str_same_nocase(value, "production");
	return 0;
}

static int set_key(struct reading *r, const struct key *k, const char *value)
{
	char *place = (char *)r->p + k->offset;
	bool yes = false;
	CLEANUP(str_release) struct str clean = { 0 };

	switch (k->kind) {
	case KIND_YES:
		return set_yes(r, (bool *)place, k->name, value);
	case KIND_TRI:
		if (set_yes(r, &yes, k->name, value) < 0)
			return -1;
		*(enum tri *)(void *)place = yes ? TRI_YES : TRI_NO;
		return 0;
	case KIND_NUMBER:
		return set_number(r, k, (int *)(void *)place, value);
	case KIND_TARGET:
		return profile_target(value, (bool *)place, &r->err);
	case KIND_TEXT:
		break;
	}
	utf8_clean(&clean, value, strlen(value), 0);
	if (!clean.len)
		return err_set(&r->err, ERR_INVALID, 0, "%s has no value", k->name);
	if (k->offset == offsetof(struct profile, wanted.helpdesk) &&
	    !helpdesk_is_fit(str_text(&clean)))
		return err_set(&r->err, ERR_INVALID, 0, "%s is a mail address, an https address, "
			       "or none, not \"%s\"", k->name, str_text(&clean));
	if (k->offset == offsetof(struct profile, group) &&
	    group_name_check(str_text(&clean), &r->err) < 0)
		return -1;
	*(const char **)(void *)place = arena_strdup(&r->p->arena, str_text(&clean));
	return 0;
}

static bool allowed(const struct reading *r, const struct key *k)
{
	if (!r->baseline_file)
		return true;
	return (str_same(k->section, "wanted") &&
		(k->kind != KIND_TEXT || str_same(k->name, "help-desk"))) ||
	       str_same(k->section, "limits");
}

/* A later line for the same finding wins, as with every other key. */
static int take_acceptance(struct reading *r, const char *id, const char *value)
{
	struct profile *p = r->p;
	CLEANUP(str_release) struct str clean = { 0 };
	struct acceptance one = { .id = arena_strdup(&p->arena, id) };

	utf8_clean(&clean, value, strlen(value), 0);
	if (acceptance_parse(arena_strdup(&p->arena, str_text(&clean)), &one, &r->err) < 0)
		return err_wrap(&r->err, "%s", id);
	for (size_t i = 0; i < p->naccepted; i++) {
		if (str_same(p->accepted[i].id, id)) {
			p->accepted[i] = one;
			return 0;
		}
	}
	ARENA_GROW(&p->arena, p->accepted, p->naccepted, p->accepted_cap);
	p->accepted[p->naccepted++] = one;
	return 0;
}

/* For inih: 1 when the line is good. */
static int take_line(void *ctx, const char *section, const char *name, const char *value)
{
	struct reading *r = ctx;

	if (r->err.kind != ERR_NONE)
		return 0;
	if (!r->baseline_file && str_same_nocase(section, "accepted"))
		return take_acceptance(r, name, value) == 0;
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (str_same_nocase(keys[i].section, section) &&
		    str_same_nocase(keys[i].name, name) && allowed(r, &keys[i]))
			return set_key(r, &keys[i], value) == 0;
	err_set(&r->err, ERR_INVALID, 0, "there is no key \"%s\" in [%s]", name, section);
	err_todo(&r->err, "sspr-wizard.conf(5) lists the keys.");
	return 0;
}

/* The text as inih reads it right: it cuts a longer line in two and takes the rest
 * for a line of its own, and a line that is set in for more of the value above. */
static int fit_lines(struct str *out, const char *path, const char *text, struct err *err)
{
	int number = 1;

	for (size_t n; *text; text += n, number++) {
		n = strcspn(text, "\n");
		if (n > LINE_MAX_BYTES) {
			err_set(err, ERR_INVALID, 0, "%s:%d: the line has %zu bytes", path, number,
				n);
			return err_todo(err, "A line can have %d at most.", LINE_MAX_BYTES);
		}
		n += text[n] == '\n';
		str_add_bytes(out, text + strspn(text, " \t"), n - strspn(text, " \t"));
	}
	return 0;
}

static int read_ini(struct reading *r, const char *path, const char *text, struct err *err)
{
	CLEANUP(str_release) struct str fit = { 0 };
	int line;

	if (fit_lines(&fit, path, text, err) < 0)
		return -1;
	line = ini_parse_string(str_text(&fit), take_line, r);
	if (!line)
		return 0;
	if (r->err.kind == ERR_NONE)
		err_set(&r->err, ERR_PARSE, 0, "neither [section] nor key = value");
	*err = r->err;
	return line > 0 ? err_wrap(err, "%s:%d", path, line) : err_wrap(err, "%s", path);
}

static int read_baseline(struct profile *p, const char *name_or_file, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct reading r = { .p = p, .baseline_file = true };

	const struct benchmark *benchmark = benchmark_find(name_or_file);

	p->wanted.benchmark = benchmark ? benchmark->name : NULL;
	if (!benchmark && !str_same(name_or_file, "runbook")) {
		if (file_read(name_or_file, FILE_MAX, &text, err) < 0) {
			err_wrap(err, "the baseline");
			return err_todo(err, "There is: runbook, cis-m365-7, cis-m365-7-l2, "
					     "scuba, asd, eidsca, zta, secure-score, or a file "
					     "with the sections [wanted] and [limits].");
		}
		if (read_ini(&r, name_or_file, str_text(&text), err) < 0)
			return -1;
	}
	p->baseline = arena_strdup(&p->arena, name_or_file);
	p->wanted.baseline = benchmark ? "runbook" : p->baseline;
	return 0;
}

/* The runbook's values first, then those of a baseline file. A benchmark only
 * judges, and leaves what the profile wants. */
int profile_baseline(struct profile *p, const char *name_or_file, struct err *err)
{
	const char *group = p->wanted.group_name;

	if (benchmark_find(name_or_file))
		return read_baseline(p, name_or_file, err);
	wanted_runbook(&p->wanted);
	p->wanted.group_name = group;
	p->wanted.accepted = p->accepted;
	p->wanted.naccepted = p->naccepted;
	p->wanted.beta = p->beta;
	return read_baseline(p, name_or_file, err);
}

static int read_profile(struct profile *p, const char *path, const char *text, struct err *err)
{
	struct reading r = { .p = p };

	if (read_ini(&r, path, text, err) < 0)
		return -1;
	/* The baseline stands below the profile's own values: once more. */
	if (p->baseline) {
		wanted_runbook(&p->wanted);
		if (read_baseline(p, p->baseline, err) < 0)
			return -1;
		if (read_ini(&r, path, text, err) < 0)
			return -1;
		p->wanted.baseline = p->wanted.benchmark ? "runbook" : p->baseline;
	}
	if (p->group)
		p->wanted.group_name = p->group;
	p->wanted.accepted = p->accepted;
	p->wanted.naccepted = p->naccepted;
	p->wanted.beta = p->beta;
	if (p->wanted.sync_fail_hours < p->wanted.sync_warn_hours)
		return err_set(err, ERR_INVALID, 0, "%s: sync-fail-hours is less than "
			       "sync-warn-hours", path);
	return 0;
}

/* The picture by its first bytes; one that scripts could live in is refused. */
static const char *picture_type(const struct str *bytes)
{
	const char *b = str_text(bytes);

	if (bytes->len > 8 && !memcmp(b, "\x89PNG\r\n\x1a\n", 8))
		return "image/png";
	if (bytes->len > 3 && !memcmp(b, "\xff\xd8\xff", 3))
		return "image/jpeg";
	return NULL;
}

static int read_logo(struct profile *p, struct err *err)
{
	CLEANUP(str_release) struct str bytes = { 0 }, text = { 0 };
	const char *type;

	if (!p->logo_file)
		return 0;
	if (file_read(p->logo_file, LOGO_MAX, &bytes, err) < 0)
		return err_wrap(err, "the logo");
	type = picture_type(&bytes);
	if (!type)
		return err_set(err, ERR_INVALID, 0, "the logo %s is neither PNG nor JPEG",
			       p->logo_file);
	str_addf(&text, "data:%s;base64,", type);
	base64_encode(&text, str_text(&bytes), bytes.len);
	p->logo = arena_strdup(&p->arena, str_text(&text));
	return 0;
}

static bool name_is_plain(const char *name)
{
	if (*name == '.')
		return false;
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
			return false;
	return *name != '\0';
}

int profile_load(struct profile *p, const char *name, struct err *err)
{
	CLEANUP(str_release) struct str path = { 0 }, text = { 0 };
	int rc;

	memset(p, 0, sizeof(*p));
	wanted_runbook(&p->wanted);
	p->name = arena_strdup(&p->arena, name ? name : "default");
	if (!name_is_plain(p->name)) {
		rc = err_set(err, ERR_INVALID, 0, "\"%s\" is no name of a profile", p->name);
		goto fail;
	}
	/* Without a home there is no profile, which only matters if one is named. */
	rc = file_config_dir(&path, err);
	if (rc == 0) {
		str_addf(&path, "/%s.conf", p->name);
		rc = file_read(str_text(&path), FILE_MAX, &text, err);
	}
	if (rc < 0 && !name && (err->code == ENOENT || !path.len)) {
		memset(err, 0, sizeof(*err));
		return 0;
	}
	if (rc == 0)
		rc = read_profile(p, str_text(&path), str_text(&text), err);
	if (rc == 0)
		rc = read_logo(p, err);
	if (rc == 0)
		return 0;
fail:
	profile_release(p);
	return rc;
}

void profile_release(struct profile *p)
{
	arena_clear(&p->arena);
	memset(p, 0, sizeof(*p));
}
