#include "graph/retry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"

#define BACKOFF_BASE_MS 3000
#define BACKOFF_MAX_MS 60000
#define RETRY_AFTER_MAX_S 1e6

/* "Wed, 25 Nov 2026 10:00:05 GMT" to wall milliseconds. */
static int parse_http_date(const char *s, int64_t *ret_ms)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	char month[4], iso[40];
	unsigned day, year, h, m, sec;
	const char *comma = strchr(s, ',');

	if (!comma || sscanf(comma + 1, " %2u %3s %4u %2u:%2u:%2u GMT", &day, month, &year,
			     &h, &m, &sec) != 6)
		return -1;
	for (unsigned i = 0; i < COUNT_OF(months); i++) {
		if (strcmp(months[i], month) != 0)
			continue;
		snprintf(iso, sizeof(iso), "%04u-%02u-%02uT%02u:%02u:%02uZ", year, i + 1, day,
			 h, m, sec);
		return time_parse(iso, ret_ms);
	}
	return -1;
}

int64_t retry_after_ms(const char *value, int64_t now_ms)
{
	int64_t at;
	double seconds;
	char *end;

	if (!value)
		return -1;
	while (*value == ' ')
		value++;
	if (isdigit((unsigned char)*value) || *value == '.') {
		seconds = strtod(value, &end);
		while (*end == ' ')
			end++;
		if (*end || !(seconds <= RETRY_AFTER_MAX_S))
			return -1;
		return ((int64_t)seconds + (seconds > (double)(int64_t)seconds)) * 1000;
	}
	if (parse_http_date(value, &at) < 0)
		return -1;
	return at > now_ms ? at - now_ms : 0;
}

int64_t retry_backoff_ms(unsigned n, uint32_t random)
{
	int64_t wait = BACKOFF_BASE_MS;

	while (n-- > 1 && wait < BACKOFF_MAX_MS)
		wait *= 2;
	if (wait > BACKOFF_MAX_MS)
		wait = BACKOFF_MAX_MS;
	return wait + random % 1000;
}

bool retry_status(int status, bool write, bool has_retry_after)
{
	switch (status) {
	case 429:
		return true;
	case 503:
		return !write || has_retry_after;
	case 500:
	case 502:
	case 504:
		return !write;
	default:
		return false;
	}
}
