#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "graph/base/utf8.h"

/*
 * libFuzzer over the text gate and everything that measures text. Build:
 *	clang -fsanitize=fuzzer,address,undefined -I. tests/fuzz/fuzz_text.c \
 *		graph/base/[a-z]*.c -lcjson -lcrypto
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is written is clean, and cleaning it again changes nothing. */
static void check_gate(struct str *clean, const char *src, size_t len, unsigned flags)
{
	struct str again = { 0 };
	bool changed = utf8_clean(clean, src, len, flags);

	assert(changed == !utf8_is_clean(src, len, flags));
	assert(changed || (clean->len == len && !memcmp(str_text(clean), src, len)));
	assert(strlen(str_text(clean)) == clean->len);
	assert(utf8_is_clean(str_text(clean), clean->len, flags));
	assert(!utf8_clean(&again, str_text(clean), clean->len, flags));
	assert(again.len == clean->len);
	str_release(&again);
}

static int width_of(const char *s, size_t len)
{
	struct str part = { 0 };
	int width;

	str_add_bytes(&part, s, len);
	width = utf8_width(str_text(&part));
	str_release(&part);
	return width;
}

/* No cut ever takes more columns than it was given, or splits a character. */
static void check_measures(const char *s, int columns)
{
	struct str cut = { 0 };
	size_t fit = utf8_fit(s, columns);

	assert(fit <= strlen(s));
	assert(width_of(s, fit) <= columns);
	assert(utf8_is_clean(s, fit, UTF8_LINES));
	utf8_cut(&cut, s, columns, true, false);
	assert(utf8_width(str_text(&cut)) == columns);
	assert(utf8_is_clean(str_text(&cut), cut.len, UTF8_LINES));
	str_release(&cut);
}

static void check_wrap(const char *s, int columns)
{
	size_t len, next;

	while (*s) {
		len = utf8_wrap(s, columns, &next);
		assert(next > 0 && len <= next && next <= strlen(s));
		assert(width_of(s, len) <= columns || columns < 2);
		assert(!memchr(s, '\n', len));
		s += next;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str plain = { 0 }, lines = { 0 };
	int columns = size ? data[0] % 20 : 0;

	check_gate(&plain, (const char *)data, size, 0);
	check_gate(&lines, (const char *)data, size, UTF8_LINES);
	check_measures(str_text(&plain), columns);
	check_measures(str_text(&lines), columns);
	check_wrap(str_text(&plain), columns);
	check_wrap(str_text(&lines), columns);
	str_release(&plain);
	str_release(&lines);
	return 0;
}
