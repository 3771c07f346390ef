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
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$top/app.key" -out "$top/app.pem" \
	-days 2 -subj /CN=app 2>/dev/null || exit 1
# OpenSSL that takes what is old, unless the program says no.
cat >"$top/openssl.cnf" <<END
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = old
[old]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
END

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
		--record "$dir/record" --events "$dir/events" --no-throttling --speed 30 --cert "$tls/cert.pem" \
		--key "$tls/key.pem" "$@" || return 1
	for _ in 1 2 3 4 5; do
		grep -q -s "^tenant " "$dir/tenant/port" && break
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
	timeout 75 "$prog" --auth "${auth:-secret}" --state-dir "$dir/state" "$@" >"$dir/out" 2>"$dir/err" \
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
	# Lines are broken anywhere.
	[ -z "$4" ] || {
		cat "$dir/err" "$dir/out" | tr -s '\n ' '  ' | grep -q -e "$4"
		say $? "$1: says \"$4\""
	}
	! grep -q 'demo-secret\|Bearer ' "$dir/err" "$dir/out"
	say $? "$1: no secret is told"
}

# The troubles that were asked for were made: the server noted them.
met() {	# met NAME SERVER OPTION...
	name=$1
	shift
	while [ $# -gt 1 ]; do
		case $1 in
		--fault | --spoil)
			kind=${2%%,*}
			made=$(awk -v kind="$kind" '$7 == kind' "$dir/events" | wc -l)
			[ "$made" -gt 0 ]
			say $? "$name: the server made it ($kind, $made times)" ;;
		esac
		shift
	done
}

# What was said holds an id that the service gave to a request.
names_request() {	# names_request NAME
	jq -r '.responseHeaders["request-id"]' "$dir/record" >"$dir/ids"
	tr -d ' \n' <"$dir/out" | cat - "$dir/err" | grep -q -F -f "$dir/ids"
	say $? "$1: the id of the request is told"
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
	met "$name" "$@"
}

# A fault that stays: what is said names the request.
failing() {	# as reading()
	reading "$@"
	names_request "$1"
}

# The same, and what was found must be what is found without the fault.
harmless() {	# harmless NAME SECONDS SERVER OPTION...
	name=$1 limit=$2
	shift 2
	reading "$name" "0 1 2" "$limit" "" "$@"
	cp "$dir/out" "$dir/found"
	cp "$dir/events" "$dir/met"
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
	met "$name" "$@"
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

# A link to a next page that lies elsewhere: nobody may call there.
foreign_link() {
	begin "$dir/foreign" "$proxy" --to 1
	reading "a link to another host" "1 2 3" 15 "another host" --spoil link \
		--spoil-path /v1.0/users --spoil-link "https://127.0.0.1:$port/v1.0/users"
	[ ! -s "$dir/foreign/log" ]
	say $? "a link to another host: nothing went there"
}

# What a 429 asks for: a second and a bit, the date in three seconds, nothing.
retry_forms() {
	details=/v1.0/reports/authenticationMethods/userRegistrationDetails
	harmless "429 that says when" 20 \
		--fault "throttle,$org,retry=1.25,times=1" \
		--fault "throttle,path=$details,retry=date:3,times=1" \
		--fault "throttle,path=/v1.0/identity,times=1"
	waited "1.25 s" /v1.0/organization 2000
	waited "a date" $details 2000
	waited "nothing" /v1.0/identity 3000
}
waited() {	# waited WHAT PATH MILLISECONDS: between its first two requests
	gap=$(awk -v path="$2" 'index($3, path) == 1 { if ($4 == 429) first = $8
		else if (first) { print $8 - first; exit } }' "$dir/met")
	[ "${gap:-0}" -ge "$3" ]
	say $? "429 that asks for $1: waited $gap ms, at least $3"
}

# After a 503 the request comes by a connection that no other came by.
new_connection() {
	harmless "503 with Retry-After" 12 --fault "status,$org,status=503,retry=1,times=2"
	awk 'index($3, "/v1.0/organization?") == 1 { if (again) { bad = bad || seen[$1]; done++ }
		again = $4 == 503 } { seen[$1] = 1 } END { exit bad || done != 2 }' "$dir/met"
	say $? "503 with Retry-After: tried again by a new connection each time"
}

# Two tokens or more while a large tenant is read; no page comes twice.
tokens() {	# tokens NAME 401S SERVER OPTION...
	name=$1 refused=$2
	shift 2
	reading "$name" "0 1 2" 30 "" --scenario large --users 12000 "$@"
	[ "$(grep -c ' POST .*/token 200 ' "$dir/events")" -gt 1 ]
	say $? "$name: another token was asked for"
	made=$(grep -c ' 401 ' "$dir/events")
	[ $((made > 0)) -eq "$refused" ]
	say $? "$name: refused $made times"
	[ "$(grep -c "userRegistrationDetails.* 200 " "$dir/events")" -ge 12 ]
	say $? "$name: all pages were read"
	twice=$(awk '$2 == "GET" && $4 == 200 { print $3 }' "$dir/events" | sort | uniq -d)
	[ -z "$twice" ]
	say $? "$name: no page was read twice"
}

# The clocks are twelve minutes apart. A token is good all the same; the proof by
# certificate is not, and then the difference is told.
clock() {	# clock NAME SECONDS WORDS
	reading "$1, client secret" "0 1 2" 10 "" --speed 1 --clock-ahead "$2"
	end
	cat "$top/app.key" "$top/app.pem" >"$dir/app.pem"
	chmod 600 "$dir/app.pem"
	AZURE_CLIENT_CERTIFICATE_PATH=$dir/app.pem auth=certificate
	export AZURE_CLIENT_CERTIFICATE_PATH
	rm -rf "$dir/tenant"
	reading "$1, certificate" 3 5 "$3" --speed 1 --clock-ahead "$2"
}

# A server of names that never answers: the resolver of this process hangs.
names_hang() {
	# With the sanitizers the stand-in comes before their own library.
	ASAN_OPTIONS=verify_asan_link_order=0
	export ASAN_OPTIONS
	LD_PRELOAD=$build/tests/server/hanging_names.so
	export LD_PRELOAD
	unreachable "a server of names that never answers" service.example:443 45 \
		"nobody answered in time where the name service.example leads"
}

# Half a minute without a byte is enough; the next try gets its answer. The server
# notes nothing that it could not send.
silent() {
	serve good --fault "slow,$org,nth=1,delay=60000"
	run --cloud-file "$dir/cloud.json" --ca-file "$top/good/ca.pem" check
	ends "an answer that comes after a minute" "0 1 2" 50 ""
	[ "$seconds" -ge 29 ]
	say $? "an answer that comes after a minute: half of that was waited"
}

ipv6() {
	serve good --ipv6
	cloud "[::1]:$port"
	run --cloud-file "$dir/cloud.json" --ca-file "$top/good/ca.pem" check
	ends "IPv6" "0 1 2" 10 ""
	grep -q ' /v1.0/organization' "$dir/events"
	say $? "IPv6: it was asked"
}

# It is the program that refuses: OpenSSL would speak it.
old_tls() {
	OPENSSL_CONF=$top/openssl.cnf
	export OPENSSL_CONF
	serve good --tls "NORMAL:-VERS-ALL:+VERS-TLS1.1"
	echo | openssl s_client -connect "localhost:$port" 2>/dev/null | grep -q 'Protocol *: TLSv1.1'
	say $? "TLS 1.1: another client may speak it"
	run --cloud-file "$dir/cloud.json" --ca-file "$top/good/ca.pem" check
	ends "TLS 1.1" 3 4 "no secure connection to localhost"
}

# The answer to a write is lost before the service has read it. The program says
# what it looks for; Ctrl-C leaves; the next start settles it and writes it once.
settling() {
	name="write: reset before it is read"
	serve good --reset --fault "lost-before,method=POST,path=/v1.0/groups,nth=1"
	# Through env, because a shell lets what it puts aside ignore Ctrl-C.
	env --default-signal=INT "$prog" --auth secret --state-dir "$dir/state" \
		--cloud-file "$dir/cloud.json" --ca-file "$top/good/ca.pem" apply group --yes \
		>"$dir/out" 2>"$dir/err" </dev/null &
	job=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		grep -q 'looking whether the group was created' "$dir/err" && break
		sleep 0.3
	done
	grep -q 'looking whether the group was created, for [3-6][0-9] s at most' "$dir/err"
	say $? "$name: says what it looks for, and how long"
	kill -INT $job
	begun=$(date +%s)
	wait $job
	status=$? seconds=$(($(date +%s) - begun))
	ends "$name, Ctrl-C" "1 2 3" 3 "stopped before reading could show"
	run --cloud-file "$dir/cloud.json" --ca-file "$top/good/ca.pem" history
	grep -q 'no outcome yet' "$dir/err" "$dir/out"
	say $? "$name: the history says that it is open"
	# It was long ago, so that what is not there does not come any more.
	year=$(date -u +%Y)
	sed -i "s/\"$year-/\"$((year - 1))-/g" "$dir"/state/*/journal.jsonl
	run --cloud-file "$dir/cloud.json" --ca-file "$top/good/ca.pem" apply group --yes
	ends "$name, next start" "0 1 2" 30 ""
	[ "$(jq -r 'select(.method == "POST" and (.url | endswith("/groups")) and .status == 201) |
		.status' "$dir/record" | wc -l)" -eq 1 ]
	say $? "$name: the group was created once"
}

# One case in a shell of its own, in the background. Those that mostly wait begin
# first and run beside the others, ten of which run at a time.
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
start settling
start names_hang
start failing "502 in HTML for ever" 3 45 "the service answered 502" --fault "html,$org,times=99"
start failing "500 for ever" 3 45 "could not be read" --fault "status,$org,status=500,times=99"
start silent
waiting=${jobs:-} jobs=
start tokens "a token that ends early" 1 --token-life 360 --latency 1100
start tokens "tokens of four seconds" 0 --speed 1 --token-life 4 --latency 500
start harmless "429 storm" 25 --fault "throttle,$org,retry=1,times=4"
start retry_forms
start reading "truncated, always" "1 2 3" 40 "organization" --fault "truncated,$org,times=99"
start reading "reset, always" 3 40 "connection to localhost broke" --reset --fault "lost-before,$org,times=99"
start failing "no JSON" 3 40 "does not read" --spoil not-json --spoil-path /v1.0/organization
start failing "nested too deep" 3 40 "nested too" --spoil deep --spoil-path /v1.0/organization
start proxy_reset
start unreachable "a name that is not found" nowhere.invalid 30 "the name nowhere.invalid cannot be found"
start unreachable "connection refused" localhost:1 30 "no connection to localhost"
start proxy_open
start proxy_password
start proxy_407
start proxy_403
start refused_tls "wrong name" named named "the certificate shown for localhost is not accepted"
start refused_tls "unknown authority" good other "authority that is not trusted here"
start refused_tls "expired certificate" expired expired "is not valid today"
start old_tls
start ipv6
start clock "clock behind" 720 "clock is 1[12] min behind the service's"
start clock "clock ahead" -720 "clock is 1[12] min ahead of the service's"
start new_connection
start harmless "429 that is over" 10 --fault "throttle,$org,retry=date:-60,times=1"
start failing "429 for longer than we wait" 3 5 "not to come back before" --fault "throttle,$org,retry=600,times=99"
start harmless "one 502 in HTML" 15 --fault "html,$org,nth=1"
start harmless "one truncated answer" 15 --fault "truncated,$org,nth=1"
start harmless "connection lost once" 15 --fault "lost-before,$org,nth=1"
start harmless "reset once, before it is read" 15 --reset --fault "lost-before,$org,nth=1"
start harmless "reset once, after it is read" 15 --reset --fault "lost-after,$org,nth=1"
start harmless "slow answer" 12 --fault "slow,$org,nth=1,delay=3000"
start failing "403" "1 2 3" 10 "request" --fault "status,$org,status=403,times=99"
start reading "50 MB of answer" "1 2 3" 20 "longer than this program takes" --spoil huge --spoil-path /v1.0/organization
start reading "50 MB in a small packed answer" "1 2 3" 10 "longer than this program takes" --spoil bomb --spoil-path /v1.0/organization
start reading "pages in a circle" "1 2 3" 10 "the pages do not end" --spoil link --spoil-path /v1.0/users
start foreign_link
post=method=POST,path=/v1.0/groups,nth=1
start writing "write: answer lost" "0 1 2 3" 30 "looking whether the group was created" --fault "lost-after,$post"
start writing "write: reset after it is done" "0 1" 30 "looking whether the group was created" --reset --fault "lost-after,$post"
start writing "write: truncated answer" "0 1 2 3" 30 "" --fault "truncated,$post"
start writing "write: answer is no JSON" "0 1 2 3" 30 "" --spoil not-json --spoil-path /v1.0/groups --spoil-method POST
start writing "write: 429, then well" "0 1" 15 "" --fault "throttle,$post,retry=1"
start writing "write: 503 with Retry-After, then well" "0 1" 15 "" --fault "status,$post,status=503,retry=1"
jobs="${jobs:-} ${waiting:-}"
settle
i=1
while [ $i -le $n ]; do
	cat "$top/$i.result"
	i=$((i + 1))
done
! grep -q '^not ok' "$top"/*.result
