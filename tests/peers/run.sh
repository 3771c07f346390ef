#!/bin/sh
# run.sh BUILD_DIR - holds the simulated tenant against clients that are not
# ours. Installs them under BUILD_DIR/peers; skips politely where there is no
# node, no npm or no registry. Prints "ok ..." or "not ok ..." a line.
set -u
build=${1:?usage: run.sh BUILD_DIR}
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
build=$(CDPATH='' cd -- "$build" && pwd) || exit 1
peers=$build/peers
work=$(mktemp -d) || exit 1
pid=
trap '[ -z "$pid" ] || kill "$pid"; rm -rf "$work"' EXIT

skip() {
	echo "skipped: $1"
	exit 0
}

command -v node >/dev/null 2>&1 || skip 'node is not here'
command -v npm >/dev/null 2>&1 || skip 'npm is not here'
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || skip 'node is older than 20'
if [ ! -d "$peers/node_modules/@azure/msal-node" ]; then
	mkdir -p "$peers"
	timeout 120 npm install --silent --no-audit --no-fund --prefix "$peers" \
		@azure/msal-node >"$work/npm.log" 2>&1 ||
		skip "npm cannot install @azure/msal-node"
fi

sh "$top/tests/server/make_cert.sh" "$work" || exit 1
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/app.key" -out "$work/app.pem" \
	-days 2 -subj /CN=app 2>/dev/null || exit 1
# Its time goes three times as fast: the simulated person takes eight seconds.
mkfifo "$work/stdin"
"$build/tests/server/tenant_server" --cert "$work/cert.pem" --key "$work/key.pem" \
	--speed 3 <"$work/stdin" >"$work/out" 2>"$work/err" &
pid=$!
exec 3>"$work/stdin"
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q '^tenant ' "$work/out" && break
	sleep 0.3
done
port=$(sed -n 's/^port //p' "$work/out")
tenant=$(sed -n 's/^tenant //p' "$work/out")
[ -n "$port" ] || { echo "not ok the simulated tenant starts"; exit 1; }

PEERS_DIR=$peers NODE_EXTRA_CA_CERTS=$work/ca.pem timeout 120 \
	node "$top/tests/peers/msal.mjs" "https://localhost:$port" "$tenant" \
	"$work/app.pem" "$work/app.key"
