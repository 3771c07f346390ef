#ifndef GRAPH_BASE_CLOCK_H
#define GRAPH_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The program's only clock. Wall times are milliseconds since 1970 UTC. Tests
 * and the headless demo make it virtual: then it stands still until
 * clock_advance(), which the loop calls instead of sleeping.
 * clock_set_virtual() sets the wall time only: intervals never go back.
 */
int64_t clock_now_ms(void);		/* wall time */
int64_t clock_mono_ms(void);		/* for intervals only */
void clock_set_virtual(int64_t wall_ms);
void clock_set_real(void);
bool clock_is_virtual(void);
void clock_advance(int64_t ms);

/* 2026-11-25T10:11:12Z, with any number of fractional digits, Z or +hh:mm.
 * 0 on success, -1 for anything else (*ret_ms untouched); NULL is allowed.
 * What is under a millisecond is cut; second 60 is the next minute's first. */
int time_parse(const char *iso, int64_t *ret_ms);
/* The same for "Wed, 25 Nov 2026 10:11:12 GMT", as headers have it (RFC 9110). */
int time_parse_http(const char *s, int64_t *ret_ms);
#define TIME_TEXT 32
/* "2026-11-25T10:11:12Z"; returns out. All formats clamp to years 0000-9999. */
const char *time_format(int64_t ms, char out[TIME_TEXT]);
/* "2026-11-25T10:11:12.1234567Z", as Graph writes times; returns out. */
const char *time_format_graph(int64_t ms, char out[TIME_TEXT]);
/* "25 Nov 2026"; returns out. */
const char *time_format_date(int64_t ms, char out[TIME_TEXT]);
/* A span in one unit, rounded down: "12 s", "3 min", "5 h", "4 days" (from 48
 * hours on); its sign is dropped. Returns out. */
const char *time_span(int64_t ms, char out[TIME_TEXT]);
/* Days from now until date (UTC days, negative when past). */
int time_days_until(int64_t now_ms, int64_t date_ms);

#endif
