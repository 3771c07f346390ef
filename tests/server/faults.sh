#!/bin/sh
# faults.sh BUILD_DIR - one fault of the network or the service after another,
# over TLS: each must end within its limit in a plain message or in a correct
# result, and no write may reach the service twice. Also the way through a
# proxy, with the real names. Prints "ok" or "not ok" lines.
set -u
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
for needed in sspr-wizard tests/server/tenant_server tests/server/connect_proxy; do
	[ -x "$build/$needed" ] || { echo "skipped: $build/$needed is not built"; exit 0; }
done
for needed in openssl jq; do
	command -v $needed >/dev/null 2>&1 || { echo "skipped: no $needed"; exit 0; }
done
top=$(mktemp -d) || exit 1
trap 'rm -rf "$top"' EXIT
trap 'exit 1' INT TERM
dir=$top port=
prog=$build/sspr-wizard
server=$build/tests/server/tenant_server
proxy=$build/tests/server/connect_proxy
. "$here/lib.sh"
"$here/make_cert.sh" "$top/good" && "$here/make_cert.sh" "$top/other" &&
	"$here/make_cert.sh" "$top/named" DNS:elsewhere.example &&
	"$here/make_cert.sh" "$top/expired" DNS:localhost past ||
	{ echo "not ok - make certificates"; exit 1; }

# What a case says goes to its own file: cases run side by side.
say() {	# say STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		sed 's/^/#   /' "$dir/err" 2>/dev/null | head -6
	fi
}

serve() {	# serve CERTIFICATES [OPTION...]
	tls=$top/$1
	shift
	begin "$dir/tenant" "$server" --scenario contoso --state "$dir/tenant.json" \
		--record "$dir/record" --no-throttling --speed 30 --cert "$tls/cert.pem" \
		--key "$tls/key.pem" "$@" || return 1
	for _ in 1 2 3 4 5; do
		grep -q '^tenant ' "$dir/tenant/port" && break
		sleep 0.1
	done
	AZURE_TENANT_ID=$(sed -n 's/^tenant //p' "$dir/tenant/port")
	export AZURE_TENANT_ID
	cloud "localhost:$port"
}

cloud() {	# cloud HOST:PORT
	printf '{"login":"https://%s","graph":"https://%s"}\n' "$1" "$1" >"$dir/cloud.json"
}

# Runs the program; $status and $seconds say how that went.
run() {	# run WORD...
	begun=$(date +%s)
	status=99
	timeout 45 "$prog" --auth secret --state-dir "$dir/state" "$@" >"$dir/out" 2>"$dir/err" \
		</dev/null
	status=$?
	seconds=$(($(date +%s) - begun))
}

# The last run ended with one of the statuses and in time, said the words, and
# spoke no secret.
ends() {	# ends NAME "STATUS..." SECONDS WORDS
	case " $2 " in *" $status "*) good=0 ;; *) good=1 ;; esac
	say $good "$1: exit $status is one of $2"
	[ "$seconds" -le "$3" ]
	say $? "$1: ended after $seconds s, within $3 s"
	[ -z "$4" ] || { grep -q -e "$4" "$dir/err" "$dir/out"; say $? "$1: says \"$4\""; }
	! grep -q 'demo-secret\|Bearer ' "$dir/err" "$dir/out"
	say $? "$1: no secret is told"
}

# Each write is in the server's record once.
writes_once() {	# writes_once NAME
	twice=$(jq -r 'select(.method != "GET" and (.url | endswith("/$batch") | not)) |
		select(.status != 429 and .status != 503) | "\(.method) \(.url) \(.body)"' \
		"$dir/record" | sort | uniq -d)
	[ -z "$twice" ]
	say $? "$1: no write reaches the service twice"
}

# check: a fault while reading. The findings go to $dir/out.
reading() {	# reading NAME STATUS SECONDS WORDS [SERVER OPTION...]
	name=$1 wanted=$2 limit=$3 words=$4
	shift 4
	serve good "$@"
	run --cloud-file "$dir/cloud.json" --ca-file "$top/good/ca.pem" check
	ends "$name" "$wanted" "$limit" "$words"
}

# The same, and what was found must be what is found without the fault.
harmless() {	# harmless NAME SECONDS SERVER OPTION...
	name=$1 limit=$2
	shift 2
	reading "$name" "0 1 2" "$limit" "" "$@"
	cp "$dir/out" "$dir/found"
	end
	rm -rf "$dir/tenant" "$dir/tenant.json"
	reading "$name, without it" "0 1 2" 10 ""
	grep '^ *\(pass\|warn\|fail\|unknown\)' "$dir/found" >"$dir/a"
	grep '^ *\(pass\|warn\|fail\|unknown\)' "$dir/out" >"$dir/b"
	cmp -s "$dir/a" "$dir/b"
	say $? "$name: the same is found as without it"
}

# apply: a fault at a write. The tenant is never left with a write done twice.
writing() {	# writing NAME "STATUS..." SECONDS WORDS SERVER OPTION...
	name=$1 wanted=$2 limit=$3 words=$4
	shift 4
	serve good "$@"
	run --cloud-file "$dir/cloud.json" --ca-file "$top/good/ca.pem" apply group --yes
	ends "$name" "$wanted" "$limit" "$words"
	writes_once "$name"
}

refused_tls() {	# refused_tls NAME CERTIFICATES CA WORDS
	serve "$2"
	run --cloud-file "$dir/cloud.json" --ca-file "$top/$3/ca.pem" check
	ends "$1" 3 5 "$4"
	[ ! -s "$dir/record" ]
	say $? "$1: no request was sent"
}

unreachable() {	# unreachable NAME HOST:PORT SECONDS WORDS
	AZURE_TENANT_ID=nobody.example
	export AZURE_TENANT_ID
	cloud "$2"
	run --cloud-file "$dir/cloud.json" --ca-file "$top/good/ca.pem" check
	ends "$1" 3 "$3" "$4"
}

# The global cloud by its real names, through the proxy.
through_proxy() {	# through_proxy NAME USER "STATUS..." SECONDS WORDS [PROXY OPTION...]
	name=$1 user=$2 wanted=$3 limit=$4 words=$5
	shift 5
	serve good
	begin "$dir/proxy" "$proxy" --to "$port" "$@"
	HTTPS_PROXY=http://$user${user:+@}127.0.0.1:$port
	export HTTPS_PROXY
	# shellcheck disable=SC2086 # a list of words
	run ${other_cloud:-} --ca-file "$top/good/ca.pem" check
	ends "$name" "$wanted" "$limit" "$words"
}

carried() {	# carried NAME: what the proxy and the tenant saw
	grep -q '^200 graph.microsoft.com:443' "$dir/proxy/log" &&
		grep -q '^200 login.microsoftonline.com:443' "$dir/proxy/log"
	say $? "$1: both names went through the proxy"
	grep -q '"url":"https://graph.microsoft.com/v1.0/' "$dir/record"
	say $? "$1: the tenant was asked by its real name"
}

proxy_open() {
	through_proxy "proxy" "" "0 1 2" 15 ""
	carried "proxy"
}
proxy_password() {
	through_proxy "proxy with a password" user:secret "0 1 2" 20 "" \
		--credentials dXNlcjpzZWNyZXQ=
	carried "proxy with a password"
	! grep -q 'user:secret\|dXNlcjpzZWNyZXQ' "$dir/err" "$dir/out"
	say $? "proxy with a password: it is not told"
}
proxy_407() {
	through_proxy "proxy, wrong password" user:wrong 3 5 \
		"the proxy wants a user name and password (407)" --credentials dXNlcjpzZWNyZXQ=
}
proxy_403() {
	other_cloud="--cloud usgov"
	through_proxy "proxy that refuses the name" "" 3 5 "the proxy refuses the way to"
}
proxy_reset() {
	through_proxy "reset" "" 3 30 "connection to login.microsoftonline.com" --reset
}

# One case in a shell of its own, in the background.
n=0
start() {	# start FUNCTION [WORD...]
	n=$((n + 1))
	(
		dir=$top/$n
		mkdir -p "$dir"
		trap end EXIT
		"$@"
	) >"$top/$n.result" 2>&1 &
	jobs="${jobs:-} $!"
	[ $((n % 10)) -ne 0 ] || settle
}

settle() {
	for job in ${jobs:-}; do
		wait "$job"
	done
	jobs=
}

org=path=/v1.0/organization
start proxy_open
start proxy_password
start proxy_407
start proxy_403
start proxy_reset
start unreachable "a name that is not found" nowhere.invalid 30 "the name nowhere.invalid cannot be found"
start unreachable "connection refused" localhost:1 30 "no connection to localhost"
start refused_tls "wrong name" named named "the certificate shown for localhost is not accepted"
start refused_tls "unknown authority" good other "authority that is not trusted here"
start refused_tls "expired certificate" expired expired "is not valid today"
start harmless "503 with Retry-After" 12 --fault "status,$org,status=503,retry=1,times=2"
start harmless "429 storm" 25 --fault "throttle,$org,retry=1,times=4"
start harmless "one 502 in HTML" 15 --fault "html,$org,nth=1"
start harmless "one truncated answer" 15 --fault "truncated,$org,nth=1"
start harmless "connection lost once" 15 --fault "lost-before,$org,nth=1"
start harmless "slow answer" 12 --fault "slow,$org,nth=1,delay=3000"
start reading "403" "1 2 3" 10 "request" --fault "status,$org,status=403,times=99"
start reading "truncated, always" "1 2 3" 40 "organization" --fault "truncated,$org,times=99"
start reading "50 MB of answer" "1 2 3" 20 "longer than this program takes" --spoil huge --spoil-path /v1.0/organization
start reading "a link to another host" "1 2 3" 15 "another host" --spoil link --spoil-link https://localhost.example/v1.0/users --spoil-path /v1.0/users
post=method=POST,path=/v1.0/groups,nth=1
start writing "write: answer lost" "0 1 2 3" 30 "" --fault "lost-after,$post"
start writing "write: truncated answer" "0 1 2 3" 30 "" --fault "truncated,$post"
start writing "write: 429, then well" "0 1" 15 "" --fault "throttle,$post,retry=1"
start writing "write: 503 with Retry-After, then well" "0 1" 15 "" --fault "status,$post,status=503,retry=1"
settle
i=1
while [ $i -le $n ]; do
	cat "$top/$i.result"
	i=$((i + 1))
done
! grep -q '^not ok' "$top"/*.result
