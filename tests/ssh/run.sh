#!/bin/sh
# run.sh BUILD_DIR - asks a server by ssh: a real OpenSSH server on loopback, a
# process of our own with keys and configuration in a temporary folder, and in its
# sessions a stand-in for powershell.exe. Prints "ok" or "not ok" lines.
set -u
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prog=$build/sspr-wizard tenant=$build/tests/server/tenant_server
for needed in "$prog" "$tenant"; do
	[ -x "$needed" ] || { echo "skipped: $needed is not built"; exit 0; }
done
sshd=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd)
ssh=$(command -v ssh) || ssh=
for needed in "$sshd" "$ssh" "$(command -v ssh-keygen)" "$(command -v openssl)"; do
	[ -n "$needed" ] || { echo "skipped: no OpenSSH server, client or openssl"; exit 0; }
done
dir=$(mktemp -d) || exit 1
port=
. "$here/../server/lib.sh"
daemon=
finish() {
	[ -z "$daemon" ] || { kill "$daemon"; wait "$daemon"; } 2>/dev/null
	end
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' INT TERM
n=0 bad=0

report() {	# report STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/#   /' "$dir/err" 2>/dev/null | head -5
		bad=1
	fi
}

# --- The tenant, and the server of ssh ------------------------------------------------

"$here/../server/make_cert.sh" "$dir/tls" &&
	begin "$dir/tenant" "$tenant" --scenario contoso --no-throttling --speed 30 \
		--state "$dir/tenant.json" --cert "$dir/tls/cert.pem" --key "$dir/tls/key.pem" ||
	{ echo "not ok - the tenant starts"; exit 1; }
for _ in 1 2 3 4 5 6 7 8 9; do
	grep -q '^tenant ' "$dir/tenant/port" && break
	sleep 0.1
done
AZURE_TENANT_ID=$(sed -n 's/^tenant //p' "$dir/tenant/port")
export AZURE_TENANT_ID
printf '{"login":"https://localhost:%s","graph":"https://localhost:%s"}\n' "$port" "$port" \
	>"$dir/cloud.json"

mkdir -p "$dir/bin" "$dir/in"
cp "$here/powershell.exe" "$dir/bin/"
cp "$here/facts.json" "$dir/in/"
for key in host other mine stranger; do
	ssh-keygen -q -t ed25519 -N '' -C $key -f "$dir/$key" || exit 1
done
# As root it wants its folder for a child without rights.
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
sshd_port=
for try in 1 2 3 4 5; do
	at=$((20000 + ($$ * 7 + try * 1013) % 20000))
	cat >"$dir/sshd_config" <<-END
		Port $at
		ListenAddress 127.0.0.1
		HostKey $dir/host
		PidFile none
		AuthorizedKeysFile $dir/mine.pub
		StrictModes no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		PermitRootLogin yes
		SetEnv PATH=$dir/bin:/usr/bin:/bin STAND_IN=$dir/in
	END
	"$sshd" -D -e -f "$dir/sshd_config" 2>"$dir/sshd.log" &
	daemon=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		grep -q 'listening' "$dir/sshd.log" && sshd_port=$at
		[ -n "$sshd_port" ] && break
		kill -0 "$daemon" 2>/dev/null || break
		sleep 0.1
	done
	[ -n "$sshd_port" ] && break
	wait "$daemon"
done
[ -n "$sshd_port" ] || { sed 's/^/#   /' "$dir/sshd.log"; echo "not ok - sshd starts"; exit 1; }

# The person's own configuration of ssh, which OpenSSH looks for in the home of the
# password file: named instead.
cat >"$dir/bin/ssh" <<END
#!/bin/sh
exec "$ssh" -F "$dir/ssh_config" "\$@"
END
chmod +x "$dir/bin/ssh"
PATH=$dir/bin:$PATH
export PATH

config() {	# config KEY KNOWN_HOSTS
	cat >"$dir/ssh_config" <<-END
		Host *
			IdentityFile $dir/$1
			IdentitiesOnly yes
			UserKnownHostsFile $dir/$2
			GlobalKnownHostsFile /dev/null
			RemoteCommand echo the wrong command
			RequestTTY force
		Host connect01
			HostName 127.0.0.1
			Port $sshd_port
	END
}
printf '[127.0.0.1]:%s %s\n' "$sshd_port" "$(cut -d' ' -f1,2 "$dir/host.pub")" >"$dir/known"
printf '[127.0.0.1]:%s %s\n' "$sshd_port" "$(cut -d' ' -f1,2 "$dir/other.pub")" >"$dir/changed"
: >"$dir/unknown"
config mine known

# run WORD...: status and seconds say how it went.
run() {
	begun=$(date +%s)
	timeout 40 "$prog" --cloud-file "$dir/cloud.json" --ca-file "$dir/tls/ca.pem" --auth secret \
		--state-dir "$dir/state" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	seconds=$(($(date +%s) - begun))
}

# ends NAME STATUS SECONDS WORDS: the last run ended so, within the time, saying it.
ends() {
	told=1
	grep -qF -e "$4" "$dir/out" "$dir/err" && told=0
	[ "$status" = "$2" ] && [ "$seconds" -le "$3" ] && [ "$told" -eq 0 ]
	well=$?
	report $well "$1"
	[ $well -eq 0 ] || echo "#   status $status, ${seconds} s"
}

mode() {
	echo "$1" >"$dir/in/mode"
}

me=$(id -un)
place=$me@127.0.0.1:$sshd_port

# --- What goes well -------------------------------------------------------------------

mode well
run import --ssh "$place"
ends "a server is asked by ssh, and its document judged" 0 10 "Where it ran: server CONNECT01"
tr -d '\r' <"$dir/in/script" | tail -1 | grep -qx '# End of the script.'
report $? "the script arrived whole over standard input"
tail -1 "$dir/in/words" | base64 -d 2>/dev/null | tr -d '\0' | grep -qF '@($input)-join'
report $? "its command is base64 of UTF-16"
grep -qx -e -NonInteractive "$dir/in/words" && grep -qx -e -NoProfile "$dir/in/words"
report $? "without profile and questions"
run check
grep -q 'On server CONNECT01 writeback is on' "$dir/out"
report $? "what it said counts in a later check"
run import --ssh connect01
ends "an alias of ssh's configuration will do" 0 10 "Where it ran: server CONNECT01"
mkdir -p "$XDG_CONFIG_HOME/sspr-wizard"
printf '[server]\nssh = connect01\nseconds = 5\n' >"$XDG_CONFIG_HOME/sspr-wizard/quick.conf"
run import --profile quick
ends "a profile names the server" 0 10 "Where it ran: server CONNECT01"
mode noise
run import --ssh "$place"
ends "3 MB of noise on standard error do no harm" 0 10 "Where it ran: server CONNECT01"

# --- What fails ------------------------------------------------------------------------

mode well
config mine unknown
run import --ssh "$place"
ends "an unknown host key is refused" 3 10 "its host key is not known here"
[ ! -s "$dir/unknown" ]
report $? "and not learnt"
config mine changed
run import --ssh "$place"
ends "a changed host key is refused" 3 10 "its host key is another one than before"
config stranger known
run import --ssh "$place"
ends "a refused sign-in is told" 3 10 "it refused the sign-in"
config mine known
run import --ssh "$me@127.0.0.1:1"
ends "a closed port is told" 3 10 "nothing listens there for ssh"
run import --ssh "no-such-host.invalid"
ends "an unknown name is told" 3 20 "that name is not known"
for place_not in -oProxyCommand=x "a b" "x;y" 'a$(id)' "u@-h" "h:0" "h:99999" "[::1" "@h" ""; do
	run import --ssh="$place_not"
	[ "$status" -eq 64 ]
	report $? "no place for ssh: \"$place_not\""
done
mode clixml
run import --ssh "$place"
ends "PowerShell's error is told in its own words" 3 10 "(Access to <ADSync> is denied.)"
mode missing
run import --ssh "$place"
ends "a server without PowerShell is told" 3 10 "there is no PowerShell on it"
mode deaf
run import --ssh "$place"
ends "a script that is not read is told" 3 10 "(The script is not read.)"
mode none
run import --ssh "$place"
ends "an answer without a document is told" 3 10 "answered, but without a document"
mode half
run import --ssh "$place"
ends "half a document is refused" 3 10 "it breaks off before its end"
mode tampered
run import --ssh "$place"
ends "a tampered document is refused" 3 10 "its hash does not fit"
mode flood
run import --ssh "$place"
ends "100 MB are not swallowed" 3 10 "sent more than 4 MiB"
mode hang
run import --profile quick
ends "a server that hangs has its time limit" 3 8 "gave no whole answer within 5 s"
rm -f "$dir/in/hanging"
"$prog" --cloud-file "$dir/cloud.json" --ca-file "$dir/tls/ca.pem" --auth secret \
	--state-dir "$dir/state" import --ssh "$place" >"$dir/out" 2>"$dir/err" </dev/null &
asking=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -s "$dir/in/hanging" ] && break
	sleep 0.1
done
kill -INT "$asking"
begun=$(date +%s)
wait "$asking"
status=$? seconds=$(($(date +%s) - begun))
ends "an interrupt cancels it" 3 3 "stopped; nothing of it was taken in"
sleep 0.3
! pgrep -f "ssh -F $dir/ssh_config" >/dev/null 2>&1
report $? "and leaves no ssh behind"
! LC_ALL=C grep -q "$(printf '\033')" "$dir/err"
report $? "nothing of the server's text steers the terminal"
mode well
run import --ssh "$place" --format json
grep -q '"name": "CONNECT01"' "$dir/out" && grep -q '"id": "server.writeback"' "$dir/out"
report $? "and after all that it still goes well, in JSON too"

echo "$n tests, $bad failed"
exit $bad
