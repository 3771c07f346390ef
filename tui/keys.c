#include "tui/keys.h"

#include <stddef.h>

#include "graph/base/mem.h"
#include "graph/base/utf8.h"

/*
 * Rules: Esc is always "back" or "stop". What has a function key or a control
 * key has a plain key too. In a field that is typed into, characters go to the
 * field first (app.h), so letters bound for everywhere do no harm there.
 * "Yes" is never the key that opens a question.
 */
const struct binding bindings[] = {
	{ CTX_ALL, K_UP, ACT_UP, 1 },
	{ CTX_ALL, K_DOWN, ACT_DOWN, 1 },
	{ CTX_ALL, K_LEFT, ACT_LEFT, 0 },
	{ CTX_ALL, K_RIGHT, ACT_RIGHT, 0 },
	{ CTX_ALL, 'k', ACT_UP, 0 },
	{ CTX_ALL, 'j', ACT_DOWN, 0 },
	{ CTX_ALL, K_PAGE_UP, ACT_PAGE_UP, 0 },
	{ CTX_ALL, K_PAGE_DOWN, ACT_PAGE_DOWN, 0 },
	{ CTX_ALL, K_HOME, ACT_FIRST, 0 },
	{ CTX_ALL, K_END, ACT_LAST, 0 },
	{ CTX_ALL, K_ENTER, ACT_OPEN, 2 },
	{ CTX_ALL, K_TAB, ACT_NEXT_FIELD, 0 },
	{ CTX_ALL, K_BACKTAB, ACT_PREVIOUS_FIELD, 0 },
	{ CTX_ALL, K_ESC, ACT_BACK, 3 },
	{ CTX_ALL, ':', ACT_PALETTE, 90 },
	{ CTX_ALL, K_CTRL('p'), ACT_PALETTE, 90 },
	{ CTX_ALL, '?', ACT_HELP, 91 },
	{ CTX_ALL, K_F1, ACT_HELP, 91 },
	{ CTX_ALL, K_CTRL('l'), ACT_REDRAW, 0 },
	{ CTX_ALL, K_CTRL('z'), ACT_SUSPEND, 0 },
	{ CTX_ALL, K_CTRL('c'), ACT_QUIT, 0 },
	{ CTX_ALL, K_F10, ACT_QUIT, 0 },

	{ CTX_WELCOME, 'r', ACT_REGISTER, 10 },
	{ CTX_WELCOME, 'q', ACT_QUIT, 92 },

	{ CTX_BOARD, 'a', ACT_APPLY, 10 },
	{ CTX_BOARD, 'g', ACT_GUIDE, 11 },
	{ CTX_BOARD, 'p', ACT_MEMBERS, 12 },
	{ CTX_BOARD, 'w', ACT_PATH, 13 },
	{ CTX_BOARD, 't', ACT_LIVE, 14 },
	{ CTX_BOARD, 'o', ACT_PROBE, 14 },
	{ CTX_BOARD, 'e', ACT_EVIDENCE, 20 },
	{ CTX_BOARD, 'r', ACT_READ, 21 },
	{ CTX_BOARD, 'n', ACT_NEXT_STEP, 0 },
	{ CTX_BOARD, 'b', ACT_PREVIOUS_STEP, 0 },
	{ CTX_BOARD, '1', ACT_STEP, 0 },
	{ CTX_BOARD, '2', ACT_STEP, 0 },
	{ CTX_BOARD, '3', ACT_STEP, 0 },
	{ CTX_BOARD, '4', ACT_STEP, 0 },
	{ CTX_BOARD, '5', ACT_STEP, 0 },
	{ CTX_BOARD, '6', ACT_STEP, 0 },
	{ CTX_BOARD, '7', ACT_STEP, 0 },
	{ CTX_BOARD, 'f', ACT_HEALTH, 31 },
	{ CTX_BOARD, 'd', ACT_DIAGNOSE, 34 },
	{ CTX_BOARD, 'm', ACT_MONITOR, 35 },
	{ CTX_BOARD, 'y', ACT_READINESS, 35 },
	{ CTX_BOARD, 'z', ACT_REPORT, 36 },
	{ CTX_BOARD, 'h', ACT_HISTORY, 32 },
	{ CTX_BOARD, 'x', ACT_REQUESTS, 33 },
	{ CTX_BOARD, 'v', ACT_PERMISSIONS, 0 },
	{ CTX_BOARD, 's', ACT_SIGN_IN, 0 },
	{ CTX_BOARD, 'T', ACT_TENANTS, 0 },
	{ CTX_BOARD, 'q', ACT_QUIT, 92 },

	{ CTX_STEP, 'a', ACT_APPLY, 10 },
	{ CTX_STEP, 'g', ACT_GUIDE, 11 },
	{ CTX_STEP, 'p', ACT_MEMBERS, 12 },
	{ CTX_STEP, 'w', ACT_PATH, 13 },
	{ CTX_STEP, 't', ACT_LIVE, 14 },
	{ CTX_STEP, 'o', ACT_PROBE, 14 },
	{ CTX_STEP, 'n', ACT_NEXT_STEP, 15 },
	{ CTX_STEP, 'b', ACT_PREVIOUS_STEP, 0 },
	{ CTX_STEP, '1', ACT_STEP, 0 },
	{ CTX_STEP, '2', ACT_STEP, 0 },
	{ CTX_STEP, '3', ACT_STEP, 0 },
	{ CTX_STEP, '4', ACT_STEP, 0 },
	{ CTX_STEP, '5', ACT_STEP, 0 },
	{ CTX_STEP, '6', ACT_STEP, 0 },
	{ CTX_STEP, '7', ACT_STEP, 0 },
	{ CTX_STEP, 'e', ACT_EVIDENCE, 20 },
	{ CTX_STEP, 'r', ACT_READ, 21 },
	{ CTX_STEP, 'f', ACT_HEALTH, 0 },
	{ CTX_STEP, 'd', ACT_DIAGNOSE, 0 },
	{ CTX_STEP, 'm', ACT_MONITOR, 0 },
	{ CTX_STEP, 'y', ACT_READINESS, 0 },
	{ CTX_STEP, 'z', ACT_REPORT, 0 },
	{ CTX_STEP, 'h', ACT_HISTORY, 0 },
	{ CTX_STEP, 'x', ACT_REQUESTS, 33 },
	{ CTX_STEP, 'q', ACT_QUIT, 92 },

	{ CTX_CONFIRM, 'y', ACT_YES, 4 },
	{ CTX_CONFIRM, 'n', ACT_NO, 5 },
	{ CTX_CONFIRM, 'r', ACT_REQUESTS, 10 },
	{ CTX_CONFIRM, K_F3, ACT_REQUESTS, 10 },
	{ CTX_CONFIRM, 'e', ACT_AFFECTED, 9 },
	{ CTX_CONFIRM, K_F4, ACT_AFFECTED, 9 },

	{ CTX_APPLY, 'r', ACT_READ, 21 },
	{ CTX_APPLY, 'x', ACT_REQUESTS, 33 },

	{ CTX_GUIDE, 'c', ACT_COPY, 10 },
	{ CTX_GUIDE, 'o', ACT_BROWSE, 9 },
	{ CTX_GUIDE, 'i', ACT_COPY_ID, 11 },
	{ CTX_GUIDE, 'e', ACT_AFFECTED, 14 },
	{ CTX_GUIDE, 'd', ACT_ATTEST, 12 },
	{ CTX_GUIDE, 'r', ACT_READ, 21 },
	{ CTX_GUIDE, 'n', ACT_NEXT_STEP, 13 },
	{ CTX_GUIDE, 'b', ACT_PREVIOUS_STEP, 0 },
	{ CTX_GUIDE, 'q', ACT_BACK, 0 },

	{ CTX_PICKER, K_F2, ACT_ACCEPT, 4 },
	{ CTX_PICKER, K_CTRL('s'), ACT_ACCEPT, 0 },
	{ CTX_PICKER, K_CTRL('o'), ACT_LOAD, 10 },
	{ CTX_PICKER, K_F3, ACT_LOAD, 0 },
	{ CTX_PICKER, K_ENTER, ACT_TOGGLE, 2 },
	{ CTX_PICKER, K_DELETE, ACT_REMOVE, 3 },
	{ CTX_PICKER, K_BACKSPACE, ACT_REMOVE, 0 },

	{ CTX_HISTORY, 'u', ACT_UNDO, 10 },
	{ CTX_HISTORY, 'q', ACT_BACK, 0 },

	{ CTX_REQUESTS, '/', ACT_FIND, 10 },
	{ CTX_REQUESTS, 'q', ACT_BACK, 0 },

	{ CTX_FINDINGS, '/', ACT_FIND, 10 },
	{ CTX_FINDINGS, 'e', ACT_EVIDENCE, 0 },
	{ CTX_FINDINGS, 'r', ACT_READ, 21 },
	{ CTX_FINDINGS, 'q', ACT_BACK, 0 },

	{ CTX_DIAGNOSE, 'c', ACT_COPY, 10 },
	{ CTX_DIAGNOSE, '/', ACT_FIND, 11 },
	{ CTX_DIAGNOSE, 't', ACT_LIVE, 12 },
	{ CTX_DIAGNOSE, 'r', ACT_READ, 21 },

	{ CTX_LIVE, 'c', ACT_COPY, 10 },
	{ CTX_LIVE, '/', ACT_FIND, 11 },
	{ CTX_LIVE, 'd', ACT_DIAGNOSE, 12 },
	{ CTX_LIVE, 'r', ACT_READ, 21 },
	{ CTX_LIVE, 'q', ACT_BACK, 0 },

	{ CTX_PATH, 'i', ACT_IMPORT, 12 },
	{ CTX_PATH, 'o', ACT_PROBE, 14 },
	{ CTX_PATH, 'r', ACT_READ, 21 },
	{ CTX_PATH, 'x', ACT_REQUESTS, 33 },
	{ CTX_PATH, 'q', ACT_BACK, 0 },

	{ CTX_IMPORT, K_F2, ACT_EXPORT, 4 },

	{ CTX_MONITOR, K_TAB, ACT_NEXT_FIELD, 8 },
	{ CTX_MONITOR, 'p', ACT_PERIOD, 11 },
	{ CTX_MONITOR, 'o', ACT_RESULT, 12 },
	{ CTX_MONITOR, 't', ACT_KIND, 13 },
	{ CTX_MONITOR, '/', ACT_FIND, 10 },
	{ CTX_MONITOR, K_BACKSPACE, ACT_REMOVE, 9 },
	{ CTX_MONITOR, K_DELETE, ACT_REMOVE, 0 },
	{ CTX_MONITOR, 'f', ACT_FOLLOW, 14 },
	{ CTX_MONITOR, 'w', ACT_EXPORT, 15 },
	{ CTX_MONITOR, 'd', ACT_DIAGNOSE, 0 },
	{ CTX_MONITOR, 'r', ACT_READ, 21 },
	{ CTX_MONITOR, 'q', ACT_BACK, 0 },

	{ CTX_READINESS, 't', ACT_KIND, 9 },
	{ CTX_READINESS, '/', ACT_FIND, 10 },
	{ CTX_READINESS, K_BACKSPACE, ACT_REMOVE, 8 },
	{ CTX_READINESS, K_DELETE, ACT_REMOVE, 0 },
	{ CTX_READINESS, 'i', ACT_INVITE, 11 },
	{ CTX_READINESS, 'w', ACT_EXPORT, 12 },
	{ CTX_READINESS, 'd', ACT_DIAGNOSE, 0 },
	{ CTX_READINESS, 'r', ACT_READ, 21 },
	{ CTX_READINESS, 'q', ACT_BACK, 0 },

	{ CTX_INVITE, K_TAB, ACT_NEXT_FIELD, 8 },
	{ CTX_INVITE, 'c', ACT_COPY, 9 },
	{ CTX_INVITE, 'i', ACT_COPY_ID, 10 },
	{ CTX_INVITE, 'w', ACT_EXPORT, 11 },
	{ CTX_INVITE, 'q', ACT_BACK, 0 },

	{ CTX_REGISTER, 'c', ACT_COPY, 10 },
	{ CTX_REGISTER, 'i', ACT_COPY_ID, 13 },
	{ CTX_REGISTER, 'a', ACT_APPLY, 11 },
	{ CTX_REGISTER, 'l', ACT_ATTEST, 12 },
	{ CTX_REGISTER, 's', ACT_ACCEPT, 14 },
	{ CTX_REGISTER, 'u', ACT_UNDO, 15 },
	{ CTX_REGISTER, 'r', ACT_READ, 0 },
	{ CTX_REGISTER, 'x', ACT_REQUESTS, 0 },
	{ CTX_REGISTER, 'q', ACT_BACK, 0 },

	{ CTX_REPORT, ' ', ACT_TOGGLE, 0 },
	{ CTX_REPORT, K_F2, ACT_ACCEPT, 4 },
	{ CTX_REPORT, K_CTRL('s'), ACT_ACCEPT, 0 },
	{ CTX_REPORT, K_F5, ACT_COPY, 5 },
	{ CTX_REPORT, 'f', ACT_HEALTH, 20 },
	{ CTX_REPORT, 'r', ACT_READ, 21 },
	{ CTX_REPORT, 'q', ACT_BACK, 0 },

	{ CTX_SIGN_IN, 'c', ACT_COPY, 10 },
	{ CTX_SIGN_IN, 'i', ACT_COPY_ID, 9 },

	{ CTX_EVIDENCE, 'c', ACT_COPY, 10 },
	{ CTX_EVIDENCE, 'q', ACT_BACK, 0 },
	{ CTX_PERMISSIONS, 'm', ACT_REMEMBER, 9 },
	{ CTX_PERMISSIONS, 'c', ACT_COPY, 10 },
	{ CTX_PERMISSIONS, 's', ACT_SIGN_IN, 11 },
	{ CTX_PERMISSIONS, 'q', ACT_BACK, 0 },
	{ CTX_HELP, 'q', ACT_BACK, 0 },
};
const unsigned nbindings = COUNT_OF(bindings);

static const struct {
	const char *name, *label, *help;
} actions[ACT_COUNT] = {
#define A(id, name, label, help) [ACT_##id] = { name, label, help },
	ACTIONS(A)
#undef A
};

const char *action_name(enum action a)
{
	return actions[a].name;
}

const char *action_label(enum action a)
{
	return actions[a].label;
}

const char *action_help(enum action a)
{
	return actions[a].help;
}

enum action keys_lookup(enum key_context ctx, uint32_t key)
{
	enum action everywhere = ACT_NONE;

	for (unsigned i = 0; i < nbindings; i++) {
		if (bindings[i].key != key)
			continue;
		if (bindings[i].ctx == ctx)
			return bindings[i].act;
		if (bindings[i].ctx == CTX_ALL)
			everywhere = bindings[i].act;
	}
	return everywhere;
}

static const struct {
	uint32_t key;
	const char *drawn, *ascii;
} names[] = {
	{ K_UP, "↑", "Up" },
	{ K_DOWN, "↓", "Down" },
	{ K_LEFT, "←", "Left" },
	{ K_RIGHT, "→", "Right" },
	{ K_PAGE_UP, "PgUp", "PgUp" },
	{ K_PAGE_DOWN, "PgDn", "PgDn" },
	{ K_HOME, "Home", "Home" },
	{ K_END, "End", "End" },
	{ K_DELETE, "Del", "Del" },
	{ K_BACKSPACE, "Backspace", "Backspace" },
	{ K_BACKTAB, "Shift-Tab", "Shift-Tab" },
	{ K_TAB, "Tab", "Tab" },
	{ K_ENTER, "Enter", "Enter" },
	{ K_ESC, "Esc", "Esc" },
	{ ' ', "Space", "Space" },
};

void key_text(uint32_t key, bool ascii, struct str *out)
{
	char bytes[4];

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].key == key) {
			str_add(out, ascii ? names[i].ascii : names[i].drawn);
			return;
		}
	if (key >= K_F1 && key <= K_F10)
		str_addf(out, "F%u", (unsigned)(key - K_F1 + 1));
	else if (key < ' ')
		str_addf(out, "Ctrl-%c", (char)(key + '@'));
	else if (key < K_BASE)
		str_add_bytes(out, bytes, (size_t)utf8_encode(key, bytes));
}
