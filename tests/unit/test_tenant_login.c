#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/asked.h"

#define LOGIN "https://login.microsoftonline.com/"
#define CLIENT "client_id=6e74172b-be56-4843-9ff4-e66a39bb12e3"
#define DEFAULT_SCOPE "&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"

static int login(struct asked *a, const char *tenant, const char *what, const char *form)
{
	char *url = xasprintf(LOGIN "%s/oauth2/v2.0/%s", tenant, what);
	int status = ask_body(a, ASK_NO_TOKEN | ASK_FORM, "POST", url, form);

	free(url);
	return status;
}

static void use_token(struct asked *a)
{
	free(a->token);
	a->token = xstrdup(json_string(a->json, "access_token"));
	assert_non_null(a->token);
}

static void an_application_signs_in(void **unused)
{
	struct asked a = ask_open("contoso", 0);

	(void)unused;
	assert_int_equal(login(&a, tenant_id(a.t), "token", CLIENT "&grant_type=client_credentials"
			       "&client_secret=demo-secret" DEFAULT_SCOPE), 200);
	assert_string_equal(json_string(a.json, "token_type"), "Bearer");
	assert_int_equal(json_int(a.json, "expires_in", 0), 3599);
	assert_false(json_has(a.json, "refresh_token"));
	use_token(&a);
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 200);
	assert_int_equal(ask(&a, 0, "/v1.0/me"), 400);
	assert_string_equal(a.message,
			    "/me request is only valid with delegated authentication flow.");
	/* Signing in is no request to Graph. */
	assert_int_equal(tenant_request_count(a.t), 2);
	assert_int_equal(tenant_write_count(a.t), 0);
	ask_close(&a);
}

static void refusals_have_entra_s_form(void **unused)
{
	static const struct {
		const char *tenant, *form;
		int status;
		const char *error;
		int code;
	} cases[] = {
		{ NULL, CLIENT "&grant_type=client_credentials&client_secret=x" DEFAULT_SCOPE, 401,
		  "invalid_client", 7000215 },
		{ NULL, CLIENT "&grant_type=client_credentials" DEFAULT_SCOPE, 401,
		  "invalid_client", 7000218 },
		{ NULL, CLIENT "&grant_type=client_credentials&client_secret=demo-secret"
		  "&scope=User.Read", 400, "invalid_scope", 1002012 },
		{ NULL, "grant_type=client_credentials", 400, "invalid_request", 900144 },
		{ NULL, CLIENT, 400, "invalid_request", 900144 },
		{ NULL, CLIENT "&grant_type=password", 400, "unsupported_grant_type", 70003 },
		{ "nowhere.example", CLIENT "&grant_type=x", 400, "invalid_request", 90002 },
		{ "common", CLIENT "&grant_type=client_credentials&client_secret=demo-secret"
		  DEFAULT_SCOPE, 400, "invalid_request", 9001023 },
		{ NULL, CLIENT "&grant_type=device_code&device_code=x", 400,
		  "bad_verification_code", 70018 },
		{ NULL, CLIENT "&grant_type=refresh_token&refresh_token=x", 400, "invalid_grant",
		  9002313 },
		{ NULL, CLIENT "&grant_type=client_credentials&client_assertion=x" DEFAULT_SCOPE,
		  401, "invalid_client", 50027 },
	};
	struct asked a = ask_open("contoso", 0);

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *tenant = cases[i].tenant ? cases[i].tenant : tenant_id(a.t);
		char start[32];

		if (login(&a, tenant, "token", cases[i].form) != cases[i].status)
			fail_msg("%s: %s", cases[i].form, str_text(&a.raw.body));
		assert_string_equal(json_string(a.json, "error"), cases[i].error);
		assert_int_equal(json_value(json_at(a.json, "error_codes[0]"), 0), cases[i].code);
		snprintf(start, sizeof(start), "AADSTS%d: ", cases[i].code);
		assert_true(str_starts(json_string(a.json, "error_description"), start));
		assert_non_null(strstr(json_string(a.json, "error_description"), "\r\nTrace ID: "));
		assert_non_null(json_string(a.json, "correlation_id"));
	}
	ask_close(&a);
}

static void a_person_signs_in_with_a_code(void **unused)
{
	static const char *const grants[] = { "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3A"
					      "device_code", "device_code" };
	struct asked a = ask_open("contoso", 0);

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(grants); i++) {
		char *form, *refresh;

		assert_int_equal(login(&a, "organizations", "devicecode", CLIENT
				       "&scope=openid%20offline_access%20User.Read%20Nope.All"), 200);
		assert_string_equal(json_string(a.json, "verification_uri"),
				    "https://microsoft.com/devicelogin");
		assert_int_equal(strlen(json_string(a.json, "user_code")), 9);
		assert_int_equal(json_int(a.json, "interval", 0), 5);
		assert_int_equal(json_int(a.json, "expires_in", 0), 900);
		form = xasprintf(CLIENT "&grant_type=%s&device_code=%s", grants[i],
				 json_string(a.json, "device_code"));
		assert_int_equal(login(&a, "organizations", "token", form), 400);
		assert_string_equal(json_string(a.json, "error"), "authorization_pending");
		clock_advance(10000);
		assert_int_equal(login(&a, "organizations", "token", form), 200);
		assert_string_equal(json_string(a.json, "scope"), "User.Read");
		assert_non_null(json_string(a.json, "id_token"));
		refresh = xasprintf(CLIENT "&grant_type=refresh_token&refresh_token=%s",
				    json_string(a.json, "refresh_token"));
		use_token(&a);
		assert_int_equal(ask(&a, 0, "/v1.0/me"), 200);
		assert_int_equal(ask(&a, 0, "/v1.0/users"), 403);
		assert_int_equal(login(&a, "organizations", "token", refresh), 200);
		clock_advance(900000);
		assert_int_equal(login(&a, "organizations", "token", form), 400);
		assert_string_equal(json_string(a.json, "error"), "expired_token");
		free(form);
		free(refresh);
	}
	ask_close(&a);
}

static void discovery_names_the_asked_host(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	char *want = xasprintf("https://127.0.0.1:8443/%s/oauth2/v2.0/token", tenant_id(a.t));

	(void)unused;
	assert_int_equal(ask(&a, ASK_NO_TOKEN, "https://127.0.0.1:8443/organizations/v2.0/"
			     ".well-known/openid-configuration"), 200);
	assert_string_equal(json_string(a.json, "token_endpoint"), want);
	free(want);
	ask_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_application_signs_in),
		cmocka_unit_test(refusals_have_entra_s_form),
		cmocka_unit_test(a_person_signs_in_with_a_code),
		cmocka_unit_test(discovery_names_the_asked_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
