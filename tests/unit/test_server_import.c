#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "graph/base/base64.h"
#include "graph/base/clock.h"
#include "graph/base/digest.h"
#include "graph/base/file.h"
#include "graph/base/str.h"
#include "steps/server_import.h"
#include "steps/server_keep.h"
#include "steps/server_script.h"
#include "tests/unit/server_document.h"

#define HOUR_MS (60 * 60 * 1000LL)

static char dir[] = "/tmp/test_server_import.XXXXXX";
static int64_t now;

static int set_up(void **unused)
{
	struct err err = ERR_INIT;

	(void)unused;
	if (!mkdtemp(dir) || time_parse(SERVER_NOW, &now) < 0)
		return -1;
	return server_request_remember(dir, SERVER_NONCE, now, &err);
}

static int tear_down(void **unused)
{
	static const char *const names[] = { "servers.json", "server-requests.json", "in" };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *path = xasprintf("%s/%s", dir, names[i]);

		unlink(path);
		free(path);
	}
	return rmdir(dir);
}

/* Replaces a text of the healthy document and seals it as the script does. */
static char *sealed(const char *from, const char *to)
{
	CLEANUP(str_release) struct str text = { 0 };
	char hash[SHA256_TEXT];
	const char *at = from ? strstr(healthy_server, from) : NULL;

	assert_true(!from || at);
	if (at) {
		str_add_bytes(&text, healthy_server, (size_t)(at - healthy_server));
		str_add(&text, to);
		str_add(&text, at + strlen(from));
	} else {
		str_add(&text, healthy_server);
	}
	str_truncate(&text, text.len - 1);
	sha256_hex(text.buf, text.len, hash);
	str_addf(&text, ",\"sha256\":\"%s\"}", hash);
	return str_detach(&text);
}

static void digest(void **unused)
{
	char hash[SHA256_TEXT];

	(void)unused;	/* FIPS 180-4's example */
	assert_string_equal(sha256_hex("abc", 3, hash),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void refusals(void **unused)
{
	static const struct {
		const char *from, *to, *reason;	/* NULL reason: accepted */
		int64_t later_ms;
	} cases[] = {
		{ NULL, NULL, NULL, 0 },
		{ NULL, NULL, NULL, 23 * HOUR_MS },
		{ NULL, NULL, "it is 25 h old", 25 * HOUR_MS },
		{ NULL, NULL, "from the future", -25 * HOUR_MS },
		{ "server/1", "server/2", "not of the script of this version", 0 },
		{ SERVER_NONCE, "00000000-7922-42ea-abb4-ce3c673c7973", "no script with its number",
		  0 },
		{ "\"nonce\":", "\"none\":", "no script with its number", 0 },
		{ SERVER_TENANT, "00000000-c2fe-4f77-8e12-5385f4ac5093", "another tenant", 0 },
		{ "contoso.onmicrosoft", "fabrikam.onmicrosoft", "synchronises another tenant", 0 },
		{ "2026-11-25T10:00:00Z\",\"days", "yesterday\",\"days", "old", 0 },
		/* An hour wrong and more, but the document says how much. */
		{ "\"skewSeconds\":2", "\"skewSeconds\":-90000", "future", 0 },
		{ "\"skewSeconds\":2", "\"skewSeconds\":-90000", NULL, 25 * HOUR_MS },
	};
	const struct organization o = { .id = SERVER_TENANT,
					.initial_domain = "contoso.onmicrosoft.com" };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err err = ERR_INIT;
		struct json *j;
		char *text;

		text = sealed(cases[i].from, cases[i].to);
		j = server_document_verify(text, strlen(text), &o, dir, now + cases[i].later_ms, &err);
		if (!j != !!cases[i].reason)
			fail_msg("case %zu: %s", i, j ? "accepted" : err.msg);
		if (cases[i].reason) {
			assert_int_equal(err.kind, ERR_INVALID);
			if (!strstr(err.msg, cases[i].reason))
				fail_msg("case %zu: %s", i, err.msg);
			assert_true(*err.todo);
		}
		json_free(j);
		free(text);
	}
}

/* Each byte counts: cut anywhere, or one letter changed anywhere. */
static void tampering(void **unused)
{
	const struct organization o = { .id = SERVER_TENANT };
	char *text = sealed(NULL, NULL);
	size_t len = strlen(text);

	(void)unused;
	for (size_t i = 0; i < len; i += 7) {
		struct err err = ERR_INIT;
		char was = text[i];

		assert_null(server_document_verify(text, i, &o, dir, now, &err));
		text[i] = was == 'a' ? 'b' : 'a';
		assert_null(server_document_verify(text, len, &o, dir, now, &err));
		text[i] = was;
	}
	free(text);
}

/* As a file, as the block that the script shows, and as a console spoils it. */
static void packed(void **unused)
{
	CLEANUP(free_ptr) char *text = sealed(NULL, NULL);
	CLEANUP(str_release) struct str b64 = { 0 }, block = { 0 }, wide = { 0 };
	static const struct {
		const char *text, *reason;
	} bad[] = {
		{ "", "it is empty" },
		{ " \r\n\t", "it is empty" },
		{ "hello", "neither JSON nor the block" },
		{ SERVER_BLOCK_BEGIN "\nYWJj\n", "breaks off before its end" },
		{ SERVER_BLOCK_BEGIN "\n" SERVER_BLOCK_END, "not of it" },
		{ SERVER_BLOCK_BEGIN "\nPS C:\\> YWJj\n" SERVER_BLOCK_END, "not of it" },
	};

	(void)unused;
	base64_encode(&b64, text, strlen(text));
	str_add(&block, "PS C:\\> .\\server-script.ps1 -OutFile -\r\n" SERVER_BLOCK_BEGIN "\r\n");
	for (size_t i = 0; i < b64.len; i += 76)
		str_addf(&block, "%.76s\r\n", b64.buf + i);
	str_add(&block, SERVER_BLOCK_END "\r\nPS C:\\> ");
	str_add_bytes(&wide, "\xff\xfe", 2);
	for (size_t i = 0; i < block.len; i++)
		str_add_bytes(&wide, (const char[2]){ block.buf[i], 0 }, 2);
	for (int form = 0; form < 4; form++) {
		CLEANUP(str_release) struct str in = { 0 }, out = { 0 };
		struct err err = ERR_INIT;

		if (form == 1)
			str_add(&in, "\xef\xbb\xbf");
		if (form < 2)
			str_add(&in, text);
		else
			str_add_bytes(&in, form == 2 ? block.buf : wide.buf,
				      form == 2 ? block.len : wide.len);
		if (server_document_unpack(str_text(&in), in.len, &out, &err) < 0)
			fail_msg("form %d: %s", form, err.msg);
		assert_string_equal(str_text(&out), text);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		CLEANUP(str_release) struct str out = { 0 };
		struct err err = ERR_INIT;

		assert_int_equal(server_document_unpack(bad[i].text, strlen(bad[i].text), &out,
							&err), -1);
		if (!strstr(err.msg, bad[i].reason))
			fail_msg("case %zu: %s", i, err.msg);
	}
}

static void kept_and_loaded(void **unused)
{
	CLEANUP(free_ptr) char *path = xasprintf("%s/in", dir), *text = sealed(NULL, NULL);
	CLEANUP(free_ptr) char *kept = xasprintf("%s/servers.json", dir);
	struct err err = ERR_INIT;
	struct facts f;

	(void)unused;
	facts_init(&f);
	f.organization.id = SERVER_TENANT;
	assert_int_equal(server_load(dir, &f, now, &err), 0);
	assert_false(f.server.present);
	text = xrealloc(text, strlen(text) + 3);
	strncat(text, "\r\n", 3);
	assert_int_equal(file_write(path, text, strlen(text), &err), 0);
	assert_int_equal(server_import(path, dir, &f, now, &err), 0);
	assert_string_equal(f.server.where, "server SYNC01");
	assert_int_equal(f.server.writeback, SERVER_YES);
	facts_release(&f);
	facts_init(&f);
	f.organization.id = SERVER_TENANT;
	assert_int_equal(server_load(dir, &f, now, &err), 0);
	assert_string_equal(f.server.version, "2.6.84.0");
	/* The server's clock was two seconds ahead. */
	assert_true(f.server.collected_ms == now - 2000);
	assert_true(server_facts_stand(&f.server, now + 6 * 24 * HOUR_MS));
	assert_false(server_facts_stand(&f.server, now + 8 * 24 * HOUR_MS));
	assert_int_equal(file_write(kept, "{", 1, &err), 0);
	assert_int_equal(server_load(dir, &f, now, &err), -1);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digest),
		cmocka_unit_test(refusals),
		cmocka_unit_test(tampering),
		cmocka_unit_test(packed),
		cmocka_unit_test(kept_and_loaded),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
