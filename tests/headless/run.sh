#!/bin/sh
# Runs the built program without a terminal over every demo scenario.
# usage: tests/headless/run.sh [BUILD_DIR]; prints "ok" or "not ok" lines and a count.
# shellcheck disable=SC2086 # $demo and $pilot are lists of words on purpose
set -u
prog=${1:-build}/sspr-wizard
here=$(cd "$(dirname "$0")" && pwd)
fixtures=$here/../fixtures
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
# The person's own directories must stay untouched, whoever runs this.
HOME=$dir/home XDG_STATE_HOME=$dir/home/state XDG_CONFIG_HOME=$dir/home/config
LC_ALL=C.UTF-8 TZ=UTC SSPR_WIZARD_NOW=2026-11-25T10:11:12Z
export HOME XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL TZ SSPR_WIZARD_NOW
unset AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_CLIENT_CERTIFICATE_PATH \
	AZURE_AUTHORITY_HOST AZURE_TOKEN_CREDENTIALS IDENTITY_ENDPOINT
mkdir -p "$HOME"
n=0 bad=0

report() {	# report STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		bad=$((bad + 1))
	fi
}

# Runs the program; its exit status must be one of the words in $1.
# Output lands in $dir/out and $dir/err.
expect() {	# expect "STATUS..." NAME WORD...
	wanted=$1 name=$2
	shift 2
	"$prog" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	got=$?
	case " $wanted " in
	*" $got "*) report 0 "$name" ;;
	*)	report 1 "$name (exit $got, wanted $wanted)"
		sed 's/^/#   /' "$dir/err" | head -5 ;;
	esac
}

have() {	# have FILE PATTERN NAME
	grep -q -e "$2" "$1"
	report $? "$3"
}

have_not() {	# have_not FILE PATTERN NAME
	! grep -q -e "$2" "$1"
	report $? "$3"
}

# Valid JSON with that schema name; jq where there is one.
json() {	# json FILE SCHEMA NAME
	if command -v jq >/dev/null 2>&1; then
		[ "$(jq -r .schema "$1" 2>/dev/null)" = "$2" ]
	else
		grep -q "\"schema\": *\"$2\"" "$1"
	fi
	report $? "$3"
}

# The members of each document, exactly (jq expressions).
tenant='(.tenant | keys == ["defaultDomain","displayName","id"])'
check_members='keys == ["findings","observedAt","schema","score","tenant","verdict"] and '$tenant'
	and all(.findings[]; keys == ["area","confidence","evidence","id","link","remedy",
		"summary","title","verdict"]
		and all(.evidence[]; keys == ["observedAt","source","value"]))'
plan_members='keys == ["schema","steps","tenant"] and '$tenant' and (.steps | length == 7)
	and all(.steps[]; keys == ["changes","id","number","settings","state","title"]
		and all(.settings[]; keys == ["confidence","current","matches","name","wanted"])
		and all(.changes[]; (del(.outcome) | keys) == ["body","id","instructions","means",
			"method","reversible","title","undo","url"]))'

members() {	# members FILE EXPRESSION NAME
	command -v jq >/dev/null 2>&1 || return 0
	[ "$(jq "$2" "$1" 2>/dev/null)" = true ]
	report $? "$3"
}

# No control character but newline and tab, no C1, no bidi control, no
# zero-width character. The patterns are bytes of UTF-8.
clean() {	# clean FILE NAME
	! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$1" &&
	! LC_ALL=C grep -q "$(printf '\302[\200-\237]')" "$1" &&
	! LC_ALL=C grep -q "$(printf '\342\200[\213-\217\252-\256]')" "$1" &&
	! LC_ALL=C grep -q "$(printf '\342\201[\246-\251]')" "$1"
	report $? "$2"
}

# The tenant as it is set, without what happened and when.
settings() {	# settings STATE-FILE
	awk -f "$here/settings.awk" "$1"
}

# Usage.
expect 0 "--help" --help
have "$dir/out" "--demo" "--help names --demo"
expect 0 "--version" --version
expect 64 "a misspelt option" check --demo --fromat json
have "$dir/err" "Did you mean --format" "a misspelt option gets a suggestion"
[ ! -s "$dir/out" ]; report $? "a usage error prints nothing to standard output"
expect 64 "a misspelt command" chek --demo
expect 64 "a misspelt scenario" check --demo=contosso
expect 64 "a name that no group can have" plan --demo --group "   "
expect 64 "a misspelt step" apply --demo --yes grup

# The server's document: made for one script, refused when it is not whole.
# seal: adds the hash to a document that lacks it and its last brace.
seal() {
	printf '%s,"sha256":"%s"}' "$1" "$(printf '%s' "$1" | sha256sum | cut -d' ' -f1)"
}
expect 0 "server-script" server-script --demo --demo-state "$dir/server"
nonce=$(sed -n "s/.*\$Nonce = '\(.*\)',/\1/p" "$dir/out")
tenant=$(sed -n "s/.*\$Tenant = '\(.*\)',/\1/p" "$dir/out")
document='{"schema":"sspr-wizard-server/1","nonce":"'$nonce'","tenant":"'$tenant'",
"computer":"SYNC01","collectedAtUtc":"2026-11-25T10:00:00Z","facts":{
"version":{"value":"2.6.84.0"},"writeback":{"value":{"Enabled":false}}}'
seal "$document" >"$dir/doc"
expect 2 "import judges a document" import --demo --demo-state "$dir/server" "$dir/doc"
have "$dir/out" "not enabled on this server" "import names the cause"
expect 2 "import as JSON" import --demo --demo-state "$dir/server" --format json "$dir/doc"
json "$dir/out" sspr-wizard/import/1 "import is sspr-wizard/import/1"
expect "0 1 2 3" "check after an import" check --demo --demo-state "$dir/server"
have "$dir/out" "server SYNC01" "check says where it was read"
sed 's/false/true/' "$dir/doc" >"$dir/changed"
expect 64 "a changed document" import --demo --demo-state "$dir/server" "$dir/changed"
have "$dir/err" "hash does not fit" "a changed document is refused with the reason"
expect 64 "a document of another tenant" import --demo=cloud-only "$dir/doc"
have "$dir/err" "another tenant" "a foreign document is refused with the reason"
expect 64 "apply without a yes" apply --demo
expect 64 "apply with --read-only" apply --demo --yes --read-only
expect 3 "the wizard without a terminal and without a demo"

# Every scenario.
for scenario in contoso cloud-only rolled-out troubled hostile-names large; do
	expect "0 1 2 3" "$scenario: check" check --demo=$scenario
	clean "$dir/out" "$scenario: check prints clean text"
	expect "0 1 2 3" "$scenario: check as JSON" check --demo=$scenario --format json
	json "$dir/out" sspr-wizard/check/1 "$scenario: check is sspr-wizard/check/1"
	clean "$dir/out" "$scenario: check prints clean JSON"
	members "$dir/out" 'all(.findings[].evidence[].source; test("^GET /|^Microsoft|^the journal$"))' \
		"$scenario: all evidence names what was asked"
	members "$dir/out" "$check_members" "$scenario: check has exactly its members"
	for id in prereq.licence prereq.connect prereq.writeback prereq.sync-health \
		prereq.group prereq.registration prereq.ports step.group step.enablement \
		step.methods step.writeback step.admin step.registration step.notifications
	do
		have "$dir/out" "\"id\": *\"$id\"" "$scenario: check has $id"
	done
	expect "0 1 3" "$scenario: plan" plan --demo=$scenario
	clean "$dir/out" "$scenario: plan prints clean text"
	expect "0 1 3" "$scenario: plan as JSON" plan --demo=$scenario --format json
	json "$dir/out" sspr-wizard/plan/1 "$scenario: plan is sspr-wizard/plan/1"
	clean "$dir/out" "$scenario: plan prints clean JSON"
	members "$dir/out" "$plan_members" "$scenario: plan has exactly its members"
	expect 0 "$scenario: history is empty" history --demo=$scenario
	expect 0 "$scenario: the tour" --demo=$scenario
	clean "$dir/out" "$scenario: the tour prints clean text"
	clean "$dir/err" "$scenario: the tour prints clean messages"
done
expect 0 "rolled-out: check is well" check --demo=rolled-out
have_not "$dir/out" "Entra's recommendation" "and hears nothing of beta"
expect 0 "check with --beta" check --demo=rolled-out --beta --format json --log "$dir/beta.log"
have "$dir/out" "Entra's recommendation scores 25 of 33" "it hears Entra's recommendation"
[ "$(grep -c '/beta/directory' "$dir/beta.log")" = 1 ]
report $? "by one request to beta for it"
expect 0 "monitor with --beta" monitor usage --demo=rolled-out --beta
have "$dir/out" "Microsoft counts: 6 resets by people, 0 by administrators" \
	"Microsoft's own counts stand beside ours"
expect 0 "monitor without" monitor usage --demo=rolled-out --log "$dir/no-beta.log"
have_not "$dir/out" "Microsoft counts" "and not without it"
have_not "$dir/no-beta.log" "/beta/" "for which nothing is sent to beta"
"$prog" --help >"$dir/help"
# A remedy that names a command names one that is there.
named() {	# named SCENARIO
	"$prog" check --demo="$1" --format json >"$dir/out" 2>"$dir/err" </dev/null
	for word in $(grep -o 'sspr-wizard [a-z-]*`*' "$dir/out" | sed 's/^sspr-wizard //; s/`//' |
		sort -u); do
		grep -q "^  $word" "$dir/help"
		report $? "$1: there is the command $word that a remedy names"
	done
}
named troubled
named contoso
expect 0 "rolled-out: nothing to plan" plan --demo=rolled-out
have "$dir/out" "nothing to change" "rolled-out: the plan says so"
expect 2 "troubled: check fails" check --demo=troubled
[ ! -e "$HOME/state" ]; report $? "a demo leaves the person's state directory alone"

# From one command to the next: plan, apply, apply again, undo.
state=$dir/tenant.json
demo="--demo --demo-state $state"
pilot="--members $fixtures/pilot.csv"
expect 1 "contoso: plan" plan $demo $pilot --format json -o "$dir/plan.json"
[ ! -s "$dir/out" ]; report $? "-o leaves standard output empty"
case $(ls -l "$dir/plan.json") in -rw-------*) report 0 "-o writes mode 0600" ;;
*) report 1 "-o writes mode 0600" ;; esac
for step in group enablement methods writeback registration notifications; do
	awk -v step=$step -f "$here/step-changes.awk" "$dir/plan.json"
	report $? "contoso: the plan has changes for $step"
done
settings "$state" >"$dir/before"
expect 1 "contoso: apply the plan file" apply $demo $pilot --plan "$dir/plan.json" \
	--format json
json "$dir/out" sspr-wizard/apply/1 "contoso: apply is sspr-wizard/apply/1"
cp "$dir/out" "$dir/apply.json"
members "$dir/apply.json" "$plan_members and all(.steps[].changes[]; has(\"outcome\"))" \
	"contoso: every change of apply has an outcome"
have "$dir/apply.json" '"outcome": *"done"' "contoso: apply has outcomes"
have_not "$dir/apply.json" '"outcome": *"\(failed\|unknown\|stopped\)"' \
	"contoso: no change failed"
settings "$state" >"$dir/applied"
! cmp -s "$dir/before" "$dir/applied"; report $? "contoso: apply changed the tenant"
expect 3 "contoso: the plan file is no longer true" apply $demo $pilot --plan "$dir/plan.json"
have "$dir/err" "no longer true" "contoso: an old plan file is refused in words"
expect 1 "contoso: plan after apply" plan $demo $pilot --format json
have_not "$dir/out" '"means": *"graph"' "contoso: only guided work is left"
expect 1 "contoso: apply again" apply $demo $pilot --yes
have "$dir/out" "Nothing to change" "contoso: applying again has nothing to do"
settings "$state" >"$dir/again"
cmp -s "$dir/applied" "$dir/again"; report $? "contoso: applying again writes nothing"
expect 0 "contoso: history" history $demo --format json
json "$dir/out" sspr-wizard/history/1 "contoso: history is sspr-wizard/history/1"
have "$dir/out" '"command": *"apply"' "contoso: history has the run"
expect 64 "contoso: undo without a yes" undo $demo
expect 0 "contoso: undo" undo $demo --yes --format json
json "$dir/out" sspr-wizard/undo/1 "contoso: undo is sspr-wizard/undo/1"
settings "$state" >"$dir/undone"
cmp -s "$dir/before" "$dir/undone"; report $? "contoso: undo returns the tenant"
cmp -s "$dir/before" "$dir/undone" || diff "$dir/before" "$dir/undone" | head -10 | sed 's/^/#   /'
expect 0 "contoso: nothing left to undo" undo $demo --yes
expect 1 "contoso: plan after undo" plan $demo $pilot --format json
have "$dir/out" '"id": *"group.create"' "contoso: the plan is whole again"

# Without standard descriptors nothing is printed into a file of the program.
"$prog" apply --demo --demo-state "$dir/closed.json" --state-dir "$dir/closed" $pilot --yes \
	0<&- 1>&- 2>&-
[ $? -eq 3 ]; report $? "closed descriptors: the exit status tells that nothing was printed"
! grep -v '^[0-9]*$' "$dir"/closed/*/journal.lock >"$dir/out"
report $? "closed descriptors: what is printed does not land in the lock file"
"$prog" --version 1>&- 2>/dev/null
[ $? -eq 3 ]; report $? "closed standard output: --version says so"

# People who are not simply people.
printf 'UPN\nnobody@contoso.com\ngrace.achebe@contoso.com\ngrace.achebe@contoso.com\n' >"$dir/people.csv"
expect 1 "contoso: plan with people to look at" plan --demo --members "$dir/people.csv"
have "$dir/err" "line 2, nobody@contoso.com" "contoso: an unknown person is told"
have "$dir/err" "line 4, grace.achebe@contoso.com" "contoso: a person named twice is told"
expect 3 "contoso: a members file that is not there" plan --demo --members "$dir/none"

# One step alone, and a step whose need is open.
rm -rf "$state" "$state.journal"
expect 1 "contoso: apply group alone" apply group $demo $pilot --yes
expect "1" "contoso: then methods" apply methods $demo $pilot --yes
expect 0 "contoso: undo the last run alone" undo $demo --yes
expect 1 "contoso: methods are open again" plan $demo $pilot --format json
have_not "$dir/out" '"id": *"group.create"' "contoso: the group stayed"
# Undo in two parts: the second speaks of what it did itself. Somebody else's change
# to SMS stays, is told as failed, and so is the group that SMS still names.
rm -rf "$state" "$state.journal"
expect 1 "contoso: apply admin" apply admin $demo --yes
expect 1 "contoso: apply group and methods" apply group methods $demo --yes
admin_run=$("$prog" history $demo --format json 2>/dev/null |
	sed -n 's/.*"id": *"\(2[^"]*Z-[0-9a-f]*\)".*/\1/p' | head -1)
sed '/"id": "Sms"/,/targetType/s/"state": "enabled"/"state": "disabled"/' "$state" \
	>"$dir/changed.json"
cp "$dir/changed.json" "$state"
expect 2 "contoso: undo leaves what somebody changed" undo $demo --yes --format json
have "$dir/out" '"outcome": *"failed"' "contoso: the outcome names what was left"
have "$dir/out" '"outcome": *"done"' "contoso: and what was taken back"
have "$dir/err" "undo $admin_run" "contoso: and the run before it"
expect 2 "contoso: undo once more" undo $demo --yes --format json
have_not "$dir/out" '"outcome": *"done"' "contoso: it lists nothing of the first undo"
have "$dir/err" "an earlier undo left" "contoso: it says that it was tried before"
expect 0 "contoso: the history says so" history $demo
have "$dir/out" "taking back: failed" "contoso: the history marks what was left"
expect 0 "contoso: undo the run before it" undo $admin_run $demo --yes
rm -rf "$state" "$state.journal"
expect 3 "contoso: methods without the group is refused" apply methods $demo --yes
have "$dir/err" "needs the step group first" "contoso: and says why"

# Refused before anything is sent: no word of a tenant that lags.
expect 3 "contoso: apply without a place for the journal" apply --demo --yes \
	--state-dir /dev/null/journal
have "$dir/out" "Nothing was written" "contoso: a refused apply says that nothing was written"
have_not "$dir/out" "does not show all of it" "contoso: and does not blame the tenant"

# A program that died between a request and its outcome.
rm -rf "$state" "$state.journal"
expect 1 "contoso: apply admin once more" apply admin $demo --yes
log=$(find "$state.journal" -name journal.jsonl)
sed '/"kind":"outcome"/d' "$log" >"$dir/log" && cp "$dir/log" "$log"
expect 0 "contoso: history of a change without an outcome" history $demo
have "$dir/out" "no outcome yet" "contoso: it has no outcome yet"
# Messages and result in one terminal: each change is told once.
if command -v script >/dev/null 2>&1 && script -qc true /dev/null >/dev/null 2>&1; then
	rm -rf "$state" "$state.journal"
	script -qc "$prog apply admin $demo --yes" /dev/null >"$dir/out" 2>&1 </dev/null
	[ "$(grep -c "Let administrators reset" "$dir/out")" = 1 ]
	report $? "contoso: in one terminal a change is told once"
fi

# The file of a simulated tenant: what it must be, and what cannot be saved.
echo garbage >"$dir/garbage.json"
expect 3 "a demo state that is no JSON" plan --demo --demo-state "$dir/garbage.json"
have "$dir/err" "garbage.json does not hold" "and the file is named"
echo '{}' >"$dir/empty.json"
expect 3 "a demo state that is no tenant" plan --demo --demo-state "$dir/empty.json"
expect "0 1" "a demo state is made" plan --demo --demo-state "$state"
expect 3 "a demo state of another scenario" plan --demo=troubled --demo-state "$state"
have "$dir/err" "holds the scenario contoso, not troubled" "and both scenarios are named"
expect 3 "a demo state in no directory" plan --demo --demo-state "$dir/none/tenant.json"
[ ! -e "$dir/none" ]; report $? "and none is made"

# Why a person can or cannot reset.
expect 2 "troubled: diagnose somebody blocked" diagnose --demo=troubled \
	sean.obrien@contoso.com
have "$dir/out" "is blocked until" "troubled: diagnose names the block"
have "$dir/out" "User Not Registered for Authentication" "troubled: and the runbook's case"
clean "$dir/out" "troubled: diagnose prints clean text"
expect 2 "troubled: diagnose as JSON" diagnose --demo=troubled sean.obrien@contoso.com \
	--format json
json "$dir/out" sspr-wizard/diagnose/1 "troubled: diagnose is sspr-wizard/diagnose/1"
expect 3 "contoso: diagnose nobody" diagnose --demo nobody@contoso.com
have "$dir/err" "nobody in this tenant" "contoso: and says so"

# Monitoring.
for view in "" audit sign-ins usage; do
	expect 1 "troubled: monitor $view" monitor $view --demo=troubled
	clean "$dir/out" "troubled: monitor $view prints clean text"
	expect 1 "troubled: monitor $view as JSON" monitor $view --demo=troubled --format json
	json "$dir/out" sspr-wizard/monitor/1 "troubled: monitor $view is sspr-wizard/monitor/1"
	expect "0 1" "hostile-names: monitor $view as CSV" monitor $view --demo=hostile-names \
		--format csv
	have_not "$dir/out" '"[=+@-]' "hostile-names: monitor $view has no formula"
	clean "$dir/out" "hostile-names: monitor $view prints clean CSV"
done

# Who is ready.
expect 2 "troubled: monitor readiness" monitor readiness --demo=troubled
have "$dir/out" "^No-go: " "troubled: it is a no-go"
have "$dir/out" "policy Block registration outside the office" \
	"troubled: readiness names the policy in the way"
clean "$dir/out" "troubled: monitor readiness prints clean text"
expect 2 "troubled: readiness as JSON" monitor readiness --demo=troubled --format json
json "$dir/out" sspr-wizard/readiness/1 "troubled: it is sspr-wizard/readiness/1"
expect 0 "rolled-out: readiness is a go" monitor readiness --demo=rolled-out --ascii
have "$dir/out" "^Go: 21 of 21 people are ready" "rolled-out: with its denominator"
expect 2 "contoso: no group is a no-go" monitor readiness --demo
have "$dir/out" "there is no group SSPR-Enabled-Users" "contoso: and it says so"
expect "1 2 3" "hostile-names: readiness" monitor readiness --demo=hostile-names \
	--members "$fixtures/pilot.csv" --format csv
have "$dir/out" "signInName" "hostile-names: people named for the group are judged"
have_not "$dir/out" '"[=+@-]' "hostile-names: readiness has no formula"
clean "$dir/out" "hostile-names: readiness prints clean CSV"
expect 2 "troubled: the invitations" monitor readiness --demo=troubled --invitations \
	-o "$dir/invitations.txt"
have "$dir/invitations.txt" "^Subject: Please register" "invitations have a subject"
have "$dir/invitations.txt" "^petra.novotna@contoso.com$" "and addresses"
[ "$(stat -c %a "$dir/invitations.txt")" = 600 ]
report $? "invitations are for their owner's eyes only"
expect 0 "rolled-out: all are wanted" monitor readiness --demo=rolled-out --ready-percent 100

expect 0 "rolled-out: monitor is well" monitor --demo=rolled-out --ascii
have "$dir/out" "6 of 6 attempts (100 %)" "rolled-out: the rate has its denominator"
expect "0 1" "monitor of one person" monitor audit --demo=troubled --user sean --format json
members "$dir/out" '(.events | length) > 0 and all(.events[]; .user | test("^sean"))
	and .filter == {user: "sean", result: null, kinds: []}' "lists that person's events alone"
expect "0 1" "monitor of failures" monitor audit --demo=troubled --result failure --format json
members "$dir/out" '(.events | length) > 0 and all(.events[]; .result != "success")
	and (.events | length) == ([.days[].listed] | add)' "lists and counts failures alone"
expect "0 1 2" "who is affected, as a file" plan --demo=troubled --format csv -o "$dir/who.csv"
have "$dir/who.csv" '"Can reset now and cannot then"' "it says who loses"
[ "$(grep -c 'writeback is not proved' "$dir/who.csv")" -ge 10 ]
report $? "and names all of them"
[ "$(stat -c %a "$dir/who.csv" 2>/dev/null || stat -f %Lp "$dir/who.csv")" = 600 ]
report $? "for its owner alone"
expect "0 1" "monitor of a kind" monitor audit --demo=troubled --kind reset --format csv
[ "$(cut -d, -f2 "$dir/out" | sort -u | tr -d '\n')" = '"reset"kind' ]
report $? "lists that kind alone"
expect "0 1" "monitor since a day" monitor --demo=troubled --since 2026-11-20 --format json
members "$dir/out" '(.days | length) == 6 and .since == "2026-11-20T00:00:00Z"' \
	"counts from that day on"
expect 64 "monitor --since and --days" monitor --demo --since 2026-11-20 --days 3
expect 64 "monitor since no day" monitor --demo --since yesterday
expect 64 "monitor of no kind" monitor --demo --kind resets
"$prog" monitor --follow --demo=troubled --days 30 --kind blocked --format json \
	>"$dir/out" 2>"$dir/err" </dev/null &
follower=$!
sleep 1
kill -TERM $follower
wait $follower
report $? "monitor --follow takes the filters"
[ "$(grep -o '"kind":"[a-z]*"' "$dir/out" | sort -u)" = '"kind":"blocked"' ]
report $? "and prints only what fits"
"$prog" monitor --follow --demo=troubled >"$dir/out" 2>"$dir/err" </dev/null &
follower=$!
sleep 1
kill -TERM $follower
wait $follower
report $? "monitor --follow ends well on a signal"

# Signing in: without a person and an application it says how to make one.
expect 3 "nobody is there to sign in" check
have "$dir/err" "nobody is there to sign in" "and the message says so"
have "$dir/err" "az ad app create" "and how an application is registered"
expect 3 "a code needs somebody to enter it" check --auth device --client-id x --tenant y
expect 3 "a certificate needs a file" check --auth certificate --client-id x --tenant y
have "$dir/err" "AZURE_CLIENT_CERTIFICATE_PATH" "and the message says how to name it"

expect 1 "troubled: monitor in 80 columns" monitor --demo=troubled
have "$dir/out" "→ On the Connect server" "troubled: a remedy stands at its reason"
have_not "$dir/out" '.\{81\}' "troubled: and no line is too wide"

# Benchmarks judge beside the runbook, and nothing is written for them.
for baseline in cis-m365-7 cis-m365-7-l2 scuba asd eidsca zta secure-score; do
	expect "1 2" "rolled-out: check by $baseline" check --demo=rolled-out \
		--baseline $baseline --format json
	clean "$dir/out" "rolled-out: check by $baseline prints clean JSON"
done
expect 64 "a benchmark is refused where things are written" apply --demo --yes \
	--baseline scuba
expect "1 2" "rolled-out: a report by a benchmark" report --demo=rolled-out \
	--baseline cis-m365-7-l2 --format json
have "$dir/out" '"cis.5.2.4.2"' "rolled-out: the report has the benchmark's id"

# What the tenant is measured as, and a baseline of one's own.
expect 64 "a target is pilot or production" check --demo --target soon
expect 64 "a target is of what judges" plan --demo --target production
expect "1 2" "rolled-out as production" check --demo=rolled-out --baseline cis-m365-7 \
	--target production --format json
members "$dir/out" '[.findings[] | select(.id == "cis.5.2.4.1")][0].verdict == "fail"' \
	"the scope Selected fails in production"
members "$dir/out" '.score | .passed <= .answered and .unanswered > 0' \
	"the score has its denominator"
expect "0 1 2" "rolled-out as a pilot" check --demo=rolled-out --baseline cis-m365-7 \
	--format json
members "$dir/out" '[.findings[] | select(.id == "cis.5.2.4.1")][0] | .verdict == "warn" and
	(.summary | contains("pilot"))' "and is said to be a pilot's without it"
expect "0 1 2" "the score as text" check --demo=rolled-out --baseline scuba
have "$dir/out" "^Score: [0-9]* of [0-9]* answered checks pass" "the score is a line"
have "$dir/out" "^CISA SCuBA: [0-9]* of [0-9]* answered" "and a benchmark has its own"
expect "0 1 2" "a baseline of one's own" check --demo=rolled-out --format json \
	--baseline "$here/../../man/examples/baseline.conf"
members "$dir/out" '[.findings[] | select(.id == "health.target")][0].title ==
	"Target: production"' "the file's target holds"
expect 1 "a plan by it" plan --demo=rolled-out --format json \
	--baseline "$here/../../man/examples/baseline.conf"
bad_baseline() {	# bad_baseline NAME TEXT WHAT-IS-SAID
	printf "$2" >"$dir/bad.conf"
	expect "3 64" "a baseline with $1" check --demo --baseline "$dir/bad.conf"
	have "$dir/err" "$3" "and the message says so"
}
bad_baseline "a number out of range" '[wanted]\nmethods-required = 9\n' \
	'bad.conf:2: methods-required is a number from 1 to 2, not "9"'
bad_baseline "an unknown key" '[wanted]\nsms = no\nsmoke = yes\n' \
	'bad.conf:3: there is no key "smoke" in \[wanted\]'
bad_baseline "what is a profile's" '[tenant]\ntenant = contoso.com\n' 'no key "tenant" in'
bad_baseline "no section" 'methods-required = 2\n' 'bad.conf:1'
bad_baseline "no yes or no" '[wanted]\nsms = maybe\n' 'sms is yes or no, not "maybe"'
bad_baseline "a target of its own" '[wanted]\ntarget = moon\n' 'pilot or production'
expect "3 64" "a baseline that is not there" check --demo --baseline "$dir/none.conf"
have "$dir/err" "There is: runbook, cis-m365-7" "and the message lists what there is"

# The assessment.
for scenario in troubled hostile-names rolled-out; do
	for format in html markdown json csv junit sarif openmetrics; do
		expect "0 1 2 3" "$scenario: report as $format" report --demo=$scenario \
			--format $format -o "$dir/report.$format"
		clean "$dir/report.$format" "$scenario: the $format report is clean text"
	done
	json "$dir/report.json" sspr-wizard/report/1 "$scenario: report is sspr-wizard/report/1"
	[ "$(grep -c '<script' "$dir/report.html")" = 1 ]
	report $? "$scenario: the page has one script, ours"
	have_not "$dir/report.html" 'src="http\|url(\|@import\|<link\|<iframe' \
		"$scenario: the page refers to nothing outside"
	have_not "$dir/report.csv" '\(^\|,\)"[=+@-]' "$scenario: the CSV report has no formula"
	if command -v xmllint >/dev/null 2>&1; then
		xmllint --noout "$dir/report.junit" 2>/dev/null
		report $? "$scenario: the JUnit report is XML"
	fi
	tail -1 "$dir/report.openmetrics" | grep -qx '# EOF'
	report $? "$scenario: the metrics end as they must"
done
expect 2 "troubled: a report without names" report --demo=troubled --redact \
	-o "$dir/redacted.html"
have "$dir/redacted.html" "person [0-9]" "troubled: people have numbers instead"
have_not "$dir/redacted.html" "sean.obrien\|Sean O" "troubled: and no names"
expect 2 "troubled: a report by a benchmark" report --demo=troubled --baseline asd
have "$dir/out" "measured against runbook and ASD Blueprint for Secure Cloud<" \
	"troubled: says what it is measured against"
# Two assessments: what is different, and nothing else.
rm -rf "$state" "$state.journal"
expect "1 2" "contoso: a first report" report $demo --format json -o "$dir/first.json"
expect "1 2" "contoso: compared with itself" report $demo --compare "$dir/first.json" \
	--format json
have "$dir/out" '"differences": \[\]' "contoso: nothing is different"
expect 1 "contoso: then admin is applied" apply admin $demo --yes
expect "1 2" "contoso: compared again" report $demo --compare "$dir/first.json" --format json
have "$dir/out" '"after": "Administrators may reset their password: on"' \
	"contoso: the change is named"
have "$dir/out" '"who": "Update authorization policy by .* at 2026-11-25T' \
	"contoso: with who did it and when"
members "$dir/out" '[.since.differences[].id] | unique == ["step.admin"]' \
	"contoso: and nothing else"
expect 64 "a file that is no report" report $demo --compare "$state"
# What was read can be judged later, without the tenant.
expect 2 "troubled: check and keep the facts" check --demo=troubled --format json \
	--save-facts "$dir/facts.json" -o "$dir/live.json"
json "$dir/facts.json" sspr-wizard/facts/1 "troubled: the facts are sspr-wizard/facts/1"
case $(ls -l "$dir/facts.json") in -rw-------*) report 0 "--save-facts writes mode 0600" ;;
*) report 1 "--save-facts writes mode 0600" ;; esac
have_not "$dir/facts.json" "Bearer" "the facts hold no token"
expect 2 "troubled: check the kept facts" check --from-facts "$dir/facts.json" --format json \
	-o "$dir/kept.json"
cmp -s "$dir/live.json" "$dir/kept.json"; report $? "troubled: kept facts give the same document"
expect 2 "troubled: a report of kept facts" report --from-facts "$dir/facts.json" \
	-o "$dir/kept.html"
expect 2 "troubled: diagnose from kept facts" diagnose --from-facts "$dir/facts.json" \
	sean.obrien@contoso.com
expect 1 "troubled: monitor kept facts" monitor --from-facts "$dir/facts.json" usage
expect 64 "kept facts and a tenant" check --demo --from-facts "$dir/facts.json"
expect 64 "no kept facts" check --from-facts "$dir/live.json"

# Unattended.
plugin=$here/../../man/examples/check_sspr
SSPR_WIZARD=$prog
export SSPR_WIZARD
"$plugin" --demo=troubled >"$dir/out"
[ $? -eq 2 ]; report $? "the monitoring plugin says critical of troubled"
have "$dir/out" "^SSPR CRITICAL - [0-9]* failed.*| failed=[0-9]* " "and prints its line"
[ "$(wc -l <"$dir/out")" -eq 1 ]; report $? "which is one line"
"$plugin" --tenant nobody >"$dir/out"
[ $? -eq 3 ]; report $? "the monitoring plugin says unknown without a sign-in"
have "$dir/out" "^SSPR UNKNOWN - " "and why"

# The wizard line by line.
printf '\n\n\n\n\n\n\n' | "$prog" --demo --linear >"$dir/out" 2>"$dir/err"
[ $? -le 1 ]; report $? "--linear goes through the steps with Enter"
have "$dir/out" "Step 7 of 7" "--linear reaches step 7"
clean "$dir/out" "--linear prints clean text"
have "$dir/out" " 7. Server: ENTRA-SYNC01: unknown. Nothing tells" "--linear tells the way of a password"
have "$dir/out" "    Next: Run the script of" "and what is next on it"
# The admin centre's own API: only when asked for, and taken back to the letter.
own="--demo --demo-state $dir/own.json --state-dir $dir/own"
expect "0 1" "plan without --portal-api" plan $own --format json
have_not "$dir/out" '"means": *"portal"' "nothing goes by the admin centre's own API"
expect "0 1" "apply with --portal-api" apply $own --portal-api --yes
expect "0 1" "plan after it" plan $own --portal-api
have_not "$dir/out" "by the admin centre's own" "nothing is left for that API"
expect 0 "undo with --portal-api" undo $own --portal-api --yes
have "$dir/own.json" '"enablementType": *0' "undo restores the scope"
printf 'who is ready\nleave\n' | "$prog" --demo=troubled --linear >"$dir/out" 2>"$dir/err"
have "$dir/out" "^ 7 people: too few methods. Ask for one more" "--linear tells the gaps"
have "$dir/out" "^ 1. Aiden Walsh, aiden.walsh@contoso.com: not registered, also writeback off.$" \
	"--linear tells who is not ready"
printf '\n\n\nlive test\ngrace.achebe@contoso.com\nleave\n' | "$prog" --demo --linear >"$dir/out" 2>"$dir/err"
[ $? -le 1 ]; report $? "--linear runs the live test"
have "$dir/out" "Demo: the simulator resets" "the live test labels the simulator"
# Enter goes to step 7, which has only guided work; the simulator saves it.
printf '\n\n\n\n\n\nguide me\ny\nn\ny\nleave\n' | "$prog" --demo --linear >"$dir/out" 2>"$dir/err"
[ $? -le 1 ]; report $? "--linear guides and watches"
have "$dir/out" "Demo: somebody saves it in the admin centre." "--linear labels the simulator"
have "$dir/out" "Proved: it is set as wanted." "--linear tells the proof"
have "$dir/out" "Recorded. It counts as said by you" "--linear records a word"

# What whoever looks may do.
expect 2 "check names permissions" check --demo --format json
have "$dir/out" '"health.permissions"' "the finding is in the JSON"
have "$dir/out" "Global Administrator, too much" "and says what is too much"

# The app registration: how to make it, and making it.
expect 0 "register says how" register
have "$dir/out" "az ad app create --display-name sspr-wizard" "with lines for the Azure CLI"
have "$dir/out" "Group.ReadWrite.All" "with the permissions to write"
[ "$(awk 'length > 79' "$dir/out" | wc -l)" -eq 0 ]; report $? "in 79 columns"
sed -n '/^az ad sp show/,/^echo/p' "$dir/out" | sh -n
report $? "which a shell can read"
expect 0 "register --read-only" register --read-only
have_not "$dir/out" "ReadWrite" "names none of them"
expect 64 "register make --read-only is refused" register make --demo --read-only
app="--demo --demo-state $dir/app.json --state-dir $dir/app"
expect 3 "register make needs a yes" register make $app
have_not "$dir/app.json" '"isFallbackPublicClient"' "without it nothing is made"
expect 0 "register make" register make $app --yes
have "$dir/out" "^Client id [0-9a-f-]*$" "tells the client id"
have "$dir/out" "/v2.0/adminconsent?client_id=" "and the consent link"
have_not "$dir/app.json" '"consentType"' "and consents to nothing"
expect 0 "register make again" register make $app --yes
[ "$(grep -c '"isFallbackPublicClient"' "$dir/app.json")" -eq 1 ]
report $? "makes no second one"
expect 0 "register consent" register consent $app --yes
have "$dir/app.json" '"consentType": *"AllPrincipals"' "consents for everybody"
have_not "$dir/app.json" '"scope": *"[^"]*Write' "to nothing that writes"
expect "3 64" "undo leaves it to the command that made it" undo $app --yes
have "$dir/err" "register undo" "and says so"
expect 0 "register undo" register undo $app --yes
expect 0 "register undo of the rest" register undo $app --yes
have_not "$dir/app.json" '"isFallbackPublicClient"' "nothing is left"
expect 0 "register undo of nothing" register undo $app --yes
expect 3 "register make of a real tenant needs a person" register make --tenant contoso.com --yes
expect 64 "register knows its words" register now

# The request log, of a command and of the wizard.
echo "an earlier line" >"$dir/log"
chmod 644 "$dir/log"
expect "0 1" "apply with --log" apply --demo --members "$fixtures/pilot.csv" --yes --log "$dir/log"
have "$dir/log" "^an earlier line$" "--log appends"
have "$dir/log" "^[0-9TZ:-]* POST /v1.0/groups 201 [0-9]* ms [0-9]* bytes retries 0 request-id [0-9a-f-]* client-request-id [0-9a-f-]*$" \
	"--log has a line for a write"
have_not "$dir/log" "@\|%40\|eyJ\|Bearer\|filter=[^*]" "--log names nobody and holds no token"
[ "$(stat -c %a "$dir/log" 2>/dev/null || stat -f %Lp "$dir/log")" = 600 ]
report $? "only its owner reads the log"
expect 2 "--log-file still works" check --demo --log-file "$dir/log2"
have "$dir/log2" " GET /v1.0/organization" "and writes the same"
printf 'leave\n' | "$prog" --demo --linear --log "$dir/log3" >"$dir/out" 2>"$dir/err"
have "$dir/log3" " GET /v1.0/organization" "the wizard line by line writes it too"
expect 3 "a log that cannot be written stops the command" check --demo --log "$dir/none/log"
have "$dir/err" "cannot open" "and says so"

echo "$((n - bad)) of $n passed"
[ "$bad" -eq 0 ]
