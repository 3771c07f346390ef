#!/bin/sh
# setup.sh build|check|dc - makes sure that the Debian packages are there.
#
# Installs what is missing without asking when it may (root, or sudo without a
# password); otherwise names the exact line to run and ends with status 1. On
# another system it only looks whether pkg-config finds the libraries.
set -u

build='gcc libc6-dev make pkg-config libncurses-dev libcurl4-openssl-dev libcjson-dev libssl-dev libinih-dev'
check="$build libcmocka-dev libmicrohttpd-dev zlib1g-dev nghttp2-proxy tmux openssl openssh-client openssh-server mandoc cppcheck clang shellcheck gnumeric cmark-gfm chromium nodejs"

# A domain controller to test against. Where a service manager runs, installing
# these would start file services, so there only a person does it.
dc='samba samba-dsdb-modules samba-vfs-modules samba-ad-provision winbind ldap-utils iproute2 jq'

case "${1-}" in
build) wanted=$build ;;
check)
	wanted=$check
	[ -d /run/systemd/system ] || wanted="$wanted $dc"
	;;
dc) wanted="$check $dc" ;;
*) echo "usage: setup.sh build|check|dc" >&2; exit 64 ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
	if pkg-config --exists ncursesw libcurl libcjson openssl inih 2>/dev/null; then
		exit 0
	fi
	echo "setup: this is not a Debian system. Install a C compiler, make, pkg-config" >&2
	echo "and the development files of ncursesw, libcurl, cJSON, OpenSSL and inih." >&2
	exit 1
fi

missing=
for package in $wanted; do
	status=$(dpkg-query -W -f '${db:Status-Status} ' "$package" 2>/dev/null)
	# "not-installed" is one of its words too.
	case " $status" in
	*" installed "*) continue ;;
	esac
	# A program that came another way is as good.
	case "$package" in
	openssh-server) [ -x /usr/sbin/sshd ] && continue ;;
	nodejs) command -v node >/dev/null 2>&1 && continue ;;
	openssh-client) command -v ssh >/dev/null 2>&1 && continue ;;
	chromium | gcc | make | clang | tmux | openssl | cppcheck | mandoc | shellcheck | pkg-config)
		command -v "$package" >/dev/null 2>&1 && continue ;;
	esac
	missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$1" = dc ] && [ -d /run/systemd/system ]; then
	echo "setup: these packages are missing:$missing" >&2
	echo "setup: installing them starts file services on this machine. If that is well:" >&2
	echo "    sudo apt-get install -y --no-install-recommends$missing" >&2
	exit 1
fi

as=
if [ "$(id -u)" -ne 0 ]; then
	if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		as='sudo -n'
	else
		echo "setup: these packages are missing:$missing" >&2
		echo "setup: run this, then try again:" >&2
		echo "    sudo apt-get install -y --no-install-recommends$missing" >&2
		exit 1
	fi
fi

# A test runs sshd as a program of its own. The service that its package brings
# must not start here, now or at the next boot.
policy=/usr/sbin/policy-rc.d
guarded=
case "$missing" in
*openssh-server*)
	if [ ! -e "$policy" ]; then
		guarded=yes
		printf '#!/bin/sh\nexit 101\n' | $as tee "$policy" >/dev/null
		$as chmod 755 "$policy"
	fi ;;
esac

unguard() {
	[ -n "$guarded" ] || return
	guarded=
	$as rm -f "$policy"
	$as systemctl disable -q ssh.service ssh.socket >/dev/null 2>&1
}

echo "setup: installing$missing" >&2
log=$(mktemp) || exit 1
trap 'rm -f "$log"; unguard' EXIT
# shellcheck disable=SC2086 # $as and $missing are lists of words on purpose
if ! { $as apt-get update -q && $as env DEBIAN_FRONTEND=noninteractive \
	apt-get install -y -q --no-install-recommends $missing; } >"$log" 2>&1; then
	tail -n 15 "$log" >&2
	echo "setup: apt-get failed (above). By hand:" >&2
	echo "    apt-get update && apt-get install -y --no-install-recommends$missing" >&2
	exit 1
fi
