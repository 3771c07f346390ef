#!/bin/sh
# run-all.sh BUILD_DIR - records what the program and the simulated tenant say
# to each other in every scenario, and holds it against Microsoft's own
# description of Graph. That description is not part of the project; where it
# or Node is missing, this test is skipped.
set -u
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
contract=${SSPR_WIZARD_CONTRACT:-$here/../../../shared/contract}
prog=$build/sspr-wizard server=$build/tests/server/tenant_server
for needed in "$contract/graph-v1.0.yaml" "$contract/contract-check.mjs" "$prog" "$server"; do
	[ -e "$needed" ] || { echo "skipped: no $(basename "$needed")"; exit 0; }
done
for needed in node npm openssl; do
	command -v $needed >/dev/null 2>&1 || { echo "skipped: no $needed"; exit 0; }
done
tools=$build/contract
mkdir -p "$tools"
if [ ! -d "$tools/node_modules/ajv" ] || [ ! -d "$tools/node_modules/js-yaml" ]; then
	npm install --no-save --no-audit --no-fund --prefix "$tools" ajv@8 js-yaml@5 \
		>"$tools/npm.log" 2>&1 ||
		{ echo "skipped: npm cannot install ajv and js-yaml"; exit 0; }
fi
cp "$contract/contract-check.mjs" "$tools/" || exit 1

dir=$(mktemp -d) || exit 1
pid=
stop() {
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
"$here/../server/make_cert.sh" "$dir/tls" || exit 1

run() {
	"$prog" --cloud-file "$dir/cloud.json" --ca-file "$dir/tls/ca.pem" --auth secret \
		--state-dir "$dir/state" "$@" >/dev/null 2>&1 </dev/null
}

for scenario in contoso cloud-only rolled-out troubled hostile-names large; do
	rm -rf "$dir/in" "$dir/port" "$dir/state"
	mkfifo "$dir/in"
	"$server" --scenario $scenario --users 300 --record "$dir/all.jsonl" --speed 30 \
		--no-throttling --cert "$dir/tls/cert.pem" --key "$dir/tls/key.pem" \
		<"$dir/in" >"$dir/port" 2>/dev/null &
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
	run check
	run apply --yes
	run plan
	run undo --yes
	stop
done

# The description covers v1.0 of Graph: no sign-in, no beta.
grep '"url": *"https://[^"/]*/v1\.0/' "$dir/all.jsonl" >"$dir/graph.jsonl"
exchanges=$(wc -l <"$dir/graph.jsonl")
if [ "$exchanges" -lt 100 ]; then
	echo "not ok 1 - only $exchanges exchanges were recorded"
	exit 1
fi
# The real service adds five members to each controlScore that the description
# does not have (an open type: facts portal-api.md 5.4); they are left out here.
node -e '
const extra = ["count", "total", "scoreInPercentage", "implementationStatus", "lastSynced"];
for (const line of require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean)) {
	const r = JSON.parse(line);
	if (r.url.includes("/security/secureScores"))
		for (const score of r.responseBody?.value ?? [])
			for (const control of score.controlScores ?? [])
				extra.forEach(name => delete control[name]);
	console.log(JSON.stringify(r));
}' <"$dir/graph.jsonl" >"$tools/recorded.jsonl" || exit 1
if node "$tools/contract-check.mjs" "$contract/graph-v1.0.yaml" "$tools/recorded.jsonl" \
	>"$tools/violations.log" 2>&1; then
	echo "ok $exchanges exchanges keep the contract"
else
	echo "not ok 1 - the contract is broken: $(tail -n 1 "$tools/violations.log")"
	head -n 30 "$tools/violations.log" | cut -c1-300 | sed 's/^/#   /'
	exit 1
fi
