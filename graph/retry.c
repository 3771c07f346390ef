#include "graph/retry.h"

#include <stdio.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"

#define BACKOFF_BASE_MS 3000
#define BACKOFF_MAX_MS 60000
#define RETRY_AFTER_MAX_S INT64_C(1000000000)

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

/* "2.128" to whole seconds, rounded up. By hand: strtod() expects a comma
 * where the locale writes one, and reads hexadecimal. */
static int parse_seconds(const char *s, int64_t *ret)
{
	int64_t whole = 0;
	bool fraction = false, digits = false;

	for (; *s >= '0' && *s <= '9'; s++) {
		digits = true;
		if (whole < RETRY_AFTER_MAX_S)
			whole = whole * 10 + (*s - '0');
	}
	if (*s == '.') {
		for (s++; *s >= '0' && *s <= '9'; s++) {
			digits = true;
			fraction |= *s != '0';
		}
	}
	s += strspn(s, " \t");
	if (*s || !digits)
		return -1;
	whole += fraction;
	*ret = whole < RETRY_AFTER_MAX_S ? whole : RETRY_AFTER_MAX_S;
	return 0;
}

int64_t retry_after_ms(const char *value, int64_t now_ms)
{
	int64_t at, seconds;

	if (!value)
		return -1;
	value += strspn(value, " \t");
	if (parse_seconds(value, &seconds) == 0)
		return seconds * 1000;
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
