#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "graph/base/arena.h"
#include "graph/base/mem.h"

static void test_zeroed_and_aligned(void **state)
{
	static const size_t sizes[] = { 0, 1, 3, 16, 4095, 4097, 20000, 200000, 1 };
	struct arena a = { 0 };

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT_OF(sizes); i++) {
			unsigned char *p = arena_alloc(&a, sizes[i]);

			assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(p[k], 0);
			memset(p, 0xA5, sizes[i]);
		}
		arena_clear(&a);
		assert_null(a.blocks);
	}
}

static void test_pieces_do_not_overlap(void **state)
{
	struct arena a = { 0 };
	unsigned char *piece[500];

	(void)state;
	for (size_t i = 0; i < 500; i++) {
		piece[i] = arena_alloc(&a, i * 7 % 400 + 1);
		memset(piece[i], (int)(i % 251), i * 7 % 400 + 1);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t k = 0; k < i * 7 % 400 + 1; k++)
			assert_int_equal(piece[i][k], i % 251);
	arena_clear(&a);
}

static void test_strings(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_null(arena_strdup(&a, NULL));
	assert_null(arena_strndup(&a, NULL, 3));
	assert_string_equal(arena_strdup(&a, ""), "");
	assert_string_equal(arena_strdup(&a, "contoso"), "contoso");
	assert_string_equal(arena_strndup(&a, "contoso", 3), "con");
	assert_string_equal(arena_strndup(&a, "ab", 10), "ab");
	assert_string_equal(arena_printf(&a, "%s-%d", "x", 5), "x-5");
	arena_clear(&a);
}

static void test_grow(void **state)
{
	struct arena a = { 0 };
	int *v = NULL;
	size_t n = 0, cap = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		ARENA_GROW(&a, v, n, cap);
		v[n++] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v[i], i);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeroed_and_aligned),
		cmocka_unit_test(test_pieces_do_not_overlap),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_grow),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
