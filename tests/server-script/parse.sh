#!/bin/sh
# parse.sh SCRIPT... - a PowerShell grammar that is not ours reads the scripts of
# server-script: what is no PowerShell 5.1, variables that are never set, and each
# command, parameter and property against the lists here. Skips politely where
# there is no node, no npm or no registry. Prints "ok ..." or "not ok ..." a line.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
facts=$here/../../../shared/facts/on-premises.md
bad=0

. "$here/../peers/lib.sh"
install powershell-0.26.4-0.27.1 tree-sitter-powershell@0.26.4 web-tree-sitter@0.27.1
# shellcheck disable=SC2154 # install sets it
export PEERS_DIR=$installed
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

report() {	# report STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok $2"
	else
		echo "not ok $2"
		bad=1
	fi
}

# What reads the scripts must see what is wrong.
n=0
while IFS= read -r wrong; do
	n=$((n + 1))
	printf '%s\n' "$wrong" >"$dir/wrong$n"
done <<'END'
{ (
if ($a) { ]
'x
Get-Date && Get-Date
$a = 1; $b = $a ?? 1
$script:a = 1
$a = 1; Write-Host $b
gci
Get-Item x | % { $_ }
END
node "$here/parse.mjs" "$@" "$dir"/wrong? 2>"$dir/broken"
report $? "the grammar can be loaded"
sed 's/^/#   /' "$dir/broken"

for script; do
	name=$(basename "$script")
	[ -s "$script.said" ] && ! grep '^error' "$script.said" >"$dir/errors"
	report $? "$name: a grammar of PowerShell understands it"
	sed 's/^/#   /' "$dir/errors"
	{
		cat "$here"/allowed*.txt "$here/members.txt"
		sed -n 's/^function \([A-Za-z-]*\).*/\1/p' "$script"
	} | awk '!/^#/ { print $1 }' | sort -u >"$dir/allowed"
	awk '$1 != "error" { print $2 }' "$script.said" | sort -u >"$dir/used"
	comm -23 "$dir/used" "$dir/allowed" >"$dir/foreign"
	[ -s "$dir/used" ] && [ ! -s "$dir/foreign" ]
	report $? "$name: no command, parameter or property but those allowed"
	sed 's/^/#   /' "$dir/foreign"
done

for wrong in "$dir"/wrong?; do
	grep -q '^error' "$wrong.said"
	report $? "the grammar objects to: $(cat "$wrong")"
done

if [ -r "$facts" ]; then
	missing=0
	for one in $(awk '$2 == "facts" { sub(/.*:/, "", $1); print $1 }' "$here/members.txt"); do
		grep -qw -e "$one" "$facts" || { echo "#   $one"; missing=1; }
	done
	[ "$missing" -eq 0 ]
	report $? "the facts name each property and parameter that is said to be theirs"
fi
exit $bad
