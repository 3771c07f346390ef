#include "checks/live_test.h"
#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

/*
 * Chains of events as the log holds them (facts graph.md 8.2 to 8.4), oldest
 * first: result, kind, words, seconds before now, and the correlation id.
 */
struct line {
	enum event_kind kind;
	const char *result, *reason;
	int age_s;
	const char *attempt, *agent;
};
#define FLOW(age, reason) { EVENT_FLOW, "success", reason, age, "c1", NULL }
#define FLOW_FAILED(age, reason) { EVENT_FLOW, "failure", reason, age, "c1", NULL }
#define START FLOW(90, "User submitted their user ID"), \
	FLOW(80, "User was presented with verification options")
#define SMS FLOW(70, "User started the mobile SMS verification option"), \
	FLOW(60, "User completed the mobile SMS verification option")
#define ENDED(reason) { EVENT_RESET, "failure", reason, 10, "c1", NULL }

static const struct {
	const char *what;
	struct line lines[12];
	enum live_state state;
	const char *cause;	/* part of the words that tell it; NULL for none */
	unsigned stages;	/* bits of enum live_stage */
	const char *summary;	/* part of it */
} chains[] = {
	{ "nobody tried", { { 0 } }, LIVE_NOTHING, NULL, 0, "No attempt" },
	{ "started only", { START }, LIVE_RUNNING, NULL, 1u << LIVE_INITIATED, "Started" },
	{ "verified so far", { START, SMS }, LIVE_RUNNING, NULL, 7, "Verified (mobile SMS)" },
	{ "done in the cloud", { START, SMS, FLOW(20, "User submitted a new password"),
	  FLOW(11, "User successfully reset password"),
	  { EVENT_RESET, "success", "Successfully completed reset.", 10, "c1", NULL } },
	  LIVE_SUCCEEDED, NULL, 0x2f, "names no writeback" },
	{ "done and written back", { START, SMS, FLOW(20, "User submitted a new password"),
	  FLOW(11, "User successfully reset password"),
	  { EVENT_RESET, "success", "Successfully completed reset.", 10, "c1",
	    "Microsoft Entra Connect" } },
	  LIVE_SUCCEEDED, NULL, 0x3f, "written back by Microsoft Entra Connect" },
	{ "two methods, a wrong code between", { START, SMS,
	  FLOW_FAILED(50, "User entered an invalid code"),
	  FLOW(40, "User started the email verification option"),
	  FLOW(30, "User completed the email verification option") },
	  LIVE_RUNNING, NULL, 7, "Verified (email)" },
	{ "unlocked", { START, SMS, { EVENT_UNLOCK, "success", "", 10, "c1", "CloudSync" } },
	  LIVE_SUCCEEDED, NULL, 0x37, "the account is unlocked and written back by CloudSync" },
	{ "not enabled", { START, ENDED("Password reset is not enabled for this user") },
	  LIVE_FAILED, "not enabled", 1, "Add the person" },
	{ "not in the group", { START, ENDED("This user is not a member of the password reset "
	  "users group. Add this user to that group to resolve this.") },
	  LIVE_FAILED, "not a member", 1, "Add the person" },
	{ "switched off", { START, ENDED("Password reset has been disabled entirely for this "
	  "tenant.") }, LIVE_FAILED, "disabled entirely", 1, "Step 2" },
	{ "unlicensed", { START, ENDED("User does not have a license. You can add a license to "
	  "the user to resolve this") }, LIVE_FAILED, "license", 1, "Assign a licence" },
	{ "not registered", { START, ENDED("User's account has insufficient authentication "
	  "methods defined. Add authentication info to resolve this") },
	  LIVE_FAILED, "insufficient", 1, "mysecurityinfo" },
	{ "writeback off", { START, ENDED("User's password is managed on-premises. You can "
	  "enable Password Writeback to resolve this") },
	  LIVE_FAILED, "managed", 1, "Step 4" },
	{ "unreachable", { START, SMS, FLOW(20, "User submitted a new password"),
	  FLOW_FAILED(12, "We could not reach your on-premises password reset service. Check "
		      "your sync machine's event log"),
	  ENDED("We could not reach your on-premises password reset service. Check your sync "
		"machine's event log") },
	  LIVE_FAILED, "could not reach", 0xf, "31034" },
	{ "refused by Active Directory", { START, SMS, FLOW(20, "User submitted a new password"),
	  ENDED("OnPremisesPolicyViolation") },
	  LIVE_FAILED, "PolicyViolation", 0xf, "33008" },
	{ "refused on premises", { START, SMS, ENDED("We encountered a problem while resetting "
	  "the user's on-premises password. Check your sync machine's event log") },
	  LIVE_FAILED, "problem", 7, "33004" },
	{ "banned password", { START, SMS, FLOW(20, "User submitted a new password"),
	  FLOW_FAILED(10, "PasswordDoesnotComplyFuzzyPolicy") },
	  LIVE_FAILED, "FuzzyPolicy", 0xf, "without common words" },
	{ "blocked in the flow", { START, FLOW(70, "User started the mobile SMS verification "
	  "option"), FLOW_FAILED(10, "User entered too many invalid SMS verification codes and "
	  "is blocked for 24 hours") }, LIVE_FAILED, "blocked for", 3, "24 hours" },
	{ "blocked, with an event of its own", { START,
	  { EVENT_BLOCKED, "success", NULL, 10, "c9", NULL } },
	  LIVE_FAILED, "blocked for", 0, "24 hours" },
	{ "cancelled", { START, FLOW(20, "User cancelled before passing the required "
	  "authentication methods") }, LIVE_CANCELLED, "cancelled before", 1, "gave up" },
	{ "abandoned", { START, FLOW_FAILED(20, "User abandoned after starting the email "
	  "verification option") }, LIVE_CANCELLED, "abandoned", 1, "left the page" },
	{ "unheard of", { START, ENDED("Something new") }, LIVE_FAILED, NULL, 1,
	  "correlation id" },
	{ "a step that comes late", { START, ENDED("User does not have a license."),
	  FLOW(5, "User started the email verification option") },
	  LIVE_FAILED, "license", 1, "Assign a licence" },
	{ "failed, then tried anew", {
	  { EVENT_RESET, "failure", "Something old", 4000, "c0", NULL }, START, SMS },
	  LIVE_RUNNING, NULL, 7, "Verified" },
};

/* The log gives the newest first, and times of one second are not rare: both
 * orders must tell the same. */
static void fill(struct facts *f, const struct line *lines, bool newest_first)
{
	size_t n = 0;

	facts_init(f);
	while (lines[n].result)
		n++;
	for (size_t i = 0; i < n; i++) {
		const struct line *l = &lines[newest_first ? n - 1 - i : i];
		struct event *e = add_event(f, l->kind, l->result, l->reason,
					    l->age_s * 1000LL, l->attempt);

		e->agent = l->agent;
	}
	/* Somebody else resets at the same time. */
	add_event(f, EVENT_FLOW, "success", "User submitted a new password", 0, "c5")->upn =
		"bob@contoso.com";
	f->audit.v[f->audit.n - 1].user_id = "u2";
}

static void test_chains(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(chains); i++) {
		struct arena arena = { 0 };
		struct live_test t;
		struct facts f;
		const char *text;
		size_t k = i / 2;
		unsigned stages = 0;

		fill(&f, chains[k].lines, i % 2);
		live_test_follow(&f.audit, i % 2 ? "u1" : "ANN@contoso.com", 0, &t, &arena);
		for (int s = 0; s < LIVE_STAGES; s++)
			stages |= t.stage_ms[s] ? 1u << s : 0;
		text = live_test_summary(&t, &arena);
		if (t.state != chains[k].state || stages != chains[k].stages)
			fail_msg("%s: %s, stages %x: %s", chains[k].what,
				 live_state_name(t.state), stages, text);
		if (chains[k].cause ? !t.why || !strstr(t.why->part, chains[k].cause)
				    : t.why != NULL)
			fail_msg("%s: %s", chains[k].what, t.why ? t.why->plain : "no cause");
		if (!strstr(text, chains[k].summary))
			fail_msg("%s: %s", chains[k].what, text);
		arena_clear(&arena);
		facts_release(&f);
	}
}

/* A test that begins now does not take the last reset for its own. */
static void test_since(void **state)
{
	const struct line old[] = {
		{ EVENT_RESET, "success", "", 3600, "c1", NULL }, { 0 },
	};
	struct arena arena = { 0 };
	struct live_test t;
	struct facts f;

	(void)state;
	fill(&f, old, true);
	live_test_follow(&f.audit, "u1", NOW_MS - 60000, &t, &arena);
	assert_int_equal(t.state, LIVE_NOTHING);
	live_test_follow(&f.audit, "u1", 0, &t, &arena);
	assert_int_equal(t.state, LIVE_SUCCEEDED);
	assert_int_equal(t.started_ms, NOW_MS - HOUR_MS);
	facts_release(&f);
	arena_clear(&arena);
}

/* Events of one second keep the order in which they are given, newest first. */
static void test_same_second(void **state)
{
	const struct line lines[] = {
		{ EVENT_RESET, "success", "", 10, "c1", NULL },
		FLOW(10, "User successfully reset password"),
		FLOW(10, "User submitted a new password"), { 0 },
	};
	struct arena arena = { 0 };
	struct live_test t;
	struct facts f;

	(void)state;
	fill(&f, lines, false);
	live_test_follow(&f.audit, "u1", 0, &t, &arena);
	assert_int_equal(t.state, LIVE_SUCCEEDED);
	assert_int_equal(t.events, 3);
	facts_release(&f);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_since),
		cmocka_unit_test(test_same_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
