#ifndef GRAPH_BASE_UTF8_TABLE_H
#define GRAPH_BASE_UTF8_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* Sorted ranges of code points, both ends included; for utf8.c only. */
struct utf8_range {
	uint32_t first, last;
};

extern const struct utf8_range utf8_zero[], utf8_wide[], utf8_refused[];
extern const size_t utf8_zero_count, utf8_wide_count, utf8_refused_count;

#endif
