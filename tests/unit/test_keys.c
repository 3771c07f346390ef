#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/keys.h"

static void test_no_key_means_two_things(void **state)
{
	(void)state;
	for (unsigned i = 0; i < nbindings; i++)
		for (unsigned j = i + 1; j < nbindings; j++)
			if (bindings[i].ctx == bindings[j].ctx &&
			    bindings[i].key == bindings[j].key)
				fail_msg("%s and %s share a key in context %d",
					 action_name(bindings[i].act),
					 action_name(bindings[j].act), (int)bindings[i].ctx);
}

static void test_every_action_has_a_key(void **state)
{
	bool bound[ACT_COUNT] = { false };

	(void)state;
	for (unsigned i = 0; i < nbindings; i++)
		bound[bindings[i].act] = true;
	for (unsigned a = ACT_NONE + 1; a < ACT_COUNT; a++)
		if (!bound[a])
			fail_msg("no key for %s", action_name(a));
}

static void test_the_footer_has_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < nbindings; i++)
		if (bindings[i].rank && bindings[i].act != ACT_DOWN)
			assert_true(*action_label(bindings[i].act));
	for (unsigned a = ACT_NONE + 1; a < ACT_COUNT; a++)
		assert_true(*action_help(a));
}

/* Escape goes back wherever it is pressed; it never leaves the program. */
static void test_escape_is_back_everywhere(void **state)
{
	(void)state;
	for (int c = 0; c < CTX_COUNT; c++)
		assert_int_equal(keys_lookup((enum key_context)c, K_ESC), ACT_BACK);
}

/* A key held down must not open a question and answer it. */
static void test_yes_is_not_a_key_that_asks(void **state)
{
	static const enum action asks[] = { ACT_APPLY, ACT_UNDO, ACT_ATTEST, ACT_QUIT,
					    ACT_OPEN };

	(void)state;
	for (unsigned i = 0; i < nbindings; i++)
		for (unsigned k = 0; k < sizeof(asks) / sizeof(asks[0]); k++)
			if (bindings[i].act == asks[k])
				assert_int_not_equal(keys_lookup(CTX_CONFIRM, bindings[i].key),
						     ACT_YES);
}

static void test_own_context_wins(void **state)
{
	(void)state;
	assert_int_equal(keys_lookup(CTX_CONFIRM, 'n'), ACT_NO);
	assert_int_equal(keys_lookup(CTX_STEP, 'n'), ACT_NEXT_STEP);
	assert_int_equal(keys_lookup(CTX_PICKER, K_ENTER), ACT_TOGGLE);
	assert_int_equal(keys_lookup(CTX_STEP, K_ENTER), ACT_OPEN);
	assert_int_equal(keys_lookup(CTX_STEP, 0x1F600), ACT_NONE);
}

static void test_names_of_keys(void **state)
{
	static const struct {
		uint32_t key;
		const char *drawn, *ascii;
	} rows[] = {
		{ 'a', "a", "a" },	  { K_UP, "↑", "Up" },
		{ K_F10, "F10", "F10" },  { K_CTRL('l'), "Ctrl-L", "Ctrl-L" },
		{ K_ENTER, "Enter", "Enter" }, { K_ESC, "Esc", "Esc" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str s = { 0 };

		key_text(rows[i].key, false, &s);
		assert_string_equal(str_text(&s), rows[i].drawn);
		str_clear(&s);
		key_text(rows[i].key, true, &s);
		assert_string_equal(str_text(&s), rows[i].ascii);
		str_release(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_key_means_two_things),
		cmocka_unit_test(test_every_action_has_a_key),
		cmocka_unit_test(test_the_footer_has_words),
		cmocka_unit_test(test_escape_is_back_everywhere),
		cmocka_unit_test(test_yes_is_not_a_key_that_asks),
		cmocka_unit_test(test_own_context_wins),
		cmocka_unit_test(test_names_of_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
