#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checks/connect_version.h"
#include "checks/server_events.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"

/* Every id of facts on-premises.md 2.4, with how it is to be taken. */
static void every_id(void **unused)
{
	static const struct {
		int id;
		enum event_sign sign;
	} ids[] = {
		{ 31001, SIGN_NEUTRAL }, { 31002, SIGN_WELL }, { 31003, SIGN_ONCE },
		{ 31004, SIGN_NEUTRAL }, { 31005, SIGN_WELL }, { 31006, SIGN_NEUTRAL },
		{ 31007, SIGN_WELL }, { 31008, SIGN_ONCE }, { 31009, SIGN_NEUTRAL },
		{ 31010, SIGN_WELL }, { 31011, SIGN_ONCE }, { 31012, SIGN_NEUTRAL },
		{ 31013, SIGN_NEUTRAL }, { 31014, SIGN_BROKEN }, { 31015, SIGN_WELL },
		{ 31016, SIGN_NEUTRAL }, { 31017, SIGN_WELL }, { 31018, SIGN_WELL },
		{ 31019, SIGN_WELL }, { 31034, SIGN_BROKEN }, { 31044, SIGN_BROKEN },
		{ 32000, SIGN_BROKEN }, { 32001, SIGN_BROKEN }, { 32002, SIGN_BROKEN },
		{ 32003, SIGN_ONCE }, { 32004, SIGN_BROKEN }, { 32005, SIGN_BROKEN },
		{ 32007, SIGN_BROKEN }, { 32008, SIGN_BROKEN }, { 32009, SIGN_BROKEN },
		{ 32010, SIGN_BROKEN }, { 32011, SIGN_BROKEN }, { 32013, SIGN_BROKEN },
		{ 32014, SIGN_NEUTRAL }, { 32015, SIGN_BROKEN }, { 33001, SIGN_ONCE },
		{ 33002, SIGN_ONCE }, { 33003, SIGN_ONCE }, { 33004, SIGN_ONCE },
		{ 33005, SIGN_ONCE }, { 33006, SIGN_ONCE }, { 33007, SIGN_ONCE },
		{ 33008, SIGN_ONCE }, { 33009, SIGN_ONCE },
	};
	size_t n = 0;

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		const struct server_event *e = server_event_find(SOURCE_PASSWORD_RESET, ids[i].id);

		if (!e)
			fail_msg("%d is not there", ids[i].id);
		assert_int_equal(e->sign, ids[i].sign);
	}
	for (size_t i = 0; i < nserver_events; i++) {
		const struct server_event *e = &server_events[i];

		n += !strcmp(e->source, SOURCE_PASSWORD_RESET);
		assert_true(str_ends(e->meaning, "."));
		assert_non_null(e->remedy);
		assert_ptr_equal(server_event_find(e->source, e->id), e);
		if (e->sign == SIGN_ONCE || e->sign == SIGN_BROKEN)
			assert_true(*e->remedy);
	}
	assert_int_equal(n, COUNT_OF(ids));
	assert_null(server_event_find(SOURCE_PASSWORD_RESET, 31020));
	assert_null(server_event_find(SOURCE_ADSYNC, 31019));
	assert_non_null(server_event_find("adsync", 6329));
}

static void hints(void **unused)
{
	(void)unused;
	assert_non_null(strstr(server_event_hint("... The REMOTE certificate is invalid ..."),
			       "TLS inspection"));
	assert_non_null(strstr(server_event_hint("ERROR_ACCESS_DENIED"), "RestrictRemoteSam"));
	assert_null(server_event_hint("all is well"));
	assert_null(server_event_hint(NULL));
}

static void versions(void **unused)
{
	static const struct {
		const char *version, *now;
		enum version_state state;
	} cases[] = {
		{ "2.5.78.0", "2026-11-25T00:00:00Z", VERSION_TOO_OLD },
		{ "1.6.16.0", "2026-11-25T00:00:00Z", VERSION_TOO_OLD },
		{ "2.5.76.0", "2026-09-30T12:00:00Z", VERSION_UNSUPPORTED },
		{ "2.5.79.0", "2026-10-23T12:00:00Z", VERSION_ENDING },
		{ "2.5.79.0", "2026-10-24T12:00:00Z", VERSION_UNSUPPORTED },
		{ "2.5.190.0", "2026-11-25T00:00:00Z", VERSION_SUPPORTED },
		{ "2.5.190.0", "2026-12-20T00:00:00Z", VERSION_ENDING },
		{ "2.6.79.0", "2026-11-25T00:00:00Z", VERSION_RECALLED },
		{ "2.6.84.0", "2026-11-25T00:00:00Z", VERSION_SUPPORTED },
		{ "2.6.92.0", "2026-11-25T00:00:00Z", VERSION_NEWER },
		{ "2.10.0.0", "2026-11-25T00:00:00Z", VERSION_NEWER },
		{ "2.6.2.0", "2026-11-25T00:00:00Z", VERSION_SUPPORTED },
		{ "2.5.79", "2026-11-25T00:00:00Z", VERSION_UNSUPPORTED },
		{ "new", "2026-11-25T00:00:00Z", VERSION_UNREADABLE },
		{ "2", "2026-11-25T00:00:00Z", VERSION_UNREADABLE },
		{ "2.5.79.0.1", "2026-11-25T00:00:00Z", VERSION_UNREADABLE },
		{ "2.99999999999999999999.1.1", "2026-11-25T00:00:00Z", VERSION_UNREADABLE },
		{ NULL, "2026-11-25T00:00:00Z", VERSION_UNREADABLE },
	};
	struct arena arena = { 0 };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct version_answer a;
		int64_t now = 0;

		assert_int_equal(time_parse(cases[i].now, &now), 0);
		connect_version_judge(cases[i].version, now, &a, &arena);
		if (a.state != cases[i].state)
			fail_msg("%s at %s: %d, %s", cases[i].version ? cases[i].version : "none",
				 cases[i].now, a.state, a.text);
		assert_false(a.table_old);
		assert_true(str_ends(a.text, "."));
	}
	{
		struct version_answer a;
		int64_t now = 0;

		assert_int_equal(time_parse("2027-02-21T00:00:00Z", &now), 0);
		connect_version_judge("2.6.84.0", now, &a, &arena);
		assert_true(a.table_old);
		assert_int_equal(time_parse(CONNECT_AS_OF "T00:00:00Z", &now), 0);
		assert_true(now == CONNECT_AS_OF_MS);
	}
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_id),
		cmocka_unit_test(hints),
		cmocka_unit_test(versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
