#include "checks/impact.h"
#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

static const char *const phone[] = { "mobilePhone" };
static const char *const questions[] = { "securityQuestion" };
static const char *const desk[] = { "officePhone" };
static const char *const email[] = { "email", "securityQuestion" };

/* Ann cannot reset yet, Bob has a phone alone, Cem is an administrator; three
 * people outside the group may reset. */
static void mixed(struct facts *f)
{
	struct people *p = &f->members.people;

	p->v[0].sspr_enabled = TRI_NO;
	p->v[1].methods = phone;
	p->v[1].nmethods = 1;
	p->v[2].admin = TRI_YES;
	f->registration.enabled_in_group = 2;
	f->registration.enabled_outside = 3;
	f->registration.enabled_total = 5;
	f->registration.not_enabled_in_group = 1;
	f->registration.not_enabled_outside = 90;
	f->registration.one_method_registered = 8;
}

static void unread(struct facts *f)
{
	lose_area(f, AREA_REGISTRATION, SOURCE_FORBIDDEN, "no");
}

static void no_members(struct facts *f)
{
	f->members.people.n = 0;
}

static void dora_by_email(struct facts *f)
{
	f->members.people.v[3].methods = email;
	f->members.people.v[3].nmethods = 2;
}

static void dora_by_questions(struct facts *f)
{
	f->members.people.v[3].methods = questions;
	f->members.people.v[3].nmethods = 1;
}

static void bob_by_phone(struct facts *f)
{
	f->members.people.v[1].methods = phone;
	f->members.people.v[1].nmethods = 1;
}

static void bob_by_phone_with_voice(struct facts *f)
{
	bob_by_phone(f);
	healthy_method(f, METHOD_VOICE);
}

static void bob_by_desk_with_voice(struct facts *f)
{
	bob_by_phone_with_voice(f);
	f->members.people.v[1].methods = desk;
}

static void bob_not_registered(struct facts *f)
{
	bob_by_phone(f);
	f->members.people.v[1].sspr_registered = TRI_NO;
}

static void unproved(struct facts *f)
{
	f->audit.last_written_back_ms = 0;
}

static void cloud_only(struct facts *f)
{
	unproved(f);
	f->organization.sync_enabled = TRI_UNKNOWN;
	f->organization.ever_synced = false;
}

static void ann_disabled(struct facts *f)
{
	unproved(f);
	f->members.people.v[0].enabled = TRI_NO;
}

enum question { GAIN, LOSE, NUMBER, METHOD, ADMINS, UNWRITTEN };
static const struct {
	const char *what;
	void (*change)(struct facts *f);
	enum question question;
	int value;		/* scope, number or method */
	size_t total;
	const char *text;
} cases[] = {
	{ "Selected, all well", NULL, GAIN, SCOPE_SELECTED, 0, "nobody" },
	{ "Selected, Ann gains", mixed, GAIN, SCOPE_SELECTED, 1, "ann@contoso.com" },
	{ "All", mixed, GAIN, SCOPE_ALL, 91,
	  "ann@contoso.com; and 90 people outside the group" },
	{ "All, empty group", no_members, GAIN, SCOPE_ALL, 96,
	  "96 people outside the group" },
	{ "nobody gains by None", mixed, GAIN, SCOPE_NONE, 0, "nobody" },
	{ "cannot tell who gains", unread, GAIN, SCOPE_ALL, 0, "cannot tell who" },
	{ "narrowing to Selected", mixed, LOSE, SCOPE_SELECTED, 3,
	  "3 people outside the group" },
	{ "None", mixed, LOSE, SCOPE_NONE, 5,
	  "bob@contoso.com, dora@contoso.com; and 3 people outside the group" },
	{ "nobody loses by All", mixed, LOSE, SCOPE_ALL, 0, "nobody" },
	{ "cannot tell who loses", unread, LOSE, SCOPE_NONE, 0, "cannot tell who" },
	{ "two required, all have two", NULL, NUMBER, 2, 0, "nobody" },
	{ "two required", mixed, NUMBER, 2, 8,
	  "bob@contoso.com; and 7 people outside the group" },
	{ "one required", mixed, NUMBER, 1, 0, "nobody" },
	{ "a security question is no method", dora_by_email, NUMBER, 2, 1,
	  "dora@contoso.com" },
	{ "not registered, so not locked out", bob_not_registered, NUMBER, 2, 0, "nobody" },
	{ "SMS off, two methods each", NULL, METHOD, METHOD_SMS, 0, "nobody" },
	{ "SMS off, a phone alone", bob_by_phone, METHOD, METHOD_SMS, 1, "bob@contoso.com" },
	{ "SMS off, but calls are on", bob_by_phone_with_voice, METHOD, METHOD_SMS, 0,
	  "nobody" },
	{ "calls off, SMS is on", bob_by_phone_with_voice, METHOD, METHOD_VOICE, 0, "nobody" },
	{ "calls off, a desk phone", bob_by_desk_with_voice, METHOD, METHOD_VOICE, 1,
	  "bob@contoso.com" },
	{ "e-mail off", dora_by_email, METHOD, METHOD_EMAIL, 1, "dora@contoso.com" },
	{ "e-mail off, questions alone", dora_by_questions, METHOD, METHOD_EMAIL, 0,
	  "nobody" },
	{ "e-mail off, others", bob_by_phone, METHOD, METHOD_EMAIL, 0, "nobody" },
	{ "cannot tell", unread, METHOD, METHOD_EMAIL, 0, "cannot tell who" },
	{ "administrators", mixed, ADMINS, 0, 1, "cem@contoso.com" },
	{ "no administrators", NULL, ADMINS, 0, 0, "nobody" },
	{ "writeback proved", NULL, UNWRITTEN, 0, 0, "nobody" },
	{ "writeback not proved", unproved, UNWRITTEN, 0, 2,
	  "ann@contoso.com, bob@contoso.com" },
	{ "a disabled account", ann_disabled, UNWRITTEN, 0, 1, "bob@contoso.com" },
	{ "cloud-only", cloud_only, UNWRITTEN, 0, 0, "nobody" },
};

static void ask(const struct facts *f, enum question q, int value, struct impact *i,
		struct arena *arena)
{
	switch (q) {
	case GAIN:
		impact_gain(f, (enum scope)value, i, arena);
		break;
	case LOSE:
		impact_lose(f, (enum scope)value, i, arena);
		break;
	case NUMBER:
		impact_locked_by_number(f, value, i, arena);
		break;
	case METHOD:
		impact_locked_by_method(f, (enum method_id)value, 1, i, arena);
		break;
	case ADMINS:
		impact_admins(f, i, arena);
		break;
	case UNWRITTEN:
		impact_unwritten(f, i, arena);
		break;
	}
}

static void test_impact(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT_OF(cases); k++) {
		struct arena arena = { 0 };
		struct impact i;
		struct facts f;
		const char *text;

		healthy_facts(&f);
		if (cases[k].change)
			cases[k].change(&f);
		ask(&f, cases[k].question, cases[k].value, &i, &arena);
		text = impact_text(&i, &arena);
		if (impact_total(&i) != cases[k].total || !str_same(text, cases[k].text))
			fail_msg("%s: %zu, %s", cases[k].what, impact_total(&i), text);
		arena_clear(&arena);
		facts_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_impact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
