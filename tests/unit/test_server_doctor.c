#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "checks/server_doctor.h"
#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "tests/unit/server_document.h"

/* A fault: what it changes in the document, and the cause it must lead to. */
struct fault {
	const char *name;
	struct {
		const char *what, *value;
	} change[3];
	const char *cause;
};

/* A list that grants the account nothing, and one for everything; made by hand:
 * header, list of no or one entry. */
#define EMPTY_LIST "AQAEgAAAAAAAAAAAAAAAABQAAAACAAgAAAAAAA=="
#define PROTECTED_LIST "AQAEkAAAAAAAAAAAAAAAABQAAAACAAgAAAAAAA=="
#define DOMAIN(age, descriptor) "[{\"distinguishedName\":\"DC=contoso,DC=com\"," \
	"\"name\":\"contoso.com\",\"minPwdAge\":" age ",\"descriptor\":" descriptor "}]"
#define PILOT(dn, admin, descriptor) "[{\"asked\":\"ann@contoso.com\",\"found\":true," \
	"\"distinguishedName\":\"" dn "\",\"adminCount\":" admin ",\"descriptor\":" descriptor "}]"
#define SCHEDULER(staging, on, upkeep) "{\"StagingModeEnabled\":" staging \
	",\"SyncCycleEnabled\":" on ",\"MaintenanceEnabled\":" upkeep "}"

static const struct fault faults[] = {
	{ "not this machine", { { "!version", "not found" }, { "services", "[]" },
				{ "connectors", "[]" } }, "no-connect" },
	{ "service stopped", { { "services", "[{\"name\":\"ADSync\",\"status\":\"Stopped\"}]" } },
	  "service-stopped" },
	{ "too old", { { "version", "\"2.4.27.0\"" } }, "version-too-old" },
	{ "recalled", { { "version", "\"2.6.79.0\"" } }, "version-recalled" },
	{ "staging", { { "scheduler", SCHEDULER("true", "true", "true") } }, "staging" },
	{ "federated administrator",
	  { { "+events", EVENT(PRS, "32009", LATE, "") } }, "onboarding-sign-in" },
	{ "off", { { "writeback", "{\"Enabled\":false}" } }, "writeback-off" },
	{ "off by the events", { { "!writeback", "no such command" },
				 { "+events", EVENT(PRS, "31013", LATE, "") } }, "writeback-off" },
	{ "clock", { { "clock", "{\"skewSeconds\":-1200}" } }, "clock" },
	{ "TLS 1.2 off", { { "tls", "[{\"key\":\"A\\\\Client\",\"name\":\"Enabled\","
			     "\"value\":\"0\"}]" } }, "tls12-off" },
	{ "inspection", { { "relay", RELAY("true", "CN=proxy, O=Contoso", "401") },
			  { "+events", EVENT(PRS, "31034", LATE,
					     "The remote certificate is invalid") } }, "inspection" },
	{ "roots missing", { { "+events", EVENT(PRS, "31034", LATE,
						"The remote certificate is invalid") } },
	  "certificate" },
	{ "endpoint closed", { { "endpoints", "[{\"host\":\"passwordreset.microsoftonline.com\","
				 "\"port\":443,\"answered\":false,\"purpose\":\"reset\"}]" } },
	  "endpoint-closed" },
	{ "service unreachable", { { "+events", EVENT(PRS, "32001", LATE, "") } },
	  "reset-service" },
	{ "relay closed", { { "relay", RELAY("false", "", "null") } }, "relay-closed" },
	{ "relay answers 403", { { "relay", RELAY("true", MICROSOFT, "403") } }, "relay-answer" },
	{ "relay token", { { "+events", EVENT(PRS, "32002", LATE, "") } }, "relay-token" },
	{ "stopped", { { "+events", EVENT(PRS, "31016", LATE, "") } }, "writeback-stopped" },
	{ "no host", { { "+events", EVENT(PRS, "31044", LATE, "") } }, "no-host" },
	{ "listener", { { "+events", EVENT(PRS, "31034", LATE, "timeout") } }, "listener" },
	{ "no heartbeat", { { "-events", "31019" } }, "heartbeat" },
	{ "keys", { { "+events", EVENT(PRS, "32004", LATE, "") } }, "keys" },
	{ "configuration", { { "+events", EVENT(PRS, "32005", LATE, "") } }, "configuration" },
	{ "controller", { { "controllers", "[" CONTROLLER("445", "false") "]" } },
	  "controller-port" },
	{ "rights", { { "domains", DOMAIN("0", "\"" EMPTY_LIST "\"") } }, "rights" },
	{ "SAM", { { "+events", EVENT("ADSync", "6329", LATE,
				      "Failed to acquire user information: ERROR_ACCESS_DENIED") } },
	  "restrict-sam" },
	{ "policy control", { { "controls", "[\"1.2.840.113556.1.4.801\"]" } }, "policy-control" },
	{ "reserved name", { { "pilots", PILOT("CN=Ann,OU=A\\\\, B,DC=contoso,DC=com", "0",
					       "null") } }, "reserved-name" },
	{ "certificate expired", { { "+events", EVENT("ADSync", "1012", LATE, "") } },
	  "certificate-expired" },
	/* From here on warnings: they stop some people, or later. */
	{ "minimum age", { { "domains", DOMAIN("-864000000000", "null") } }, "minimum-age" },
	{ "protected", { { "pilots", PILOT("CN=Ann,OU=A,DC=contoso,DC=com", "1", "null") } },
	  "pilot-protected" },
	{ "inheritance", { { "pilots", PILOT("CN=Ann,OU=A,DC=contoso,DC=com", "0",
					     "\"" PROTECTED_LIST "\"") } }, "pilot-inheritance" },
	{ "pilot rights", { { "pilots", PILOT("CN=Ann,OU=A,DC=contoso,DC=com", "0",
					      "\"" EMPTY_LIST "\"") } }, "pilot-rights" },
	{ "pilot missing", { { "pilots", "[{\"asked\":\"x@contoso.com\",\"found\":false}]" } },
	  "pilot-missing" },
	{ "permissions", { { "+events", EVENT(PRS, "33004", LATE, "") } }, "event-33004" },
	{ "password policy", { { "+events", EVENT(PRS, "33008", LATE, "") } }, "event-33008" },
	{ "duplicate", { { "+events", EVENT(PRS, "33003", LATE, "") } }, "event-33003" },
	{ "scheduler", { { "scheduler", SCHEDULER("false", "false", "true") } }, "scheduler" },
	{ "maintenance", { { "scheduler", SCHEDULER("false", "true", "false") } },
	  "maintenance" },
	{ "dotnet", { { "tls", "[{\"key\":\"B\",\"name\":\"Release\",\"value\":\"394802\"}]" } },
	  "dotnet" },
	{ "support ended", { { "version", "\"2.5.79.0\"" } }, "version-unsupported" },
};

static void apply(const struct fault *f, struct json *document)
{
	for (size_t i = 0; i < COUNT_OF(f->change) && f->change[i].what; i++)
		server_spoil(document, f->change[i].what, f->change[i].value);
}

static void ask(const struct json *document, struct server_causes *c, struct arena *arena)
{
	struct server_facts s;
	int64_t now = 0;

	assert_int_equal(time_parse(SERVER_NOW, &now), 0);
	server_facts_read(document, &s, arena);
	server_doctor(&s, now, c, arena);
	for (size_t i = 0; i < c->n; i++) {
		assert_true(str_ends(c->v[i].what, "."));
		assert_true(*c->v[i].remedy);
	}
}

static bool has(const struct server_causes *c, const char *id)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->v[i].id, id))
			return true;
	return false;
}

static void healthy(void **unused)
{
	struct json *document = server_json(healthy_server);
	struct arena arena = { 0 };
	struct server_causes c;
	struct server_facts s;

	(void)unused;
	ask(document, &c, &arena);
	if (c.n)
		fail_msg("%s: %s", c.v[0].id, c.v[0].what);
	server_facts_read(document, &s, &arena);
	assert_string_equal(server_proof(&s, &arena),
			    "a password was written back on 2026-11-24T09:57:00Z");
	json_free(document);
	arena_clear(&arena);
}

static void each_alone(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		struct json *document = server_json(healthy_server);
		struct arena arena = { 0 };
		struct server_causes c;

		apply(&faults[i], document);
		ask(document, &c, &arena);
		if (!c.n || strcmp(c.v[0].id, faults[i].cause))
			fail_msg("%s: %s instead of %s", faults[i].name, c.n ? c.v[0].id : "nothing",
				 faults[i].cause);
		json_free(document);
		arena_clear(&arena);
	}
}

/* Whether both change the same fact, so that they cannot be had together. */
static bool clash(const struct fault *a, const struct fault *b)
{
	for (size_t i = 0; i < COUNT_OF(a->change) && a->change[i].what; i++)
		for (size_t k = 0; k < COUNT_OF(b->change) && b->change[k].what; k++) {
			const char *x = a->change[i].what, *y = b->change[k].what;

			/* Two events can be had together, unless they are one. */
			if (*x == '+' && *y == '+' && strcmp(a->cause, b->cause) &&
			    strncmp(a->change[i].value, b->change[k].value, 45))
				continue;
			if (!strcmp(x + (*x == '!'), y + (*y == '!')))
				return true;
		}
	return false;
}

/* Of two faults that change different facts the earlier in the table comes
 * first, and the other is named too. */
static void in_pairs(void **unused)
{
	size_t pairs = 0, hidden = 0;

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(faults); i++) {
		for (size_t k = i + 1; k < COUNT_OF(faults); k++) {
			struct json *document;
			struct arena arena = { 0 };
			struct server_causes c;

			if (clash(&faults[i], &faults[k]))
				continue;
			document = server_json(healthy_server);
			apply(&faults[i], document);
			apply(&faults[k], document);
			ask(document, &c, &arena);
			if (!c.n || strcmp(c.v[0].id, faults[i].cause))
				fail_msg("%s and %s: %s first", faults[i].name, faults[k].name,
					 c.n ? c.v[0].id : "nothing");
			hidden += !has(&c, faults[k].cause);
			pairs++;
			json_free(document);
			arena_clear(&arena);
		}
	}
	assert_int_equal(pairs, 791);
	/* Symptoms that the cause before them explains: a heartbeat where nothing
	 * runs or listens, an event where the probe says it better, the second
	 * of two that have one remedy. */
	assert_int_equal(hidden, 12);
}

/* A document that says nothing leads to no verdict about writeback. */
static void nothing_known(void **unused)
{
	struct json *document = server_json("{\"facts\":{\"version\":{\"value\":\"2.6.84.0\"}}}");
	struct arena arena = { 0 };
	struct server_causes c;
	struct server_facts s;

	(void)unused;
	ask(document, &c, &arena);
	assert_int_equal(c.n, 0);
	server_facts_read(document, &s, &arena);
	assert_null(server_proof(&s, &arena));
	json_free(document);
	arena_clear(&arena);
}

/* Values of a wrong kind in the place of each fact: never more than unknown. */
static void wrong_kinds(void **unused)
{
	static const char *const names[] = {
		"clock", "version", "services", "scheduler", "connectors", "writeback", "events",
		"relay", "endpoints", "controllers", "tls", "sam", "accounts", "domains", "pilots",
		"controls", "proxy", "identity",
	};
	static const char *const values[] = {
		"null", "true", "17", "-1e300", "\"x\"", "[]", "{}", "[null,1,\"a\",[],{}]",
		"[[[[]]]]", "{\"skewSeconds\":1e300,\"Enabled\":[],\"StagingModeEnabled\":7}",
		"[{\"id\":1e300,\"count\":-1e300,\"source\":7,\"last\":[],\"messages\":{}}]",
		"[{\"port\":-1e300,\"status\":1e300,\"sockets\":\"x\",\"answered\":\"yes\"}]",
		"[{\"sid\":\"\",\"groups\":7},{\"sid\":\"x\",\"groups\":[7,null]}]",
		"[{\"descriptor\":\"%%%\"},{\"descriptor\":\"AQAE\"},{\"descriptor\":7}]",
	};
	int64_t now = 0;

	(void)unused;
	assert_int_equal(time_parse(SERVER_NOW, &now), 0);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		for (size_t k = 0; k < COUNT_OF(values); k++) {
			struct json *document = server_json(healthy_server);
			struct arena arena = { 0 };
			struct findings out = { 0 };
			struct server_facts s;

			server_spoil(document, names[i], values[k]);
			server_facts_read(document, &s, &arena);
			judge_server(&s, now, &out);
			assert_true(out.n >= 1);
			assert_true(*out.v[0].summary);
			findings_clear(&out);
			arena_clear(&arena);
			json_free(document);
		}
	}
}

static void issuers(void **unused)
{
	(void)unused;
	assert_true(server_issuer_known(MICROSOFT));
	assert_true(server_issuer_known("CN=X, O=\"DigiCert, Inc.\", C=US"));
	assert_false(server_issuer_known("CN=Microsoft Corporation, O=Proxy"));
	assert_false(server_issuer_known("CN=FO=Microsoft Corporation"));
	assert_false(server_issuer_known(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(healthy),
		cmocka_unit_test(each_alone),
		cmocka_unit_test(in_pairs),
		cmocka_unit_test(nothing_known),
		cmocka_unit_test(wrong_kinds),
		cmocka_unit_test(issuers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
