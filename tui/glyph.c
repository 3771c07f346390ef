#include "tui/theme.h"

/* All of one column, in the fonts of common terminals, not emoji. */
static const struct {
	const char *drawn, *ascii;
} glyphs[GLYPH_COUNT] = {
	[GLYPH_OK] = { "✓", "v" },
	[GLYPH_WARN] = { "!", "!" },
	[GLYPH_BAD] = { "✗", "x" },
	[GLYPH_UNKNOWN] = { "?", "?" },
	[GLYPH_GUIDE] = { "☞", "@" },
	[GLYPH_CHANGE] = { "+", "+" },
	[GLYPH_OPEN] = { "·", "." },
	[GLYPH_HERE] = { "▸", ">" },
	[GLYPH_NA] = { "–", "-" },
	[GLYPH_BUSY] = { "…", "~" },
	[GLYPH_DOT] = { "·", "-" },
	[GLYPH_CHECKED] = { "[x]", "[x]" },
	[GLYPH_UNCHECKED] = { "[ ]", "[ ]" },
	[GLYPH_UP] = { "↑", "^" },
	[GLYPH_DOWN] = { "↓", "v" },
	[GLYPH_ARROW] = { "→", "->" },
	[GLYPH_BLOCKED] = { "⊘", "o" },
};

const char *glyph(enum glyph g, bool ascii)
{
	if (g >= GLYPH_COUNT)
		return "?";
	return ascii ? glyphs[g].ascii : glyphs[g].drawn;
}
