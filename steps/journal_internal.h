#ifndef STEPS_JOURNAL_INTERNAL_H
#define STEPS_JOURNAL_INTERNAL_H

#include "graph/base/arena.h"
#include "graph/base/str.h"
#include "steps/journal.h"

/* Inside the journal. Every line is kept as parsed, and the records point into
 * those documents. */
struct journal {
	int fd, lock_fd;		/* -1: none */
	bool read_only;
	char *path;
	size_t bytes;			/* of the file, up to the last whole line */
	uint64_t next_sequence;

	struct json **lines;
	size_t nlines, lines_cap;
	struct run *runs;
	size_t nruns, runs_cap;
	struct record *records;
	size_t nrecords, records_cap;
	struct attestation *words;	/* newest of each setting */
	size_t nwords, words_cap;
	struct arena arena;
};

/* Takes in a line: keeps it and folds it into runs, records and words
 * (journal_read.c). */
void journal_take(struct journal *j, struct json *line);
/* Reads all lines of a text; a torn or foreign line is left out. */
void journal_take_text(struct journal *j, const char *text, size_t len);
/* Counts the runs' changes anew. */
void journal_count(struct journal *j);
enum outcome outcome_by_name(const char *name);
struct record *journal_find(struct journal *j, uint64_t sequence);

#endif
