#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph/base/mem.h"
#include "graph/cloud.h"

/* The hosts of facts graph.md 10.9. */
static void test_names(void **state)
{
	static const struct {
		const char *name, *login, *graph;
		bool policy;
		const char *centre, *portal;
	} rows[] = {
		{ "global", "https://login.microsoftonline.com", "https://graph.microsoft.com", true,
		  "https://entra.microsoft.com", "https://main.iam.ad.ext.azure.com" },
		{ "usgov", "https://login.microsoftonline.us", "https://graph.microsoft.us", true,
		  "https://entra.microsoft.us", "" },
		{ "dod", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us", true,
		  "https://entra.microsoft.us", "" },
		{ "china", "https://login.chinacloudapi.cn",
		  "https://microsoftgraph.chinacloudapi.cn", false,
		  "https://entra.microsoftonline.cn", "" },
	};
	struct err err = ERR_INIT;
	struct cloud c;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(cloud_by_name(rows[i].name, &c, &err), 0);
		assert_string_equal(c.login, rows[i].login);
		assert_string_equal(c.graph, rows[i].graph);
		assert_int_equal(c.has_methods_policy, rows[i].policy);
		assert_int_equal(c.has_audit, rows[i].policy);
		assert_string_equal(c.admin_centre, rows[i].centre);
		assert_string_equal(c.portal, rows[i].portal);
		cloud_release(&c);
	}
	assert_int_equal(cloud_by_name("germany", &c, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
	assert_string_equal(err.msg, "there is no cloud \"germany\"");
	assert_string_equal(err.todo, "Use global, usgov, dod or china, or --cloud-file FILE.");
}

/* Reads text as a cloud file; what *err says is kept. */
static int read_text(const char *text, struct cloud *c, struct err *err)
{
	char path[] = "/tmp/cloud-XXXXXX";
	int fd = mkstemp(path), answer;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	answer = cloud_from_file(path, c, err);
	unlink(path);
	return answer;
}

static void test_file(void **state)
{
	struct err err = ERR_INIT;
	struct cloud c;

	(void)state;
	assert_int_equal(read_text("{\"login\":\"https://l.test/\",\"graph\":\"http://127.0.0.1:81\","
				   "\"portal\":\"https://p.test//\"}", &c, &err), 0);
	assert_string_equal(c.name, "file");
	assert_string_equal(c.login, "https://l.test");
	assert_string_equal(c.graph, "http://127.0.0.1:81");
	assert_string_equal(c.portal, "https://p.test");
	cloud_release(&c);
	/* The portal may be missing: then nothing is asked of it. */
	assert_int_equal(read_text("{\"login\":\"https://l.test\",\"graph\":\"https://g.test\"}",
				   &c, &err), 0);
	assert_string_equal(c.portal, "");
	cloud_release(&c);
}

static void test_refused_files(void **state)
{
	static const struct {
		const char *text, *says;
		enum err_kind kind;
	} rows[] = {
		{ "{\"login\":\"https://l.test\"}", "\"graph\" is missing", ERR_INVALID },
		{ "{\"login\":5,\"graph\":\"https://g.test\"}", "\"login\" is missing", ERR_INVALID },
		{ "{\"login\":\"https://l.test\",\"graph\":\"http://g.test\"}",
		  "\"graph\" must be https", ERR_INVALID },
		{ "{\"login\":\"https://l.test\",\"graph\":\"http://127.0.0.1.evil.test\"}",
		  "\"graph\" must be https", ERR_INVALID },
		{ "{\"login\":\"ftp://l.test\",\"graph\":\"https://g.test\"}",
		  "\"login\" must be https", ERR_INVALID },
		{ "{\"login\":\"https://u:p@l.test\",\"graph\":\"https://g.test\"}",
		  "\"login\" is not a base URL", ERR_INVALID },
		{ "{\"login\":\"https://l.test?x=\",\"graph\":\"https://g.test\"}",
		  "\"login\" is not a base URL", ERR_INVALID },
		{ "{\"login\":\"https://\",\"graph\":\"https://g.test\"}",
		  "\"login\" is not a base URL", ERR_INVALID },
		{ "{\"login\":\"https://l.test\",\"graph\":\"https:///v1.0\"}",
		  "\"graph\" is not a base URL", ERR_INVALID },
		{ "{\"login\":\"https://l.test\",\"graph\":\"https://:443\"}",
		  "\"graph\" is not a base URL", ERR_INVALID },
		{ "{\"login\":", "line 1", ERR_PARSE },
		{ "[]", "\"login\" is missing", ERR_INVALID },
	};
	struct cloud c;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = ERR_INIT;

		assert_int_equal(read_text(rows[i].text, &c, &err), -1);
		if (err.kind != rows[i].kind || !strstr(err.msg, rows[i].says))
			fail_msg("%s: %s", rows[i].text, err.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_refused_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
