#include "graph/request_log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/utf8.h"

struct request_log *request_log_new(void)
{
	return xcalloc(1, sizeof(struct request_log));
}

static void release(struct request_entry *e)
{
	free(e->path);
	free(e->sent);
	free(e->answered);
}

void request_log_free(struct request_log *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < REQUEST_LOG_MAX; i++)
		release(&log->v[i]);
	if (log->file)
		close(log->fd);
	free(log->file);
	free(log);
}

struct request_entry *request_log_add(struct request_log *log)
{
	struct request_entry *e;

	if (log->n < REQUEST_LOG_MAX) {
		e = &log->v[(log->start + log->n++) % REQUEST_LOG_MAX];
	} else {
		e = &log->v[log->start];
		log->start = (log->start + 1) % REQUEST_LOG_MAX;
	}
	release(e);
	*e = (struct request_entry){ .took_ms = -1, .attempt = 1 };
	log->total++;
	return e;
}

/* Fields whose value is nobody's business, wherever they stand. */
static bool is_secret(const char *name, size_t len)
{
	static const char *const names[] = {
		"password", "newPassword", "currentPassword", "secretText", "clientSecret",
		"temporaryAccessPass", "access_token", "refresh_token", "id_token",
		"client_secret", "client_assertion", "accessToken", "refreshToken",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strlen(names[i]) == len && strncmp(names[i], name, len) == 0)
			return true;
	return false;
}

/* The offset behind a JSON string that begins at `at` with its quote; len when
 * it is cut off. */
static size_t string_end(const char *s, size_t at, size_t len)
{
	for (at++; at < len && s[at] != '"'; at++)
		if (s[at] == '\\')
			at++;
	return at < len ? at + 1 : len;
}

char *request_log_excerpt(const char *body, size_t len)
{
	size_t n = len < REQUEST_EXCERPT_MAX ? len : REQUEST_EXCERPT_MAX;
	struct str plain = { 0 }, clean = { 0 };
	bool mask = false;

	if (!n)
		return NULL;
	for (size_t i = 0; i < n;) {
		size_t end = body[i] == '"' ? string_end(body, i, n) : i + 1;

		if (body[i] == '"' && mask)
			str_add(&plain, "\"***\"");
		else
			str_add_bytes(&plain, body + i, end - i);
		if (body[i] == '"')
			mask = !mask && end > i + 2 && is_secret(body + i + 1, end - i - 2);
		else if (!strchr(": \t\r\n", body[i]))
			mask = false;
		i = end;
	}
	utf8_clean(&clean, str_text(&plain), plain.len, UTF8_LINES);
	str_release(&plain);
	if (!clean.len)
		str_release(&clean);
	return clean.len ? str_detach(&clean) : NULL;
}

static void changed(const struct request_log *log)
{
	if (log->changed)
		log->changed(log->ctx);
}

size_t request_log_sent(struct request_log *log, const char *method, const char *path,
			const char *client_request_id, const struct str *body, int attempt)
{
	struct str clean = { 0 };
	struct request_entry *e;

	if (!log)
		return 0;
	utf8_clean(&clean, path, strlen(path), 0);
	e = request_log_add(log);
	e->sent_ms = clock_now_ms();
	snprintf(e->method, sizeof(e->method), "%s", method);
	e->path = str_detach(&clean);
	e->sent = request_log_excerpt(str_text(body), body->len);
	e->attempt = attempt;
	snprintf(e->client_request_id, sizeof(e->client_request_id), "%s", client_request_id);
	changed(log);
	return log->total;
}

void request_log_answered(struct request_log *log, size_t number, int status,
			  const struct str *body, const char *id, const char *note)
{
	struct str clean = { 0 };
	struct request_entry *e;

	if (!log || !number || log->total - number >= log->n)
		return;
	e = &log->v[(log->start + log->n - 1 - (log->total - number)) % REQUEST_LOG_MAX];
	e->took_ms = (int)(clock_now_ms() - e->sent_ms);
	e->status = status;
	e->bytes = body->len;
	free(e->answered);
	e->answered = request_log_excerpt(str_text(body), body->len);
	if (id) {
		utf8_clean(&clean, id, strlen(id), 0);
		snprintf(e->request_id, sizeof(e->request_id), "%s", str_text(&clean));
		str_release(&clean);
	}
	snprintf(e->note, sizeof(e->note), "%s", note);
	request_log_ended(log, e);
	changed(log);
}

const struct request_entry *request_log_at(const struct request_log *log, size_t i)
{
	return i < log->n ? &log->v[(log->start + i) % REQUEST_LOG_MAX] : NULL;
}
