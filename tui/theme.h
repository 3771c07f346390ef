#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>

/* Colours are roles; id, letter in role dumps, what it is for. */
#define ROLES(R)                                          \
	R(TEXT, '.', "plain text")                        \
	R(DIM, 'd', "what is fine or unimportant")        \
	R(TITLE, 'T', "titles")                           \
	R(BAR, 'b', "the top and bottom bar")             \
	R(BAR_KEY, 'k', "a key in the footer")            \
	R(ACCENT, 'a', "you are here, the next action")   \
	R(SELECTED, 's', "the chosen row")                \
	R(GOOD, 'g', "pass, done")                        \
	R(WARN, 'w', "attention")                         \
	R(BAD, 'x', "failed")                             \
	R(GUIDE, 'h', "a person has to do it")            \
	R(BORDER, 'l', "lines")                           \
	R(INPUT, 'i', "an input field")                   \
	R(BUTTON, 'n', "a button")                        \
	R(BUTTON_FOCUS, 'N', "the focused button")        \
	R(LINK, 'u', "an address")                        \
	R(DEMO, 'D', "the word DEMO")

enum role {
#define R(id, letter, what) ROLE_##id,
	ROLES(R)
#undef R
	ROLE_COUNT
};

enum theme { THEME_DARK, THEME_LIGHT, THEME_MONO, THEME_CONTRAST };
/* -1 when there is no theme of that name. */
int theme_by_name(const char *name);

/* Foreground and background as the 8 basic colours (-1 default), and bits. */
struct style {
	short fg, bg;
	bool bold, dim, reverse, underline;
};
struct style theme_style(enum theme t, enum role r);
char role_letter(enum role r);

/* Glyphs with an ASCII column. */
enum glyph { GLYPH_OK, GLYPH_WARN, GLYPH_BAD, GLYPH_UNKNOWN, GLYPH_GUIDE,
	     GLYPH_CHANGE, GLYPH_OPEN, GLYPH_HERE, GLYPH_NA, GLYPH_BUSY, GLYPH_DOT,
	     GLYPH_CHECKED, GLYPH_UNCHECKED, GLYPH_UP, GLYPH_DOWN, GLYPH_ARROW,
	     GLYPH_BLOCKED, GLYPH_COUNT };
const char *glyph(enum glyph g, bool ascii);

#endif
