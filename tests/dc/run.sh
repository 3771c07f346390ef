#!/bin/sh
# run.sh BUILD_DIR - a real domain controller (Samba): what our judge of security
# descriptors says of an account on a person must be what that account then can do
# there, and the probe of ports must find what listens. The controller lives in a
# network and a mount namespace of its own and in a temporary directory; nothing
# of it is left. Prints "ok" or "not ok" lines.
set -u
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
host=dc1.contoso.local
base=DC=contoso,DC=local
admin_password='Adm1n-Pass.2026' connector_password='C0nnector-Pass.2026' user_password='Us3r-Pass.2026'

skip() {
	echo "skipped: $*"
	exit 0
}

if [ "${2-}" != inside ]; then
	[ "$(id -u)" -eq 0 ] || skip "a domain controller needs root (namespaces, low ports)"
	for needed in samba samba-tool ldapsearch ldapmodify unshare ip openssl jq; do
		command -v $needed >/dev/null 2>&1 || skip "$needed is not installed"
	done
	[ -d /usr/share/samba/setup ] || skip "samba-ad-provision is not installed"
	unshare -n -m true 2>/dev/null || skip "no namespaces here"
	[ -x "$build/tests/dc/descriptor_says" ] || skip "$build/tests/dc/descriptor_says is not built"
	dir=$(mktemp -d) || exit 1
	export dir
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 1' INT TERM
	unshare -n -m sh "$0" "$build" inside
	exit $?
fi

# --- Inside: the controller --------------------------------------------------------

say() {	# say STATUS NAME
	if [ "$1" -eq 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
	fi
}

stop() {
	[ -z "${samba:-}" ] || { kill "$samba" 2>/dev/null; wait "$samba" 2>/dev/null; samba=; }
}

give_up() {
	echo "not ok - $*"
	tail -n 8 "$dir/log" "$dir/samba.log" 2>/dev/null | sed 's/^/#   /'
	exit 1
}

port=
. "$here/../server/lib.sh"
trap 'end; stop' EXIT
trap 'exit 1' INT TERM
mkdir -p "$dir/dc" "$dir/run/ncalrpc" "$dir/run/winbindd"
chmod 755 "$dir" "$dir/run"
chmod 750 "$dir/run/ncalrpc" "$dir/run/winbindd"
ip link set lo up
printf '127.0.0.1 localhost\n127.0.0.1 %s dc1 contoso.local\n' "$host" >"$dir/hosts"
mount --bind "$dir/hosts" /etc/hosts || give_up "mount the hosts file"
# Our own certificate: Samba would make one of 4096 bits.
"$here/../server/make_cert.sh" "$dir/tls" "DNS:$host,DNS:localhost" || give_up "make a certificate"
cat >"$dir/base.conf" <<END
[global]
	server services = s3fs, rpc, ldap, cldap, kdc, dns
	interfaces = lo
	bind interfaces only = yes
	log file = $dir/log.%m
	pid directory = $dir/run
	lock directory = $dir/run
	ncalrpc dir = $dir/run/ncalrpc
	winbindd socket directory = $dir/run/winbindd
	tls keyfile = $dir/tls/key.pem
	tls certfile = $dir/tls/cert.pem
	tls cafile = $dir/tls/ca.pem
END
SMB_CONF_PATH=$dir/base.conf
export SMB_CONF_PATH
samba-tool domain provision --realm=CONTOSO.LOCAL --domain=CONTOSO --server-role=dc \
	--dns-backend=SAMBA_INTERNAL --host-name=dc1 --host-ip=127.0.0.1 \
	--adminpass="$admin_password" --targetdir="$dir/dc" >"$dir/log" 2>&1 || give_up "provision"
SMB_CONF_PATH=$dir/dc/etc/smb.conf
sed -i '/dns forwarder/d' "$SMB_CONF_PATH"	# it names the machine's resolver
samba -s "$SMB_CONF_PATH" -F --no-process-group --debug-stdout -d 1 -M single \
	>"$dir/samba.log" 2>&1 </dev/null &
samba=$!
LDAPTLS_CACERT=$dir/tls/ca.pem
export LDAPTLS_CACERT
tries=0
until ldapsearch -x -LLL -H "ldaps://$host" -s base -b '' dnsHostName >/dev/null 2>&1; do
	tries=$((tries + 1))
	kill -0 "$samba" 2>/dev/null && [ $tries -lt 300 ] || give_up "the controller does not answer"
	sleep 0.1
done
# The system's python: another one in PATH has no bindings of Samba.
/usr/bin/python3 "$here/populate.py" "$host" "$admin_password" "$connector_password" \
	"$user_password" >>"$dir/log" 2>&1 || give_up "make the people and the rights"

# --- What is said against what can be done -------------------------------------------

# 1.2.840.113556.1.4.801: owner, group and access list alone; without it an account
# that is no administrator gets no descriptor at all.
look() {	# look WHO BASE ATTRIBUTE...
	who=$1 at=$2
	shift 2
	ldapsearch -x -LLL -o ldif-wrap=no -H "ldaps://$host" -D "$who@CONTOSO.LOCAL" \
		-w "$connector_password" -E '!1.2.840.113556.1.4.801=::MAMCAQc=' \
		-s base -b "$at" "$@" 2>>"$dir/log"
}

told() {	# told ACCOUNT BASE VIEW: what our judge says goes to $dir/told
	{
		look "$1" "CN=$1,CN=Users,$base" objectSid tokenGroups
		look "$1" "$2" nTSecurityDescriptor
	} | "$build/tests/dc/descriptor_says" "$3" >"$dir/told" 2>>"$dir/log"
}

# try ACCOUNT BASE ATTRIBUTE VALUE-LINE: "yes" when the controller lets it, "no"
# when it refuses by rights (50), else the status.
try() {
	printf 'dn: %s\nchangetype: modify\nreplace: %s\n%s\n' "$2" "$3" "$4" |
		ldapmodify -x -H "ldaps://$host" -D "$1@CONTOSO.LOCAL" -w "$connector_password" \
		>>"$dir/log" 2>&1
	case $? in
	0) echo yes ;;
	50) echo no ;;
	*) echo "status $?" ;;
	esac
}

# A password as the attribute wants it: quoted, two bytes a character.
n=0
password_line() {
	n=$((n + 1))
	printf 'unicodePwd:: %s' "$(printf '"N3w-Pass.%s.2026"' "$n" | iconv -t UTF-16LE | base64 -w 0)"
}

dn_of() {
	case $1 in
	carol) echo "CN=carol,OU=Blocked,$base" ;;
	dave) echo "CN=dave,OU=Denied,$base" ;;
	*) echo "CN=$1,OU=Sync,$base" ;;
	esac
}

says() {	# says RIGHT: of $dir/told
	sed -n "s/^$1 //p" "$dir/told"
}

held=0 refused=0
for person in alice bob carol dave; do
	dn=$(dn_of $person)
	for account in good none wrong half group; do
		told MSOL_$account "$dn" object
		expected="$(says reset) $(says lockoutTime) $(says pwdLastSet)"
		done="$(try MSOL_$account "$dn" unicodePwd "$(password_line)")"
		done="$done $(try MSOL_$account "$dn" lockoutTime 'lockoutTime: 0')"
		done="$done $(try MSOL_$account "$dn" pwdLastSet 'pwdLastSet: 0')"
		[ "$expected" = "$done" ]
		say $? "MSOL_$account on $person: reset, lockoutTime, pwdLastSet: told $expected, done $done"
		for word in $done; do
			[ "$word" = yes ] && held=$((held + 1)) || refused=$((refused + 1))
		done
		case $person in
		alice) [ "$account" != good ] || [ "$done" = "yes yes yes" ] || say 1 "the good one can all" ;;
		bob)
			[ "$(says blocks)" = yes ]
			say $? "MSOL_$account on bob: the protection is told"
			;;
		esac
	done
done
told MSOL_none "OU=Blocked,$base" object
[ "$(says blocks)" = yes ]
say $? "the unit that blocks inheritance is told"
told MSOL_none "OU=Sync,$base" object
[ "$(says blocks)" = no ]
say $? "and one that does not"
# A judge that always says one thing would not come through.
[ $held -ge 10 ] && [ $refused -ge 10 ]
say $? "both occurred: $held times it could, $refused times not"

# The root's list, for the people below it.
for account in good none wrong half group; do
	told MSOL_$account "$base" below
	expected="$(says reset) $(says lockoutTime) $(says pwdLastSet)"
	told MSOL_$account "$(dn_of alice)" object
	[ "$expected" = "$(says reset) $(says lockoutTime) $(says pwdLastSet)" ]
	say $? "MSOL_$account by the root's list: $expected, as on alice"
done
[ "$(look MSOL_none "$base" minPwdAge | sed -n 's/^minPwdAge: //p')" = -864000000000 ]
say $? "the domain's minimum age is one day, as a new domain has it"

# --- The ports --------------------------------------------------------------------------

begin "$dir/tenant" "$build/tests/server/tenant_server" --scenario contoso \
	--state "$dir/tenant.json" --no-throttling --speed 30 \
	--cert "$dir/tls/cert.pem" --key "$dir/tls/key.pem" || give_up "start the tenant"
for _ in 1 2 3 4 5; do
	grep -q '^tenant ' "$dir/tenant/port" && break
	sleep 0.1
done
AZURE_TENANT_ID=$(sed -n 's/^tenant //p' "$dir/tenant/port")
export AZURE_TENANT_ID
printf '{"login":"https://localhost:%s","graph":"https://localhost:%s"}\n' "$port" "$port" \
	>"$dir/cloud.json"

probe() {	# the controller's ports, a line each, to $dir/ports
	timeout 60 "$build/sspr-wizard" --auth secret --state-dir "$dir/state" \
		--ca-file "$dir/tls/ca.pem" --cloud-file "$dir/cloud.json" \
		check --probe --dc "$host" --format json 2>>"$dir/log" </dev/null |
		jq -r '.findings[] | select(.id == "prereq.ports") | .evidence[].value' |
		grep "$host" >"$dir/ports"
}

probe
for number in 53 88 135 389 445 464 636 3268; do
	grep -q "^here: $host:$number answers\$" "$dir/ports"
	say $? "the probe finds port $number open"
done
stop
probe
[ "$(grep -c 'does not answer, refused' "$dir/ports")" -eq 8 ]
say $? "and all eight closed when the controller has stopped"
