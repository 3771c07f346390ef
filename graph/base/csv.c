#include "graph/base/csv.h"

#include "graph/base/utf8.h"

static void separate(struct str *out)
{
	const char *text = str_text(out);

	if (out->len && text[out->len - 1] != '\n')
		str_add_char(out, ',');
}

/* Also behind leading spaces, and in the full-width forms that some
 * spreadsheets turn into the plain ones. */
static bool is_formula(const char *text)
{
	uint32_t cp = 0;

	do {
		text += utf8_decode(text, &cp);
	} while (cp == ' ' || cp == 0xa0 || cp == 0x3000);
	switch (cp) {
	case '=': case '+': case '-': case '@': case '\t': case '\r': case '\n': case '|':
	case 0xff1d: case 0xff0b: case 0xff0d: case 0xff20:
		return true;
	default:
		return false;
	}
}

void csv_text(struct str *out, const char *text)
{
	separate(out);
	str_add_char(out, '"');
	if (text && is_formula(text))
		str_add_char(out, '\'');
	for (; text && *text; text++) {
		if (*text == '"')
			str_add_char(out, '"');
		str_add_char(out, *text == '\n' || *text == '\r' || *text == '\t' ? ' ' : *text);
	}
	str_add_char(out, '"');
}

void csv_number(struct str *out, double v)
{
	separate(out);
	str_addf(out, "%.15g", v);
}

void csv_end(struct str *out)
{
	str_add(out, "\n");
}
