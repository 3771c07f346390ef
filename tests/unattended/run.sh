#!/bin/sh
# run.sh BUILD_DIR - what runs when nobody looks: the examples of systemd, cron
# and a monitoring plugin, and that nothing ever waits for an answer. Prints
# "ok ..." or "not ok ..." a line, and "skipped ..." where a program is missing.
set -u
build=$(CDPATH='' cd -- "${1:?usage: run.sh BUILD_DIR}" && pwd) || exit 1
prog=$build/sspr-wizard
examples=$(CDPATH='' cd -- "$(dirname -- "$0")/../../man/examples" && pwd) || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
HOME=$dir/home XDG_STATE_HOME=$dir/home/state XDG_CONFIG_HOME=$dir/home/config
LC_ALL=C.UTF-8 TZ=UTC
export HOME XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL TZ
unset AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_CLIENT_CERTIFICATE_PATH \
	AZURE_AUTHORITY_HOST AZURE_TOKEN_CREDENTIALS IDENTITY_ENDPOINT
mkdir -p "$HOME" "$dir/bin" "$dir/work"
bad=0

report() {	# report STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok $2"
	else
		echo "not ok $2"
		bad=1
	fi
}

# The program under its own name, on a demo tenant where a tenant is read.
cat >"$dir/bin/sspr-wizard" <<END
#!/bin/sh
case " \$* " in
*" --from-facts "*) exec "$prog" "\$@" ;;
*) exec "$prog" "\$@" --demo=\${SCENARIO:-contoso} --demo-state "$dir/tenant" --state-dir "$dir/journal" ;;
esac
END
chmod 755 "$dir/bin/sspr-wizard"

# The unit: systemd reads it, and its commands do what it says, two days long.
for unit in service timer; do
	sed "s,/usr/local/bin/,$dir/bin/,; /^Documentation=/d" "$examples/sspr-wizard.$unit" \
		>"$dir/sspr-wizard.$unit"
done
if command -v systemd-analyze >/dev/null 2>&1; then
	systemd-analyze verify "$dir/sspr-wizard.service" "$dir/sspr-wizard.timer" \
		>"$dir/out" 2>&1 && [ ! -s "$dir/out" ]
	report $? "systemd has nothing to say against the units"
	sed 's/^/    /' "$dir/out"
	systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$dir/sspr-wizard.timer")" \
		>"$dir/out" 2>&1
	report $? "and knows when the timer runs"
else
	echo "skipped: the units in systemd: systemd-analyze is not installed"
fi
run_unit() {
	sed -n 's/^ExecStart\(Pre\)*=-//p' "$dir/sspr-wizard.service" >"$dir/lines"
	while IFS= read -r line; do
		(cd "$dir/work" && eval "$line" </dev/null >>"$dir/out" 2>&1)
		[ $? -le 2 ] || echo "$line" >>"$dir/failed"
	done <"$dir/lines"
}
rm -f "$dir/failed"
run_unit
[ -s "$dir/lines" ] && [ ! -e "$dir/failed" ]
report $? "the commands of the unit run on the first day"
grep -q "Nothing is different from the earlier report" "$dir/work/report.html"
report $? "and the page says that nothing is different"
"$dir/bin/sspr-wizard" apply admin --yes >/dev/null 2>&1 </dev/null
run_unit
grep -q "Update authorization policy by admin@contoso.com at 20" "$dir/work/report.html"
report $? "on the second it says what is, and who changed it"
grep -q '"sspr-wizard/report/1"' "$dir/work/report.json" &&
	grep -q '^sspr_wizard_findings{verdict="fail"} [0-9]' "$dir/work/sspr.prom" &&
	[ -s "$dir/work/check.txt" ]
report $? "with JSON, metrics and text beside it"
[ ! -e "$dir/failed" ]
report $? "and every command runs again"

# The line of cron: five fields, a user, a command without a percent sign, which
# cron would end it at.
line=$(grep -v '^#\|^[A-Z]*=' "$examples/sspr-wizard.cron")
[ "$(printf '%s\n' "$line" | wc -l)" -eq 1 ] && printf '%s\n' "$line" |
	grep -qE '^[0-9]{1,2} [0-9]{1,2} (\* ){3}[a-z]+ [^%]+$'
report $? "cron can read its line"
printf '%s\n' "$line" | cut -d ' ' -f 7- |
	sed "s,/etc/sspr-wizard.env,$dir/env," >"$dir/command"
: >"$dir/env"
rm -f "$dir/tenant"
PATH=$dir/bin:$PATH sh "$dir/command" >"$dir/out" 2>&1 </dev/null
grep -q "FAIL" "$dir/out"
report $? "cron mails what needs attention"
printf '#!/bin/sh\necho well\n' >"$dir/bin/sspr-wizard"
PATH=$dir/bin:$PATH sh "$dir/command" >"$dir/out" 2>&1 </dev/null
[ ! -s "$dir/out" ]
report $? "and nothing when all is well"

# The plugin, with each status a program can end with.
SSPR_WIZARD=$dir/bin/plugged
export SSPR_WIZARD
plugin_says() {	# plugin_says STATUS WORD
	cat >"$SSPR_WIZARD" <<END
#!/bin/sh
"$prog" "\$@" --demo=troubled
exit $1
END
	chmod 755 "$SSPR_WIZARD"
	"$examples/check_sspr" >"$dir/out" 2>"$dir/err"
	[ $? -eq "$1" ] && [ ! -s "$dir/err" ] && [ "$(wc -l <"$dir/out")" -eq 1 ] &&
		grep -qE "^SSPR $2 - [^|]+ \| failed=[0-9]+ warned=[0-9]+ unknown=[0-9]+ capable=[0-9]+\$" \
			"$dir/out"
	report $? "the plugin says $2 with status $1 and its numbers"
}
plugin_says 0 OK
plugin_says 1 WARNING
plugin_says 2 CRITICAL
plugin_says 3 UNKNOWN
printf '#!/bin/sh\necho "it is | broken" >&2\nexit 64\n' >"$SSPR_WIZARD"
"$examples/check_sspr" >"$dir/out"
[ $? -eq 3 ] && [ "$(cat "$dir/out")" = "SSPR UNKNOWN - it is   broken" ]
report $? "anything else is UNKNOWN, in a line without numbers"

# Nothing asks: an input that is no terminal and never says anything stays unread.
mkfifo "$dir/silent"
exec 3<>"$dir/silent"
asks() {	# asks NAME WORD...
	name=$1
	shift
	timeout 30 "$prog" "$@" <&3 >"$dir/out" 2>&1
	[ $? -ne 124 ]
	report $? "$name asks nothing"
}
state="--demo-state $dir/silent.json --state-dir $dir/silent.d"
# shellcheck disable=SC2086 # a list of words
for command in check plan "apply --yes" apply "undo --yes" undo history report monitor \
	"diagnose nobody@contoso.com" server-script register "register make"; do
	asks "$command" $command --demo $state
done
asks "check without a sign-in" check
asks "apply without a sign-in" apply --yes
exit "$bad"
