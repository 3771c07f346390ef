/* Whom a plan touches: each effect, and the file that names them in full. */
#include "steps/affected.h"
#include "tests/unit/judged_step.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "tui/dump.h"

static const char *const phone[] = { "mobilePhone" };

/* As in the tests of impact: Ann cannot reset yet, Bob has a phone alone, Cem is an
 * administrator, writeback is not proved, three outside the group may reset. */
static void mixed(struct facts *f)
{
	struct people *p = &f->members.people;

	p->v[0].sspr_enabled = TRI_NO;
	p->v[1].methods = phone;
	p->v[1].nmethods = 1;
	p->v[2].admin = TRI_YES;
	f->audit.last_written_back_ms = 0;
	f->registration.enabled_outside = 3;
	f->registration.not_enabled_outside = 90;
}

static const char *effect_on(const struct affected *all, const char *what, struct arena *arena)
{
	for (size_t i = 0; i < all->n; i++)
		if (strstr(all->v[i].what, what))
			return impact_text(&all->v[i].people, arena);
	return NULL;
}

static void effects_of_changes(void **state)
{
	static const struct {
		const char *id;
		enum scope scope;
		const char *what, *who;
	} rows[] = {
		{ "enablement.scope", SCOPE_SELECTED, "Can reset then", "ann@contoso.com" },
		{ "enablement.scope", SCOPE_SELECTED, "cannot then", "3 people outside the group" },
		{ "enablement.scope", SCOPE_SELECTED, "Administrators", "cem@contoso.com" },
		{ "enablement.scope", SCOPE_SELECTED, "writeback is not proved",
		  "ann@contoso.com, bob@contoso.com" },
		{ "enablement.scope", SCOPE_ALL, "Can reset then",
		  "ann@contoso.com; and 90 people outside the group" },
		{ "enablement.scope", SCOPE_NONE, "cannot then",
		  "bob@contoso.com, dora@contoso.com; and 3 people outside the group" },
		{ "enablement.scope", SCOPE_NONE, "Administrators", NULL },
		{ "methods.required", SCOPE_SELECTED, "too few methods registered",
		  "bob@contoso.com" },
		{ "methods.sms", SCOPE_SELECTED, "May use the method",
		  "ann@contoso.com, bob@contoso.com, cem@contoso.com, dora@contoso.com" },
		{ "notifications.users", SCOPE_SELECTED, "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct change c = { .id = rows[i].id, .title = "t" };
		struct affected all = { .n = 0 };
		struct arena arena = { 0 };
		struct judged j;

		judged_open(&j);
		mixed(&j.f);
		j.w.scope = rows[i].scope;
		j.w.methods_required = 2;
		affected_add(&all, &j.f, &j.w, &c);
		if (rows[i].who ? !str_same(effect_on(&all, rows[i].what, &arena), rows[i].who)
				: effect_on(&all, rows[i].what, &arena) != NULL)
			fail_msg("%zu %s: %s", i, rows[i].what,
				 effect_on(&all, rows[i].what, &arena));
		affected_release(&all);
		arena_clear(&arena);
		judged_close(&j);
	}
}

/* Taking back switches a method off, narrows the scope, empties the group. */
static void effects_of_an_undo(void **state)
{
	struct affected all = { .n = 0 };
	struct arena arena = { 0 };
	struct json *none = json_new_object();
	const char *ids[2];
	struct record sms = { .change_id = "methods.sms", .title = "t" };
	struct record scope = { .change_id = "enablement.scope", .title = "t", .undo_body = none };
	struct record members = { .change_id = "group.members", .title = "t", .members = ids,
				  .nmembers = 2 };
	struct judged j;

	(void)state;
	judged_open(&j);
	mixed(&j.f);
	json_add_number(none, "enablementType", 0);
	affected_add_undo(&all, &j.f, &j.w, &sms);
	assert_string_equal(effect_on(&all, "too few methods are left", &arena), "bob@contoso.com");
	assert_true(all.v[0].warning);
	affected_add_undo(&all, &j.f, &j.w, &scope);
	assert_string_equal(effect_on(&all, "cannot then", &arena),
			    "bob@contoso.com, dora@contoso.com; and 3 people outside the group");
	ids[0] = j.f.members.people.v[0].id;
	ids[1] = "somebody-gone";
	affected_add_undo(&all, &j.f, &j.w, &members);
	assert_string_equal(effect_on(&all, "Leaves the group", &arena),
			    "ann@contoso.com; and 1 person outside the group");
	affected_release(&all);
	arena_clear(&arena);
	json_free(none);
	judged_close(&j);
}

/* People to be put into the group who need a second look; and what is not known is
 * said, unless there is no group to be in. */
static void risks_and_riddles(void **state)
{
	struct change add = { .id = "group.members", .title = "t" };
	struct change scope = { .id = "enablement.scope", .title = "t" };
	struct affected all = { .n = 0 };
	struct arena arena = { 0 };
	const char *ids[4];
	struct judged j;

	(void)state;
	judged_open(&j);
	mixed(&j.f);
	for (size_t i = 0; i < 4; i++)
		ids[i] = j.f.members.people.v[i].id;
	add.member_ids = ids;
	add.nmembers = 4;
	affected_add(&all, &j.f, &j.w, &add);
	assert_string_equal(effect_on(&all, "Administrators", &arena), "cem@contoso.com");
	assert_string_equal(effect_on(&all, "writeback is not proved", &arena),
			    "ann@contoso.com, bob@contoso.com");
	affected_release(&all);
	lose_area(&j.f, AREA_REGISTRATION, SOURCE_FORBIDDEN, "no");
	affected_add(&all, &j.f, &j.w, &scope);
	assert_string_equal(effect_on(&all, "Can reset then", &arena), "cannot tell who");
	assert_string_equal(effect_on(&all, "cannot then", &arena), "cannot tell who");
	affected_release(&all);
	lose_area(&j.f, AREA_MEMBERS, SOURCE_SKIPPED, "no");
	j.f.groups.n = 0;
	j.f.groups.chosen = NULL;
	affected_add(&all, &j.f, &j.w, &scope);
	assert_null(effect_on(&all, "Can reset then", &arena));
	assert_string_equal(effect_on(&all, "cannot then", &arena), "cannot tell who");
	affected_release(&all);
	arena_clear(&arena);
	judged_close(&j);
}

/* Names that a spreadsheet would run, or that would break a line. */
static void hostile_names_are_inert(void **state)
{
	struct change c = { .id = "methods.sms", .title = "SMS" };
	struct affected all = { .n = 0 };
	struct str text = { 0 };
	struct judged j;
	size_t lines = 0;

	(void)state;
	judged_open(&j);
	j.f.members.people.v[0].display_name = "=HYPERLINK(\"http://x\",\"y\")";
	j.f.members.people.v[1].display_name = "two\nlines";
	j.f.members.people.v[2].display_name = NULL;
	affected_add(&all, &j.f, &j.w, &c);
	affected_csv(&all, &text);
	assert_non_null(strstr(str_text(&text), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""));
	assert_non_null(strstr(str_text(&text), "\"two lines\""));
	for (const char *p = str_text(&text); *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 1 + affected_rows(&all));
	assert_int_equal(affected_rows(&all), 4);
	str_release(&text);
	affected_release(&all);
	judged_close(&j);
}

static void key(struct app *a, uint32_t k)
{
	app_update(a, &(struct input){ .kind = INPUT_KEY, .key = k });
}

/* The text of the question, with one space for whatever stands between words. */
static void assert_shows(struct app *a, const char *text)
{
	struct str out = { 0 };
	struct sheet s;

	sheet_init(&s, 74, false);
	a->confirm.body(a, &s);
	for (int i = 0; i < s.page.w * s.page.h; i++) {
		uint32_t cp = s.page.cells[i].cp;

		if (cp > ' ' && cp < 127)
			str_add_char(&out, (char)cp);
		else if (out.len && out.buf[out.len - 1] != ' ')
			str_add_char(&out, ' ');
	}
	if (!strstr(str_text(&out), text))
		fail_msg("no \"%s\" in:\n%s", text, str_text(&out));
	sheet_release(&s);
	str_release(&out);
}

/* The question shows the risks, and writes the list before the yes. */
static void before_the_yes(void **state)
{
	struct options o = { .command = COMMAND_WIZARD, .demo = "troubled", .portal_api = true };
	char dir[] = "/tmp/affected-test-XXXXXX", path[64], line[256];
	struct err err = ERR_INIT;
	struct stat st;
	size_t lines = 0;
	struct app a;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/who.csv", dir);
	clock_set_virtual(DUMP_NOW_MS);
	app_init(&a, &o, loop_new(&err), false);
	app_update(&a, &(struct input){ .kind = INPUT_SIZE, .w = 100, .h = 50 });
	assert_true(app_go_to(&a, "board"));
	board_select(&a, "enablement");
	key(&a, K_ENTER);
	key(&a, 'a');
	assert_ptr_equal(app_top(&a), &screen_confirm);
	assert_shows(&a, "Can reset now and cannot then: ");
	assert_shows(&a, "Administrators: the scope does not decide for them");
	assert_shows(&a, "Synced, and writeback is not proved");
	assert_shows(&a, "not supported by Microsoft");
	/* A letter is part of the word here; the function key is not. */
	key(&a, K_F4);
	assert_ptr_equal(app_top(&a), &screen_save);
	edit_set(&a.save.path, path);
	key(&a, K_ENTER);
	assert_ptr_equal(app_top(&a), &screen_confirm);
	assert_non_null(strstr(a.message, "Written: "));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	f = fopen(path, "r");
	while (fgets(line, sizeof(line), f))
		lines += strstr(line, "Narrow password reset") != NULL;
	fclose(f);
	assert_true(lines >= 19);
	/* Nothing was written to the tenant by looking. */
	assert_int_equal(tenant_write_count(a.session.demo), 0);
	key(&a, K_ESC);
	unlink(path);
	rmdir(dir);
	app_release(&a);
	loop_free(a.loop);
	clock_set_real();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(effects_of_changes),
		cmocka_unit_test(effects_of_an_undo),
		cmocka_unit_test(risks_and_riddles),
		cmocka_unit_test(hostile_names_are_inert),
		cmocka_unit_test(before_the_yes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
