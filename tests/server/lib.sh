# lib.sh - what the scripts that start test servers share; sourced with $build,
# $here and $dir set. Nothing of the tester's environment reaches the program.
# shellcheck shell=sh disable=SC2154 # build, here and dir are the caller's
HOME=$dir/home XDG_STATE_HOME=$dir/home/state XDG_CONFIG_HOME=$dir/home/config
LC_ALL=C.UTF-8 TZ=UTC
AZURE_CLIENT_ID=11111111-2222-4333-8444-555555555555 AZURE_CLIENT_SECRET=demo-secret
export HOME XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL TZ AZURE_CLIENT_ID AZURE_CLIENT_SECRET
unset SSPR_WIZARD_NOW http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
unset SSL_CERT_FILE CURL_CA_BUNDLE
mkdir -p "$HOME"

# Starts a program of ours whose input is a pipe that this shell holds (so that
# it dies with the shell), and reads the port from its first line into $port.
begin() {	# begin DIR PROGRAM [WORD...]
	at=$1
	shift
	mkdir -p "$at"
	# <> holds the pipe open without waiting for the other end.
	mkfifo "$at/in" || return 1
	# The first holds 8, a second one (the proxy before it) 9.
	if [ -z "${pids:-}" ]; then
		exec 8<>"$at/in"
	else
		exec 9<>"$at/in"
	fi
	"$@" <"$at/in" >"$at/port" 2>"$at/log" 8<&- 9<&- &
	pids="${pids:-} $!"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
		grep -q -s '^port ' "$at/port" && break
		sleep 0.2
	done
	port=$(sed -n 's/^port //p' "$at/port")
	[ -n "$port" ]
}

# Ends what begin() started in this shell.
end() {
	for pid in ${pids:-}; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	pids=
}
