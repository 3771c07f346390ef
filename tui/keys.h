#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/str.h"

/* A key is a Unicode code point, or a K_* above the last one. Ctrl-A is 1. */
#define K_BASE	0x110000u
enum {
	K_UP = K_BASE + 1, K_DOWN, K_LEFT, K_RIGHT, K_PAGE_UP, K_PAGE_DOWN,
	K_HOME, K_END, K_DELETE, K_BACKSPACE, K_BACKTAB, K_F1, K_F2, K_F3, K_F4,
	K_F5, K_F6, K_F7, K_F8, K_F9, K_F10, K_MOUSE, K_PASTE, K_OTHER
};
#define K_TAB	  '\t'
#define K_ENTER	  '\n'
#define K_ESC	  27u
#define K_CTRL(c) ((uint32_t)((c) & 31))

/*
 * One list of what a person can do: id, stable name, footer label, help. The
 * dispatcher, the footer, the help screen and the manual come from this list
 * and the bindings, so they cannot drift apart.
 */
#define ACTIONS(A)                                                              \
	A(NONE, "none", "", "")                                                 \
	A(UP, "up", "Move", "Move up")                                          \
	A(DOWN, "down", "", "Move down")                                        \
	A(LEFT, "left", "", "To the pane or button on the left")                \
	A(RIGHT, "right", "", "To the pane or button on the right")             \
	A(PAGE_UP, "page-up", "", "One page up")                                \
	A(PAGE_DOWN, "page-down", "", "One page down")                          \
	A(FIRST, "first", "", "To the first row")                               \
	A(LAST, "last", "", "To the last row")                                  \
	A(OPEN, "open", "Open", "Open, or press the button")                    \
	A(NEXT_FIELD, "next-field", "Switch", "To the next pane, field or button")    \
	A(PREVIOUS_FIELD, "previous-field", "", "To the one before")            \
	A(BACK, "back", "Back", "Back one screen, or stop what runs; never quits") \
	A(NEXT_STEP, "next-step", "Next", "To the next step")                   \
	A(PREVIOUS_STEP, "previous-step", "", "To the step before")             \
	A(STEP, "step", "", "To the step of that number")                       \
	A(APPLY, "apply", "Apply", "Apply the plan of this step, after a yes")  \
	A(GUIDE, "guide", "Guide", "Be guided through what has no API")         \
	A(READ, "read", "Read again", "Read this from the tenant again")        \
	A(EVIDENCE, "evidence", "Evidence", "How we know: sources and ages")    \
	A(MEMBERS, "members", "People", "Choose people for the group")          \
	A(HISTORY, "history", "History", "Runs, changes, undo")                 \
	A(REQUESTS, "requests", "Requests", "What was sent and answered")       \
	A(UNDO, "undo", "Undo", "Take back a run")                              \
	A(COPY, "copy", "Copy link", "Copy the address to the clipboard")       \
	A(BROWSE, "browse", "Open page", "Open the address in a browser")       \
	A(COPY_ID, "copy-id", "Copy id", "Copy the group's id")                 \
	A(ATTEST, "attest", "I did it", "Record that you did it")               \
	A(TOGGLE, "toggle", "Select", "Select or clear the row")                \
	A(YES, "yes", "Yes", "Yes, do it")                                      \
	A(NO, "no", "No", "No, change nothing")                                 \
	A(REMOVE, "remove", "Remove", "Take the row off the chosen ones")        \
	A(LOAD, "load", "Load file", "Take people from a text or CSV file")     \
	A(ACCEPT, "accept", "Use them", "Take the chosen people for the group") \
	A(HEALTH, "health", "Findings", "All findings, with what to do")        \
	A(DIAGNOSE, "diagnose", "Diagnose", "Why one person can or cannot reset")  \
	A(MONITOR, "monitor", "Monitor", "What happened: events, challenges, numbers")  \
	A(PERIOD, "period", "Period", "Look back 30 days, 7 days or one")         \
	A(RESULT, "result", "Result", "List all events, failures or successes")   \
	A(KIND, "kind", "Kind", "List every kind of event, or one")               \
	A(FOLLOW, "follow", "Follow", "Let new events appear by themselves")      \
	A(EXPORT, "export", "Write file", "Write what is shown to a CSV or JSON file") \
	A(READINESS, "readiness", "Readiness", "Who of the pilot is ready, and what is missing")  \
	A(INVITE, "invite", "Invitations", "What to write to whoever is not ready")  \
	A(REPORT, "report", "Report", "Write the assessment to files")            \
	A(PERMISSIONS, "permissions", "Permissions", "What may be done: missing, too much") \
	A(REGISTER, "register", "App registration", "How to make an app registration, or make it") \
	A(SIGN_IN, "sign-in", "Sign in", "Sign in again, as whoever you like")    \
	A(REMEMBER, "remember", "Remember me", "Keep this sign-in in the desktop's keyring, or forget it") \
	A(TENANTS, "tenants", "Tenants", "Choose another tenant")                \
	A(AFFECTED, "affected", "Who is affected", "Write who is affected to a file") \
	A(LIVE, "live", "Live test", "Follow one person's reset, stage by stage")  \
	A(PATH, "path", "Path", "The way of a password, part by part")           \
	A(PROBE, "probe", "Probe", "Try the endpoints of writeback from this machine") \
	A(IMPORT, "import", "Import", "Take in what the script on the server wrote") \
	A(FIND, "find", "Find", "Find in this list")                            \
	A(PALETTE, "palette", "Go to", "Go to a screen or command by name")     \
	A(HELP, "help", "Help", "The keys of this screen")                      \
	A(REDRAW, "redraw", "", "Draw the screen anew")                         \
	A(SUSPEND, "suspend", "", "Stop the program; fg brings it back")        \
	A(QUIT, "quit", "Quit", "Leave; nothing is changed by leaving")

enum action {
#define A(id, name, label, help) ACT_##id,
	ACTIONS(A)
#undef A
	ACT_COUNT
};
const char *action_name(enum action a);
const char *action_label(enum action a);
const char *action_help(enum action a);

enum key_context {
	CTX_ALL, CTX_WELCOME, CTX_BOARD, CTX_STEP, CTX_CONFIRM, CTX_APPLY,
	CTX_GUIDE, CTX_PICKER, CTX_HISTORY, CTX_REQUESTS, CTX_EVIDENCE, CTX_HELP,
	CTX_PALETTE, CTX_FINDINGS, CTX_DIAGNOSE, CTX_MONITOR, CTX_READINESS, CTX_INVITE,
	CTX_SAVE, CTX_REPORT, CTX_SIGN_IN, CTX_GROUPS, CTX_REGISTER, CTX_PATH, CTX_LIVE,
	CTX_IMPORT, CTX_PERMISSIONS, CTX_COUNT
};

struct binding {
	enum key_context ctx;
	uint32_t key;
	enum action act;
	uint8_t rank;		/* footer order, 0 = not shown */
};
extern const struct binding bindings[];
extern const unsigned nbindings;

/* Own context first, then CTX_ALL; ACT_NONE when unbound. */
enum action keys_lookup(enum key_context ctx, uint32_t key);
/* "Enter", "F1", "Ctrl-L", "a"; appended to out. */
void key_text(uint32_t key, bool ascii, struct str *out);

#endif
