#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/base/mem.h"
#include "graph/url.h"

static void test_encode(void **state)
{
	static const struct {
		const char *text, *segment, *odata;
	} rows[] = {
		{ "", "", "%27%27" },
		{ "abcXYZ019-._~", "abcXYZ019-._~", "%27abcXYZ019-._~%27" },
		{ "O'Brien", "O%27Brien", "%27O%27%27Brien%27" },
		{ "''", "%27%27", "%27%27%27%27%27%27" },
		{ "a b+c&d=e#f?g/h%", "a%20b%2Bc%26d%3De%23f%3Fg%2Fh%25",
		  "%27a%20b%2Bc%26d%3De%23f%3Fg%2Fh%25%27" },
		{ "\xc3\xbc", "%C3%BC", "%27%C3%BC%27" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str out = { 0 };

		url_encode(&out, rows[i].text);
		assert_string_equal(str_text(&out), rows[i].segment);
		str_clear(&out);
		url_odata_string(&out, rows[i].text);
		assert_string_equal(str_text(&out), rows[i].odata);
		str_release(&out);
	}
}

/* The hostile ones are those of facts sign-in-and-transport.md 8.9. */
static void test_next_links(void **state)
{
	static const char graph[] = "https://graph.microsoft.com";
	static const struct {
		const char *url;
		bool allowed;
	} rows[] = {
		{ "https://graph.microsoft.com/v1.0/users?$skiptoken=X", true },
		{ "https://GRAPH.Microsoft.COM/v1.0/users", true },
		{ "https://graph.microsoft.com:443/beta/x", true },
		{ "https://graph.microsoft.com/v2.0/users", false },
		{ "https://graph.microsoft.com/", false },
		{ "https://graph.microsoft.com/v1.0/../x/y", false },
		{ "http://graph.microsoft.com/v1.0/users", false },
		{ "https://graph.microsoft.com:8443/v1.0/users", false },
		{ "https://graph.microsoft.com.evil.test/v1.0/users", false },
		{ "https://evil.test/v1.0/users", false },
		{ "https://graph.microsoft.com@evil.test/v1.0/users", false },
		{ "https://user:pw@graph.microsoft.com/v1.0/users", false },
		{ "https://evil.test\\@graph.microsoft.com/v1.0/users", false },
		{ "https://evil.test#@graph.microsoft.com/v1.0/users", false },
		{ "https://graph.microsoft.com./v1.0/users", false },
		{ "https://graph.microsoft.com%2e/v1.0/users", false },
		{ "https://graph.microsoft.com\r\n.evil.test/v1.0/users", false },
		{ "//graph.microsoft.com/v1.0/users", false },
		{ "file:///v1.0/users", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (url_allowed(rows[i].url, graph) != rows[i].allowed)
			fail_msg("%s", rows[i].url);
	/* One cloud's token is not for another. */
	assert_false(url_allowed("https://graph.microsoft.com/v1.0/x", "https://graph.microsoft.us"));
	assert_false(url_allowed("https://dod-graph.microsoft.us/v1.0/x",
				 "https://graph.microsoft.us"));
	assert_false(url_allowed("https://graph.microsoft.us/v1.0/x",
				 "https://dod-graph.microsoft.us"));
	/* A cloud file may name a port, http on loopback, and a path. */
	assert_true(url_allowed("http://127.0.0.1:8080/v1.0/x", "http://127.0.0.1:8080"));
	assert_false(url_allowed("http://127.0.0.1:8081/v1.0/x", "http://127.0.0.1:8080"));
	assert_true(url_allowed("https://h.test/graph/v1.0/x", "https://h.test/graph"));
	assert_false(url_allowed("https://h.test/v1.0/x", "https://h.test/graph"));
	assert_false(url_allowed("https://h.test/graphv1.0/x", "https://h.test/graph"));
}

static void test_loopback(void **state)
{
	static const struct {
		const char *url;
		bool loopback;
	} rows[] = {
		{ "http://127.0.0.1:80/x", true },   { "https://localhost:1", true },
		{ "http://LOCALHOST/", true },	     { "http://[::1]:8080/", true },
		{ "http://127.8.9.10/", true },	     { "http://127.0.0.1.evil.test/", false },
		{ "http://127.1.2.3.4/", false },    { "http://localhost.evil.test/", false },
		{ "http://10.0.0.1/", false },	     { "http://x@127.0.0.1/", false },
		{ "http://[::2]/", false },	     { "http://graph.microsoft.com/", false },
		{ "http://127.0.0.1:80@10.0.0.1/", false }, { "http://localhost:1@evil.test/", false },
		{ "nonsense://", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (url_is_loopback(rows[i].url) != rows[i].loopback)
			fail_msg("%s", rows[i].url);
}

/* What may be asked in plain http without a proxy, beside this computer itself. */
static void test_link_local(void **state)
{
	static const struct {
		const char *url;
		bool link_local;
	} rows[] = {
		{ "http://169.254.169.254/metadata", true },
		{ "http://169.254.129.7:8081/msi/token", true },
		{ "http://169.254.169.254", true },
		{ "http://169.254.169.254:80@evil.test/", false },
		{ "http://169.254.169.254@evil.test/", false },
		{ "http://169.254.169.254.evil.test/", false },
		{ "http://169.254.evil.test/", false },
		{ "http://169.254.169.999/", false },
		{ "http://evil.test/169.254.169.254", false },
		{ "http://169.253.169.254/", false },
		{ "http://127.0.0.1/", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (url_is_link_local(rows[i].url) != rows[i].link_local)
			fail_msg("%s", rows[i].url);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_next_links),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_link_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
