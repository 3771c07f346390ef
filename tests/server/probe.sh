#!/bin/sh
# probe.sh BUILD_DIR - `check --probe` against real TLS on loopback: whose
# certificate it is, what is said of one that only claims to be Microsoft's, and
# the way through a proxy. Prints "ok" or "not ok" lines.
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
dir=$(mktemp -d) || exit 1
trap 'end; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
port=
. "$here/lib.sh"
"$here/make_cert.sh" "$dir/own" &&
	CA_SUBJECT="/C=US/O=Microsoft Corporation/CN=Microsoft TLS G2 RSA CA OCSP 02" \
	"$here/make_cert.sh" "$dir/claims" || { echo "not ok - make certificates"; exit 1; }

say() {	# say STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		sed 's/^/#   /' "$dir/ports" "$dir/err" 2>/dev/null | head -40
	fi
}

serve() {	# serve CERTIFICATES
	begin "$dir/$1.tenant" "$build/tests/server/tenant_server" --scenario contoso \
		--state "$dir/$1.json" --no-throttling --speed 30 \
		--cert "$dir/$1/cert.pem" --key "$dir/$1/key.pem" || return 1
	for _ in 1 2 3 4 5; do
		grep -q '^tenant ' "$dir/$1.tenant/port" && break
		sleep 0.1
	done
	AZURE_TENANT_ID=$(sed -n 's/^tenant //p' "$dir/$1.tenant/port")
	export AZURE_TENANT_ID
}

# The finding on the ports goes to $dir/ports.
probe() {	# probe CERTIFICATES WORD...
	tls=$1
	shift
	timeout 60 "$build/sspr-wizard" --auth secret --state-dir "$dir/state" \
		--ca-file "$dir/$tls/ca.pem" check --format json "$@" \
		>"$dir/out" 2>"$dir/err" </dev/null
	jq '.findings[] | select(.id == "prereq.ports")' "$dir/out" >"$dir/ports"
}

shows() {	# shows TEXT NAME
	jq -r '.summary, (.evidence[] | .value)' "$dir/ports" | grep -F -q -e "$1"
	say $? "$2"
}

serve own
printf '{"login":"https://localhost:%s","graph":"https://localhost:%s"}\n' "$port" "$port" \
	>"$dir/cloud.json"
probe own --cloud-file "$dir/cloud.json"
shows "nobody tested them" "without --probe nothing is probed"
# No global catalog listens on this machine.
probe own --probe --dc 127.0.0.1 --cloud-file "$dir/cloud.json"
shows "here: localhost:$port answers, certificate by CN=sspr-wizard test CA" \
	"the issuer of the certificate is named"
shows "here: 127.0.0.1:3268 does not answer, refused" "the controller's ports are tried"
[ "$(jq -r '.verdict + " " + .confidence' "$dir/ports")" = "warn likely" ]
say $? "what ran here is a hint, not a failure"
[ "$(jq -r '[.evidence[].source] | unique | .[]' "$dir/ports")" = "probe from here" ]
say $? "and each answer says where it ran"
end

serve claims
printf '{"login":"https://localhost:%s","graph":"https://localhost:%s"}\n' "$port" "$port" \
	>"$dir/cloud.json"
probe claims --probe --cloud-file "$dir/cloud.json"
shows "certificate by C=US, O=Microsoft Corporation" \
	"a certificate that only claims to be Microsoft's is not taken for it"
end

rm -rf "$dir"/*.tenant
# The real names, through a proxy that leads two of them here and refuses the others.
serve own
begin "$dir/proxy" "$build/tests/server/connect_proxy" --to "$port"
HTTPS_PROXY=http://127.0.0.1:$port http_proxy=http://127.0.0.1:$port
export HTTPS_PROXY http_proxy
probe own --probe --dc 127.0.0.1
shows "here: login.microsoftonline.com:443 answers, certificate by CN=sspr-wizard test CA, by the proxy" \
	"an answer through the proxy says so"
shows "passwordreset.microsoftonline.com:443 does not answer, the proxy refuses it (403), by the proxy" \
	"so does a refusal of the proxy"
shows "here: 127.0.0.1:3268 does not answer, refused" "a domain controller is asked without the proxy"
grep -q '^403 ssprdedicatedsbprodscu.servicebus.windows.net:443' "$dir/proxy/log"
say $? "the proxy saw the relay asked for"
! grep -q '127.0.0.1:3268' "$dir/proxy/log"
say $? "and no domain controller"
