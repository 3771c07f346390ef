#ifndef GRAPH_BASE_JSON_SCAN_H
#define GRAPH_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "graph/base/err.h"

/*
 * The strict reader in front of cJSON, for json.c only. cJSON 1.7.15 takes
 * trailing bytes, raw control characters and numbers like "01", cuts a string
 * at \u0000 and names no place (facts style c-style.md 6); this one checks the
 * grammar of RFC 8259, the depth, and says line and column.
 *
 * *ret_mend tells whether the text holds \u0000 or half of a surrogate pair,
 * which json_scan_mend() turns into \ufffd in place, byte for byte.
 */
int json_scan(const char *text, size_t len, bool *ret_mend, struct err *err);

/* Only for a text that json_scan() accepted. */
void json_scan_mend(char *text, size_t len);

#endif
