#!/bin/sh
# run.sh BUILD_DIR - the assessment as its readers meet it: two of them compared,
# with changes of the tenant between, and the page driven in Chromium. Prints
# "ok ..." or "not ok ..." a line, and "skipped ..." where a program is missing.
# shellcheck disable=SC2086,SC1091 # $demo is a list of words on purpose
set -u
build=${1:?usage: run.sh BUILD_DIR}
prog=$build/sspr-wizard
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
pilot=$here/../fixtures/pilot.csv
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
npm_home=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}
HOME=$dir/home XDG_STATE_HOME=$dir/home/state XDG_CONFIG_HOME=$dir/home/config
LC_ALL=C.UTF-8 TZ=UTC
export HOME XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL TZ
mkdir -p "$HOME"
demo="--demo --demo-state $dir/tenant --state-dir $dir/journal"
bad=0

report() {	# report STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok $2"
	else
		echo "not ok $2"
		bad=1
	fi
}

keep() {	# keep FILE: an assessment to compare with later
	"$prog" report $demo --format json -o "$dir/$1" >/dev/null 2>&1 </dev/null
}

# since FILE NAME: what the comparison with it says must be standard input, in
# each format: a line is "setting, before, now, who", without the times.
since() {
	for format in json markdown html; do
		"$prog" report $demo --format "$format" --compare "$dir/$1" \
			>"$dir/now.$format" 2>"$dir/err" </dev/null
	done
	sed -n '/^## Since/,/^## Who is ready/{ s/\\//g; s/^- //p; }' "$dir/now.markdown" |
		sed 's/ at 20[0-9-]*T[0-9:]*Z/ at TIME/; s/, in [0-9]* days//
			s/up to [0-9]* [a-z]* old/up to AGE old/' >"$dir/said"
	diff - "$dir/said" >"$dir/found"
	report $? "$2: each change and who, and nothing else"
	sed 's/^/    /' "$dir/found"
	lines=$(wc -l <"$dir/said")
	[ "$(sed -n '/<h2 id="since"/,/<h2 id="pictures"/p' "$dir/now.html" |
		grep -c '^<tr><td>')" -eq "$lines" ] &&
		[ "$(sed -n '/"differences": \[/,/^    \]/p' "$dir/now.json" |
			grep -c '"before":')" -eq "$lines" ]
	report $? "$2: the same $lines lines in HTML and JSON"
	# The first is of the earlier assessment, the last of this one.
	sed 's/\\//g' "$dir/now.markdown" >"$dir/plain"
	{	sed -n 's/^## Since //p' "$dir/plain"
		sed -n '/^## Since/,/^## Who is ready/s/.* at \(20[0-9-]*T[0-9:]*Z\).*/\1/p' \
			"$dir/plain" | sort
		sed -n '3s/.*, \(20[0-9-]*T[0-9:]*Z\), .*/\1/p' "$dir/plain"
	} >"$dir/times"
	grep -c . "$dir/times" | grep -qv '^[01]$' && sort -c "$dir/times" 2>/dev/null
	report $? "$2: the times lie between the two"
}

keep first
since first "nothing happened" <<END
END
grep -q "Nothing is different from the earlier report" "$dir/now.html"
report $? "nothing happened: the page says so"

# A program that is not the one that looks, in the hands of somebody else.
by_eve() {
	"$prog" "$@" --demo --demo-state "$dir/tenant" --state-dir "$dir/other" --yes \
		>/dev/null 2>&1 </dev/null
	awk '/"initiatedBy": \{/ { by = 1 } /"targetResources"/ { by = 0 }
		by { sub(/admin@contoso.com/, "eve@contoso.com") } { print }' \
		"$dir/tenant" >"$dir/changed" && cat "$dir/changed" >"$dir/tenant"
}

by_eve apply admin
since first "by somebody else" <<END
changed, **Administrators**: before Administrators may reset their password: off; now Administrators may reset their password: on; who: Update authorization policy by eve@contoso.com at TIME
fixed, **Administrators**: before warn: 1 change to make.; now pass: Everything is as wanted.; who: see the line before
END
by_eve undo
since first "taken back by somebody else" <<END
END

# What left no trace in the log is nobody's.
keep second
sed 's/"allowedToUseSSPR": false/"allowedToUseSSPR": true/' "$dir/tenant" >"$dir/changed"
cat "$dir/changed" >"$dir/tenant"
since second "without a trace" <<END
changed, **Administrators**: before Administrators may reset their password: off; now Administrators may reset their password: on; who: the log does not say
fixed, **Administrators**: before warn: 1 change to make.; now pass: Everything is as wanted.; who: see the line before
END
sed 's/"allowedToUseSSPR": true/"allowedToUseSSPR": false/' "$dir/tenant" >"$dir/changed"
cat "$dir/changed" >"$dir/tenant"

keep second
"$prog" apply $demo --members "$pilot" --yes >/dev/null 2>&1 </dev/null
since second "applied" <<END
fixed, **Security group**: before fail: There is no group SSPR-Enabled-Users yet.; now pass: The group SSPR-Enabled-Users is an assigned security group with 6 people.; who: Add member to group by admin@contoso.com at TIME, and 6 more
new, **Registration**: before not-applicable: Does not apply yet: there is no group SSPR-Enabled-Users.; now warn: 2 of 6 pilot people are registered (33 %, wanted 80 %); the report is up to AGE old.; who: Add member to group by admin@contoso.com at TIME, and 6 more
changed, **Security group**: before Name: no such group; now Name: SSPR-Enabled-Users; who: Add member to group by admin@contoso.com at TIME, and 6 more
changed, **Security group**: before Group type: -; now Group type: Security; who: Add member to group by admin@contoso.com at TIME, and 6 more
changed, **Security group**: before Membership: -; now Membership: Assigned; who: Add member to group by admin@contoso.com at TIME, and 6 more
changed, **Security group**: before Members: nobody; now Members: 6 people; who: Add member to group by admin@contoso.com at TIME, and 6 more
fixed, **Security group**: before warn: 1 change to make, 1 task for you.; now pass: Everything is as wanted.; who: see the line before
changed, **Authentication methods**: before SMS: off; now SMS: on for SSPR-Enabled-Users; who: Authentication Methods Policy Update by admin@contoso.com at TIME, and 1 more
changed, **Authentication methods**: before Email OTP: on for 2 other targets; now Email OTP: on for SSPR-Enabled-Users and 2 more; who: Authentication Methods Policy Update by admin@contoso.com at TIME, and 1 more
changed, **Administrators**: before Administrators may reset their password: off; now Administrators may reset their password: on; who: Update authorization policy by admin@contoso.com at TIME
fixed, **Administrators**: before warn: 1 change to make.; now pass: Everything is as wanted.; who: see the line before
changed, **Combined registration**: before People registered: 9 of 29 in the tenant; now People registered: 2 of 6 in the group; who: the log does not say
new, **Phone as the only method**: before not-applicable: Does not apply yet: there is no group SSPR-Enabled-Users.; now warn: 1 person in the group registered a phone and nothing else. SMS and voice calls from Microsoft, also for password reset, end on 1 Feb 2027.; who: Add member to group by admin@contoso.com at TIME, and 6 more
END
keep third
"$prog" undo $demo --yes >/dev/null 2>&1 </dev/null
since third "undone" <<END
new, **Security group**: before pass: The group SSPR-Enabled-Users is an assigned security group with 6 people.; now fail: There is no group SSPR-Enabled-Users yet.; who: Delete group by admin@contoso.com at TIME, and 6 more
fixed, **Registration**: before warn: 2 of 6 pilot people are registered (33 %, wanted 80 %); the report is up to AGE old.; now not-applicable: Does not apply yet: there is no group SSPR-Enabled-Users.; who: Delete group by admin@contoso.com at TIME, and 6 more
changed, **Security group**: before Name: SSPR-Enabled-Users; now Name: no such group; who: Delete group by admin@contoso.com at TIME, and 6 more
changed, **Security group**: before Group type: Security; now Group type: -; who: Delete group by admin@contoso.com at TIME, and 6 more
changed, **Security group**: before Membership: Assigned; now Membership: -; who: Delete group by admin@contoso.com at TIME, and 6 more
changed, **Security group**: before Members: 6 people; now Members: nobody; who: Delete group by admin@contoso.com at TIME, and 6 more
new, **Security group**: before pass: Everything is as wanted.; now warn: 1 change to make, 1 task for you.; who: see the line before
changed, **Authentication methods**: before SMS: on for SSPR-Enabled-Users; now SMS: off; who: Authentication Methods Policy Update by admin@contoso.com at TIME, and 1 more
changed, **Authentication methods**: before Email OTP: on for SSPR-Enabled-Users and 2 more; now Email OTP: on for 2 other targets; who: Authentication Methods Policy Update by admin@contoso.com at TIME, and 1 more
changed, **Administrators**: before Administrators may reset their password: on; now Administrators may reset their password: off; who: Update authorization policy by admin@contoso.com at TIME
new, **Administrators**: before pass: Everything is as wanted.; now warn: 1 change to make.; who: see the line before
changed, **Combined registration**: before People registered: 2 of 6 in the group; now People registered: 9 of 29 in the tenant; who: the log does not say
fixed, **Phone as the only method**: before warn: 1 person in the group registered a phone and nothing else. SMS and voice calls from Microsoft, also for password reset, end on 1 Feb 2027.; now not-applicable: Does not apply yet: there is no group SSPR-Enabled-Users.; who: Delete group by admin@contoso.com at TIME, and 6 more
END
since second "applied and undone" <<END
END

# What a profile says of the report, and what it lives with.
mkdir -p "$XDG_CONFIG_HOME/sspr-wizard"
printf '\211PNG\r\n\032\nxx' >"$dir/logo.png"
cat >"$XDG_CONFIG_HOME/sspr-wizard/ours.conf" <<END
[report]
title = Reset <check> of Contoso
logo = $dir/logo.png
[accepted]
health.nested = the team of the north; A. Owner; 2099-01-31
END
ours() {	# ours FORMAT PATTERN NAME
	"$prog" report --demo=troubled --profile ours --baseline scuba --format "$1" \
		>"$dir/ours" 2>"$dir/err" </dev/null
	sed 's/\\//g' "$dir/ours" | grep -q -e "$2"
	report $? "$1: $3"
}
accepted='Accepted by A. Owner until 31 Jan 2099: the team of the north'
score='Score: [0-9]* of [0-9]* answered checks pass, 1 is accepted; [0-9]* could not be answered'
ours html '<h1>Reset &lt;check&gt; of Contoso</h1>' "the profile's title"
ours html 'src="data:image/png;base64,iVBORw0KGgp4eA=="' "the profile's logo"
ours html "class=\"word accepted\">accepted</span>" "a deviation is accepted"
for format in html markdown csv; do
	ours "$format" "$accepted" "by whom, until when and why"
done
for format in html markdown; do
	ours "$format" "$score" "the score has its denominator"
	ours "$format" 'No-go: 0 of 18 people are ready (0 %, wanted 80 %)' "who is ready"
done
ours json '"verdict": "accepted"' "a deviation is accepted"
for format in html markdown; do
	"$prog" report --demo=troubled --redact --format "$format" 2>/dev/null </dev/null |
		sed -n '/Who is ready/,/Findings/p' >"$dir/ready"
	! grep -q -i 'osei\|contoso\|obrien' "$dir/ready" && grep -q 'person [0-9]' "$dir/ready"
	report $? "$format: nobody's name among the ready when redacted"
done

# A name too short to be looked for in a text, and one that two people have.
"$prog" check --demo=troubled --demo-state "$dir/named" --state-dir "$dir/other" \
	>/dev/null 2>&1 </dev/null
sed "s/\"displayName\": \"Aiden Walsh\"/\"displayName\": \"Jo\"/
	s/\"displayName\": \"Kenji Mori\"/\"displayName\": \"Sean O'Brien\"/" "$dir/named" >"$dir/changed"
cat "$dir/changed" >"$dir/named"
for format in html markdown; do
	"$prog" report --demo --demo-state "$dir/named" --state-dir "$dir/other" --redact \
		--format "$format" 2>/dev/null </dev/null >"$dir/redacted"
	! grep -q '\bJo\b' "$dir/redacted"
	report $? "$format: a short name goes too when redacted"
	[ "$(sed -nE 's/^(<tr class="person"><td>|\| )(person [0-9]+)(<| ).*/\2/p' "$dir/redacted" |
		sort -u | wc -l)" -eq 20 ]
	report $? "$format: 20 people have 20 numbers, also two of one name"
done

if command -v chromium >/dev/null 2>&1 && command -v node >/dev/null 2>&1; then
	# axe-core, where npm has it, looks for what a screen reader stumbles over.
	# shellcheck disable=SC2154 # install sets it
	axe=$(XDG_CACHE_HOME=$npm_home
		. "$here/../peers/lib.sh"
		install axe-core-4.10.3 axe-core@4.10.3
		echo "$installed/node_modules/axe-core/axe.min.js")
	case $axe in skipped*) echo "$axe" ; axe= ;; esac
	# All hostile people named for the group, by their ids, so that they stand in the list.
	"$prog" check --demo=hostile-names --demo-state "$dir/hostile" --state-dir "$dir/other" \
		>/dev/null 2>&1 </dev/null
	sed -n '/^  "users": \[/,/^  \],*$/s/^      "id": "\(.*\)",$/\1/p' "$dir/hostile" >"$dir/ids"
	"$prog" report --demo=hostile-names --members "$dir/ids" -o "$dir/hostile-people.html" \
		>/dev/null 2>&1 </dev/null
	[ "$(grep -c '^<tr class="person">' "$dir/hostile-people.html")" -gt 20 ]
	report $? "hostile-people.html: they stand in the list"
	for scenario in contoso troubled hostile-names hostile-people; do
		[ -e "$dir/$scenario.html" ] ||
			"$prog" report --demo=$scenario -o "$dir/$scenario.html" >/dev/null 2>&1 </dev/null
		node "$here/page.mjs" "$dir/$scenario.html" $axe || bad=1
	done
	"$prog" apply $demo --members "$pilot" --yes >/dev/null 2>&1 </dev/null
	"$prog" report $demo --compare "$dir/second" -o "$dir/compared.html" >/dev/null 2>&1 </dev/null
	node "$here/page.mjs" "$dir/compared.html" $axe || bad=1
else
	echo "skipped: the page in a browser: chromium or node is not installed"
fi
exit "$bad"
