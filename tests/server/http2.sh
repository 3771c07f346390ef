#!/bin/sh
# http2.sh BUILD_DIR - the program over HTTP/2: nghttpx stands before the simulated
# tenant. One connection must do for all reads, packed answers are used, and a
# write comes by a connection of its own. Prints "ok" or "not ok" lines.
set -u
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
server=$build/tests/server/tenant_server
for needed in "$build/sspr-wizard" "$server"; do
	[ -x "$needed" ] || { echo "skipped: $needed is not built"; exit 0; }
done
for needed in nghttpx openssl; do
	command -v $needed >/dev/null 2>&1 || { echo "skipped: no $needed"; exit 0; }
done
dir=$(mktemp -d) || exit 1
bad=0
. "$here/lib.sh"
port=
front=
trap '[ -z "$front" ] || kill "$front" 2>/dev/null; end; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
"$here/make_cert.sh" "$dir/tls" || { echo "not ok - make certificates"; exit 1; }

say() {	# say STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		sed 's/^/#   /' "$dir/err" "$dir/front.log" 2>/dev/null | head -6
		bad=1
	fi
}

begin "$dir/tenant" "$server" --scenario large --users 3000 --no-throttling --speed 30 \
	--events "$dir/events" --state "$dir/tenant.json" --cert "$dir/tls/cert.pem" \
	--key "$dir/tls/key.pem"
say $? "the simulated tenant serves"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	AZURE_TENANT_ID=$(sed -n 's/^tenant //p' "$dir/tenant/port")
	[ -z "$AZURE_TENANT_ID" ] || break
	sleep 0.1
done
export AZURE_TENANT_ID
behind=$port

# nghttpx takes no port by itself: the first of a few that is free.
try=$((20000 + $$ % 20000))
for _ in 1 2 3 4 5; do
	try=$((try + 1))
	: >"$dir/front.log"
	# shellcheck disable=SC2016 # its variables, not ours
	nghttpx --conf=/dev/null --workers=1 --no-ocsp --frontend="127.0.0.1,$try" \
		--backend="127.0.0.1,$behind;;tls" --insecure \
		--accesslog-file="$dir/access" --errorlog-file="$dir/front.log" \
		--accesslog-format='$remote_port $alpn $tls_protocol $method $path $status' \
		"$dir/tls/key.pem" "$dir/tls/cert.pem" >/dev/null 2>&1 &
	front=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		curl -s -o "$dir/hello" --cacert "$dir/tls/ca.pem" "https://localhost:$try/" && break
		sleep 0.2
	done
	[ -s "$dir/hello" ] && break
	kill "$front" 2>/dev/null
	wait "$front" 2>/dev/null
	front=
done
[ -n "$front" ]
say $? "nghttpx stands before it"
printf '{"login":"https://localhost:%s","graph":"https://localhost:%s"}\n' "$try" "$try" \
	>"$dir/cloud.json"

run() {	# run "STATUS..." NAME WORD...
	wanted=$1 name=$2
	shift 2
	: >"$dir/access"
	: >"$dir/events"
	timeout 60 "$build/sspr-wizard" --auth secret --state-dir "$dir/state" \
		--cloud-file "$dir/cloud.json" --ca-file "$dir/tls/ca.pem" "$@" \
		>"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	case " $wanted " in *" $status "*) good=0 ;; *) good=1 ;; esac
	say $good "$name: exit $status is one of $wanted"
	sleep 0.3
	! grep -v -q '^[0-9]* h2 TLSv1\.[23] ' "$dir/access" && [ -s "$dir/access" ]
	say $? "$name: HTTP/2 over TLS 1.2 or 1.3, every request"
}
connections() {	# connections PATTERN: by how many the matching requests came
	grep -E "$1" "$dir/access" | cut -d ' ' -f 1 | sort -u | wc -l
}

run "0 1 2" "check" check
requests=$(wc -l <"$dir/access")
[ "$(connections ' GET ')" -eq 1 ]
say $? "check: $requests requests, the reads by one connection"
[ "$(connections .)" -le 2 ]
say $? "check: $(connections .) connections in all, the sign-in's with it"
packed=$(awk '$6 == "gzip"' "$dir/events" | wc -l)
[ "$packed" -gt 3 ]
say $? "check: $packed answers came packed"

i=1
while [ $i -le 700 ]; do
	echo "nobody$i@contoso.com"
	i=$((i + 1))
done >"$dir/people"
run "0 1 2" "people of a list" plan --members "$dir/people"
batches=$(grep -c 'POST .*/.batch' "$dir/access")
[ "$batches" -ge 3 ] && [ "$(connections ' GET |batch')" -eq 1 ]
say $? "people of a list: $batches batches of reads, by the connection of the other reads"

run "0 1" "apply" apply group --yes
writes=$(grep -c -E ' (POST|PATCH) /v1.0/' "$dir/access")
[ "$writes" -ge 1 ] &&
	[ "$(connections ' (POST|PATCH) /v1.0/groups')" -eq "$writes" ]
say $? "apply: $writes writes, each by a new connection"
exit $bad
