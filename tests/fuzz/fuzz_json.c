#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "graph/base/json.h"
#include "graph/base/utf8.h"

/*
 * libFuzzer over the JSON reader and writer. Build:
 *	clang -fsanitize=fuzzer,address,undefined -I. tests/fuzz/fuzz_json.c \
 *		graph/base/[a-z]*.c -lcjson -lcrypto
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_clean(const struct json *j)
{
	const struct json *child;

	assert(!json_text(j) || utf8_is_clean(json_text(j), strlen(json_text(j)), 0));
	assert(!json_key(j) || utf8_is_clean(json_key(j), strlen(json_key(j)), 0));
	for (child = json_first(j); child; child = json_next(child))
		check_clean(child);
}

/* What is printed reads back as the same value, and prints the same again. */
static void check_round_trip(const struct json *j, bool raw)
{
	struct str text = { 0 }, again = { 0 };
	struct err err = ERR_INIT;
	struct json *back, *copy;

	json_print_pretty(j, &text);
	back = raw ? json_parse_raw(str_text(&text), text.len, &err) :
		     json_parse(str_text(&text), text.len, &err);
	assert(back);
	assert(json_equal(j, back) && json_equal(back, j));
	json_print_pretty(back, &again);
	assert(again.len == text.len && !memcmp(again.buf, text.buf, text.len));
	copy = json_clone(back);
	assert(json_equal(copy, j));
	json_free(copy);
	json_free(back);
	str_release(&text);
	str_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = ERR_INIT;
	struct json *j = json_parse((const char *)data, size, &err);
	struct json *raw = json_parse_raw((const char *)data, size, &err);

	assert(!j == !raw);
	if (j) {
		check_clean(j);
		check_round_trip(j, false);
		check_round_trip(raw, true);
	} else {
		assert(err.kind == ERR_PARSE && err.msg[0]);
		assert(utf8_is_clean(err.msg, strlen(err.msg), 0));
	}
	json_free(j);
	json_free(raw);
	return 0;
}
