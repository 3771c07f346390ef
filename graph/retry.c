#include "graph/retry.h"

#include <string.h>

#include "graph/base/clock.h"

#define BACKOFF_BASE_MS 3000
#define BACKOFF_MAX_MS 60000
#define RETRY_AFTER_MAX_S INT64_C(1000000000)

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
	if (time_parse_http(value, &at) < 0)
		return -1;
	return at > now_ms ? at - now_ms : 0;
}

int64_t retry_asked_ms(const struct headers *h, int64_t now_ms)
{
	time_parse_http(headers_get(h, "Date"), &now_ms);
	return retry_after_ms(headers_get(h, "Retry-After"), now_ms);
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
