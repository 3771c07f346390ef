/* Dated facts about Microsoft's service: one table, so that a date is changed
 * in one place and every text counts from today. */
#include <stdio.h>
#include <string.h>

#include "checks/check.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

/* Milliseconds of a day at 00:00 UTC, checked by test_dates.c. */
#define DAY(n) ((n) * 24LL * 60 * 60 * 1000)

static const struct dated table[] = {
	{
		.id = "sms-voice-retirement",	/* facts graph.md S2 */
		.date_ms = DAY(20850),
		.what = "SMS and voice calls from Microsoft, also for password reset, "
			"end on %s.",
		.what_past = "SMS and voice calls from Microsoft, also for password reset, "
			     "ended on %s.",
		.source = "Microsoft Entra documentation, concept-sms-voice-retirement",
		.as_of = "2026-07",
		.global_only = true,
	}, {
		.id = "security-questions",	/* facts graph.md S1 */
		.date_ms = DAY(20878),
		.month = true,
		.what = "Security questions leave password reset in %s.",
		.what_past = "Security questions left password reset in %s.",
		.source = "Microsoft 365 Message Center MC1234564",
		.as_of = "2026-02",
	}, {
		.id = "registered-only",	/* facts graph.md S3 */
		.date_ms = DAY(20703),
		.what = "Only methods that people registered themselves count from %s.",
		.what_past = "Only methods that people registered themselves count since %s.",
		.source = "Microsoft 365 Message Center MC1325414",
		.as_of = "2026-06",
	}, {
		.id = "passkey-campaign",	/* facts graph.md S2 */
		.date_ms = DAY(20697),
		.what = "Microsoft enables passkeys for users of SMS and voice, and nudges "
			"them, from %s.",
		.what_past = "Microsoft enables passkeys for users of SMS and voice, and "
			     "nudges them, since %s.",
		.source = "Microsoft Entra documentation, concept-sms-voice-retirement",
		.as_of = "2026-07",
		.global_only = true,
	}, {
		.id = "legacy-policies-end",	/* facts graph.md 5.5 */
		.date_ms = DAY(20361),
		.what = "Methods can no longer be managed in the legacy MFA and password "
			"reset policies from %s.",
		.what_past = "Methods can no longer be managed in the legacy MFA and password "
			     "reset policies since %s.",
		.source = "Microsoft Entra documentation, concept-authentication-methods-manage",
		.as_of = "2026-08",
	},
};

const struct dated *dated_find(const char *id)
{
	for (size_t i = 0; i < COUNT_OF(table); i++)
		if (str_same(table[i].id, id))
			return &table[i];
	return NULL;
}

/* "1 Feb 2027, in 68 days", "March 2027, in about 96 days". */
static void when_text(const struct dated *d, int64_t now_ms, char *out, size_t size)
{
	char date[TIME_TEXT];
	const char *about = d->month ? "about " : "";
	const char *day;
	int days = time_days_until(now_ms, d->date_ms);

	time_format_date(d->date_ms, date);
	day = d->month ? date + strcspn(date, " ") + 1 : date;
	if (days > 1)
		snprintf(out, size, "%s, in %s%d days", day, about, days);
	else if (days == 1)
		snprintf(out, size, "%s, tomorrow", day);
	else if (days == 0)
		snprintf(out, size, "%s, today", day);
	else if (days == -1)
		snprintf(out, size, "%s, yesterday", day);
	else
		snprintf(out, size, "%s, %s%d days ago", day, about, -days);
}

/* Government clouds and China have a later schedule (facts graph.md 10.9). */
static bool follows_later(const struct dated *d, const char *cloud)
{
	return d->global_only && (str_same(cloud, "usgov") || str_same(cloud, "dod") ||
				  str_same(cloud, "china"));
}

bool dated_over(const char *id, const char *cloud, int64_t now_ms)
{
	const struct dated *d = dated_find(id);

	return d && !follows_later(d, cloud) && d->date_ms <= now_ms;
}

const char *dated_text(const char *id, const char *cloud, int64_t now_ms, struct arena *arena)
{
	const struct dated *d = dated_find(id);
	const char *what, *gap;
	char when[80];

	if (!d)
		return "";
	what = time_days_until(now_ms, d->date_ms) >= 0 ? d->what : d->what_past;
	gap = strstr(what, "%s");
	when_text(d, now_ms, when, sizeof(when));
	return arena_printf(arena, "%.*s%s%s%s", (int)(gap - what), what, when, gap + 2,
			    follows_later(d, cloud) ? " That is the global cloud; this one follows "
			    "later, on no date that is known." : "");
}
