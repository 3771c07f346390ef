#!/bin/sh
# m365.sh BUILD_DIR - the CLI for Microsoft 365, which is not ours and knows
# nothing of us, uses the simulated tenant under Microsoft's own names: sign-in,
# groups, people, a new group. Prints "ok ..." or "not ok ..." a line; skips
# politely where it cannot be installed.
set -u
build=${1:?usage: m365.sh BUILD_DIR}
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
build=$(CDPATH='' cd -- "$build" && pwd) || exit 1
. "$top/tests/peers/lib.sh"
for needed in openssl jq; do
	command -v $needed >/dev/null 2>&1 || skip "no $needed"
done
install m365-11.11.0 @pnp/cli-microsoft365@11.11.0
cli=$installed/node_modules/@pnp/cli-microsoft365/dist/index.js
dir=$(mktemp -d) || exit 1
port=
. "$top/tests/server/lib.sh"
trap 'end; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
bad=0

# It signs in to what it knows as Microsoft's hosts; the proxy leads here, and
# nowhere else.
"$top/tests/server/make_cert.sh" "$dir/tls" &&
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/app.key" -out "$dir/app.crt" \
		-days 2 -subj /CN=app 2>/dev/null || exit 1
cat "$dir/app.key" "$dir/app.crt" >"$dir/app.pem"
# Time goes three times as fast: the simulated person takes eight seconds.
begin "$dir/tenant" "$build/tests/server/tenant_server" --scenario large --users 500 \
	--speed 3 --no-throttling --record "$dir/record" --cert "$dir/tls/cert.pem" \
	--key "$dir/tls/key.pem" || { echo 'not ok the simulated tenant serves'; exit 1; }
for _ in 1 2 3 4 5 6 7 8 9 10; do
	tenant=$(sed -n 's/^tenant //p' "$dir/tenant/port")
	[ -z "$tenant" ] || break
	sleep 0.1
done
begin "$dir/proxy" "$build/tests/server/connect_proxy" --to "$port" ||
	{ echo 'not ok the proxy serves'; exit 1; }
HTTPS_PROXY=http://127.0.0.1:$port NODE_EXTRA_CA_CERTS=$dir/tls/ca.pem
CLIMICROSOFT365_NOUPDATE=1
export HTTPS_PROXY NODE_EXTRA_CA_CERTS CLIMICROSOFT365_NOUPDATE
mkdir -p "$XDG_CONFIG_HOME/configstore"
cat >"$XDG_CONFIG_HOME/configstore/cli-m365-config.json" <<END
{"disableTelemetry": true, "output": "json", "prompt": false, "showHelpOnFailure": false,
 "autoOpenLinksInBrowser": false}
END

m365() {
	timeout 60 node "$cli" "$@" >"$dir/out" 2>"$dir/err" </dev/null
}
# gives NAME JQ: the last answer, read by jq, is true.
gives() {
	if jq -e "$2" "$dir/out" >/dev/null 2>&1; then
		echo "ok the CLI for Microsoft 365 $1"
	else
		echo "not ok the CLI for Microsoft 365 $1"
		head -5 "$dir/out" "$dir/err" | sed 's/^/    /'
		bad=1
	fi
}
login() {
	m365 login --appId 77777777-0000-0000-0000-000000000007 --tenant "$tenant" "$@"
}

login --authType secret --secret demo-secret
gives 'signs in with a client secret' '.connectedAs != "" and .connectedAs != null'
m365 entra group list
gives 'lists the groups' 'length > 3 and all(.[]; .id and .displayName)'
before=$(jq length "$dir/out" 2>/dev/null)
m365 entra user list
gives 'lists the people, page by page' 'length > 500 and all(.[]; .userPrincipalName)'
m365 entra group add --displayName 'Made by the CLI' --description 'x' --type security
gives 'adds a group' '.displayName == "Made by the CLI" and .securityEnabled'
for _ in 1 2 3 4 5; do
	m365 entra group list
	[ "$(jq length "$dir/out" 2>/dev/null)" = "${before:-0}" ] || break
	sleep 1
done
gives 'finds it again' 'any(.[]; .displayName == "Made by the CLI")'
m365 logout
login --authType certificate --certificateFile "$dir/app.pem"
gives 'signs in with a certificate' '.connectedAs != "" and .connectedAs != null'
m365 entra group get --displayName 'Made by the CLI'
gives 'reads the group with it' '.id != null'
m365 logout
login --authType deviceCode
grep -v '^[^{]*devicelogin' "$dir/out" >"$dir/json"
mv "$dir/json" "$dir/out"
gives 'signs a person in with a device code' '.connectedAs | test("@")'
m365 entra user get --userName "$(jq -r .connectedAs "$dir/out")"
gives 'reads who signed in' '.userPrincipalName != null'
exit $bad
