#include "steps/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

static char dir[64], conf[128], base[128];

static int make_dir(void **state)
{
	char sub[96];

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/sspr-profile-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(sub, sizeof(sub), "%s/sspr-wizard", dir);
	mkdir(sub, 0700);
	snprintf(conf, sizeof(conf), "%s/contoso.conf", sub);
	snprintf(base, sizeof(base), "%s/base.ini", dir);
	return setenv("XDG_CONFIG_HOME", dir, 1);
}

static int remove_dir(void **state)
{
	char sub[96];

	(void)state;
	unlink(conf);
	unlink(base);
	snprintf(sub, sizeof(sub), "%s/sspr-wizard", dir);
	rmdir(sub);
	return rmdir(dir);
}

static void put(const char *path, const char *text)
{
	struct err err = ERR_INIT;

	assert_int_equal(file_write(path, text, strlen(text), &err), 0);
}

static void test_every_key(void **state)
{
	struct profile p;
	struct err err = ERR_INIT;

	(void)state;
	put(conf, "# Contoso\n[tenant]\ntenant = contoso.com\nclient-id = 11-22\ncloud = usgov\n"
		  "auth = secret\n[wanted]\nbaseline = runbook\ngroup = Pilot \xc3\xa4\n"
		  "members = /tmp/people.csv\nmethods-required = 2\nauthenticator = yes\n"
		  "sms = no\nemail = on\nwriteback = off\nadmins = false\nnotify-users = 1\n"
		  "notify-admins = 0\nregistration-required = no\nreconfirm-days = 90\n"
		  "unlock = yes\nhelp-desk = help@contoso.com\n[limits]\nsync-warn-hours = 2\nsync-fail-hours = 48\n"
		  "registered-percent = 95\nready-percent = 60\n[safety]\nread-only = yes\nportal-api = yes\n"
		  "beta = yes\n");
	if (profile_load(&p, "contoso", &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(p.tenant, "contoso.com");
	assert_string_equal(p.client_id, "11-22");
	assert_string_equal(p.cloud, "usgov");
	assert_string_equal(p.auth, "secret");
	assert_string_equal(p.members_file, "/tmp/people.csv");
	assert_string_equal(p.wanted.group_name, "Pilot \xc3\xa4");
	assert_string_equal(p.wanted.baseline, "runbook");
	assert_int_equal(p.wanted.methods_required, 2);
	assert_true(p.wanted.method[METHOD_AUTHENTICATOR]);
	assert_false(p.wanted.method[METHOD_SMS]);
	assert_true(p.wanted.method[METHOD_EMAIL]);
	assert_false(p.wanted.writeback);
	assert_false(p.wanted.admins_may_reset);
	assert_true(p.wanted.notify_users);
	assert_false(p.wanted.notify_admins);
	assert_int_equal(p.wanted.registration_required, TRI_NO);
	assert_int_equal(p.wanted.reconfirm_days, 90);
	assert_int_equal(p.wanted.unlock, TRI_YES);
	assert_string_equal(p.wanted.helpdesk, "help@contoso.com");
	assert_int_equal(p.wanted.sync_warn_hours, 2);
	assert_int_equal(p.wanted.sync_fail_hours, 48);
	assert_int_equal(p.wanted.registered_percent, 95);
	assert_int_equal(p.wanted.ready_percent, 60);
	assert_true(p.read_only);
	assert_true(p.portal_api);
	assert_int_equal(p.wanted.beta, TRI_YES);
	profile_release(&p);
}

static void test_bad_lines(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "[wanted]\n\nsmss = no\n", "contoso.conf:3: there is no key \"smss\" in [wanted]" },
		{ "[tenant]\nsms = no\n", ":2: there is no key \"sms\" in [tenant]" },
		{ "[wanted]\nsms = maybe\n", ":2: sms is yes or no, not \"maybe\"" },
		{ "[wanted]\nmethods-required = 3\n", ":2: methods-required is a number from 1 to 2" },
		{ "[wanted]\nmethods-required = 1x\n", ":2: methods-required is a number" },
		{ "[wanted]\ngroup =\n", ":2: group has no value" },
		{ "[wanted]\nnonsense\n", ":2: neither [section] nor key = value" },
		{ "[limits]\nsync-warn-hours = 9\nsync-fail-hours = 3\n", "is less than" },
		{ "[wanted]\nreconfirm-days = 731\n", ":2: reconfirm-days is a number from 0" },
		{ "[wanted]\nhelp-desk = http://x\n", ":2: help-desk is a mail address" },
		{ "[safety]\nno-beta = yes\n", ":2: there is no key \"no-beta\" in [safety]" },
		{ "[safety]\nbeta = perhaps\n", ":2: beta is yes or no" },
		{ "[wanted]\nunlock = perhaps\n", ":2: unlock is yes or no" },
		{ "[wanted]\nbaseline = /nonexistent\n", "the baseline" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct profile p;
		struct err err = ERR_INIT;

		put(conf, rows[i].text);
		if (profile_load(&p, "contoso", &err) == 0 || !strstr(err.msg, rows[i].says))
			fail_msg("%s: %s", rows[i].text, err.msg);
	}
}

/* Letters count, not bytes. */
static void test_group_name(void **state)
{
	static const struct {
		int letters;
		const char *letter, *says;
	} rows[] = {
		{ 1, "x", NULL }, { 256, "x", NULL }, { 256, "\xc3\xa4", NULL },
		{ 257, "x", "has 257 characters" }, { 257, "\xc3\xa4", "has 257 characters" },
		{ 3, " ", "is blank" }, { 0, "", "is blank" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(str_release) struct str name = { 0 };
		struct err err = ERR_INIT;

		for (int n = 0; n < rows[i].letters; n++)
			str_add(&name, rows[i].letter);
		if (group_name_check(str_text(&name), &err) < 0)
			assert_non_null(strstr(err.msg, rows[i].says));
		else
			assert_null(rows[i].says);
	}
}

/* A profile whose third line has so many bytes. */
static void put_long(size_t bytes)
{
	CLEANUP(str_release) struct str text = { 0 };
	size_t end = strlen("; x\n[report]\n") + bytes;

	str_add(&text, "; x\n[report]\ntitle = ");
	while (text.len < end)
		str_add(&text, "t");
	str_add(&text, "\n[wanted]\nsms = no\n");
	put(conf, str_text(&text));
}

/* A line is read whole or refused, and may be set in. */
static void test_lines(void **state)
{
	struct err err = ERR_INIT;
	struct profile p;

	(void)state;
	put(conf, "\t[wanted]\n  group = G\n\tsms = no\n   ; sms = yes\n  email = no");
	assert_int_equal(profile_load(&p, "contoso", &err), 0);
	assert_string_equal(p.wanted.group_name, "G");
	assert_false(p.wanted.method[METHOD_SMS]);
	assert_false(p.wanted.method[METHOD_EMAIL]);
	profile_release(&p);
	put_long(198);
	assert_int_equal(profile_load(&p, "contoso", &err), 0);
	assert_int_equal(strlen(p.title), 198 - strlen("title = "));
	assert_false(p.wanted.method[METHOD_SMS]);
	profile_release(&p);
	put_long(199);
	assert_int_equal(profile_load(&p, "contoso", &err), -1);
	assert_non_null(strstr(err.msg, "contoso.conf:3: the line has 199 bytes"));
}

static void test_missing(void **state)
{
	struct profile p;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(profile_load(&p, NULL, &err), 0);
	assert_string_equal(p.wanted.group_name, "SSPR-Enabled-Users");
	assert_null(p.tenant);
	profile_release(&p);
	assert_int_equal(profile_load(&p, "nobody", &err), -1);
	assert_int_equal(profile_load(&p, "../contoso", &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
}

/* Runbook, then baseline, then the profile's own. */
static void test_baseline(void **state)
{
	struct profile p;
	struct err err = ERR_INIT;
	char text[256];

	(void)state;
	put(base, "[wanted]\nsms = no\nadmins = no\n[limits]\nregistered-percent = 50\n");
	snprintf(text, sizeof(text), "[wanted]\nadmins = yes\nbaseline = %s\ngroup = G\n", base);
	put(conf, text);
	if (profile_load(&p, "contoso", &err) < 0)
		fail_msg("%s", err.msg);
	assert_false(p.wanted.method[METHOD_SMS]);
	assert_true(p.wanted.admins_may_reset);
	assert_int_equal(p.wanted.registered_percent, 50);
	assert_string_equal(p.wanted.baseline, base);
	/* The option wins over all of the profile but the group. */
	assert_int_equal(profile_baseline(&p, "runbook", &err), 0);
	assert_true(p.wanted.method[METHOD_SMS]);
	assert_string_equal(p.wanted.group_name, "G");
	assert_string_equal(p.wanted.baseline, "runbook");
	profile_release(&p);
	put(base, "[tenant]\ntenant = x\n");
	assert_int_equal(profile_load(&p, "contoso", &err), -1);
}

static void test_report_keys(void **state)
{
	struct err err = ERR_INIT;
	char text[256];
	struct profile p;

	(void)state;
	assert_int_equal(file_write(base, "\x89PNG\r\n\x1a\nxx", 10, &err), 0);
	snprintf(text, sizeof(text), "[report]\ntitle = Our report\nlogo = %s\n", base);
	put(conf, text);
	assert_int_equal(profile_load(&p, "contoso", &err), 0);
	assert_string_equal(p.title, "Our report");
	assert_string_equal(p.logo, "data:image/png;base64,iVBORw0KGgp4eA==");
	profile_release(&p);

	put(base, "<svg onload='alert(1)'/>");
	assert_int_equal(profile_load(&p, "contoso", &err), -1);
	assert_non_null(strstr(err.msg, "neither PNG nor JPEG"));
}

static void test_accepted(void **state)
{
	struct err err = ERR_INIT;
	struct profile p;

	(void)state;
	put(conf, "[wanted]\nbaseline = scuba\n[accepted]\n"
		  "health.sms-only = until the keys are here; J. Doe; 2027-01-31\n");
	assert_int_equal(profile_load(&p, "contoso", &err), 0);
	assert_string_equal(p.wanted.baseline, "runbook");
	assert_string_equal(p.wanted.benchmark, "scuba");
	assert_int_equal(p.wanted.naccepted, 1);
	assert_string_equal(p.wanted.accepted[0].id, "health.sms-only");
	assert_string_equal(p.wanted.accepted[0].reason, "until the keys are here");
	assert_string_equal(p.wanted.accepted[0].owner, "J. Doe");
	profile_release(&p);

	put(conf, "[accepted]\nhealth.sms-only = because\n");
	assert_int_equal(profile_load(&p, "contoso", &err), -1);
	assert_non_null(strstr(err.msg, "reason; owner; YYYY-MM-DD"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, make_dir, remove_dir)

/* What people wrote stays; only the two keys are set. */
static void test_the_sign_in_is_saved(void **state)
{
	static const struct {
		const char *before, *after;
	} rows[] = {
		{ "", "[tenant]\ntenant = T\nclient-id = C\n" },
		{ "# mine\n[tenant]\n# old\ntenant = old\nclient-id=x\ncloud = usgov\n[safety]\n"
		  "read-only = yes\n",
		  "# mine\n[tenant]\ntenant = T\nclient-id = C\n# old\ncloud = usgov\n[safety]\n"
		  "read-only = yes\n" },
		{ "[wanted]\ngroup = G", "[wanted]\ngroup = G\n[tenant]\ntenant = T\n"
		  "client-id = C\n" },
		{ "[wanted]\ntenant = not this one\n", "[wanted]\ntenant = not this one\n"
		  "[tenant]\ntenant = T\nclient-id = C\n" },
		{ "[tenant]\n\ttenant : old\ntenants = 2\n", "[tenant]\ntenant = T\n"
		  "client-id = C\ntenants = 2\n" },
	};
	struct err err = ERR_INIT;
	struct stat st;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str text = { 0 };

		unlink(conf);
		if (*rows[i].before)
			put(conf, rows[i].before);
		assert_int_equal(profile_save_sign_in("contoso", "T", "C", &err), 0);
		assert_int_equal(file_read(conf, 4096, &text, &err), 0);
		assert_string_equal(str_text(&text), rows[i].after);
		/* Twice is once. */
		assert_int_equal(profile_save_sign_in("contoso", "T", "C", &err), 0);
		str_clear(&text);
		assert_int_equal(file_read(conf, 4096, &text, &err), 0);
		assert_string_equal(str_text(&text), rows[i].after);
		assert_int_equal(stat(conf, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		str_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_key),
		TEST(test_bad_lines),
		TEST(test_group_name),
		TEST(test_lines),
		TEST(test_missing),
		TEST(test_baseline),
		TEST(test_report_keys),
		TEST(test_accepted),
		cmocka_unit_test(test_the_sign_in_is_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
