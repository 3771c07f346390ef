#include "steps/server_script.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "checks/connect_version.h"
#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"

#define REQUESTS_FILE "server-requests.json"
#define REQUESTS_SCHEMA "sspr-wizard-server-requests/1"
#define REQUESTS_MAX_BYTES (64 * 1024)

/* What a mark in the script stands for. */
struct mark {
	const char *name, *value;
};

static void print_line(const char *line, const struct mark *marks, size_t nmarks,
		       struct str *out)
{
	while (*line) {
		size_t i = 0;

		while (i < nmarks && !str_starts(line, marks[i].name))
			i++;
		if (i < nmarks) {
			str_add(out, marks[i].value);
			line += strlen(marks[i].name);
		} else {
			str_add_char(out, *line++);
		}
	}
	str_add_char(out, '\n');
}

static bool harmless(const char *text)
{
	if (!text || !*text)
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && *text != '-')
			return false;
	return true;
}

/* A cloud of the operator's own has no host names that the script could know. */
static const char *known_cloud(const char *name)
{
	static const char *const names[] = { "global", "usgov", "dod", "china" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_same(name, names[i]))
			return names[i];
	return names[0];
}

int server_script_print(const struct server_script_request *r, struct str *out,
			struct err *err)
{
	const struct mark marks[] = {
		{ "@NONCE@", r->nonce },
		{ "@TENANT@", r->tenant },
		{ "@CLOUD@", known_cloud(r->cloud) },
		{ "@VERSION@", VERSION },
	};

	if (!harmless(r->nonce) || !harmless(r->tenant))
		return err_set(err, ERR_INVALID, 0, "the tenant's id does not fit into a script");
	for (size_t i = 0; server_script_lines[i]; i++)
		print_line(server_script_lines[i], marks, COUNT_OF(marks), out);
	return 0;
}

void server_script_print_enable(struct str *out)
{
	static const struct mark marks[] = { { "@FLOOR@", CONNECT_FLOOR } };

	for (size_t i = 0; server_script_enable_lines[i]; i++)
		print_line(server_script_enable_lines[i], marks, COUNT_OF(marks), out);
}

/* The requests handed out so far; an empty document when there were none. */
static struct json *read_requests(const char *path, struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };
	struct err reason = ERR_INIT;
	struct json *doc;

	if (file_read(path, REQUESTS_MAX_BYTES, &text, &reason) < 0) {
		if (reason.kind != ERR_IO || reason.code != ENOENT) {
			*err = reason;
			return NULL;
		}
		doc = json_new_object();
		json_add_string(doc, "schema", REQUESTS_SCHEMA);
		json_add_array(doc, "requests");
		return doc;
	}
	doc = json_parse(str_text(&text), text.len, err);
	if (doc && (!str_same(json_string(doc, "schema"), REQUESTS_SCHEMA) ||
		    !json_is(json_get(doc, "requests"), JSON_ARRAY))) {
		json_free(doc);
		doc = NULL;
		err_set(err, ERR_PARSE, 0, "not a list of requests");
	}
	if (!doc) {
		err_wrap(err, "%s", path);
		err_todo(err, "Remove the file; scripts handed out before are then unknown.");
	}
	return doc;
}

int server_request_remember(const char *dir, const char *nonce, int64_t now_ms,
			    struct err *err)
{
	CLEANUP(free_ptr) char *path = xasprintf("%s/" REQUESTS_FILE, dir);
	CLEANUP(json_free_ptr) struct json *doc = NULL;
	CLEANUP(str_release) struct str text = { 0 };
	struct json *list, *one;
	char when[TIME_TEXT];

	if (file_make_dir(dir, err) < 0)
		return -1;
	doc = read_requests(path, err);
	if (!doc)
		return -1;
	list = json_get_mutable(doc, "requests");
	while (json_count(list) >= SERVER_REQUESTS_KEEP)
		json_remove_child(list, json_first_mutable(list));
	one = json_append(list, json_new_object());
	json_add_string(one, "nonce", nonce);
	json_add_string(one, "time", time_format(now_ms, when));
	json_print_pretty(doc, &text);
	return file_write(path, str_text(&text), text.len, err);
}

int server_request_known(const char *dir, const char *nonce, bool *ret, struct err *err)
{
	CLEANUP(free_ptr) char *path = xasprintf("%s/" REQUESTS_FILE, dir);
	CLEANUP(json_free_ptr) struct json *doc = read_requests(path, err);

	if (!doc)
		return -1;
	*ret = false;
	for (const struct json *j = json_first(json_get(doc, "requests")); j; j = json_next(j))
		*ret |= str_same(json_string(j, "nonce"), nonce);
	return 0;
}
