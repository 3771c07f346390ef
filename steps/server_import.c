#include "steps/server_import.h"

#include <string.h>

#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/digest.h"
#include "checks/servers.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "steps/server_keep.h"
#include "steps/server_script.h"

#define HASH_MEMBER ",\"sha256\":\""
#define AGAIN "Make a new script with `sspr-wizard server-script`, run it on the server and " \
	"import its document as it is."

static bool deeper_than(const struct json *j, int depth)
{
	if (!json_is(j, JSON_ARRAY) && !json_is(j, JSON_OBJECT))
		return false;
	if (!depth)
		return true;
	for (j = json_first(j); j; j = json_next(j))
		if (deeper_than(j, depth - 1))
			return true;
	return false;
}

/* The hash covers all that stands before its own member, which comes last. */
static bool hash_fits(const char *text, size_t len)
{
	const size_t member = strlen(HASH_MEMBER), tail = member + SHA256_TEXT - 1 + 2;
	char hash[SHA256_TEXT];
	size_t front;

	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	if (len < tail)
		return false;
	front = len - tail;
	if (memcmp(text + front, HASH_MEMBER, member) || memcmp(text + len - 2, "\"}", 2))
		return false;
	sha256_hex(text, front, hash);
	return !memcmp(hash, text + front + member, SHA256_TEXT - 1);
}

static int refuse(struct err *err, const char *reason)
{
	err_set(err, ERR_INVALID, 0, "the document is refused: %s", reason);
	return err_todo(err, AGAIN);
}

/* The connector to the cloud is named after the tenant it serves. */
static bool foreign_server(const struct json *document, const struct organization *o)
{
	struct arena arena = { 0 };
	struct server_facts s;
	bool foreign;

	server_facts_read(document, &s, &arena);
	foreign = s.connector && o->initial_domain &&
		  str_find_nocase(s.connector, o->initial_domain) != s.connector;
	arena_clear(&arena);
	return foreign;
}

static int check_age(const struct json *document, int64_t now_ms, struct err *err)
{
	struct arena arena = { 0 };
	struct server_facts s;
	char span[TIME_TEXT];
	int64_t age;

	server_facts_read(document, &s, &arena);
	arena_clear(&arena);
	age = now_ms - s.collected_ms;
	if (age <= SERVER_DOCUMENT_AGE_MS && age >= -SERVER_DOCUMENT_AGE_MS)
		return 0;
	if (age < 0) {
		refuse(err, "it comes from the future: a clock is wrong");
		return -1;
	}
	err_set(err, ERR_INVALID, 0, "the document is refused: it is %s old, and one day is the "
		"most", time_span(age, span));
	return err_todo(err, AGAIN);
}

/* All but nonce and age. */
static int check_whole(const struct json *document, const char *text, size_t len,
		       const struct organization *o, struct err *err)
{
	if (!str_same(json_string(document, "schema"), SERVER_SCHEMA))
		return refuse(err, "it is not of the script of this version (" SERVER_SCHEMA ")");
	if (deeper_than(document, SERVER_DOCUMENT_DEPTH))
		return refuse(err, "it is nested too deep");
	if (!hash_fits(text, len))
		return refuse(err, "its hash does not fit, so it was changed or cut after it was "
			      "written");
	if (!str_same_nocase(json_string(document, "tenant"), o->id))
		return refuse(err, "its script was made for another tenant");
	if (foreign_server(document, o))
		return refuse(err, "the server synchronises another tenant");
	return 0;
}

static struct json *parse(const char *text, size_t len, struct err *err)
{
	struct json *document = json_parse(text, len, err);

	if (!document) {
		err_wrap(err, "the document is refused");
		err_todo(err, AGAIN);
	}
	return document;
}

/* A mark at the start of the file is not part of what was hashed. */
static void skip_mark(const char **text, size_t *len)
{
	if (*len >= 3 && !memcmp(*text, "\xef\xbb\xbf", 3)) {
		*text += 3;
		*len -= 3;
	}
}

struct json *server_document_verify(const char *text, size_t len,
				    const struct organization *o, const char *dir,
				    int64_t now_ms, struct err *err)
{
	struct json *document;
	const char *nonce;
	bool known = false;

	skip_mark(&text, &len);
	document = parse(text, len, err);
	if (!document)
		return NULL;
	nonce = json_string(document, "nonce");
	if (check_whole(document, text, len, o, err) == 0 &&
	    (!nonce || server_request_known(dir, nonce, &known, err) == 0)) {
		if (!known)
			refuse(err, "no script with its number was made here for this tenant");
		else if (check_age(document, now_ms, err) == 0)
			return document;
	}
	json_free(document);
	return NULL;
}

/* The low half of each unit; a block holds nothing else. */
static void narrow(const char *text, size_t len, struct str *out)
{
	for (size_t i = 2; i + 1 < len; i += 2)
		str_add_char(out, text[i + 1] || text[i] <= 0 ? '?' : text[i]);
}

static int unpack_block(const char *text, struct str *out, struct err *err)
{
	CLEANUP(str_release) struct str packed = { 0 };
	const char *at = strstr(text, SERVER_BLOCK_BEGIN), *end;

	if (!at)
		return refuse(err, "it is neither JSON nor the block that the script shows");
	at += strlen(SERVER_BLOCK_BEGIN);
	end = strstr(at, SERVER_BLOCK_END);
	if (!end)
		return refuse(err, "it breaks off before its end");
	for (; at < end; at++)
		if (!strchr(" \t\r\n", *at))
			str_add_char(&packed, *at);
	if (!packed.len || base64url_decode(out, str_text(&packed), packed.len) < 0)
		return refuse(err, "something between its marks is not of it");
	return 0;
}

int server_document_unpack(const char *text, size_t len, struct str *out, struct err *err)
{
	CLEANUP(str_release) struct str narrowed = { 0 };

	skip_mark(&text, &len);
	if (len >= 2 && !memcmp(text, "\xff\xfe", 2)) {
		narrow(text, len, &narrowed);
		text = str_text(&narrowed);
		len = narrowed.len;
	}
	while (len && strchr(" \t\r\n", *text)) {
		text++;
		len--;
	}
	if (!len)
		return refuse(err, "it is empty");
	if (*text == '{') {
		str_add_bytes(out, text, len);
		return 0;
	}
	return unpack_block(text, out, err);
}

static int believe(const char *text, size_t len, const char *dir, struct facts *f, int64_t now_ms,
		   struct err *err)
{
	struct json *document = server_document_verify(text, len, &f->organization, dir, now_ms,
						       err);
	struct server_facts s;

	if (!document)
		return -1;
	server_facts_read(document, &s, &f->arena);
	json_free(document);
	if (server_keep(dir, s.computer, s.collected_ms, text, len, err) < 0)
		return -1;
	facts_add_server(f, &s);
	return 0;
}

int server_import_text(const char *text, size_t len, const char *dir, struct facts *f,
		       int64_t now_ms, struct err *err)
{
	CLEANUP(str_release) struct str plain = { .max = SERVER_DOCUMENT_MAX };

	if (server_document_unpack(text, len, &plain, err) < 0)
		return -1;
	if (plain.overflow)
		return refuse(err, "it is more than 2 MiB");
	return believe(str_text(&plain), plain.len, dir, f, now_ms, err);
}

int server_import(const char *path, const char *dir, struct facts *f, int64_t now_ms,
		  struct err *err)
{
	CLEANUP(str_release) struct str text = { 0 };

	if (file_read(path, SERVER_TEXT_MAX, &text, err) < 0)
		return -1;
	return server_import_text(str_text(&text), text.len, dir, f, now_ms, err);
}

int server_document_trust(const char *text, size_t len, struct facts *f, int64_t now_ms,
			  struct err *err)
{
	struct json *document;
	struct server_facts s;
	int rc;

	skip_mark(&text, &len);
	document = parse(text, len, err);
	if (!document)
		return -1;
	rc = check_whole(document, text, len, &f->organization, err);
	if (rc == 0) {
		server_facts_read(document, &s, &f->arena);
		if (s.collected_ms > now_ms + SERVER_DOCUMENT_AGE_MS)
			rc = refuse(err, "it comes from the future: a clock is wrong");
		else
			facts_add_server(f, &s);
	}
	json_free(document);
	return rc;
}
