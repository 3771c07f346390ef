#ifndef TESTS_SERVER_TROUBLE_H
#define TESTS_SERVER_TROUBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/tenant/tenant.h"

/*
 * The troubles that tenant_server makes on request: faults, which the simulated
 * tenant knows itself, and spoilt answers, which no honest service gives.
 */
#define FAULTS_MAX 8
#define HUGE_BODY ((size_t)50 << 20)
#define DEEP_BODY 2000

static const char *const fault_names[] = {
	[FAULT_STATUS] = "status", [FAULT_THROTTLE] = "throttle",
	[FAULT_LOST_BEFORE] = "lost-before", [FAULT_LOST_AFTER] = "lost-after",
	[FAULT_HTML] = "html", [FAULT_TRUNCATED] = "truncated", [FAULT_SLOW] = "slow",
};

/*
 * A fault as text: its kind, then any of method, path, nth, times, status,
 * retry (the header Retry-After; "date:N" is the date N seconds from then) and
 * delay (milliseconds), as in "status,path=/v1.0/organization,status=503,times=2".
 * Cuts the text up.
 */
static inline bool take_fault(struct fault *f, char *text)
{
	char *rest = NULL, *word = strtok_r(text, ",", &rest);
	size_t kind = 0;

	while (kind < COUNT_OF(fault_names) && word && !str_same(fault_names[kind], word))
		kind++;
	if (!word || kind == COUNT_OF(fault_names))
		return false;
	f->kind = (enum fault_kind)kind;
	while ((word = strtok_r(NULL, ",", &rest))) {
		char *value = strchr(word, '=');

		if (!value)
			return false;
		*value++ = '\0';
		if (str_same(word, "method"))
			f->method = value;
		else if (str_same(word, "path"))
			f->path = value;
		else if (str_same(word, "retry"))
			f->retry_after = value;
		else if (str_same(word, "nth"))
			f->nth = (unsigned)strtoul(value, NULL, 10);
		else if (str_same(word, "times"))
			f->times = (unsigned)strtoul(value, NULL, 10);
		else if (str_same(word, "status"))
			f->status = (int)strtol(value, NULL, 10);
		else if (str_same(word, "delay"))
			f->delay_ms = (int)strtol(value, NULL, 10);
		else
			return false;
	}
	return true;
}

struct spoil {
	const char *kind;	/* huge, bomb, deep, not-json, link; NULL = nothing */
	const char *path;	/* of the requests, its beginning */
	const char *method;	/* NULL = any */
	const char *link;	/* the next page; NULL = the same page again */
};

static inline bool spoil_wanted(const struct spoil *s, const char *method, const char *uri)
{
	return s->kind && s->path && str_starts(uri, s->path) &&
	       (!s->method || str_same(s->method, method));
}

static inline void fill_body(struct str *body, const char *piece, size_t times)
{
	body->max = strlen(piece) * times + body->len + 1;
	while (times--)
		str_add(body, piece);
}

/* Changes an answer. uri and host are those of its request. */
static inline void spoil(const struct spoil *s, const char *uri, const char *host,
			 struct str *body)
{
	if (str_same(s->kind, "huge") || str_same(s->kind, "bomb")) {
		str_clear(body);
		fill_body(body, "                                                  ",
			  HUGE_BODY / 50);
	} else if (str_same(s->kind, "deep")) {
		str_clear(body);
		fill_body(body, "{\"value\":[", DEEP_BODY);
		fill_body(body, "]}", DEEP_BODY);
	} else if (str_same(s->kind, "not-json")) {
		str_clear(body);
		str_add(body, "{\"value\": [}, undefined, }");
	} else if (body->len && body->buf[body->len - 1] == '}') {
		str_truncate(body, body->len - 1);
		str_addf(body, ",\"@odata.nextLink\":\"%s%s%s\"}", s->link ? "" : "https://",
			 s->link ? "" : host, s->link ? s->link : uri);
	}
}

/* Packs text as a service does that was told Accept-Encoding: gzip. */
static inline void pack(const struct str *text, struct str *out)
{
	z_stream z = { .next_in = (Bytef *)text->buf, .avail_in = (uInt)text->len };
	Bytef piece[16384];
	int end;

	if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		die("zlib cannot start");
	do {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		end = deflate(&z, Z_FINISH);
		str_add_bytes(out, (const char *)piece, sizeof(piece) - z.avail_out);
	} while (end == Z_OK || end == Z_BUF_ERROR);
	deflateEnd(&z);
}

#endif
