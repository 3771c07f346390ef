#include "graph/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "graph/base/mem.h"

/*
 * vsnprintf() cuts at a byte; this takes the rest of a cut character away, so
 * that the text stays valid UTF-8. buf is full when it was cut.
 */
static void mend_cut(char *buf, size_t cap)
{
	size_t n = cap - 1, lead = n;
	size_t need;

	while (lead > 0 && ((unsigned char)buf[lead - 1] & 0xC0) == 0x80)
		lead--;
	if (lead == 0)
		return;
	lead--;
	switch ((unsigned char)buf[lead] >> 4) {
	case 0xF: need = 4; break;
	case 0xE: need = 3; break;
	case 0xD:
	case 0xC: need = 2; break;
	default: return;
	}
	if (n - lead < need)
		buf[lead] = '\0';
}

static void set_text(char *buf, size_t cap, const char *fmt, va_list ap) PRINTF_LIKE(3, 0);
static void set_text(char *buf, size_t cap, const char *fmt, va_list ap)
{
	int n = vsnprintf(buf, cap, fmt, ap);

	if (n < 0)
		buf[0] = '\0';
	else if ((size_t)n >= cap)
		mend_cut(buf, cap);
}

int err_set(struct err *err, enum err_kind kind, int code, const char *fmt, ...)
{
	/* A fresh one, because fmt's arguments may point into *err. */
	struct err fresh = { .kind = kind, .code = code };
	va_list ap;

	va_start(ap, fmt);
	set_text(fresh.msg, sizeof(fresh.msg), fmt, ap);
	va_end(ap);
	*err = fresh;
	return -1;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
	char msg[sizeof(err->msg)];
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	set_text(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	n = strlen(msg);
	if (snprintf(msg + n, sizeof(msg) - n, ": %s", err->msg) >= (int)(sizeof(msg) - n))
		mend_cut(msg, sizeof(msg));
	memcpy(err->msg, msg, strlen(msg) + 1);
	return -1;
}

int err_todo(struct err *err, const char *fmt, ...)
{
	char todo[sizeof(err->todo)];
	va_list ap;

	va_start(ap, fmt);
	set_text(todo, sizeof(todo), fmt, ap);
	va_end(ap);
	memcpy(err->todo, todo, strlen(todo) + 1);
	return -1;
}

const char *err_kind_name(enum err_kind kind)
{
	static const char *const names[] = {
		[ERR_NONE] = "none",
		[ERR_IO] = "io",
		[ERR_NET] = "net",
		[ERR_HTTP] = "http",
		[ERR_AUTH] = "auth",
		[ERR_FORBIDDEN] = "forbidden",
		[ERR_NOT_FOUND] = "not-found",
		[ERR_CONFLICT] = "conflict",
		[ERR_THROTTLED] = "throttled",
		[ERR_PARSE] = "parse",
		[ERR_LIMIT] = "limit",
		[ERR_INVALID] = "invalid",
		[ERR_CANCELLED] = "cancelled",
	};

	return (size_t)kind < COUNT_OF(names) ? names[kind] : "unknown";
}
