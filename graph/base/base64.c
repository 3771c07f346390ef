#include "graph/base/base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode(struct str *out, const char *signs, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | p[i];
		for (have += 8; have >= 6; have -= 6)
			str_add_char(out, signs[bits >> (have - 6) & 63]);
	}
	if (have)
		str_add_char(out, signs[bits << (6 - have) & 63]);
}

void base64url_encode(struct str *out, const void *bytes, size_t n)
{
	encode(out, alphabet, bytes, n);
}

void base64_encode(struct str *out, const void *bytes, size_t n)
{
	encode(out, plain, bytes, n);
	for (; n % 3; n++)
		str_add_char(out, '=');
}

int base64url_decode(struct str *out, const char *text, size_t n)
{
	uint32_t bits = 0;
	int have = 0;

	while (n && text[n - 1] == '=')
		n--;
	for (size_t i = 0; i < n; i++) {
		char c = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
		const char *at = c ? strchr(alphabet, c) : NULL;

		if (!at)
			return -1;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		have += 6;
		if (have >= 8) {
			have -= 8;
			str_add_char(out, (char)(bits >> have & 255));
		}
	}
	return n % 4 == 1 ? -1 : 0;
}
