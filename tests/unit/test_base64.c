#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/base64.h"
#include "graph/base/mem.h"

/* RFC 4648 section 10, without padding, and the two letters that differ. */
static void there_and_back(void **unused)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{ "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "-__-" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str coded = { 0 }, back = { 0 };

		base64url_encode(&coded, cases[i].bytes, strlen(cases[i].bytes));
		assert_string_equal(str_text(&coded), cases[i].text);
		assert_int_equal(base64url_decode(&back, cases[i].text, strlen(cases[i].text)), 0);
		assert_string_equal(str_text(&back), cases[i].bytes);
		str_release(&coded);
		str_release(&back);
	}
}

static void plain_has_padding(void **unused)
{
	struct str coded = { 0 };

	(void)unused;
	base64_encode(&coded, "f\xfb\xff\xfe", 4);
	assert_string_equal(str_text(&coded), "Zvv//g==");
	str_release(&coded);
}

static void padding_and_the_plain_alphabet_are_taken(void **unused)
{
	struct str back = { 0 };

	(void)unused;
	assert_int_equal(base64url_decode(&back, "Zg==", 4), 0);
	assert_int_equal(base64url_decode(&back, "+//+", 4), 0);
	assert_string_equal(str_text(&back), "f\xfb\xff\xfe");
	str_release(&back);
}

static void other_text_is_refused(void **unused)
{
	static const char *const cases[] = { "Z", "Zm9vY", "Zm 9", "Zm9v\n", "Zg=a", "*" };
	struct str back = { 0 };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(base64url_decode(&back, cases[i], strlen(cases[i])), -1);
	assert_int_equal(base64url_decode(&back, "Z\0g", 3), -1);
	str_release(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(plain_has_padding),
		cmocka_unit_test(padding_and_the_plain_alphabet_are_taken),
		cmocka_unit_test(other_text_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
