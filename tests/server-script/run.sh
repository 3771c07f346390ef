#!/bin/sh
# Reads the PowerShell of server-script as far as this platform can: brackets
# and quotes, and that each command is one that the facts name. A grammar of npm
# reads it whole (parse.sh); with pwsh its own parser is asked too. usage: tests/server-script/run.sh [BUILD_DIR]
set -u
prog=${1:-build}/sspr-wizard
here=$(cd "$(dirname "$0")" && pwd)
facts=$here/../../../shared/facts/on-premises.md
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
bad=0

report() {	# report STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok $2"
	else
		echo "not ok $2"
		bad=1
	fi
}

# lint SCRIPT LIST...: what the lexer and the lists of commands say.
lint() {
	script=$1
	shift
	awk -f "$here/lex.awk" "$script" >"$dir/tokens"
	grep '^error' "$dir/tokens" >"$dir/errors"
	[ ! -s "$dir/errors" ]
	report $? "$(basename "$script"): brackets and quotes are balanced"
	sed 's/^/#   /' "$dir/errors"
	awk '$1 == "function" { print $2 }' "$dir/tokens" >"$dir/own"
	cat "$@" "$dir/own" | awk '!/^#/ { print $1 }' | sort -u >"$dir/allowed"
	awk '$1 == "command" { print $2 }' "$dir/tokens" | sort -u >"$dir/used"
	comm -23 "$dir/used" "$dir/allowed" >"$dir/foreign"
	[ -s "$dir/used" ] && [ ! -s "$dir/foreign" ]
	report $? "$(basename "$script"): no command but those allowed"
	sed 's/^/#   /' "$dir/foreign"
}

HOME=$dir XDG_STATE_HOME=$dir/state "$prog" server-script --demo >"$dir/server-script.ps1"
report $? "server-script prints"
"$prog" server-script --demo --enable-writeback >"$dir/server-script-enable.ps1"
report $? "server-script --enable-writeback prints"
! grep -q '@[A-Z]*@' "$dir/server-script.ps1" "$dir/server-script-enable.ps1"
report $? "no mark is left in the scripts"

lint "$dir/server-script.ps1" "$here/allowed.txt"
cp "$dir/used" "$dir/gather"
! grep -qE '^(Set|Remove|Restart|Stop|Start|Enable|Disable|Clear|Out|Add|Invoke-(Expression|Command))-' \
	"$dir/gather"
report $? "the script that gathers changes nothing"
! grep -qiE 'ConvertFrom-SecureString|PrivateKey|GetNetworkCredential|\.Password\b' \
	"$dir/server-script.ps1"
report $? "the script that gathers touches no secret"
lint "$dir/server-script-enable.ps1" "$here/allowed.txt" "$here/allowed-enable.txt"
[ "$(grep -c '^Set-' "$dir/used")" -eq 1 ]
report $? "the script that enables changes one thing"

# The lexer itself must see what is wrong.
for wrong in '{ (' 'a"b' "'x" 'if ($a) { ]' '$x = @"' 'a && b' '$a ?? 1'; do
	echo "$wrong" | awk -f "$here/lex.awk" | grep -q '^error'
	report $? "the lexer objects to: $wrong"
done
echo '"a $(Get-Date -Format "x") b" # Get-Comment' | awk -f "$here/lex.awk" >"$dir/tokens"
[ "$(cat "$dir/tokens")" = "command Get-Date 1" ]
report $? "the lexer finds commands inside text and none in comments"

if [ -r "$facts" ]; then
	missing=0
	for name in $(awk '!/^#/ && $2 != "language" { print $1 }' "$here"/allowed*.txt); do
		grep -q -e "$name" "$facts" || { echo "#   $name"; missing=1; }
	done
	[ "$missing" -eq 0 ]
	report $? "the facts name each command"
else
	echo "skipped the facts: they are not here"
fi
if command -v pwsh >/dev/null 2>&1; then
	for script in server-script server-script-enable; do
		pwsh -NoProfile -NonInteractive -Command "\$e = \$null
			[void][Management.Automation.Language.Parser]::ParseFile(
			'$dir/$script.ps1', [ref]\$null, [ref]\$e); exit \$e.Count" >/dev/null 2>&1
		report $? "$script.ps1: PowerShell parses it"
	done
else
	echo "skipped PowerShell's own parser: pwsh is not installed"
fi
sh "$here/parse.sh" "$dir/server-script.ps1" "$dir/server-script-enable.ps1" || bad=1
exit $bad
