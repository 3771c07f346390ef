#ifndef TUI_OPTIONS_TABLE_H
#define TUI_OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/options.h"

/*
 * The command line as two tables. Parsing, --help and the test that holds the
 * manual against them all read these, so that they cannot drift apart.
 */
enum option_kind {
	OPTION_FLAG,		/* bool */
	OPTION_TEXT,		/* const char * */
	OPTION_COUNT,		/* size_t, from 1 to OPTION_COUNT_MAX */
	OPTION_COMMAND,		/* stands for a command: --help, --version */
};
#define OPTION_COUNT_MAX 10000000u

struct option_def {
	const char *name;		/* without the dashes */
	const char *also;		/* an older name that still works, or NULL */
	char letter;			/* 'o' for -o, 0 = none */
	enum option_kind kind;
	const char *value;		/* "FILE", as help shows it; NULL for none */
	const char *fallback;		/* value may be left out: then this one */
	const char *const *choices;	/* NULL-terminated; NULL = any text */
	const char *const *later;	/* choices that this version does not have */
	unsigned long max;		/* of a COUNT; 0 = OPTION_COUNT_MAX */
	size_t offset;			/* in struct options */
	unsigned commands;		/* COMMAND_BIT()s it makes sense with */
	enum command command;		/* for OPTION_COMMAND */
	const char *help;
};
#define COMMAND_BIT(c) (1u << (c))

struct command_def {
	const char *name;		/* NULL: the command of no word */
	enum command command;
	const char *args;		/* "[STEP...]", as help shows it; "" */
	size_t min_args, max_args;
	bool later;			/* its name is kept for a later version */
	const char *const *words;	/* that the first argument may be; NULL = any */
	const char *const *formats;	/* NULL: text and json */
	const char *help;
};

extern const struct option_def option_defs[];
extern const size_t noption_defs;
extern const struct command_def command_defs[];
extern const size_t ncommand_defs;

#endif
