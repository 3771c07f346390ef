#include "graph/base/utf8.h"

#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/utf8_table.h"

#define REPLACEMENT 0xFFFDu
#define DOTTED_CIRCLE 0x25CCu	/* carries a mark that has no base */
#define MARKS_MAX 2

/*
 * Dropped by the gate (facts sign-in-and-transport.md 9.4, points 3 and 4):
 * they print nothing, and reorder, hide or join what is printed. The Khmer
 * inherent vowels, the shorthand, music and hieroglyph format characters are
 * ours: invisible as well.
 */
static const struct utf8_range dropped[] = {
	{ 0x00AD, 0x00AD },	/* soft hyphen */
	{ 0x034F, 0x034F },	/* combining grapheme joiner */
	{ 0x061C, 0x061C },	/* Arabic letter mark */
	{ 0x115F, 0x1160 },	/* Hangul fillers */
	{ 0x17B4, 0x17B5 },	/* Khmer inherent vowels */
	{ 0x180B, 0x180F },	/* Mongolian selectors */
	{ 0x200B, 0x200F },	/* zero width space and joiners, LRM, RLM */
	{ 0x202A, 0x202E },	/* bidi embeddings and overrides */
	{ 0x2060, 0x206F },	/* word joiner, invisible operators, isolates */
	{ 0x3164, 0x3164 },	/* Hangul filler */
	{ 0xFE00, 0xFE0F },	/* variation selectors */
	{ 0xFEFF, 0xFEFF },	/* byte order mark */
	{ 0xFFA0, 0xFFA0 },	/* half-width Hangul filler */
	{ 0xFFF9, 0xFFFB },	/* interlinear annotation */
	{ 0x13430, 0x1343F },	/* hieroglyph joiners */
	{ 0x1BCA0, 0x1BCA3 },	/* shorthand format */
	{ 0x1D173, 0x1D17A },	/* musical beams and slurs */
	{ 0xE0000, 0xE0FFF },	/* tags, more variation selectors */
};

static bool in_ranges(const struct utf8_range *r, size_t n, uint32_t cp)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (cp > r[mid].last)
			lo = mid + 1;
		else if (cp < r[mid].first)
			hi = mid;
		else
			return true;
	}
	return false;
}

/*
 * One character of s[0..len), len > 0. Returns its bytes, with *ret_cp set; or
 * the length of the maximal ill-formed subpart (Unicode 3.9, table 3-8) as a
 * negative number.
 */
static int decode(const unsigned char *s, size_t len, uint32_t *ret_cp)
{
	unsigned char lo = 0x80, hi = 0xBF;	/* allowed second byte */
	uint32_t cp;
	int need;

	if (s[0] < 0x80) {
		*ret_cp = s[0];
		return 1;
	}
	if (s[0] >= 0xC2 && s[0] <= 0xDF) {
		need = 2;
		cp = s[0] & 0x1Fu;
	} else if (s[0] >= 0xE0 && s[0] <= 0xEF) {
		need = 3;
		cp = s[0] & 0x0Fu;
		lo = s[0] == 0xE0 ? 0xA0 : lo;	/* no overlong form */
		hi = s[0] == 0xED ? 0x9F : hi;	/* no surrogate */
	} else if (s[0] >= 0xF0 && s[0] <= 0xF4) {
		need = 4;
		cp = s[0] & 0x07u;
		lo = s[0] == 0xF0 ? 0x90 : lo;
		hi = s[0] == 0xF4 ? 0x8F : hi;	/* not over U+10FFFF */
	} else {
		return -1;
	}
	for (int i = 1; i < need; i++) {
		if ((size_t)i >= len || s[i] < lo || s[i] > hi)
			return -i;
		cp = cp << 6 | (s[i] & 0x3Fu);
		lo = 0x80;
		hi = 0xBF;
	}
	*ret_cp = cp;
	return need;
}

/* What the gate does with one character. */
enum verdict { KEEP, MARK, DROP, SPACE, NEWLINE, REPLACE };

static enum verdict judge(uint32_t cp, unsigned flags)
{
	if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) {
		if (cp == '\n' || cp == '\t')
			return flags & UTF8_LINES ? KEEP : SPACE;
		if (cp == '\r')
			return flags & UTF8_LINES ? NEWLINE : SPACE;
		return REPLACE;
	}
	if (cp < 0x300 && cp != 0xAD)
		return KEEP;	/* Latin: no need to search */
	if (in_ranges(dropped, COUNT_OF(dropped), cp))
		return DROP;
	if (in_ranges(utf8_refused, utf8_refused_count, cp))
		return REPLACE;
	return in_ranges(utf8_zero, utf8_zero_count, cp) ? MARK : KEEP;
}

/* src[kept..pos) is clean and not written yet. */
struct gate {
	struct str *out;	/* NULL: only ask */
	const char *src;
	size_t len, pos, kept;
	int marks;		/* on the present base; -1: there is no base */
};

/* Writes what is clean up to pos, then `with` (0: nothing). */
static void flush(struct gate *g, uint32_t with)
{
	char bytes[4];

	str_add_bytes(g->out, g->src + g->kept, g->pos - g->kept);
	if (with)
		str_add_bytes(g->out, bytes, (size_t)utf8_encode(with, bytes));
	g->kept = g->pos;
}

/* The next character, n bytes long, that may not stay as it is. */
static void change(struct gate *g, enum verdict v, size_t n)
{
	if (v == MARK && g->marks < 0) {
		flush(g, DOTTED_CIRCLE);	/* the mark itself stays */
		g->pos += n;
		g->marks = 1;
		return;
	}
	if (v == NEWLINE && g->pos + 1 < g->len && g->src[g->pos + 1] == '\n')
		v = DROP;	/* CR LF is one newline */
	switch (v) {
	case SPACE: flush(g, ' '); break;
	case NEWLINE: flush(g, '\n'); break;
	case REPLACE: flush(g, REPLACEMENT); break;
	default: flush(g, 0); break;	/* dropped, or a mark too many */
	}
	if (v == SPACE || v == REPLACE)
		g->marks = 0;
	else if (v == NEWLINE)
		g->marks = -1;
	g->pos += n;
	g->kept = g->pos;
}

/* The gate. Without out it only answers, at the first byte that must change. */
static bool gate(struct str *out, const char *src, size_t len, unsigned flags)
{
	struct gate g = { .out = out, .src = src, .len = len, .marks = -1 };
	const unsigned char *s = (const unsigned char *)src;
	bool changed = false;

	while (g.pos < len) {
		enum verdict v;
		uint32_t cp;
		int n;

		if (s[g.pos] >= 0x20 && s[g.pos] < 0x7F) {
			g.marks = 0;
			g.pos++;
			continue;
		}
		n = decode(s + g.pos, len - g.pos, &cp);
		v = n < 0 ? REPLACE : judge(cp, flags);
		n = n < 0 ? -n : n;
		if (v == KEEP) {
			g.marks = cp == '\n' || cp == '\t' ? -1 : 0;
		} else if (v == MARK && g.marks >= 0 && g.marks < MARKS_MAX) {
			g.marks++;
		} else {
			if (!out)
				return true;
			changed = true;
			change(&g, v, (size_t)n);
			continue;
		}
		g.pos += (size_t)n;
	}
	if (out)
		flush(&g, 0);
	return changed;
}

bool utf8_clean(struct str *out, const char *src, size_t len, unsigned flags)
{
	return gate(out, src, len, flags);
}

bool utf8_is_clean(const char *src, size_t len, unsigned flags)
{
	return !gate(NULL, src, len, flags);
}

int utf8_decode(const char *s, uint32_t *ret_cp)
{
	int n;

	if (!*s) {
		*ret_cp = 0;
		return 0;
	}
	/* 4 is safe: the final NUL is no continuation byte, so it stops there. */
	n = decode((const unsigned char *)s, 4, ret_cp);
	if (n > 0)
		return n;
	*ret_cp = REPLACEMENT;
	return 1;
}

int utf8_encode(uint32_t cp, char out[4])
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = REPLACEMENT;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

int utf8_char_width(uint32_t cp)
{
	if (cp < 0x7F)
		return cp >= 0x20 || cp == '\t';	/* a tab is drawn as a space */
	if (cp < 0x300)
		return cp >= 0xA0;
	if (in_ranges(utf8_refused, utf8_refused_count, cp))
		return 1;	/* what stands there is U+FFFD */
	if (in_ranges(utf8_zero, utf8_zero_count, cp))
		return 0;
	return in_ranges(utf8_wide, utf8_wide_count, cp) ? 2 : 1;
}

int utf8_width(const char *s)
{
	uint32_t cp;
	int n, width = 0;

	for (; (n = utf8_decode(s, &cp)) > 0; s += n)
		width += utf8_char_width(cp);
	return width;
}

size_t utf8_fit(const char *s, int columns)
{
	size_t len = 0;
	uint32_t cp;
	int n;

	if (columns <= 0)
		return 0;
	/* Marks are of width 0 and so stay with the last base that fits. */
	while ((n = utf8_decode(s + len, &cp)) > 0) {
		columns -= utf8_char_width(cp);
		if (columns < 0)
			break;
		len += (size_t)n;
	}
	return len;
}

void utf8_cut(struct str *out, const char *s, int columns, bool pad, bool ascii)
{
	size_t len = utf8_fit(s, columns);
	int left;

	if (columns <= 0)
		return;
	if (!s[len]) {
		left = columns - utf8_width(s);
		str_add_bytes(out, s, len);
	} else {
		len = utf8_fit(s, columns - 1);
		str_add_bytes(out, s, len);
		str_add(out, ascii ? "~" : "\xE2\x80\xA6");
		left = columns - 1;
		for (size_t i = 0; i < len;) {
			uint32_t cp;

			i += (size_t)utf8_decode(s + i, &cp);
			left -= utf8_char_width(cp);
		}
	}
	while (pad && left-- > 0)
		str_add_char(out, ' ');
}

/* A line that ends at s[len]: *ret_next skips the blanks of the break. */
static size_t end_line(const char *s, size_t len, size_t *ret_next)
{
	size_t next = len;

	while (s[next] == ' ')
		next++;
	if (next > len && s[next] == '\n')
		next++;
	*ret_next = next;
	while (len > 0 && s[len - 1] == ' ')
		len--;
	return len;
}

size_t utf8_wrap(const char *s, int columns, size_t *ret_next)
{
	size_t pos = 0, breakable = 0;	/* the last place a line may end; 0 = none */
	int column = 0, width = 0, n;
	bool inked = false;	/* something other than a blank stands before pos */
	uint32_t cp;

	columns = columns < 1 ? 1 : columns;
	while ((n = utf8_decode(s + pos, &cp)) > 0) {
		int before = width;

		if (cp == '\n') {
			size_t len = end_line(s, pos, ret_next);

			*ret_next = pos + 1;
			return len;
		}
		width = utf8_char_width(cp);
		/* Between words, and beside every East Asian character. */
		if (inked && (cp == ' ' ? s[pos - 1] != ' ' :
			      width == 2 || (before == 2 && width > 0)))
			breakable = pos;
		if (column + width > columns) {
			if (breakable)
				return end_line(s, breakable, ret_next);
			if (pos == 0)	/* wider than the line: go on regardless */
				pos = (size_t)n;
			return end_line(s, pos, ret_next);
		}
		inked = inked || cp != ' ';
		column += width;
		pos += (size_t)n;
	}
	*ret_next = pos;
	while (pos > 0 && s[pos - 1] == ' ')
		pos--;
	return pos;
}
