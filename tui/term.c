#include "tui/term.h"

/* The only file that includes curses. */
#include <curses.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "graph/base/mem.h"
#include "graph/base/utf8.h"
#include "graph/loop.h"
#include "tui/keys.h"

#define KEY_PASTE_BEGIN 0x2001
#define KEY_PASTE_END 0x2002
#define PASTE_MAX (1u << 20)
#define COPY_MAX 4096
#define MARKS 2

/* One terminal a process has; this is its state. */
static struct {
	SCREEN *screen;
	bool open, mouse, pasting;
	enum theme theme;
	struct str raw_paste, paste;
	cchar_t *line;
	int line_cap;
} t;

/* --- Ways out ----------------------------------------------------------------- */

static void send_raw(const char *bytes)
{
	fputs(bytes, stdout);
	fflush(stdout);
}

/* Puts the terminal back; may be called any number of times. */
static void restore(void)
{
	if (!t.open)
		return;
	t.open = false;
	send_raw("\033[?2004l");
	endwin();
}

static void on_signal(int signo)
{
	loop_signal(signo);
}

/* abort(): nothing after this handler runs, so it may take liberties. */
static void on_abort(int signo)
{
	restore();
	signal(signo, SIG_DFL);
	raise(signo);
}

static void handle(int signo, void (*fn)(int))
{
	struct sigaction sa = { .sa_handler = fn, .sa_flags = SA_RESTART };

	sigemptyset(&sa.sa_mask);
	sigaction(signo, &sa, NULL);
}

/* Before curses starts: it leaves alone the signals that are handled already. */
static void handle_signals(void)
{
	static const int ours[] = { SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP, SIGQUIT };

	for (size_t i = 0; i < COUNT_OF(ours); i++)
		handle(ours[i], on_signal);
	handle(SIGABRT, on_abort);
}

/* --- Colours ------------------------------------------------------------------ */

static attr_t attributes(enum role role)
{
	struct style s = theme_style(t.theme, role);
	attr_t a = A_NORMAL;

	if (s.bold)
		a |= A_BOLD;
	if (s.dim)
		a |= A_DIM;
	if (s.reverse)
		a |= A_REVERSE;
	if (s.underline)
		a |= A_UNDERLINE;
	return a;
}

static void start_colors(const struct term_options *o)
{
	t.theme = o->theme;
	if (!o->color || !has_colors()) {
		t.theme = THEME_MONO;
		return;
	}
	start_color();
	use_default_colors();
	for (int r = 0; r < ROLE_COUNT; r++) {
		struct style s = theme_style(t.theme, (enum role)r);

		init_pair((short)(r + 1), s.fg, s.bg);
	}
}

static short pair_of(enum role role)
{
	return t.theme == THEME_MONO ? 0 : (short)(role + 1);
}

/* --- Open and close ------------------------------------------------------------ */

static void start_input(const struct term_options *o)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	/* A lone Esc is known after 25 ms; curses would take a second. */
	set_escdelay(25);
	define_key("\033[200~", KEY_PASTE_BEGIN);
	define_key("\033[201~", KEY_PASTE_END);
	send_raw("\033[?2004h");
	t.mouse = o->mouse;
	if (t.mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
		mouseinterval(0);
	}
}

int term_open(const struct term_options *o, struct err *err)
{
	const char *name = getenv("TERM");

	if (str_same(name, "dumb")) {
		err_set(err, ERR_IO, 0, "this terminal cannot place the cursor");
		return err_todo(err, "Use --linear, or a command such as check.");
	}
	handle_signals();
	t.screen = newterm(NULL, stdout, stdin);
	if (!t.screen) {
		err_set(err, ERR_IO, 0, "the terminal type %s is not known here",
			name && *name ? name : "(TERM is not set)");
		return err_todo(err, "Set TERM, or use --linear or a command such as check.");
	}
	set_term(t.screen);
	t.open = true;
	atexit(restore);
	die_hook_set(restore);
	start_colors(o);
	start_input(o);
	curs_set(0);
	return 0;
}

void term_close(void)
{
	if (!t.screen)
		return;
	restore();
	die_hook_set(NULL);
	delscreen(t.screen);
	t.screen = NULL;
	free(t.line);
	t.line = NULL;
	t.line_cap = 0;
	str_release(&t.raw_paste);
	str_release(&t.paste);
}

void term_size(int *ret_w, int *ret_h)
{
	getmaxyx(stdscr, *ret_h, *ret_w);
}

/* resizeterm() would put KEY_RESIZE into curses' own queue, which poll cannot
 * see; resize_term() does not. */
void term_resized(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
		return;
	resize_term(size.ws_row, size.ws_col);
	clearok(curscr, TRUE);
}

void term_redraw(void)
{
	clearok(curscr, TRUE);
}

void term_suspend(void)
{
	send_raw("\033[?2004l");
	endwin();
	signal(SIGTSTP, SIG_DFL);
	kill(0, SIGTSTP);	/* the whole job, as the shell would */
	handle(SIGTSTP, on_signal);
	refresh();
	send_raw("\033[?2004h");
	term_resized();
}

int term_input_fd(void)
{
	return STDIN_FILENO;
}

bool term_lost(void)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* --- Show --------------------------------------------------------------------- */

/* Curses measures by wcwidth(), we by our own table. Where they disagree the
 * columns would drift, so such a character is shown as '?'. */
static int add_cell(const struct cell *c, cchar_t *out)
{
	wchar_t text[2 + MARKS] = { (wchar_t)c->cp };
	attr_t a = attributes((enum role)c->role);
	short pair = pair_of((enum role)c->role);
	int n = 1;

	if (c->cp > 0x7E && wcwidth((wchar_t)c->cp) != c->width) {
		text[0] = L'?';
		for (int i = 0; i < c->width; i++)
			setcchar(&out[i], text, a, pair, NULL);
		return c->width;
	}
	for (int i = 0; i < MARKS; i++)
		if (c->mark[i] && wcwidth((wchar_t)c->mark[i]) == 0)
			text[n++] = (wchar_t)c->mark[i];
	if (setcchar(out, text, a, pair, NULL) == ERR) {
		text[0] = L'?';
		text[1] = L'\0';
		setcchar(out, text, a, pair, NULL);
	}
	return 1;
}

void term_show(const struct grid *g)
{
	if (g->w + 1 > t.line_cap) {
		t.line_cap = g->w + 1;
		t.line = xrealloc(t.line, (size_t)t.line_cap * sizeof(*t.line));
	}
	for (int y = 0; y < g->h; y++) {
		const struct cell *row = &g->cells[(size_t)y * (size_t)g->w];
		int n = 0;

		for (int x = 0; x < g->w; x++)
			if (row[x].width)
				n += add_cell(&row[x], &t.line[n]);
		mvwadd_wchnstr(stdscr, y, 0, t.line, n);
	}
	if (g->cursor_x >= 0 && g->cursor_y >= 0) {
		curs_set(1);
		move(g->cursor_y, g->cursor_x);
	} else {
		curs_set(0);
	}
	wnoutrefresh(stdscr);
	doupdate();
}

/* --- Input -------------------------------------------------------------------- */

static const struct {
	int curses;
	uint32_t key;
} key_map[] = {
	{ KEY_UP, K_UP }, { KEY_DOWN, K_DOWN }, { KEY_LEFT, K_LEFT }, { KEY_RIGHT, K_RIGHT },
	{ KEY_PPAGE, K_PAGE_UP }, { KEY_NPAGE, K_PAGE_DOWN }, { KEY_HOME, K_HOME },
	{ KEY_END, K_END }, { KEY_DC, K_DELETE }, { KEY_BACKSPACE, K_BACKSPACE },
	{ KEY_BTAB, K_BACKTAB }, { KEY_ENTER, K_ENTER },
};

static uint32_t from_curses(int code)
{
	for (size_t i = 0; i < COUNT_OF(key_map); i++)
		if (key_map[i].curses == code)
			return key_map[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(10))
		return K_F1 + (uint32_t)(code - KEY_F(1));
	return K_OTHER;
}

static uint32_t from_mouse(struct mouse *m)
{
	MEVENT e;

	if (getmouse(&e) != OK)
		return K_OTHER;
	m->x = e.x;
	m->y = e.y;
	m->press = e.bstate & BUTTON1_PRESSED;
	m->wheel_up = e.bstate & BUTTON4_PRESSED;
	m->wheel_down = e.bstate & BUTTON5_PRESSED;
	return K_MOUSE;
}

static void collect_paste(int code, wint_t wc)
{
	char bytes[4];

	if (code == KEY_CODE_YES || t.raw_paste.len >= PASTE_MAX)
		return;
	if (wc == '\r')
		wc = '\n';
	str_add_bytes(&t.raw_paste, bytes, (size_t)utf8_encode((uint32_t)wc, bytes));
}

/* A slow line tears the end mark apart, and curses then passes it as plain
 * characters. True when the text ends with it; it is cut off. */
static bool cut_end_mark(struct str *s)
{
	static const char mark[] = "\033[201~";
	size_t n = sizeof(mark) - 1;

	if (s->len < n || memcmp(s->buf + s->len - n, mark, n) != 0)
		return false;
	str_truncate(s, s->len - n);
	return true;
}

/* Ctrl-C ends a paste whose end was lost, but only as the last that is there:
 * inside of a pasted text it must not turn the rest into keys. */
static bool is_last_interrupt(bool special, wint_t wc)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

	return !special && wc == 3 && poll(&p, 1, 0) == 0;
}

static uint32_t end_paste(const char **ret_paste)
{
	t.pasting = false;
	str_clear(&t.paste);
	utf8_clean(&t.paste, str_text(&t.raw_paste), t.raw_paste.len, UTF8_LINES);
	str_clear(&t.raw_paste);
	*ret_paste = str_text(&t.paste);
	return K_PASTE;
}

bool term_pasting(void)
{
	return t.pasting;
}

uint32_t term_end_paste(const char **ret_paste)
{
	return t.pasting ? end_paste(ret_paste) : 0;
}

/* A paste may arrive in pieces: between them there is no key. */
uint32_t term_key(struct mouse *ret_mouse, const char **ret_paste)
{
	wint_t wc;
	int code;

	memset(ret_mouse, 0, sizeof(*ret_mouse));
	while ((code = wget_wch(stdscr, &wc)) != ERR) {
		bool special = code == KEY_CODE_YES;

		if (t.pasting && ((special && wc == KEY_PASTE_END) ||
				  is_last_interrupt(special, wc)))
			return end_paste(ret_paste);
		if (t.pasting) {
			collect_paste(code, wc);
			if (cut_end_mark(&t.raw_paste))
				return end_paste(ret_paste);
		} else if (special && wc == KEY_PASTE_BEGIN)
			t.pasting = true;
		else if (special && wc == KEY_MOUSE)
			return from_mouse(ret_mouse);
		else if (special)
			return from_curses((int)wc);
		else if (wc == '\r')
			return K_ENTER;
		else if (wc == 127 || wc == 8)
			return K_BACKSPACE;
		else if (wc == 0)
			return K_OTHER;
		else
			return (uint32_t)wc;
	}
	return 0;
}

/* --- Clipboard ---------------------------------------------------------------- */

static void base64(const char *text, size_t len, struct str *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)text[i] << 16;

		if (i + 1 < len)
			v |= (uint32_t)(unsigned char)text[i + 1] << 8;
		if (i + 2 < len)
			v |= (unsigned char)text[i + 2];
		str_add_char(out, digits[v >> 18 & 63]);
		str_add_char(out, digits[v >> 12 & 63]);
		str_add_char(out, i + 1 < len ? digits[v >> 6 & 63] : '=');
		str_add_char(out, i + 2 < len ? digits[v & 63] : '=');
	}
}

bool term_copy(const char *text)
{
	CLEANUP(str_release) struct str out = { 0 };
	const char *name = getenv("TERM");
	size_t len = strlen(text);

	if (!t.open || len > COPY_MAX || !name || str_same(name, "linux") ||
	    str_same(name, "dumb") || str_starts(name, "vt"))
		return false;
	str_add(&out, "\033]52;c;");
	base64(text, len, &out);
	str_add_char(&out, '\a');
	send_raw(str_text(&out));
	return true;
}
