#!/bin/sh
# run.sh BUILD_DIR - holds the simulated tenant against clients that are not
# ours, and our sign-in against a service that is not. Skips politely where there
# is no node, no npm or no registry. Prints "ok ..." or "not ok ..." a line.
set -u
build=${1:?usage: run.sh BUILD_DIR}
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
build=$(CDPATH='' cd -- "$build" && pwd) || exit 1
work=$(mktemp -d) || exit 1
pid=
trap '[ -z "$pid" ] || kill "$pid"; rm -rf "$work"' EXIT

. "$top/tests/peers/lib.sh"
install sign-in-7.2.3-9.13.3 @azure/msal-node@7.2.3 oidc-provider@9.13.3
peers=$installed

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
bad=$?

# The other way round: our program signs in to a service that is not ours.
PEERS_DIR=$peers node "$top/tests/peers/entra.mjs" "$work/app.pem" >"$work/entra" \
	2>"$work/entra.err" &
entra=$!
trap 'kill "$pid" "$entra"; rm -rf "$work"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q '^port ' "$work/entra" && break
	sleep 0.5
done
port=$(sed -n 's/^port //p' "$work/entra")
AZURE_TENANT_ID=$(sed -n 's/^tenant //p' "$work/entra")
cat >"$work/cloud.json" <<END
{"login": "http://127.0.0.1:$port", "graph": "http://127.0.0.1:$port",
 "portal": "http://127.0.0.1:$port"}
END
cat "$work/app.pem" "$work/app.key" >"$work/both.pem"
chmod 600 "$work/both.pem"
# What opens a browser is ours, too.
mkdir "$work/bin"
cat >"$work/bin/xdg-open" <<END
#!/bin/sh
exec $(command -v node) "$top/tests/peers/browser.mjs" "\$1"
END
chmod 755 "$work/bin/xdg-open"
PATH=$work/bin:$PATH HOME=$work XDG_STATE_HOME=$work/state
export AZURE_TENANT_ID PATH HOME XDG_STATE_HOME

# signs_in NAME TOKEN: a token as TOKEN says must have come to Graph.
signs_in() {
	if grep -q "^token $2" "$work/entra"; then
		echo "ok $1"
	else
		echo "not ok $1"
		sed 's/^/    /' "$work/ours" "$work/entra" "$work/entra.err"
		bad=1
	fi
}

check="$build/sspr-wizard check --cloud-file=$work/cloud.json"
# shellcheck disable=SC2086 # a list of words
AZURE_CLIENT_ID=by-secret AZURE_CLIENT_SECRET='sehr&geheim+' timeout 60 \
	$check >"$work/ours" 2>&1 </dev/null
signs_in 'oidc-provider takes our client secret' 'by-secret '
# shellcheck disable=SC2086
AZURE_CLIENT_ID=by-certificate AZURE_CLIENT_CERTIFICATE_PATH=$work/both.pem timeout 60 \
	$check >"$work/ours" 2>&1 </dev/null
signs_in 'oidc-provider takes our certificate (PS256, x5t#S256)' 'by-certificate '
# A person needs a terminal; script(1) makes one.
command -v script >/dev/null 2>&1 || { echo 'skipped: script is not here'; exit "$bad"; }
AZURE_CLIENT_ID=person timeout 90 script -qec "$check --auth=browser" /dev/null \
	>"$work/ours" 2>&1 </dev/null
signs_in 'oidc-provider takes our browser sign-in (PKCE, form_post)' \
	'person ada https://graph.microsoft.com'

# says NAME WORDS FILE
says() {
	if grep -q "$2" "$3"; then
		echo "ok $1"
	else
		echo "not ok $1"
		sed 's/^/    /' "$work/ours" "$work/entra" "$work/entra.err"
		bad=1
	fi
}

# Tokens of four seconds, from a service that gives each refresh token once.
AZURE_CLIENT_ID=short timeout 90 script -qec "$check --auth=browser" /dev/null \
	>"$work/ours" 2>&1 </dev/null
if [ "$(grep -c '^grant refresh_token' "$work/entra")" -ge 2 ] &&
	! grep -q '^refused refresh_token' "$work/entra"; then
	echo 'ok oidc-provider takes our refresh tokens, a new one each time'
else
	echo 'not ok oidc-provider takes our refresh tokens, a new one each time'
	sed 's/^/    /' "$work/ours" "$work/entra" "$work/entra.err"
	bad=1
fi

# A device code: the program shows it, a person goes to the page with it.
device() {	# device CLIENT ANSWER
	: >"$work/ours"
	AZURE_CLIENT_ID=$1 timeout 60 script -qfec "$check --auth=device" /dev/null \
		>"$work/ours" 2>&1 </dev/null &
	job=$!
	[ "$2" = none ] || for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		code=$(grep -o -E '[A-Z]{4}-[A-Z]{4}' "$work/ours" | head -n 1)
		if [ -n "$code" ]; then
			# Not before it was asked twice in vain.
			sleep 2.5
			node "$top/tests/peers/browser.mjs" "http://127.0.0.1:$port/device" \
				"$code" "$2" >"$work/browser" 2>&1
			break
		fi
		sleep 0.3
	done
	wait $job
}
device device confirm
signs_in 'oidc-provider takes our device code' 'device ada https://graph.microsoft.com'
says 'it was pending before' '^poll device authorization_pending' "$work/entra"
says 'it said slow_down' '^poll device slow_down' "$work/entra"
awk '$1 == "poll" && $2 == "device" { if (slow && $4 - slow < 5900) bad = 1
	slow = $3 == "slow_down" ? $4 : 0; n++ } END { exit bad || n < 3 }' "$work/entra"
if [ $? -eq 0 ]; then
	echo 'ok and was asked five seconds less often then'
else
	echo 'not ok and was asked five seconds less often then'
	bad=1
fi
device device abort
says 'a device code that the person declines' 'declined in the browser' "$work/ours"
device late none
says 'a device code that expires' 'was not entered in time' "$work/ours"
exit "$bad"
