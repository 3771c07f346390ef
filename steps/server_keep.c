#include "steps/server_keep.h"

#include <errno.h>
#include <string.h>

#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "steps/server_import.h"

#define FILE_NAME "servers.json"
#define SCHEMA "sspr-wizard-servers/1"
#define FILE_MAX (SERVERS_KEEP * SERVER_TEXT_MAX)

/* NULL without an error when there is no such file. */
static struct json *read_file(const char *dir, struct err *err)
{
	CLEANUP(free_ptr) char *path = xasprintf("%s/" FILE_NAME, dir);
	CLEANUP(str_release) struct str text = { 0 };
	struct err reason = ERR_INIT;
	struct json *doc;

	if (file_read(path, FILE_MAX, &text, &reason) < 0) {
		if (reason.kind != ERR_IO || reason.code != ENOENT)
			*err = reason;
		return NULL;
	}
	doc = json_parse(str_text(&text), text.len, err);
	if (doc && !str_same(json_string(doc, "schema"), SCHEMA)) {
		json_free(doc);
		doc = NULL;
		err_set(err, ERR_PARSE, 0, "it is no list of servers");
	}
	if (!doc) {
		err_wrap(err, "%s", path);
		err_todo(err, "Remove the file, and ask the servers again.");
	}
	return doc;
}

struct json *server_kept(const char *dir, struct err *err)
{
	struct json *doc = read_file(dir, err), *list;

	list = doc ? json_clone(json_get(doc, "documents")) : NULL;
	json_free(doc);
	return list;
}

static int64_t collected(const struct json *one)
{
	int64_t ms = 0;

	(void)!time_parse(json_string_or(one, "collected", ""), &ms);
	return ms;
}

static void drop_oldest(struct json *list)
{
	struct json *oldest = json_first_mutable(list);

	for (struct json *j = oldest; j; j = json_next_mutable(j))
		if (collected(j) < collected(oldest))
			oldest = j;
	json_remove_child(list, oldest);
}

int server_keep(const char *dir, const char *computer, int64_t collected_ms, const char *text,
		size_t len, struct err *err)
{
	CLEANUP(free_ptr) char *path = xasprintf("%s/" FILE_NAME, dir);
	CLEANUP(str_release) struct str packed = { 0 }, out = { .max = FILE_MAX };
	CLEANUP(json_free_ptr) struct json *doc = NULL;
	struct err reason = ERR_INIT;
	struct json *list, *one;
	char when[TIME_TEXT];

	if (file_make_dir(dir, err) < 0)
		return -1;
	/* A list that does not read any more is begun anew. */
	doc = read_file(dir, &reason);
	if (!doc) {
		doc = json_new_object();
		json_add_string(doc, "schema", SCHEMA);
		json_add_array(doc, "documents");
	}
	list = json_get_mutable(doc, "documents");
	for (one = json_first_mutable(list); one; one = json_next_mutable(one))
		if (str_same_nocase(json_string(one, "computer"), computer))
			break;
	if (one && collected(one) > collected_ms) {
		err_set(err, ERR_INVALID, 0, "the document is refused: a newer one of %s was taken "
			"in before", computer);
		return err_todo(err, "Run the script there again if the server has changed.");
	}
	json_remove_child(list, one);
	while (json_count(list) >= SERVERS_KEEP)
		drop_oldest(list);
	base64_encode(&packed, text, len);
	one = json_append(list, json_new_object());
	json_add_string(one, "computer", computer);
	json_add_string(one, "collected", time_format(collected_ms, when));
	json_add_string(one, "text", str_text(&packed));
	json_print_pretty(doc, &out);
	return file_write(path, str_text(&out), out.len, err);
}

int server_load_list(const struct json *list, struct facts *f, int64_t now_ms,
		     struct err *err)
{
	int rc = 0;

	for (const struct json *j = json_first(list); j; j = json_next(j)) {
		const char *packed = json_string_or(j, "text", "");
		CLEANUP(str_release) struct str text = { .max = SERVER_DOCUMENT_MAX };

		if (base64url_decode(&text, packed, strlen(packed)) < 0)
			rc = err_set(err, ERR_INVALID, 0, "the document is refused: it does not "
				     "read");
		else if (server_document_trust(str_text(&text), text.len, f, now_ms, err) < 0)
			rc = -1;
		else
			continue;
		err_wrap(err, "of server %s", json_string_or(j, "computer", "?"));
	}
	return rc;
}

int server_load(const char *dir, struct facts *f, int64_t now_ms, struct err *err)
{
	CLEANUP(json_free_ptr) struct json *list = NULL;
	struct err reason = ERR_INIT;

	list = server_kept(dir, &reason);
	if (reason.kind != ERR_NONE) {
		*err = reason;
		return -1;
	}
	return server_load_list(list, f, now_ms, err);
}
