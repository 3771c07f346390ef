#!/bin/sh
# portal.sh BUILD_DIR - the admin centre's own API over HTTPS: the program reads and
# writes it with a token of its own, which it borrows from an Azure CLI of ours. The
# API has another host name than Graph, so that what leaves for it can be told.
# Prints "ok" or "not ok" lines.
set -u
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prog=$build/sspr-wizard server=$build/tests/server/tenant_server
for needed in "$prog" "$server"; do
	[ -x "$needed" ] || { echo "skipped: $needed is not built"; exit 0; }
done
command -v openssl >/dev/null 2>&1 || { echo "skipped: no openssl to make certificates"; exit 0; }

dir=$(mktemp -d) || exit 1
trap 'end; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
# shellcheck source=tests/server/lib.sh disable=SC1091,SC2154 # port is from there
. "$here/lib.sh"
"$here/make_cert.sh" "$dir/tls" || { echo "not ok 1 - make certificates"; exit 1; }
n=0 bad=0 state=$dir/tenant.json log=$dir/log.jsonl starts=0
CLIENT=04b07795-8ddb-461a-bbee-02f9e1bf7b46
AUDIENCE=74658136-14ec-4630-ad9b-26e160ff0fc6
API=/api/PasswordReset/PasswordResetPolicies

report() {	# report STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		bad=1
	fi
}

start() {	# start [OPTION...]
	starts=$((starts + 1))
	: >"$log"
	mkdir -p "$dir/run$starts"
	: >"$dir/run$starts/port"
	begin "$dir/run$starts" "$server" --scenario contoso --state "$state" --record "$log" \
		--speed 30 --no-throttling "$@" --cert "$dir/tls/cert.pem" --key "$dir/tls/key.pem"
	AZURE_TENANT_ID=$(sed -n 's/^tenant //p' "$dir/run$starts/port")
	export AZURE_TENANT_ID
	printf '{"login":"https://localhost:%s","graph":"https://localhost:%s",%s}\n' "$port" \
		"$port" "\"portal\":\"https://127.0.0.1:$port\"" >"$dir/cloud.json"
}

# One request without the program; the answer's body is all that is wanted.
raw() {	# raw METHOD PATH TYPE BODY [HEADER]
	{
		printf '%s %s HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n' "$1" "$2" "$port"
		printf 'Content-Type: %s\r\nContent-Length: %s\r\n' "$3" "${#4}"
		[ -z "${5:-}" ] || printf '%s\r\n' "$5"
		printf '\r\n%s' "$4"
		sleep 1
	} | openssl s_client -quiet -connect "localhost:$port" 2>/dev/null
}

# A person's token by a device code, which the simulated person enters at once.
person_token() {	# person_token SCOPE
	code=$(raw POST "/$AZURE_TENANT_ID/oauth2/v2.0/devicecode" application/x-www-form-urlencoded \
		"client_id=$CLIENT&scope=$1" | sed -n 's/.*"device_code":"\([^"]*\)".*/\1/p')
	raw POST "/$AZURE_TENANT_ID/oauth2/v2.0/token" application/x-www-form-urlencoded \
		"grant_type=device_code&client_id=$CLIENT&device_code=$code" |
		sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'
}

# An Azure CLI that is signed in and gives this token.
az_gives() {	# az_gives TOKEN
	mkdir -p "$dir/bin"
	cat >"$dir/bin/az" <<END
#!/bin/sh
echo "\$*" >>"$dir/az.log"
echo '{"accessToken":"$1","expires_on":4102444800,"tenant":"$AZURE_TENANT_ID"}'
END
	chmod +x "$dir/bin/az"
}

run() {	# run WORD...
	PATH=$dir/bin:$PATH "$prog" --cloud-file "$dir/cloud.json" --ca-file "$dir/tls/ca.pem" \
		--auth secret --state-dir "$dir/state" "$@" >"$dir/out" 2>"$dir/err" </dev/null
}

expect() {	# expect "STATUS..." NAME WORD...
	wanted=$1 name=$2
	shift 2
	run "$@"
	got=$?
	case " $wanted " in
	*" $got "*) report 0 "$name" ;;
	*)	report 1 "$name (exit $got, wanted $wanted)"
		sed 's/^/#   /' "$dir/err" | head -5 ;;
	esac
}

says() {	# says FILE TEXT NAME
	tr '\n' ' ' <"$1" | tr -s ' ' | grep -qF -- "$2"
	report $? "$3"
}

flat() {	# flat FILE: the policy in it on one line, without blanks
	tr -d '\n\t ' <"$1" | sed 's/.*"sspr":{//; s/"onPremisesSspr".*//'
}

# Says whether the tenant's policy holds this text; the server must have ended.
holds() {	# holds TEXT NAME
	flat "$state" | grep -qF -- "$1"
	report $? "$2"
}
puts() {
	grep -c '"method":"PUT","url":"https://127.0.0.1:' "$log"
}
edit() {	# edit SED-SCRIPT: changes the tenant while the server is down
	sed "$1" "$state" >"$state.new" && mv "$state.new" "$state"
}

# Without the switch nothing leaves for that host, whatever is done.
start
az_gives none
for words in "check" "plan" "apply --yes" "undo --yes"; do
	# shellcheck disable=SC2086 # words on purpose
	run $words
done
grep -q 'https://localhost:' "$log"
report $? "without --portal-api the program works over HTTPS"
! grep -q '127\.0\.0\.1\|/api/' "$log" && [ ! -e "$dir/az.log" ]
report $? "and no request leaves for the admin centre's host, and nobody signs in there"
end
# A member that nobody knows yet, beside those that are known.
edit 's/"sspr": {/"sspr": {"memberOfTomorrow": {"x": [1, "two"]},/'
cp "$state" "$dir/before.json"

# An application has no token that it takes; the Azure CLI's is borrowed.
start
az_gives "$(person_token "$AUDIENCE/.default%20offline_access%20openid")"
expect "1" "plan with --portal-api" plan --portal-api
says "$dir/out" "not supported by Microsoft" "it is labelled"
says "$dir/out" "enablementType: 0 -> 1" "and the difference is shown"
grep -q -- "--resource $AUDIENCE --tenant $AZURE_TENANT_ID" "$dir/az.log"
report $? "the Azure CLI is asked for that audience and this tenant"
! grep -q "\"url\":\"https://localhost:$port/api/\|\"url\":\"https://127.0.0.1:$port/\(v1.0\|beta\)" "$log"
report $? "each host gets only what is its own"
[ "$(grep '"url":"https://127\.' "$log" | grep -vc '"x-ms-client-request-id":"[0-9a-f]')" -eq 0 ]
report $? "with the header that it demands"
[ "$(puts)" -eq 0 ]
report $? "and a plan writes nothing"
expect "0 1" "apply with --portal-api" apply --portal-api --yes
[ "$(puts)" -ge 5 ]
report $? "writes go to that host"
! grep '"method":"PUT","url":"https://127[^"]*PasswordResetPolicies"' "$log" |
	grep -v OnPremises | grep -qv '"memberOfTomorrow":{"x":\[1,"two"\]}'
report $? "each with the whole policy, unknown members included"
sed -n '/"method":"PUT","url":"https:\/\/127/,$p' "$log" | sed 1d |
	grep -q '"method":"GET","url":"https://127'
report $? "and it is read again"
end
holds '"memberOfTomorrow":{"x":[1,"two"]}' "the unknown member survives"
holds '"enablementType":1' "the scope is set"
holds '"notifyUsersOnPasswordReset":true' "and the notifications"
for member in emailOptionEnabled mobilePhoneOptionEnabled officePhoneOptionEnabled \
	securityQuestionsOptionEnabled mobileAppNotificationEnabled mobileAppCodeEnabled \
	numberOfQuestionsToRegister numberOfQuestionsToReset securityQuestions; do
	was=$(flat "$dir/before.json" | grep -o "\"$member\":[^,]*")
	holds "$was" "$member is untouched"
done

# Another administrator has changed another setting meanwhile: undo leaves it.
edit 's/"registrationReconfirmIntevalInDays": 180/"registrationReconfirmIntevalInDays": 90/'
start
az_gives "$(person_token "$AUDIENCE/.default%20offline_access%20openid")"
expect "0 1" "undo with --portal-api" undo --portal-api --yes
end
holds '"enablementType":0' "undo restores what was set"
holds '"registrationReconfirmIntevalInDays":90' "and nothing else"
holds '"memberOfTomorrow":{"x":[1,"two"]}' "nor drops what nobody knows"
rm -rf "$dir/state"

# Somebody saves the page while the group is being created.
cp "$dir/before.json" "$state"
start --fault slow,method=POST,path=/v1.0/groups,delay=5000
token=$(person_token "$AUDIENCE/.default%20offline_access%20openid")
az_gives "$token"
whole=$(raw GET "$API" text/plain "" "Authorization: Bearer $token
X-Ms-Client-Request-Id: 00000000-0000-4000-8000-000000000001" | grep -o '{"memberOfTomorrow.*}' |
	sed 's/"enablementType":0/"enablementType":2/')
run apply --portal-api --yes group enablement &
job=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	grep -q '"method":"POST","url":"https://localhost:[0-9]*/v1.0/groups"' "$log" && break
	sleep 0.3
done
raw PUT "$API" application/json "$whole" "Authorization: Bearer $token
X-Ms-Client-Request-Id: 00000000-0000-4000-8000-000000000002" >/dev/null
wait $job
status=$?
[ $status -ge 2 ]
report $? "a page that was saved meanwhile stops the write (exit $status)"
[ "$(puts)" -eq 0 ]
report $? "so that nothing is written over it"
tr '\n' ' ' <"$dir/err" | grep -q 'somebody else\|changed'
report $? "and it is said"
end
holds '"enablementType":2' "theirs stands"
rm -rf "$dir/state"

# What was read by half is not written.
sed 's/"securityQuestions": \[\],//' "$dir/before.json" >"$state"
start
az_gives "$(person_token "$AUDIENCE/.default%20offline_access%20openid")"
expect "2 3" "a policy without one of its members is not written" \
	apply --portal-api --yes
says "$dir/err" "the policy came without securityQuestions" "and which is told"
[ "$(puts)" -eq 0 ]
report $? "and nothing was sent"
end
rm -rf "$dir/state"

# Errors of its own kind.
sed '/"roles": \[/,/\]/s/Global Administrator/Reports Reader/' "$dir/before.json" >"$state"
start
az_gives "$(person_token "$AUDIENCE/.default%20offline_access%20openid")"
expect "2 3" "a role that is missing" apply --portal-api --yes
says "$dir/err" "Authentication Policy Administrator" "names the role"
az_gives "$(person_token "https://graph.microsoft.com/.default%20offline_access%20openid")"
expect "1" "a token for Graph is not taken there" plan --portal-api
says "$dir/out" "a person makes this change" "and the changes are a person's again"
printf '#!/bin/sh\necho "ERROR: Please run '\''az login'\'' to setup account." >&2\nexit 1\n' >"$dir/bin/az"
expect "1" "an Azure CLI that nobody is signed in to" plan --portal-api
says "$dir/out" "nobody is signed in to the Azure CLI" "is said in the step"
rm "$dir/bin/az"
expect "0 1 2 3" "without any Azure CLI the rest goes on" check --portal-api
end
cp "$dir/before.json" "$state"
start --fault truncated,path=/api/,times=1000
az_gives "$(person_token "$AUDIENCE/.default%20offline_access%20openid")"
expect "1" "an answer that is cut short" plan --portal-api
says "$dir/out" "a person makes this change" "is no answer"
[ "$(puts)" -eq 0 ]
report $? "and nothing was written"
end
exit $bad
