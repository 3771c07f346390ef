#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/mem.h"
#include "graph/sign_in/sign_in_error.h"

#define TAIL " Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-11-26 10:00:00Z"

static struct err of(int status, const char *text)
{
	struct err err = ERR_INIT, parse = ERR_INIT;
	struct json *answer = text ? json_parse(text, strlen(text), &parse) : NULL;

	sign_in_error(&err, status, answer);
	json_free(answer);
	assert_int_equal(err.kind, ERR_AUTH);
	assert_int_equal(err.code, status);
	return err;
}

static void codes_are_put_plainly(void **unused)
{
	static const struct {
		const char *answer, *says, *code, *todo;
	} cases[] = {
		{ "{\"error\":\"invalid_client\",\"error_codes\":[7000215],\"trace_id\":\"t-1\"}",
		  "sign-in failed: the client secret is wrong (AADSTS7000215)", "AADSTS7000215",
		  "Paste the secret's value, not its id, into AZURE_CLIENT_SECRET." },
		/* The last code of a row, and one that only the text names. */
		{ "{\"error_description\":\"AADSTS70044: The session has expired." TAIL
		  "\",\"trace_id\":\"t-1\"}",
		  "sign-in failed: the session was revoked or has expired (AADSTS70044)",
		  "AADSTS70044", "Sign in again." },
		/* A code we do not know: the service's own words. */
		{ "{\"error_codes\":[4242],\"error_description\":\"AADSTS4242: The moon is full."
		  TAIL "\",\"trace_id\":\"t-1\"}",
		  "sign-in failed: AADSTS4242: The moon is full.", "AADSTS4242",
		  "https://login.microsoftonline.com/error?code=4242 says more." },
		{ "{\"error\":\"access_denied\",\"trace_id\":\"t-1\"}",
		  "sign-in failed: the service answered \"access_denied\"", "",
		  "Sign in again; if it stays, check the app registration." },
		{ "{\"error\":\"invalid_grant\",\"suberror\":\"consent_required\","
		  "\"error_codes\":[70000],\"trace_id\":\"t-1\"}",
		  "sign-in failed: nobody consented to the permissions of the application "
		  "(AADSTS70000)", "AADSTS70000",
		  "Let an administrator grant consent under API permissions." },
		{ "{\"trace_id\":\"t-1\"}", "sign-in failed: the service answered 400", "",
		  "Try again in a few minutes; if it stays, check the proxy." },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err err = of(400, cases[i].answer);

		assert_string_equal(err.msg, cases[i].says);
		assert_string_equal(err.graph_code, cases[i].code);
		assert_string_equal(err.todo, cases[i].todo);
		assert_string_equal(err.request_id, "t-1");
	}
}

static void no_code_is_zero(void **unused)
{
	struct err err = of(502, NULL);

	(void)unused;
	assert_string_equal(err.msg, "sign-in failed: the service answered 502 without a readable "
			    "reason");
	assert_string_equal(err.graph_code, "");
}

static void a_refusing_policy_is_named(void **unused)
{
	struct err err = of(400, "{\"error\":\"invalid_grant\",\"suberror\":\"message_only\","
			    "\"error_codes\":[53003],\"claims\":\"{\\\"access_token\\\":{"
			    "\\\"capolids\\\":{\\\"essential\\\":true,\\\"values\\\":["
			    "\\\"5a7e8b1c-0000-4000-8000-00000000c0de\\\"]}}}\"}");

	(void)unused;
	assert_string_equal(err.msg, "sign-in failed: Conditional Access or security defaults "
			    "block this sign-in, by the policy "
			    "5a7e8b1c-0000-4000-8000-00000000c0de (AADSTS53003)");
	/* Claims that are none are passed over. */
	err = of(400, "{\"error_codes\":[53003],\"claims\":\"{nonsense\"}");
	assert_string_equal(err.msg, "sign-in failed: Conditional Access or security defaults "
			    "block this sign-in (AADSTS53003)");
}

static void consent_has_an_address(void **unused)
{
	static const struct {
		const char *answer;
		bool consent;
	} cases[] = {
		{ "{\"error_codes\":[65001]}", true },
		{ "{\"error_codes\":[90094]}", true },
		{ "{\"error_codes\":[90095]}", true },
		{ "{\"error\":\"invalid_grant\",\"suberror\":\"consent_required\","
		  "\"error_codes\":[70000]}", true },
		{ "{\"error\":\"invalid_grant\",\"error_codes\":[70000]}", false },
		{ "{\"error_codes\":[65004]}", false },
		{ "{\"error_codes\":[53003]}", false },
		{ "{\"error\":\"access_denied\"}", false },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err err = of(400, cases[i].answer), before = err;

		sign_in_error_consent(&err, "https://login.microsoftonline.us/"
				      "00000000-1111-4222-8333-444444444444/oauth2/v2.0/token",
				      "0f8fad5b-d9cb-469f-a165-70867728950e");
		assert_string_equal(err.msg, before.msg);
		assert_string_equal(err.todo, cases[i].consent ? "Let an administrator grant consent "
				    "under API permissions, or at https://login.microsoftonline.us/"
				    "00000000-1111-4222-8333-444444444444/adminconsent?client_id="
				    "0f8fad5b-d9cb-469f-a165-70867728950e" : before.todo);
	}
}

/* Every code of facts sign-in-and-transport.md 7 has its sentence, and each
 * says what to do. */
static void every_code_of_the_facts_is_there(void **unused)
{
	static const int codes[] = {
		50020, 90072, 50034, 50053, 50055, 50144, 50057, 50058, 50059, 50128, 50072, 50079,
		50074, 50076, 50158, 50078, 50097, 50129, 53000, 53001, 530033, 50105, 50126,
		50131, 53003, 530032, 530035, 50133, 50173, 700082, 70008, 70043, 70044, 50194,
		50196, 50199, 500011, 650052, 500014, 7000112, 500021, 500022, 50002, 50011, 70004,
		50012, 700027, 50013, 500133, 700024, 700023, 700022, 501481, 50147, 53011, 65001,
		65002, 65004, 650053, 650056, 650057, 90094, 90095, 7000215, 7000222, 7000218,
		700025, 700016, 7000229, 70011, 28002, 70016, 70019, 70039, 90002, 9001023, 90033,
		90006, 90024, 50033, 90090, 90055, 1002016, 70018, 50189, 70035, 7000014, 90119,
		90120, 70033, 70034, 50134, 90136,
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		char answer[128], tail[32];
		struct err err;

		snprintf(answer, sizeof(answer), "{\"error_codes\":[%d],"
			 "\"error_description\":\"its own words\"}", codes[i]);
		snprintf(tail, sizeof(tail), " (AADSTS%d)", codes[i]);
		err = of(400, answer);
		if (codes[i] == 700022 || codes[i] == 700023) {
			assert_true(str_ends(err.msg, "): its own words"));
			continue;
		}
		assert_true(str_ends(err.msg, tail));
		assert_null(strstr(err.msg, "its own words"));
		assert_true(str_ends(err.todo, "."));
		assert_null(strstr(err.todo, "error?code"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_put_plainly),
		cmocka_unit_test(no_code_is_zero),
		cmocka_unit_test(a_refusing_policy_is_named),
		cmocka_unit_test(consent_has_an_address),
		cmocka_unit_test(every_code_of_the_facts_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
