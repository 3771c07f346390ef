#include "steps/members_file.h"

#include <stdbool.h>
#include <string.h>

#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/base/utf8.h"

#define FILE_MAX (16u << 20)
#define FIELD_MAX 1024	/* bytes of one field */
#define COLUMNS_MAX 256

/* Reading position in the text. */
struct reader {
	const char *at, *end;
	unsigned line;
	char separator;		/* 0 = one entry a line */
};

/* Header names, best first. Case and spaces do not count. */
static const char *const columns[] = {
	"objectid", "id", "userprincipalname", "upn", "mail", "email", "emailaddress",
};

static void trim(struct str *s)
{
	size_t start = strspn(str_text(s), " \t\r");
	size_t len = s->len;

	while (len > start && strchr(" \t\r", s->buf[len - 1]))
		len--;
	if (start)
		memmove(s->buf, s->buf + start, len - start);
	if (s->buf)
		str_truncate(s, len - start);
}

/* The next field into out; *ret_last when a line ends after it. Quotes as in
 * RFC 4180: doubled inside, and a line may end inside them. */
static int next_field(struct reader *r, struct str *out, bool *ret_last, struct err *err)
{
	unsigned from = r->line;
	bool quoted = false;

	str_clear(out);
	if (r->separator && r->at < r->end && *r->at == '"') {
		quoted = true;
		r->at++;
	}
	for (;; r->at++) {
		char c;

		if (r->at == r->end) {
			if (quoted)
				return err_set(err, ERR_PARSE, 0, "line %u: the quote is never "
					       "closed", from);
			*ret_last = true;
			return 0;
		}
		c = *r->at;
		if (quoted && c == '"' && r->at + 1 < r->end && r->at[1] == '"') {
			r->at++;
		} else if (quoted && c == '"') {
			quoted = false;
			continue;
		} else if (!quoted && (c == '\n' || (r->separator && c == r->separator))) {
			*ret_last = c == '\n';
			r->at++;
			r->line += c == '\n';
			return 0;
		}
		r->line += c == '\n';
		if (out->len >= FIELD_MAX)
			return err_set(err, ERR_PARSE, 0, "line %u is no name, address or id: it "
				       "is too long", from);
		str_add_char(out, c);
	}
}

static int add_entry(struct member_entries *e, struct arena *a, const struct str *field,
		     unsigned line, struct err *err)
{
	struct str clean = { 0 };

	if (e->n == MEMBER_ENTRIES_MAX)
		return err_set(err, ERR_LIMIT, 0, "more than %d people are given",
			       MEMBER_ENTRIES_MAX);
	utf8_clean(&clean, str_text(field), field->len, 0);
	/* Nothing but signs that do not show, as the mark at the start of a file. */
	if (!clean.len) {
		str_release(&clean);
		return 0;
	}
	ARENA_GROW(a, e->v, e->n, e->cap);
	if (e->line_cap < e->cap) {
		unsigned *lines = arena_alloc(a, e->cap * sizeof(*lines));

		if (e->n)
			memcpy(lines, e->line, e->n * sizeof(*lines));
		e->line = lines;
		e->line_cap = e->cap;
	}
	e->v[e->n] = arena_strdup(a, str_text(&clean));
	e->line[e->n++] = line;
	str_release(&clean);
	return 0;
}

/* The place of a header's name in the table; COUNT_OF(columns) for others. */
static size_t rank(const char *name)
{
	char plain[32];
	size_t n = 0;

	for (; *name && n + 1 < sizeof(plain); name++)
		if (*name != ' ' && *name != '_' && *name != '-')
			plain[n++] = *name;
	plain[n] = '\0';
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		if (str_same_nocase(plain, columns[i]))
			return i;
	return COUNT_OF(columns);
}

/* Whether the first line is a header: then the column to take, else -1. */
static int header_column(struct reader *r, struct err *err)
{
	struct reader start = *r;
	struct str field = { 0 };
	size_t best = COUNT_OF(columns);
	bool last = false;
	int column = -1, rc = 0;

	for (int i = 0; !last && i < COLUMNS_MAX && rc == 0; i++) {
		rc = next_field(r, &field, &last, err);
		trim(&field);
		if (rc == 0 && rank(str_text(&field)) < best) {
			best = rank(str_text(&field));
			column = i;
		}
	}
	str_release(&field);
	if (column < 0 || rc < 0)
		*r = start;
	return rc < 0 ? -2 : column;
}

/* By what stands in the first line. */
static char find_separator(const char *text, const char *end)
{
	static const char candidates[] = { '\t', ';', ',' };
	const char *stop = memchr(text, '\n', (size_t)(end - text));
	size_t n = (size_t)((stop ? stop : end) - text);

	for (size_t i = 0; i < COUNT_OF(candidates); i++)
		if (memchr(text, candidates[i], n))
			return candidates[i];
	return memchr(text, '"', n) ? ',' : '\0';
}

static int read_rows(struct reader *r, int column, struct arena *a,
		     struct member_entries *ret, struct err *err)
{
	struct str field = { 0 }, wanted = { 0 };
	int rc = 0;

	while (rc == 0 && r->at < r->end) {
		unsigned line = r->line;
		bool last = false;

		str_clear(&wanted);
		for (int i = 0; !last && rc == 0; i++) {
			rc = next_field(r, &field, &last, err);
			if (rc == 0 && i == column)
				str_add(&wanted, str_text(&field));
		}
		trim(&wanted);
		if (rc == 0 && wanted.len && wanted.buf[0] != '#')
			rc = add_entry(ret, a, &wanted, line, err);
	}
	str_release(&field);
	str_release(&wanted);
	return rc;
}

/* --- Lines of several people, as mail programs write them --------------------- */

/* An address, or an object id: 36 characters with hyphens at their places. */
static bool is_person(const char *text)
{
	const char *at = strchr(text, '@');
	size_t n = 0;

	if (at)
		return at > text && at[1] && !strchr(text, ' ');
	for (; text[n]; n++) {
		bool hyphen = n == 8 || n == 13 || n == 18 || n == 23;

		if (hyphen ? text[n] != '-' : !strchr("0123456789abcdefABCDEF", text[n]))
			return false;
	}
	return n == 36;
}

/* Takes the address out of "Name <address>", and quotes off. */
static void bare_address(struct str *s)
{
	const char *open = strrchr(str_text(s), '<'), *close = open ? strchr(open, '>') : NULL;

	if (close) {
		size_t n = (size_t)(close - open - 1);

		memmove(s->buf, open + 1, n);
		str_truncate(s, n);
	} else if (s->len > 1 && s->buf[0] == '"' && s->buf[s->len - 1] == '"') {
		memmove(s->buf, s->buf + 1, s->len - 2);
		str_truncate(s, s->len - 2);
	}
	trim(s);
}

/* The next piece of a line, up to a separator that stands in no quotes. */
static const char *next_piece(const char *at, const char *end, struct str *out)
{
	bool quoted = false;

	str_clear(out);
	for (; at < end && (quoted || !strchr(",;\t", *at)); at++) {
		quoted ^= *at == '"';
		str_add_char(out, *at);
	}
	trim(out);
	return at < end ? at + 1 : end;
}

static int no_person(const char *text, unsigned line, struct err *err)
{
	err_set(err, ERR_PARSE, 0, "line %u: no column is named userPrincipalName, UPN, mail, "
		"email, object id or id, and \"%.60s\" is no address or object id", line, text);
	return err_todo(err, "Name the column in the first line, or give addresses alone.");
}

/* "a@x, b@x; Lee, Ann <c@x>": a piece that is nobody may be the first part of a
 * name before the address in angle brackets. */
static int read_list(const char *at, const char *end, unsigned line, struct arena *a,
		     struct member_entries *ret, struct err *err)
{
	struct str piece = { 0 }, name = { 0 };
	int rc = 0;

	while (at < end && rc == 0) {
		bool named;

		at = next_piece(at, end, &piece);
		named = strchr(str_text(&piece), '<') != NULL;
		bare_address(&piece);
		if (!piece.len)
			continue;
		if (is_person(str_text(&piece)) && (named || !name.len)) {
			rc = add_entry(ret, a, &piece, line, err);
			str_clear(&name);
		} else if (!name.len) {
			str_add(&name, str_text(&piece));
		}
	}
	if (rc == 0 && name.len)
		rc = no_person(str_text(&name), line, err);
	str_release(&piece);
	str_release(&name);
	return rc;
}

/* Without a header: a line is one entry, or a list of people. */
static int read_lines(struct reader *r, struct arena *a, struct member_entries *ret,
		      struct err *err)
{
	struct str field = { 0 };
	int rc = 0;

	for (; rc == 0 && r->at < r->end; r->line++) {
		const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
		const char *end = stop ? stop : r->end;
		size_t n = (size_t)(end - r->at);

		if (memchr(r->at, ';', n) || memchr(r->at, ',', n) || memchr(r->at, '\t', n) ||
		    memchr(r->at, '<', n) || memchr(r->at, '"', n)) {
			if (*r->at != '#')
				rc = read_list(r->at, end, r->line, a, ret, err);
		} else if (n > FIELD_MAX) {
			rc = err_set(err, ERR_PARSE, 0, "line %u is no name, address or id: it "
				     "is too long", r->line);
		} else {
			str_clear(&field);
			str_add_bytes(&field, r->at, n);
			trim(&field);
			if (field.len && field.buf[0] != '#')
				rc = add_entry(ret, a, &field, r->line, err);
		}
		r->at = stop ? stop + 1 : r->end;
	}
	str_release(&field);
	return rc;
}

int members_parse(const char *text, size_t len, struct arena *a,
		  struct member_entries *ret, struct err *err)
{
	struct reader r = { .at = text, .end = text + len, .line = 1 };
	int column;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		r.at += 3;
	/* A spreadsheet's "Unicode text" is UTF-16: every other byte is NUL. */
	if (memchr(text, '\0', len)) {
		err_set(err, ERR_PARSE, 0, "the file is no UTF-8 text");
		return err_todo(err, "Save it as CSV UTF-8.");
	}
	/* Comments may stand above the header. */
	while (r.at < r.end && (*r.at == '#' || *r.at == '\n' || *r.at == '\r')) {
		const char *stop = memchr(r.at, '\n', (size_t)(r.end - r.at));

		r.at = stop ? stop + 1 : r.end;
		r.line++;
	}
	r.separator = find_separator(r.at, r.end);
	column = header_column(&r, err);
	if (column == -2)
		return -1;
	if (column < 0)
		return read_lines(&r, a, ret, err);
	return read_rows(&r, column, a, ret, err);
}

int members_read_file(const char *path, struct arena *a, struct member_entries *ret,
		      struct err *err)
{
	CLEANUP(str_release) struct str text = { .max = FILE_MAX };

	if (file_read(path, FILE_MAX, &text, err) < 0)
		return -1;
	if (members_parse(str_text(&text), text.len, a, ret, err) < 0)
		return err_wrap(err, "%s", path);
	return 0;
}
