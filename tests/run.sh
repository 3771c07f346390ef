#!/bin/sh
# run.sh BUILD_DIR - runs every test and ends with "N passed, N failed".
#
# Two kinds: C programs under BUILD_DIR/tests (cmocka says how many passed),
# and scripts that print "ok ..." or "not ok ..." a line. A program that dies
# counts as one failure. What failed is shown, what passed stays quiet.
set -u

build=${1:?usage: run.sh BUILD_DIR}
top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$top" || exit 1
LC_ALL=C.UTF-8 TZ=UTC
export LC_ALL TZ
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
passed=0 failed=0

# Runs one C test and leaves its output and status in $out.
run_program() {
	name=$(basename "$1")
	timeout 600 "$1" >"$out/$name.log" 2>&1
	echo $? >"$out/$name.status"
}

# report NAME LOG STATUS GOOD BAD: adds to the sums and says what happened.
report() {
	bad=$5
	if [ "$3" -ne 0 ] && [ "$bad" -eq 0 ]; then
		bad=1
	fi
	skipped=$(grep -i '^skipped' "$2")
	if [ "$4" -eq 0 ] && [ "$bad" -eq 0 ] && [ -z "$skipped" ]; then
		echo "  $1 ran no test"
		bad=1
	fi
	passed=$((passed + $4)) failed=$((failed + bad))
	if [ "$bad" -ne 0 ]; then
		echo "  $1: $4 passed, $bad failed (status $3)"
		grep -v '^\[ RUN\|^\[       OK\|^ok ' "$2" | tail -n 40 | sed 's/^/    /'
	else
		printf '  %-28s %4d passed\n' "$1" "$4"
		[ -z "$skipped" ] || echo "$skipped" | sed 's/^/    /'
	fi
}

programs=
for file in "$build"/tests/*/test_*; do
	case "$(basename "$file")" in *.*) continue ;; esac
	[ -x "$file" ] && programs="$programs $file"
done

# Two at a time: each test keeps to temporary folders of its own.
previous=
for file in $programs; do
	run_program "$file" &
	pid=$!
	[ -z "$previous" ] || wait "$previous"
	previous=$pid
done
wait
for file in $programs; do
	name=$(basename "$file")
	report "$name" "$out/$name.log" "$(cat "$out/$name.status")" \
		"$(grep -c '^\[       OK \]' "$out/$name.log")" \
		"$(grep -c '^\[  FAILED  \] [a-zA-Z_]*$' "$out/$name.log")"
done

for script in tests/headless/run.sh tests/inert/run.sh tests/report/run.sh tests/terminal/run.sh \
	tests/unattended/run.sh tests/server/run.sh tests/server/faults.sh \
	tests/server/http2.sh tests/peers/run.sh tests/peers/m365.sh tests/server/probe.sh \
	tests/server/portal.sh tests/ssh/run.sh \
	tests/contract/run-all.sh tests/server-script/run.sh tests/dc/run.sh tests/install/run.sh tests/lint.sh; do
	[ -x "$script" ] || continue
	log="$out/script.log"
	timeout 400 "./$script" "$build" >"$log" 2>&1 </dev/null
	report "$script" "$log" $? "$(grep -c '^ok ' "$log")" "$(grep -c '^not ok ' "$log")"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
