#include "tui/edit.h"

#include <string.h>

#include "graph/base/utf8.h"
#include "tui/keys.h"

/* The place before the character that ends at `at`, its marks included. */
static size_t previous(const char *s, size_t at)
{
	size_t last = 0;
	uint32_t cp;

	for (size_t i = 0; i < at;) {
		int n = utf8_decode(s + i, &cp);

		if (n <= 0)
			break;
		if (utf8_char_width(cp) > 0)
			last = i;
		i += (size_t)n;
	}
	return last;
}

static size_t following(const char *s, size_t at)
{
	uint32_t cp;
	int n = utf8_decode(s + at, &cp);

	while (n > 0) {
		at += (size_t)n;
		n = utf8_decode(s + at, &cp);
		if (n <= 0 || utf8_char_width(cp) > 0)
			break;
	}
	return at;
}

static void cut(struct edit *e, size_t from, size_t to)
{
	char *s = e->text.buf;

	if (from >= to)
		return;
	memmove(s + from, s + to, e->text.len - to + 1);
	e->text.len -= to - from;
	e->cursor = from;
}

static void insert(struct edit *e, const char *bytes, size_t n)
{
	if (e->text.len + n > EDIT_MAX)
		return;
	if (str_add_bytes(&e->text, bytes, n) < 0)
		return;
	memmove(e->text.buf + e->cursor + n, e->text.buf + e->cursor,
		e->text.len - n - e->cursor);
	memcpy(e->text.buf + e->cursor, bytes, n);
	e->cursor += n;
}

static bool insert_key(struct edit *e, uint32_t key)
{
	char bytes[4];
	size_t n;

	if (key < ' ' || key == 127 || key >= K_BASE)
		return false;
	n = (size_t)utf8_encode(key, bytes);
	if (utf8_is_clean(bytes, n, 0))
		insert(e, bytes, n);
	return true;
}

static size_t word_back(const char *s, size_t at)
{
	while (at > 0 && s[at - 1] == ' ')
		at--;
	while (at > 0 && s[at - 1] != ' ')
		at--;
	return at;
}

bool edit_key(struct edit *e, uint32_t key)
{
	const char *s = str_text(&e->text);

	switch (key) {
	case K_LEFT:
		e->cursor = previous(s, e->cursor);
		return true;
	case K_RIGHT:
		e->cursor = following(s, e->cursor);
		return true;
	case K_HOME:
		e->cursor = 0;
		return true;
	case K_END:
		e->cursor = e->text.len;
		return true;
	case K_BACKSPACE:
		cut(e, previous(s, e->cursor), e->cursor);
		return true;
	case K_DELETE:
		cut(e, e->cursor, following(s, e->cursor));
		return true;
	case K_CTRL('u'):
		edit_clear(e);
		return true;
	case K_CTRL('w'):
		cut(e, word_back(s, e->cursor), e->cursor);
		return true;
	default:
		return insert_key(e, key);
	}
}

void edit_insert(struct edit *e, const char *text)
{
	uint32_t cp;
	int n;

	for (; (n = utf8_decode(text, &cp)) > 0; text += n) {
		if (cp == '\n' || cp == '\t')
			insert(e, " ", 1);
		else
			insert(e, text, (size_t)n);
	}
}

void edit_set(struct edit *e, const char *text)
{
	edit_clear(e);
	edit_insert(e, text);
}

void edit_clear(struct edit *e)
{
	str_clear(&e->text);
	e->cursor = 0;
}

void edit_release(struct edit *e)
{
	str_release(&e->text);
	e->cursor = 0;
}

/* Columns of the text between two offsets. */
static int columns_of(const char *s, size_t from, size_t to)
{
	int columns = 0;
	uint32_t cp;

	while (from < to) {
		from += (size_t)utf8_decode(s + from, &cp);
		columns += utf8_char_width(cp);
	}
	return columns;
}

void edit_view(const struct edit *e, struct grid *g, struct rect r, int x, int y,
	       int columns, bool focused, const char *hint)
{
	struct rect field = { r.x + x, r.y + y, columns, 1 };
	const char *s = str_text(&e->text);
	size_t from = 0;

	if (x + columns > r.w)
		field.w = r.w - x;
	if (field.w <= 1 || y < 0 || y >= r.h)
		return;
	/* One column stays free for the cursor behind the last character. */
	while (columns_of(s, from, e->cursor) > field.w - 1)
		from = following(s, from);
	grid_fill(g, field, ROLE_INPUT);
	grid_put(g, field, 0, 0, ROLE_INPUT, s + from);
	if (!*s && hint)
		grid_put_cut(g, field, 0, 0, field.w, ROLE_DIM, hint);
	if (focused) {
		g->cursor_x = field.x + columns_of(s, from, e->cursor);
		g->cursor_y = field.y;
	}
}
