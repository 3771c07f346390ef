#!/bin/sh
# run.sh BUILD_DIR - runs the built program over HTTPS against the simulated
# tenant, once for every scenario: check, plan, apply, plan, undo. What it
# finds must be what --demo finds. Prints "ok" or "not ok" lines.
set -u
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prog=$build/sspr-wizard server=$build/tests/server/tenant_server
for needed in "$prog" "$server"; do
	[ -x "$needed" ] || { echo "skipped: $needed is not built"; exit 0; }
done
command -v openssl >/dev/null 2>&1 || { echo "skipped: no openssl to make certificates"; exit 0; }

dir=$(mktemp -d) || exit 1
pid=
stop() {	# the server saves its state and ends
	[ -z "$pid" ] && return
	kill "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	pid=
	exec 9>&-
}
trap 'stop; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
HOME=$dir/home XDG_STATE_HOME=$dir/home/state XDG_CONFIG_HOME=$dir/home/config
LC_ALL=C.UTF-8 TZ=UTC
export HOME XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL TZ
unset SSPR_WIZARD_NOW https_proxy HTTPS_PROXY all_proxy ALL_PROXY SSL_CERT_FILE CURL_CA_BUNDLE
mkdir -p "$HOME"
"$here/make_cert.sh" "$dir/tls" || { echo "not ok 1 - make certificates"; exit 1; }
"$here/make_cert.sh" "$dir/other" || exit 1
n=0 bad=0

report() {	# report STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		bad=1
	fi
}

# Starts the server and says in the environment how to reach it.
start() {	# start SCENARIO [OPTION...]
	scenario=$1
	shift
	rm -f "$dir/in" "$dir/port"
	mkfifo "$dir/in"
	# Its input is a pipe that we hold: when this script dies, so does it. Its
	# time runs faster, so that the lag of the directory costs less of ours.
	"$server" --scenario "$scenario" --users 2000 --state "$dir/$scenario.json" --speed 30 "$@" \
		--cert "$dir/tls/cert.pem" --key "$dir/tls/key.pem" \
		<"$dir/in" >"$dir/port" 2>"$dir/server.err" &
	pid=$!
	exec 9>"$dir/in"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		grep -q '^tenant ' "$dir/port" 2>/dev/null && break
		sleep 0.2
	done
	port=$(sed -n 's/^port //p' "$dir/port")
	AZURE_TENANT_ID=$(sed -n 's/^tenant //p' "$dir/port")
	AZURE_CLIENT_ID=11111111-2222-4333-8444-555555555555 AZURE_CLIENT_SECRET=demo-secret
	export AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET
	printf '{"login":"https://localhost:%s","graph":"https://localhost:%s"}\n' \
		"$port" "$port" >"$dir/cloud.json"
	[ -n "$port" ]
}

# Runs the program against the server; its status must be one of the words.
expect() {	# expect "STATUS..." NAME WORD...
	wanted=$1 name=$2
	shift 2
	"$prog" --cloud-file "$dir/cloud.json" --ca-file "$ca" --auth secret \
		--state-dir "$dir/state" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	got=$?
	case " $wanted " in
	*" $got "*) report 0 "$name" ;;
	*)	report 1 "$name (exit $got, wanted $wanted)"
		sed 's/^/#   /' "$dir/err" | head -5 ;;
	esac
}

# The ids and verdicts of a check in JSON, in its order. What the signed-in account
# may do is left out: the demo is a person, here it is an application, whose roles
# cannot be asked for.
verdicts() {	# verdicts FILE
	jq -r '.findings[] | "\(.id) \(.verdict)"' "$1" 2>/dev/null | grep -v -e '^access\.' -e '^health\.permissions '
}

for scenario in contoso cloud-only rolled-out troubled hostile-names large; do
	ca=$dir/tls/ca.pem
	# One scenario with throttling is enough: its waits are real ones.
	options=--no-throttling users=
	[ $scenario = contoso ] && options=
	[ $scenario = large ] && users="--demo-users 2000"
	# shellcheck disable=SC2086 # lists of words on purpose
	start $scenario $options
	report $? "$scenario: the server starts"
	expect "0 1 2 3" "$scenario: check" check --format json
	cp "$dir/out" "$dir/check.json"
	if command -v jq >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		"$prog" check "--demo=$scenario" $users --format json >"$dir/demo.json" \
			2>/dev/null </dev/null
		verdicts "$dir/check.json" >"$dir/check.list"
		verdicts "$dir/demo.json" >"$dir/demo.list"
		[ -s "$dir/check.list" ] && cmp -s "$dir/check.list" "$dir/demo.list"
		same=$?
		report $same "$scenario: the same findings as in the demo"
		[ $same -eq 0 ] || diff "$dir/demo.list" "$dir/check.list" | sed 's/^/#   /' | head -5
	fi
	expect "0 1" "$scenario: plan" plan
	# 2: what the scenario plants may refuse a change.
	expect "0 1 2" "$scenario: apply" apply --yes
	expect "0 1" "$scenario: plan after it" plan
	expect "0 1" "$scenario: undo" undo --yes
	stop
	[ -s "$dir/$scenario.json" ]
	report $? "$scenario: the server saves its state"
	rm -rf "$dir/state"
done

# What can be wrong on the way, and what the program says then.
start contoso
ca=$dir/other/ca.pem
expect 3 "a certificate of an unknown authority is refused" check
grep -q -e --ca-file "$dir/err"
report $? "and the message names --ca-file"
ca=$dir/tls/ca.pem
AZURE_CLIENT_SECRET=wrong
expect 3 "a wrong secret is refused" check
grep -q 'client secret is wrong' "$dir/err"
report $? "and the message says so"
! grep -q 'wrong-secret\|demo-secret' "$dir/err" "$dir/out"
report $? "and holds no secret"
AZURE_CLIENT_SECRET=demo-secret AZURE_TENANT_ID=nobody.example
expect 3 "an unknown tenant is refused" check
stop
AZURE_TENANT_ID=nobody.example
expect 3 "a server that is not there" check
grep -q 'no connection to localhost' "$dir/err"
report $? "and the message says so"
exit $bad
