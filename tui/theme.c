#include "tui/theme.h"

#include <stddef.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

/* The 8 basic colours, as ISO 6429 counts them. */
enum { DEFAULT = -1, BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

static const char *const names[] = {
	[THEME_DARK] = "dark",
	[THEME_LIGHT] = "light",
	[THEME_MONO] = "mono",
	[THEME_CONTRAST] = "contrast",
};

#define PLAIN { .fg = DEFAULT, .bg = DEFAULT }

static const struct style styles[][ROLE_COUNT] = {
	[THEME_DARK] = {
		[ROLE_TEXT] = PLAIN,
		[ROLE_DIM] = { .fg = DEFAULT, .bg = DEFAULT, .dim = true },
		[ROLE_TITLE] = { .fg = DEFAULT, .bg = DEFAULT, .bold = true },
		[ROLE_BAR] = { .fg = DEFAULT, .bg = DEFAULT, .dim = true },
		[ROLE_BAR_KEY] = { .fg = DEFAULT, .bg = DEFAULT, .bold = true },
		[ROLE_ACCENT] = { .fg = CYAN, .bg = DEFAULT, .bold = true },
		[ROLE_SELECTED] = { .fg = BLACK, .bg = CYAN },
		[ROLE_GOOD] = { .fg = GREEN, .bg = DEFAULT },
		[ROLE_WARN] = { .fg = YELLOW, .bg = DEFAULT },
		[ROLE_BAD] = { .fg = RED, .bg = DEFAULT, .bold = true },
		[ROLE_GUIDE] = { .fg = MAGENTA, .bg = DEFAULT },
		[ROLE_BORDER] = { .fg = DEFAULT, .bg = DEFAULT, .dim = true },
		[ROLE_INPUT] = { .fg = DEFAULT, .bg = DEFAULT, .underline = true },
		[ROLE_BUTTON] = PLAIN,
		[ROLE_BUTTON_FOCUS] = { .fg = BLACK, .bg = CYAN },
		[ROLE_LINK] = { .fg = CYAN, .bg = DEFAULT },
		[ROLE_DEMO] = { .fg = BLACK, .bg = YELLOW },
	},
	[THEME_LIGHT] = {
		[ROLE_TEXT] = PLAIN,
		[ROLE_DIM] = { .fg = DEFAULT, .bg = DEFAULT, .dim = true },
		[ROLE_TITLE] = { .fg = DEFAULT, .bg = DEFAULT, .bold = true },
		[ROLE_BAR] = { .fg = DEFAULT, .bg = DEFAULT, .dim = true },
		[ROLE_BAR_KEY] = { .fg = DEFAULT, .bg = DEFAULT, .bold = true },
		[ROLE_ACCENT] = { .fg = BLUE, .bg = DEFAULT, .bold = true },
		[ROLE_SELECTED] = { .fg = WHITE, .bg = BLUE },
		[ROLE_GOOD] = { .fg = GREEN, .bg = DEFAULT },
		[ROLE_WARN] = { .fg = RED, .bg = DEFAULT },
		[ROLE_BAD] = { .fg = RED, .bg = DEFAULT, .bold = true },
		[ROLE_GUIDE] = { .fg = MAGENTA, .bg = DEFAULT },
		[ROLE_BORDER] = { .fg = DEFAULT, .bg = DEFAULT, .dim = true },
		[ROLE_INPUT] = { .fg = DEFAULT, .bg = DEFAULT, .underline = true },
		[ROLE_BUTTON] = PLAIN,
		[ROLE_BUTTON_FOCUS] = { .fg = WHITE, .bg = BLUE },
		[ROLE_LINK] = { .fg = BLUE, .bg = DEFAULT },
		[ROLE_DEMO] = { .fg = WHITE, .bg = MAGENTA },
	},
	[THEME_MONO] = {
		[ROLE_TEXT] = PLAIN,
		[ROLE_DIM] = PLAIN,
		[ROLE_TITLE] = { .fg = DEFAULT, .bg = DEFAULT, .bold = true },
		[ROLE_BAR] = PLAIN,
		[ROLE_BAR_KEY] = { .fg = DEFAULT, .bg = DEFAULT, .bold = true },
		[ROLE_ACCENT] = { .fg = DEFAULT, .bg = DEFAULT, .bold = true },
		[ROLE_SELECTED] = { .fg = DEFAULT, .bg = DEFAULT, .reverse = true },
		[ROLE_GOOD] = PLAIN,
		[ROLE_WARN] = { .fg = DEFAULT, .bg = DEFAULT, .bold = true },
		[ROLE_BAD] = { .fg = DEFAULT, .bg = DEFAULT, .bold = true },
		[ROLE_GUIDE] = PLAIN,
		[ROLE_BORDER] = PLAIN,
		[ROLE_INPUT] = { .fg = DEFAULT, .bg = DEFAULT, .underline = true },
		[ROLE_BUTTON] = PLAIN,
		[ROLE_BUTTON_FOCUS] = { .fg = DEFAULT, .bg = DEFAULT, .reverse = true },
		[ROLE_LINK] = { .fg = DEFAULT, .bg = DEFAULT, .underline = true },
		[ROLE_DEMO] = { .fg = DEFAULT, .bg = DEFAULT, .reverse = true },
	},
	/* Nothing dim, full colours on black, the choice inverted. */
	[THEME_CONTRAST] = {
		[ROLE_TEXT] = { .fg = WHITE, .bg = BLACK, .bold = true },
		[ROLE_DIM] = { .fg = WHITE, .bg = BLACK, .bold = true },
		[ROLE_TITLE] = { .fg = WHITE, .bg = BLACK, .bold = true, .underline = true },
		[ROLE_BAR] = { .fg = WHITE, .bg = BLACK, .bold = true },
		[ROLE_BAR_KEY] = { .fg = YELLOW, .bg = BLACK, .bold = true },
		[ROLE_ACCENT] = { .fg = YELLOW, .bg = BLACK, .bold = true },
		[ROLE_SELECTED] = { .fg = BLACK, .bg = YELLOW },
		[ROLE_GOOD] = { .fg = GREEN, .bg = BLACK, .bold = true },
		[ROLE_WARN] = { .fg = YELLOW, .bg = BLACK, .bold = true },
		[ROLE_BAD] = { .fg = WHITE, .bg = RED, .bold = true },
		[ROLE_GUIDE] = { .fg = CYAN, .bg = BLACK, .bold = true },
		[ROLE_BORDER] = { .fg = WHITE, .bg = BLACK, .bold = true },
		[ROLE_INPUT] = { .fg = WHITE, .bg = BLACK, .bold = true, .underline = true },
		[ROLE_BUTTON] = { .fg = WHITE, .bg = BLACK, .bold = true },
		[ROLE_BUTTON_FOCUS] = { .fg = BLACK, .bg = YELLOW },
		[ROLE_LINK] = { .fg = CYAN, .bg = BLACK, .bold = true, .underline = true },
		[ROLE_DEMO] = { .fg = BLACK, .bg = YELLOW },
	},
};

static const char letters[ROLE_COUNT] = {
#define R(id, letter, what) [ROLE_##id] = letter,
	ROLES(R)
#undef R
};

int theme_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_same(names[i], name))
			return (int)i;
	return -1;
}

struct style theme_style(enum theme t, enum role r)
{
	return styles[t][r < ROLE_COUNT ? r : ROLE_TEXT];
}

char role_letter(enum role r)
{
	return r < ROLE_COUNT ? letters[r] : '?';
}
