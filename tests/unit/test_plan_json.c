#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "steps/plan_json.h"

/* A session of two steps, filled by hand: nothing is read or sent. */
static const struct step_ops group_ops = {
	.id = "group", .number = 1, .title = "Security group", .why = "Who may reset.",
};
static const struct step_ops enablement_ops = {
	.id = "enablement", .number = 2, .title = "Enablement", .why = "Turns it on.",
};
static const char *const instructions[] = { "Select Selected", "Save" };

static void fill(struct session *s)
{
	struct setting *one;
	struct change *c;

	memset(s, 0, sizeof(*s));
	facts_init(&s->facts);
	s->facts.organization.id = "t-1";
	s->facts.organization.display_name = "Contoso";
	s->facts.organization.default_domain = "contoso.com";

	s->views[0].ops = &group_ops;
	s->views[0].state = STEP_CHANGES;
	one = step_setting(&s->views[0], "group.name", "Group");
	one->current = "none";
	one->wanted = "SSPR-Enabled-Users";
	one->confidence = CONFIDENCE_PROVED;
	plan_init(&s->views[0].plan);
	c = plan_add(&s->views[0].plan, "group", "group.create", MEANS_GRAPH);
	c->title = "Create the group";
	c->method = "POST";
	c->url = "/v1.0/groups";
	c->body = json_new_object();
	json_add_string(c->body, "displayName", "SSPR-Enabled-Users");
	c->undo_method = "DELETE";
	c->undo = "delete the group";

	s->views[1].ops = &enablement_ops;
	s->views[1].state = STEP_GUIDED;
	plan_init(&s->views[1].plan);
	c = plan_add(&s->views[1].plan, "enablement", "enablement.scope", MEANS_GUIDED);
	c->title = "Set Self service password reset enabled to Selected";
	c->undo = "set it back in the same place";
	c->place = "Entra ID > Password reset > Properties";
	c->link = "https://entra.microsoft.com/x";
	c->instructions = instructions;
	c->ninstructions = 2;
}

static void release(struct session *s)
{
	for (size_t i = 0; i < 2; i++)
		step_view_release(&s->views[i]);
	facts_release(&s->facts);
}

static struct json *parse(const char *text)
{
	struct err err = ERR_INIT;
	struct json *j = json_parse(text, strlen(text), &err);

	if (!j)
		fail_msg("%s", err.msg);
	return j;
}

static void test_document(void **state)
{
	static const char expected[] =
		"{\"schema\":\"sspr-wizard/plan/1\","
		"\"tenant\":{\"id\":\"t-1\",\"displayName\":\"Contoso\","
		"\"defaultDomain\":\"contoso.com\"},"
		"\"steps\":[{\"id\":\"group\",\"number\":1,\"title\":\"Security group\","
		"\"state\":\"changes\",\"settings\":[{\"name\":\"Group\",\"current\":\"none\","
		"\"wanted\":\"SSPR-Enabled-Users\",\"matches\":false,\"confidence\":\"proved\"}],"
		"\"changes\":[{\"id\":\"group.create\",\"title\":\"Create the group\","
		"\"means\":\"graph\",\"method\":\"POST\",\"url\":\"/v1.0/groups\","
		"\"body\":{\"displayName\":\"SSPR-Enabled-Users\"},\"reversible\":true,"
		"\"undo\":\"delete the group\",\"instructions\":[]}]},"
		"{\"id\":\"enablement\",\"number\":2,\"title\":\"Enablement\","
		"\"state\":\"guided\",\"settings\":[],"
		"\"changes\":[{\"id\":\"enablement.scope\","
		"\"title\":\"Set Self service password reset enabled to Selected\","
		"\"means\":\"guided\",\"method\":null,\"url\":null,\"body\":null,"
		"\"reversible\":false,\"undo\":\"set it back in the same place\","
		"\"instructions\":[\"Go to Entra ID > Password reset > Properties: "
		"https://entra.microsoft.com/x\",\"Select Selected\",\"Save\"]}]}]}";
	struct session s;
	struct json *doc, *wanted = parse(expected);

	(void)state;
	fill(&s);
	doc = plan_json(&s);
	assert_true(json_equal(doc, wanted));
	json_free(doc);
	json_free(wanted);
	release(&s);
}

static void test_still_true(void **state)
{
	struct session s;
	struct json *saved;
	struct err err = ERR_INIT;

	(void)state;
	fill(&s);
	saved = plan_json(&s);
	assert_int_equal(plan_json_still_true(saved, &s, &err), 0);

	/* Guided work that was done since changes no request. */
	s.views[1].plan.n = 0;
	assert_int_equal(plan_json_still_true(saved, &s, &err), 0);

	json_set_string(s.views[0].plan.v[0].body, "displayName", "Other");
	assert_int_equal(plan_json_still_true(saved, &s, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_string_equal(err.msg, "the plan is no longer true: \"Create the group\" would be "
				     "another request now");

	s.views[0].plan.n = 0;
	assert_int_equal(plan_json_still_true(saved, &s, &err), -1);
	assert_string_equal(err.msg, "the plan is no longer true: \"Create the group\" is not to "
				     "be done any more");
	s.views[0].plan.n = 1;
	json_free(saved);
	release(&s);
}

static void test_still_true_refuses_what_is_new(void **state)
{
	struct session s;
	struct json *saved;
	struct err err = ERR_INIT;

	(void)state;
	fill(&s);
	s.views[0].plan.n = 0;
	saved = plan_json(&s);
	s.views[0].plan.n = 1;
	assert_int_equal(plan_json_still_true(saved, &s, &err), -1);
	assert_string_equal(err.msg, "the plan is no longer true: \"Create the group\" is new");
	json_free(saved);
	release(&s);
}

static void test_still_true_of_other_documents(void **state)
{
	struct session s;
	struct json *other = parse("{\"schema\":\"sspr-wizard/check/1\"}");
	struct json *tenant = parse("{\"schema\":\"sspr-wizard/plan/1\",\"tenant\":{\"id\":\"x\"},"
				    "\"steps\":[]}");
	struct err err = ERR_INIT;

	(void)state;
	fill(&s);
	assert_int_equal(plan_json_still_true(other, &s, &err), -1);
	assert_int_equal(err.kind, ERR_PARSE);
	assert_int_equal(plan_json_still_true(tenant, &s, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_string_equal(err.msg, "the plan is for another tenant: x");
	json_free(other);
	json_free(tenant);
	release(&s);
}

static void test_text(void **state)
{
	static const char expected[] =
		"Plan for Contoso (contoso.com): 1 change, 1 to do by hand.\n"
		"\n"
		"* 1  Security group: changes\n"
		"     Group  none > SSPR-Enabled-Users\n"
		"     + Create the group\n"
		"       graph: POST /v1.0/groups\n"
		"       undo: delete the group\n"
		"\n"
		"> 2  Enablement: guided\n"
		"     > Set Self service password reset enabled to Selected\n"
		"       in Entra ID > Password reset > Properties\n"
		"       https://entra.microsoft.com/x\n"
		"       - Select Selected\n"
		"       - Save\n";
	CLEANUP(str_release) struct str text = { 0 };
	struct session s;

	(void)state;
	fill(&s);
	plan_text(&s, 80, true, &text);
	assert_string_equal(str_text(&text), expected);
	str_clear(&text);
	assert_int_equal(plan_left_text(&s, 80, true, &text), 1);
	assert_true(str_starts(str_text(&text), "Left for you to do:\n     > Set Self service"));
	release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_document),
		cmocka_unit_test(test_still_true),
		cmocka_unit_test(test_still_true_refuses_what_is_new),
		cmocka_unit_test(test_still_true_of_other_documents),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
