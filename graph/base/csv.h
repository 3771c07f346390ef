#ifndef GRAPH_BASE_CSV_H
#define GRAPH_BASE_CSV_H

#include "graph/base/str.h"

/*
 * One cell of text, in quotes (RFC 4180), with a comma before it unless it is
 * the first of its line. Text that a spreadsheet would take for a formula gets
 * a quote sign in front (facts sign-in-and-transport.md 9.5); newlines become
 * spaces, so that a record is a line. NULL is an empty cell.
 */
void csv_text(struct str *out, const char *text);
/* A cell with a number; not guarded, since minus is no formula there. */
void csv_number(struct str *out, double v);
/* Ends the record. A line feed alone, as programs here read it. */
void csv_end(struct str *out);

#endif
