#include "tests/unit/judged_step.h"

#include "graph/base/mem.h"

static void no_group(struct judged *j)
{
	j->f.groups = (struct groups){ .n = 0 };
	memset(&j->f.members, 0, sizeof(j->f.members));
	j->f.source[AREA_MEMBERS].state = SOURCE_ABSENT;
}

/* Somebody who is wanted in the group. */
static struct person *want(struct judged *j, const char *id, const char *upn)
{
	struct person *p = add_person(&j->f, &j->f.wanted_people.people, id, upn, false);
	struct wanted_people *wp = &j->f.wanted_people;

	ARENA_GROW(&j->f.arena, wp->v, wp->n, wp->cap);
	wp->v[wp->n++] = (struct entry){ .text = upn, .state = ENTRY_FOUND, .person = p };
	j->w.members_given = true;
	return p;
}

static void want_entry(struct judged *j, const char *text, unsigned line, enum entry_state s)
{
	struct wanted_people *wp = &j->f.wanted_people;

	ARENA_GROW(&j->f.arena, wp->v, wp->n, wp->cap);
	wp->v[wp->n++] = (struct entry){ .text = text, .line = line, .state = s };
	j->w.members_given = true;
}

static void test_done(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	judged_run(&j, "group");
	assert_int_equal(j.v.state, STEP_DONE);
	assert_int_equal(j.v.plan.n, 0);
	assert_setting(&j, "group.name", "SSPR-Enabled-Users", true);
	assert_setting(&j, "group.type", "Security", true);
	assert_setting(&j, "group.membership", "Assigned", true);
	assert_setting(&j, "group.members", "4 people", true);
	judged_close(&j);
}

static void test_create(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	no_group(&j);
	j.w.group_name = "O'Brien (SSPR); pilot";
	judged_run(&j, "group");
	assert_int_equal(j.v.state, STEP_CHANGES);
	assert_int_equal(j.v.plan.n, 2);
	c = judged_change(&j, "group.create");
	assert_string_equal(c->method, "POST");
	assert_string_equal(c->url, "/v1.0/groups");
	assert_json_text(c->body,
		"{\"displayName\":\"O'Brien (SSPR); pilot\",\"description\":\"Users enabled for "
		"self-service password reset (created by sspr-wizard)\",\"mailEnabled\":false,"
		"\"mailNickname\":\"OBrien-SSPR-pilot\",\"securityEnabled\":true,"
		"\"groupTypes\":[],\"isAssignableToRole\":false}");
	assert_string_equal(c->guard_url, "/v1.0/groups?$filter=displayName%20eq%20%27O%27%27Brien"
			    "%20%28SSPR%29%3B%20pilot%27&$select=id");
	assert_json_text(c->guard_expect, "{\"value\":[]}");
	assert_string_equal(c->yields, "group");
	assert_string_equal(c->undo_method, "DELETE");
	/* Nobody was named: that is the operator's to do. */
	assert_int_equal(judged_change(&j, "group.choose-members")->means, MEANS_GUIDED);
	assert_setting(&j, "group.members", "nobody", false);
	judged_close(&j);
}

static void test_a_name_without_ascii(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	no_group(&j);
	j.w.group_name = "\xe5\xaf\x86\xe7\xa0\x81";
	judged_run(&j, "group");
	assert_string_equal(json_string(judged_change(&j, "group.create")->body, "mailNickname"),
			    "sspr-enabled-users");
	judged_close(&j);
}

static void test_choose_members_of_an_empty_group(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.members.people.n = 0;
	judged_run(&j, "group");
	assert_int_equal(j.v.state, STEP_GUIDED);
	assert_non_null(judged_change(&j, "group.choose-members"));
	judged_close(&j);
}

static void test_add_the_missing(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	want(&j, "u1", "ann@contoso.com");	/* is in it already */
	want(&j, "u9", "eva@contoso.com");
	judged_run(&j, "group");
	assert_int_equal(j.v.plan.n, 1);
	c = judged_change(&j, "group.members");
	assert_string_equal(c->title, "Add 1 person to SSPR-Enabled-Users");
	assert_string_equal(c->method, "PATCH");
	assert_string_equal(c->url, "/v1.0/groups/" GROUP_ID);
	assert_json_text(c->body,
			 "{\"members@odata.bind\":[\"{graph}/v1.0/directoryObjects/u9\"]}");
	assert_string_equal(c->undo_url, "/v1.0/groups/" GROUP_ID "/members/{member}/$ref");
	assert_int_equal(c->nmembers, 1);
	assert_string_equal(c->member_ids[0], "u9");
	assert_json_text(c->guard_expect, "{\"displayName\":\"SSPR-Enabled-Users\","
			 "\"securityEnabled\":true,\"mailEnabled\":false,\"groupTypes\":[]}");
	judged_close(&j);
}

static void test_twenty_a_request(void **state)
{
	struct judged j;
	char ids[45][8];

	(void)state;
	judged_open(&j);
	no_group(&j);
	for (size_t i = 0; i < 45; i++) {
		snprintf(ids[i], sizeof(ids[i]), "n%zu", i);
		want(&j, ids[i], ids[i]);
	}
	judged_run(&j, "group");
	assert_int_equal(j.v.plan.n, 4);
	assert_int_equal(judged_change(&j, "group.members.1")->nmembers, 20);
	assert_int_equal(judged_change(&j, "group.members.2")->nmembers, 20);
	assert_int_equal(judged_change(&j, "group.members.3")->nmembers, 5);
	assert_string_equal(judged_change(&j, "group.members.3")->url, "/v1.0/groups/{group}");
	assert_null(judged_change(&j, "group.members.3")->guard_url);
	assert_null(judged_change(&j, "group.choose-members"));
	judged_close(&j);
}

static void test_entries_are_reported(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	want(&j, "g", "guest@fabrikam.com")->type = USER_GUEST;
	want(&j, "d", "left@contoso.com")->enabled = TRI_NO;
	want(&j, "a", "root@contoso.com")->admin = TRI_YES;
	want_entry(&j, "nobody@contoso.com", 7, ENTRY_UNKNOWN);
	want_entry(&j, "ann@contoso.com", 0, ENTRY_DUPLICATE);
	want_entry(&j, "info@contoso.com", 9, ENTRY_AMBIGUOUS);
	judged_run(&j, "group");
	assert_true(judged_says(&j, "nobody@contoso.com (line 7)", true));
	assert_true(judged_says(&j, "Given more than once: ann@contoso.com", false));
	assert_true(judged_says(&j, "info@contoso.com (line 9)", true));
	assert_true(judged_says(&j, "guest@fabrikam.com", true));
	assert_true(judged_says(&j, "disabled: left@contoso.com", true));
	assert_true(judged_says(&j, "root@contoso.com", true));
	/* The administrator is added, the other two are not. */
	assert_int_equal(judged_change(&j, "group.members")->nmembers, 1);
	assert_string_equal(judged_change(&j, "group.members")->member_ids[0], "a");
	judged_close(&j);
}

static void test_unusable_groups(void **state)
{
	static const struct {
		size_t offset;
		bool value;
		const char *says;
	} rows[] = {
		{ offsetof(struct group, dynamic), true, "dynamic" },
		{ offsetof(struct group, on_premises), true, "on-premises" },
		{ offsetof(struct group, unified), true, "Microsoft 365" },
		{ offsetof(struct group, mail_enabled), true, "mail-enabled" },
		{ offsetof(struct group, security), false, "not a security group" },
		{ offsetof(struct group, role_assignable), true, "role-assignable" },
		{ offsetof(struct group, management_restricted), true, "restricted management" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		static const char *const blocked[] = { "group", "enablement", "methods" };
		struct judged j;

		judged_open(&j);
		*(bool *)((char *)&j.f.groups.v[0] + rows[i].offset) = rows[i].value;
		j.f.groups.chosen = NULL;	/* as the reader leaves it */
		j.f.methods.method[METHOD_SMS].enabled = false;
		want(&j, "u9", "eva@contoso.com");
		for (size_t k = 0; k < COUNT_OF(blocked); k++) {
			judged_run(&j, blocked[k]);
			assert_int_equal(j.v.state, STEP_BLOCKED);
			assert_non_null(strstr(j.v.reason, rows[i].says));
			assert_int_equal(plan_automatic(&j.v.plan), 0);
		}
		judged_close(&j);
	}
}

static void test_two_of_that_name(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	ARENA_GROW(&j.f.arena, j.f.groups.v, j.f.groups.n, j.f.groups.cap);
	j.f.groups.v[1] = j.f.groups.v[0];
	j.f.groups.n = 2;
	j.f.groups.chosen = NULL;
	judged_run(&j, "group");
	assert_int_equal(j.v.state, STEP_BLOCKED);
	assert_int_equal(j.v.plan.n, 0);
	assert_setting(&j, "group.name", "2 groups of that name", false);
	assert_true(judged_says(&j, GROUP_ID ": created 15 Nov 2026.", false));
	j.f.groups.chosen = &j.f.groups.v[1];	/* the operator picked */
	judged_run(&j, "group");
	assert_int_equal(j.v.state, STEP_DONE);
	judged_close(&j);
}

static void test_unknown(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	no_group(&j);
	lose_area(&j.f, AREA_GROUP, SOURCE_FORBIDDEN, "403 Forbidden");
	judged_run(&j, "group");
	assert_int_equal(j.v.state, STEP_UNKNOWN);
	assert_non_null(strstr(j.v.reason, "403 Forbidden"));
	assert_int_equal(j.v.plan.n, 0);	/* a group that we may not see is not created */
	assert_setting(&j, "group.name", "?", false);
	judged_close(&j);
}

/* The report only adds who is an administrator. */
static void test_evidence_is_not_needed(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	lose_area(&j.f, AREA_REGISTRATION, SOURCE_FORBIDDEN, "403 Forbidden");
	judged_run(&j, "group");
	assert_int_equal(j.v.state, STEP_DONE);
	lose_area(&j.f, AREA_REGISTRATION, SOURCE_UNREAD, "");
	judged_run(&j, "group");
	assert_int_equal(j.v.state, STEP_UNKNOWN);
	judged_close(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_done),
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_a_name_without_ascii),
		cmocka_unit_test(test_choose_members_of_an_empty_group),
		cmocka_unit_test(test_add_the_missing),
		cmocka_unit_test(test_twenty_a_request),
		cmocka_unit_test(test_entries_are_reported),
		cmocka_unit_test(test_unusable_groups),
		cmocka_unit_test(test_two_of_that_name),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_evidence_is_not_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
