#include "tui/options.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "checks/benchmark.h"
#include "checks/event_filter.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"
#include "tui/nearest.h"
#include "tui/options_table.h"

#define CANDIDATES_MAX 64

static int unknown_option(const char *arg, size_t name_len, struct err *err)
{
	const char *names[CANDIDATES_MAX], *meant;
	char typed[64];
	size_t n = 0;

	for (size_t i = 0; i < noption_defs && n < CANDIDATES_MAX; i++)
		names[n++] = option_defs[i].name;
	if (name_len >= sizeof(typed))
		name_len = sizeof(typed) - 1;
	memcpy(typed, arg + 2, name_len);
	typed[name_len] = '\0';
	err_set(err, ERR_INVALID, 0, "there is no option --%s", typed);
	meant = nearest(typed, names, n);
	if (meant)
		return err_todo(err, "Did you mean --%s?", meant);
	return err_todo(err, "sspr-wizard --help lists the options.");
}

static int unknown_command(const char *word, struct err *err)
{
	const char *names[CANDIDATES_MAX], *meant;
	size_t n = 0;

	err_set(err, ERR_INVALID, 0, "there is no command %s", word);
	for (size_t i = 0; i < noption_defs; i++) {
		const char *const *c = option_defs[i].choices;

		/* `--demo cloud-only`: its value needs the equals sign. */
		for (; option_defs[i].fallback && c && *c; c++)
			if (str_same(*c, word))
				return err_todo(err, "Did you mean --%s=%s?",
						option_defs[i].name, word);
	}
	for (size_t i = 0; i < ncommand_defs && n < CANDIDATES_MAX; i++)
		if (!command_defs[i].later)
			names[n++] = command_defs[i].name;
	meant = nearest(word, names, n);
	if (meant)
		return err_todo(err, "Did you mean %s?", meant);
	return err_todo(err, "sspr-wizard --help lists the commands.");
}

static bool listed(const char *const *list, const char *text)
{
	for (; list && *list; list++)
		if (str_same(*list, text))
			return true;
	return false;
}

static int check_choice(const struct option_def *d, const char *value, struct err *err)
{
	char list[160];
	const char *meant;
	size_t n = 0, len = 0;

	if (!d->choices || listed(d->choices, value))
		return 0;
	if (listed(d->later, value)) {
		err_set(err, ERR_INVALID, 0, "this version does not have --%s=%s", d->name,
			value);
		return err_todo(err, "It has --%s=%s.", d->name, d->choices[0]);
	}
	list[0] = '\0';
	for (; d->choices[n]; n++) {
		size_t room = sizeof(list) - len, k = strlen(d->choices[n]);

		if (k + 3 > room)
			continue;
		if (n) {
			memcpy(list + len, ", ", 2);
			len += 2;
		}
		memcpy(list + len, d->choices[n], k + 1);
		len += k;
	}
	err_set(err, ERR_INVALID, 0, "--%s is one of %s, not %s", d->name, list, value);
	meant = nearest(value, d->choices, n);
	return meant ? err_todo(err, "Did you mean --%s=%s?", d->name, meant) : -1;
}

static int store_count(const struct option_def *d, const char *value, size_t *slot,
		       struct err *err)
{
	unsigned long v, max = d->max ? d->max : OPTION_COUNT_MAX;
	char *end;

	if (*value < '0' || *value > '9')
		goto bad;
	v = strtoul(value, &end, 10);
	if (*end || v < 1 || v > max)
		goto bad;
	*slot = v;
	return 0;
bad:
	return err_set(err, ERR_INVALID, 0, "--%s needs a number from 1 to %lu, not %s", d->name,
		       max, value);
}

/* value is "" for what takes none. */
static int store(struct options *o, const struct option_def *d, const char *value,
		 struct err *err)
{
	char *slot = (char *)o + d->offset;

	switch (d->kind) {
	case OPTION_FLAG:
		*(bool *)slot = true;
		return 0;
	case OPTION_TEXT:
		if (!*value)
			return err_set(err, ERR_INVALID, 0, "--%s needs a %s that is not empty",
				       d->name, d->value);
		if (check_choice(d, value, err) < 0)
			return -1;
		*(const char **)slot = value;
		return 0;
	case OPTION_COUNT:
		return store_count(d, value, (size_t *)slot, err);
	case OPTION_COMMAND:
		/* --help wins over every mistake beside it. */
		if (o->command != COMMAND_HELP)
			o->command = d->command;
		return 0;
	}
	return 0;
}

static bool takes_value(const struct option_def *d)
{
	return d->kind == OPTION_TEXT || d->kind == OPTION_COUNT;
}

static bool is_called(const char *name, const char *typed, size_t len)
{
	return name && strlen(name) == len && !strncmp(name, typed, len);
}

/* argv[*i] is an option; *i moves on when its value is the next word. */
static int parse_option(struct options *o, const struct option_def **ret, int argc,
			char **argv, int *i, struct err *err)
{
	const struct option_def *d = NULL;
	const char *arg = argv[*i], *value = NULL;

	if (arg[1] == '-') {
		size_t n = strcspn(arg + 2, "=");

		for (size_t k = 0; k < noption_defs && !d; k++)
			if (is_called(option_defs[k].name, arg + 2, n) ||
			    is_called(option_defs[k].also, arg + 2, n))
				d = &option_defs[k];
		if (!d)
			return unknown_option(arg, n, err);
		if (arg[2 + n])
			value = arg + 2 + n + 1;
	} else {
		for (size_t k = 0; k < noption_defs && !d; k++)
			if (option_defs[k].letter && option_defs[k].letter == arg[1])
				d = &option_defs[k];
		if (!d || (!takes_value(d) && arg[2])) {
			err_set(err, ERR_INVALID, 0, "there is no option %s", arg);
			return err_todo(err, "sspr-wizard --help lists the options.");
		}
		if (arg[2])
			value = arg + 2;
	}
	*ret = d;
	if (!takes_value(d) && value)
		return err_set(err, ERR_INVALID, 0, "--%s takes no value", d->name);
	if (takes_value(d) && !value) {
		if (d->fallback)
			value = d->fallback;
		else if (*i + 1 < argc)
			value = argv[++*i];
		else
			return err_set(err, ERR_INVALID, 0, "--%s needs a %s", d->name, d->value);
	}
	return store(o, d, value ? value : "", err);
}

static const struct command_def *command_def(enum command c)
{
	for (size_t i = 0; i < ncommand_defs; i++)
		if (command_defs[i].command == c)
			return &command_defs[i];
	return NULL;
}

static const struct command_def *command_by_name(const char *word)
{
	for (size_t i = 0; i < ncommand_defs; i++)
		if (command_defs[i].name && str_same(command_defs[i].name, word))
			return &command_defs[i];
	return NULL;
}

/* What the words have to do with each other. */
bool options_of_readiness(const struct options *o)
{
	return o->command == COMMAND_MONITOR && o->nargs && str_same(o->args[0], "readiness");
}

/* Its options are of the pilot, those of the other views of the audit log. */
static int check_readiness(const struct options *o, struct err *err)
{
	bool readiness = options_of_readiness(o);
	const char *log = o->days ? "days" : o->since ? "since" : o->user ? "user" :
			  o->result ? "result" : o->kind ? "kind" : o->follow ? "follow" : NULL;
	const char *pilot = o->ready_percent ? "ready-percent" : o->invitations ? "invitations" :
			    o->command != COMMAND_MONITOR ? NULL : o->group ? "group" :
			    o->members ? "members" : o->portal_api ? "portal-api" : NULL;

	if (readiness && log)
		return err_set(err, ERR_INVALID, 0, "--%s is about events: it makes no sense with "
			       "monitor readiness", log);
	if (!readiness && pilot)
		return err_set(err, ERR_INVALID, 0, "--%s makes sense with monitor readiness alone",
			       pilot);
	if (o->invitations && o->format && !str_same(o->format, "text"))
		return err_set(err, ERR_INVALID, 0, "--invitations are text, not %s", o->format);
	return 0;
}

static int check_combination(const struct options *o, const char *name, struct err *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} real[] = {
		{ "tenant", offsetof(struct options, tenant) },
		{ "client-id", offsetof(struct options, client_id) },
		{ "cloud", offsetof(struct options, cloud) },
		{ "cloud-file", offsetof(struct options, cloud_file) },
		{ "auth", offsetof(struct options, auth) },
		{ "ca-file", offsetof(struct options, ca_file) },
	};
	int64_t since_ms;

	for (size_t i = 0; o->demo && i < COUNT_OF(real); i++)
		if (*(const char *const *)((const char *)o + real[i].offset))
			return err_set(err, ERR_INVALID, 0,
				       "--demo reaches no network, so --%s makes no sense with it",
				       real[i].name);
	if (o->from_facts && (o->demo || o->save_facts || o->follow))
		return err_set(err, ERR_INVALID, 0, "--from-facts asks no tenant, so %s makes no "
			       "sense with it", o->demo ? "--demo" : o->follow ? "--follow"
			       : "--save-facts");
	if (o->since && o->days)
		return err_set(err, ERR_INVALID, 0, "--since and --days exclude each other");
	if (o->since && since_parse(o->since, &since_ms) < 0)
		return err_set(err, ERR_INVALID, 0, "--since is a day as 2026-11-03 or a time as "
			       "2026-11-03T14:00:00Z, not %s", o->since);
	if (!o->demo && o->demo_state)
		return err_set(err, ERR_INVALID, 0, "--demo-state needs --demo");
	if (o->demo_users && !str_same(o->demo, "large"))
		return err_set(err, ERR_INVALID, 0, "--demo-users needs --demo=large");
	if (o->ssh && o->nargs)
		return err_set(err, ERR_INVALID, 0, "import takes FILE or --ssh, not both");
	if (o->cloud && o->cloud_file)
		return err_set(err, ERR_INVALID, 0, "--cloud and --cloud-file exclude each other");
	/* They want what the runbook does not: nothing is ever written for them. */
	if (o->baseline && benchmark_find(o->baseline) && o->command != COMMAND_CHECK &&
	    o->command != COMMAND_REPORT && o->command != COMMAND_WIZARD) {
		err_set(err, ERR_INVALID, 0, "the baseline %s only judges: %s follows the "
			"runbook or a file", o->baseline, name);
		return err_todo(err, "Use it with check or report.");
	}
	if (o->read_only && (o->command == COMMAND_APPLY || o->command == COMMAND_UNDO)) {
		err_set(err, ERR_INVALID, 0, "--read-only: %s is refused, nothing was written", name);
		return err_todo(err, "Use plan to see what would be changed.");
	}
	if (o->read_only && o->command == COMMAND_REGISTER && o->nargs)
		return err_set(err, ERR_INVALID, 0, "--read-only: register %s is refused, nothing "
			       "was written", o->args[0]);
	return check_readiness(o, err);
}

/* The first word, and the format, where the command allows only some. */
static int check_words(const struct options *o, const struct command_def *c,
		       const char *name, struct err *err)
{
	static const char *const usual[] = { "text", "json", NULL };
	const char *const *formats = c->formats ? c->formats : usual, *meant;
	size_t n = 0;

	if (o->format && !listed(formats, o->format)) {
		err_set(err, ERR_INVALID, 0, "%s has no format %s", name, o->format);
		return err_todo(err, "Its default is %s.", formats[0]);
	}
	if (!c->words || !o->nargs || listed(c->words, o->args[0]))
		return 0;
	while (c->words[n])
		n++;
	err_set(err, ERR_INVALID, 0, "%s knows %s, not %s", name, c->args, o->args[0]);
	meant = nearest(o->args[0], c->words, n);
	return meant ? err_todo(err, "Did you mean %s?", meant) : -1;
}

static int check_command(const struct options *o, const bool *used, struct err *err)
{
	const struct command_def *c = command_def(o->command);
	const char *name;

	if (!c)
		return 0;
	name = c->name ? c->name : "the wizard";
	if (c->later)
		return err_set(err, ERR_INVALID, 0, "this version does not have the command %s",
			       name);
	for (size_t i = 0; i < noption_defs; i++)
		if (used[i] && !(option_defs[i].commands & COMMAND_BIT(o->command)))
			return err_set(err, ERR_INVALID, 0, "--%s makes no sense with %s",
				       option_defs[i].name, name);
	if (o->nargs < c->min_args)
		return err_set(err, ERR_INVALID, 0, "%s needs %s", name, c->args);
	if (o->nargs > c->max_args)
		return err_set(err, ERR_INVALID, 0, "%s takes no %s: %s", name,
			       c->max_args ? "more words" : "further word",
			       o->args[c->max_args]);
	if (check_words(o, c, name, err) < 0)
		return -1;
	return check_combination(o, name, err);
}

/* Every word passes the text gate here, so that it can be shown later. */
static int check_text(int argc, char **argv, struct err *err)
{
	for (int i = 1; i < argc; i++)
		if (!utf8_is_clean(argv[i], strlen(argv[i]), 0))
			return err_set(err, ERR_INVALID, 0,
				       "word %d of the command line holds control characters or "
				       "is not UTF-8", i);
	return 0;
}

int options_parse(struct options *o, int argc, char **argv, struct err *err)
{
	bool used[CANDIDATES_MAX] = { false }, only_words = false;
	const char *no_color = getenv("NO_COLOR");
	int words = 0;

	memset(o, 0, sizeof(*o));
	o->command = COMMAND_WIZARD;
	o->no_color = no_color && *no_color;
	if (check_text(argc, argv, err) < 0)
		return -1;
	/* Words move to the front of argv: o->args is a part of it. */
	for (int i = 1; i < argc; i++) {
		const struct option_def *d = NULL;

		if (!only_words && !strcmp(argv[i], "--")) {
			only_words = true;
		} else if (only_words || argv[i][0] != '-' || !argv[i][1]) {
			argv[1 + words++] = argv[i];
		} else if (parse_option(o, &d, argc, argv, &i, err) < 0) {
			/* A mistake before it must not hide --help. */
			if (o->command == COMMAND_HELP)
				return 0;
			return -1;
		} else {
			used[d - option_defs] = true;
		}
	}
	if (o->command == COMMAND_HELP || o->command == COMMAND_VERSION)
		return 0;
	if (words) {
		const struct command_def *c = command_by_name(argv[1]);

		if (!c)
			return unknown_command(argv[1], err);
		o->command = c->command;
		o->args = (const char *const *)(argv + 2);
		o->nargs = (size_t)words - 1;
	}
	return check_command(o, used, err);
}

#define HELP_COLUMN 28
#define HELP_WIDTH 80

static void usage_row(struct str *out, const char *left, const char *help)
{
	size_t next, n;

	str_addf(out, "  %-*s", HELP_COLUMN - 2, left);
	if (strlen(left) + 3 > HELP_COLUMN)
		str_addf(out, "\n%*s", HELP_COLUMN, "");
	while (*help) {
		n = utf8_wrap(help, HELP_WIDTH - HELP_COLUMN, &next);
		str_addf(out, "%.*s\n", (int)n, help);
		help += next;
		if (*help)
			str_addf(out, "%*s", HELP_COLUMN, "");
	}
}

static void usage_option(struct str *out, const struct option_def *d)
{
	CLEANUP(str_release) struct str left = { 0 }, help = { 0 };

	if (d->letter)
		str_addf(&left, "-%c, ", d->letter);
	str_addf(&left, "--%s", d->name);
	if (d->value && d->fallback)
		str_addf(&left, "[=%s]", d->value);
	else if (d->value)
		str_addf(&left, " %s", d->value);
	str_add(&help, d->help);
	for (size_t i = 0; d->choices && d->choices[i]; i++)
		str_addf(&help, "%s%s", i ? ", " : ": ", d->choices[i]);
	usage_row(out, str_text(&left), str_text(&help));
}

void options_usage(struct str *out)
{
	str_add(out, "usage: sspr-wizard [OPTION...] [COMMAND [WORD...]]\n\n"
		     "Rolls out self-service password reset in a Microsoft Entra tenant.\n\n"
		     "Commands:\n");
	for (size_t i = 0; i < ncommand_defs; i++) {
		const struct command_def *c = &command_defs[i];
		CLEANUP(str_release) struct str left = { 0 };

		if (c->later)
			continue;
		str_add(&left, c->name ? c->name : "(none)");
		if (*c->args)
			str_addf(&left, " %s", c->args);
		usage_row(out, str_text(&left), c->help);
	}
	str_add(out, "\nOptions:\n");
	for (size_t i = 0; i < noption_defs; i++)
		usage_option(out, &option_defs[i]);
	str_add(out, "\nExit status: 0 well, 1 attention, 2 bad, 3 could not tell or run, 64 usage.\n"
		     "Try: sspr-wizard --demo\n");
}
