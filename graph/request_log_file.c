/* The request log as a file: --log. */
#include <errno.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/request_log.h"

int request_log_open(struct request_log *log, const char *path, struct err *err)
{
	if (file_open_log(path, &log->fd, err) < 0)
		return -1;
	log->file = xstrdup(path);
	return 0;
}

/* What says how something was asked, and nothing of whom. */
static bool is_plain(const char *name, size_t len)
{
	static const char *const names[] = { "$select", "$top", "$count", "$orderby", "$expand" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return true;
	return false;
}

static bool names_somebody(const char *part, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (part[i] == '@' || (len - i >= 3 && memcmp(part + i, "%40", 3) == 0))
			return true;
	return false;
}

void request_log_address(struct str *out, const char *path)
{
	const char *end = path + strcspn(path, "?");

	while (path < end) {
		size_t n = strcspn(path, "/?");

		if (names_somebody(path, n))
			str_add(out, "***");
		else
			str_add_bytes(out, path, n);
		path += n;
		if (path < end)
			str_add_char(out, *path++);
	}
	while (*path) {
		size_t n, name;

		str_add_char(out, *path++);	/* the "?" or an "&" */
		n = strcspn(path, "&");
		name = strcspn(path, "=&");
		if (name == n || is_plain(path, name)) {
			str_add_bytes(out, path, n);
		} else {
			str_add_bytes(out, path, name + 1);
			str_add(out, "***");
		}
		path += n;
	}
}

void request_log_ended(struct request_log *log, const struct request_entry *e)
{
	CLEANUP(str_release) struct str line = { 0 };
	char when[TIME_TEXT];

	if (!log->file || log->file_errno)
		return;
	str_addf(&line, "%s %s ", time_format(e->sent_ms, when), e->method);
	request_log_address(&line, e->path);
	str_addf(&line, " %d %d ms %zu bytes retries %d request-id %s client-request-id %s%s%s\n",
		 e->status, e->took_ms, e->bytes, e->attempt - 1,
		 *e->request_id ? e->request_id : "-",
		 *e->client_request_id ? e->client_request_id : "-",
		 *e->note ? " " : "", e->note);
	if (file_append(log->fd, str_text(&line), line.len) < 0)
		log->file_errno = errno;
}

int request_log_check(const struct request_log *log, struct err *err)
{
	if (!log->file_errno)
		return 0;
	err_set(err, ERR_IO, log->file_errno, "the request log %s is not whole: %s", log->file,
		strerror(log->file_errno));
	return err_todo(err, "What was changed is in the journal all the same.");
}
