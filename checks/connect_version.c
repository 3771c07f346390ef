#include "checks/connect_version.h"

#include <ctype.h>
#include <stdlib.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"

#define PARTS 4
#define PART_MAX 1000000
#define ENDING_DAYS 60
#define RECALLED "2.6.79.0"
#define FLOOR_DAY "2026-10-01T00:00:00Z"	/* it held after 30 Sep 2026 */

/* Ends of support: twelve months after the successor came. */
static const struct {
	const char *version, *ends;	/* NULL = no end is known */
} versions[] = {
	{ "2.5.3.0", "2026-07-31T00:00:00Z" },
	{ "2.5.76.0", "2026-09-01T00:00:00Z" },
	{ "2.5.79.0", "2026-10-23T00:00:00Z" },
	{ "2.5.190.0", "2027-02-02T00:00:00Z" },
	{ "2.6.1.0", "2027-03-10T00:00:00Z" },
	{ "2.6.3.0", "2027-07-07T00:00:00Z" },
	{ "2.6.84.0", NULL },
};

static bool read_version(const char *text, long part[PARTS])
{
	size_t n = 0;

	for (size_t i = 0; i < PARTS; i++)
		part[i] = 0;
	while (text && isdigit((unsigned char)*text) && n < PARTS) {
		char *end;

		part[n] = strtol(text, &end, 10);
		if (part[n++] > PART_MAX)
			return false;
		text = *end == '.' ? end + 1 : end;
		if (!*end)
			return n >= 2;
	}
	return false;
}

int version_compare(const char *a, const char *b, bool *ret_ok)
{
	long x[PARTS], y[PARTS];

	*ret_ok = read_version(a, x) && read_version(b, y);
	if (!*ret_ok)
		return 0;
	for (size_t i = 0; i < PARTS; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

static int64_t moment(const char *iso)
{
	int64_t ms = 0;

	(void)!time_parse(iso, &ms);
	return ms;
}

static void judge_listed(const char *version, const char *ends, int64_t now_ms,
			 struct version_answer *ret, struct arena *arena)
{
	int64_t end_ms = ends ? moment(ends) : 0;
	char date[TIME_TEXT];
	int days;

	if (!ends) {
		ret->state = VERSION_SUPPORTED;
		ret->text = arena_printf(arena, "Version %s is the newest known (as of %s).",
					 version, CONNECT_AS_OF);
		return;
	}
	days = time_days_until(now_ms, end_ms);
	ret->state = days < 0 ? VERSION_UNSUPPORTED
			      : days <= ENDING_DAYS ? VERSION_ENDING : VERSION_SUPPORTED;
	ret->text = arena_printf(arena, "Support of version %s %s on %s (as of %s).", version,
				 days < 0 ? "ended" : "ends", time_format_date(end_ms, date),
				 CONNECT_AS_OF);
}

void connect_version_judge(const char *version, int64_t now_ms, struct version_answer *ret,
			   struct arena *arena)
{
	bool ok;

	*ret = (struct version_answer){
		.state = VERSION_UNREADABLE,
		.table_old = now_ms - CONNECT_AS_OF_MS > CONNECT_TABLE_LIFE_MS,
	};
	if (version_compare(version, CONNECT_FLOOR, &ok) < 0 && now_ms >= moment(FLOOR_DAY)) {
		ret->state = VERSION_TOO_OLD;
		ret->text = arena_printf(arena, "Version %s no longer synchronises since 30 Sep "
					 "2026; the oldest that does is %s.", version,
					 CONNECT_FLOOR);
		return;
	}
	if (!ok) {
		ret->text = "The version does not read.";
		return;
	}
	if (version_compare(version, RECALLED, &ok) == 0) {
		ret->state = VERSION_RECALLED;
		ret->text = "Version " RECALLED " was withdrawn by Microsoft; 2.6.84.0 takes its "
			    "place.";
		return;
	}
	for (size_t i = 0; i < COUNT_OF(versions); i++) {
		if (version_compare(version, versions[i].version, &ok) == 0) {
			judge_listed(version, versions[i].ends, now_ms, ret, arena);
			return;
		}
	}
	ok = version_compare(version, versions[COUNT_OF(versions) - 1].version, &ok) > 0;
	ret->state = ok ? VERSION_NEWER : VERSION_SUPPORTED;
	ret->text = arena_printf(arena, "Version %s is %s the table as of %s.", version,
				 ok ? "newer than" : "not in", CONNECT_AS_OF);
}
