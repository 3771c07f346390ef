#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "graph/base/file.h"
#include "graph/request_log.h"

static void test_excerpts(void **state)
{
	static const struct {
		const char *body, *want;
	} rows[] = {
		{ "{\"displayName\":\"A\"}", "{\"displayName\":\"A\"}" },
		{ "{\"password\": \"x\\\"y\",\"b\":\"c\"}", "{\"password\": \"***\",\"b\":\"c\"}" },
		{ "{\"a\":{\"access_token\":\"eyJ0", "{\"a\":{\"access_token\":\"***\"" },
		{ "[\"password\",\"x\"]", "[\"password\",\"x\"]" },
		{ "{\"passwordPolicies\":\"None\"}", "{\"passwordPolicies\":\"None\"}" },
		{ "plain \x1b[31m text", "plain \xef\xbf\xbd[31m text" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *got = request_log_excerpt(rows[i].body, strlen(rows[i].body));

		assert_string_equal(got, rows[i].want);
		free(got);
	}
	assert_null(request_log_excerpt("", 0));
}

static void test_a_long_body_is_cut(void **state)
{
	char *body = malloc(5000), *got;

	(void)state;
	memset(body, 'x', 5000);
	got = request_log_excerpt(body, 5000);
	assert_int_equal(strlen(got), REQUEST_EXCERPT_MAX);
	free(got);
	/* Cut inside of a secret, nothing of it is left. */
	memcpy(body, "{\"password\":\"", 13);
	got = request_log_excerpt(body, 5000);
	assert_string_equal(got, "{\"password\":\"***\"");
	free(got);
	free(body);
}

static void test_the_ring_lets_go(void **state)
{
	struct request_log *log = request_log_new();

	(void)state;
	for (int i = 0; i < REQUEST_LOG_MAX + 3; i++)
		request_log_add(log)->sent = request_log_excerpt("body", 4);
	assert_int_equal(log->n, REQUEST_LOG_MAX);
	assert_string_equal(request_log_at(log, 0)->sent, "body");
	request_log_free(log);
}

static void test_addresses(void **state)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "/v1.0/organization", "/v1.0/organization" },
		{ "/v1.0/groups?$filter=displayName eq 'Ann'&$select=id,displayName&$top=5",
		  "/v1.0/groups?$filter=***&$select=id,displayName&$top=5" },
		{ "/v1.0/users/ann@contoso.com/memberOf", "/v1.0/users/***/memberOf" },
		{ "/v1.0/users/ann%40contoso.com?$select=id", "/v1.0/users/***?$select=id" },
		{ "/v1.0/users/b7b3-11?$expand=manager", "/v1.0/users/b7b3-11?$expand=manager" },
		{ "/v1.0/users?$search=\"displayName:Ann\"&$count=true",
		  "/v1.0/users?$search=***&$count=true" },
		{ "/v1.0/users?$skiptoken=ann@contoso.com", "/v1.0/users?$skiptoken=***" },
		{ "/v1.0/users?ann", "/v1.0/users?ann" },
		{ "/v1.0/groups/1/members/$ref", "/v1.0/groups/1/members/$ref" },
		{ "?", "?" }, { "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str got = { 0 };

		request_log_address(&got, rows[i].path);
		assert_string_equal(str_text(&got), rows[i].want);
		str_release(&got);
	}
}

/* Appended, a line a request, and only the owner reads it: also of a file that
 * everybody could read. */
static void test_the_file(void **state)
{
	char path[] = "/tmp/sspr-request-log-XXXXXX";
	int fd = mkstemp(path);
	struct request_log *log = request_log_new();
	struct request_entry *e;
	struct err err = ERR_INIT;
	struct str text = { 0 };
	struct stat st;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "before\n", 7), 7);
	assert_int_equal(fchmod(fd, 0644), 0);
	close(fd);
	assert_int_equal(request_log_open(log, path, &err), 0);
	e = request_log_add(log);
	strcpy(e->method, "GET");
	e->path = strdup("/v1.0/users/ann@contoso.com");
	e->sent = strdup("{\"secret\":\"in the body\"}");
	e->status = 429;
	e->took_ms = 12;
	e->bytes = 345;
	e->attempt = 3;
	strcpy(e->request_id, "theirs");
	strcpy(e->client_request_id, "ours");
	strcpy(e->note, "throttled, waits 3 s");
	request_log_ended(log, e);
	assert_int_equal(request_log_check(log, &err), 0);
	assert_int_equal(file_read(path, 4096, &text, &err), 0);
	assert_string_equal(str_text(&text), "before\n1970-01-01T00:00:00Z GET /v1.0/users/*** "
			    "429 12 ms 345 bytes retries 2 request-id theirs client-request-id "
			    "ours throttled, waits 3 s\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	str_release(&text);
	request_log_free(log);
	unlink(path);
}

static void test_a_file_that_fails(void **state)
{
	struct request_log *log = request_log_new();
	struct request_entry *e;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(request_log_open(log, "/nowhere/at/all", &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	if (access("/dev/full", W_OK) == 0) {
		assert_int_equal(request_log_open(log, "/dev/full", &err), 0);
		e = request_log_add(log);
		e->path = strdup("/v1.0/me");
		request_log_ended(log, e);
		assert_int_equal(request_log_check(log, &err), -1);
		assert_int_equal(err.code, ENOSPC);
	}
	request_log_free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_excerpts),
		cmocka_unit_test(test_a_long_body_is_cut),
		cmocka_unit_test(test_the_ring_lets_go),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_the_file),
		cmocka_unit_test(test_a_file_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
