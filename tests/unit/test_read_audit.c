#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "checks/read.h"
#include "graph/base/clock.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/io.h"

/* The fold of the audit log, page by page, with a script in place of graph/io.c. */
struct io {
	const char *const *pages;	/* JSON arrays with ' for ", NULL-terminated */
	size_t again;			/* how often the last page comes once more */
	size_t given;
	char path[600];
	bool answered;
	struct reply reply;
};

const struct reply *io_get(struct io *io, const char *path, unsigned flags)
{
	(void)io;
	(void)path;
	(void)flags;
	fail_msg("no get was expected");
	return NULL;
}

const struct reply *io_post(struct io *io, const char *path, const struct json *body)
{
	(void)body;
	return io_get(io, path, 0);
}

static bool give(struct io *io, const char *page,
		 bool (*fold)(void *acc, const struct json *value), void *acc)
{
	struct err err = ERR_INIT;
	char *text = xstrdup(page);
	struct json *value;
	bool ret;

	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	value = json_parse(text, strlen(text), &err);
	if (!value)
		fail_msg("%s", err.msg);
	io->given++;
	ret = fold(acc, value);
	json_free(value);
	free_ptr(&text);
	return ret;
}

const struct reply *io_scan(struct io *io, const char *path, unsigned flags,
			    bool (*fold)(void *acc, const struct json *value), void *acc)
{
	bool more = true;

	(void)flags;
	if (io->answered) {
		/* The path must not change while "now" goes on. */
		assert_string_equal(io->path, path);
		return &io->reply;
	}
	snprintf(io->path, sizeof(io->path), "%s", path);
	for (size_t i = 0; more && io->pages[i]; i++)
		more = give(io, io->pages[i], fold, acc);
	for (size_t i = 0; more && i < io->again; i++)
		more = give(io, io->pages[0], fold, acc);
	io->answered = true;
	io->reply.status = 200;
	return NULL;
}

static void read_audit(struct facts *f, struct io *io)
{
	struct wanted w;
	int rounds = 0;

	wanted_runbook(&w);
	facts_init(f);
	f->now_ms = 1795600800000LL;
	while (facts_read_areas(f, AREA_BIT(AREA_AUDIT), &w, io) == READ_AGAIN) {
		f->now_ms += 24 * 60 * 60 * 1000LL;
		assert_true(++rounds < 5);
	}
	assert_int_equal(f->source[AREA_AUDIT].state, SOURCE_READ);
}

#define EVENT(activity, result, reason, time, correlation, more)			\
	"{'activityDisplayName':'" activity "','result':'" result "','resultReason':'"	\
	reason "','activityDateTime':'" time "','correlationId':'" correlation "',"	\
	"'initiatedBy':{'user':{'userPrincipalName':'ann@contoso.com'}}" more "}"
#define AGENT(name) ",'additionalDetails':[{'key':'onPremisesAgent','value':'" name "'}]"
#define CHANGE(name, old, new)								\
	",'targetResources':[{'modifiedProperties':[{'displayName':'" name "',"		\
	"'oldValue':'" old "','newValue':'" new "'}]}]"

static void test_kinds(void **state)
{
	static const char *const pages[] = {
		"[" EVENT("Reset password (self-service)", "success", "Done",
			  "2026-11-24T10:00:00.1234567Z", "c1",
			  AGENT("Microsoft Entra Connect")) ","
		EVENT("RESET PASSWORD (SELF-SERVICE)", "failure",
		      "We could not reach your on-premises password reset service.",
		      "2026-11-23T10:00:00Z", "c2", AGENT("None")) ","
		EVENT("Self-serve password reset flow activity progress", "success",
		      "User submitted their user ID", "2026-11-22T10:00:00Z", "c3", "") "]",
		"[" EVENT("Enable password writeback for directory", "success", "",
			  "2026-11-21T10:00:00Z", "c4", "") ","
		EVENT("Disable password writeback for directory", "success", "",
		      "2026-11-20T10:00:00Z", "c5", "") ","
		EVENT("Blocked from self-service password reset", "success", "",
		      "2026-11-19T10:00:00Z", "c6", "") ","
		EVENT("Something new", "success", "", "2026-11-18T10:00:00Z", "c7", "") "]",
		NULL,
	};
	static const enum event_kind kinds[] = {
		EVENT_RESET, EVENT_RESET, EVENT_FLOW, EVENT_WRITEBACK_ON, EVENT_WRITEBACK_OFF,
		EVENT_BLOCKED, EVENT_OTHER,
	};
	struct io io = { .pages = pages };
	struct facts f;
	int64_t ms = 0;

	(void)state;
	read_audit(&f, &io);
	assert_int_equal(f.audit.n, COUNT_OF(kinds));
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		assert_int_equal(f.audit.v[i].kind, kinds[i]);
	assert_int_equal(f.audit.resets, 1);
	assert_int_equal(f.audit.reset_failures, 1);
	assert_int_equal(f.audit.written_back, 1);
	assert_int_equal(f.audit.blocked, 1);
	assert_int_equal(f.audit.flows, 3);
	assert_false(f.audit.truncated);
	assert_string_equal(f.audit.v[0].agent, "Microsoft Entra Connect");
	assert_null(f.audit.v[1].agent);
	time_parse("2026-11-21T10:00:00Z", &ms);
	assert_int_equal(f.audit.writeback_on_ms, ms);
	time_parse("2026-11-23T10:00:00Z", &ms);
	assert_int_equal(f.audit.last_writeback_failure_ms, ms);
	assert_non_null(strstr(io.path, "ge%202026-10-26T00:00:00Z"));
	facts_release(&f);
}

/* Names of the changed properties are not documented: several are understood,
 * the newest event of each wins, and a failed change changes nothing. */
static void test_policy_values(void **state)
{
	static const char *const pages[] = {
		"[" EVENT("Self-service password reset policy changes", "failure", "",
			  "2026-11-25T10:00:00Z", "c0", CHANGE("enablementType", "1", "2")) ","
		EVENT("Self-service password reset policy changes", "success", "",
		      "2026-11-24T10:00:00Z", "c1", CHANGE("EnablementType", "[\\'0\\']", "[\\'1\\']"))
		","
		EVENT("Self-service password reset policy changes", "success", "",
		      "2026-11-23T10:00:00Z", "c2", CHANGE("enablementType", "2", "0")) ","
		EVENT("Another name for it", "success", "", "2026-11-22T10:00:00Z", "c3",
		      CHANGE("Number of methods required to reset", "1", "2")) ","
		EVENT("Another name for it", "success", "", "2026-11-22T10:00:00Z", "c4",
		      CHANGE("notifyOnAdminPasswordReset", "false", "true")) ","
		EVENT("Another name for it", "success", "", "2026-11-22T10:00:00Z", "c5",
		      CHANGE("Unheard of", "false", "true")) "]",
		NULL,
	};
	struct io io = { .pages = pages };
	struct facts f;

	(void)state;
	read_audit(&f, &io);
	assert_string_equal(f.audit.scope.new_value, "1");
	assert_string_equal(f.audit.scope.old_value, "0");
	assert_string_equal(f.audit.scope.actor, "ann@contoso.com");
	assert_string_equal(f.audit.methods_required.new_value, "2");
	assert_string_equal(f.audit.notify_admins.new_value, "true");
	assert_int_equal(f.audit.notify_users.time_ms, 0);
	for (size_t i = 0; i < f.audit.n; i++)
		assert_int_equal(f.audit.v[i].kind, EVENT_POLICY);
	facts_release(&f);
}

/* Each name that the portal's API or its pages give a setting reaches that setting
 * and no other (facts portal-api.md 1.2, 1.3). */
static void test_policy_names(void **state)
{
	static const struct {
		const char *name;
		size_t value;		/* offset of its policy_value; 0 for none */
	} names[] = {
#define IS(member) offsetof(struct audit, member)
		{ "enablementType", IS(scope) },
		{ "PasswordResetPolicy.EnablementType", IS(scope) },
		{ "Self service password reset enabled", IS(scope) },
		{ "Self-service password reset enabled", IS(scope) },
		{ "SelfServicePasswordResetEnabled", IS(scope) },
		{ "passwordResetEnabledGroupIds", IS(scope_group) },
		{ "passwordResetEnabledGroupName", 0 },
		{ "numberOfAuthenticationMethodsRequired", IS(methods_required) },
		{ "Number of methods required to reset", IS(methods_required) },
		{ "MethodsRequired", IS(methods_required) },
		{ "registrationRequiredOnSignIn", IS(registration_required) },
		{ "Require users to register when signing in?", IS(registration_required) },
		{ "registrationReconfirmIntevalInDays", IS(reconfirm_days) },
		{ "registrationReconfirmIntervalInDays", IS(reconfirm_days) },
		{ "Number of days before users are asked to re-confirm", IS(reconfirm_days) },
		{ "notifyUsersOnPasswordReset", IS(notify_users) },
		{ "Notify users on password resets?", IS(notify_users) },
		{ "notifyOnAdminPasswordReset", IS(notify_admins) },
		{ "NotifyAdmins", IS(notify_admins) },
		{ "Notify all admins when other admins reset their password?",
		  IS(notify_admins) },
		{ "customizeHelpdeskLink", IS(helpdesk_on) },
		{ "Customize helpdesk link?", IS(helpdesk_on) },
		{ "customHelpdeskEmailOrUrl", IS(helpdesk) },
		{ "Custom helpdesk email or URL", IS(helpdesk) },
		{ "passwordWritebackSupported", IS(writeback) },
		{ "passwordWriteBackSupported", IS(writeback) },
		{ "Write back passwords to your on-premises directory?", IS(writeback) },
		{ "accountUnlockEnabled", IS(unlock) },
		{ "Allow users to unlock accounts without resetting their password?",
		  IS(unlock) },
		{ "accountUnlockSupported", 0 },
		{ "emailOptionEnabled", 0 },
		{ "numberOfQuestionsToReset", 0 },
#undef IS
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		CLEANUP(str_release) struct str page = { 0 };
		const char *pages[] = { NULL, NULL };
		struct io io = { .pages = pages };
		struct facts f;
		size_t values = 0;

		str_addf(&page, "[" EVENT("Any name", "success", "", "2026-11-24T10:00:00Z", "c1",
					  CHANGE("%s", "old", "new")) "]", names[i].name);
		pages[0] = str_text(&page);
		read_audit(&f, &io);
		for (const struct policy_value *v = &f.audit.scope; v <= &f.audit.helpdesk; v++)
			values += v->time_ms != 0;
		assert_int_equal(values, names[i].value != 0);
		if (names[i].value) {
			const struct policy_value *v = (const struct policy_value *)
				((const char *)&f.audit + names[i].value);

			if (!v->time_ms)
				fail_msg("%s is taken for something else", names[i].name);
			assert_string_equal(v->new_value, "new");
		}
		facts_release(&f);
	}
}

/* A busy tenant: we stop after some pages and say so. */
static void test_cap(void **state)
{
	static const char *const pages[] = {
		"[" EVENT("Reset password (self-service)", "success", "Done",
			  "2026-11-24T10:00:00Z", "c1", "") "]",
		NULL,
	};
	struct io io = { .pages = pages, .again = 1000 };
	struct facts f;

	(void)state;
	read_audit(&f, &io);
	assert_true(f.audit.truncated);
	assert_int_equal(io.given, f.audit.pages);
	assert_true(io.given <= 20);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_policy_values),
		cmocka_unit_test(test_policy_names),
		cmocka_unit_test(test_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
