#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "graph/base/secret.h"

static void test_life(void **state)
{
	struct secret s = { 0 };

	(void)state;
	assert_true(secret_empty(&s));
	assert_string_equal(secret_text(&s), "");
	secret_set(&s, "token", 5);
	assert_false(secret_empty(&s));
	assert_string_equal(secret_text(&s), "token");
	assert_int_equal(s.len, 5);
	secret_set(&s, "to", 2);
	assert_string_equal(secret_text(&s), "to");
	secret_set(&s, NULL, 0);
	assert_true(secret_empty(&s));
	secret_set(&s, "x", 0);
	assert_true(secret_empty(&s));
	secret_release(&s);
	secret_release(&s);
}

/* From its own text; and lengths around a page keep the final NUL. */
static void test_sizes(void **state)
{
	static char text[9000];
	struct secret s = { 0 };

	(void)state;
	memset(text, 'k', sizeof(text));
	for (size_t n = 4090; n < 4100; n++) {
		secret_set(&s, text, n);
		assert_int_equal(strlen(secret_text(&s)), n);
	}
	secret_set(&s, secret_text(&s) + 4000, 10);
	assert_string_equal(secret_text(&s), "kkkkkkkkkk");
	secret_release(&s);
}

static void test_wipe(void **state)
{
	char text[16] = "password";

	(void)state;
	secret_wipe(text, 4);
	assert_memory_equal(text, "\0\0\0\0word", 9);
	secret_wipe(NULL, 4);
	secret_wipe(text, 0);
	assert_memory_equal(text, "\0\0\0\0word", 9);
}

static void test_harden(void **state)
{
	struct rlimit limit;

	(void)state;
	secret_harden_process();
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 0);
	assert_int_equal(limit.rlim_max, 0);
#ifdef __linux__
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	/* The leak check of the sanitizers attaches to the process at its end. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_wipe),
		cmocka_unit_test(test_harden),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
