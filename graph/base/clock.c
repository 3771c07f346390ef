#include "graph/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "graph/base/mem.h"

#define MS_PER_DAY INT64_C(86400000)
/* The years that four digits can write; formats clamp to them. */
#define FIRST_MS (-INT64_C(62167219200000))	/* 0000-01-01T00:00:00Z */
#define LAST_MS	 INT64_C(253402300799999)	/* 9999-12-31T23:59:59.999Z */

static struct {
	bool is_virtual;
	int64_t wall_ms, mono_ms;
} now = { .mono_ms = 1000 };	/* not 0, which callers may use for "never" */

static int64_t read_clock(clockid_t id)
{
	struct timespec ts = { 0 };

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	return now.is_virtual ? now.wall_ms : read_clock(CLOCK_REALTIME);
}

int64_t clock_mono_ms(void)
{
	return now.is_virtual ? now.mono_ms : read_clock(CLOCK_MONOTONIC);
}

void clock_set_virtual(int64_t wall_ms)
{
	now.is_virtual = true;
	now.wall_ms = wall_ms;
}

void clock_set_real(void)
{
	now.is_virtual = false;
}

bool clock_is_virtual(void)
{
	return now.is_virtual;
}

void clock_advance(int64_t ms)
{
	if (!now.is_virtual || ms <= 0)
		return;
	now.wall_ms += ms;
	now.mono_ms += ms;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/*
 * Days since 1970-01-01 in the Gregorian calendar. Counted from 1 March, so
 * that the leap day is the last of its year; 400 years are 146,097 days.
 */
static int64_t days_from_date(int year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

struct date {
	int year, month, day;	/* month and day from 1 */
	int hour, minute, second, ms;
};

/* The way back; ms is clamped to the years 0000 to 9999. */
static struct date date_from_ms(int64_t ms)
{
	struct date d = { 0 };
	int64_t days, rest, era, day_of_era, year_of_era, day_of_year, month;

	ms = ms < FIRST_MS ? FIRST_MS : ms > LAST_MS ? LAST_MS : ms;
	days = floor_div(ms, MS_PER_DAY);
	rest = ms - days * MS_PER_DAY;
	d.ms = (int)(rest % 1000);
	d.second = (int)(rest / 1000 % 60);
	d.minute = (int)(rest / 60000 % 60);
	d.hour = (int)(rest / 3600000);

	days += 719468;
	era = floor_div(days, 146097);
	day_of_era = days - era * 146097;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
		       day_of_era / 146096) / 365;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month = (5 * day_of_year + 2) / 153;
	d.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	d.month = (int)(month < 10 ? month + 3 : month - 9);
	d.year = (int)(year_of_era + era * 400 + (d.month <= 2));
	return d;
}

/* Exactly `digits` digits at *ps, within lo..hi; moves *ps behind them. */
static int read_number(const char **ps, int digits, int lo, int hi, int *ret)
{
	int v = 0;

	for (int i = 0; i < digits; i++, (*ps)++) {
		if (**ps < '0' || **ps > '9')
			return -1;
		v = v * 10 + (**ps - '0');
	}
	if (v < lo || v > hi)
		return -1;
	*ret = v;
	return 0;
}

static int read_char(const char **ps, char c)
{
	return *(*ps) == c ? ((*ps)++, 0) : -1;
}

static int days_in_month(int year, int month)
{
	return (int)(days_from_date(year + (month == 12), month % 12 + 1, 1) -
		     days_from_date(year, month, 1));
}

/* ".123..." if there is one: at least one digit; what is under 1 ms is cut. */
static int read_fraction(const char **ps, int *ret_ms)
{
	int scale = 100;

	*ret_ms = 0;
	if (**ps != '.')
		return 0;
	(*ps)++;
	if (**ps < '0' || **ps > '9')
		return -1;
	for (; **ps >= '0' && **ps <= '9'; (*ps)++) {
		*ret_ms += (**ps - '0') * scale;
		scale /= 10;
	}
	return 0;
}

/* "Z" or "+hh:mm"; the minutes east of UTC. */
static int read_zone(const char **ps, int *ret_minutes)
{
	int hours, minutes, sign = **ps == '-' ? -1 : 1;

	*ret_minutes = 0;
	if (**ps == 'Z')
		return read_char(ps, 'Z');
	if (**ps != '+' && **ps != '-')
		return -1;
	(*ps)++;
	if (read_number(ps, 2, 0, 23, &hours) || read_char(ps, ':') ||
	    read_number(ps, 2, 0, 59, &minutes))
		return -1;
	*ret_minutes = sign * (hours * 60 + minutes);
	return 0;
}

int time_parse(const char *iso, int64_t *ret_ms)
{
	const char *s = iso;
	struct date d;
	int zone;

	if (!s)
		return -1;
	if (read_number(&s, 4, 0, 9999, &d.year) || read_char(&s, '-') ||
	    read_number(&s, 2, 1, 12, &d.month) || read_char(&s, '-') ||
	    read_number(&s, 2, 1, days_in_month(d.year, d.month), &d.day) ||
	    read_char(&s, 'T') ||
	    read_number(&s, 2, 0, 23, &d.hour) || read_char(&s, ':') ||
	    read_number(&s, 2, 0, 59, &d.minute) || read_char(&s, ':') ||
	    read_number(&s, 2, 0, 60, &d.second) ||	/* 60: a leap second */
	    read_fraction(&s, &d.ms) || read_zone(&s, &zone) || *s)
		return -1;
	*ret_ms = days_from_date(d.year, d.month, d.day) * MS_PER_DAY +
		  (int64_t)(d.hour * 60 + d.minute - zone) * 60000 + d.second * 1000 + d.ms;
	return 0;
}

int time_parse_http(const char *s, int64_t *ret_ms)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	char month[4], iso[40];
	unsigned day, year, h, m, sec;
	const char *comma = s ? strchr(s, ',') : NULL;

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

const char *time_format(int64_t ms, char out[TIME_TEXT])
{
	struct date d = date_from_ms(ms);

	snprintf(out, TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)d.year % 10000,
		 (unsigned)d.month % 100, (unsigned)d.day % 100, (unsigned)d.hour % 100,
		 (unsigned)d.minute % 100, (unsigned)d.second % 100);
	return out;
}

const char *time_format_graph(int64_t ms, char out[TIME_TEXT])
{
	struct date d = date_from_ms(ms);
	size_t n;

	time_format(ms, out);
	n = strlen(out) - 1;	/* over the Z */
	snprintf(out + n, TIME_TEXT - n, ".%03u0000Z", (unsigned)d.ms % 1000);
	return out;
}

const char *time_format_date(int64_t ms, char out[TIME_TEXT])
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct date d = date_from_ms(ms);

	snprintf(out, TIME_TEXT, "%d %s %04d", d.day, months[d.month - 1], d.year);
	return out;
}

const char *time_span(int64_t ms, char out[TIME_TEXT])
{
	int64_t s = (ms < 0 ? -(ms / 1000) : ms / 1000);

	if (s < 60)
		snprintf(out, TIME_TEXT, "%d s", (int)s);
	else if (s < 3600)
		snprintf(out, TIME_TEXT, "%d min", (int)(s / 60));
	else if (s < 2 * 86400)
		snprintf(out, TIME_TEXT, "%d h", (int)(s / 3600));
	else
		snprintf(out, TIME_TEXT, "%lld days", (long long)(s / 86400));
	return out;
}

int time_days_until(int64_t now_ms, int64_t date_ms)
{
	return (int)(floor_div(date_ms, MS_PER_DAY) - floor_div(now_ms, MS_PER_DAY));
}
