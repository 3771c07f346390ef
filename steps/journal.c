#include "steps/journal.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "steps/journal_internal.h"

#define JOURNAL_MAX (64u << 20)		/* bytes that are read */
#define ID_MAX 64

/* The tenant's id names a directory, so it must be no more than an id. */
static bool id_is_plain(const char *id)
{
	size_t n = strlen(id);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)id[i]) && id[i] != '-')
			return false;
	return n && n <= ID_MAX;
}

static int read_lines(struct journal *j, struct err *err)
{
	CLEANUP(str_release) struct str text = { .max = JOURNAL_MAX };

	if (file_read(j->path, JOURNAL_MAX, &text, err) < 0)
		return -1;
	journal_take_text(j, str_text(&text), text.len);
	journal_count(j);
	j->bytes = text.len;
	/* A torn last line must not run into the next one. */
	if (j->read_only || !text.len || text.buf[text.len - 1] == '\n')
		return 0;
	if (file_append_durable(j->fd, "\n", 1, err) < 0)
		return -1;
	j->bytes++;
	return 0;
}

static int open_for_writing(struct journal *j, const char *dir, struct err *err)
{
	char *lock = xasprintf("%s/journal.lock", dir);
	int rc = file_make_dir(dir, err);

	if (!rc)
		rc = file_lock(lock, &j->lock_fd, err);
	free(lock);
	if (rc < 0)
		return -1;
	j->fd = open(j->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->fd < 0)
		return err_set(err, ERR_IO, errno, "cannot open the journal %s: %s", j->path,
			       strerror(errno));
	return 0;
}

struct journal *journal_open(const char *state_dir, const char *tenant_id,
			     bool read_only, struct err *err)
{
	CLEANUP(free_ptr) char *dir = NULL;
	struct journal *j;
	struct stat st;

	if (!id_is_plain(tenant_id)) {
		err_set(err, ERR_PARSE, 0, "the tenant's id is not an id: %s", tenant_id);
		return NULL;
	}
	dir = xasprintf("%s/%s", state_dir, tenant_id);
	j = xcalloc(1, sizeof(*j));
	j->fd = j->lock_fd = -1;
	j->read_only = read_only;
	j->next_sequence = 1;
	j->path = xasprintf("%s/journal.jsonl", dir);
	if (!read_only && open_for_writing(j, dir, err) < 0)
		goto fail;
	if (read_only && stat(j->path, &st) < 0 && errno == ENOENT)
		return j;
	if (read_lines(j, err) < 0)
		goto fail;
	return j;
fail:
	journal_close(j);
	return NULL;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	if (j->fd >= 0)
		close(j->fd);
	if (j->lock_fd >= 0)
		close(j->lock_fd);
	for (size_t i = 0; i < j->nlines; i++)
		json_free(j->lines[i]);
	free(j->lines);
	free(j->runs);
	free(j->records);
	free(j->words);
	free(j->path);
	arena_clear(&j->arena);
	free(j);
}

static struct json *new_line(const char *kind)
{
	struct json *line = json_new_object();
	char when[TIME_TEXT];

	json_add_string(line, "kind", kind);
	json_add_string(line, "time", time_format_graph(clock_now_ms(), when));
	return line;
}

/* Makes the line durable, then takes it in. A line that was written by half
 * (a full disk) is cut off again, so that the next one stands alone. */
static int append(struct journal *j, struct json *line, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	int rc;

	if (j->read_only) {
		json_free(line);
		return err_set(err, ERR_INVALID, 0, "the journal is open for reading only");
	}
	json_print(line, &text);
	str_add_char(&text, '\n');
	rc = text.overflow
	     ? err_set(err, ERR_LIMIT, 0, "a line of the journal is too long")
	     : file_append_durable(j->fd, str_text(&text), text.len, err);
	if (rc < 0) {
		json_free(line);
		if (ftruncate(j->fd, (off_t)j->bytes) < 0)
			j->read_only = true;
		err_wrap(err, "cannot write the journal %s", j->path);
		return err_todo(err, "Make room there or choose another --state-dir; without a "
				     "journal nothing is sent.");
	}
	j->bytes += text.len;
	journal_take(j, line);
	journal_count(j);
	return 0;
}

/* Time and process make it unique; it is no secret. */
static void new_run_id(const struct journal *j, char *out, size_t size)
{
	char when[TIME_TEXT];
	unsigned salt = (unsigned)getpid() * 31u + (unsigned)j->nlines * 7919u;

	time_format(clock_now_ms(), when);
	for (;;) {
		bool taken = false;

		snprintf(out, size, "%s-%04x", when, salt++ & 0xffffu);
		for (size_t i = 0; i < j->nruns; i++)
			taken |= str_same(j->runs[i].id, out);
		if (!taken)
			return;
	}
}

const char *journal_begin(struct journal *j, const char *command, const char *account,
			  struct err *err)
{
	struct json *line = new_line("run");
	char id[TIME_TEXT + 8];

	new_run_id(j, id, sizeof(id));
	json_add_string(line, "run", id);
	json_add_string(line, "command", command ? command : "");
	json_add_string(line, "account", account ? account : "");
	return append(j, line, err) < 0 ? NULL : j->runs[j->nruns - 1].id;
}

static void add_body(struct json *line, const char *key, const struct json *body)
{
	if (body)
		json_add(line, key, json_clone(body));
}

static void add_text(struct json *line, const char *key, const char *text)
{
	if (text && *text)
		json_add_string(line, key, text);
}

int journal_intent(struct journal *j, const struct change *c, const char *url,
		   const struct json *body, const struct json *undo_body,
		   const char *undo_url, uint64_t *ret_sequence, struct err *err)
{
	struct json *line = new_line("intent");
	uint64_t sequence = j->next_sequence;

	json_add_number(line, "sequence", (double)sequence);
	json_add_string(line, "run", j->nruns ? j->runs[j->nruns - 1].id : "");
	json_add_string(line, "step", c->step);
	json_add_string(line, "change", c->id);
	json_add_string(line, "title", c->title);
	json_add_string(line, "method", c->method);
	json_add_string(line, "url", url);
	add_body(line, "body", body);
	add_text(line, "undoMethod", c->undo_method);
	add_text(line, "undoUrl", undo_url);
	add_body(line, "undoBody", undo_body);
	add_text(line, "undo", c->undo);
	if (append(j, line, err) < 0)
		return -1;
	*ret_sequence = sequence;
	return 0;
}

static void add_why(struct json *line, const struct err *why)
{
	if (!why || why->kind == ERR_NONE)
		return;
	add_text(line, "error", why->msg);
	add_text(line, "requestId", why->request_id);
}

int journal_outcome(struct journal *j, uint64_t sequence, enum outcome o,
		    const struct json *result, const char *const *members, size_t nmembers,
		    const struct err *why, struct err *err)
{
	struct json *line = new_line("outcome"), *list;

	json_add_number(line, "sequence", (double)sequence);
	json_add_string(line, "outcome", outcome_name(o));
	add_text(line, "resultId", json_string(result, "id"));
	add_text(line, "resultCreated", json_string(result, "createdDateTime"));
	if (nmembers) {
		list = json_add_array(line, "members");
		for (size_t i = 0; i < nmembers; i++)
			json_append_string(list, members[i]);
	}
	add_why(line, why);
	return append(j, line, err);
}

int journal_undo_intent(struct journal *j, uint64_t sequence, struct err *err)
{
	struct json *line = new_line("undo-intent");

	json_add_number(line, "sequence", (double)sequence);
	return append(j, line, err);
}

int journal_undo_outcome(struct journal *j, uint64_t sequence, enum outcome o,
			 const struct err *why, struct err *err)
{
	struct json *line = new_line("undo-outcome");

	json_add_number(line, "sequence", (double)sequence);
	json_add_string(line, "outcome", outcome_name(o));
	add_why(line, why);
	return append(j, line, err);
}

int journal_attest(struct journal *j, const char *setting, const char *value,
		   const char *who, struct err *err)
{
	struct json *line = new_line("attestation");

	json_add_string(line, "setting", setting);
	json_add_string(line, "value", value);
	json_add_string(line, "who", who ? who : "");
	return append(j, line, err);
}
