#!/bin/sh
# Drives the real program in tmux on the demo tenant, and looks at the screen.
# usage: tests/terminal/run.sh [BUILD_DIR]; prints "ok" or "not ok" lines and a count.
set -u
prog=$(cd "${1:-build}" && pwd)/sspr-wizard || exit 1
if ! command -v tmux >/dev/null 2>&1; then
	echo "ok 1 - skipped: tmux is not installed"
	echo "1 tests, 0 failed"
	exit 0
fi
dir=$(mktemp -d) || exit 1
HOME=$dir/home XDG_STATE_HOME=$dir/home/state XDG_CONFIG_HOME=$dir/home/config TMPDIR=$dir
LC_ALL=C.UTF-8 TZ=UTC
export HOME XDG_STATE_HOME XDG_CONFIG_HOME TMPDIR LC_ALL TZ
unset AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET NO_COLOR TMUX
mkdir -p "$HOME"
n=0 bad=0
deciseconds=100		# patience of one wait; a slow machine needs it

mux() {
	tmux -S "$dir/socket" -f /dev/null -u "$@"
}

end() {
	mux kill-server 2>/dev/null
	rm -rf "$dir"
}
trap end EXIT

screen() {
	mux capture-pane -p -t t
}

keys() {
	mux send-keys -t t "$@"
}

report() {	# report STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		screen | sed 's/^/#   /'
		bad=$((bad + 1))
	fi
}

# Waits until the screen has the text, looking ten times a second.
await() {	# await TEXT
	left=$deciseconds
	while [ "$left" -gt 0 ]; do
		if screen | grep -F -q -e "$1"; then
			return 0
		fi
		left=$((left - 1))
		sleep 0.1
	done
	return 1
}

gone() {	# gone TEXT
	left=$deciseconds
	while [ "$left" -gt 0 ]; do
		if ! screen | grep -F -q -e "$1"; then
			return 0
		fi
		left=$((left - 1))
		sleep 0.1
	done
	return 1
}

shows() {	# shows TEXT NAME
	await "$1"
	report $? "$2"
}

# The shell's own settings of the terminal, to compare with after the wizard.
settings() {	# settings FILE
	keys "stty -a >$1; echo saved-\$?" Enter
	await "saved-0"
	keys "clear" Enter
	gone "saved-0"
}

start() {	# start WORD...
	keys "clear; $prog --demo $*" Enter
	await "What would you like to do?"
}

# Opens the board from the welcome screen, and waits until the tenant is read.
open_board() {
	keys Enter
	await "Before you start" && gone "Reading the tenant"
}

mux new-session -d -s t -x 80 -y 24 "env PS1='ready> ' bash --norc --noprofile" || exit 1
await "ready>" || exit 1
settings "$dir/before"

start
report $? "the welcome screen comes up"
keys Enter
shows "Before you start" "the board opens"
shows "Contoso" "the tenant's name is read"
shows "4 of 30 seats" "the first finding fills in"

# One by one through the prerequisites to step 7.
for want in "Entra Connect  " "Password writeback  " "health  " "Security group  " \
	    "egistration  " "orts  " "1 of 7  Security group" "2 of 7  Enable password reset" \
	    "3 of 7  Authentication methods" "4 of 7  Password writeback" "5 of 7  Administrators" \
	    "6 of 7  Combined registration" "7 of 7  Notifications"; do
	keys n
	await "$want"
	report $? "next leads to: $want"
done

mux resize-window -t t -x 130 -y 40
shows "h History" "a larger window shows more keys"
mux resize-window -t t -x 50 -y 12
shows "too small" "a tiny window says so"
mux resize-window -t t -x 80 -y 24
shows "7 Notices" "and comes back"

keys "?"
shows "┌─ Help" "help opens"
keys Escape
gone "┌─ Help"
report $? "Escape closes it"
keys ":" "security" Down Enter
shows "1 of 7  Security group" "Go to leads to a step by name"
keys "a"
shows "Yes, apply" "Apply asks first"
keys "a" "a" Enter
gone "Yes, apply"
report $? "Enter on the question means no"
keys "h"
shows "Nothing was changed" "and nothing was changed"
keys Escape
gone "Nothing was changed"
keys "a"
await "Yes, apply"
keys "y"
shows "everything is as wanted" "a yes applies and reads back"
keys Enter
gone "everything is as wanted"
keys "h"
shows "Create the security group" "the history has it"
keys "u"
await "Yes, take back"
keys "y"
shows "Taken back." "it can be taken back"
keys Enter Escape

gone "Taken back."

# The mouse, and a pasted list.
keys ":" "licences" Enter
await "seats are free"
mux send-keys -t t -l "$(printf "\033[M ('")"
shows "Synchronisation health" "a click chooses a row"
keys ":" "security" Down Enter
await "1 of 7  Security group"
keys "p"
await "People for the group"
printf 'grace.achebe@contoso.com\nnobody@contoso.com\n' | mux load-buffer -
mux paste-buffer -p -t t
shows "2 new, 0 already chosen" "a pasted list is taken as people"
shows "not found" "who is not there is marked"
keys F2
shows "nobody@contoso.com: check" "who is not there is told"

# A paste whose end is torn apart or lost leaves the keyboard alive.
keys "?"
await "Everywhere"
mux send-keys -t t -H 1b 5b 32 30 30 7e 61 62 63
sleep 0.2
mux send-keys -t t -H 1b
sleep 0.2
mux send-keys -t t -H 5b 32 30 31 7e
keys Escape
gone "Everywhere"
report $? "keys work after a paste whose end mark came in two pieces"
keys "?"
await "Everywhere"
mux send-keys -t t -H 1b 5b 32 30 30 7e 61 62 63
sleep 1.5
keys Escape
gone "Everywhere"
report $? "and after one whose end mark never came"

# Stopped and continued by the shell.
keys C-z
shows "Stopped" "Ctrl-Z gives the shell back"
keys "clear; fg" Enter
shows "Before you start" "fg brings the screen back"
keys "q"
shows "not in it yet. Leaving" "leaving asks before the chosen people are forgotten"
keys "y"
shows "ready>" "a yes leaves"
gone "Before you start"
report $? "the old screen is back"
settings "$dir/after"
cmp -s "$dir/before" "$dir/after"
report $? "the terminal is as it was after quitting"

start
keys "x" Enter
await "Before you start"
keys C-z
await "Stopped"
keys "clear; kill %1; fg; echo status-\$?" Enter
shows "status-" "SIGTERM ends it"
keys "clear" Enter
settings "$dir/after"
cmp -s "$dir/before" "$dir/after"
report $? "the terminal is as it was after SIGTERM"

start
keys Enter
await "Before you start"
pid=$(mux list-panes -t t -F '#{pane_pid}')
child=$(ps -o pid= --ppid "$pid" | head -n 1 | tr -d ' ')
kill -TERM "$child"
shows "ready>" "SIGTERM while it runs ends it"
keys "clear" Enter
settings "$dir/after"
cmp -s "$dir/before" "$dir/after"
report $? "the terminal is as it was after that, too"
! ls "$dir"/sspr-wizard-demo-* >/dev/null 2>&1
report $? "no temporary directory is left behind"

# The way of a password: part by part, at every width, and left while it reads.

keys "clear; $prog --demo=troubled" Enter
await "What would you like to do?"
keys Enter
await "Before you start"
keys ":"
await "type a name"
keys "way of" Enter
shows "The tenant's switch for writeback is off." "the way of a password starts where it breaks"
keys Down Down Down
shows "We could not reach your on-premises" "each part shows what it is known from"
keys "r" Escape
gone "Hand over"
report $? "Esc leaves it while the tenant is read"
keys ":"
await "type a name"
keys "way of" Enter
await "tenant's switch for writeback is off."
mux resize-window -t t -x 120 -y 30
shows "┌─ Entra ID" "a wide terminal draws it side by side"
keys Left Left
shows "20 people" "and the arrows go along it"
mux resize-window -t t -x 60 -y 16
shows "▸ ! People" "a small one puts the parts under each other"
mux resize-window -t t -x 80 -y 24
keys ":"
await "type a name"
keys "probe" Enter
shows "asked, no answer yet" "probing from here shows what was asked at once"
shows "1 of 7 endpoints do not answer" "and fills in as the answers come"
keys Escape
shows "Stopped probing" "Esc stops it"
keys q
await "ready>"

start --ascii
keys Enter
shows "> v Licences" "ASCII alone draws everything"
if screen | LC_ALL=C grep -q '[^ -~]'; then
	report 1 "and nothing else"
else
	report 0 "and nothing else"
fi
keys q
await "ready>"

start "--log $dir/requests.log"
keys Enter
await "Before you start"
keys x
shows "client-request-id" "the requests view shows our id too"
gone "Reading the tenant"
grep -q " GET /v1.0/organization" "$dir/requests.log"
report $? "--log of the wizard has its lines while it runs"
keys Escape
await "Before you start"
keys q
await "ready>"

# The monitor: views, filters, following, a file.
start --demo=troubled
keys Enter
await "4 of 30 seats"
keys m
shows "events" "the monitor opens"
keys Tab Tab
shows "Attempts a day" "Tab turns to the numbers"
keys Tab o
shows "only failures" "a key lists failures alone"
keys "/" "joel" Enter
gone "grace.achebe"
report $? "a name lists one person alone"
keys BSpace f
shows "following" "it follows"
shows "User submitted their user ID" "and new events appear"
keys f w C-u "$dir/events.csv" Enter
shows "Written:" "what is shown is written to a file"
case $(ls -l "$dir/events.csv") in -rw-------*) report 0 "only for its owner" ;;
*) report 1 "only for its owner" ;; esac
keys q
await "4 of 30 seats"
keys q
await "ready>"

start
open_board
keys v
shows "role Global Administrator" "the permissions say what is too much"
keys End
shows "only eligible for" "and go to their end"
keys Escape
keys ":"
keys "perm" Enter
shows "Signed in as admin@contoso.com" "Go to finds them, too"
keys Escape
keys q
await "ready>"

# Before the yes: who is affected, to a file; the guide opens no page from a demo.
start --demo=troubled --portal-api
open_board
keys ":" "enable pass" Enter
await "2 of 7"
keys a
shows "Type the word portal" "an unsupported way wants a word"
keys F4 C-u "$dir/who.csv" Enter
shows "Written:" "who is affected is written to a file"
grep -q 'cannot then' "$dir/who.csv"
report $? "with those who lose"
case $(ls -l "$dir/who.csv") in -rw-------*) report 0 "for its owner alone" ;;
*) report 1 "for its owner alone" ;; esac
keys Escape
gone "Type the word portal"
keys ":" "combined" Enter
await "6 of 7"
keys g
await "Copy link"
keys o
shows "The demo opens no browser" "a demo leads into no real tenant"
keys Escape
await "6 of 7"
keys q
await "ready>"

# Who is ready: gaps first, one gap alone, a file, what to write to whom.
start --demo=troubled
open_board
keys y
shows "No-go: 0 of 18 people are ready" "who is ready says go or no-go"
keys "/" "kenji" Enter
gone "Aiden Walsh"
report $? "a name lists one person alone"
keys w C-u "$dir/ready.csv" Enter
await "$dir"
gone "Write who is shown"
grep -q "kenji.mori@contoso.com" "$dir/ready.csv"
report $? "who is shown is written to a file"
keys i
shows "Please register, so that you can reset" "what to write is a key away"
keys c
shows "Copied" "and can be copied"
keys Escape
await "Kenji Mori"
keys Enter
shows "cannot reset the password now" "Enter says why one cannot"
keys Escape
await "No-go"
keys q
await "Before you start"
keys q
await "ready>"

# The live test: the simulator resets a password, the stages light up.
start --demo=rolled-out
open_board
keys ":" "live" Enter
shows "Whose reset?" "the live test asks for a person"
keys "amar"
await "amara.osei@contoso.com"
keys Enter
shows "Start the live test" "and shows what there was"
keys Enter
shows "Now open https://aka.ms/sspr" "it starts"
deciseconds=300
shows "✓ Started" "the first stage lights up"
shows "by mobile SMS" "the verification is named"
keys Escape
shows "The live test goes on" "it can be left"
shows "the password is reset" "and its end is told elsewhere"
deciseconds=100
keys ":" "live" Enter
shows "✓ Done" "it is still to be seen"
keys q
shows "Before you start" "and q goes back"
keys q
await "ready>"

# The app registration: shown, made, consented to, taken back.
start
keys r
shows "not with one of ours" "the welcome screen leads to the app registration"
keys Tab
shows "Add a platform > Mobile" "Tab shows the admin centre's steps"
keys Tab
shows "az ad sp show --id 00000003" "and the lines for the Azure CLI"
keys c
shows "Copied Azure CLI" "which can be copied"
keys Tab
shows "sign in first" "the JSON needs the tenant's ids"
keys a
shows "Sign in to make the app registration?" "a asks before it signs in"
keys Enter
gone "Sign in to make the app registration?"
report $? "Enter alone says no"
keys a y
shows "RoleManagement.Read.Directory" "after a yes the JSON has this tenant's ids"
await "a Make it"
keys a
shows "Make the app registration?" "the plan is shown"
keys r
shows "POST /v1.0/applications" "with its requests"
keys y
shows "everything is as wanted" "it is made, and read back"
keys Enter Tab
shows "Client id" "the client id is shown"
await "a Consent"
keys a
shows "Type the word consent" "a consent wants a word"
keys "yes" Enter
shows "Type the word consent first" "and no other"
keys C-u "consent" Enter
shows "everything is as wanted" "consented"
keys Enter
await "u Undo"
keys u y
shows "Taken back" "the consent is taken back"
keys Enter
gone "Taken back"
keys u y
shows "Taken back" "and then the rest"
keys Enter
gone "Taken back"
gone "Client id"
report $? "nothing of it is left"
keys Escape
shows "What would you like to do?" "Esc leads back"
keys Enter
shows "Before you start" "and the runbook opens as ever"
keys q
await "ready>"

# Assess ends in a report: asked for while the tenant is read, written after.
start --demo=troubled
keys Down Enter
shows "Write the report" "Assess leads to the report"
keys Up C-u "$dir/page" Down Enter
shows "for your eyes only" "it is written when all is read"
grep -q "<html" "$dir/page.html"
report $? "as a page"
keys f
shows "Findings  " "the findings are a key away"
keys Escape Escape
await "Before you start"
keys q
await "ready>"

keys "clear; TERM=dumb $prog --demo; echo status-\$?" Enter
shows "Use --linear" "a dumb terminal is told the way"
shows "status-3" "and the exit status says that it could not run"

echo "$n tests, $bad failed"
[ "$bad" -eq 0 ]
