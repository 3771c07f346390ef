/* Keeping a sign-in in the keyring from the permissions screen, over a token source that
 * only says how it stands. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/screens/pressed.h"

static enum token_kept state_now;
static int kept_calls, forgot_calls;

static void keep(struct token_source *s, bool yes)
{
	(void)s;
	kept_calls += yes;
	forgot_calls += !yes;
	state_now = TOKEN_KEPT_BUSY;
}

static enum token_kept kept(const struct token_source *s)
{
	(void)s;
	return state_now;
}

static void begin(struct pressed *w, struct token_ops *ops)
{
	press_begin(w, "contoso");
	press(w, K_ENTER);
	app_settle(&w->a);
	*ops = *w->a.session.tokens->ops;
	ops->keep = keep;
	ops->kept = kept;
	w->a.session.tokens->ops = ops;
	state_now = TOKEN_KEPT_NOT;
	kept_calls = forgot_calls = 0;
}

static void news(struct pressed *w, enum token_kept state)
{
	state_now = state;
	app_update(&w->a, &(struct input){ .kind = INPUT_NEWS });
}

static void test_kept_after_a_yes(void **unused)
{
	struct token_ops ops;
	struct pressed w;

	(void)unused;
	begin(&w, &ops);
	press(&w, 'v');
	press_see(&w, "kept in memory only");
	press_see(&w, "m Remember me");
	press(&w, 'm');
	press_see(&w, "Keep your sign-in in the keyring?");
	press(&w, K_ENTER);
	assert_int_equal(kept_calls, 0);
	press(&w, 'm');
	press(&w, 'y');
	assert_int_equal(kept_calls, 1);
	press_see(&w, "The keyring is asked.");
	assert_false(press_shows(&w, "Remember me"));
	news(&w, TOKEN_KEPT);
	press_see(&w, "kept in the desktop's keyring");
	press(&w, 'm');
	assert_int_equal(forgot_calls, 1);
	assert_int_equal(kept_calls, 1);
	press_end(&w);
}

/* Said once where it was asked for at the start, and shown as long as it is so. */
static void test_failures_are_told(void **unused)
{
	struct token_ops ops;
	struct pressed w;

	(void)unused;
	begin(&w, &ops);
	w.a.session.tokens->not_remembered = "the keyring is locked";
	news(&w, TOKEN_KEPT_FAILED);
	press_see(&w, "You are not remembered: the keyring is locked");
	press(&w, 'v');
	press_see(&w, "You are not remembered: the keyring is locked.");
	news(&w, TOKEN_KEPT_STILL);
	press_see(&w, "may still be in the keyring: the keyring is locked.");
	press_see(&w, "m Forget me");
	press(&w, K_ESC);
	news(&w, TOKEN_KEPT_FAILED);
	assert_false(press_shows(&w, "You are not remembered"));
	press_end(&w);
}

static void test_not_where_nobody_signs_in(void **unused)
{
	struct pressed w;

	(void)unused;
	press_begin(&w, "contoso");
	press(&w, K_ENTER);
	app_settle(&w.a);
	press(&w, 'v');
	press_see(&w, "Signed in as admin@contoso.com");
	assert_false(press_shows(&w, "Remember me"));
	assert_false(press_shows(&w, "in memory only"));
	press_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept_after_a_yes),
		cmocka_unit_test(test_failures_are_told),
		cmocka_unit_test(test_not_where_nobody_signs_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
